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
    }

    mutating func sort(_ matches: [Matcher.Match]) {
        var scopes = ScopeMap(cues: rules.cues, tokens: reading.tokens, sets: rules.sets)
        var topicSeen = Set<Int>()
        var phrases: [(rule: Int, match: Matcher.Match)] = []
        var cancels: [(scope: ScopeName, words: Range<Int>)] = []
        for match in matches {
            switch rules.owners[match.pattern] {
            case .rule(let rule): if wanted(rules.rules[rule]) { phrases.append((rule, match)) }
            case .cue(let cue): scopes.add(cue, at: match.words)
            case .cancel(let scope): cancels.append((scope, match.words))
            case .topic(let topic): topicSeen.insert(topic)
            }
        }
        for cancel in cancels { scopes.remove(cancel.scope, at: cancel.words) }
        topics = topicSeen.sorted().map { rules.topics[$0] }
        for (index, match) in phrases {
            let rule = rules.rules[index]
            let level = scopes.scopes(of: match).reduce(rule.level) { min($0, effect(of: $1, rule)) }
            guard level > .none else { continue }
            if rule.kind == .smallPlace, rules.largePlaces.begins(at: match.shown.lowerBound, in: reading) { continue }
            findings.append(
                Finding(
                    kind: rule.kind, level: level,
                    span: Span(start: reading.tokens[match.shown.lowerBound].start, end: end(of: match.shown)),
                    why: rule.why, source: rule.id))
        }
    }

    private func effect(of scope: ScopeName, _ rule: Rule) -> Level {
        (rule.scopes[scope] ?? .keep).level(from: rule.level)
    }

    private func wanted(_ rule: Rule) -> Bool {
        // Advice on how to answer is for answers.
        guard rule.state == state, rule.kind != .replyHint && rule.kind != .replyStrength || context.isReply else { return false }
        return true
    }

    private func end(of words: Range<Int>) -> Int {
        reading.tokens[words].reduce(0) { max($0, $1.end) }
    }
}
