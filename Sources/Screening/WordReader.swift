/// Decides which word of the vocabulary a run of folded letters is.
struct WordReader {
    var reading = Reading()
    let vocabulary: Vocabulary
    let spelling: Spelling
    private var end = 0
    private var marks: Token.Marks = []
    private var sentenceLength = 0

    init(vocabulary: Vocabulary, spelling: Spelling, capacity: Int) {
        self.vocabulary = vocabulary
        self.spelling = spelling
        reading.letters.reserveCapacity(capacity)
        reading.origins.reserveCapacity(capacity)
        reading.tokens.reserveCapacity(capacity / 4 + 4)
    }

    /// `bars`: places of letters that may be an l where they are read as an i.
    mutating func word(from at: Int, end: Int, gap: Token.Gap, capital: Bool, bars: [Int]) {
        self.end = end
        marks = capital ? .capital : []
        let letters = at..<reading.letters.count
        if let meaning = meaning(letters) { return emit(meaning, letters, gap) }
        if !bars.isEmpty {
            for bar in bars { reading.letters[bar] = UInt8(ascii: "l") }
            if let meaning = meaning(letters) { return emit(meaning, letters, gap) }
            if letters.count >= 7, let pieces = Segments.find(in: letters, reading.letters, vocabulary, spelling) {
                return glued(pieces, letters, gap)
            }
            for bar in bars { reading.letters[bar] = UInt8(ascii: "i") }
        }
        if letters.allSatisfy({ reading.letters[$0].isDigit }) { return append(Vocabulary.number, letters, gap) }
        if letters.count >= 7, let pieces = Segments.find(in: letters, reading.letters, vocabulary, spelling) {
            return glued(pieces, letters, gap)
        }
        split(letters, gap)
    }

    private mutating func glued(_ pieces: [Segments.Piece], _ letters: Range<Int>, _ gap: Token.Gap) {
        for (index, piece) in pieces.enumerated() { append(piece.word, letters, index == 0 ? gap : .joined) }
    }

    /// These words stand between two quotation marks.
    mutating func quote(_ words: Range<Int>) {
        for index in words { reading.tokens[index].marks.insert(.quoted) }
    }

    mutating func asked() {
        guard let last = reading.tokens.indices.last else { return }
        reading.tokens[last].marks.insert(.asks)
    }

    /// A pictogram that stands for a word. Answers false when it stands for none.
    mutating func sign(_ value: UInt32, at start: Int, to end: Int, gap: Token.Gap) -> Bool {
        guard let word = spelling.emoji[value] else { return false }
        self.end = end
        marks = .symbol
        let at = reading.letters.count
        reading.letters.append(contentsOf: vocabulary.words[Int(word)].utf8)
        reading.origins.append(contentsOf: repeatElement(start, count: reading.letters.count - at))
        append(word, at..<reading.letters.count, max(gap, .wide))
        return true
    }

    private enum Meaning {
        case word(Int32)
        case words([Int32])
    }

    private func known(_ hash: UInt64) -> Meaning? {
        if let index = spelling.same[hash] {
            let words = spelling.expansions[Int(index)]
            return words.count == 1 ? .word(words[0]) : .words(words)
        }
        return vocabulary[hash].map(Meaning.word)
    }

    private func meaning(_ range: Range<Int>) -> Meaning? {
        let letters = reading.letters[range]
        var hash = Hash()
        var run = 1
        var longest = 1
        var signs = false
        var apostrophe = false
        var last: UInt8 = 0
        for letter in letters {
            hash.add(letter)
            run = letter == last ? run + 1 : 1
            longest = max(longest, run)
            last = letter
            if letter == 0x27 { apostrophe = true } else if !letter.isLetter { signs = true }
        }
        if let found = known(hash.value) { return found }
        if apostrophe { return withoutApostrophe(letters) }
        return signs ? withoutSigns(letters) : plainer(letters, longest)
    }

    private func withoutApostrophe(_ letters: ArraySlice<UInt8>) -> Meaning? {
        if let found = known(Hash.of(letters.lazy.filter { $0 != 0x27 })) { return found }
        // The owner of something is still that word: "mum's" is read as "mum".
        guard let mark = letters.lastIndex(of: 0x27), letters.endIndex - mark == 2 else { return nil }
        return known(Hash.of(letters[..<mark]))
    }

