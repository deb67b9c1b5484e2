import Foundation
import Rules
import Statistics

/// One form as its person sees it.
public struct FormRow: Sendable {
    public let id: ID<FilledForm>
    public let measure: String
    /// Versions of the rules and of the wording it was begun with.
    public let rules: String
    public let wording: String
    public let withheld: Set<Int>
    public let part: TakingPart
    public let band: AgeBand?
    public let begunAt: Instant
    public let finishedAt: Instant?
    public let answers: [Int?]
    /// Places that were passed over by their person's own wish.
    public let skipped: Set<Int>
    /// The room whose page asked; nil for the whole house.
    public let room: ID<Room>?
    /// No form: "not now", or answers that were taken out. Kept so that nobody is asked again too soon.
    public let isDeclined: Bool

    /// Nil where gaps forbid one, and where something was not asked because nobody was there: that is not made up from the rest.
    public func total(by measure: Instrument) -> Double? {
        guard finishedAt != nil, withheld.allSatisfy({ answers.indices.contains($0 - 1) && answers[$0 - 1] != nil }) else { return nil }
        do { return try Score(answers, by: measure).total } catch { return nil }
    }

    /// Places that this person has seen and done with, an answer given or not.
    public var done: Set<Int> { skipped.union(answers.indices.filter { answers[$0] != nil }.map { $0 + 1 }) }

    public var kind: String { "\(rules)/\(wording)" }

    /// Still to be gone on with: by the same rules and words, and not rested for too long.
    public func isOpen(for measure: Instrument, wording: String, now: Instant) -> Bool {
        finishedAt == nil && rules == measure.version && self.wording == wording && now - begunAt < FormRules.rests
    }
}

/// One finished form as the host counts it: no name, no day.
public struct CountedForm: Sendable {
    public let part: TakingPart
    public let band: AgeBand?
    public let answers: [Int?]
}

extension Transaction {
    private static let formColumns: SQL = "id, measure, rules, wording, withheld, part, band, begun_at, finished_at, sealed, room, asked"

    private func readForm(_ row: inout Row, _ key: ContentKey) throws -> FormRow {
        let id: ID<FilledForm> = try row.id()
        let (measure, rules, wording) = (try row.text(), try row.text(), try row.text())
        let withheld = Set(try row.text().split(separator: " ").compactMap { Int($0) })
        let part: TakingPart = try row.word()
        let band = AgeBand(rawValue: try row.text())
        let (begun, finished) = (try row.instant(), row.instantIfAny())
        let written = try key.open(try row.bytes(), for: "form \(id)")
        return FormRow(
            id: id, measure: measure, rules: rules, wording: wording, withheld: withheld, part: part, band: band, begunAt: begun,
            finishedAt: finished, answers: Self.formAnswers(written), skipped: Self.skippedPlaces(written), room: row.idIfAny(),
            isDeclined: try row.bool())
    }

    // Answers stand as "3 s 0 -": an s for a question that was skipped, a dash for one that was not reached.
    static func formAnswers(_ text: String) -> [Int?] { text.split(separator: " ").map { Int($0) } }
    private static func skippedPlaces(_ text: String) -> Set<Int> {
        Set(zip(1..., text.split(separator: " ")).filter { $1 == "s" }.map(\.0))
    }
    private static func written(_ answers: [Int?], skipped: Set<Int> = []) -> String {
        zip(1..., answers).map { place, answer in answer.map(String.init) ?? (skipped.contains(place) ? "s" : "-") }.joined(separator: " ")
    }

    /// Newest first; what is still open among them.
    public func forms(of person: Person, measure: String? = nil, limit: Int = 200) throws -> [FormRow] {
        let one: SQL = measure.map { "AND measure = \($0)" } ?? ""
        return try rows(
            "SELECT \(Self.formColumns) FROM form WHERE account = \(person.account) \(one) ORDER BY begun_at DESC, id DESC LIMIT \(number: limit)"
        ) { try readForm(&$0, person.contentKey) }
    }

