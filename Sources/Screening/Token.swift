/// One word of the text as the rules see it, and where the writer typed it.
struct Token {
    /// UTF-8 offsets in the writer's text.
    var start: Int
    var end: Int
    /// Where its folded letters lie in `Reading.letters`.
    var at: Int
    var count: Int
    /// Its number in the vocabulary: `Vocabulary.unknown`, `Vocabulary.number`, or a word.
    var word: Int32
    var marks: Marks
    var gap: Gap

    struct Marks: OptionSet {
        let rawValue: UInt8
        static let capital = Marks(rawValue: 1)
        static let number = Marks(rawValue: 2)
        static let sentence = Marks(rawValue: 4)
        static let clause = Marks(rawValue: 8)
        static let quoted = Marks(rawValue: 16)
        static let symbol = Marks(rawValue: 32)
        /// A question mark stands behind it.
        static let asks = Marks(rawValue: 64)
    }

    /// What stood between this word and the one before.
    enum Gap: UInt8, Comparable {
        case joined, single, wide, clause, sentence

        static func < (one: Gap, other: Gap) -> Bool { one.rawValue < other.rawValue }
    }
}

/// A text as tokens, and what was counted on the way.
struct Reading {
    var tokens: [Token] = []
    var letters: [UInt8] = []
    /// For every folded letter, where the writer's letter begins.
    var origins: [Int] = []
    /// Letters of the writer's by the script they were typed in: what is drawn like a Latin one counts where it comes from.
    var latin = 0
    var foreign = 0
    var scripts = Scripts.none

    /// The words of each sentence; one that runs on is cut into pieces of so many, each beginning in the middle of the one before.
    func sentences(of most: Int) -> [Range<Int>] {
        let starts = tokens.indices.filter { $0 == 0 || tokens[$0].marks.contains(.sentence) }
        let ends = starts.dropFirst() + [tokens.count]
        var found: [Range<Int>] = []
        for (start, end) in zip(starts, ends) {
            var from = start
            while end - from > most {
                found.append(from..<(from + most))
                from += max(1, most / 2)
            }
            found.append(from..<end)
        }
        return found
    }
}

/// FNV-1a: small, and the same on every machine, which the rule set's version needs.
struct Hash {
    var value: UInt64 = 0xcbf2_9ce4_8422_2325

    @inline(__always)
    mutating func add(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = Hash()
        for byte in bytes { hash.add(byte) }
        return hash.value
    }
}
