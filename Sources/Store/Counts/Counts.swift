import Rules
import Statistics

extension Transaction {
    /// Moderation in one month, by act and by kind of report: raw counts, for the suppressed public page and the API.
    public func monthlyCounts(
        _ organisation: ID<Organisation>, from: Instant, until: Instant
    ) throws -> (acts: [(String, Int)], reports: [(String, Int)], appeals: [(String, Int)], reasons: [(String, Int)]) {
        let acts = try rows(
            """
            SELECT d.act, count(*) FROM decision d JOIN "case" c ON c.id = d.case_id WHERE c.organisation = \(organisation)
              AND d.undone_at IS NULL AND d.made_at >= \(from) AND d.made_at < \(until) GROUP BY d.act ORDER BY d.act
            """
        ) { (try $0.text(), try $0.count()) }
        let reports = try rows(
            """
            SELECT r.kind, count(*) FROM report r JOIN "case" c ON c.id = r.case_id WHERE c.organisation = \(organisation)
              AND r.made_at >= \(from) AND r.made_at < \(until) GROUP BY r.kind ORDER BY r.kind
            """
        ) { (try $0.text(), try $0.count()) }
        let appeals = try rows(
            """
            SELECT COALESCE(a.outcome, 'open'), count(*) FROM appeal a JOIN "case" c ON c.id = a.case_id
            WHERE c.organisation = \(organisation) AND a.made_at >= \(from) AND a.made_at < \(until)
            GROUP BY COALESCE(a.outcome, 'open') ORDER BY 1
            """
        ) { (try $0.text(), try $0.count()) }
        let reasons = try rows(
            """
            SELECT d.reason, count(*) FROM decision d JOIN "case" c ON c.id = d.case_id
            WHERE c.organisation = \(organisation) AND d.reason IS NOT NULL
              AND d.undone_at IS NULL AND d.made_at >= \(from) AND d.made_at < \(until) GROUP BY d.reason ORDER BY d.reason
            """
        ) { (try $0.text(), try $0.count()) }
        return (acts, reports, appeals, reasons)
    }

    /// Of one case, in minutes from its opening: to the first look, and to the first decision or its end; the still-open ones are
    /// censored observations.
    public struct Delay: Sendable {
        public let level: Int
        public let kind: CaseKind
        public let openedAt: Instant
        public let look: KaplanMeier.Observation
        public let decision: KaplanMeier.Observation
        /// Closed, by whomever: what nobody looked at before is no more to be looked at.
        public let isOver: Bool
    }

    public func delays(_ organisation: ID<Organisation>, since: Instant, room: ID<Room>? = nil) throws -> [Delay] {
        let here: SQL = room.map { "AND c.room = \($0)" } ?? ""
        func observed(_ opened: Instant, _ at: Instant?, until end: Instant?) -> KaplanMeier.Observation {
            .init(time: max(0, Double(((at ?? end ?? now) - opened).milliseconds) / 60_000), ended: at != nil)
        }
        return try rows(
            """
            SELECT c.level, c.kind, c.opened_at, c.first_look_at, c.closed_at,
                   (SELECT min(d.made_at) FROM decision d WHERE d.case_id = c.id AND d.undone_at IS NULL)
            FROM "case" c WHERE c.organisation = \(organisation) AND c.opened_at >= \(since) \(here)
              AND NOT EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.number = 0 AND e.code = 'looked')
            ORDER BY c.opened_at DESC LIMIT 5000
            """
        ) { row in
            let (level, kind): (Int, CaseKind) = (try row.count(), try row.word())
            let (opened, looked) = (try row.instant(), row.instantIfAny())
            let (closed, decided) = (row.instantIfAny(), row.instantIfAny())
            // Closed by the clock or its writer, with nobody's look: it waited until then, and nobody decided.
            let end = looked == nil && decided == nil ? nil : [closed, decided].compactMap(\.self).min()
            return Delay(
                level: level, kind: kind, openedAt: opened, look: observed(opened, looked, until: closed),
                decision: observed(opened, end, until: closed), isOver: closed != nil)
        }
    }

    /// The delay a room shows: the 80th percentile of the last four weeks in minutes, counting what is still open;
    /// nil until ten have been measured, since no time is shown before it was measured.
    public func reviewDelay(of room: ID<Room>) throws -> Int? {
        let delays = try rows(
            """
            SELECT c.opened_at, c.first_look_at, c.closed_at FROM "case" c WHERE c.room = \(room) AND c.opened_at >= \(now - .days(28))
              AND c.kind IN ('review', 'risk') AND NOT EXISTS (
                SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.kind = \(CaseEventKind.opened) AND (e.actor_role = 'clock' OR e.code = 'looked'))
            ORDER BY c.opened_at DESC LIMIT 200
            """
        ) { row -> KaplanMeier.Observation in
            // Closed without a look (its writer took it back): it waited until then, and nobody read it.
            let (opened, looked, closed) = (try row.instant(), row.instantIfAny(), row.instantIfAny())
            return .init(
                time: max(0, Double(((looked ?? closed ?? now) - opened).milliseconds) / 60_000), ended: looked != nil)
        }
        guard delays.count >= 10, let minutes = KaplanMeier(delays).quantile(0.8) else { return nil }
        return Int(minutes.rounded(.up))
    }

