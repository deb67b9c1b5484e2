import Rules

public struct ShiftRow: Sendable {
    public let id: ID<Anything>
    public let shown: String
    public let role: String
    public let startsAt: Instant
    public let endsAt: Instant
    public let isMine: Bool
}

public struct AlertRow: Sendable {
    public let id: ID<Alert>
    public let caseID: ID<Case>?
    public let code: String
    public let tier: Tier
    public let drill: Bool
    public let madeAt: Instant
    public let sentAt: Instant?
    public let failed: String?
    public let acknowledgedAt: Instant?
    public let acknowledgedShown: String?
}

/// Somebody is here now who may read what waits (in a room, where one is meant), and from when somebody is next.
public struct Duty: Sendable {
    public let now: Bool
    public let next: Instant?
}

extension Transaction {
    /// Is somebody here now who may read what waits? A shift alone says nothing: its person must hold, now, a role that
    /// reads the queue, in this room where one is given, and a current check where the room has under-18s.
    ///
    /// The power stands in the text, not as a value: SQLite plans a LIKE anew each time for a value it does not know.
    private func onDuty(_ organisation: SQL, in room: RoomColumns? = nil, to power: Power = .readQueue) -> SQL {
        "SELECT 1 \(shifts(organisation, in: room, to: power)) AND s.ends_at > \(now) AND s.starts_at <= \(now) AND g.ends_at > \(now)"
    }

    /// Since when such a person is here, or when the next one comes; one plan for both, since a room's page asks on every visit.
    private func shift(_ organisation: SQL, in room: RoomColumns? = nil, to power: Power = .readQueue) -> SQL {
        """
        (SELECT min(s.starts_at) \(shifts(organisation, in: room, to: power)) AND s.ends_at > \(now)
         AND g.ends_at > CASE WHEN s.starts_at > \(now) THEN s.starts_at ELSE \(now) END)
        """
    }

    /// What a room says of its readers, columns or values: its id, its ages and its moderators as they are stored.
    private struct RoomColumns {
        let id: SQL, bands: SQL, moderators: SQL
    }

    /// A list with spaces between names this role. Not by LIKE: on one engine that takes capital for small letters.
    private func names(_ codes: SQL) -> SQL {
        "' ' || \(codes) || ' ' <> replace(' ' || \(codes) || ' ', ' ' || d.code || ' ', '')"
    }

    /// A check must hold when the shift does. Who reads is `Staff.may(.readQueue, at:)`, said in SQL.
    private func shifts(_ organisation: SQL, in room: RoomColumns?, to power: Power) -> SQL {
        let power = SQL(stringLiteral: "' ' || d.powers || ' ' LIKE '% \(power.rawValue) %'")
        // What stands in no room is read by those who read everywhere.
        let ofRoom: SQL = room.map { "AND (g.room IS NULL OR g.room = \($0.id))" } ?? "AND g.room IS NULL"
        let takes = SQL(stringLiteral: "' ' || d.powers || ' ' LIKE '% \(Power.takeEscalated.rawValue) %'")
        let named: SQL =
            room.map {
                "AND (\($0.moderators) = '' OR \(names($0.moderators)) OR g.room = \($0.id) OR \(takes))"
            } ?? ""
        let adultsOnly = room.map { room in
            AgeBand.allCases.filter(\.isUnder18).map { room.bands + SQL(stringLiteral: " NOT LIKE '%|\($0.rawValue)|%'") }
                .reduce("1 = 1") { "\($0) AND \($1)" as SQL }
        }
        // For the house no age is known, so the youngest's rule holds: nobody without a check counts as somebody who is here.
        let check: SQL =
            [adultsOnly ?? "1 = 0"].map {
                """
                AND ((\($0)) OR EXISTS (SELECT 1 FROM check_record k WHERE k.account = s.account AND k.issued_at <= \(now)
                                       AND k.ends_at > \(now) AND k.ends_at > s.starts_at))
                """ as SQL
            }[0]
        return """
            FROM shift s JOIN role_given g ON g.account = s.account JOIN role d ON d.id = g.role
            JOIN account h ON h.id = s.account AND h.erased_at IS NULL
            WHERE s.organisation = \(organisation) AND s.ended_at IS NULL AND g.ended_at IS NULL AND \(power) \(ofRoom) \(named) \(check)
            """
    }

