import Rules

public enum NoticeKind: String, Sendable, CaseIterable, Bindable {
    case answered, support, shown, statement, message, nightFlags = "night-flags"
    case reportAnswered = "report-answered", appealAnswered = "appeal-answered"
    /// A post is before a supporter; standing was given, or ends soon; a role-play was rated.
    case offer, standing, standingEnds = "standing-ends", rated
    /// A letter was delivered, or waits for an answer; another befriender goes on; a series ended.
    case letter, letterWaits = "letter-waits", passedOn = "passed-on", seriesEnded = "series-ended"
    /// A piece waits for its narrator's yes; a question is in the column; somebody asks a supporter to look at a thread.
    case piece, published, invited
    /// A group of supporters takes somebody in, or meets.
    case supervision
    /// A study asks something, or rooms opened.
    case study

    /// Never paused by a break and never filtered: a professional's words, statements of reasons, answers to reports.
    public var alwaysPasses: Bool {
        switch self {
        case .statement, .message, .nightFlags, .reportAnswered, .appealAnswered, .standing, .standingEnds, .rated, .passedOn, .seriesEnded,
            .piece,
            .published, .supervision:
            true
        case .answered, .support, .shown, .offer, .letter, .letterWaits, .invited, .study: false
        }
    }
}

public struct NoticeRow: Sendable {
    public let id: ID<Notice>
    public let kind: NoticeKind
    public let item: ID<Item>?
    public let about: ID<Anything>?
    public let madeAt: Instant
    public let seen: Bool
    /// Of a letter, and of a series: that series, where they may open it (whoever passed it on may not).
    public let isOfLetter: Bool
    public let series: ID<Series>?
    /// The room that a review is of.
    public let reviewed: ID<Room>?
}

/// That something is new for somebody, on its way to their open pages: what it is of and never what it says.
public struct News: Hashable, Sendable {
    public let account: ID<Account>
    public let kind: NoticeKind
    public let about: ID<Anything>?

    init(account: ID<Account>, kind: NoticeKind, about: ID<Anything>?) { (self.account, self.kind, self.about) = (account, kind, about) }

    /// `notice <account> <kind>` and, where it is about something, its id.
    public init?(_ change: String) {
        let parts = change.split(separator: " ")
        guard (3...4).contains(parts.count), parts[0] == "notice", let account = ID<Account>(parts[1]),
            let kind = NoticeKind(rawValue: String(parts[2]))
        else { return nil }
        self.init(account: account, kind: kind, about: nil)
        if parts.count == 4 {
            guard let about = ID<Anything>(parts[3]) else { return nil }
            self.init(account: account, kind: kind, about: about)
        }
    }

    var change: String { "notice \(account) \(kind.rawValue)" + (about.map { " \($0)" } ?? "") }
}

extension Transaction {
    /// One unseen notice a thing: five answers make one line. Due when the account's quiet hours end is decided by
    /// the reader of notices, which knows the zone.
    public func notify(_ account: ID<Account>, _ kind: NoticeKind, item: ID<Item>?, about: ID<Anything>?) throws {
        let id: ID<Notice> = ids.timed()
        try run(
            """
            INSERT INTO notice (id, account, kind, item, about, made_at, due_at)
            VALUES (\(id), \(account), \(kind), \(item), \(about), \(now), \(now)) ON CONFLICT DO NOTHING
            """)
        ending.news.insert(News(account: account, kind: kind, about: about))
    }

    /// What is new, newest first. Answers from voices this reader muted or blocked are left out by the same filter.
    public func notices(for person: Person, choices: ReaderChoices, resting: Bool, limit: Int = pageSize) throws -> [NoticeRow] {
        let found = try rows(
            """
            SELECT id, kind, item, about, made_at, seen_at, EXISTS (SELECT 1 FROM letter l WHERE l.item = notice.item),
                   (SELECT s.id FROM series s WHERE s.id = COALESCE((SELECT l.series FROM letter l WHERE l.item = notice.item), notice.about)
                      AND (s.seeker = \(person.account) OR s.befriender = \(person.account))),
                   (SELECT v.room FROM room_review v WHERE v.item = notice.item) FROM notice WHERE account = \(person.account) AND due_at <= \(now)
            ORDER BY due_at DESC LIMIT \(number: limit)
            """
        ) { row in
            NoticeRow(
                id: try row.id(), kind: try row.word(), item: row.idIfAny(), about: row.idIfAny(),
                madeAt: try row.instant(), seen: row.instantIfAny() != nil, isOfLetter: try row.bool(), series: row.idIfAny(),
                reviewed: row.idIfAny())
        }
        return try found.filter { notice in
            if notice.kind.alwaysPasses { return true }
            if resting, !notice.seen { return false }
            guard let thread = notice.item else { return true }
            switch notice.kind {
            case .answered: return try hasVisibleAnswer(thread, since: notice.madeAt, for: person, choices: choices)
            // A word of support from somebody muted since is not shown on the thread: nor is there news of it.
            // Nor of one in a room that its reader hid.
            case .support: return try !support(for: thread).isEmpty && !stands(thread, in: choices.hiddenRooms)
            case .shown, .statement, .message, .nightFlags, .reportAnswered, .appealAnswered, .offer, .standing, .standingEnds, .rated,
                .letter, .letterWaits,
                .passedOn, .seriesEnded, .piece, .published, .invited, .supervision, .study:
                return true
            }
        }
    }

    private func stands(_ item: ID<Item>, in rooms: Set<ID<Room>>) throws -> Bool {
        guard !rooms.isEmpty else { return false }
        return try exists("SELECT 1 FROM item WHERE id = \(item) AND room IN \(SQL.list(Array(rooms)))")
    }

    /// The unseen line that this news is in, whatever the reader's rules say of it. An answer joins the line of those before it on its
    /// thread: while one of them is to be seen, so is the line.
    public func notice(of news: News) throws -> ID<Notice>? {
        let about: SQL = news.about.map { "about = \($0)" } ?? "about IS NULL"
        return try first(
            """
            SELECT id FROM notice WHERE account = \(news.account) AND kind = \(news.kind) AND \(about) AND seen_at IS NULL
            ORDER BY id DESC LIMIT 1
            """
        ) { try $0.id() }
    }

    private func hasVisibleAnswer(
        _ thread: ID<Item>, since: Instant, for person: Person, choices: ReaderChoices
    ) throws -> Bool {
        let viewer = Viewer(person: person)
        guard let room = try first("SELECT room FROM item WHERE id = \(thread)", { $0.idIfAny(Room.self) }) ?? nil else { return false }
        let answers = try items(
            "i.thread = \(thread) AND i.shown_at >= \(since) ORDER BY i.seq LIMIT 20", for: viewer, choices: choices,
            on: .notice, rooms: [room])
        return answers.contains { answer in
            if case .hide = answer.sight { return false }
            return !answer.isMine
        }
    }

    public func seeNotices(_ person: Person) throws {
        try run("UPDATE notice SET seen_at = \(now) WHERE account = \(person.account) AND seen_at IS NULL AND due_at <= \(now)")
    }
}
