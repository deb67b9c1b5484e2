import Rules
import Screening

/// What the sweep needs to know about the house beside its tables: lists of words, what is never offered to whom, the clock
/// on the wall.
public struct OfferSetting: Sendable {
    public let topics: TagList
    public let matters: TagList
    public let rules: OfferRules
    /// The minute of the day where the organisation is.
    public let minute: @Sendable (Instant) -> Int

    public init(topics: TagList, matters: TagList, rules: OfferRules, minute: @escaping @Sendable (Instant) -> Int) {
        self.topics = topics
        self.matters = matters
        self.rules = rules
        self.minute = minute
    }
}

extension Transaction {
    /// A thread that asks for an answer is seen for the first time, or again: its promise runs from now, or goes on. Staff who begin
    /// a thread ask for nothing.
    func openPost(_ item: ID<Item>) throws {
        try run(
            """
            INSERT INTO open_post (item, organisation, room, account, from_at, due_at, ring, next_at, handed_over)
            SELECT i.id, i.organisation, i.room, i.account, \(now), \(now) + f.promise_minutes * 60000, 0, \(now), \(false)
            FROM item i JOIN room r ON r.id = i.room JOIN room_form f ON f.room = r.id AND f.version = r.version
            WHERE i.id = \(item) AND i.kind IN ('thread', 'question') AND i.voice <> 'staff' AND COALESCE(i.wants, '') <> \(Wants.noReply)
            ON CONFLICT (item) DO NOTHING
            """)
        try waitsAgain(item)
    }

    /// Somebody else answered, and the answer is seen: nobody is asked any more, and nobody owns that it is late.
    public func answered(_ thread: ID<Item>, by account: ID<Account>) throws {
        try endOffers(of: thread, answeredBy: account)
        // What was escalated is closed by the sweep, which looks at it at once.
        try run(
            """
            UPDATE open_post SET answered_at = \(now), taken_by = NULL, taken_until = NULL, next_at = \(now),
              closed_at = CASE WHEN case_id IS NULL THEN COALESCE(closed_at, \(now)) ELSE closed_at END
            WHERE item = \(thread) AND answered_at IS NULL
            """)
    }

    /// An answer was sent and waits to be read: whoever sent it has done their part.
    func answerWaits(_ thread: ID<Item>, by account: ID<Account>) throws {
        try run(
            """
            UPDATE offer SET state = 'answered', ended_at = \(now), taken_at = COALESCE(taken_at, \(now))
            WHERE item = \(thread) AND account = \(account) AND state IN ('offered', 'accepted')
            """)
        try run(
            """
            UPDATE open_post SET taken_by = NULL, taken_until = NULL, next_at = \(now)
            WHERE item = \(thread) AND taken_by = \(account) AND closed_at IS NULL
            """)
    }

    /// The thread is not seen any more: its offers say nothing.
    func closePost(_ item: ID<Item>) throws {
        try run("UPDATE open_post SET closed_at = \(now), taken_by = NULL, taken_until = NULL WHERE item = \(item) AND closed_at IS NULL")
        try endOffers(of: item, answeredBy: nil)
        // Whoever had it before them and had not answered yet may be asked again, when it is seen again.
        try run("DELETE FROM offer WHERE item = \(item) AND state = 'lapsed' AND taken_at IS NULL AND ended_at = \(now)")
    }

    /// An answer is not seen any more: without another one the thread waits again.
    func unanswered(_ thread: ID<Item>) throws { try waitsAgain(thread) }

    /// A thread that is seen and that nobody else has answered waits, whatever was noted before. Who owned it before owns it no more:
    /// past its promise somebody new will.
    private func waitsAgain(_ thread: ID<Item>) throws {
        try run(
            """
            UPDATE open_post SET answered_at = NULL, closed_at = NULL, case_id = NULL, escalated_at = NULL, next_at = \(now)
            WHERE item = \(thread) AND (closed_at IS NOT NULL OR answered_at IS NOT NULL) AND \(isUnanswered("open_post"))
            """)
    }

