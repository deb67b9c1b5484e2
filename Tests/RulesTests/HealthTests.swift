import Screening
import Statistics
import Testing

@testable import Rules

@Suite struct HealthTests {
    private func post(
        _ minutes: Double, answered: Bool = true, by person: Int64, hour: Int = 9, band: AgeBand? = .eighteen, other: Bool = false
    ) -> HealthRows.Post {
        .init(hour: hour, minutes: minutes, answered: answered, person: person, band: band, otherLanguage: other)
    }

    private func value(_ told: Told) -> Double? {
        switch told {
        case .value(let value, _): value
        case .nothing, .few, .notReached: nil
        }
    }

    @Test func nothingIsToldOfNothingAndOfFew() throws {
        let empty = try Health(HealthRows())
        #expect(empty.figures.map(\.measure) == HealthMeasure.allCases)
        #expect(empty.figures.allSatisfy { $0.told == .nothing })
        var rows = HealthRows()
        rows.posts = (1...7).map { post(10, by: $0) }
        #expect(try Health(rows)[.firstReplyHalf] == .few)
        // Eight posts of seven people are still seven people.
        rows.posts.append(post(10, by: 7))
        #expect(try Health(rows)[.firstReplyHalf] == .few)
        rows.posts.append(post(10, by: 8))
        #expect(try value(Health(rows)[.firstReplyHalf]) == 10)
    }

    @Test func whoStillWaitsIsCounted() throws {
        var rows = HealthRows()
        rows.posts =
            (1...4).map { post(10, by: $0) } + (5...6).map { post(30, by: $0) } + (7...8).map { post(60, by: $0) }
            + (9...10).map { post(20_000, answered: false, by: $0) }
        let health = try Health(rows)
        #expect(value(health[.firstReplyHalf]) == 30)
        #expect(health[.firstReplyNinety] == .notReached)
        #expect(value(health[.unansweredDay]).map { abs($0 - 0.2) < 1e-12 } == true)
        #expect(value(health[.unansweredWeek]).map { abs($0 - 0.2) < 1e-12 } == true)
    }

    @Test func sharesOfPeopleHideSmallSides() {
        #expect(Told.share(0, of: 0) == .nothing)
        #expect(Told.share(0, of: 7) == .few)
        #expect(value(Told.share(0, of: 8)) == 0)
        #expect(Told.share(7, of: 100) == .few)
        #expect(Told.share(93, of: 100) == .few)
        #expect(value(Told.share(92, of: 100)) == 0.92)
    }

    @Test func oneHiddenGroupTakesAnotherWithIt() throws {
        #expect(tellable([3, 20, 9]) == [false, true, false])
        #expect(tellable([3, 2, 9]) == [false, false, true])
        #expect(tellable([0, 20]) == [true, true])
        #expect(tellable([3]) == [false])
        var rows = HealthRows()
        rows.posts = (1...9).map { post(10, by: $0) } + (11...13).map { post(10, by: $0, band: .sixteen, other: true) }
        let health = try Health(rows)
        #expect(health.repliesByBand.map(\.half) == [.few, .few])
        #expect(health.repliesByBand.allSatisfy { PublicCount($0.count) == .few })
        #expect(health.repliesByLanguage.map(\.group) == ["house", "other"] && health.repliesByLanguage.allSatisfy { $0.half == .few })
        #expect(value(health[.firstReplyHalf]) == 10)
    }

    @Test func hoursAndLevelsStandInOrder() throws {
        var rows = HealthRows()
        rows.posts = (1...8).map { post(5, by: $0, hour: 23) } + [post(5, by: 1, hour: 2)]
        rows.looks =
            (1...9).map { .init(level: .urgent, hour: 3, minutes: Double($0), looked: true) } + [
                .init(level: .low, hour: 4, minutes: 90, looked: false)
            ]
        let health = try Health(rows)
        #expect(health.repliesByHour.map(\.group) == ["2", "23"] && health.repliesByHour.map { value($0.half) } == [nil, 5])
        #expect(health.looksByLevel.map(\.group) == ["urgent", "low"] && health.looksByLevel.map { value($0.half) } == [5, nil])
        #expect(value(health[.lookHalf]) == 5)
    }

