import Foundation
import Statistics
import Testing

@testable import Rules

@Suite struct TrialTests {
    private static let measures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Content/measures")
        .standardizedFileURL
    private let start = Instant(milliseconds: 1_000_000_000_000)

    private func file(_ change: (inout [String: Any]) -> Void = { _ in }) throws -> Data {
        var fields: [String: Any] = [
            "id": "a-trial", "version": 1, "title": "A trial", "about": "Made up.", "design": "two-arms",
            "arms": [["id": "usual", "rooms": ["a"]], ["id": "other", "name": "Another", "rooms": ["b"], "posts": 3, "weeks": 8]],
            "bands": ["18-25"], "blocks": [4], "primary": ["measure": "chime", "days": [0, 28, 56]], "wanted": 20, "runner": "outside",
            "ethics": ["reference": "1", "until": "2027-06-30"], "harm": ["usual": 0.01, "raised": 0.03, "h": 4, "points": 10],
        ]
        change(&fields)
        return try JSONSerialization.data(withJSONObject: fields)
    }

    private func fault(_ change: (inout [String: Any]) -> Void) -> String? {
        do {
            _ = try StudyProtocol(json: file(change))
            return nil
        } catch { return "\(error)" }
    }

    @Test func aProtocolIsReadWholeOrNotAtAll() throws {
        let plan = try StudyProtocol(json: file())
        #expect(plan.arms.map(\.name) == ["usual", "Another"] && plan.arms[1].posts == 3 && plan.days == [0, 28, 56])
        #expect(plan.ethicsUntil == Instant(milliseconds: 1_814_313_600_000))
        #expect(plan.guardian == .host && plan.sides == [.seeker])
        #expect(fault { $0["primery"] = 1 } == "there is no field primery")
        #expect(fault { $0["design"] = "crossed" }?.hasPrefix("design: crossed is none of") == true)
        #expect(fault { $0["wanted"] = "many" } == "wanted: is of another kind")
        #expect(fault { $0.removeValue(forKey: "harm") } == "harm is missing")
        #expect(fault { $0["arms"] = [["id": "a", "room": "b"]] }?.contains("there is no field room") == true)
        #expect(fault { $0["ethics"] = ["reference": "1", "until": "June"] } == "ethics.until: a day as 2027-12-31")
        #expect(fault { $0["id"] = "A trial" }?.hasPrefix("id:") == true)
        #expect(throws: ProtocolFault.self) { try StudyProtocol(json: Data("{".utf8)) }
    }

