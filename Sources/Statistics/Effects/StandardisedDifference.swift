/// How far two groups stand apart, in their own spread: Hedges' g.
///
/// Tests nothing: it measures, and its interval says how surely.
///
/// - Assumes independent people, about normal scores and about one spread.
/// - Limits: a difference of two groups is an effect only where chance put people into them.
/// - Source: Hedges LV. J Educ Stat 1981;6:107-128; the interval by the noncentral t after Cumming G, Finch S. Educ Psychol
///   Meas 2001;61:532-574; the normal interval by Hedges LV, Olkin I. 1985.
///
/// Example: 11.2 (SD 5.1, n 48) against 13.9 (5.6, n 52): g -0.50, 95 % interval -0.89 to -0.10.
public struct StandardisedDifference: Sendable, Equatable {
    public let difference: Double
    public let pooledDeviation: Double
    /// The difference over the pooled deviation, before the small-sample correction.
    public let d: Double
    /// Γ(df/2) / (√(df/2) Γ((df-1)/2)), and its usual approximation 1 - 3/(4 df - 1).
    public let correction: Double
    public let approximateCorrection: Double
    public let t: Double
    public let df: Double
    public let p: Double
    private let count1: Double
    private let count2: Double

    /// - Parameters: the mean, the deviation (above 0 in one group at least) and the count (2 at least) of each group.
    public init(mean1: Double, deviation1: Double, count1: Int, mean2: Double, deviation2: Double, count2: Int) throws(NotComputable) {
        try requireFinite([mean1, deviation1, mean2, deviation2], "means and deviations")
        try require(count1 >= 2 && count2 >= 2, "each group needs two people or more")
        try require(deviation1 >= 0 && deviation2 >= 0, "a deviation is at least 0")
        let (n1, n2) = (Double(count1), Double(count2))
        df = n1 + n2 - 2
        pooledDeviation = (((n1 - 1) * square(deviation1) + (n2 - 1) * square(deviation2)) / df).squareRoot()
        try require(pooledDeviation > 0, "nobody differs within the groups")
        difference = mean1 - mean2
        d = difference / pooledDeviation
        correction = hedgesCorrection(df)
        approximateCorrection = 1 - 3 / (4 * df - 1)
        t = d / (1 / n1 + 1 / n2).squareRoot()
        p = StudentT.twoSided(t, df: df)
        (self.count1, self.count2) = (n1, n2)
    }

    /// Hedges' g with the exact correction.
    public var g: Double { correction * d }
    /// With the approximate correction, and the variance that pooling over studies takes (statsmodels).
    public var approximateG: Double { approximateCorrection * d }
    public var variance: Double {
        (count1 + count2) / (count1 * count2) + square(approximateG) / (2 * (count1 + count2 - 3.94))
    }

    /// Around the approximate g, by the normal distribution.
    public var normalInterval: Interval {
        let half = Normal.z95 * variance.squareRoot()
        return Interval(approximateG - half, approximateG + half)
    }

    /// Of g, by the noncentral t: exact where the assumptions hold.
    public var interval: Interval {
        StudentT.noncentrality(of: t, df: df) * ((1 / count1 + 1 / count2).squareRoot() * correction)
    }
}

/// Hedges' factor for a small sample, exact; 1 in the limit, 0 with one degree of freedom: two people tell nothing.
func hedgesCorrection(_ df: Double) -> Double { df > 1 ? gammaRatio(df / 2, (df - 1) / 2) / (df / 2).squareRoot() : 0 }
