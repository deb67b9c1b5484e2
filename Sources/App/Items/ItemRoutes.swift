import Foundation
import Rules
import Store

extension Routes {
    static let items: [Route] = [
        .visitor(
            .get, "/items/:item", "A thread with its replies, oldest first.",
            [.place("after"), .int("limit", 1...50, optional: true)], ItemRoutes.show),
        .visitor(
            .get, "/search", "Full-text search, newest first.", [.line("q", 400, optional: true), .place("before")], ItemRoutes.search),
        .member(.get, "/items/:item/sent", "What happens with one's own item now.", SentRoutes.show),
        .member(.get, "/items/:item/edit", "Change one's own item.", SentRoutes.editForm),
        .member(
            .post, "/items/:item/edit", "Send the changed words; they take the road again.",
            [
                .line("title", 120, optional: true), .words("body"), .words("thoughts", optional: true), .line("note", 120, optional: true),
                .list("topics"), .key,
            ],
            SentRoutes.edit),
        .member(.post, "/items/:item/withdraw", "Take one's own item back.", SentRoutes.withdraw),
        .member(
            .post, "/items/:item/support", "A word of support; its writer sees it with the name.",
            [.choice("word", SupportWord.self), .key], ItemRoutes.support),
        .member(.post, "/items/:item/support/end", "Take the word of support back.", ItemRoutes.endSupport),
        .member(
            .post, "/items/:item/helped", "Say of a reply in one's own thread that it helped; seen by nobody else.", [.id("reply")],
            ItemRoutes.helped),
        .member(.post, "/items/:item/helped/end", "Take that back.", [.id("reply")], ItemRoutes.endHelped),
        .member(.post, "/items/:item/mute", "Mute this voice.", ItemRoutes.mute),
        .member(.post, "/items/:item/block", "Block this voice.", ItemRoutes.block),
        .member(
            .post, "/items/:item/uncovered", "Say that covered words were opened (counts towards the day's limit).", ItemRoutes.uncovered),
        .member(.get, "/items/:item/report", "Report an item, or worry about its writer.", ReportRoutes.form),
        .member(
            .post, "/items/:item/reports", "Send the report.",
            [
                .choice("kind", ["worried", "danger", "unkind", "method", "privacy", "contact", "sexual", "age", "hate", "wrong", "else"]),
                .words("words", optional: true), .flag("also_mute"), .key,
            ], ReportRoutes.send),
        .member(.get, "/reports", "One's own reports and what came of them.", ReportRoutes.mine),
    ]
}

