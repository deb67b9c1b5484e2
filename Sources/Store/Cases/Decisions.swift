import Rules
import Screening

/// What a person decided about an item or an account.
public struct NewDecision: Sendable {
    public var act: Act
    public var reason: String?
    public var rule: String?
    public var deliberate: Bool
    public var seconds: Int
    public var note: String?
    /// For `move`.
    public var room: ID<Room>?
    /// For `label` and `cover`.
    public var matters: [String]
    public var topics: [String]
    /// For `mask`: the words as they stay.
    public var masked: String?
    public var level: Level?
    public var sanction: SanctionStep?

    public init(
        act: Act, reason: String? = nil, rule: String? = nil, deliberate: Bool = false, seconds: Int = 0,
        note: String? = nil, room: ID<Room>? = nil, matters: [String] = [], topics: [String] = [],
        masked: String? = nil, level: Level? = nil, sanction: SanctionStep? = nil
    ) {
        self.act = act
        self.reason = reason
        self.rule = rule
        self.deliberate = deliberate
        self.seconds = seconds
        self.note = note
        self.room = room
        self.matters = matters
        self.topics = topics
        self.masked = masked
        self.level = level
        self.sanction = sanction
    }
}

/// A statement of reasons as its author reads it.
public struct Statement: Sendable {
    public let id: ID<Decision>
    public let act: Act
    public let reason: String?
    public let rule: String?
    public let automated: Bool
    public let role: String
    public let madeAt: Instant
    public let item: ID<Item>?
    public let appealed: Bool
    public let appealOutcome: String?
}

extension Transaction {
    /// Carries out a decision, writes its statement, tells the author, closes the case where it is done with.
    @discardableResult
    public func decide(_ decision: NewDecision, about found: CaseRow, by person: Person) throws -> ID<Decision> {
        let id: ID<Decision> = ids.timed()
        let role = person.staff.role(for: decision.act.power, in: found.room)
        try change(
            """
            INSERT INTO decision (id, case_id, item, account, act, reason, rule, automated, made_by, role, seconds,
                                  deliberate, made_at)
            VALUES (\(id), \(found.id), \(found.item), \(found.account), \(decision.act), \(decision.reason),
                    \(decision.rule), \(false), \(person.account), \(role), \(min(max(decision.seconds, 0), 3600)),
                    \(decision.deliberate), \(now))
            """)
        try change(
            "UPDATE \"case\" SET first_look_at = COALESCE(first_look_at, \(now)), version = version + 1 WHERE id = \(found.id)")
        try append(
            .decided, to: found.id, actor: person.account, role: role,
            code: decision.act.rawValue + (decision.reason.map { ":" + $0 } ?? ""), words: decision.note)
        try carryOut(decision, id, found, person, role)
        if let account = found.account, decision.act.restrictsAuthor || decision.act == .approve || decision.act == .restore {
            try notify(
                account, decision.act.restrictsAuthor ? .statement : .shown, item: found.item, about: ID(raw: id.raw))
        }
        return id
    }

    /// Hides without closing: the case waits for somebody who may decide.
    public func hideForNow(_ found: CaseRow, reason: String, rule: String, by person: Person) throws {
        let id: ID<Decision> = ids.timed()
        let role = person.staff.role(for: .hide, in: found.room)
        try change(
            """
            INSERT INTO decision (id, case_id, item, account, act, reason, rule, automated, made_by, role, seconds,
                                  deliberate, made_at)
            VALUES (\(id), \(found.id), \(found.item), \(found.account), \(Act.hide), \(reason), \(rule), \(false),
                    \(person.account), \(role), 0, \(false), \(now))
            """)
        if let item = found.item { try setState(item, .hidden, reason: reason) }
        try append(.decided, to: found.id, actor: person.account, role: role, code: "hide:\(reason)")
        if let account = found.account { try notify(account, .statement, item: found.item, about: ID(raw: id.raw)) }
    }

