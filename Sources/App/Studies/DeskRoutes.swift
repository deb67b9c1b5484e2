import Foundation
import Rules
import Statistics
import Store

extension Routes {
    static let studyDesk: [Route] = [
        .staff(.get, "/researcher/studies", .research, "Studies, drafts too; a protocol is taken in here.", DeskRoutes.list),
        .staff(.post, "/researcher/studies", .research, "Take a protocol in, as a draft.", [.words("protocol")], DeskRoutes.draft),
        .staff(
            .get, "/researcher/studies/:study", .research, "How a study goes: enrolment, retention and what was answered, arms masked.",
            DeskRoutes.show),
        .staff(
            .post, "/researcher/studies/:study/state", .research, "Open, close or end a study.",
            [.choice("to", ["open", "closed", "ended"])],
            DeskRoutes.set),
        .staff(
            .get, "/researcher/studies/:study/report", .research, "What an ended study came to.",
            [
                .int("hourly", 0...100_000, optional: true), .int("worth_from", 0...Willingness.highest, optional: true),
                .int("worth_to", 0...Willingness.highest, optional: true),
            ], TrialRoutes.show),
        .staff(
            .post, "/researcher/studies/:study/data", .research,
            "Make the signed data set for evaluators from outside, once: of those who say yes to it now.", DataSetRoutes.make),
        .staff(
            .get, "/researcher/studies/:study/data", .research,
            "The signed data set for evaluators from outside: those who said yes to it.",
            DataSetRoutes.file),
        .staff(.get, "/monitor", .monitor, "Studies that run, for those who watch them for harm.", MonitorRoutes.list),
        .staff(.get, "/monitor/:study", .monitor, "Harms by arm and the watch, week by week.", MonitorRoutes.show),
        .staff(
            .post, "/monitor/:study/state", .monitor, "Stop it, or let it go on.", [.choice("to", ["paused", "open", "ended"])],
            MonitorRoutes.set),
    ]
}

/// How studies are made and run. While one runs its arms are masked here: who reads numbers by arm could steer.
enum DeskRoutes {
    static func study(_ tx: Transaction, _ ask: Ask) throws -> StudyRow { try StudyRoutes.study(tx, ask, drafts: true) }

    static func faults(_ tx: Transaction, _ plan: StudyProtocol, _ ask: Ask) throws -> [StudyFault] {
        let rooms = try tx.openRooms(of: plan, in: ask.organisation.id)
        var found = plan.faults(rooms: rooms, measures: ask.app.content.measures, now: ask.now)
        if plan.asks.contains(where: { ask.app.content.pack($0.measure) == nil }), !found.contains(.noMeasure) { found.append(.noMeasure) }
        // A name on paper stops nothing: somebody must be able to, and be nobody who runs it.
        let watches = try tx.staffList(of: ask.organisation.id).contains {
            $0.staff.holds(.monitor, now: ask.now) && !$0.staff.holds(.research, now: ask.now)
        }
        if plan.monitor != nil, !watches, !found.contains(.noMonitor) { found.append(.noMonitor) }
        return found
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let studies = try await ask.read { try $0.studies(of: worker.person.organisation, drafts: true) }
        return .page(
            DeskPages.list(studies, ask),
            json: [
                "studies": .list(
                    studies.map { ["study": .string($0.code), "state": .string($0.state.rawValue), "hash": .string($0.hash)] })
            ])
    }

    static func draft(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let text = ask.form.words("protocol")
        let plan = try read(text)
        let organisation = worker.person.organisation
        guard try await ask.write({ try $0.draft(text, plan, in: organisation, by: worker.person.account) }) else {
            throw Refusal.rule("study-fixed", status: 409)
        }
        return .see("/researcher/studies/\(plan.id)?done=saved", json: ["study": .string(plan.id)], created: true)
    }

    static func read(_ text: String) throws -> StudyProtocol {
        do { return try StudyProtocol(json: Data(text.utf8)) } catch let fault as ProtocolFault {
            throw Refusal.rule("study-protocol", ["fault": fault.description])
        }
    }

