/// Sorts what the matcher found into topics, cues and rules, and lets the cues speak on the rules.
struct Sorting {
    let rules: RuleSet
    let reading: Reading
    let context: Context
    let state: Rule.State
    private(set) var findings: [Finding] = []
    private(set) var topics: [String] = []

    init(rules: RuleSet, reading: Reading, context: Context, state: Rule.State) {
        self.rules = rules
        self.reading = reading
        self.context = context
        self.state = state
        isMostlyQuoted = reading.tokens.count { $0.marks.contains(.quoted) } * 2 > reading.tokens.count
    }

    mutating func sort(_ matches: [Matcher.Match]) {
        var scopes = ScopeMap(rules.cues, tokens: reading.tokens)
        var topicSeen = Set<Int>()
        var phrases: [(rule: Int, match: Matcher.Match)] = []
        var cues: [(cue: Int, words: Range<Int>)] = []
        for match in matches {
            switch rules.owners[match.pattern] {
            case .rule(let rule): if wanted(rules.rules[rule]) { phrases.append((rule, match)) }
            case .cue(let cue): cues.append((cue, match.words))
            case .cancel(let scope): scopes.cancel(scope, at: match.words)
            case .topic(let topic): topicSeen.insert(topic)
            }
        }
        for cue in cues { scopes.add(cue.cue, at: cue.words) }
        topics = topicSeen.sorted().map { rules.topics[$0] }
        for (index, match) in phrases {
            let rule = rules.rules[index]
            var level = rule.level
            scopes.scopes(of: match).each { level = min(level, effect(of: $0, rule, match)) }
            guard level > .none else { continue }
            if rule.kind == .smallPlace, rules.largePlaces.begins(at: match.shown.lowerBound, in: reading) { continue }
            findings.append(
                Finding(
                    kind: rule.kind, level: level,
                    span: Span(start: reading.tokens[match.shown.lowerBound].start, end: end(of: match.shown)),
                    why: rule.why, source: rule.id))
        }
    }

    private func effect(of scope: ScopeName, _ rule: Rule, _ match: Matcher.Match) -> Level {
        let effect = rule.scopes[scope] ?? .keep
        guard effect != .keep else { return rule.level }
        if rule.kind == .riskToSelf, isSaidNow(match) {
            switch scope {
            case .past, .help, .news, .recovery: return rule.level
            case .game: return ScopeEffect.step.level(from: rule.level)
            case .negation, .third, .quotation, .idiom, .laugh, .object, .victim, .seeking, .away, .prescribed: break
            }
        }
        return (isOwnDanger(scope, rule, match) ? .step : effect).level(from: rule.level)
    }

    /// A lesson, a help line or the news near somebody's own danger does not take it away: people in danger sit in class, and
    /// have rung the line. Nor does what was, a figure of speech, recovery or a quotation, where a time is named: "last year it
    /// failed, tonight ...". Nor does somebody else in the same sentence, where the phrase itself is about the writer: "my mum hates
    /// me, gonna kill myself". Nor does a text that is nothing but a quotation. And what somebody says of themselves in so many
    /// words of the present, "I want to", is theirs, whatever else the sentence tells.
    private func isOwnDanger(_ scope: ScopeName, _ rule: Rule, _ match: Matcher.Match) -> Bool {
        guard rule.kind == .riskToSelf || rule.kind == .abuse else { return false }
        switch scope {
        case .help, .news: return isFirstPerson(match)
        case .game, .past, .idiom, .recovery, .victim, .seeking: return isFirstPerson(match) && isSoon(match)
        case .quotation: return isFirstPerson(match) && (isSoon(match) || isMostlyQuoted)
        case .third: return match.words.contains { rules.own.says(.oneself, reading.tokens[$0].word) }
        case .negation, .laugh, .object, .away, .prescribed: return false
        }
    }

    private func isSoon(_ match: Matcher.Match) -> Bool { near(match, 6).contains { rules.own.says(.soon, reading.tokens[$0].word) } }

    /// Asked once for a text, since every match may ask.
    private let isMostlyQuoted: Bool

