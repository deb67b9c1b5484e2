import Rules
import Screening

extension Transaction {
    /// The decision an earlier press of the same button made: `press` is its key with all that was sent by it.
    public func earlierDecision(press: String, in id: ID<Case>, by person: Person) throws -> ID<Decision>? {
        try first(
            "SELECT id FROM decision WHERE made_by = \(person.account) AND request_key = \("\(id) \(press)") AND undone_at IS NULL"
        ) {
            try $0.id()
        }
    }

    /// Carries out a decision, writes its statement, tells the author, closes the case where it is done with. Nil, with
    /// nothing done, when the case is no longer the one that was looked at: somebody else was first.
    public func decide(_ decision: NewDecision, about look: CaseLook, by person: Person) throws -> ID<Decision>? {
        let found = look.row
        let taken = try takeCase(
            found.id,
            """
            UPDATE "case" SET first_look_at = COALESCE(first_look_at, \(now)), version = version + 1
            WHERE id = \(found.id) AND version = \(found.version) AND closed_at IS NULL
            """)
        guard taken else { return nil }
        let id: ID<Decision> = ids.timed()
        let role = person.staff.role(for: decision.act.power, at: look.place, now: now)
        // A case about a thread's course, or a claim, is about nobody: what is done to words is owed to whoever wrote them.
        let author = found.account ?? look.words?.author
        let item = try words(of: decision.act, in: look)
        let stood = item == nil ? nil : look.words?.state
        try run(
            """
            INSERT INTO decision (id, case_id, item, account, act, reason, rule, automated, made_by, role, seconds,
                                  deliberate, made_at, request_key, before_state, before_reason, suggestion)
            VALUES (\(id), \(found.id), \(item), \(author), \(decision.act), \(decision.reason),
                    \(decision.rule), \(false), \(person.account), \(role), \(min(max(decision.seconds, 0), 3600)),
                    \(decision.deliberate), \(now), \(decision.press.map { "\(found.id) \($0)" }), \(stood),
                    (SELECT reason FROM item WHERE id = \(item)),
                    \(try decision.suggestion.flatMap { words in try author.flatMap { try contentKey(of: $0) }?.seal(words, for: "suggestion \(id)") }))
            """)
        try append(
            .decided, to: found.id, actor: person.account, role: role,
            code: decision.act.rawValue + (decision.reason.map { ":" + $0 } ?? ""), words: decision.note)
        let stands = try carryOut(decision, id, on: item, look, person, role)
        // "Your words are up" is said of words that were not: whoever was reported in vain hears nothing of it, nor who has none here.
        let isUp = stands == .shown && stood != .shown
        if let account = author, decision.act.restrictsAuthor || isUp && (decision.act == .approve || decision.act == .restore) {
            try notify(
                account, decision.act.restrictsAuthor ? .statement : .shown, item: found.item, about: ID(raw: id.raw))
        }
        return id
    }

