/// How long people wait, those who still wait counted.
///
/// - Assumes that what still waits is like what was answered, only later.
/// - Limits: `median` is nil where half are not answered yet; the figures over answered ones alone are too short, and stand
///   here only to be shown beside.
/// - Source: Kaplan EL, Meier P. 1958; quantiles of type 7.
///
/// Example: 1, 2 and one that still waits after 3: half are answered within 2.
public struct WaitingTimes: Sendable, Equatable {
    public let curve: KaplanMeier
    public let medianOfAnswered: Double?
    public let ninetiethOfAnswered: Double?
    public let shareOpen: Double

    /// - Parameter waits: minutes from 0, and whether an answer came.
    public init(_ waits: [KaplanMeier.Observation]) throws(NotComputable) {
        try require(!waits.isEmpty, "nobody waited")
        curve = KaplanMeier(waits)
        let answered = waits.filter(\.ended).map(\.time)
        medianOfAnswered = answered.quantile(0.5)
        ninetiethOfAnswered = answered.quantile(0.9)
        shareOpen = Double(waits.count - answered.count) / Double(waits.count)
    }

    public var median: Double? { curve.quantile(0.5) }
    public func answered(within minutes: Double) -> Double { 1 - curve.survival(at: minutes) }
}
