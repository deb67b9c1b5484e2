import Rules

/// Twenty a page; `before` is the last seq seen, kept opaque in the page's address.
public let pageSize = 20

public struct ThreadPage: Sendable {
    public let thread: ItemView
    public let room: RoomRow
    public let replies: [ItemView]
    /// There are replies after this one: the place where the next page begins.
    public let more: Int64?
    /// Names with a badge: who of the voices here is staff, and as what.
    public let badges: [ID<Name>: String]
    /// In a room of reappraisal: which of the three kinds a reply is.
    public let kinds: [ID<Item>: (kind: ResponseKind, pattern: ThinkingPattern?)]
    /// The words of support for the thread, only when it is the reader's own.
    public let support: [(shown: String, word: SupportWord)]
    public let mySupport: SupportWord?
    /// For whoever began it: a room of letters in which they could go on with one person.
    public let deeper: ID<Room>?
    /// In a room of stories: what the piece has beside its words.
    public let piece: PieceRow?
    /// The parts that belong together, as this reader sees them, this one among them.
    public let parts: [ItemView]
    /// How staff look after it, and what is known of claims that stand in it.
    public let care: ThreadCare?
    public let evidence: [EvidenceRow]
    /// Replies of which whoever asked said that they helped; told to nobody else.
    public let helped: Set<ID<Item>>
}

extension Transaction {
    /// A room's threads, newest first, never by attention; with the first page, the reader's own items here that others can
    /// not see yet. One statement: a round trip costs more than the second list.
    public func threads(
        in room: ID<Room>, for viewer: Viewer, choices: ReaderChoices, topic: String? = nil, narrators: AgeBand? = nil,
        before: Int64 = .max, limit: Int = pageSize
    ) throws -> (threads: [ItemView], pendingOwn: [ItemView]) {
        let ofTopic: SQL = topic.map { "AND i.topics LIKE \("%|\($0)|%")" } ?? ""
        let near: SQL = narrators.map { "AND NOT EXISTS (SELECT 1 FROM piece p WHERE p.item = i.id AND p.narrator_band <> \($0))" } ?? ""
        let own: SQL =
            viewer.person == nil || before < .max
            ? ""
            : """
            UNION ALL SELECT * FROM (
                SELECT \(Self.itemColumns) FROM item i JOIN name n ON n.id = i.name
                WHERE i.account = \(viewer.account) AND i.room = \(room) AND i.kind <> 'message'
                  AND i.state IN ('waiting', 'held', 'returned') ORDER BY i.seq DESC LIMIT 10) AS own
            """
        let key = viewer.person?.contentKey
        // The state stands beside the door so that the small index over shown threads is used.
        let found = try rows(
            """
            SELECT * FROM (
                SELECT \(Self.itemColumns) FROM item i JOIN name n ON n.id = i.name
                WHERE \(Self.visible(to: viewer, in: [room], now: now))
                  AND i.room = \(room) AND i.thread IS NULL AND i.state = 'shown' AND i.kind <> 'message' AND i.seq < \(before)
                  \(ofTopic) \(near) ORDER BY i.seq DESC LIMIT \(number: limit)) AS shown
            \(own)
            """
        ) { try readItem(&$0, viewer: viewer, choices: choices, surface: .room, key: key) }
        return (found.filter { $0.state == .shown }, found.filter { $0.state != .shown })
    }

    /// Everything the person wrote in rooms, in all voices: only ever on their own pages.
    public func own(_ person: Person, _ rest: SQL = "", before: Int64 = .max, limit: Int = pageSize) throws -> [ItemView] {
        try rows(
            """
            SELECT \(Self.itemColumns) FROM item i JOIN name n ON n.id = i.name
            WHERE i.account = \(person.account) AND i.kind <> 'message' AND i.seq < \(before) \(rest)
            ORDER BY i.seq DESC LIMIT \(number: limit)
            """
        ) { row in
            try readItem(
                &row, viewer: Viewer(person: person), choices: nil, surface: .export, key: person.contentKey)
        }
    }

