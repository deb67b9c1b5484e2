import Rules

/// A claim that stands in some item, and what a professional said of it.
public struct EvidenceRow: Sendable {
    public let id: ID<EvidenceNote>
    public let words: String
    public let mark: EvidenceMark
    public let note: String?
    public let checkedBy: String?
    public let checkedAt: Instant?
    /// Where it stands, in the thread asked about.
    public let items: [ID<Item>]
    /// Words of whoever looks at the list.
    public var isOwn = false
}

/// What claims are looked for in: no claim runs from a title into what stands below it.
private func claimed(_ title: String, _ body: String) -> String { title + ".\n" + body }

extension Transaction {
    /// Somebody asks whether these words, which stand in the item, are so. The same words are one claim, wherever they stand.
    public func askForEvidence(_ words: String, in item: ItemView, room: RoomRow) throws -> ID<EvidenceNote>? {
        // Shown as it stands there: nobody puts signs of their own into somebody's mouth.
        guard let claim = claimed(item.title, item.body).stretch(of: words)?.asClaim, claim.count <= 400 else { return nil }
        let whole = claim.asWholeWords
        let known = try first(
            """
            SELECT id, mark FROM evidence WHERE organisation = \(room.organisation) AND (whole = \(whole) OR words = \(claim))
            ORDER BY id LIMIT 1
            """
        ) { (id: try $0.id(EvidenceNote.self), mark: try $0.word(EvidenceMark.self)) }
        let id: ID<EvidenceNote> = known?.id ?? ids.timed()
        if evidenceStep(known?.mark, after: .asked) == .ask {
            let open = try openOrJoin(
                CaseOpening(
                    kind: .review, subject: ID(raw: id.raw), room: room.id, item: item.id, account: item.account,
                    facts: CaseFacts(level: .low),
                    organisation: room.organisation, by: "reader", code: "evidence"))
            if known == nil {
                try run(
                    """
                    INSERT INTO evidence (id, organisation, words, whole, mark, case_id, made_at)
                    VALUES (\(id), \(room.organisation), \(claim), \(whole), \(EvidenceMark.none), \(open), \(now))
                    """)
                try linkCopies(of: id, claim, in: room.organisation)
            } else {
                try run("UPDATE evidence SET case_id = \(open) WHERE id = \(id)")
            }
        }
        try link(id, item.id, thread: item.thread ?? item.id)
        return id
    }

    private func link(_ claim: ID<EvidenceNote>, _ item: ID<Item>, thread: ID<Item>) throws {
        try run("INSERT INTO evidence_item (evidence, item, thread) VALUES (\(claim), \(item), \(thread)) ON CONFLICT DO NOTHING")
    }

    /// Every shown item that holds the same words already, the newest first, eighty at a time.
    private func linkCopies(of id: ID<EvidenceNote>, _ claim: String, in organisation: ID<Organisation>) throws {
        let rooms = try rows("SELECT id FROM room WHERE organisation = \(organisation)", { try $0.id(Room.self) })
        let words = claim.split(separator: " ").filter { $0.contains { $0.isLetter || $0.isNumber } }.prefix(8).map(String.init)
        guard !words.isEmpty, !rooms.isEmpty else { return }
        var before = Int64.max
        while true {
            let found = try rows(
                """
                SELECT i.seq, i.id, i.thread, i.title, i.body FROM item i WHERE i.state = 'shown' AND i.organisation = \(organisation)
                  AND \(matching(words, in: rooms, before: before)) ORDER BY i.seq DESC LIMIT 80
                """
            ) { (try $0.int(), try $0.id(Item.self), $0.idIfAny(Item.self), $0.textIfAny() ?? "", $0.textIfAny() ?? "") }
            for (_, item, thread, title, body) in found where claimed(title, body).asWholeWords.contains(claim.asWholeWords) {
                try link(id, item, thread: thread ?? item)
            }
            guard found.count == 80, let last = found.last?.0 else { return }
            before = last
        }
    }

