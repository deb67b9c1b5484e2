import Foundation

/// Which language a text is in: by script, then by small words, then by runs of three letters. Good enough to say "a person
/// should read this first"; a text in another language, or in none we know, is read by a person before anybody else sees it.
struct LanguageGuess: Sendable {
    struct File: Decodable {
        var own: String
        var words: [String]
        /// Small words of other languages that are not words of this one.
        var others: [String]
    }

    private let own: String
    private let words: Set<UInt64>
    private let others: Set<UInt64>
    private let ownWords: Int32
    private let runs: LetterRuns

    init(_ file: File, samples: [String: String], ownWords: Int32) {
        own = file.own
        words = Set(file.words.map { Hash.of($0.utf8) })
        others = Set(file.others.map { Hash.of($0.utf8) })
        self.ownWords = ownWords
        runs = LetterRuns(samples)
    }

    func language(of reading: Reading) -> Language {
        if let foreign = foreignScript(reading) { return foreign }
        let words = reading.tokens.indices.filter { index in
            let marks = reading.tokens[index].marks
            return !marks.contains(.number) && !marks.contains(.symbol)
        }
        let whole = count(words, reading)
        if whole.words < 2 { return .tooShortToTell }
        if whole.mine + whole.known == 0 { return runs.best(reading, words, but: own) ?? .other }
        // A title in one language hides none in the body: every sentence that is long enough is asked.
        if let other = foreignSentence(words, reading) { return other }
        if whole.words < 3 { return whole.known > 0 ? .tooShortToTell : .other }
        if whole.theirs > whole.mine, whole.theirs * 5 >= whole.words { return runs.best(reading, words, but: own) ?? .other }
        if whole.mine * 3 <= whole.words, let clear = runs.clearly(reading, words, against: own) { return clear }
        if whole.mine * 7 >= whole.words || whole.known * 3 >= whole.words { return .known(own) }
        // Of a few words half must be known: what nobody here can read is read by a person.
        return whole.words < 8 && whole.known * 2 >= whole.words ? .tooShortToTell : .other
    }

    /// Words in a script for which there are no rules, however few: nobody has read them.
    private func foreignScript(_ reading: Reading) -> Language? {
        // Drawn with letters of another script for the most part, whatever they look like.
        if reading.foreign > reading.latin, reading.scripts == .none { return .other }
        var signs = 0
        for token in reading.tokens where token.count > 0 {
            let letters = reading.letters[token.at..<(token.at + token.count)]
            guard letters.contains(where: { $0 >= 0x80 }) else { continue }
            // A word half of this script and half of another is one that hides.
            if letters.contains(where: { $0.isLetter }) { return .other }
            // A sign that is a word of its own counts from two on; of other scripts, any word of two letters.
            if token.count <= 4, reading.scripts != .none { signs += 1 } else if token.count >= 4 { return .other }
        }
        return signs >= 2 || signs > 0 && signs == reading.tokens.count ? reading.scripts.language.map(Language.known) ?? .other : nil
    }

    private func foreignSentence(_ words: [Int], _ reading: Reading) -> Language? {
        var from = 0
        while from < words.count {
            var to = from + 1
            while to < words.count, to - from < Self.mostOfSentence, !reading.tokens[words[to]].marks.contains(.sentence) { to += 1 }
            let sentence = Array(words[from..<to])
            let seen = count(sentence, reading)
            if seen.words >= (seen.mine == 0 ? Self.leastOfForeign : Self.leastOfSentence), seen.mine * 3 < seen.words,
                case .known(let code) = runs.clearly(reading, sentence, against: own), code != own
            {
                return .known(code)
            }
            from = to
        }
        return nil
    }

    /// Words that a sentence needs to be asked; fewer where none of them is a small word of ours. One without an end is asked in pieces.
    private static let (leastOfSentence, leastOfForeign, mostOfSentence) = (5, 3, 40)

    private struct Seen { var (words, mine, known, theirs) = (0, 0, 0, 0) }

