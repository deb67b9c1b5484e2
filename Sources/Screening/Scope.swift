/// What `scopes.json` holds: the words that change what a phrase near them says.
struct ScopeFile: Decodable {
    var scopes: [Cue]
    /// Phrases that look like a cue and are none: "not only", "can not stop".
    var cancels: [Cancel]

    struct Cancel: Decodable {
        var scope: ScopeName
        var patterns: [String]
    }

    struct Cue: Decodable {
        var scope: ScopeName
        var patterns: [String]
        /// How many words before the phrase, and after it, the cue may stand.
        var before: Int
        var after: Int
        /// A word of this class between the cue and the phrase breaks the tie: "I can't cope, I want ...".
        var barrier: String?
        /// Whether it counts inside the phrase, after the word that gave the phrase away.
        var inside: Bool?
        /// Whether a comma or the like breaks it as well.
        var clause: Bool?
        /// Whether it may stand anywhere in the text instead.
        var anywhere: Bool?
    }
}

/// The cues of one text, laid out by word, so that asking about a phrase costs the same however long the text is.
struct ScopeMap {
    struct Cue: Sendable {
        var scope: ScopeName
        var before: Int
        var after: Int
        var barrier: Int?
        var clause: Bool
        var inside: Bool
        var anywhere: Bool
    }

    private let cues: [Cue]
    private let tokens: [Token]
    private let sets: WordSets
    /// For each word, one bit for each cue that stands there.
    private var standing: [UInt64]
    private var whole = UInt64(0)
    private let reach: Int

    init(cues: [Cue], tokens: [Token], sets: WordSets) {
        self.cues = cues
        self.tokens = tokens
        self.sets = sets
        standing = Array(repeating: 0, count: tokens.count)
        reach = cues.reduce(0) { max($0, $1.before, $1.after) }
    }

    mutating func add(_ cue: Int, at words: Range<Int>) {
        for word in words { standing[word] |= 1 << UInt64(cue) }
        if cues[cue].anywhere { whole |= 1 << UInt64(cue) }
    }

    mutating func remove(_ scope: ScopeName, at words: Range<Int>) {
        var mask = UInt64(0)
        for cue in cues.indices where cues[cue].scope == scope { mask |= 1 << UInt64(cue) }
        for word in words { standing[word] &= ~mask }
    }

    /// Which scopes hold for a phrase.
    func scopes(of match: Matcher.Match) -> Set<ScopeName> {
        var found: Set<ScopeName> = []
        if tokens[match.words.lowerBound].marks.contains(.quoted) { found.insert(.quotation) }
        for cue in cues.indices where whole >> UInt64(cue) & 1 == 1 { found.insert(cues[cue].scope) }
        before(match, &found)
        after(match, &found)
        return found
    }

    private func before(_ match: Matcher.Match, _ found: inout Set<ScopeName>) {
        let first = match.words.lowerBound
        var blocked = UInt64(0)
        var index = match.anchor
        while index >= 0, first - index <= reach {
            let here = standing[index] & ~blocked
            if here != 0, index != match.anchor {
                for cue in cues.indices where here >> UInt64(cue) & 1 == 1 && first - index <= cues[cue].before {
                    found.insert(cues[cue].scope)
                }
            }
            if tokens[index].marks.contains(.sentence) { return }
            for (cue, rule) in cues.enumerated() {
                let barred = rule.barrier.map { sets.contains($0, tokens[index].word) } ?? false
                if barred || (rule.clause && tokens[index].marks.contains(.clause)) { blocked |= 1 << UInt64(cue) }
            }
            index -= 1
        }
    }

    private func after(_ match: Matcher.Match, _ found: inout Set<ScopeName>) {
        var index = match.anchor + 1
        let last = match.words.upperBound
        while index < tokens.count, index - last < reach, !tokens[index].marks.contains(.sentence) {
            if standing[index] != 0 {
                for cue in cues.indices where standing[index] >> UInt64(cue) & 1 == 1 {
                    let counts = index < last ? cues[cue].inside || cues[cue].after > 0 : index - last < cues[cue].after
                    if counts { found.insert(cues[cue].scope) }
                }
            }
            index += 1
        }
    }
}
