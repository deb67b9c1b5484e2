import Foundation

/// So many events in so much time, with the exact interval.
///
/// Tests that the ratio of rates is 1.
///
/// - Assumes events that come independently at one rate.
/// - Limits: the same people again and again make the interval too narrow; then `NegativeBinomialRates`.
/// - Source: Garwood F. Biometrika 1936;28:437-442.
///
/// Example: no event in 12.5 person-years: rate 0, up to 0.295.
public struct EventRate: Sendable, Equatable {
    public let events: Int
    public let exposure: Double
    public let rate: Double
    /// 95 %.
    public let interval: Interval

    public init(events: Int, exposure: Double) throws(NotComputable) {
        try require(events >= 0, "events are counted from 0")
        try require(exposure > 0 && exposure.isFinite, "the time watched must be above 0")
        (self.events, self.exposure) = (events, exposure)
        rate = Double(events) / exposure
        let lower = events == 0 ? 0 : ChiSquared.quantile(0.025, df: 2 * Double(events)) / 2
        interval = Interval(lower / exposure, ChiSquared.quantile(0.975, df: 2 * Double(events) + 2) / 2 / exposure)
    }
}

/// One person's (or room's) events, the time it was watched, and its arm (0 or 1).
public struct WatchedCount: Sendable, Equatable {
    public let events: Int
    public let exposure: Double
    public let arm: Int

    public init(events: Int, exposure: Double, arm: Int) { (self.events, self.exposure, self.arm) = (events, exposure, arm) }

    static func design(_ counts: [WatchedCount]) throws(NotComputable) -> (Matrix, [Double], [Double]) {
        try require(counts.count > 2, "three counts or more")
        try require(counts.allSatisfy { $0.events >= 0 }, "events are counted from 0")
        try require(counts.allSatisfy { $0.exposure > 0 && $0.exposure.isFinite }, "the time watched must be above 0")
        try require(counts.allSatisfy { $0.arm == 0 || $0.arm == 1 }, "an arm is 0 or 1")
        for arm in 0...1 {
            try require(counts.contains { $0.arm == arm && $0.events > 0 }, "one arm has no events: a ratio has no value there")
        }
        return (
            Matrix(columns: [counts.map { _ in 1 }, counts.map { Double($0.arm) }]), counts.map { Double($0.events) },
            counts.map { log($0.exposure) }
        )
    }
}

/// The ratio of two arms' rates, by Poisson regression with the time watched as offset.
///
/// - Assumes a variance equal to the mean: look at `dispersion`, and well above 1 take `NegativeBinomialRates`.
/// - Source: McCullagh P, Nelder JA. Generalized Linear Models, 1989.
///
/// Example: 2 in 10 and 6 in 10 give a ratio of 3.
public struct PoissonRates: Sendable {
    /// Of the log rate: intercept, arm.
    public let coefficients: [Double]
    public let standardErrors: [Double]
    public let deviance: Double
    /// Pearson's chi-square over its degrees of freedom.
    public let dispersion: Double

    public init(_ counts: [WatchedCount]) throws(NotComputable) {
        let (design, outcome, offset) = try WatchedCount.design(counts)
        let overall = log(outcome.reduce(0, +) / counts.reduce(0) { $0 + $1.exposure })
        let fit = try IteratedFit(
            design, outcome, offset: offset, start: [overall, 0],
            mean: { eta in
                let mu = exp(eta)
                return (mu, mu)
            }, variance: { $0 })
        coefficients = fit.coefficients
        standardErrors = fit.standardErrors
        deviance = zip(outcome, fit.means).reduce(0) { sum, pair in
            let (y, mu) = pair
            return sum + 2 * ((y > 0 ? y * log(y / mu) : 0) - (y - mu))
        }
        dispersion = zip(outcome, fit.means).reduce(0) { $0 + square($1.0 - $1.1) / $1.1 } / Double(counts.count - 2)
    }

    public var ratio: Double { exp(coefficients[1]) }
    /// 95 %, by the normal.
    public var interval: Interval {
        let half = Normal.z95 * standardErrors[1]
        return Interval(exp(coefficients[1] - half), exp(coefficients[1] + half))
    }
}
