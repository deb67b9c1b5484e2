import Foundation
import Rules
import Testing

@testable import App

/// The rules that keep it a house, read from its own sources.
@Suite struct HouseTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func files(_ folder: String, _ ending: String = "swift") throws -> [(name: String, text: String)] {
        let base = Self.root.appending(path: folder)
        guard let walker = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
        return try walker.compactMap { $0 as? URL }.filter { $0.pathExtension == ending }.map {
            ($0.path.replacing(Self.root.path + "/", with: ""), try String(contentsOf: $0, encoding: .utf8))
        }
    }

    @Test func importsKeepTheirPromises() throws {
        let ours: Set<String> = ["App", "Outside", "Rules", "Screening", "Statistics", "Store", "understory"]
        let may: [String: Set<String>] = [
            "Screening": [], "Statistics": [], "Rules": ["Screening", "Statistics"], "Store": ["Rules", "Screening", "Statistics"],
            "Outside": ["Rules"],
            "App": ["Outside", "Rules", "Screening", "Statistics", "Store"],
            "understory": ["App", "Outside", "Rules", "Screening", "Statistics"],
        ]
        for (room, allowed) in may {
            for file in try files("Sources/\(room)") {
                for line in file.text.split(separator: "\n") where line.hasPrefix("import ") {
                    let name = String(line.dropFirst(7))
                    #expect(!ours.contains(name) || allowed.contains(name), "\(file.name) imports \(name)")
                }
            }
        }
    }

    @Test func filesAreSmall() throws {
        for file in try files("Sources") + files("Tests") {
            let lines = file.text.count { $0 == "\n" }
            #expect(lines <= 500, "\(file.name) has \(lines) lines: split it by noun")
        }
    }

    /// Whoever uses a method alone finds beside it what it takes for granted, where it ends, whose it is and what it comes to.
    @Test func methodsSayWhatTheyAre() throws {
        let data = ["Numbers/", "Checking/", "Instrument.swift", "MeasureFolder.swift", "IteratedFit.swift", "PublicCount.swift"]
        for file in try files("Sources/Statistics") where !data.contains(where: file.name.contains) {
            for word in ["- Assumes", "- Limits:", "- Source:", "Example:"] {
                #expect(file.text.contains(word), "\(file.name) lacks \(word)")
            }
        }
    }

    @Test func sqlStandsInTheStoreAlone() throws {
        for folder in ["App", "Rules", "Outside", "understory"] {
            for file in try files("Sources/\(folder)") {
                for word in ["SELECT ", "INSERT INTO", "UPDATE item", "DELETE FROM"] {
                    #expect(!file.text.contains(word), "\(file.name) holds \(word)")
                }
            }
        }
    }

    @Test func rulesReadNoClockAndThrowNoDice() throws {
        for file in try files("Sources/Rules") + files("Sources/Screening") {
            for word in ["Date()", "UUID()", ".random(", "ContinuousClock", "getenv"] {
                #expect(!file.text.contains(word), "\(file.name) holds \(word)")
            }
        }
    }

    /// Where safety is decided, a new case must be thought about.
    @Test func noDefaultWhereSafetyIsDecided() throws {
        for file in try files("Sources/Rules") where !file.name.hasSuffix("Names/ID.swift") {
            #expect(!file.text.contains("default:"), "\(file.name)")
        }
    }

    /// What an address takes after `?` stands in the route table, and so in the API's pages.
    @Test func everyQueryIsDeclared() throws {
        let declared = Set(Routes.all.filter { $0.method == .get }.flatMap { $0.fields.map(\.name) })
        // What our own pages tell the next one: a line to show, a draft that arrived, a decision to undo.
        let known = declared.union(["done", "arrived", "undo"])
        for file in try files("Sources/App") {
            for found in file.text.matches(of: /query\.(?:optional|text|int|flag|list|choice)\("([a-z_]+)"/) {
                #expect(known.contains(String(found.1)), "\(file.name): ?\(found.1)= is in no route's list")
            }
        }
    }

    /// `try?` turns "I could not ask" into "no". The one parse that may is named.
    @Test func nothingIsAskedWithAShrug() throws {
        for folder in ["Sources/App", "Sources/Store", "Sources/Rules", "Sources/Outside", "Sources/Screening"] {
            for file in try files(folder) where !file.name.hasSuffix("Words/Dates.swift") {
                #expect(!file.text.contains("try?"), "\(file.name)")
            }
        }
    }

    @Test func noDrawersAndNoLayersForLater() throws {
        for file in try files("Sources") {
            let name = file.name.split(separator: "/").last ?? ""
            for word in ["Utils", "Helper", "Manager", "Repository", "Service.swift", "Common"] {
                #expect(!name.contains(word), "\(file.name)")
            }
        }
    }
}

