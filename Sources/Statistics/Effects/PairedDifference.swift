/// How far the same people moved between two occasions, in three spreads that must be told apart.
///
/// Tests that the mean change of the same people is 0.
///
/// - Assumes independent people and about normal differences.
/// - Limits: a change without a comparison; never call it an effect. Regression to the mean and time are in it.
/// - Source: Lakens D. Front Psychol 2013;4:863 (d_z, d_av, d_rm); the interval by the noncentral t.
///
/// Example: differences of 1, 2 and 3 have d_z = 2.
public struct PairedDifference: Sendable, Equatable {
    public let meanDifference: Double
    /// Of the mean difference.
    public let standardError: Double
    /// Over the deviation of the differences; over the mean of both deviations; and as d_z × √(2(1 - r)).
    public let dz: Double
    public let dav: Double
    public let drm: Double
    public let correlation: Double
    /// Hedges' exact factor with n - 1 degrees of freedom.
    public let correction: Double
    public let t: Double
    public let df: Double
    public let p: Double

    public var gz: Double { correction * dz }

    /// - Parameters: one value for each person on either occasion, in the same order; two people at least.
    public init(before: [Double], after: [Double]) throws(NotComputable) {
        try require(before.count == after.count, "as many values after as before")
        try require(before.count >= 2, "two people or more")
        try requireFinite(before + after, "scores")
        let n = Double(before.count)
        let differences = zip(after, before).map { $0 - $1 }
        guard let mean = differences.mean, let spread = differences.deviation, spread > 0 else {
            throw NotComputable("everybody moved by the same")
        }
        guard let r = Statistics.correlation(before, after), let sd1 = before.deviation, let sd2 = after.deviation else {
            throw NotComputable("one occasion does not vary")
        }
        meanDifference = mean
        standardError = spread / n.squareRoot()
        dz = mean / spread
        dav = mean / ((sd1 + sd2) / 2)
        drm = dz * (2 * (1 - r)).squareRoot()
        correlation = r
        df = n - 1
        correction = hedgesCorrection(df)
        t = dz * n.squareRoot()
        p = StudentT.twoSided(t, df: df)
    }

    /// Of d_z, by the noncentral t.
    public var interval: Interval { StudentT.noncentrality(of: t, df: df) * (1 / (df + 1).squareRoot()) }
}