    public func form(_ id: ID<FilledForm>, of person: Person) throws -> FormRow? {
        try first("SELECT \(Self.formColumns) FROM form WHERE id = \(id) AND account = \(person.account)") {
            try readForm(&$0, person.contentKey)
        }
    }

    /// When this person last began the form; when they last did or said "not now" to it (where a room is given: in that room); when
    /// anything was last put before them; when they joined.
    public func lastForms(of person: Person, measure: String, in room: ID<Room>? = nil) throws -> (
        same: Instant?, any: Instant?, asked: Instant?, joined: Instant
    ) {
        let here: SQL = room.map { "measure = \(measure) AND room = \($0)" } ?? "measure = \(measure)"
        let found = try first(
            """
            SELECT max(CASE WHEN measure = \(measure) AND asked = \(false) THEN begun_at END), max(CASE WHEN \(here) THEN begun_at END),
                   max(CASE WHEN asked = \(true) OR put = \(true) OR EXISTS (SELECT 1 FROM study_form s WHERE s.form = form.id) THEN begun_at END),
                   (SELECT joined_at FROM account WHERE id = \(person.account))
            FROM form WHERE account = \(person.account)
            """
        ) { ($0.instantIfAny(), $0.instantIfAny(), $0.instantIfAny(), $0.instantIfAny()) }
        return (found?.0, found?.1, found?.2, found?.3 ?? now)
    }

    /// Begins a form, or goes on with the one that is open. A form that rested for too long ends as it is, and a new one begins.
    public func beginForm(
        _ measure: Instrument, wording: String, language: String, withheld: Set<Int>, asked: Bool, put: Bool = false,
        in room: ID<Room>? = nil, by person: Person
    ) throws -> ID<FilledForm> {
        if let open = try forms(of: person, measure: measure.id, limit: 1).first, open.finishedAt == nil {
            if open.isOpen(for: measure, wording: wording, now: now) { return open.id }
            try run("UPDATE form SET finished_at = \(now) WHERE id = \(open.id)")
        }
        let id: ID<FilledForm> = ids.timed()
        let sealed = try person.contentKey.seal(Self.written(measure.items.map { _ in nil }), for: "form \(id)")
        try run(
            """
            INSERT INTO form (id, organisation, account, measure, rules, wording, language, asked, put, room, withheld, part, band,
                              begun_at, sealed)
            VALUES (\(id), \(person.organisation), \(person.account), \(measure.id), \(measure.version), \(wording), \(language), \(asked), \(put), \(room),
                    \(withheld.sorted().map(String.init).joined(separator: " ")), \(try takingPart(person.account, in: room).rawValue),
                    \(person.band?.rawValue ?? ""), \(now), \(sealed))
            """)
        return id
    }

    /// Somebody who wrote in the last fortnight (in this room, where one is given) is a writer; whoever only read is a reader.
    private func takingPart(_ account: ID<Account>, in room: ID<Room>?) throws -> TakingPart {
        let here: SQL = room.map { "AND room = \($0)" } ?? ""
        return try exists("SELECT 1 FROM item WHERE account = \(account) AND made_at > \(now - .days(14)) AND kind <> 'message' \(here)")
            ? .writer : .reader
    }

    /// Keeps one answer, or that it was skipped. False when the form has ended.
    public func answer(_ form: FormRow, place: Int, with answer: Int?, by person: Person) throws -> Bool {
        var answers = form.answers
        guard answers.indices.contains(place - 1) else { return false }
        answers[place - 1] = answer
        let done = form.skipped.union([place])  // an answer stands before a skip
        let sealed = try person.contentKey.seal(Self.written(answers, skipped: done), for: "form \(form.id)")
        return try change(
            "UPDATE form SET sealed = \(sealed) WHERE id = \(form.id) AND account = \(person.account) AND finished_at IS NULL") == 1
    }