@Suite struct RouteTests {
    @Test func everyRouteSaysWhoMayUseIt() {
        var seen: Set<String> = []
        for route in Routes.all {
            #expect(seen.insert("\(route.method.rawValue) \(route.path)").inserted, "\(route.path) stands twice")
            #expect(!route.says.isEmpty && !route.who.code.isEmpty)
            #expect(Set(route.fields.map(\.name)).count == route.fields.count)
            if route.method == .get {
                let opens = !route.fields.contains { $0.required }
                #expect(opens, "\(route.path) opens as it stands")
            }
        }
    }

    /// The committed document is the one the routes write.
    @Test func theOpenAPIPageIsTrue() throws {
        let file = HouseTests.root.appending(path: "docs/api/openapi.json")
        let written = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? NSDictionary
        let made = try JSONSerialization.jsonObject(with: Data(OpenAPI.text.utf8)) as? NSDictionary
        #expect(written == made, "run `make api`")
    }

    /// Each address is written down for people too.
    @Test func everyAddressIsInTheAPIPages() throws {
        let folder = HouseTests.root.appending(path: "docs/api")
        let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".md") }
            .map { try String(contentsOf: folder.appending(path: $0), encoding: .utf8) }.joined()
        for route in Routes.all {
            #expect(pages.contains("`\(route.method.rawValue) \(route.path)`"), "\(route.method.rawValue) \(route.path)")
        }
    }
}

@Suite struct WordsTests {
    @Test func everyKeyInTheCodeHasWords() throws {
        let sentences = try Sentences(folder: HouseTests.root.appending(path: "Content/words/en"), language: "en")
        let base = HouseTests.root.appending(path: "Sources/App")
        let walker = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)
        var missing: Set<String> = []
        let pattern = /say\("([a-z-]+\.[a-z0-9-]+)"/
        for case let file as URL in walker! where file.pathExtension == "swift" {
            for match in try String(contentsOf: file, encoding: .utf8).matches(of: pattern) where !sentences.keys.contains(String(match.1))
            {
                missing.insert(String(match.1))
            }
        }
        #expect(missing.isEmpty, "\(missing.sorted().joined(separator: ", "))")
    }

    @Test func everyWordOfTheRulesHasWords() throws {
        let keys = try Sentences(folder: HouseTests.root.appending(path: "Content/words/en"), language: "en").keys
        let wanted =
            Act.allCases.map { "acts.\($0.rawValue)" } + ItemState.allCases.map { "states.\($0.rawValue)" }
            + WaitReason.allCases.map { "why.\($0.rawValue)" } + GateRefusal.allCases.map { "refusals.gate-\($0.rawValue)" }
            + FormRefusal.allCases.map { "refusals.form-\($0.rawValue)" } + CaseKind.allCases.map { "case-kinds.\($0.rawValue)" }
            + CaseEventKind.allCases.map { "events.\($0.rawValue)" } + Power.allCases.map { "powers.\($0.rawValue)" }
            + Wants.allCases.map { "wants.\($0.rawValue)" } + SupportWord.allCases.map { "support.\($0.rawValue)" }
            + Moderation.allCases.map { "moderation.\($0.rawValue)" } + OpeningRecord.allCases.map { "opening.\($0.rawValue)" }
            + Priority.Part.allCases.map { "priority.\($0.rawValue)" } + SanctionStep.allCases.map { "sanctions.\($0.rawValue)" }
            + AgeBand.allCases.map { "bands.\($0.rawValue)" }
        let missing = wanted.filter { !keys.contains($0) }
        #expect(missing.isEmpty, "\(missing.joined(separator: ", "))")
    }

