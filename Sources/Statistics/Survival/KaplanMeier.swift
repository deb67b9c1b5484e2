import Foundation

/// The Kaplan-Meier estimate of a survival function from right-censored times.
///
/// Here it answers "how long does it take until a case is first looked at", counting the cases that are still
/// open: leaving those out would make every queue look quick.
///
/// - Assumes that whether a time is censored tells nothing about how long it would have been.
/// - Limits: nothing is claimed beyond the longest observed time; a quantile that the curve does not reach is nil.
/// - Source: Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481; variance after Greenwood 1926.
///
/// Example: times 1, 2+, 3 (the second censored) give S(1) = 2/3 and S(3) = 0.
public struct KaplanMeier: Sendable, Equatable {
    /// One observation. `time` is at least 0, in any unit; `ended` is false when it was still going on.
    public struct Observation: Sendable, Equatable {
        public let time: Double
        public let ended: Bool

        public init(time: Double, ended: Bool) {
            precondition(time >= 0 && time.isFinite, "a time is a finite number of at least 0")
            self.time = time
            self.ended = ended
        }
    }

    /// The curve just after each distinct time at which something ended.
    public struct Step: Sendable, Equatable {
        public let time: Double
        public let atRisk: Int
        public let ended: Int
        /// Share still waiting, 0 to 1.
        public let survival: Double
        /// Greenwood's standard error of `survival`.
        public let standardError: Double
        /// 95 %, on the scale of log(-log S): it never leaves 0 to 1. Where the curve reaches 0 it has no width.
        public let interval: Interval
    }

    public let steps: [Step]
    /// The longest observed time, of what ended or not; nothing is known beyond it.
    public let longest: Double
    public let count: Int
    public let ended: Int
    /// When each was last seen, the earliest first.
    private let times: [Double]

    public init(_ observations: [Observation]) {
        count = observations.count
        longest = observations.map(\.time).max() ?? 0
        ended = observations.count(where: \.ended)
        let sorted = observations.sorted { $0.time < $1.time }
        times = sorted.map(\.time)
        var steps: [Step] = []
        var (survival, greenwood, index) = (1.0, 0.0, 0)
        while index < sorted.count {
            let time = sorted[index].time
            let atRisk = sorted.count - index
            var ends = 0
            while index < sorted.count, sorted[index].time == time {
                if sorted[index].ended { ends += 1 }
                index += 1
            }
            guard ends > 0 else { continue }
            survival *= 1 - Double(ends) / Double(atRisk)
            if atRisk > ends { greenwood += Double(ends) / (Double(atRisk) * Double(atRisk - ends)) }
            let error = survival == 0 ? 0 : survival * greenwood.squareRoot()
            steps.append(
                Step(
                    time: time, atRisk: atRisk, ended: ends, survival: survival, standardError: error,
                    interval: Self.interval(survival, greenwood)))
        }
        self.steps = steps
    }

    /// Share still waiting after `time`.
    public func survival(at time: Double) -> Double { steps.last { $0.time <= time }?.survival ?? 1 }

    /// How many had neither ended nor left before `time`: the number at risk then.
    public func atRisk(at time: Double) -> Int { times.count - (times.firstIndex { $0 >= time } ?? times.count) }

    /// The shortest time by which a share `p` (0 to 1) has ended; nil when the curve does not come that far.
    public func quantile(_ p: Double) -> Double? {
        precondition(p > 0 && p < 1, "a share lies between 0 and 1")
        return steps.first { $0.survival <= 1 - p + 1e-12 }?.time
    }

    /// The mean time up to `horizon`: the area under the curve. Use it where curves cross, or half never ends.
    ///
    /// - Parameter horizon: above 0. Beyond the longest observed time the curve is taken as it last was: look there first.
    /// - Source: Royston P, Parmar MKB. BMC Med Res Methodol 2013;13:152.
    public func restrictedMean(to horizon: Double) -> Double {
        precondition(horizon > 0, "a horizon is above 0")
        var (area, last, height) = (0.0, 0.0, 1.0)
        for step in steps where step.time < horizon {
            area += height * (step.time - last)
            (last, height) = (step.time, step.survival)
        }
        return area + height * (horizon - last)
    }

    /// Source of the scale: Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 1980.
    private static func interval(_ survival: Double, _ greenwood: Double) -> Interval {
        guard survival > 0, survival < 1 else { return Interval(survival, survival) }
        let half = Normal.z95 * greenwood.squareRoot() / -log(survival)
        return Interval(pow(survival, exp(half)), pow(survival, exp(-half)))
    }
}