    private func carryOut(
        _ decision: NewDecision, _ id: ID<Decision>, _ found: CaseRow, _ person: Person, _ role: String
    ) throws {
        let done: (String) throws -> Void = { outcome in
            try self.close(found.id, outcome: outcome, actor: person.account, role: role)
        }
        switch decision.act {
        case .approve, .restore:
            if let item = found.item {
                try label(item, decision, by: person)
                try setState(item, .shown, reason: nil)
            }
            try done("approved")
        case .returnIt:
            if let item = found.item { try setState(item, .returned, reason: decision.reason) }
            try done("returned")
        case .hide:
            if let item = found.item { try setState(item, .hidden, reason: decision.reason) }
            try done("hidden")
        case .remove:
            if let item = found.item { try setState(item, .removed, reason: decision.reason) }
            try done("removed")
        case .mask:
            if let item = found.item, let masked = decision.masked { try mask(item, masked, by: person) }
        case .label, .cover:
            if let item = found.item { try label(item, decision, by: person) }
        case .move:
            if let item = found.item, let room = decision.room { try move(item, to: room) }
        case .restrict:
            if let account = found.account, let step = decision.sanction { try addSanction(step, on: account, decision: id) }
        case .escalate:
            try raise(found.id, by: person, role: role, code: "asked")
        case .close:
            try done(decision.reason ?? "closed")
        }
        if let level = decision.level, found.closedAt == nil { try setLevel(level, of: found.id) }
    }

    func setLevel(_ level: Level, of id: ID<Case>) throws {
        guard let found = try caseItself(id), found.closedAt == nil else { return }
        var parts = found.priority.parts
        parts[.level] = CaseFacts(level: level).priority.parts[.level]
        let priority = Priority(parts: parts)
        try change(
            """
            UPDATE "case" SET level = \(level.rawValue), urgent = \(level == .urgent), parts = \(priority.written),
              rank = \(priority.rank(openedAt: found.openedAt)) WHERE id = \(id)
            """)
    }

    private func label(_ item: ID<Item>, _ decision: NewDecision, by person: Person) throws {
        if !decision.topics.isEmpty { try change("UPDATE item SET topics = \(barred(decision.topics)) WHERE id = \(item)") }
        if !decision.matters.isEmpty {
            try change("UPDATE item SET matters = \(barred(decision.matters)) WHERE id = \(item)")
        }
        if decision.act == .cover { try change("UPDATE item SET covered = \(true) WHERE id = \(item)") }
        guard !decision.topics.isEmpty || !decision.matters.isEmpty || decision.act == .cover else { return }
        let id: ID<Anything> = ids.timed()
        try change(
            """
            INSERT INTO mark (id, item, kind, value, made_by, made_at)
            VALUES (\(id), \(item), \(decision.act == .cover ? "cover" : "label"),
                    \((decision.matters + decision.topics).joined(separator: " ")), \(person.account), \(now))
            """)
    }

    private func mask(_ item: ID<Item>, _ masked: String, by person: Person) throws {
        guard let account = try first("SELECT account FROM item WHERE id = \(item)", { try $0.id(Account.self) }),
            let key = try contentKey(of: account)
        else { return }
        let title =
            try first("SELECT title, sealed FROM item WHERE id = \(item)") { row -> String in
                if let title = row.textIfAny() { return title }
                return try row.bytesIfAny().map { SealedWords.apart(try key.open($0, for: "item \(item)")).0 } ?? ""
            } ?? ""
        try setWords(of: item, title: title, body: masked, note: .keep, topics: nil, matters: nil, heavy: nil)
        let id: ID<Anything> = ids.timed()
        try change(
            "INSERT INTO mark (id, item, kind, value, made_by, made_at) VALUES (\(id), \(item), 'mask', '', \(person.account), \(now))")
    }

