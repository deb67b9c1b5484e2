import Rules
import Statistics
import Store

extension Routes {
    static let studies: [Route] = [
        .visitor(.get, "/studies", "Studies that run here or have ended, with their numbers.", StudyRoutes.list),
        .visitor(.get, "/studies/adult", "Where a parent or carer says yes with a code.", StudyRoutes.adultForm),
        .visitor(
            .post, "/studies/adult", "Look at what the code is for, or say yes.", [.line("code", 40), .flag("yes")], StudyRoutes.adult),
        .visitor(.get, "/studies/:study", "What a study is about, who runs it, and one's own part in it.", StudyRoutes.show),
        .member(
            .post, "/studies/:study/join", "Say yes to taking part.",
            [
                .flag("yes"), .flag("share"), .flag("link"), .choice("before", AskedBefore.self),
                .choice("side", StudyProtocol.Side.self, optional: true),
            ], StudyRoutes.join),
        .member(.post, "/studies/:study/no", "Say no: nothing changes, and it is not asked again.", [.flag("unmasks")], StudyRoutes.sayNo),
        .member(.post, "/studies/:study/ask", "Begin the questions that are open, or go on.", StudyRoutes.ask),
        .member(.post, "/studies/:study/start", "After the first questions: chance decides the arm.", StudyRoutes.start),
        .member(
            .post, "/studies/:study/consents", "Change what else was said yes to.", [.flag("share"), .flag("link")], StudyRoutes.consents),
        .member(
            .post, "/studies/:study/leave", "Leave a study; answers stay in it or go.",
            [.choice("how", [LeftHow.keep.rawValue, LeftHow.remove.rawValue]), .flag("harm")], StudyRoutes.leave),
        .member(.get, "/studies/:study/here", "What one's arm gives: rooms, or pages to read.", StudyRoutes.here),
    ]
}

/// A study as the people in it see it. Saying no is said first and changes nothing.
enum StudyRoutes {
    /// By its code; a notice knows its id alone.
    static func study(_ tx: Transaction, _ ask: Ask, drafts: Bool = false) throws -> StudyRow {
        let name = ask.parameters["study"] ?? ""
        let found = try tx.study(name, in: ask.organisation.id) ?? ID<Study>(name).flatMap { try tx.study($0, in: ask.organisation.id) }
        guard let found, drafts || found.state != .draft else { throw Refusal.notFound }
        return found
    }

    /// What a person sees of a study.
    struct View: Sendable {
        let study: StudyRow
        /// How many said yes, as anybody may know; only when all is over, since who watches a number grow learns of single people.
        let people: PublicCount?
        let part: ParticipantRow?
        let purposes: Set<StudyPurpose>
        let saidNo: Bool
        let mayJoin: EnrolmentDecision?
        let tally: SmallCells
        var step: StudyStep?
        /// When their answers were given to people from outside.
        var givenOut: Instant?
    }

    static func view(_ tx: Transaction, _ study: StudyRow, _ ask: Ask) throws -> View {
        let counts = try tx.tally(of: study.id)
        let row = study.plan.arms.map { arm in counts.first { $0.arm == arm.id }?.count ?? 0 }
        let tally = try SmallCells([row], k: PublicCount.fewest)
        let people = study.state == .ended ? PublicCount(counts.reduce(0) { $0 + $1.count }) : nil
        guard let person = ask.person, !person.isStaff else {
            return View(study: study, people: people, part: nil, purposes: [], saidNo: false, mayJoin: nil, tally: tally, step: nil)
        }
        let part = try tx.participant(person.account, in: study.id)
        let saidNo = try tx.saidNo(person.account, to: study.id)
        return View(
            study: study, people: people, part: part, purposes: try tx.purposes(of: person.account, in: study), saidNo: saidNo,
            mayJoin: try mayJoin(tx, study, ask, person, isIn: part != nil, saidNo: saidNo), tally: tally,
            step: part.map { study.state.asks ? study.plan.step($0.part, now: ask.now) : .over },
            givenOut: study.state == .ended ? try tx.givenOut(person.account, of: study) : nil)
    }

    static func mayJoin(
        _ tx: Transaction, _ study: StudyRow, _ ask: Ask, _ person: Person, isIn: Bool, saidNo: Bool
    ) throws -> EnrolmentDecision? {
        guard study.state.takesPeople, !person.isStaff else { return nil }
        let country = person.country ?? ask.organisation.country
        return study.plan.mayEnrol(
            band: person.band ?? .eleven, isIn: isIn, isInAnother: try tx.isInAnotherStudy(person.account, than: study.id), saidNo: saidNo,
            places: try tx.placesLeft(study),
            isInDanger: try tx.hasOpenDanger(person.account), parents: ask.organisation.parentsRule,
            consentAge: ask.app.content.consent.countries[country]?.age ?? ask.app.content.consent.default)
    }

