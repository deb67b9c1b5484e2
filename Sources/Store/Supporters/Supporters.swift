import Rules

/// How one supporter helps, as their own page shows it.
public struct SupporterSettings: Sendable, Equatable {
    public var matters: [String]
    /// ISO 639 codes of those of `Languages.known` that they answer in.
    public var languages: [String]
    public var capacity: Capacity
    public var hours: Hours?
    public var pausedUntil: Instant?
    public var heavyRestsUntil: Instant?
    /// Their own plan against burning out.
    public var plan: String

    public init(
        matters: [String] = [], languages: [String] = ["en"], capacity: Capacity = .usual, hours: Hours? = nil, pausedUntil: Instant? = nil,
        heavyRestsUntil: Instant? = nil, plan: String = ""
    ) {
        self.matters = matters
        self.languages = languages
        self.capacity = capacity
        self.hours = hours
        self.pausedUntil = pausedUntil
        self.heavyRestsUntil = heavyRestsUntil
        self.plan = plan
    }
}

public struct StandingRow: Sendable {
    public let room: ID<Room>
    public let roomName: String
    public let endsAt: Instant
    /// Comes with a role and ends with it: nothing to give back here.
    public let byRole: Bool
}

/// How standing is given: by a professional by name, or by taking what a signed course opened. What staff ended comes back the first way alone.
public enum StandingWay: Sendable { case professional, course }

extension Transaction {
    /// Who may be asked in this room now: standing or a role that answers and reads no queue; of an age that may be there; adults
    /// among the young only with a current check; who has said how they help.
    func candidates(for room: ID<Room>, organisation: ID<Organisation>, _ setting: OfferSetting) throws -> [Supporter] {
        try supporters(
            """
            a.organisation = \(organisation) AND \(helps("a", in: "\(room)"))
            """, setting)
    }

    /// The same of one account, where they still help in this room.
    func supporter(_ account: ID<Account>, in room: ID<Room>, _ setting: OfferSetting) throws -> Supporter? {
        try supporters("a.id = \(account) AND \(helps("a", in: "\(room)"))", setting).first
    }

    func supporter(_ account: ID<Account>, _ setting: OfferSetting) throws -> Supporter? {
        try supporters("a.id = \(account)", setting).first
    }

    /// Posts that a supporter took and letters that they wrote: both count in their day and their week. One column for both counts, read
    /// by `readTaken`: a sub-select of its own for each costs more to set up than to run.
    func taken(by account: SQL) -> SQL {
        let (day, week) = (now - .hours(24), now - .days(7))
        return """
            (SELECT COALESCE(sum(CASE WHEN o.taken_at > \(day) THEN 10001 ELSE 1 END), 0) FROM offer o
             WHERE o.account = \(account).id AND o.taken_at > \(week))
            + (SELECT COALESCE(sum(CASE WHEN w.made_at > \(day) THEN 10001 ELSE 1 END), 0) FROM letter l JOIN item w ON w.id = l.item
               WHERE l.side = 'befriender' AND w.account = \(account).id AND w.made_at > \(week)
                 AND l.series IN (SELECT id FROM series WHERE befriender = \(account).id
                                  UNION ALL SELECT series FROM series_past WHERE account = \(account).id))
            """
    }

    func readTaken(_ row: inout Row) throws -> (today: Int, week: Int) {
        let both = try row.count()
        return (both / 10_000, both % 10_000)
    }

