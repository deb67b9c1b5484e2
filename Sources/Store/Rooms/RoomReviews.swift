import Rules
import Screening

/// What people say of a room after having used it.
extension Transaction {
    /// Whether they may say how it is, and whether they did before.
    public func nextReview(of room: ID<Room>, by person: Person) throws -> ReviewStep {
        let wordsStand: SQL = "EXISTS (SELECT 1 FROM item WHERE room = \(room) AND account = \(person.account) AND state = 'shown')"
        let saidBefore: SQL = "EXISTS (SELECT 1 FROM room_review WHERE room = \(room) AND account = \(person.account))"
        let since: SQL = "(SELECT min(joined_at) FROM membership WHERE room = \(room) AND account = \(person.account))"
        return try first("SELECT \(wordsStand), \(since), \(saidBefore)") {
            reviewStep(wordsStand: try $0.bool(), memberSince: $0.instantIfAny(), saidBefore: try $0.bool(), now: now)
        } ?? .tooSoon
    }

    /// One a person and room; written anew it takes the place of the old one. Read first, like everything that is shown on a card.
    public func reviewRoom(
        _ draft: Draft, answer: Int, from person: Person, in room: RoomRow, assessment: Assessment
    ) throws -> SendOutcome {
        var draft = draft
        draft.key = "review \(room.id) \(press(draft.key, "\(answer) \(draft.body)"))"
        if let earlier = try first(
            "SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)", { try $0.id(Item.self) })
        {
            return .already(earlier)
        }
        guard may(Viewer(person: person), read: room) else { return .gone }
        let step = try nextReview(of: room.id, by: person)
        guard step != .tooSoon else { return .gone }
        var form = room.form
        form.moderation = .before
        let author = try author(person, in: room)
        let place = Place(
            form: form, isReply: false, isOwnThread: true, isOpenNow: true, someoneOnDuty: try isSomeoneOnDuty(for: room), languages: ["en"]
        )
        let decision = gate(assessment, by: author, in: place, now: now)
        if case .refuse(let why) = decision { return .refused(why) }
        let said = "SELECT item FROM room_review WHERE room = \(room.id) AND account = \(person.account)" as SQL
        for old in step == .readInstead ? try rows(said, { try $0.id(Item.self) }) : [] {
            _ = try withdraw(old, by: person)
            try run("DELETE FROM room_review WHERE item = \(old)")
        }
        let id = try insert(draft, by: Writer(person), room: room, decision: decision, assessment: assessment, asker: nil)
        try run("INSERT INTO room_review (item, room, account, answer) VALUES (\(id), \(room.id), \(person.account), \(answer))")
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: true)
        return .kept(id, decision.state ?? .waiting)
    }

    /// What people said of a room after having used it, newest first; without names.
    public func reviews(
        of room: ID<Room>, choices: ReaderChoices, limit: Int = 5
    ) throws -> [(answer: Int, words: String, at: Instant, covers: [Because])] {
        try rows(
            """
            SELECT v.answer, i.id, i.made_at, i.matters, i.heavy FROM room_review v JOIN item i ON i.id = v.item
            WHERE v.room = \(room) AND i.state = 'shown' ORDER BY i.seq DESC LIMIT \(number: limit)
            """
        ) { (try $0.count(), try $0.id(Item.self), try $0.instant(), unbarred(try $0.text()).map(String.init), try $0.bool()) }
        .compactMap { answer, item, at, matters, heavy in
            try words(of: item).map { words in
                (answer, words.body, at, Rules.covers(matters: matters, heavy: heavy, words: [words.body], for: choices))
            }
        }
    }

    /// How many said how each room is, and how many of them that it is good, of what was said before a moment: told for months that are
    /// over alone, like every public count.
    public func opinions(of organisation: ID<Organisation>, until: Instant) throws -> [ID<Room>: (good: Int, all: Int)] {
        let found = try rows(
            """
            SELECT v.room, sum(CASE WHEN v.answer >= 4 THEN 1 ELSE 0 END), count(*)
            FROM room_review v JOIN item i ON i.id = v.item JOIN room r ON r.id = v.room
            WHERE r.organisation = \(organisation) AND i.state = 'shown' AND i.made_at < \(until) GROUP BY v.room
            """
        ) { (try $0.id(Room.self), (good: try $0.count(), all: try $0.count())) }
        return Dictionary(found, uniquingKeysWith: { a, _ in a })
    }
}
