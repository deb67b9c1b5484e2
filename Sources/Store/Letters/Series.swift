import Rules
import Screening

/// A series as one of its two sees it.
public struct SeriesRow: Sendable {
    public let id: ID<Series>
    public let room: ID<Room>
    public let side: LetterSide
    public let state: SeriesState
    public let why: SeriesEnd?
    /// The other one's name; nil until a befriender is found.
    public let other: String?
    public let since: Instant
    public let endsAt: Instant
    public let madeAt: Instant
    public let letters: [LetterRow]
    public let reviewed: Bool
    /// Of all letters, also of those this person does not see: an earlier befriender's turn was a turn.
    public let turn: LetterTurn
}

public struct LetterRow: Sendable {
    public let id: ID<Item>
    public let side: LetterSide
    public let state: ItemState
    public let isMine: Bool
    public let body: String
    public let madeAt: Instant
    public let deliveredAt: Instant?
    public let matters: [String]
    public let heavy: Bool
    /// A moderator covered it.
    public let covered: Bool

    /// Why it waits behind a cover. A letter is to oneself: nothing of it is hidden, and one's own is never covered.
    public func covers(for reader: ReaderChoices) -> [Because] {
        isMine || state != .shown
            ? [] : Rules.covers(matters: matters, heavy: heavy, words: [body], for: reader) + (covered ? [.moderator] : [])
    }
}

extension Transaction {
    // Reading: the two of it, and nobody else; each letter of the other only once it is delivered.

    public func seriesOf(_ person: Person, limit: Int = 50) throws -> [SeriesRow] {
        let ids = try rows(
            """
            SELECT id FROM series WHERE seeker = \(person.account) OR befriender = \(person.account)
            ORDER BY CASE WHEN state = 'ended' THEN 1 ELSE 0 END, made_at DESC LIMIT \(number: limit)
            """, { try $0.id(Series.self) })
        return try ids.compactMap { try series($0, for: person) }
    }

    public func series(_ id: ID<Series>, for person: Person) throws -> SeriesRow? {
        let found = try first(
            """
            SELECT s.room, s.seeker, s.befriender, s.state, s.why, s.since, s.ends_at, s.made_at,
                   CASE WHEN a.gone_at IS NULL THEN a.shown END, CASE WHEN b.gone_at IS NULL THEN b.shown END,
                   EXISTS (SELECT 1 FROM series_review r WHERE r.series = s.id AND r.account = \(person.account))
            FROM series s JOIN name a ON a.id = s.seeker_name LEFT JOIN name b ON b.id = s.befriender_name
            WHERE s.id = \(id) AND (s.seeker = \(person.account) OR s.befriender = \(person.account))
            """
        ) { row in
            (
                room: try row.id(Room.self), seeker: try row.id(Account.self), befriender: row.idIfAny(Account.self),
                state: try row.word(SeriesState.self), why: try row.wordIfAny(SeriesEnd.self), since: try row.instant(),
                ends: try row.instant(),
                made: try row.instant(), seekerName: row.textIfAny(), befrienderName: row.textIfAny(), reviewed: try row.bool()
            )
        }
        guard let found else { return nil }
        let side: LetterSide = found.seeker == person.account ? .seeker : .befriender
        return SeriesRow(
            id: id, room: found.room, side: side, state: found.state, why: found.why,
            other: side == .seeker ? found.befrienderName : found.seekerName, since: found.since, endsAt: found.ends, madeAt: found.made,
            letters: try letters(of: id, seeker: found.seeker, befriender: found.befriender, for: person), reviewed: found.reviewed,
            turn: Rules.turn(try letterFacts(of: id)))
    }

    private func letterFacts(of series: ID<Series>) throws -> [LetterFact] {
        try rows("SELECT i.id, l.side, i.state FROM letter l JOIN item i ON i.id = l.item WHERE l.series = \(series) ORDER BY i.seq") {
            LetterFact(id: try $0.id(), side: try $0.word(), state: try $0.word())
        }
    }

