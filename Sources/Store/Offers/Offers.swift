import Rules

/// One post before one supporter, with the post as they may see it.
public struct OfferRow: Sendable {
    public let id: ID<Offer>
    public let item: ID<Item>
    public let state: OfferState
    public let parts: [(part: Fit.Part, points: Int)]
    public let dueAt: Instant
    /// Accepted: until then it is theirs.
    public let takenUntil: Instant?
    public let post: ItemView
    public let room: RoomRow
}

/// What a supporter took lately; for themselves alone.
public struct SupporterLoad: Sendable, Equatable {
    public let today: Int
    public let week: Int
    public let heavyThisWeek: Int
}

public enum AcceptOutcome: Sendable, Equatable {
    case accepted(until: Instant)
    case refused(Barrier)
    /// Somebody else has it, or it was answered.
    case tooLate
    case gone
}

extension Transaction {
    /// What is before this person: theirs first, then the rest by how soon it is due. Through the item's own door, so that
    /// nothing is here that they could not open.
    public func offers(of person: Person, choices: ReaderChoices) throws -> [OfferRow] {
        let found = try rows(
            """
            SELECT o.id, o.item, o.state, o.parts, p.due_at, p.taken_by, p.taken_until FROM offer o JOIN open_post p ON p.item = o.item
            WHERE o.account = \(person.account) AND o.state IN ('offered', 'accepted') AND p.closed_at IS NULL
              AND (p.taken_by IS NULL OR p.taken_by = \(person.account) OR p.taken_until <= \(now)) ORDER BY p.due_at LIMIT 20
            """
        ) { row in
            (
                id: try row.id(Offer.self), item: try row.id(Item.self), state: try row.word(OfferState.self),
                parts: Fit.read(try row.text()),
                due: try row.instant(), mine: row.idIfAny(Account.self) == person.account, until: row.instantIfAny()
            )
        }
        return try found.compactMap { one in
            guard let (post, room) = try item(one.item, visibleTo: Viewer(person: person), choices: choices), post.state == .shown
            else { return nil }
            return OfferRow(
                id: one.id, item: one.item, state: one.state, parts: one.parts, dueAt: one.due, takenUntil: one.mine ? one.until : nil,
                post: post, room: room)
        }.sorted { $0.state == .accepted && $1.state != .accepted }
    }

    public func item(of offer: ID<Offer>, for person: Person) throws -> ID<Item>? {
        try first("SELECT item FROM offer WHERE id = \(offer) AND account = \(person.account)") { try $0.id() }
    }

    public func load(of person: Person) throws -> SupporterLoad {
        let found = try first(
            """
            SELECT COALESCE(sum(CASE WHEN taken_at > \(now - .hours(24)) THEN 1 ELSE 0 END), 0), count(*),
                   COALESCE(sum(CASE WHEN heavy = \(true) THEN 1 ELSE 0 END), 0)
            FROM offer WHERE account = \(person.account) AND taken_at > \(now - .days(7))
            """
        ) { SupporterLoad(today: try $0.count(), week: try $0.count(), heavyThisWeek: try $0.count()) }
        return found ?? SupporterLoad(today: 0, week: 0, heavyThisWeek: 0)
    }

    private struct Held {
        let item: ID<Item>
        let state: OfferState
        let author: ID<Account>
        let promise: AnswerPromise
        let takenBy: ID<Account>?
        let takenUntil: Instant?
        let isOpen: Bool
        let post: OpenPost
    }

    private func held(_ id: ID<Offer>, by person: Person, _ setting: OfferSetting) throws -> Held? {
        try first(
            """
            SELECT o.item, o.state, p.account, p.from_at, p.due_at, p.taken_by, p.taken_until, p.closed_at IS NULL, i.matters, i.heavy, a.band
            FROM offer o JOIN open_post p ON p.item = o.item JOIN item i ON i.id = o.item JOIN account a ON a.id = p.account
            WHERE o.id = \(id) AND o.account = \(person.account)
            """
        ) { row in
            let (item, state, author): (ID<Item>, OfferState, ID<Account>) = (try row.id(), try row.word(), try row.id())
            let promise = AnswerPromise(from: try row.instant(), due: try row.instant())
            let (by, until, open) = (row.idIfAny(Account.self), row.instantIfAny(), try row.bool())
            let matters = setting.matters.tags(unbarred(try row.text()))
            let heavy = try row.bool()
            return Held(
                item: item, state: state, author: author, promise: promise, takenBy: by, takenUntil: until, isOpen: open,
                post: OpenPost(
                    item: item, author: author, band: try row.wordIfAny(), matters: matters, experiences: Tags(), heavy: heavy,
                    language: .english))
        }
    }

