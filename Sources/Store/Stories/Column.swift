import Rules
import Screening

extension Transaction {
    /// A question for the published column: its own words are shown to nobody but those who answer.
    public func askColumn(
        _ draft: Draft, from person: Person, in room: RoomRow, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        var draft = draft
        draft.key = "column \(room.id) \(press(draft.key, draft.body))"
        if let earlier = try first(
            "SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)", { try $0.id(Item.self) })
        {
            return .already(earlier)
        }
        // Staff ask each other elsewhere: their words would pass unread, and these are to be shown to nobody.
        guard !person.isStaff, may(Viewer(person: person), read: room), room.format == .stories else { return .gone }
        var form = room.form
        form.moderation = .before
        let author = try author(person, in: room)
        let place = Place(
            form: form, isReply: false, isOwnThread: true, isOpenNow: hoursOpen, someoneOnDuty: try isSomeoneOnDuty(for: room),
            languages: ["en"])
        let decision = gate(assessment, by: author, in: place, now: now)
        if case .refuse(let why) = decision { return .refused(why) }
        if try isTurnedAway(person, room, assessment) { return .refused(.full) }
        let id = try insert(draft, by: Writer(person), room: room, decision: decision, assessment: assessment, asker: nil)
        try run("INSERT INTO column_question (item) VALUES (\(id))")
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: true)
        return .kept(id, decision.state ?? .waiting)
    }

    /// Questions that wait for an answer, with their words.
    public func columnQuestions(in room: ID<Room>) throws -> [(item: ID<Item>, body: String, at: Instant)] {
        try rows(
            """
            SELECT i.id, i.account, i.made_at FROM column_question q JOIN item i ON i.id = q.item
            WHERE i.room = \(room) AND q.published IS NULL AND i.state = 'waiting' ORDER BY i.seq LIMIT 50
            """
        ) { (try $0.id(Item.self), try $0.id(Account.self), try $0.instant()) }.compactMap { id, _, at in
            try words(of: id).map { (id, $0.body, at) }
        }
    }

    /// The question in other words, and the answer, by one of the staff. The asker is told where it is; the link between the two is
    /// kept for them alone.
    public func publishColumn(
        _ question: ID<Item>, title: String, asked: String, answer: String, weight: (topics: [String], matters: [String], heavy: Bool),
        by person: Person,
        in room: RoomRow
    ) throws -> ID<Item>? {
        let found = try first(
            """
            SELECT i.account, i.state, q.published IS NOT NULL FROM column_question q JOIN item i ON i.id = q.item
            WHERE i.id = \(question) AND i.room = \(room.id) AND i.account IS NOT NULL
            """
        ) { (asker: try $0.id(Account.self), step: columnStep(try $0.word(), isPublished: try $0.bool())) }
        // Nobody answers themselves.
        guard let found, found.step == .answer, found.asker != person.account else { return nil }
        let asker = found.asker
        func piece(_ title: String, _ body: String, thread: ID<Item>?) throws -> ID<Item> {
            let draft = Draft(
                kind: thread == nil ? .thread : .reply, thread: thread, voice: .staff, title: title, body: body,
                wants: thread == nil ? .noReply : nil,
                mood: nil, note: nil, topics: weight.topics, matters: weight.matters, heavy: weight.heavy,
                key: "column \(question) \(thread == nil)")
            return try insert(
                draft, by: Writer(person), room: room, decision: .show, assessment: Assessment(),
                asker: thread == nil ? nil : person.account)
        }
        let published = try piece(title, asked, thread: nil)
        _ = try piece("", answer, thread: published)
        try run("UPDATE column_question SET published = \(published) WHERE item = \(question)")
        try setState(question, .returned, reason: "in-the-column")
        try notify(asker, .published, item: published, about: ID(raw: published.raw))
        if let open = try openCase(about: ID(raw: question.raw)), let found = try caseItself(open), !found.isRisk {
            try close(open, outcome: "answered", actor: person.account, role: person.staff.role(for: .answer, at: room.place, now: now))
        }
        return published
    }

    /// Once a night: a question that has waited a week for its answer, and that nobody owns, is somebody's. They answer it, or send it
    /// back with a word: it never waits for good.
    public func ownColumnQuestions(of organisation: ID<Organisation>) throws {
        let late = try rows(
            """
            SELECT i.id, i.account, i.room FROM column_question q JOIN item i ON i.id = q.item
            WHERE i.organisation = \(organisation) AND q.published IS NULL AND i.state = 'waiting' AND i.made_at <= \(now - .days(7))
              AND NOT EXISTS (SELECT 1 FROM "case" c WHERE c.subject = i.id AND c.closed_at IS NULL) LIMIT 100
            """
        ) { (try $0.id(Item.self), try $0.id(Account.self), try $0.id(Room.self)) }
        for (item, account, room) in late {
            try open(
                CaseOpening(
                    kind: .review, subject: ID(raw: item.raw), room: room, item: item, account: account, facts: CaseFacts(level: .low),
                    organisation: organisation, by: "clock", code: "column-late"))
        }
    }

    /// What one's own question became.
    public func published(_ question: ID<Item>, for person: Person) throws -> ID<Item>? {
        try first(
            "SELECT q.published FROM column_question q JOIN item i ON i.id = q.item WHERE i.id = \(question) AND i.account = \(person.account)",
            { $0.idIfAny(Item.self) }) ?? nil
    }
}
