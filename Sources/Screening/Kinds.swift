public enum Level: Int, Sendable, Comparable, Codable, CaseIterable {
    case none = 0
    case low, medium, high, urgent

    public static func < (one: Level, other: Level) -> Bool { one.rawValue < other.rawValue }

    /// `none`, `low`, … `urgent`: as it is written down.
    public var code: String {
        switch self {
        case .none: "none"
        case .low: "low"
        case .medium: "medium"
        case .high: "high"
        case .urgent: "urgent"
        }
    }

    public init?(code: String) {
        guard let found = Level.allCases.first(where: { $0.code == code }) else { return nil }
        self = found
    }
}

public enum ConcernKind: String, Sendable, Codable, CaseIterable {
    case riskToSelf, riskToOther, abuse, method, encouragement, comparison, eatingDetail
    case bullying, hate, grooming
    case ownDetail, othersDetail, link, smallPlace
    /// Words from somewhere else.
    case copied
    case stigma, replyHint, distress, claim, image
    /// What an answer does well: said to its writer while writing, and to nobody else.
    case replyStrength

    /// Whether someone may be in danger. A new kind must answer this before it compiles.
    public var isAboutRisk: Bool {
        switch self {
        case .riskToSelf, .riskToOther, .abuse, .method, .encouragement, .grooming: true
        case .comparison, .eatingDetail, .bullying, .hate: false
        case .ownDetail, .othersDetail, .link, .smallPlace, .copied: false
        case .stigma, .replyHint, .replyStrength, .distress, .claim, .image: false
        }
    }
}

/// How much of the text the answer covers. Anything but `whole` and `empty` means that a person reads first.
public enum Completeness: String, Sendable, Codable {
    case whole, unknownLanguage, empty, tooLong, failed
}

public enum Language: Sendable, Equatable, Codable {
    case known(String)
    case tooShortToTell
    case other
}

/// What the text stands in. A host keeps one of these and uses it for many texts.
public struct Context: Sendable {
    public var isReply: Bool
    /// Names of places small enough to find a person in, however they are written.
    public var smallPlaces: [String] { didSet { places = PlaceIndex(smallPlaces) } }
    /// Built once here, so that a long list costs nothing for each text.
    var places: PlaceIndex

    public init(isReply: Bool = false, smallPlaces: [String] = []) {
        self.isReply = isReply
        self.smallPlaces = smallPlaces
        places = PlaceIndex(smallPlaces)
    }
}
