import Rules

public struct RoleRow: Sendable {
    public let id: ID<Role>
    public let code: String
    public let name: String
    public let means: String
    public let powers: Set<Power>
}

public struct StaffRow: Sendable {
    public let account: ID<Account>
    public let shown: String
    public let staff: Staff
    public let hasSecondFactor: Bool
}

extension Transaction {
    public func roles(of organisation: ID<Organisation>) throws -> [RoleRow] {
        try rows("SELECT id, code, name, means, powers FROM role WHERE organisation = \(organisation) ORDER BY name, id") {
            RoleRow(
                id: try $0.id(), code: try $0.text(), name: try $0.text(), means: try $0.text(),
                powers: Set(try $0.text().split(separator: " ").compactMap { Power(rawValue: String($0)) }))
        }
    }

    /// Makes a role or changes its powers; a changed power holds from the next request on.
    public func setRole(
        code: String, name: String, means: String, powers: Set<Power>, in organisation: ID<Organisation>
    ) throws {
        let written = Power.allCases.filter(powers.contains).map(\.rawValue).joined(separator: " ")
        let id: ID<Role> = ids.unlinkable()
        try run(
            """
            INSERT INTO role (id, organisation, code, name, means, powers)
            VALUES (\(id), \(organisation), \(code), \(name), \(means), \(written))
            ON CONFLICT (organisation, code) DO UPDATE
              SET name = excluded.name, means = excluded.means, powers = excluded.powers
            """)
    }

    public func give(
        role code: String, to account: ID<Account>, in room: ID<Room>?, by: String, until: Instant,
        organisation: ID<Organisation>
    ) throws -> Bool {
        guard
            let role = try first(
                "SELECT id FROM role WHERE organisation = \(organisation) AND code = \(code)",
                {
                    try $0.id(Role.self)
                })
        else { return false }
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO role_given (id, account, role, room, given_by, given_at, ends_at)
            VALUES (\(id), \(account), \(role), \(room), \(by), \(now), \(until))
            """)
        return true
    }

    /// Ends a role: the one given for this room, or, without a room, wherever it was given.
    public func endRole(_ code: String, of account: ID<Account>, in room: ID<Room>? = nil) throws -> Int {
        let place: SQL = room.map { "AND room = \($0)" } ?? ""
        return try change(
            """
            UPDATE role_given SET ended_at = \(now) WHERE account = \(account) AND ended_at IS NULL
              AND role IN (SELECT id FROM role WHERE code = \(code)) \(place)
            """)
    }

    public func addCheck(
        kind: String, of account: ID<Account>, issuedAt: Instant, endsAt: Instant, seenBy first: String, and second: String
    ) throws {
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO check_record (id, account, kind, issued_at, ends_at, first_seen_by, second_seen_by)
            VALUES (\(id), \(account), \(kind), \(issuedAt), \(endsAt), \(first), \(second))
            """)
    }

    public func staffList(of organisation: ID<Organisation>) throws -> [StaffRow] {
        let found = try rows(
            """
            SELECT a.id, n.shown, (SELECT count(*) FROM second_factor f WHERE f.account = a.id)
            FROM account a JOIN name n ON n.account = a.id AND n.place = 1
            WHERE a.organisation = \(organisation) AND a.kind = 'staff' AND a.erased_at IS NULL ORDER BY n.shown
            """
        ) { (try $0.id(Account.self), try $0.text(), try $0.int() > 0) }
        return try found.map {
            StaffRow(account: $0.0, shown: $0.1, staff: try staff($0.0), hasSecondFactor: $0.2)
        }
    }

    /// By the name as it is compared when they sign in: see `foldedName`.
    public func staffAccount(named shown: String, in organisation: ID<Organisation>) throws -> ID<Account>? {
        let folded = foldedName(shown)
        let all = try rows(
            """
            SELECT a.id, n.shown FROM account a JOIN name n ON n.account = a.id
            WHERE a.organisation = \(organisation) AND a.kind = 'staff' AND a.erased_at IS NULL AND n.gone_at IS NULL
            ORDER BY n.id
            """
        ) { (try $0.id(Account.self), try $0.text()) }
        return all.first { foldedName($0.1) == folded }?.0
    }

    // Sanctions.

    public struct SanctionRow: Sendable {
        public let step: SanctionStep
        public let madeAt: Instant
        public let endsAt: Instant?
        public let lifted: Bool
    }

    public func sanctions(of account: ID<Account>) throws -> [SanctionRow] {
        try rows(
            "SELECT step, made_at, ends_at, lifted_at FROM sanction WHERE account = \(account) ORDER BY made_at"
        ) {
            SanctionRow(
                step: try $0.word(), madeAt: try $0.instant(), endsAt: $0.instantIfAny(), lifted: $0.instantIfAny() != nil)
        }
    }

    public func addSanction(_ step: SanctionStep, on account: ID<Account>, decision: ID<Decision>) throws {
        let id: ID<Anything> = ids.timed()
        let until = step == .leaveForGood ? Instant.never : step.length.map { now + $0 }
        try run(
            """
            INSERT INTO sanction (id, account, step, decision, made_at, ends_at)
            VALUES (\(id), \(account), \(step), \(decision), \(now), \(until))
            """)
        if step == .leaveForGood { try keepConnectionsLonger(of: account) }
        // Nobody who is paused answers in the name of this place.
        try letGo(account)
        try run("UPDATE series SET next_at = \(now) WHERE befriender = \(account) AND state = 'running'")
    }

    public func liftSanctions(from decision: ID<Decision>) throws {
        try run("UPDATE sanction SET lifted_at = \(now) WHERE decision = \(decision) AND lifted_at IS NULL")
    }

    public func actsCounted(of account: ID<Account>) throws -> [CountedAct] {
        try rows(
            """
            SELECT d.reason, d.deliberate, d.made_at FROM decision d WHERE d.account = \(account) AND d.reason IS NOT NULL
              AND d.undone_at IS NULL AND d.act IN ('return', 'hide', 'remove', 'mask', 'restrict')
              AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.decision = d.id AND a.outcome = 'turned')
            """
        ) { CountedAct(reason: try $0.text(), deliberate: try $0.bool(), at: try $0.instant()) }
    }
}
