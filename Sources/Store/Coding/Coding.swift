import Rules

/// An item as its coder sees it: words alone, nobody's name.
public struct ItemToCode: Sendable {
    public let id: ID<Item>
    public let title: String
    public let body: String
    /// Of a reply: what it answers.
    public let thread: String?
    public let isReply: Bool
}

extension Transaction {
    /// Rooms whose shown words this person may read for coding.
    private func codingRooms(of person: Person) throws -> [ID<Room>] {
        try rows(
            """
            SELECT r.id, f.bands, f.moderators FROM room r JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE r.organisation = \(person.organisation) AND r.opened_at IS NOT NULL
            """
        ) { row in
            Workplace(
                room: try row.id(Room.self), bands: Set(unbarred(try row.text()).compactMap { AgeBand(rawValue: String($0)) }),
                moderators: try row.text().split(separator: " ").map(String.init))
        }.filter { person.staff.may(.rate, at: $0, now: now) }.compactMap(\.room)
    }

    private func kinds(_ of: Codebook.Of) -> SQL {
        switch of {
        case .thread: "i.thread IS NULL"
        case .reply: "i.thread IS NOT NULL"
        case .any: "1 = 1"
        }
    }

    /// The next one for this coder: every fifth that somebody else coded already, then the newest that nobody has. Never one's own
    /// words, and only what is shown now.
    public func nextToCode(_ book: Codebook, by person: Person) throws -> ItemToCode? {
        let places = try codingRooms(of: person)
        guard !places.isEmpty else { return nil }
        let open: SQL = """
            i.state = 'shown' AND i.kind <> 'message' AND \(kinds(book.of)) AND i.account <> \(person.account) AND i.room IN \(SQL.list(places))
            AND (i.thread IS NULL OR EXISTS (SELECT 1 FROM item t WHERE t.id = i.thread AND t.state = 'shown'))
            AND NOT EXISTS (SELECT 1 FROM item_code o WHERE o.item = i.id AND o.book = \(book.id) AND o.coder = \(person.account))
            """
        // From the few that were coded, not from all that was ever written.
        let once: SQL = "SELECT c.item FROM item_code c WHERE c.book = \(book.id) GROUP BY c.item HAVING count(*) = 1"
        let untouched: SQL = "NOT EXISTS (SELECT 1 FROM item_code c WHERE c.item = i.id AND c.book = \(book.id))"
        let found =
            try first(
                "SELECT i.id FROM item i WHERE i.id IN (\(once)) AND \(open) AND i.seq % \(Codebook.secondEvery) = 0 ORDER BY i.seq DESC LIMIT 1",
                { try $0.id(Item.self) })
            ?? first("SELECT i.id FROM item i WHERE \(open) AND \(untouched) ORDER BY i.seq DESC LIMIT 1", { try $0.id(Item.self) })
        return try found.flatMap { try itemToCode($0, in: book, by: person) }
    }

    /// The door to one item for coding.
    public func itemToCode(_ id: ID<Item>, in book: Codebook, by person: Person) throws -> ItemToCode? {
        let places = try codingRooms(of: person)
        return try first(
            """
            SELECT i.id, COALESCE(i.title, ''), i.body, (SELECT COALESCE(t.title, '') FROM item t WHERE t.id = i.thread AND t.state = 'shown'),
                   i.thread FROM item i
            WHERE i.id = \(id) AND i.state = 'shown' AND i.kind <> 'message' AND \(kinds(book.of)) AND i.account <> \(person.account) AND i.room IN \(SQL.list(places))
              AND (i.thread IS NULL OR EXISTS (SELECT 1 FROM item t WHERE t.id = i.thread AND t.state = 'shown'))
            """
        ) { row in
            ItemToCode(
                id: try row.id(), title: try row.text(), body: try row.text(), thread: row.textIfAny(),
                isReply: row.idIfAny(Item.self) != nil)
        }
    }

    /// One code a book, coder and item: a second press says it anew.
    public func code(_ item: ID<Item>, as code: String, in book: Codebook, by person: Person) throws {
        try run(
            """
            INSERT INTO item_code (item, coder, book, code, made_at) VALUES (\(item), \(person.account), \(book.id), \(code), \(now))
            ON CONFLICT (item, coder, book) DO UPDATE SET code = excluded.code
            """)
    }

    /// In the order in which codes were given; of items that are still shown.
    public func codes(_ book: String, in organisation: ID<Organisation>, since: Instant) throws -> [CodedItem] {
        try rows(
            """
            SELECT c.item, c.coder, c.code, i.account, a.area FROM item_code c JOIN item i ON i.id = c.item JOIN account a ON a.id = i.account
            WHERE c.book = \(book) AND i.organisation = \(organisation) AND i.state = 'shown' AND c.made_at >= \(since)
              AND (i.thread IS NULL OR EXISTS (SELECT 1 FROM item t WHERE t.id = i.thread AND t.state = 'shown'))
            ORDER BY c.made_at, c.item, c.coder
            """
        ) { CodedItem(item: try $0.int(), coder: try $0.int(), code: try $0.text(), writer: try $0.int(), area: $0.textIfAny()) }
    }

    public func codedBy(_ person: Person, book: String) throws -> Int {
        try count("SELECT count(*) FROM item_code WHERE coder = \(person.account) AND book = \(book)")
    }

    /// How often each word of support was sent without any other word.
    public func supportWords(in organisation: ID<Organisation>) throws -> [(word: String, count: Int)] {
        try rows(
            """
            SELECT s.word, count(*) FROM support s JOIN item i ON i.id = s.item WHERE i.organisation = \(organisation) AND i.state = 'shown'
            GROUP BY s.word ORDER BY s.word
            """
        ) { (try $0.text(), try $0.count()) }
    }

    func forgetCodes(of item: ID<Item>) throws { try run("DELETE FROM item_code WHERE item = \(item)") }

    /// Minutes on shift by role, what lies before `from` or after `until` (now without it) left out.
    public func shiftMinutes(
        _ organisation: ID<Organisation>, from: Instant, until: Instant? = nil
    ) throws -> [(role: String, minutes: Double)] {
        let last = min(until ?? now, now)
        return try rows(
            """
            SELECT role, starts_at, ends_at, ended_at FROM shift
            WHERE organisation = \(organisation) AND ends_at > \(from) AND starts_at < \(last)
            """
        ) { row in
            let role = try row.text()
            let (start, end, ended) = (try row.instant(), try row.instant(), row.instantIfAny())
            let until = min(end, ended ?? end, last)
            return (role, max(0, Double((until - max(start, from)).milliseconds) / 60_000))
        }.reduce(into: [String: Double]()) { $0[$1.0, default: 0] += $1.1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Members whose post got a reply from somebody else since then.
    public func helpedMembers(_ organisation: ID<Organisation>, since: Instant) throws -> Int {
        try count(
            """
            SELECT count(DISTINCT t.account) FROM item t JOIN account a ON a.id = t.account AND a.kind = 'member'
            WHERE t.organisation = \(organisation) AND t.thread IS NULL AND t.kind <> 'message' AND t.made_at >= \(since) AND t.state = 'shown'
              AND EXISTS (SELECT 1 FROM item r WHERE r.thread = t.id AND r.state = 'shown' AND r.account <> t.account)
            """)
    }
}