    /// Caps, rest and cool-down are asked again here: what was offered an hour ago may be too much now.
    public func accept(_ id: ID<Offer>, by person: Person, _ setting: OfferSetting) throws -> AcceptOutcome {
        guard let held = try held(id, by: person, setting) else { return .gone }
        if held.state == .accepted, held.takenBy == person.account, let until = held.takenUntil { return .accepted(until: until) }
        guard held.isOpen, let next = after(.accept, held.state) else { return .tooLate }
        if let until = held.takenUntil, until > now { return .tooLate }
        guard try isHelping(person, with: held.item), let supporter = try supporter(person.account, setting) else { return .gone }
        if let barrier = barrier(supporter, held.post, setting.rules, now: now, minute: setting.minute(now)) { return .refused(barrier) }
        let until = now + held.promise.timeToAnswer
        let taken = try change(
            """
            UPDATE open_post SET taken_by = \(person.account), taken_until = \(until), next_at = \(until)
            WHERE item = \(held.item) AND closed_at IS NULL AND (taken_until IS NULL OR taken_until <= \(now))
            """)
        guard taken == 1 else { return .tooLate }
        try run("UPDATE offer SET state = \(next), taken_at = \(now) WHERE id = \(id)")
        return .accepted(until: until)
    }

    /// Passed without a reason, or handed to the staff: it goes on at once, and its author never learns of it. False where it says
    /// nothing any more.
    public func letGo(_ id: ID<Offer>, _ act: OfferAct, by person: Person, _ setting: OfferSetting) throws -> Bool {
        guard let held = try held(id, by: person, setting) else { return false }
        guard let next = after(act, held.state) else { return held.state == after(act, .offered) }
        try run("UPDATE offer SET state = \(next), ended_at = \(now) WHERE id = \(id)")
        let mine = held.takenBy == person.account
        try run(
            """
            UPDATE open_post SET next_at = \(now), handed_over = \(act == .handOver) OR handed_over,
              taken_by = CASE WHEN \(mine) THEN NULL ELSE taken_by END, taken_until = CASE WHEN \(mine) THEN NULL ELSE taken_until END
            WHERE item = \(held.item) AND closed_at IS NULL AND escalated_at IS NULL
            """)
        return true
    }

    /// Threads for those who look after a room: waiting past the supporters' turns first, then those that had one answer and went
    /// quiet. Newest first.
    public func quietThreads(for person: Person, rooms: [ID<Room>], choices: ReaderChoices) throws -> [ItemView] {
        try items(
            """
            i.thread IS NULL AND i.state = 'shown' AND i.kind <> 'message' AND i.room IN \(SQL.list(rooms)) AND i.replies < 2
              AND COALESCE(i.wants, '') <> \(Wants.noReply) AND i.shown_at > \(now - .days(14)) AND i.shown_at < \(now - .hours(4))
              ORDER BY i.seq DESC LIMIT 10
            """, for: Viewer(person: person), choices: choices, on: .room, rooms: rooms)
    }

    /// From being seen to the first answer by somebody else, in minutes; what still waits is counted to now.
    public func answerTimes(_ organisation: ID<Organisation>, since: Instant) throws -> [(minutes: Double, answered: Bool)] {
        try rows(
            """
            SELECT from_at, COALESCE(answered_at, closed_at, \(now)), answered_at IS NOT NULL FROM open_post
            WHERE organisation = \(organisation) AND from_at >= \(since) ORDER BY from_at LIMIT 50000
            """
        ) { row in
            let from = try row.instant()
            return (max(0, Double((try row.instant() - from).milliseconds) / 60_000), try row.bool())
        }
    }

    /// How the load of a week is spread: accepted posts of every supporter who helps.
    public func supporterLoads(_ organisation: ID<Organisation>) throws -> [Int] {
        try rows(
            """
            SELECT (SELECT count(*) FROM offer o WHERE o.account = s.account AND o.taken_at > \(now - .days(7)))
            FROM supporter s JOIN account a ON a.id = s.account WHERE a.organisation = \(organisation) AND a.erased_at IS NULL
              AND (s.paused_until IS NULL OR s.paused_until <= \(now))
            """, { try $0.count() })
    }
}