    private func isFirstPerson(_ match: Matcher.Match) -> Bool {
        let words = near(match, 3).lowerBound..<match.words.upperBound
        return words.contains { rules.own.says(.first, reading.tokens[$0].word) }
            && !words.contains { rules.own.says(.second, reading.tokens[$0].word) }
    }

    /// "I want to ...", "i'm really going to ...", or the same without the "I" at the beginning; not "I used to think I want to".
    private func isSaidNow(_ match: Matcher.Match) -> Bool {
        let tokens = reading.tokens
        var from = match.words.lowerBound
        while from > 0, !tokens[from - 1].marks.contains(.sentence), rules.own.says(.now, tokens[from - 1].word) { from -= 1 }
        let begins = from == 0 || tokens[from - 1].marks.contains(.sentence)
        if !begins, rules.own.says(.told, tokens[from - 1].word) { return false }
        for start in from..<match.words.upperBound {
            guard begins && start == from || rules.own.says(.i, tokens[start].word) else { continue }
            var next = rules.own.says(.i, tokens[start].word) ? start + 1 : start
            while next < match.words.upperBound, rules.own.says(.between, tokens[next].word) { next += 1 }
            if next < match.words.upperBound, rules.own.says(.present, tokens[next].word) { return true }
        }
        return false
    }

    /// The phrase and so many words on each side, inside its sentence.
    private func near(_ match: Matcher.Match, _ reach: Int) -> Range<Int> {
        var from = match.words.lowerBound
        while from > 0, match.words.lowerBound - from < reach, !reading.tokens[from].marks.contains(.sentence) { from -= 1 }
        var to = match.words.upperBound
        while to < reading.tokens.count, to - match.words.upperBound < reach, !reading.tokens[to].marks.contains(.sentence) { to += 1 }
        return from..<to
    }

    private func wanted(_ rule: Rule) -> Bool {
        // Advice on how to answer is for answers.
        let isForReplies = rule.kind == .replyHint || rule.kind == .replyStrength
        return rule.state == state && (context.isReply || !isForReplies)
    }

    private func end(of words: Range<Int>) -> Int {
        reading.tokens[words].reduce(0) { max($0, $1.end) }
    }
}

/// Words that tell whose danger it is, and that it is near: for every word of the vocabulary what it says.
struct OwnWords: Sendable {
    struct Saying: OptionSet {
        let rawValue: UInt8
        static let first = Saying(rawValue: 1)
        static let second = Saying(rawValue: 2)
        static let soon = Saying(rawValue: 4)
        static let i = Saying(rawValue: 8)
        /// Words of the present that say what one wants, feels or is about to do.
        static let present = Saying(rawValue: 16)
        /// Words that stand between "I" and those, or between those and the phrase.
        static let between = Saying(rawValue: 32)
        /// Words before all that make it a report: of what one used to think, or said.
        static let told = Saying(rawValue: 64)
        static let oneself = Saying(rawValue: 128)
        static let now: Saying = [.i, .present, .between]
    }
    private var sayings: [Saying] = []

    init(_ parser: inout PatternParser) {
        add(.first, ["i", "me", "my", "myself"], &parser)
        add(.oneself, ["myself"], &parser)
        add(.second, ["you", "your", "yourself", "himself", "herself", "themselves"], &parser)
        // "I used to ..., now I paint": what is now is no time that is named.
        add(.soon, (parser.classes["soon"] ?? ["tonight", "tomorrow", "today"]).filter { $0 != "now" }, &parser)
        add(.i, ["i"], &parser)
        add(.present, parser.classes["present"] ?? [], &parser)
        add(.between, parser.classes["between"] ?? [], &parser)
        add(.told, parser.classes["told"] ?? [], &parser)
    }

    private mutating func add(_ saying: Saying, _ words: [String], _ parser: inout PatternParser) {
        for word in words where !word.hasPrefix("{") {
            let id = Int(parser.vocabulary.add(word))
            if id >= sayings.count { sayings += Array(repeating: [], count: id + 1 - sayings.count) }
            sayings[id].insert(saying)
        }
    }

    @inline(__always)
    func says(_ saying: Saying, _ word: Int32) -> Bool {
        word >= 0 && word < sayings.count && !sayings[Int(word)].isDisjoint(with: saying)
    }
}
