import Rules
import Screening

// What the clock does with series: finds a befriender, notices silence, ends what is over.

extension Transaction {
    /// Asked twice a second, outside the one writer.
    public func seriesAreDue() throws -> Bool { try exists("SELECT 1 FROM series WHERE state <> 'ended' AND next_at <= \(now) LIMIT 1") }

    struct SeriesDue {
        let id: ID<Series>
        let organisation: ID<Organisation>
        let room: ID<Room>
        let seeker: ID<Account>
        let befriender: ID<Account>?
        let state: SeriesState
        let since: Instant
        let endsAt: Instant
        let remindedAt: Instant?
        let caseID: ID<Case>?
        /// Whoever owned that nobody was found has closed it: after another day somebody owns it again.
        let caseClosedAt: Instant?
        /// Nil while somebody doubts how old they are.
        let seekerBand: AgeBand?
    }

    /// A letter as it stands, with what is known of its words.
    struct LetterNow {
        var fact: LetterFact
        let account: ID<Account>
        let madeAt: Instant
        let matters: [String]
        let heavy: Bool
        /// Empty where it is too short to tell.
        let language: Languages
        /// Somebody has a case about it open.
        let isAsked: Bool
    }

    /// `courses`: those that a befriender has taken.
    public func sweepSeries(_ courses: [Course]) throws {
        let next: SQL = "FROM series WHERE state <> 'ended' AND next_at <= \(now) ORDER BY next_at, id LIMIT 20"
        let due = try rows(
            """
            SELECT id, organisation, room, seeker, befriender, state, since, ends_at, reminded_at, case_id,
                   (SELECT c.closed_at FROM "case" c WHERE c.id = series.case_id),
                   (SELECT a.band FROM account a WHERE a.id = series.seeker
                      AND NOT EXISTS (SELECT 1 FROM "case" c WHERE c.subject = a.id AND c.kind = 'age' AND c.closed_at IS NULL))
            \(next)
            """
        ) { row in
            SeriesDue(
                id: try row.id(), organisation: try row.id(), room: try row.id(), seeker: try row.id(), befriender: row.idIfAny(),
                state: try row.word(), since: try row.instant(), endsAt: try row.instant(), remindedAt: row.instantIfAny(),
                caseID: row.idIfAny(), caseClosedAt: row.instantIfAny(), seekerBand: try row.wordIfAny())
        }
        let letters = try lettersNow(of: "(SELECT id \(next))")
        var willing: [ID<Room>: [Befriender]] = [:]
        for one in due { try take(one, letters[one.id] ?? [], courses, &willing) }
    }

    private func lettersNow(of series: SQL) throws -> [ID<Series>: [LetterNow]] {
        let found = try rows(
            """
            SELECT l.series, i.id, l.side, i.state, i.account, i.made_at, i.matters, i.heavy, i.language,
                   EXISTS (SELECT 1 FROM "case" c WHERE c.item = i.id AND c.closed_at IS NULL)
            FROM letter l JOIN item i ON i.id = l.item WHERE l.series IN \(series) ORDER BY i.seq
            """
        ) { row in
            (
                try row.id(Series.self),
                LetterNow(
                    fact: LetterFact(id: try row.id(), side: try row.word(), state: try row.word()), account: try row.id(),
                    madeAt: try row.instant(), matters: unbarred(try row.text()).map(String.init), heavy: try row.bool(),
                    language: row.textIfAny().map { Languages(ofPost: $0) } ?? [], isAsked: try row.bool())
            )
        }
        return Dictionary(grouping: found, by: \.0).mapValues { $0.map(\.1) }
    }

    /// `willing`: who takes letters in a room, as far as it was asked in this turn.
    private func take(
        _ series: SeriesDue, _ written: [LetterNow], _ courses: [Course], _ willing: inout [ID<Room>: [Befriender]]
    ) throws {
        let letters = try giveBackForgotten(written, of: series.id)
        let turn = Rules.turn(letters.map(\.fact))
        if series.state == .seeking {
            // The first letter was taken back, or is not delivered yet: nobody is asked.
            guard letters.contains(where: { $0.fact.state == .shown }) else {
                let isGone = letters.allSatisfy { [.withdrawn, .removed, .erased, .hidden].contains($0.fact.state) }
                try run("UPDATE series SET next_at = \(now + .hours(1)) WHERE id = \(series.id)")
                let isQuiet: Bool = if case .change = turn { now - series.since >= SeriesPlan.usual.endsWhenQuiet } else { false }
                if isGone || isQuiet { try end(series.id, isGone ? .bySeeker : .quiet) }
                return
            }
            if try assign(series, letters, courses, &willing) { return }
        } else if let befriender = series.befriender, try isHeldBack(befriender) || !isWilling(befriender, in: series.id) {
            return try passOnAndTake(series, courses, &willing)
        }
        let facts = SeriesFacts(
            state: series.state, turn: turn, since: max(series.since, series.caseClosedAt ?? series.since), endsAt: series.endsAt,
            remindedAt: series.remindedAt, staffAsked: series.caseID != nil && series.caseClosedAt == nil)
        switch step(facts, now: now) {
        case .wait(let until): try run("UPDATE series SET next_at = \(until) WHERE id = \(series.id)")
        case .remind(let side, let then):
            let whom = side == .seeker ? series.seeker : series.befriender
            if let whom { try notify(whom, .letterWaits, item: nil, about: ID(raw: series.id.raw)) }
            try run("UPDATE series SET reminded_at = \(now), next_at = \(then) WHERE id = \(series.id)")
        case .passOn: try passOnAndTake(series, courses, &willing)
        case .askStaff:
            let open = try openOrJoin(
                CaseOpening(
                    kind: .asked, subject: ID(raw: series.id.raw), room: series.room, account: series.seeker,
                    facts: CaseFacts(level: .medium, promised: true), organisation: series.organisation, by: "clock", code: "no-befriender")
            )
            try run("UPDATE series SET case_id = \(open), next_at = \(now + .minutes(10)) WHERE id = \(series.id)")
        case .end(let why):
            try end(series.id, why)
            willing = [:]
        }
    }

