import Rules
import Screening
import Store

extension Routes {
    static let writing: [Route] = [
        .member(.get, "/write", "Write something new.", [.id("room", optional: true), .flag("quiet")], WriteRoutes.form),
        .member(
            .post, "/rooms/:room/items", "Send a new thread or question.",
            [
                .line("title", 120, optional: true), .words("body"), .words("thoughts", optional: true),
                .choice("wants", Wants.self, optional: true),
                .choice("mood", ["calm", "ok", "low", "heavy", "mixed"], optional: true), .line("note", 120, optional: true),
                .list("topics"), .choice("voice", ["name", "anonymous"], optional: true), .key,
            ], WriteRoutes.thread),
        .member(
            .post, "/items/:item/replies", "Reply to a thread.",
            [
                .words("body"), .line("note", 120, optional: true), .choice("voice", ["name", "anonymous"], optional: true),
                .key,
            ], WriteRoutes.reply),
        .member(.post, "/hints", "Gentle hints for a draft; nothing is kept.", [.words("text"), .flag("reply")], WriteRoutes.hints),
        .member(.post, "/items/:item/professional", "Ask for a professional; the words come along.", [.key], TalkRoutes.carry),
    ]
}

enum WriteRoutes {
    static func form(_ ask: Ask, _ person: Person) async throws -> Answer {
        let viewer = ask.viewer
        let writable = try await ask.read { tx in
            try tx.readableRooms(for: viewer).filter { room in
                guard room.format != .letters, room.format != .stories else { return false }
                return try person.isStaff || person.band.map(tx.formInForce(of: room).bands.contains) ?? false
            }
        }
        return .page(WritePages.write(writable, ask), json: ["rooms": .list(writable.map { .id($0.id) })])
    }

    static func thread(_ ask: Ask, _ person: Person) async throws -> Answer {
        let room: ID<Room> = try ask.id("room")
        return try await send(ask, person, room: room, thread: nil)
    }

    static func reply(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await send(ask, person, room: nil, thread: try ask.id("item"))
    }

    /// In a room of reappraisal: one of the three kinds of answer, by somebody who took the lesson.
    static func response(_ ask: Ask, _ person: Person, _ kind: ResponseKind, _ pattern: ThinkingPattern?) async throws -> Answer {
        try await send(ask, person, room: nil, thread: try ask.id("item"), response: kind, pattern: pattern)
    }

    /// Thirty of a kind in ten minutes is more than anybody needs; whoever is in danger is never slowed.
    static func pace(_ ask: Ask, _ person: Person, _ assessment: Assessment, of what: String = "write", limit: Int = 30) throws {
        let wait = ask.app.limits.wait("\(what) \(person.account)", limit: limit, within: .minutes(10), now: ask.now)
        if let wait, !isInDanger(assessment), !person.isStaff { throw Refusal.tooFast(minutes: wait.minutes + 1) }
    }

    /// The screen runs before the transaction: it is bounded, and it can not throw.
    private static func send(
        _ ask: Ask, _ person: Person, room: ID<Room>?, thread: ID<Item>?, response: ResponseKind? = nil, pattern: ThinkingPattern? = nil
    ) async throws -> Answer {
        let form = ask.form
        let (title, note, thoughts) = (form.text("title").trimmed, form.optional("note"), form.words("thoughts"))
        let body = thoughts.isEmpty ? form.words("body") : Situation(happened: form.words("body"), thoughts: thoughts).text
        guard body.count <= Words.longest else { throw Refusal.tooLong("body", Words.longest) }
        let assessment = ask.screen(wholeWords(title: title, body: body, note: note), isReply: thread != nil)
        try pace(ask, person, assessment)
        let app = ask.app
        let weight = app.content.weigh(form.list("topics"), found: assessment.topics)
        let key = form.optional("key") ?? app.chance.token().text
        let wants = form.choice("wants", Wants.self)
        let anonymousAsked = form.text("voice") == "anonymous"
        let mood = form.optional("mood")
        let isNewThread = thread == nil
        let outcome: SendOutcome
        do {
            outcome = try await ask.write { tx -> SendOutcome in
                let viewer = Viewer(person: person)
                let answered = try thread.flatMap { try tx.roomForCard(of: $0, in: viewer) }
                guard let place = try answered ?? room.flatMap({ try tx.roomForCard($0, in: viewer) }) else { return .gone }
                if isNewThread, place.format == .stories { throw Refusal.rule("pieces-room", status: 409) }
                if place.format == .letters { throw Refusal.rule("letters-room", status: 409) }
                // Two fields where the room asks for two, and never words that would have no place.
                if isNewThread, (place.format == .reappraisal) == thoughts.isEmpty {
                    throw thoughts.isEmpty ? Refusal.missing("thoughts") : Refusal.unknownField("thoughts")
                }
                let isStaffHere = person.staff.may(.answer, at: place.place, now: ask.now)
                // Staff never write anonymously; a room may not have anonymous voices.
                // Words meant to carry no name are never sent under one.
                if !isStaffHere, anonymousAsked, !place.form.anonymity { throw Refusal.rule("no-anonymous-voice", status: 409) }
                let voice: Voice = isStaffHere ? .staff : anonymousAsked ? .anonymous : .name
                let kind: ItemKind = isNewThread ? (place.format == .questions ? .question : .thread) : .reply
                let draft = Draft(
                    kind: kind, thread: thread, voice: voice, title: isNewThread ? title : "", body: body,
                    wants: isNewThread ? wants ?? .listen : nil, mood: mood, note: note, topics: weight.topics,
                    matters: weight.matters, heavy: weight.heavy, key: key, response: response, pattern: pattern)
                return try tx.send(
                    draft, from: person, in: place, assessment: assessment,
                    hoursOpen: app.isOpenNow(place.form, ask.organisation, now: ask.now))
            }
        } catch let refusal as Refusal {
            // A rule of the room kept the words out; danger in them is heard all the same.
            try await hearIfInDanger(wholeWords(title: title, body: body, note: note), assessment, ask, person)
            throw refusal
        }
        try await hear(outcome, wholeWords(title: title, body: body, note: note), assessment, ask, person)
        if case .kept(let id, .shown) = outcome, assessment.concerns.isEmpty, ask.wants == .page {
            return try await toNewWords(id, room: room, thread: thread, ask)
        }
        return try await answer(outcome, ask, person, nothingFound: assessment.concerns.isEmpty)
    }

