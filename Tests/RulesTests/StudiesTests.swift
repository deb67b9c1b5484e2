import Foundation
import Statistics
import Testing

@testable import Rules

@Suite struct StudiesTests {
    private static let measures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Content/measures")
        .standardizedFileURL
    private let now = Instant(milliseconds: 1_000_000_000)

    private func form(_ bands: Set<AgeBand>, _ moderation: Moderation, _ moderators: [String] = ["professional"]) -> RoomForm {
        RoomForm(
            version: 1, interaction: .notLive, moderation: moderation, moderators: moderators, focus: [], bands: bands, size: 50,
            anonymity: false, hours: nil, promiseMinutes: 240, night: .wait)
    }

    private func plan(
        design: StudyProtocol.Design = .twoArms, bands: [AgeBand] = [.sixteen], blocks: [Int] = [4], primary: String = "chime",
        days: [Int] = [0, 42], ethics: String? = "REC 1", until: Instant? = .never, monitor: String? = "Somebody outside",
        consentDays: Int = 365, harm: StudyProtocol.HarmWatch = .init(usual: 0.01, raised: 0.03, h: 4, points: 10),
        arms: [StudyProtocol.Arm]? = nil
    ) -> StudyProtocol {
        StudyProtocol(
            id: "s", title: "S", design: design, arms: arms ?? [.init(id: "usual", rooms: ["a"]), .init(id: "live", rooms: ["b"])],
            bands: bands,
            blocks: blocks, primary: primary, days: days, wanted: 30, runner: .outside, ethics: ethics, ethicsUntil: until,
            monitor: monitor, consentDays: consentDays, harm: harm)
    }

    private func rooms(_ moderation: Moderation = .before, _ bands: Set<AgeBand> = [.sixteen]) -> [StudyRoom] {
        ["a", "b"].map { StudyRoom(key: $0, form: form(bands, moderation)) }
    }

    @Test func noStudyGoesBelowTheFloors() throws {
        let measures = try instruments(in: Self.measures)
        func faults(_ plan: StudyProtocol, _ rooms: [StudyRoom]? = nil) -> [StudyFault] {
            plan.faults(rooms: rooms ?? self.rooms(), measures: measures, now: now)
        }
        #expect(faults(plan()) == [])
        #expect(faults(plan(ethics: nil)) == [.noEthics])
        #expect(faults(plan(until: now - .days(1))) == [.ethicsOver])
        #expect(faults(plan(monitor: "")) == [.noMonitor])
        // Four weeks to begin, four to answer the last.
        #expect(faults(plan(consentDays: 42 + 56)) == [] && faults(plan(consentDays: 42 + 55)) == [.noConsentEnd])
        #expect(plan(consentDays: 98).begins(by: now + .days(98)) == now + .days(28))
        #expect(plan(consentDays: 70).begins(by: now + .days(70)) == now + .days(70), "opened when no time to begin was asked for")
        // No arm of under-18s whose words show before somebody read them, in no room that is not there, in no room for others.
        #expect(faults(plan(), rooms(.byRisk)) == [.belowFloor])
        #expect(faults(plan(), []) == [.belowFloor])
        #expect(faults(plan(), rooms(.before, [.eighteen])) == [.belowFloor])
        // Adults may be in a room without moderators; reports and danger reach a person even there.
        #expect(faults(plan(bands: [.eighteen], ethics: nil, monitor: nil), rooms(.none, [.eighteen])) == [])
        #expect(faults(plan(primary: "phq9")) == [.otherAges])
        #expect(faults(plan(primary: "nothing")) == [.noMeasure])
        #expect(faults(plan(blocks: [3])) == [.blockSize])
        #expect(faults(plan(days: [7, 14])) == [.noBaseline])
        #expect(faults(plan(harm: .init(usual: 0.03, raised: 0.01, h: 4))) == [.noHarmWatch])
        #expect(faults(plan(design: .factorial)) == [.factorialLevels])
        #expect(faults(plan(arms: [.init(id: "a", rooms: ["a"])])) == [.noArms])
    }

    @Test func whoMayBeAsked() {
        let study = plan(bands: [.thirteen])
        func ask(
            _ band: AgeBand = .thirteen, isIn: Bool = false, saidNo: Bool = false, places: Int = 5, danger: Bool = false,
            parents: ParentsRule = .none
        ) -> EnrolmentDecision {
            study.mayEnrol(
                band: band, isIn: isIn, saidNo: saidNo, places: places, isInDanger: danger, parents: parents, consentAge: 16)
        }
        #expect(ask() == .ask)
        #expect(ask(parents: .required) == .askAdultToo)
        #expect(ask(isIn: true) == .no(.alreadyIn))
        #expect(ask(saidNo: true) == .no(.saidNo))
        #expect(ask(.eighteen) == .no(.otherAges))
        #expect(ask(places: 0) == .no(.full))
        #expect(ask(danger: true) == .no(.inDanger))
    }

