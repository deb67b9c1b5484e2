import Rules
import Screening

/// One member with staff, asynchronous, sealed.
public struct ConversationRow: Sendable {
    public let id: ID<Conversation>
    public let account: ID<Account>
    /// Empty when the words it carries were written without a name: staff see the link only with a logged reason.
    public let shownName: String
    public let openedFrom: String
    public let item: ID<Item>?
    public let withShown: String?
    public let madeAt: Instant
    public let lastAt: Instant
    public let answeredAt: Instant?
    public let closedAt: Instant?
}

public struct MessageRow: Sendable {
    public let seq: Int64
    public let id: ID<Item>
    public let shownName: String
    public let fromStaff: Bool
    public let body: String
    public let at: Instant
    public let isMine: Bool
}

extension Transaction {
    private static let conversationColumns: SQL = """
        v.id, v.account, CASE WHEN c.voice = 'anonymous' THEN '' ELSE n.shown END, v.opened_from, v.item, s.shown, v.made_at, v.last_at, v.answered_at, v.closed_at
        """
    private static let conversationTables: SQL = """
        conversation v JOIN name n ON n.id = v.name LEFT JOIN item c ON c.id = v.item LEFT JOIN name s ON s.account = v.with_account AND s.place = 1
        """

    private func readConversation(_ row: inout Row) throws -> ConversationRow {
        ConversationRow(
            id: try row.id(), account: try row.id(), shownName: try row.text(), openedFrom: try row.text(),
            item: row.idIfAny(), withShown: row.textIfAny(), madeAt: try row.instant(), lastAt: try row.instant(),
            answeredAt: row.instantIfAny(), closedAt: row.instantIfAny())
    }

    public func conversations(of person: Person, limit: Int = 50) throws -> [ConversationRow] {
        try rows(
            """
            SELECT \(Self.conversationColumns) FROM \(Self.conversationTables) WHERE v.account = \(person.account)
            ORDER BY v.last_at DESC LIMIT \(number: limit)
            """
        ) { try readConversation(&$0) }
    }

    /// The newest one that carries one's own words along.
    public func conversation(about item: ID<Item>, of person: Person) throws -> ID<Conversation>? {
        try first("SELECT id FROM conversation WHERE account = \(person.account) AND item = \(item) ORDER BY last_at DESC LIMIT 1") {
            try $0.id()
        }
    }

