import Foundation
import Testing

@testable import Screening

@Suite struct ModelTests {
    static let shipped = Result { try ModelSet(folder: Loaded.content.appending(path: "models/en")) }
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "models-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Made-up sentences: about rain, and about tea.
    private func makeSets() throws {
        let rain = ["the rain fell on the roof", "rain again and the street is wet", "a cloud and then rain", "wet shoes from the rain"]
        let tea = ["a cup of tea and toast", "the tea is warm", "tea with milk at four", "my tea went cold again"]
        let lines = (0..<40).map { number in
            let isRain = number % 2 == 0
            let text = (isRain ? rain : tea)[number / 2 % 4] + " number \(number)"
            return "{\"id\":\"\(number)\",\"text\":\"\(text)\",\"label\":\(isRain ? 1 : 0)}"
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "weather.train.jsonl"))
    }

    private func recipe(leastWords: Int = 1, mostWords: Int? = nil, levels: [String: Double] = ["low": 0.5]) -> Recipe {
        Recipe(
            id: "rain", kind: .distress, why: "It speaks of rain.", repliesOnly: false, leastWords: leastWords, mostWords: mostWords,
            strength: 4,
            positiveWeight: 1, sets: [.init(set: "weather", license: "own", label: "label", atLeast: 1)], levels: levels,
            limits: "Made up.")
    }

    private func trained(_ recipe: Recipe) throws -> Model {
        try Trainer(rules: Loaded.rules, folder: folder, own: folder).model(recipe) { _ in }
    }

    @Test func theSameSetsGiveTheSameBytes() throws {
        try makeSets()
        let (one, two) = (try trained(recipe()), try trained(recipe()))
        #expect(one == two)
        try one.write(to: folder)
        #expect(try ModelSet(folder: folder).cards == [one.card])
        #expect(try Model(weights: folder.appending(path: "rain.weights")) == one)
    }

    @Test func whatItLearnedItKnowsAndExplains() throws {
        try makeSets()
        let screen = Screen(rules: Loaded.rules, models: try ModelSet([try trained(recipe())]))
        #expect((screen.shares("so much rain today")["rain"] ?? 0) > 0.5)
        #expect((screen.shares("one more tea please")["rain"] ?? 1) < 0.5)
        let text = "Later there was rain on the roof"
        let concern = try #require(screen.assess(text).concerns.first { $0.source == "model.rain" })
        #expect(concern.level == .low && concern.why == "It speaks of rain.")
        let words = concern.spans.map { String(decoding: Array(text.utf8)[$0.start..<$0.end], as: UTF8.self) }
        #expect(words.contains("rain"), "\(words)")
        // Disguised, it is the word all the same.
        #expect((screen.shares("so much ｒａｉｎ today")["rain"] ?? 0) > 0.5)
    }

    @Test func shortTextsAreLeftToTheRules() throws {
        try makeSets()
        let screen = Screen(rules: Loaded.rules, models: try ModelSet([try trained(recipe(leastWords: 6))]))
        #expect(!screen.assess("rain rain rain").concerns.contains { $0.source == "model.rain" })
    }

    /// A model of short sentences reads a longer text sentence by sentence, and has to be surer there.
    @Test func aLongTextIsReadSentenceBySentence() throws {
        try makeSets()
        let screen = Screen(rules: Loaded.rules, models: try ModelSet([try trained(recipe(mostWords: 8))]))
        func said(_ text: String) -> [Concern] { screen.assess(text).concerns.filter { $0.source == "model.rain" } }
        #expect(!said("rain on the roof").isEmpty)
        let long = "A cup of tea and toast. Rain again and the street is wet. And tea with milk at four."
        let concern = try #require(said(long).first)
        let inside = try #require(long.range(of: "Rain again and the street is wet"))
        let from = long[..<inside.lowerBound].utf8.count
        #expect(concern.spans.allSatisfy { $0.start >= from && $0.end <= from + long[inside].utf8.count }, "the words of that sentence")
        #expect(said("A cup of tea and toast. The kettle is on. And tea with milk at four.").isEmpty)
        #expect(!said("rain again and the street is wet and so on and on").isEmpty, "one that runs on is read in pieces")
        #expect(said("a cup of tea and toast and so on and on and the kettle").isEmpty)
        let card = try trained(recipe()).card
        #expect(card.level(0.6) == .low && card.level(0.6, isInside: true) == .none && card.level(0.75, isInside: true) == .low)
    }

    /// A set of one's own names what each line is about, and a recipe which of these it means.
    @Test func aLabelMayBeAWord() throws {
        let lines = (0..<40).map {
            "{\"text\":\"\($0 % 2 == 0 ? "rain" : "tea") number \($0)\",\"family\":\"\($0 % 2 == 0 ? "wet" : "dry")\"}"
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.appending(path: "named.jsonl"))
        var named = recipe()
        named.sets = [.init(set: "named", license: "own", label: "family", means: ["wet"])]
        let model = try trained(named)
        #expect(model.card.trained.map(\.positives) == [20] && model.card.trained.map(\.items) == [40])
        named.sets[0].label = "kind"
        #expect(throws: ModelFault.self) { try trained(named) }
        named.sets[0].set = "nowhere"
        #expect(throws: ModelFault.self) { try trained(named) }
    }

    /// What is kept apart to measure on is in no training, nor among the sentences of rules.
    @Test func whatIsKeptApartStaysApart() throws {
        func sentences(_ name: String) throws -> [Example] { try Example.read(Loaded.content.appending(path: "models/en/\(name)")) }
        func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }
        let (apart, invented) = (try sentences("apart.jsonl"), try sentences("invented.jsonl"))
        #expect(apart.count > 500 && invented.count > 5_000)
        let known = Set(invented.map { plain($0.text) }).union(
            Loaded.rules.rules.flatMap { $0.mustMatch + $0.mustNotMatch }.map(plain))
        // Three words can meet by chance.
        let shared = apart.filter { $0.text.split(separator: " ").count > 3 && known.contains(plain($0.text)) }
        #expect(shared.map(\.id) == [])
        // Nor a near twin: more than four in ten of its runs of three words stand in one sentence that taught.
        func runs(_ text: String) -> Set<String> {
            let words = text.lowercased().split { !$0.isLetter && $0 != "'" }
            return Set(words.indices.dropLast(2).map { words[$0...($0 + 2)].joined(separator: " ") })
        }
        var taught: [String: [Int]] = [:]
        for (place, one) in invented.enumerated() { for run in runs(one.text) { taught[run, default: []].append(place) } }
        let twins = apart.filter { one in
            let own = runs(one.text)
            let shared = Dictionary(own.flatMap { taught[$0] ?? [] }.map { ($0, 1) }, uniquingKeysWith: +)
            return (shared.values.max() ?? 0) * 10 > own.count * 4
        }
        #expect(twins.map(\.id) == [])
    }

    /// In no training: what no rule has words for comes before a person; what sounds alike does not.
    @Test func theyHearWhatNoRuleHasWordsFor() throws {
        let (with, without) = (Screen(rules: Loaded.rules, models: try Self.shipped.get()), Screen(rules: Loaded.rules))
        let danger = [
            "if i went to bed and that was the last of me that would be alright",
            "nobody would set an extra place for me at christmas and it'd be calmer",
            "he says the photos go to everyone in year nine if i don't pay him by friday",
        ]
        for text in danger {
            #expect(with.assess(text).level >= .medium, "\(text)")
            #expect(without.assess(text).level < .medium, "a rule knows it by now: write another")
        }
        let ordinary = [
            "if i went to bed at nine every night i would be a new person",
            "i've picked the day for the party, it's after my sister's birthday",
            "we set an extra place for my gran at christmas and it was lovely",
        ]
        for text in ordinary { #expect(with.assess(text).concerns.isEmpty, "\(text)") }
    }

    /// A model adds to what the rules say and takes nothing away; it never says urgent.
    @Test func aModelOnlyAdds() throws {
        let models = try Self.shipped.get()
        let (with, without) = (Screen(rules: Loaded.rules, models: models), Screen(rules: Loaded.rules))
        for text in ["I am going to kill myself tonight. ", "I keep thinking about wanting to die, most evenings. ", "The tea went cold. "]
        {
            let long =
                text + "And the rain was on the window and the bus was late and my sister called and we had soup and then I slept a bit."
            let (more, less) = (with.assess(long), without.assess(long))
            #expect(more.level >= less.level)
            for concern in less.concerns { #expect(more.concerns.contains(concern)) }
            #expect(!more.concerns.contains { $0.source.hasPrefix("model.") && $0.level == .urgent })
        }
    }

    @Test func brokenFilesStopTheStart() throws {
        try makeSets()
        let model = try trained(recipe())
        try model.write(to: folder)
        let weights = folder.appending(path: "rain.weights")
        let whole = try Data(contentsOf: weights)
        try whole.dropLast().write(to: weights)
        #expect(throws: ModelFault.self) { try ModelSet(folder: folder) }
        var changed = whole
        changed[changed.startIndex] ^= 1
        try changed.write(to: weights)
        #expect(throws: ModelFault.self) { try ModelSet(folder: folder) }
        #expect(throws: (any Error).self) { try ModelSet(folder: folder.appending(path: "nowhere")) }
    }

    /// Scores that part the labels almost, and far from zero, must not run away.
    @Test func calibrationHoldsStill() {
        var far: [(score: Double, isPositive: Bool)] = []
        for number in 0..<400 {
            let isOdd = number % 2 == 1
            let score: Double = (isOdd ? -6 : -9) + Double(number % 7) / 10
            far.append((score, isOdd && number % 16 != 1))
        }
        let (slope, constant) = LogisticFit.calibrated(far)
        #expect(slope > 0 && slope < 50 && abs(constant) < 500)
        var (said, positives) = (0.0, 0.0)
        for one in far {
            let z: Double = slope * one.score + constant
            said += 1 / (1 + exp(-z))
            positives += one.isPositive ? 1 : 0
        }
        #expect(abs(said - positives) < 8, "said \(said) of \(positives)")
    }

    /// Four megabytes are the most that all of them may take in the repository.
    @Test func theShippedOnesAreWholeAndSmall() throws {
        let models = try Self.shipped.get()
        #expect(!models.cards.isEmpty)
        let folder = Loaded.content.appending(path: "models/en")
        let sizes = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.fileSizeKey]).map {
            try $0.resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
        }
        #expect(sizes.reduce(0, +) <= 4 << 20, "\(sizes.reduce(0, +)) bytes, sentences and recipes with them")
        for card in models.cards {
            #expect(!card.why.isEmpty && !card.limits.isEmpty && !card.trained.isEmpty, "\(card.id)")
            #expect(card.levels["urgent"] == nil, "\(card.id) says urgent")
            #expect(abs(card.bias) < 50 && card.scale > 0 && card.scale < 1, "\(card.id) is not calibrated")
        }
    }

    /// A card that says what no model can do is named at the start, and stops it.
    @Test func aBadCardIsRefused() throws {
        let good = try #require(try Self.shipped.get().cards.first { $0.id == "quiet" })
        func fault(_ weight: Int16 = 1, _ change: (inout ModelCard) -> Void) -> String {
            var card = good
            change(&card)
            do {
                _ = try Model(card: card, weights: [Int16](repeating: weight, count: Features.buckets))
                return ""
            } catch { return error.problem }
        }
        #expect(fault { _ in } == "")
        #expect(fault { $0.mostWords = -1 }.contains("mostWords"))
        #expect(
            fault {
                $0.mostWords = 10; $0.leastWords = 11
            }.contains("mostWords"))
        #expect(fault { $0.levels = ["meduim": 0.5] }.contains("meduim"))
        #expect(fault { $0.levels = ["urgent": 0.5] }.contains("urgent"))
        #expect(fault { $0.levels = ["low": 1.5] }.contains("between 0 and 1"))
        #expect(fault { $0.scale = .nan }.contains("scale"))
        #expect(fault(8192) { _ in }.contains("8191"))
    }

    /// What decides is in the version; what explains is not.
    @Test func aVersionTellsWhatDecided() throws {
        let card = try #require(try Self.shipped.get().cards.first { $0.id == "quiet" })
        let weights = [Int16](repeating: 1, count: Features.buckets)
        func version(_ change: (inout ModelCard) -> Void) -> String {
            var other = card
            change(&other)
            return other.version(with: weights)
        }
        let same = version { _ in }
        #expect(version { $0.limits += " More." } == same && same.count == 8)
        #expect(
            version { $0.levels["medium"] = 0.99 } != same && version { $0.mostWords = 24 } != same && version { $0.bias += 0.1 } != same)
    }

    /// Two models of different lengths: each reads a longer text in sentences of its own length.
    @Test func eachModelReadsSentencesOfItsLength() throws {
        let card = try #require(try Self.shipped.get().cards.first { $0.id == "quiet" })
        func model(_ id: String, _ most: Int) throws -> Model {
            var other = card
            (other.id, other.mostWords, other.leastWords, other.levels, other.scale, other.bias) = (id, most, 1, ["low": 0.5], 0.001, 2)
            return try Model(card: other, weights: [Int16](repeating: 1, count: Features.buckets))
        }
        let screen = Screen(rules: Loaded.rules, models: try ModelSet([model("short", 8), model("long", 25)]))
        let text = (0..<20).map { _ in "word" }.joined(separator: " ")
        let sources = Set(screen.assess(text).concerns.map(\.source))
        #expect(sources.isSuperset(of: ["model.short", "model.long"]), "\(sources)")
        #expect(screen.spokenShare(of: "short", in: text) != nil && screen.spokenShare(of: "none", in: text) == nil)
    }

    @Test func oddTextsAreAnswered() throws {
        let screen = Screen(rules: Loaded.rules, models: try Self.shipped.get())
        let odd = [
            "", " ", "🙂", String(repeating: "a", count: 65_536), String(repeating: "a ", count: 32_768), "\u{200B}\u{200B}", "?!?!",
            "日本語の文",
        ]
        for text in odd {
            let found = screen.assess(text)
            for span in found.concerns.flatMap(\.spans) {
                #expect(span.start >= 0 && span.end <= text.utf8.count && span.start <= span.end)
            }
            #expect(screen.shares(text).values.allSatisfy { (0...1).contains($0) })
        }
    }
}
