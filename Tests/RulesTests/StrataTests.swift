import Foundation
import Statistics
import Testing

@testable import Rules

/// What chance put people into arms by stands in the model.
@Suite struct StrataTests {
    private static let measures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Content/measures")
        .standardizedFileURL
    private let plan = StudyProtocol(
        id: "strata", title: "Made up", design: .twoArms, arms: [.init(id: "usual", rooms: ["a"]), .init(id: "other", rooms: ["b"])],
        bands: [.sixteen, .eighteen], blocks: [2], primary: "chime", days: [0, 42], wanted: 20, runner: .outside,
        harm: .init(usual: 0.01, raised: 0.03, h: 4))

    private func effect(_ people: [TrialPerson]) throws -> Effect? {
        switch try plan.analysis(people).first {
        case .effect(let one): one
        case .change, nil: nil
        }
    }

    /// Two strata twelve points apart, and an effect of exactly two: with its term nothing but the wobble of one point is left.
    @Test func aStratumThatLiesElsewhereIsNoNoise() throws {
        let people = (0..<32).map { number in
            let (other, old) = (number % 2 == 1, number % 4 > 1)
            let wobble = number / 4 % 2 == 0 ? 0.5 : -0.5
            return TrialPerson(
                arm: other ? "other" : "usual", before: Double(20 + number / 8),
                after: Double(20 + number / 8) + (other ? 2 : 0) + (old ? 12 : 0) + wobble,
                strata: [old ? "18-25" : "16-17"])
        }
        let with = try #require(try effect(people))
        let without = try #require(try effect(people.map { TrialPerson(arm: $0.arm, before: $0.before, after: $0.after) }))
        #expect(abs(with.points - 2) < 1e-9 && abs(without.points - 2) < 1e-9)
        #expect(with.error * 8 < without.error && with.isFound && !without.isFound)
        #expect((with.df, without.df) == (28, 29))
    }

    @Test func aStratumHasATermOnlyWhereItCompares() {
        func person(_ arm: String, _ band: String) -> TrialPerson { TrialPerson(arm: arm, before: 1, after: 1, strata: [band]) }
        let whole = ["usual", "other"].flatMap { arm in
            (0..<3).map { _ in person(arm, "18-25") } + (0..<2).map { _ in person(arm, "16-17") }
        }
        #expect(StrataTerms(whole, arms: ["usual", "other"]).levels == [["16-17"]])
        // One person of a stratum in an arm would be all that its term knows there.
        let lone = Array(whole.dropLast())
        #expect(StrataTerms(lone, arms: ["usual", "other"]).levels == [[]])
        #expect(StrataTerms(lone, arms: ["usual", "other"]).columns(lone).isEmpty)
        #expect(StrataTerms([], arms: ["usual", "other"]).count == 0)
    }

    /// Strata that lie a deviation apart: intervals still hold the truth as often as they say, and more is found than without terms.
    @Test func intervalsHoldWhereStrataDiffer() throws {
        let chime = try #require(try instruments(in: Self.measures).first { $0.id == "chime" })
        var trial = SimulatedTrial()
        (trial.apart, trial.seed, trial.people) = (1, 400, 160)
        let with = try trial.check(seeds: 300, chime)
        #expect(with.allSatisfy { (0.92...0.98).contains($0.covered) }, "\(with)")
        var found = 0
        for number in 0..<300 {
            trial.seed = 400 + UInt64(number)
            let blind = try trial.run(chime).map { TrialPerson(arm: $0.arm, before: $0.before, after: $0.after) }
            guard case .effect(let one)? = try SimulatedTrial.plan.analysis(blind).first else { continue }
            found += one.isFound ? 1 : 0
        }
        #expect(with[0].found > Double(found) / 300, "\(with[0].found), \(found)")
    }

    /// Missing ones of a stratum that lies lower are filled in from their own.
    @Test func gapsAreFilledFromTheSameStratum() throws {
        let chime = try #require(try instruments(in: Self.measures).first { $0.id == "chime" })
        let start = Instant(milliseconds: 1_000_000_000_000)
        func person(_ number: Int) -> StudyPerson {
            let (other, old) = (number % 2 == 1, number % 4 > 1)
            let base = 2 + number / 4 % 3
            var answers = [StudyPoint("chime", 0): [Int?](repeating: base, count: 5)]
            // The older ones of the other arm leave more often.
            if !(old && other && number % 3 != 0) {
                answers[StudyPoint("chime", 42)] = (0..<5).map { base + (old ? 3 : 0) + (other ? 1 : 0) + ($0 == 0 ? number / 12 % 2 : 0) }
            }
            return StudyPerson(
                side: .seeker, band: old ? .eighteen : .sixteen, arm: other ? "other" : "usual", askedBefore: .no, consentedAt: start,
                startedAt: start, letInAt: start, leftAt: nil, leftHow: nil, shares: true, answers: answers, harms: [], presence: nil)
        }
        let report = StudyReport(plan, (0..<96).map(person), measures: [chime], end: start + .days(80), seed: 3)
        guard case .told(let rows) = report.sensitivity, case .told(let main) = report.main, case .effect(let one)? = main.first?.outcome
        else {
            Issue.record("\(report.sensitivity) \(report.main)")
            return
        }
        #expect(abs(one.points - 5) < 0.3 && abs(rows[0].asSeen.estimate - 5) < 0.3, "\(one.points) \(rows[0].asSeen.estimate)")
    }
}
