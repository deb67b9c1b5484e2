import Foundation
import Rules
import Screening

/// A case as the queue shows it: the words stay covered until somebody opens them.
public struct CaseRow: Sendable {
    public let id: ID<Case>
    public let organisation: ID<Organisation>
    public let kind: CaseKind
    public let level: Level
    public let urgent: Bool
    public let priority: Priority
    public let state: CaseState
    public let tier: Tier
    public let room: ID<Room>?
    public let roomName: String?
    public let item: ID<Item>?
    public let account: ID<Account>?
    public let conversation: ID<Conversation>?
    public let subject: ID<Anything>
    public let claimedBy: ID<Account>?
    public let claimedShown: String?
    public let claimedUntil: Instant?
    public let openedAt: Instant
    public let dueAt: Instant
    public let firstLookAt: Instant?
    public let closedAt: Instant?
    public let outcome: String?
    public let version: Int

    /// Only somebody who may close a risk ends it. Kinds that keep their own name beside a risk (`CaseKind.joined`) tell it by
    /// their level.
    public var isRisk: Bool {
        switch kind {
        case .risk: true
        case .age, .appeal: urgent || level >= .high
        case .review, .report, .pattern, .asked, .suspended, .room: urgent
        }
    }
}

extension Transaction {
    static let caseColumns: SQL = """
        c.id, c.organisation, c.kind, c.level, c.urgent, c.parts, c.state, c.tier, c.room, r.name, c.item, c.account, c.conversation,
        c.subject, c.claimed_by, n.shown, c.claimed_until, c.opened_at, c.due_at, c.first_look_at, c.closed_at, c.outcome,
        c.version
        """
    static let caseTables: SQL = """
        "case" c LEFT JOIN room r ON r.id = c.room LEFT JOIN name n ON n.account = c.claimed_by AND n.place = 1
        """

    func readCase(_ row: inout Row) throws -> CaseRow {
        CaseRow(
            id: try row.id(), organisation: try row.id(), kind: try row.word(), level: Level(rawValue: try row.count()) ?? .urgent,
            urgent: try row.bool(), priority: Priority(written: try row.text()), state: try row.word(),
            tier: Tier(rawValue: try row.count()) ?? .everyone, room: row.idIfAny(), roomName: row.textIfAny(),
            item: row.idIfAny(), account: row.idIfAny(), conversation: row.idIfAny(), subject: try row.id(),
            claimedBy: row.idIfAny(), claimedShown: row.textIfAny(), claimedUntil: row.instantIfAny(),
            openedAt: try row.instant(), dueAt: try row.instant(), firstLookAt: row.instantIfAny(),
            closedAt: row.instantIfAny(), outcome: row.textIfAny(), version: try row.count())
    }

    /// The rooms in which this person may read the queue now; nil in the list stands for cases without a room.
    /// `open`: rooms whose cases this person may read once they are everybody's.
    public typealias QueueScope = (rooms: [ID<Room>], open: [ID<Room>], roomless: Bool)

    public func queueRooms(of person: Person) throws -> QueueScope {
        let all = try rows(
            """
            SELECT r.id, f.bands, f.moderators FROM room r JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE r.organisation = \(person.organisation)
            """
        ) { row in
            Workplace(
                room: try row.id(Room.self), bands: Set(unbarred(try row.text()).compactMap { AgeBand(rawValue: String($0)) }),
                moderators: try row.text().split(separator: " ").map(String.init))
        }
        let rooms = all.filter { person.staff.may(.readQueue, at: $0, now: now) }.compactMap(\.room)
        let open = all.filter {
            person.staff.may(.readQueue, at: Workplace(room: $0.room, bands: $0.bands, moderators: []), now: now)
        }.compactMap(\.room)
        return (rooms, open, person.staff.may(.readQueue, at: .house, now: now))
    }

    /// Urgent first whatever else is filtered; then by rank, and by id among equals, so that no page skips one. No case is ever aged out, snoozed or hidden by a score.
    public func queue(
        for person: Person, in scope: QueueScope? = nil, room: ID<Room>? = nil, mine: Bool = false, raised: Bool = false,
        after: Int = 0, limit: Int = pageSize
    ) throws -> [CaseRow] {
        let (rooms, open, roomless) = try scope ?? queueRooms(of: person)
        guard !open.isEmpty || roomless else { return [] }
        try planForTheseValues()
        let place = isWithin(
            room.map { one in (rooms.filter { $0 == one }, open.filter { $0 == one }, false) } ?? (rooms, open, roomless))
        let own: SQL = mine ? "AND c.claimed_by = \(person.account)" : raised ? "AND c.state = 'escalated'" : ""
        return try rows(
            """
            SELECT \(Self.caseColumns) FROM \(Self.caseTables)
            WHERE c.organisation = \(person.organisation) AND c.closed_at IS NULL AND \(place) \(own)
              AND (c.account IS NULL OR c.account <> \(person.account))
            ORDER BY c.urgent DESC, c.rank DESC, c.id LIMIT \(number: limit) OFFSET \(after)
            """
        ) { try readCase(&$0) }
    }

