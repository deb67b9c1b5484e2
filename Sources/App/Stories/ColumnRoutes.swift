import Rules
import Screening
import Store

/// The published column: a question in private, an answer for all, in other words.
enum ColumnRoutes {
    static func ask(_ ask: Ask, _ person: Person) async throws -> Answer {
        let room = try await StoryRoutes.room(ask, person)
        let body = ask.form.words("body")
        let assessment = ask.screen(body)
        try WriteRoutes.pace(ask, person, assessment)
        let weight = ask.app.content.weigh([], found: assessment.topics)
        let draft = Draft(
            kind: .question, thread: nil, voice: .anonymous, title: "", body: body, wants: .ideas, mood: nil, note: nil,
            topics: weight.topics,
            matters: weight.matters, heavy: weight.heavy, key: ask.form.optional("key") ?? ask.app.chance.token().text)
        let outcome = try await ask.write { tx in
            try tx.askColumn(
                draft, from: person, in: room, assessment: assessment,
                hoursOpen: ask.app.isOpenNow(room.form, ask.organisation, now: ask.now))
        }
        try await WriteRoutes.hear(outcome, body, assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: false)
    }

    private static func room(_ ask: Ask, _ worker: Worker, _ room: RoomRow?) throws -> RoomRow {
        guard let room, room.format == .stories, worker.person.staff.may(.answer, at: room.place, now: ask.now),
            worker.person.staff.may(.readQueue, at: room.place, now: ask.now)
        else { throw Refusal.notFound }
        return room
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let (found, questions) = try await ask.read { tx in
            let found = try room(ask, worker, try tx.room(id, visibleTo: Viewer(person: worker.person)))
            return (found, try tx.columnQuestions(in: found.id))
        }
        return .page(
            EditorPages.questions(found, questions, ask),
            json: ["questions": .list(questions.map { ["id": .id($0.item), "body": .string($0.body), "at": .at($0.at)] })])
    }

    static func publish(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let (title, question, answer) = (ask.form.text("title").trimmed, ask.form.words("question"), ask.form.words("answer"))
        let found = ask.screen(question + "\n" + answer)
        let weight = ask.app.content.weigh(ask.form.list("topics"), found: found.topics)
        let published = try await ask.write { tx -> ID<Item>? in
            let room = try room(ask, worker, try tx.roomOf(id))
            if let why = barred(found, isUnder18: room.form.isUnder18) {
                throw Refusal.rule(why == .method ? "piece-method" : "piece-barred")
            }
            return try tx.publishColumn(id, title: title, asked: question, answer: answer, weight: weight, by: worker.person, in: room)
        }
        guard let published else { throw Refusal.notFound }
        return .see("/items/\(published)", json: ["id": .id(published)], created: true)
    }
}
