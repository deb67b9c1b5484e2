/// Finds every pattern in a text. Each word of the text starts only the patterns whose rarest word it is, and each of
/// those looks at a bounded stretch, so the cost is the length of the text times a constant.
struct Matcher: Sendable {
    struct Match {
        var pattern: Int
        /// The words matched, and the part of them to point at.
        var words: Range<Int>
        var shown: Range<Int>
        var anchor: Int
    }

    let patterns: [Pattern]
    private let sets: WordSets
    /// For each word, where its patterns begin in `byWord`; one more at the end.
    private var starts: [Int32]
    private var byWord: [Int32] = []

    init(patterns: [Pattern], sets: WordSets, words: Int) {
        self.patterns = patterns
        self.sets = sets
        var lists = [[Int32]](repeating: [], count: words)
        for (index, pattern) in patterns.enumerated() {
            switch pattern.elements[pattern.anchor].test {
            case .word(let word): lists[Int(word)].append(Int32(index))
            case .anyOf(let set): for word in sets.sets[set] { lists[Int(word)].append(Int32(index)) }
            case .number: lists[Int(Vocabulary.number)].append(Int32(index))
            case .capital, .new, .gap, .start, .end: preconditionFailure("The parser never anchors on these.")
            }
        }
        starts = [0]
        for list in lists {
            byWord += list
            starts.append(Int32(byWord.count))
        }
    }

    /// The matches in order of their anchors, and how many times a word was looked at; stops once that is more than `limit`.
    func matches(in tokens: [Token], limit: Int) -> (matches: [Match], visits: Int) {
        var matches: [Match] = []
        var visits = 0
        var from = 0
        while from < tokens.count, visits <= limit {
            var to = from + 1
            while to < tokens.count, !tokens[to].marks.contains(.sentence) { to += 1 }
            var walk = Walk(tokens: tokens, sentence: from..<to, sets: sets)
            for index in from..<to {
                let word = Int(tokens[index].word)
                visits += 1
                guard starts[word] < starts[word + 1] else { continue }
                for slot in starts[word]..<starts[word + 1] {
                    let pattern = Int(byWord[Int(slot)])
                    if let match = walk.match(patterns[pattern], pattern, at: index) { matches.append(match) }
                }
            }
            visits += walk.visits
            from = to
        }
        return (matches, visits)
    }
}
