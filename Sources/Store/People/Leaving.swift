import Rules

extension Transaction {
    /// Asks once a day: true for the first who asks on this day, whether or not an answer comes.
    public func askHowTheyLeave(_ person: Person) throws -> Bool {
        let last = try first("SELECT day FROM leaving_asked WHERE account = \(person.account)") { try $0.int() }
        guard Leaving.isAsked(isStaff: person.isStaff, lastAsked: last, today: today) else { return false }
        return try change(
            """
            INSERT INTO leaving_asked (account, day) VALUES (\(person.account), \(today))
            ON CONFLICT (account) DO UPDATE SET day = excluded.day WHERE leaving_asked.day < excluded.day
            """) == 1
    }

    public func isAskedHowTheyLeave(_ person: Person) throws -> Bool {
        let last = try first("SELECT day FROM leaving_asked WHERE account = \(person.account)") { try $0.int() }
        return Leaving.isAsked(isStaff: person.isStaff, lastAsked: last, today: today)
    }

    /// A token that stands for one answer and leads to nobody. All tokens of a day end together, so that their times tell nothing.
    public func addLeavingToken(_ token: Secret) throws {
        let end = Instant(milliseconds: (now.day + 2) * 86_400_000)
        try run("INSERT INTO leaving_token (hash, ends_at) VALUES (\(keys.fingerprint(token.text, for: "leaving")), \(end))")
    }

    public func isLeavingToken(_ token: Secret) throws -> Bool {
        try exists(
            "SELECT 1 FROM leaving_token WHERE hash = \(keys.fingerprint(token.text, for: "leaving")) AND ends_at > \(now)")
    }

    /// True once for each token.
    public func useLeavingToken(_ token: Secret) throws -> Bool {
        try change(
            "DELETE FROM leaving_token WHERE hash = \(keys.fingerprint(token.text, for: "leaving")) AND ends_at > \(now)") == 1
    }

    public func countLeaving(_ answer: Leaving, month: String, weekday: Int, in organisation: ID<Organisation>) throws {
        try run(
            """
            INSERT INTO leaving (organisation, month, weekday, answer, people)
            VALUES (\(organisation), \(month), \(weekday), \(answer), 1)
            ON CONFLICT (organisation, month, weekday, answer) DO UPDATE SET people = leaving.people + 1
            """)
    }

    /// Whole months, from one to before another, as `2026-11`.
    public func leavingCounts(in organisation: ID<Organisation>, from: String, before: String) throws -> [LeavingCounts] {
        let found = try rows(
            """
            SELECT weekday, answer, CAST(sum(people) AS BIGINT) FROM leaving
            WHERE organisation = \(organisation) AND month >= \(from) AND month < \(before) GROUP BY weekday, answer
            """
        ) { (weekday: try $0.count(), answer: try $0.word(Leaving.self), people: try $0.count()) }
        return (1...7).map { day in
            LeavingCounts(
                weekday: day,
                counts: Leaving.allCases.map { answer in
                    found.filter { $0.weekday == day && $0.answer == answer }.reduce(0) { $0 + $1.people }
                })
        }
    }
}
