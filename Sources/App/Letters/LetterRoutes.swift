import Rules
import Screening
import Store

extension Routes {
    static let letters: [Route] = [
        .member(.get, "/letters", "One's own series of letters.", LetterRoutes.list),
        .member(
            .get, "/letters/new", "Begin a series: guided steps for a first letter.",
            [.id("room", optional: true), .id("from", optional: true)], LetterRoutes.new),
        .member(
            .post, "/rooms/:room/letters", "Send the first letter; a moderator reads it, then one befriender.",
            [
                .words("mind"), .words("felt", optional: true), .words("matters", optional: true), .words("wish", optional: true),
                .list("topics"), .id("from", optional: true), .key,
            ], LetterRoutes.begin),
        .member(.get, "/letters/:series", "A series with its letters.", LetterRoutes.show),
        .member(.post, "/letters/:series", "Write the next letter.", [.words("body"), .key], LetterRoutes.write),
        .member(
            .post, "/letters/:series/second-eyes", "Ask the team to look at a letter before it is sent.", [.words("words"), .key],
            DebriefRoutes.secondEyesOnLetter),
        .member(
            .post, "/letters/:series/leave", "The seeker ends it; a befriender passes it on. No reason is asked.", LetterRoutes.leave),
        .member(
            .post, "/letters/:series/review", "How it was, at the end: 1 did not help to 5 helped a lot.",
            [.int("answer", 1...5), .words("words", optional: true)], LetterRoutes.review),
    ]
}

enum LetterRoutes {
    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let letters = ask.app.letterCourses
        let (mine, rooms, isBefriender) = try await ask.read { tx in
            (
                try tx.seriesOf(person), try tx.readableRooms(for: Viewer(person: person)).filter { $0.format == .letters },
                try tx.isBefriender(person, courses: letters)
            )
        }
        return .page(
            LetterPages.list(mine, rooms, isBefriender: isBefriender, ask),
            json: ["series": .list(mine.map { LetterPages.json($0, choices: nil) }), "rooms": .list(rooms.map { .id($0.id) })])
    }

    static func new(_ ask: Ask, _ person: Person) async throws -> Answer {
        let chosen: ID<Room>? = ask.query.optional("room").flatMap { ID($0) }
        let (rooms, notYet) = try await ask.read { tx in
            let rooms = try tx.readableRooms(for: Viewer(person: person)).filter {
                try $0.format == .letters && $0.isOpen && (person.band.map(tx.formInForce(of: $0).bands.contains) ?? true)
            }
            let room = rooms.first { $0.id == chosen } ?? rooms.first
            return (rooms, try room.flatMap { try tx.notYetHere(person, in: $0) })
        }
        guard let room = rooms.first(where: { $0.id == chosen }) ?? rooms.first, !person.isStaff else { throw Refusal.notFound }
        return .page(
            LetterPages.new(room, notYet, ask),
            json: ["room": .id(room.id), "mayBegin": .bool(notYet == nil), "notYet": .text(notYet?.rawValue)])
    }

    /// The four steps as one letter, each its own paragraph.
    private static func steps(_ form: Form) -> String {
        ["mind", "felt", "matters", "wish"].map { form.words($0) }.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func draft(_ body: String, _ assessment: Assessment, _ ask: Ask) -> Draft {
        let weight = ask.app.content.weigh(ask.form.list("topics"), found: assessment.topics)
        return Draft(
            kind: .message, thread: nil, voice: .name, title: "", body: body, wants: nil, mood: nil, note: nil, topics: weight.topics,
            matters: weight.matters, heavy: weight.heavy, key: ask.form.optional("key") ?? ask.app.chance.token().text)
    }

    static func begin(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let body = steps(ask.form)
        guard body.count <= Words.longest else { throw Refusal.tooLong("mind", Words.longest) }
        let assessment = ask.screen(body)
        try WriteRoutes.pace(ask, person, assessment, of: "letter", limit: 10)
        let draft = draft(body, assessment, ask)
        let from: ID<Item>? = ask.form.id("from")
        let outcome = try await ask.write { tx -> SendOutcome in
            guard let room = try tx.roomForCard(id, in: Viewer(person: person)) else { return .gone }
            return try tx.beginSeries(
                draft, from: person, in: room, assessment: assessment,
                hoursOpen: ask.app.isOpenNow(room.form, ask.organisation, now: ask.now),
                fromItem: from)
        }
        try await WriteRoutes.hear(outcome, body, assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: assessment.concerns.isEmpty)
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Series> = try ask.id("series")
        let found = try await ask.read { tx -> (SeriesRow, RoomRow, ReaderChoices)? in
            guard let series = try tx.series(id, for: person), let room = try tx.roomItself(series.room) else { return nil }
            return (series, room, try ask.choices(tx))
        }
        guard let (series, room, choices) = found else { throw Refusal.notFound }
        return .page(LetterPages.show(series, room, choices, ask), json: LetterPages.json(series, choices: choices))
    }

    static func write(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Series> = try ask.id("series")
        let body = ask.form.words("body")
        let assessment = ask.screen(body, isReply: true)
        try WriteRoutes.pace(ask, person, assessment, of: "letter", limit: 10)
        let draft = draft(body, assessment, ask)
        let outcome = try await ask.write { tx -> SendOutcome in
            guard let series = try tx.series(id, for: person), let room = try tx.roomForCard(series.room, in: Viewer(person: person)) else {
                return .gone
            }
            return try tx.sendLetter(
                draft, in: id, from: person, room: room, assessment: assessment,
                hoursOpen: ask.app.isOpenNow(room.form, ask.organisation, now: ask.now))
        }
        try await WriteRoutes.hear(outcome, body, assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: assessment.concerns.isEmpty)
    }

    static func leave(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Series> = try ask.id("series")
        guard try await ask.write({ try $0.leaveSeries(id, by: person) }) else { throw Refusal.notFound }
        return .see("/letters?done=letters-left", json: ["left": .bool(true)])
    }

    static func review(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Series> = try ask.id("series")
        let (answer, words) = (ask.form.int("answer") ?? 3, ask.form.words("words"))
        guard words.count <= 2_000 else { throw Refusal.tooLong("words", 2_000) }
        let assessment = ask.screen(words)
        guard try await ask.write({ try $0.reviewSeries(id, answer: answer, words: words, by: person) }) else { throw Refusal.notFound }
        try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
        return .see(isInDanger(assessment) ? "/help" : "/letters/\(id)?done=saved", json: ["reviewed": true])
    }
}