    /// Whoever waits with these words is told who reads, and their place: how many cases stand before theirs in the queue of the house,
    /// which is read as one, counted to a hundred. Nil where nobody is asked about them.
    public func waiting(with item: ID<Item>, in room: RoomRow) throws -> (duty: Duty, place: Int?) {
        try first(
            """
            SELECT \(dutyColumn(for: room)),
                   (SELECT 1 + (SELECT count(*) FROM (SELECT 1 FROM "case" b WHERE b.organisation = c.organisation AND b.closed_at IS NULL
                                  AND (b.urgent > c.urgent OR (b.urgent = c.urgent AND b.rank > c.rank)) LIMIT 100) AS before_it)
                    FROM "case" c WHERE c.item = \(item) AND c.closed_at IS NULL ORDER BY c.id LIMIT 1)
            """
        ) { (readDuty(&$0), $0.intIfAny().map(Int.init)) } ?? (Duty(now: false, next: nil), nil)
    }

    /// CHILD-4: of the threads begun in this time, how many became a conversation (three posts or more, the asker
    /// wrote again).
    public func becameConversation(
        _ organisation: ID<Organisation>, since: Instant
    ) throws -> (threads: Int, three: Int, conversations: Int) {
        try first(
            """
            SELECT count(*), COALESCE(sum(CASE WHEN replies >= 2 THEN 1 ELSE 0 END), 0),
                   COALESCE(sum(CASE WHEN replies >= 2 AND answered_back THEN 1 ELSE 0 END), 0)
            FROM item WHERE organisation = \(organisation) AND thread IS NULL AND room IS NOT NULL AND state = 'shown'
              AND made_at >= \(since)
            """
        ) { (try $0.count(), try $0.count(), try $0.count()) } ?? (0, 0, 0)
    }

    /// Acts and minutes by role: what moderation cost, for the operator and for studies.
    public func workByRole(
        _ organisation: ID<Organisation>, since: Instant
    ) throws -> [(role: String, acts: Int, minutes: Int)] {
        try rows(
            """
            SELECT d.role, count(*), CAST(sum(d.seconds) AS BIGINT) / 60 FROM decision d
            JOIN "case" c ON c.id = d.case_id
            WHERE c.organisation = \(organisation) AND d.made_at >= \(since) AND d.undone_at IS NULL GROUP BY d.role ORDER BY d.role
            """
        ) { (try $0.text(), try $0.count(), try $0.count()) }
    }

    /// For the metrics page: counts and nothing else.
    public func gauges() throws -> [(String, Int)] {
        [
            ("cases_open", try count("SELECT count(*) FROM \"case\" WHERE closed_at IS NULL")),
            ("cases_urgent", try count("SELECT count(*) FROM \"case\" WHERE closed_at IS NULL AND urgent")),
            ("cases_overdue", try count("SELECT count(*) FROM \"case\" WHERE closed_at IS NULL AND due_at <= \(now)")),
            ("alerts_unacknowledged", try count("SELECT count(*) FROM alert WHERE acknowledged_at IS NULL")),
            ("jobs_waiting", try jobsWaiting()), ("jobs_set_aside", try jobsSetAside()),
        ]
    }
}

extension Transaction {
    public func organisation(of id: ID<Case>) throws -> ID<Organisation>? {
        try first("SELECT organisation FROM \"case\" WHERE id = \(id)") { try $0.id() }
    }

    /// FB-4: a room whose volunteer moderators have all been gone for a fortnight comes under staff care, with a case;
    /// it leaves that care when one of them acts again.
    public func careForEmptyRooms(of organisation: ID<Organisation>) throws {
        for room in try rooms(for: Viewer(visitorOf: organisation)).map(\.room) where room.isOpen {
            let volunteers = try rows(
                """
                SELECT g.account FROM role_given g JOIN role r ON r.id = g.role
                WHERE g.room = \(room.id) AND r.code IN ('unpaid-peer-moderator', 'trained-peer-volunteer')
                """, { try $0.id(Account.self) })
            guard !volunteers.isEmpty else { continue }
            let active = try exists(
                """
                SELECT 1 FROM role_given g JOIN role r ON r.id = g.role JOIN account a ON a.id = g.account
                WHERE g.room = \(room.id) AND r.code IN ('unpaid-peer-moderator', 'trained-peer-volunteer')
                  AND g.ended_at IS NULL AND g.ends_at > \(now) AND a.erased_at IS NULL AND a.seen_day > \(now.day - 14)
                """)
            if !active, room.caredForSince == nil {
                try setCaredFor(room.id, since: now)
                try openOrJoin(
                    CaseOpening(
                        kind: .room, subject: ID(raw: room.id.raw), room: room.id, facts: CaseFacts(level: .medium),
                        organisation: organisation, by: "clock", code: "no-active-volunteer"))
            } else if active, room.caredForSince != nil {
                try setCaredFor(room.id, since: nil)
            }
        }
    }
}
