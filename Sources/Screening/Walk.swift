/// Tries one pattern around one word. Where it may stand is a set of positions, kept as bits: bit `k` is `k` words
/// from the anchor. So alternatives never multiply.
struct Walk {
    /// Where a pattern lies among the elements of all of them.
    struct Laid {
        var elements: Range<Int>
        /// The element looked up first, and the elements to point at.
        var anchor: Int
        var shown: Range<Int>?
    }

    let elements: [Pattern.Element]
    let tokens: [Token]
    let sentence: Range<Int>
    let sets: WordSets
    let ownWords: Int32
    var visits = 0

    init(elements: [Pattern.Element], tokens: [Token], sentence: Range<Int>, sets: WordSets, ownWords: Int32) {
        self.elements = elements
        self.ownWords = ownWords
        self.tokens = tokens
        self.sentence = sentence
        self.sets = sets
    }

    mutating func match(_ pattern: Laid, _ index: Int, at anchor: Int) -> Matcher.Match? {
        var left = UInt64(1)
        var element = pattern.anchor
        while element > pattern.elements.lowerBound {
            element -= 1
            left = step(left, elements[element], from: anchor - 1, by: -1)
            if left == 0 { return nil }
        }
        let first = pattern.anchor > pattern.elements.lowerBound ? anchor - left.trailingZeroBitCount : anchor
        var right = UInt64(1)
        element = pattern.anchor + 1
        while element < pattern.elements.upperBound {
            right = step(right, elements[element], from: anchor + 1, by: 1)
            if right == 0 { return nil }
            element += 1
        }
        let words = first..<(anchor + 1 + right.trailingZeroBitCount)
        let shown = pattern.shown.map { part(of: pattern, $0, at: anchor, words) } ?? words
        return Matcher.Match(pattern: index, words: words, shown: shown, anchor: anchor)
    }

    /// All places one element can lead to, going one way.
    private mutating func step(_ places: UInt64, _ element: Pattern.Element, from: Int, by way: Int) -> UInt64 {
        if case .gap(let least, let most) = element.test {
            var next = UInt64(0)
            for count in least...most { next |= places << UInt64(count) }
            return next & reach(from, way)
        }
        var next = element.optional ? places : 0
        var rest = places
        while rest != 0 {
            let place = rest.trailingZeroBitCount
            rest &= rest - 1
            visits += 1
            let at = from + place * way
            if element.orEnd, at == (way > 0 ? sentence.upperBound : sentence.upperBound - 1) { next |= 1 << place }
            switch element.test {
            case .start: if way < 0 ? at + 1 == sentence.lowerBound : at == sentence.lowerBound { next |= 1 << place }
            case .end: if way > 0 ? at == sentence.upperBound : at + 1 == sentence.upperBound { next |= 1 << place }
            default: if sentence.contains(at), place < 63, fits(tokens[at], element.test) { next |= 1 << (place + 1) }
            }
        }
        return next
    }

    /// The places inside the sentence, with the one just past its end.
    private func reach(_ from: Int, _ way: Int) -> UInt64 {
        let count = way > 0 ? sentence.upperBound - from : from - sentence.lowerBound + 1
        return count >= 63 ? .max : (1 << UInt64(count + 1)) - 1
    }

    @inline(__always)
    private func fits(_ token: Token, _ test: Pattern.Test) -> Bool {
        switch test {
        case .word(let word): token.word == word
        case .anyOf(let set): sets.contains(set, token.word)
        case .number: token.marks.contains(.number)
        case .capital: token.marks.contains(.capital)
        case .new: token.word == Vocabulary.unknown || token.word >= ownWords
        case .gap, .start, .end: false
        }
    }

    /// Where the shown elements lie, found by walking the matched words once more from the left.
    private mutating func part(of pattern: Laid, _ shown: Range<Int>, at anchor: Int, _ words: Range<Int>)
        -> Range<Int>
    {
        // before[e]: where element e can begin, coming from the left and staying inside the matched words.
        var before: [UInt64] = [1]
        for element in elements[pattern.elements] {
            before.append(step(before[before.count - 1], element, from: words.lowerBound, by: 1))
        }
        let start = pattern.elements.lowerBound
        var ends = [Int](repeating: words.upperBound, count: pattern.elements.count + 1)
        var at = words.count
        for element in pattern.elements.reversed() {
            at = back(from: at, elements[element], before[element - start], words.lowerBound)
            ends[element - start] = words.lowerBound + at
        }
        let lower = ends[shown.lowerBound - start]
        return lower..<max(ends[shown.upperBound - start], lower + 1)
    }

    private func back(from at: Int, _ element: Pattern.Element, _ before: UInt64, _ first: Int) -> Int {
        switch element.test {
        case .start, .end: return at
        case .gap(let least, let most):
            return (least...most).first { at - $0 >= 0 && before >> UInt64(at - $0) & 1 == 1 }.map { at - $0 } ?? at
        default:
            let took = at > 0 && before >> UInt64(at - 1) & 1 == 1 && fits(tokens[first + at - 1], element.test)
            return took ? at - 1 : at
        }
    }
}
