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
    case accepted(ID<Item>, until: Instant)
    case refused(Barrier)
    /// Somebody else has it, or it was answered.
    case tooLate
    case gone
}

extension Transaction {
    /// What is before this person: theirs first, then the rest by how soon it is due. Through the item's own door, so that
    /// nothing is here that they could not open; and asked again by the rules, since a post may have become harder, a standing have
    /// ended or a week have filled since it was offered.
    public func offers(of person: Person, choices: ReaderChoices, _ setting: OfferSetting) throws -> [OfferRow] {
        guard let supporter = try supporter(person.account, setting) else { return [] }
        let found = try rows(
            """
            SELECT o.id, \(heldColumns), o.parts FROM offer o JOIN open_post p ON p.item = o.item JOIN item i ON i.id = o.item
            JOIN account a ON a.id = p.account
            WHERE o.account = \(person.account) AND o.state IN ('offered', 'accepted') AND p.closed_at IS NULL
              AND (p.taken_by IS NULL OR p.taken_by = \(person.account) OR p.taken_until <= \(now))
              AND \(Self.mayBeTaken)
            ORDER BY CASE WHEN o.state = 'accepted' THEN 0 WHEN p.due_at > \(now) THEN 1 ELSE 2 END, p.due_at LIMIT 20
            """
        ) { row in (id: try row.id(Offer.self), held: try readHeld(&row, setting), parts: Fit.read(try row.text())) }
        return try found.compactMap { one in
            let isTheirs = one.held.state == .accepted && one.held.takenBy == person.account
            let stops = barrier(supporter, one.held.post, setting.rules, now: now, minute: setting.minute(now))
            guard isTheirs || stops == nil && one.held.state == .offered, try isHelping(person, with: one.held.item) else { return nil }
            guard let (post, room) = try item(one.held.item, visibleTo: Viewer(person: person), choices: choices), post.state == .shown
            else { return nil }
            return OfferRow(
                id: one.id, item: one.held.item, state: one.held.state, parts: one.parts, dueAt: one.held.promise.due,
                takenUntil: isTheirs ? one.held.takenUntil : nil, post: post, room: room)
        }.sorted { $0.state == .accepted && $1.state != .accepted }
    }

    public func item(of offer: ID<Offer>, for person: Person) throws -> ID<Item>? {
        try first("SELECT item FROM offer WHERE id = \(offer) AND account = \(person.account)") { try $0.id() }
    }

    public func load(of person: Person) throws -> SupporterLoad {
        let found = try first(
            """
            SELECT \(taken(by: "a")),
                   (SELECT count(*) FROM offer o WHERE o.account = a.id AND o.taken_at > \(now - .days(7)) AND o.heavy = \(true))
            FROM account a WHERE a.id = \(person.account)
            """
        ) { row in
            let (today, week) = try readTaken(&row)
            return SupporterLoad(today: today, week: week, heavyThisWeek: try row.count())
        }
        return found ?? SupporterLoad(today: 0, week: 0, heavyThisWeek: 0)
    }

    private struct Held {
        let item: ID<Item>
        let state: OfferState
        let promise: AnswerPromise
        let takenBy: ID<Account>?
        let takenUntil: Instant?
        let isOpen: Bool
        let post: OpenPost
    }

    /// Somebody answered an anonymous thread under a name, and it still waits: to go on showing it would tell that the name is the
    /// asker's. The promise runs on out of sight.
    private static let tellsNobody: SQL = """
        NOT (i.voice = 'anonymous' AND EXISTS (SELECT 1 FROM item r WHERE r.thread = i.id AND r.state = 'shown' AND r.voice <> 'anonymous'))
        """

    /// Nobody of the staff sees to a danger in it, and to have it tells nothing.
    private static let mayBeTaken: SQL = """
        NOT EXISTS (SELECT 1 FROM "case" c WHERE c.subject = i.id AND c.kind = 'risk' AND c.closed_at IS NULL) AND \(tellsNobody)
        """

    private var heldColumns: SQL {
        "o.item, o.state, p.account, p.from_at, p.due_at, p.taken_by, p.taken_until, p.closed_at IS NULL, i.matters, i.heavy, i.voice, i.language, a.band"
    }

