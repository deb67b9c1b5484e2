import Rules
import Store

enum ThreadPages {
    /// Where a reply stands: the page it is on, and its place there.
    static func address(_ thread: ID<Item>, reply: ID<Item>, after: Int64, arrived: String? = nil) -> String {
        let asked = [after > 0 ? "after=\(ID<Any>(raw: after))" : nil, arrived.map { "arrived=\($0)" }].compactMap(\.self)
        return "/items/\(thread)\(asked.isEmpty ? "" : "?")\(asked.joined(separator: "&"))#i\(reply)"
    }

    static func thread(_ page: ThreadPage, _ ask: Ask) -> Page {
        let say = ask.say
        let thread = page.thread
        let title =
            thread.sight != .show
            ? say("items.covered-title") : thread.title.isEmpty ? say("items.by", ["name": ItemParts.name(thread, ask)]) : thread.title
        let heavy: HTML =
            thread.heavy ? "<p class=\"say care\">\(say("items.heavy")) <a href=\"/help\">\(say("items.help-now"))</a></p>" : ""
        let list: HTML = """
            <section class="stack" aria-labelledby="replies"><h2 id="replies">\(say("items.replies"))</h2>\(each: page.replies, { reply in
                ItemParts.article(
                    reply, ask, badge: reply.voice == .staff ? page.badges[reply.name] ?? say("items.staff") : nil,
                    deeds: deeds(reply, ask) + helped(reply, page, ask), heading: 3, kind: page.kinds[reply.id].map { ReappraisalPages.label($0.kind, $0.pattern, ask) } ?? "",
                    inside: CarePages.evidence(in: reply, page.evidence, ask, covered: true)) + CarePages.evidence(in: reply, page.evidence, ask, covered: false)
            })\(helpedForm(page, ask))\(page.replies.isEmpty ? "<p class=\"quietly\">\(say(thread.wants == .noReply && page.piece == nil ? "items.asks-no-reply" : "items.no-reply-yet"))</p>" : "")</section>
            """
        let first: HTML =
            ask.after > 0 ? "<a class=\"button plain\" rel=\"first\" href=\"/items/\(thread.id)\">\(say("parts.first"))</a>" : ""
        let next: HTML =
            page.more.map { last in
                """
                <a class="button plain" rel="next" href="/items/\(thread.id)?after=\(ID<Any>(raw: last))">\(say("parts.newer")) \(Pictures.icon(.next))</a>
                """
            } ?? ""
        let more: HTML =
            page.more != nil || ask.after > 0 ? "<nav class=\"pager\" aria-label=\"\(say("parts.pages"))\">\(first)\(next)</nav>" : ""
        return Page(
            title, tab: .rooms, scripts: ask.person == nil ? [] : ["draft.js", "nudge.js", "uncover.js"],
            body: """
                <nav aria-label="\(say("items.where"))">\(Parts.room(page.room))</nav><h1 dir="auto">\(title)</h1>\(promise(page, ask))\(CarePages.top(page.care, ask))
                \(ItemParts.article(thread, ask, badge: thread.voice == .staff ? page.badges[thread.name] ?? say("items.staff") : nil, deeds: deeds(thread, ask) + supportDeeds(page, ask), kind: page.piece.map { StoryPages.label($0, ask) } ?? "", inside: (page.piece.map { StoryPages.reference($0, ask) } ?? "") + CarePages.evidence(in: thread, page.evidence, ask, covered: true)))\
                \(CarePages.evidence(in: thread, page.evidence, ask, covered: false))\(page.piece == nil ? "" : StoryPages.parts(page.parts, at: thread.id, ask) + StoryPages.after(thread, ask))
                \(supporters(page, ask))\(page.deeper.map { "<p><a href=\"/letters/new?room=\($0)&amp;from=\(thread.id)\">\(say("letters.deeper"))</a></p>" } ?? "")\(heavy)\(list)\(ItemParts.trace(page.replies, ask))\(more)
                \(CarePages.tools(page, ask))\(CarePages.ask(thread, ask))
                \(ReappraisalPages.isForCrowd(page, ask) ? ReappraisalPages.invitation(page, ask) : WritePages.replyForm(page, ask))
                """)
    }

    /// A promise is kept or owned: late is said first.
    private static func promise(_ page: ThreadPage, _ ask: Ask) -> HTML {
        let thread = page.thread
        guard thread.isMine, thread.state == .shown, thread.replies == 0, thread.wants != .noReply, let shownAt = thread.shownAt else {
            return ""
        }
        let by = shownAt + .minutes(page.room.form.promiseMinutes)
        return by > ask.now
            ? "<p class=\"say note\">\(ask.say("items.promise", ["when": ask.moments.by(by)]))</p>"
            : "<p class=\"say care\">\(ask.say("items.late", ["when": ask.moments.by(by)])) <a href=\"/talk\">\(ask.say("items.talk-to-us"))</a></p>"
    }

