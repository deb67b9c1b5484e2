/// The ways in which somebody can be helped here: one for each format, and a private talk with the team.
public enum Way: String, Sendable, CaseIterable {
    case forum, questions, reappraisal, letters, stories, team

    /// The format of its rooms; a talk with the team stands in none.
    public var format: Format? {
        switch self {
        case .forum: .forum
        case .questions: .questions
        case .reappraisal: .reappraisal
        case .letters: .letters
        case .stories: .stories
        case .team: nil
        }
    }

    /// What it can be for.
    public var intents: Set<Intent> {
        switch self {
        case .forum: [.talk, .say]
        case .questions: [.learn, .say]
        case .reappraisal: [.talk, .learn]
        case .letters: [.talk]
        case .stories: [.learn, .say]
        case .team: [.talk]
        }
    }

    public var company: Company {
        switch self {
        case .forum, .questions, .reappraisal, .stories: .many
        case .letters: .one
        case .team: .team
        }
    }
}

/// With whom: several people of one's age, one of them, or the team.
public enum Company: String, Sendable, CaseIterable { case many, one, team }

/// What somebody answered in the choice guide; nothing of it is kept.
public struct Wish: Sendable, Equatable {
    public let intent: Intent?
    public let company: Company?
    /// Nothing heavy just now.
    public let onlyLight: Bool

    public init(intent: Intent? = nil, company: Company? = nil, onlyLight: Bool = false) {
        (self.intent, self.company, self.onlyLight) = (intent, company, onlyLight)
    }

    /// The ways that fit everything asked for. Where none does ("learn, with one person"), those that fit with whom, since that is harder
    /// to give up. Where none of them has a room just now the page still leads to the team.
    public var ways: [Way] {
        let fit = Way.allCases.filter { way in
            (intent.map(way.intents.contains) ?? true) && (company.map { $0 == way.company } ?? true)
        }
        guard fit.isEmpty else { return fit }
        return Way.allCases.filter { $0.company == company }
    }

    /// Whether the ways only fit in part.
    public var isMadeDo: Bool {
        !Way.allCases.contains { way in (intent.map(way.intents.contains) ?? true) && (company.map { $0 == way.company } ?? true) }
    }
}
