/// What a writer is shown while writing.
public struct DraftHint: Sendable, Equatable, Codable {
    public var kind: ConcernKind
    public var why: String
    public var spans: [Span]
    /// Something done well, rather than something to look at again.
    public var isPraise: Bool { kind == .replyStrength }

    public init(kind: ConcernKind, why: String, spans: [Span]) {
        self.kind = kind
        self.why = why
        self.spans = spans
    }
}

extension Assessment {
    /// The concerns a writer can do something about. Risk is not a hint: it is answered with help, never with advice
    /// on wording. Nobody is told off for what a model alone takes for unkind.
    public var hints: [DraftHint] {
        concerns.filter { $0.kind.isHint && (!$0.isByModel || $0.kind.isGentle) }.map {
            DraftHint(kind: $0.kind, why: $0.why, spans: $0.spans)
        }
    }
}

extension ConcernKind {
    /// What can be taken out of a text and leave the rest as it was meant.
    var isMaskable: Bool {
        switch self {
        case .ownDetail, .othersDetail, .link, .image, .smallPlace: true
        case .riskToSelf, .riskToOther, .abuse, .method, .encouragement, .comparison, .eatingDetail, .bullying, .hate, .grooming: false
        case .stigma, .replyHint, .replyStrength, .distress, .claim, .copied: false
        }
    }

    /// Said of wording, in words that offer another.
    var isGentle: Bool { self == .stigma || self == .replyHint || self == .replyStrength }

    var isHint: Bool {
        switch self {
        case .riskToSelf, .riskToOther, .abuse, .method, .encouragement, .distress: false
        // A person who is being groomed is not told off, and one who grooms is not warned.
        case .grooming, .hate, .image: false
        case .comparison, .eatingDetail, .bullying: true
        case .ownDetail, .othersDetail, .link, .smallPlace, .copied: true
        case .stigma, .replyHint, .replyStrength, .claim: true
        }
    }
}

extension Screen {
    /// The text with personal detail, links, pictures and small places taken out, for a writer who sees it and agrees to it. Where
    /// `assess` does not answer `whole`, something may be left in it.
    public func masked(_ text: String, context: Context = .init()) -> String {
        let unmasked = Set(rules.rules.filter { !$0.masks }.map(\.id))
        let concerns = assess(text, context: context).concerns.filter { $0.kind.isMaskable && !unmasked.contains($0.source) }
        let spans = Findings.merged(concerns.flatMap(\.spans))
        if spans.isEmpty { return text }
        let bytes = Array(text.utf8)
        var kept: [UInt8] = []
        var from = 0
        for span in spans {
            kept += bytes[from..<span.start]
            kept += Self.mask.utf8
            from = span.end
        }
        return String(decoding: kept + bytes[from...], as: UTF8.self)
    }
}
