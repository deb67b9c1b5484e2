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
