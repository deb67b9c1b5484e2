/// A guess at the language from small words and scripts. Good enough to say "a person should read this first".
struct StopWords: Sendable {
    struct File: Decodable {
        var own: String
        var words: [String]
        /// Small words of other languages that are not words of this one.
        var others: [String]
    }

    private let own: String
    private let words: Set<UInt64>
    private let others: Set<UInt64>

    init(_ file: File) {
        own = file.own
        words = Set(file.words.map { Hash.of($0.utf8) })
        others = Set(file.others.map { Hash.of($0.utf8) })
    }

    func language(of reading: Reading) -> Language {
        if reading.foreign > reading.latin, reading.foreign >= 4 { return .other }
        var total = 0
        var mine = 0
        var known = 0
        var theirs = 0
        for token in reading.tokens where !token.marks.contains(.number) && !token.marks.contains(.symbol) {
            total += 1
            if token.word != Vocabulary.unknown { known += 1 }
            let hash = Hash.of(reading.letters[token.at..<(token.at + token.count)])
            if words.contains(hash) { mine += 1 } else if others.contains(hash) { theirs += 1 }
        }
        if total < 3 { return .tooShortToTell }
        if theirs > mine, theirs * 5 >= total { return .other }
        if mine * 7 >= total || known * 3 >= total { return .known(own) }
        if total < 8 { return .tooShortToTell }
        return mine + known == 0 || theirs > 0 ? .other : .known(own)
    }
}
