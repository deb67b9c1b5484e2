import Foundation

/// One rule as its file holds it.
public struct Rule: Sendable, Codable {
    public enum State: String, Sendable, Codable { case off, shadow, live }

    public var id: String
    /// Where it stands.
    public var file: String
    /// The language it reads: `en`, or a pack's.
    public var language: String
    public var kind: ConcernKind
    public var level: Level
    /// Words a 16-year-old can read.
    public var why: String
    public var patterns: [String]
    /// What each scope does to this rule, over what its file says for all.
    public var scopes: [ScopeName: ScopeEffect]
    public var mustMatch: [String]
    public var mustNotMatch: [String]
    public var state: State
    /// The day a person looks at it again. A rule about risk never lapses: a past day is an alarm, not an end.
    public var review: String
    /// Whether the spans are taken out when a writer asks to have personal detail removed.
    public var masks: Bool
}

/// What can be around a phrase that changes what it says.
public enum ScopeName: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
    case negation, past, third, quotation, idiom, laugh, object, game, help, news, recovery, victim
    /// The words look for a way out or for help: "stop", "tell my mum", "instead of".
    case seeking
    /// Where somebody is off to is an ordinary place, or it is the end of a chat: "off to my nan's", "see you next week".
    case away
    /// A dose as it was meant: "as the doctor said", "with breakfast".
    case prescribed
}

public enum ScopeEffect: String, Sendable, Codable {
    case keep, step, lower, drop

    func level(from level: Level) -> Level {
        switch self {
        case .keep: level
        case .step: Level(rawValue: max(level.rawValue - 1, Level.low.rawValue)) ?? .low
        case .lower: min(level, .low)
        case .drop: .none
        }
    }
}

/// What stops a rule set from being used: the file, the rule in it, and what to change.
public struct RuleFault: Error, Sendable, Equatable, CustomStringConvertible {
    public var file: String
    /// Where in the file it stands, counted from 1.
    public var line: Int?
    public var rule: String?
    public var problem: String

    public init(file: String, line: Int? = nil, rule: String? = nil, problem: String) {
        self.file = file
        self.line = line
        self.rule = rule
        self.problem = problem
    }

    public var description: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(rule.map { "\($0): " } ?? "")\(problem)"
    }

    /// With the line on which the rule begins, where the files of the folder tell it.
    func located(in folder: URL) -> RuleFault {
        guard line == nil, let rule else { return self }
        let places = [folder.appending(path: file), folder.appending(path: "en/\(file)")]
        guard let data = places.lazy.compactMap({ FileManager.default.contents(atPath: $0.path) }).first else { return self }
        var found = self
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        // A cue, a topic or a class has no id of its own: the line is the one with the words that the fault names.
        let named = problem.split(separator: "\"").dropFirst().first.map { "\"\($0)\"" }
        let isRule = rule.contains(".")
        let place = isRule ? nil : named.flatMap { name in lines.firstIndex { $0.contains(name) } }
        found.line = (place ?? lines.firstIndex { $0.contains("\"\(rule)\"") }).map { $0 + 1 }
        return found
    }
}
