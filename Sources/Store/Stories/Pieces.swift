import Rules
import Screening

/// What a piece has beside its words.
public struct PieceRow: Sendable {
    public let form: PieceForm
    public let narratorBand: AgeBand?
    public let since: TimeSince?
    public let nowIs: WhereNow?
    public let reference: Reference?
    public let isInterview: Bool
    public let narratorSaidYes: Bool
    public let editorSaidYes: Bool
    public let publishAt: Instant?
    public let hasProposal: Bool
    /// The first of the pieces that go on from each other, where it is not the first itself.
    public let partOf: ID<Item>?

    public func step(now: Instant) -> PieceStep {
        pieceStep(narratorSaidYes: narratorSaidYes, editorSaidYes: editorSaidYes, publishAt: publishAt, now: now)
    }
}

public struct Reference: Sendable, Equatable {
    public let kind: ReferenceKind
    public let words: String
    public let transcript: String

    public init(kind: ReferenceKind, words: String, transcript: String) {
        (self.kind, self.words, self.transcript) = (kind, words, transcript)
    }
}

/// What is sent beside the words of a piece.
public struct PieceDraft: Sendable {
    public var form: PieceForm
    public var since: TimeSince?
    public var nowIs: WhereNow?
    public var reference: Reference?
    /// An earlier piece of the same voice, from which it goes on.
    public var goesOn: ID<Item>?
    /// These are the final words; without it an editor looks first and the narrator says yes after.
    public var isFinal: Bool

    public init(
        form: PieceForm, since: TimeSince?, nowIs: WhereNow?, reference: Reference?, goesOn: ID<Item>? = nil, isFinal: Bool
    ) {
        self.form = form
        self.goesOn = goesOn
        self.since = since
        self.nowIs = nowIs
        self.reference = reference
        self.isFinal = isFinal
    }
}

extension Transaction {
    private static let pieceColumns: SQL = """
        p.form, p.narrator_band, p.since, p.now_is, p.reference_kind, p.reference, p.interview, p.narrator_at, p.editor_at,
        p.publish_at, p.proposal, p.part_of
        """

    private func readPiece(_ row: inout Row, _ id: ID<Item>, _ key: ContentKey?) throws -> PieceRow {
        let (form, band): (PieceForm, AgeBand?) = (try row.word(), try row.wordIfAny())
        let (since, nowIs): (TimeSince?, WhereNow?) = (try row.wordIfAny(), try row.wordIfAny())
        let kind: ReferenceKind? = try row.wordIfAny()
        let words = try row.bytesIfAny().flatMap { sealed in try key.map { SealedWords(try $0.open(sealed, for: "reference \(id)")) } }
        return PieceRow(
            form: form, narratorBand: band, since: since, nowIs: nowIs,
            reference: kind.flatMap { kind in words.map { Reference(kind: kind, words: $0.title, transcript: $0.body) } },
            isInterview: try row.bool(),
            narratorSaidYes: row.intIfAny() != nil, editorSaidYes: row.intIfAny() != nil, publishAt: row.instantIfAny(),
            hasProposal: row.bytesIfAny() != nil, partOf: row.idIfAny())
    }

    public func pieces(_ items: [ID<Item>]) throws -> [ID<Item>: PieceRow] {
        guard !items.isEmpty else { return [:] }
        return Dictionary(
            try rows(
                """
                SELECT p.item, a.content_key, \(Self.pieceColumns) FROM piece p JOIN item i ON i.id = p.item JOIN account a ON a.id = i.account
                WHERE p.item IN \(SQL.list(items))
                """
            ) { row in
                let id: ID<Item> = try row.id()
                let key = try row.bytesIfAny().map { try keys.contentKey($0) }
                return (id, try readPiece(&row, id, key))
            }, uniquingKeysWith: { a, _ in a })
    }

    public func piece(_ item: ID<Item>) throws -> PieceRow? { try pieces([item])[item] }

    /// What a piece hangs on is words like its others: a reader's muted words hold for it.
    public func filtered(
        _ items: [ItemView], _ pieces: [ID<Item>: PieceRow], choices: ReaderChoices, on surface: Surface
    ) -> [ItemView] {
        items.map { item in
            guard let reference = pieces[item.id]?.reference, !item.isMine, item.sight == .show else { return item }
            var item = item
            item.sight = Rules.sight(
                of: Filtered(
                    room: item.room, name: item.name, voice: item.voice, account: item.account, thread: item.thread ?? item.id,
                    matters: item.matters, heavy: item.heavy, covered: item.covered, note: item.note, title: item.title,
                    body: item.body + "\n" + reference.words + "\n" + reference.transcript), for: choices, on: surface)
            return item
        }
    }

    // Sending