    private func count(_ indices: [Int], _ reading: Reading) -> Seen {
        var seen = Seen()
        for index in indices {
            let token = reading.tokens[index]
            seen.words += 1
            if token.word != Vocabulary.unknown, token.word < ownWords { seen.known += 1 }
            let hash = Hash.of(reading.letters[token.at..<(token.at + token.count)])
            if words.contains(hash) { seen.mine += 1 } else if others.contains(hash) { seen.theirs += 1 }
        }
        return seen
    }
}

/// The scripts seen in a text that belong to languages with a pack.
struct Scripts: OptionSet {
    let rawValue: UInt8
    static let none: Scripts = []
    static let han = Scripts(rawValue: 1)
    static let hangul = Scripts(rawValue: 2)
    static let kana = Scripts(rawValue: 4)

    /// Kana beside Han is Japanese, for which there is no pack.
    var language: String? {
        if contains(.kana) { return nil }
        if contains(.hangul) { return "ko" }
        return contains(.han) ? "zh" : nil
    }
}

/// How likely runs of three letters are in each language, from a page of text of each (Cavnar & Trenkle 1994 had the idea;
/// this is a plain Markov chain with every count raised a little).
struct LetterRuns: Sendable {
    private static let letters = 27
    private static let size = letters * letters * letters
    private let codes: [String]
    /// For every run, the logarithm of its share in each language, side by side.
    private let shares: [Float]
    /// How much likelier, a run, another language must be before it is believed; below 15 runs nothing is said.
    private static let margin: Float = 0.3
    private static let raised: Float = 0.1

    init(_ samples: [String: String]) {
        codes = samples.keys.sorted()
        var shares = [Float](repeating: 0, count: Self.size * codes.count)
        let folding = Folding()
        for (place, code) in codes.enumerated() {
            var counts = [Float](repeating: Self.raised, count: Self.size)
            Self.each(folding.plain(samples[code] ?? "").utf8) { counts[$0] += 1 }
            for start in stride(from: 0, to: Self.size, by: Self.letters) {
                let whole = counts[start..<(start + Self.letters)].reduce(0, +)
                for run in start..<(start + Self.letters) { shares[run * codes.count + place] = log(counts[run] / whole) }
            }
        }
        self.shares = shares
    }

    private static func each(_ bytes: some Sequence<UInt8>, _ see: (Int) -> Void) {
        var (one, two) = (0, 0)
        for byte in bytes {
            let three = byte.isLetter ? Int(byte.lowered) - 96 : 0
            if two == 0, three == 0 { continue }  // one space is enough
            see((one * letters + two) * letters + three)
            (one, two) = (two, three)
        }
    }

    private func scores(_ reading: Reading, _ words: [Int]) -> (sums: [Float], count: Int) {
        var sums = [Float](repeating: 0, count: codes.count)
        var count = 0
        var text: [UInt8] = []
        for index in words.prefix(Self.mostWords) {
            let token = reading.tokens[index]
            text += reading.letters[token.at..<(token.at + token.count)]
            text.append(0x20)
        }
        Self.each(text) { run in
            count += 1
            for place in sums.indices { sums[place] += shares[run * codes.count + place] }
        }
        return (sums, count)
    }

    private static let mostWords = 200

    /// The likeliest language beside `own`.
    func best(_ reading: Reading, _ words: [Int], but own: String) -> Language? {
        guard codes.count > 1 else { return nil }
        let (sums, _) = scores(reading, words)
        return sums.indices.filter { codes[$0] != own }.max { sums[$0] < sums[$1] }.map { .known(codes[$0]) }
    }

    /// The likeliest language when it is clearly likelier than `own`; `own` when that is clearly likelier; else nil.
    func clearly(_ reading: Reading, _ words: [Int], against own: String) -> Language? {
        guard codes.count > 1, let mine = codes.firstIndex(of: own) else { return nil }
        let (sums, count) = scores(reading, words)
        guard count >= 15, let best = sums.indices.filter({ $0 != mine }).max(by: { sums[$0] < sums[$1] }) else { return nil }
        let lead = (sums[best] - sums[mine]) / Float(count)
        if lead > Self.margin { return .known(codes[best]) }
        return lead < -Self.margin ? .known(own) : nil
    }
}
