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
    }
}

/// Which scopes hold, a bit for each.
struct Scopes {
    private var bits = UInt32(0)

    mutating func insert(_ scope: ScopeName) { bits |= 1 << scope.place }

    func each(_ act: (ScopeName) -> Void) {
        for scope in ScopeName.allCases where bits >> scope.place & 1 == 1 { act(scope) }
    }
}

extension ScopeName {
    fileprivate var place: UInt32 {
        switch self {
        case .negation: 0
        case .past: 1
        case .third: 2
        case .quotation: 3
        case .idiom: 4
        case .laugh: 5
        case .object: 6
        case .game: 7
        case .help: 8
        case .news: 9
        case .recovery: 10
        case .victim: 11
        case .seeking: 12
        case .away: 13
        case .prescribed: 14
        }
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
    }

    /// The cues, and which of them each word of the vocabulary or a comma breaks.
    struct Table: Sendable {
        let cues: [Cue]
        fileprivate let barred: [UInt64]
        fileprivate let atClause: UInt64
        fileprivate let reach: Int

        init(_ cues: [Cue], _ sets: WordSets, words: Int) {
            self.cues = cues
            var barred = [UInt64](repeating: 0, count: words)
            for (place, cue) in cues.enumerated() {
                for word in cue.barrier.map({ sets.sets[$0] }) ?? [] { barred[Int(word)] |= 1 << UInt64(place) }
            }
            self.barred = barred
            atClause = cues.enumerated().reduce(0) { $1.element.clause ? $0 | 1 << UInt64($1.offset) : $0 }
            reach = cues.reduce(0) { max($0, $1.before, $1.after) }
        }
    }

    private let table: Table
    private let tokens: [Token]
    /// For each word, one bit for each cue that stands there.
    private var standing: [UInt64]
    /// For each word, the cues that a phrase which only looks like one takes away.
    private var cancelled: [UInt64]
    private var cues: [Cue] { table.cues }

    init(_ table: Table, tokens: [Token]) {
        self.table = table
        self.tokens = tokens
        standing = Array(repeating: 0, count: tokens.count)
        cancelled = standing
    }

    /// Before any cue is added: none of this scope counts that has one of these words, whatever else it has.
    mutating func cancel(_ scope: ScopeName, at words: Range<Int>) {
        var mask = UInt64(0)
        for cue in cues.indices where cues[cue].scope == scope { mask |= 1 << UInt64(cue) }
        for word in words { cancelled[word] |= mask }
    }

    mutating func add(_ cue: Int, at words: Range<Int>) {
        let bit = UInt64(1) << UInt64(cue)
        guard words.allSatisfy({ cancelled[$0] & bit == 0 }) else { return }
        for word in words { standing[word] |= bit }
    }

    /// Which scopes hold for a phrase.
    func scopes(of match: Matcher.Match) -> Scopes {
        var found = Scopes()
        if tokens[match.words.lowerBound].marks.contains(.quoted) { found.insert(.quotation) }
        before(match, &found)
        after(match, &found)
        return found
    }

    private func before(_ match: Matcher.Match, _ found: inout Scopes) {
        let first = match.words.lowerBound
        var blocked = UInt64(0)
        var index = match.anchor
        while index >= 0, first - index <= table.reach {
            let here = standing[index] & ~blocked
            if here != 0, index != match.anchor {
                each(here) { if first - index <= cues[$0].before { found.insert(cues[$0].scope) } }
            }
            if tokens[index].marks.contains(.sentence) { return }
            blocked |= table.barred[Int(tokens[index].word)]
            if tokens[index].marks.contains(.clause) { blocked |= table.atClause }
            index -= 1
        }
    }

    private func after(_ match: Matcher.Match, _ found: inout Scopes) {
        var index = match.anchor + 1
        let last = match.words.upperBound
        var blocked = UInt64(0)
        while index < tokens.count, index - last < table.reach, !tokens[index].marks.contains(.sentence) {
            if index >= last {
                if tokens[index].marks.contains(.clause) { blocked |= table.atClause }
                blocked |= table.barred[Int(tokens[index].word)]
            }
            each(standing[index] & ~blocked) {
                let counts = index < last ? cues[$0].inside || cues[$0].after > 0 : index - last < cues[$0].after
                if counts { found.insert(cues[$0].scope) }
            }
            index += 1
        }
    }

    @inline(__always)
    private func each(_ bits: UInt64, _ act: (Int) -> Void) {
        var left = bits
        while left != 0 {
            act(left.trailingZeroBitCount)
            left &= left - 1
        }
    }
}
