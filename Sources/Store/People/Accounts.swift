import Rules

/// What a new member chose while starting.
public struct NewMember: Sendable {
    public var organisation: ID<Organisation>
    public var shownName: String
    public var band: AgeBand?
    public var country: String?
    public var stage: Stage?
    public var intent: Intent?
    public var choices: [String: Choice]
    public var wayBackHash: String
    public var isStaff: Bool

    public init(
        organisation: ID<Organisation>, shownName: String, band: AgeBand?, country: String?, stage: Stage? = nil,
        intent: Intent? = nil, choices: [String: Choice], wayBackHash: String, isStaff: Bool = false
    ) {
        self.organisation = organisation
        self.shownName = shownName
        self.band = band
        self.country = country
        self.stage = stage
        self.intent = intent
        self.choices = choices
        self.wayBackHash = wayBackHash
        self.isStaff = isStaff
    }
}

/// A name as it is compared: capitals, spaces and hyphens do not matter, and not what comes after sixty letters. One
/// folding for whoever is added and whoever signs in; the name itself stays as it is spelled.
public func foldedName(_ typed: String) -> String {
    let words = typed.split { $0.isWhitespace || $0 == "-" }
    return String(words.joined(separator: "-").lowercased().prefix(60))
}

extension Transaction {
    /// Throws `StoreFault.conflict` when the name was taken meanwhile; the caller rolls another.
    public func addAccount(_ new: NewMember) throws -> (account: ID<Account>, name: ID<Name>) {
        let account: ID<Account> = ids.unlinkable()
        try run(
            """
            INSERT INTO account (id, organisation, kind, band, band_asked_at, country, stage, intent, content_key,
                                 joined_at, seen_day)
            VALUES (\(account), \(new.organisation), \(new.isStaff ? "staff" : "member"), \(new.band), \(now),
                    \(new.country), \(new.stage), \(new.intent), \(try keys.newContentKey()), \(now), \(now.day))
            """)
        let name = try addName(new.shownName, place: 1, account: account, organisation: new.organisation)
        try run(
            "INSERT INTO way_back (account, hash, made_at) VALUES (\(account), \(new.wayBackHash), \(now))")
        try run(
            """
            INSERT INTO reader (account, choices, heavy_limit, heavy_welcome, quiet_from, quiet_to)
            VALUES (\(account), \(written(new.choices)), 5, \(false), 1320, 480)
            """)
        return (account, name)
    }

    public func addName(
        _ shown: String, place: Int, account: ID<Account>, organisation: ID<Organisation>
    ) throws -> ID<Name> {
        let name: ID<Name> = ids.unlinkable()
        guard try !isNameTaken(shown, in: organisation) else { throw StoreFault.conflict(constraint: "name_once") }
        try run(
            """
            INSERT INTO name (id, organisation, account, place, shown, changed_at)
            VALUES (\(name), \(organisation), \(account), \(place), \(shown), \(now))
            """)
        return name
    }

    public func names(of account: ID<Account>) throws -> [(id: ID<Name>, shown: String, place: Int, changedAt: Instant)] {
        try rows(
            "SELECT id, shown, place, changed_at FROM name WHERE account = \(account) AND gone_at IS NULL ORDER BY place"
        ) { (try $0.id(), try $0.text(), try $0.count(), try $0.instant()) }
    }

    public func isNameTaken(_ shown: String, in organisation: ID<Organisation>) throws -> Bool {
        try exists("SELECT 1 FROM name WHERE organisation = \(organisation) AND shown IN (\(shown), \(gone(shown)))")
    }

    /// What stands for a name whose person erased themselves.
    func gone(_ shown: String) -> String {
        "gone " + keys.fingerprint(shown, for: "gone name").prefix(12).map { String($0, radix: 16) }.joined()
    }

    /// A rename is rare: once in 30 days, decided by the caller.
    public func rename(_ name: ID<Name>, to shown: String) throws {
        try run("UPDATE name SET shown = \(shown), changed_at = \(now) WHERE id = \(name)")
    }

    /// What signing in needs: the account behind a name and its hash. A bird as it is spelled, by the index; else one of the
    /// few staff, who spell their names as they like.
    public func wayBack(
        name: String, organisation: ID<Organisation>
    ) throws -> (account: ID<Account>, name: ID<Name>, hash: String, isStaff: Bool)? {
        if let found = try wayBack(shown: name, organisation: organisation) { return found }
        let folded = foldedName(name)
        let staff = try rows(
            """
            SELECT n.shown FROM name n JOIN account a ON a.id = n.account
            WHERE n.organisation = \(organisation) AND n.place = 1 AND n.gone_at IS NULL AND a.kind = 'staff'
              AND a.erased_at IS NULL ORDER BY n.id
            """
        ) { try $0.text() }
        guard let shown = staff.first(where: { foldedName($0) == folded }) else { return nil }
        return try wayBack(shown: shown, organisation: organisation)
    }

