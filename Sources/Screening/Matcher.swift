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

    /// The elements of all patterns, one pattern behind the other: a walk then copies no list.
    private let elements: [Pattern.Element]
    private let laid: [Walk.Laid]
    private let sets: WordSets
    private let ownWords: Int32
    /// For each word, where its patterns begin in `byWord`; one more at the end.
    private var starts: [Int32]
    private var byWord: [Int32] = []
    /// For each pattern, a word that must stand right beside its rarest one: looked at before the rest is walked.
    private let neighbours: [Neighbour]

    private struct Neighbour {
        /// Before (-1) or after (1) the anchor; 0 where nothing must stand there.
        var offset = 0
        var test = Pattern.Test.start
    }

    init(patterns: [Pattern], sets: WordSets, words: Int, numbers: [Int32], ownWords: Int32) {
        self.ownWords = ownWords
        self.sets = sets
        elements = patterns.flatMap(\.elements)
        var from = 0
        laid = patterns.map { pattern in
            defer { from += pattern.elements.count }
            return Walk.Laid(
                elements: from..<(from + pattern.elements.count), anchor: from + pattern.anchor,
                shown: pattern.shown.map { ($0.lowerBound + from)..<($0.upperBound + from) })
        }
        var lists = [[Int32]](repeating: [], count: words)
        for (index, pattern) in patterns.enumerated() {
            switch pattern.elements[pattern.anchor].test {
            case .word(let word): lists[Int(word)].append(Int32(index))
            case .anyOf(let set): for word in sets.sets[set] { lists[Int(word)].append(Int32(index)) }
            case .number: for word in [Vocabulary.number] + numbers { lists[Int(word)].append(Int32(index)) }
            case .capital, .new, .gap, .start, .end: preconditionFailure("The parser never anchors on these.")
            }
        }
        neighbours = patterns.map { pattern in
            for offset in [1, -1] {
                let place = pattern.anchor + offset
                guard pattern.elements.indices.contains(place) else { continue }
                let element = pattern.elements[place]
                if element.optional || element.orEnd { continue }
                switch element.test {
                case .word, .anyOf: return Neighbour(offset: offset, test: element.test)
                case .number, .capital, .new, .gap, .start, .end: continue
                }
            }
            return Neighbour()
        }
        starts = [0]
        for list in lists {
            byWord += list
            starts.append(Int32(byWord.count))
        }
    }

    /// The matches in order of their anchors, and how many times a word was looked at. Stops once that is more than `limit`, or
    /// at a `flood` of matches, and then answers more than `limit`: the text was not read whole.
    func matches(in tokens: [Token], limit: Int, flood: Int) -> (matches: [Match], visits: Int) {
        var matches: [Match] = []
        var visits = 0
        var from = 0
        while from < tokens.count, visits <= limit {
            var to = from + 1
            while to < tokens.count, !tokens[to].marks.contains(.sentence) { to += 1 }
            var walk = Walk(elements: elements, tokens: tokens, sentence: from..<to, sets: sets, ownWords: ownWords)
            for index in from..<to {
                if matches.count > flood || visits + walk.visits > limit { return (matches, limit + 1) }
                let word = Int(tokens[index].word)
                visits += 1
                guard starts[word] < starts[word + 1] else { continue }
                for slot in starts[word]..<starts[word + 1] {
                    let pattern = Int(byWord[Int(slot)])
                    visits += 1
                    guard mayMatch(neighbours[pattern], tokens, at: index, in: from..<to) else { continue }
                    if let match = walk.match(laid[pattern], pattern, at: index) { matches.append(match) }
                }
            }
            visits += walk.visits
            from = to
        }
        return (matches, visits)
    }

    @inline(__always)
    private func mayMatch(_ neighbour: Neighbour, _ tokens: [Token], at index: Int, in sentence: Range<Int>) -> Bool {
        if neighbour.offset == 0 { return true }
        let place = index + neighbour.offset
        guard sentence.contains(place) else { return false }
        switch neighbour.test {
        case .word(let word): return tokens[place].word == word
        case .anyOf(let set): return sets.contains(set, tokens[place].word)
        case .number, .capital, .new, .gap, .start, .end: return true
        }
    }
}
