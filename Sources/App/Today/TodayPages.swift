import Rules
import Store

enum TodayPages {
    static func notice(_ notice: NoticeRow, _ ask: Ask) -> HTML {
        """
        <li class="card"><a href="\(TodayRoutes.place(notice, ask))">\(TodayRoutes.words(notice, ask))</a> \
        <span class="quietly">\(ask.moments.element(notice.madeAt))</span></li>
        """
    }

    static func today(
        _ ask: Ask, _ person: Person, items: [ItemView], hidden: [ItemView], notices: [NoticeRow], waiting: [ItemView], rooms: [RoomRow],
        lighter: Bool, heavyWelcome: Bool, checkIn: String?, askAge: Bool, asksForm: Pack?, study: StudyRoutes.Card?,
        asking: AskingAfterRoutes.OnToday?
    ) -> Page {
        let say = ask.say
        let byID = Dictionary(rooms.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let news: HTML =
            notices.isEmpty
            ? ""
            : """
            <section class="card" aria-labelledby="new"><h2 id="new">\(say("today.new"))</h2><ul class="stack" id="notices">\(each: notices, { notice($0, ask) })</ul>\
            \(Parts.act(ask, "/notices/seen", say("notices.seen")))</section>
            """
        let mine: HTML =
            waiting.isEmpty
            ? ""
            : """
            <section class="stack" aria-labelledby="mine"><h2 id="mine">\(say("today.yours"))</h2>\(each: waiting, { item in
                ItemParts.article(item, ask, deeds: ThreadPages.deeds(item, ask), link: true, room: item.room.flatMap { byID[$0] }, heading: 3)
            })</section>
            """
        let check: HTML = """
            <form class="card" method="post" action="/check-ins">\(Parts.token(ask))\
            \(Parts.radios("word", say("today.check-in"), ["calm", "ok", "mixed", "low", "heavy"].map { ($0, say("moods.\($0)")) }, chosen: checkIn))\
            <div class="row"><button class="button soft">\(say("today.save"))</button></div>\
            \(checkIn == "low" || checkIn == "heavy" ? "<p class=\"say care\">\(say("today.low")) <a href=\"/help\">\(say("items.help-now"))</a> <a href=\"/help/grounding\">\(say("sent.one-tool"))</a></p>" : "")</form>
            """
        let read: HTML =
            items.isEmpty
            ? Parts.empty(.bench, say("today.nothing"), link: ("/rooms", say("frame.rooms")))
            : "<section class=\"stack\" aria-labelledby=\"read\"><h2 id=\"read\">\(say("today.read"))</h2>\(each: items, { RoomPages.thread($0, ask, room: $0.room.flatMap { byID[$0] }) })</section>"
        let age: HTML = askAge ? "<p class=\"say note\">\(say("today.ask-age")) <a href=\"/you\">\(say("today.ask-age-go"))</a></p>" : ""
        let resting: HTML =
            person.voiceAwayUntil.map {
                "<div class=\"say care row\"><p>\(say("today.on-break", ["when": ask.moments.date($0)]))</p>\(Parts.act(ask, "/breaks/end", say("today.end-break")))</div>"
            } ?? person.breakUntil.map { "<p class=\"say care\">\(say("today.resting", ["when": ask.moments.date($0)]))</p>" } ?? ""
        let lighterCard: HTML = """
            <div class="card row apart"><span><strong>\(say("today.lighter"))</strong><br><span class="quietly">\(say("today.lighter-more"))</span></span>\
            \(Parts.act(ask, "/lighter", say(lighter ? "today.lighter-off" : "today.lighter-on"), style: "plain", hidden: [("on", lighter ? "0" : "1")]))</div>
            """
        let heavyCard: HTML = """
            <div class="card row apart"><span><strong>\(say("today.heavy"))</strong><br><span class="quietly">\(say(heavyWelcome ? "today.heavy-is-on" : "today.heavy-is-off"))</span></span>\
            \(Parts.act(ask, "/welcome-heavy", say(heavyWelcome ? "today.heavy-off" : "today.heavy-on"), style: "plain", hidden: [("on", heavyWelcome ? "0" : "1")]))</div>
            """
        return Page(
            say("today.title"), tab: .today,
            body: """
                \(Pictures.scene())<h1>\(say("today.hello", ["name": person.shownName]))</h1>\(resting)\(age)\(asking == .back ? AskingAfterRoutes.card(asking, ask) : "")\(news)\(mine)\(check)\(study.map { StudyPages.card($0, ask) } ?? "")\(asksForm.map { FormPages.card($0, ask) } ?? "")\(read)\(ItemParts.trace(hidden, ask))\(asking == .question ? AskingAfterRoutes.card(asking, ask) : "")\(lighterCard)\(heavyCard)
                <details class="card"><summary>\(say("today.break"))</summary><p>\(say("today.break-more"))</p><form method="post" action="/breaks" class="inline">\(Parts.token(ask))\
                \(Parts.select("days", say("today.break-days"), ["1", "3", "7", "14", "30"].map { ($0, say("moments.length-days", n: Int($0) ?? 1)) }))\
                <button class="button soft">\(say("today.break-go"))</button></form></details>
                <p class="quietly">\(say("today.end"))</p>
                """)
    }
}
