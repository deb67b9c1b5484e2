public enum ItemKind: String, Sendable, CaseIterable { case thread, question, reply, message }

/// Whose voice: a name, nobody's name, or staff, who never write anonymously.
public enum Voice: String, Sendable { case name, anonymous, staff }

/// What state an item is in. Drafts live on the device; queued is a case, not a state; covers are marks.
public enum ItemState: String, Sendable, CaseIterable {
    case waiting  // nobody has read it yet
    case held  // somebody or a rule stopped it, with a reason
    case shown, returned, hidden, removed, withdrawn, erased

    /// Seen by others. Everything else is seen by its author and by those who decide about it.
    public var isPublic: Bool {
        switch self {
        case .shown: true
        case .waiting, .held, .returned, .hidden, .removed, .withdrawn, .erased: false
        }
    }

    /// May its author change the words or take it back?
    public var mayBeChangedByAuthor: Bool {
        switch self {
        case .waiting, .held, .shown, .returned: true
        case .hidden, .removed, .withdrawn, .erased: false
        }
    }
}

/// What would help. Chosen by the writer.
public enum Wants: String, Sendable, CaseIterable {
    case listen
    case meToo = "me-too"
    case ideas
    case noReply = "no-reply"
}

/// Words of support instead of likes; seen by the writer as names, never summed.
public enum SupportWord: String, Sendable, CaseIterable {
    case hear
    case meToo = "me-too"
    case thankYou = "thank-you"
    case thinking
}

/// Words as somebody wrote them, after the edge made sure they can be kept.
public struct Words: Sendable, Equatable {
    public static let longest = 10_000
    public let text: String

    public enum Refusal: String, Sendable { case empty, tooLong, unreadable }

    /// Trims the ends; refuses nothing-at-all, more than 10,000 characters, and NUL, which no engine keeps.
    public static func read(_ raw: String, longest: Int = Words.longest) -> Result<Words, WordsRefused> {
        if raw.utf8.count > longest * 16 { return .failure(WordsRefused(why: .tooLong)) }
        let trimmed = raw.trimmedWords
        if trimmed.utf8.contains(0) { return .failure(WordsRefused(why: .unreadable)) }
        if trimmed.unicodeScalars.allSatisfy(\.isBlank) { return .failure(WordsRefused(why: .empty)) }
        // Marks without end on one letter count as one character: bytes are counted as well, before anything walks them.
        if trimmed.utf8.count > longest * 8 || trimmed.count > longest { return .failure(WordsRefused(why: .tooLong)) }
        return .success(Words(text: trimmed))
    }

    private init(text: String) { self.text = text }
}

/// Everything of an item that somebody else may read, as one text: what is screened is what is judged.
public func wholeWords(title: String, body: String, note: String?) -> String {
    [title, body, note ?? ""].filter { !$0.isEmpty }.joined(separator: "\n")
}

public struct WordsRefused: Error, Equatable, Sendable {
    public let why: Words.Refusal

    public init(why: Words.Refusal) { self.why = why }
}

extension String {
    var trimmedWords: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    /// White space, and the marks that show nothing (zero-width, direction, byte order).
    fileprivate var isBlank: Bool {
        properties.isWhitespace || properties.generalCategory == .format || properties.generalCategory == .control
    }
}