    private func supporters(_ condition: SQL, _ setting: OfferSetting) throws -> [Supporter] {
        try rows(
            """
            SELECT a.id, a.kind, a.band, a.break_until, a.content_key, s.matters, s.languages, s.per_day, s.per_week, s.from_minute,
                   s.to_minute, s.paused_until, s.heavy_rests_until,
                   \(taken(by: "a")),
                   (SELECT count(*) FROM offer o WHERE o.account = a.id AND o.state = 'accepted'),
                   (SELECT count(*) FROM offer o JOIN open_post p ON p.item = o.item AND p.closed_at IS NULL
                    WHERE o.account = a.id AND o.state = 'offered'),
                   (SELECT max(o.taken_at) FROM offer o WHERE o.account = a.id AND o.heavy = \(true)), m.sealed,
                   EXISTS (SELECT 1 FROM check_record k WHERE k.account = a.id AND k.issued_at <= \(now) AND k.ends_at > \(now))
            FROM account a JOIN supporter s ON s.account = a.id LEFT JOIN self_map m ON m.account = a.id
            WHERE a.erased_at IS NULL AND \(condition) ORDER BY a.id
            """
        ) { row in
            let account: ID<Account> = try row.id()
            let isStaff = try row.text() == "staff"
            let band: AgeBand? = try row.wordIfAny()
            let away = row.instantIfAny()
            let key = row.bytesIfAny()
            let matters = setting.matters.tags(unbarred(try row.text()))
            let languages = Languages(codes: unbarred(try row.text()))
            let capacity = Capacity(perDay: try row.count(), perWeek: try row.count())
            let (from, to) = (row.intIfAny(), row.intIfAny())
            let (paused, heavyRests) = (row.instantIfAny(), row.instantIfAny())
            let (today, week) = try readTaken(&row)
            let (holding, asked) = (try row.count(), try row.count())
            let lastHeavy = row.instantIfAny()
            var experiences: [String] = []
            if let sealed = row.bytesIfAny(), let key {
                // A map that can not be opened says nothing; it must not stop everybody's promises.
                do { experiences = try openMap(sealed, try keys.contentKey(key)) } catch { experiences = [] }
            }
            let checked = try row.bool()
            return Supporter(
                account: account, band: band ?? (isStaff ? .adult : nil), checked: checked, takes: matters,
                experiences: setting.topics.tags(experiences), languages: languages, capacity: capacity,
                hours: from.flatMap { from in to.map { Hours(from: Int(from), to: Int($0)) } },
                restsUntil: [away, paused].compactMap { $0 }.max(), heavyRestsUntil: heavyRests, today: today, week: week,
                holding: holding, lastHeavyAt: lastHeavy, asked: asked)
        }
    }

    /// The condition under which an account helps in a room now. Both are columns or values.
    private func helps(_ a: SQL, in room: SQL) -> SQL {
        let answers = SQL(stringLiteral: "' ' || d.powers || ' ' LIKE '% \(Power.answer.rawValue) %'")
        let reads = SQL(stringLiteral: "' ' || d.powers || ' ' LIKE '% \(Power.readQueue.rawValue) %'")
        return """
            EXISTS (SELECT 1 FROM room hr JOIN room_form hf ON hf.room = hr.id AND hf.version = hr.version
              WHERE hr.id = \(room) AND hr.closed_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM sanction x WHERE x.account = \(a).id AND x.lifted_at IS NULL AND x.ends_at > \(now)
                                AND x.step IN ('pause-2-weeks', 'pause-1-month', 'leave-for-good'))
                AND NOT EXISTS (SELECT 1 FROM "case" y WHERE y.subject = \(a).id AND y.kind IN ('suspended', 'age') AND y.closed_at IS NULL)
                AND (\(a).kind = 'member' AND hf.bands LIKE '%|' || \(a).band || '|%'
                     AND EXISTS (SELECT 1 FROM standing t WHERE t.account = \(a).id AND t.room = hr.id AND t.ended_at IS NULL
                                 AND t.ends_at > \(now))
                  OR \(a).kind = 'staff'
                     AND EXISTS (SELECT 1 FROM role_given g JOIN role d ON d.id = g.role WHERE g.account = \(a).id AND g.ended_at IS NULL
                                 AND g.ends_at > \(now) AND (g.room IS NULL OR g.room = hr.id) AND \(answers) AND NOT \(reads))
                     AND (\(adultsOnly("hf.bands"))
                          OR EXISTS (SELECT 1 FROM check_record k WHERE k.account = \(a).id AND k.issued_at <= \(now) AND k.ends_at > \(now)))))
            """
    }

    private func adultsOnly(_ bands: SQL) -> SQL {
        AgeBand.allCases.filter(\.isUnder18).map { "\(bands) NOT LIKE \("%|\($0.rawValue)|%")" as SQL }
            .reduce("(1 = 1") { "\($0) AND \($1)" as SQL } + ")"
    }

