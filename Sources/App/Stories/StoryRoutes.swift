import Rules
import Screening
import Store

extension Routes {
    private static let pieceFields: [Field] = [
        .choice("form", PieceForm.self), .line("title", 120), .words("body"), .choice("since", TimeSince.self, optional: true),
        .choice("now_is", WhereNow.self, optional: true), .choice("reference_kind", ReferenceKind.self, optional: true),
        .line("reference", 200, optional: true), .words("transcript", optional: true), .line("note", 120, optional: true), .list("topics"),
        .id("goes_on", optional: true), .key,
    ]

    static let stories: [Route] = [
        .member(
            .get, "/rooms/:room/pieces/new", "Write a story, an article, a poem or a short piece.",
            [.choice("form", PieceForm.self, optional: true)], StoryRoutes.new),
        .member(
            .post, "/rooms/:room/pieces", "Send it; an editor reads it before it is up.",
            pieceFields + [.choice("voice", ["name", "anonymous"], optional: true), .flag("final")], StoryRoutes.send),
        .member(
            .post, "/pieces/:item/approve", "The narrator says yes to the words as they stand.", [.line("seen", 80, optional: true)],
            StoryRoutes.approve),
        .member(
            .post, "/pieces/:item/take-proposal", "The narrator takes the editor's version.", [.line("seen", 80, optional: true)],
            StoryRoutes.takeProposal),
        .member(
            .post, "/pieces/:item/felt", "How one feels after reading.", [.choice("answer", FeltAfter.self)], StoryRoutes.felt),
        .member(
            .get, "/items/:item/this-is-me", "Where to go when something feels like oneself: talk, skills, care.", StoryRoutes.thisIsMe),
        .staff(
            .post, "/pieces/:item/proposal", .approve, "An editor's version, for the narrator to take or not.",
            [.line("title", 120), .words("body")], EditorRoutes.propose),
        .staff(
            .post, "/rooms/:room/interviews", .approve, "A piece from a talk, in the narrator's name; their yes puts it up.",
            pieceFields + [.line("narrator", 40)], EditorRoutes.interview),
        .staff(.get, "/rooms/:room/plan", .approve, "The room's week, what is planned, and who writes.", EditorRoutes.plan),
        .staff(
            .post, "/rooms/:room/plan", .approve, "Set a day of the week; an empty theme takes it out.",
            [.int("weekday", 1...7), .line("at", 5), .line("theme", 120, optional: true), .words("parents", optional: true)],
            EditorRoutes.setDay),
        .staff(
            .post, "/pieces/:item/schedule", .approve, "On which day a piece goes up; without one, as soon as both said yes.",
            [.line("when", 16, optional: true)], EditorRoutes.schedule),
        .staff(
            .post, "/rooms/:room/ambassadors", .approve, "A young person writes for this room: pieces a month, and what one is paid.",
            [.line("name", 40), .int("quota", 1...31), .line("pays", 40)], EditorRoutes.addAmbassador),
        .staff(
            .post, "/rooms/:room/ambassadors/end", .approve, "They write for it no longer.", [.line("name", 40)], EditorRoutes.endAmbassador
        ),
        .steward(
            .get, "/operator/ambassadors.csv", .readCounts, act: "counts", "A month's quota and pieces, by the house's own names.",
            [.line("month", 7, optional: true)], EditorRoutes.ledger),
        .member(
            .post, "/rooms/:room/questions", "A question for the published column; its own words are shown to nobody.",
            [.words("body"), .key],
            ColumnRoutes.ask),
        .staff(.get, "/rooms/:room/questions", .answer, "Questions that wait for the column.", ColumnRoutes.list),
        .staff(
            .post, "/questions/:item/publish", .answer, "The question in other words, and the answer.",
            [.line("title", 120), .words("question"), .words("answer"), .list("topics")], ColumnRoutes.publish),
    ]
}

enum StoryRoutes {
    /// A room of stories that this person may read.
    static func room(_ ask: Ask, _ person: Person) async throws -> RoomRow {
        let id: ID<Room> = try ask.id("room")
        let found = try await ask.read { try $0.room(id, visibleTo: Viewer(person: person)) }
        guard let found, found.format == .stories else { throw Refusal.notFound }
        return found
    }

    static func new(_ ask: Ask, _ person: Person) async throws -> Answer {
        let room = try await room(ask, person)
        let earlier = try await ask.read { try $0.beginnings(of: person, in: room) }
        return .page(
            StoryPages.new(room, ask.query.choice("form") ?? .story, goesOn: earlier.map { ($0.id, $0.title) }, ask),
            json: ["room": .id(room.id), "forms": .list(PieceForm.allCases.map { .string($0.rawValue) })])
    }

    /// What was typed for a piece; refuses what is missing before anything is kept.
    static func read(_ ask: Ask, room: RoomRow, isFinal: Bool) throws -> (piece: PieceDraft, title: String, body: String) {
        let form = ask.form
        guard let kind: PieceForm = form.choice("form") else { throw Refusal.missing("form") }
        let (since, nowIs): (TimeSince?, WhereNow?) = (form.choice("since"), form.choice("now_is"))
        if kind.saysWhose, since == nil { throw Refusal.missing("since") }
        if kind.saysWhose, nowIs == nil { throw Refusal.missing("now_is") }
        var reference: Reference?
        if let named: ReferenceKind = form.choice("reference_kind") {
            let words = form.text("reference").trimmed
            guard !words.isEmpty else { throw Refusal.missing("reference") }
            if named == .video, !room.videos { throw Refusal.rule("no-videos") }
            let transcript = form.words("transcript")
            if named.needsTranscript, transcript.isEmpty { throw Refusal.missing("transcript") }
            reference = Reference(kind: named, words: words, transcript: transcript)
        } else if form.optional("reference") != nil {
            throw Refusal.missing("reference_kind")
        }
        return (
            PieceDraft(form: kind, since: since, nowIs: nowIs, reference: reference, goesOn: form.id("goes_on"), isFinal: isFinal),
            form.text("title").trimmed,
            form.words("body")
        )
    }

