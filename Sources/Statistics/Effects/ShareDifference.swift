/// The difference between two shares of different people, with an interval that holds for small groups too.
///
/// Tests nothing by a p of its own: an interval without 0 says that the shares differ.
///
/// - Assumes that the people of the two groups are different ones, and independent.
/// - Limits: nil where a group is empty. The interval never leaves -1 to 1 and is not empty for 0 of n.
/// - Source: Newcombe RG. Stat Med 1998;17:873-890, method 10: the square-and-add of the two `Wilson` intervals.
///
/// Example: 56 of 70 less 48 of 80 is 0.2, from 0.0524 to 0.3339.
public struct ShareDifference: Sendable, Equatable {
    public let difference: Double
    public let interval: Interval

    public init?(_ found: Int, of count: Int, less other: Int, of others: Int) {
        guard let a = Wilson(found, of: count), let b = Wilson(other, of: others) else { return nil }
        let difference = a.share - b.share
        func root(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
        self.difference = difference
        interval = Interval(
            max(-1, difference - root(a.share - a.lower, b.upper - b.share)),
            min(1, difference + root(a.upper - a.share, b.share - b.lower)))
    }
}
