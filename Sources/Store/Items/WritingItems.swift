import Foundation
import Rules
import Screening

/// Words on their way in.
public struct Draft: Sendable {
    public var kind: ItemKind
    public var thread: ID<Item>?
    public var voice: Voice
    public var title: String
    public var body: String
    public var wants: Wants?
    public var mood: String?
    public var note: String?
    public var topics: [String]
    public var matters: [String]
    public var heavy: Bool
    public var key: String
    /// In a room of reappraisal: which of the three kinds of answer this is.
    public var response: ResponseKind?
    public var pattern: ThinkingPattern?

    public init(
        kind: ItemKind, thread: ID<Item>?, voice: Voice, title: String, body: String, wants: Wants?,
        mood: String?, note: String?, topics: [String], matters: [String], heavy: Bool, key: String,
        response: ResponseKind? = nil, pattern: ThinkingPattern? = nil
    ) {
        self.kind = kind
        self.thread = thread
        self.voice = voice
        self.title = title
        self.body = body
        self.wants = wants
        self.mood = mood
        self.note = note
        self.topics = topics
        self.matters = matters
        self.heavy = heavy
        self.key = key
        self.response = response
        self.pattern = pattern
    }
}

/// Whose words: what an item needs to know of its writer.
struct Writer {
    let account: ID<Account>
    let name: ID<Name>
    let contentKey: ContentKey

    init(account: ID<Account>, name: ID<Name>, contentKey: ContentKey) {
        (self.account, self.name, self.contentKey) = (account, name, contentKey)
    }
    init(_ person: Person) { self.init(account: person.account, name: person.name, contentKey: person.contentKey) }
}

public enum SendOutcome: Sendable, Equatable {
    case kept(ID<Item>, ItemState)
    /// The same press again: the item it already made.
    case already(ID<Item>)
    case refused(GateRefusal)
    /// Too new here to reach one person alone.
    case notYet(NotYetHere)
    case gone
}

