import Crypto
import Foundation
import Rules

public struct CaseEventRow: Sendable {
    public let id: ID<Anything>
    public let number: Int
    public let kind: CaseEventKind
    public let actorShown: String?
    public let role: String
    public let code: String
    public let at: Instant
    public let words: String?
}

/// Where the chain of a case's events ends, and whether its row says so by now.
struct HistoryEnd {
    let head: [UInt8]
    let events: Int
    var isKept: Bool

    init(head: [UInt8], events: Int, isKept: Bool) { (self.head, self.events, self.isKept) = (head, events, isKept) }
    init(_ row: inout Row) throws { self.init(head: try row.bytes(), events: try row.count(), isKept: true) }
}

extension Transaction {
    /// Appends one event. The chain holds ids, codes and a salted hash; the words go beside it, sealed, deletable.
    public func append(
        _ kind: CaseEventKind, to id: ID<Case>, actor: ID<Account>?, role: String, code: String, words: String? = nil
    ) throws {
        guard let end = try takenHistory(of: id) else { return }
        let head = try write(kind, of: id, after: end.head, end.events, actor: actor, role: role, code: code, words: words)
        ending.histories[id] = HistoryEnd(head: head, events: end.events + 1, isKept: false)
    }

    /// The ends of the histories that grew in here, each written once however many events came.
    func keepHistories() throws {
        for (id, end) in ending.histories where !end.isKept {
            try run("UPDATE \"case\" SET head = \(end.head), events = \(end.events) WHERE id = \(id)")
            ending.histories[id]?.isKept = true
        }
    }

    /// The end of the history of a case that is being opened: its row is written with it, and needs no second statement.
    func firstHead(of id: ID<Case>, by role: String, code: String) -> [UInt8] {
        link([], id, 0, .opened, nil, role, code, nil, now)
    }

    /// The first event of a case whose row holds `firstHead` already.
    func begin(_ id: ID<Case>, by role: String, code: String) throws {
        let head = try write(.opened, of: id, after: [], 0, actor: nil, role: role, code: code, words: nil)
        ending.histories[id] = HistoryEnd(head: head, events: 1, isKept: true)
    }

    /// Writes one event and answers the new end of the history.
    private func write(
        _ kind: CaseEventKind, of id: ID<Case>, after head: [UInt8], _ number: Int, actor: ID<Account>?, role: String, code: String,
        words: String?
    ) throws -> [UInt8] {
        tellQueue()
        let event: ID<Anything> = ids.timed()
        var wordsHash: [UInt8]?
        if let words {
            let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
            wordsHash = Array(SHA256.hash(data: Data(salt + Array(words.utf8))))
            try run(
                """
                INSERT INTO case_event (id, case_id, number, kind, actor, actor_role, code, words_hash, made_at, hash)
                VALUES (\(event), \(id), \(number), \(kind), \(actor), \(role), \(code), \(wordsHash), \(now),
                        \(link(head, id, number, kind, actor, role, code, wordsHash, now)))
                """)
            try run(
                """
                INSERT INTO case_words (event, salt, sealed, ends_at)
                VALUES (\(event), \(salt), \(try keys.seal(Array(words.utf8), for: "case words \(event)")), \(now + .days(365)))
                """)
        } else {
            try run(
                """
                INSERT INTO case_event (id, case_id, number, kind, actor, actor_role, code, made_at, hash)
                VALUES (\(event), \(id), \(number), \(kind), \(actor), \(role), \(code), \(now),
                        \(link(head, id, number, kind, actor, role, code, nil, now)))
                """)
        }
        return link(head, id, number, kind, actor, role, code, wordsHash, now)
    }

    /// The end of a case's history. The row is taken before it is read: two at once come one after the other, on either engine;
    /// what this transaction has taken is its own.
    private func takenHistory(of id: ID<Case>) throws -> HistoryEnd? {
        if let known = ending.histories[id] { return known }
        return try changed("UPDATE \"case\" SET events = events WHERE id = \(id) RETURNING head, events") { try HistoryEnd(&$0) }
    }

