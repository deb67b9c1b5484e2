import Rules
import Screening

/// A response that waits for judges, beside the situation it answers.
public struct ResponseToJudge: Sendable {
    public let id: ID<Item>
    public let kind: ResponseKind
    public let pattern: ThinkingPattern?
    public let body: String
    /// The judge's own choices over the words of the answer.
    public let covers: [Because]
    public let situation: ItemView
    public let room: RoomRow
    /// Which words these are: a judgement of others does not count for them.
    public let seen: String
}

public enum JudgeOutcome: Sendable, Equatable {
    case counted(Delivery)
    /// Other words stand there than those that were judged.
    case changed
    case gone
}

extension Transaction {
    /// Sent together with its item: which of the three kinds it is.
    func addResponse(_ id: ID<Item>, _ kind: ResponseKind, _ pattern: ThinkingPattern?, judged: Bool) throws {
        try run(
            """
            INSERT INTO response (item, kind, pattern, next_at)
            VALUES (\(id), \(kind), \(kind == .distortion ? pattern : nil), \(judged ? now + judgedWithin : nil))
            """)
    }

    /// Other words are judged anew.
    func responseChanged(_ id: ID<Item>) throws {
        try run("DELETE FROM judgement WHERE item = \(id)")
        try run(
            "UPDATE response SET outcome = NULL, decided_at = NULL, staff_at = NULL, next_at = \(now + judgedWithin) WHERE item = \(id)")
    }

    /// Read by one of the staff for safety, and not judged yet: it goes before the judges and is not shown.
    /// Only for a response without an outcome: `putUp` asks.
    func goToJudges(_ id: ID<Item>) throws -> ItemState? {
        try run("UPDATE response SET next_at = \(now + judgedWithin) WHERE item = \(id)")
        return try setState(id, .waiting, reason: WaitReason.judging.rawValue)
    }

    private static let judged: SQL = """
        i.state = 'waiting' AND i.reason = 'judging' AND s.outcome IS NULL
          AND NOT EXISTS (SELECT 1 FROM "case" c WHERE c.subject = i.id AND c.closed_at IS NULL)
        """

    /// Judges are people whose own words stand, and about whom nothing is open.
    private func mayJudge(_ person: Person, in room: RoomRow) throws -> Bool {
        let author = try author(person, in: room)
        return try author.standing >= Author.firstItemsRead && !author.suspended && author.pausedUntil.map({ $0 <= now }) ?? true
            && !exists("SELECT 1 FROM \"case\" WHERE subject = \(person.account) AND kind = 'age' AND closed_at IS NULL")
    }

    /// What waits for this judge: of others, about others, not looked at by them yet, in rooms they may read, with nothing in
    /// it that they keep away from. The longest wait first.
    public func responsesToJudge(by person: Person, choices: ReaderChoices, limit: Int = 10) throws -> [ResponseToJudge] {
        let rooms = try readableRooms(for: Viewer(person: person)).filter { try $0.format == .reappraisal && mayJudge(person, in: $0) }.map(
            \.id)
        guard !rooms.isEmpty else { return [] }
        let found = try rows(
            """
            SELECT i.id FROM response s JOIN item i ON i.id = s.item JOIN item t ON t.id = i.thread
            WHERE \(Self.judged) AND i.room IN \(SQL.list(rooms)) AND t.state = 'shown' AND i.account <> \(person.account)
              AND t.account <> \(person.account)
              AND NOT EXISTS (SELECT 1 FROM judgement j WHERE j.item = i.id AND j.account = \(person.account))
            ORDER BY i.seq LIMIT 40
            """, { try $0.id(Item.self) })
        var seen: [ResponseToJudge] = []
        for id in found where seen.count < limit {
            if let one = try toJudge(id, by: person, choices: choices) { seen.append(one) }
        }
        return seen
    }

    public func toJudge(_ id: ID<Item>, by person: Person, choices: ReaderChoices) throws -> ResponseToJudge? {
        let found = try first(
            """
            SELECT s.kind, s.pattern, i.thread, i.name, i.voice, COALESCE(i.edited_at, i.made_at), i.matters, i.heavy
            FROM response s JOIN item i ON i.id = s.item
            WHERE i.id = \(id) AND \(Self.judged) AND i.account <> \(person.account)
            """
        ) { row in
            (
                try row.word(ResponseKind.self), try row.wordIfAny(ThinkingPattern.self), try row.id(Item.self), try row.id(Name.self),
                try row.word(Voice.self), try row.int(), unbarred(try row.text()).map(String.init), try row.bool()
            )
        }
        // Through the situation's own door: whoever may not read it judges nothing under it.
        guard let (kind, pattern, thread, name, voice, seen, matters, heavy) = found,
            let (situation, room) = try item(thread, visibleTo: Viewer(person: person), choices: choices), situation.state == .shown,
            !situation.isMine, try mayJudge(person, in: room),
            // A muted name is not met; what nobody signed must not tell whose it is by being left out.
            try voice == .anonymous || !exists("SELECT 1 FROM muted WHERE account = \(person.account) AND name = \(name)"),
            let words = try words(of: id)
        else { return nil }
        switch situation.sight {
        case .hide: return nil
        case .show, .cover: break
        }
        return ResponseToJudge(
            id: id, kind: kind, pattern: pattern, body: words.body,
            covers: covers(matters: matters, heavy: heavy, words: [words.body], for: choices), situation: situation, room: room,
            seen: String(seen))
    }