    private func isUnanswered(_ post: SQL) -> SQL {
        """
        EXISTS (SELECT 1 FROM item t WHERE t.id = \(post).item AND t.state = 'shown')
          AND NOT EXISTS (SELECT 1 FROM item r WHERE r.thread = \(post).item AND r.state = 'shown' AND r.account <> \(post).account)
          AND NOT EXISTS (SELECT 1 FROM conversation v WHERE v.item = \(post).item AND v.answered_at IS NOT NULL)
        """
    }

    /// What was before somebody is before nobody, and no unread notice speaks of it.
    private func endOffers(of item: ID<Item>, answeredBy account: ID<Account>?) throws {
        try run(
            """
            DELETE FROM notice WHERE kind = 'offer' AND about = \(item) AND seen_at IS NULL
              AND account IN (SELECT account FROM offer WHERE item = \(item))
            """)
        try run(
            """
            UPDATE offer SET state = CASE WHEN account = \(account) THEN 'answered' ELSE 'lapsed' END, ended_at = \(now),
              taken_at = CASE WHEN account = \(account) THEN COALESCE(taken_at, \(now)) ELSE taken_at END
            WHERE item = \(item) AND state IN ('offered', 'accepted')
            """)
    }

    /// The thread stands in another room now: that room's supporters are asked, unless somebody owns it already.
    func movePost(_ item: ID<Item>, to room: ID<Room>) throws {
        try endOffers(of: item, answeredBy: nil)
        try run(
            """
            UPDATE open_post SET room = \(room), taken_by = NULL, taken_until = NULL,
              ring = CASE WHEN escalated_at IS NULL THEN 0 ELSE ring END, next_at = CASE WHEN escalated_at IS NULL THEN \(now) ELSE next_at END
            WHERE item = \(item)
            """)
    }

    /// Asked twice a second, outside the one writer.
    public func postsAreDue() throws -> Bool { try exists("SELECT 1 FROM open_post WHERE closed_at IS NULL AND next_at <= \(now) LIMIT 1") }

    /// The next ones, for when they have to be taken one at a time.
    public func duePosts() throws -> [ID<Item>] {
        try rows("SELECT item FROM open_post WHERE closed_at IS NULL AND next_at <= \(now) ORDER BY next_at LIMIT 20") { try $0.id() }
    }

    /// Takes the next step with up to twenty posts that are due, or with one of them; answers how many there were.
    public func sweepPosts(_ setting: OfferSetting, only item: ID<Item>? = nil) throws -> Int {
        let one: SQL = item.map { "AND p.item = \($0)" } ?? ""
        let due = try rows(
            """
            SELECT p.item, p.organisation, p.room, p.account, p.from_at, p.due_at, p.ring, p.taken_until, p.handed_over, p.answered_at,
                   p.case_id, i.matters, i.topics, i.heavy, i.voice, i.language, a.band,
                   (SELECT count(*) FROM offer o WHERE o.item = p.item AND o.state = 'offered' AND o.ring = p.ring),
                   EXISTS (SELECT 1 FROM item r WHERE r.thread = p.item AND r.state IN ('waiting', 'held') AND r.account <> p.account)
                     OR EXISTS (SELECT 1 FROM "case" c WHERE c.subject = p.item AND c.kind = 'risk' AND c.closed_at IS NULL)
            FROM open_post p JOIN item i ON i.id = p.item JOIN account a ON a.id = p.account
            WHERE p.closed_at IS NULL AND p.next_at <= \(now) \(one) ORDER BY p.next_at LIMIT 20
            """
        ) { row in try readPost(&row, setting) }
        var asked: [ID<Room>: [Supporter]] = [:]
        for post in due { try take(post, setting, &asked) }
        return due.count
    }

    private func readPost(_ row: inout Row, _ setting: OfferSetting) throws -> OpenPostRow {
        let (item, organisation, room): (ID<Item>, ID<Organisation>, ID<Room>) = (try row.id(), try row.id(), try row.id())
        let account: ID<Account> = try row.id()
        let promise = AnswerPromise(from: try row.instant(), due: try row.instant())
        let ring = Ring(rawValue: try row.count()) ?? .escalated
        let (taken, handed, answered, owner) = (row.instantIfAny(), try row.bool(), row.instantIfAny(), row.idIfAny(Case.self))
        let (matters, topics, heavy) = (unbarred(try row.text()), unbarred(try row.text()), try row.bool())
        let voice: Voice = try row.word()
        let language = Languages(ofPost: row.textIfAny())
        let band: AgeBand? = try row.wordIfAny()
        return OpenPostRow(
            post: OpenPost(
                item: item, author: account, band: band, isAnonymous: voice == .anonymous, matters: setting.matters.tags(matters),
                experiences: setting.topics.tags(topics), heavy: heavy, language: language),
            organisation: organisation, room: room, answered: answered != nil, owner: owner,
            facts: PromiseFacts(
                promise: promise, ring: ring, takenUntil: taken, asked: try row.count(), handedOver: handed, ownedElsewhere: try row.bool())
        )
    }

