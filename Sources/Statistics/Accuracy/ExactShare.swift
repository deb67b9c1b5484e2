/// The exact interval for a share: at least 95 % sure, whatever the share is.
///
/// - Assumes independent trials with one chance: people, not the several posts of one person.
/// - Limits: wider than need be for small counts (that is its price); `Wilson` is nearer to 95 %. Nil for no trials.
/// - Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
///
/// Example: 0 of 10 gives 0 to 0.308; 5 of 10 gives 0.187 to 0.813.
public struct ExactShare: Sendable, Equatable {
    public let share: Double
    public let interval: Interval

    public init?(_ found: Int, of count: Int) {
        precondition(found >= 0 && found <= count, "found is between 0 and count")
        guard count > 0 else { return nil }
        let (k, n) = (Double(found), Double(count))
        share = k / n
        interval = Interval(
            found == 0 ? 0 : Beta.quantile(0.025, k, n - k + 1), found == count ? 1 : Beta.quantile(0.975, k + 1, n - k))
    }
}
