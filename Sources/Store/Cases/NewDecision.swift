import Rules
import Screening

/// What a person decided about an item or an account.
public struct NewDecision: Sendable {
    public var act: Act
    public var reason: String?
    public var rule: String?
    public var deliberate: Bool
    public var seconds: Int
    /// For colleagues.
    public var note: String?
    /// For the author, beside the reason.
    public var suggestion: String?
    /// For `move`.
    public var room: ID<Room>?
    /// For `label` and `cover`.
    public var matters: [String]
    public var topics: [String]
    /// The labels stand for heavy words; words are never made lighter by a label.
    public var heavy: Bool
    /// The language of the words, by whoever read them: one of `Languages.known`, or `und`; nil leaves what the screening said.
    public var language: String?
    /// For `mask`: the words as they stay; nil leaves title or note as it is.
    public var masked: String?
    public var maskedTitle: String?
    public var maskedNote: String?
    public var level: Level?
    public var sanction: SanctionStep?
    /// Does it finish the case? See `closesCase`.
    public var closes: Bool
    /// The press it came with: the same press again makes nothing new.
    public var press: String?

    public init(
        act: Act, reason: String? = nil, rule: String? = nil, deliberate: Bool = false, seconds: Int = 0,
        note: String? = nil, suggestion: String? = nil, room: ID<Room>? = nil, matters: [String] = [], topics: [String] = [],
        heavy: Bool = false, language: String? = nil,
        masked: String? = nil, maskedTitle: String? = nil, maskedNote: String? = nil, level: Level? = nil,
        sanction: SanctionStep? = nil, closes: Bool = true, press: String? = nil
    ) {
        self.act = act
        self.reason = reason
        self.rule = rule
        self.deliberate = deliberate
        self.seconds = seconds
        self.note = note
        self.suggestion = suggestion
        self.room = room
        self.matters = matters
        self.topics = topics
        self.heavy = heavy
        self.language = language
        self.masked = masked
        self.maskedTitle = maskedTitle
        self.maskedNote = maskedNote
        self.level = level
        self.sanction = sanction
        self.closes = closes
        self.press = press
    }
}

/// A statement of reasons as its author reads it.
public struct Statement: Sendable {
    public let id: ID<Decision>
    public let act: Act
    public let reason: String?
    public let rule: String?
    public let automated: Bool
    public let role: String
    public let madeAt: Instant
    public let item: ID<Item>?
    public let appealed: Bool
    public let appealOutcome: String?
    /// What whoever decided suggests to the author, in their own words.
    public let suggestion: String?
}
