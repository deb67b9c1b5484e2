import Testing

@testable import Screening

/// A small generator with a seed, so that a failure can be seen again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite struct PropertyTests {
    static let pieces = [
        "I want to ", "die", "k.y.s", "kill", " myself", "@", ".", "..", "com", "https://", "07700", " ", "\n", "\r\n",
        "!",
        "\"", "'", "’", "“", "…", "\u{200B}", "\u{200D}", "\u{202E}", "\u{FE0F}", "e\u{301}\u{302}", "👩‍👩‍👧", "🇬🇧", "💀", "א",
        "مرحبا", "日本",
        "ß", "ﬁ", "①", "𝓴", "к", "a", "i", "1", "*", "$", "my name is ", "Marlo ", "ZX9 4QT", "\u{0}", "ᄀ", "ᅡ", "क्",
        "ष",
    ]

    static func text(_ random: inout Seeded) -> String {
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            // Any bytes at all: what is not text becomes the replacement character.
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            return String(decoding: bytes, as: UTF8.self)
        case 1:
            let scalars = (0..<Int.random(in: 0...30, using: &random)).map { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &random)) ?? "x"
            }
            return String(String.UnicodeScalarView(scalars))
        default:
            return (0..<Int.random(in: 0...14, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
                .joined()
        }
    }

    @Test func anyTextIsAnsweredWithSoundSpans() throws {
        var random = Seeded(state: 7)
        for _ in 0..<20_000 {
            let text = Self.text(&random)
            check(Loaded.screen, text)
        }
        // With the models, and longer: pieces in a row, so that sentences are looked at one by one.
        let whole = Screen(rules: Loaded.rules, models: try ModelTests.shipped.get())
        for _ in 0..<1_000 { check(whole, (0..<6).map { _ in Self.text(&random) }.joined(separator: " ")) }
    }

    private func check(_ screen: Screen, _ text: String) {
        let assessment = screen.assess(text)
        var edges: Set<Int> = [0]
        var offset = 0
        for character in text {
            offset += character.utf8.count
            edges.insert(offset)
        }
        for span in assessment.concerns.flatMap(\.spans) {
            #expect(
                span.start < span.end && edges.contains(span.start) && edges.contains(span.end),
                "\(text.debugDescription)")
        }
        #expect(assessment == screen.assess(text))
        _ = screen.masked(text)
    }

    @Test func foldingTwiceChangesNothingMore() {
        var random = Seeded(state: 11)
        let folding = Folding()
        for _ in 0..<5_000 {
            let once = folding.plain(Self.text(&random))
            #expect(folding.plain(once) == once)
        }
    }

    /// Work is counted in words looked at, not in time, so that a busy machine cannot fail this.
    @Test(arguments: [
        "I do not want to die ", "not die not kill myself ", "x y z ", "k.i.l.l.", "you are such a loser ", "@a",
        "1 2 ",
        "iwanttodi", "i i i i ", "if you want to ",
    ])
    func workGrowsWithLength(unit: String) {
        func visits(_ count: Int) -> Double {
            let text = String(repeating: unit, count: count)
            return Double(Loaded.screen.look(at: text, .init(), state: .live).visits)
        }
        #expect(visits(400) <= visits(100) * 4.5 + 2_000)
    }
}
