import Rules

/// Who is asking, as one session proves it: the account behind the voice, and the voice.
public struct Person: Sendable {
    public let account: ID<Account>
    public let home: OrganisationRow
    public var organisation: ID<Organisation> { home.id }
    public let session: ID<Session>
    public let secret: Secret
    public let name: ID<Name>
    public let shownName: String
    public let isStaff: Bool
    public let passedSecondFactor: Bool
    public let sharedDevice: Bool
    public let band: AgeBand?
    public let bandAskedAt: Instant?
    public let country: String?
    public let area: String?
    public let stage: Stage?
    public let intent: Intent?
    public let look: String
    public let joinedAt: Instant
    public let breakUntil: Instant?
    /// The voice they are here in is on a break until then: nobody sees its words.
    public let voiceAwayUntil: Instant?
    public let seenDay: Int64
    public let contentKey: ContentKey
    public let staff: Staff
    /// Told to leave for good: help, their record and a talk with staff stay open, rooms do not.
    public let hasLeft: Bool
    let reading: KeptReading
}

public struct OrganisationRow: Sendable {
    public let id: ID<Organisation>
    public let name: String
    public let country: String
    public let zone: String
    public let lowestBand: AgeBand
    public let parentsRule: ParentsRule
    public let areaOn: Bool
}

extension Transaction {
    public func organisations() throws -> [OrganisationRow] {
        try rows("SELECT \(Self.organisationColumns) FROM organisation o ORDER BY o.id") { try organisation(&$0) }
    }

    private static let organisationColumns: SQL = "o.id, o.name, o.country, o.zone, o.lowest_band, o.parents_rule, o.area_on"

    private func organisation(_ row: inout Row) throws -> OrganisationRow {
        OrganisationRow(
            id: try row.id(), name: try row.text(), country: try row.text(), zone: try row.text(), lowestBand: try row.word(),
            parentsRule: try row.word(), areaOn: try row.bool())
    }

    public func addOrganisation(
        name: String, country: String, zone: String, lowestBand: AgeBand = .eleven, parentsRule: ParentsRule = .none
    ) throws -> ID<Organisation> {
        let id: ID<Organisation> = ids.timed()
        try run(
            """
            INSERT INTO organisation (id, name, country, zone, lowest_band, parents_rule, area_on, made_at)
            VALUES (\(id), \(name), \(country), \(zone), \(lowestBand), \(parentsRule), \(false), \(now))
            """)
        return id
    }

    /// The person behind a session token; nil when it is unknown, ended or over.
    public func person(token: Secret) throws -> Person? {
        try person("s.hash = \(keys.fingerprint(token.text, for: "session"))")
    }

    /// The same, as they are now, for an open page.
    public func person(session: ID<Session>) throws -> Person? { try person("s.id = \(session)") }

    private func person(_ condition: SQL) throws -> Person? {
        let found = try first(
            """
            SELECT s.id, s.secret, s.shared_device, s.passed_second_factor, a.id, a.kind, a.band,
                   a.band_asked_at, a.country, a.area, a.stage, a.intent, a.look, a.joined_at, a.break_until, a.seen_day,
                   a.content_key, n.id, n.shown, n.away_until,
                   EXISTS (SELECT 1 FROM sanction x WHERE x.account = a.id AND x.step = 'leave-for-good' AND x.lifted_at IS NULL),
                   \(Self.organisationColumns), \(keptColumns())
            FROM session s JOIN account a ON a.id = s.account JOIN name n ON n.id = s.name
            JOIN organisation o ON o.id = a.organisation JOIN reader r ON r.account = a.id
            LEFT JOIN exposure e ON e.account = a.id AND e.day = \(today) AND e.kind = 'heavy'
            WHERE \(condition) AND s.ends_at > \(now) AND a.erased_at IS NULL
            """
        ) { row in
            (
                session: try row.id(Session.self), secret: try row.bytes(), shared: try row.bool(),
                factor: try row.bool(), account: try row.id(Account.self),
                kind: try row.text(), band: try row.wordIfAny(AgeBand.self), asked: row.instantIfAny(),
                country: row.textIfAny(), area: row.textIfAny(), stage: try row.wordIfAny(Stage.self),
                intent: try row.wordIfAny(Intent.self), look: try row.text(), joined: try row.instant(),
                away: row.instantIfAny(), seen: try row.int(), key: try row.bytes(), name: try row.id(Name.self),
                shown: try row.text(), voiceAway: row.instantIfAny(), hasLeft: try row.bool(), home: try organisation(&row),
                reading: try readKept(&row)
            )
        }
        guard let it = found else { return nil }
        return Person(
            account: it.account, home: it.home, session: it.session, secret: Secret(it.secret),
            name: it.name, shownName: it.shown, isStaff: it.kind == "staff",
            passedSecondFactor: it.factor, sharedDevice: it.shared, band: it.band, bandAskedAt: it.asked,
            country: it.country, area: it.area, stage: it.stage, intent: it.intent, look: it.look,
            joinedAt: it.joined, breakUntil: it.away.flatMap { $0 > now ? $0 : nil },
            voiceAwayUntil: it.voiceAway.flatMap { $0 > now ? $0 : nil }, seenDay: it.seen,
            contentKey: try keys.contentKey(it.key),
            // Six words alone prove no role: powers come with the second factor, at every door alike.
            staff: it.kind == "staff" && it.factor
                ? try staff(it.account) : Staff(account: it.account, roles: [], checkedUntil: nil),
            hasLeft: it.hasLeft, reading: it.reading)
    }

    /// The roles an account holds now, and how long its check runs.
    public func staff(_ account: ID<Account>) throws -> Staff {
        let roles = try rows(
            """
            SELECT r.code, r.name, r.powers, g.room, g.ends_at,
                   (SELECT max(ends_at) FROM check_record WHERE account = \(account) AND issued_at <= \(now))
            FROM role_given g JOIN role r ON r.id = g.role WHERE g.account = \(account) AND g.ended_at IS NULL AND g.ends_at > \(now)
            """
        ) { row in
            let role = GivenRole(
                code: try row.text(), name: try row.text(),
                powers: Set(try row.text().split(separator: " ").compactMap { Power(rawValue: String($0)) }),
                room: row.idIfAny(), endsAt: try row.instant())
            return (role, checkedUntil: row.instantIfAny())
        }
        return Staff(account: account, roles: roles.map(\.0), checkedUntil: roles.first?.checkedUntil)
    }

    public func contentKey(of account: ID<Account>) throws -> ContentKey? {
        let wrapped = try first("SELECT content_key FROM account WHERE id = \(account)") { $0.bytesIfAny() }
        guard let wrapped, let bytes = wrapped else { return nil }
        return try keys.contentKey(bytes)
    }
}

extension Transaction {
    public func setOrganisation(
        _ id: ID<Organisation>, name: String, country: String, zone: String, lowestBand: AgeBand, parentsRule: ParentsRule, areaOn: Bool
    ) throws {
        try run(
            """
            UPDATE organisation SET name = \(name), country = \(country), zone = \(zone), lowest_band = \(lowestBand),
              parents_rule = \(parentsRule), area_on = \(areaOn) WHERE id = \(id)
            """)
    }
}
