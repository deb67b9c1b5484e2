/// How many people a trial of two arms needs, for each arm.
///
/// The t-test's number, times 1 - ρ² for a baseline taken into account, times 1 + (m - 1) ICC for groups of m, over 1 - loss;
/// each step keeps its fraction, and only the last is rounded up.
///
/// - Assumes equal arms, one spread, a two-sided test.
/// - Limits: the interaction of a two-by-two trial needs four times as many for an effect of the same size.
/// - Source: Cohen J. Statistical Power Analysis, 1988; Borm GF, Fransen J, Lemmens W. J Clin Epidemiol 2007;60:1234-1238 (1 - ρ²);
///   Donner A, Klar N. 2000 (groups). Power by the noncentral t, exact.
///
/// Example: d 0.3, power 0.9: 234.5 each; with ρ 0.5 and a loss of 0.3, 252 enrolled in each arm.
public struct SampleSize: Sendable, Equatable {
    public let plain: Double
    public let withBaseline: Double
    public let withGroups: Double
    public let enrolled: Int

    /// - Parameters: `effect` in deviations, not 0; `alpha`, `power` between 0 and 1; `baseline` the correlation ρ of before and
    ///   after, below 1 either way; `groupSize` at least 1, `icc` and `loss` from 0 up to but not 1.
    public init(
        effect: Double, alpha: Double = 0.05, power: Double, baseline: Double = 0, groupSize: Double = 1, icc: Double = 0, loss: Double = 0
    ) throws(NotComputable) {
        try require(effect != 0 && effect.isFinite, "an effect of 0 can not be found")
        try require(alpha > 0 && alpha < 1 && power > alpha && power < 1, "alpha and power lie between 0 and 1, power above alpha")
        try require(abs(baseline) < 1, "a correlation of 1 leaves nothing to find")
        try require(groupSize >= 1 && (0..<1).contains(icc) && (0..<1).contains(loss), "groups of 1 or more; ICC and loss from 0, below 1")
        guard
            let found = root(between: 2, and: 1e7, { tTestPower(effect: effect, perArm: $0, alpha: alpha) - power })
        else { throw NotComputable("no number between 2 and ten million gives this power") }
        plain = found
        withBaseline = plain * (1 - baseline * baseline)
        withGroups = withBaseline * (1 + (groupSize - 1) * icc)
        enrolled = Int((withGroups / (1 - loss) - 1e-9).rounded(.up))
    }

    /// For each arm, to find by an interaction what this many find by a main effect.
    public var enrolledForInteraction: Int { 4 * enrolled }
}

/// The chance that a two-sided t-test of two arms of `perArm` (2 at least, fractions allowed) finds `effect` deviations.
public func tTestPower(effect: Double, perArm: Double, alpha: Double = 0.05) -> Double {
    let df = 2 * perArm - 2
    let ncp = abs(effect) * (perArm / 2).squareRoot()
    let line = StudentT.quantile(1 - alpha / 2, df: df)
    return StudentT.noncentralUpper(line, df: df, ncp: ncp) + StudentT.noncentralLower(-line, df: df, ncp: ncp)
}