    /// That a case `c` stands where this scope reads.
    func isWithin(_ scope: QueueScope) -> SQL {
        let own = Set(scope.rooms)
        let others = scope.open.filter { !own.contains($0) }
        let everybodys: SQL = others.isEmpty ? "" : " OR (c.tier = \(Tier.everyone.rawValue) AND +c.room IN \(SQL.list(others)))"
        let roomless: SQL = scope.roomless ? " OR c.room IS NULL" : ""
        // The plus keeps SQLite from the index by room: it would read and sort all that waits instead of one page.
        return "(+c.room IN \(SQL.list(scope.rooms))\(everybodys)\(roomless))"
    }

    /// The door to a case: whoever may not read its queue gets nil, as if it were not there. Nobody opens a case
    /// about their own words.
    public func `case`(_ id: ID<Case>, openTo person: Person) throws -> CaseRow? {
        guard let found = try caseItself(id), isOpen(found, at: try place(of: found), to: person) else { return nil }
        return found
    }

    func isOpen(_ found: CaseRow, at place: Workplace, to person: Person) -> Bool {
        found.organisation == person.organisation && found.account != person.account && person.staff.may(.readQueue, at: place, now: now)
    }

    public func caseItself(_ id: ID<Case>) throws -> CaseRow? {
        try first("SELECT \(Self.caseColumns) FROM \(Self.caseTables) WHERE c.id = \(id)") { try readCase(&$0) }
    }

    /// The words a case is about, opened with their author's key, with what the screen said of them.
    public func caseWords(_ item: ID<Item>, openTo person: Person) throws -> (item: ItemView, assessment: Assessment?)? {
        guard let account = try first("SELECT account FROM item WHERE id = \(item)", { try $0.id(Account.self) }),
            let key = try contentKey(of: account)
        else { return nil }
        let found = try first(
            "SELECT \(Self.itemColumns) FROM item i JOIN name n ON n.id = i.name WHERE i.id = \(item)"
        ) { row in
            try readItem(&row, viewer: Viewer(person: person), choices: nil, surface: .api, key: key)
        }
        return try found.map { ($0, try assessment(of: item, key)) }
    }

    /// What the screen said, opened with the key of whoever wrote the words.
    public func assessment(of item: ID<Item>, _ key: ContentKey) throws -> Assessment? {
        let sealed = try first("SELECT sealed FROM assessment WHERE item = \(item)") { try $0.bytes() }
        return try sealed.map {
            try JSONDecoder().decode(Assessment.self, from: Data(try key.open($0, for: "assessment \(item)").utf8))
        }
    }

    public func caseAbout(item: ID<Item>) throws -> [CaseRow] {
        try rows(
            "SELECT \(Self.caseColumns) FROM \(Self.caseTables) WHERE c.item = \(item) ORDER BY c.opened_at DESC LIMIT 5"
        ) { try readCase(&$0) }
    }

    /// Two people pressing at once make one claim and one polite refusal. What somebody takes for the first time is not due
    /// again before their time is over; taking it again and again does not put it off.
    public func claim(_ id: ID<Case>, by person: Person, takesOver: Bool = false, for length: Lapse = .minutes(20)) throws -> Bool {
        let until = now + length
        let again = try exists(
            "SELECT 1 FROM case_event WHERE case_id = \(id) AND kind = \(CaseEventKind.claimed) AND actor = \(person.account)")
        let claimed = try takeCase(
            id,
            """
            UPDATE "case" SET claimed_by = \(person.account), claimed_until = \(until),
              due_at = CASE WHEN due_at < \(until) AND \(!again) THEN \(until) ELSE due_at END,
              state = CASE WHEN state = 'escalated' THEN 'escalated' ELSE 'claimed' END,
              first_look_at = COALESCE(first_look_at, \(now)), version = version + 1
            WHERE id = \(id) AND closed_at IS NULL
              AND (claimed_by IS NULL OR claimed_by = \(person.account) OR claimed_until <= \(now) OR \(takesOver))
            """)
        guard claimed else { return false }
        try append(.claimed, to: id, actor: person.account, role: try roleOf(person, .readQueue, id), code: "claimed")
        if let found = try caseItself(id), try exists("SELECT 1 FROM alert WHERE case_id = \(id) AND acknowledged_at IS NULL") {
            try silence(found, by: person)
        }
        return true
    }

