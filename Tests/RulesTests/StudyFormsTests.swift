import Foundation
import Statistics
import Testing

@testable import Rules

/// What a study compares, and what counts as change.
@Suite struct StudyFormsTests {
    private static let measures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Content/measures")
        .standardizedFileURL

    private func measure(_ id: String) throws -> Instrument { try #require(try instruments(in: Self.measures).first { $0.id == id }) }

    private func form(_ version: Int = 1, _ interaction: Interaction = .notLive, moderators: [String] = ["professional"]) -> RoomForm {
        RoomForm(
            version: version, interaction: interaction, moderation: .before, moderators: moderators, focus: [], bands: [.eighteen],
            size: 50,
            anonymity: false, hours: nil, promiseMinutes: 240, night: .wait)
    }

    private func plan(_ design: StudyProtocol.Design, _ arms: [StudyProtocol.Arm], factors: [String] = [], bands: [AgeBand] = [.eighteen])
        -> StudyProtocol
    {
        StudyProtocol(
            id: "s", title: "S", design: design, arms: arms, factors: factors, bands: bands, blocks: [arms.count], primary: "chime",
            days: [0, 42], wanted: 30, runner: .outside, ethics: "REC", ethicsUntil: .never, monitor: "Outside",
            harm: .init(usual: 0.01, raised: 0.03, h: 4, points: 10))
    }

    // Reliable and clinically significant change

    /// 16 to 6 on the PHQ-9 crosses its line of 10; 12 to 11 does not move; 16 to 10 moves and is still on the line.
    @Test(arguments: [
        (16, 6, ReliableChange.Class.recovered), (24, 16, .improved), (16, 9, .recovered), (17, 10, .improved), (12, 11, .unchanged),
        (6, 16, .deteriorated),
        (9, 2, .improved),
    ])
    func crossingTheLineIsRecovery(before: Int, after: Int, expected: ReliableChange.Class) throws {
        #expect(reliableClass(from: Double(before), to: Double(after), try measure("phq9"), band: .eighteen) == expected)
    }

    /// What somebody finds meaningful is no error: a measure that only names such points says nothing of chance.
    @Test func meaningfulPointsAreNoError() throws {
        let who5 = try measure("who5")
        #expect(reliableClass(from: 40, to: 60, who5, band: .eighteen) == nil && noise(who5, band: .eighteen) == nil)
        // Its line is the next total there is: they go in fours, and 50 is none.
        #expect(clinicalLine(who5, band: .eighteen)?.at == 52)
    }

    @Test func whatNobodyKnowsIsNoClass() throws {
        let (chime, phq9) = (try measure("chime"), try measure("phq9"))
        #expect(reliableClass(from: 20, to: 40, chime, band: .eighteen) == nil && noise(chime, band: .eighteen) == nil)
        #expect(reliableClass(from: 16, to: 6, phq9, band: .sixteen) == nil, "what is known of adults says nothing of the young")
    }

    /// Where a file prints a threshold beside spread, reliability and z, they belong together.
    @Test func thresholdsFollowFromTheirParts() throws {
        for one in try instruments(in: Self.measures) {
            for error in one.errors {
                guard let deviation = error.deviation, let threshold = error.threshold, let z = error.z else { continue }
                let computed = z * (2 * (1 - error.value)).squareRoot() * deviation
                #expect(abs(computed - threshold) < 0.35, "\(one.id): \(computed), not \(threshold)")
            }
        }
    }

    /// LOINC codes end in their own check digit.
    @Test func loincCodesAreWhole() throws {
        var seen = 0
        for code in try instruments(in: Self.measures).flatMap({ [$0.loinc, $0.loincTotal] + $0.items.map(\.loinc) }).compactMap(\.self) {
            let halves = code.split(separator: "-")
            let digits = halves[0].reversed().compactMap(\.wholeNumberValue)
            let sum = digits.enumerated().reduce(0) { $0 + ($1.offset % 2 == 0 ? ($1.element * 2 - ($1.element > 4 ? 9 : 0)) : $1.element) }
            #expect(halves.count == 2 && Int(halves[1]) == (10 - sum % 10) % 10, "\(code)")
            seen += 1
        }
        #expect(seen > 30)
    }

    // Forms

    @Test func roomsAreToldApartAlongTheAxes() {
        let one = form(moderators: ["trained-peer-volunteer"])
        #expect(FormAxis.allCases.map { $0.level(one) } == ["notLive", "before", "others", "general"])
        #expect(FormAxis.readers.level(form()) == "professional" && FormAxis.readers.level(form(moderators: [])) == "nobody")
    }

    private func gaps(_ rooms: [StudyRoomForms], _ design: StudyProtocol.Design = .twoArms) throws -> [Gap] {
        let plan = plan(design, [.init(id: "a", rooms: ["1"]), .init(id: "b", rooms: ["2"])])
        return StudyReport(plan, [], measures: [try measure("chime")], rooms: rooms, end: Instant(milliseconds: 0), seed: 1).gaps
    }

    @Test func aReportSaysWhatItCompared() throws {
        let alike = [
            StudyRoomForms(arm: "a", room: "1", before: form(), after: form()),
            StudyRoomForms(arm: "b", room: "2", before: form(), after: form()),
        ]
        #expect(try gaps(alike).contains(.formsAlike) && gaps(alike).contains(.sharedRooms) && !gaps(alike).contains(.formChanged))
        let apart = [alike[0], StudyRoomForms(arm: "b", room: "2", before: form(1, .live), after: form(2, .live))]
        #expect(try !gaps(apart).contains(.formsAlike) && gaps(apart).contains(.formChanged))
        #expect(try !gaps([]).contains(.sharedRooms))
    }

    // Designs

    @Test func threeFactorsAreCrossedWhole() throws {
        let levels = (0..<8).map { bits in (0..<3).map { bits >> $0 & 1 == 1 ? 0.5 : -0.5 } }
        let arms = levels.enumerated().map { StudyProtocol.Arm(id: "a\($0.offset)", levels: $0.element, rooms: ["r"]) }
        let whole = plan(.factorial, arms, factors: ["live", "guided", "small"])
        let rooms = [StudyRoom(key: "r", form: form())]
        func faults(_ plan: StudyProtocol) throws -> [StudyFault] {
            plan.faults(rooms: rooms, measures: [try measure("chime")], now: Instant(milliseconds: 0))
        }
        #expect(try faults(whole) == [])
        #expect(try faults(plan(.factorial, Array(arms.dropLast()), factors: ["live", "guided", "small"])).contains(.factorialLevels))
        #expect(try faults(plan(.factorial, arms, factors: ["live", "guided"])).contains(.factorialLevels))
        // A lift of 4 points by the first factor, of 2 where the second and third meet; 16 people in each arm who differ by turns.
        let people = arms.flatMap { arm in
            (0..<16).map { number in
                let noise = Double(number % 4) - 1.5
                let lift = 4 * arm.levels[0] + 2 * arm.levels[1] * arm.levels[2] * 2
                return TrialPerson(arm: arm.id, before: Double(number % 5) * 3 + noise, after: 20 + lift + noise * (number < 8 ? 1 : -1))
            }
        }
        let found = try whole.analysis(people).compactMap { outcome -> Effect? in
            if case .effect(let effect) = outcome { effect } else { nil }
        }
        #expect(found.map(\.of) == ["live", "guided", "small", "live × guided", "live × small", "guided × small", "live × guided × small"])
        #expect(abs(found[0].points - 4) < 1e-9 && abs(found[5].points - 4) < 1e-9 && abs(found[1].points) < 1e-9)
    }

    /// Three visits, one of them missed by some: an arm that gains a point a week more than the first is found to.
    @Test func everyVisitCounts() throws {
        let three = StudyProtocol(
            id: "s", title: "S", design: .twoArms, arms: [.init(id: "a", rooms: ["1"]), .init(id: "b", rooms: ["2"])], bands: [.eighteen],
            blocks: [2], primary: "chime", days: [0, 21, 42], wanted: 30, runner: .outside,
            harm: .init(usual: 0.01, raised: 0.03, h: 4, points: 10))
        func answers(_ total: Int) -> [Int?] { (0..<5).map { total / 5 + ($0 < total % 5 ? 1 : 0) } }
        let start = Instant(milliseconds: 0)
        let people = (0..<60).map { number -> StudyPerson in
            let isB = number % 2 == 1
            let level = 15 + number / 2 % 7
            let given = [0, 21, 42].enumerated().compactMap { visit, day -> (StudyPoint, [Int?])? in
                // Every tenth misses the last visit.
                if visit == 2, number % 10 == 0 { return nil }
                let wobble = (number / 2 + visit) % 3 - 1
                return (StudyPoint("chime", day), answers(level + wobble + (isB ? day / 7 : 0)))
            }
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: isB ? "b" : "a", askedBefore: .no, consentedAt: start, startedAt: start, letInAt: nil,
                leftAt: nil, leftHow: nil, shares: false, answers: Dictionary(uniqueKeysWithValues: given), harms: [], presence: nil)
        }
        let report = StudyReport(three, people, measures: [try measure("chime")], end: start + .days(70), seed: 1)
        let row = try #require(report.repeated.value?.first)
        #expect(row.arm == "b" && row.people == 60 && row.visits == 60 * 3 - 6)
        #expect(abs(row.perWeek - 1) < 0.1 && row.interval.contains(1) && row.interval.lower > 0.7)
        // Where nobody compares, or with two visits, it says nothing.
        let two = plan(.twoArms, [.init(id: "a", rooms: ["1"]), .init(id: "b", rooms: ["2"])])
        #expect(StudyReport(two, people, measures: [try measure("chime")], end: start + .days(70), seed: 1).repeated.value == nil)
    }

