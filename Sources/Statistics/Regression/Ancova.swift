/// Two arms compared after, with before taken into account.
///
/// - Assumes that chance put people into the arms, one slope on the baseline for all, complete outcomes.
/// - Limits: people who left need imputation first; groups or more than one follow-up need a mixed model.
/// - Source: Vickers AJ, Altman DG. BMJ 2001;323:1123-1124.
///
/// Example: the arm's coefficient is the effect in points of the measure.
public struct Ancova: Sendable {
    /// Intercept, arm, baseline: in this order everywhere; strata come after them.
    public static let terms = ["Intercept", "arm", "pre"]
    public let fit: LeastSquares
    private let middle: Double
    private let strata: [Double]

    /// - Parameters: one value for each person; `arm` is 0 or 1. `strata` are further columns: what people were put into arms by
    ///   belongs into the model (ICH E9, 5.7; EMA/CHMP/295050/2013).
    public init(before: [Double], after: [Double], arm: [Int], strata: [[Double]] = []) throws(NotComputable) {
        try require(before.count == after.count && arm.count == after.count, "one arm and two scores for each person")
        try require(arm.allSatisfy { $0 == 0 || $0 == 1 }, "an arm is 0 or 1")
        try require(arm.contains(0) && arm.contains(1), "nobody is in one of the arms")
        try require(strata.allSatisfy { $0.count == after.count }, "one stratum for each person")
        fit = try LeastSquares(Matrix(columns: [before.map { _ in 1 }, arm.map(Double.init), before] + strata), after)
        middle = before.mean ?? 0
        self.strata = strata.map { $0.mean ?? 0 }
    }

    public var effect: Double { fit.coefficients[1] }
    public var interval: Interval { fit.intervals[1] }
    public var p: Double { fit.p[1] }

    /// What each arm would come to at the mean baseline, and with the strata as they were.
    public var adjustedMeans: (control: Double, treated: Double) {
        let control =
            fit.coefficients[0] + fit.coefficients[2] * middle + zip(fit.coefficients.dropFirst(3), strata).reduce(0) { $0 + $1.0 * $1.1 }
        return (control, control + effect)
    }
}

/// Two or three forms of support crossed, two levels each: do they differ, and does one change what another does?
///
/// Tests, for each term, that it is 0: no difference between the levels, or none that depends on another factor.
///
/// Effect coding (-0.5 and +0.5), so that a main effect is the mean over both levels of the other factor.
///
/// - Assumes as `Ancova`.
/// - Limits: an interaction needs four times the people of a main effect of the same size.
/// - Source: Montgomery AA, Peters TJ, Little P. BMC Med Res Methodol 2003;3:26.
///
/// Example: the last coefficient but one is the difference of differences.
public struct FactorialAncova: Sendable {
    /// Intercept, the terms in the order of `terms`, baseline; strata come after them.
    public let fit: LeastSquares

    /// Which factors each term holds, by their places: each alone, then by two, then all three.
    public static func terms(of factors: Int) -> [[Int]] {
        (1..<(1 << factors)).map { bits in (0..<factors).filter { bits >> $0 & 1 == 1 } }.sorted { one, other in
            one.count != other.count ? one.count < other.count : one.lexicographicallyPrecedes(other)
        }
    }

    /// - Parameter factors: two or three; for each the levels of all people, -0.5 or +0.5.
    public init(before: [Double], after: [Double], factors: [[Double]], strata: [[Double]] = []) throws(NotComputable) {
        try require((2...3).contains(factors.count), "two or three factors")
        try require(
            before.count == after.count && factors.allSatisfy { $0.count == after.count },
            "a level of each factor and two scores for each person")
        try require(factors.joined().allSatisfy { abs($0) == 0.5 }, "a level is -0.5 or +0.5")
        try require(strata.allSatisfy { $0.count == after.count }, "one stratum for each person")
        let columns = Self.terms(of: factors.count).map { term in
            after.indices.map { person in term.reduce(1.0) { $0 * factors[$1][person] } }
        }
        fit = try LeastSquares(Matrix(columns: [before.map { _ in 1 }] + columns + [before] + strata), after)
    }

    /// - Parameters: `first` and `second` are -0.5 or +0.5.
    public init(
        before: [Double], after: [Double], first: [Double], second: [Double], strata: [[Double]] = []
    ) throws(NotComputable) {
        try self.init(before: before, after: after, factors: [first, second], strata: strata)
    }

    public var f: Double { fit.f }
}
