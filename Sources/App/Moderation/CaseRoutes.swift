import Rules
import Screening
import Store

extension Routes {
    static let cases: [Route] = [
        .staff(
            .get, "/cases/:case", .readQueue, "A case: the words, what the screen said, the history.",
            [.choice("topics", ["all"], optional: true)], CaseRoutes.show),
        .staff(
            .post, "/items/:item/hide", .hide, "Hide an item where it stands, until somebody decides.",
            [.line("reason", 60, optional: true)], CaseRoutes.hide),
        .staff(.post, "/cases/:case/claim", .readQueue, "Take a case for twenty minutes.", CaseRoutes.claim),
        .staff(.post, "/cases/:case/release", .readQueue, "Give it back.", CaseRoutes.release),
        .staff(.post, "/cases/:case/pass", .readQueue, "I can not take this one. No reason asked.", CaseRoutes.pass),
        .staff(
            .post, "/cases/:case/decisions", .readQueue, "Decide.",
            [
                .choice("act", Act.self), .line("reason", 60, optional: true), .flag("deliberate"), .words("note", optional: true),
                .words("suggestion", optional: true),
                .int("seconds", 0...86_400, optional: true), .list("topics"), .list("matters"),
                .choice("language", CasePages.languages, optional: true), .words("masked", optional: true),
                .line("masked_title", 120, optional: true), .line("masked_note", 120, optional: true),
                .int("version", 0...Int(Int32.max), optional: true), .int("opened", 0...Int.max, optional: true),
                .id("room", optional: true), .int("level", 0...4, optional: true), .choice("sanction", SanctionStep.self, optional: true),
                .key,
            ], CaseRoutes.decide),
        .staff(.post, "/decisions/:decision/undo", .readQueue, "Take back one's own decision, within ten minutes.", CaseRoutes.undo),
        .staff(.post, "/cases/:case/notes", .readQueue, "A note for those who work on it.", [.words("words")], CaseRoutes.note),
        .staff(.post, "/cases/:case/steps", .readQueue, "A step of the host's procedure is done.", [.line("step", 60)], CaseRoutes.step),
        .staff(.post, "/cases/:case/second-look", .readQueue, "Ask for a second pair of eyes.", CaseRoutes.secondLook),
        .staff(
            .post, "/cases/:case/appeal", .decideAppeal, "Decide an appeal; never one's own decision.",
            [.choice("outcome", ["upheld", "turned"]), .words("note", optional: true)], CaseRoutes.appeal),
        .staff(
            .post, "/cases/:case/age", .closeRisk, "How old they are, once a professional knows: ends a case that asks about it.",
            [.choice("band", AgeBand.offered.map(\.rawValue)), .int("version", 0...Int(Int32.max), optional: true)], AgeCase.settle),
        .staff(
            .post, "/cases/:case/conversation", .converse, "Write to the young person, privately.", [.words("words"), .key],
            CaseRoutes.write),
        .staff(
            .post, "/cases/:case/connection", .seeLink, "Connection data in an emergency: two people, urgent cases only.", [.words("why")],
            CaseRoutes.connection),
        .staff(
            .post, "/cases/:case/link", .seeLink, "See which names belong together; needs a reason, is logged.", [.words("why")],
            CaseRoutes.link),
        .staff(.get, "/people/way-back", .seeLink, "Somebody lost their six words and has shown who they are.", CaseRoutes.rebindForm),
        .staff(
            .post, "/people/way-back", .seeLink, "New six words for a name, to hand over; needs a reason, is logged.",
            [.line("name", 60), .words("why")], CaseRoutes.rebind),
        .staff(.post, "/cases/:case/place", .converse, "Ask where they are, with consent, for an emergency.", CaseRoutes.place),
    ]
}

enum CaseRoutes {
    /// The door of every act on a case.
    private static func open(_ tx: Transaction, _ ask: Ask, _ worker: Worker) throws -> CaseRow {
        guard let found = try tx.case(try ask.id("case"), openTo: worker.person) else { throw Refusal.notFound }
        return found
    }