    @Test func theBusiestAreToldWhereTheyAreEight() throws {
        var rows = HealthRows()
        (rows.members, rows.everWrote, rows.written) = (800, 92, [Int](repeating: 10, count: 8) + [Int](repeating: 1, count: 80))
        let health = try Health(rows)
        #expect(value(health[.topOne]) == 0.5 && value(health[.nextNine]) == 72.0 / 160)
        #expect(value(health[.rest]).map { abs($0 - 8.0 / 160) < 1e-12 } == true)
        #expect(value(health[.neverWrote]) == 708.0 / 800)
        rows.members = 799
        let fewer = try Health(rows)
        #expect(fewer[.topOne] == .few && fewer[.rest] == .few && value(fewer[.topTen]) != nil)
        (rows.members, rows.everWrote, rows.written) = (79, 20, [4, 4])
        #expect(try Health(rows)[.topTen] == .few)
    }

    @Test func stayingIsCountedToTheLastDay() throws {
        var rows = HealthRows()
        // Of ten, four never came back, three left on day 7, one on day 20; two are still here after 30.
        rows.stays =
            [Int](repeating: 0, count: 4).map { .init(days: $0, left: true) } + [7, 7, 7, 20].map { .init(days: $0, left: true) } + [
                .init(days: 30, left: false), .init(days: 30, left: false),
            ]
        let health = try Health(rows)
        let days: [HealthMeasure] = [.day1, .day7, .day15, .day30]
        #expect(zip(days, [0.6, 0.6, 0.3, 0.2]).allSatisfy { day, share in value(health[day]).map { abs($0 - share) < 1e-12 } == true })
    }

    @Test func loadsAppealsAndCrises() throws {
        var rows = HealthRows()
        rows.taken = [0, 0, 0, 0, 4, 4, 4, 4]
        (rows.appeals, rows.turned) = (20, 9)
        (rows.items, rows.crises) = (4_000, 8)
        let health = try Health(rows)
        #expect(value(health[.load]) == 0.5 && value(health[.turned]) == 0.45 && value(health[.crises]) == 2)
        rows.crises = 3
        rows.taken = [1, 2]
        #expect(try Health(rows)[.crises] == .few && Health(rows)[.load] == .few)
    }

    @Test func whetherDecisionsFallHarderOnSome() throws {
        func row(_ gender: Gender?, _ band: AgeBand?, _ people: Int, _ back: Int) -> FairnessRow {
            FairnessRow(gender: gender, band: band, people: people, turnedBack: back, items: people * 2, itemsTurnedBack: back)
        }
        let told = try Fairness([
            row(.girlOrWoman, .sixteen, 20, 10), row(.boyOrMan, .sixteen, 20, 0), row(.girlOrWoman, .eighteen, 20, 10), row(nil, nil, 9, 0),
        ])
        #expect(
            told.byGender.map(\.ids) == [["girl-woman"], ["boy-man"], ["unsaid"]]
                && told.byBand.map(\.ids) == [["16-17"], ["18-25"], ["unsaid"]])
        #expect(told.byGender.map { value($0.share) } == [0.5, 0, 0] && told.byBand.map { value($0.share) } == [0.25, 0.5, 0])
        #expect(told.byGender.map(\.perHundred) == [25, 0, 0] && told.byGender[0].people == .about(40))
        // Three people of one group are told together with the next smallest.
        let few = try Fairness([row(.girlOrWoman, nil, 40, 20), row(.boyOrMan, nil, 37, 9), row(.nonBinary, nil, 3, 1)])
        #expect(
            few.byGender.map(\.ids) == [["girl-woman"], ["non-binary", "boy-man"]] && few.byGender.map { value($0.share) } == [0.5, 0.25])
        // Three of forty turned back: hidden, and with it whatever would tell it.
        let three = try Fairness([row(.girlOrWoman, nil, 40, 20), row(.boyOrMan, nil, 40, 3)])
        #expect(
            three.byGender.map { value($0.share) } == [nil, nil] && three.byGender.allSatisfy { $0.people == .few && $0.perHundred == nil })
        #expect(try Fairness([row(.anotherWay, nil, 3, 1)]).byGender.map(\.people) == [.few])
        #expect(try Fairness([]).byGender.isEmpty)
    }
}