    public func isSomeoneOnDuty(_ organisation: ID<Organisation>) throws -> Bool {
        try exists(onDuty("\(organisation)"))
    }

    /// Is somebody here who may talk with a member in private? Whoever only reads what waits may not.
    public func isSomeoneHereToTalk(_ organisation: ID<Organisation>) throws -> Bool {
        try exists(onDuty("\(organisation)", to: .converse))
    }

    public func isSomeoneOnDuty(for room: RoomRow) throws -> Bool {
        try exists(hereFor(room))
    }

    func hereFor(_ room: RoomRow) -> SQL {
        onDuty("\(room.organisation)", in: columns(room))
    }

    /// Of those who may talk with a member in private.
    public func dutyToTalk(_ organisation: ID<Organisation>) throws -> Duty {
        let found = try first(
            "SELECT \(shift("\(organisation)", to: .converse))", { readDuty(&$0) })
        return found ?? Duty(now: false, next: nil)
    }

    /// A column for `readDuty`.
    func dutyColumn(for room: RoomRow) -> SQL { shift("\(room.organisation)", in: columns(room)) }

    /// A column beside a room `r` and its form `f`, for `readDuty`.
    func dutyColumn() -> SQL { shift("r.organisation", in: Self.joined) }

    func readDuty(_ row: inout Row) -> Duty {
        let starts = row.instantIfAny()
        let isHere = starts.map { $0 <= now } ?? false
        return Duty(now: isHere, next: isHere ? nil : starts)
    }

    private static let joined = RoomColumns(id: "r.id", bands: "f.bands", moderators: "f.moderators")

    private func columns(_ room: RoomRow) -> RoomColumns {
        let bands = barred(AgeBand.allCases.filter(room.form.bands.contains).map(\.rawValue))
        return RoomColumns(id: "\(room.id)", bands: "\(bands)", moderators: "\(room.form.moderators.joined(separator: " "))")
    }

    public func onDuty(_ organisation: ID<Organisation>, role: String? = nil) throws -> [ShiftRow] {
        let ofRole: SQL = role.map { "AND s.role = \($0)" } ?? ""
        // Whose roles ended since the shift was written down is not here, whatever the roster says.
        return try shifts(
            """
            s.organisation = \(organisation) AND s.ends_at > \(now) AND s.starts_at <= \(now) AND s.ended_at IS NULL \(ofRole)
            AND EXISTS (SELECT 1 FROM role_given g JOIN role d ON d.id = g.role WHERE g.account = s.account AND g.ended_at IS NULL
                        AND g.ends_at > \(now) AND ' ' || d.powers || ' ' LIKE '% readQueue %')
            """)
    }

    public func roster(_ organisation: ID<Organisation>, mine account: ID<Account>? = nil) throws -> [ShiftRow] {
        try shifts("s.organisation = \(organisation) AND s.ends_at > \(now) AND s.ended_at IS NULL", mine: account)
    }

    private func shifts(_ condition: SQL, mine account: ID<Account>? = nil) throws -> [ShiftRow] {
        try rows(
            """
            SELECT s.id, n.shown, s.role, s.starts_at, s.ends_at, s.account FROM shift s
            JOIN name n ON n.account = s.account AND n.place = 1 WHERE \(condition) ORDER BY s.starts_at LIMIT 100
            """
        ) { row in
            ShiftRow(
                id: try row.id(), shown: try row.text(), role: try row.text(), startsAt: try row.instant(),
                endsAt: try row.instant(), isMine: try row.id(Account.self) == account)
        }
    }

    public func addShift(
        _ account: ID<Account>, role: String, from: Instant, until: Instant, organisation: ID<Organisation>
    ) throws {
        let id: ID<Anything> = ids.timed()
        // Pressed twice, it is one shift: taken off once, it is off.
        guard
            try !exists(
                """
                SELECT 1 FROM shift WHERE account = \(account) AND organisation = \(organisation) AND role = \(role)
                  AND starts_at = \(from) AND ends_at = \(until) AND ended_at IS NULL
                """)
        else { return }
        try run(
            """
            INSERT INTO shift (id, organisation, account, role, starts_at, ends_at)
            VALUES (\(id), \(organisation), \(account), \(role), \(from), \(until))
            """)
    }

