import Rules

/// An item as one reader sees it. `account` and `seq` stay inside the house: no page, JSON or notice carries them.
public struct ItemView: Sendable {
    public let seq: Int64
    public let id: ID<Item>
    public let kind: ItemKind
    public let room: ID<Room>?
    public let thread: ID<Item>?
    public let name: ID<Name>
    public let shownName: String
    public let voice: Voice
    public let account: ID<Account>
    public let state: ItemState
    public let reason: String?
    public let wants: Wants?
    public let title: String
    public let body: String
    public let note: String?
    public let matters: [Substring]
    public let topics: [Substring]
    public let covered: Bool
    public let heavy: Bool
    public let replies: Int
    public let madeAt: Instant
    public let editedAt: Instant?
    public let shownAt: Instant?
    public let isMine: Bool
    public internal(set) var sight: Sight

    /// False for the words of somebody who blocked this reader: they are not told that there is anything.
    public var isThere: Bool { sight != .hide(.blocked) }
}

extension Transaction {
    static let itemColumns: SQL = """
        i.seq, i.id, i.kind, i.room, i.thread, i.name, n.shown, i.voice, i.account, i.state, i.reason, i.wants, i.title,
        i.body, i.sealed, i.note, i.matters, i.topics, i.covered, i.heavy, i.replies, i.made_at, i.edited_at, i.shown_at
        """

    /// The door for items, in one fragment: shown, by a voice that is not away, in a room the reader may open; or the
    /// reader's own. Its pure twin is `isVisible`; a test holds the two equal.
    static func visible(to viewer: Viewer, in rooms: [ID<Room>], now: Instant) -> SQL {
        "((\(standing(now)) AND i.room IN \(SQL.list(rooms))) OR i.account = \(viewer.account))"
    }

    /// The door's first half: shown, by a voice that is not away. The room is still to be asked about.
    static func standing(_ now: Instant) -> SQL {
        "i.state = 'shown' AND i.kind <> 'message' AND (n.away_until IS NULL OR n.away_until <= \(now) OR i.voice = 'anonymous')"
    }

    /// Reads one row; sealed words are opened with their author's key, which only the author and those who decide hold.
    func readItem(
        _ row: inout Row, viewer: Viewer, choices: ReaderChoices?, surface: Surface, key: ContentKey?
    ) throws -> ItemView {
        let seq = try row.int()
        let id: ID<Item> = try row.id()
        let kind: ItemKind = try row.word()
        let (room, thread): (ID<Room>?, ID<Item>?) = (row.idIfAny(), row.idIfAny())
        let (name, shown): (ID<Name>, String) = (try row.id(), try row.text())
        let voice: Voice = try row.word()
        let account: ID<Account> = try row.id()
        let state: ItemState = try row.word()
        let reason = row.textIfAny()
        let wants: Wants? = try row.wordIfAny()
        var words = SealedWords(title: row.textIfAny() ?? "", body: row.textIfAny() ?? "", note: nil)
        let sealed = row.bytesIfAny()
        words.note = row.textIfAny()
        if let sealed, let key { words = SealedWords(try key.open(sealed, for: "item \(id)")) }
        let (title, body, note) = (words.title, words.body, words.note)
        let matters = unbarred(try row.text())
        let topics = unbarred(try row.text())
        let (covered, heavy) = (try row.bool(), try row.bool())
        let replies = try row.count()
        let (made, edited, shownAt) = (try row.instant(), row.instantIfAny(), row.instantIfAny())
        let isMine = account == viewer.account
        var sight = Sight.show
        if let choices, !isMine {
            sight = Rules.sight(
                of: Filtered(
                    room: room, name: name, voice: voice, account: account, thread: thread ?? id, matters: matters,
                    heavy: heavy, covered: covered, note: note, title: title, body: body), for: choices, on: surface)
        }
        return ItemView(
            seq: seq, id: id, kind: kind, room: room, thread: thread, name: name, shownName: shown, voice: voice,
            account: account, state: state, reason: reason, wants: wants, title: title, body: body, note: note,
            matters: matters, topics: topics, covered: covered, heavy: heavy, replies: replies, madeAt: made,
            editedAt: edited, shownAt: shownAt, isMine: isMine, sight: sight)
    }

    /// Every list of items on every surface is read here: the door in SQL, then the reader's own filter. `beside`: more columns, begun
    /// with a comma, for `read`.
    func items(
        _ rest: SQL, for viewer: Viewer, choices: ReaderChoices, on surface: Surface, rooms: [ID<Room>], beside more: SQL = "",
        _ read: (ItemView, inout Row) throws -> Void = { _, _ in }
    ) throws -> [ItemView] {
        let key = viewer.person?.contentKey
        return try rows(
            """
            SELECT \(Self.itemColumns) \(more) FROM item i JOIN name n ON n.id = i.name
            WHERE \(Self.visible(to: viewer, in: rooms, now: now)) AND \(rest)
            """
        ) { row in
            let item = try readItem(&row, viewer: viewer, choices: choices, surface: surface, key: key)
            try read(item, &row)
            return item
        }
    }
}

/// Title, body and the author's note sealed as one text; U+001F stands between, which no form lets through.
struct SealedWords: Equatable {
    var title = ""
    var body: String
    var note: String?

    var joined: String { title + "\u{1F}" + body + (note.map { "\u{1F}" + $0 } ?? "") }

    init(title: String = "", body: String, note: String? = nil) {
        (self.title, self.body, self.note) = (title, body, note)
    }

    init(_ text: String) {
        let parts = text.split(separator: "\u{1F}", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        self = parts.count < 2 ? .init(body: text) : .init(title: parts[0], body: parts[1], note: parts.count > 2 ? parts[2] : nil)
    }

    /// As it is screened and as a moderator reads it: spans point into this.
    var whole: String { wholeWords(title: title, body: body, note: note) }
}
