import Foundation

/// The files of a rule folder, decoded.
struct RuleFolder {
    var classes: [String: [String]] = [:]
    var scopes = ScopeFile(scopes: [], cancels: [])
    var spelling = SpellingFile(same: [:], emoji: [:], disguised: [])
    var topics: [String: [String]] = [:]
    var help = HelpLines.File(numbers: [], sites: [])
    var languages = StopWords.File(own: "en", words: [], others: [])
    var ruleFiles: [(name: String, file: RuleFile)] = []
    var version = ""

    init(_ folder: URL) throws(RuleFault) {
        var names = try Self.jsonFiles(in: folder)
        var folder = folder
        // A host may point at the folder of one language or at the one above it.
        if names.isEmpty {
            folder.append(path: "en")
            names = try Self.jsonFiles(in: folder)
        }
        guard !names.isEmpty else { throw RuleFault(file: folder.path, problem: "the folder has no rule file") }
        var hash = Hash()
        for name in names {
            let data: Data
            do { data = try Data(contentsOf: folder.appending(path: name)) } catch {
                throw RuleFault(file: name, problem: "the file cannot be read")
            }
            for byte in data { hash.add(byte) }
            switch name {
            case "classes.json": classes = try Self.decode(data, name)
            case "scopes.json": scopes = try Self.decode(data, name)
            case "spelling.json": spelling = try Self.decode(data, name)
            case "topics.json": topics = try Self.decode(data, name)
            case "help.json": help = try Self.decode(data, name)
            case "language.json": languages = try Self.decode(data, name)
            default: ruleFiles.append((name, try Self.decode(data, name)))
            }
        }
        let digits = String(hash.value, radix: 16)
        version = String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(12))
    }

    private static func jsonFiles(in folder: URL) throws(RuleFault) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }.sorted()
        } catch { throw RuleFault(file: folder.lastPathComponent, problem: "the folder cannot be read") }
    }

    private static func decode<Value: Decodable>(_ data: Data, _ name: String) throws(RuleFault) -> Value {
        do { return try JSONDecoder().decode(Value.self, from: data) } catch let error as DecodingError {
            throw RuleFault(file: name, problem: Self.words(error))
        } catch {
            throw RuleFault(file: name, problem: "it is not JSON: \(error)")
        }
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
