/// What rules and models saw in a text. It decides nothing: it says what is there, where, and why it was noticed.
public struct Assessment: Sendable, Equatable, Codable {
    public var concerns: [Concern]
    public var topics: [String]
    public var language: Language
    public var completeness: Completeness
    /// A short hash of rules and models, so an old answer can be explained by those of its day.
    public var version: String

    public init(
        concerns: [Concern] = [], topics: [String] = [], language: Language = .tooShortToTell,
        completeness: Completeness = .whole, version: String = ""
    ) {
        self.concerns = concerns
        self.topics = topics
        self.language = language
        self.completeness = completeness
        self.version = version
    }

    /// The highest level among concerns that are about someone's safety. Distress alone is not one of them.
    public var level: Level {
        concerns.lazy.filter { $0.kind.isAboutRisk }.map(\.level).max() ?? .none
    }

    /// Without what was only ever meant for the writer's own eyes while writing: nothing keeps that.
    public var withoutWritingHints: Assessment {
        var kept = self
        kept.concerns.removeAll { $0.kind == .replyHint || $0.kind == .replyStrength }
        return kept
    }

    /// The most serious concern of a kind.
    public func concern(_ kind: ConcernKind) -> Concern? {
        // The list is sorted, most serious first.
        concerns.first { $0.kind == kind }
    }

    public func has(_ kind: ConcernKind, atLeast level: Level = .low) -> Bool {
        (concern(kind)?.level ?? .none) >= level
    }
}

extension Assessment {
    /// What rules said, without the models.
    public var byRules: Assessment {
        var told = self
        told.concerns.removeAll(where: \.isByModel)
        return told
    }
}

/// One thing that was noticed.
public struct Concern: Sendable, Equatable, Codable {
    public var kind: ConcernKind
    public var level: Level
    public var spans: [Span]
    /// Words a 16-year-old can read.
    public var why: String
    /// The id of the rule, for example `en.risk.plan`, of a search for detail (`en.detail.phone`), or of the model: `model.quiet`.
    public var source: String

    /// Said by a model, which knows what words sound like and not what they say.
    public var isByModel: Bool { source.hasPrefix(Self.model) }
    static let model = "model."

    public init(kind: ConcernKind, level: Level, spans: [Span], why: String, source: String) {
        self.kind = kind
        self.level = level
        self.spans = spans
        self.why = why
        self.source = source
    }
}

/// UTF-8 offsets into the writer's own text, always on character boundaries.
public struct Span: Sendable, Equatable, Hashable, Codable {
    public var start: Int
    public var end: Int

    public init(start: Int, end: Int) {
        self.start = start
        self.end = end
    }
}