    /// The same door for what asks how its words stand.
    private static func look(_ tx: Transaction, _ ask: Ask, _ worker: Worker) throws -> CaseLook {
        guard let found = try tx.look(at: try ask.id("case"), openTo: worker.person) else { throw Refusal.notFound }
        return found
    }

    private static func may(_ power: Power, _ look: CaseLook, _ ask: Ask, _ worker: Worker) -> Bool {
        worker.person.staff.may(power, at: look.place, now: ask.now)
    }

    private static func may(_ power: Power, _ found: CaseRow, _ tx: Transaction, _ ask: Ask, _ worker: Worker) throws -> Bool {
        worker.person.staff.may(power, at: try tx.place(of: found), now: ask.now)
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let person = worker.person
        let view = try await ask.read { tx -> CaseView in
            let found = try open(tx, ask, worker)
            let words = try found.item.flatMap { try tx.caseWords($0, openTo: person) }
            let acts = try found.account.map { try tx.actsCounted(of: $0) } ?? []
            let steps = try found.account.map { try tx.sanctions(of: $0) } ?? []
            return CaseView(
                row: found, item: words?.item, language: try found.item.flatMap { try tx.language(of: $0) },
                assessment: words?.assessment,
                wrong: try found.item.map { try tx.wrongSources(on: $0) } ?? [], events: try tx.events(of: found.id),
                reports: try tx.reports(in: found.id), appeal: try tx.appeal(in: found.id), acts: acts,
                sanctions: steps.filter { !$0.lifted && ask.now - $0.madeAt < .days(365) }.map(\.step),
                conversation: try found.conversation.flatMap { try tx.conversation($0, openTo: person) },
                // A case that is over is no reason to read the talk that grew out of it.
                messages: try found.conversation.flatMap { try tx.conversation($0, openTo: person) }.map {
                    try tx.mayLook(at: $0, person) ? try tx.messages(in: $0, for: person) : []
                } ?? [],
                nearby: try tx.queue(for: person, limit: 8), rooms: try tx.rooms(for: Viewer(person: person)).map(\.room),
                format: try words?.item.room.flatMap { try tx.roomItself($0)?.format },
                isLetter: try found.item.map { try tx.isLetter($0) } ?? false,
                isPiece: try found.item.map { try tx.piece($0) != nil } ?? false,
                powers: Set(try Power.allCases.filter { try may($0, found, tx, ask, worker) }))
        }
        ask.app.events.looked("case \(view.row.id)", by: person.account)
        ask.noteRead("case", view.row.level >= .medium ? 1 : 0)
        return .page(CasePages.page(view, ask), json: CasePages.json(view, ask))
    }

