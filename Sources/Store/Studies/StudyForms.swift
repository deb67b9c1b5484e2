import Rules
import Screening
import Statistics

extension Transaction {
    /// The form of one point: begun, or gone on with.
    public func beginStudyForm(
        _ measure: Instrument, wording: String, language: String, withheld: Set<Int>, at point: StudyPoint, _ part: ParticipantRow,
        by person: Person
    ) throws -> ID<FilledForm> {
        let id = try beginForm(measure, wording: wording, language: language, withheld: withheld, asked: false, by: person)
        try run(
            """
            INSERT INTO study_form (form, participant, day) VALUES (\(id), \(part.id), \(point.day))
            ON CONFLICT (form) DO NOTHING
            """)
        return id
    }

    /// The study that a form was filled in for, and which point.
    public func study(of form: ID<FilledForm>) throws -> (study: StudyRow, part: ParticipantRow, day: Int, account: ID<Account>)? {
        let found = try first(
            """
            SELECT p.study, p.account, s.day FROM study_form s JOIN participant p ON p.id = s.participant
            WHERE s.form = \(form) AND p.left_at IS NULL AND p.account IS NOT NULL
            """
        ) { (try $0.id(Study.self), try $0.id(Account.self), try $0.count()) }
        guard let found, let study = try study(found.0), let part = try participant(found.1, in: found.0) else { return nil }
        return (study, part, found.2, found.1)
    }

    /// What follows when a form of a study is whole: whoever got reliably worse on its main outcome is looked after, whatever their arm.
    public func finishedStudyForm(_ form: FormRow, _ measure: Instrument, by person: Person) throws {
        guard let (study, part, day, _) = try study(of: form.id), measure.id == study.plan.primary, day > 0,
            let after = total(form.answers, measure)
        else { return }
        let first = try first(
            """
            SELECT f.id FROM study_form s JOIN form f ON f.id = s.form
            WHERE s.participant = \(part.id) AND s.day = 0 AND f.measure = \(measure.id) AND f.finished_at IS NOT NULL
            """
        ) { try $0.id(FilledForm.self) }
        guard let first, let began = try self.form(first, of: person), let before = total(began.answers, measure),
            study.plan.hasWorsened(from: before, to: after, measure, band: part.band) == true
        else { return }
        try run(
            """
            INSERT INTO study_harm (participant, kind, subject, made_at) VALUES (\(part.id), 'worse', \(form.id), \(now))
            ON CONFLICT DO NOTHING
            """)
        try hearForm(.worry, form, by: person)
    }

    private func total(_ answers: [Int?], _ measure: Instrument) -> Double? {
        do { return try Score(answers, by: measure).total } catch { return nil }
    }

    /// Those who said yes to being counted, in a study that runs.
    public func linkedAccounts() throws -> Set<ID<Account>> {
        Set(
            try rows(
                """
                SELECT p.account FROM study s JOIN participant p ON p.study = s.id
                JOIN consent c ON c.account = p.account AND c.purpose = 'study:' || s.code || ':link'
                WHERE s.state IN ('open', 'paused', 'closed') AND p.left_at IS NULL AND c.withdrawn_at IS NULL AND c.ends_at > \(now)
                """
            ) { try $0.id() })
    }

    /// Minutes on which somebody was here today, kept only for those who said yes to it in a study that runs.
    public func wasHere(_ minutes: [ID<Account>: Int]) throws {
        guard !minutes.isEmpty else { return }
        let parts = try rows(
            """
            SELECT p.id, p.account, p.started_at FROM participant p JOIN study s ON s.id = p.study
            JOIN consent c ON c.account = p.account AND c.purpose = 'study:' || s.code || ':link'
            WHERE p.account IN \(SQL.list(minutes.keys)) AND p.left_at IS NULL AND p.started_at IS NOT NULL AND s.state <> 'ended'
              AND c.withdrawn_at IS NULL AND c.ends_at > \(now)
            """
        ) { (try $0.id(Participant.self), try $0.id(Account.self), try $0.instant()) }
        for (id, account, start) in parts {
            let day = (now - start).milliseconds / Lapse.days(1).milliseconds
            try run(
                """
                INSERT INTO study_day (participant, day, minutes) VALUES (\(id), \(day), \(minutes[account] ?? 0))
                ON CONFLICT (participant, day) DO UPDATE SET minutes = study_day.minutes + excluded.minutes
                """)
        }
    }

