import Rules

/// Six easy words with pictures: five by chance (45 bits with 512 words) and a checksum, so that a slip of the pen is
/// told from a wrong guess without asking the database.
struct WayBack: Sendable {
    let words: [String]
    let pictures: [String]

    init(_ list: [(word: String, picture: String)], chance: Chance) {
        var picked: [Int] = []
        for _ in 0..<5 { picked.append(chance.below(list.count)) }
        picked.append(Self.checksum(picked, of: list.count))
        words = picked.map { list[$0].word }
        pictures = picked.map { list[$0].picture }
    }

    static func checksum(_ places: [Int], of count: Int) -> Int {
        places.enumerated().reduce(7) { sum, next in (sum * 31 + next.element * (next.offset + 1)) % count }
    }

    /// The words as they are hashed: lower case, single spaces. Nil when they can not be a way back.
    static func read(_ typed: String, list: [String: Int]) -> String? {
        let words = typed.lowercased().split { !$0.isLetter }.map(String.init)
        guard words.count == 6 else { return nil }
        let places = words.compactMap { list[$0] }
        guard places.count == 6, checksum(Array(places.prefix(5)), of: list.count) == places[5] else { return nil }
        return words.joined(separator: " ")
    }

    var secret: String { words.joined(separator: " ") }
}
