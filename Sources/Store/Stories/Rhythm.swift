import Rules

/// One day of a room's week: what comes, and what parents read of it.
public struct RhythmDay: Sendable, Equatable {
    /// 1 is Monday.
    public let weekday: Int
    public let minute: Int
    public let theme: String
    public let parents: String

    public init(weekday: Int, minute: Int, theme: String, parents: String) {
        self.weekday = weekday
        self.minute = minute
        self.theme = theme
        self.parents = parents
    }
}

/// A month of one ambassador: what was agreed and what went up.
public struct LedgerRow: Sendable, Equatable {
    public let name: String
    public let room: String
    public let quota: Int
    public let published: Int
    public let pays: String
}

extension Transaction {
    public func rhythm(of room: ID<Room>) throws -> [RhythmDay] {
        try rows("SELECT weekday, minute, theme, parents FROM rhythm WHERE room = \(room) ORDER BY weekday") {
            RhythmDay(weekday: try $0.count(), minute: try $0.count(), theme: try $0.text(), parents: try $0.text())
        }
    }

    /// An empty theme takes the day out.
    public func set(_ day: RhythmDay, in room: ID<Room>) throws {
        guard !day.theme.isEmpty else { return try run("DELETE FROM rhythm WHERE room = \(room) AND weekday = \(day.weekday)") }
        try run(
            """
            INSERT INTO rhythm (room, weekday, minute, theme, parents) VALUES (\(room), \(day.weekday), \(day.minute), \(day.theme), \(day.parents))
            ON CONFLICT (room, weekday) DO UPDATE SET minute = excluded.minute, theme = excluded.theme, parents = excluded.parents
            """)
    }

    /// What parents may read today: themes and the staff's own words for them. Asks nothing of rooms but that they are open.
    public func themesForParents(_ organisation: ID<Organisation>, weekday: Int) throws -> [(theme: String, words: String)] {
        try rows(
            """
            SELECT y.theme, y.parents FROM rhythm y JOIN room r ON r.id = y.room
            WHERE r.organisation = \(organisation) AND r.closed_at IS NULL AND r.opened_at IS NOT NULL AND y.weekday = \(weekday)
              AND y.parents <> '' ORDER BY y.theme
            """
        ) { (try $0.text(), try $0.text()) }
    }

    // Ambassadors

    public func addAmbassador(_ account: ID<Account>, in room: RoomRow, quota: Int, pays: String, by giver: ID<Account>) throws -> Bool {
        let band = try first("SELECT band FROM account WHERE id = \(account) AND kind = 'member' AND erased_at IS NULL") {
            try $0.wordIfAny(AgeBand.self)
        }
        guard let band = band ?? nil, room.form.bands.contains(band) else { return false }
        try run("UPDATE ambassador SET ended_at = \(now) WHERE room = \(room.id) AND account = \(account) AND ended_at IS NULL")
        try run(
            """
            INSERT INTO ambassador (room, account, quota, pays, given_by, given_at)
            VALUES (\(room.id), \(account), \(quota), \(pays), \(giver), \(now))
            """)
        return true
    }

    public func endAmbassador(_ account: ID<Account>, in room: ID<Room>) throws -> Bool {
        try change("UPDATE ambassador SET ended_at = \(now) WHERE room = \(room) AND account = \(account) AND ended_at IS NULL") > 0
    }

    public func ambassadors(in room: ID<Room>) throws -> [(name: String, quota: Int, pays: String)] {
        try rows(
            """
            SELECT n.shown, a.quota, a.pays FROM ambassador a JOIN name n ON n.account = a.account AND n.place = 1
            WHERE a.room = \(room) AND a.ended_at IS NULL ORDER BY n.shown
            """
        ) { (try $0.text(), try $0.count(), try $0.text()) }
    }

    /// Quota and what went up under the first name between two moments. Names of the house, never real ones: the house has none.
    public func ledger(_ organisation: ID<Organisation>, from: Instant, to: Instant) throws -> [LedgerRow] {
        try rows(
            """
            SELECT n.shown, r.name, a.quota,
                   (SELECT count(*) FROM piece p JOIN item i ON i.id = p.item
                    WHERE i.account = a.account AND i.room = a.room AND i.name = n.id AND i.voice = 'name' AND i.shown_at >= \(from) AND i.shown_at < \(to)),
                   a.pays
            FROM ambassador a JOIN room r ON r.id = a.room JOIN name n ON n.account = a.account AND n.place = 1
            WHERE r.organisation = \(organisation) AND a.given_at < \(to) AND (a.ended_at IS NULL OR a.ended_at > \(from))
            ORDER BY n.shown, r.name
            """
        ) { LedgerRow(name: try $0.text(), room: try $0.text(), quota: try $0.count(), published: try $0.count(), pays: try $0.text()) }
    }
}