    /// One arm for each step; what to do was decided by `step`.
    private func take(_ row: OpenPostRow, _ setting: OfferSetting, _ asked: inout [ID<Room>: [Supporter]]) throws {
        let item = row.post.item
        if row.answered { return try closeAnswered(row) }
        if row.facts.takenUntil != nil { try lapseTaken(item) }
        switch step(row.facts, now: now) {
        case .wait(let until): try look(again: item, at: until, ring: row.facts.ring)
        case .ask(let ring, let most, let until):
            if asked[row.room] == nil { asked[row.room] = try candidates(for: row.room, organisation: row.organisation, setting) }
            let made = try ask(row, ring, most: most, setting, &asked[row.room, default: []])
            // With nobody to ask, the next ring's turn is now.
            let next = made == 0 && row.facts.asked == 0 ? afterNobody(in: ring) : nil
            guard next != .staff else { return try tellStaff(item, again: min(row.facts.promise.due, now + .minutes(15))) }
            try look(again: item, at: next == nil ? until : now, ring: next ?? ring)
        case .tellStaff(let until): try tellStaff(item, again: until)
        case .escalate: try escalate(row)
        }
    }

    private func tellStaff(_ item: ID<Item>, again: Instant) throws {
        try look(again: item, at: again, ring: .staff)
        tellQueue()
    }

    private func look(again item: ID<Item>, at moment: Instant, ring: Ring) throws {
        try run("UPDATE open_post SET next_at = \(moment), ring = \(ring.rawValue) WHERE item = \(item)")
    }

    /// Whoever accepted and let the time go by holds it no longer. They are told nothing unkind.
    private func lapseTaken(_ item: ID<Item>) throws {
        try run(
            """
            UPDATE offer SET state = 'lapsed', ended_at = \(now) WHERE item = \(item) AND state = 'accepted'
              AND EXISTS (SELECT 1 FROM open_post p WHERE p.item = \(item) AND p.taken_until <= \(now))
            """)
        try run("UPDATE open_post SET taken_by = NULL, taken_until = NULL WHERE item = \(item) AND taken_until <= \(now)")
    }

    /// Whom a post is never put before: who hid its room, who muted or blocked its writer, or whom the writer blocked. This counts for the very name that
    /// the post stands under: more would tell whose other voices are.
    func keepApart(_ item: ID<Item>) throws -> Set<ID<Account>> { Set(try rows(apart(from: item), { try $0.id(Account.self) })) }

    private func apart(from item: ID<Item>) -> SQL {
        """
        SELECT m.account FROM muted m JOIN item i ON i.name = m.name
        WHERE i.id = \(item) AND i.voice = 'name' AND m.kind IN ('mute', 'block')
        UNION SELECT m.voice_account FROM muted m JOIN item i ON i.account = m.account JOIN name n ON n.id = i.name
        WHERE i.id = \(item) AND i.voice = 'name' AND n.place = 1 AND m.kind = 'block' AND m.voice_account IS NOT NULL
        UNION SELECT m.account FROM muted m JOIN item i ON i.room = m.room WHERE i.id = \(item) AND m.kind = 'room'
        """
    }

