import Rules
import Screening
import Store

extension Routes {
    static let talk: [Route] = [
        .member(.get, "/talk", "Conversations with staff.", TalkRoutes.list),
        .member(.post, "/conversations", "Ask for a professional.", [.words("words"), .id("item", optional: true), .key], TalkRoutes.open),
        .member(.get, "/conversations/:conversation", "A conversation, its newest words.", [.place("before")], TalkRoutes.show),
        .member(.post, "/conversations/:conversation/messages", "Write in a conversation.", [.words("words"), .key], TalkRoutes.write),
        .staff(
            .post, "/conversations/:conversation/look", .converse, "Say why one looks at a talk that is a colleague's, or over.",
            [.words("why")], TalkRoutes.look),
        .member(.post, "/conversations/:conversation/end", "End a conversation; asking again opens it anew.", TalkRoutes.end),
    ]
}

/// Messages on one page of a conversation.
private let talkPage = 50

enum TalkRoutes {
    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (own, open, duty) = try await ask.read { tx in
            (
                try tx.conversations(of: person), person.isStaff ? try tx.openConversations(for: person) : [],
                try tx.dutyToTalk(ask.organisation.id)
            )
        }
        let say = ask.say
        let later = duty.next.map { say("talk.nobody-until", ["when": ask.moments.by($0)]) } ?? say("talk.nobody")
        let who = duty.now ? say("talk.someone") : later
        let asking: HTML =
            person.isStaff
            ? ""
            : """
            <form class="card" method="post" action="/conversations">\(Parts.token(ask, key: true))<h2>\(say("talk.ask"))</h2><p>\(who)</p>
            \(Parts.area("words", say("talk.words"), hint: say("talk.words-hint")))<button class="button">\(say("talk.send"))</button></form>
            """
        let rows = person.isStaff ? open : own
        let body: HTML = """
            <h1>\(say("talk.title"))</h1><p class="lead">\(say(person.isStaff ? "talk.lead-staff" : "talk.lead"))</p>
            \(rows.isEmpty ? person.isStaff ? Parts.empty(.cup, say("talk.none")) : "" : "<h2>\(say("talk.yours"))</h2>")<ul class="stack">\(each: rows, { row in
                """
                <li class="card"><a href="/conversations/\(row.id)">\(person.isStaff ? (row.shownName.isEmpty ? say("items.someone") : row.shownName) : row.withShown.map { say("talk.with", ["name": $0]) } ?? say("talk.waiting"))</a> \
                <span class="quietly">\(ask.moments.element(row.lastAt))\(row.closedAt == nil ? "" : " · \(say("talk.closed"))")</span></li>
                """
            })</ul>\(asking)\(person.isStaff ? "" : "<p class=\"quietly\">\(say("talk.live-later"))</p>")
            """
        return .page(
            Page(say("talk.title"), tab: .talk, body: body),
            json: ["conversations": .list(rows.map { json($0) }), "staffOnDuty": .bool(duty.now)])
    }

    static func json(_ row: ConversationRow) -> JSON {
        [
            "id": .id(row.id), "name": .string(row.shownName), "with": .text(row.withShown), "openedFrom": .string(row.openedFrom),
            "item": .id(row.item), "at": .at(row.madeAt), "lastAt": .at(row.lastAt), "answered": .bool(row.answeredAt != nil),
            "closed": .bool(row.closedAt != nil),
        ]
    }

    static func open(_ ask: Ask, _ person: Person) async throws -> Answer {
        let words = ask.form.words("words")
        let item: ID<Item>? = ask.form.id("item")
        let assessment = ask.screen(words)
        try WriteRoutes.pace(ask, person, assessment, of: "talk")
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let id = try await ask.write { tx in
            if let item { guard try isOwn(tx, item, person) else { throw Refusal.notFound } }
            let id = try tx.openConversation(
                for: person.account, name: person.name, from: item == nil ? "asked" : "held", item: item, organisation: person.organisation)
            guard let row = try tx.conversation(id, openTo: person) else { throw Refusal.notFound }
            _ = try tx.say(words, in: row, from: person, key: key, assessment: assessment)
            return id
        }
        return .see("/conversations/\(id)", json: ["id": .id(id), "help": .string("\(helpOffer(assessment))")], created: true)
    }

    private static func isOwn(_ tx: Transaction, _ item: ID<Item>, _ person: Person) throws -> Bool {
        try tx.item(item, visibleTo: Viewer(person: person), choices: try tx.choices(of: person))?.0.isMine ?? false
    }

    /// From a held item: nothing need be written twice.
    static func carry(_ ask: Ask, _ person: Person) async throws -> Answer {
        let item: ID<Item> = try ask.id("item")
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let carried = ask.say("talk.carried")
        let screened = ask.screen("")
        let id = try await ask.write { tx in
            guard try isOwn(tx, item, person) else { throw Refusal.notFound }
            let id = try tx.openConversation(
                for: person.account, name: person.name, from: "held", item: item, organisation: person.organisation)
            guard let row = try tx.conversation(id, openTo: person) else { throw Refusal.notFound }
            var assessment = screened
            if let known = try tx.caseWords(item, openTo: person)?.assessment { assessment = known }
            _ = try tx.say(carried, in: row, from: person, key: key, assessment: assessment, carries: true)
            return id
        }
        return .see("/conversations/\(id)", json: ["conversation": .id(id), "id": .id(id)], created: true)
    }

    /// A talk that is over, or a colleague's, and of which nothing is open: read with a reason alone.
    private static func asksWhy(_ id: ID<Conversation>, _ ask: Ask) -> Page {
        let say = ask.say
        return Page(
            say("talk.why-title"), tab: .talk,
            body: """
                <h1>\(say("talk.why-title"))</h1><p class="lead">\(say("talk.why-lead"))</p><form class="card stack" method="post" action="/conversations/\(id)/look">\(Parts.token(ask))
                \(Parts.area("why", say("talk.why"), rows: 2, extra: " maxlength=\"300\" required"))<button class="button">\(say("talk.why-go"))</button></form>
                """)
    }

    static func look(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (id, why): (ID<Conversation>, String) = (try ask.id("conversation"), ask.form.words("why"))
        guard !why.isEmpty else { throw Refusal.missing("why") }
        guard why.count <= 300 else { throw Refusal.tooLong("why", 300) }
        try await ask.write { tx in
            guard let row = try tx.conversation(id, openTo: worker.person), row.account != worker.person.account else {
                throw Refusal.notFound
            }
            try tx.say(why: why, toLookAt: row, by: worker.person, organisation: worker.person.organisation)
        }
        return .see("/conversations/\(id)", json: ["conversation": .id(id)], created: true)
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Conversation> = try ask.id("conversation")
        let before = ask.before
        let mayLook = try await ask.read { tx -> Bool? in
            try tx.conversation(id, openTo: person).map { try $0.account == person.account || tx.mayLook(at: $0, person) }
        }
        guard let mayLook else { throw Refusal.notFound }
        guard mayLook else { return .page(asksWhy(id, ask), json: ["conversation": ["id": .id(id)], "needsReason": true]) }
        let found = try await ask.read { tx -> (ConversationRow, [MessageRow], ItemView?, Bool, HelpOffer)? in
            guard let row = try tx.conversation(id, openTo: person) else { return nil }
            let carried = try row.item.flatMap { try tx.caseWords($0, openTo: person)?.item }
            let messages = try tx.messages(in: row, for: person, before: before, limit: talkPage)
            // Danger in what they wrote last: a person first, here as after a post.
            let last = row.account == person.account ? messages.last(where: \.isMine)?.id : nil
            let help = try last.flatMap { try tx.caseWords($0, openTo: person)?.assessment }.map(helpOffer) ?? .none
            return (row, messages, carried, try tx.isSomeoneHereToTalk(person.organisation), help)
        }
        guard let (row, messages, carried, staffed, help) = found else { throw Refusal.notFound }
        let earlier = messages.count == talkPage ? messages.first?.seq : nil
        let say = ask.say
        let isMine = row.account == person.account
        if !isMine { ask.app.events.looked("conversation \(id)", by: person.account) }
        let title =
            isMine
            ? row.withShown.map { say("talk.with", ["name": $0]) } ?? say("talk.waiting")
            : row.shownName.isEmpty ? say("items.someone") : row.shownName
        let words: HTML =
            carried.map { item in
                """
                <details class="covered"\(isMine ? "" : " open")><summary>\(say("talk.carries"))</summary><div class="words">\(item.title.isEmpty ? "" : "<p><b>\(item.title)</b></p>")\(prose(item.body))</div></details>
                """
            } ?? ""
        let log: HTML = """
            \(Parts.older(ask, "/conversations/\(id)", last: earlier, words: "talk.earlier"))<ol class="log">\(each: messages, { message in
                "<li\(message.isMine, " class=\"mine\"")><p class=\"quietly\"><b>\(message.isMine ? say("talk.you") : message.shownName)</b> \(ask.moments.element(message.at))</p>\(prose(message.body))</li>"
            })</ol>
            """
        let form: HTML =
            """
            \(row.closedAt == nil ? "" : "<p class=\"quietly\">\(say("talk.is-closed"))</p>")<form class="card" method="post" action="/conversations/\(id)/messages">\(Parts.token(ask, key: true))
            \(Parts.area("words", say("talk.more"), rows: 4, extra: " data-draft=\"talk-\(id)\""))<button class="button">\(say("talk.say"))</button></form>
            \(row.closedAt == nil ? Parts.act(ask, "/conversations/\(id)/end", say("talk.end"), style: "plain") : "")
            """
        let urgent = help == .atOnce ? SentRoutes.helpAtOnce(staffed: staffed, ask, more: "") : ""
        return .page(
            Page(
                title, tab: .talk, scripts: ["draft.js"],
                body: """
                    <h1>\(title)</h1>\(urgent)\(isMine ? "<p class=\"say \(staffed ? "good" : "note")\">\(say(staffed ? "talk.someone" : "talk.nobody-yet")) <a href=\"/help\">\(say("items.help-now"))</a></p>" : "")\(words)\(log)\(form)
                    """),
            json: [
                "conversation": json(row), "help": .string("\(help)"), "answered": .bool(row.answeredAt != nil),
                "earlier": earlier.map { .id(ID<Any>(raw: $0)) } ?? nil, "carries": carried.map { ItemParts.json($0, ask) } ?? nil,
                "messages": .list(
                    messages.map {
                        [
                            "id": .id($0.id), "name": .string($0.shownName), "fromStaff": .bool($0.fromStaff), "body": .string($0.body),
                            "at": .at($0.at), "mine": .bool($0.isMine),
                        ]
                    }),
            ])
    }

    /// Whoever may not read it without a reason may not write in it or end it without one.
    private static func own(_ tx: Transaction, _ id: ID<Conversation>, _ person: Person) throws -> ConversationRow {
        guard let row = try tx.conversation(id, openTo: person) else { throw Refusal.notFound }
        guard try row.account == person.account || tx.mayLook(at: row, person) else { throw Refusal.rule("say-why", status: 403) }
        return row
    }

    static func write(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Conversation> = try ask.id("conversation")
        let words = ask.form.words("words")
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let assessment = ask.screen(words, isReply: true)
        try WriteRoutes.pace(ask, person, assessment, of: "talk")
        let message = try await ask.write { tx in
            let row = try own(tx, id, person)
            return try tx.say(words, in: row, from: person, key: key, assessment: assessment)
        }
        return .see(
            "/conversations/\(id)?arrived=talk-\(id)", json: ["id": .id(message), "help": .string("\(helpOffer(assessment))")],
            created: true)
    }

    static func end(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Conversation> = try ask.id("conversation")
        try await ask.write { tx in
            _ = try own(tx, id, person)
            try tx.closeConversation(id)
        }
        return .see("/talk?done=conversation-ended", json: ["id": .id(id), "closed": true])
    }
}