    /// Until when this person is here by what is written down; nil while no shift of theirs runs.
    public func shiftEnds(_ account: ID<Account>) throws -> Instant? {
        try first(
            "SELECT max(ends_at) FROM shift WHERE account = \(account) AND ended_at IS NULL AND starts_at <= \(now) AND ends_at > \(now)"
        ) { $0.instantIfAny() } ?? nil
    }

    public func endShift(_ account: ID<Account>) throws -> Int {
        try change(
            "UPDATE shift SET ended_at = \(now) WHERE account = \(account) AND ended_at IS NULL AND starts_at <= \(now) AND ends_at > \(now)"
        )
    }

    public func cancelShift(_ id: ID<Anything>, organisation: ID<Organisation>) throws -> Bool {
        try change(
            "UPDATE shift SET ended_at = \(now) WHERE id = \(id) AND organisation = \(organisation) AND ended_at IS NULL") == 1
    }

    // Alarms that leave the house: rows first, so that none is lost; a job sends them and they climb until somebody says
    // "I have it".

    @discardableResult
    public func raiseAlarm(
        about id: ID<Case>?, organisation: ID<Organisation>, tier: Tier, drill: Bool
    ) throws -> ID<Alert> {
        // A case that is overdue and an alarm that nobody took climb the same ladder: one call a step.
        if let id,
            let open = try first(
                "SELECT id FROM alert WHERE case_id = \(id) AND tier >= \(tier.rawValue) AND acknowledged_at IS NULL",
                { try $0.id(Alert.self) })
        {
            if tier != .everyone { return open }
            let lately = try exists(
                "SELECT 1 FROM alert WHERE case_id = \(id) AND made_at > \(now - .minutes(30)) AND tier = \(tier.rawValue)")
            if lately { return open }
        }
        let alert: ID<Alert> = ids.timed()
        // Six letters to read out over a telephone; says nothing.
        let code = String(ids.unlinkable(Alert.self).description.suffix(6))
        try run(
            """
            INSERT INTO alert (id, organisation, case_id, tier, drill, code, made_at)
            VALUES (\(alert), \(organisation), \(id), \(tier.rawValue), \(drill), \(code), \(now))
            """)
        if let id { try append(.alarmed, to: id, actor: nil, role: "clock", code: tier.code) }
        try enqueue(.sendAlarm, ID(raw: alert.raw))
        return alert
    }

    /// Rules about danger that were to be looked at again by now: they go on working, and somebody is called once a week until a
    /// person has looked at them.
    public func alarmOverdueRules(of organisation: ID<Organisation>) throws {
        let key = "rules-overdue \(organisation)"
        if let last = try setting(key).flatMap({ Int64($0) }), today - last < 7 { return }
        try set(key, to: String(today))
        try raiseAlarm(about: nil, organisation: organisation, tier: .moderator, drill: false)
    }

    public func alert(_ id: ID<Alert>) throws -> AlertRow? {
        try alerts("a.id = \(id)").first
    }

    /// Those that this person can take: an alarm about a case that is not theirs to open would lead nowhere.
    public func openAlerts(for person: Person, in scope: QueueScope? = nil) throws -> [AlertRow] {
        let all = try alerts("a.organisation = \(person.organisation) AND a.acknowledged_at IS NULL", most: 200)
        let about = Array(Set(all.compactMap(\.caseID)))
        guard !about.isEmpty else { return Array(all.prefix(50)) }
        // By their ids: in one statement with the alarms PostgreSQL reads every case there is.
        let scope = try scope ?? queueRooms(of: person)
        let takesEscalated = person.staff.holds(.takeEscalated, now: now)
        let mine = try Dictionary(
            rows(
                """
                SELECT c.id, c.tier, c.room FROM "case" c WHERE c.id IN \(SQL.list(about)) AND (c.account IS NULL OR c.account <> \(person.account))
                  AND \(isWithin(scope))
                """
            ) { (try $0.id(Case.self), (tier: Tier(rawValue: try $0.count()) ?? .everyone, room: $0.idIfAny(Room.self))) },
            uniquingKeysWith: { first, _ in first })
        return try Array(
            all.filter { alert in
                guard let about = alert.caseID else { return true }
                guard let found = mine[about] else { return false }
                // Whoever was called from above is not silenced from below.
                switch (alert.tier, found.tier) {
                case (.moderator, _), (_, .moderator), (_, .everyone): return true
                case (_, .professional), (_, .safeguardingLead):
                    return try takesEscalated && person.staff.may(.takeEscalated, at: place(of: found.room), now: now)
                }
            }.prefix(50))
    }

