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
        .member(
            .post, "/items/:item/evidence", "Ask whether something that stands here is so: its very words.", [.line("words", 300)],
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
            item.thread == nil, item.state == .shown, worker.person.staff.may(.answer, in: room.id, bands: room.form.bands, now: ask.now)
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

    static func slow(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let minutes = ask.form.int("minutes") ?? 0
        let until = ask.now + .days(1)
        return try await change(ask, worker) { care in
            care.slowMinutes = minutes == 0 ? nil : minutes
            care.slowUntil = minutes == 0 ? nil : until
        }
    }

    static func summary(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let words = ask.form.words("words")
        guard words.count <= 2_000 else { throw Refusal.tooLong("words", 2_000) }
        let by = worker.person.shownName
        return try await change(ask, worker) { care in
            care.summary = words.isEmpty ? nil : words
            care.summaryBy = words.isEmpty ? nil : by
        }
    }

    static func note(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (words, hosts) = (ask.form.words("words"), ask.form.flag("host"))
        guard words.count <= 1_000 else { throw Refusal.tooLong("words", 1_000) }
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

    static func invite(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let name = ask.form.text("name").trimmed
        let (id, done) = try await ask.write { tx -> (ID<Item>, Bool) in
            let (item, room) = try thread(tx, ask, worker)
            guard let account = try tx.account(firstName: name, in: room.organisation) else { return (item.id, false) }
            return (item.id, try tx.invite(account, to: item.id, in: room.id))
        }
        guard done else { throw Refusal.rule("not-a-supporter-here") }
        return .see("/items/\(id)?done=invited", json: ["invited": .string(name)])
    }
}

/// Claims about conditions and treatments, and what professionals say of them.
enum EvidenceRoutes {
    static func flag(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (id, words): (ID<Item>, String) = (try ask.id("item"), ask.form.text("words"))
        guard words.asClaim.count >= 12 else { throw Refusal.rule("evidence-too-short") }
        // A slip in copying takes nothing off the day.
        let stands = try await ask.app.store.read { tx in
            try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)).map {
                ($0.0.title + "\n" + $0.0.body).asClaim.contains(words.asClaim)
            }
        }
        guard let stands else { throw Refusal.notFound }
        guard stands else { throw Refusal.rule("evidence-not-there") }
        let wait = ask.app.limits.wait("evidence \(person.account)", limit: 10, within: .hours(24), now: ask.now)
        if let wait { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        let (claim, thread) = try await ask.write { tx -> (ID<EvidenceNote>?, ID<Item>) in
            guard let (item, room) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)),
                item.state == .shown
            else { throw Refusal.notFound }
            return (try tx.askForEvidence(words, in: item, room: room), item.thread ?? item.id)
        }
        guard let claim else { throw Refusal.rule("evidence-not-there") }
        try await ask.app.store.announce("queue")
        return .see("/items/\(thread)?done=evidence", json: ["evidence": .id(claim)], created: true)
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let claims = try await ask.read { try $0.evidence(of: worker.person.organisation) }
        return .page(CarePages.evidence(claims, ask), json: ["evidence": .list(claims.map(CarePages.json))])
    }

    static func mark(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<EvidenceNote> = try ask.id("evidence")
        guard let mark: EvidenceMark = ask.form.choice("mark") else { throw Refusal.missing("mark") }
        let note = ask.form.words("note")
        if mark != .none, note.isEmpty { throw Refusal.missing("note") }
        guard note.count <= 1_000 else { throw Refusal.tooLong("note", 1_000) }
        guard try await ask.write({ try $0.mark(id, mark, note: note, by: worker.person) }) else { throw Refusal.notFound }
        return .see("/evidence?done=saved", json: ["mark": .string(mark.rawValue)])
    }
}

/// What people say of a room after having used it; read first, shown without names.
enum ReviewRoutes {
    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let found = try await ask.read { tx -> (RoomRow, [(answer: Int, words: String, at: Instant)], Bool)? in
            guard let room = try tx.room(id, visibleTo: Viewer(person: person)) else { return nil }
            return (room, try tx.reviews(of: id, limit: pageSize), try tx.hasUsed(id, person))
        }
        guard let (room, reviews, mayReview) = found else { throw Refusal.notFound }
        return .page(
            CarePages.reviews(room, reviews, mayReview: mayReview && !person.isStaff, ask),
            json: [
                "mayReview": .bool(mayReview && !person.isStaff),
                "reviews": .list(reviews.map { ["answer": .int($0.answer), "words": .string($0.words)] }),
            ])
    }

    static func send(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let body = ask.form.words("body")
        guard body.count <= 2_000 else { throw Refusal.tooLong("body", 2_000) }
        let assessment = ask.screen(body)
        try WriteRoutes.pace(ask, person, assessment, of: "review", limit: 10)
        let weight = ask.app.content.weigh([], found: assessment.topics)
        let draft = Draft(
            kind: .message, thread: nil, voice: .name, title: "", body: body, wants: nil, mood: nil, note: nil, topics: weight.topics,
            matters: weight.matters, heavy: weight.heavy, key: ask.form.optional("key") ?? ask.app.chance.token().text)
        let answer = ask.form.int("answer") ?? 3
        let outcome = try await ask.write { tx -> SendOutcome in
            guard !person.isStaff, let room = try tx.room(id, visibleTo: Viewer(person: person)) else { return .gone }
            return try tx.reviewRoom(draft, answer: answer, from: person, in: room, assessment: assessment)
        }
        try await WriteRoutes.hear(outcome, body, assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: false)
    }
}
