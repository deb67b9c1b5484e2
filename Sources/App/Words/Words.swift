import Foundation
import Rules

/// Every sentence of ours that a person reads, by key: `Content/words/<language>/*.json`, one file a screen.
/// `{name}` is a gap; a sentence with a number has plural forms `one` and `other`.
public struct Sentences: Sendable {
    /// Taken apart once at the start: words, gap, words, gap, words.
    private struct Form: Sendable {
        var words: [String] = [""]
        var gaps: [String] = []

        init(_ text: String) {
            var rest = text[...]
            while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
                words[words.count - 1] += rest[..<open]
                gaps.append(String(rest[rest.index(after: open)..<close]))
                words.append("")
                rest = rest[rest.index(after: close)...]
            }
            words[words.count - 1] += rest
        }

        func filled(_ value: (String) -> String?) -> String {
            var made = words[0]
            for (place, gap) in gaps.enumerated() {
                made += value(gap) ?? "{\(gap)}"
                made += words[place + 1]
            }
            return made
        }
    }
    private enum Sentence: Sendable { case plain(Form), plural(one: Form, other: Form) }
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
                    table["\(screen).\(key)"] = .plain(Form(text))
                } else if let forms = value as? [String: String], let other = forms["other"] {
                    table["\(screen).\(key)"] = .plural(one: Form(forms["one"] ?? other), other: Form(other))
                } else {
                    throw ContentFault(file: file.path, what: "\(key) is neither a sentence nor plural forms")
                }
            }
        }
        self.table = table
    }

    public var keys: Set<String> { Set(table.keys) }
    public func knows(_ key: String) -> Bool { table[key] != nil }

    /// The sentence, its gaps filled. A missing one shows its key, which a house test forbids.
    public func callAsFunction(_ key: String) -> String { self(key) { _ in nil } }

    public func callAsFunction(_ key: String, _ gaps: KeyValuePairs<String, String>) -> String {
        self(key) { name in gaps.first { $0.key == name }?.value }
    }

    public func callAsFunction(_ key: String, gaps value: (String) -> String?) -> String {
        switch table[key] {
        case nil: key
        case .plain(let form): form.filled(value)
        case .plural(_, let other): other.filled(value)
        }
    }

    /// The form for a number; `{n}` is the number.
    public func callAsFunction(_ key: String, n: Int, _ gaps: KeyValuePairs<String, String> = [:]) -> String {
        let value: (String) -> String? = { name in name == "n" ? String(n) : gaps.first { $0.key == name }?.value }
        switch table[key] {
        case nil: return key
        case .plain(let form): return form.filled(value)
        case .plural(let one, let other): return (n == 1 ? one : other).filled(value)
        }
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