    /// A letter that nobody is asked about any more, and that was neither delivered nor sent back: its writer has it again.
    private func giveBackForgotten(_ letters: [LetterNow], of series: ID<Series>) throws -> [LetterNow] {
        try letters.map { letter in
            guard [.waiting, .held].contains(letter.fact.state), letter.madeAt <= now - .hours(1), !letter.isAsked else { return letter }
            let state = try setState(letter.fact.id, .returned, reason: "not-now")
            try notify(letter.account, .letterWaits, item: nil, about: ID(raw: series.raw))
            var letter = letter
            if let state { letter.fact = LetterFact(id: letter.fact.id, side: letter.fact.side, state: state) }
            return letter
        }
    }

    private func passOnAndTake(_ series: SeriesDue, _ courses: [Course], _ willing: inout [ID<Room>: [Befriender]]) throws {
        try passOn(series.id)
        willing = [:]  // who was let go has one series less
        let again = SeriesDue(
            id: series.id, organisation: series.organisation, room: series.room, seeker: series.seeker, befriender: nil, state: .seeking,
            since: now, endsAt: series.endsAt, remindedAt: nil, caseID: nil, caseClosedAt: nil, seekerBand: series.seekerBand)
        try take(again, try lettersNow(of: "(\(series.id))")[series.id] ?? [], courses, &willing)
    }

    /// The befriender was silent, or passed: their unread letters go, the seeker is told kindly, another one is looked for.
    func passOn(_ id: ID<Series>) throws {
        guard
            let (seeker, befriender) = try first(
                "SELECT seeker, befriender FROM series WHERE id = \(id) AND state = 'running'",
                { (try $0.id(Account.self), try $0.id(Account.self)) })
        else { return }
        for letter in try rows(
            "SELECT i.id FROM letter l JOIN item i ON i.id = l.item WHERE l.series = \(id) AND i.account = \(befriender) AND i.state IN ('waiting', 'held', 'returned')",
            { try $0.id(Item.self) })
        {
            try setState(letter, .withdrawn, reason: nil)
        }
        try run("INSERT INTO series_past (series, account, at) VALUES (\(id), \(befriender), \(now)) ON CONFLICT DO NOTHING")
        try run(
            """
            UPDATE series SET state = 'seeking', befriender = NULL, befriender_name = NULL, since = \(now), next_at = \(now), reminded_at = NULL,
              case_id = NULL WHERE id = \(id)
            """)
        try notify(seeker, .passedOn, item: nil, about: ID(raw: id.raw))
    }

    // Ends

    func end(_ id: ID<Series>, _ why: SeriesEnd) throws {
        let found = try first("SELECT seeker, befriender, case_id FROM series WHERE id = \(id) AND state <> 'ended'") {
            (try $0.id(Account.self), $0.idIfAny(Account.self), $0.idIfAny(Case.self))
        }
        guard let (seeker, befriender, open) = found else { return }
        // What nobody has read yet is not delivered any more; a case about it stays.
        for letter in try rows(
            "SELECT i.id FROM letter l JOIN item i ON i.id = l.item WHERE l.series = \(id) AND i.state IN ('waiting', 'returned')",
            { try $0.id(Item.self) })
        {
            try run("UPDATE item SET state = 'withdrawn', reason = NULL WHERE id = \(letter)")
        }
        try run(
            "UPDATE series SET state = 'ended', why = \(why.rawValue), ended_at = \(now), next_at = \(Instant.never) WHERE id = \(id)")
        if let open { try close(open, outcome: "answered", actor: nil, role: "clock") }
        // Whom a seeker left they are not given again.
        if why == .bySeeker, let befriender {
            try run("INSERT INTO series_past (series, account, at) VALUES (\(id), \(befriender), \(now)) ON CONFLICT DO NOTHING")
        }
        // Whoever wrote in it is free for another: those who wait for one are looked at now and not in ten minutes.
        if befriender != nil {
            try run(
                """
                UPDATE series SET next_at = \(now) WHERE state = 'seeking' AND next_at > \(now)
                  AND room = (SELECT s.room FROM series s WHERE s.id = \(id))
                """)
        }
        for one in [seeker, befriender].compactMap(\.self) { try notify(one, .seriesEnded, item: nil, about: ID(raw: id.raw)) }
    }

