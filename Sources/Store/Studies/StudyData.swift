import Rules

extension Transaction {
    /// Everything the analysis reads: no account, no name. Answers of those who took theirs out are not here, nor how often somebody
    /// came without their yes to that.
    public func studyPeople(_ study: StudyRow) throws -> [StudyPerson] {
        let parts = try rows(
            """
            SELECT p.id, p.account, p.side, p.band, p.arm, p.asked_before, p.consented_at, p.started_at, p.let_in_at, p.left_at, p.left_how,
                   a.content_key
            FROM participant p LEFT JOIN account a ON a.id = p.account WHERE p.study = \(study.id) ORDER BY p.id
            """
        ) { row in
            (
                id: try row.id(Participant.self), account: row.idIfAny(Account.self), side: try row.word(StudyProtocol.Side.self),
                band: AgeBand(rawValue: try row.text()), arm: row.textIfAny(), before: try row.word(AskedBefore.self),
                consented: try row.instant(), started: row.instantIfAny(), letIn: row.instantIfAny(), left: row.instantIfAny(),
                how: try row.wordIfAny(LeftHow.self), key: row.bytesIfAny()
            )
        }
        let forms = try studyForms(study.id)
        let days = Dictionary(
            grouping: try rows(
                "SELECT d.participant, d.day, d.minutes FROM study_day d JOIN participant p ON p.id = d.participant WHERE p.study = \(study.id)"
            ) { (try $0.id(Participant.self), try $0.count(), try $0.count()) }, by: \.0)
        let harms = Dictionary(
            grouping: try rows(
                "SELECT h.participant, h.kind FROM study_harm h JOIN participant p ON p.id = h.participant WHERE p.study = \(study.id)"
            ) { (try $0.id(Participant.self), try $0.text()) }, by: \.0)
        return try parts.map { part in
            let purposes = try part.account.map { try self.purposes(of: $0, in: study) } ?? []
            var answers: [StudyPoint: [Int?]] = [:]
            if let wrapped = part.key {
                let key = try keys.contentKey(wrapped)
                // What came after they left, or after the end, is theirs alone.
                let until = min(part.left ?? .never, study.endedAt ?? .never)
                for form in forms[part.id] ?? [] where form.finished.map({ $0 <= until }) ?? false {
                    let given = Self.formAnswers(try key.open(form.sealed, for: "form \(form.id)"))
                    // A total is not made up for what nobody was there to ask.
                    let isWhole = form.withheld.allSatisfy { given.indices.contains($0 - 1) && given[$0 - 1] != nil }
                    answers[form.point] = isWhole ? given : given.map { _ in nil }
                }
            }
            let links = purposes.contains(.link)
            return StudyPerson(
                side: part.side, band: part.band, arm: part.arm, askedBefore: part.before, consentedAt: part.consented,
                startedAt: part.started, letInAt: part.letIn, leftAt: part.left, leftHow: part.how, shares: purposes.contains(.share),
                answers: answers, harms: harms[part.id]?.map(\.1) ?? [],
                presence: links
                    ? try presence(
                        part.account, from: part.started, until: min(part.left ?? .never, study.endedAt ?? now),
                        days: days[part.id]?.map { ($0.1, $0.2) } ?? [])
                    : nil)
        }
    }

    /// Measures that people of a study answered in more than one wording, or by more than one version of their rules.
    public func reworded(_ study: ID<Study>) throws -> [String] {
        try rows(
            """
            SELECT f.measure FROM study_form s JOIN participant p ON p.id = s.participant JOIN form f ON f.id = s.form
            WHERE p.study = \(study) AND f.finished_at IS NOT NULL
            GROUP BY f.measure HAVING count(DISTINCT f.rules || ' ' || f.wording) > 1 ORDER BY f.measure
            """
        ) { try $0.text() }
    }

    private func studyForms(_ study: ID<Study>) throws -> [ID<Participant>: [StudyFormRow]] {
        Dictionary(
            grouping: try rows(
                """
                SELECT s.participant, f.id, f.measure, s.day, f.finished_at, f.withheld, f.sealed
                FROM study_form s JOIN participant p ON p.id = s.participant JOIN form f ON f.id = s.form
                WHERE p.study = \(study) ORDER BY f.begun_at
                """
            ) { row in
                StudyFormRow(
                    participant: try row.id(), id: try row.id(), point: StudyPoint(try row.text(), try row.count()),
                    finished: row.instantIfAny(), withheld: try row.text().split(separator: " ").compactMap { Int($0) },
                    sealed: try row.bytes())
            }, by: \.participant)
    }

    /// Their weeks: threads, replies and new views that they wrote and that were shown.
    private func presence(
        _ account: ID<Account>?, from start: Instant?, until end: Instant, days: [(Int, Int)]
    ) throws -> StudyPerson.Presence? {
        guard let account, let start else { return nil }
        let written = try rows(
            """
            SELECT i.made_at, i.thread, i.room, i.version FROM item i
            WHERE i.account = \(account) AND i.made_at >= \(start) AND i.made_at < \(end) AND i.kind <> 'message' AND i.state = 'shown'
            """
        ) {
            (at: try $0.instant(), isReply: $0.idIfAny(Item.self) != nil, room: $0.idIfAny(Room.self), version: $0.intIfAny().map(Int.init))
        }
        func week(_ at: Instant) -> Int { Int((at - start).milliseconds / Lapse.days(7).milliseconds) }
        return StudyPerson.Presence(
            threads: written.filter { !$0.isReply }.map { week($0.at) }, replies: written.filter(\.isReply).map { week($0.at) },
            days: days.map { (day: $0.0, minutes: $0.1) },
            forms: try formsUsed(written.compactMap { one in one.room.flatMap { room in one.version.map { (room, $0) } } }),
            isDirective: try saysWhatToDo(account, from: start, until: end))
    }

