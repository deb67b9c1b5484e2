import Foundation

/// The files of a rule folder, decoded: one language whole, beside it packs of other languages, and samples of languages for
/// telling which one a text is in.
///
///     rules/en/*.json       the language of the house: rules, classes, scopes, spelling, topics
///     rules/es/pack.json    a pack: urgent kinds only; it can raise concern and nothing else
///     rules/*/sample.txt, rules/others/*.txt
struct RuleFolder {
    /// A language with rules of its own beside the house's.
    struct Pack {
        var language: String
        var classes: [String: [String]] = [:]
        var ruleFiles: [(name: String, file: RuleFile)] = []
    }

    /// What `pack.json` says to the program; its name, limits and who reviewed it are for people.
    private struct PackFile: Decodable {
        var language: String
    }

    var classes: [String: [String]] = [:]
    var scopes = ScopeFile(scopes: [], cancels: [])
    var spelling = SpellingFile(same: [:], emoji: [:], disguised: [])
    var topics: [String: [String]] = [:]
    var help = HelpLines.File(numbers: [], sites: [])
    var languages = LanguageGuess.File(own: "en", words: [], others: [])
    var largePlaces: [String] = []
    var ruleFiles: [(name: String, file: RuleFile)] = []
    var packs: [Pack] = []
    /// A text of each language, by its code.
    var samples: [String: String] = [:]
    private var hash = Hash()

    /// A host may point at the folder of one language or at the one above it.
    init(_ folder: URL) throws(RuleFault) {
        if let stray = try Self.files(in: folder, ".json").first {
            // A file that lies beside the languages would make them be taken for nothing.
            guard try !Self.files(in: folder, "").contains("en") else {
                throw RuleFault(file: stray, problem: "it lies beside the folder en, in which rules belong")
            }
            try readOwn(folder)
        } else {
            let own = folder.appending(path: "en")
            // What is missing would say nothing, and nothing would look like fine.
            let there = try Self.files(in: own, ".json")
            for name in Self.needed where !there.contains(name) { throw RuleFault(file: "en/\(name)", problem: "the file is not there") }
            try readOwn(own)
            for name in try Self.files(in: folder, "") where !name.hasPrefix(".") && name != "en" && name != "others" {
                try readPack(folder.appending(path: name))
            }
            try readSamples(folder)
        }
    }

    private static let needed = [
        "classes.json", "help.json", "language.json", "large-places.json", "scopes.json", "spelling.json", "topics.json",
    ]

