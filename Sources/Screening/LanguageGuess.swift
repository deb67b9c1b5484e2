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
        if reading.foreign > reading.latin, reading.foreign >= 4 || reading.scripts != .none {
            return reading.scripts.language.map(Language.known) ?? .other
        }
        var (total, mine, known, theirs) = (0, 0, 0, 0)
        for token in reading.tokens where !token.marks.contains(.number) && !token.marks.contains(.symbol) {
            total += 1
            if token.word != Vocabulary.unknown, token.word < ownWords { known += 1 }
            let hash = Hash.of(reading.letters[token.at..<(token.at + token.count)])
            if words.contains(hash) { mine += 1 } else if others.contains(hash) { theirs += 1 }
        }
        if total < 3 { return .tooShortToTell }
        if theirs > mine, theirs * 5 >= total { return runs.best(reading, but: own) ?? .other }
        if mine * 7 >= total || known * 3 >= total {
            // A third of known words may be chance: where the letters say another language clearly, they are believed.
            return mine * 4 < total && total >= 5 ? runs.clearly(reading, against: own) ?? .known(own) : .known(own)
        }
        if let clear = runs.clearly(reading, against: own) { return clear }
        if total < 8 { return .tooShortToTell }
        return mine + known == 0 || theirs > 0 ? .other : .known(own)
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
/// this is a plain Markov chain with every count raised by a half).
struct LetterRuns: Sendable {
    private static let letters = 27
    private static let size = letters * letters * letters
    private let codes: [String]
    /// For every run, the logarithm of its share in each language, side by side.
    private let shares: [Float]
    /// How much likelier, a run, another language must be before it is believed; below 15 runs nothing is said.
    private static let margin: Float = 0.35

    init(_ samples: [String: String]) {
        codes = samples.keys.sorted()
        var shares = [Float](repeating: 0, count: Self.size * codes.count)
        let folding = Folding()
        for (place, code) in codes.enumerated() {
            var counts = [Float](repeating: 0.5, count: Self.size)
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

    private func scores(_ reading: Reading) -> (sums: [Float], count: Int) {
        var sums = [Float](repeating: 0, count: codes.count)
        var count = 0
        var text: [UInt8] = []
        for token in reading.tokens.prefix(200) where !token.marks.contains(.number) && !token.marks.contains(.symbol) {
            text += reading.letters[token.at..<(token.at + token.count)]
            text.append(0x20)
        }
        Self.each(text) { run in
            count += 1
            for place in sums.indices { sums[place] += shares[run * codes.count + place] }
        }
        return (sums, count)
    }

    /// The likeliest language beside `own`.
    func best(_ reading: Reading, but own: String) -> Language? {
        guard codes.count > 1 else { return nil }
        let (sums, _) = scores(reading)
        return sums.indices.filter { codes[$0] != own }.max { sums[$0] < sums[$1] }.map { .known(codes[$0]) }
    }

    /// The likeliest language when it is clearly likelier than `own`; `own` when that is clearly likelier; else nil.
    func clearly(_ reading: Reading, against own: String) -> Language? {
        guard codes.count > 1, let mine = codes.firstIndex(of: own) else { return nil }
        let (sums, count) = scores(reading)
        guard count >= 15, let best = sums.indices.filter({ $0 != mine }).max(by: { sums[$0] < sums[$1] }) else { return nil }
        let lead = (sums[best] - sums[mine]) / Float(count)
        if lead > Self.margin { return .known(codes[best]) }
        return lead < -Self.margin ? .known(own) : nil
    }
}
