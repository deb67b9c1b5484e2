/// From `lower` to `upper`, both in the unit of the estimate.
public struct Interval: Sendable, Equatable {
    public let lower: Double
    public let upper: Double

    public init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }

    public var width: Double { upper - lower }
    public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
    public static func * (interval: Interval, factor: Double) -> Interval {
        factor >= 0
            ? Interval(interval.lower * factor, interval.upper * factor) : Interval(interval.upper * factor, interval.lower * factor)
    }
    public func mapped(_ f: (Double) -> Double) -> Interval { Interval(f(lower), f(upper)) }
}
