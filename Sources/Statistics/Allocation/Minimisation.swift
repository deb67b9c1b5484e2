/// Each new person goes, most likely, to the arm that keeps the arms alike in what matters.
///
/// For each arm: were it taken, how far would the counts at this person's level of each factor lie apart (largest less
/// smallest, times the factor's weight)? The arm with the least sum is preferred.
///
/// - Assumes that people come one after another and stay where they were put.
/// - Limits: without chance the next arm can be told beforehand; keep `likelihood` below 1, and analyse with the factors in.
/// - Source: Pocock SJ, Simon R. Biometrics 1975;31:103-115.
///
/// Example: the first person's arms tie, and a plain draw decides.
public struct Minimisation: Sendable {
    public let arms: [String]
    public let weights: [Double]
    /// Of the preferred arm; the others share the rest.
    public let likelihood: Double
    private var counts: [[String: [Double]]]
    private var chance: SeededChance

    /// - Parameters: one weight above 0 for each factor; `likelihood` from 1 / arms, a plain draw, to 1.
    public init(arms: [String], weights: [Double], likelihood: Double, seed: UInt64) throws(NotComputable) {
        try require(arms.count >= 2 && Set(arms).count == arms.count, "two arms or more, each once")
        try require(!weights.isEmpty && weights.allSatisfy { $0 > 0 && $0.isFinite }, "one weight above 0 for each factor")
        try require(likelihood >= 1 / Double(arms.count) && likelihood <= 1, "the likelihood is at least that of a plain draw, at most 1")
        (self.arms, self.weights, self.likelihood) = (arms, weights, likelihood)
        counts = weights.map { _ in [:] }
        chance = SeededChance(seed: seed)
    }

    /// Puts the next person, with a level for each factor, into an arm; says what each arm's imbalance would have been.
    public mutating func place(_ levels: [String]) throws(NotComputable) -> (arm: String, imbalance: [Double]) {
        try require(levels.count == weights.count, "a level for each factor")
        let imbalance = arms.indices.map { arm in
            weights.indices.reduce(0.0) { sum, factor in
                var now = counts[factor][levels[factor]] ?? arms.map { _ in 0 }
                now[arm] += 1
                return sum + weights[factor] * ((now.max() ?? 0) - (now.min() ?? 0))
            }
        }
        let smallest = imbalance.min() ?? 0
        let preferred = arms.indices.filter { imbalance[$0] <= smallest + 1e-12 }
        let taken = preferred.count > 1 ? preferred[chance.below(preferred.count)] : draw(preferred[0])
        for factor in weights.indices {
            counts[factor][levels[factor], default: arms.map { _ in 0 }][taken] += 1
        }
        return (arms[taken], imbalance)
    }

    /// Counts somebody who was put into an arm before.
    public mutating func count(_ levels: [String], in arm: String) throws(NotComputable) {
        try require(levels.count == weights.count, "a level for each factor")
        guard let place = arms.firstIndex(of: arm) else { throw NotComputable("\(arm) is no arm") }
        for factor in weights.indices { counts[factor][levels[factor], default: arms.map { _ in 0 }][place] += 1 }
    }

    private mutating func draw(_ preferred: Int) -> Int {
        let u = chance.share()
        if u < likelihood { return preferred }
        let others = arms.indices.filter { $0 != preferred }
        return others[min(others.count - 1, Int((u - likelihood) / (1 - likelihood) * Double(others.count)))]
    }
}
