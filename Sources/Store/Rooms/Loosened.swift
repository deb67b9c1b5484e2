import Rules

/// A default of safeguarding that a named person loosened, until a day.
public struct LoosenedRow: Sendable {
    public let rule: String
    /// Who decided, as they are called: typed by whoever wrote it down.
    public let by: String
    public let why: String
    /// From then on it counts no more.
    public let reviewAt: Instant
    /// Who ended it before its day.
    public let endedBy: String?
}

extension Transaction {
    public func loosened(_ organisation: ID<Organisation>) throws -> [LoosenedRow] {
        try rows(
            "SELECT rule, by_whom, why, review_at, ended_by FROM loosened WHERE organisation = \(organisation) ORDER BY made_at"
        ) {
            LoosenedRow(rule: try $0.text(), by: try $0.text(), why: try $0.text(), reviewAt: try $0.instant(), endedBy: $0.textIfAny())
        }
    }

    public func loosen(
        _ rule: String, by: String, why: String, reviewAt: Instant, organisation: ID<Organisation>
    ) throws {
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO loosened (id, organisation, rule, by_whom, why, review_at, made_at)
            VALUES (\(id), \(organisation), \(rule), \(by), \(why), \(reviewAt), \(now))
            """)
    }

    /// Rooms of the youngest that were opened without a code while that was loosened ask for one again, once it is not. Whoever is in
    /// them, or wrote there, stays.
    public func askForCodesAgain(of organisation: ID<Organisation>) throws {
        let records = try loosened(organisation).filter { $0.rule == Loosenable.invite.rawValue }
        guard !records.isEmpty, records.allSatisfy({ $0.reviewAt <= now }) else { return }
        for room in try roomsWithClosed(of: organisation) where !room.invited && isInvitedByDefault(room.form.bands) {
            for account in try rows(
                "SELECT DISTINCT account FROM item WHERE room = \(room.id) AND state NOT IN ('withdrawn', 'erased')",
                { try $0.id(Account.self) })
            { try join(room.id, account) }
            try change(room.id, "UPDATE room SET invited = \(true) WHERE id = \(room.id)")
        }
    }

    /// It ends before its day: from now on it counts no more. How many there were.
    public func endLoosened(_ rule: String, of organisation: ID<Organisation>, by: String) throws -> Int {
        try change(
            """
            UPDATE loosened SET review_at = \(now), ended_by = \(by)
            WHERE organisation = \(organisation) AND rule = \(rule) AND review_at > \(now)
            """)
    }
}