    /// The one line on Today: something to answer, or a study that asks whether one would take part.
    struct Card: Sendable {
        let code: String
        let title: String
        let isOwn: Bool
    }

    static func card(_ tx: Transaction, _ ask: Ask, _ person: Person, isQuiet: Bool) throws -> Card? {
        guard !person.isStaff, !isQuiet, person.breakUntil == nil, try tx.anyStudyRuns(ask.organisation.id) else { return nil }
        let running = try tx.studies(of: ask.organisation.id, drafts: false).filter { $0.state.asks }
        var offered: Card?
        for study in running {
            if let part = try tx.participant(person.account, in: study.id) {
                switch study.plan.step(part.part, now: ask.now) {
                case .baseline, .mayStart, .asked: return Card(code: study.code, title: study.plan.title, isOwn: true)
                case .adultFirst, .nothingUntil, .over: continue
                }
            }
            guard offered == nil else { continue }
            let saidNo = try tx.saidNo(person.account, to: study.id)
            switch try mayJoin(tx, study, ask, person, isIn: false, saidNo: saidNo) {
            case .ask, .askAdultToo: offered = Card(code: study.code, title: study.plan.title, isOwn: false)
            case .no, nil: continue
            }
        }
        return offered
    }

    static func list(_ ask: Ask) async throws -> Answer {
        let views = try await ask.read { tx in
            try tx.studies(of: ask.organisation.id, drafts: false).map { try view(tx, $0, ask) }
        }
        return .page(StudyPages.list(views, ask), json: ["studies": .list(views.map { json($0, ask) })])
    }

    static func show(_ ask: Ask) async throws -> Answer {
        let view = try await ask.read { tx in try Self.view(tx, Self.study(tx, ask), ask) }
        return .page(StudyPages.sheet(view, ask), json: json(view, ask))
    }

    static func json(_ view: View, _ ask: Ask) -> JSON {
        let plan = view.study.plan
        var fields: [(String, JSON)] = [
            ("study", .string(view.study.code)), ("version", .int(plan.version)), ("title", .string(plan.title)),
            ("about", .string(plan.about)), ("design", .string(plan.design.rawValue)), ("state", .string(view.study.state.rawValue)),
            ("hash", .string(view.study.hash)), ("listHash", .text(view.study.listHash)), ("runner", .string(plan.runner.rawValue)),
            ("people", .text(view.people?.description)), ("ethics", .text(plan.ethics)), ("monitor", .text(plan.monitor)),
            ("opened", .at(view.study.openedAt)),
            (
                "tally",
                .list(
                    zip(plan.arms, tally(view)).map { arm, count in
                        ["arm": .string(arm.id), "name": .string(arm.name), "people": .string(count)]
                    })
            ),
        ]
        if let person = ask.person, !person.isStaff {
            let (step, point, until) = StudyPages.step(view)
            fields.append(
                (
                    "me",
                    [
                        "in": .bool(view.part != nil && view.part?.leftAt == nil), "saidNo": .bool(view.saidNo),
                        "mayJoin": .string(StudyPages.code(view.mayJoin)), "step": .text(step), "measure": .text(point?.measure),
                        "day": point.map { .int($0.day) } ?? .null, "until": .at(until), "arm": .text(view.part?.arm),
                        "givenOut": .at(view.givenOut),
                        "purposes": .list(StudyPurpose.allCases.filter(view.purposes.contains).map { .string($0.rawValue) }),
                    ]
                ))
        }
        return .object(fields.map { .init(key: $0.0, value: $0.1) })
    }

    /// Counts by arm as anybody may see them.
    static func tally(_ view: View) -> [String] {
        // By arm only when all is over: numbers that grow would tell the next arm to whoever runs it.
        (view.tally.printed.first ?? []).map { count in
            guard view.study.state == .ended else { return "–" }
            return view.tally.isSafe ? count.map { PublicCount($0).description } ?? "*" : "*"
        }
    }