    private func wayBack(
        shown name: String, organisation: ID<Organisation>
    ) throws -> (account: ID<Account>, name: ID<Name>, hash: String, isStaff: Bool)? {
        try first(
            """
            SELECT a.id, n.id, w.hash, a.kind FROM name n JOIN account a ON a.id = n.account
            JOIN way_back w ON w.account = a.id
            WHERE n.organisation = \(organisation) AND n.shown = \(name) AND n.place = 1 AND n.gone_at IS NULL
              AND a.erased_at IS NULL
            """
        ) { (try $0.id(), try $0.id(), try $0.text(), try $0.text() == "staff") }
    }

    /// `countsFrom`: from when it opens the record, where nobody proved it by the one before.
    public func wayBack(of account: ID<Account>) throws -> (hash: String, countsFrom: Instant?)? {
        try first("SELECT hash, counts_from FROM way_back WHERE account = \(account)") { (try $0.text(), $0.instantIfAny()) }
    }

    public func setWayBack(_ hash: String, of account: ID<Account>, countsFrom: Instant? = nil) throws {
        try run("UPDATE way_back SET hash = \(hash), made_at = \(now), counts_from = \(countsFrom) WHERE account = \(account)")
    }

    public func setBand(_ band: AgeBand?, of account: ID<Account>) throws {
        try run("UPDATE account SET band = \(band), band_asked_at = \(now) WHERE id = \(account)")
        // Rooms that are for them no more keep no place for them.
        guard let band else { return }
        try run(
            """
            DELETE FROM membership WHERE account = \(account) AND room IN
              (SELECT r.id FROM room r JOIN room_form f ON f.room = r.id AND f.version = r.version
               WHERE f.bands NOT LIKE \("%|\(band.rawValue)|%"))
            """)
    }

    /// A professional's word on it. Rooms, letters and standing follow from the age at each door. What else is asked about them in the
    /// same case, danger or a report, is still to be decided.
    public func settle(_ found: CaseRow, of account: ID<Account>, is band: AgeBand, by person: Person) throws {
        let role = try role(of: person, for: .closeRisk, in: found)
        try setBand(band, of: account)
        try append(.decided, to: found.id, actor: person.account, role: role, code: "age-\(band.rawValue)")
        if found.kind == .age, !found.isRisk {
            try close(found.id, outcome: "age-\(band.rawValue)", actor: person.account, role: role)
        } else {
            try run("UPDATE \"case\" SET version = version + 1 WHERE id = \(found.id)")
        }
    }

    /// Whoever changes what somebody holds waits for whoever else does.
    public func takeTurns(_ account: ID<Account>) throws { try run("UPDATE account SET kind = kind WHERE id = \(account)") }

    public func setStage(_ stage: Stage?, of account: ID<Account>) throws {
        try run("UPDATE account SET stage = \(stage) WHERE id = \(account)")
    }

    /// Theirs to say and to take back; counted in groups and read by nobody.
    public func setGender(_ gender: Gender?, of account: ID<Account>) throws {
        try run("UPDATE account SET gender = \(gender) WHERE id = \(account)")
    }

    public func gender(of account: ID<Account>) throws -> Gender? {
        try first("SELECT gender FROM account WHERE id = \(account)") { try $0.wordIfAny() } ?? nil
    }

    public func setCountry(_ country: String?, of account: ID<Account>) throws {
        try run("UPDATE account SET country = \(country) WHERE id = \(account)")
    }

    public func setArea(_ area: String?, of account: ID<Account>) throws {
        try run("UPDATE account SET area = \(area) WHERE id = \(account)")
    }

    public func setLook(_ look: String, of account: ID<Account>) throws {
        try run("UPDATE account SET look = \(look) WHERE id = \(account)")
    }

    /// This voice is back: by its button, or by writing in it, or else its words would count as an answer that nobody sees. Another
    /// voice stays away until its own time: two names that come back in one minute would tell that they are one.
    public func comeBack(_ person: Person) throws {
        guard person.voiceAwayUntil != nil else { return }
        try run("UPDATE name SET away_until = NULL WHERE id = \(person.name)")
        try restWhileAway(person.account)
    }

    /// A break hides the voice it was taken in, and rests every notice of the account. The other voice stays as it
    /// is: two names that vanish in the same minute would tell that they are one.
    public func takeBreak(_ person: Person, until: Instant) throws {
        try run("UPDATE name SET away_until = \(until) WHERE id = \(person.name)")
        try restWhileAway(person.account)
        try letGo(person.account)
        try run("UPDATE series SET next_at = \(now) WHERE befriender = \(person.account) AND state = 'running'")
    }

    /// Notices and offers rest for as long as any voice is away.
    private func restWhileAway(_ account: ID<Account>) throws {
        try run(
            """
            UPDATE account SET break_until = (SELECT max(away_until) FROM name WHERE account = \(account) AND away_until > \(now))
            WHERE id = \(account)
            """)
    }

    /// Written by a job, once a day at most; GET never writes.
    public func seen(_ account: ID<Account>) throws {
        let isFirst = try change("UPDATE account SET seen_day = \(now.day) WHERE id = \(account) AND seen_day < \(now.day)") == 1
        if isFirst { try cameBack(account) }
    }
}
