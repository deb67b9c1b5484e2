import Foundation

/// Noise that hides whether one person is in a figure: Laplace's distribution, and its discrete form for counts.
///
/// - Assumes that one person changes the figure by `sensitivity` at most.
/// - Limits: the continuous form is here for planning and for its tails; real draws are discrete and made with whole numbers
///   alone, since doubles leak through their gaps.
/// - Source: Dwork C et al. 2006; Mironov I. CCS 2012 (the leak); the sampler: Canonne CL, Kamath G, Steinke T. NeurIPS 2020.
///
/// Example: epsilon 1, sensitivity 1: within 3.0 with 95 %.
public struct LaplaceNoise: Sendable, Equatable {
    public let sensitivity: Double
    public let epsilon: Double

    public init(sensitivity: Double, epsilon: Double) throws(NotComputable) {
        try require(sensitivity > 0 && sensitivity.isFinite, "sensitivity must be above 0")
        try require(epsilon > 0 && epsilon.isFinite, "epsilon must be above 0")
        (self.sensitivity, self.epsilon) = (sensitivity, epsilon)
    }

    public var scale: Double { sensitivity / epsilon }
    public var deviation: Double { 2.0.squareRoot() * scale }
    /// What the noise stays within, either way, with 95 %.
    public var within95: Double { scale * log(20) }
    /// The chance of more than `distance` either way.
    public func tail(_ distance: Double) -> Double { exp(-distance / scale) }
    /// The value that a share `u` (above 0, below 1) of all noise lies below.
    public func quantile(_ u: Double) -> Double {
        precondition(u > 0 && u < 1, "a share between 0 and 1")
        return u < 0.5 ? scale * log(2 * u) : -scale * log(2 * (1 - u))
    }

    /// The ratio from one whole number to the next, e^(-epsilon / sensitivity).
    public var step: Double { exp(-epsilon / sensitivity) }
    public func chance(of count: Int) -> Double { (1 - step) / (1 + step) * pow(step, Double(abs(count))) }
    /// The chance of at most `count`.
    public func chance(upTo count: Int) -> Double {
        count < 0 ? pow(step, Double(-count)) / (1 + step) : 1 - pow(step, Double(count + 1)) / (1 + step)
    }
    public var discreteVariance: Double { 2 * step / square(1 - step) }

    /// Discrete noise for a count of sensitivity 1, with epsilon = `numerator` / `denominator`, by whole numbers alone.
    ///
    /// - Parameters: both at least 1 and at most 1,000,000. For what is published give the system's own generator.
    public static func draw(
        numerator: Int, denominator: Int, chance: inout some RandomNumberGenerator
    ) -> Int {
        precondition((1...1_000_000).contains(numerator) && (1...1_000_000).contains(denominator))
        while true {
            let u = Int.random(in: 0..<denominator, using: &chance)
            guard happensExp(u, denominator, &chance) else { continue }
            var wholes = 0
            while happensExp(1, 1, &chance) { wholes += 1 }
            let size = (u + denominator * wholes) / numerator
            let isBelow = Bool.random(using: &chance)
            if isBelow, size == 0 { continue }
            return isBelow ? -size : size
        }
    }

    /// True with the chance e^(-a/b), for 0 ≤ a ≤ b: how long a row of ever rarer draws lasts.
    private static func happensExp(_ a: Int, _ b: Int, _ chance: inout some RandomNumberGenerator) -> Bool {
        var k = 1
        while Int.random(in: 0..<(b * k), using: &chance) < a { k += 1 }
        return k % 2 == 1
    }
}

/// What has been told already: each noisy figure costs its epsilon, and the sum has an end.
///
/// - Assumes that figures may be about the same people; figures of groups that share nobody cost only the largest of theirs.
/// - Source: Dwork C, Roth A. The Algorithmic Foundations of Differential Privacy, 2014, 3.5.
///
/// Example: a budget of 1 lets 0.5 and 0.4 through, and not another 0.3.
public struct PrivacyLedger: Sendable, Equatable {
    public let budget: Double
    public private(set) var spent = 0.0

    public init(budget: Double) throws(NotComputable) {
        try require(budget > 0 && budget.isFinite, "a budget is above 0")
        self.budget = budget
    }

    /// Whether a figure may be told; if so it is paid for.
    public mutating func spend(_ epsilon: Double) -> Bool {
        guard epsilon >= 0, spent + epsilon <= budget + 1e-12 else { return false }
        spent += epsilon
        return true
    }

    /// Figures about groups that share nobody, told together.
    public mutating func spend(disjoint epsilons: [Double]) -> Bool {
        guard epsilons.allSatisfy({ $0 >= 0 }) else { return false }  // what is no number is not the least of them either
        return epsilons.max().map { spend($0) } ?? true
    }
}