    /// By the coders' book `directive`, each reading counted.
    private func saysWhatToDo(_ account: ID<Account>, from start: Instant, until end: Instant) throws -> Bool? {
        let counts = try rows(
            """
            SELECT c.code, count(*) FROM item i JOIN item_code c ON c.item = i.id AND c.book = 'directive'
            WHERE i.account = \(account) AND i.made_at >= \(start) AND i.made_at < \(end) AND i.state = 'shown' GROUP BY c.code
            """
        ) { (try $0.text(), try $0.count()) }
        let (yes, all) = (counts.filter { $0.0 == "directive" }.reduce(0) { $0 + $1.1 }, counts.reduce(0) { $0 + $1.1 })
        return all == 0 ? nil : yes * 2 > all
    }

    /// For each axis the level of most of what they wrote, each under the form its room had then; nothing of those who only read: which
    /// rooms somebody reads is written down nowhere.
    private func formsUsed(_ written: [(room: ID<Room>, version: Int)]) throws -> [FormAxis: String] {
        let places = Dictionary(grouping: written) { "\($0.room) \($0.version)" }.values
        let forms = try places.compactMap { one in
            try one.first.flatMap { try form(of: $0.room, version: $0.version) }.map { (form: $0, count: one.count) }
        }
        return FormAxis.allCases.reduce(into: [:]) { found, axis in
            let counts = Dictionary(forms.map { (axis.level($0.form), $0.count) }, uniquingKeysWith: +)
            found[axis] = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
    }

    /// How many said no while it took people: those for whom an adult's yes would have told who they are are not among them.
    public func declined(_ study: ID<Study>, until end: Instant) throws -> Int {
        try count("SELECT count(*) FROM study_no WHERE study = \(study) AND why = 'no' AND made_at <= \(end)")
    }

    /// Acts of staff about what stands in these rooms, by role.
    public func acts(in rooms: [ID<Room>], from: Instant, until: Instant) throws -> [(role: String, count: Int)] {
        try rows(
            """
            SELECT e.actor_role, count(*) FROM case_event e JOIN "case" c ON c.id = e.case_id
            WHERE c.room IN \(SQL.list(rooms)) AND e.actor IS NOT NULL AND e.made_at >= \(from) AND e.made_at < \(until)
            GROUP BY e.actor_role ORDER BY e.actor_role
            """
        ) { (try $0.text(), try $0.count()) }
    }

    /// Acts of staff anywhere in an organisation, by room and worker.
    public func actsByRoom(
        _ organisation: ID<Organisation>, from: Instant, until: Instant
    ) throws -> [(room: String?, worker: String, count: Int)] {
        try rows(
            """
            SELECT c.room, e.actor, count(*) FROM case_event e JOIN "case" c ON c.id = e.case_id
            WHERE c.organisation = \(organisation) AND e.actor IS NOT NULL AND e.made_at >= \(from) AND e.made_at < \(until)
            GROUP BY c.room, e.actor ORDER BY e.actor, c.room
            """
        ) { ($0.idIfAny(Room.self)?.description, try $0.id(Account.self).description, try $0.count()) }
    }

    /// Minutes on shift by worker, with the role of each shift.
    public func minutesByWorker(
        _ organisation: ID<Organisation>, from: Instant, until: Instant
    ) throws -> [(worker: String, role: String, minutes: Double)] {
        try rows(
            """
            SELECT account, role, starts_at, ends_at, ended_at FROM shift
            WHERE organisation = \(organisation) AND ends_at > \(from) AND starts_at < \(until) ORDER BY account, starts_at
            """
        ) { row in
            let (worker, role) = (try row.id(Account.self).description, try row.text())
            let (start, end, ended) = (try row.instant(), try row.instant(), row.instantIfAny())
            let last = min(end, ended ?? end, until)
            return (worker, role, max(0, Double((last - max(start, from)).milliseconds) / 60_000))
        }
    }

    /// How many replies each supporter wrote in these rooms, of those who had their standing at some time in it.
    public func supporterLoads(in rooms: [ID<Room>], from: Instant, until: Instant) throws -> [Int] {
        try rows(
            """
            SELECT count(i.id) FROM standing t
            LEFT JOIN item i ON i.account = t.account AND i.room = t.room AND i.thread IS NOT NULL AND i.state = 'shown'
              AND i.made_at >= \(from) AND i.made_at < \(until)
            WHERE t.room IN \(SQL.list(rooms)) AND t.given_at < \(until) AND t.ends_at > \(from)
              AND (t.ended_at IS NULL OR t.ended_at > \(from))
            GROUP BY t.account
            """
        ) { try $0.count() }
    }
}

private struct StudyFormRow {
    let participant: ID<Participant>
    let id: ID<FilledForm>
    let point: StudyPoint
    let finished: Instant?
    let withheld: [Int]
    let sealed: [UInt8]
}
