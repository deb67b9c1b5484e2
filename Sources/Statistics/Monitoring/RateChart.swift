/// Is this week's rate out of the ordinary? A u chart: three standard errors around the rate of all weeks.
///
/// - Assumes events that come independently; weeks at hand that are mostly ordinary.
/// - Limits: weeks of few events need an exact interval (`EventRate`) or a CUSUM.
/// - Source: Shewhart WA. 1931; Montgomery DC. Introduction to Statistical Quality Control.
///
/// Example: 4 in 100 everywhere: limits 0 and 0.1.
public struct RateChart: Sendable, Equatable {
    public let centre: Double
    public let limits: [Interval]

    /// - Parameters: events from 0, exposures above 0, one of each for each week.
    public init(events: [Int], exposures: [Double]) throws(NotComputable) {
        try require(events.count == exposures.count && !events.isEmpty, "events and exposure for each week")
        try require(events.allSatisfy { $0 >= 0 } && exposures.allSatisfy { $0 > 0 && $0.isFinite }, "events from 0, exposure above 0")
        let rate = Double(events.reduce(0, +)) / exposures.reduce(0, +)
        centre = rate
        limits = exposures.map { exposure in
            let half = 3 * (rate / exposure).squareRoot()
            return Interval(max(0, rate - half), rate + half)
        }
    }
}