    /// An arm may be given nothing but the questions, among adults alone.
    @Test func nothingIsForAdults() throws {
        let arms: [StudyProtocol.Arm] = [.init(id: "none", gives: .nothing), .init(id: "rooms", rooms: ["r"])]
        let rooms = [StudyRoom(key: "r", form: form())]
        func faults(_ bands: [AgeBand]) throws -> [StudyFault] {
            plan(.twoArms, arms, bands: bands).faults(rooms: rooms, measures: [try measure("chime")], now: Instant(milliseconds: 0))
        }
        #expect(try faults([.eighteen]) == [])
        #expect(try faults([.sixteen]).contains(.belowFloor))
    }

    /// Whoever is well is asked how things are half as often; everybody else as the plan has it.
    @Test func theStageSaysHowOften() throws {
        let pulse = try #require(FormRules.asked.first { $0.measure == "chime" })
        let chime = try measure("chime")
        func asked(_ stage: Stage?, after days: Int) -> Bool {
            let now = Instant(milliseconds: 0) + .days(200)
            return FormRules.mayAsk(
                chime, by: pulse, hasWords: true, band: .eighteen, lastSame: now - .days(days), lastAny: now - .days(days),
                joined: Instant(milliseconds: 0), stage: stage, isQuiet: false, now: now) == nil
        }
        #expect([Stage.waiting, .alongside, .after, nil].allSatisfy { asked($0, after: 15) })
        #expect(!asked(.preventing, after: 15) && asked(.preventing, after: 29))
        // What comes twice a year comes twice a year at every stage.
        let rare = try #require(FormRules.asked.first { $0.measure == "adverse" })
        #expect(rare.every(at: .preventing) == rare.every)
    }