    private func letters(of series: ID<Series>, seeker: ID<Account>, befriender: ID<Account>?, for person: Person) throws -> [LetterRow] {
        // Of earlier befrienders nobody reads the letters but the seeker, to whom they were written.
        let seen: SQL =
            person.account == seeker
            ? "(i.account = \(person.account) OR i.state = 'shown')"
            : "(i.account = \(person.account) OR i.state = 'shown' AND i.account = \(seeker))"
        let found = try rows(
            """
            SELECT i.id, l.side, i.state, i.account, i.sealed, i.made_at, l.delivered_at, i.matters, i.heavy, i.covered FROM letter l JOIN item i ON i.id = l.item
            WHERE l.series = \(series) AND i.state <> 'erased' AND \(seen) ORDER BY i.seq
            """
        ) { row in
            (
                id: try row.id(Item.self), side: try row.word(LetterSide.self), state: try row.word(ItemState.self),
                account: try row.id(Account.self), sealed: row.bytesIfAny(), made: try row.instant(), delivered: row.instantIfAny(),
                matters: unbarred(try row.text()).map(String.init), heavy: try row.bool(), covered: try row.bool()
            )
        }
        var keyOf: [ID<Account>: ContentKey] = [person.account: person.contentKey]
        for account in Set(found.map(\.account)) where keyOf[account] == nil { keyOf[account] = try contentKey(of: account) }
        return try found.map { one in
            let isMine = one.account == person.account
            let body = try one.sealed.flatMap { sealed in
                try keyOf[one.account].map { SealedWords(try $0.open(sealed, for: "item \(one.id)")).body }
            }
            return LetterRow(
                id: one.id, side: one.side, state: one.state, isMine: isMine, body: body ?? "", madeAt: one.made,
                deliveredAt: one.delivered,
                matters: one.matters, heavy: one.heavy, covered: one.covered)
        }
    }

    /// Trained for letters, and willing.
    public func isBefriender(_ person: Person, courses: [String]) throws -> Bool {
        guard !courses.isEmpty else { return false }
        return try exists(
            "SELECT 1 FROM course_taken c WHERE c.account = \(person.account) AND \(saidYes("c")) AND c.course IN \(SQL.list(courses))")
    }

    /// A yes to what a course opened holds for a year, and goes on where it is said again; what staff ended is over.
    func saidYes(_ taken: SQL) -> SQL {
        "\(taken).choice = 'taken' AND \(taken).ended_by IS NULL AND \(taken).chosen_at > \(now - SeriesPlan.yesHolds)"
    }

    /// Of a letter its series, where this person may open that: an earlier befriender may not.
    public func series(ofLetter item: ID<Item>, for person: Person) throws -> ID<Series>? {
        try first(
            """
            SELECT s.id FROM letter l JOIN series s ON s.id = l.series
            WHERE l.item = \(item) AND (s.seeker = \(person.account) OR s.befriender = \(person.account))
            """
        ) { try $0.id() }
    }

    public func isLetter(_ item: ID<Item>) throws -> Bool { try exists("SELECT 1 FROM letter WHERE item = \(item)") }

    /// May this person report this letter? Whoever it was delivered to. The name is the one that a series shows: a seeker's of its
    /// beginning, a befriender's first; whatever voice they spoke with since leads to no second name.
    func letterDelivered(_ item: ID<Item>, to person: Person) throws -> (account: ID<Account>, name: ID<Name>, room: ID<Room>)? {
        try first(
            """
            SELECT i.account,
              CASE WHEN l.side = 'seeker' THEN s.seeker_name ELSE (SELECT n.id FROM name n WHERE n.account = i.account AND n.place = 1) END,
              i.room FROM letter l JOIN item i ON i.id = l.item JOIN series s ON s.id = l.series
            WHERE l.item = \(item) AND i.state = 'shown' AND i.account <> \(person.account)
              AND (s.seeker = \(person.account) OR l.side = 'seeker' AND (s.befriender = \(person.account)
                   OR EXISTS (SELECT 1 FROM series_past p WHERE p.series = s.id AND p.account = \(person.account) AND l.delivered_at <= p.at)))
            """
        ) { (try $0.id(), try $0.id(), try $0.id()) }
    }

    /// May its writer still change it: it is no letter, or its series runs and they are one of the two.
    func isLetterAlive(_ item: ID<Item>, of account: ID<Account>) throws -> Bool {
        try !exists("SELECT 1 FROM letter WHERE item = \(item)")
            || exists(
                """
                SELECT 1 FROM letter l JOIN series s ON s.id = l.series WHERE l.item = \(item) AND s.state <> 'ended'
                  AND (s.seeker = \(account) OR s.befriender = \(account))
                """)
    }

    /// The first room of letters that this reader may enter.
    func roomOfLetters(for viewer: Viewer) throws -> ID<Room>? {
        guard
            try exists(
                "SELECT 1 FROM room WHERE organisation = \(viewer.organisation) AND format = \(Format.letters) AND closed_at IS NULL")
        else { return nil }
        return try readableRooms(for: viewer).first { $0.format == .letters && $0.isOpen }?.id
    }

