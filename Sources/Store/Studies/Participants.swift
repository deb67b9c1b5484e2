import Rules
import Screening

/// One person's part in one study.
public struct ParticipantRow: Sendable {
    public let id: ID<Participant>
    public let study: ID<Study>
    public let side: StudyProtocol.Side
    public let band: AgeBand?
    public let arm: String?
    public let consentedAt: Instant
    public let consentUntil: Instant
    public let waitsForAdult: Bool
    public let startedAt: Instant?
    public let opensAt: Instant?
    public let leftAt: Instant?
    public let leftHow: LeftHow?
    public let answered: Set<StudyPoint>

    public var part: StudyPart {
        StudyPart(
            side: side, arm: arm, waitsForAdult: waitsForAdult, consentUntil: consentUntil, startedAt: startedAt, hasLeft: leftAt != nil,
            answered: answered)
    }
}

/// A yes to take part, with what else was said yes to.
public struct StudyYes: Sendable {
    public let side: StudyProtocol.Side
    public let askedBefore: AskedBefore
    public let purposes: Set<StudyPurpose>
    /// What an adult types; nil where none is needed.
    public let adultCode: String?

    public init(side: StudyProtocol.Side, askedBefore: AskedBefore, purposes: Set<StudyPurpose>, adultCode: String?) {
        (self.side, self.askedBefore, self.purposes, self.adultCode) = (side, askedBefore, purposes, adultCode)
    }
}

extension Transaction {
    private static let partColumns: SQL =
        "id, study, side, band, arm, consented_at, consent_until, adult_code, adult_at, started_at, opens_at, left_at, left_how"

    private func readPart(_ row: inout Row) throws -> ParticipantRow {
        let (id, study): (ID<Participant>, ID<Study>) = (try row.id(), try row.id())
        let side: StudyProtocol.Side = try row.word()
        let (band, arm) = (AgeBand(rawValue: try row.text()), row.textIfAny())
        let (consented, until) = (try row.instant(), try row.instant())
        let waits = row.bytesIfAny() != nil
        let adult = row.instantIfAny()
        return ParticipantRow(
            id: id, study: study, side: side, band: band, arm: arm, consentedAt: consented, consentUntil: until,
            waitsForAdult: waits && adult == nil, startedAt: row.instantIfAny(), opensAt: row.instantIfAny(), leftAt: row.instantIfAny(),
            leftHow: row.textIfAny().flatMap { LeftHow(rawValue: $0) }, answered: [])
    }

    private func withAnswers(_ part: ParticipantRow) throws -> ParticipantRow {
        let answered = try rows(
            """
            SELECT f.measure, s.day FROM study_form s JOIN form f ON f.id = s.form
            WHERE s.participant = \(part.id) AND f.finished_at IS NOT NULL
            """
        ) { StudyPoint(try $0.text(), try $0.count()) }
        return ParticipantRow(
            id: part.id, study: part.study, side: part.side, band: part.band, arm: part.arm, consentedAt: part.consentedAt,
            consentUntil: part.consentUntil, waitsForAdult: part.waitsForAdult, startedAt: part.startedAt, opensAt: part.opensAt,
            leftAt: part.leftAt, leftHow: part.leftHow, answered: Set(answered))
    }

    public func participant(_ account: ID<Account>, in study: ID<Study>) throws -> ParticipantRow? {
        try first("SELECT \(Self.partColumns) FROM participant WHERE study = \(study) AND account = \(account)") { try readPart(&$0) }
            .map(withAnswers)
    }

    public func participants(of account: ID<Account>) throws -> [ParticipantRow] {
        try rows("SELECT \(Self.partColumns) FROM participant WHERE account = \(account) ORDER BY id DESC") { try readPart(&$0) }
            .map(withAnswers)
    }

    /// Those who are in a study and have not left it.
    func running(_ study: ID<Study>) throws -> [(account: ID<Account>, row: ParticipantRow)] {
        try rows(
            "SELECT account, \(Self.partColumns) FROM participant WHERE study = \(study) AND left_at IS NULL AND account IS NOT NULL ORDER BY id"
        ) { (try $0.id(Account.self), try readPart(&$0)) }.map { ($0.0, try withAnswers($0.1)) }
    }