    /// Ends it; places that were not asked because nobody was there are kept as such, and no place that was put.
    public func finish(_ form: FormRow, withheld: Set<Int>, done: Set<Int>, by person: Person) throws {
        let all = form.withheld.union(withheld).subtracting(done).sorted().map(String.init).joined(separator: " ")
        try run("UPDATE form SET withheld = \(all) WHERE id = \(form.id) AND account = \(person.account) AND finished_at IS NULL")
        try finish(form.id, by: person)
    }

    public func finish(_ form: ID<FilledForm>, by person: Person) throws {
        try run("UPDATE form SET finished_at = \(now) WHERE id = \(form) AND account = \(person.account) AND finished_at IS NULL")
    }

    /// Takes the answers out. Where the form is one that is put before people, it stays known that they were asked, or they would be
    /// asked again at once. Pressed twice it is done once.
    public func deleteForm(_ id: ID<FilledForm>, of person: Person) throws -> Bool {
        guard let row = try form(id, of: person) else { return false }
        if row.isDeclined { return true }
        guard FormRules.isPutBefore(row.measure, inARoom: row.room != nil), try study(of: id) == nil else {
            return try change("DELETE FROM form WHERE id = \(id) AND account = \(person.account)") == 1
        }
        let blank = try person.contentKey.seal(Self.written(row.answers.map { _ in nil }), for: "form \(id)")
        // One for each room: the newer says until when.
        try run(
            """
            DELETE FROM form WHERE account = \(person.account) AND measure = \(row.measure) AND room = \(row.room) AND asked = \(true)
              AND begun_at <= \(row.begunAt)
            """)
        let isLast: Bool = try !exists(
            """
            SELECT 1 FROM form WHERE account = \(person.account) AND measure = \(row.measure) AND room = \(row.room) AND asked = \(true)
            """)
        guard isLast else { return try change("DELETE FROM form WHERE id = \(id)") == 1 }
        return try change(
            """
            UPDATE form SET sealed = \(blank), asked = \(true), put = \(false), withheld = '', part = \(TakingPart.reader.rawValue), band = '',
                            finished_at = begun_at WHERE id = \(id)
            """) == 1
    }

    /// "Not now" to what a room asked: kept once, until the room may ask again.
    public func refuseForm(_ measure: Instrument, wording: String, language: String, in room: ID<Room>, by person: Person) throws {
        let id: ID<FilledForm> = ids.timed()
        let sealed = try person.contentKey.seal(Self.written(measure.items.map { _ in nil }), for: "form \(id)")
        try run(
            """
            INSERT INTO form (id, organisation, account, measure, rules, wording, language, asked, room, withheld, part, band, begun_at,
                              finished_at, sealed)
            VALUES (\(id), \(person.organisation), \(person.account), \(measure.id), \(measure.version), \(wording), \(language), \(true),
                    \(room), '', \(TakingPart.reader.rawValue), \(person.band?.rawValue ?? ""), \(now), \(now), \(sealed))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Is a room that they joined to ask this person, and has not?
    public func isDueInARoom(_ person: Person, _ plan: FormRules.Plan) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM membership m JOIN room r ON r.id = m.room WHERE m.account = \(person.account) AND r.asks = \(true)
              AND r.opened_at IS NOT NULL AND r.closed_at IS NULL
              AND NOT EXISTS (SELECT 1 FROM form f WHERE f.account = m.account AND f.measure = \(plan.measure) AND f.room = r.id
                              AND f.begun_at > \(now - plan.every))
            """)
    }

    /// Rooms that ask, or have asked: those have answers of their own.
    public func roomsThatAsk(_ organisation: ID<Organisation>) throws -> [(id: ID<Room>, name: String)] {
        try rows(
            """
            SELECT id, name FROM room r WHERE organisation = \(organisation)
              AND (asks = \(true) OR EXISTS (SELECT 1 FROM form f WHERE f.room = r.id AND f.asked = \(false))) ORDER BY made_at, id
            """
        ) { (try $0.id(), try $0.text()) }
    }