    public func sendPiece(
        _ draft: Draft, _ piece: PieceDraft, from person: Person, in room: RoomRow, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        var draft = draft
        draft.key = "pieces \(room.id) \(press(draft.key, draft.title + draft.body))"
        if let earlier = try first(
            "SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)", { try $0.id(Item.self) })
        {
            return .already(earlier)
        }
        guard may(Viewer(person: person), read: room), room.format == .stories else { return .gone }
        let author = try author(person, in: room)
        let decision = gate(assessment, by: author, in: try place(of: room, hoursOpen), now: now)
        if case .refuse(let why) = decision { return .refused(why) }
        if try isTurnedAway(person, room, assessment) { return .refused(.full) }
        let first = try piece.goesOn.flatMap { earlier in try beginnings(of: person, in: room).first { $0.id == earlier }?.first }
        // Without a name that would join what nobody signed.
        guard piece.goesOn == nil || first != nil && draft.voice != .anonymous else { return .refused(.noBeginning) }
        if draft.voice == .name { try comeBack(person) }
        let id = try insert(draft, by: Writer(person), room: room, decision: decision, assessment: assessment, asker: nil)
        try addPiece(id, piece, partOf: first, band: person.band, interview: false, narrator: piece.isFinal, key: person.contentKey)
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: true)
        return .kept(id, decision.state ?? .waiting)
    }

    /// Every piece is read before it is up, whatever its room does with other words.
    private func place(of room: RoomRow, _ hoursOpen: Bool) throws -> Place {
        var form = room.form
        form.moderation = .before
        return Place(
            form: form, isReply: false, isOwnThread: true, isOpenNow: hoursOpen, someoneOnDuty: try isSomeoneOnDuty(for: room),
            languages: ["en"])
    }

    /// One's own pieces here that are up under the name one writes in: from each of them another can go on. `first`: of its parts.
    public func beginnings(of person: Person, in room: RoomRow) throws -> [(id: ID<Item>, first: ID<Item>, title: String)] {
        try rows(
            """
            SELECT i.id, COALESCE(p.part_of, i.id), i.title FROM piece p JOIN item i ON i.id = p.item
            WHERE i.room = \(room.id) AND i.account = \(person.account) AND i.name = \(person.name) AND i.state = 'shown'
              AND i.voice IN ('name', 'staff') AND p.interview = \(false) ORDER BY i.seq DESC LIMIT 20
            """
        ) { (try $0.id(), try $0.id(), $0.textIfAny() ?? "") }
    }

    /// The parts that this reader sees, in their order; empty where it stands alone.
    func parts(of item: ID<Item>, _ piece: PieceRow, in room: RoomRow, for viewer: Viewer, choices: ReaderChoices) throws -> [ItemView] {
        let first = piece.partOf ?? item
        let found = try items(
            """
            (i.id = \(first) OR i.id IN (SELECT item FROM piece WHERE part_of = \(first))) AND i.room = \(room.id) AND i.state = 'shown'
              ORDER BY i.seq LIMIT 50
            """, for: viewer, choices: choices, on: .room, rooms: [room.id]
        )
        let all = filtered(found, try pieces(found.map(\.id)), choices: choices, on: .room)
            .filter { if case .hide = $0.sight { false } else { true } }
        return all.count > 1 ? all : []
    }

    private func addPiece(
        _ id: ID<Item>, _ piece: PieceDraft, partOf: ID<Item>? = nil, band: AgeBand?, interview: Bool, narrator: Bool, key: ContentKey
    ) throws {
        let reference = try piece.reference.map {
            try key.seal(SealedWords(title: $0.words, body: $0.transcript).joined, for: "reference \(id)")
        }
        try run(
            """
            INSERT INTO piece (item, form, narrator_band, since, now_is, reference_kind, reference, interview, narrator_at, part_of)
            VALUES (\(id), \(piece.form), \(band), \(piece.since), \(piece.nowIs), \(piece.reference?.kind), \(reference),
                    \(interview), \(narrator ? now : nil), \(partOf))
            """)
    }

    /// From a talk, written by one of the staff: the narrator's words and the narrator's item, which goes up with their yes alone.
    public func addInterview(
        _ draft: Draft, _ piece: PieceDraft, of narrator: ID<Account>, in room: RoomRow, assessment: Assessment, by editor: Person
    ) throws -> ID<Item>? {
        let found = try first(
            """
            SELECT n.id, a.band, a.content_key FROM account a JOIN name n ON n.account = a.id AND n.place = 1
            WHERE a.id = \(narrator) AND a.kind = 'member' AND a.erased_at IS NULL
            """
        ) { (try $0.id(Name.self), try $0.wordIfAny(AgeBand.self), $0.bytesIfAny()) }
        guard let (name, band, wrapped) = found, let wrapped, let band, room.form.bands.contains(band) else { return nil }
        let writer = Writer(account: narrator, name: name, contentKey: try keys.contentKey(wrapped))
        var draft = draft
        draft.key = "interview \(press(draft.key, draft.title + draft.body))"
        if let earlier = try first(
            "SELECT id FROM item WHERE account = \(narrator) AND request_key = \(draft.key)", { try $0.id(Item.self) })
        {
            return earlier
        }
        let id = try insert(draft, by: writer, room: room, decision: .wait(.narrator, .none), assessment: assessment, asker: nil)
        try addPiece(id, piece, band: band, interview: true, narrator: false, key: writer.contentKey)
        try run("UPDATE piece SET editor_at = \(now), editor = \(editor.account) WHERE item = \(id)")
        try notify(narrator, .piece, item: id, about: ID(raw: id.raw))
        return id
    }

    // Two who say yes

    /// One of the staff said yes to the words as they stand. True where the piece goes on waiting: for the narrator, or for its day.
    /// Only for a piece: `putUp` asks.
    func waitsForNarratorOrDay(_ id: ID<Item>, by editor: Person) throws -> Bool {
        try run("UPDATE piece SET editor_at = \(now), editor = \(editor.account) WHERE item = \(id)")
        return try !takeStep(id)
    }

    /// True where the next step is to be up.
    private func takeStep(_ id: ID<Item>) throws -> Bool {
        guard let piece = try piece(id) else { return true }
        switch piece.step(now: now) {
        case .publish: return true
        case .day: try setState(id, .waiting, reason: WaitReason.day.rawValue)
        case .narrator:
            try setState(id, .waiting, reason: WaitReason.narrator.rawValue)
            if let account = try first("SELECT account FROM item WHERE id = \(id)", { try $0.id(Account.self) }) {
                try notify(account, .piece, item: id, about: ID(raw: id.raw))
            }
        case .editor:
            try setState(id, .waiting, reason: WaitReason.readFirst.rawValue)
            try askEditor(id)
        }
        return false
    }

    /// It waits for an editor, so it is in somebody's queue.
    private func askEditor(_ id: ID<Item>) throws {
        let found = try first("SELECT account, room FROM item WHERE id = \(id)") { (try $0.id(Account.self), $0.idIfAny(Room.self)) }
        guard let (account, place) = found, let place, let room = try roomItself(place) else { return }
        try openOrJoin(
            CaseOpening(
                kind: .review, subject: ID(raw: id.raw), room: room.id, item: id, account: account,
                facts: CaseFacts(level: .low, young: room.form.isUnder18), organisation: room.organisation, by: "author",
                code: WaitReason.readFirst.rawValue))
    }

    /// What lies before the narrator, in short: the words as they stand and an editor's version. Their yes is to these and no others.
    public func seen(_ id: ID<Item>, by person: Person) throws -> String {
        let version = try proposal(for: id, to: person).map { SealedWords(title: $0.title, body: $0.body).joined } ?? ""
        return press("piece", (try words(of: id)?.joined ?? "") + "\0" + version).filter { $0 != " " }
    }

    /// The narrator says yes to the words as they stand, also beside an editor's version. Nil where there is nothing to say yes to.
    public func approvePiece(_ id: ID<Item>, by person: Person) throws -> ItemState? {
        let isTheirs = try exists(
            "SELECT 1 FROM piece p JOIN item i ON i.id = p.item WHERE i.id = \(id) AND i.account = \(person.account) AND i.state = 'waiting'"
        )
        guard isTheirs else { return nil }
        try run("UPDATE piece SET narrator_at = COALESCE(narrator_at, \(now)), proposal = NULL WHERE item = \(id)")
        if try takeStep(id) { try setState(id, .shown, reason: nil) }
        return try first("SELECT state FROM item WHERE id = \(id)") { try $0.word(ItemState.self) }
    }

    /// Words of a piece were changed by somebody else: the narrator's yes was to others, and so was the editor's.
    func narratorReadsAgain(_ id: ID<Item>) throws {
        try run("UPDATE piece SET narrator_at = NULL, editor_at = NULL, proposal = NULL WHERE item = \(id)")
    }

    /// Other words: an editor looks anew; whoever called the first ones final calls these so too.
    func pieceChanged(_ id: ID<Item>, narratorSaidYes: Bool) throws {
        try run(
            """
            UPDATE piece SET editor_at = NULL, editor = NULL, proposal = NULL, narrator_at = \(narratorSaidYes ? now : nil) WHERE item = \(id)
            """)
    }

    /// An editor's version, sealed for the narrator, who takes it or does not.
    public func propose(title: String, body: String, for id: ID<Item>, by editor: Person) throws -> Bool {
        let found = try first(
            "SELECT i.account, a.content_key FROM piece p JOIN item i ON i.id = p.item JOIN account a ON a.id = i.account WHERE i.id = \(id) AND i.state IN ('waiting', 'returned')",
            { (try $0.id(Account.self), $0.bytesIfAny()) })
        guard let (account, wrapped) = found, let wrapped, account != editor.account else { return false }
        let sealed = try keys.contentKey(wrapped).seal(SealedWords(title: title, body: body).joined, for: "proposal \(id)")
        try run(
            // Their yes is to this version alone: the words as they stand are still to be read.
            "UPDATE piece SET proposal = \(sealed), editor_at = NULL, editor = \(editor.account), narrator_at = NULL WHERE item = \(id)")
        try setState(id, .waiting, reason: WaitReason.narrator.rawValue)
        if let open = try openCase(about: ID(raw: id.raw)) {
            try append(.noted, to: open, actor: editor.account, role: "editor", code: "proposed")
        }
        try notify(account, .piece, item: id, about: ID(raw: id.raw))
        return true
    }

    public func proposal(for id: ID<Item>, to person: Person) throws -> (title: String, body: String)? {
        let sealed = try first(
            "SELECT p.proposal FROM piece p JOIN item i ON i.id = p.item WHERE i.id = \(id) AND i.account = \(person.account)",
            { $0.bytesIfAny() })
        guard let sealed = sealed ?? nil else { return nil }
        let words = SealedWords(try person.contentKey.open(sealed, for: "proposal \(id)"))
        return (words.title, words.body)
    }

    /// The narrator takes an editor's version: both have said yes to it.
    public func takeProposal(_ id: ID<Item>, by person: Person) throws -> ItemState? {
        guard let words = try proposal(for: id, to: person), let old = try self.words(of: id),
            try exists("SELECT 1 FROM item WHERE id = \(id) AND account = \(person.account) AND state = 'waiting'")
        else { return nil }
        try setWords(of: id, SealedWords(title: words.title, body: words.body, note: old.note))
        try run("UPDATE piece SET proposal = NULL, narrator_at = \(now), editor_at = \(now) WHERE item = \(id)")
        return try approvePiece(id, by: person)
    }

    // Days

    public func schedule(_ id: ID<Item>, at moment: Instant?) throws -> Bool {
        let set = try change(
            "UPDATE piece SET publish_at = \(moment) WHERE item = \(id) AND EXISTS (SELECT 1 FROM item i WHERE i.id = piece.item AND i.state IN ('waiting', 'held', 'returned'))"
        )
        guard set == 1 else { return false }
        let isWaiting = try exists("SELECT 1 FROM item WHERE id = \(id) AND state = 'waiting' AND reason IN ('day', 'narrator')")
        if isWaiting, try takeStep(id) { try setState(id, .shown, reason: nil) }
        return true
    }

    /// A closed room keeps what is planned for it until it is open again.
    private static let isOpen: SQL = "r.opened_at IS NOT NULL AND r.closed_at IS NULL"

    public func piecesAreDue() throws -> Bool {
        try exists(
            """
            SELECT 1 FROM piece p JOIN item i ON i.id = p.item JOIN room r ON r.id = i.room
            WHERE p.publish_at <= \(now) AND i.state = 'waiting' AND i.reason = 'day' AND \(Self.isOpen) LIMIT 1
            """)
    }

    public func publishDue() throws {
        for id in try rows(
            """
            SELECT i.id FROM piece p JOIN item i ON i.id = p.item JOIN room r ON r.id = i.room
            WHERE p.publish_at <= \(now) AND i.state = 'waiting' AND i.reason = 'day' AND \(Self.isOpen) LIMIT 20
            """, { try $0.id(Item.self) })
        {
            // What is published, or never will be, is looked at no more.
            try run("UPDATE piece SET publish_at = NULL WHERE item = \(id)")
            let isAlive = try exists("SELECT 1 FROM item i JOIN account a ON a.id = i.account WHERE i.id = \(id) AND a.erased_at IS NULL")
            guard isAlive else { continue }
            try setState(id, .shown, reason: nil)
        }
    }

    /// What is planned for a room: pieces with a day, in its order.
    public func planned(in room: ID<Room>) throws -> [(item: ID<Item>, by: String, at: Instant, ready: Bool)] {
        try rows(
            """
            SELECT i.id, n.shown, p.publish_at, i.reason FROM piece p JOIN item i ON i.id = p.item JOIN name n ON n.id = i.name
            WHERE i.room = \(room) AND p.publish_at IS NOT NULL AND i.state = 'waiting' ORDER BY p.publish_at LIMIT 60
            """
        ) { (try $0.id(), try $0.text(), try $0.instant(), $0.textIfAny() == WaitReason.day.rawValue) }
    }
}
