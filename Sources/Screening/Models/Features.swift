/// What a model sees of a text: single words, pairs of neighbours, the words of a question,
/// how it begins, how many there are and whether one ends the text, and runs of three to five
/// letters inside a word, each as one of 65,536 numbers. Words are read as the rules read them, so a disguised word is the word.
///
/// Models of answers see besides how sentences begin, and how the text does: "I hope", "So sorry to" tell how one turns to
/// somebody. These have 8,192 numbers of their own, so that other models are what they would be without them.
///
/// Hashing keeps no list of words: a weight file tells nobody's vocabulary.
enum Features {
    static let common = 1 << 16
    static let buckets = common + (1 << 13)
    /// A longer text is known by its first words; the longest post fits.
    static let longest = 4096
    private static let longestWord = 40
    private static let longestQuestion = 24
    private static let begins = 3

    /// Calls `see` for every n-gram of these words, with the word it belongs to; the same number may come often. Answers how many came,
    /// beginnings of sentences apart.
    @inline(__always)
    static func each(of reading: Reading, in words: Range<Int>, _ see: (_ bucket: Int, _ token: Int) -> Void) -> Int {
        var count = 0
        reading.letters.withUnsafeBufferPointer { letters in
            var before: UInt64 = 0
            var questions = 0
            var start: UInt64 = 0
            var sentence: [UInt64] = []  // the words of this sentence so far: what is asked for stands before the question mark
            for index in words.prefix(longest) {
                let (token, place) = (reading.tokens[index], index - words.lowerBound)
                let isNumber = token.word == Vocabulary.number
                let length = isNumber ? 0 : min(token.count, longestWord)
                var whole = Hash()
                if isNumber { whole.add(UInt8(ascii: "#")) }
                for at in token.at..<(token.at + length) { whole.add(letters[at]) }
                see(bucket(whole.value, 1), index)
                if place > 0 { see(bucket(before &* 31 &+ whole.value, 2), index) }
                count += place > 0 ? 2 : 1
                if token.marks.contains(.sentence) { sentence.removeAll(keepingCapacity: true) }
                if sentence.count < longestQuestion { sentence.append(whole.value) }
                if sentence.count <= begins {
                    start = sentence.count == 1 ? whole.value : start &* 31 &+ whole.value
                    see(beginning(start, UInt64(sentence.count)), index)
                    if place < sentence.count { see(beginning(start, 3 + UInt64(sentence.count)), index) }
                }
                if token.marks.contains(.asks) {
                    questions += 1
                    see(bucket(UInt64(min(questions, 3)), 8), index)  // one question or several
                    let isLast = index + 1 >= words.upperBound
                    if isLast { see(bucket(0, 9), index) }  // the text ends by asking
                    count += isLast ? 2 : 1
                    see(bucket(0, 4), index)
                    see(bucket(whole.value, 4), index)
                    for word in sentence { see(bucket(word, 5), index) }
                    for second in 1..<max(1, min(3, sentence.count)) {
                        see(bucket(sentence[second - 1] &* 31 &+ sentence[second], 6), index)
                    }
                    see(bucket(sentence[0], 7), index)
                    count += 2 + sentence.count + max(0, min(3, sentence.count) - 1) + 1
                    sentence.removeAll(keepingCapacity: true)
                }
                before = whole.value
                // The word with a space at each end: where a run stands in a word is part of it.
                let padded = length + 2
                guard length > 0 else { continue }
                for start in 0..<(padded - 2) {
                    var run = Hash()
                    for place in start..<min(start + 5, padded) {
                        run.add(place == 0 || place == padded - 1 ? 0x20 : letters[token.at + place - 1])
                        if place - start >= 2 {
                            see(bucket(run.value, 3), index)
                            count += 1
                        }
                    }
                }
            }
        }
        return count
    }

    @inline(__always)
    private static func bucket(_ hash: UInt64, _ kind: UInt64) -> Int {
        let mixed = (hash ^ kind) &* 0x9e37_79b9_7f4a_7c15
        return Int(truncatingIfNeeded: mixed >> 48)
    }

    @inline(__always)
    private static func beginning(_ hash: UInt64, _ kind: UInt64) -> Int {
        common + Int(truncatingIfNeeded: ((hash ^ kind) &* 0x9e37_79b9_7f4a_7c15) >> 51)
    }

    /// Each number once, in the order of first sight, and how many n-grams there were.
    static func distinct(of reading: Reading) -> (buckets: [Int32], count: Int) {
        var seen = Seen()
        var found: [Int32] = []
        let count = each(of: reading, in: reading.tokens.indices) { bucket, _ in
            if seen.insert(bucket) { found.append(Int32(bucket)) }
        }
        return (found, count)
    }

    /// One bit for each number.
    struct Seen {
        private var bits = [UInt64](repeating: 0, count: buckets / 64)

        @inline(__always)
        mutating func insert(_ bucket: Int) -> Bool {
            let (word, bit) = (bucket >> 6, UInt64(1) << UInt64(bucket & 63))
            guard bits[word] & bit == 0 else { return false }
            bits[word] |= bit
            return true
        }
    }
}
