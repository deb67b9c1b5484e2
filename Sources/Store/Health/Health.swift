import Rules
import Screening
import Statistics

/// The rows behind the health of a community. Each read is bounded: by the window, by an index or the order of ids, and by a count.
extension Transaction {
    private static let most = 50_000
    private static let mostMembers = 200_000
    private static let mostItems: Int64 = 1_000_000

    public func healthRows(_ organisation: ID<Organisation>, since: Instant, minute: (Instant) -> Int) throws -> HealthRows {
        var rows = HealthRows()
        rows.posts = try askedPosts(organisation, since: since, minute: minute)
        rows.looks = try delays(organisation, since: since).compactMap { one in
            Level(rawValue: one.level).map {
                .init(level: $0, hour: minute(one.openedAt) / 60, minutes: one.look.time, looked: one.look.ended)
            }
        }
        rows.helped = try firstHelp(organisation, since: since)
        rows.talks = try firstPrivateWords(organisation, since: since)
        let talk = try becameConversation(organisation, since: since)
        (rows.threads, rows.conversations) = (talk.threads, talk.conversations)
        try count(members: organisation, since: since, &rows)
        rows.stays = try stays(organisation, since: since - .days(90))
        rows.taken = try takenBySupporters(organisation, since: since)
        let appeals = try first(
            """
            SELECT count(*), COALESCE(sum(CASE WHEN a.outcome = 'turned' THEN 1 ELSE 0 END), 0) FROM appeal a
            JOIN "case" c ON c.id = a.case_id WHERE c.organisation = \(organisation) AND a.made_at >= \(since) AND a.outcome IS NOT NULL
            """
        ) { (try $0.count(), try $0.count()) }
        (rows.appeals, rows.turned) = appeals ?? (0, 0)
        rows.crises = try count(
            """
            SELECT count(*) FROM "case" WHERE id >= \(Self.firstID(since)) AND organisation = \(organisation) AND kind = 'risk'
              AND opened_at >= \(since)
            """)
        return rows
    }

    /// Posts that asked for an answer, newest first. An open one waits until now, one that is not seen any more until it went.
    private func askedPosts(_ organisation: ID<Organisation>, since: Instant, minute: (Instant) -> Int) throws -> [HealthRows.Post] {
        try rows(
            """
            SELECT p.from_at, COALESCE(p.answered_at, p.closed_at, \(now)), p.answered_at IS NOT NULL, p.account, a.band,
                   EXISTS (SELECT 1 FROM "case" c JOIN case_event e ON e.case_id = c.id
                           WHERE c.item = p.item AND e.code = 'language')
            FROM open_post p JOIN account a ON a.id = p.account
            WHERE p.organisation = \(organisation) AND p.from_at >= \(since) ORDER BY p.from_at DESC LIMIT \(number: Self.most)
            """
        ) { row in
            let from = try row.instant()
            return .init(
                hour: minute(from) / 60, minutes: max(0, Double((try row.instant() - from).milliseconds) / 60_000),
                answered: try row.bool(), person: try row.int(), band: try row.wordIfAny(), otherLanguage: try row.bool())
        }
    }

    /// Members who wrote their first thread in the window, and how long it took to a reply that they called helpful.
    private func firstHelp(_ organisation: ID<Organisation>, since: Instant) throws -> [KaplanMeier.Observation] {
        let from = try firstSeq(since: since)
        return try rows(
            """
            SELECT min(i.made_at), (SELECT min(h.reply_at) FROM helped h WHERE h.account = i.account), max(COALESCE(a.erased_at, \(now)))
            FROM item i JOIN account a ON a.id = i.account
            WHERE i.seq >= \(from) AND i.organisation = \(organisation) AND i.kind IN ('thread', 'question') AND i.made_at >= \(since)
              AND a.kind = 'member'
              AND NOT EXISTS (SELECT 1 FROM item e WHERE e.account = i.account AND e.seq < \(from) AND e.kind IN ('thread', 'question'))
            GROUP BY i.account LIMIT \(number: Self.most)
            """
        ) { row in
            let first = try row.instant()
            let (helped, until) = (row.instantIfAny(), try row.instant())
            return .init(time: max(0, Double(((helped ?? until) - first).milliseconds) / 60_000), ended: helped != nil)
        }
    }