extension Transaction {
    /// One way in for every word: door, gate, carry out, enqueue; all in this transaction.
    public func send(
        _ draft: Draft, from person: Person, in room: RoomRow, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        // A key counts for one place and for the same words: in another thread, or with words that were changed since, it is
        // another item.
        var draft = draft
        let words = "\(draft.voice.rawValue) " + SealedWords(title: draft.title, body: draft.body, note: draft.note).joined
        draft.key = "\(draft.thread?.description ?? room.id.description) \(press(draft.key, words))"
        let known = try placing(draft, person, room)
        if let earlier = known.earlier { return .already(earlier) }
        guard may(Viewer(person: person), read: room) else { return .gone }
        if known.hasErased || draft.thread != nil && (known.asker == nil || known.blocked) { return .gone }
        let author = known.author
        let crowd = crowdPart(room, isReply: draft.thread != nil, asker: known.asker, writer: person.account)
        if crowd == .response, !author.isStaff, draft.response == nil { return .refused(.kindFirst) }
        var form = try formInForce(of: room)
        // In a thread of their own they go on to its end, also where nobody as young may begin one any more.
        if known.asker == person.account { form.bands = room.form.bands }
        let place = Place(
            form: form, isReply: draft.thread != nil, isOwnThread: known.asker == person.account,
            isOpenNow: hoursOpen, someoneOnDuty: known.onDuty, languages: ["en"], crowd: crowd)
        let decision = gate(assessment, by: author, in: place, now: now)
        if case .refuse(let why) = decision { return .refused(why) }
        if known.isSlowed, !author.isStaff, !isInDanger(assessment) { return .refused(.slow) }
        if known.asker != person.account, try isTurnedAway(person, room, thread: draft.thread, assessment) { return .refused(.full) }
        if draft.voice == .name { try comeBack(person) }
        let id = try insert(draft, by: Writer(person), room: room, decision: decision, assessment: assessment, asker: known.asker)
        if crowd == .response, let kind = draft.response {
            try addResponse(id, kind, draft.pattern, judged: decision.code == WaitReason.judging.rawValue)
        }
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: true)
        return .kept(id, decision.state ?? .waiting)
    }

    /// A full room is read by others, and written in by those who are in it, by staff and by supporters who help there; danger is
    /// never turned away.
    func isTurnedAway(_ person: Person, _ room: RoomRow, thread: ID<Item>? = nil, _ assessment: Assessment) throws -> Bool {
        guard !room.joined, !person.staff.may(.answer, at: room.place, now: now), !isInDanger(assessment), try isFull(room) else {
            return false
        }
        return try thread.map { try !isHelping(person, with: $0) } ?? true
    }

    /// The same, of an item that stands already: a plain reply that came here with its thread is no response.
    func crowdPart(of item: ItemView, in room: RoomRow, writer: ID<Account>) throws -> CrowdPart {
        let asker = try item.thread.flatMap { try first("SELECT account FROM item WHERE id = \($0)") { try $0.id(Account.self) } }
        let part = crowdPart(room, isReply: item.thread != nil, asker: asker, writer: writer)
        guard part == .response else { return part }
        return try exists("SELECT 1 FROM response WHERE item = \(item.id)") ? .response : .none
    }

    private func crowdPart(_ room: RoomRow, isReply: Bool, asker: ID<Account>?, writer: ID<Account>) -> CrowdPart {
        switch room.format {
        case .forum, .questions, .letters, .stories: .none
        // Whoever asked says more of their own situation: that is no more for a crowd than the first words were.
        case .reappraisal: !isReply || asker == writer ? .situation : .response
        }
    }

    /// Letters and pieces are read before they go out, whatever their room does with other words.
    func form(of room: RoomRow, for kind: ItemKind, isReply: Bool) throws -> RoomForm {
        var form = try formInForce(of: room)
        if kind == .message || !isReply && room.format == .stories { form.moderation = .before }
        return form
    }

    public func formInForce(of room: RoomRow) throws -> RoomForm {
        guard room.form.isUnder18, room.form.moderation != .before || room.format.isForAdults else { return room.form }
        let rows = try loosened(room.organisation).filter { $0.reviewAt > now }
        return inForce(room.form, format: room.format, loosened: Set(rows.compactMap { Loosenable(rawValue: $0.rule) }))
    }

    /// A block holds for every voice of the blocked account, and looks to it like something that is not there.
    /// It holds for words under the blocker's first name alone: if anonymous ones refused too, trying would tell whose they are.
    func isBlocked(_ person: Person, from item: ID<Item>) throws -> Bool {
        try exists(blocks(of: person, on: "\(item)"))
    }

    func blocks(of person: Person, on item: SQL) -> SQL {
        """
        SELECT 1 FROM item i JOIN name n ON n.id = i.name JOIN muted m ON m.account = i.account
        WHERE i.id = \(item) AND i.voice = 'name' AND n.place = 1 AND m.voice_account = \(person.account) AND m.kind = 'block'
          AND \(!person.isStaff)
        """
    }

    /// What must be known before anything is kept.
    private struct Placing {
        /// The same press, kept earlier.
        let earlier: ID<Item>?
        /// Who began the thread, through the door: nobody answers what they can not see.
        let asker: ID<Account>?
        let blocked: Bool
        /// In a thread that was slowed, and their last answer is not long enough ago.
        let isSlowed: Bool
        let onDuty: Bool
        /// Everything of theirs went while this was on its way: nobody could take it down any more.
        let hasErased: Bool
        let author: Author
    }

    /// In one statement: each of its own would be a round trip while the writer waits.
    private func placing(_ draft: Draft, _ person: Person, _ room: RoomRow) throws -> Placing {
        let rooms = may(Viewer(person: person), read: room) ? [room.id] : []
        let thread = draft.thread ?? ID(raw: -1)  // nobody's
        let found = try first(
            """
            SELECT (SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)),
                   (SELECT i.account FROM item i JOIN name n ON n.id = i.name
                    WHERE i.id = \(thread) AND i.room = \(room.id) AND i.thread IS NULL
                      AND \(Self.visible(to: Viewer(person: person), in: rooms, now: now))),
                   EXISTS (\(blocks(of: person, on: "\(thread)"))), EXISTS (\(slows(person.account, in: thread))), EXISTS (\(hereFor(room))),
                   EXISTS (SELECT 1 FROM account WHERE id = \(person.account) AND erased_at IS NOT NULL), \(authorColumns(person.account))
            """
        ) { row in
            Placing(
                earlier: row.idIfAny(), asker: row.idIfAny(), blocked: try row.bool(), isSlowed: try row.bool(), onDuty: try row.bool(),
                hasErased: try row.bool(), author: try readAuthor(&row, person, room))
        }
        guard let found else { throw StoreFault.unreadable("the place of an item") }
        return found
    }

    func authorColumns(_ account: ID<Account>) -> SQL {
        // How many items stand (up to the five that are read first), until when writing is paused, and whether it is suspended.
        """
        (SELECT count(*) FROM (SELECT 1 FROM item WHERE account = \(account) AND state = 'shown' AND kind <> 'message'
                               LIMIT \(number: Author.firstItemsRead)) AS standing),
        (SELECT max(ends_at) FROM sanction WHERE account = \(account) AND lifted_at IS NULL AND ends_at > \(now)
           AND step IN ('pause-2-weeks', 'pause-1-month', 'leave-for-good')),
        EXISTS (SELECT 1 FROM "case" WHERE subject = \(account) AND kind = 'suspended' AND closed_at IS NULL)
        """
    }

    func readAuthor(_ row: inout Row, _ person: Person, _ room: RoomRow) throws -> Author {
        Author(
            band: person.band, isStaff: person.staff.may(.answer, at: room.place, now: now),
            standing: try row.count(), pausedUntil: row.instantIfAny(), suspended: try row.bool())
    }

    public func author(_ person: Person, in room: RoomRow) throws -> Author {
        let found = try first("SELECT \(authorColumns(person.account))") { try readAuthor(&$0, person, room) }
        guard let found else { throw StoreFault.unreadable("the author's standing") }
        return found
    }

    func insert(
        _ draft: Draft, by person: Writer, room: RoomRow, decision: GateDecision, assessment: Assessment, asker: ID<Account>?
    ) throws -> ID<Item> {
        let state = decision.state ?? .waiting
        let reason: String? =
            switch decision {
            case .wait(let why, _): why.rawValue
            case .hold(let why, _): why.rawValue
            case .show, .showAndQueue, .refuse: nil
            }
        // A time-ordered id would tell the second of an anonymous item and link it to its neighbours.
        let id: ID<Item> = draft.voice == .anonymous ? ids.unlinkable() : ids.timed()
        let shown = state == .shown
        let words = SealedWords(title: draft.title, body: draft.body, note: draft.note)
        let sealed = shown ? nil : try person.contentKey.seal(words.joined, for: "item \(id)")
        try run(
            """
            INSERT INTO item (id, organisation, kind, room, version, thread, account, name, voice, state, reason, wants,
                              mood, title, body, sealed, note, matters, topics, covered, heavy, answered_back,
                              request_key, retention, made_at, shown_at, language)
            VALUES (\(id), \(room.organisation), \(draft.kind), \(room.id), \(room.form.version), \(draft.thread),
                    \(person.account), \(person.name), \(draft.voice), \(state), \(reason), \(draft.wants), \(draft.mood),
                    \(shown ? draft.title : nil), \(shown ? draft.body : nil), \(sealed), \(shown ? draft.note : nil),
                    \(barred(draft.matters)), \(barred(draft.topics)), \(false), \(draft.heavy), \(false),
                    \(draft.key), 'post', \(now), \(shown ? now : nil), \(assessment.language.code))
            """)
        if shown {
            try appeared(id, thread: draft.thread, asker: asker, account: person.account, draft.title, draft.body)
        } else if let thread = draft.thread, asker != person.account {
            try answerWaits(thread, by: person.account)
        }
        if !assessment.concerns.isEmpty || assessment.completeness != .whole {
            try keep(assessment, of: id, key: person.contentKey)
            try noteWorry(assessment, in: id, account: person.account, room: room.id, organisation: room.organisation)
            if state == .shown || state == .waiting {
                try noteCourse(of: draft.thread, assessment, room: room.id, organisation: room.organisation)
            }
        }
        return id
    }

    /// `worries`: does it count towards a pattern? Words that were weighed elsewhere count there.
    func keep(_ assessment: Assessment, of item: ID<Item>, key: ContentKey, worries: Bool = true) throws {
        let json = String(decoding: try JSONEncoder().encode(assessment), as: UTF8.self)
        let sealed = try key.seal(json, for: "assessment \(item)")
        try run(
            """
            INSERT INTO assessment (item, version, level, worry, sealed)
            VALUES (\(item), \(assessment.version), \(caseLevel(of: assessment).rawValue), \(worries ? worry(of: assessment).rawValue : 0), \(sealed))
            ON CONFLICT (item) DO UPDATE SET version = excluded.version, level = excluded.level, worry = excluded.worry,
              sealed = excluded.sealed
            """)
    }

    /// One arm for each decision and no conditions: conditions belong to `gate`.
    func carryOut(
        _ decision: GateDecision, for item: ID<Item>, account: ID<Account>, room: RoomRow, author: Author, draft: Draft, isNew: Bool
    ) throws {
        guard let level = decision.caseLevel else { return }
        let facts = CaseFacts(
            level: level, newHere: author.standing < Author.firstItemsRead, young: room.form.isUnder18,
            promised: draft.thread == nil && draft.wants != .noReply)
        let kind: CaseKind =
            switch decision {
            case .hold(.risk, _): .risk
            case .show, .showAndQueue, .wait, .hold, .refuse: level == .urgent ? .risk : .review
            }
        let opening = CaseOpening(
            kind: kind, subject: ID(raw: item.raw), room: room.id, item: item, account: account, facts: facts,
            organisation: room.organisation, by: "screen", code: decision.code)
        // What was written in this very transaction has no case yet: to ask would be a round trip while its writer waits.
        if isNew { try open(opening) } else { try openOrJoin(opening) }
    }

    /// What follows from being seen: the index, the thread's count, a notice to the asker (whoever began the thread).
    func appeared(
        _ id: ID<Item>, thread: ID<Item>?, asker: ID<Account>?, account: ID<Account>, _ title: String, _ body: String
    ) throws {
        try indexWords(of: id, title: title, body: body)
        try linkEvidence(in: id, thread: thread, title: title, body: body)
        guard let thread, let asker else { return try openPost(id) }
        if asker == account {
            try run("UPDATE item SET replies = replies + 1, answered_back = (answered_back OR replies > 0) WHERE id = \(thread)")
        } else {
            try run("UPDATE item SET replies = replies + 1 WHERE id = \(thread)")
            try answered(thread, by: account)
            try notify(asker, .answered, item: thread, about: ID(raw: thread.raw))
        }
    }

    /// The only way an item changes state. Words are clear and findable while shown and sealed at all other times. What
    /// its author took back, nobody shows again: the answer, how it stands now, is nil.
    @discardableResult
    public func setState(_ id: ID<Item>, _ state: ItemState, reason: String?) throws -> ItemState? {
        let found = try first(
            """
            SELECT seq, account, thread, (SELECT t.account FROM item t WHERE t.id = item.thread), state, title, body, note,
                   sealed, kind FROM item WHERE id = \(id)
            """
        ) { row in
            (
                try row.int(), try row.id(Account.self), row.idIfAny(Item.self), row.idIfAny(Account.self), try row.word(ItemState.self),
                SealedWords(title: row.textIfAny() ?? "", body: row.textIfAny() ?? "", note: row.textIfAny()),
                row.bytesIfAny(), try row.word(ItemKind.self)
            )
        }
        guard let (seq, account, thread, asker, old, clear, sealed, kind) = found else { return nil }
        guard old != state else {
            try run("UPDATE item SET reason = \(reason) WHERE id = \(id)")
            return state
        }
        // A message in a conversation has no such road: it is sealed for good, and only erasure takes it away. A letter is sealed and has one.
        if kind == .message { return try setLetterState(id, from: old, to: state, reason: reason) }
        guard old != .erased, old != .withdrawn else { return nil }
        guard let key = try contentKey(of: account) else {
            // Their key went with everything else of theirs: words that slipped in beside that go too.
            try eraseWords(id)
            return .erased
        }
        switch (old, state) {
        case (.shown, _):
            try unindexWords(seq: seq, title: clear.title, body: clear.body)
            try unlinkEvidence(in: id)
            try run(
                """
                UPDATE item SET state = \(state), reason = \(reason), title = NULL, body = NULL, note = NULL,
                  sealed = \(try key.seal(clear.joined, for: "item \(id)")) WHERE id = \(id)
                """)
            if let thread {
                try run("UPDATE item SET replies = replies - 1 WHERE id = \(thread) AND replies > 0")
                try unanswered(thread)
            } else {
                try closePost(id)
            }
        case (_, .shown):
            guard let sealed else { return nil }
            let words = SealedWords(try key.open(sealed, for: "item \(id)"))
            try run(
                """
                UPDATE item SET state = 'shown', reason = \(reason), title = \(words.title), body = \(words.body),
                  note = \(words.note), sealed = NULL, shown_at = COALESCE(shown_at, \(now)) WHERE id = \(id)
                """)
            try appeared(id, thread: thread, asker: asker, account: account, words.title, words.body)
        case (_, _):
            try run("UPDATE item SET state = \(state), reason = \(reason) WHERE id = \(id)")
        }
        return state
    }

    /// False, with nothing written, when the author has blocked whoever sends it.
    public func addSupport(_ word: SupportWord, to item: ID<Item>, from person: Person) throws -> Bool {
        let author = try first("SELECT account FROM item WHERE id = \(item)") { try $0.id(Account.self) }
        guard let author, !person.hasLeft, try !isBlocked(person, from: item) else { return false }
        try run(
            """
            INSERT INTO support (item, name, account, word, made_at)
            VALUES (\(item), \(person.name), \(person.account), \(word), \(now))
            ON CONFLICT (item, account) DO UPDATE SET word = excluded.word
            """)
        if author != person.account { try notify(author, .support, item: item, about: ID(raw: item.raw)) }
        return true
    }

    public func removeSupport(from item: ID<Item>, by person: Person) throws {
        try run("DELETE FROM support WHERE item = \(item) AND account = \(person.account)")
    }
}

extension Language {
    /// As it is kept with an item; nil is too short to tell.
    var code: String? {
        switch self {
        case .tooShortToTell: nil
        case .known(let code): code
        case .other: "und"
        }
    }
}

extension GateDecision {
    var code: String {
        switch self {
        case .show: "shown"
        case .showAndQueue: "shown-and-queued"
        case .wait(let why, _): why.rawValue
        case .hold(let why, _): why.rawValue
        case .refuse(let why): why.rawValue
        }
    }
}