    /// May one of the staff who could talk here read this talk now? Their own; one that nobody has, since somebody asked; one with an
    /// open case (a flag); or one for which they said why, in the last day.
    public func mayLook(at talk: ConversationRow, _ person: Person) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM conversation v WHERE v.id = \(talk.id) AND (v.with_account = \(person.account)
              OR (v.with_account IS NULL AND v.closed_at IS NULL)
              OR EXISTS (SELECT 1 FROM "case" c WHERE \(about(talk)) AND c.closed_at IS NULL)
              OR EXISTS (SELECT 1 FROM case_event e JOIN "case" c ON c.id = e.case_id WHERE \(about(talk)) AND e.kind = \(CaseEventKind.looked)
                         AND e.actor = \(person.account) AND e.made_at > \(now - .hours(24))))
            """)
    }

    private func about(_ talk: ConversationRow) -> SQL { "(c.conversation = \(talk.id) OR c.subject = \(ID<Anything>(raw: talk.id.raw)))" }

    /// Why somebody looks at a talk that is not theirs, in the history of its last case; where there never was one, in one that is
    /// opened for this and closed again.
    public func say(why: String, toLookAt talk: ConversationRow, by person: Person, organisation: ID<Organisation>) throws {
        let room = try talk.item.flatMap { item in try first("SELECT room FROM item WHERE id = \(item)") { $0.idIfAny(Room.self) } ?? nil }
        let role = person.staff.role(for: .converse, at: try place(of: room), now: now)
        let last = try first("SELECT c.id FROM \"case\" c WHERE \(about(talk)) ORDER BY c.opened_at DESC, c.id DESC LIMIT 1") {
            try $0.id(Case.self)
        }
        let found =
            try last
            ?? open(
                CaseOpening(
                    kind: .review, subject: ID(raw: talk.id.raw), room: room, item: talk.item, account: talk.account, conversation: talk.id,
                    facts: CaseFacts(level: .low), organisation: organisation, by: role, code: "looked"))
        try append(.looked, to: found, actor: person.account, role: role, code: "why", words: why)
        if last == nil { try close(found, outcome: "closed", actor: person.account, role: role) }
    }

    /// For those who may talk: open ones, the longest unanswered first.
    public func openConversations(for person: Person) throws -> [ConversationRow] {
        guard person.staff.holds(.converse, now: now) else { return [] }
        let open = try rows(
            """
            SELECT \(Self.conversationColumns) FROM \(Self.conversationTables)
            WHERE v.organisation = \(person.organisation) AND v.closed_at IS NULL
              AND (v.with_account IS NULL OR v.with_account = \(person.account))
            ORDER BY (CASE WHEN v.answered_at IS NULL THEN 0 ELSE 1 END), v.last_at LIMIT 50
            """
        ) { try readConversation(&$0) }
        // Few rooms, many conversations: each room's ages are read once.
        let rooms = Dictionary(
            try rows("SELECT id, room FROM item WHERE id IN \(SQL.list(open.compactMap(\.item)))") {
                (try $0.id(Item.self), $0.idIfAny(Room.self))
            }, uniquingKeysWith: { a, _ in a })
        var may: [ID<Room>?: Bool] = [:]
        return try open.filter { row in
            let room = row.item.flatMap { rooms[$0] } ?? nil
            if let known = may[room] { return known }
            let answer = try mayConverse(person, in: room)
            may[room] = answer
            return answer
        }
    }

    /// The door: the member it belongs to, or staff who may talk one to one.
    public func conversation(_ id: ID<Conversation>, openTo person: Person) throws -> ConversationRow? {
        let found = try first(
            "SELECT \(Self.conversationColumns) FROM \(Self.conversationTables) WHERE v.id = \(id) AND v.organisation = \(person.organisation)"
        ) { try readConversation(&$0) }
        guard let found else { return nil }
        if found.account == person.account { return found }
        return try mayConverse(person, about: found.item) ? found : nil
    }

    /// Talking one to one is a power like others: in the room the words come from, or everywhere.
    private func mayConverse(_ person: Person, about item: ID<Item>?) throws -> Bool {
        try mayConverse(
            person, in: try item.flatMap { item in try first("SELECT room FROM item WHERE id = \(item)") { $0.idIfAny(Room.self) } ?? nil })
    }

    private func mayConverse(_ person: Person, in room: ID<Room>?) throws -> Bool {
        person.staff.may(.converse, at: try place(of: room), now: now)
    }

    /// Opens one, or answers with the one that is already there for these words, opened again. Words that come along keep
    /// the voice they were written in, whichever name asks: otherwise asking for help would link two names.
    public func openConversation(
        for account: ID<Account>, name asking: ID<Name>, from: String, item: ID<Item>?, organisation: ID<Organisation>
    ) throws -> ID<Conversation> {
        if let item, let open = try first("SELECT id FROM conversation WHERE item = \(item)", { try $0.id(Conversation.self) }) {
            try run("UPDATE conversation SET closed_at = NULL WHERE id = \(open) AND closed_at IS NOT NULL")
            return open
        }
        let name = try item.flatMap { item in try first("SELECT name FROM item WHERE id = \(item)") { try $0.id(Name.self) } } ?? asking
        if item == nil, from == "asked",
            let open = try first(
                "SELECT id FROM conversation WHERE account = \(account) AND opened_from = 'asked' AND item IS NULL AND closed_at IS NULL",
                { try $0.id(Conversation.self) })
        {
            return open
        }
        let id: ID<Conversation> = ids.unlinkable()
        try run(
            """
            INSERT INTO conversation (id, organisation, account, name, opened_from, item, made_at, last_at)
            VALUES (\(id), \(organisation), \(account), \(name), \(from), \(item), \(now), \(now))
            """)
        return id
    }

    /// The talk that grew out of a case: a second press, the case's own page and the answer all find it there.
    public func join(_ id: ID<Case>, to conversation: ID<Conversation>) throws {
        try run("UPDATE \"case\" SET conversation = \(conversation) WHERE id = \(id) AND conversation IS NULL")
    }

    /// The newest before a place in the talk, oldest of them first.
    public func messages(
        in conversation: ConversationRow, for person: Person, before: Int64 = .max, limit: Int = 10_000
    ) throws -> [MessageRow] {
        guard let key = try contentKey(of: conversation.account) else { return [] }
        return try rows(
            """
            SELECT i.seq, i.id, n.shown, i.voice, i.sealed, i.made_at, i.account FROM item i JOIN name n ON n.id = i.name
            WHERE i.conversation = \(conversation.id) AND i.state = 'shown' AND i.seq < \(before) ORDER BY i.seq DESC LIMIT \(number: limit)
            """
        ) { row in
            let (seq, id): (Int64, ID<Item>) = (try row.int(), try row.id())
            let (shown, voice): (String, Voice) = (try row.text(), try row.word())
            let body = SealedWords(try key.open(try row.bytes(), for: "item \(id)")).body
            return MessageRow(
                seq: seq, id: id, shownName: voice == .staff ? shown : conversation.shownName, fromStaff: voice == .staff, body: body,
                at: try row.instant(), isMine: try row.id(Account.self) == person.account)
        }.reversed()
    }

    /// A message: sealed with the young person's key whoever writes, so that it goes when their key goes. It never
    /// waits for reading; what worries in it opens or raises a case.
    public func say(
        _ words: String, in conversation: ConversationRow, from person: Person, key request: String, assessment: Assessment,
        carries: Bool = false
    ) throws -> ID<Item> {
        let request = "\(conversation.id) \(press(request, words))"  // a key counts for one conversation and the same words
        if let earlier = try first(
            "SELECT id FROM item WHERE account = \(person.account) AND request_key = \(request)", { try $0.id(Item.self) })
        {
            return earlier
        }
        // Writing opens an ended one again: nobody is told "closed" on a bad night.
        try run(
            """
            UPDATE conversation SET closed_at = NULL WHERE id = \(conversation.id) AND closed_at IS NOT NULL
              AND NOT (opened_from = 'asked' AND item IS NULL
                       AND EXISTS (SELECT 1 FROM conversation o WHERE o.account = \(conversation.account)
                                   AND o.opened_from = 'asked' AND o.item IS NULL AND o.closed_at IS NULL))
            """)
        guard let key = try contentKey(of: conversation.account) else { throw StoreFault.gone }
        let id: ID<Item> = ids.timed()
        let isStaff = conversation.account != person.account
        let sealed = try key.seal(SealedWords(body: words).joined, for: "item \(id)")
        try run(
            """
            INSERT INTO item (id, organisation, kind, version, conversation, account, name, voice, state, sealed, covered,
                              heavy, answered_back, request_key, retention, made_at)
            VALUES (\(id), \(person.organisation), 'message', 0, \(conversation.id), \(person.account), \(person.name),
                    \(isStaff ? Voice.staff : .name), 'shown', \(sealed), \(false), \(false), \(false), \(request),
                    'conversation', \(now))
            """)
        if isStaff {
            try run(
                """
                UPDATE conversation SET last_at = \(now), answered_at = COALESCE(answered_at, \(now)),
                  with_account = COALESCE(with_account, \(person.account)) WHERE id = \(conversation.id)
                """)
            try notify(conversation.account, .message, item: nil, about: ID(raw: conversation.id.raw))
            if let open = try openCase(about: ID(raw: conversation.id.raw)) {
                try append(
                    .conversation, to: open, actor: person.account, role: try roleOf(person, .converse, open),
                    code: "answered")
            }
        } else {
            try run("UPDATE conversation SET last_at = \(now) WHERE id = \(conversation.id)")
            if !assessment.concerns.isEmpty { try keep(assessment, of: id, key: key, worries: !carries) }
            // Words that come along from an item were weighed there, once.
            if !carries {
                try noteWorry(
                    assessment, in: nil, account: person.account, room: nil, conversation: conversation.id,
                    organisation: person.organisation)
            }
            let level = max(caseLevel(of: assessment), .medium)
            // Into the open case that the talk grew out of, where there is one.
            let subject = try first(
                """
                SELECT subject FROM "case" WHERE conversation = \(conversation.id) AND closed_at IS NULL AND kind <> 'suspended'
                ORDER BY opened_at LIMIT 1
                """
            ) { try $0.id(Anything.self) }
            let room = try conversation.item.flatMap {
                try first("SELECT room FROM item WHERE id = \($0)") { $0.idIfAny(Room.self) } ?? nil
            }
            try openOrJoin(
                CaseOpening(
                    kind: isInDanger(assessment) ? .risk : .asked, subject: subject ?? ID(raw: conversation.id.raw), room: room,
                    item: conversation.item,
                    account: person.account, conversation: conversation.id, facts: CaseFacts(level: level),
                    organisation: person.organisation, by: "author", code: "wrote"))
        }
        return id
    }

    /// An end that both see. Asking again, or carrying the same words again, opens it anew.
    public func closeConversation(_ id: ID<Conversation>) throws {
        try run("UPDATE conversation SET closed_at = \(now) WHERE id = \(id) AND closed_at IS NULL")
    }

    /// From the words themselves, or from asking, to the first private answer.
    public func answerDelays(_ organisation: ID<Organisation>, since: Instant) throws -> [(madeAt: Instant, answeredAt: Instant?)] {
        try rows(
            """
            SELECT COALESCE(i.made_at, v.made_at), v.answered_at FROM conversation v LEFT JOIN item i ON i.id = v.item
            WHERE v.organisation = \(organisation) AND v.made_at >= \(since)
            """
        ) { (try $0.instant(), $0.instantIfAny()) }
    }
}