    /// In one press, without a reason: the seeker ends it, a befriender passes it on. False where it is over already.
    public func leaveSeries(_ id: ID<Series>, by person: Person) throws -> Bool {
        guard let series = try series(id, for: person) else {
            // Passed on already, by this press or another: what was wanted is so.
            return try exists("SELECT 1 FROM series_past WHERE series = \(id) AND account = \(person.account)")
        }
        guard series.state != .ended else { return true }
        switch series.side {
        case .seeker: try end(id, .bySeeker)
        case .befriender: try passOn(id)
        }
        return true
    }

    /// At the end, from both: how it was. Written once, and over it when written again.
    public func reviewSeries(_ id: ID<Series>, answer: Int, words: String, by person: Person) throws -> Bool {
        guard let series = try series(id, for: person), series.state == .ended else { return false }
        let sealed = words.isEmpty ? nil : try person.contentKey.seal(words, for: "review \(id)")
        try run(
            """
            INSERT INTO series_review (series, account, side, answer, sealed, made_at)
            VALUES (\(id), \(person.account), \(series.side), \(answer), \(sealed), \(now))
            ON CONFLICT (series, account) DO UPDATE SET answer = excluded.answer, sealed = excluded.sealed
            """)
        return true
    }

    /// For the operator: how many series, how they ended, and what seekers said at the end.
    public func seriesNumbers(_ organisation: ID<Organisation>) throws -> (begun: Int, running: Int, ended: [String: Int], answers: [Int]) {
        let states = try rows(
            "SELECT state, why, count(*) FROM series WHERE organisation = \(organisation) GROUP BY state, why",
            { (try $0.word(SeriesState.self), $0.textIfAny(), try $0.count()) })
        let answers = try rows(
            """
            SELECT r.answer FROM series_review r JOIN series s ON s.id = r.series
            WHERE s.organisation = \(organisation) AND r.side = 'seeker' LIMIT 10000
            """, { try $0.count() })
        let ended = Dictionary(states.filter { $0.0 == .ended }.map { ($0.1 ?? "", $0.2) }, uniquingKeysWith: +)
        return (states.reduce(0) { $0 + $1.2 }, states.filter { $0.0 != .ended }.reduce(0) { $0 + $1.2 }, ended, answers)
    }

    /// A block between the two, by name: the seeker's ends it, the befriender's passes it on. Not for a voice without a name, or what
    /// follows would tell whose it was.
    func seriesBlocked(_ name: ID<Name>, by account: ID<Account>) throws {
        for (id, isSeeker) in try rows(
            """
            SELECT id, seeker = \(account) FROM series WHERE state = 'running'
              AND (seeker = \(account) AND befriender_name = \(name) OR befriender = \(account) AND seeker_name = \(name))
            """, { (try $0.id(Series.self), try $0.bool()) })
        {
            if isSeeker { try end(id, .bySeeker) } else { try passOn(id) }
        }
    }

    /// Of an account that goes: their own series end, those they wrote in go on to others.
    func leaveAllSeries(_ account: ID<Account>) throws {
        for id in try rows("SELECT id FROM series WHERE befriender = \(account) AND state = 'running'", { try $0.id(Series.self) }) {
            try passOn(id)
        }
        for id in try rows("SELECT id FROM series WHERE seeker = \(account) AND state <> 'ended'", { try $0.id(Series.self) }) {
            try end(id, .bySeeker)
        }
        try run("DELETE FROM series_review WHERE account = \(account)")
        try run("DELETE FROM series_past WHERE account = \(account)")
    }

    /// What one said of one's series at the end, for the export.
    func seriesReviews(by person: Person) throws -> [(series: ID<Series>, answer: Int, words: String)] {
        try rows("SELECT series, answer, sealed FROM series_review WHERE account = \(person.account) ORDER BY made_at") { row in
            let (series, answer): (ID<Series>, Int) = (try row.id(), try row.count())
            return (series, answer, try row.bytesIfAny().map { try person.contentKey.open($0, for: "review \(series)") } ?? "")
        }
    }

    /// One's own letters, for the export.
    func lettersWritten(by person: Person) throws -> [(series: ID<Series>, body: String, state: ItemState, at: Instant)] {
        try rows(
            """
            SELECT l.series, i.id, i.sealed, i.state, i.made_at FROM letter l JOIN item i ON i.id = l.item
            WHERE i.account = \(person.account) AND i.state <> 'erased' ORDER BY i.seq
            """
        ) { row in
            let (series, id): (ID<Series>, ID<Item>) = (try row.id(), try row.id())
            let words = try row.bytesIfAny().map { SealedWords(try person.contentKey.open($0, for: "item \(id)")).body } ?? ""
            return (series, words, try row.word(), try row.instant())
        }
    }
}
