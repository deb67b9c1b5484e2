/// What one person's last two weeks show that no single text of theirs did. It sees levels and times, never words.
///
/// The measure is a rule of thumb for whoever reads, not a validated instrument.
public enum Fortnight {
    /// One text in which something about risk was noticed.
    public struct Worry: Sendable, Equatable {
        public var level: Level
        /// Days before now; fractions count.
        public var daysAgo: Double

        public init(level: Level, daysAgo: Double) {
            (self.level, self.daysAgo) = (level, daysAgo)
        }
    }

    public enum Pattern: String, Sendable, CaseIterable {
        /// Three worries of a medium level or more.
        case repeated
        /// Five worries of any level.
        case constant
        /// Each of the last three graver than the one before.
        case rising
    }

    public static let days = 14.0

    /// The gravest pattern, or nil. Worries older than two weeks are left out.
    public static func pattern(_ worries: [Worry]) -> Pattern? {
        let recent = worries.filter { $0.level > .none && $0.daysAgo >= 0 && $0.daysAgo <= days }.sorted { $0.daysAgo > $1.daysAgo }
        let last = recent.suffix(3)
        if last.count == 3, zip(last, last.dropFirst()).allSatisfy({ $0.level < $1.level }) { return .rising }
        if recent.count(where: { $0.level >= .medium }) >= 3 { return .repeated }
        return recent.count >= 5 ? .constant : nil
    }
}