    /// Takes back one's own decision within `undoTime`: the item stands as before, the case is open again in the same
    /// hands, and the statement, its count and its sanction are gone. Nil when there is nothing (any more) to take back:
    /// somebody decided since, the words were changed, or the item no longer stands where this decision put it. Whoever
    /// may not close a risk shows nothing again that one holds.
    /// `door` refuses whoever may not open the case any more, or has lost the power they decided by.
    public func undo(
        _ decision: ID<Decision>, by person: Person, door: (CaseRow, Act) throws -> Void, mayCloseRisk: (CaseRow) throws -> Bool
    ) throws -> ID<Case>? {
        let found = try first(
            """
            SELECT d.case_id, d.item, d.account, d.before_state, d.before_reason, d.act, i.state FROM decision d LEFT JOIN item i ON i.id = d.item
            WHERE d.id = \(decision) AND d.made_by = \(person.account) AND d.undone_at IS NULL AND d.made_at > \(now - undoTime)
              AND d.act IN ('approve', 'return', 'hide', 'remove', 'restore', 'close')
              AND NOT EXISTS (SELECT 1 FROM appeal WHERE decision = \(decision)) AND \(Self.standsAlone)
              AND NOT EXISTS (SELECT 1 FROM column_question q WHERE q.item = d.item AND q.published IS NOT NULL)
            """
        ) {
            (
                try $0.id(Case.self), $0.idIfAny(Item.self), $0.idIfAny(Account.self), try $0.wordIfAny(ItemState.self),
                $0.textIfAny(), try $0.word(Act.self), try $0.wordIfAny(ItemState.self)
            )
        }
        guard let (id, item, account, before, why, act, state) = found, let row = try caseItself(id) else { return nil }
        try door(row, act)
        // A yes puts up, or leads on to whoever else must say yes.
        if item != nil, let caused = act.causes, state != caused, !(caused == .shown && state == .waiting) { return nil }
        guard row.claimedBy == nil || row.claimedBy == person.account else { return nil }
        if before == .shown, let item, try (row.isRisk || isHeldByRisk(item)), !(try mayCloseRisk(row)) { return nil }
        if row.closedAt != nil {
            guard try openCase(about: row.subject, suspends: row.kind == .suspended) == nil else { return nil }
            try run(
                """
                UPDATE "case" SET closed_at = NULL, outcome = NULL, state = 'open', version = version + 1,
                  due_at = CASE WHEN due_at < \(now + undoTime) THEN \(now + undoTime) ELSE due_at END WHERE id = \(id)
                """)
            try run("UPDATE report SET outcome = NULL, outcome_at = NULL WHERE case_id = \(id)")
            try append(.reopened, to: id, actor: person.account, role: try roleOf(person, .readQueue, id), code: "undone")
            _ = try claim(id, by: person)
        } else {
            // Whoever has the case open sees that it is not what they looked at.
            try run("UPDATE \"case\" SET version = version + 1 WHERE id = \(id)")
            try append(.noted, to: id, actor: person.account, role: try roleOf(person, .readQueue, id), code: "undone")
        }
        // Its press is free again: the same decision, made anew, is a new one.
        try run("UPDATE decision SET undone_at = \(now), request_key = NULL WHERE id = \(decision)")
        // A close did nothing to the words: whatever became of them since is not its to take back.
        if let item, let before, act.causes != nil { try setState(item, before, reason: why) }
        if let item { try run("UPDATE piece SET editor_at = NULL WHERE item = \(item)") }  // their yes is taken back too
        try liftSanctions(from: decision)
        if let account {
            try run("DELETE FROM notice WHERE account = \(account) AND about = \(ID<Anything>(raw: decision.raw)) AND seen_at IS NULL")
        }
        return id
    }

    /// Of `d`, with its item `i`: nobody has decided about the item since, and its words are the ones it was about.
    private static let standsAlone: SQL = """
        (i.id IS NULL OR i.edited_at IS NULL OR i.edited_at <= d.made_at)
        AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.undone_at IS NULL AND e.id > d.id
                        AND (e.item = d.item OR e.case_id = d.case_id))
        """

    /// Is what this decision did to the words still its doing? Only a later one that did the same kind of thing to the same words, or new
    /// words, came over it: a case that was closed, labelled or handed on since changes nothing.
    private func stillStands(_ decision: ID<Decision>, _ act: Act) throws -> Bool {
        let over: [Act] =
            switch act {
            case .hide, .remove, .returnIt, .approve, .restore: [.approve, .restore, .returnIt, .hide, .remove]
            case .mask, .label, .cover, .move, .restrict, .escalate, .close: [act]
            }
        return try exists(
            """
            SELECT 1 FROM decision d JOIN item i ON i.id = d.item WHERE d.id = \(decision) AND (i.edited_at IS NULL OR i.edited_at <= d.made_at)
              AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.undone_at IS NULL AND e.id > d.id AND e.item = d.item
                              AND e.act IN \(SQL.list(over.map(\.rawValue))))
            """)
    }