    /// The same files give the same version on every machine.
    var version: String {
        let digits = String(hash.value, radix: 16)
        return String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(12))
    }

    private mutating func readOwn(_ folder: URL) throws(RuleFault) {
        let names = try Self.files(in: folder, ".json")
        guard !names.isEmpty else { throw RuleFault(file: folder.path, problem: "the folder has no rule file") }
        for name in names {
            let data = try read(folder, name)
            switch name {
            case "classes.json": classes = try Self.decode(data, name)
            case "scopes.json": scopes = try Self.decode(data, name)
            case "spelling.json": spelling = try Self.decode(data, name)
            case "topics.json": topics = try Self.decode(data, name)
            case "help.json": help = try Self.decode(data, name)
            case "language.json": languages = try Self.decode(data, name)
            case "large-places.json": largePlaces = try Self.decode(data, name)
            default: ruleFiles.append((name, try Self.decode(data, name)))
            }
        }
    }

    private mutating func readPack(_ folder: URL) throws(RuleFault) {
        let place = folder.lastPathComponent
        let card: PackFile = try Self.decode(try read(folder, "pack.json"), "\(place)/pack.json")
        guard card.language == place else { throw RuleFault(file: "\(place)/pack.json", problem: "its language is not \(place)") }
        var pack = Pack(language: card.language)
        for name in try Self.files(in: folder, ".json") where name != "pack.json" {
            let data = try read(folder, name)
            if name == "classes.json" {
                pack.classes = try Self.decode(data, "\(place)/\(name)")
            } else {
                pack.ruleFiles.append(("\(place)/\(name)", try Self.decode(data, "\(place)/\(name)")))
            }
        }
        packs.append(pack)
    }

    private mutating func readSamples(_ folder: URL) throws(RuleFault) {
        for language in ["en"] + packs.map(\.language) {
            let place = folder.appending(path: language)
            guard try Self.files(in: place, ".txt").contains("sample.txt") else { continue }
            samples[language] = String(decoding: try read(place, "sample.txt"), as: UTF8.self)
        }
        guard try Self.files(in: folder, "").contains("others") else { return }
        let others = folder.appending(path: "others")
        for name in try Self.files(in: others, ".txt") {
            samples[String(name.dropLast(4))] = String(decoding: try read(others, name), as: UTF8.self)
        }
    }

    private mutating func read(_ folder: URL, _ name: String) throws(RuleFault) -> Data {
        do {
            let data = try Data(contentsOf: folder.appending(path: name))
            data.withUnsafeBytes { bytes in for byte in bytes { hash.add(byte) } }
            return data
        } catch { throw RuleFault(file: "\(folder.lastPathComponent)/\(name)", problem: "the file cannot be read") }
    }

    private static func files(in folder: URL, _ ending: String) throws(RuleFault) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(ending) }.sorted()
        } catch { throw RuleFault(file: folder.lastPathComponent, problem: "the folder cannot be read") }
    }

    private static func decode<Value: Decodable>(_ data: Data, _ name: String) throws(RuleFault) -> Value {
        do { _ = try JSONSerialization.jsonObject(with: data) } catch {
            // The reader tells a character's number; people look for a line.
            let told = (error as NSError).userInfo["NSDebugDescription"] as? String ?? ""
            let at = told.split { !$0.isNumber }.last.flatMap { Int($0) } ?? 0
            let line = data.prefix(at).count { $0 == UInt8(ascii: "\n") } + 1
            throw RuleFault(file: name, line: line, problem: "it is not JSON. \(told)")
        }
        if let known = (Value.self as? any KnowsItsKeys.Type)?.keys, let stranger = Self.stranger(in: data, to: known) {
            throw RuleFault(file: name, rule: stranger, problem: "\"\(stranger)\" is no word that says something here")
        }
        do { return try JSONDecoder().decode(Value.self, from: data) } catch let error as DecodingError {
            throw RuleFault(file: name, rule: Self.rule(of: error, in: data), problem: Self.words(error))
        } catch {
            throw RuleFault(file: name, problem: "it is not JSON: \(error)")
        }
    }

    /// A key that nothing reads: a slip of the pen would change what a rule does and say nothing.
    private static func stranger(in data: Data, to known: Set<String>) -> String? {
        func find(_ value: Any) -> String? {
            if let list = value as? [Any] { return list.lazy.compactMap(find).first }
            guard let object = value as? [String: Any] else { return nil }
            return object.keys.sorted().first { !known.contains($0) }
                ?? object.sorted { $0.key < $1.key }.lazy.compactMap {
                    $0.key == "scopes" && $0.value is [String: Any] ? nil : find($0.value)
                }.first
        }
        do { return find(try JSONSerialization.jsonObject(with: data)) } catch { return nil }
    }

    /// The id of the rule that can not be read, so that its line can be told.
    private static func rule(of error: DecodingError, in data: Data) -> String? {
        let path: [any CodingKey]
        switch error {
        case .keyNotFound(_, let context), .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: return nil
        }
        guard path.count > 1, path[0].stringValue == "rules", let place = path[1].intValue else { return nil }
        do {
            let rules = (try JSONSerialization.jsonObject(with: data) as? [String: Any])?["rules"] as? [[String: Any]]
            return rules.flatMap { $0.indices.contains(place) ? $0[place]["id"] as? String : nil }
        } catch { return nil }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context)) lacks \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            return "\(place(context)) \(context.debugDescription)"
        @unknown default: return "it cannot be read"
        }
    }
}

/// A file whose every key means something: any other is refused.
protocol KnowsItsKeys {
    static var keys: Set<String> { get }
}

extension ScopeFile: KnowsItsKeys {
    static let keys: Set<String> = ["scopes", "cancels", "scope", "patterns", "before", "after", "barrier", "inside", "clause"]
}

extension RuleFile: KnowsItsKeys {
    static let keys: Set<String> = [
        "kind", "scopes", "rules", "id", "level", "why", "patterns", "mustMatch", "mustNotMatch", "state", "review", "masks",
    ]
}
