import Rules

public struct SessionRow: Sendable {
    public let id: ID<Session>
    public let madeAt: Instant
    public let endsAt: Instant
    public let shared: Bool
    public let nameShown: String
}

extension Transaction {
    public func addSession(
        token: Secret, secret: Secret, account: ID<Account>, name: ID<Name>, shared: Bool, passedSecondFactor: Bool,
        length: Lapse
    ) throws -> ID<Session> {
        let id: ID<Session> = ids.unlinkable()
        try run(
            """
            INSERT INTO session (hash, id, account, name, secret, shared_device, passed_second_factor, made_at, ends_at)
            VALUES (\(keys.fingerprint(token.text, for: "session")), \(id), \(account), \(name), \(secret.bytes),
                    \(shared), \(passedSecondFactor), \(now), \(now + length))
            """)
        return id
    }

    public func sessions(of account: ID<Account>) throws -> [SessionRow] {
        try rows(
            """
            SELECT s.id, s.made_at, s.ends_at, s.shared_device, n.shown FROM session s JOIN name n ON n.id = s.name
            WHERE s.account = \(account) AND s.ends_at > \(now) ORDER BY s.made_at DESC
            """
        ) {
            SessionRow(
                id: try $0.id(), madeAt: try $0.instant(), endsAt: try $0.instant(), shared: try $0.bool(),
                nameShown: try $0.text())
        }
    }

    public func endSession(_ id: ID<Session>, of account: ID<Account>) throws -> Bool {
        try change("DELETE FROM session WHERE id = \(id) AND account = \(account)") == 1
    }

    public func endOtherSessions(than id: ID<Session>?, of account: ID<Account>) throws {
        if let id {
            try run("DELETE FROM session WHERE account = \(account) AND id <> \(id)")
        } else {
            try run("DELETE FROM session WHERE account = \(account)")
        }
    }

    public func speak(as name: ID<Name>, session: ID<Session>) throws {
        try run("UPDATE session SET name = \(name) WHERE id = \(session)")
    }

    /// TOTP seeds are sealed; a step is used once.
    public func secondFactor(of account: ID<Account>) throws -> (seed: Secret, lastStep: Int64)? {
        try first("SELECT sealed, last_step FROM second_factor WHERE account = \(account)") {
            (Secret(try keys.open(try $0.bytes(), for: "second factor")), try $0.int())
        }
    }

    public func setSecondFactor(_ seed: Secret, of account: ID<Account>) throws {
        let sealed = try keys.seal(seed.bytes, for: "second factor")
        try run(
            """
            INSERT INTO second_factor (account, sealed, last_step) VALUES (\(account), \(sealed), 0)
            ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, last_step = 0
            """)
    }

    public func useSecondFactor(step: Int64, of account: ID<Account>, session: ID<Session>) throws -> Bool {
        let fresh = try change(
            "UPDATE second_factor SET last_step = \(step) WHERE account = \(account) AND last_step < \(step)")
        guard fresh == 1 else { return false }
        try run("UPDATE session SET passed_second_factor = \(true) WHERE id = \(session)")
        return true
    }

    // Programs of the organisation's, with narrow acts.

    public func program(token: Secret) throws -> (organisation: ID<Organisation>, called: String, acts: Set<String>)? {
        try first(
            """
            SELECT organisation, called, acts FROM program_token
            WHERE hash = \(keys.fingerprint(token.text, for: "program")) AND ends_at > \(now)
            """
        ) { (try $0.id(), try $0.text(), Set(try $0.text().split(separator: " ").map(String.init))) }
    }

    public func addProgram(
        token: Secret, called: String, acts: [String], until: Instant, organisation: ID<Organisation>
    ) throws {
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO program_token (id, organisation, hash, called, acts, made_at, ends_at)
            VALUES (\(id), \(organisation), \(keys.fingerprint(token.text, for: "program")), \(called),
                    \(acts.joined(separator: " ")), \(now), \(until))
            """)
    }

    public func programs(of organisation: ID<Organisation>) throws -> [(id: ID<Anything>, called: String, acts: String, endsAt: Instant)] {
        try rows(
            "SELECT id, called, acts, ends_at FROM program_token WHERE organisation = \(organisation) AND ends_at > \(now)"
        ) { (try $0.id(), try $0.text(), try $0.text(), try $0.instant()) }
    }

    public func endProgram(_ id: ID<Anything>, of organisation: ID<Organisation>) throws -> Bool {
        try change("UPDATE program_token SET ends_at = \(now) WHERE id = \(id) AND organisation = \(organisation)") == 1
    }
}