    public func isHeldByRisk(_ item: ID<Item>, beside id: ID<Case>? = nil) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM "case" WHERE item = \(item) AND closed_at IS NULL AND (kind = 'risk' OR urgent) AND id <> \(id ?? ID(raw: -1))
            """)
    }

    /// Hides without closing: the case waits for somebody who may decide.
    public func hideForNow(_ found: CaseRow, reason: String, rule: String, by person: Person) throws {
        let id: ID<Decision> = ids.timed()
        let role = try role(of: person, for: .hide, in: found)
        try run(
            """
            INSERT INTO decision (id, case_id, item, account, act, reason, rule, automated, made_by, role, seconds,
                                  deliberate, made_at, before_state, before_reason)
            VALUES (\(id), \(found.id), \(found.item), \(found.account), \(Act.hide), \(reason), \(rule), \(false),
                    \(person.account), \(role), 0, \(false), \(now), (SELECT state FROM item WHERE id = \(found.item)),
                    (SELECT reason FROM item WHERE id = \(found.item)))
            """)
        if let item = found.item { try setState(item, .hidden, reason: reason) }
        try append(.decided, to: found.id, actor: person.account, role: role, code: "hide:\(reason)")
        if let account = found.account { try notify(account, .statement, item: found.item, about: ID(raw: id.raw)) }
    }

    /// Answers how the words stand that were to go up; nil where nothing was.
    private func carryOut(
        _ decision: NewDecision, _ id: ID<Decision>, on item: ID<Item>?, _ look: CaseLook, _ person: Person, _ role: String
    ) throws -> ItemState? {
        let found = look.row
        var stands: ItemState?
        // Whoever may not end a risk acts on the words and hands the person on.
        let done: (String) throws -> Void = { outcome in
            if decision.closes {
                try self.close(found.id, outcome: outcome, actor: person.account, role: role)
            } else {
                try self.raise(found.id, by: person, role: role, code: "needs-professional")
            }
        }
        switch decision.act {
        case .approve, .restore:
            if let item {
                try label(item, decision, by: person)
                stands = try putUp(item, from: look.words, by: person)
            }
            try done("approved")
        case .returnIt:
            if let item { try setState(item, .returned, reason: decision.reason) }
            try done("returned")
        case .hide:
            if let item { try setState(item, .hidden, reason: decision.reason) }
            try done("hidden")
        case .remove:
            if let item { try setState(item, .removed, reason: decision.reason) }
            try done("removed")
        case .mask:
            if let item { try mask(item, decision, in: found.id, by: person, role) }
        case .label, .cover:
            if let item { try label(item, decision, by: person) }
        case .move:
            if let item, let room = decision.room { try move(item, to: room) }
        case .restrict:
            if let account = found.account, let step = decision.sanction { try addSanction(step, on: account, decision: id) }
        case .escalate:
            // Rated first: whether the next one is called, and when it is due, is the new level's to say.
            if let level = decision.level { try rate(level, found.id, by: person, role, rings: false) }
            try raise(found.id, by: person, role: role, code: "asked")
        case .close:
            try done("closed")
        }
        if let level = decision.level, decision.act != .escalate { try rate(level, found.id, by: person, role) }
        return stands
    }

    /// The words that an act of this case is about. A case of an account, a claim or a course only leads to an item: its yes is none to what
    /// waits in a case of its own, and what somebody took away stays away.
    private func words(of act: Act, in look: CaseLook) throws -> ID<Item>? {
        let found = look.row
        guard let item = found.item, act == .approve || act == .restore, found.subject.raw != item.raw else { return found.item }
        switch look.words?.state {
        case .shown?: return item
        case .hidden?, .removed?: return try act == .restore && openCase(about: ID(raw: item.raw)) == nil ? item : nil
        case .waiting?, .held?, .returned?, .withdrawn?, .erased?, nil: return nil
        }
    }

    /// Do the words of this case wait for its yes or no? A letter does not: the clock gives it back to its writer.
    public func waitsForThis(_ found: CaseRow, isRisk: Bool) throws -> Bool {
        guard let item = found.item, found.subject.raw == item.raw else { return false }
        return try first("SELECT state, reason FROM item WHERE id = \(item)") {
            waitsForStaff(try $0.word(), $0.textIfAny(), isRisk: isRisk)
        }
            ?? false && !isLetter(item)
    }

    /// One of the staff has nothing against it: it is up, unless others are still to say yes. Answers how it stands now.
    @discardableResult
    private func putUp(_ item: ID<Item>, from stood: Standing?, by person: Person) throws -> ItemState? {
        // A letter waits for nobody else's yes, and has a road of its own.
        if let stood, stood.kind == .message, stood.state != .shown {
            return try setLetterState(item, from: stood.state, to: .shown, reason: nil)
        }
        let road = try first(
            """
            SELECT EXISTS (SELECT 1 FROM response WHERE item = \(item) AND outcome IS NULL AND staff_at IS NULL),
                   EXISTS (SELECT 1 FROM piece WHERE item = \(item)), EXISTS (SELECT 1 FROM column_question WHERE item = \(item))
            """
        ) { (isUnjudged: try $0.bool(), isPiece: try $0.bool(), isForColumn: try $0.bool()) }
        guard let road else { return nil }  // a SELECT without FROM has a row; without one nothing goes up
        if road.isUnjudged { return try goToJudges(item) }
        if road.isPiece, try waitsForNarratorOrDay(item, by: person) { return .waiting }
        return try road.isForColumn
            ? setState(item, .waiting, reason: WaitReason.forColumn.rawValue) : setState(item, .shown, reason: nil)
    }

    /// A person's own rating: the due time follows it, and a case that becomes urgent rings.
    private func rate(_ level: Level, _ id: ID<Case>, by person: Person, _ role: String, rings: Bool = true) throws {
        guard let found = try caseItself(id), found.closedAt == nil, found.level != level else { return }
        var parts = found.priority.parts
        parts[.level] = CaseFacts(level: level).priority.parts[.level]
        let priority = Priority(parts: parts)
        let due = dueTimes.due(level, from: now)
        try run(
            """
            UPDATE "case" SET level = \(level.rawValue), urgent = \(level == .urgent), parts = \(priority.written),
              rank = \(priority.rank(openedAt: found.openedAt)), due_at = \(level > found.level ? min(due, found.dueAt) : due)
            WHERE id = \(id)
            """)
        try append(.rated, to: id, actor: person.account, role: role, code: level.code)
        if rings, level > found.level { try alarmIfUrgent(id, organisation: person.organisation, level: level) }
    }

    /// As the words are kept: an ISO 639 code, `und` for one that nothing here knows, nil for too short to tell.
    public func language(of item: ID<Item>) throws -> String? {
        try first("SELECT language FROM item WHERE id = \(item)") { $0.textIfAny() } ?? nil
    }

    /// A person's word on the language stands over the screening's, as long as that goes on saying the same of edited words. Whoever was
    /// asked and does not write it is asked no more; those who do are.
    private func set(language: String, of item: ID<Item>, by person: Person) throws {
        let before = try self.language(of: item)
        guard before != language else { return }
        let id: ID<Anything> = ids.timed()
        let said = try languageSaid(of: item)
        let found = (said?.language == before ? said?.over : nil) ?? before ?? ""
        try run("UPDATE item SET language = \(language) WHERE id = \(item)")
        try run(
            """
            INSERT INTO mark (id, item, kind, value, made_by, made_at)
            VALUES (\(id), \(item), 'label', \("language=\(language) over=\(found)"), \(person.account), \(now))
            """)
        let others: SQL = "account NOT IN (SELECT s.account FROM supporter s WHERE s.languages LIKE \("%|\(language)|%"))"
        try run("DELETE FROM notice WHERE kind = 'offer' AND about = \(item) AND seen_at IS NULL AND \(others)")
        // As if they had not been asked: set right again, it is theirs to be asked about again.
        try run("DELETE FROM offer WHERE item = \(item) AND state = 'offered' AND \(others)")
        try run("UPDATE open_post SET next_at = \(now) WHERE item = \(item) AND closed_at IS NULL AND escalated_at IS NULL")
    }

    /// What a person last said of the language, and what the screening said of the same words; nil where nobody did.
    func languageSaid(of item: ID<Item>) throws -> (language: String, over: String)? {
        let mark = try first(
            "SELECT value FROM mark WHERE item = \(item) AND kind = 'label' AND value LIKE 'language=%' ORDER BY id DESC LIMIT 1"
        ) {
            try $0.text()
        }
        guard let parts = mark?.split(separator: " ") else { return nil }
        return (String(parts[0].dropFirst(9)), parts.count > 1 ? String(parts[1].dropFirst(5)) : "en")
    }

    private func label(_ item: ID<Item>, _ decision: NewDecision, by person: Person) throws {
        if !decision.topics.isEmpty { try run("UPDATE item SET topics = \(barred(decision.topics)) WHERE id = \(item)") }
        if !decision.matters.isEmpty {
            try run("UPDATE item SET matters = \(barred(decision.matters)) WHERE id = \(item)")
        }
        if let language = decision.language { try set(language: language, of: item, by: person) }
        if decision.heavy { try run("UPDATE item SET heavy = \(true) WHERE id = \(item)") }
        if decision.act == .cover { try run("UPDATE item SET covered = \(true) WHERE id = \(item)") }
        guard !decision.topics.isEmpty || !decision.matters.isEmpty || decision.act == .cover else { return }
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO mark (id, item, kind, value, made_by, made_at)
            VALUES (\(id), \(item), \(decision.act == .cover ? "cover" : "label"),
                    \((decision.matters + decision.topics).joined(separator: " ")), \(person.account), \(now))
            """)
    }

    /// The words as they were stay in the case, sealed, so that an appeal can put them back.
    private func mask(_ item: ID<Item>, _ decision: NewDecision, in id: ID<Case>, by person: Person, _ role: String) throws {
        guard let masked = decision.masked, let before = try words(of: item) else { return }
        try append(.edited, to: id, actor: person.account, role: role, code: Self.maskedCode, words: before.joined)
        let after = SealedWords(
            title: before.title.isEmpty ? "" : decision.maskedTitle ?? before.title, body: masked,
            note: before.note.map { decision.maskedNote ?? $0 })
        try setWords(of: item, after)
        try narratorReadsAgain(item)
        let mark: ID<Anything> = ids.timed()
        try run(
            "INSERT INTO mark (id, item, kind, value, made_by, made_at) VALUES (\(mark), \(item), 'mask', '', \(person.account), \(now))")
    }

    private static let maskedCode = "masked"

    private func unmask(_ item: ID<Item>, in id: ID<Case>) throws {
        let kept = try first(
            """
            SELECT e.id, w.sealed FROM case_event e JOIN case_words w ON w.event = e.id
            WHERE e.case_id = \(id) AND e.code = \(Self.maskedCode) ORDER BY e.number DESC LIMIT 1
            """
        ) { (try $0.id(Anything.self), try $0.bytes()) }
        guard let (event, sealed) = kept else { return }
        try setWords(of: item, SealedWords(String(decoding: try keys.open(sealed, for: "case words \(event)"), as: UTF8.self)))
        try run("DELETE FROM mark WHERE item = \(item) AND kind = 'mask'")
    }

    /// A thread moves with its replies, and the cases about any of them with it.
    private func move(_ item: ID<Item>, to room: ID<Room>) throws {
        // Neither messages nor letters move.
        guard try !exists("SELECT 1 FROM item WHERE id = \(item) AND kind = 'message'") else { return }
        let version = try count("SELECT version FROM room WHERE id = \(room)")
        try run(
            """
            UPDATE "case" SET room = \(room), form_version = \(version), version = version + 1
            WHERE closed_at IS NULL AND item IN (SELECT id FROM item WHERE id = \(item) OR thread = \(item))
            """)
        try run("UPDATE item SET room = \(room), version = \(version) WHERE id = \(item) OR thread = \(item)")
        try movePost(item, to: room)
    }

    /// The ages of those who wrote in a thread: a room it moves to must be for all of them.
    public func bandsWriting(in thread: ID<Item>) throws -> Set<AgeBand?> {
        Set(
            try rows(
                """
                SELECT DISTINCT a.band FROM item i JOIN account a ON a.id = i.account
                WHERE (i.id = \(thread) OR i.thread = \(thread)) AND a.kind = 'member'
                """
            ) { try $0.wordIfAny(AgeBand.self) })
    }

    /// Every decision about this person, as they may read it. Never filtered, never muted.
    public func statements(
        for account: ID<Account>, about item: ID<Item>? = nil, before: Instant = .never, limit: Int = pageSize, key known: ContentKey? = nil
    ) throws -> [Statement] {
        let ofItem: SQL = item.map { "AND d.item = \($0)" } ?? ""
        let key = try known ?? contentKey(of: account)
        return try rows(
            """
            SELECT d.id, d.act, d.reason, d.rule, d.automated, d.role, d.made_at, d.item, a.id, a.outcome, d.suggestion FROM decision d
            LEFT JOIN appeal a ON a.decision = d.id
            WHERE d.account = \(account) AND d.undone_at IS NULL AND d.act NOT IN ('approve', 'close', 'escalate', 'restore')
              AND d.made_at < \(before) \(ofItem) ORDER BY d.made_at DESC LIMIT \(number: limit)
            """
        ) { row in
            let id: ID<Decision> = try row.id()
            return Statement(
                id: id, act: try row.word(), reason: row.textIfAny(), rule: row.textIfAny(),
                automated: try row.bool(), role: try row.text(), madeAt: try row.instant(), item: row.idIfAny(),
                appealed: row.intIfAny() != nil, appealOutcome: row.textIfAny(),
                suggestion: try row.bytesIfAny().flatMap { try key?.open($0, for: "suggestion \(id)") })
        }
    }

    public func statement(about item: ID<Item>, for person: Person) throws -> Statement? {
        try statements(for: person.account, about: item, limit: 1, key: person.contentKey).first
    }

    // Appeals: to somebody else, with the content kept.

    public enum AppealOutcome: Sendable, Equatable { case opened(ID<Case>), already, notYours, tooLate }

    /// `level` is what the screen heard in the words: somebody in danger is not in the line of appeals.
    public func appeal(_ decision: ID<Decision>, by person: Person, words: String, level: Level = .none) throws -> AppealOutcome {
        let found = try first(
            """
            SELECT d.case_id, d.item, d.made_at, c.room, c.level, d.act FROM decision d JOIN "case" c ON c.id = d.case_id
            WHERE d.id = \(decision) AND d.account = \(person.account) AND d.undone_at IS NULL
            """
        ) { row in
            (
                try row.id(Case.self), row.idIfAny(Item.self), try row.instant(), row.idIfAny(Room.self), try row.count(),
                try row.word(Act.self)
            )
        }
        guard let (_, item, at, room, _, act) = found, act.restrictsAuthor else { return .notYours }
        if try exists("SELECT 1 FROM appeal WHERE decision = \(decision)") { return .already }
        guard now - at < .days(183) else { return .tooLate }
        let new = try openOrJoin(
            CaseOpening(
                kind: .appeal, subject: ID(raw: decision.raw), room: room, item: item, account: person.account,
                facts: CaseFacts(level: max(level, .medium)), organisation: person.organisation, by: "author", code: "appeal"))
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO appeal (id, decision, case_id, account, sealed, made_at)
            VALUES (\(id), \(decision), \(new), \(person.account),
                    \(try person.contentKey.seal(words, for: "appeal \(decision)")), \(now))
            """)
        try append(.appealed, to: new, actor: nil, role: "author", code: "appeal")
        return .opened(new)
    }

    public struct AppealRow: Sendable {
        public let decision: ID<Decision>
        public let act: Act
        public let reason: String?
        public let decidedBy: ID<Account>?
        public let words: String
        public let item: ID<Item>?
        /// The case in which it was decided.
        public let from: ID<Case>
    }

    public func appeal(in id: ID<Case>) throws -> AppealRow? {
        let found = try first(
            """
            SELECT a.decision, d.act, d.reason, d.made_by, a.sealed, a.account, d.item, d.case_id FROM appeal a
            JOIN decision d ON d.id = a.decision WHERE a.case_id = \(id)
            """
        ) { row in
            (
                try row.id(Decision.self), try row.word(Act.self), row.textIfAny(), row.idIfAny(Account.self),
                row.bytesIfAny(), try row.id(Account.self), row.idIfAny(Item.self), try row.id(Case.self)
            )
        }
        guard let (decision, act, reason, by, sealed, account, item, from) = found else { return nil }
        let words = try sealed.flatMap { try contentKey(of: account)?.open($0, for: "appeal \(decision)") } ?? ""
        return AppealRow(decision: decision, act: act, reason: reason, decidedBy: by, words: words, item: item, from: from)
    }

    /// Takes back what that one decision did, where it still stands: never another's, never what the author took back,
    /// and nothing goes up that a case of risk holds.
    private func undo(_ appeal: AppealRow, in id: ID<Case>, by person: Person) throws {
        guard let item = appeal.item, try stillStands(appeal.decision, appeal.act) else { return }
        switch appeal.act {
        case .mask: try unmask(item, in: appeal.from)
        case .cover: try run("UPDATE item SET covered = \(false) WHERE id = \(item)")
        case .hide, .remove, .returnIt, .label, .move, .restrict, .approve, .escalate, .close, .restore: break
        }
        guard let caused = appeal.act.causes, try exists("SELECT 1 FROM item WHERE id = \(item) AND state = \(caused)"),
            try !isHeldByRisk(item, beside: id)  // danger in the appeal's own words was met by whoever decides it
        else { return }
        try putUp(item, from: nil, by: person)
    }

    public func decideAppeal(_ found: CaseRow, turned: Bool, by person: Person, note: String?) throws {
        guard let appeal = try appeal(in: found.id) else { return }
        let undecided = try change(
            """
            UPDATE appeal SET outcome = \(turned ? "turned" : "upheld"), decided_by = \(person.account),
              decided_at = \(now) WHERE decision = \(appeal.decision) AND outcome IS NULL
            """)
        guard undecided == 1 else { return }
        let role = try role(of: person, for: .decideAppeal, in: found)
        try append(
            .decided, to: found.id, actor: person.account, role: role, code: turned ? "appeal-turned" : "appeal-upheld",
            words: note)
        if turned {
            try undo(appeal, in: found.id, by: person)
            try liftSanctions(from: appeal.decision)
        }
        if let account = found.account { try notify(account, .appealAnswered, item: appeal.item, about: ID(raw: appeal.decision.raw)) }
        try close(found.id, outcome: turned ? "appeal-turned" : "appeal-upheld", actor: person.account, role: role)
    }
}
