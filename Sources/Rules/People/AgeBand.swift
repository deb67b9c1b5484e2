/// The age bands. Asked neutrally, never proved to us; an unknown age is nil and gets the youngest protections.
public enum AgeBand: String, Sendable, CaseIterable, Comparable, Codable {
    case eleven = "11-12"
    case thirteen = "13-15"
    case sixteen = "16-17"
    case eighteen = "18-25"
    case adult = "26+"  // staff, and members at the handover

    public static func < (a: Self, b: Self) -> Bool { a.youngestAge < b.youngestAge }

    /// The years it spans, both ends included.
    public var years: ClosedRange<Int> {
        switch self {
        case .eleven: 11...12
        case .thirteen: 13...15
        case .sixteen: 16...17
        case .eighteen: 18...25
        case .adult: 26...120
        }
    }

    public var isUnder18: Bool { self < .eighteen }
    public var isUnder16: Bool { self < .sixteen }

    /// The bands offered to a young person who starts.
    public static let offered: [AgeBand] = [.eleven, .thirteen, .sixteen, .eighteen]
    public static let under18: Set<AgeBand> = [.eleven, .thirteen, .sixteen]
}

/// Where a young person stands towards care. Their own word for it, changed by nobody else.
public enum Stage: String, Sendable, CaseIterable { case preventing, waiting, alongside, after }

/// How somebody describes themselves, if they like to. Counted, to see whether decisions fall harder on some; shown to nobody.
public enum Gender: String, Sendable, CaseIterable {
    case girlOrWoman = "girl-woman"
    case boyOrMan = "boy-man"
    case nonBinary = "non-binary"
    case anotherWay = "another"
}

/// What somebody came for; each one leads somewhere.
public enum Intent: String, Sendable, CaseIterable { case talk, learn, say }

/// The answer to "may this person start, and how?", from their age and their country's rule.
public enum Admission: Equatable, Sendable {
    case welcome
    /// The host must ask an adult first. Reading, help, tools and urgent contact stay open.
    case adultMustConfirm(age: Int)
    case tooYoung, tooOld
}

/// - Parameters:
///   - consentAge: the country's age of consent to services like this one (data, dated; unknown country is 16).
///   - parentsRule: the organisation's own: only `required` ever asks for an adult.
public func admission(
    of band: AgeBand?, lowest: AgeBand, consentAge: Int, parentsRule: ParentsRule
) -> Admission {
    // Nobody must say it. Unknown has the youngest protections and enters no room of any age; reading, help and talk with staff are open.
    guard let band else {
        switch parentsRule {
        case .none, .mayKnow: return .welcome
        case .required: return .adultMustConfirm(age: consentAge)
        }
    }
    switch band {
    case .adult: return .tooOld
    case .eleven, .thirteen, .sixteen, .eighteen: break
    }
    if band < lowest { return .tooYoung }
    switch parentsRule {
    case .none, .mayKnow: return .welcome
    case .required: return band.youngestAge < consentAge ? .adultMustConfirm(age: consentAge) : .welcome
    }
}

public enum ParentsRule: String, Sendable { case none, mayKnow = "may_know", required }

extension AgeBand {
    var youngestAge: Int { years.lowerBound }
}

/// Asked again once a year; an older band counts only after that answer.
public func shouldAskAge(askedAt: Instant?, now: Instant) -> Bool {
    guard let askedAt else { return true }
    return now - askedAt >= .days(365)
}

/// Never down, and up by one step at a time: anything else is a case "may not be their age".
public enum BandChange: Equatable, Sendable { case same, up, unlikely }

public func bandChange(from old: AgeBand?, to new: AgeBand) -> BandChange {
    guard let old else { return .up }
    if old == new { return .same }
    let bands = AgeBand.allCases
    return bands.firstIndex(of: new)! - bands.firstIndex(of: old)! == 1 ? .up : .unlikely
}