    /// From a risk flag, from words that were held and led to a talk, or from asking, to a professional's first private words. What ended without any is counted up to its end.
    private func firstPrivateWords(_ organisation: ID<Organisation>, since: Instant) throws -> [KaplanMeier.Observation] {
        let flagged = try rows(
            """
            SELECT c.opened_at, c.closed_at,
                   (SELECT min(m.made_at) FROM conversation v JOIN item m ON m.conversation = v.id
                    WHERE v.account = c.account AND m.voice = 'staff' AND m.made_at >= c.opened_at)
            FROM "case" c WHERE c.id >= \(Self.firstID(since)) AND c.organisation = \(organisation) AND c.opened_at >= \(since)
              AND (c.urgent OR c.kind IN ('risk', 'pattern')) AND c.account IS NOT NULL ORDER BY c.id DESC LIMIT 5000
            """
        ) { (from: try $0.instant(), until: $0.instantIfAny(), first: $0.instantIfAny()) }
        let asked = try rows(
            """
            SELECT COALESCE(i.made_at, v.made_at), v.closed_at, v.answered_at FROM conversation v
            LEFT JOIN item i ON i.id = v.item AND v.opened_from = 'held'
            WHERE v.organisation = \(organisation) AND v.made_at >= \(since) AND v.opened_from IN ('asked', 'held')
            ORDER BY v.made_at DESC LIMIT 5000
            """
        ) { (from: try $0.instant(), until: $0.instantIfAny(), first: $0.instantIfAny()) }
        return (flagged + asked).map { one in
            let end = one.first ?? one.until ?? now
            return .init(time: max(0, Double((end - one.from).milliseconds) / 60_000), ended: one.first != nil)
        }
    }

    /// Members, how many of them ever wrote for others, and how much each of those who did of late wrote. Ids of accounts
    /// are by chance: of very many the first are a fair sample.
    private func count(members organisation: ID<Organisation>, since: Instant, _ rows: inout HealthRows) throws {
        let members: SQL = """
            (SELECT id FROM account WHERE organisation = \(organisation) AND kind = 'member' AND erased_at IS NULL
             ORDER BY id LIMIT \(number: Self.mostMembers))
            """
        let counted = try first(
            """
            SELECT count(*), COALESCE(sum(CASE WHEN EXISTS (SELECT 1 FROM item i WHERE i.account = m.id AND i.kind <> 'message')
                                      THEN 1 ELSE 0 END), 0) FROM \(members) m
            """
        ) { (try $0.count(), try $0.count()) }
        (rows.members, rows.everWrote) = counted ?? (0, 0)
        let from = try firstSeq(since: since)
        rows.written = try self.rows(
            """
            SELECT count(*) FROM item i JOIN \(members) m ON m.id = i.account
            WHERE i.seq >= \(from) AND i.made_at >= \(since) AND i.kind <> 'message' GROUP BY i.account
            """, { try $0.count() })
        rows.items = try count(
            """
            SELECT count(*) FROM item WHERE seq >= \(from) AND made_at >= \(since) AND organisation = \(organisation) AND kind <> 'message'
            """)
    }

    /// From joining to the last day here, for everybody who joined since then; erasing oneself is leaving.
    private func stays(_ organisation: ID<Organisation>, since: Instant) throws -> [HealthRows.Stay] {
        let today = now.day
        return try rows(
            """
            SELECT joined_at, seen_day, erased_at IS NOT NULL FROM account
            WHERE organisation = \(organisation) AND kind = 'member' AND joined_at >= \(since) ORDER BY id LIMIT \(number: Self.mostMembers)
            """
        ) { row in
            let (joined, seen) = (try row.instant().day, try row.int())
            let erased = try row.bool()
            return .init(days: max(0, Int(seen - joined)), left: erased || today - seen > Int64(Health.away))
        }
    }

    /// How many posts each took of those who support somebody somewhere now; nobody left out.
    private func takenBySupporters(_ organisation: ID<Organisation>, since: Instant) throws -> [Int] {
        try rows(
            """
            SELECT (SELECT count(*) FROM offer o WHERE o.account = s.account AND o.taken_at >= \(since))
            FROM supporter s JOIN account a ON a.id = s.account WHERE a.organisation = \(organisation) AND a.erased_at IS NULL
              AND EXISTS (SELECT 1 FROM standing t WHERE t.account = a.id AND t.ended_at IS NULL AND t.ends_at > \(now))
            LIMIT 5000
            """, { try $0.count() })
    }

    /// The lowest id that a case could have been given then: they are ordered by time.
    static func firstID(_ moment: Instant) -> Int64 { (moment.milliseconds & (1 << 42 - 1)) << 21 }

    /// Where the items of a time begin in the house's own order, found in some twenty steps; of very many the newest million.
    func firstSeq(since: Instant) throws -> Int64 {
        guard let newest = try first("SELECT max(seq) FROM item", { $0.intIfAny() }) ?? nil else { return 0 }
        var (low, high): (Int64, Int64) = (1, newest + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let found = try first("SELECT seq, made_at FROM item WHERE seq >= \(middle) ORDER BY seq LIMIT 1") {
                (seq: try $0.int(), at: try $0.instant())
            }
            if let found, found.at < since { low = found.seq + 1 } else { high = middle }
        }
        return max(low, newest - Self.mostItems)
    }
}
