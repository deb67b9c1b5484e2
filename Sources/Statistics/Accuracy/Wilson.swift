/// Wilson's interval for a share.
///
/// - Assumes independent trials with one chance.
/// - Limits: none for small counts; it never leaves 0 to 1 and is not empty for 0 of n. Nil for no trials.
/// - Source: Wilson EB. J Am Stat Assoc 1927;22:209-212.
///
/// Example: 18 of 20 gives 0.699 to 0.972.
public struct Wilson: Sendable, Equatable {
    public let share: Double
    public let lower: Double
    public let upper: Double

    /// `z` is the normal quantile of the level: 1.959964 for 95 %.
    public init?(_ found: Int, of count: Int, z: Double = 1.959963984540054) {
        precondition(found >= 0 && found <= count, "found is between 0 and count")
        guard count > 0 else { return nil }
        let (n, p) = (Double(count), Double(found) / Double(count))
        let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        (share, lower, upper) = (p, max(0, middle - half), min(1, middle + half))
    }
}
