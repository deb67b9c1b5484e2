import Crypto
import Foundation
import Rules
import Screening

/// What a case is opened with.
public struct CaseOpening: Sendable {
    public var kind: CaseKind
    public var subject: ID<Anything>
    public var room: ID<Room>?
    public var item: ID<Item>?
    public var account: ID<Account>?
    public var conversation: ID<Conversation>?
    public var facts: CaseFacts
    public var organisation: ID<Organisation>
    public var by: String
    public var code: String
    /// Due sooner than its level asks.
    public var within: Lapse?

    public init(
        kind: CaseKind, subject: ID<Anything>, room: ID<Room>? = nil, item: ID<Item>? = nil,
        account: ID<Account>? = nil, conversation: ID<Conversation>? = nil, facts: CaseFacts,
        organisation: ID<Organisation>, by: String, code: String, within: Lapse? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.room = room
        self.item = item
        self.account = account
        self.conversation = conversation
        self.facts = facts
        self.organisation = organisation
        self.by = by
        self.code = code
        self.within = within
    }
}

extension Transaction {
    /// One open case per subject: what comes later joins it, and may only raise it.
    @discardableResult
    public func openOrJoin(_ opening: CaseOpening) throws -> ID<Case> {
        if let open = try openCase(about: opening.subject, suspends: opening.kind == .suspended) {
            try join(open, opening)
            return open
        }
        return try open(opening)
    }

    /// Of a subject that came to be in this transaction: nothing can be open about it yet.
    @discardableResult
    func open(_ opening: CaseOpening) throws -> ID<Case> {
        let id: ID<Case> = ids.timed()
        let priority = opening.facts.priority
        let due = min(dueTimes.due(opening.facts.level, from: now), now + (opening.within ?? .days(365)))
        let urgent = opening.facts.level == .urgent
        try run(
            """
            INSERT INTO "case" (id, organisation, kind, subject, room, form_version, item, account, conversation, level,
                                urgent, parts, rank, state, opened_at, due_at, head, events)
            VALUES (\(id), \(opening.organisation), \(opening.kind), \(opening.subject), \(opening.room),
                    (SELECT version FROM room WHERE id = \(opening.room)), \(opening.item), \(opening.account), \(opening.conversation), \(opening.facts.level.rawValue), \(urgent),
                    \(priority.written), \(priority.rank(openedAt: now)), 'open', \(now), \(due),
                    \(firstHead(of: id, by: opening.by, code: opening.code)), 1)
            """)
        try begin(id, by: opening.by, code: opening.code)
        try alarmIfUrgent(id, organisation: opening.organisation, level: opening.facts.level)
        return id
    }

    private func join(_ id: ID<Case>, _ opening: CaseOpening) throws {
        let found = try first("SELECT level, parts, opened_at, due_at, kind FROM \"case\" WHERE id = \(id)") { row in
            (
                Level(rawValue: try row.count()) ?? .urgent, Priority(written: try row.text()), try row.instant(),
                try row.instant(), try row.word(CaseKind.self)
            )
        }
        guard let (level, old, opened, due, kind) = found else { return }
        let raised = max(level, opening.facts.level)
        let parts = old.parts.merging(opening.facts.priority.parts, uniquingKeysWith: max)
        let priority = Priority(parts: parts)
        let newDue = min(due, dueTimes.due(raised, from: now), now + (opening.within ?? .days(365)))
        let newKind = kind.joined(by: opening.kind, level: raised)
        try run(
            """
            UPDATE "case" SET level = \(raised.rawValue), urgent = \(raised == .urgent), parts = \(priority.written),
              rank = \(priority.rank(openedAt: opened)), due_at = \(newDue), kind = \(newKind),
              account = COALESCE(account, \(opening.account)), version = version + 1
            WHERE id = \(id)
            """)
        try append(.joined, to: id, actor: nil, role: opening.by, code: opening.code)
        if raised > level { try alarmIfUrgent(id, organisation: opening.organisation, level: raised) }
    }

    func alarmIfUrgent(_ id: ID<Case>, organisation: ID<Organisation>, level: Level) throws {
        if level == .urgent { try alarm(id, organisation: organisation) }
    }

    /// Whoever the case stands with by now is who is called.
    func alarm(_ id: ID<Case>, organisation: ID<Organisation>) throws {
        let tier = try first("SELECT tier FROM \"case\" WHERE id = \(id)") { Tier(rawValue: try $0.count()) ?? .everyone }
        try raiseAlarm(about: id, organisation: organisation, tier: tier ?? .moderator, drill: false)
    }

    /// Is somebody looking at danger in this item? Help stays near its author until that person is done, whatever the words are now.
    public func isAskedAboutDanger(_ item: ID<Item>) throws -> Bool {
        try exists("SELECT 1 FROM \"case\" WHERE subject = \(item) AND kind = 'risk' AND closed_at IS NULL")
    }

    /// A suspension stands beside whatever else is open about an account, so that neither hides the other.
    public func openCase(about subject: ID<Anything>, suspends: Bool = false) throws -> ID<Case>? {
        try first(
            "SELECT id FROM \"case\" WHERE subject = \(subject) AND closed_at IS NULL AND (kind = 'suspended') = \(suspends)"
        ) { try $0.id() }
    }

    public func setting(_ key: String) throws -> String? {
        try first("SELECT value FROM setting WHERE key = \(key)") { try $0.text() }
    }

    public func set(_ key: String, to value: String) throws {
        try run(
            "INSERT INTO setting (key, value) VALUES (\(key), \(value)) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
    }
}