    /// The usual way: words that are shown, with nothing found in them. One look at most tells where the page opens at them.
    private static func toNewWords(_ id: ID<Item>, room: ID<Room>?, thread: ID<Item>?, _ ask: Ask) async throws -> Answer {
        ask.app.events.sent(id, state: ItemState.shown.rawValue, help: "\(HelpOffer.none)")
        guard let thread else { return .see(ThreadPages.address(id, reply: id, after: 0, arrived: room.map { "new-\($0)" })) }
        let after = try await ask.read { try $0.pageWith(id, in: thread) }
        return .see(ThreadPages.address(thread, reply: id, after: after, arrived: "reply-\(thread)"))
    }

    /// Somebody in danger whose words found no place is heard all the same.
    static func hear(_ outcome: SendOutcome, _ words: String, _ assessment: Assessment, _ ask: Ask, _ person: Person) async throws {
        switch outcome {
        case .kept, .already: return
        case .gone, .refused, .notYet: try await hearIfInDanger(words, assessment, ask, person)
        }
    }

    /// For words that are kept nowhere: whatever they were meant for, danger in them reaches a person.
    static func hearIfInDanger(_ words: String, _ assessment: Assessment, _ ask: Ask, _ person: Person) async throws {
        guard isInDanger(assessment) else { return }
        try await ask.write { try $0.hearDanger(words, level: caseLevel(of: assessment), from: person) }
    }

    static func answer(_ outcome: SendOutcome, _ ask: Ask, _ person: Person, nothingFound: Bool) async throws -> Answer {
        switch outcome {
        case .gone: throw person.hasLeft ? Refusal.rule("left-for-good-words", status: 403) : Refusal.notFound
        case .notYet(let why): throw Refusal.rule("not-yet-\(why.rawValue)", status: 403)
        case .refused(let why):
            throw Refusal.rule("gate-\(why.rawValue)", status: why == .roomClosed ? 409 : 403)
        case .already(let id), .kept(let id, _):
            let isCalm = nothingFound && (outcome == .kept(id, .shown) || outcome == .kept(id, .waiting))
            let (state, after) = try await ask.glance { tx in
                let state = try isCalm ? SentRoutes.stateOfCalm(tx, id, person, ask.app) : SentRoutes.state(tx, id, person, ask.app)
                return (state, try state?.item.thread.map { try tx.pageWith(id, in: $0) } ?? 0)
            }
            guard let state else { throw Fault.missing("sent item") }
            let isAgain = outcome == .already(id)
            if !isAgain { ask.app.events.sent(id, state: state.item.state.rawValue, help: "\(state.help)") }
            guard case .object(let pairs) = SentRoutes.json(state, ask) else { throw Fault.missing("sent item") }
            let json = JSON.object(pairs + [.init(key: "already", value: .bool(isAgain))])
            let quiet = state.item.state == .shown && state.help == .none
            let draft = ask.path.hasSuffix("/edit") ? "edit-\(id)" : state.item.thread.map { "reply-\($0)" } ?? "new-\(state.room.id)"
            let place =
                quiet
                ? ThreadPages.address(state.item.thread ?? id, reply: id, after: after, arrived: draft)
                : "/items/\(id)/sent?arrived=\(draft)"
            return .see(place, json: json, created: !isAgain)
        }
    }

    static func hints(_ ask: Ask, _ person: Person) async throws -> Answer {
        if let wait = ask.app.limits.wait("hints \(person.account)", limit: 150, within: .minutes(10), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes + 1)
        }
        let context = ask.screenContext(isReply: ask.form.flag("reply"))
        let assessment = ask.app.screen.assess(ask.form.words("text"), context: context)
        ask.app.events.guided(Set(assessment.hints.map(\.kind.rawValue)))
        return .json([
            "help": .string("\(helpOffer(assessment))"),
            "hints": .list(
                assessment.hints.map { ["kind": .string($0.kind.rawValue), "why": .string($0.why), "good": .bool($0.isPraise)] }),
            "topics": .list(assessment.topics.map(JSON.string)),
        ])
    }
}

extension String {
    var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[first...last])
    }
}