    // Writing

    /// What keeps this person from beginning a series here; nil when nothing does.
    public func notYetHere(_ person: Person, in room: RoomRow) throws -> NotYetHere? {
        notYetHere(person, try author(person, in: room))
    }

    private func notYetHere(_ person: Person, _ author: Author) -> NotYetHere? {
        mayWriteToOne(joinedAt: person.joinedAt, standing: author.standing, pausedUntil: author.pausedUntil, now: now)
    }

    /// The first letter begins the series. One series at a time in a room.
    public func beginSeries(
        _ draft: Draft, from person: Person, in room: RoomRow, assessment: Assessment, hoursOpen: Bool, fromItem: ID<Item>?
    ) throws -> SendOutcome {
        let draft = pressed(draft, "letters \(room.id)")
        let known = try beginning(draft, person, room, fromItem)
        if let earlier = known.earlier { return .already(earlier) }
        guard may(Viewer(person: person), read: room), room.format == .letters, room.isOpen, !person.isStaff, !known.isHeldBack else {
            return .gone
        }
        let author = known.author
        let decision = decideLetter(author, try formInForce(of: room), assessment, hoursOpen, onDuty: known.onDuty)
        // TALK-4: a new account reaches nobody alone.
        if let why = notYetHere(person, author) { return .notYet(why) }
        if case .refuse(let why) = decision { return .refused(why) }
        guard !known.hasOpen else { return .refused(.oneAtATime) }
        let id: ID<Series> = ids.timed()
        try run(
            """
            INSERT INTO series (id, organisation, room, seeker, seeker_name, from_item, state, since, ends_at, next_at, made_at)
            VALUES (\(id), \(room.organisation), \(room.id), \(person.account), \(person.name), \(known.own), 'seeking',
                    \(now), \(now + SeriesPlan.usual.length), \(now + .hours(1)), \(now))
            """)
        return try keepLetter(draft, id, .seeker, person, room, decision, assessment, author)
    }

    public func sendLetter(
        _ draft: Draft, in id: ID<Series>, from person: Person, room: RoomRow, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        let draft = pressed(draft, "series \(id)")
        if let earlier = try earlier(draft, person) { return .already(earlier) }
        // Two presses at once wait for each other here: the second sees whose turn it is then.
        try run("UPDATE series SET next_at = next_at WHERE id = \(id) AND state = 'running'")
        guard let series = try series(id, for: person), series.state == .running, series.room == room.id, room.isOpen,
            try series.side == .seeker || !isHeldBack(person.account)
        else { return .gone }
        guard series.turn == .write(series.side) else { return .refused(.notYourTurn) }
        let author = try author(person, in: room)
        // What was begun goes on to its end, also where nobody as young may begin any more.
        let decision = decideLetter(author, room.form, assessment, hoursOpen, onDuty: try isSomeoneOnDuty(for: room))
        if case .refuse(let why) = decision { return .refused(why) }
        let outcome = try keepLetter(draft, id, series.side, person, room, decision, assessment, author)
        // Looked at again, so that a letter nobody is asked about comes back.
        try run("UPDATE series SET next_at = \(now + .hours(1)) WHERE id = \(id) AND next_at > \(now + .hours(1))")
        return outcome
    }

    /// What must be known before a first letter is kept.
    private struct Beginning {
        let earlier: ID<Item>?
        let isHeldBack: Bool
        /// The thread that it began from, if it is their own: another's would tell who it is.
        let own: ID<Item>?
        let hasOpen: Bool
        let onDuty: Bool
        let author: Author
    }

    /// In one statement: each of its own would be a round trip while the writer waits.
    private func beginning(_ draft: Draft, _ person: Person, _ room: RoomRow, _ from: ID<Item>?) throws -> Beginning {
        let found = try first(
            """
            SELECT (SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)),
                   EXISTS (\(heldBack("\(person.account)"))),
                   (SELECT id FROM item WHERE id = \(from ?? ID(raw: -1)) AND account = \(person.account)),
                   EXISTS (SELECT 1 FROM series WHERE seeker = \(person.account) AND room = \(room.id) AND state <> 'ended'),
                   EXISTS (\(hereFor(room))), \(authorColumns(person.account))
            """
        ) { row in
            Beginning(
                earlier: row.idIfAny(), isHeldBack: try row.bool(), own: row.idIfAny(), hasOpen: try row.bool(), onDuty: try row.bool(),
                author: try readAuthor(&row, person, room))
        }
        guard let found else { throw StoreFault.unreadable("what a first letter needs") }
        return found
    }

