import Foundation
import Statistics
import Testing

@testable import Rules

/// Cost per QALY with a form and a value set that are invented for these tests: no published numbers are in them.
@Suite struct EconomicsTests {
    static let invented = """
        {"id": "madeup", "name": "Made-up states", "version": "1", "items": [{"code": "madeup-1"}, {"code": "madeup-2"}], "lowest": 1, "highest": 3,
         "total": {"kind": "sum", "lowest": 2, "highest": 6}, "higherIs": "worse", "cutoffs": [], "bands": [], "risks": [], "errors": [],
         "ages": {"from": 11}, "licence": {"terms": "Invented", "wording": "pack", "source": "Invented"}, "source": "Invented for a test",
         "utility": {"name": "Invented values", "country": "Nowhere", "source": "Invented for a test", "ages": {"from": 18},
           "licence": {"holder": "Nobody", "terms": "Invented", "date": "2026-01-01", "evidence": "None"},
           "losses": [[0, 0.1, 0.3], [0, 0.2, 0.4]], "once": [{"above": 2, "loss": 0.1}]}}
        """

    static func measure(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> Instrument {
        var fields = try #require(try JSONSerialization.jsonObject(with: Data(invented.utf8)) as? [String: Any])
        change(&fields)
        return try JSONDecoder().decode(Instrument.self, from: JSONSerialization.data(withJSONObject: fields))
    }

    private let start = Instant(milliseconds: 1_000_000_000_000)
    private let worth = Willingness(
        currency: "GBP", spans: [.init(from: 20_000, to: 30_000, source: "a"), .init(from: 25_000, to: 35_000, source: "b")], most: 50_000,
        step: 10_000)

    private func plan(_ design: StudyProtocol.Design = .twoArms, bands: [AgeBand] = [.eighteen]) -> StudyProtocol {
        StudyProtocol(
            id: "worth", title: "Made up", design: design,
            arms: [.init(id: "pages", gives: .resources), .init(id: "room", rooms: ["r"])], bands: bands, blocks: [2], primary: "chime",
            days: [0, 100], also: [.init("madeup", days: [0, 50, 100])], wanted: 20, runner: .outside,
            harm: .init(usual: 0.01, raised: 0.03, h: 4))
    }

    private func person(_ number: Int, band: AgeBand = .eighteen, gain: Bool = true, whole: Bool = true, middle: Bool = true) -> StudyPerson
    {
        let inRoom = number % 2 == 1
        // Worse ones began in both arms alike; the room lifts the second item for all, or for none.
        let first = number % 4 < 2 ? 2 : 1
        var answers: [StudyPoint: [Int?]] = [StudyPoint("madeup", 0): [first, 3]]
        if middle { answers[StudyPoint("madeup", 50)] = [first, inRoom && gain ? 2 : 3] }
        answers[StudyPoint("madeup", 100)] = whole ? [first, inRoom && gain ? 1 + number % 3 / 2 : 3] : [first, nil]
        return StudyPerson(
            side: .seeker, band: band, arm: inRoom ? "room" : "pages", askedBefore: .no, consentedAt: start, startedAt: start,
            letInAt: inRoom ? start : nil, leftAt: nil, leftHow: nil, shares: true, answers: answers, harms: [], presence: nil)
    }

    private func economics(
        _ plan: StudyProtocol, _ people: [StudyPerson], hourly: Int = 30, minutes: Double = 2_400, after: Int = 100
    ) throws -> StudyEconomics {
        let rooms = RoomMinutes(
            minutes: [("moderator", "moderator", minutes), ("coach", "coach", 60)], acts: [("r", "moderator", 3), (nil, "moderator", 1)],
            of: ["r"])
        return try StudyEconomics(
            plan, people, try Self.measure(), days: [0, 50, 100], minutes: rooms, hourly: hourly, willingness: worth,
            end: start + .days(after),
            seed: 5)
    }

    private func fault(_ make: () throws -> StudyEconomics) -> String {
        do {
            _ = try make()
            return ""
        } catch { return "\(error)" }
    }

    @Test func aStateIsWorthWhatItDoesNotLose() throws {
        let form = try Self.measure()
        #expect(form.utility([1, 1]) == 1)
        #expect(try abs(#require(form.utility([2, 2])) - 0.7) < 1e-12)
        // Lost once, however many answers are the worst.
        #expect(try abs(#require(form.utility([3, 1])) - 0.6) < 1e-12 && abs(#require(form.utility([3, 3])) - 0.2) < 1e-12)
        #expect(form.utility([1, nil]) == nil && form.utility([1]) == nil && form.utility([4, 1]) == nil)
    }

    @Test func aBadTableIsRefusedWithItsPlace() throws {
        func faults(_ change: (inout [String: Any]) -> Void) throws -> [String] {
            try Self.measure { fields in
                var set = fields["utility"] as? [String: Any] ?? [:]
                change(&set)
                fields["utility"] = set
            }.faults
        }
        #expect(try faults { _ in } == [])
        #expect(try faults { $0["losses"] = [[0, 0.1, 0.3]] } == ["utility, losses: 1 rows for 2 items"])
        #expect(try faults { $0["losses"] = [[0, 0.1, 0.3], [0, 0.2]] } == ["utility, item madeup-2: 2 losses for 3 answers"])
        #expect(
            try faults { $0["losses"] = [[0, 0.1, 0.3], [0, -0.5, 0.4]] } == [
                "utility, item madeup-2, answer 2: a loss of -0.5 is not between 0 and 2"
            ])
        #expect(try faults { $0["losses"] = [[0, 0, 0], [0, 0, 0]] } == ["utility, losses: every answer is worth the same"])
        #expect(try faults { $0["losses"] = [[0, 0.1, 2], [0, 0.2, 2]] } == ["utility, losses: the worst state comes to -3.1"])
        #expect(try faults { $0["start"] = 1.5 } == ["utility, start: 1.5 is not above 0 and at most 1"])
        #expect(try faults { $0["ages"] = ["from": 18, "to": 17] } == ["utility, ages: they end before they begin"])
        #expect(try faults { $0["once"] = [["above": 3, "loss": 0.1]] }.first?.hasPrefix("utility, once above 3:") == true)
        #expect(try faults { $0["country"] = " " } == ["utility, country: is empty"])
        #expect(
            try faults { $0["licence"] = ["holder": "", "terms": "x", "date": "x", "evidence": ""] } == [
                "utility, licence, holder: is empty", "utility, licence, evidence: is empty",
            ])
        #expect(throws: DecodingError.self) { try faults { $0["losses"] = nil } }
    }

    /// Published values as the generic table come to what the formula of the arithmetic says, over all 243 states.
    @Test func aTableComesToWhatTheFormulaSays() throws {
        let form = try Self.measure { fields in
            fields["items"] = (1...5).map { ["code": "d\($0)"] }
            fields["total"] = ["kind": "sum", "lowest": 5, "highest": 15]
            fields["utility"] = (fields["utility"] as? [String: Any] ?? [:]).merging([
                "losses": [[0, 0.069, 0.314], [0, 0.104, 0.214], [0, 0.036, 0.094], [0, 0.123, 0.386], [0, 0.071, 0.236]],
                "once": [["above": 1, "loss": 0.081], ["above": 2, "loss": 0.269]],
            ]) { $1 }
        }
        #expect(form.faults == [])
        for number in 0..<243 {
            let state = (0..<5).map { number / [1, 3, 9, 27, 81][$0] % 3 + 1 }
            let known = try britishUtility(of: state.map(String.init).joined())
            #expect(try abs(#require(form.utility(state)) - known) < 1e-12)
        }
    }

    @Test func staffTimeGoesWhereItsActsWere() {
        let time = RoomMinutes(
            minutes: [
                ("moderator", "moderator", 300), ("moderator", "lead", 100), ("professional", "professional", 90), ("coach", "coach", 60),
            ],
            acts: [
                ("a", "moderator", 3), ("b", "moderator", 1), (nil, "moderator", 4), ("other", "professional", 2), ("a", "professional", 1),
            ],
            of: ["a", "b"])
        #expect(time.rooms == ["a": ["moderator": 112.5, "lead": 37.5, "professional": 30], "b": ["moderator": 37.5, "lead": 12.5]])
        #expect(time.elsewhere == 320, "acts in other rooms and in none, and somebody who did nothing that was written down")
    }

    @Test func costAndHealthOfEachArmByHand() throws {
        let people = (0..<40).map { person($0) }
        let one = try economics(plan(), people)
        #expect(one.arms.map(\.started) == [20, 20] && one.arms.map(\.whole) == [20, 20] && one.arms.map(\.bridged) == [0, 0])
        // 2,400 minutes, three acts of four in the room, 20 people inside for the same time: 90 minutes each at 30 an hour.
        #expect(try one.arms[0].cost.mean == 0 && abs(#require(one.arms[1].cost.mean) - 45) < 1e-9)
        let row = try #require(one.comparisons.first)
        #expect(abs(row.cost - 45) < 1e-9 && row.costInterval.upper - row.costInterval.lower < 1e-9)
        // The second item goes from 3 to 2 and then to 1 or 2: lifts of 0.3 at day 50, and of 0.5 or 0.3 at the end.
        let lifts = (0..<40).filter { $0 % 2 == 1 }.map { $0 % 3 < 2 ? 0.5 : 0.3 }
        let years = lifts.reduce(0) { $0 + (0.3 / 2 + (0.3 + $1) / 2) * 50 / 365.25 } / 20
        #expect(abs(row.qalys - years) < 1e-9 && row.qalyInterval.contains(row.qalys))
        #expect(row.quadrant == .northEast)
        #expect(try abs(#require(row.ratio) - 45 / years) < 1e-6 && row.ratioInterval?.contains(45 / years) == true)
        #expect(row.worth.map(\.willingness) == [0, 10_000, 20_000, 25_000, 30_000, 35_000, 40_000, 50_000])
        #expect(row.worth.first?.acceptable == 0 && row.worth.last?.acceptable == 1)
        for at in row.worth { #expect(abs(at.benefit - (Double(at.willingness) * years - 45)) < 1e-6) }
        #expect(zip(row.worth, row.worth.dropFirst()).allSatisfy { $0.acceptable <= $1.acceptable })
        #expect(try economics(plan(), people).comparisons == one.comparisons, "the same seed")
        // What the room took after the last day of each person's part is not in their cost.
        #expect(try abs(#require(economics(plan(), people, after: 200).arms[1].cost.mean) - 22.5) < 1e-9)
    }

    @Test func costForEachWhoIsBetterByArm() throws {
        let people = (0..<40).map { person($0) }
        let rooms = RoomMinutes(
            minutes: [("m", "moderator", 1_600), ("m", "lead", 800)], acts: [("r", "m", 3), (nil, "m", 1)], of: ["r"])
        func costs(_ improved: [String: Int]?, hourly: Int = 30, after: Int = 100) -> [ArmCost] {
            ArmCost.of(plan(), people, rooms, improved: improved, hourly: hourly, end: start + .days(after))
        }
        let (pages, room) = (try #require(costs(["pages": 4, "room": 12]).first), try #require(costs(["pages": 4, "room": 12]).last))
        #expect(pages.started == 20 && pages.cost == 0 && pages.each == nil && pages.more == nil, "no room, no price")
        // 1,800 of the minutes at 30 an hour, twelve better; eight of twenty more than without the room, at 45 each who began.
        #expect(abs(room.minutes - 1_800) < 1e-9 && abs(room.cost - 900) < 1e-9)
        #expect(pages.byRole.isEmpty && room.byRole.map(\.role) == ["lead", "moderator"])
        #expect(zip(room.byRole, [600.0, 1_200]).allSatisfy { abs($0.minutes - $1) < 1e-9 })
        #expect(try abs(#require(room.each).estimate - 75) < 1e-9 && abs(#require(room.more).estimate - 112.5) < 1e-9)
        // Twelve of twenty is 0.386582 to 0.781193 by Wilson; less four of twenty, 0.096337 to 0.616965 by Newcombe's method 10.
        let (each, more) = (try #require(room.each).interval, try #require(room.more).interval)
        #expect(abs(each.lower - 45 / 0.781193) < 1e-3 && abs(each.upper - 45 / 0.386582) < 1e-3)
        #expect(abs(more.lower - 45 / 0.616965) < 1e-2 && abs(more.upper - 45 / 0.096337) < 1e-2)
        #expect(costs(["pages": 4, "room": 6]).last?.more == nil, "ten in a hundred more may be chance")
        #expect(costs(["pages": 12, "room": 4]).last?.more == nil, "dearer and fewer has no price")
        #expect(costs(["pages": 4]).last?.each == nil && costs(nil).last?.improved == nil)
        #expect(costs(["pages": 4, "room": 12], hourly: 0).last?.each == nil, "what an hour costs is not given")
        // A study that ends long after the last question: what the room took after it is nobody's.
        #expect(try abs(#require(costs(["pages": 4, "room": 12], after: 200).last).cost - 450) < 1e-9)
    }

    @Test func whoIsMissingIsSaidAndWhoIsBridgedToo() throws {
        let people = (0..<40).map { person($0, whole: $0 >= 6, middle: $0 % 10 != 7) }
        let one = try economics(plan(), people)
        #expect(one.arms.map(\.whole) == [17, 17] && one.arms.map(\.started) == [20, 20])
        #expect(one.arms.map(\.bridged) == [0, 4])
        #expect(fault { try economics(plan(), (0..<40).map { person($0, whole: $0 >= 26) }) }.hasPrefix("fewer than 8 people in an arm"))
    }

    /// Where nothing differs in health, a ratio ranks nothing and is not told.
    @Test func aRatioStandsOnlyWhereItMeansSomething() throws {
        let row = try #require(try economics(plan(), (0..<40).map { person($0, gain: false) }).comparisons.first)
        #expect(abs(row.qalys) < 1e-9 && row.ratio == nil && row.ratioInterval == nil)
        // One of twenty gains: more than a third of the resamples do not draw them, and hold that the room does nothing for its cost.
        let one = (0..<40).map { person($0, gain: $0 == 1) }
        let uncertain = try #require(try economics(plan(), one).comparisons.first)
        let none = (0..<20).reduce(1.0) { chance, _ in chance * 0.95 }
        // Where they are drawn once they pay from 15,000 or so on; where people began differs between resamples too, and moves it a little.
        let at = try #require(uncertain.worth.first { $0.willingness == 25_000 })
        #expect(abs(at.acceptable - (1 - none)) < 0.05)
        #expect(uncertain.ratioInterval == nil)
    }

    @Test func valuesOfAdultsAreNoneForTheYoung() throws {
        let young = fault { try economics(plan(bands: [.sixteen, .eighteen]), (0..<40).map { person($0) }) }
        #expect(young == "Invented values is for people from 18 up, not for 16-17")
        #expect(fault { try economics(plan(), (0..<40).map { person($0, band: $0 == 3 ? .sixteen : .eighteen) }) }.contains("16-17"))
        #expect(fault { try economics(plan(), (0..<40).map { person($0) }, hourly: 0) } == "what an hour costs is not given")
        #expect(fault { try economics(plan(.uncontrolled), (0..<40).map { person($0) }) } == "nobody compares")
    }

    @Test func theReportSaysWhetherThereIsAValueSet() throws {
        let form = try Self.measure()
        #expect(StudyEconomics.asked(plan(), [form])?.days == [0, 50, 100])
        #expect(StudyEconomics.asked(plan(), [try Self.measure { $0["utility"] = nil }]) == nil)
        func gaps(_ measures: [Instrument]) -> [Gap] {
            StudyReport(plan(), (0..<40).map { person($0) }, measures: measures, end: start + .days(100), seed: 1).gaps
        }
        #expect(!gaps([form]).contains(.noUtility) && gaps([]).contains(.noUtility))
    }

    @Test func spansAreInOrder() {
        #expect(worth.faults == [])
        #expect(Willingness(currency: "GBP", spans: [.init(from: 3, to: 3, source: "")], most: 10, step: 1).faults == ["3 to 3 is no span"])
        #expect(Willingness(currency: "GBP", spans: [], most: 10, step: 0).faults.count == 2)
        #expect(worth.with(from: 0, to: 1_000_000).faults == [] && worth.with(from: 1, to: 2).points.contains(2))
    }
}
