import Statistics

/// What one host tells others of an ended study: effects, variances and counts, and nothing about anybody.
public struct StudySummary: Sendable, Equatable, Codable {
    public struct Effect: Sendable, Equatable, Codable {
        public let of: String
        public let points: Double
        public let variance: Double
        public let people: Int
    }
    public struct Arm: Sendable, Equatable, Codable {
        public let id: String
        public let started: Int
        public let seen: Int
    }

    public let study: String
    public let `protocol`: String
    public let design: String
    public let measure: String
    public let day: Int
    public let effects: [Effect]
    public let arms: [Arm]

    /// - Throws: `NotComputable` where nobody compares, or an arm is smaller than `fewest` at the end: a small arm's mean is told by
    ///   whoever was in it.
    public init(_ plan: StudyProtocol, hash: String, _ report: StudyReport, fewest: Int) throws {
        guard plan.design.hasComparison else { throw NotComputable("nobody compares: a change is not pooled as an effect") }
        let rows: [StudyReport.Tested]
        switch report.main {
        case .told(let found): rows = found
        case .untold(let why): throw NotComputable(why)
        }
        // Seen is who has a total, since only they are in the effect: a form of skips alone hides nobody.
        let totals = report.courses.first { $0.measure == plan.primary }?.arms ?? []
        let exact = report.flow.map { arm in
            Arm(id: arm.arm, started: arm.started, seen: totals.first { $0.id == arm.arm }?.points.last?.count ?? 0)
        }
        // Rounded as every public count is: that one person left is told by nothing.
        func told(_ count: Int) -> Int { PublicCount(count).told ?? 0 }
        arms = exact.map { Arm(id: $0.id, started: told($0.started), seen: told($0.seen)) }
        if let small = exact.first(where: { $0.seen < fewest }) {
            throw NotComputable("\(small.id) was seen \(small.seen) times at the end: fewer than \(fewest) are not told")
        }
        (study, `protocol`, design) = (plan.id, hash, plan.design.rawValue)
        (measure, day) = (plan.primary, plan.days.last ?? 0)
        effects = rows.compactMap { row in
            switch row.outcome {
            case .effect(let one):
                return Effect(of: one.of, points: one.points, variance: one.error * one.error, people: told(one.people))
            case .change: return nil
            }
        }
    }
}

/// Several hosts' summaries of one measure, day and design, joined: each host's protocol has its own rooms, and so its own hash.
public struct PooledStudies: Sendable {
    public let of: String
    public let hosts: Int
    public let people: Int
    public let pooled: RandomEffects

    /// One row for each comparison that every host made.
    ///
    /// - Throws: `NotComputable` where the hosts did not ask the same: another protocol's measure, day or design.
    public static func join(_ all: [StudySummary]) throws -> [PooledStudies] {
        guard let first = all.first, all.count > 1 else { throw NotComputable("two summaries at least") }
        if let other = all.first(where: { ($0.measure, $0.day, $0.design) != (first.measure, first.day, first.design) }) {
            throw NotComputable(
                "\(other.study) asked \(other.measure) on day \(other.day), \(first.study) \(first.measure) on day \(first.day)")
        }
        for (place, one) in all.enumerated() where all[(place + 1)...].contains(one) {
            throw NotComputable("one summary of \(one.study) is there twice")
        }
        return try first.effects.map { effect in
            let found = all.compactMap { host in host.effects.first { $0.of == effect.of } }
            guard found.count == all.count else { throw NotComputable("not every host compared \(effect.of)") }
            return PooledStudies(
                of: effect.of, hosts: found.count, people: found.reduce(0) { $0 + $1.people },
                pooled: try RandomEffects(effects: found.map(\.points), variances: found.map(\.variance)))
        }
    }
}