    static func deeds(_ item: ItemView, _ ask: Ask) -> HTML {
        let say = ask.say
        guard ask.person != nil else { return "" }
        if case .hide = item.sight { return "" }
        if item.isMine {
            guard item.state.mayBeChangedByAuthor else { return "" }
            return """
                <a href="/items/\(item.id)/edit">\(say("items.edit"))</a>\
                \(Parts.act(ask, "/items/\(item.id)/withdraw", say("items.withdraw"), style: "link"))
                """
        }
        let hide: HTML =
            ask.person.map { person in
                person.isStaff && person.passedSecondFactor && person.staff.holds(.hide, now: ask.now)
                    && !person.staff.holds(.readQueue, now: ask.now)
                    ? Parts.act(ask, "/items/\(item.id)/hide", say("items.hide"), style: "plain") : ""
            } ?? ""
        return hide
            + "<a href=\"/items/\(item.id)/report\">\(say("items.report"))<span class=\"seen-by-readers-only\"> \(say("items.by", ["name": ItemParts.name(item, ask)]))</span></a>"
    }

    private static func supportDeeds(_ page: ThreadPage, _ ask: Ask) -> HTML {
        guard ask.person != nil, !page.thread.isMine, page.thread.state == .shown else { return "" }
        if case .hide = page.thread.sight { return "" }
        if let word = page.mySupport {
            return
                "<span class=\"quietly\">\(ask.say("items.you-said", ["word": ask.say("support.\(word.rawValue)")]))</span>\(Parts.act(ask, "/items/\(page.thread.id)/support/end", ask.say("items.unsay"), style: "link"))"
        }
        return """
            <form method="post" action="/items/\(page.thread.id)/support" class="row">\(Parts.token(ask))\(each: SupportWord.allCases, { word in
                "<button class=\"button soft\" name=\"word\" value=\"\(word.rawValue)\">\(ask.say("support.\(word.rawValue)"))</button>"
            })</form>
            """
    }

    /// "This helped", for whoever asked: their own mark, seen by nobody else. One form for all replies keeps the page small.
    private static func mayHaveHelped(_ reply: ItemView, _ page: ThreadPage) -> Bool {
        page.thread.isMine && page.thread.state == .shown && !reply.isMine && reply.state == .shown && page.piece == nil
            && page.kinds.isEmpty && !isHidden(reply)
    }

    private static func helped(_ reply: ItemView, _ page: ThreadPage, _ ask: Ask) -> HTML {
        guard mayHaveHelped(reply, page) else { return "" }
        let say = ask.say
        return page.helped.contains(reply.id)
            ? "<span class=\"quietly\">\(say("items.helped-yes"))</span><button class=\"button link\" form=\"helped\" formaction=\"/items/\(page.thread.id)/helped/end\" name=\"reply\" value=\"\(reply.id)\">\(say("items.unsay"))</button>"
            : "<button class=\"button link\" form=\"helped\" name=\"reply\" value=\"\(reply.id)\">\(say("items.helped"))<span class=\"seen-by-readers-only\"> \(say("items.by", ["name": ItemParts.name(reply, ask)]))</span></button>"
    }

    private static func helpedForm(_ page: ThreadPage, _ ask: Ask) -> HTML {
        guard page.replies.contains(where: { mayHaveHelped($0, page) }) else { return "" }
        return """
            <form method="post" action="/items/\(page.thread.id)/helped" id="helped">\(Parts.token(ask))</form>\
            <p class="quietly">\(ask.say("items.helped-more"))</p>
            """
    }

    /// Words of support, to their writer alone: as names, never a sum.
    private static func supporters(_ page: ThreadPage, _ ask: Ask) -> HTML {
        guard page.thread.isMine, !page.support.isEmpty else { return "" }
        return """
            <section class="card" aria-labelledby="support"><h2 id="support">\(ask.say("items.support"))</h2><ul class="stack">\(each: page.support, { one in
                "<li>\(Pictures.bird(seed: one.shown)) <b>\(one.shown)</b>: \(ask.say("support.\(one.word.rawValue)"))</li>"
            })</ul></section>
            """
    }

    private static func isHidden(_ item: ItemView) -> Bool { if case .hide = item.sight { true } else { false } }

    static func json(_ page: ThreadPage, _ ask: Ask) -> JSON {
        [
            "item": ItemParts.json(page.thread, ask, badge: page.thread.voice == .staff ? page.badges[page.thread.name] : nil),
            "room": .id(page.room.id),
            "replies": .list(
                page.replies.map { reply in
                    let json = ItemParts.json(reply, ask, badge: reply.voice == .staff ? page.badges[reply.name] : nil)
                    guard let kind = page.kinds[reply.id], case .object(let pairs) = json else { return json }
                    return .object(
                        pairs + [
                            .init(key: "response", value: .string(kind.kind.rawValue)),
                            .init(key: "pattern", value: .text(kind.pattern?.rawValue)),
                        ])
                }),
            "next": page.more.map { .id(ID<Any>(raw: $0)) } ?? nil,
            "wants": .text(page.thread.wants?.rawValue), "piece": isHidden(page.thread) ? nil : page.piece.map(StoryPages.json) ?? nil,
            "parts": StoryPages.partsJSON(page.parts), "care": CarePages.json(page.care, ask),
            "evidence": .list(page.evidence.map(CarePages.json)),
            "helped": page.thread.isMine ? .list(page.helped.sorted().map { .id($0) }) : nil,
            "support": page.thread.isMine
                ? .list(page.support.map { ["name": .string($0.shown), "word": .string($0.word.rawValue)] }) : nil,
        ]
    }
}