    /// Once a night: what is open now is told once, a yes that is over ends, danger is counted, and the watch looks at the week.
    public func careForStudies() throws {
        for id in try rows("SELECT id FROM study WHERE state IN ('open', 'paused', 'closed')", { try $0.id(Study.self) }) {
            guard let study = try study(id) else { continue }
            for (account, row) in try running(id) {
                if row.consentUntil <= now {
                    try leave(row, of: account, in: study, .lapsed)
                    continue
                }
                try countDanger(row, account)
                switch study.plan.step(row.part, now: now) {
                case .asked(let point, _), .baseline(let point): try tell(row, account, point)
                case .adultFirst, .mayStart, .nothingUntil, .over: break
                }
            }
            try watch(study)
        }
    }

    private func tell(_ part: ParticipantRow, _ account: ID<Account>, _ point: StudyPoint) throws {
        let told = try change(
            """
            INSERT INTO study_told (participant, measure, day, told_at) VALUES (\(part.id), \(point.measure), \(point.day), \(now))
            ON CONFLICT DO NOTHING
            """)
        if told == 1 { try notify(account, .study, item: nil, about: ID(raw: part.study.raw)) }
    }

    /// Cases of danger about them since they started.
    private func countDanger(_ part: ParticipantRow, _ account: ID<Account>) throws {
        guard let start = part.startedAt else { return }
        try run(
            """
            INSERT INTO study_harm (participant, kind, subject, made_at)
            SELECT \(part.id), 'danger', c.id, c.opened_at FROM "case" c
            WHERE c.account = \(account) AND c.kind = 'risk' AND c.level >= \(Level.high.rawValue) AND c.opened_at >= \(start)
            ON CONFLICT DO NOTHING
            """)
    }

    /// Events and person-weeks of each whole week since the study opened, over all arms.
    public func harmWeeks(_ study: StudyRow) throws -> (events: [Int], exposures: [Double]) {
        guard let opened = study.openedAt else { return ([], []) }
        let end = study.endedAt ?? now
        let week = Lapse.days(7)
        let count = Int((end - opened).milliseconds / week.milliseconds)
        let parts = try rows(
            "SELECT started_at, COALESCE(left_at, \(end)) FROM participant WHERE study = \(study.id) AND started_at IS NOT NULL"
        ) { (try $0.instant(), try $0.instant()) }
        let harms = try rows(
            "SELECT h.made_at FROM study_harm h JOIN participant p ON p.id = h.participant WHERE p.study = \(study.id)"
        ) { try $0.instant() }
        return (0..<max(0, count)).reduce(into: ([Int](), [Double]())) { made, number in
            let from = opened + week * number
            let until = from + week
            made.0.append(harms.count { $0 >= from && $0 < until })
            made.1.append(
                parts.reduce(0) { sum, part in
                    sum + Double(max(0, (min(part.1, until) - max(part.0, from)).milliseconds)) / Double(week.milliseconds)
                })
        }
    }

    /// The watch for harm: where it rings nobody new comes in until the monitor has looked, and a person is called.
    private func watch(_ study: StudyRow) throws {
        guard study.state == .open else { return }
        let weeks = try harmWeeks(study)
        let plan = study.plan.harm
        let watch = try HarmCusum(from: plan.usual, to: plan.raised, h: plan.h)
        guard let last = try watch.sums(events: weeks.events, exposures: weeks.exposures).last, watch.rings(last) else { return }
        // A monitor who looked and let it go on has said so for the weeks until then.
        let looked = try first("SELECT max(made_at) FROM study_event WHERE study = \(study.id) AND kind = 'resumed'") { $0.instantIfAny() }
        if let looked = looked ?? nil, now - looked < .days(7) { return }
        guard try set(study, to: .paused, .rang, by: nil), let organisation = try organisation(of: study.id) else { return }
        _ = try raiseAlarm(about: nil, organisation: organisation, tier: .moderator, drill: false)
    }

    private func organisation(of study: ID<Study>) throws -> ID<Organisation>? {
        try first("SELECT organisation FROM study WHERE id = \(study)") { try $0.id() }
    }
}