    /// One item through the door, whatever its kind. Nil for strangers and wrong ids alike.
    public func item(_ id: ID<Item>, visibleTo viewer: Viewer, choices: ReaderChoices) throws -> (ItemView, RoomRow)? {
        try supported(id, visibleTo: viewer, choices: choices).map { ($0.item, $0.room) }
    }

    /// The item, its room and the reader's own word of support in one statement: a round trip costs more than the columns.
    private func supported(
        _ id: ID<Item>, visibleTo viewer: Viewer, choices: ReaderChoices
    ) throws -> (item: ItemView, room: RoomRow, support: SupportWord?, isCaredFor: Bool, hasEvidence: Bool, badge: String?)? {
        let key = viewer.person?.contentKey
        let found = try first(
            """
            SELECT \(Self.itemColumns), (SELECT word FROM support WHERE item = i.id AND account = \(viewer.account)),
                   EXISTS (SELECT 1 FROM thread_care WHERE item = i.id), EXISTS (SELECT 1 FROM evidence_item WHERE thread = i.id),
                   \(Self.badge), \(roomColumns(viewer.account))
            FROM item i JOIN name n ON n.id = i.name JOIN room r ON r.id = i.room
            JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE i.id = \(id) AND r.organisation = \(viewer.organisation)
              AND ((\(Self.standing(now))) OR i.account = \(viewer.account))
            """
        ) { row in
            let item = try readItem(&row, viewer: viewer, choices: choices, surface: .thread, key: key)
            let support: SupportWord? = try row.wordIfAny()
            let (cared, claimed, badge) = (try row.bool(), try row.bool(), row.textIfAny())
            return (item: item, room: try readRoom(&row), support: support, isCaredFor: cared, hasEvidence: claimed, badge: badge)
        }
        // One's own words stay readable to oneself wherever they stand; everything else needs the room.
        guard let found, found.item.isThere, may(viewer, read: found.room) || found.item.isMine else { return nil }
        return found
    }

    /// A thread with a page of its replies, oldest first.
    public func threadPage(
        _ id: ID<Item>, for viewer: Viewer, choices: ReaderChoices, after: Int64 = 0, limit: Int = pageSize
    ) throws -> ThreadPage? {
        guard let (thread, room, mySupport, isCaredFor, hasEvidence, badge) = try supported(id, visibleTo: viewer, choices: choices),
            thread.thread == nil, thread.kind != .message
        else { return nil }
        let piece = room.format == .stories ? try piece(id) : nil
        let shownThread = piece.map { filtered([thread], [id: $0], choices: choices, on: .thread)[0] } ?? thread
        let readable = may(viewer, read: room)
        var badges = badge.map { [thread.name: $0] } ?? [:]
        let found = try items(
            "i.thread = \(id) AND i.seq > \(after) ORDER BY i.seq LIMIT \(number: limit + 1)", for: viewer, choices: choices,
            on: .thread, rooms: readable ? [room.id] : [], beside: ", \(Self.badge)"
        ) { reply, row in
            if let badge = row.textIfAny() { badges[reply.name] = badge }
        }
        let replies = found.prefix(limit).filter(\.isThere)
        return ThreadPage(
            thread: shownThread, room: room, replies: replies,
            more: found.count > limit ? found[limit - 1].seq : nil,
            badges: badges,
            kinds: room.format == .reappraisal ? try responseKinds(in: id) : [:],
            support: thread.isMine ? try support(for: id) : [],
            mySupport: thread.isMine ? nil : mySupport,
            deeper: thread.isMine && thread.state == .shown ? try roomOfLetters(for: viewer) : nil,
            piece: piece, parts: try piece.map { try parts(of: id, $0, in: room, for: viewer, choices: choices) } ?? [],
            care: isCaredFor ? try care(of: id) : nil,
            evidence: hasEvidence ? try evidence(in: id, seen: [shownThread] + replies) : [],
            helped: thread.isMine ? try viewer.person.map { try helped(replies.map(\.id), account: $0.account) } ?? [] : [])
    }