    /// What is given back is due again as if it had come just now, if not before.
    public func release(_ id: ID<Case>, by person: Person, passed: Bool) throws -> Bool {
        guard let found = try caseItself(id) else { return false }
        let due = dueTimes.due(found.level, from: now)
        let freed = try takeCase(
            id,
            """
            UPDATE "case" SET claimed_by = NULL, claimed_until = NULL,
              due_at = CASE WHEN due_at > \(due) THEN \(due) ELSE due_at END,
              state = CASE WHEN state = 'claimed' THEN 'open' ELSE state END, version = version + 1
            WHERE id = \(id) AND claimed_by = \(person.account) AND closed_at IS NULL
            """)
        guard freed else { return false }
        try append(
            passed ? .passed : .released, to: id, actor: person.account, role: try roleOf(person, .readQueue, id),
            code: passed ? "passed" : "released")
        try ringAgain(found)
        return true
    }

    /// Whoever goes holds nothing: what they had in hands is anybody's again, and what is urgent rings anew. `still`: what they may
    /// read now stays with them.
    public func freeClaims(of account: ID<Account>, butWhere still: Staff? = nil) throws {
        for id in try rows("SELECT id FROM \"case\" WHERE claimed_by = \(account) AND closed_at IS NULL", { try $0.id(Case.self) }) {
            guard let found = try caseItself(id) else { continue }
            if let still, still.may(.readQueue, at: try place(of: found), now: now) { continue }
            let due = dueTimes.due(found.level, from: now)
            try run(
                """
                UPDATE "case" SET claimed_by = NULL, claimed_until = NULL, due_at = CASE WHEN due_at > \(due) THEN \(due) ELSE due_at END,
                  state = CASE WHEN state = 'claimed' THEN 'open' ELSE state END, version = version + 1 WHERE id = \(id)
                """)
            try append(.released, to: id, actor: account, role: "clock", code: "gone")
            try ringAgain(found)
        }
    }

    /// In nobody's hands again: what somebody was called for calls anew, since taking it had ended the call.
    private func ringAgain(_ found: CaseRow) throws {
        guard found.level >= .high, try exists("SELECT 1 FROM alert WHERE case_id = \(found.id)") else { return }
        try raiseAlarm(about: found.id, organisation: found.organisation, tier: found.tier, drill: false)
    }

    public func roleOf(_ person: Person, _ power: Power, _ id: ID<Case>) throws -> String {
        guard let found = try caseItself(id) else { return "none" }
        return try role(of: person, for: power, in: found)
    }

    public func role(of person: Person, for power: Power, in found: CaseRow) throws -> String {
        person.staff.role(for: power, at: try place(of: found), now: now)
    }

    public func close(_ id: ID<Case>, outcome: String, actor: ID<Account>?, role: String) throws {
        let closed = try takeCase(
            id,
            """
            UPDATE "case" SET state = 'closed', closed_at = \(now), outcome = \(outcome), claimed_by = NULL,
              claimed_until = NULL, version = version + 1,
              first_look_at = CASE WHEN \(actor != nil) THEN COALESCE(first_look_at, \(now)) ELSE first_look_at END
            WHERE id = \(id) AND closed_at IS NULL
            """)
        guard closed else { return }
        try append(.closed, to: id, actor: actor, role: role, code: outcome)
        // Most cases have none of the three: one look costs less than three changes that change nothing.
        let hangs = try first(
            """
            SELECT EXISTS (SELECT 1 FROM alert WHERE case_id = \(id) AND acknowledged_at IS NULL),
                   EXISTS (SELECT 1 FROM open_post WHERE case_id = \(id)),
                   EXISTS (SELECT 1 FROM report WHERE case_id = \(id) AND outcome IS NULL)
            """
        ) { (alert: try $0.bool(), post: try $0.bool(), report: try $0.bool()) }
        if hangs?.alert ?? true {
            try run(
                "UPDATE alert SET acknowledged_at = \(now), acknowledged_by = \(actor) WHERE case_id = \(id) AND acknowledged_at IS NULL")
        }
        if hangs?.post ?? true { try waitsOn(id, outcome: outcome) }
        if hangs?.report ?? true { try answerReports(in: id, outcome: outcome) }
    }

    private func answerReports(in id: ID<Case>, outcome: String) throws {
        for (report, reporter) in try rows(
            "SELECT id, reporter FROM report WHERE case_id = \(id) AND outcome IS NULL",
            { (try $0.id(Report.self), try $0.id(Account.self)) })
        {
            try run("UPDATE report SET outcome = \(outcome), outcome_at = \(now) WHERE id = \(report)")
            try notify(reporter, .reportAnswered, item: nil, about: ID(raw: report.raw))
        }
    }

