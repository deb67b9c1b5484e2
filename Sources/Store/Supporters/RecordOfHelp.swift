import Rules

/// What somebody has done as a supporter, coarse enough to lead to no post: whole hours, months, courses.
public struct HelpRecord: Sendable, Equatable {
    public let hours: Int
    /// The first and the last month in which they helped, as moments; nil when they never did.
    public let first: Instant?
    public let last: Instant?
    /// Courses of which every lesson is done and the role-play was rated well enough, or that have none.
    public let courses: [(id: String, version: Int)]

    public static func == (a: Self, b: Self) -> Bool {
        a.hours == b.hours && a.first == b.first && a.last == b.last && a.courses.map(\.id) == b.courses.map(\.id)
    }
}

extension Transaction {
    /// Milliseconds that one answered offer counts: from taking the post to answering it, an hour at most, and ten minutes at least,
    /// also where it was answered without being taken first.
    private func counted(_ offer: SQL) -> SQL {
        """
        CASE WHEN \(offer).ended_at - \(offer).taken_at > 3600000 THEN 3600000
             WHEN \(offer).ended_at - \(offer).taken_at > 600000 THEN \(offer).ended_at - \(offer).taken_at ELSE 600000 END
        """
    }

    /// Before old offers go: what they said of somebody's help is kept as a sum.
    func sumUpHelp(before cut: Instant) throws {
        let last: SQL = """
            (SELECT max(o.ended_at) FROM offer o WHERE o.account = supporter.account AND o.state = 'answered' AND o.made_at <= \(cut))
            """
        try run(
            """
            UPDATE supporter SET
              helped = helped + (SELECT COALESCE(sum(\(counted("o"))), 0)
                                 FROM offer o WHERE o.account = supporter.account AND o.state = 'answered' AND o.made_at <= \(cut)),
              helped_first = COALESCE(helped_first, (SELECT min(o.taken_at) FROM offer o
                                                     WHERE o.account = supporter.account AND o.state = 'answered' AND o.made_at <= \(cut))),
              helped_last = CASE WHEN helped_last > \(last) THEN helped_last ELSE \(last) END
            WHERE EXISTS (SELECT 1 FROM offer o WHERE o.account = supporter.account AND o.state = 'answered' AND o.made_at <= \(cut))
            """)
    }

    /// Answered posts as they count, and an hour for each letter that was delivered.
    public func helpRecord(of person: Person, _ courses: [Course]) throws -> HelpRecord {
        let offers = try first(
            """
            SELECT CAST(COALESCE(sum(\(counted("offer"))), 0)
                   AS bigint),
                   min(taken_at), max(ended_at)
            FROM offer WHERE account = \(person.account) AND state = 'answered'
            """
        ) { (try $0.int(), $0.instantIfAny(), $0.instantIfAny()) }
        let earlier = try first("SELECT helped, helped_first, helped_last FROM supporter WHERE account = \(person.account)") {
            (try $0.int(), $0.instantIfAny(), $0.instantIfAny())
        }
        let letters = try first(
            """
            SELECT count(*), min(l.delivered_at), max(l.delivered_at) FROM letter l JOIN item i ON i.id = l.item
            WHERE i.account = \(person.account) AND l.side = 'befriender' AND l.delivered_at IS NOT NULL
            """
        ) { (try $0.int(), $0.instantIfAny(), $0.instantIfAny()) }
        let milliseconds = (earlier?.0 ?? 0) + (offers?.0 ?? 0) + (letters?.0 ?? 0) * 3_600_000
        let rows = try self.courses(of: person, courses)
        let done = zip(courses, rows).filter { course, row in
            switch row.stage(of: course) {
            case .unsigned, .open, .taken, .refused: true
            case .lessons, .rolePlay, .rating, .notYet: false
            }
        }
        return HelpRecord(
            hours: Int(milliseconds / 3_600_000), first: [earlier?.1, offers?.1, letters?.1].compactMap { $0 ?? nil }.min(),
            last: [earlier?.2, offers?.2, letters?.2].compactMap { $0 ?? nil }.max(), courses: done.map { ($0.0.id, $0.0.version) })
    }
}
