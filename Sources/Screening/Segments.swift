/// Finds words written without spaces ("wanttosleep") or with a sign between all letters ("s l e e p").
enum Segments {
    struct Piece {
        var word: Int32
        var from: Int
        var count: Int
    }

    private static let longestWord = 14
    private static let longestRun = 48

    /// The pieces, when they cover every letter and one of them is a word people disguise.
    static func find(
        in range: Range<Int>, _ letters: [UInt8], _ vocabulary: Vocabulary, _ spelling: Spelling
    ) -> [Piece]? {
        guard range.count <= longestRun else { return nil }
        let pieces = best(range, letters, vocabulary)
        guard let pieces, pieces.contains(where: { spelling.isDisguised.contains($0.word) }) else { return nil }
        return pieces
    }

    /// Fewest words that cover all letters. The work for each letter is bounded by the longest word.
    static func best(_ range: Range<Int>, _ letters: [UInt8], _ vocabulary: Vocabulary) -> [Piece]? {
        let count = range.count
        var cost = [Int](repeating: .max, count: count + 1)
        var back: [Piece?] = Array(repeating: nil, count: count + 1)
        cost[0] = 0
        for from in 0..<count where cost[from] < .max {
            var hash = Hash()
            for length in 1...min(longestWord, count - from) {
                hash.add(letters[range.lowerBound + from + length - 1])
                guard let word = vocabulary[hash.value], word < vocabulary.own, allowed(length, letters[range.lowerBound + from]) else {
                    continue
                }
                let total = cost[from] + (length == 1 ? 3 : 2)
                if total < cost[from + length] {
                    cost[from + length] = total
                    back[from + length] = Piece(word: word, from: range.lowerBound + from, count: length)
                }
            }
        }
        var pieces: [Piece] = []
        var at = count
        while at > 0 {
            guard let piece = back[at] else { return nil }
            pieces.append(piece)
            at -= piece.count
        }
        return pieces.reversed()
    }

    /// Only "i" and "a" are words of one letter.
    private static func allowed(_ length: Int, _ first: UInt8) -> Bool {
        length > 1 || first == UInt8(ascii: "i") || first == UInt8(ascii: "a")
    }
}