    /// Do they still help where this post stands?
    func isHelping(_ person: Person, with item: ID<Item>) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM open_post p JOIN account a ON a.id = \(person.account) WHERE p.item = \(item) AND \(helps("a", in: "p.room"))
            """)
    }

    /// The rooms in which this person is asked, by standing or by a role.
    public func helpsIn(_ person: Person) throws -> [StandingRow] {
        try rows(
            """
            SELECT r.id, r.name, t.ends_at FROM account a JOIN room r ON r.organisation = a.organisation
            LEFT JOIN standing t ON t.account = a.id AND t.room = r.id AND t.ended_at IS NULL AND t.ends_at > \(now)
            WHERE a.id = \(person.account) AND \(helps("a", in: "r.id")) ORDER BY r.name
            """
        ) { row in
            let (room, name): (ID<Room>, String) = (try row.id(), try row.text())
            let ends = row.instantIfAny()
            return StandingRow(room: room, roomName: name, endsAt: ends ?? .never, byRole: ends == nil)
        }
    }

    /// By the first name alone: a second one must lead nowhere.
    public func account(firstName shown: String, in organisation: ID<Organisation>) throws -> ID<Account>? {
        try first(
            """
            SELECT a.id FROM name n JOIN account a ON a.id = n.account WHERE n.organisation = \(organisation) AND n.shown = \(shown)
              AND n.place = 1 AND n.gone_at IS NULL AND a.erased_at IS NULL
            """
        ) { try $0.id() }
    }

    /// Given in one room, for a year at most; given again, it is renewed. False where the person is not of an age to help there.
    public func giveStanding(
        _ account: ID<Account>, in room: RoomRow, until: Instant, by giver: ID<Account>, trained: String? = nil,
        from way: StandingWay = .professional
    ) throws -> Bool {
        guard
            let band = try first(
                "SELECT band FROM account WHERE id = \(account) AND kind = 'member' AND erased_at IS NULL",
                {
                    try $0.wordIfAny(AgeBand.self)
                }) ?? nil, room.form.maySupport(band), account != giver,
            try !isHeldBack(account), try way == .professional || !wasTaken(account, in: room.id)
        else { return false }
        try run("UPDATE standing SET ended_at = \(now) WHERE account = \(account) AND room = \(room.id) AND ended_at IS NULL")
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO standing (id, account, room, given_by, given_at, ends_at, trained)
            VALUES (\(id), \(account), \(room.id), \(giver), \(now), \(min(until, now + .days(365))), \(trained))
            """)
        if way == .professional { try notify(account, .standing, item: nil, about: ID(raw: room.id.raw)) }
        return true
    }

    /// Paused, suspended, or of an age somebody doubts: nobody like that begins to support, or to write letters.
    func isHeldBack(_ account: ID<Account>) throws -> Bool { try exists(heldBack("\(account)")) }

    func heldBack(_ account: SQL) -> SQL {
        """
        SELECT 1 WHERE EXISTS (SELECT 1 FROM sanction x WHERE x.account = \(account) AND x.lifted_at IS NULL AND x.ends_at > \(now)
                               AND x.step IN ('pause-2-weeks', 'pause-1-month', 'leave-for-good'))
          OR EXISTS (SELECT 1 FROM "case" y WHERE y.subject = \(account) AND y.kind IN ('suspended', 'age') AND y.closed_at IS NULL)
        """
    }

    /// Did one of the staff end the last standing here? Then one of the staff gives the next.
    private func wasTaken(_ account: ID<Account>, in room: ID<Room>) throws -> Bool {
        try first(
            "SELECT taken_by FROM standing WHERE account = \(account) AND room = \(room) ORDER BY given_at DESC, id DESC LIMIT 1",
            { $0.idIfAny(Account.self) != nil }) ?? false
    }

    /// Given back everywhere, whatever keeps them from helping at the moment.
    public func endStandings(of account: ID<Account>) throws {
        for room in try rows("SELECT room FROM standing WHERE account = \(account) AND ended_at IS NULL", { try $0.id(Room.self) }) {
            _ = try endStanding(account, in: room)
        }
    }

    /// Who supports in a room by standing, and until when. First names alone.
    public func standings(in room: ID<Room>) throws -> [(name: String, until: Instant, trained: String?)] {
        try rows(
            """
            SELECT n.shown, t.ends_at, t.trained FROM standing t JOIN name n ON n.account = t.account AND n.place = 1
            WHERE t.room = \(room) AND t.ended_at IS NULL AND t.ends_at > \(now) ORDER BY t.ends_at LIMIT 200
            """
        ) { (try $0.text(), try $0.instant(), $0.textIfAny()) }
    }

    /// Given back, or taken: what was before them goes on to others at once.
    public func endStanding(_ account: ID<Account>, in room: ID<Room>, takenBy staff: ID<Account>? = nil) throws -> Bool {
        let ended = try change(
            "UPDATE standing SET ended_at = \(now), taken_by = \(staff) WHERE account = \(account) AND room = \(room) AND ended_at IS NULL")
        try letGo(account, in: room)
        return ended > 0
    }

    /// Once a night: standing that ran out ends, and what was before them goes on; whose ends in two weeks is told.
    func endStandings() throws {
        let over = try rows(
            "SELECT account, room FROM standing WHERE ended_at IS NULL AND ends_at <= \(now) LIMIT 500",
            { (try $0.id(Account.self), try $0.id(Room.self)) })
        for (account, room) in over { _ = try endStanding(account, in: room) }
        let soon = try rows(
            """
            SELECT account, room FROM standing WHERE ended_at IS NULL AND ends_at > \(now) AND ends_at <= \(now + .days(14))
              AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account = standing.account AND n.kind = 'standing-ends'
                              AND n.about = standing.room AND n.made_at > \(now - .days(20))) LIMIT 500
            """, { (try $0.id(Account.self), try $0.id(Room.self)) })
        for (account, room) in soon { try notify(account, .standingEnds, item: nil, about: ID(raw: room.raw)) }
    }

    /// Once a night: whose yes to letters ends in two weeks is told. Said again, it goes on.
    public func tellWhoseYesEnds(_ courses: [String]) throws {
        guard !courses.isEmpty else { return }
        let soon = try rows(
            """
            SELECT c.account FROM course_taken c WHERE c.course IN \(SQL.list(courses)) AND \(saidYes("c"))
              AND c.chosen_at <= \(now - SeriesPlan.yesHolds + .days(14))
              AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.account = c.account AND n.kind = 'standing-ends' AND n.about IS NULL
                              AND n.made_at > \(now - .days(20)))
            LIMIT 500
            """, { try $0.id(Account.self) })
        for account in Set(soon) { try notify(account, .standingEnds, item: nil, about: nil) }
    }

    /// Every open offer of an account lapses, in one room or in all, and the posts are looked at again.
    func letGo(_ account: ID<Account>, in room: ID<Room>? = nil) throws {
        let ofRoom: SQL = room.map { "AND room = \($0)" } ?? ""
        try run(
            """
            UPDATE open_post SET next_at = \(now), taken_by = NULL, taken_until = NULL
            WHERE closed_at IS NULL \(ofRoom) AND taken_by = \(account)
            """)
        let items: SQL = room.map { "AND item IN (SELECT item FROM open_post WHERE room = \($0))" } ?? ""
        try run(
            """
            UPDATE open_post SET next_at = \(now) WHERE closed_at IS NULL AND next_at < \(Instant.never) AND item IN
              (SELECT item FROM offer WHERE account = \(account) AND state IN ('offered', 'accepted')) \(ofRoom)
            """)
        let news: SQL = room.map { "AND about IN (SELECT item FROM open_post WHERE room = \($0))" } ?? ""
        try run("DELETE FROM notice WHERE account = \(account) AND kind = 'offer' AND seen_at IS NULL \(news)")
        try run(
            "UPDATE offer SET state = 'lapsed', ended_at = \(now) WHERE account = \(account) AND state IN ('offered', 'accepted') \(items)")
    }

    public func supporterSettings(of person: Person) throws -> SupporterSettings? {
        try first(
            """
            SELECT matters, languages, per_day, per_week, from_minute, to_minute, paused_until, heavy_rests_until, plan FROM supporter
            WHERE account = \(person.account)
            """
        ) { row in
            let matters = unbarred(try row.text()).map(String.init)
            let languages = unbarred(try row.text()).map(String.init)
            let capacity = Capacity(perDay: try row.count(), perWeek: try row.count())
            let (from, to) = (row.intIfAny(), row.intIfAny())
            return SupporterSettings(
                matters: matters, languages: languages, capacity: capacity,
                hours: from.flatMap { from in to.map { Hours(from: Int(from), to: Int($0)) } },
                pausedUntil: row.instantIfAny().flatMap { $0 > now ? $0 : nil },
                heavyRestsUntil: row.instantIfAny().flatMap { $0 > now ? $0 : nil },
                plan: try row.bytesIfAny().map { try person.contentKey.open($0, for: "plan") } ?? "")
        }
    }

    public func set(_ settings: SupporterSettings, of person: Person) throws {
        let plan = settings.plan.isEmpty ? nil : try person.contentKey.seal(settings.plan, for: "plan")
        try run(
            """
            INSERT INTO supporter (account, matters, languages, per_day, per_week, from_minute, to_minute, paused_until, heavy_rests_until, plan, made_at)
            VALUES (\(person.account), \(barred(settings.matters)), \(barred(settings.languages)), \(settings.capacity.perDay), \(settings.capacity.perWeek),
                    \(settings.hours?.from), \(settings.hours?.to), \(settings.pausedUntil), \(settings.heavyRestsUntil), \(plan), \(now))
            ON CONFLICT (account) DO UPDATE SET matters = excluded.matters, languages = excluded.languages, per_day = excluded.per_day, per_week = excluded.per_week,
              from_minute = excluded.from_minute, to_minute = excluded.to_minute, paused_until = excluded.paused_until, plan = excluded.plan
            """)
        if let paused = settings.pausedUntil, paused > now { try letGo(person.account) }
    }

    // The self-map: what somebody has been through, in the house's topics.

    func selfMap(of account: ID<Account>, key: ContentKey) throws -> [String] {
        try first("SELECT sealed FROM self_map WHERE account = \(account)") { try openMap(try $0.bytes(), key) } ?? []
    }

    private func openMap(_ sealed: [UInt8], _ key: ContentKey) throws -> [String] {
        try key.open(sealed, for: "self-map").split(separator: " ").map(String.init)
    }

    public func selfMap(of person: Person) throws -> [String] { try selfMap(of: person.account, key: person.contentKey) }

    public func setSelfMap(_ topics: [String], of person: Person) throws {
        guard !topics.isEmpty else { return try run("DELETE FROM self_map WHERE account = \(person.account)") }
        let sealed = try person.contentKey.seal(topics.joined(separator: " "), for: "self-map")
        try run(
            """
            INSERT INTO self_map (account, sealed, made_at) VALUES (\(person.account), \(sealed), \(now))
            ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, made_at = excluded.made_at
            """)
    }

    // The weekly question.

    public func lastSupporterWeek(_ account: ID<Account>) throws -> Instant? {
        try first("SELECT max(made_at) FROM supporter_week WHERE account = \(account)") { $0.instantIfAny() } ?? nil
    }

    /// A low answer lets what is heavy rest for a week and reaches a professional, who can talk with them, and the lead of their group.
    public func answerSupporterWeek(_ answer: Int, by person: Person) throws {
        let before = try first("SELECT answer FROM supporter_week WHERE account = \(person.account) AND day = \(today)") { try $0.count() }
        try run(
            """
            INSERT INTO supporter_week (account, day, answer, made_at) VALUES (\(person.account), \(today), \(answer), \(now))
            ON CONFLICT (account, day) DO UPDATE SET answer = excluded.answer, made_at = excluded.made_at
            """)
        guard answer <= SupporterWeek.low, before.map({ $0 > SupporterWeek.low }) ?? true else { return }
        try run("UPDATE supporter SET heavy_rests_until = \(now + .days(7)) WHERE account = \(person.account)")
        try openOrJoin(
            CaseOpening(
                kind: .asked, subject: ID(raw: person.account.raw), account: person.account, facts: CaseFacts(level: .medium),
                organisation: person.organisation, by: "supporter", code: "supporter-low"))
        // Whoever leads a group they are in hears of it as well; how the week was stands on the group's page, and no reason.
        for (group, lead) in try rows(
            """
            SELECT g.id, g.lead FROM supervision_member m JOIN supervision_group g ON g.id = m.circle
            WHERE m.account = \(person.account) AND m.left_at IS NULL AND g.ended_at IS NULL ORDER BY g.id
            """, { (try $0.id(Supervision.self), try $0.id(Account.self)) })
        {
            try notify(lead, .supervision, item: nil, about: ID(raw: group.raw))
        }
    }
}
