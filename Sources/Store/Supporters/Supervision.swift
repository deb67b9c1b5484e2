import Rules

/// A group of supporters and whoever looks after them.
public struct SupervisionGroup: Sendable {
    public let id: ID<Supervision>
    public let called: String
    public let lead: String
    public let meetsAt: Instant?
    public let members: [Member]

    public struct Member: Sendable {
        public let name: String
        /// The last four weekly answers, newest first: 1 is too much, 5 is good.
        public let weeks: [Int]
        /// Posts taken in the last seven days. How many of them were heavy is for oneself only (`OfferPages`).
        public let taken: Int
    }
}

extension Transaction {
    // Debrief: for oneself, sealed under one's own key; nobody else opens it.

    /// The same press again, after a lost reply, keeps nothing more.
    public func addDebrief(_ words: String, by person: Person, key: String?) throws {
        let id: ID<Anything> = ids.timed()
        let press = key.map { "\(person.account) \(self.press($0, words))" }
        try run(
            """
            INSERT INTO debrief (id, account, sealed, press, made_at)
            VALUES (\(id), \(person.account), \(try person.contentKey.seal(words, for: "debrief \(id)")), \(press), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    public func debriefs(of person: Person, limit: Int = pageSize) throws -> [(id: ID<Anything>, words: String, at: Instant)] {
        try rows("SELECT id, sealed, made_at FROM debrief WHERE account = \(person.account) ORDER BY id DESC LIMIT \(number: limit)") {
            row in
            let id: ID<Anything> = try row.id()
            return (id, try person.contentKey.open(try row.bytes(), for: "debrief \(id)"), try row.instant())
        }
    }

    public func deleteDebrief(_ id: ID<Anything>, of person: Person) throws -> Bool {
        try change("DELETE FROM debrief WHERE id = \(id) AND account = \(person.account)") == 1
    }

    // Groups

    public func addGroup(_ called: String, by lead: Person) throws -> ID<Supervision> {
        let id: ID<Supervision> = ids.timed()
        try run(
            """
            INSERT INTO supervision_group (id, organisation, called, lead, made_at)
            VALUES (\(id), \(lead.organisation), \(called), \(lead.account), \(now))
            """)
        return id
    }

    /// The groups this person leads, with how their people are: no words, no posts.
    public func groupsLed(by person: Person) throws -> [SupervisionGroup] {
        try groups("g.lead = \(person.account) AND g.ended_at IS NULL", withCare: true)
    }

    /// The groups somebody is in, with names alone.
    public func groupsOf(_ person: Person) throws -> [SupervisionGroup] {
        try groups(
            "g.ended_at IS NULL AND EXISTS (SELECT 1 FROM supervision_member m WHERE m.circle = g.id AND m.account = \(person.account) AND m.left_at IS NULL)",
            withCare: false)
    }

    private func groups(_ condition: SQL, withCare: Bool) throws -> [SupervisionGroup] {
        try rows(
            """
            SELECT g.id, g.called, n.shown, g.meets_at FROM supervision_group g JOIN name n ON n.account = g.lead AND n.place = 1
            WHERE \(condition) ORDER BY g.made_at LIMIT 50
            """
        ) { (try $0.id(Supervision.self), try $0.text(), try $0.text(), $0.instantIfAny()) }.map { id, called, lead, meets in
            SupervisionGroup(id: id, called: called, lead: lead, meetsAt: meets, members: try members(of: id, withCare: withCare))
        }
    }

    private func members(of group: ID<Supervision>, withCare: Bool) throws -> [SupervisionGroup.Member] {
        try rows(
            """
            SELECT m.account, n.shown,
                   (SELECT count(*) FROM offer o WHERE o.account = m.account AND o.taken_at > \(now - .days(7)))
            FROM supervision_member m JOIN name n ON n.account = m.account AND n.place = 1 AND n.gone_at IS NULL
            WHERE m.circle = \(group) AND m.left_at IS NULL ORDER BY n.shown
            """
        ) { (try $0.id(Account.self), try $0.text(), try $0.count()) }.map { account, name, taken in
            guard withCare else { return .init(name: name, weeks: [], taken: 0) }
            let weeks = try rows(
                "SELECT answer FROM supporter_week WHERE account = \(account) ORDER BY day DESC LIMIT 4", { try $0.count() })
            return .init(name: name, weeks: weeks, taken: taken)
        }
    }

    private func isLed(_ group: ID<Supervision>, by person: Person) throws -> Bool {
        try exists("SELECT 1 FROM supervision_group WHERE id = \(group) AND lead = \(person.account) AND ended_at IS NULL")
    }

    /// Only supporters of this house; they are told, and leave in one press. False where it is not so.
    public func addMember(_ account: ID<Account>, to group: ID<Supervision>, by lead: Person) throws -> Bool {
        guard try isLed(group, by: lead),
            try exists(
                "SELECT 1 FROM supporter s JOIN account a ON a.id = s.account WHERE s.account = \(account) AND a.organisation = \(lead.organisation) AND a.erased_at IS NULL"
            )
        else { return false }
        try run(
            """
            INSERT INTO supervision_member (circle, account, joined_at) VALUES (\(group), \(account), \(now))
            ON CONFLICT (circle, account) DO UPDATE SET left_at = NULL
            """)
        try notify(account, .supervision, item: nil, about: ID(raw: group.raw))
        return true
    }

    public func removeMember(_ account: ID<Account>, from group: ID<Supervision>, by lead: Person) throws -> Bool {
        guard try isLed(group, by: lead) else { return false }
        return try change(
            "UPDATE supervision_member SET left_at = \(now) WHERE circle = \(group) AND account = \(account) AND left_at IS NULL") == 1
    }

    public func leaveGroup(_ group: ID<Supervision>, by person: Person) throws {
        try run(
            "UPDATE supervision_member SET left_at = \(now) WHERE circle = \(group) AND account = \(person.account) AND left_at IS NULL")
    }

    /// When the group meets next; everybody in it is told.
    public func meet(_ group: ID<Supervision>, at moment: Instant, by lead: Person) throws -> Bool {
        guard try isLed(group, by: lead) else { return false }
        try run("UPDATE supervision_group SET meets_at = \(moment) WHERE id = \(group)")
        for account in try rows(
            "SELECT account FROM supervision_member WHERE circle = \(group) AND left_at IS NULL", { try $0.id(Account.self) })
        {
            try notify(account, .supervision, item: nil, about: ID(raw: group.raw))
        }
        return true
    }

    public func endGroup(_ group: ID<Supervision>, by lead: Person) throws -> Bool {
        guard try isLed(group, by: lead) else { return false }
        try run("UPDATE supervision_member SET left_at = \(now) WHERE circle = \(group) AND left_at IS NULL")
        return try change("UPDATE supervision_group SET ended_at = \(now) WHERE id = \(group) AND ended_at IS NULL") == 1
    }

    func forgetSupervision(of account: ID<Account>) throws {
        try run("DELETE FROM debrief WHERE account = \(account)")
        try run("DELETE FROM supervision_member WHERE account = \(account)")
        // A group without anybody who leads it would look like care and be none.
        try run("UPDATE supervision_group SET ended_at = \(now) WHERE lead = \(account) AND ended_at IS NULL")
    }
}