    /// In one that runs, and has not left it.
    public func isInAnotherStudy(_ account: ID<Account>, than study: ID<Study>) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM participant p JOIN study s ON s.id = p.study
            WHERE p.account = \(account) AND p.study <> \(study) AND p.left_at IS NULL AND s.state NOT IN ('draft', 'ended')
            """)
    }

    public func saidNo(_ account: ID<Account>, to study: ID<Study>) throws -> Bool {
        try exists("SELECT 1 FROM study_no WHERE study = \(study) AND account = \(account)")
    }

    /// Is somebody looking at danger about this person now?
    public func hasOpenDanger(_ account: ID<Account>) throws -> Bool {
        try exists(
            "SELECT 1 FROM \"case\" WHERE account = \(account) AND kind = 'risk' AND level >= \(Level.high.rawValue) AND closed_at IS NULL")
    }

    public func sayNo(_ person: Person, to study: ID<Study>, unmasks: Bool) throws {
        try run(
            """
            INSERT INTO study_no (study, account, why, made_at) VALUES (\(study), \(person.account), \(unmasks ? "would-unmask" : "no"), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Holds the study for this transaction, so that two at once do not both take the last place.
    public func hold(_ study: StudyRow) throws { _ = try change("UPDATE study SET state = state WHERE id = \(study.id)") }

    public func takePart(_ person: Person, in study: StudyRow, _ yes: StudyYes) throws {
        let id: ID<Participant> = ids.unlinkable()
        let until = now + .days(study.plan.consentDays)
        let code = yes.adultCode.map { keys.fingerprint($0, for: "adult's yes") }
        try run(
            """
            INSERT INTO participant (id, study, account, side, band, asked_before, consented_at, consent_until, adult_code)
            VALUES (\(id), \(study.id), \(person.account), \(yes.side.rawValue), \(person.band?.rawValue ?? ""), \(yes.askedBefore.rawValue),
                    \(now), \(until), \(code))
            """)
        for purpose in yes.purposes { try consent(to: purpose, person, study, until: until) }
    }

    private func consent(to purpose: StudyPurpose, _ person: Person, _ study: StudyRow, until: Instant) throws {
        try run(
            """
            INSERT INTO consent (account, purpose, given_at, ends_at)
            VALUES (\(person.account), \(Self.name(purpose, study)), \(now), \(until)) ON CONFLICT DO NOTHING
            """)
    }

    private static func name(_ purpose: StudyPurpose, _ study: StudyRow) -> String { "study:\(study.code):\(purpose.rawValue)" }

    /// What somebody says yes to at this moment, in a study.
    public func purposes(of account: ID<Account>, in study: StudyRow) throws -> Set<StudyPurpose> {
        let names = try rows(
            "SELECT purpose FROM consent WHERE account = \(account) AND withdrawn_at IS NULL AND ends_at > \(now)"
        ) { try $0.text() }
        return Set(StudyPurpose.allCases.filter { names.contains(Self.name($0, study)) })
    }

    /// Changes what else was said yes to; taking part itself ends by leaving.
    public func set(_ purposes: Set<StudyPurpose>, of person: Person, in study: StudyRow, until: Instant) throws {
        let known = try self.purposes(of: person.account, in: study)
        for purpose in StudyPurpose.allCases where purpose != .takePart && known.contains(purpose) != purposes.contains(purpose) {
            if purposes.contains(purpose) {
                try consent(to: purpose, person, study, until: until)
            } else {
                try withdraw(purpose, person.account, study)
            }
        }
    }

    private func withdraw(_ purpose: StudyPurpose, _ account: ID<Account>, _ study: StudyRow) throws {
        try run(
            """
            UPDATE consent SET withdrawn_at = \(now)
            WHERE account = \(account) AND purpose = \(Self.name(purpose, study)) AND withdrawn_at IS NULL
            """)
        if purpose == .link {
            try run(
                "DELETE FROM study_day WHERE participant IN (SELECT id FROM participant WHERE study = \(study.id) AND account = \(account))"
            )
        }
    }

    public struct ConsentRow: Sendable {
        public let purpose: String, given: Instant, ends: Instant, withdrawn: Instant?
    }

    public func consents(of account: ID<Account>) throws -> [ConsentRow] {
        try rows("SELECT purpose, given_at, ends_at, withdrawn_at FROM consent WHERE account = \(account) ORDER BY given_at, purpose") {
            ConsentRow(purpose: try $0.text(), given: try $0.instant(), ends: try $0.instant(), withdrawn: $0.instantIfAny())
        }
    }

    /// A new code in place of the one that was lost, while an adult's yes is waited for.
    public func renewAdultCode(_ code: String, of part: ParticipantRow) throws {
        try run(
            "UPDATE participant SET adult_code = \(keys.fingerprint(code, for: "adult's yes")) WHERE id = \(part.id) AND adult_at IS NULL")
    }

    /// The study that an adult's code is for; also when it was used, since an answer can be lost on the way.
    /// The study that a code is of, as long as an adult's yes can still begin it.
    public func study(adultCode: String) throws -> StudyRow? {
        let found = try first(
            """
            SELECT study, consent_until, started_at FROM participant
            WHERE adult_code = \(keys.fingerprint(adultCode, for: "adult's yes")) AND left_at IS NULL
            """
        ) { (study: try $0.id(Study.self), until: try $0.instant(), isIn: $0.instantIfAny() != nil) }
        return try found.flatMap { one in
            try study(one.study).flatMap { one.isIn || $0.plan.begins(by: one.until) > now ? $0 : nil }
        }
    }

    public func adultSaysYes(_ code: String) throws -> Bool {
        try change(
            """
            UPDATE participant SET adult_at = COALESCE(adult_at, \(now)) WHERE adult_code = \(keys.fingerprint(code, for: "adult's yes"))
              AND left_at IS NULL
            """) == 1
    }

    /// Chance puts them into an arm. Nil where no place is left, and for supporters, who are in no arm.
    public func start(_ part: ParticipantRow, of account: ID<Account>, in study: StudyRow) throws -> StudyProtocol.Arm? {
        guard part.side == .seeker else {
            _ = try change("UPDATE participant SET started_at = \(now) WHERE id = \(part.id) AND started_at IS NULL")
            return nil
        }
        let arm: StudyProtocol.Arm?
        switch study.plan.allocation {
        case .blocks: arm = try takePlace(part, study)
        case .minimisation: arm = try minimised(part, study)
        }
        guard let arm else { return nil }
        let opens = study.plan.opens(arm, startedAt: now)
        let began = try change(
            """
            UPDATE participant SET started_at = \(now), arm = \(arm.id), opens_at = \(opens)
            WHERE id = \(part.id) AND started_at IS NULL AND left_at IS NULL
            """)
        guard began == 1 else { throw StoreFault.conflict(constraint: "participant started") }
        if arm.gives == .rooms { try letIn(part.id, account, study) }
        return arm
    }

    /// The next place of the sealed list in their stratum.
    private func takePlace(_ part: ParticipantRow, _ study: StudyRow) throws -> StudyProtocol.Arm? {
        let stratum = part.band?.rawValue ?? ""
        while let place = try first(
            "SELECT min(place) FROM study_place WHERE study = \(study.id) AND stratum = \(stratum) AND participant IS NULL",
            { $0.intIfAny() }) ?? nil
        {
            let taken = try change(
                """
                UPDATE study_place SET participant = \(part.id)
                WHERE study = \(study.id) AND stratum = \(stratum) AND place = \(place) AND participant IS NULL
                """)
            guard taken == 1 else { continue }  // somebody else was quicker
            let sealed = try first(
                "SELECT sealed FROM study_place WHERE study = \(study.id) AND stratum = \(stratum) AND place = \(place)", { try $0.bytes() }
            )
            let id = String(decoding: try keys.open(sealed ?? [], for: "place \(study.id) \(stratum) \(place)"), as: UTF8.self)
            guard let arm = study.plan.arm(id) else { throw StoreFault.unreadable("the arm \(id)") }
            return arm
        }
        return nil
    }

    /// One after the other: each looks at all before them.
    private func minimised(_ part: ParticipantRow, _ study: StudyRow) throws -> StudyProtocol.Arm? {
        try hold(study)
        let before = try rows(
            "SELECT band, asked_before, arm FROM participant WHERE study = \(study.id) AND arm IS NOT NULL ORDER BY started_at, id"
        ) { (levels: [try $0.text(), try $0.text()], arm: try $0.text()) }
        guard before.count < study.plan.wanted * study.plan.arms.count else { return nil }
        let sealed = try first("SELECT seed FROM study WHERE id = \(study.id)") { try $0.bytes() } ?? []
        let seed = try keys.open(sealed, for: "seed \(study.id)").reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let asked = try first("SELECT asked_before FROM participant WHERE id = \(part.id)") { try $0.text() } ?? ""
        return study.plan.arm(try study.plan.minimised([part.band?.rawValue ?? "", asked], before: before, seed: seed))
    }

    private func letIn(_ participant: ID<Participant>, _ account: ID<Account>, _ study: StudyRow) throws {
        let arm = try first("SELECT arm FROM participant WHERE id = \(participant)") { $0.textIfAny() } ?? nil
        for room in arm.flatMap({ study.plan.arm($0) })?.rooms ?? [] {
            if let id = ID<Room>(room) { try join(id, account) }
        }
        try run("UPDATE participant SET let_in_at = \(now) WHERE id = \(participant)")
    }

    public func peopleWait() throws -> Bool {
        try exists("SELECT 1 FROM participant WHERE opens_at <= \(now) AND let_in_at IS NULL AND account IS NOT NULL LIMIT 1")
    }

    /// Those whose time of waiting is over come into their rooms and are told; also those who left the study meanwhile.
    public func letInThoseWhoWaited() throws {
        for (id, account, study) in try rows(
            """
            SELECT id, account, study FROM participant
            WHERE opens_at <= \(now) AND let_in_at IS NULL AND account IS NOT NULL LIMIT 200
            """,
            { (try $0.id(Participant.self), try $0.id(Account.self), try $0.id(Study.self)) })
        {
            guard let study = try self.study(study) else { continue }
            try letIn(id, account, study)
            try notify(account, .study, item: nil, about: ID(raw: study.id.raw))
        }
    }

    /// Leaves. Rooms stay theirs: support is no part of the bargain. With `remove` their answers leave the study too and stay their own.
    public func leave(
        _ part: ParticipantRow, of account: ID<Account>, in study: StudyRow, _ how: LeftHow, saysHarm: Bool = false
    ) throws {
        try countDanger(part, account)
        try noteHarm(part, in: study, saysHarm)
        try run("UPDATE participant SET left_at = \(now), left_how = \(how.rawValue) WHERE id = \(part.id) AND left_at IS NULL")
        switch how {
        // What was said yes to for the answers so far goes on for them.
        case .keep: try withdraw(.takePart, account, study)
        case .lapsed: for purpose in StudyPurpose.allCases { try withdraw(purpose, account, study) }
        case .remove, .erased:
            try takeOut(part.id)
            for purpose in StudyPurpose.allCases { try withdraw(purpose, account, study) }
        }
        try run("UPDATE participant SET adult_code = NULL WHERE id = \(part.id)")
    }

    /// Whoever left and let their answers stay may still take them out, and say that something bad came of it.
    public func takeOut(_ part: ParticipantRow, of account: ID<Account>, in study: StudyRow, saysHarm: Bool) throws {
        guard try change("UPDATE participant SET left_how = 'remove' WHERE id = \(part.id) AND left_how IN ('keep', 'lapsed')") == 1 else {
            return
        }
        try noteHarm(part, in: study, saysHarm)
        try takeOut(part.id)
        for purpose in StudyPurpose.allCases { try withdraw(purpose, account, study) }
    }

    private func noteHarm(_ part: ParticipantRow, in study: StudyRow, _ saysHarm: Bool) throws {
        guard saysHarm, part.startedAt != nil, study.state.asks else { return }
        let subject: ID<Anything> = ids.unlinkable()
        try run("INSERT INTO study_harm (participant, kind, subject, made_at) VALUES (\(part.id), 'told', \(subject), \(now))")
    }

    private func takeOut(_ participant: ID<Participant>) throws {
        try run("DELETE FROM study_form WHERE participant = \(participant)")
        // That something went wrong stays counted: the watch would fall asleep where people leave because of it. It leads nowhere any more.
        for subject in try rows("SELECT subject FROM study_harm WHERE participant = \(participant)", { try $0.int() }) {
            let nothing: ID<Anything> = ids.unlinkable()
            try run("UPDATE study_harm SET subject = \(nothing) WHERE participant = \(participant) AND subject = \(subject)")
        }
        try run("DELETE FROM study_day WHERE participant = \(participant)")
        try run("DELETE FROM study_told WHERE participant = \(participant)")
    }

    /// What stays of somebody who erased themselves is that somebody was put into an arm and left: no account, no answer.
    func forgetStudies(of account: ID<Account>) throws {
        for part in try participants(of: account) {
            guard let study = try study(part.study) else { continue }
            try leave(part, of: account, in: study, .erased)
            try takeOut(part.id)
            try run("UPDATE participant SET left_how = 'erased' WHERE id = \(part.id)")
            let week = Lapse.days(7).milliseconds
            try run(
                """
                UPDATE participant SET account = NULL, asked_before = 'rather-not', consented_at = consented_at / \(week) * \(week),
                  started_at = started_at / \(week) * \(week), left_at = left_at / \(week) * \(week) WHERE id = \(part.id)
                """)
        }
        try run("DELETE FROM study_no WHERE account = \(account)")
    }
}

extension Transaction {
    public func anyStudyRuns(_ organisation: ID<Organisation>) throws -> Bool {
        try exists("SELECT 1 FROM study WHERE organisation = \(organisation) AND state IN ('open', 'paused', 'closed') LIMIT 1")
    }

    public func hasStanding(_ account: ID<Account>) throws -> Bool {
        try exists("SELECT 1 FROM standing WHERE account = \(account) AND ended_at IS NULL AND ends_at > \(now) LIMIT 1")
    }
}
