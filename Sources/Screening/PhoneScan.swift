/// Words that stand for digits, and words that say whose a number is.
struct DetailWords: Sendable {
    let digits: [Int32: UInt8]
    let repeats: [Int32: Int]
    let mine: Set<Int32>
    let theirs: Set<Int32>
    let asks: Set<Int32>

    init(_ parser: inout PatternParser) {
        var digits: [Int32: UInt8] = [:]
        let words = [
            ("zero", 0), ("oh", 0), ("o", 0), ("one", 1), ("two", 2), ("three", 3), ("four", 4), ("five", 5),
            ("six", 6),
            ("seven", 7), ("eight", 8), ("nine", 9),
        ]
        for (word, digit) in words { digits[parser.vocabulary.add(word)] = UInt8(digit) + 0x30 }
        self.digits = digits
        repeats = [parser.vocabulary.add("double"): 2, parser.vocabulary.add("triple"): 3]
        mine = Set(["my", "me", "i", "mine"].map { parser.vocabulary.add($0) })
        theirs = Set(
            (["his", "her", "their", "hers", "him", "them", "theirs"] + (parser.classes["kin"] ?? []))
                .filter { !$0.hasPrefix("{") }.map { parser.vocabulary.add($0) })
        asks = Set(
            ["number", "call", "text", "phone", "mobile", "cell", "ring", "whatsapp", "message", "digits"]
                .map { parser.vocabulary.add($0) })
    }
}

/// Telephone numbers in digits or in words, by counting digits that stand together.
struct PhoneScan {
    let reading: Reading
    let bytes: [UInt8]
    let words: DetailWords
    let help: HelpLines

    /// The digits of the longest telephone number (E.164), and of what else of that kind nobody should leave here.
    private static let (longest, mostDigits) = (15, 19)

    func found() -> [Range<Int>] {
        let tokens = reading.tokens
        var found: [Range<Int>] = []
        var index = 0
        while index < tokens.count {
            guard let first = value(index) else {
                index += 1
                continue
            }
            var digits = Array(first)
            var parts = 1
            var end = index + 1
            var isLoose = false
            // A help line is whole by itself: what stands behind it, hours or somebody's number, is looked at anew.
            while !help.isWhole(digits), end < tokens.count, let gap = together(end), let more = value(end) {
                // What does not begin like a number to call is no part of one that is hidden behind signs, and a help line's ends it.
                if gap == .loose {
                    guard digits.first == 0x30 else { break }
                    isLoose = true
                }
                if more.first == 0x30, help.contains(number: digits[...]) { break }
                // Two numbers side by side are two, and not one that is too long to be any.
                if digits.count >= 10, more.first == 0x30 { break }
                if digits.count >= 7, digits.count + more.count > Self.longest { break }
                digits += more
                parts += 1
                end += 1
            }
            if isPhone(digits, parts, from: index), !isLoose || digits.count >= 10 { found.append(index..<end) }
            index = end
        }
        return found
    }

    /// Whether a thing like this, found at a word, is said to be someone else's.
    func isTheirs(_ index: Int) -> Bool {
        for back in stride(from: index - 1, through: max(0, index - 8), by: -1) {
            let word = reading.tokens[back].word
            if words.mine.contains(word) { return false }
            if words.theirs.contains(word) { return true }
        }
        return false
    }

    private func value(_ index: Int) -> ArraySlice<UInt8>? {
        let token = reading.tokens[index]
        if token.marks.contains(.number) { return reading.letters[token.at..<(token.at + token.count)] }
        if let digit = words.digits[token.word] {
            let again = index > 0 ? words.repeats[reading.tokens[index - 1].word] ?? 1 : 1
            return Array(repeating: digit, count: again)[...]
        }
        return words.repeats[token.word] == nil ? nil : []
    }

    private enum Gap { case tight, loose }

    /// Spaces of any width, dots, dashes of any length, brackets and a plus stand inside a number. Whoever hides one puts other
    /// signs there: then only what begins like a number to call (0...) counts, so that a list of years is none.
    private func together(_ index: Int) -> Gap? {
        let between = reading.tokens[index - 1].end..<max(reading.tokens[index - 1].end, reading.tokens[index].start)
        guard between.count <= 24 else { return nil }
        // One space, nearly always.
        if between.count == 1, bytes[between.lowerBound] == 0x20 { return .tight }
        let scalars = String(decoding: bytes[between], as: UTF8.self).unicodeScalars
        let isTight =
            scalars.count <= 4
            && scalars.allSatisfy { scalar in
                switch scalar.value {
                case 0x20, 0x2E, 0x2D, 0x28, 0x29, 0x2B, 0x2A, 0x5F, 0x7E, 0xA0, 0x2000...0x2015, 0x202F, 0x2212: true
                default: false
                }
            }
        return isTight ? .tight : scalars.contains(where: \.properties.isAlphabetic) ? nil : .loose
    }

    private func isPhone(_ digits: [UInt8], _ parts: Int, from index: Int) -> Bool {
        guard (7...Self.mostDigits).contains(digits.count), !isCounting(digits, parts) else { return false }
        if help.contains(number: digits[...]) || HelpLines.isFree(digits) { return false }
        if digits.count >= 10 || (digits.count == 9 && digits[0] == 0x30) { return true }
        return (max(0, index - 6)..<index).contains { words.asks.contains(reading.tokens[$0].word) }
    }

    /// "5 4 3 2 1" is a way to calm down, not a number to call.
    private func isCounting(_ digits: [UInt8], _ parts: Int) -> Bool {
        // 01234 567890 is dialled in some places; nobody counts so far from nought.
        guard parts * 3 >= digits.count * 2, digits[0] != 0x30 || digits.count < 10 else { return false }
        let steps = zip(digits, digits.dropFirst()).prefix(4).map { Int($1) - Int($0) }
        return steps.allSatisfy { $0 == 1 } || steps.allSatisfy { $0 == -1 }
    }
}