    public func raise(_ id: ID<Case>, by person: Person?, role: String, code: String) throws {
        guard let found = try caseItself(id), found.closedAt == nil else { return }
        let step = dueTimes.climb(level: found.level, tier: found.tier, openedAt: found.openedAt, now: now)
        // Whoever has it in hands keeps it while the claim runs: the clock calls others beside them and takes nothing away.
        let keeps: SQL = person == nil ? "claimed_until > \(now)" : "1 = 0"
        let raised = try takeCase(
            id,
            """
            UPDATE "case" SET tier = \(step.tier.rawValue), due_at = \(step.dueAt), state = 'escalated',
              version = version + CASE WHEN \(keeps) THEN 0 ELSE 1 END,
              claimed_by = CASE WHEN \(keeps) THEN claimed_by END, claimed_until = CASE WHEN \(keeps) THEN claimed_until END
            WHERE id = \(id) AND closed_at IS NULL
            """)
        guard raised else { return }
        try append(person == nil ? .climbed : .raised, to: id, actor: person?.account, role: role, code: code)
        if step.alarms, let organisation = try first("SELECT organisation FROM \"case\" WHERE id = \(id)", { try $0.id(Organisation.self) })
        {
            try raiseAlarm(about: id, organisation: organisation, tier: step.tier, drill: false)
        }
    }

    /// Its alarm has gone to everybody and nobody took it: so the case is everybody's, whoever was meant to have it.
    public func liftToEverybody(_ id: ID<Case>) throws {
        let lifted = try takeCase(
            id,
            """
            UPDATE "case" SET tier = \(Tier.everyone.rawValue), state = 'escalated' WHERE id = \(id) AND closed_at IS NULL
              AND tier < \(Tier.everyone.rawValue)
            """)
        if lifted { try append(.climbed, to: id, actor: nil, role: "clock", code: "alarm-unanswered") }
    }

    /// Is there anything for `sweepCases`? Asked twice a second, outside the one writer.
    public func casesAreDue() throws -> Bool {
        try exists("SELECT 1 FROM \"case\" WHERE closed_at IS NULL AND due_at <= \(now) LIMIT 1")
            || exists("SELECT 1 FROM \"case\" WHERE claimed_until IS NOT NULL AND claimed_until <= \(now) LIMIT 1")
    }

    /// Cases whose time is over climb by themselves; claims that ran out are freed.
    public func sweepCases() throws {
        for id in try rows(
            "SELECT id FROM \"case\" WHERE claimed_until IS NOT NULL AND claimed_until <= \(now) AND closed_at IS NULL",
            { try $0.id(Case.self) })
        {
            let freed = try takeCase(
                id,
                """
                UPDATE "case" SET claimed_by = NULL, claimed_until = NULL,
                  state = CASE WHEN state = 'claimed' THEN 'open' ELSE state END
                WHERE id = \(id) AND claimed_until <= \(now) AND closed_at IS NULL
                """)
            guard freed else { continue }
            try append(.released, to: id, actor: nil, role: "clock", code: "claim-over")
            // What is overdue as well calls the next step below.
            if let found = try caseItself(id), found.dueAt > now { try ringAgain(found) }
        }
        let overdue = try rows(
            "SELECT id FROM \"case\" WHERE closed_at IS NULL AND due_at <= \(now) ORDER BY due_at LIMIT 200",
            { try $0.id(Case.self) })
        for id in overdue { try raise(id, by: nil, role: "clock", code: "overdue") }
    }

    public func queueCounts(for person: Person, in scope: QueueScope) throws -> (open: Int, urgent: Int, overdue: Int) {
        try planForTheseValues()
        let readable: SQL = "closed_at IS NULL AND \(isWithin(scope))"
        let waiting: SQL = "organisation = \(person.organisation) AND \(readable)"
        // Counted up to a hundred: more than that is "many", and a number would cost a walk through all of them.
        let found = try first(
            """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM "case" c WHERE \(waiting) LIMIT 100) AS a),
                   (SELECT count(*) FROM (SELECT 1 FROM "case" c WHERE \(waiting) AND urgent = \(true) LIMIT 100) AS b),
                   (SELECT count(*) FROM (SELECT 1 FROM "case" c WHERE +organisation = \(person.organisation) AND \(readable)
                                            AND due_at <= \(now) LIMIT 100) AS c)
            """
        ) { (try $0.count(), try $0.count(), try $0.count()) }
        return found ?? (0, 0, 0)
    }
}

extension Transaction {
    /// The voice a case's person spoke with, so that an answer goes to that voice.
    public func voice(of found: CaseRow) throws -> ID<Name>? {
        if let item = found.item { return try first("SELECT name FROM item WHERE id = \(item)") { try $0.id() } }
        guard let account = found.account else { return nil }
        return try first("SELECT id FROM name WHERE account = \(account) AND place = 1") { try $0.id() }
    }
}
