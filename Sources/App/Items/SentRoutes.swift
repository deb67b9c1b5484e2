import Rules
import Screening
import Store

/// After sending: turning waiting into something that can be borne.
enum SentRoutes {
    struct State: Sendable {
        let item: ItemView
        let room: RoomRow
        let place: Int?
        let delay: Int?
        /// Is somebody here; nil where nothing waits for them and nobody looked.
        let staffed: Bool?
        let nextShift: Instant?
        let help: HelpOffer
        let statement: Statement?
        let conversation: ID<Conversation>?
        /// Of a piece: what it has beside its words, an editor's version, and words to look at again.
        var piece: PieceRow?
        var proposal: (title: String, body: String)?
        var seen: String?
        var hints: [(words: String, why: String)] = []
        /// What a question for the column became.
        var published: ID<Item>?
        /// Of a letter: its series, where they may open that.
        var isLetter = false
        var series: ID<Series>?

        /// What is sealed changes until it was read, and a letter that went on is the other's.
        var mayBeChanged: Bool { item.state.mayBeChangedByAuthor && (item.kind != .message || item.state != .shown) }
        var mayBeTakenBack: Bool { item.state.mayBeChangedByAuthor && (!isLetter || item.state != .shown) }
    }

    static func state(_ tx: Transaction, _ id: ID<Item>, _ person: Person, _ app: App) throws -> State? {
        guard let (item, room) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)), item.isMine
        else { return nil }
        let assessment = try tx.assessment(of: id, person.contentKey)
        let waiting = item.state == .waiting || item.state == .held
        let (duty, place) = try tx.waiting(with: id, in: room)
        var state = State(
            item: item, room: room, place: waiting ? place : nil,
            delay: waiting ? try app.reviewDelay(of: room.id, tx) : nil, staffed: duty.now, nextShift: duty.next,
            help: try item.reason == HoldReason.notForCrowd.rawValue || tx.isAskedAboutDanger(id)
                ? .atOnce : assessment.map(helpOffer) ?? .none,
            statement: try tx.statement(about: id, for: person),
            conversation: try tx.conversation(about: id, of: person))
        state.isLetter = try item.kind == .message && tx.isLetter(id)
        if state.isLetter { state.series = try tx.series(ofLetter: id, for: person) }
        guard room.format == .stories, item.thread == nil else { return state }
        state.piece = try tx.piece(id)
        state.proposal = try tx.proposal(for: id, to: person)
        if state.piece != nil { state.seen = try tx.seen(id, by: person) }
        state.published = try tx.published(id, for: person)
        let text = wholeWords(title: item.title, body: item.body, note: item.note)
        state.hints = (assessment?.concerns ?? []).filter { $0.kind == .stigma && !$0.isByModel }.flatMap { concern in
            concern.spans.compactMap { span in
                let bytes = Array(text.utf8)
                guard span.start >= 0, span.end <= bytes.count, span.start < span.end else { return nil }
                return (String(decoding: bytes[span.start..<span.end], as: UTF8.self), concern.why)
            }
        }
        return state
    }

    /// Just sent, with nothing found in it: no danger, no decision and no conversation can be about it yet.
    static func stateOfCalm(_ tx: Transaction, _ id: ID<Item>, _ person: Person, _ app: App) throws -> State? {
        guard let (item, room) = try tx.item(id, visibleTo: Viewer(person: person), choices: ReaderChoices(matters: [:])), item.isMine
        else { return nil }
        let waits = item.state == .waiting
        let told = waits ? try tx.waiting(with: id, in: room) : nil
        return State(
            item: item, room: room, place: told?.place, delay: waits ? try app.reviewDelay(of: room.id, tx) : nil,
            staffed: told?.duty.now, nextShift: told?.duty.next, help: .none, statement: nil, conversation: nil)
    }

    static func json(_ state: State, _ ask: Ask) -> JSON {
        [
            "id": .id(state.item.id), "item": ItemParts.json(state.item, ask), "state": .string(state.item.state.rawValue),
            "reason": .text(state.item.reason), "help": .string("\(state.help)"), "place": state.place.map(JSON.int) ?? nil,
            "estimateMinutes": state.delay.map(JSON.int) ?? nil, "someoneOnDuty": state.staffed.map(JSON.bool) ?? nil,
            "masked": maskedWords(state.item, ask).map {
                ["title": .string($0.title), "body": .string($0.body), "note": .text($0.note)]
            } ?? nil,
            "conversation": .id(state.conversation), "next": .string("/items/\(state.item.id)/sent"),
            "piece": state.piece.map(StoryPages.json) ?? nil,
            "proposal": state.proposal.map { ["title": .string($0.title), "body": .string($0.body)] } ?? nil,
            "seen": .text(state.seen),
            "language": .list(state.hints.map { ["words": .string($0.words), "why": .string($0.why)] }), "published": .id(state.published),
            "series": .id(state.series),
            "statement": state.statement.map { StandingPages.json($0, ask) } ?? nil,
        ]
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let state = try await ask.read({ try state($0, id, person, ask.app) }) else { throw Refusal.notFound }
        return .page(page(state, ask), json: json(state, ask))
    }

    static func page(_ state: State, _ ask: Ask) -> Page {
        let say = ask.say
        let item = state.item
        let wait: HTML
        switch item.state {
        case .waiting, .held:
            let time = state.delay.map { say("sent.most-often", ["length": ask.moments.length(minutes: $0)]) } ?? say("sent.not-measured")
            let place = state.place.map { $0 > 99 ? say("sent.place-many") : say("sent.place", ["n": String($0)]) } ?? ""
            let who =
                state.staffed ?? false
                ? say("sent.someone-here")
                : state.nextShift.map { say("sent.nobody-until", ["when": ask.moments.by($0)]) } ?? say("sent.nobody")
            // What it waits for otherwise is said below: who of the team is here, and a place in their line, would be of no use.
            wait =
                waitsForOthers(item.state, item.reason) != nil
                ? ""
                : state.help == .atOnce
                    ? "<p class=\"quietly\">\(time) \(place)</p>"
                    : "<p class=\"say \(state.staffed ?? false ? "good" : "note")\">\(who) \(time) \(place)</p>"
        case .shown:
            let series: HTML = state.series.map { " <a href=\"/letters/\($0)\">\(say("letters.title"))</a>" } ?? ""
            wait = "<p class=\"say good\">\(say(state.isLetter ? "sent.letter-on" : "sent.up"))\(series)</p>"
        case .returned, .hidden, .removed, .withdrawn, .erased: wait = ""
        }
        let statement: HTML = state.statement.map { StandingPages.statement($0, ask) } ?? ""
        let deeds: HTML =
            state.mayBeTakenBack
            ? """
            <div class="row">\(state.mayBeChanged && state.published == nil ? "<a class=\"button plain\" href=\"/items/\(item.id)/edit\">\(say("items.edit"))</a>" : "")\
            \(Parts.act(ask, "/items/\(item.id)/withdraw", say("items.withdraw"), style: "plain"))</div>
            """ : ""
        return Page(
            say("sent.title"), tab: .write, scripts: ["draft.js"],
            body: """
                <h1>\(say(state.help == .atOnce ? "sent.title-care" : "sent.title"))</h1>\(helpBlock(state, ask))\(wait)
                \(state.piece.map { StoryPages.narrator($0, item, proposal: state.proposal, seen: state.seen ?? "", state.hints, ask) } ?? "")\(state.published.map { "<p><a class=\"button\" href=\"/items/\($0)\">\(say("stories.published"))</a></p>" } ?? "")
                \(state.statement == nil ? "<p>\(more(state, ask))</p>" : "")\(statement)\(ItemParts.article(item, ask, room: state.room))\(deeds)\(masked(item, ask))
                <section class="card" aria-labelledby="meanwhile"><h2 id="meanwhile">\(say("sent.meanwhile"))</h2><p class="row">\
                <a class="button soft" href="/help/grounding">\(say("sent.one-tool"))</a><a href="/rooms/\(state.room.id)">\(say("sent.read"))</a></p></section>
                """)
    }

    /// The words without what could find somebody, as a proposal: the writer sees it whole, and sends it only by saying so.
    static func maskedWords(_ item: ItemView, _ ask: Ask) -> (title: String, body: String, note: String?)? {
        // Asked only where that is why it is held: it costs as much as another screening.
        guard item.state.mayBeChangedByAuthor, item.state != .shown, item.state == .returned || mayBeMasked(item.reason) else { return nil }
        let context = ask.screenContext(isReply: item.thread != nil)
        let made = (
            title: ask.app.screen.masked(item.title, context: context), body: ask.app.screen.masked(item.body, context: context),
            note: item.note.map { ask.app.screen.masked($0, context: context) }
        )
        // What no longer fits is not offered: the press would be refused.
        guard made.title.count <= 120, made.body.count <= 10_000, made.note.map({ $0.count <= 120 }) ?? true else { return nil }
        return made.title == item.title && made.body == item.body && made.note == item.note ? nil : made
    }

    private static func mayBeMasked(_ reason: String?) -> Bool {
        switch reason.flatMap(HoldReason.init(rawValue:)) {
        case .finding, .link, .place, .contact: true
        case .risk, .method, .pact, .comparing, .pictures, .bullying, .hate, .eating, .copied, .notForCrowd, nil: false
        }
    }

    private static func masked(_ item: ItemView, _ ask: Ask) -> HTML {
        guard let made = maskedWords(item, ask) else { return "" }
        let say = ask.say
        let hidden = [("title", made.title), ("body", made.body)] + (made.note.map { [("note", $0)] } ?? [])
        return """
            <section class="card stack" aria-labelledby="masked"><h2 id="masked">\(say("sent.masked"))</h2><p class="quietly">\(say("sent.masked-more"))</p>\
            \(made.title.isEmpty ? "" : "<h3 dir=\"auto\">\(made.title)</h3>")<div class="words">\(prose(made.body))</div>\
            \(Parts.act(ask, "/items/\(item.id)/edit", say("sent.masked-send"), style: "", hidden: hidden, key: true))</section>
            """
    }

    /// A person first: help at once in kind words, and a way to a professional that carries the words along.
    private static func helpBlock(_ state: State, _ ask: Ask) -> HTML {
        let say = ask.say
        switch state.help {
        case .none:
            switch state.item.state {
            case .held, .returned, .hidden, .removed: return "<div class=\"row\">\(talk(state, ask))</div>"
            case .waiting, .shown, .withdrawn, .erased: return ""
            }
        case .gentle:
            return """
                <div class="say care stack"><p>\(say("sent.gentle")) <a href="/help">\(say("items.help-now"))</a></p><div class="row">\(talk(state, ask))</div></div>
                """
        case .atOnce: return helpAtOnce(staffed: state.staffed ?? false, ask, more: talk(state, ask))
        }
    }

    /// `staffed` is nil where it makes no difference who is here: the words went elsewhere than to the team.
    static func helpAtOnce(staffed: Bool?, _ ask: Ask, more: HTML) -> HTML {
        let say = ask.say
        let code = ask.person?.country ?? ask.organisation.country
        let (_, lines, emergency) = HelpLines.shown(to: ask, country: code)
        let number = emergency.first ?? "112"
        let who: HTML = staffed.map { "<p>\(say($0 ? "sent.person-soon" : "sent.no-person-now"))</p>" } ?? ""
        return """
            <div class="say care stack" role="alert"><p class="lead">\(say("sent.thank-you"))</p>\(who)
            <ul class="help-lines"><li><a class="button help" href="tel:\(number)">\(Pictures.icon(.phone))\(say("help.call", ["number": number]))</a><p>\(say("help.emergency-more"))</p></li>
            \(each: lines.prefix(2), { HelpRoutes.lineRow($0, say) })</ul><div class="row">\(more)<a href="/help">\(say("door.more-help"))</a></div></div>
            """
    }

    /// A way to a professional that carries the words along, so that nothing need be written twice.
    private static func talk(_ state: State, _ ask: Ask) -> HTML {
        state.conversation.map { "<a class=\"button\" href=\"/conversations/\($0)\">\(ask.say("sent.to-conversation"))</a>" }
            ?? Parts.act(ask, "/items/\(state.item.id)/professional", ask.say("sent.talk-carry"), style: "", key: true)
    }

    private static func more(_ state: State, _ ask: Ask) -> String {
        guard state.item.kind == .message, state.item.state == .shown else { return reason(state.item, ask) }
        return ask.say(state.isLetter ? "states.shown-letter" : "states.shown-sealed")
    }

    static func reason(_ item: ItemView, _ ask: Ask) -> String {
        guard let code = item.reason else { return ask.say("states.\(item.state.rawValue)-more") }
        if let reason = ask.app.content.reason(code) { return reason.author }
        return ask.say("why.\(code)")
    }

    static func editForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let state = try await ask.read({ try state($0, id, person, ask.app) }), state.mayBeChanged,
            state.published == nil  // it stands in the column, in other words
        else { throw Refusal.notFound }
        let say = ask.say
        let item = state.item
        return .page(
            Page(
                say("items.edit"), tab: .write, scripts: ["nudge.js", "draft.js"],
                body: """
                    <h1>\(say("items.edit"))</h1><p class="lead">\(reason(item, ask))</p>
                    <form class="card" method="post" action="/items/\(id)/edit">\(Parts.token(ask, key: true))
                    \(item.thread == nil && item.kind != .message ? Parts.field("title", say("write.title-label"), value: item.title, extra: " maxlength=\"120\"") : "")
                    \(words(item, ask))\(WritePages.note(ask, value: item.note ?? ""))
                    <button class="button">\(say("write.send"))</button></form>
                    """), json: ["item": ItemParts.json(item, ask)])
    }

    private static func words(_ item: ItemView, _ ask: Ask) -> HTML {
        guard item.thread == nil, let situation = Situation(item.body) else {
            return WritePages.body(ask, value: item.body, draft: "edit-\(item.id)", isReply: item.thread != nil)
        }
        return WritePages.body(ask, value: situation.happened, draft: "edit-\(item.id)", label: "reappraisal.happened")
            + WritePages.thoughts(ask, value: situation.thoughts)
    }

    static func edit(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let form = ask.form
        let (thoughts, note) = (form.words("thoughts"), form.optional("note"))
        let body = thoughts.isEmpty ? form.words("body") : Situation(happened: form.words("body"), thoughts: thoughts).text
        guard body.count <= Words.longest else { throw Refusal.tooLong("body", Words.longest) }
        let old = try await ask.read { try $0.item(id, visibleTo: Viewer(person: person), choices: try $0.choices(of: person))?.0 }
        // What is screened is what will stand: a title that is left out stays.
        let sent = form.text("title").trimmed
        let title = sent.isEmpty ? old.flatMap { $0.isMine ? $0.title : nil } ?? "" : sent
        let assessment = ask.screen(wholeWords(title: title, body: body, note: note), isReply: old?.thread != nil)
        try WriteRoutes.pace(ask, person, assessment, of: "edit")
        let weight = ask.app.content.weigh(form.list("topics"), found: assessment.topics)
        let outcome = try await ask.write { tx in
            guard let (_, room) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)) else {
                return SendOutcome.gone
            }
            return try tx.edit(
                id, by: person, title: title, body: body, note: note, topics: weight.topics,
                matters: weight.matters, heavy: weight.heavy, assessment: assessment,
                hoursOpen: ask.app.isOpenNow(room.form, ask.organisation, now: ask.now))
        }
        try await WriteRoutes.hear(outcome, wholeWords(title: title, body: body, note: note), assessment, ask, person)
        return try await WriteRoutes.answer(outcome, ask, person, nothingFound: false)
    }

    static func withdraw(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard try await ask.write({ try $0.withdraw(id, by: person) }) else { throw Refusal.notFound }
        return .see("/mine?done=withdrawn", json: ["id": .id(id), "state": "withdrawn"])
    }
}