    public func alertHistory(_ organisation: ID<Organisation>, drills: Bool) throws -> [AlertRow] {
        try alerts("a.organisation = \(organisation) AND a.drill = \(drills)")
    }

    private func alerts(_ condition: SQL, most: Int = 50) throws -> [AlertRow] {
        try rows(
            """
            SELECT a.id, a.case_id, a.code, a.tier, a.drill, a.made_at, a.sent_at, a.failed, a.acknowledged_at, n.shown
            FROM alert a LEFT JOIN name n ON n.account = a.acknowledged_by AND n.place = 1
            WHERE \(condition) ORDER BY a.made_at DESC LIMIT \(number: most)
            """
        ) { row in
            AlertRow(
                id: try row.id(), caseID: row.idIfAny(), code: try row.text(),
                tier: Tier(rawValue: try row.count()) ?? .everyone, drill: try row.bool(), madeAt: try row.instant(),
                sentAt: row.instantIfAny(), failed: row.textIfAny(), acknowledgedAt: row.instantIfAny(),
                acknowledgedShown: row.textIfAny())
        }
    }

    public func alertSent(_ id: ID<Alert>, failed: String?) throws {
        if let failed {
            try run("UPDATE alert SET failed = \(failed) WHERE id = \(id)")
        } else {
            try run("UPDATE alert SET sent_at = COALESCE(sent_at, \(now)), failed = NULL WHERE id = \(id)")
        }
    }

    /// "I have it": the alarm stops climbing, and the case is in this person's hands. Through the case's own door: an
    /// alarm is not silenced by somebody who can not open what it is about. Nil is not there.
    public func acknowledge(_ id: ID<Alert>, by person: Person) throws -> Bool? {
        guard let alert = try alert(id) else { return nil }
        let about = try alert.caseID.map { try self.case($0, openTo: person) }
        if let about {
            guard let about, try alert.tier == .moderator || answersFor(about, person) else { return nil }
        }
        let done = try change(
            """
            UPDATE alert SET acknowledged_at = \(now), acknowledged_by = \(person.account)
            WHERE id = \(id) AND organisation = \(person.organisation) AND acknowledged_at IS NULL
            """)
        if done == 1, let found = about ?? nil {
            try append(
                .acknowledged, to: found.id, actor: person.account, role: try role(of: person, for: .readQueue, in: found),
                code: "alarm")
            try silence(found, by: person)
            _ = try claim(found.id, by: person)
        }
        return done == 1
    }

    /// A case in somebody's hands calls nobody on, but for the one it was passed up to: who passes it up, or takes it while that
    /// person is on the way, is not them.
    func silence(_ found: CaseRow, by person: Person) throws {
        let up = try answersFor(found, person) ? Tier.everyone : .moderator
        try run(
            """
            UPDATE alert SET acknowledged_at = \(now), acknowledged_by = \(person.account)
            WHERE case_id = \(found.id) AND acknowledged_at IS NULL AND tier <= \(up.rawValue)
            """)
    }

    /// May this person's word end every alarm of the case? A case that stands with the professionals is theirs.
    private func answersFor(_ found: CaseRow, _ person: Person) throws -> Bool {
        switch found.tier {
        case .moderator, .everyone: true
        case .professional, .safeguardingLead: person.staff.may(.takeEscalated, at: try place(of: found), now: now)
        }
    }
}