    /// Changes a case's row and takes it by that, with the end of its history: what is appended afterwards need not ask for it. False
    /// where `change`, an UPDATE of that one row, did not apply.
    func takeCase(_ id: ID<Case>, _ change: SQL) throws -> Bool {
        guard let end = try changed("\(change) RETURNING head, events", { try HistoryEnd(&$0) }) else { return false }
        if ending.histories[id] == nil { ending.histories[id] = end }  // what grew in here is ahead of the row
        return true
    }

    private func link(
        _ head: [UInt8], _ id: ID<Case>, _ number: Int, _ kind: CaseEventKind, _ actor: ID<Account>?, _ role: String,
        _ code: String, _ words: [UInt8]?, _ at: Instant
    ) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: head)
        let line = "\(id)|\(number)|\(kind.rawValue)|\(actor?.description ?? "-")|\(role)|\(code)|\(at.milliseconds)|"
        hash.update(data: Data(line.utf8))
        if let words { hash.update(data: words) }
        return Array(hash.finalize())
    }

    public func events(of id: ID<Case>) throws -> [CaseEventRow] {
        try rows(
            """
            SELECT e.id, e.number, e.kind, n.shown, e.actor_role, e.code, e.made_at, w.sealed
            FROM case_event e LEFT JOIN name n ON n.account = e.actor AND n.place = 1
            LEFT JOIN case_words w ON w.event = e.id WHERE e.case_id = \(id) ORDER BY e.number
            """
        ) { row in
            let event: ID<Anything> = try row.id()
            let (number, kind): (Int, CaseEventKind) = (try row.count(), try row.word())
            let (shown, role, code, at) = (row.textIfAny(), try row.text(), try row.text(), try row.instant())
            let words = try row.bytesIfAny().map {
                String(decoding: try keys.open($0, for: "case words \(event)"), as: UTF8.self)
            }
            return CaseEventRow(
                id: event, number: number, kind: kind, actorShown: shown, role: role, code: code, at: at, words: words)
        }
    }

    /// Walks a case's chain and folds its state: true when both agree with what is stored.
    public func chainHolds(of id: ID<Case>) throws -> Bool {
        let stored = try first("SELECT head, state FROM \"case\" WHERE id = \(id)") { (try $0.bytes(), try $0.word(CaseState.self)) }
        guard let (head, storedState) = stored else { return false }
        var walked: [UInt8] = []
        var kinds: [CaseEventKind] = []
        let events = try rows(
            """
            SELECT number, kind, actor, actor_role, code, words_hash, made_at, hash FROM case_event
            WHERE case_id = \(id) ORDER BY number
            """
        ) { row in
            (
                try row.count(), try row.word(CaseEventKind.self), row.idIfAny(Account.self), try row.text(), try row.text(),
                row.bytesIfAny(), try row.instant(), try row.bytes()
            )
        }
        for (number, kind, actor, role, code, words, at, hash) in events {
            walked = link(walked, id, number, kind, actor, role, code, words, at)
            guard walked == hash else { return false }
            kinds.append(kind)
        }
        return walked == head && state(after: kinds) == storedState
    }

    /// The next cases after one, oldest first, each with whether its history is still what was written.
    public func histories(after last: ID<Case>?, limit: Int) throws -> [(id: ID<Case>, holds: Bool)] {
        try rows("SELECT id FROM \"case\" WHERE id > \(last ?? ID(raw: 0)) ORDER BY id LIMIT \(number: limit)") { try $0.id(Case.self) }
            .map { ($0, try chainHolds(of: $0)) }
    }

    /// One daily head over all cases: whoever keeps a copy of it can prove later that no history was changed.
    public func makeDailyHead(of organisation: ID<Organisation>) throws {
        try keepHistories()  // the rows are read here
        var hash = SHA256()
        let heads = try rows("SELECT head FROM \"case\" WHERE organisation = \(organisation) ORDER BY id") { try $0.bytes() }
        for head in heads { hash.update(data: head) }
        try run(
            """
            INSERT INTO daily_head (organisation, day, cases, hash)
            VALUES (\(organisation), \(now.day), \(heads.count), \(Array(hash.finalize())))
            ON CONFLICT (organisation, day) DO UPDATE SET cases = excluded.cases, hash = excluded.hash
            """)
    }
}
