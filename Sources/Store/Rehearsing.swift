import Rules

// Only a rehearsal's own command lines reach these.

extension Transaction {
    /// Tries what nobody may do; the engine's trigger must refuse it.
    public func tamper(_ id: ID<Case>) throws { try run("UPDATE case_event SET code = 'changed' WHERE case_id = \(id)") }

    /// The next moment at which something becomes due by itself.
    public func nextDue(after moment: Instant) throws -> Instant? {
        try first(
            """
            SELECT min(due) FROM (
              SELECT min(due_at) AS due FROM job WHERE due_at > \(moment) AND set_aside IS NULL
              UNION ALL SELECT min(next_at) FROM open_post WHERE next_at > \(moment) AND closed_at IS NULL
              UNION ALL SELECT min(due_at) FROM "case" WHERE due_at > \(moment) AND closed_at IS NULL
              UNION ALL SELECT min(next_at) FROM asking_after WHERE next_at > \(moment)
              UNION ALL SELECT min(claimed_until) FROM "case" WHERE claimed_until > \(moment) AND closed_at IS NULL) AS next
            """
        ) { $0.instantIfAny() } ?? nil
    }

    /// Five plain items that stand in no room.
    public func season(_ shown: String, in organisation: ID<Organisation>, key: String) throws {
        let found = try first("SELECT id, account FROM name WHERE organisation = \(organisation) AND shown = \(shown)") {
            (try $0.id(Name.self), try $0.id(Account.self))
        }
        guard let (name, account) = found else { throw StoreFault.unreadable("the name \(shown)") }
        for number in 0..<Author.firstItemsRead {
            let id: ID<Item> = ids.unlinkable()
            try run(
                """
                INSERT INTO item (id, organisation, kind, version, account, name, voice, state, title, body, covered, heavy,
                                  answered_back, request_key, retention, made_at, shown_at)
                VALUES (\(id), \(organisation), 'reply', 0, \(account), \(name), 'name', 'shown', '', 'hello', \(false),
                        \(false), \(false), \("\(key)-\(number)"), 'post', \(now), \(now))
                """)
            try indexWords(of: id, title: "", body: "hello")
        }
    }

    /// PostgreSQL's counterpart of searching the file: every text and byte column that could hold words.
    public func occurrences(of text: String) throws -> Int {
        guard engine == .postgresql else { return 0 }
        let like = "%\(text)%"
        return try count(
            """
            SELECT (SELECT count(*) FROM item WHERE title LIKE \(like) OR body LIKE \(like) OR note LIKE \(like))
                 + (SELECT count(*) FROM item_words WHERE CAST(words AS text) LIKE \(like))
                 + (SELECT count(*) FROM name WHERE shown LIKE \(like)) + (SELECT count(*) FROM mark WHERE value LIKE \(like))
            """)
    }
}

extension Transaction {
    /// The same transaction at another moment: a story is told with the clock set back.
    public func moved(to moment: Instant, ids: IDSource) -> Transaction {
        Transaction(connection, now: moment, today: moment.day, dueTimes: dueTimes, ids: ids, keys: keys, ending: ending)
    }

    public func seeAllNotices(before: Instant) throws {
        try run("UPDATE notice SET seen_at = \(before) WHERE made_at < \(before) AND seen_at IS NULL")
    }

    /// One long thread of varied words for measuring a page; answers its id.
    public func benchThread(replies: Int, in organisation: ID<Organisation>) throws -> ID<Item>? {
        let rooms = try rows(
            """
            SELECT r.id FROM room r JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE r.organisation = \(organisation) AND r.opened_at IS NOT NULL AND r.invited = \(false) AND r.format = 'forum'
              AND f.bands LIKE '%|18-25|%' ORDER BY r.id
            """
        ) { try $0.id(Room.self) }
        let authors = try rows(
            """
            SELECT a.id, n.id FROM account a JOIN name n ON n.account = a.id AND n.place = 1
            WHERE a.organisation = \(organisation) AND a.kind = 'member' AND (n.away_until IS NULL OR n.away_until <= \(now))
            ORDER BY a.id LIMIT 40
            """
        ) { (try $0.id(Account.self), try $0.id(Name.self)) }
        guard let room = rooms.first, !authors.isEmpty else { return nil }
        var thread: ID<Item>?
        for number in 0..<replies {
            let author = authors[number % authors.count]
            let id: ID<Item> = ids.timed()
            try plant(
                id, thread: thread, room: room, author: author, title: number == 0 ? "A long thread to measure" : "",
                body: BenchWords.text(seed: UInt64(number), length: 600), organisation: organisation)
            thread = thread ?? id
        }
        return thread
    }

