import Foundation
import Rules

/// Every sentence of ours that a person reads, by key: `Content/words/<language>/*.json`, one file a screen.
/// `{name}` is a gap; a sentence with a number has plural forms `one` and `other`.
public struct Sentences: Sendable {
    private enum Sentence: Sendable { case plain(String), plural([String: String]) }
    private let table: [String: Sentence]
    public let language: String

    public init(folder: URL, language: String) throws {
        self.language = language
        var table: [String: Sentence] = [:]
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
        for file in files {
            let screen = file.deletingPathExtension().lastPathComponent
            guard let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] else {
                throw ContentFault(file: file.path, what: "is not an object")
            }
            for (key, value) in object {
                if let text = value as? String {
                    table["\(screen).\(key)"] = .plain(text)
                } else if let forms = value as? [String: String], forms["other"] != nil {
                    table["\(screen).\(key)"] = .plural(forms)
                } else {
                    throw ContentFault(file: file.path, what: "\(key) is neither a sentence nor plural forms")
                }
            }
        }
        self.table = table
    }

    public var keys: Set<String> { Set(table.keys) }

    /// The sentence, its gaps filled. A missing one shows its key, which a house test forbids.
    public func callAsFunction(_ key: String, _ gaps: [String: String] = [:]) -> String {
        guard let sentence = table[key] else { return key }
        switch sentence {
        case .plain(let text): return gaps.isEmpty ? text : Self.fill(text, gaps)
        case .plural(let forms): return Self.fill(forms["other"] ?? key, gaps)
        }
    }

    /// The form for a number; `{n}` is the number.
    public func callAsFunction(_ key: String, n: Int, _ gaps: [String: String] = [:]) -> String {
        guard let sentence = table[key] else { return key }
        var gaps = gaps
        gaps["n"] = String(n)
        switch sentence {
        case .plain(let text): return Self.fill(text, gaps)
        case .plural(let forms): return Self.fill((n == 1 ? forms["one"] : nil) ?? forms["other"] ?? key, gaps)
        }
    }

    private static func fill(_ text: String, _ gaps: [String: String]) -> String {
        guard text.contains("{") else { return text }
        var made = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            made += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            made += gaps[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return made + rest
    }
}

/// A content file that can not be used stops the start, by name.
public struct ContentFault: Error, CustomStringConvertible {
    public let file: String
    public let what: String
    public var description: String { "\(file): \(what)" }

    public init(file: String, what: String) {
        self.file = file
        self.what = what
    }
}