    /// Two hundred seeds here; two thousand by `understory simulate study --seeds 2000`.
    @Test func intervalsHoldTheTruth() throws {
        let chime = try #require(try instruments(in: Self.measures).first { $0.id == "chime" })
        var trial = SimulatedTrial()
        trial.people = 160
        trial.effects = [0.4, 0, 0]
        for check in try trial.check(seeds: 200, chime) {
            #expect((0.9...0.99).contains(check.covered), "\(check)")
            if check.truth == 0 { #expect((0.01...0.1).contains(check.found), "\(check)") } else { #expect(check.found > 0.4, "\(check)") }
        }
        #expect(try trial.run(chime) == trial.run(chime))
    }

    @Test func withoutAComparisonItIsAChange() throws {
        let people = [1.0, 2, 3, 4].map { TrialPerson(arm: "all", before: $0, after: $0 * 1.5 + ($0 == 2 ? 1 : 0)) }
        let outcomes = try plan(design: .uncontrolled, arms: [.init(id: "all")]).analysis(people)
        guard case .change(let change)? = outcomes.first, outcomes.count == 1 else {
            Issue.record("an effect without a comparison")
            return
        }
        #expect(change.mean == 1.5 && change.interval.contains(1.5))
    }

    @Test func aFormIsAskedForGently() throws {
        let all = try instruments(in: Self.measures)
        let chime = try #require(all.first { $0.id == "chime" })
        let phq9 = try #require(all.first { $0.id == "phq9" })
        func may(_ measure: Instrument, same: Instant? = nil, any: Instant? = nil, quiet: Bool = false, band: AgeBand = .sixteen) -> NotNow?
        {
            FormRules.mayAsk(
                measure, by: FormRules.asked.first { $0.measure == measure.id }, hasWords: true, band: band, lastSame: same, lastAny: any,
                joined: now - .days(30), isQuiet: quiet, now: now)
        }
        #expect(may(chime) == nil)
        #expect(may(chime, quiet: true) == .quiet)
        #expect(may(chime, same: now - .hours(2)) == .today)
        #expect(may(chime, same: now - .days(13)) == .budget)
        #expect(may(chime, any: now - .days(13)) == .budget)
        #expect(may(chime, any: now - .days(14)) == nil)
        #expect(may(phq9) == .budget && may(phq9, band: .eighteen) == .budget)  // nobody is asked for what is on no plan
        #expect(FormRules.mayOpen(phq9, hasWords: true, band: .sixteen, lastSame: nil, now: now) == .age)
        let adverse = try #require(all.first { $0.id == "adverse" })
        #expect(may(adverse) == .budget, "somebody new is left in peace")
        #expect(
            FormRules.mayAsk(
                chime, by: FormRules.asked.first { $0.measure == "chime" }, hasWords: true, band: .sixteen, lastSame: nil, lastAny: nil,
                joined: now, isQuiet: false,
                now: now) == .budget)
        // What a room asks is on a plan of its own, and on no other.
        let experience = try #require(all.first { $0.id == "experience" })
        func inRoom(_ measure: Instrument, same: Instant? = nil, any: Instant? = nil) -> NotNow? {
            FormRules.mayAsk(
                measure, by: FormRules.askedInRooms, hasWords: true, band: .sixteen, lastSame: same, lastAny: any, joined: now - .days(30),
                isQuiet: false, now: now)
        }
        #expect(may(experience) == .budget && inRoom(experience) == nil && inRoom(chime) == .budget)
        #expect(inRoom(experience, same: now - .days(83)) == .budget && inRoom(experience, same: now - .days(84)) == nil)
        #expect(inRoom(experience, any: now - .days(13)) == .budget)
        #expect(FormRules.mayOpen(chime, hasWords: false, band: .sixteen, lastSame: nil, now: now) == .noWords)
        // With nobody on duty the item about wanting to die is not asked; an answer to it calls somebody.
        #expect(FormRules.withheld(phq9, staffed: false) == [9] && FormRules.withheld(phq9, staffed: true) == [])
        #expect(FormRules.alarm(phq9, place: 9, answer: 1) == .danger && FormRules.alarm(phq9, place: 9, answer: 0) == nil)
        #expect(FormRules.alarm(phq9, place: 8, answer: 3) == nil)
        let sidas = try #require(all.first { $0.id == "sidas" })
        #expect(FormRules.next(sidas, after: 1, answers: [0, nil, nil, nil, nil], done: [1], withheld: []) == nil)
        #expect(FormRules.next(sidas, after: 1, answers: [1, nil, nil, nil, nil], done: [1], withheld: []) == 2)
        let nine = [Int?](repeating: 0, count: 9)
        #expect(FormRules.next(phq9, after: 8, answers: nine, done: Set(1...8), withheld: [9]) == nil)
        // Whoever jumped over some comes back to them, and what was skipped is done.
        #expect(FormRules.next(phq9, after: 9, answers: nine, done: [1, 2, 9], withheld: []) == 3)
        #expect(FormRules.next(phq9, after: 3, answers: nine, done: [1, 2, 3, 9], withheld: []) == 4)
        #expect(FormRules.next(phq9, after: 9, answers: nine, done: Set(1...9).subtracting([4]), withheld: [4]) == nil)
    }

    @Test func aLineBreaksWhereTheFormChanged() throws {
        let all = try instruments(in: Self.measures)
        let phq9 = try #require(all.first { $0.id == "phq9" })
        func point(_ day: Int64, _ total: Double, _ kind: String = "1/1") -> OwnTrend.Point {
            .init(at: now + .days(Int(day)), total: total, kind: kind)
        }
        #expect(OwnTrend([point(0, 16), point(14, 6)], of: phq9, band: .eighteen).reading == .better)
        #expect(OwnTrend([point(0, 6), point(14, 16)], of: phq9, band: .eighteen).reading == .worse)
        #expect(OwnTrend([point(0, 16), point(14, 12)], of: phq9, band: .eighteen).reading == .steady)
        let broken = OwnTrend([point(0, 16), point(14, 6, "1/2")], of: phq9, band: .eighteen)
        #expect(broken.pieces.count == 2 && broken.reading == .first)
        let chime = try #require(all.first { $0.id == "chime" })
        #expect(OwnTrend([point(0, 10), point(14, 50)], of: chime, band: .eighteen).reading == .unknownNoise)
    }
}