    struct Live: Sendable {
        let study: StudyRow
        let faults: [StudyFault]
        let enrolled: Int
        let started: Int
        let left: Int
        let linked: Int
        let missing: [StudyReport.Missing]
        let events: [(event: StudyEvent, at: Instant)]
        let set: StudySetRow?
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let live = try await ask.read(long: true) { tx -> Live in
            let study = try Self.study(tx, ask)
            let people = try tx.studyPeople(study)
            let known = Dictionary(ask.app.content.measures.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
            let started = people.filter { $0.side == .seeker && $0.arm != nil }
            return Live(
                study: study, faults: study.state == .draft ? try faults(tx, study.plan, ask) : [], enrolled: people.count,
                started: people.count { $0.startedAt != nil }, left: people.count { $0.leftAt != nil },
                linked: people.count { $0.presence != nil },
                missing: StudyReport.missing(study.plan, started, known, study.endedAt ?? ask.now), events: try tx.events(of: study.id),
                set: try tx.studySet(study))
        }
        return .page(
            DeskPages.show(live, ask),
            json: [
                "study": .string(live.study.code), "state": .string(live.study.state.rawValue), "hash": .string(live.study.hash),
                "listHash": .text(live.study.listHash), "faults": .list(live.faults.map { .string($0.rawValue) }),
                "enrolled": .int(live.enrolled), "started": .int(live.started), "left": .int(live.left), "linked": .int(live.linked),
                "asked": .list(live.missing.map(TrialJSON.missing)),
                "dataSet": DataSetRoutes.json(live.set),
                "events": .list(live.events.map { ["what": .string($0.event.rawValue), "at": .at($0.at)] }),
            ])
    }

    static func set(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let to: StudyState = ask.form.choice("to") else { throw Refusal.badChoice("to") }
        let seed = ask.app.chance.bits()
        let by = worker.person.account
        let code = try await ask.write { tx -> String in
            let study = try Self.study(tx, ask)
            if study.state == to { return study.code }
            guard study.state.mayBecome(to), study.state != .paused || to != .open else { throw Refusal.rule("study-state", status: 409) }
            if study.state == .draft {
                let faults = try faults(tx, study.plan, ask)
                guard faults.isEmpty else {
                    throw Refusal.rule(
                        "study-faults", ["faults": faults.map { ask.say("studies.fault-\($0.rawValue)") }.joined(separator: " ")])
                }
                guard try tx.open(study, seed: seed, by: by) else { throw Refusal.rule("study-fixed", status: 409) }
            } else {
                guard try tx.set(study, to: to, to == .closed ? .closed : .ended, by: by) else {
                    throw Refusal.rule("study-state", status: 409)
                }
            }
            return study.code
        }
        return .see("/researcher/studies/\(code)?done=saved", json: ["state": .string(to.rawValue)])
    }
}

/// Watches from outside: harms by arm while a study runs, and the right to stop it.
enum MonitorRoutes {
    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let studies = try await ask.read { try $0.studies(of: worker.person.organisation, drafts: false) }
        return .page(
            DeskPages.monitored(studies, ask),
            json: ["studies": .list(studies.map { ["study": .string($0.code), "state": .string($0.state.rawValue)] })])
    }

    struct View: Sendable {
        let study: StudyRow
        let harms: [StudyReport.Harms]
        let events: [Int]
        let exposures: [Double]
        let sums: [Double]
        let log: [(event: StudyEvent, at: Instant)]
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let view = try await ask.read(long: true) { tx -> View in
            let study = try StudyRoutes.study(tx, ask)
            let people = try tx.studyPeople(study)
            let weeks = try tx.harmWeeks(study)
            let plan = study.plan.harm
            let watch = try HarmCusum(from: plan.usual, to: plan.raised, h: plan.h)
            return View(
                study: study,
                harms: StudyReport.harms(study.plan, { arm in people.filter { $0.arm == arm.id } }, study.endedAt ?? ask.now),
                events: weeks.events, exposures: weeks.exposures, sums: try watch.sums(events: weeks.events, exposures: weeks.exposures),
                log: try tx.events(of: study.id))
        }
        return .page(
            DeskPages.watch(view, ask),
            json: [
                "study": .string(view.study.code), "state": .string(view.study.state.rawValue), "h": .number(view.study.plan.harm.h),
                "harms": .list(view.harms.map(TrialJSON.harm)),
                "weeks": .list(
                    zip(zip(view.events, view.exposures), view.sums).map {
                        ["events": .int($0.0), "personWeeks": .number($0.1), "sum": .number($1)]
                    }),
                "log": .list(view.log.map { ["what": .string($0.event.rawValue), "at": .at($0.at)] }),
            ])
    }

    static func set(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let to: StudyState = ask.form.choice("to") else { throw Refusal.badChoice("to") }
        let by = worker.person.account
        let code = try await ask.write { tx -> String in
            let study = try StudyRoutes.study(tx, ask)
            if study.state == to { return study.code }
            let event: StudyEvent
            switch (study.state, to) {
            case (.open, .paused): event = .paused
            case (.paused, .open): event = .resumed
            case (_, .ended) where study.state.mayBecome(.ended): event = .ended
            case (_, .open), (_, .paused), (_, .ended), (_, .draft), (_, .closed): throw Refusal.rule("study-state", status: 409)
            }
            guard try tx.set(study, to: to, event, by: by) else { throw Refusal.rule("study-state", status: 409) }
            return study.code
        }
        return .see("/monitor/\(code)?done=saved", json: ["state": .string(to.rawValue)])
    }
}