    private func ask(
        _ row: OpenPostRow, _ ring: Ring, most: Int, _ setting: OfferSetting, _ candidates: inout [Supporter]
    ) throws -> Int {
        let item = row.post.item
        let already = try Set(
            rows("\(apart(from: item)) UNION SELECT account FROM offer WHERE item = \(item)", { try $0.id(Account.self) }))
        let found = matches(
            for: row.post, among: candidates, except: already, setting.rules, now: now, minute: setting.minute(now),
            most: most)
        for match in found {
            candidates[match.place].asked += 1
            let account = candidates[match.place].account
            let id: ID<Offer> = ids.timed()
            try run(
                """
                INSERT INTO offer (id, item, account, ring, state, parts, heavy, made_at)
                VALUES (\(id), \(item), \(account), \(ring.rawValue), 'offered', \(match.fit.written), \(row.post.heavy), \(now))
                ON CONFLICT DO NOTHING
                """)
            try notify(account, .offer, item: nil, about: ID(raw: item.raw))
        }
        return found.count
    }

    /// The promise is not kept by itself: a case that climbs until a person has it.
    private func escalate(_ row: OpenPostRow) throws {
        guard row.owner == nil else { return try look(again: row.post.item, at: .never, ring: .escalated) }
        let young = try roomItself(row.room)?.form.isUnder18 ?? true
        try giveOwner(
            to: row.post.item, of: row.post.author, room: row.room, row.organisation, young: young,
            code: row.facts.handedOver ? "handed-over" : "unanswered")
    }

    /// A post with which the next step fails does not wait behind the fault: a person owns it now. True where staff have something new.
    public func escalateUnread(_ item: ID<Item>) throws -> Bool {
        let found = try first("SELECT account, room, organisation, case_id FROM open_post WHERE item = \(item) AND closed_at IS NULL") {
            (try $0.id(Account.self), try $0.id(Room.self), try $0.id(Organisation.self), $0.idIfAny(Case.self))
        }
        guard let (account, room, organisation, owner) = found else { return false }
        guard owner == nil else {
            try look(again: item, at: .never, ring: .escalated)
            return false
        }
        // What is not known is taken for young.
        try giveOwner(to: item, of: account, room: room, organisation, young: true, code: "unanswered")
        return true
    }

    private func giveOwner(
        to item: ID<Item>, of account: ID<Account>, room: ID<Room>, _ organisation: ID<Organisation>, young: Bool, code: String
    ) throws {
        let owner = try openOrJoin(
            CaseOpening(
                kind: .review, subject: ID(raw: item.raw), room: room, item: item, account: account,
                facts: CaseFacts(level: .low, young: young, promised: true), organisation: organisation, by: "clock", code: code,
                within: .hours(1)))
        try run(
            """
            UPDATE open_post SET ring = \(Ring.escalated.rawValue), escalated_at = \(now), next_at = \(Instant.never),
              case_id = \(owner) WHERE item = \(item)
            """)
    }

    /// Answered while a case of the clock's own was open: nobody need look for an answer any more. A case that a person has, or
    /// that has become more than that, is theirs to close.
    private func closeAnswered(_ row: OpenPostRow) throws {
        if let owner = row.owner, let found = try caseItself(owner), found.closedAt == nil, try isClocksOwn(owner) {
            try close(owner, outcome: "answered", actor: nil, role: "clock")
        }
        try run("UPDATE open_post SET closed_at = \(now), case_id = NULL WHERE item = \(row.post.item)")
    }
}

extension Transaction {
    /// Opened by the clock because nobody answered, and nothing has come to it since but the clock.
    private func isClocksOwn(_ id: ID<Case>) throws -> Bool {
        try !exists(
            """
            SELECT 1 FROM case_event WHERE case_id = \(id) AND (actor_role <> 'clock' OR kind NOT IN ('opened', 'joined', 'climbed', 'alarmed'))
            """)
    }

    /// A case is closed and its post still waits: in an hour somebody new owns that, unless whoever closed it said that it is dealt with.
    func waitsOn(_ id: ID<Case>, outcome: String) throws {
        guard outcome != "closed", outcome != "answered" else { return }
        try run(
            """
            UPDATE open_post SET case_id = NULL, escalated_at = NULL, next_at = \(now + .hours(1))
            WHERE case_id = \(id) AND closed_at IS NULL AND answered_at IS NULL
            """)
    }
}

/// One post that is due, with what the rules ask about it.
private struct OpenPostRow {
    let post: OpenPost
    let organisation: ID<Organisation>
    let room: ID<Room>
    let answered: Bool
    /// The case that was opened because nobody answered.
    let owner: ID<Case>?
    let facts: PromiseFacts
}
