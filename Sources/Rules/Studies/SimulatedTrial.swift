import Foundation
import Statistics

/// A made-up trial, for testing the whole way from enrolment to interval: real allocation, real scoring of real answers, drop-out
/// that depends on how people began. Its truth is known.
public struct SimulatedTrial: Sendable {
    public var people = 240
    /// True effects in deviations of the outcome: of the first factor, of the second, and of both together.
    public var effects: [Double] = [0.3, 0, 0]
    /// How far the age bands lie from one another after, in deviations: strata that differ in level.
    public var apart = 0.0
    /// How much of before is still there after.
    public var carriedOver = 0.6
    /// Who leaves, in the mean; those who began worse leave more often.
    public var leaves = 0.25
    public var seed: UInt64 = 1

    public init() {}

    /// The deviation of a total, in points of the measure.
    public static let deviation = 8.0

    public static let plan = StudyProtocol(
        id: "made-up", title: "A made-up trial", design: .factorial,
        arms: [
            .init(id: "alone", levels: [-0.5, -0.5], rooms: ["a"]), .init(id: "live", levels: [0.5, -0.5], rooms: ["b"]),
            .init(id: "guided", levels: [-0.5, 0.5], rooms: ["c"]), .init(id: "live-guided", levels: [0.5, 0.5], rooms: ["d"]),
        ], factors: ["live", "guided"], bands: [.sixteen, .eighteen], blocks: [4, 8], primary: "chime", days: [0, 42], wanted: 60,
        runner: .outside, ethics: "made up", ethicsUntil: .never, monitor: "made up", harm: .init(usual: 0.01, raised: 0.03, h: 4))

    /// The same seed makes the same trial.
    public func run(_ measure: Instrument) throws -> [TrialPerson] {
        var chance = SeededChance(seed: seed &* 0x9e37_79b9 &+ 17)
        let plan = Self.plan
        let middle = (measure.total.lowest + measure.total.highest) / 2
        var places: [AgeBand: Int] = [:]
        let lists = try Dictionary(uniqueKeysWithValues: plan.bands.map { ($0, try plan.list(seed: seed, stratum: $0, count: people)) })
        var made: [TrialPerson] = []
        for _ in 0..<people {
            let band = plan.bands[chance.below(plan.bands.count)]
            guard
                plan.mayEnrol(
                    band: band, isIn: false, saidNo: false, places: people - made.count, isInDanger: false, parents: .none, consentAge: 16)
                    == .ask, let list = lists[band]
            else { continue }
            let arm = list[places[band] ?? 0]
            places[band] = (places[band] ?? 0) + 1
            let levels = plan.arms.first { $0.id == arm }?.levels ?? [0, 0]
            let start = chance.normal()
            let lift = effects[0] * levels[0] + effects[1] * levels[1] + effects[2] * levels[0] * levels[1]
            let end =
                carriedOver * start + lift + (1 - carriedOver * carriedOver).squareRoot() * chance.normal()
                + (band == plan.bands[0] ? -0.5 : 0.5) * apart
            let before = try score(middle + Self.deviation * start, measure, &chance)
            let after = try score(middle + Self.deviation * end, measure, &chance)
            let stays = !chance.happens(min(0.9, max(0, leaves * (1 - 0.4 * start))))
            made.append(TrialPerson(arm: arm, before: before, after: stays ? after : nil, strata: [band.rawValue]))
        }
        return made
    }

    /// Answers that come to this total, scored as anybody's are.
    private func score(_ total: Double, _ measure: Instrument, _ chance: inout SeededChance) throws -> Double {
        let (items, low, high) = (measure.items.count, measure.lowest, measure.highest)
        var rest = min(max(Int(total.rounded()), low * items), high * items) - low * items
        var answers = [Int](repeating: low, count: items)
        while rest > 0 {
            let item = chance.below(items)
            if answers[item] < high {
                answers[item] += 1
                rest -= 1
            }
        }
        guard let found = try Score(answers.map { $0 }, by: measure).total else { throw NotComputable("a complete form without a total") }
        return found
    }

    /// Over many seeds: how often intervals hold the truth, and how often something is found.
    public struct Check: Sendable, Equatable {
        public let of: String
        public let truth: Double
        public let covered: Double
        public let found: Double
    }

    public func check(seeds: Int, _ measure: Instrument) throws -> [Check] {
        var counts = [(String, Int, Int)](repeating: ("", 0, 0), count: 3)
        for number in 0..<seeds {
            var one = self
            one.seed = seed &+ UInt64(number)
            for (place, outcome) in try Self.plan.analysis(one.run(measure)).enumerated() {
                guard case .effect(let effect) = outcome else { continue }
                counts[place].0 = effect.of
                if effect.interval.contains(effects[place] * Self.deviation) { counts[place].1 += 1 }
                if effect.isFound { counts[place].2 += 1 }
            }
        }
        return counts.enumerated().map { place, count in
            Check(
                of: count.0, truth: effects[place] * Self.deviation, covered: Double(count.1) / Double(seeds),
                found: Double(count.2) / Double(seeds))
        }
    }
}

extension SeededChance {
    /// A standard normal by Box and Muller.
    mutating func normal() -> Double { (-2 * log(1 - share())).squareRoot() * cos(2 * .pi * share()) }
}
