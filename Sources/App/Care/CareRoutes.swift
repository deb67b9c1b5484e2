import Rules
import Store

extension Routes {
    static let care: [Route] = [
        .staff(
            .post, "/items/:item/slow", .answer, "Slow a thread: so many minutes between two answers of one person; 0 ends it.",
            [.int("minutes", 0...120)], CareRoutes.slow),
        .staff(
            .post, "/items/:item/summary", .answer, "What has been said so far, above the replies; empty takes it away.",
            [.words("words", optional: true)], CareRoutes.summary),
        .staff(
            .post, "/items/:item/standing-note", .answer, "A note that stays above it, and who looks after it.",
            [.words("words", optional: true), .flag("host")], CareRoutes.note),
        .staff(
            .post, "/items/:item/skill", .answer, "Lead the thread to a tool; empty takes it away.", [.line("tool", 40, optional: true)],
            CareRoutes.skill),
        .staff(.post, "/items/:item/invite", .answer, "Ask a supporter by name to look at it.", [.line("name", 40)], CareRoutes.invite),
        .staff(
            .post, "/items/:item/private-answer", .converse, "Answer the writer of a thread alone, in a talk with them.",
            [.words("words"), .key],
            CareRoutes.answerAlone),
        .member(
            .post, "/items/:item/evidence", "Ask whether something that stands here is so: its very words, or those of an answer.",
            [.line("words", 300)],
            EvidenceRoutes.flag),
        .staff(.get, "/evidence", .closeRisk, "Claims that readers asked about.", EvidenceRoutes.list),
        .staff(
            .post, "/evidence/:evidence", .closeRisk, "Say what is known: checked, corrected, or nothing yet.",
            [.choice("mark", EvidenceMark.self), .words("note", optional: true)], EvidenceRoutes.mark),
        .member(.get, "/rooms/:room/reviews", "What people say of a room after having used it.", ReviewRoutes.list),
        .member(
            .post, "/rooms/:room/reviews", "Say how a room is, after having used it.", [.int("answer", 1...5), .words("body"), .key],
            ReviewRoutes.send),
    ]
}

/// A facilitator's tools for one thread.
enum CareRoutes {
    private static func thread(_ tx: Transaction, _ ask: Ask, _ worker: Worker) throws -> (ItemView, RoomRow) {
        let id: ID<Item> = try ask.id("item")
        guard let (item, room) = try tx.item(id, visibleTo: Viewer(person: worker.person), choices: ReaderChoices(matters: [:])),
            item.thread == nil, item.state == .shown, worker.person.staff.may(.answer, at: room.place, now: ask.now)
        else { throw Refusal.notFound }
        return (item, room)
    }

    private static func change(_ ask: Ask, _ worker: Worker, _ change: @escaping @Sendable (inout ThreadCare) -> Void) async throws
        -> Answer
    {
        let id = try await ask.write { tx in
            let (item, _) = try thread(tx, ask, worker)
            try tx.change(care: item.id, change)
            return item.id
        }
        return .see("/items/\(id)?done=saved", json: ["item": .id(id)])
    }

    /// Words to many pass the screen whoever writes them: how somebody could get hurt stands nowhere.
    static func refuseBarred(_ words: String, _ ask: Ask) throws {
        switch barred(ask.screen(words), isUnder18: true) {
        case .method, .risk, .pact, .comparing, .eating, .hate, .bullying: throw Refusal.rule("piece-method")
        // Staff name places, lines and links as part of their work.
        case .pictures, .contact, .finding, .link, .place, .copied, .notForCrowd, nil: return
        }
    }

    static func slow(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let minutes = ask.form.int("minutes") ?? 0
        let now = ask.now
        return try await change(ask, worker) { $0.slowing = slowing($0.slowing, after: .set(minutes: minutes), now: now) }
    }

    static func summary(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let words = ask.form.words("words")
        guard words.count <= 2_000 else { throw Refusal.tooLong("words", 2_000) }
        try refuseBarred(words, ask)
        let by = worker.person.shownName
        return try await change(ask, worker) { care in
            care.summary = words.isEmpty ? nil : words
            care.summaryBy = words.isEmpty ? nil : by
        }
    }

    static func note(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (words, hosts) = (ask.form.words("words"), ask.form.flag("host"))
        guard words.count <= 1_000 else { throw Refusal.tooLong("words", 1_000) }
        try refuseBarred(words, ask)
        let by = worker.person.shownName
        return try await change(ask, worker) { care in
            care.note = words.isEmpty ? nil : words
            care.host = hosts ? by : nil
        }
    }

    static func skill(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let tool = ask.form.optional("tool")
        if let tool, !ask.app.content.tools.contains(where: { $0.id == tool }) { throw Refusal.badChoice("tool") }
        return try await change(ask, worker) { $0.skill = tool }
    }

    /// For the eyes of whoever began the thread: a talk that grows out of it. Where professionals are guests there is none.
    static func answerAlone(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let words = ask.form.words("words")
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let assessment = ask.screen("")
        let id = try await ask.write { tx -> ID<Conversation> in
            let (item, room) = try thread(tx, ask, worker)
            guard worker.person.staff.may(.converse, at: room.place, now: ask.now) else { throw Refusal.noPower }
            guard !room.guests else { throw Refusal.rule("only-guests", status: 403) }
            guard item.voice != .staff, !item.isMine else { throw Refusal.notFound }
            let id = try tx.openConversation(
                for: item.account, name: item.name, from: "held", item: item.id, organisation: room.organisation)
            guard let row = try tx.conversation(id, openTo: worker.person) else { throw Refusal.notFound }
            _ = try tx.say(words, in: row, from: worker.person, key: key, assessment: assessment)
            // That is an answer, too: nobody else is asked for one.
            try tx.answered(item.id, by: worker.person.account)
            return id
        }
        return .see("/conversations/\(id)", json: ["conversation": .id(id)], created: true)
    }

    static func invite(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let name = ask.form.text("name").trimmed
        let setting = ask.app.offerSetting
        let (id, done) = try await ask.write { tx -> (ID<Item>, Bool) in
            let (item, room) = try thread(tx, ask, worker)
            guard let account = try tx.account(firstName: name, in: room.organisation) else { return (item.id, false) }
            return (item.id, try tx.invite(account, to: item, in: room.id, setting))
        }
        guard done else { throw Refusal.rule("not-a-supporter-here") }
        return .see("/items/\(id)?done=invited", json: ["invited": .string(name)])
    }
}