    /// Everything of a piece that others read, as one text.
    static func whole(_ piece: PieceDraft, _ title: String, _ body: String, _ note: String?) -> String {
        wholeWords(title: title, body: body, note: note)
            + (piece.reference.map { "\n\($0.words)\n\($0.transcript)" } ?? "")
    }

    static func draft(_ ask: Ask, _ title: String, _ body: String, _ assessment: Assessment, voice: Voice, wants: Wants = .noReply) -> Draft
    {
        let weight = ask.app.content.weigh(ask.form.list("topics"), found: assessment.topics)
        return Draft(
            kind: .thread, thread: nil, voice: voice, title: title, body: body, wants: wants, mood: nil, note: ask.form.optional("note"),
            topics: weight.topics, matters: weight.matters, heavy: weight.heavy,
            key: ask.form.optional("key") ?? ask.app.chance.token().text)
    }

    static func send(_ ask: Ask, _ person: Person) async throws -> Answer {
        let room = try await room(ask, person)
        // A first press sends the final words; "an editor looks first" is chosen.
        let isFinal = ask.form.optional("final") == nil || ask.form.flag("final")
        let (piece, title, body): (PieceDraft, String, String)
        do { (piece, title, body) = try read(ask, room: room, isFinal: isFinal) } catch {
            // Something is missing; danger in what was written is heard all the same.
            let words = ask.form.words("body")
            try await WriteRoutes.hearIfInDanger(words, ask.screen(words), ask, person)
            throw error
        }
        let words = whole(piece, title, body, ask.form.optional("note"))
        let assessment = ask.screen(words)
        try WriteRoutes.pace(ask, person, assessment)
        let isStaffHere = person.staff.may(.answer, at: room.place, now: ask.now)
        let anonymousAsked = ask.form.text("voice") == "anonymous"
        if !isStaffHere, anonymousAsked, !room.form.anonymity {
            try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
            throw Refusal.rule("no-anonymous-voice", status: 409)
        }
        let voice: Voice = isStaffHere ? .staff : anonymousAsked ? .anonymous : .name
        let draft = draft(ask, title, body, assessment, voice: voice)
        let outcome = try await ask.write { tx in
            try tx.sendPiece(
                draft, piece, from: person, in: room, assessment: assessment,
                hoursOpen: ask.app.isOpenNow(room.form, ask.organisation, now: ask.now))
        }
        try await WriteRoutes.hear(outcome, words, assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: false)
    }

    /// An editor sent another version, or masked a name, after the page was opened: their yes was to other words.
    private static func saw(_ seen: String?, _ id: ID<Item>, _ person: Person, _ tx: Transaction) throws {
        guard let seen, try tx.item(id, visibleTo: Viewer(person: person), choices: ReaderChoices(matters: [:]))?.0.isMine ?? false else {
            return
        }
        // The same press again: they have said yes.
        if try tx.piece(id)?.narratorSaidYes ?? false { return }
        guard try seen == tx.seen(id, by: person) else { throw Refusal.rule("piece-changed", status: 409) }
    }

    static func approve(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let seen = ask.form.optional("seen")
        let state = try await ask.write { tx in
            try saw(seen, id, person, tx)
            return try tx.approvePiece(id, by: person)
        }
        guard let state else { throw Refusal.notFound }
        return .see(state == .shown ? "/items/\(id)" : "/items/\(id)/sent", json: ["state": .string(state.rawValue)])
    }

    static func takeProposal(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let seen = ask.form.optional("seen")
        let state = try await ask.write { tx in
            try saw(seen, id, person, tx)
            return try tx.takeProposal(id, by: person)
        }
        guard let state else { throw Refusal.notFound }
        return .see(state == .shown ? "/items/\(id)" : "/items/\(id)/sent", json: ["state": .string(state.rawValue)])
    }

    static func felt(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let answer: FeltAfter = ask.form.choice("answer") else { throw Refusal.missing("answer") }
        try await ask.write { tx in
            guard let (item, _) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)), !item.isMine,
                try tx.piece(id) != nil
            else { throw Refusal.notFound }
            try tx.felt(answer, after: id, by: person)
        }
        // Heavier is met with something to do now, and with people.
        return .see(
            answer == .heavier ? "/items/\(id)/this-is-me?after=heavier" : "/items/\(id)?done=felt",
            json: ["answer": .string(answer.rawValue)])
    }

    static func thisIsMe(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let found = try await ask.read { try $0.item(id, visibleTo: Viewer(person: person), choices: try $0.choices(of: person)) }
        guard let (item, room) = found else { throw Refusal.notFound }
        return .page(
            StoryPages.thisIsMe(item, room, ask),
            json: ["talk": ["/write", "/talk"], "skills": ["/help/grounding"], "care": ["/talk", "/help"]])
    }
}
