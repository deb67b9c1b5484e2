import Rules
import Screening

// An item that stands already: changed, masked, taken back.

extension Transaction {
    /// Changed and taken back like any words: not messages of a conversation, which stand in no room.
    private static let hasARoad: SQL = "(kind <> 'message' OR room IS NOT NULL)"

    /// New words for an item, by its author or by masking: the state is set anew by the caller's decision.
    func setWords(of id: ID<Item>, _ words: SealedWords) throws {
        let found = try first("SELECT seq, account, state, title, body FROM item WHERE id = \(id) AND \(Self.hasARoad)") { row in
            (try row.int(), try row.id(Account.self), try row.word(ItemState.self), row.textIfAny(), row.textIfAny())
        }
        guard let (seq, account, state, oldTitle, oldBody) = found, let key = try contentKey(of: account) else { return }
        if state == .shown {
            try unindexWords(seq: seq, title: oldTitle ?? "", body: oldBody ?? "")
            try indexWords(of: id, title: words.title, body: words.body)
            try relinkEvidence(
                in: id, thread: try first("SELECT thread FROM item WHERE id = \(id)") { $0.idIfAny() } ?? nil, title: words.title,
                body: words.body)
            try run(
                """
                UPDATE item SET title = \(words.title), body = \(words.body), note = \(words.note), edited_at = \(now)
                WHERE id = \(id)
                """)
        } else {
            try run(
                "UPDATE item SET sealed = \(try key.seal(words.joined, for: "item \(id)")), edited_at = \(now) WHERE id = \(id)")
        }
    }

    /// The words as they are now, whatever the state. Nil when they are gone.
    func words(of id: ID<Item>) throws -> SealedWords? {
        let found = try first("SELECT account, title, body, note, sealed FROM item WHERE id = \(id) AND state <> 'erased'") { row in
            (
                try row.id(Account.self), SealedWords(title: row.textIfAny() ?? "", body: row.textIfAny() ?? "", note: row.textIfAny()),
                row.bytesIfAny()
            )
        }
        guard let (account, clear, sealed) = found else { return nil }
        guard let sealed else { return clear }
        return try contentKey(of: account).map { SealedWords(try $0.open(sealed, for: "item \(id)")) }
    }

