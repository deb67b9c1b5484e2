/// A count as the public may see it: 1 to 7 become a star, the rest is rounded to 5. Zero stays zero.
///
/// - Limits: hides small groups in one table only; two tables that differ by one person can still tell on them.
///   So: one-way tables, no totals. Source: NHS England disclosure rules for hospital counts (suppress 1 to 7,
///   round to 5).
public enum PublicCount: Sendable, Equatable, CustomStringConvertible {
    case zero, few, about(Int)

    /// The smallest group that may be told about.
    public static let fewest = 8

    public init(_ count: Int) {
        precondition(count >= 0, "a count is at least 0")
        switch count {
        case 0: self = .zero
        case 1..<Self.fewest: self = .few
        default: self = .about((count + 2) / 5 * 5)
        }
    }

    /// The number that stands there; nil for a star. What is computed beside a printed count is computed from this, or it would
    /// tell the exact one.
    public var told: Int? {
        switch self {
        case .zero: 0
        case .few: nil
        case .about(let count): count
        }
    }

    public var description: String {
        switch self {
        case .zero: "0"
        case .few: "*"
        case .about(let count): String(count)
        }
    }
}
