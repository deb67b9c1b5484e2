/// What `spelling.json` holds: how words are disguised or shortened, and what they stand for.
struct SpellingFile: Decodable {
    /// One typed word that stands for other words: `"dont": "do not"`, `"unalive": "kill"`.
    var same: [String: String]
    /// A pictogram and the word it stands for.
    var emoji: [String: String]
    /// Words worth recovering when they are masked, stretched, misspelt or glued together.
    var disguised: [String]
}

/// The lookups the reader needs to turn typed letters into words of the vocabulary.
struct Spelling: Sendable {
    /// Hash of the typed letters, to an index into `expansions`.
    private(set) var same = HashTable()
    private(set) var expansions: [[Int32]] = []
    private(set) var emoji: [UInt32: Int32] = [:]
    private(set) var disguised: [(letters: [UInt8], word: Int32)] = []
    private var disguisedByLength: [Int: [(letters: [UInt8], word: Int32)]] = [:]
    private(set) var isDisguised: Set<Int32> = []
    private(set) var whole = HashTable()
    private(set) var misspelt = HashTable()
    private(set) var squashedDisguised = HashTable()
    private(set) var squashed = HashTable()

    init(_ file: SpellingFile, _ vocabulary: inout Vocabulary) {
        for (typed, meant) in file.same.sorted(by: { $0.key < $1.key }) {
            same[Hash.of(typed.utf8)] = Int32(expansions.count)
            expansions.append(meant.split(separator: " ").map { vocabulary.add(String($0)) })
        }
        for (sign, word) in file.emoji.sorted(by: { $0.key < $1.key }) {
            if let scalar = sign.unicodeScalars.first { emoji[scalar.value] = vocabulary.add(word) }
        }
        for word in file.disguised {
            // A code word is recovered as what it stands for.
            let id = vocabulary.add(file.same[word] ?? word)
            disguised.append((Array(word.utf8), id))
            disguisedByLength[word.utf8.count, default: []].append((Array(word.utf8), id))
            isDisguised.insert(id)
            whole[Hash.of(word.utf8)] = id
        }
    }

    /// Called once every rule has added its words, so that a misspelling never hides a word some rule knows.
    mutating func close(_ vocabulary: Vocabulary) {
        for (letters, word) in disguised {
            squashedDisguised[Hash.of(Self.squash(letters))] = word
            guard letters.count >= 4 else { continue }
            for drop in 1..<letters.count {
                var less = letters
                less.remove(at: drop)
                if letters.count >= 6, vocabulary[Hash.of(less)] == nil { misspelt[Hash.of(less)] = word }
                guard drop + 1 < letters.count else { continue }
                var swapped = letters
                swapped.swapAt(drop, drop + 1)
                if vocabulary[Hash.of(swapped)] == nil { misspelt[Hash.of(swapped)] = word }
            }
        }
        for (id, word) in vocabulary.words.enumerated().reversed() where id > Vocabulary.number {
            squashed[Hash.of(Self.squash(Array(word.utf8)))] = Int32(id)
        }
        // A disguised word wins where two words look the same once stretched.
        for (letters, word) in disguised { squashed[Hash.of(Self.squash(letters))] = word }
    }

    /// Every run of one letter as a single letter.
    static func squash(_ letters: some Sequence<UInt8>) -> [UInt8] {
        var squashed: [UInt8] = []
        for letter in letters where squashed.last != letter { squashed.append(letter) }
        return squashed
    }

    /// The word that these letters mask with stars, such as a word with its vowels hidden.
    func unmasked(_ letters: ArraySlice<UInt8>) -> Int32? {
        let star = UInt8(ascii: "*")
        guard letters.first != star, letters.count(where: { $0 != star }) >= 2 else { return nil }
        return disguisedByLength[letters.count]?.first { word, _ in
            word[0] == letters.first && zip(word, letters).allSatisfy { $1 == star || $0 == $1 }
        }?.word
    }
}
