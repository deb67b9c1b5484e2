/// Did a line over time jump or bend where something changed?
///
/// y ~ 1 + t + level + slope: t counts from 0, level is 1 from the change on, slope counts from 0 at the change.
///
/// Tests that the level does not jump at the change, and that the slope stays the same.
///
/// - Assumes that without the change the line had gone on; nothing else changed then.
/// - Limits: one series has no control; few points before the change tell little. Errors are Newey-West, p by the normal.
/// - Source: Bernal JL, Cummins S, Gasparrini A. Int J Epidemiol 2017;46:348-355.
///
/// Example: 10, 11, 10, 7, 8, 7 with the change at 3 gives level -3 and both slopes 0; without any scatter it is refused.
public struct InterruptedSeries: Sendable {
    public let fit: LeastSquares
    /// Of intercept, trend before, jump, change of trend.
    public let robustErrors: [Double]

    /// - Parameters: `changeAt` is the index of the first value after; two values at least on either side. `lag` from 0.
    public init(_ values: [Double], changeAt: Int, lag: Int) throws(NotComputable) {
        try require(changeAt >= 2 && changeAt <= values.count - 2, "two values or more on either side of the change")
        try require(lag >= 0 && lag < values.count, "the lag is at least 0 and below the number of values")
        let time = values.indices.map(Double.init)
        let level = values.indices.map { $0 >= changeAt ? 1.0 : 0 }
        let slope = values.indices.map { Double(max(0, $0 - changeAt)) }
        fit = try LeastSquares(Matrix(columns: [values.map { _ in 1 }, time, level, slope]), values)
        robustErrors = try fit.neweyWestErrors(lag: lag)
    }

    public var p: [Double] { zip(fit.coefficients, robustErrors).map { Normal.twoSided($0 / $1) } }
}