    /// Rows in bulk: accounts share one hash, items are varied words in threads of ten.
    public func plantBulk(
        accounts: Int, items: Int, from: Int, in organisation: ID<Organisation>, rooms: [ID<Room>]
    ) throws {
        for number in 0..<accounts {
            _ = try addAccount(
                NewMember(
                    organisation: organisation, shownName: "Bench-\(from + number)", band: .eighteen, country: "GB",
                    choices: ["self-harm": .cover, "wanting-to-die": .cover], wayBackHash: "closed"))
        }
        guard items > 0 else { return }
        let authors = try rows(
            "SELECT a.id, n.id FROM account a JOIN name n ON n.account = a.id WHERE n.shown LIKE 'Bench-%' LIMIT 1000"
        ) { (try $0.id(Account.self), try $0.id(Name.self)) }
        var thread: ID<Item>?
        for number in 0..<items {
            let whole = from + number
            if whole % 10 == 0 { thread = nil }
            let id: ID<Item> = ids.timed()
            try plant(
                id, thread: thread, room: rooms[whole / 10 % rooms.count], author: authors[whole % authors.count],
                title: thread == nil ? BenchWords.text(seed: UInt64(whole), length: 40) : "",
                body: BenchWords.text(seed: UInt64(whole) &+ 7, length: 600), organisation: organisation)
            thread = thread ?? id
        }
    }

    private func plant(
        _ id: ID<Item>, thread: ID<Item>?, room: ID<Room>, author: (ID<Account>, ID<Name>), title: String, body: String,
        organisation: ID<Organisation>
    ) throws {
        let key = id.description
        try run(
            """
            INSERT INTO item (id, organisation, kind, room, version, thread, account, name, voice, state, wants, title, body,
                              covered, heavy, replies, answered_back, request_key, retention, made_at, shown_at)
            VALUES (\(id), \(organisation), \(thread == nil ? ItemKind.thread : .reply), \(room), 1, \(thread), \(author.0),
                    \(author.1), 'name', 'shown', 'listen', \(title), \(body), \(false), \(false), \(thread == nil ? 9 : 0),
                    \(false), \(key), 'post', \(now), \(now))
            """)
        try indexWords(of: id, title: title, body: body)
    }
}

/// Plain words in a seeded order, so that every run measures the same page.
enum BenchWords {
    private static let words =
        "the a and of in on with under over tree leaf fern river light stone bird path garden morning evening rain window music school friend sleep walk talk think hope wait listen quiet small warm slow green kind tired better again today always maybe enough because little room table book river cloud lamp bench cup bread tea cat dog homework lesson bus train phone weekend holiday sister brother cousin"
        .split(separator: " ").map(String.init)

    static func text(seed: UInt64, length: Int) -> String {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 &+ 1
        var made = ""
        made.reserveCapacity(length + 16)
        while made.utf8.count < length {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            made += words[Int(state % UInt64(words.count))]
            made += state % 11 == 0 ? ". " : " "
        }
        return String(made.prefix(length))
    }
}

extension Transaction {
    public func readableRoomsForBench(_ organisation: ID<Organisation>) throws -> [ID<Room>] {
        try rows("SELECT id FROM room WHERE organisation = \(organisation) AND opened_at IS NOT NULL ORDER BY id") { try $0.id() }
    }

    public func benchCounts() throws -> (accounts: Int, items: Int) {
        (
            try count("SELECT count(*) FROM name WHERE shown LIKE 'Bench-%'"),
            try count("SELECT count(*) FROM item WHERE kind IN ('thread', 'reply')")
        )
    }
}
