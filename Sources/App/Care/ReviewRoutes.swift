import Rules
import Store

/// What people say of a room after having used it; read first, shown without names.
enum ReviewRoutes {
    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let found = try await ask.read { tx -> (RoomRow, [(answer: Int, words: String, at: Instant, covers: [Because])], Bool)? in
            guard let room = try tx.room(id, visibleTo: Viewer(person: person)) else { return nil }
            return (
                room, try tx.reviews(of: id, choices: try ask.choices(tx), limit: pageSize),
                try tx.nextReview(of: id, by: person) != .tooSoon
            )
        }
        guard let (room, reviews, mayReview) = found else { throw Refusal.notFound }
        return .page(
            CarePages.reviews(room, reviews, mayReview: mayReview && !person.isStaff, ask),
            json: [
                "mayReview": .bool(mayReview && !person.isStaff),
                "reviews": .list(
                    reviews.map {
                        ["answer": .int($0.answer), "words": .string($0.words), "covered": .list($0.covers.map { .string($0.code) })]
                    }),
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
