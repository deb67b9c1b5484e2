/// What stands in a room of stories: lived experience, and short pieces that hang on something or on nothing.
public enum PieceForm: String, Sendable, CaseIterable {
    case story, article, poem, piece

    /// A story says whose it is: how old, how long ago, where they are now (STORY-1). The other forms may.
    public var saysWhose: Bool {
        switch self {
        case .story: true
        case .article, .poem, .piece: false
        }
    }
}

public enum TimeSince: String, Sendable, CaseIterable { case now, weeks, months, year, years }

/// Where the narrator is now, in their own word for it. "Still struggling" is as good an answer as any.
public enum WhereNow: String, Sendable, CaseIterable {
    case struggling = "still-struggling"
    case upAndDown = "up-and-down"
    case better, well
}

/// What a piece hangs on: named and described, never copied.
public enum ReferenceKind: String, Sendable, CaseIterable {
    case song, picture, video, line

    /// What cannot be heard or seen here is told in words.
    public var needsTranscript: Bool {
        switch self {
        case .picture, .video: true
        case .song, .line: false
        }
    }
}

/// How a reader feels after a story.
public enum FeltAfter: String, Sendable, CaseIterable { case lighter, same, heavier }

/// What a piece waits for. Both have said yes to the words as they stand, and its day has come: then it is up.
public enum PieceStep: Sendable, Equatable { case editor, narrator, day(Instant), publish }

public func pieceStep(narratorSaidYes: Bool, editorSaidYes: Bool, publishAt: Instant?, now: Instant) -> PieceStep {
    if !editorSaidYes { return .editor }
    if !narratorSaidYes { return .narrator }
    if let publishAt, publishAt > now { return .day(publishAt) }
    return .publish
}