    static func join(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard ask.form.flag("yes") else { throw Refusal.rule("study-no-yes") }
        guard let before: AskedBefore = ask.form.choice("before") else { throw Refusal.badChoice("before") }
        let code = ask.app.chance.token().text.filter(\.isLetter).uppercased().prefix(10)
        let side: StudyProtocol.Side = ask.form.choice("side") ?? .seeker
        let purposes = Set(StudyPurpose.allCases.filter { $0 == .takePart || ask.form.flag($0.rawValue) })
        let (study, needsAdult) = try await ask.write { tx -> (StudyRow, Bool) in
            let study = try Self.study(tx, ask)
            try tx.hold(study)
            if let part = try tx.participant(person.account, in: study.id), part.leftAt == nil {
                guard part.startedAt != nil || study.plan.begins(by: part.consentUntil) > ask.now else {
                    throw Refusal.rule("study-yes-too-old", status: 409)
                }
                // The code that was shown may never have arrived: a new one takes its place.
                if part.waitsForAdult { try tx.renewAdultCode(String(code), of: part) }
                return (study, part.waitsForAdult)
            }
            guard study.plan.sides.contains(side) else { throw Refusal.badChoice("side") }
            if side == .supporter, try !tx.hasStanding(person.account) { throw Refusal.rule("study-no-standing", status: 409) }
            let isIn = try tx.participant(person.account, in: study.id) != nil
            let decision = try mayJoin(
                tx, study, ask, person, isIn: isIn, saidNo: try tx.saidNo(person.account, to: study.id))
            switch decision {
            case .ask:
                try tx.takePart(person, in: study, StudyYes(side: side, askedBefore: before, purposes: purposes, adultCode: nil))
                return (study, false)
            case .askAdultToo:
                try tx.takePart(
                    person, in: study, StudyYes(side: side, askedBefore: before, purposes: purposes, adultCode: String(code)))
                return (study, true)
            case .no(let why): throw Refusal.rule("study-\(why.rawValue)", status: 409)
            case nil: throw Refusal.rule("study-not-open", status: 409)
            }
        }
        // The code is shown once: what is kept is its hash.
        if needsAdult {
            return .page(
                StudyPages.code(String(code), study, ask), json: ["study": .string(study.code), "adultCode": .string(String(code))],
                status: 201)
        }
        return .see("/studies/\(study.code)?done=saved", json: ["study": .string(study.code), "in": true], created: true)
    }

    static func sayNo(_ ask: Ask, _ person: Person) async throws -> Answer {
        let unmasks = ask.form.flag("unmasks")
        try await ask.write { tx in
            let study = try Self.study(tx, ask)
            // Who is in leaves by leaving, which asks what becomes of the answers; who was in it did not decline it.
            guard try tx.participant(person.account, in: study.id) == nil else {
                throw Refusal.rule("study-already-in", status: 409)
            }
            try tx.sayNo(person, to: study.id, unmasks: unmasks)
        }
        return .see("/today?done=saved", json: ["saidNo": true])
    }

    static func ask(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id = try await ask.write { tx -> ID<FilledForm> in
            let study = try Self.study(tx, ask)
            guard let part = try tx.participant(person.account, in: study.id), study.state.asks else { throw Refusal.notFound }
            let point: StudyPoint
            switch study.plan.step(part.part, now: ask.now) {
            case .baseline(let found): point = found
            case .asked(let found, _): point = found
            case .adultFirst, .mayStart, .nothingUntil, .over: throw Refusal.rule("study-nothing-open", status: 409)
            }
            let (measure, pack) = try FormRoutes.measure(point.measure, ask)
            guard let pack else { throw Refusal.rule("form-\(NotNow.noWords.rawValue)", status: 409) }
            let withheld = FormRules.withheld(measure, staffed: try tx.isSomeoneOnDuty(person.organisation))
            guard withheld.count < measure.items.count else { throw Refusal.rule("form-nobody-here", status: 409) }
            return try tx.beginStudyForm(
                measure, wording: pack.version, language: pack.language, withheld: withheld, at: point, part, by: person)
        }
        return .see("/forms/\(id)", json: ["form": .id(id)], created: true)
    }

