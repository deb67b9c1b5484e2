import Foundation
import Testing

@testable import Screening

@Suite struct RuleSetTests {
    /// A rule folder of one file, for one test.
    private func load(_ rules: String) throws -> RuleSet {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(rules.utf8).write(to: folder.appending(path: "some.json"))
        return try RuleSet(folder: folder)
    }

    private func file(pattern: String, level: String = "high", state: String = "live") -> String {
        """
        {"kind": "stigma", "rules": [{"id": "en.t", "level": "\(level)", "why": "Because.", "patterns": ["\(pattern)"],
          "mustMatch": ["a", "b", "c"], "mustNotMatch": ["d", "e", "f"], "state": "\(state)", "review": "2027-06-30"}]}
        """
    }

    @Test(arguments: [
        ("{nowhere} word", "high"), ("Big word", "high"), ("_0-99_ word", "high"), ("word?", "high"), ("word", "huge"),
        ("a|", "high"), ("( ) word", "high"), ("want ( _0-2_ )", "high"), ("want ( $ )", "high"), ("( a ( b ) c", "high"),
    ])
    func aBadRuleIsNamed(pattern: String, level: String) {
        let fault = #expect(throws: RuleFault.self) { try load(file(pattern: pattern, level: level)) }
        #expect(fault?.file == "some.json")
        #expect(fault?.rule == "en.t")
    }

    @Test func brokenJSONIsNamed() {
        let fault = #expect(throws: RuleFault.self) { try load("{") }
        #expect(fault?.file == "some.json")
    }

    /// The rule that the page about writing rules shows is one, and is held by its own sentences.
    @Test func theRuleOfThePageLoads() throws {
        let page = Loaded.content.deletingLastPathComponent().appending(path: "Sources/Screening/Screening.docc/WritingRules.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let start = try #require(text.firstRange(of: "```json\n")).upperBound
        let end = try #require(text[start...].firstRange(of: "```")).lowerBound
        let rules = try load(String(text[start..<end]))
        #expect(rules.rules.map(\.id) == ["en.comparing.worse"])
        #expect(Screen(rules: rules).mistakes(of: rules.rules[0]).isEmpty)
    }

    /// A slip of the pen in a key would change what a rule does and say nothing.
    @Test func aKeyThatNothingReadsIsNamed() {
        let fault = #expect(throws: RuleFault.self) {
            try load(file(pattern: "word").replacing("\"why\"", with: "\"barier\": \"first\", \"why\""))
        }
        #expect(fault?.problem.contains("barier") == true)
    }

    /// Nothing said because a file is missing would look like nothing found.
    @Test func aHouseWithoutAFileDoesNotStart() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.copyItem(at: Loaded.folder.appending(path: "en"), to: folder.appending(path: "en"))
        #expect(throws: Never.self) { try RuleSet(folder: folder) }
        try FileManager.default.removeItem(at: folder.appending(path: "en/spelling.json"))
        let fault = #expect(throws: RuleFault.self) { try RuleSet(folder: folder) }
        #expect(fault?.file == "en/spelling.json")
    }

    @Test func statesAreKept() throws {
        let text = "a purple word"
        let live = Screen(rules: try load(file(pattern: "purple word")))
        #expect(live.assess(text).has(.stigma, atLeast: .high))
        let shadow = Screen(rules: try load(file(pattern: "purple word", state: "shadow")))
        #expect(shadow.assess(text).concerns.isEmpty)
        #expect(shadow.trial(text).map(\.source) == ["en.t"])
        let off = Screen(rules: try load(file(pattern: "purple word", state: "off")))
        #expect(off.assess(text).concerns.isEmpty && off.trial(text).isEmpty)
    }

    @Test(arguments: [
        ("red _0-2_ sky", "the red and wide sky", "red and wide"), ("so big? red", "so big red", "so big red"),
        ("^ red", "red sky", "red"), ("red $", "so red", "red"), ("my ( {Cap} ) hat", "my Oslo hat", "Oslo"),
        ("# hats", "12 hats", "12 hats"), ("red hat|$", "so red", "red"),
        ("red #|$", "so red", "red"),
    ])
    func patterns(pattern: String, text: String, shown: String) throws {
        let screen = Screen(rules: try load(file(pattern: pattern)))
        let span = try #require(screen.assess(text).concerns.first?.spans.first)
        #expect(String(decoding: Array(text.utf8)[span.start..<span.end], as: UTF8.self).hasPrefix(shown))
    }

    /// A number that some pattern spells out is known as a word, and still a number where any will do.
    @Test func aNumberSpelledOutIsStillANumber() throws {
        for pattern in ["# hats", "small|# hats", "some # _0-1_ hats"] {
            let screen = Screen(rules: try load(file(pattern: pattern + "\", \"12|14 socks")))
            for text in ["some 12 hats", "some 13 hats"] {
                #expect(screen.assess(text).has(.stigma, atLeast: .high), "\(pattern): \(text)")
            }
        }
    }

    @Test func aPatternStaysInItsSentence() throws {
        let screen = Screen(rules: try load(file(pattern: "red _0-3_ sky")))
        #expect(screen.assess("it was red there. What a sky").concerns.isEmpty)
    }

    @Test func theVersionFollowsTheRules() throws {
        let one = try load(file(pattern: "red"))
        #expect(one.version == (try load(file(pattern: "red"))).version)
        #expect(one.version != (try load(file(pattern: "blue"))).version)
        #expect(one.version.count == 12)
    }

    @Test func aFolderThatIsNotThereSaysSo() {
        let fault = #expect(throws: RuleFault.self) { try RuleSet(folder: Loaded.content.appending(path: "rules/nowhere")) }
        #expect(fault?.description.contains("cannot be read") ?? false)
    }
}
