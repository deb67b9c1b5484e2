/// The same analysis of several filled-in data sets, joined: Rubin's rules.
///
/// - Assumes imputations that vary as the missing answers might; missing at random given what they were made from.
/// - Limits: of few sets the variance between is shaky; what is missing for its own sake stays unseen (`StudyReport.Sensitivity` asks what if).
/// - Source: Rubin DB. Multiple Imputation for Nonresponse, 1987; degrees of freedom by Barnard J, Rubin DB. Biometrika
///   1999;86:948-955.
///
/// Example: imputations that agree add nothing to the variance within.
public struct PooledImputations: Sendable, Equatable {
    public let estimate: Double
    public let within: Double
    public let between: Double
    public let total: Double
    /// The share of the variance that comes from what is missing.
    public let missingShare: Double
    public let df: Double
    public let interval: Interval

    public var standardError: Double { total.squareRoot() }

    /// - Parameters: two imputations at least, a variance above 0 for each; `completeDF` what the analysis had without gaps.
    public init(estimates: [Double], variances: [Double], completeDF: Double) throws(NotComputable) {
        try require(estimates.count == variances.count && estimates.count >= 2, "two imputations or more, each with a variance")
        try requireFinite(estimates, "estimates")
        try require(variances.allSatisfy { $0 > 0 && $0.isFinite } && completeDF > 0, "variances and degrees of freedom are above 0")
        let m = Double(estimates.count)
        estimate = estimates.reduce(0, +) / m
        within = variances.reduce(0, +) / m
        between = estimates.variance ?? 0
        let extra = (1 + 1 / m) * between
        total = within + extra
        missingShare = extra / total
        let observed = (completeDF + 1) / (completeDF + 3) * completeDF * (1 - missingShare)
        let old = (m - 1) / square(missingShare)
        df = missingShare == 0 ? observed : old * observed / (old + observed)
        let half = StudentT.quantile(0.975, df: df) * total.squareRoot()
        try require(half.isFinite, "the imputations differ so much that no interval can be told")
        interval = Interval(estimate - half, estimate + half)
    }
}