    /// One judgement a person; the second that agrees decides, on a split the third. Nobody learns who said what.
    public func judge(_ id: ID<Item>, _ judgement: Judgement, seen: String, by person: Person, choices: ReaderChoices) throws
        -> JudgeOutcome
    {
        if let earlier = try first(
            "SELECT outcome FROM response s WHERE item = \(id) AND EXISTS (SELECT 1 FROM judgement j WHERE j.item = s.item AND j.account = \(person.account))",
            { try $0.wordIfAny(Delivery.self) })
        {
            return .counted(earlier ?? .waits)
        }
        guard let shown = try toJudge(id, by: person, choices: choices) else { return .gone }
        guard shown.seen == seen else { return .changed }
        // Two at once wait for each other here, and the second sees what the first said.
        try run("UPDATE response SET next_at = next_at WHERE item = \(id)")
        try run(
            """
            INSERT INTO judgement (item, account, judgement, made_at) VALUES (\(id), \(person.account), \(judgement), \(now))
            """)
        if judgement == .worried {
            try askStaff(about: id, code: "judge-worried", level: .medium)
            return .counted(.waits)
        }
        let outcome = delivery(try rows("SELECT judgement FROM judgement WHERE item = \(id)", { try $0.word() }))
        switch outcome {
        case .waits: return .counted(.waits)
        case .deliver, .giveBack: break
        }
        let decided = try change(
            "UPDATE response SET outcome = \(outcome), decided_at = \(now), next_at = NULL WHERE item = \(id) AND outcome IS NULL")
        guard decided == 1 else { return .counted(outcome) }
        try settle(id, outcome)
        return .counted(outcome)
    }

    private func settle(_ id: ID<Item>, _ outcome: Delivery) throws {
        switch outcome {
        case .waits: return
        case .deliver: try setState(id, .shown, reason: nil)
        case .giveBack:
            try setState(id, .returned, reason: "not-delivered")
            if let author = try first("SELECT account FROM item WHERE id = \(id)", { try $0.id(Account.self) }) {
                try notify(author, .statement, item: id, about: ID(raw: id.raw))
            }
        }
    }

    /// For a story told beforehand: as if two had judged it.
    public func deliver(response id: ID<Item>) throws {
        try run(
            "UPDATE response SET outcome = \(Delivery.deliver), decided_at = \(now), next_at = NULL WHERE item = \(id) AND outcome IS NULL")
        try settle(id, .deliver)
    }

    /// Asked twice a second, outside the one writer.
    public func responsesAreLate() throws -> Bool { try exists("SELECT 1 FROM response WHERE next_at <= \(now) LIMIT 1") }

    /// Nobody judged in time, or they did not agree and no third came: one of the staff looks, and decides.
    public func sweepResponses() throws {
        let late = try rows(
            "SELECT i.id, \(Self.judged) FROM response s JOIN item i ON i.id = s.item WHERE s.next_at <= \(now) ORDER BY s.next_at LIMIT 20",
            { (try $0.id(Item.self), try $0.bool()) })
        for (id, waits) in late {
            if waits {
                try askStaff(about: id, code: "no-judges", level: .low)
            } else {
                try run("UPDATE response SET next_at = NULL WHERE item = \(id)")
            }
        }
    }

    /// It is before no judge any more: one of the staff decides.
    private func askStaff(about id: ID<Item>, code: String, level: Level) throws {
        let found = try first("SELECT account, room, organisation FROM item WHERE id = \(id)") {
            (try $0.id(Account.self), $0.idIfAny(Room.self), try $0.id(Organisation.self))
        }
        guard let (account, room, organisation) = found else { return }
        try run("UPDATE response SET next_at = NULL, staff_at = \(now) WHERE item = \(id)")
        try setState(id, .waiting, reason: WaitReason.concern.rawValue)
        try openOrJoin(
            CaseOpening(
                kind: .review, subject: ID(raw: id.raw), room: room, item: id, account: account,
                facts: CaseFacts(level: level, promised: true),
                organisation: organisation, by: "judges", code: code, within: .minutes(30)))
    }

    /// Which of the three kinds the responses of a thread are.
    func responseKinds(in thread: ID<Item>) throws -> [ID<Item>: (kind: ResponseKind, pattern: ThinkingPattern?)] {
        Dictionary(
            try rows(
                "SELECT s.item, s.kind, s.pattern FROM response s JOIN item i ON i.id = s.item WHERE i.thread = \(thread)",
                { (try $0.id(Item.self), (try $0.word(ResponseKind.self), try $0.wordIfAny(ThinkingPattern.self))) }),
            uniquingKeysWith: { a, _ in a })
    }
}