    private func pressed(_ draft: Draft, _ place: String) -> Draft {
        var draft = draft
        draft.key = "\(place) \(press(draft.key, draft.body))"
        return draft
    }

    private func earlier(_ draft: Draft, _ person: Person) throws -> ID<Item>? {
        try first("SELECT id FROM item WHERE account = \(person.account) AND request_key = \(draft.key)") { try $0.id() }
    }

    /// Every letter is read before it is delivered, whatever its room does with other words.
    private func decideLetter(
        _ author: Author, _ form: RoomForm, _ assessment: Assessment, _ hoursOpen: Bool, onDuty: Bool
    ) -> GateDecision {
        var form = form
        form.moderation = .before
        let place = Place(
            form: form, isReply: false, isOwnThread: true, isOpenNow: hoursOpen, someoneOnDuty: onDuty, languages: ["en"])
        return gate(assessment, by: author, in: place, now: now)
    }

    private func keepLetter(
        _ draft: Draft, _ series: ID<Series>, _ side: LetterSide, _ person: Person, _ room: RoomRow, _ decision: GateDecision,
        _ assessment: Assessment, _ author: Author
    ) throws -> SendOutcome {
        let id = try insert(draft, by: Writer(person), room: room, decision: decision, assessment: assessment, asker: nil)
        try run("INSERT INTO letter (item, series, side) VALUES (\(id), \(series), \(side))")
        try carryOut(decision, for: id, account: person.account, room: room, author: author, draft: draft, isNew: true)
        return .kept(id, decision.state ?? .waiting)
    }

    /// A letter with the two it goes between, as they are now.
    private struct Posted {
        var series: ID<Series>
        var side: LetterSide
        var seeker: ID<Account>
        var befriender: ID<Account>?
        var state: SeriesState
        var writer: ID<Account>
        var seekerBand: AgeBand?
        var befrienderBand: AgeBand?
        var isAgeInDoubt: Bool
        /// The befriender, as they are now: under nothing, and still there for this.
        var isBefrienderFree: Bool
        var isRoomOpen: Bool
        var matters: Set<String>
        /// Empty where it is too short to tell.
        var language: Languages
        /// What the befriender takes, and what they write.
        var takes: Set<String>
        var writes: Languages
        var wasDelivered: Bool

        /// Asked again at each delivery: nobody's age is in doubt, never across 18, the befriender is under nothing.
        var mayMeet: Bool {
            guard !isAgeInDoubt else { return false }
            guard befriender != nil else { return true }
            return isBefrienderFree && (seekerBand?.isUnder18 ?? true) == (befrienderBand?.isUnder18 ?? true)
        }

        /// A seeker's letter that this befriender does not get, and another one may: they are away, or may not take it.
        var goesOn: Bool {
            guard side == .seeker, befriender != nil, isRoomOpen, !isAgeInDoubt else { return false }
            return !mayMeet || isTooHard(matters, language: language, for: befrienderBand, takes: takes, writes: writes)
        }
    }

    // A letter's states: sealed whatever they are.

