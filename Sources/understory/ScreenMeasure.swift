import ArgumentParser
import Foundation
import Screening

/// The engine alone: how fast, how large, and whether any text makes it answer nonsense.
extension ScreenCommand {
    private static func screen(_ rules: String, _ models: String) throws -> Screening.Screen {
        Screening.Screen(
            rules: try RuleSet(folder: URL(filePath: rules)),
            models: models == "none" ? .none : try ModelSet(folder: URL(filePath: models)))
    }

    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Speed, worst cases, start and memory of the screening, on one core.",
            discussion: "On the sentences of the rules themselves: short posts, half of them worrying. One JSON object.")
        @Option(help: "Where the models lie; none with \"none\".") var models = "Content/models/en"
        @Option(help: "Where the rules lie.") var rules = "Content/rules"

        private struct Figures: Encodable {
            var postsPerSecond: Double
            var meanCharacters: Double
            var worstMilliseconds: Double
            var worst: String
            var startMilliseconds: Double
            var megabytes: Double
        }

        func run() throws {
            let before = resident()
            var starts: [Double] = []
            var loaded: Screening.Screen?
            for _ in 0..<3 { starts.append(try seconds { loaded = try ScreenCommand.screen(rules, models) } * 1000) }
            guard let screen = loaded else { return }
            let memory = resident() - before
            let posts = screen.ruleList.filter { $0.language == "en" }.flatMap { $0.mustMatch + $0.mustNotMatch }
            let turns = (0..<5).map { _ in seconds { for post in posts { _ = screen.assess(post) } } }
            let size = 64 * 1024
            let units = [
                ("one letter", "a"), ("letters apart", "k "), ("zero width in every gap", "k\u{200B}i\u{200B}l\u{200B}l\u{200B} "),
                ("many negations", "I do not want to die, not kill myself, "), ("numbers", "1 2 "), ("mixed scripts", "кill мe 死 a"),
                ("signs", "k.!l*l "), ("glued words", "iwanttodiekillmyself"), ("pictures", "💀👩‍👩‍👧🇬🇧"), ("quotes", "\"'die'\" "),
                ("at signs", "@a.b "), ("one long word", "killkillkill"), ("line ends", "\r\n"), ("Han", "我想死"),
            ]
            let worst = units.map { name, unit in
                let text = String(String(repeating: unit, count: size / unit.utf8.count + 1).prefix(size))
                return (name, (0..<5).map { _ in seconds { _ = screen.assess(text) } }.sorted()[2] * 1000)
            }.max { $0.1 < $1.1 }
            let figures = Figures(
                postsPerSecond: Double(posts.count) / turns.sorted()[2],
                meanCharacters: Double(posts.reduce(0) { $0 + $1.count }) / Double(posts.count), worstMilliseconds: worst?.1 ?? 0,
                worst: worst?.0 ?? "", startMilliseconds: starts.sorted()[1], megabytes: memory)
            print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
        }

        private func seconds(_ act: () throws -> Void) rethrows -> Double {
            let began = ContinuousClock.now
            try act()
            return (ContinuousClock.now - began) / .seconds(1)
        }

        /// Megabytes of this process in memory, as Linux counts them.
        private func resident() -> Double {
            let status = FileManager.default.contents(atPath: "/proc/self/status").map { String(decoding: $0, as: UTF8.self) } ?? ""
            let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
            return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
        }
    }

    struct Fuzz: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Screen any number of spoilt texts; stop at the first wrong answer.",
            discussion:
                "The sentences of the rules, cut, glued, repeated, and strewn with odd characters. The same seed gives the same texts.")
        @Option(help: "How many texts.") var count = 1_000_000
        @Option(help: "Seed.") var seed: UInt64 = 7
        @Option(help: "Where the models lie; none with \"none\".") var models = "Content/models/en"
        @Option(help: "Where the rules lie.") var rules = "Content/rules"

        struct Wrong: Error, CustomStringConvertible {
            var description: String
        }

        func run() throws {
            let screen = try ScreenCommand.screen(rules, models)
            var spoiler = Spoiler(seed: seed, sentences: screen.ruleList.flatMap { $0.mustMatch + $0.mustNotMatch })
            for number in 1...max(1, count) {
                let text = spoiler.text()
                if let wrong = Self.wrong(screen, text) {
                    throw Wrong(description: "text \(number) of seed \(seed): \(wrong): \(text.debugDescription)")
                }
                if number % 100_000 == 0 { print("\(number) texts") }
            }
            print("\(count) texts: every answer sound.")
        }

        /// What is wrong with the answer: spans off the writer's characters, two answers to one text, folding that does not hold still.
        static func wrong(_ screen: Screening.Screen, _ text: String) -> String? {
            let assessment = screen.assess(text)
            var edges: Set<Int> = [0]
            var offset = 0
            for character in text {
                offset += character.utf8.count
                edges.insert(offset)
            }
            for span in assessment.concerns.flatMap(\.spans)
            where span.start >= span.end || !edges.contains(span.start) || !edges.contains(span.end) {
                return "a span \(span.start) to \(span.end)"
            }
            if assessment != screen.assess(text) { return "another answer the second time" }
            let plain = screen.plain(text)
            if screen.plain(plain) != plain { return "folding twice changes more" }
            _ = screen.masked(text)
            return nil
        }
    }
}

/// Makes texts nobody would write and somebody will send.
private struct Spoiler: RandomNumberGenerator {
    private var state: UInt64
    private let sentences: [String]
    private static let odd: [String] = [
        "\u{200B}", "\u{200D}", "\u{202E}", "\u{FE0F}", "\u{0}", "e\u{301}\u{302}", "👩‍👩‍👧", "🇬🇧", "💀", "א", "مرحبا", "日本", "ß", "ﬁ", "①", "𝓴",
        "к", "*", "$", "@", "…", "’", "“", "\r\n", "ᄀ", "क्ष", "죽", "我", "\u{FFFD}", "https://", "07700", ".", "\"",
    ]

    init(seed: UInt64, sentences: [String]) {
        (state, self.sentences) = (seed, sentences)
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    private mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    mutating func text() -> String {
        var bytes = Array(sentences[below(sentences.count)].utf8)
        for _ in 0..<below(5) {
            switch below(6) {
            case 0: if !bytes.isEmpty { bytes.removeSubrange(below(bytes.count)..<bytes.count) }  // cut, also inside a character
            case 1: bytes += Array(sentences[below(sentences.count)].utf8)
            case 2: bytes.insert(contentsOf: Array(Self.odd[below(Self.odd.count)].utf8), at: below(bytes.count + 1))
            case 3: if !bytes.isEmpty { bytes[below(bytes.count)] = UInt8(truncatingIfNeeded: next()) }
            case 4: if !bytes.isEmpty { bytes += [UInt8](repeating: bytes[below(bytes.count)], count: below(40)) }
            default: if bytes.count > 1 { bytes.swapAt(below(bytes.count), below(bytes.count)) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