    /// In which post of a thread these words stand: its first one or an answer that this reader sees; nil where they see none.
    public func whereItStands(_ words: String, in thread: ItemView, for viewer: Viewer, choices: ReaderChoices) throws -> ItemView? {
        let whole = words.asWholeWords
        guard !whole.isEmpty else { return nil }
        func holds(_ title: String, _ body: String) -> Bool { claimed(title, body).asWholeWords.contains(whole) }
        if holds(thread.title, thread.body) { return thread }
        guard thread.thread == nil else { return nil }
        let answers = try rows("SELECT id, title, body FROM item WHERE thread = \(thread.id) AND state = 'shown' ORDER BY seq") {
            (try $0.id(Item.self), $0.textIfAny() ?? "", $0.textIfAny() ?? "")
        }
        for (id, title, body) in answers where holds(title, body) {
            guard let (seen, _) = try item(id, visibleTo: viewer, choices: choices), seen.state == .shown else { continue }
            // What is hidden from this reader, by them or by its writer, must not be found out by guessing at it.
            if case .hide = seen.sight { continue }
            return seen
        }
        return nil
    }

    /// Words that are shown from now on: where they hold a claim that is known, its note stands with them too. Written beside what
    /// follows, so nobody waits for it.
    func linkEvidence(in item: ID<Item>, thread: ID<Item>?, title: String, body: String) throws {
        let words = claimed(title, body).asWholeWords
        try run(
            """
            INSERT INTO evidence_item (evidence, item, thread) SELECT c.id, \(item), \(thread ?? item) FROM evidence c JOIN item i ON i.id = \(item)
            WHERE c.organisation = i.organisation AND c.whole <> '' AND \(SQL.contains(words, "c.whole")) ON CONFLICT DO NOTHING
            """)
    }

    /// Words that are not shown any more: a claim that stands nowhere else goes with them, with the case that asked about it.
    func unlinkEvidence(in item: ID<Item>) throws {
        let notes = try rows("SELECT evidence FROM evidence_item WHERE item = \(item)", { try $0.id(EvidenceNote.self) })
        try run("DELETE FROM notice WHERE kind = 'invited' AND item = \(item)")
        try unlink(notes, from: item)
    }

    private func unlink(_ notes: [ID<EvidenceNote>], from item: ID<Item>) throws {
        guard !notes.isEmpty else { return }
        try run("DELETE FROM evidence_item WHERE item = \(item) AND evidence IN \(SQL.list(notes))")
        let claims = try rows(
            """
            SELECT id, case_id, mark, EXISTS (SELECT 1 FROM evidence_item l WHERE l.evidence = evidence.id) FROM evidence
            WHERE id IN \(SQL.list(notes))
            """
        ) { (try $0.id(EvidenceNote.self), $0.idIfAny(Case.self), try $0.word(EvidenceMark.self), try $0.bool()) }
        for (id, open, mark, isElsewhere) in claims where evidenceStep(mark, after: .wordsGone(standElsewhere: isElsewhere)) == .drop {
            try run("DELETE FROM evidence WHERE id = \(id)")
            if let open { try close(open, outcome: "withdrawn", actor: nil, role: "clock") }
        }
    }

    /// Other words stand there now: a claim they still hold keeps its note.
    func relinkEvidence(in item: ID<Item>, thread: ID<Item>?, title: String, body: String) throws {
        try linkEvidence(in: item, thread: thread, title: title, body: body)
        let words = claimed(title, body).asWholeWords
        let gone = try rows(
            """
            SELECT c.id FROM evidence_item l JOIN evidence c ON c.id = l.evidence
            WHERE l.item = \(item) AND c.whole <> '' AND NOT (\(SQL.contains(words, "c.whole")))
            """, { try $0.id(EvidenceNote.self) })
        try unlink(gone, from: item)
    }

    /// Claims with the posts they stand in, of those that this reader sees or has under a cover: a quotation tells what a post says.
    func evidence(in thread: ID<Item>, seen posts: [ItemView]) throws -> [EvidenceRow] {
        let seen = Set(posts.filter { if case .hide = $0.sight { false } else { true } }.map(\.id))
        let found = try rows(
            """
            SELECT c.id, c.words, c.mark, c.note, c.checked_by, c.checked_at, l.item FROM evidence_item l JOIN evidence c ON c.id = l.evidence
            JOIN item i ON i.id = l.item WHERE l.thread = \(thread) AND i.state = 'shown' ORDER BY c.id, l.item
            """
        ) { row in
            (
                EvidenceRow(
                    id: try row.id(), words: try row.text(), mark: try row.word(), note: row.textIfAny(), checkedBy: row.textIfAny(),
                    checkedAt: row.instantIfAny(), items: []), try row.id(Item.self)
            )
        }
        return Dictionary(grouping: found.filter { seen.contains($0.1) }, by: \.0.id).sorted { $0.key < $1.key }.map { _, all in
            let one = all[0].0
            return EvidenceRow(
                id: one.id, words: one.words, mark: one.mark, note: one.note, checkedBy: one.checkedBy, checkedAt: one.checkedAt,
                items: all.map(\.1))
        }
    }