    /// Answers how it stands now; nil where nobody may change it any more.
    func setLetterState(_ id: ID<Item>, from old: ItemState, to state: ItemState, reason: String?) throws -> ItemState? {
        let posted = try first(
            """
            SELECT l.series, l.side, s.seeker, s.befriender, s.state, i.account, a.band, b.band,
                   EXISTS (SELECT 1 FROM "case" c WHERE c.subject = s.seeker AND c.kind = 'age' AND c.closed_at IS NULL),
                   NOT EXISTS (\(heldBack("s.befriender"))) AND \(willing("b", "s.course")),
                   EXISTS (SELECT 1 FROM room r WHERE r.id = i.room AND r.opened_at IS NOT NULL AND r.closed_at IS NULL),
                   i.matters, i.language, COALESCE(p.matters, ''), COALESCE(p.languages, '|en|'), l.delivered_at IS NOT NULL
            FROM letter l JOIN series s ON s.id = l.series JOIN item i ON i.id = l.item JOIN account a ON a.id = s.seeker
            LEFT JOIN account b ON b.id = s.befriender LEFT JOIN supporter p ON p.account = s.befriender WHERE l.item = \(id)
            """
        ) { row in
            Posted(
                series: try row.id(), side: try row.word(), seeker: try row.id(), befriender: row.idIfAny(), state: try row.word(),
                writer: try row.id(), seekerBand: try row.wordIfAny(), befrienderBand: try row.wordIfAny(),
                isAgeInDoubt: try row.bool(), isBefrienderFree: try row.bool(), isRoomOpen: try row.bool(),
                matters: Set(unbarred(try row.text()).map(String.init)), language: row.textIfAny().map { Languages(ofPost: $0) } ?? [],
                takes: Set(unbarred(try row.text()).map(String.init)), writes: Languages(codes: unbarred(try row.text())),
                wasDelivered: try row.bool())
        }
        // A review of a room is sealed like a letter, and goes to nobody in particular.
        guard try posted != nil || exists("SELECT 1 FROM room_review WHERE item = \(id)"), old != .erased, old != .withdrawn else {
            return nil
        }
        try run(
            "UPDATE item SET state = \(state), reason = \(reason), shown_at = COALESCE(shown_at, \(state == .shown ? now : nil)) WHERE id = \(id)"
        )
        guard let posted else { return state }
        let series = posted.series
        switch state {
        // Taken from sight and put back: it was read long ago, and is there again for whoever it went to.
        case .shown where posted.wasDelivered && (old == .hidden || old == .removed):
            try run("UPDATE series SET since = \(now), next_at = \(now) WHERE id = \(series) AND state <> 'ended'")
        case .shown: return try deliver(id, posted)
        // Sent back by a moderator: the time to answer begins anew, since it was not theirs that it took.
        case .returned: try run("UPDATE series SET since = \(now), next_at = \(now) WHERE id = \(series) AND state <> 'ended'")
        case .waiting, .held, .hidden, .removed, .withdrawn, .erased:
            try run("UPDATE series SET next_at = \(now) WHERE id = \(series) AND state <> 'ended'")
        }
        return state
    }

    /// A moderator has nothing against it: it is the other's now, unless the two are two no longer.
    private func deliver(_ id: ID<Item>, _ found: Posted) throws -> ItemState {
        let series = found.series
        let isOfTheTwo = found.writer == found.seeker || found.writer == found.befriender
        guard found.state != .ended, isOfTheTwo else {
            // The series ended, or went on to somebody else, while it was read: it goes to nobody.
            try run("UPDATE item SET state = 'withdrawn', reason = NULL WHERE id = \(id)")
            return .withdrawn
        }
        if found.goesOn {
            // Another hand is looked for, among those who may take it.
            try passOn(series)
            try run("UPDATE letter SET delivered_at = COALESCE(delivered_at, \(now)) WHERE item = \(id)")
            return .shown
        }
        guard found.mayMeet, found.isRoomOpen else {
            // Not now: the words are their writer's, to send again.
            try run("UPDATE item SET state = 'returned', reason = 'not-now' WHERE id = \(id)")
            try notify(found.writer, .letterWaits, item: nil, about: ID(raw: series.raw))
            try run("UPDATE series SET since = \(now), next_at = \(now) WHERE id = \(series)")
            return .returned
        }
        try run("UPDATE letter SET delivered_at = COALESCE(delivered_at, \(now)) WHERE item = \(id)")
        try run("UPDATE series SET since = \(now), next_at = \(now) WHERE id = \(series)")
        switch found.side {
        case .befriender: try notify(found.seeker, .letter, item: nil, about: ID(raw: series.raw))
        case .seeker: if let befriender = found.befriender { try notify(befriender, .letter, item: nil, about: ID(raw: series.raw)) }
        }
        return .shown
    }

    /// Said yes to letters, and is not away for longer than an answer may take. A series that runs keeps its befriender past the end of
    /// their year: what they have written is not lost.
    func isWilling(_ befriender: ID<Account>, in series: ID<Series>) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM series s JOIN account a ON a.id = \(befriender) WHERE s.id = \(series) AND \(willing("a", "s.course"))
            """)
    }

    private func willing(_ account: SQL, _ course: SQL) -> SQL {
        """
        \(account).erased_at IS NULL AND (\(account).break_until IS NULL OR \(account).break_until <= \(now + SeriesPlan.usual.answerWithin))
        AND EXISTS (SELECT 1 FROM course_taken c WHERE c.account = \(account).id AND c.course = \(course) AND c.choice = 'taken'
                    AND c.ended_by IS NULL)
        """
    }
}
