/// Turns a text into tokens in one pass over its bytes. `WordReader` decides what each run of letters means.
struct Reader {
    private let bytes: [UInt8]
    private let folding: Folding
    private var words: WordReader
    private var gap = Token.Gap.sentence
    private var signs = 0
    private var dots = 0
    /// What stood there before the first of several dots.
    private var beforeDots = Token.Gap.joined
    private var open = -1
    /// The first word after an open quotation mark; nothing is quoted before it is closed on the same line.
    private var quoteFrom: Int?
    private var wasSign = false
    /// Places among the folded letters of an I that may be meant as an l.
    private var bars: [Int] = []
    private var barAt = -2
    private static let longestQuote = 40

    init(_ bytes: [UInt8], folding: Folding, vocabulary: Vocabulary, spelling: Spelling) {
        self.bytes = bytes
        self.folding = folding
        words = WordReader(vocabulary: vocabulary, spelling: spelling, capacity: bytes.count)
    }

    mutating func read() -> Reading {
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                ascii(byte, at: index)
                index += 1
            } else {
                index = wide(at: index)
            }
        }
        close(at: bytes.count)
        words.joinSplitWords()
        return words.reading
    }

    @inline(__always)
    private mutating func ascii(_ byte: UInt8, at index: Int) {
        if byte.isLetter || byte.isDigit {
            if byte.isLetter { words.reading.latin += 1 }
            // A capital I behind a small letter is drawn like an l, and may be meant as one where the word is none with an i.
            if byte == UInt8(ascii: "I"), open >= 0, index > 0, bytes[index - 1] &- 0x61 < 26 || barAt == index - 1 {
                barAt = index
                bars.append(words.reading.letters.count)
            }
            letter(byte.lowered, at: index)
            return
        }
        let next = index + 1 < bytes.count ? bytes[index + 1] : 0x20
        if byte == UInt8(ascii: "'"), open >= 0, next.isLetter { return letter(byte, at: index) }
        // A sign in the place of a letter: inside a word, or $ and @ before one.
        if byte.isLeet, next.isLetter || next == 0x2A || (next.isLeet && open >= 0) {
            if open >= 0 || byte == 0x24 || byte == 0x40 { return letter(byte, at: index) }
        }
        close(at: index)
        signs += 1
        switch byte {
        case UInt8(ascii: "\n"):
            quoteFrom = nil
            widen(.sentence)
        case UInt8(ascii: "."):
            dots += 1
            // One dot before a space ends a sentence; several are a pause, which takes back no end before them; one inside a word hides it.
            if dots == 1 { beforeDots = gap } else { gap = beforeDots }
            widen(dots == 1 && (next.isSpace || index + 1 == bytes.count) ? .sentence : dots > 1 ? .clause : .single)
            return
        case UInt8(ascii: "!"): widen(.sentence)
        case UInt8(ascii: "?"):
            widen(.sentence)
            words.asked()
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "("), UInt8(ascii: ")"):
            widen(.clause)
        case UInt8(ascii: "\""):
            // 5'4" is a height: a mark right behind a figure opens nothing.
            if quoteFrom != nil || index == 0 || !bytes[index - 1].isDigit { quote() }
            widen(.single)
        default: widen(.single)
        }
        dots = 0
    }

    /// Reads one scalar beyond ASCII and answers where the next begins.
    private mutating func wide(at index: Int) -> Int {
        let lead = bytes[index]
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        let end = min(index + length, bytes.count)
        var value = UInt32(lead) & (length == 4 ? 0x07 : length == 3 ? 0x0F : 0x1F)
        for offset in (index + 1)..<end { value = value << 6 | UInt32(bytes[offset] & 0x3F) }
        guard let scalar = Unicode.Scalar(value) else { return end }
        switch folding.fold(scalar) {
        case .ignored: break
        case .letters(let first, let second):
            // Letters drawn like Latin ones are counted where they come from.
            if (0x370...0x5FF).contains(value) { words.reading.foreign += 1 } else { words.reading.latin += 1 }
            letter(first, at: index)
            if let second { letter(second, at: index) }
        case .foreign:
            words.reading.foreign += 1
            for offset in index..<end { letter(bytes[offset], at: index) }
        case .syllable(let script):
            words.reading.foreign += 1
            words.reading.scripts.insert(script)
            close(at: index)
            // Where a text goes over into signs, or back, a sentence begins: their rules look for its ends.
            if !wasSign { widen(.sentence) }
            wasSign = true
            for offset in index..<end { letter(bytes[offset], at: index) }
            close(at: end)
        case .apostrophe:
            if open >= 0, end < bytes.count, bytes[end].isLetter {
                letter(UInt8(ascii: "'"), at: index)
            } else {
                separate(.single, at: index)
            }
        case .quote:
            separate(.single, at: index)
            quote()
        case .space: separate(.single, at: index)
        case .ellipsis: separate(.clause, at: index)
        case .stop: separate(.sentence, at: index)
        case .pause: separate(.clause, at: index)
        case .other:
            separate(.single, at: index)
            if words.sign(value, at: index, to: end, gap: gap) {
                gap = .joined
                signs = 0
            }
        }
        return end
    }

    /// One quotation mark alone (an inch, a slip) says nothing: the words between two of them, and not too far apart, are quoted.
    private mutating func quote() {
        let here = words.reading.tokens.count
        guard let from = quoteFrom else {
            quoteFrom = here
            return
        }
        quoteFrom = nil
        if here > from, here - from <= Self.longestQuote { words.quote(from..<here) }
    }

    @inline(__always)
    private mutating func letter(_ byte: UInt8, at index: Int) {
        if open < 0 {
            open = words.reading.letters.count
            if wasSign, byte < 0x80 {
                widen(.sentence)
                wasSign = false
            }
        }
        words.reading.letters.append(byte)
        words.reading.origins.append(index)
    }

    private mutating func separate(_ kind: Token.Gap, at index: Int) {
        close(at: index)
        signs += 1
        dots = 0
        widen(kind)
    }

    private mutating func widen(_ kind: Token.Gap) {
        gap = max(gap, signs > 1 && kind == .single ? .wide : kind)
    }

    private mutating func close(at end: Int) {
        guard open >= 0 else { return }
        let capital = bytes[words.reading.origins[open]].isUpper
        words.word(from: open, end: end, gap: gap, capital: capital, bars: bars)
        bars.removeAll(keepingCapacity: true)
        open = -1
        gap = .joined
        signs = 0
        dots = 0
    }
}