    /// What a volunteer may do without the queue: hide what others see, in their own rooms. A case opens, so that
    /// somebody with more powers decides; the author gets a statement.
    static func hide(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let item: ID<Item> = try ask.id("item")
        let reason = ask.form.optional("reason") ?? "being-looked-at"
        guard let why = ask.app.content.reason(reason) else { throw Refusal.badChoice("reason") }
        let person = worker.person
        try await ask.write { tx in
            guard let (found, room) = try tx.item(item, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)),
                found.state == .shown, !found.isMine
            else { throw Refusal.notFound }
            guard person.staff.may(.hide, at: room.place, now: ask.now) else { throw Refusal.noPower }
            let open = try tx.openOrJoin(
                CaseOpening(
                    kind: .report, subject: ID(raw: item.raw), room: room.id, item: item, account: found.account,
                    facts: CaseFacts(level: .medium, reporters: 1, young: room.form.isUnder18), organisation: person.organisation,
                    by: person.staff.role(for: .hide, at: room.place, now: ask.now), code: "hidden"))
            guard let row = try tx.caseItself(open) else { throw Refusal.notFound }
            try tx.hideForNow(row, reason: reason, rule: why.rule, by: person)
        }
        ask.app.events.note("item.hidden")
        return .see("/rooms?done=hidden", json: ["id": .id(item), "state": "hidden"])
    }

    /// Whoever asked for a second pair of eyes is not that pair, while there is time for another.
    private static func isNotTheSecond(_ look: CaseLook, _ ask: Ask, _ worker: Worker) throws {
        guard look.row.dueAt > ask.now, look.askedSecondLook else { return }
        throw Refusal.rule("you-asked-for-another", status: 409)
    }

    static func claim(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id = try await ask.write { tx in
            let look = try look(tx, ask, worker)
            let found = look.row
            try isNotTheSecond(look, ask, worker)
            // A risk in the hands of somebody who may not end it is taken over by somebody who may.
            let other = found.claimedBy.flatMap { $0 == worker.person.account ? nil : $0 }
            let takesOver =
                try other.map { try !tx.staff($0).may(.closeRisk, at: look.place, now: ask.now) } ?? false
                && found.isRisk && may(.closeRisk, look, ask, worker)
            // Whoever may not read it any more holds nothing.
            let isGone = try other.map { try !tx.staff($0).may(.readQueue, at: look.place, now: ask.now) } ?? false
            guard try tx.claim(found.id, by: worker.person, takesOver: takesOver || isGone) else {
                throw found.closedAt == nil ? Refusal.someoneElseHasIt : .caseClosed
            }
            return found.id
        }
        return .see("/cases/\(id)", json: ["claimed": true])
    }

    static func release(_ ask: Ask, _ worker: Worker) async throws -> Answer { try await giveBack(ask, worker, passed: false) }
    static func pass(_ ask: Ask, _ worker: Worker) async throws -> Answer { try await giveBack(ask, worker, passed: true) }

    private static func giveBack(_ ask: Ask, _ worker: Worker, passed: Bool) async throws -> Answer {
        try await ask.write { tx in
            let found = try open(tx, ask, worker)
            _ = try tx.release(found.id, by: worker.person, passed: passed)
        }
        return .see("/queue")
    }

    static func decide(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let form = ask.form
        guard let act: Act = form.choice("act") else { throw Refusal.badChoice("act") }
        let reason = form.optional("reason")
        if act.needsReason, reason == nil { throw Refusal.missing("reason") }
        if reason != nil, ask.app.content.reason(reason) == nil { throw Refusal.badChoice("reason") }
        if act == .mask, form.words("masked").isEmpty { throw Refusal.missing("masked") }
        if act == .move, form.id("room", Room.self) == nil { throw Refusal.missing("room") }
        let topics = form.list("topics").filter { ask.app.content.topicByID[$0] != nil }
        let matters = form.list("matters").filter { id in ask.app.content.matters.contains { $0.id == id } }
        let content = ask.app.content
        // A page says when it was opened, a program how long it took.
        let seconds = form.int("seconds") ?? form.int("opened").map { Int((ask.now.milliseconds - Int64($0)) / 1000) } ?? 0
        let level = form.int("level").flatMap(Level.init(rawValue:))
        let (id, decision) = try await ask.write { tx -> (ID<Case>, ID<Decision>) in
            let look = try look(tx, ask, worker)
            let found = look.row
            let press = form.optional("key").map { tx.press($0, form.written(without: ["key", "csrf", "version", "seconds", "opened"])) }
            if let press, let earlier = try tx.earlierDecision(press: press, in: found.id, by: worker.person) {
                return (found.id, earlier)
            }
            try isNotTheSecond(look, ask, worker)
            switch act {
            case .returnIt, .mask, .label, .cover, .move, .hide, .remove, .restore:
                // A statement about words is of words that there are. A level may be said of any case.
                guard found.item != nil || act == .label && level != nil else { throw Refusal.rule("no-words", status: 409) }
            case .approve, .restrict, .escalate, .close: break
            }
            if act == .mask || act == .move, let item = found.item, try tx.isLetter(item) {
                throw Refusal.rule(act == .mask ? "letters-not-changed" : "letters-not-moved", status: 409)
            }
            let isRisk = found.isRisk
            let mayCloseRisk = may(.closeRisk, look, ask, worker)
            let standing = look.words
            let raises = act == .escalate || act == .label && (level.map { $0 > found.level } ?? false)
            if found.kind == .appeal, !raises { throw Refusal.rule("appeal-own-form", status: 409) }
            if act == .approve || act == .restore, !mayCloseRisk, let item = found.item, try tx.isHeldByRisk(item, beside: found.id) {
                throw Refusal.rule(DecisionRefusal.needsProfessional.rawValue, status: 409)
            }
            if let refusal = mayDecide(
                act, hasPower: may(act.power, look, ask, worker), mayCloseRisk: mayCloseRisk, isRisk: isRisk,
                lowers: level.map { $0 < found.level } ?? false, isOwnWords: look.isAbout(worker.person),
                isOwnDecision: false, claimedByOther: found.claimedBy != nil && found.claimedBy != worker.person.account,
                isClosed: found.closedAt != nil, isStale: form.int("version").map { $0 != found.version } ?? false,
                isTakenBack: standing?.state == .withdrawn || standing?.state == .erased)
            {
                throw Refusal.rule(refusal.rawValue, status: refusal == .noPower ? 403 : 409)
            }
            // What still waits for a yes or a no would wait for ever without a case.
            if act == .close, try tx.waitsForThis(found, isRisk: isRisk) { throw Refusal.rule("close-decide-first", status: 409) }
            if let room: ID<Room> = form.id("room"), act == .move {
                // A reply stands with its thread.
                guard standing?.thread == nil else {
                    throw Refusal.rule("move-thread-only")
                }
                guard let target = try tx.room(room, visibleTo: Viewer(person: worker.person)) else { throw Refusal.notFound }
                guard worker.person.staff.may(.move, at: target.place, now: ask.now) else { throw Refusal.noPower }
                guard target.isOpen else { throw Refusal.rule("move-not-open") }
                guard try found.room.flatMap({ try tx.roomItself($0)?.format })?.goesTo(target.format) ?? false else {
                    throw Refusal.rule("move-other-format")
                }
                // Words stand only where their writers may stand: a child's thread does not move among adults.
                let bands = try found.item.map { try tx.bandsWriting(in: $0) } ?? []
                guard bands.allSatisfy({ $0.map(target.form.bands.contains) ?? false }) else { throw Refusal.rule("move-other-ages") }
                // Nor where others read than those it was written for.
                guard let from = try found.room.flatMap({ try tx.roomItself($0) }) else { throw Refusal.notFound }
                // What the young wrote among themselves stays among them; where adults read beside them it may go to these alone.
                guard !from.form.isUnder18 || from.form.isMixed || target.form.isUnder18 && !target.form.isMixed else {
                    throw Refusal.rule("move-other-ages")
                }
                guard !target.readable.isWider(than: from.readable), target.invited || !from.invited else {
                    throw Refusal.rule("move-more-readers")
                }
            }
            var sanction: SanctionStep? = form.choice("sanction")
            let why = content.reason(reason)
            // Distress and accidents never count, whatever was ticked.
            let deliberate = form.flag("deliberate") && (why?.deliberate ?? false)
            if act == .restrict {
                guard found.account != nil else { throw Refusal.rule("restrict-nobody", status: 409) }
                if sanction == nil, let account = found.account, let reason {
                    let acts = try tx.actsCounted(of: account) + [CountedAct(reason: reason, deliberate: deliberate, at: ask.now)]
                    sanction = nextStep(
                        acts: acts,
                        steps: try tx.sanctions(of: account).filter { !$0.lifted && ask.now - $0.madeAt < .days(365) }.map(\.step),
                        reason: reason, now: ask.now)
                }
                if sanction == .leaveForGood, !may(.ban, look, ask, worker) { throw Refusal.noPower }
            }
            let weight = content.weigh(topics, found: [])
            let suggestion = form.words("suggestion")
            guard suggestion.isEmpty || act.restrictsAuthor else { throw Refusal.rule("suggestion-nowhere") }
            guard suggestion.count <= 1_000 else { throw Refusal.tooLong("suggestion", 1_000) }
            let decision = try tx.decide(
                NewDecision(
                    act: act, reason: reason, rule: why?.rule, deliberate: deliberate, seconds: seconds,
                    note: form.optional("note"), suggestion: suggestion.isEmpty ? nil : suggestion, room: form.id("room"),
                    matters: matters.isEmpty ? weight.matters : matters,
                    topics: weight.topics, heavy: weight.heavy || content.areHeavy(matters), language: form.optional("language"),
                    masked: form.optional("masked"),
                    maskedTitle: form.optional("masked_title"),
                    maskedNote: form.optional("masked_note"),
                    level: level, sanction: sanction,
                    closes: closesCase(act, isRisk: isRisk, mayCloseRisk: mayCloseRisk), press: press),
                about: look, by: worker.person)
            guard let decision else { throw Refusal.rule(DecisionRefusal.changedMeanwhile.rawValue, status: 409) }
            try tx.addExposure("act", 1, of: worker.person.account)
            return (found.id, decision)
        }
        ask.app.events.decided(id, act: act.rawValue)
        return .see("/queue?done=decided&undo=\(decision)", json: ["decision": .id(decision), "case": .id(id)], created: true)
    }

    static func undo(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let decision: ID<Decision> = try ask.id("decision")
        let id = try await ask.write { tx in
            try tx.undo(decision, by: worker.person) { found, act in
                guard try tx.case(found.id, openTo: worker.person) != nil else { throw Refusal.notFound }
                guard try may(act.power, found, tx, ask, worker) else { throw Refusal.noPower }
            } mayCloseRisk: {
                try may(.closeRisk, $0, tx, ask, worker)
            }
        }
        guard let id else { throw Refusal.rule(DecisionRefusal.tooLateToUndo.rawValue, status: 409) }
        return .see("/cases/\(id)?done=undone", json: ["case": .id(id)])
    }

    static func note(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let words = ask.form.words("words")
        let id = try await ask.write { tx in
            let found = try open(tx, ask, worker)
            try tx.append(
                .noted, to: found.id, actor: worker.person.account, role: try tx.role(of: worker.person, for: .readQueue, in: found),
                code: "note", words: words)
            return found.id
        }
        return .see("/cases/\(id)", json: ["id": .id(id)], created: true)
    }

    static func step(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let step = ask.form.text("step")
        let content = ask.app.content
        let id = try await ask.write { tx in
            let found = try open(tx, ask, worker)
            // The same step may stand in two procedures: what was done for one level is not done for the next.
            guard let walked = CaseWords.procedure(level: found.level, reports: try tx.reports(in: found.id).map(\.kind), content),
                walked.steps.contains(where: { $0.id == step })
            else { throw Refusal.badChoice("step") }
            try tx.append(
                .step, to: found.id, actor: worker.person.account, role: try tx.role(of: worker.person, for: .readQueue, in: found),
                code: "\(content.riskLevels.version):\(walked.id):\(step)")
            return found.id
        }
        return .see("/cases/\(id)", json: ["id": .id(id)])
    }

    static func secondLook(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id = try await ask.write { tx in
            let look = try look(tx, ask, worker)
            let found = look.row
            guard found.closedAt == nil else { throw Refusal.caseClosed }
            // Asked already, by this press or an earlier one.
            if look.askedSecondLook { return found.id }
            let role = worker.person.staff.role(for: .readQueue, at: look.place, now: ask.now)
            try tx.append(.askedSecond, to: found.id, actor: worker.person.account, role: role, code: "second-look")
            _ = try tx.release(found.id, by: worker.person, passed: false)
            return found.id
        }
        return .see("/queue?done=second-look", json: ["id": .id(id)])
    }

    static func appeal(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let turned = ask.form.text("outcome") == "turned"
        let note = ask.form.optional("note")
        let id = try await ask.write { tx in
            let found = try open(tx, ask, worker)
            guard found.kind == .appeal, let appeal = try tx.appeal(in: found.id) else { throw Refusal.notFound }
            if let refusal = mayDecide(
                .close, hasPower: try may(.decideAppeal, found, tx, ask, worker),
                mayCloseRisk: try may(.closeRisk, found, tx, ask, worker), isRisk: found.isRisk,
                isOwnWords: found.account == worker.person.account, isOwnDecision: appeal.decidedBy == worker.person.account,
                claimedByOther: found.claimedBy != nil && found.claimedBy != worker.person.account, isClosed: found.closedAt != nil)
            {
                throw Refusal.rule(refusal.rawValue, status: refusal == .noPower ? 403 : 409)
            }
            try tx.decideAppeal(found, turned: turned, by: worker.person, note: note)
            return found.id
        }
        return .see("/queue?done=decided", json: ["case": .id(id), "outcome": .string(turned ? "turned" : "upheld")])
    }

    /// A warm private word from the case: opens the conversation, or goes on with it.
    static func write(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let words = ask.form.words("words")
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let assessment = ask.screen("")
        let conversation = try await ask.write { tx -> ID<Conversation> in
            let found = try open(tx, ask, worker)
            guard let account = found.account, try may(.converse, found, tx, ask, worker) else { throw Refusal.noPower }
            // Where professionals are guests nobody is treated: danger, and who asks for it, reach them all the same.
            if !found.isRisk, found.kind != .asked, try found.room.flatMap({ try tx.roomItself($0)?.guests }) ?? false {
                throw Refusal.rule("only-guests", status: 403)
            }
            let id: ID<Conversation>
            if let known = found.conversation {
                id = known
            } else {
                guard let name = try tx.voice(of: found) else { throw Refusal.notFound }
                id = try tx.openConversation(
                    for: account, name: name, from: "case", item: found.item, organisation: worker.person.organisation)
                try tx.join(found.id, to: id)
            }
            guard let row = try tx.conversation(id, openTo: worker.person) else { throw Refusal.notFound }
            _ = try tx.say(words, in: row, from: worker.person, key: key, assessment: assessment)
            try tx.append(
                .conversation, to: found.id, actor: worker.person.account, role: try tx.role(of: worker.person, for: .converse, in: found),
                code: "wrote")
            return id
        }
        return .see("/conversations/\(conversation)", json: ["conversation": .id(conversation)], created: true)
    }

    /// Break-glass: which names are one. A reason is asked, written into the case, and the use of the key is logged.
    static func link(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let why = ask.form.words("why")
        let (id, names) = try await ask.write { tx -> (ID<Case>, [String]) in
            let found = try open(tx, ask, worker)
            guard let account = found.account, try may(.seeLink, found, tx, ask, worker) else { throw Refusal.noPower }
            try tx.append(
                .linkSeen, to: found.id, actor: worker.person.account, role: try tx.role(of: worker.person, for: .seeLink, in: found),
                code: "names", words: why)
            return (found.id, try tx.names(of: account).map(\.shown))
        }
        ask.app.events.keyUsed("link", by: worker.person.account, about: id)
        let say = ask.say
        return .page(
            Page(
                say("case.names"), wide: true,
                body:
                    "<h1>\(say("case.names"))</h1><ul>\(each: names, { "<li>\($0)</li>" })</ul><p class=\"say note\">\(say("case.names-logged"))</p><p><a href=\"/cases/\(id)\">\(say("case.back"))</a></p>"
            ),
            json: ["names": .list(names.map(JSON.string))])
    }

    /// Connection data for an emergency where nothing else tells where somebody is: one person asks, a second agrees.
    static func connection(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let why = ask.form.words("why")
        let (id, outcome) = try await ask.write { tx -> (ID<Case>, BreakGlass) in
            let found = try open(tx, ask, worker)
            guard let account = found.account, try may(.seeLink, found, tx, ask, worker) else { throw Refusal.noPower }
            guard found.urgent, found.closedAt == nil else { throw Refusal.rule("not-urgent", status: 409) }
            return (found.id, try tx.breakGlass(found.id, account: account, by: worker.person, why: why))
        }
        ask.app.events.keyUsed("connection", by: worker.person.account, about: id)
        let say = ask.say
        let (words, list): (HTML, [(address: String, at: Instant)]) =
            switch outcome {
            case .waitsForSecond: ("<p class=\"say note\">\(say("case.connection-waits"))</p>", [])
            case .open(let list):
                (
                    list.isEmpty
                        ? "<p class=\"say note\">\(say("case.connection-none"))</p>"
                        : "<p class=\"say note\">\(say("case.names-logged"))</p>", list
                )
            }
        let waits = if case .waitsForSecond = outcome { true } else { false }
        return .page(
            Page(
                say("case.connection"), wide: true,
                body: """
                    <h1>\(say("case.connection"))</h1>\(words)<ul>\(each: list, { "<li><code>\($0.address)</code> \(ask.moments.element($0.at))</li>" })</ul><p><a href="/cases/\(id)">\(say("case.back"))</a></p>
                    """),
            json: ["waitsForSecond": .bool(waits), "connections": .list(list.map { ["address": .string($0.address), "at": .at($0.at)] })])
    }

    static func rebindForm(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let say = ask.say
        return .page(
            Page(
                say("rebind.title"), wide: true,
                body: """
                    <h1>\(say("rebind.title"))</h1><p class="lead">\(say("rebind.lead"))</p><form class="card" method="post" action="/people/way-back">\(Parts.token(ask))
                    \(Parts.field("name", say("signin.name")))\(Parts.area("why", say("rebind.why"), rows: 3))<button class="button">\(say("rebind.go"))</button></form>
                    """), json: [:])
    }

    /// Never "nothing can be done": the host or a professional who knows the person binds the name anew. Every other
    /// device is signed out, and a case keeps who did it and why.
    static func rebind(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (name, why) = (foldedName(ask.form.text("name")).capitalizedBird, ask.form.words("why"))
        let way = WayBack(ask.app.content.wayBackWords, chance: ask.app.chance)
        guard let hash = await ask.app.hasher.hash(way.secret) else { throw Refusal.tooFast(minutes: 1) }
        let person = worker.person
        let account = try await ask.write { tx -> ID<Account> in
            guard let found = try tx.wayBack(name: name, organisation: person.organisation), !found.isStaff,
                found.account != person.account,
                person.staff.may(.seeLink, at: .house, now: ask.now)
            else { throw Refusal.notFound }
            try tx.setWayBack(hash, of: found.account)
            try tx.endOtherSessions(than: nil, of: found.account)
            let id = try tx.openOrJoin(
                CaseOpening(
                    kind: .asked, subject: ID(raw: found.account.raw), account: found.account, facts: CaseFacts(level: .low),
                    organisation: person.organisation, by: person.staff.role(for: .seeLink, at: .house, now: ask.now), code: "way-back"))
            try tx.append(
                .linkSeen, to: id, actor: person.account, role: person.staff.role(for: .seeLink, at: .house, now: ask.now),
                code: "way-back-rebound",
                words: why)
            return found.account
        }
        ask.app.live.end(account: account)
        ask.app.events.looked("way back", by: person.account)
        return .page(
            JoinPages.wayBack(ask, name: name, way, next: "/duty"),
            json: ["name": .string(name), "wayBack": .list(way.words.map(JSON.string))])
    }

    static func place(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id = try await ask.write { tx in
            let found = try open(tx, ask, worker)
            guard try may(.converse, found, tx, ask, worker) else { throw Refusal.noPower }
            try tx.append(
                .placeAsked, to: found.id, actor: worker.person.account, role: try tx.role(of: worker.person, for: .converse, in: found),
                code: "asked-with-consent")
            return found.id
        }
        return .see("/cases/\(id)", json: ["id": .id(id)])
    }
}
