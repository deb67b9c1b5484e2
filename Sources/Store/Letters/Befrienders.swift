import Rules

extension Transaction {
    /// Finds a befriender for a series, where one fits. `letters`: as they are now, with what a moderator set.
    func assign(
        _ series: SeriesDue, _ letters: [LetterNow], _ courses: [Course], _ willing: inout [ID<Room>: [Befriender]]
    ) throws -> Bool {
        // While somebody doubts the seeker's age nobody is asked.
        guard let band = series.seekerBand else { return false }
        let written = letters.filter { $0.account == series.seeker && $0.fact.state == .shown }
        let told = written.reduce(into: Languages()) { $0.formUnion($1.language) }
        if willing[series.room] == nil { willing[series.room] = try befrienders(in: series.room, of: series.organisation, courses) }
        guard let all = willing[series.room], !all.isEmpty else { return false }
        let (apart, knowing) = try ties(of: series)
        let found = befriender(
            for: band, matters: Set(written.flatMap(\.matters)), heavy: written.contains(where: \.heavy),
            language: told.isEmpty ? .english : told,
            among: all.filter { !apart.contains($0.account) }.map { one in
                var one = one
                one.knows = knowing.contains(one.account)
                return one
            }, now: now)
        guard let found else { return false }
        let taken = try change(
            """
            UPDATE series SET state = 'running', befriender = \(found.account),
              course = (SELECT min(c.course) FROM course_taken c WHERE c.account = \(found.account) AND \(saidYes("c"))
                        AND c.course IN \(SQL.list(opening(courses)))),
              befriender_name = (SELECT id FROM name WHERE account = \(found.account) AND place = 1), since = \(now), next_at = \(now),
              reminded_at = NULL,
              ends_at = CASE WHEN EXISTS (SELECT 1 FROM series_past p WHERE p.series = series.id)
                        THEN CASE WHEN ends_at > \(now + .days(14)) THEN ends_at ELSE \(now + .days(14)) END ELSE \(now + SeriesPlan.usual.length) END
            WHERE id = \(series.id) AND state = 'seeking'
            """)
        guard taken == 1 else { return false }
        willing = [:]  // they have one more now, and others may be next
        if let open = series.caseID { try close(open, outcome: "answered", actor: nil, role: "clock") }
        try notify(found.account, .letter, item: nil, about: ID(raw: series.id.raw))
        return true
    }

    private func opening(_ courses: [Course]) -> [String] { courses.filter { $0.opens == .letters }.map(\.id) }

    /// Whoever took the course and said yes, is of the room's ages, and rests from nothing.
    private func befrienders(in room: ID<Room>, of organisation: ID<Organisation>, _ courses: [Course]) throws -> [Befriender] {
        let ids = opening(courses)
        guard !ids.isEmpty else { return [] }
        return try rows(
            """
            SELECT a.id, a.band, s.heavy_rests_until, s.per_week, \(taken(by: "a")), (SELECT count(*) FROM series r WHERE r.befriender = a.id AND r.state = 'running'),
                   (SELECT max(t.at) FROM (SELECT r.made_at AS at FROM series r WHERE r.befriender = a.id
                                           UNION ALL SELECT q.at FROM series_past q WHERE q.account = a.id) AS t), s.matters,
                   COALESCE(s.languages, '|en|')
            FROM account a JOIN course_taken c ON c.account = a.id AND \(saidYes("c")) LEFT JOIN supporter s ON s.account = a.id
            JOIN room m ON m.id = \(room) JOIN room_form f ON f.room = m.id AND f.version = m.version
            WHERE c.course IN \(SQL.list(ids)) AND a.kind = 'member' AND a.organisation = \(organisation) AND a.erased_at IS NULL
              AND f.bands LIKE '%|' || a.band || '|%'
              AND (a.break_until IS NULL OR a.break_until <= \(now)) AND (s.paused_until IS NULL OR s.paused_until <= \(now))
              AND NOT EXISTS (SELECT 1 FROM sanction x WHERE x.account = a.id AND x.lifted_at IS NULL AND x.ends_at > \(now)
                              AND x.step IN ('pause-2-weeks', 'pause-1-month', 'leave-for-good'))
              AND NOT EXISTS (SELECT 1 FROM "case" y WHERE y.subject = a.id AND y.kind IN ('suspended', 'age') AND y.closed_at IS NULL)
            """
        ) { row in
            let (account, band): (ID<Account>, AgeBand) = (try row.id(), try row.word())
            let (rests, most, week) = (row.instantIfAny(), row.intIfAny(), try readTaken(&row).week)
            return Befriender(
                account: account, band: band, heavyRestsUntil: rests, weekIsFull: most.map { week >= $0 } ?? false,
                running: try row.count(), lastTaken: row.instantIfAny(),
                takes: row.textIfAny().map { Set(unbarred($0).map(String.init)) }, languages: Languages(codes: unbarred(try row.text())),
                knows: false)
        }
    }

    /// Whom a seeker is never given (themselves, whoever had a series of theirs, whoever either of the two blocked), and who answered,
    /// under a name, the thread that this series came from.
    private func ties(of series: SeriesDue) throws -> (apart: Set<ID<Account>>, knowing: Set<ID<Account>>) {
        let found = try rows(
            """
            SELECT p.account, 0 FROM series_past p JOIN series o ON o.id = p.series WHERE o.seeker = \(series.seeker)
            UNION ALL SELECT b.account, 0 FROM muted b WHERE b.kind = 'block' AND b.voice_account = \(series.seeker)
            UNION ALL SELECT b.voice_account, 0 FROM muted b WHERE b.kind = 'block' AND b.account = \(series.seeker) AND b.voice_account IS NOT NULL
            UNION ALL SELECT i.account, 1 FROM series v JOIN item t ON t.id = v.from_item AND t.voice = 'name' AND t.name = v.seeker_name
                      JOIN item i ON i.thread = t.id AND i.state = 'shown' AND i.voice = 'name' JOIN name w ON w.id = i.name AND w.place = 1
                      WHERE v.id = \(series.id)
            """
        ) { (account: try $0.id(Account.self), knows: try $0.count() == 1) }
        return (Set(found.filter { !$0.knows }.map(\.account)).union([series.seeker]), Set(found.filter(\.knows).map(\.account)))
    }
}
