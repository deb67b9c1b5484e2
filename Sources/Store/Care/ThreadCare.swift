import Rules

/// How staff look after one thread.
public struct ThreadCare: Sendable, Equatable {
    public var note: String?
    public var host: String?
    public var summary: String?
    public var summaryBy: String?
    public var skill: String?
    public var slowing: Slowing?

    public init() {}
}

extension Transaction {
    public func care(of thread: ID<Item>) throws -> ThreadCare? {
        try first("SELECT note, host, summary, summary_by, skill, slow_minutes, slow_until FROM thread_care WHERE item = \(thread)") {
            row in
            var care = ThreadCare()
            (care.note, care.host, care.summary) = (row.textIfAny(), row.textIfAny(), row.textIfAny())
            (care.summaryBy, care.skill) = (row.textIfAny(), row.textIfAny())
            if let minutes = row.intIfAny(), let until = row.instantIfAny() { care.slowing = Slowing(minutes: Int(minutes), until: until) }
            return care
        }
    }

    public func change(care thread: ID<Item>, _ change: (inout ThreadCare) -> Void) throws {
        var care = try care(of: thread) ?? ThreadCare()
        change(&care)
        try run(
            """
            INSERT INTO thread_care (item, note, host, summary, summary_by, skill, slow_minutes, slow_until, made_at)
            VALUES (\(thread), \(care.note), \(care.host), \(care.summary), \(care.summaryBy), \(care.skill), \(care.slowing?.minutes),
                    \(care.slowing?.until), \(now))
            ON CONFLICT (item) DO UPDATE SET note = excluded.note, host = excluded.host, summary = excluded.summary,
              summary_by = excluded.summary_by, skill = excluded.skill, slow_minutes = excluded.slow_minutes, slow_until = excluded.slow_until
            """)
    }

    /// Is this thread slowed, and this account's last answer in it not long enough ago?
    func slows(_ account: ID<Account>, in thread: ID<Item>) -> SQL {
        """
        SELECT 1 FROM thread_care t JOIN item l ON l.thread = t.item
        WHERE t.item = \(thread) AND t.slow_until > \(now) AND l.account = \(account) AND l.made_at + t.slow_minutes * 60000 > \(now)
        """
    }

    /// Asks one supporter by name to look at a thread. False where they do not support there, or where the rules would not put it before
    /// them: ages, matters, rest and caps hold for an invitation as for an offer.
    public func invite(_ account: ID<Account>, to thread: ItemView, in room: ID<Room>, _ setting: OfferSetting) throws -> Bool {
        guard try exists("SELECT 1 FROM standing WHERE account = \(account) AND room = \(room) AND ended_at IS NULL AND ends_at > \(now)"),
            try !isHeldBack(account), account != thread.account, let supporter = try supporter(account, setting)
        else { return false }
        let asker = try first("SELECT a.band, i.language FROM item i JOIN account a ON a.id = i.account WHERE i.id = \(thread.id)") {
            (band: try $0.wordIfAny(AgeBand.self), language: Languages(ofPost: $0.textIfAny()))
        }
        guard let asker else { return false }
        let post = OpenPost(
            item: thread.id, author: thread.account, band: asker.band, isAnonymous: thread.voice == .anonymous,
            matters: setting.matters.tags(thread.matters), experiences: Tags(), heavy: thread.heavy, language: asker.language)
        guard barrier(supporter, post, setting.rules, now: now, minute: setting.minute(now)) == nil, supporter.asked < Supporter.mostAsked,
            try !keepApart(thread.id).contains(account)
        else { return false }
        // An offer like any other: what they take of it counts in their day, and what they pass is passed.
        let id: ID<Offer> = ids.timed()
        try run(
            """
            INSERT INTO offer (id, item, account, ring, state, parts, heavy, made_at)
            SELECT \(id), p.item, \(account), \(Ring.staff.rawValue), 'offered', '', \(thread.heavy), \(now) FROM open_post p WHERE p.item = \(thread.id)
            ON CONFLICT (item, account) DO UPDATE SET state = 'offered', ended_at = NULL, made_at = excluded.made_at
              WHERE offer.state IN ('passed', 'handed-over', 'lapsed')
            """)
        try notify(account, .invited, item: thread.id, about: ID(raw: thread.id.raw))
        return true
    }
}