    /// The author changes their words: they take the road again, from the start. A case stays, keeps the words as they
    /// were, and has changed for whoever was looking at it. Labels are only added: taking one off is a person's decision.
    public func edit(
        _ id: ID<Item>, by person: Person, title: String, body: String, note: String?, topics: [String],
        matters: [String], heavy: Bool, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        guard let (item, room) = try item(id, visibleTo: Viewer(person: person), choices: ReaderChoices(matters: [:])),
            item.isMine, item.state.mayBeChangedByAuthor, may(Viewer(person: person), read: room),
            try item.kind != .message || item.state != .shown && isLetterAlive(id, of: person.account)  // a delivered one is the other's
        else { return .gone }
        // What a new answer could not reach, an old one does not either. A question that is in the column stands there in other words.
        if let thread = item.thread, try isBlocked(person, from: thread) { return .gone }
        if try exists("SELECT 1 FROM column_question WHERE item = \(id) AND published IS NOT NULL") { return .gone }
        let title = item.thread == nil && item.kind != .message ? title : ""  // replies and letters have none
        let note = try item.thread != nil && exists("SELECT 1 FROM response WHERE item = \(id)") ? nil : note  // judges would not see it
        let before = SealedWords(title: item.title, body: item.body, note: item.note)
        // The same words again, by a second press or an old tab: nothing is written twice. What was given back goes on its way.
        if before == SealedWords(title: title, body: body, note: note), item.state != .returned,
            Set(topics).isSubset(of: item.topics.map(String.init))
        {
            return .already(id)
        }
        let topics = Set(item.topics.map(String.init)).union(topics).sorted()
        let matters = Set(item.matters.map(String.init)).union(matters).sorted()
        let author = try author(person, in: room)
        var form = try form(of: room, for: item.kind, isReply: item.thread != nil)
        form.bands = room.form.bands  // what was begun there is theirs to finish
        let place = Place(
            form: form, isReply: item.thread != nil, isOwnThread: true,
            isOpenNow: hoursOpen,
            someoneOnDuty: try isSomeoneOnDuty(for: room), languages: ["en"],
            crowd: try crowdPart(of: item, in: room, writer: person.account))
        var decision = gate(assessment, by: author, in: place, now: now)
        if case .refuse(let why) = decision { return .refused(why) }
        // What a person is deciding about goes on waiting for that person, however harmless the new words look.
        if decision.state == .shown, item.state != .shown { decision = .wait(.readFirst, decision.caseLevel ?? .none) }
        // What a person holds, or is asked about, goes before no judge however kind the new words look.
        if case .wait(.judging, let level) = decision, try item.state == .held || openCase(about: ID(raw: id.raw)) != nil {
            decision = .wait(.readFirst, level)
        }
        if item.state == .shown, decision.state != .shown { try setState(id, decision.state ?? .waiting, reason: decision.code) }
        try setWords(of: id, SealedWords(title: title, body: body, note: note))
        try run("DELETE FROM verdict WHERE item = \(id)")  // said of other words
        if place.crowd == .response { try responseChanged(id) }
        if room.format == .stories, item.thread == nil { try pieceChanged(id, narratorSaidYes: piece(id)?.narratorSaidYes ?? true) }
        try run(
            """
            UPDATE item SET topics = \(barred(topics)), matters = \(barred(matters)), heavy = \(item.heavy || heavy),
              language = \(try languageKept(assessment.language.code, of: id)) WHERE id = \(id)
            """)
        if item.state != .shown { try setState(id, decision.state ?? .waiting, reason: decision.code) }
        try keep(assessment, of: id, key: person.contentKey)
        try noteWorry(assessment, in: id, account: person.account, room: room.id, organisation: room.organisation)
        if decision.state == .shown || decision.state == .waiting {
            try noteCourse(of: item.thread, assessment, room: room.id, organisation: room.organisation)
        }
        let draft = Draft(
            kind: item.kind, thread: item.thread, voice: item.voice, title: title, body: body,
            wants: item.wants, mood: nil, note: note, topics: topics, matters: matters, heavy: item.heavy || heavy, key: "")
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: false)
        if let open = try openCase(about: ID(raw: id.raw)) {
            try append(.edited, to: open, actor: nil, role: "author", code: decision.code, words: before.whole)
            try run("UPDATE \"case\" SET version = version + 1 WHERE id = \(open)")
        }
        return .kept(id, decision.state ?? .waiting)
    }

    /// Where a person said which language it is, that stands while the screening says what it said then, or finds too little to tell.
    private func languageKept(_ found: String?, of item: ID<Item>) throws -> String? {
        guard let said = try languageSaid(of: item), try language(of: item) == said.language, found == nil || found == said.over else {
            return found
        }
        return said.language
    }

    /// Words of somebody in danger that have no place to stand (their thread is gone, the room is for others): not kept as an
    /// item, and read by a person all the same.
    public func hearDanger(_ words: String, level: Level, from person: Person) throws {
        let open = try openOrJoin(
            CaseOpening(
                kind: .risk, subject: ID(raw: person.account.raw), account: person.account, facts: CaseFacts(level: max(level, .high)),
                organisation: person.organisation, by: "screen", code: "no-place-for-it"))
        try append(.noted, to: open, actor: nil, role: "author", code: "no-place-for-it", words: words)
    }

    /// Taking back hides the words, never the case.
    public func withdraw(_ id: ID<Item>, by person: Person) throws -> Bool {
        guard
            try exists(
                "SELECT 1 FROM item WHERE id = \(id) AND account = \(person.account) AND \(Self.hasARoad) AND state IN ('waiting', 'held', 'shown', 'returned') AND NOT (state = 'shown' AND EXISTS (SELECT 1 FROM letter l WHERE l.item = item.id))"
            )
        else { return try exists("SELECT 1 FROM item WHERE id = \(id) AND account = \(person.account) AND state = 'withdrawn'") }
        try setState(id, .withdrawn, reason: nil)
        if let open = try openCase(about: ID(raw: id.raw)) {
            try append(.withdrawn, to: open, actor: nil, role: "author", code: "withdrawn")
            // A plain reading has nothing left to read; anything more stays until a person closes it.
            if try exists("SELECT 1 FROM \"case\" WHERE id = \(open) AND kind = 'review' AND level <= \(Level.low.rawValue)") {
                try close(open, outcome: "withdrawn", actor: nil, role: "author")
            }
        }
        return true
    }
}