    private func readHeld(_ row: inout Row, _ setting: OfferSetting) throws -> Held {
        let (item, state, author): (ID<Item>, OfferState, ID<Account>) = (try row.id(), try row.word(), try row.id())
        let promise = AnswerPromise(from: try row.instant(), due: try row.instant())
        let (by, until, open) = (row.idIfAny(Account.self), row.instantIfAny(), try row.bool())
        let matters = setting.matters.tags(unbarred(try row.text()))
        let (heavy, voice): (Bool, Voice) = (try row.bool(), try row.word())
        let language = Languages(ofPost: row.textIfAny())
        return Held(
            item: item, state: state, promise: promise, takenBy: by, takenUntil: until, isOpen: open,
            post: OpenPost(
                item: item, author: author, band: try row.wordIfAny(), isAnonymous: voice == .anonymous, matters: matters,
                experiences: Tags(), heavy: heavy, language: language))
    }

    private func held(_ id: ID<Offer>, by person: Person, _ setting: OfferSetting) throws -> Held? {
        try first(
            """
            SELECT \(heldColumns) FROM offer o JOIN open_post p ON p.item = o.item JOIN item i ON i.id = o.item
            JOIN account a ON a.id = p.account WHERE o.id = \(id) AND o.account = \(person.account)
            """
        ) { try readHeld(&$0, setting) }
    }

    /// Caps, rest and cool-down are asked again here: what was offered an hour ago may be too much now.
    public func accept(_ id: ID<Offer>, by person: Person, _ setting: OfferSetting) throws -> AcceptOutcome {
        let found = try first(
            """
            SELECT \(heldColumns), (\(Self.standing(now))) AND NOT EXISTS (\(blocks(of: person, on: "o.item"))) AND \(Self.mayBeTaken), \(roomColumns(person.account))
            FROM offer o JOIN open_post p ON p.item = o.item JOIN item i ON i.id = o.item JOIN account a ON a.id = p.account
            JOIN name n ON n.id = i.name JOIN room r ON r.id = i.room JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE o.id = \(id) AND o.account = \(person.account)
            """
        ) { (held: try readHeld(&$0, setting), isThere: try $0.bool(), room: try readRoom(&$0)) }
        guard let (held, isThere, room) = found else { return .gone }
        if held.state == .accepted, held.takenBy == person.account, let until = held.takenUntil {
            return .accepted(held.item, until: until)
        }
        guard held.isOpen, let next = after(.accept, held.state) else { return .tooLate }
        if let until = held.takenUntil, until > now { return .tooLate }
        guard isThere, may(Viewer(person: person), read: room), let supporter = try supporter(person.account, in: room.id, setting)
        else { return .gone }
        if let barrier = barrier(supporter, held.post, setting.rules, now: now, minute: setting.minute(now)) { return .refused(barrier) }
        let until = now + held.promise.timeToAnswer
        let taken = try change(
            """
            UPDATE open_post SET taken_by = \(person.account), taken_until = \(until), next_at = \(until)
            WHERE item = \(held.item) AND closed_at IS NULL AND (taken_until IS NULL OR taken_until <= \(now))
            """)
        guard taken == 1 else { return .tooLate }
        // Whoever had it before and let the time go by holds it no longer.
        try run("UPDATE offer SET state = 'lapsed', ended_at = \(now) WHERE item = \(held.item) AND state = 'accepted'")
        try run("UPDATE offer SET state = \(next), taken_at = \(now), heavy = \(held.post.heavy) WHERE id = \(id)")
        return .accepted(held.item, until: until)
    }