    /// Digits and signs typed for letters.
    private func withoutSigns(_ letters: ArraySlice<UInt8>) -> Meaning? {
        guard letters.contains(where: \.isLetter) else { return nil }
        var mayBeTwo = false
        for one in [UInt8(ascii: "i"), UInt8(ascii: "l")] {
            var (plain, squashed, last) = (Hash(), Hash(), UInt8(0))
            for letter in letters {
                if letter == UInt8(ascii: "1") || letter == UInt8(ascii: "!") || letter == UInt8(ascii: "|") { mayBeTwo = true }
                let meant = Self.leet(letter, one)
                plain.add(meant)
                if meant != last { squashed.add(meant) }
                last = meant
            }
            if let found = known(plain.value) { return found }
            if let found = spelling.squashedDisguised[squashed.value] { return .word(found) }
            if !mayBeTwo { break }
        }
        return letters.contains(0x2A) ? spelling.unmasked(letters).map(Meaning.word) : nil
    }

    private func plainer(_ letters: ArraySlice<UInt8>, _ longest: Int) -> Meaning? {
        if longest >= 3, let found = spelling.squashed[Hash.of(Spelling.squash(letters))] { return .word(found) }
        if longest == 2, let found = spelling.squashedDisguised[Hash.of(Spelling.squash(letters))] {
            return .word(found)
        }
        return letters.count >= 4 ? spelling.misspelt[Hash.of(letters)].map(Meaning.word) : nil
    }

    private static func leet(_ byte: UInt8, _ one: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "0"): UInt8(ascii: "o")
        case UInt8(ascii: "1"), UInt8(ascii: "!"), UInt8(ascii: "|"): one
        case UInt8(ascii: "3"): UInt8(ascii: "e")
        case UInt8(ascii: "4"), UInt8(ascii: "@"): UInt8(ascii: "a")
        case UInt8(ascii: "5"), UInt8(ascii: "$"): UInt8(ascii: "s")
        case UInt8(ascii: "7"): UInt8(ascii: "t")
        case UInt8(ascii: "8"): UInt8(ascii: "b")
        case UInt8(ascii: "9"): UInt8(ascii: "g")
        default: byte
        }
    }

    /// An unknown mix of digits, signs and letters is read piece by piece: "45kg" is a number and a unit.
    /// Where a name was made of both ("toad77"), it stays whole.
    private mutating func split(_ letters: Range<Int>, _ gap: Token.Gap) {
        func kind(_ byte: UInt8) -> Int { byte.isDigit ? 0 : byte.isLeet ? 1 : 2 }
        let head = reading.letters[letters].prefix { kind($0) == 2 }
        if !head.isEmpty, head.count < letters.count, !reading.letters[letters].contains(where: \.isLeet),
            head.count == 1 || meaning(head.startIndex..<head.endIndex) == nil
        {
            return append(Vocabulary.unknown, letters, gap)
        }
        var gap = gap
        var from = letters.lowerBound
        let wholeEnd = end
        for index in letters
        where index + 1 == letters.upperBound
            || kind(reading.letters[index]) != kind(reading.letters[index + 1])
        {
            let piece = from..<(index + 1)
            from = index + 1
            end = from == letters.upperBound ? wholeEnd : reading.origins[from]
            switch kind(reading.letters[index]) {
            case 0: append(Vocabulary.number, piece, gap)
            case 1:
                gap = max(gap, .clause)
                continue
            default: piece == letters ? append(Vocabulary.unknown, piece, gap) : emit(meaning(piece), piece, gap)
            }
            gap = .joined
        }
    }

    private mutating func emit(_ meaning: Meaning?, _ letters: Range<Int>, _ gap: Token.Gap) {
        switch meaning {
        case .none: append(Vocabulary.unknown, letters, gap)
        case .word(let word): append(word, letters, gap)
        case .words(let words):
            for (index, word) in words.enumerated() {
                append(word, letters, index == 0 ? gap : .joined)
                marks.remove(.capital)
            }
        }
    }

    private mutating func append(_ word: Int32, _ letters: Range<Int>, _ gap: Token.Gap) {
        var marks = marks
        if reading.letters[letters.lowerBound].isDigit, letters.allSatisfy({ reading.letters[$0].isDigit }) {
            marks.insert(.number)
        }
        // A sentence of one word is not an end: "I. want. out." is one sentence written slowly.
        let starts = reading.tokens.isEmpty || (gap == .sentence && sentenceLength > 1)
        if starts { marks.insert(.sentence) }
        if starts || gap >= .clause { marks.insert(.clause) }
        sentenceLength = gap == .sentence ? 1 : sentenceLength + 1
        reading.tokens.append(
            Token(
                start: reading.origins[letters.lowerBound], end: end, at: letters.lowerBound, count: letters.count,
                word: word, marks: marks, gap: gap))
    }
}
