/// Words and phrases that a reader does not want to meet: whole words, whatever the case; "cut" does not hide "cute".
///
/// Read byte by byte in one walk over a text, since every item of every page passes here.
public struct MutedWords: Sendable, Equatable, ExpressibleByArrayLiteral {
    private let words: [(shown: String, bytes: [UInt8])]
    /// What each byte is, in one look: a letter or figure, the beginning of a muted word (in either case), beyond ASCII.
    private let kinds: [UInt8]
    private static let letter: UInt8 = 1, begins: UInt8 = 2, beyond: UInt8 = 4

    /// Words as the reader typed them; case does not matter.
    public init(_ typed: [String]) {
        words = typed.map { $0.lowercased() }.filter { !$0.isEmpty }.map { ($0, Array($0.utf8)) }
        var kinds = (0...255).map { (byte: UInt8) in
            (Self.isLetter(Self.lower(byte)) ? Self.letter : 0) | (byte >= 128 ? Self.beyond : 0)
        }
        let first = Set(words.map { $0.bytes[0] })
        for byte in UInt8.min ... .max where first.contains(Self.lower(byte)) { kinds[Int(byte)] |= Self.begins }
        self.kinds = kinds
    }

    public init(arrayLiteral words: String...) { self.init(words) }

    public static func == (a: Self, b: Self) -> Bool { a.words.map(\.shown) == b.words.map(\.shown) }

    public var isEmpty: Bool { words.isEmpty }

    /// The first muted word that stands in these texts.
    public func first(in texts: [String]) -> String? {
        for var text in texts where !text.isEmpty {
            switch text.withUTF8({ look(in: $0, anyScript: false) }) {
            case .found(let word): return word
            case .nothing: continue
            case .otherScript:
                // Beyond ASCII lower case is Unicode's own affair.
                var lowered = text.lowercased()
                if case .found(let word) = lowered.withUTF8({ look(in: $0, anyScript: true) }) { return word }
            }
        }
        return nil
    }

    private enum Look { case found(String), nothing, otherScript }

    private func look(in text: UnsafeBufferPointer<UInt8>, anyScript: Bool) -> Look {
        kinds.withUnsafeBufferPointer { kinds in
            let beyond = anyScript ? 0 : Self.beyond
            var before: UInt8 = 0
            for at in 0..<text.count {
                let kind = kinds[Int(text[at])]
                if kind & (Self.begins | beyond) != 0 {
                    if kind & beyond != 0 { return .otherScript }
                    if before & Self.letter == 0, let word = words.first(where: { Self.stands($0.bytes, at: at, in: text) }) {
                        return .found(word.shown)
                    }
                }
                before = kind
            }
            return .nothing
        }
    }

    private static func stands(_ word: [UInt8], at start: Int, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        let end = start + word.count
        guard end <= text.count else { return false }
        for place in 0..<word.count where lower(text[start + place]) != word[place] { return false }
        return end == text.count || !isLetter(lower(text[end]))
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    private static func isLetter(_ byte: UInt8) -> Bool { byte >= 128 || byte &- 97 < 26 || byte &- 48 < 10 }
}