    static func start(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (study, arm) = try await ask.write { tx -> (StudyRow, String?) in
            let study = try Self.study(tx, ask)
            guard let part = try tx.participant(person.account, in: study.id), part.leftAt == nil else { throw Refusal.notFound }
            if part.startedAt != nil { return (study, part.arm) }
            guard study.state == .open || study.state == .closed else { throw Refusal.rule("study-not-open", status: 409) }
            // Whoever came into danger meanwhile is looked after first, and put into no arm.
            guard try !tx.hasOpenDanger(person.account) else { throw Refusal.rule("study-in-danger", status: 409) }
            guard part.band == person.band, study.plan.bands.contains(person.band ?? .eleven) else {
                throw Refusal.rule("study-other-ages", status: 409)
            }
            guard study.plan.floorsHold(rooms: try tx.openRooms(of: study.plan, in: ask.organisation.id), now: ask.now) else {
                throw Refusal.rule("study-not-open", status: 409)
            }
            guard study.plan.begins(by: part.consentUntil) > ask.now else { throw Refusal.rule("study-yes-too-old", status: 409) }
            guard study.plan.step(part.part, now: ask.now) == .mayStart else { throw Refusal.rule("study-first-questions", status: 409) }
            let arm = try tx.start(part, of: person.account, in: study)
            guard arm != nil || part.side == .supporter else { throw Refusal.rule("study-full", status: 409) }
            return (study, arm?.id)
        }
        return .see("/studies/\(study.code)/here", json: ["study": .string(study.code), "arm": .text(arm)])
    }

    static func consents(_ ask: Ask, _ person: Person) async throws -> Answer {
        let wanted = Set(StudyPurpose.allCases.filter { ask.form.flag($0.rawValue) })
        let (code, kept) = try await ask.write { tx -> (String, Set<StudyPurpose>) in
            let study = try Self.study(tx, ask)
            guard let part = try tx.participant(person.account, in: study.id) else { throw Refusal.notFound }
            // Whoever left takes back, and says no new yes.
            let known = try tx.purposes(of: person.account, in: study)
            guard part.leftAt == nil || !known.isEmpty else { throw Refusal.notFound }
            try tx.set(part.leftAt == nil ? wanted : wanted.intersection(known), of: person, in: study, until: part.consentUntil)
            return (study.code, try tx.purposes(of: person.account, in: study))
        }
        return .see("/studies/\(code)?done=saved", json: ["purposes": .list(kept.map(\.rawValue).sorted().map { .string($0) })])
    }

    static func leave(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard let how: LeftHow = ask.form.choice("how") else { throw Refusal.badChoice("how") }
        let code = try await ask.write { tx -> String in
            let study = try Self.study(tx, ask)
            guard let part = try tx.participant(person.account, in: study.id) else { throw Refusal.notFound }
            if part.leftAt == nil {
                try tx.leave(part, of: person.account, in: study, how, saysHarm: ask.form.flag("harm"))
            } else if how == .remove {
                try tx.takeOut(part, of: person.account, in: study, saysHarm: ask.form.flag("harm"))
            }
            return study.code
        }
        // Whom it did harm is led to somebody.
        return .see(ask.form.flag("harm") ? "/talk?done=saved" : "/studies/\(code)?done=saved", json: ["left": .string(how.rawValue)])
    }

    static func here(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (study, part, rooms) = try await ask.read { tx in
            let study = try Self.study(tx, ask)
            guard let part = try tx.participant(person.account, in: study.id), part.startedAt != nil, part.leftAt == nil else {
                throw Refusal.notFound
            }
            let rooms = try (part.arm.flatMap { study.plan.arm($0) }?.rooms ?? []).compactMap { ID<Room>($0) }.compactMap {
                try tx.room($0, visibleTo: ask.viewer)
            }
            return (study, part, rooms)
        }
        return .page(
            StudyPages.here(study, part, rooms, ask),
            json: [
                "study": .string(study.code), "arm": .text(part.arm), "rooms": .list(rooms.map { .id($0.id) }), "opens": .at(part.opensAt),
            ])
    }

    static func adultForm(_ ask: Ask) async throws -> Answer {
        .page(StudyPages.adult(nil, "", done: false, ask), json: ["fields": ["code"]])
    }

    /// First look, then yes: the code alone proves that the young person gave it.
    static func adult(_ ask: Ask) async throws -> Answer {
        if let wait = ask.app.limits.wait("adult \(ask.network)", limit: 20, within: .minutes(10), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes + 1)
        }
        let code = ask.form.text("code").uppercased().filter(\.isLetter)
        let yes = ask.form.flag("yes")
        let study = try await ask.write { tx -> StudyRow? in
            let study = try tx.study(adultCode: code).flatMap { $0.state.asks ? $0 : nil }
            if study != nil, yes { _ = try tx.adultSaysYes(code) }
            return study
        }
        guard let study else { throw Refusal.rule("study-adult-code") }
        return .page(
            StudyPages.adult(study, code, done: yes, ask),
            json: ["study": .string(study.code), "title": .string(study.plan.title), "yes": .bool(yes)])
    }
}
