extension WordReader {
    private static let joinsUpTo = 10_000

    /// Puts words back together that were taken apart: "s l e e p", "s.l.e.e.p", "sle ep".
    mutating func joinSplitWords() {
        let tokens = reading.tokens
        var joined: [Token] = []
        joined.reserveCapacity(tokens.count)
        var index = 0
        while index < tokens.count {
            // Beyond the longest legal post, words that were taken apart stay so: a person reads such a text anyway.
            if index > Self.joinsUpTo {
                joined.append(contentsOf: tokens[index...])
                break
            }
            let run = singleLetters(from: index, tokens)
            if run.count >= 3 {
                // A run that spells nothing is passed over whole, so that no letter is looked at twice.
                if !append(run, tokens, to: &joined) { joined.append(contentsOf: tokens[run]) }
                index = run.upperBound
            } else if let (token, next) = pair(at: index, tokens) {
                joined.append(token)
                index = next
            } else {
                joined.append(tokens[index])
                index += 1
            }
        }
        reading.tokens = joined
    }

    private func singleLetters(from index: Int, _ tokens: [Token]) -> Range<Int> {
        var end = index
        while end < tokens.count, end - index < 48, tokens[end].count == 1, !tokens[end].marks.contains(.number),
            end == index || tokens[end].gap <= .wide
        {
            end += 1
        }
        return index..<end
    }

    private func append(_ run: Range<Int>, _ tokens: [Token], to joined: inout [Token]) -> Bool {
        let letters = tokens[run].map { reading.letters[$0.at] }
        guard let pieces = Segments.best(0..<letters.count, letters, vocabulary) else { return false }
        guard pieces.contains(where: { $0.count >= 3 || spelling.isDisguised.contains($0.word) }) else { return false }
        for piece in pieces {
            let first = tokens[run.lowerBound + piece.from]
            joined.append(merged(first, tokens[run.lowerBound + piece.from + piece.count - 1], piece.word))
        }
        return true
    }

    /// Two or three parts of one word that people disguise, with a single sign between them.
    private func pair(at index: Int, _ tokens: [Token]) -> (Token, Int)? {
        guard index + 1 < tokens.count, tokens[index + 1].gap <= .single, tokens[index].count <= 10 else { return nil }
        guard
            tokens[index].word == Vocabulary.unknown || tokens[index + 1].word == Vocabulary.unknown
                || tokens[index].count == 1 || tokens[index + 1].count == 1
        else { return nil }
        var hash = Hash()
        var length = 0
        for next in index..<min(index + 3, tokens.count) {
            let part = tokens[next]
            guard next == index || part.gap <= .single, part.at + part.count <= reading.letters.count else {
                return nil
            }
            for letter in reading.letters[part.at..<(part.at + part.count)] { hash.add(letter) }
            length += part.count
            guard length <= 14 else { return nil }
            if next > index, length >= 4, let word = spelling.whole[hash.value] {
                return (merged(tokens[index], part, word), next + 1)
            }
        }
        return nil
    }

    private func merged(_ first: Token, _ last: Token, _ word: Int32) -> Token {
        var token = first
        token.end = last.end
        token.count = last.at + last.count - first.at
        token.word = word
        return token
    }
}