    /// Passed without a reason, or handed to the staff: it goes on at once, and its author never learns of it. False where it says
    /// nothing any more.
    public func letGo(_ id: ID<Offer>, _ act: OfferAct, by person: Person, _ setting: OfferSetting) throws -> Bool {
        guard let held = try held(id, by: person, setting) else { return false }
        // Over already, by this press or another: what was wanted is so.
        guard let next = after(act, held.state) else { return true }
        try run("UPDATE offer SET state = \(next), ended_at = \(now) WHERE id = \(id)")
        try run("DELETE FROM notice WHERE account = \(person.account) AND kind = 'offer' AND about = \(held.item) AND seen_at IS NULL")
        let isTheirs = held.takenBy == person.account
        try run(
            """
            UPDATE open_post SET handed_over = \(act == .handOver) OR handed_over,
              taken_by = CASE WHEN \(isTheirs) THEN NULL ELSE taken_by END,
              taken_until = CASE WHEN \(isTheirs) THEN NULL ELSE taken_until END,
              next_at = CASE WHEN escalated_at IS NULL THEN \(now) ELSE next_at END
            WHERE item = \(held.item) AND closed_at IS NULL
            """)
        return true
    }

    /// For those of the staff who answer in these rooms: posts whose supporters' turns are over, the most urgent promise first.
    public func waitingForStaff(_ person: Person, rooms: [ID<Room>], choices: ReaderChoices) throws -> [ItemView] {
        try items(
            """
            i.id IN (SELECT item FROM open_post WHERE closed_at IS NULL AND room IN \(SQL.list(rooms)) AND ring >= \(Ring.staff.rawValue)
                     AND (taken_until IS NULL OR taken_until <= \(now)) ORDER BY due_at LIMIT 20)
              AND i.state = 'shown' AND \(Self.tellsNobody) ORDER BY i.shown_at LIMIT 20
            """, for: Viewer(person: person), choices: choices, on: .room, rooms: rooms)
    }

    /// For the same people: among a room's newest threads those with one or two posts that have gone quiet.
    public func quietThreads(for person: Person, rooms: [ID<Room>], choices: ReaderChoices) throws -> [ItemView] {
        try items(
            """
            i.seq IN (SELECT seq FROM item WHERE room IN \(SQL.list(rooms)) AND thread IS NULL AND state = 'shown' ORDER BY seq DESC LIMIT 300)
              AND i.thread IS NULL AND i.state = 'shown' AND i.kind <> 'message' AND i.replies < 2
              AND COALESCE(i.wants, '') <> \(Wants.noReply) AND i.shown_at > \(now - .days(14)) AND i.shown_at < \(now - .hours(4))
              ORDER BY i.seq DESC LIMIT 10
            """, for: Viewer(person: person), choices: choices, on: .room, rooms: rooms)
    }

    /// From being seen to the first answer by somebody else, in minutes; what still waits is counted to now.
    public func answerTimes(
        _ organisation: ID<Organisation>, since: Instant, in format: Format? = nil
    ) throws -> [(minutes: Double, answered: Bool)] {
        let ofFormat: SQL = format.map { "AND room IN (SELECT id FROM room WHERE format = \($0))" } ?? ""
        return try rows(
            """
            SELECT from_at, COALESCE(answered_at, closed_at, \(now)), answered_at IS NOT NULL FROM open_post
            WHERE organisation = \(organisation) AND from_at >= \(since) \(ofFormat) ORDER BY from_at DESC LIMIT 50000
            """
        ) { row in
            let from = try row.instant()
            return (max(0, Double((try row.instant() - from).milliseconds) / 60_000), try row.bool())
        }
    }

    /// How the load of a week is spread: accepted posts of every supporter who helps somewhere now.
    public func supporterLoads(_ organisation: ID<Organisation>) throws -> [Int] {
        try rows(
            """
            SELECT (SELECT count(*) FROM offer o WHERE o.account = s.account AND o.taken_at > \(now - .days(7)))
            FROM supporter s JOIN account a ON a.id = s.account WHERE a.organisation = \(organisation) AND a.erased_at IS NULL
              AND (s.paused_until IS NULL OR s.paused_until <= \(now))
              AND (EXISTS (SELECT 1 FROM standing t WHERE t.account = a.id AND t.ended_at IS NULL AND t.ends_at > \(now))
                   OR EXISTS (SELECT 1 FROM role_given g WHERE g.account = a.id AND g.ended_at IS NULL AND g.ends_at > \(now)))
            """, { try $0.count() })
    }
}
