/// One rule as its file holds it.
public struct Rule: Sendable, Codable {
    public enum State: String, Sendable, Codable { case off, shadow, live }

    public var id: String
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
    public var rule: String?
    public var problem: String

    public init(file: String, rule: String? = nil, problem: String) {
        self.file = file
        self.rule = rule
        self.problem = problem
    }

    public var description: String {
        rule.map { "\(file): \($0): \(problem)" } ?? "\(file): \(problem)"
    }
}
