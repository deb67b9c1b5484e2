/// One rater's view of one role-play: each of the course's skills from 0 (not there) to 3 (well done).
public struct CompetenceRating: Sendable, Equatable {
    public static let scale = 0...3

    public let rater: ID<Account>
    /// A qualified person of the host: one of the raters must be.
    public let isProfessional: Bool
    public let scores: [Int]

    public init(rater: ID<Account>, isProfessional: Bool, scores: [Int]) {
        self.rater = rater
        self.isProfessional = isProfessional
        self.scores = scores
    }

    /// The mean score over the skills, 0 to 3.
    public var mean: Double { scores.isEmpty ? 0 : Double(scores.reduce(0, +)) / Double(scores.count) }
}

public enum CompetenceOutcome: String, Sendable {
    /// Two people rate, one of them a professional: they have not both.
    case waits
    /// The two are too far apart: a third looks.
    case split
    case enough
    case notYet = "not-yet"
}

/// What the ratings of one role-play say together: a mean of 2 of 3, and no skill that everybody finds missing. Two who are more
/// than one step apart in the mean are split; of three the middle one counts.
///
/// Own rule, not a validated instrument: how far apart and how much is enough are the house's until a pilot says better.
public func competence(_ ratings: [CompetenceRating]) -> CompetenceOutcome {
    guard ratings.count >= 2, ratings.contains(where: \.isProfessional) else { return .waits }
    let means = ratings.map(\.mean).sorted()
    if ratings.count == 2, means[1] - means[0] > 1 { return .split }
    let middle = ratings.count == 2 ? (means[0] + means[1]) / 2 : means[means.count / 2]
    let skills = ratings.map(\.scores.count).min() ?? 0
    let missing = (0..<skills).contains { skill in ratings.allSatisfy { $0.scores[skill] == 0 } }
    return middle >= 2 && !missing ? .enough : .notYet
}

/// How near raters are to each other: over pairs of ratings of the same role-play and over skills.
public struct RaterAgreement: Sendable, Equatable {
    public private(set) var compared = 0
    public private(set) var same = 0
    /// At most one step apart, the same ones counted too.
    public private(set) var near = 0

    public init() {}

    /// All ratings of one role-play.
    public mutating func add(_ ratings: [[Int]]) {
        for (place, one) in ratings.enumerated() {
            for other in ratings.dropFirst(place + 1) {
                for (a, b) in zip(one, other) {
                    compared += 1
                    same += a == b ? 1 : 0
                    near += abs(a - b) <= 1 ? 1 : 0
                }
            }
        }
    }
}

/// Where somebody is with a course. Finishing is not qualifying: what it opens waits for raters and for the host's professional.
public enum CourseStage: String, Sendable, CaseIterable {
    case lessons
    case rolePlay = "role-play"
    case rating
    /// Rated, and not enough yet: the role-play may be written anew.
    case notYet = "not-yet"
    /// No professional of the host has signed this course.
    case unsigned
    /// What it opens may be taken, or refused as easily.
    case open
    case taken, refused
}

/// How somebody settled what a course opened for them. They may change it at any time.
public enum CourseChoice: String, Sendable { case taken, refused }

public func stage(
    of course: Course, done: Set<String>, hasRolePlay: Bool, outcome: CompetenceOutcome, isSigned: Bool, choice: CourseChoice?
) -> CourseStage {
    guard course.lessons.allSatisfy({ done.contains($0.id) }) else { return .lessons }
    if !course.rolePlay.isEmpty {
        guard hasRolePlay else { return .rolePlay }
        switch outcome {
        case .waits, .split: return .rating
        case .notYet: return .notYet
        case .enough: break
        }
    }
    switch course.opens {
    case .reappraisal: return .open
    case .standing, .letters: break
    }
    guard isSigned else { return .unsigned }
    switch choice {
    case .taken: return .taken
    case .refused: return .refused
    case nil: return .open
    }
}