    /// After which reply a page must begin so that this one is on it, with a few before it; 0 is the first page.
    public func pageWith(_ reply: ID<Item>, in thread: ID<Item>) throws -> Int64 {
        let found = try first(
            """
            SELECT t.replies, (SELECT min(seq) FROM (SELECT seq FROM item e WHERE e.thread = \(thread) AND e.seq < i.seq
                               ORDER BY e.seq DESC LIMIT 10) AS near)
            FROM item i JOIN item t ON t.id = \(thread) WHERE i.id = \(reply)
            """
        ) { (try $0.count(), $0.intIfAny()) }
        guard let (replies, near) = found, replies > pageSize, let near else { return 0 }
        return near
    }

    /// Staff never write without their role beside their name: the first they were given.
    private static let badge: SQL = """
        CASE WHEN i.voice = 'staff' THEN (SELECT o.name FROM role_given g JOIN role o ON o.id = g.role WHERE g.account = i.account
                                          ORDER BY g.given_at LIMIT 1) END
        """

    public func support(for item: ID<Item>) throws -> [(shown: String, word: SupportWord)] {
        try rows(
            """
            SELECT n.shown, s.word FROM support s JOIN name n ON n.id = s.name JOIN item i ON i.id = s.item
            WHERE s.item = \(item) AND n.gone_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM muted m WHERE m.account = i.account AND m.name = s.name) ORDER BY s.made_at LIMIT 100
            """
        ) { (try $0.text(), try $0.word()) }
    }

    /// Home: threads from the rooms one may read, by time, without what rooms cover, lighter after heavy.
    /// A thread that waits for a first reply and asks for one comes before the rest of its hour.
    /// What the reader's own rules left out is told apart; the landing's rule has a card of its own on the page.
    public func home(
        for viewer: Viewer, choices: ReaderChoices, limit: Int = 8
    ) throws -> (shown: [ItemView], hidden: [ItemView]) {
        let rooms = try readableRooms(for: viewer)
        guard !rooms.isEmpty else { return ([], []) }
        let found = try items(
            """
            i.organisation = \(viewer.organisation) AND i.thread IS NULL AND i.state = 'shown'
              AND i.room IN \(SQL.list(rooms.map(\.id))) ORDER BY i.seq DESC LIMIT 60
            """, for: viewer, choices: choices, on: .home, rooms: rooms.map(\.id))
        let seen = found.filter { $0.sight == .show && !$0.isMine }
        let needing = seen.filter { $0.replies == 0 && $0.wants != .noReply }
        let chosen = (needing.prefix(3) + seen.filter { item in !needing.prefix(3).contains { $0.id == item.id } })
        let hidden = found.filter { item in
            if case .hide(let because) = item.sight { item.isThere && because != .landing } else { false }
        }
        return (mixed(Array(chosen.prefix(limit)), isHeavy: \.heavy), hidden)
    }

    /// Newest first, twenty, no total, no rank. Finds what the reader could open, never people.
    public func search(
        _ words: [String], for viewer: Viewer, choices: ReaderChoices, before: Int64 = .max
    ) throws -> [ItemView] {
        let rooms = try readableRooms(for: viewer).map(\.id)
        guard !words.isEmpty, !rooms.isEmpty else { return [] }
        try planForTheseValues()
        return try items(
            """
            i.state = 'shown' AND i.room IN \(SQL.list(rooms)) AND \(matching(words, in: rooms, before: before))
              AND (i.thread IS NULL OR EXISTS (SELECT 1 FROM item t WHERE t.id = i.thread AND t.state = 'shown'))
            ORDER BY i.seq DESC LIMIT \(number: pageSize)
            """, for: viewer, choices: choices, on: .search, rooms: rooms)
    }
}