    private func move(_ item: ID<Item>, to room: ID<Room>) throws {
        let version = try count("SELECT version FROM room WHERE id = \(room)")
        try change("UPDATE item SET room = \(room), version = \(version) WHERE id = \(item) OR thread = \(item)")
        try change("UPDATE \"case\" SET room = \(room) WHERE item = \(item)")
    }

    /// Every decision about this person, as they may read it. Never filtered, never muted.
    public func statements(for account: ID<Account>, before: Instant = .never) throws -> [Statement] {
        try rows(
            """
            SELECT d.id, d.act, d.reason, d.rule, d.automated, d.role, d.made_at, d.item, a.id, a.outcome FROM decision d
            LEFT JOIN appeal a ON a.decision = d.id
            WHERE d.account = \(account) AND d.act NOT IN ('approve', 'close', 'escalate', 'restore')
              AND d.made_at < \(before) ORDER BY d.made_at DESC LIMIT \(pageSize)
            """
        ) { row in
            Statement(
                id: try row.id(), act: try row.word(), reason: row.textIfAny(), rule: row.textIfAny(),
                automated: try row.bool(), role: try row.text(), madeAt: try row.instant(), item: row.idIfAny(),
                appealed: row.intIfAny() != nil, appealOutcome: row.textIfAny())
        }
    }

    public func statement(about item: ID<Item>, for account: ID<Account>) throws -> Statement? {
        try statements(for: account).first { $0.item == item }
    }

    // Appeals: to somebody else, with the content kept.

    public enum AppealOutcome: Sendable, Equatable { case opened(ID<Case>), already, notYours, tooLate }

    public func appeal(_ decision: ID<Decision>, by person: Person, words: String) throws -> AppealOutcome {
        let found = try first(
            """
            SELECT d.case_id, d.item, d.made_at, c.room, c.level, d.act FROM decision d JOIN "case" c ON c.id = d.case_id
            WHERE d.id = \(decision) AND d.account = \(person.account)
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
                facts: CaseFacts(level: .medium), organisation: person.organisation, by: "author", code: "appeal"))
        let id: ID<Anything> = ids.timed()
        try change(
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
    }

    public func appeal(in id: ID<Case>) throws -> AppealRow? {
        let found = try first(
            """
            SELECT a.decision, d.act, d.reason, d.made_by, a.sealed, a.account, d.item FROM appeal a
            JOIN decision d ON d.id = a.decision WHERE a.case_id = \(id)
            """
        ) { row in
            (
                try row.id(Decision.self), try row.word(Act.self), row.textIfAny(), row.idIfAny(Account.self),
                row.bytesIfAny(), try row.id(Account.self), row.idIfAny(Item.self)
            )
        }
        guard let (decision, act, reason, by, sealed, account, item) = found else { return nil }
        let words = try sealed.flatMap { try contentKey(of: account)?.open($0, for: "appeal \(decision)") } ?? ""
        return AppealRow(decision: decision, act: act, reason: reason, decidedBy: by, words: words, item: item)
    }

    public func decideAppeal(_ found: CaseRow, turned: Bool, by person: Person, note: String?) throws {
        guard let appeal = try appeal(in: found.id) else { return }
        try change(
            """
            UPDATE appeal SET outcome = \(turned ? "turned" : "upheld"), decided_by = \(person.account),
              decided_at = \(now) WHERE decision = \(appeal.decision)
            """)
        let role = person.staff.role(for: .decideAppeal, in: found.room)
        try append(
            .decided, to: found.id, actor: person.account, role: role, code: turned ? "appeal-turned" : "appeal-upheld",
            words: note)
        if turned {
            if let item = appeal.item { try setState(item, .shown, reason: nil) }
            try liftSanctions(from: appeal.decision)
        }
        if let account = found.account { try notify(account, .appealAnswered, item: appeal.item, about: ID(raw: appeal.decision.raw)) }
        try close(found.id, outcome: turned ? "appeal-turned" : "appeal-upheld", actor: person.account, role: role)
    }
}
