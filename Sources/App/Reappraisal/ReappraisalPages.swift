import Rules
import Store

enum ReappraisalPages {
    /// Which kind of answer this is, above its words.
    static func label(_ kind: ResponseKind, _ pattern: ThinkingPattern?, _ ask: Ask) -> HTML {
        let words = pattern.map { "\(ask.say("reappraisal.kind-\(kind.rawValue)")): \(ask.say("reappraisal.pattern-\($0.rawValue)"))" }
        return "<p class=\"quietly\">\(words ?? ask.say("reappraisal.kind-\(kind.rawValue)"))</p>"
    }

    /// A peer in front of somebody's situation: they answer in one of three kinds, and not in a plain reply.
    static func isForCrowd(_ page: ThreadPage, _ ask: Ask) -> Bool {
        guard page.room.format == .reappraisal, !page.thread.isMine, let person = ask.person else { return false }
        return !person.staff.may(.answer, at: page.room.place, now: ask.now)
    }

    static func invitation(_ page: ThreadPage, _ ask: Ask) -> HTML {
        guard page.thread.state == .shown else { return "" }
        return """
            <section class="card stack" id="reply" aria-labelledby="respond"><h2 id="respond">\(ask.say("reappraisal.answer"))</h2><p>\(ask.say("reappraisal.answer-more"))</p>\(kinds(page.thread.id, nil, ask))</section>
            """
    }

    private static func kinds(_ item: ID<Item>, _ chosen: ResponseKind?, _ ask: Ask) -> HTML {
        """
        <ul class="stack" role="list">\(each: ResponseKind.allCases, { kind in
            """
            <li><a class="card choice"\(kind == chosen, " aria-current=\"true\"") href="/items/\(item)/respond?kind=\(kind.rawValue)#write"><b>\(ask.say("reappraisal.kind-\(kind.rawValue)"))</b> <span>\(ask.say("reappraisal.short-\(kind.rawValue)"))</span></a></li>
            """
        })</ul>
        """
    }

    static func form(_ item: ItemView, _ room: RoomRow, _ kind: ResponseKind?, learned: Bool, _ ask: Ask) -> Page {
        let say = ask.say
        let write: HTML
        if !learned {
            write = """
                <section class="card stack"><h2>\(say("reappraisal.learn"))</h2><p>\(say("reappraisal.learn-more"))</p><p><a class="button" href="\(ReappraisalRoutes.lesson(ask))">\(say("reappraisal.learn-go"))</a></p></section>
                """
        } else if let kind {
            let patterns: HTML =
                kind == .distortion
                ? Parts.radios(
                    "pattern", say("reappraisal.which-pattern"),
                    ThinkingPattern.allCases.map {
                        ($0.rawValue, "\(say("reappraisal.pattern-\($0.rawValue)")): \(say("reappraisal.means-\($0.rawValue)"))")
                    })
                : ""
            write = """
                <form class="card stack" id="write" method="post" action="/items/\(item.id)/responses">\(Parts.token(ask, key: true))<input type="hidden" name="kind" value="\(kind.rawValue)">\
                <h2>\(say("reappraisal.kind-\(kind.rawValue)"))</h2><p class="say note">\(say("reappraisal.guide-\(kind.rawValue)"))</p>\(patterns)\
                \(WritePages.body(ask, draft: "reply-\(item.id)", label: "reappraisal.your-answer", isReply: true))\(WritePages.voice(room, ask, own: item.isMine ? item.voice : nil))\
                <button class="button">\(say("reappraisal.send"))</button><p class="hint">\(say("reappraisal.send-more"))</p></form>
                """
        } else {
            write = ""
        }
        return Page(
            say("reappraisal.answer"), tab: .rooms, scripts: ["draft.js", "nudge.js", "uncover.js"],
            body: """
                <nav aria-label="\(say("items.where"))">\(Parts.room(room))</nav><h1>\(say("reappraisal.answer"))</h1>\(ItemParts.article(item, ask))
                \(learned ? "<section class=\"stack\" aria-labelledby=\"kinds\"><h2 id=\"kinds\">\(say("reappraisal.choose"))</h2>\(kinds(item.id, kind, ask))</section>" : "")\(write)
                """)
    }

    static func judging(_ waiting: [ResponseToJudge], learned: Bool, _ ask: Ask) -> Page {
        let say = ask.say
        let list: HTML =
            !learned
            ? """
            <section class="card stack"><h2>\(say("reappraisal.learn"))</h2><p>\(say("reappraisal.learn-more"))</p><p><a class="button" href="\(ReappraisalRoutes.lesson(ask))">\(say("reappraisal.learn-go"))</a></p></section>
            """
            : waiting.isEmpty
                ? Parts.empty(.cup, say("reappraisal.judge-none"))
                : """
                \(each: waiting, { one in
                    """
                    <section class="stack" aria-label="\(say("reappraisal.judge-one"))">\(ItemParts.article(one.situation, ask, room: one.room))<div class="card stack">\(label(one.kind, one.pattern, ask))\
                    \(ItemParts.words(one.body, one.covers, ask))<div class="row">\(Parts.act(ask, "/responses/\(one.id)/judgements", say("reappraisal.judge-good"), hidden: [("judgement", "good"), ("seen", one.seen)]))\
                    \(Parts.act(ask, "/responses/\(one.id)/judgements", say("reappraisal.judge-not-yet"), style: "plain", hidden: [("judgement", "not-yet"), ("seen", one.seen)]))\(Parts.act(ask, "/responses/\(one.id)/judgements", say("reappraisal.judge-worried"), style: "link", hidden: [("judgement", "worried"), ("seen", one.seen)]))</div></div></section>
                    """
                })
                """
        return Page(
            say("reappraisal.judge"), tab: .rooms, scripts: ["uncover.js"],
            body: "<h1>\(say("reappraisal.judge"))</h1><p class=\"lead\">\(say("reappraisal.judge-lead"))</p>\(list)")
    }
}
