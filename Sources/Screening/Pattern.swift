/// One pattern over words, compiled. The language, in full:
///
///     word          that word                    a|b|c      any of them
///     {class}       any word of that class       {a}|b      a class or a word
///     x?            may be missing               _0-3_      that many words of any kind
///     #             a number in digits           {Cap}      a word with a capital letter
///     {new}         a word no rule knows         ^  $       start and end of a sentence
///     a|$           a word, or the end of the sentence
///     ( ... )       the part to point at, when it is not the whole
///
/// A pattern never crosses the end of a sentence.
struct Pattern: Sendable {
    var elements: [Element]
    /// The element looked up first: the one whose words are rarest.
    var anchor: Int
    /// The elements to point at.
    var shown: Range<Int>?

    struct Element: Sendable, Equatable {
        var test: Test
        var optional = false
        /// The end of the sentence does as well as the word.
        var orEnd = false
    }

    enum Test: Sendable, Equatable {
        case word(Int32)
        case anyOf(Int)
        case number, capital, new
        case gap(Int, Int)
        case start, end
    }
}

/// Sets of words, each kept once, as one bit for each word of the vocabulary.
struct WordSets: Sendable {
    private(set) var sets: [[Int32]] = []
    private var known: [[Int32]: Int] = [:]
    private(set) var bits: [UInt64] = []
    private var width = 0

    mutating func add(_ words: [Int32]) -> Int {
        let sorted = Set(words).sorted()
        if let index = known[sorted] { return index }
        known[sorted] = sets.count
        sets.append(sorted)
        return sets.count - 1
    }

    /// `numbers`: the numbers that some pattern spells out. Where any number will do, they will too.
    mutating func close(words: Int, numbers: [Int32]) {
        for (index, set) in sets.enumerated() where set.contains(Vocabulary.number) { sets[index] = set + numbers }
        width = (words + 63) / 64
        bits = Array(repeating: 0, count: width * sets.count)
        for (index, set) in sets.enumerated() {
            for word in set { bits[index * width + Int(word) / 64] |= 1 << UInt64(word % 64) }
        }
    }

    @inline(__always)
    func contains(_ set: Int, _ word: Int32) -> Bool {
        bits[set * width + Int(word) / 64] >> UInt64(word % 64) & 1 == 1
    }
}
