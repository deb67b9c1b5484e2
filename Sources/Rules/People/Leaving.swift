import Statistics

/// "How do you leave today?", asked at the end of a visit, once a day at most; skipping is always allowed.
public enum Leaving: String, Sendable, CaseIterable {
    case lighter, same, heavier
    case unsaid

    /// Lines and something to hold on to stand on the next page.
    public var isOfferedHelp: Bool {
        switch self {
        case .heavier: true
        case .lighter, .same, .unsaid: false
        }
    }

    /// Of members alone, once on a day of the house's clock.
    public static func isAsked(isStaff: Bool, lastAsked: Int64?, today: Int64) -> Bool {
        !isStaff && lastAsked.map { $0 < today } ?? true
    }
}

/// How people said they left, by day of the week over whole months. Nobody knows how they would have left without the visit: this is no
/// effect.
public struct LeavingCounts: Sendable, Equatable {
    /// 1 is Monday.
    public let weekday: Int
    /// In the order of the answers.
    public let counts: [Int]

    public init(weekday: Int, counts: [Int]) { (self.weekday, self.counts) = (weekday, counts) }

    /// By the rule of what people say after reading.
    public var told: [PublicCount]? { AfterReading.told(counts) }
}