    @Test func noArmGivesNothingAndNobodyIsAskedTooMuch() throws {
        let measures = try instruments(in: Self.measures)
        let rooms = ["a", "b"].map {
            StudyRoom(
                key: $0,
                form: RoomForm(
                    version: 1, interaction: .notLive, moderation: .byRisk, moderators: ["professional"], focus: [], bands: [.eighteen],
                    size: 50, anonymity: false, hours: nil, promiseMinutes: 240, night: .wait))
        }
        func faults(_ change: (inout [String: Any]) -> Void) throws -> [StudyFault] {
            try StudyProtocol(json: file(change)).faults(rooms: rooms, measures: measures, now: start)
        }
        #expect(try faults { _ in } == [])
        #expect(try faults { $0["arms"] = [["id": "x"], ["id": "y", "rooms": ["a"]]] } == [.armGives])
        #expect(
            try faults { $0["arms"] = [["id": "x", "gives": "waiting", "rooms": ["a"]], ["id": "y", "rooms": ["a"]]] } == [.armGives])
        #expect(
            try faults { $0["arms"] = [["id": "x", "gives": "resources", "rooms": ["a"]], ["id": "y", "rooms": ["a"]]] } == [.armGives])
        #expect(try faults { $0["design"] = "wait-list" } == [.armGives], "nobody waits")
        #expect(try faults { $0["design"] = "resource-only" } == [.armGives])
        #expect(try faults { $0["also"] = [["measure": "phq9", "days": Array(0...12)]] } == [.tooMuch])
        #expect(try faults { $0["also"] = [["measure": "chime", "days": [0]]] }.contains(.noMeasure), "asked twice")
    }

    @Test func whatComesNext() throws {
        let plan = try StudyProtocol(json: file { $0["also"] = [["measure": "outlook", "days": [0, 7, 14]]] })
        func step(_ day: Double, answered: [StudyPoint] = [], adult: Bool = false, started: Bool = true, left: Bool = false) -> StudyStep {
            let part = StudyPart(
                side: .seeker, arm: started ? "usual" : nil, waitsForAdult: adult, consentUntil: start + .days(365),
                startedAt: started ? start : nil, hasLeft: left, answered: Set(answered))
            return plan.step(part, now: start + Lapse(milliseconds: Int64(day * 86_400_000)))
        }
        let (chime, outlook) = (StudyPoint("chime", 0), StudyPoint("outlook", 0))
        #expect(step(0, adult: true, started: false) == .adultFirst)
        #expect(step(0, started: false) == .baseline(chime))
        #expect(step(0, answered: [chime], started: false) == .baseline(outlook))
        #expect(step(0, answered: [chime, outlook], started: false) == .mayStart)
        // 365 days of a yes, less eight weeks of questions and four for the last of them.
        #expect(step(280.9, answered: [chime, outlook], started: false) == .mayStart)
        #expect(step(281, answered: [chime, outlook], started: false) == .over && step(281, started: false) == .over)
        #expect(step(3) == .nothingUntil(start + .days(7)))
        #expect(step(7) == .asked(StudyPoint("outlook", 7), until: start + .days(14)))
        // What was not answered closes when the next of its kind opens; the last stays open for four weeks.
        #expect(step(14) == .asked(StudyPoint("outlook", 14), until: start + .days(42)))
        #expect(step(28, answered: [StudyPoint("outlook", 14)]) == .asked(StudyPoint("chime", 28), until: start + .days(56)))
        #expect(step(57) == .asked(StudyPoint("chime", 56), until: start + .days(84)))
        #expect(step(84) == .over && step(3, left: true) == .over)
        // Every moment has one next step, and nothing that was answered is asked again.
        for quarter in 0..<400 {
            let answered = [StudyPoint("outlook", 7), StudyPoint("chime", 28)]
            switch step(Double(quarter) / 4, answered: answered) {
            case .asked(let point, let until):
                #expect(!answered.contains(point) && until > start + Lapse(milliseconds: Int64(quarter) * 21_600_000))
            case .nothingUntil(let at): #expect(at > start + Lapse(milliseconds: Int64(quarter) * 21_600_000))
            case .over: #expect(quarter >= 84 * 4)
            case .adultFirst, .baseline, .mayStart: Issue.record("somebody who started is asked to start")
            }
        }
    }

    @Test func statesGoForwardAlone() {
        let ways = StudyState.allCases.flatMap { from in
            StudyState.allCases.filter { from.mayBecome($0) }.map { "\(from.rawValue)>\($0.rawValue)" }
        }
        #expect(
            Set(ways) == [
                "draft>open", "open>paused", "open>closed", "open>ended", "paused>open", "paused>ended", "closed>ended",
            ])
        #expect(StudyState.allCases.filter(\.takesPeople) == [.open])
    }

    @Test func strataDoNotRepeatOneAnother() throws {
        let plan = try StudyProtocol(json: file { $0["bands"] = ["16-17", "18-25"] })
        let (young, old) = (try plan.list(seed: 7, stratum: .sixteen, count: 80), try plan.list(seed: 7, stratum: .eighteen, count: 80))
        #expect(young != old)
        #expect(try plan.list(seed: 7, stratum: .eighteen, count: 80) != plan.list(seed: 8, stratum: .sixteen, count: 80))
        #expect(try plan.list(seed: 7, stratum: .sixteen, count: 80) == young)
        for four in stride(from: 0, to: 80, by: 4) { #expect(young[four..<four + 4].count { $0 == "usual" } == 2) }
    }

    @Test func minimisationKeepsArmsAlike() throws {
        let plan = try StudyProtocol(json: file { $0["allocation"] = "minimisation" })
        var before: [(levels: [String], arm: String)] = []
        for number in 0..<200 {
            let levels = [number % 3 == 0 ? "16-17" : "18-25", number % 4 == 0 ? "yes" : "no"]
            before.append((levels, try plan.minimised(levels, before: before, seed: 11)))
        }
        for level in ["16-17", "18-25", "yes", "no"] {
            let own = before.filter { $0.levels.contains(level) }
            #expect(abs(own.count { $0.arm == "usual" } * 2 - own.count) <= 8, "\(level)")
        }
        let other = try plan.minimised(["18-25", "no"], before: [], seed: 12)
        #expect(plan.arms.map(\.id).contains(other))
        #expect(
            try StudyProtocol(
                json: file {
                    $0["allocation"] = "minimisation"; $0["blocks"] = nil
                }
            ).blocks == [])
    }

    /// Forty people by hand: the numbers of the report are those that one counts.
    @Test func theReportCountsWhatOneCounts() throws {
        let measures = try instruments(in: Self.measures)
        let plan = try StudyProtocol(json: file())
        func person(_ number: Int) -> StudyPerson {
            let other = number % 2 == 1
            let base = 3 + number % 4
            var answers: [StudyPoint: [Int?]] = [StudyPoint("chime", 0): [Int?](repeating: base, count: 5)]
            if number % 10 != 9 {
                answers[StudyPoint("chime", 28)] = [base, base, base, base, number % 5 == 0 ? nil : base]
                answers[StudyPoint("chime", 56)] = [base + (other ? 2 : 0), base, base, base, base + number % 3]
            }
            let leaves: LeftHow? = number == 9 ? .keep : number == 19 ? .remove : nil
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: other ? "other" : "usual", askedBefore: number < 10 ? .yes : .no, consentedAt: start,
                startedAt: start, letInAt: start, leftAt: leaves.map { _ in start + .days(20) }, leftHow: leaves, shares: true,
                answers: leaves == .remove ? [:] : answers, harms: number == 3 ? ["danger"] : [],
                presence: number < 20
                    ? .init(threads: number % 4 == 0 ? [0, 0, 0] : [], replies: number % 4 == 1 ? [1] : [], days: [(0, 5), (8, 3)]) : nil)
        }
        let people = (0..<40).map(person)
        let report = StudyReport(plan, people, measures: measures, end: start + .days(70), seed: 1)
        #expect(report.enrolled == 40 && report.notStarted == 0)
        #expect(report.flow.map(\.started) == [20, 20] && report.flow[1].left == [.keep: 1, .remove: 1])
        #expect(report.flow.map(\.answered) == [[20, 20, 20], [19, 16, 16]])
        // Due are those who were still there; of the fifth the last answer is missing, and with it the total.
        let middle = try #require(report.missing.first { $0.point == StudyPoint("chime", 28) })
        #expect((middle.due, middle.whole, middle.partly, middle.missing) == (40, 28, 8, 4))
        guard case .told(let main) = report.main, case .effect(let effect)? = main.first?.outcome else {
            Issue.record("no effect")
            return
        }
        #expect(abs(effect.points - 2) < 0.5 && effect.people == 36 && main.first?.adjusted == effect.p)
        #expect(report.retention.map(\.curve.count) == [20, 20])
        #expect(report.harms.first { $0.arm == "other" && $0.kind == "danger" }?.events == 1)
        let styles = Dictionary(report.styles.map { ($0.style, $0.change.count) }, uniquingKeysWith: { a, _ in a })
        // Number 9 left before the end, number 19 with all answers: neither has a change.
        // Five who posted and four who answered are too few to be told.
        #expect(styles == [.posts: 0, .replies: 0, .reads: 9])
        let write = try #require(report.use.first { $0.arm == "other" })
        #expect(write.adherence?.kept == 0 && write.people == 9)
        #expect(report.gaps.contains(.unvalidated) && !report.gaps.contains(.noComparison))
        guard case .told(let filled) = report.sensitivity else {
            Issue.record("no sensitivity")
            return
        }
        #expect(abs(filled[0].asSeen.estimate - 2) < 0.6 && filled[0].worse.estimate < filled[0].asSeen.estimate)
        #expect(filled[0].asSeen.standardError > 0)
    }

    /// Twenty people in two arms with a score at the start and, where given, at the end.
    private func twenty(_ after: (Int) -> [Int?]?, left: (Int) -> LeftHow? = { _ in nil }, presence: Bool = false) -> [StudyPerson] {
        (0..<20).map { number in
            var answers: [StudyPoint: [Int?]] = [StudyPoint("chime", 0): [Int?](repeating: 2 + number % 5, count: 5)]
            answers[StudyPoint("chime", 56)] = after(number)
            let how = left(number)
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: number % 2 == 1 ? "other" : "usual", askedBefore: .no, consentedAt: start,
                startedAt: start, letInAt: start, leftAt: how.map { _ in start + .days(20) }, leftHow: how, shares: true,
                answers: how == .remove ? [:] : answers, harms: [],
                presence: presence ? .init(threads: [0], replies: [], days: [(0, 5), (8, 3)]) : nil)
        }
    }

    private func report(_ people: [StudyPerson], reworded: [String] = []) throws -> StudyReport {
        StudyReport(
            try StudyProtocol(json: file()), people, measures: try instruments(in: Self.measures), reworded: reworded,
            end: start + .days(100), seed: 1)
    }

    @Test func whoeverTookTheirAnswersOutIsMissingLikeTheOthers() throws {
        let whole = try report(twenty { [$0 % 7, $0 % 3, 4, 4, 4] })
        #expect(whole.sensitivity.value == nil, "nobody is missing")
        let out = try report(twenty({ [$0 % 7, $0 % 3, 4, 4, 4] }, left: { $0 == 5 ? .remove : nil }))
        let row = try #require(out.sensitivity.value?.first)
        #expect(row.worse.estimate < row.asSeen.estimate, "somebody in the second arm is worse")
    }

    /// Everybody ends with the same score: nothing is left over that chance could have moved, and no p is made up.
    @Test func whereNothingIsLeftOverNothingIsTold() throws {
        for score in [0, 4] {
            let same = try report(twenty { _ in [Int?](repeating: score, count: 5) })
            guard case .untold(let why) = same.main else { Issue.record("told"); continue }
            #expect(why.contains("nothing is left over"))
        }
    }

    /// A form of skips hides nobody: what counts for the gate is who has a total.
    @Test func aSummaryCountsTotals() throws {
        let plan = try StudyProtocol(json: file())
        let all = try report(twenty { [$0 % 7, $0 % 3, 4, 4, 4] })
        #expect(try StudySummary(plan, hash: "h", all, fewest: 8).effects.count == 1)
        let skips = try report(twenty { $0 % 2 == 1 && $0 > 6 ? [nil, nil, nil, nil, nil] : [$0 % 7, $0 % 3, 4, 4, 4] })
        #expect(skips.flow.map(\.answered.last) == [10, 10])
        #expect(throws: NotComputable.self) { try StudySummary(plan, hash: "h", skips, fewest: 8) }
    }

    /// One of few beside many: the many are not told either, or taking them from the whole would tell the few.
    @Test func nothingIsHadBySubtraction() throws {
        #expect(StudyReport.untold([19, 1]) == [0, 1] && StudyReport.untold([12, 9, 3]) == [1, 2])
        #expect(StudyReport.untold([12, 5, 4]) == [1, 2] && StudyReport.untold([12, 0, 8]) == [] && StudyReport.untold([3]) == [0])
        var people = twenty({ [$0 % 7, $0 % 3, 4, 4, 4] }, presence: true)
        let one = people[4]
        people[4] = StudyPerson(
            side: .seeker, band: .eighteen, arm: one.arm, askedBefore: .no, consentedAt: start, startedAt: start, letInAt: start,
            leftAt: nil, leftHow: nil, shares: true, answers: one.answers, harms: [],
            presence: .init(threads: [], replies: [0], days: [(0, 5)]))
        let styles = try report(people).styles
        #expect(styles.map(\.change.isHidden) == [true, true, false] && styles.allSatisfy { $0.change.mean == nil })
    }

    @Test func whoLeftStaysInWhatIsCountedByWeeks() throws {
        let people = twenty({ [$0 % 7, $0 % 3, 4, 4, 4] }, left: { $0 < 8 ? .keep : nil }, presence: true)
        let use = try report(people).use
        #expect(use.map { $0.active.map(\.of) } == [[10, 10, 0], [10, 10, 0]], "a hundred days are twelve weeks and no twenty-four")
        #expect(try report(people, reworded: ["chime"]).gaps.contains(.wordsChanged) && !report(people).gaps.contains(.wordsChanged))
        #expect(try !report(people).gaps.contains(.endedEarly))
    }

    /// Those who began lower chose the room that is read first: their larger gain is regression of the made-up kind, and weighting takes it away.
    @Test func formsThatPeopleChoseAreMadeAlikeFirst() throws {
        let chime = try #require(try instruments(in: Self.measures).first { $0.id == "chime" })
        func person(_ number: Int) -> StudyPerson {
            let base = 2 + number % 5
            let first = (number / 5) % 6 < 7 - base
            let total = base * 5 + (6 - base) + number % 2
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: "all", askedBefore: number % 3 == 0 ? .yes : .no, consentedAt: start, startedAt: start,
                letInAt: nil, leftAt: nil, leftHow: nil, shares: false,
                answers: [
                    StudyPoint("chime", 0): [Int?](repeating: base, count: 5),
                    StudyPoint("chime", 28): (0..<5).map { min(10, total / 5 + ($0 < total % 5 ? 1 : 0)) },
                ], harms: [], presence: .init(threads: [0], replies: [], days: [], forms: [.moderation: first ? "before" : "after"]))
        }
        let people = (0..<180).map(person)
        let contrast = try FormContrast(people, by: .moderation, chime, days: (0, 28), fewest: 8, seed: 1)
        #expect(Set(contrast.forms) == ["before", "after"] && contrast.people.reduce(0, +) == 180)
        let baseline = try #require(contrast.balance.first { $0.name == "baseline" })
        #expect(abs(baseline.before) > 0.5 && abs(baseline.after) < 0.15)
        #expect(abs(contrast.weighted) < abs(contrast.plain) / 3 && contrast.interval.contains(contrast.weighted))
        #expect(contrast.effectivePeople.allSatisfy { $0 > 8 && $0 < 180 })
        #expect(try FormContrast(people, by: .moderation, chime, days: (0, 28), fewest: 8, seed: 1) == contrast)
        #expect(throws: NotComputable.self) {
            try FormContrast(Array(people.prefix(6)), by: .moderation, chime, days: (0, 28), fewest: 8, seed: 1)
        }
    }

    /// Forty in two arms, and those in rooms that are read first leave sooner: the rows say so for the axis on which the rooms differ.
    @Test func whoIsStillThereByForm() throws {
        let measures = try instruments(in: Self.measures)
        func form(_ moderation: Moderation) -> RoomForm {
            RoomForm(
                version: 1, interaction: .notLive, moderation: moderation, moderators: ["professional"], focus: [], bands: [.eighteen],
                size: 50, anonymity: false, hours: nil, promiseMinutes: 240, night: .wait)
        }
        func person(_ number: Int, forms: [FormAxis: String]? = nil) -> StudyPerson {
            let leaves = number % 2 == 1 && number < 12
            return StudyPerson(
                side: .seeker, band: .eighteen, arm: number % 2 == 0 ? "usual" : "other", askedBefore: .no, consentedAt: start,
                startedAt: start, letInAt: start, leftAt: leaves ? start + .days(number) : nil, leftHow: leaves ? .keep : nil,
                shares: false, answers: [:], harms: [], presence: forms.map { .init(threads: [0], replies: [], days: [], forms: $0) })
        }
        func report(_ plan: StudyProtocol, _ people: [StudyPerson], _ rooms: [StudyRoomForms] = []) -> StudyReport {
            StudyReport(plan, people, measures: measures, rooms: rooms, end: start + .days(70), seed: 1)
        }
        func rooms(_ second: RoomForm) -> [StudyRoomForms] {
            [("usual", form(.byRisk)), ("other", second)].map { StudyRoomForms(arm: $0, room: "a", before: $1, after: $1) }
        }
        let plan = try StudyProtocol(json: file())
        let people = (0..<40).map { person($0) }
        let one = report(plan, people, rooms(form(.before))).retentionByForm
        #expect(one.map(\.axis) == [.moderation], "alike along the other axes: nothing to tell apart")
        let moderation = try #require(one.first)
        #expect(
            moderation.isByChance && moderation.levels.map(\.level) == ["before", "byRisk"] && moderation.levels.map(\.people) == [20, 20])
        // Numbers 1, 3 ... 11 left on those days: six of twenty.
        #expect(abs(moderation.levels[0].curve.survival(at: 11) - 0.7) < 1e-12 && moderation.levels[1].curve.survival(at: 70) == 1)
        #expect(abs(moderation.levels[0].curve.survival(at: 6) - 0.85) < 1e-12)
        #expect(try #require(moderation.test).p < 0.01)
        #expect(report(plan, people).retentionByForm.isEmpty, "no rooms, no forms")
        // A group whose rooms differ along the axis has no form of its own.
        let mixed = rooms(form(.before)) + [StudyRoomForms(arm: "other", room: "b", before: form(.byRisk), after: form(.byRisk))]
        #expect(report(plan, people, mixed).retentionByForm.isEmpty)
        // Where people chose: the form they wrote in, groups of fewer than eight are in no row, nor is one left to stand by itself.
        let chosen = try StudyProtocol(
            json: file {
                $0["design"] = "uncontrolled"
                $0["arms"] = [["id": "usual", "rooms": ["a"]]]
            })
        func writing(_ few: Int) -> [StudyPerson] {
            (0..<40).map { person($0, forms: [.moderation: $0 < few ? "none" : $0 % 2 == 0 ? "byRisk" : "before"]) }
        }
        let own = try #require(report(chosen, writing(0)).retentionByForm.first)
        #expect(!own.isByChance && own.levels.map(\.people) == [20, 20] && own.test == nil)
        #expect(report(chosen, writing(14)).retentionByForm.first?.levels.map(\.people) == [13, 13, 14])
        // Seven who wrote where nobody reads would be told of; so would one who is in no group, by the whole less the groups.
        #expect(report(chosen, writing(7)).retentionByForm.isEmpty)
        #expect(report(chosen, writing(14) + [person(40)]).retentionByForm.isEmpty)
        #expect(report(chosen, writing(14) + (40..<48).map { person($0) }).retentionByForm.count == 1)
        // Two axes of which each alone would do, and together three stand apart.
        let crossed = (0..<40).map {
            person($0, forms: [.moderation: $0 < 20 ? "before" : "byRisk", .focus: $0 < 23 ? "general" : "specific"])
        }
        #expect(report(chosen, crossed).retentionByForm.map(\.axis) == [.moderation])
    }

    @Test func pooledOnlyWhatIsAlike() throws {
        func summary(_ points: Double, day: Int = 56) throws -> StudySummary {
            try JSONDecoder().decode(
                StudySummary.self,
                from: Data(
                    """
                    {"study":"s","protocol":"p","design":"two-arms","measure":"chime","day":\(day),"effects":[{"of":"other – usual","points":\(points),"variance":1,"people":40}],"arms":[]}
                    """.utf8))
        }
        let joined = try PooledStudies.join([summary(1), summary(2), summary(3)])
        #expect(joined.count == 1 && abs(joined[0].pooled.random - 2) < 1e-9 && joined[0].people == 120)
        #expect(throws: NotComputable.self) { try PooledStudies.join([summary(1)]) }
        #expect(throws: NotComputable.self) { try PooledStudies.join([summary(1), summary(2, day: 28)]) }
    }
}
