/// How long somebody has been in a room before they may say how it is, where no words of theirs stand there.
public let usedAfter = Lapse.days(7)

/// What becomes of what somebody says of a room.
public enum ReviewStep: Sendable, Equatable {
    /// They have not used it.
    case tooSoon
    /// It is read first, like everything that stands on a card.
    case read
    /// It is read first, and what they said before is taken back.
    case readInstead
}

/// One review a person and room, after use alone.
///
/// - Parameters: do words of theirs stand in the room; since when they are in it, nil where they are not.
public func reviewStep(wordsStand: Bool, memberSince: Instant?, saidBefore: Bool, now: Instant) -> ReviewStep {
    guard wordsStand || memberSince.map({ now - $0 >= usedAfter }) ?? false else { return .tooSoon }
    return saidBefore ? .readInstead : .read
}
