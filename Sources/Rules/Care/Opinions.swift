/// How long somebody has been in a room before they may say how it is, where no words of theirs stand there.
public let usedAfter = Lapse.days(7)

/// What becomes of what somebody says of a room.
public enum OpinionStep: Sendable, Equatable {
    /// They have not used it.
    case tooSoon
    /// It is read first, like everything that stands on a card.
    case read
    /// It is read first, and what they said before is taken back.
    case readInstead
}

/// One opinion a person and room, after use alone.
///
/// - Parameters: do words of theirs stand in the room; since when they are in it, nil where they are not.
public func opinionStep(wordsStand: Bool, memberSince: Instant?, saidBefore: Bool, now: Instant) -> OpinionStep {
    guard wordsStand || memberSince.map({ now - $0 >= usedAfter }) ?? false else { return .tooSoon }
    return saidBefore ? .readInstead : .read
}

/// A question for the published column: shown to nobody but those who answer.
public enum ColumnStep: Sendable, Equatable {
    /// One of the staff may write it, and an answer, in other words.
    case answer
    /// It is in the column already.
    case published
    /// Held, taken back or sent back: no answer goes out about words that nobody has let in.
    case rests
}

public func columnStep(_ state: ItemState, isPublished: Bool) -> ColumnStep {
    if isPublished { return .published }
    return switch state {
    case .waiting: .answer
    case .shown, .held, .returned, .hidden, .removed, .withdrawn, .erased: .rests
    }
}