    @Test func noWordThatWeNeverSay() throws {
        let folder = HouseTests.root.appending(path: "Content/words/en")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8).lowercased()
            for word in ["trigger warning", "don't worry", "stay strong", "commit suicide", "committed suicide", "streak", "unfortunately"]
            {
                #expect(!text.contains(word), "\(name) says \(word)")
            }
        }
    }

    @Test func everyContentFileCanBeUsed() throws {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        #expect(content.topics.count >= 200)
        #expect(content.matters.count == 12)
        #expect(Set(content.matters.map(\.id)) == Set(Routes.matterFields.map { String($0.name.dropFirst("matter.".count)) }))
        for topic in content.topics { if let matter = topic.matter { #expect(content.matters.contains { $0.id == matter }) } }
        let roles = content.roles
        #expect(roles.count { !["operator", "safeguarding-lead", "study-monitor"].contains($0.id) } == 10)
        for role in roles where role.powers.contains("manageRooms") {
            #expect(!role.powers.contains("readQueue"), "\(role.id) runs the house and reads words")
        }
        #expect(content.ladder.steps.map(\.id) == SanctionStep.allCases.map(\.rawValue))
    }
}

@Suite struct EdgeTests {
    @Test func formsAreReadAndUnknownFieldsRefused() {
        let fields: [Field] = [
            .line("title", 5), .words("body"), .choice("wants", ["listen"], optional: true), .int("days", 1...3, optional: true),
        ]
        func check(_ text: String) -> Refusal? { Form(urlencoded: text.utf8).checked(against: fields) }
        #expect(check("title=a&body=b") == nil)
        #expect(check("title=a&body=b&csrf=x") == nil)
        #expect(check("title=a&body=b&other=1")?.code == "unknown-field")
        #expect(check("title=abcdef&body=b")?.code == "too-long")
        #expect(check("title=a")?.code == "missing")
        #expect(check("title=a&body=+")?.code == "missing")
        #expect(check("title=a&body=b&wants=nonsense")?.code == "bad-choice")
        #expect(check("title=a&body=b&days=9")?.code == "bad-choice")
        #expect(check("title=a&body=%ff%fe")?.code == "unreadable")
        #expect(check("title=a&body=x%00y")?.code == "unreadable")
        #expect(check("title=a&title=b&body=c")?.code == "bad-choice")
        #expect(Form(json: "{\"body\": \"\\ud800\"}".utf8)?.values["body"] == nil || Form(json: "{\"body\": \"\\ud800\"}".utf8) == nil)
        #expect(Form(json: "[1]".utf8) == nil)
        #expect(Form(urlencoded: "a=b+c%20d%0D%0Ae".utf8).text("a") == "b c d\ne")
    }

    @Test func wordsOfAPersonAreEscaped() {
        let name = "<script>alert('x')</script>\"&"
        let page: HTML = "<p title=\"\(name)\">\(name)</p>"
        #expect(
            String(decoding: page.bytes, as: UTF8.self)
                == "<p title=\"&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;\">&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;</p>"
        )
        #expect(
            String(decoding: prose("a\n\nb\nc <i>").bytes, as: UTF8.self) == "<p dir=\"auto\">a</p><p dir=\"auto\">b<br>c &lt;i&gt;</p>")
    }

    @Test func secondFactorAgainstTheStandard() {
        // RFC 6238, appendix B, SHA-1, last six of eight figures.
        let seed = Secret("12345678901234567890")
        #expect(SecondFactor.code(seed: seed, step: 59 / 30) == "287082")
        #expect(SecondFactor.code(seed: seed, step: 1_111_111_109 / 30) == "081804")
        #expect(SecondFactor.code(seed: seed, step: 20_000_000_000 / 30) == "353130")
        #expect(SecondFactor.written(Secret("12345678901234567890")) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
    }

    @Test func waysBackAreCheckedBeforeTheyAreTried() throws {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        let way = WayBack(content.wayBackWords, chance: .system)
        #expect(way.words.count == 6)
        #expect(WayBack.read(way.secret.uppercased() + " ", list: content.wayBackPlaces) == way.secret)
        #expect(WayBack.read(way.words.joined(separator: ","), list: content.wayBackPlaces) == way.secret)
        #expect(WayBack.read(way.words.reversed().joined(separator: " ") + " extra", list: content.wayBackPlaces) == nil)
        #expect(WayBack.read("one two three four five six", list: content.wayBackPlaces) == nil)
    }

    @Test func guessesAreSlowedAndForgotten() {
        let limits = Limits()
        var now = Instant(milliseconds: 0)
        for _ in 0..<4 {
            #expect(limits.guessWait("a", now: now) == nil)
            limits.wrongGuess("a", now: now)
        }
        limits.wrongGuess("a", now: now)
        #expect(limits.guessWait("a", now: now) == .seconds(15))
        #expect(limits.guessWait("b", now: now) == nil)
        now = now + .seconds(16)
        #expect(limits.guessWait("a", now: now) == nil)
        for _ in 0..<30 { limits.wrongGuess("a", now: now) }
        #expect(limits.guessWait("a", now: now)! <= .minutes(15))
        limits.rightGuess("a")
        #expect(limits.guessWait("a", now: now) == nil)
    }
}