    /// The rooms of this person's house in which they may not close what is about risk: a claim that stands there is not theirs.
    private func closedRooms(to person: Person) throws -> [ID<Room>] {
        try rows("SELECT id FROM room WHERE organisation = \(person.organisation)", { try $0.id(Room.self) })
            .filter { try !person.staff.may(.closeRisk, at: place(of: $0), now: now) }
    }

    private func standsOnly(outside rooms: [ID<Room>]) -> SQL {
        rooms.isEmpty
            ? "1 = 1"
            : """
            NOT EXISTS (SELECT 1 FROM evidence_item l JOIN item i ON i.id = l.item
                        WHERE l.evidence = evidence.id AND i.room IN \(SQL.list(rooms)))
            """
    }

    /// For professionals: what waits for them, then what was looked at last. What stands in a room that is not theirs is left out.
    public func evidence(for person: Person, limit: Int = 50) throws -> [EvidenceRow] {
        try rows(
            """
            SELECT id, words, mark, note, checked_by, checked_at, EXISTS (\(standsInWords(of: person))) FROM evidence WHERE organisation = \(person.organisation)
              AND \(standsOnly(outside: try closedRooms(to: person)))
            ORDER BY CASE WHEN mark = 'none' THEN 0 ELSE 1 END, id DESC LIMIT \(number: limit)
            """
        ) {
            EvidenceRow(
                id: try $0.id(), words: try $0.text(), mark: try $0.word(), note: $0.textIfAny(), checkedBy: $0.textIfAny(),
                checkedAt: $0.instantIfAny(), items: [], isOwn: try $0.bool())
        }
    }

    private func standsInWords(of person: Person) -> SQL {
        "SELECT 1 FROM evidence_item w JOIN item v ON v.id = w.item WHERE w.evidence = evidence.id AND v.account = \(person.account)"
    }

    /// Does it stand in words of their own? Then somebody else says that it is so; to correct it or to take it back is theirs too.
    public func isOwnClaim(_ id: ID<EvidenceNote>, _ person: Person) throws -> Bool {
        try exists("SELECT 1 FROM evidence WHERE id = \(id) AND EXISTS (\(standsInWords(of: person)))")
    }

    /// Claims of before are looked for as whole words too.
    func findClaimsByWholeWords() throws {
        for (id, words) in try rows("SELECT id, words FROM evidence WHERE whole = ''", { (try $0.id(EvidenceNote.self), try $0.text()) }) {
            try run("UPDATE evidence SET whole = \(words.asWholeWords) WHERE id = \(id)")
        }
    }

    /// What a professional says of it, by name. It stands at once wherever the words do; so whoever says it may work in all of these
    /// rooms. False where they may not, or there is no such claim.
    public func mark(_ id: ID<EvidenceNote>, _ mark: EvidenceMark, note: String, by person: Person) throws -> Bool {
        let found = try first(
            """
            SELECT case_id, mark FROM evidence WHERE id = \(id) AND organisation = \(person.organisation)
              AND \(standsOnly(outside: try closedRooms(to: person)))
            """
        ) {
            (open: $0.idIfAny(Case.self), mark: try $0.word(EvidenceMark.self))
        }
        guard let found, let step = evidenceStep(found.mark, after: .marked(mark)) else { return false }
        let isSaid = step == .tell
        try run(
            """
            UPDATE evidence SET mark = \(mark), note = \(isSaid ? note : nil), checked_by = \(isSaid ? person.shownName : nil),
              checked_at = \(isSaid ? now : nil) WHERE id = \(id)
            """)
        if isSaid, let open = found.open {
            try close(open, outcome: "approved", actor: person.account, role: try roleOf(person, .closeRisk, open))
        }
        return true
    }
}