    /// Which room somebody said "not now" in is forgotten once that room may ask again.
    func forgetOldRefusals() throws -> Int {
        try change(
            "UPDATE form SET room = NULL WHERE room IS NOT NULL AND asked = \(true) AND begun_at <= \(now - FormRules.askedInRooms.every)")
    }

    /// Forms of the house, or of one room; never both together, so that no difference between them tells of anybody. The newest
    /// finished form of each person, for figures about many: nobody counts twice. Forms of erased people are gone with
    /// their key; a "not now" is no form.
    public func countedForms(
        _ measure: String, in organisation: ID<Organisation>, room: ID<Room>? = nil, from: Instant, until: Instant
    ) throws -> [CountedForm] {
        let here: SQL = room.map { "AND f.room = \($0)" } ?? "AND f.room IS NULL"
        var seen: Set<ID<Account>> = []
        return try rows(
            """
            SELECT f.id, f.account, f.part, f.band, f.sealed, a.content_key FROM form f JOIN account a ON a.id = f.account
            WHERE f.organisation = \(organisation) AND f.measure = \(measure) AND f.finished_at >= \(from) AND f.finished_at < \(until)
              AND f.asked = \(false) \(here) AND a.content_key IS NOT NULL ORDER BY f.finished_at DESC, f.id DESC
            """
        ) { row -> CountedForm? in
            let (id, account): (ID<FilledForm>, ID<Account>) = (try row.id(), try row.id())
            let (part, band, sealed): (TakingPart, String, [UInt8]) = (try row.word(), try row.text(), try row.bytes())
            guard seen.insert(account).inserted else { return nil }
            let key = try keys.contentKey(try row.bytes())
            return CountedForm(
                part: part, band: AgeBand(rawValue: band), answers: Self.formAnswers(try key.open(sealed, for: "form \(id)")))
        }.compactMap(\.self)
    }

    /// What somebody says on leaving for good: added to the month's counts, and kept nowhere else.
    public func countLeaving(_ answers: [Bool], in organisation: ID<Organisation>, month: Instant) throws {
        for (index, yes) in answers.enumerated() {
            try run(
                """
                INSERT INTO left_moment (organisation, month, place, yes, answered)
                VALUES (\(organisation), \(month), \(index + 1), \(yes ? 1 : 0), 1)
                ON CONFLICT (organisation, month, place)
                DO UPDATE SET yes = left_moment.yes + \(yes ? 1 : 0), answered = left_moment.answered + 1
                """)
        }
    }

    /// By question, of the months from one moment to another.
    public func saidOnLeaving(
        _ organisation: ID<Organisation>, from: Instant, until: Instant
    ) throws -> [Int: (yes: Int, answered: Int)] {
        let found = try rows(
            """
            SELECT place, CAST(sum(yes) AS BIGINT), CAST(sum(answered) AS BIGINT) FROM left_moment
            WHERE organisation = \(organisation) AND month >= \(from) AND month < \(until) GROUP BY place
            """
        ) { (try $0.count(), (yes: try $0.count(), answered: try $0.count())) }
        return Dictionary(found, uniquingKeysWith: { a, _ in a })
    }

    /// An answer that calls somebody: a case about the person, without the answer itself.
    public func hearForm(_ alarm: FormAlarm, _ form: FormRow, by person: Person) throws {
        let id = try openOrJoin(
            CaseOpening(
                kind: alarm == .danger ? .risk : .pattern, subject: ID(raw: person.account.raw), room: nil, item: nil,
                account: person.account,
                facts: CaseFacts(level: alarm.level, young: person.band?.isUnder18 ?? true), organisation: person.organisation, by: "form",
                code: "form-\(alarm.rawValue)"))
        // It rings: nobody may come by the queue for an hour.
        if alarm == .danger { try self.alarm(id, organisation: person.organisation) }
    }

    func forgetForms(of account: ID<Account>) throws { try run("DELETE FROM form WHERE account = \(account)") }
}
