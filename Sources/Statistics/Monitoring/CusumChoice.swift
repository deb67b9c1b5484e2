import Foundation

/// What a limit h would do: how often a watch rings for nothing, and how soon it rings when there is something.
///
/// - Assumes events that come independently at one rate (Poisson), and as many person-weeks in each week.
/// - Limits: by simulation, so each share is known to a point or two for 2,000 runs; nobody comes or leaves in the middle of it.
/// - Source: as `HarmCusum`; Steiner SH et al. Biostatistics 2000;1:441-452 choose the limit in the same way.
///
/// Example: from 0.01 to 0.03 with 60 people over 26 weeks, h = 4 rings for nothing less often than h = 2, and later.
public struct CusumChoice: Sendable, Equatable {
    public let h: Double
    /// The share of runs at the usual rate that ring at all, 0 to 1.
    public let falseAlarms: Double
    /// The share of runs at the raised rate that ring.
    public let found: Double
    /// The middle week of ringing among those runs at the raised rate that ring; nil where none does.
    public let weeksToRing: Int?

    /// - Parameters: rates a person-week; `people` in each of `weeks`; the same seed makes the same answer.
    /// - Throws: `NotComputable` as `HarmCusum` does, and for fewer than one person, week or run.
    public static func simulate(
        from usual: Double, to raised: Double, people: Int, weeks: Int, h: [Double], runs: Int = 2000, seed: UInt64
    ) throws(NotComputable) -> [CusumChoice] {
        try require(people > 0 && weeks > 0 && runs > 0, "one person, one week, one run at least")
        var made: [CusumChoice] = []
        for limit in h {
            let watch = try HarmCusum(from: usual, to: raised, h: limit)
            let exposures = [Double](repeating: Double(people), count: weeks)
            func ringing(at rate: Double, part: Int) throws(NotComputable) -> [Int] {
                var chance = SeededChance(seed: SeededChance.seed(seed, part: part))
                var found: [Int] = []
                for _ in 0..<runs {
                    let events = exposures.map { chance.poisson(rate * $0) }
                    if let week = try watch.sums(events: events, exposures: exposures).firstIndex(where: watch.rings) {
                        found.append(week + 1)
                    }
                }
                return found.sorted()
            }
            let (nothing, something) = (try ringing(at: usual, part: 0), try ringing(at: raised, part: 1))
            made.append(
                CusumChoice(
                    h: limit, falseAlarms: Double(nothing.count) / Double(runs), found: Double(something.count) / Double(runs),
                    weeksToRing: something.isEmpty ? nil : something[something.count / 2]))
        }
        return made
    }
}

extension SeededChance {
    /// How many events come where this many are expected: by adding up the times between them (Devroye L. 1986, X.3).
    mutating func poisson(_ expected: Double) -> Int {
        var (count, time) = (0, -log(1 - share()))
        while time < expected {
            count += 1
            time -= log(1 - share())
        }
        return count
    }
}
