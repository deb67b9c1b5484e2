/// Names of places, by the hash of their first word.
struct PlaceIndex: Sendable {
    private var byFirst: [UInt64: [[UInt64]]] = [:]

    /// Made once: a context is made for every text.
    private static let folding = Folding()

    init(_ names: [String]) {
        for name in names {
            // As the text is read: accents folded, an apostrophe inside a word a part of it.
            let words = Self.folding.plain(name).lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map { Hash.of($0.utf8) }
            guard let first = words.first else { continue }
            byFirst[first, default: []].append(Array(words.dropFirst()))
        }
    }

    /// Does the name of one of the places begin at this word?
    func begins(at index: Int, in reading: Reading) -> Bool {
        func hash(_ token: Token) -> UInt64 { Hash.of(reading.letters[token.at..<(token.at + token.count)]) }
        let rest = byFirst[hash(reading.tokens[index])] ?? []
        return rest.contains { name in
            index + name.count < reading.tokens.count && zip(name, reading.tokens[(index + 1)...]).allSatisfy { $0 == hash($1) }
        }
    }

    /// The words of the text that name one of the places.
    func found(in reading: Reading) -> [Range<Int>] {
        if byFirst.isEmpty { return [] }
        let hashes = reading.tokens.map { Hash.of(reading.letters[$0.at..<($0.at + $0.count)]) }
        return hashes.indices.compactMap { index in
            let rest = byFirst[hashes[index]]?.filter { hashes[(index + 1)...].starts(with: $0) }
            return rest?.map(\.count).max().map { index..<(index + 1 + $0) }
        }
    }
}
