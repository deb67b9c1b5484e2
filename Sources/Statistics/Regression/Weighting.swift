import Foundation

/// Two groups that nobody put there by chance, made comparable in what was measured: inverse-probability weights.
///
/// - Assumes that everything which drives both the choice and the outcome was measured, and that everybody could have been in
///   either group. Neither can be tested.
/// - Limits: report the balance before the outcome; a small effective sample says that few people carry the weight.
/// - Source: Austin PC, Stuart EA. Stat Med 2015;34:3661-3679. Standardised differences keep the unweighted pooled deviation.
///
/// Example: without terms that differ all weights are 1.
public struct PropensityWeights: Sendable {
    /// Of the log odds: intercept, then the terms in their order.
    public let coefficients: [Double]
    public let standardErrors: [Double]
    /// Each person's chance of being in arm 1.
    public let propensity: [Double]
    /// Stabilised by the arm's share.
    public let weights: [Double]
    private let terms: [[Double]]
    private let arm: [Int]

    /// - Parameters: one list for each term, one value for each person; `arm` is 0 or 1.
    public init(terms: [[Double]], arm: [Int]) throws(NotComputable) {
        try require(terms.allSatisfy { $0.count == arm.count }, "one value of each term for each person")
        try require(arm.allSatisfy { $0 == 0 || $0 == 1 }, "an arm is 0 or 1")
        try require(arm.count(where: { $0 == 1 }) >= 2 && arm.count(where: { $0 == 0 }) >= 2, "each arm needs two people or more")
        for term in terms { try requireFinite(term, "terms") }
        let share = Double(arm.reduce(0, +)) / Double(arm.count)
        let fit = try IteratedFit(
            Matrix(columns: [arm.map { _ in 1 }] + terms), arm.map(Double.init), offset: arm.map { _ in 0 },
            start: [log(share / (1 - share))] + terms.map { _ in 0 },
            mean: { eta in
                let p = 1 / (1 + exp(-eta))
                return (p, p * (1 - p))
            }, variance: { $0 * (1 - $0) })
        coefficients = fit.coefficients
        standardErrors = fit.standardErrors
        propensity = fit.means
        weights = zip(arm, fit.means).map { $0 == 1 ? share / $1 : (1 - share) / (1 - $1) }
        (self.terms, self.arm) = (terms, arm)
    }

    /// The difference of each term between the arms, in the pooled deviation of the unweighted people. Below 0.1 counts as balanced.
    public func differences(weighted: Bool) -> [Double] {
        terms.map { term in
            let (one, zero) = ((0..<arm.count).filter { arm[$0] == 1 }, (0..<arm.count).filter { arm[$0] == 0 })
            let spread = (((one.map { term[$0] }.variance ?? 0) + (zero.map { term[$0] }.variance ?? 0)) / 2).squareRoot()
            return (mean(term, one, weighted) - mean(term, zero, weighted)) / spread
        }
    }

    /// The difference of the outcome's means, arm 1 less arm 0.
    public func effect(on outcome: [Double], weighted: Bool) -> Double {
        precondition(outcome.count == arm.count, "one outcome for each person")
        return mean(outcome, (0..<arm.count).filter { arm[$0] == 1 }, weighted)
            - mean(outcome, (0..<arm.count).filter { arm[$0] == 0 }, weighted)
    }

    /// How many unweighted people each arm is worth: (Σw)² / Σw².
    public func effectiveSize(arm wanted: Int) -> Double {
        let own = (0..<arm.count).filter { arm[$0] == wanted }.map { weights[$0] }
        return square(own.reduce(0, +)) / own.reduce(0) { $0 + $1 * $1 }
    }

    private func mean(_ values: [Double], _ people: [Int], _ weighted: Bool) -> Double {
        let sum = people.reduce((0.0, 0.0)) { sum, i in
            let weight = weighted ? weights[i] : 1
            return (sum.0 + weight * values[i], sum.1 + weight)
        }
        return sum.0 / sum.1
    }
}