    /// How somebody answered others stands apart, by what coders read; who was read by nobody is in neither row.
    @Test func directiveOrNotStandsApart() throws {
        let plan = plan(.twoArms, [.init(id: "a", rooms: ["1"]), .init(id: "b", rooms: ["2"])])
        let start = Instant(milliseconds: 0)
        let people = (0..<30).map { number -> StudyPerson in
            let tone: Bool? = number < 10 ? true : number < 20 ? false : nil
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: number % 2 == 0 ? "a" : "b", askedBefore: .no, consentedAt: start, startedAt: start,
                letInAt: nil, leftAt: nil, leftHow: nil, shares: false,
                answers: [
                    StudyPoint("chime", 0): [Int?](repeating: 4, count: 5),
                    StudyPoint("chime", 42): [Int?](repeating: tone == true ? 3 : 5, count: 5),
                ], harms: [], presence: .init(threads: [], replies: [1], days: [], isDirective: tone))
        }
        let tones = StudyReport(plan, people, measures: [try measure("chime")], end: start + .days(70), seed: 1).tones
        #expect(tones.map(\.isDirective) == [true, false] && tones.map(\.change.count) == [10, 10])
        #expect(tones.map(\.change.mean) == [-5, 5])
    }

    @Test func oneStudyAtATime() {
        let plan = plan(.twoArms, [.init(id: "a", rooms: ["r"]), .init(id: "b", rooms: ["r"])])
        let asked = plan.mayEnrol(
            band: .eighteen, isIn: false, isInAnother: true, saidNo: false, places: 5, isInDanger: false, parents: .none, consentAge: 16)
        #expect(asked == .no(.inAnother))
    }
}