enum ItemRoutes {
    static func show(_ ask: Ask) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let viewer = ask.viewer
        let after = ask.after
        let limit = min(max(ask.query.int("limit") ?? pageSize, 1), 50)
        enum Found { case page(ThreadPage), inside(ID<Item>, after: Int64), ownAlone }
        let found = try await ask.glance { tx -> Found? in
            let choices = try ask.choices(tx)
            if let page = try tx.threadPage(id, for: viewer, choices: choices, after: after, limit: limit) { return .page(page) }
            // A reply has no page of its own: its thread has.
            guard let (item, _) = try tx.item(id, visibleTo: viewer, choices: choices), let thread = item.thread else { return nil }
            if try tx.item(thread, visibleTo: viewer, choices: choices) != nil {
                return .inside(thread, after: try tx.pageWith(id, in: thread))
            }
            return item.isMine ? .ownAlone : nil  // its thread was taken away; one's own words stay readable
        }
        switch found {
        case nil: throw Refusal.notFound
        case .ownAlone:
            if ask.wants == .json {
                let item = try await ask.read { try $0.item(id, visibleTo: viewer, choices: try ask.choices($0))?.0 }
                guard let item else { throw Refusal.notFound }
                return .json(["item": ItemParts.json(item, ask), "replies": []])
            }
            return .see("/items/\(id)/sent")
        case .inside(let thread, let after):
            if ask.wants == .json {
                let item = try await ask.read { try $0.item(id, visibleTo: viewer, choices: try ask.choices($0))?.0 }
                guard let item else { throw Refusal.notFound }
                return .json(["item": ItemParts.json(item, ask), "thread": .id(thread)])
            }
            return .see(ThreadPages.address(thread, reply: id, after: after))
        case .page(let page):
            if ask.person != nil {
                let heavy = (page.replies + [page.thread]).count { $0.heavy && $0.sight == .show && !$0.isMine }
                ask.noteRead("heavy", heavy > 0 ? 1 : 0)
                ask.noteRead("read", 1)
            }
            return .page(ThreadPages.thread(page, ask), json: ThreadPages.json(page, ask))
        }
    }

    static func search(_ ask: Ask) async throws -> Answer {
        let typed = ask.query.text("q")
        // Letters and figures of any script; everything else only parts words.
        let words = typed.split { !$0.isLetter && !$0.isNumber }.prefix(8).map { String($0.prefix(40)) }
        let viewer = ask.viewer
        let before = ask.before
        let (found, rooms) = try await ask.read { tx in
            (try tx.search(words, for: viewer, choices: try ask.choices(tx), before: before), try tx.readableRooms(for: viewer))
        }
        let byID = Dictionary(rooms.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let there = found.filter(\.isThere)
        let seen = there.filter { if case .hide = $0.sight { false } else { true } }
        let last = found.count == pageSize ? found.last?.seq : nil
        let say = ask.say
        let query = typed.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let result: HTML =
            words.isEmpty
            ? "<p class=\"quietly\">\(say("search.hint"))</p>"
            : seen.isEmpty
                ? Parts.empty(.lamp, say("search.nothing"))
                : """
                <section class="stack" aria-label="\(say("search.found"))">\(each: seen, { item in
                    RoomPages.thread(item, ask, room: item.room.flatMap { byID[$0] })
                })</section>
                """
        return .page(
            Page(
                say("search.title"), tab: .rooms,
                body: """
                    <h1>\(say("search.title"))</h1><form method="get" action="/search" class="inline" role="search">
                    \(Parts.field("q", say("search.label"), value: String(typed.prefix(200)), type: "search"))<button class="button">\(say("search.go"))</button></form>
                    \(result)\(ItemParts.trace(there, ask))\(Parts.older(ask, "/search?q=\(query)", last: last))
                    """),
            json: ["items": .list(there.map { ItemParts.json($0, ask) }), "next": last.map { .id(ID<Any>(raw: $0)) } ?? nil])
    }

    /// Through the door, and never one's own.
    private static func others(_ tx: Transaction, _ ask: Ask, _ person: Person) throws -> ItemView {
        guard let (item, _) = try tx.item(try ask.id("item"), visibleTo: Viewer(person: person), choices: try tx.choices(of: person)),
            !item.isMine
        else { throw Refusal.notFound }
        return item
    }

    private static func back(_ item: ItemView) -> String { "/items/\(item.thread ?? item.id)" }

    static func support(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard let word: SupportWord = ask.form.choice("word") else { throw Refusal.badChoice("word") }
        let item = try await ask.write { tx in
            let item = try others(tx, ask, person)
            guard try tx.addSupport(word, to: item.id, from: person) else { throw Refusal.notFound }
            return item
        }
        return .see(back(item) + "?done=support")
    }

    static func endSupport(_ ask: Ask, _ person: Person) async throws -> Answer {
        let item = try await ask.write { tx in
            let item = try others(tx, ask, person)
            try tx.removeSupport(from: item.id, by: person)
            return item
        }
        return .see(back(item))
    }

    static func helped(_ ask: Ask, _ person: Person) async throws -> Answer { try await helped(true, ask, person) }
    static func endHelped(_ ask: Ask, _ person: Person) async throws -> Answer { try await helped(false, ask, person) }

    private static func helped(_ isSo: Bool, _ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let reply: ID<Item> = ask.form.id("reply") else { throw Refusal.badChoice("reply") }
        let after = try await ask.write { tx -> Int64 in
            guard try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person))?.0.isMine == true,
                try tx.sayHelped(reply, in: id, helped: isSo, by: person)
            else { throw Refusal.notFound }
            return try tx.pageWith(reply, in: id)
        }
        return .see(ThreadPages.address(id, reply: reply, after: after), json: ["helped": .bool(isSo)])
    }

    static func mute(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await mute(block: false, ask, person)
    }

    static func block(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await mute(block: true, ask, person)
    }

    private static func mute(block: Bool, _ ask: Ask, _ person: Person) async throws -> Answer {
        let item: ID<Item> = try ask.id("item")
        try await ask.write { tx in
            guard let heard = try tx.heard(item, by: person) else { throw Refusal.notFound }
            try tx.mute(heard, block: block, by: person)
        }
        return .see("/see/people?done=muted")
    }

    static func uncovered(_ ask: Ask, _ person: Person) async throws -> Answer {
        let item = try await ask.write { tx in
            let item = try others(tx, ask, person)
            if item.heavy { try tx.addExposure("heavy", 1, of: person.account) }
            return item
        }
        return .see(back(item))
    }
}
