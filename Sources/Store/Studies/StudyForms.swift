import Rules
import Screening
import Statistics

extension Transaction {
    /// The form of one point: begun, or gone on with.
    public func beginStudyForm(
        _ measure: Instrument, wording: String, language: String, withheld: Set<Int>, at point: StudyPoint, _ part: ParticipantRow,
        by person: Person
    ) throws -> ID<FilledForm> {
        // Answers that were begun for something else are no answers to this: that form ends as it is.
        if let open = try forms(of: person, measure: measure.id, limit: 1).first, open.finishedAt == nil,
            try !exists("SELECT 1 FROM study_form WHERE form = \(open.id) AND participant = \(part.id) AND day = \(point.day)")
        {
            try finish(open.id, by: person)
        }
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
    ///
    /// - Returns: whether the team was told.
    public func finishedStudyForm(_ form: FormRow, _ measure: Instrument, by person: Person) throws -> Bool {
        guard let (study, part, day, _) = try study(of: form.id), measure.id == study.plan.primary, day > 0,
            let after = form.total(by: measure)
        else { return false }
        let first = try first(
            """
            SELECT f.id FROM study_form s JOIN form f ON f.id = s.form
            WHERE s.participant = \(part.id) AND s.day = 0 AND f.measure = \(measure.id) AND f.finished_at IS NOT NULL
            """
        ) { try $0.id(FilledForm.self) }
        guard let first, let began = try self.form(first, of: person), let before = began.total(by: measure),
            study.plan.hasWorsened(from: before, to: after, measure, band: part.band) == true
        else { return false }
        try run(
            """
            INSERT INTO study_harm (participant, kind, subject, made_at) VALUES (\(part.id), 'worse', \(form.id), \(now))
            ON CONFLICT DO NOTHING
            """)
        try hearForm(.worry, form, by: person)
        return true
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

    public func runningStudies() throws -> [ID<Study>] {
        try rows("SELECT id FROM study WHERE state IN ('open', 'paused', 'closed') ORDER BY id") { try $0.id() }
    }

    /// Once a night: what is open now is told once, a yes that is over ends, danger is counted, floors that no longer hold stop it, and
    /// the watch looks at the weeks.
    public func care(for id: ID<Study>) throws {
        if let study = try study(id) {
            try keepFloors(study)
            for (account, row) in try running(id) {
                if (row.startedAt == nil ? study.plan.begins(by: row.consentUntil) : row.consentUntil) <= now {
                    try leave(row, of: account, in: study, .lapsed)
                    continue
                }
                try countDanger(row, account)
                switch study.plan.step(row.part, now: now) {
                // Somebody in danger is looked after; questions can wait.
                case .asked(let point, _), .baseline(let point): if try !hasOpenDanger(account) { try tell(row, account, point) }
                case .adultFirst, .mayStart, .nothingUntil, .over: break
                }
            }
            if let now = try self.study(id) { try watch(now) }
        }
    }

    /// What held when it was opened must hold while it takes people: an ethics reference that has not run out, rooms above the floor.
    private func keepFloors(_ study: StudyRow) throws {
        guard study.state == .open,
            let organisation = try first("SELECT organisation FROM study WHERE id = \(study.id)", { try $0.id(Organisation.self) })
        else { return }
        let rooms = try openRooms(of: study.plan, in: organisation)
        guard !study.plan.floorsHold(rooms: rooms, now: now), try set(study, to: .paused, .belowFloor, by: nil) else { return }
        try call(study)
    }

    /// A person is called, and the monitors are told.
    private func call(_ study: StudyRow) throws {
        guard let organisation = try first("SELECT organisation FROM study WHERE id = \(study.id)", { try $0.id(Organisation.self) }) else {
            return
        }
        _ = try raiseAlarm(about: nil, organisation: organisation, tier: .moderator, drill: false)
        for one in try staffList(of: organisation) where one.staff.holds(.monitor, now: now) {
            try notify(one.account, .study, item: nil, about: ID(raw: study.id.raw))
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
    func countDanger(_ part: ParticipantRow, _ account: ID<Account>) throws {
        guard let start = part.startedAt else { return }
        try run(
            """
            INSERT INTO study_harm (participant, kind, subject, made_at)
            SELECT \(part.id), 'danger', c.id, c.opened_at FROM "case" c
            WHERE c.account = \(account) AND c.kind = 'risk' AND c.level >= \(Level.high.rawValue) AND c.opened_at >= \(start)
            ON CONFLICT DO NOTHING
            """)
    }

    /// What the watch looks at: of those put into arms, what the protocol's rates were made for. What people tell on leaving stands in the
    /// report and before the monitor, and rings nothing.
    ///
    /// Events and person-weeks of each whole week since the monitor last looked, or since the study opened, over all arms.
    public func harmWeeks(_ study: StudyRow) throws -> (events: [Int], exposures: [Double]) {
        guard let first = study.openedAt else { return ([], []) }
        let looked = try events(of: study.id).last { $0.event == .resumed || $0.event == .rang && study.state == .closed }?.at
        let opened = looked ?? first
        let end = study.endedAt ?? now
        let week = Lapse.days(7)
        let count = Int((end - opened).milliseconds / week.milliseconds)
        let parts = try rows(
            """
            SELECT started_at, COALESCE(left_at, \(end)) FROM participant
            WHERE study = \(study.id) AND started_at IS NOT NULL AND side = 'seeker'
            """
        ) { (try $0.instant(), try $0.instant()) }
        let harms = try rows(
            """
            SELECT h.made_at FROM study_harm h JOIN participant p ON p.id = h.participant
            WHERE p.study = \(study.id) AND p.side = 'seeker' AND h.kind <> 'told'
            """
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

    /// The watch for harm: where it rings nobody new comes in until the monitor has looked, and a person is called. Where nobody new
    /// comes in any more it calls all the same.
    private func watch(_ study: StudyRow) throws {
        let weeks = try harmWeeks(study)
        let plan = study.plan.harm
        let watch = try HarmCusum(from: plan.usual, to: plan.raised, h: plan.h)
        guard let last = try watch.sums(events: weeks.events, exposures: weeks.exposures).last, watch.rings(last) else { return }
        switch study.state {
        case .open: if try set(study, to: .paused, .rang, by: nil) { try call(study) }
        case .closed:
            try record(.rang, of: study.id, by: nil)
            try call(study)
        case .paused, .draft, .ended: break
        }
    }
}
