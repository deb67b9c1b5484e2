import Rules
import Store

enum EditorPages {
    static func plan(
        _ room: RoomRow, _ days: [RhythmDay], _ planned: [(item: ID<Item>, by: String, at: Instant, ready: Bool)],
        _ people: [(name: String, quota: Int, pays: String)], _ ask: Ask
    ) -> Page {
        let say = ask.say
        let week: HTML = """
            <section class="card stack" aria-labelledby="week"><h2 id="week">\(say("plan.week"))</h2><p>\(say("plan.week-more"))</p>\(days.isEmpty ? "<p class=\"quietly\">\(say("plan.no-week"))</p>" : "")<ul class="stack">\(each: days, { "<li><b>\(say("plan.day-\($0.weekday)")) \(LocalClock.time(minute: $0.minute))</b> \($0.theme)\($0.parents.isEmpty ? "" : "<br><span class=\"quietly\">\($0.parents)</span>")</li>" })</ul>\
            <form class="stack" method="post" action="/rooms/\(room.id)/plan">\(Parts.token(ask))\(Parts.select("weekday", say("plan.weekday"), (1...7).map { (String($0), say("plan.day-\($0)")) }))\(Parts.field("at", say("plan.at"), value: "16:00", type: "time"))\(Parts.field("theme", say("plan.theme"), hint: say("plan.theme-hint"), extra: " maxlength=\"120\""))\(Parts.area("parents", say("plan.parents"), hint: say("plan.parents-hint"), rows: 3, extra: " maxlength=\"1000\""))<button class="button soft">\(say("today.save"))</button></form></section>
            """
        let coming: HTML = """
            <section class="card stack" aria-labelledby="coming"><h2 id="coming">\(say("plan.coming"))</h2>\(planned.isEmpty ? "<p class=\"quietly\">\(say("plan.nothing"))</p>" : "")<ul class="stack">\(each: planned, { "<li>\(ask.moments.element($0.at)) · \($0.by) · \(say($0.ready ? "plan.ready" : "plan.not-ready"))</li>" })</ul></section>
            """
        let writers: HTML = """
            <section class="card stack" aria-labelledby="writers"><h2 id="writers">\(say("plan.writers"))</h2><ul class="stack">\(each: people, { one in
                "<li class=\"row apart\"><span class=\"row\">\(Pictures.bird(seed: one.name)) <b>\(one.name)</b> \(say("plan.quota", n: one.quota)) · \(one.pays)</span>\(Parts.act(ask, "/rooms/\(room.id)/ambassadors/end", say("offers.who-end"), style: "plain", hidden: [("name", one.name)]))</li>"
            })</ul><form class="stack" method="post" action="/rooms/\(room.id)/ambassadors">\(Parts.token(ask))\(Parts.field("name", say("offers.who-name"), extra: " maxlength=\"40\" autocomplete=\"off\""))\(Parts.field("quota", say("plan.quota-label"), value: "4", type: "number", extra: " min=\"1\" max=\"31\" inputmode=\"numeric\""))\(Parts.field("pays", say("plan.pays"), hint: say("plan.pays-hint"), extra: " maxlength=\"40\""))<button class="button soft">\(say("plan.add-writer"))</button></form></section>
            """
        let interview: HTML = """
            <details class="card"><summary>\(say("plan.interview"))</summary><p>\(say("plan.interview-more"))</p><form class="stack" method="post" action="/rooms/\(room.id)/interviews">\(Parts.token(ask, key: true))<input type="hidden" name="form" value="story">\
            <div class="field"><label for="narrator">\(say("plan.narrator"))</label><input id="narrator" name="narrator" maxlength="40" autocomplete="off" required></div>\(Parts.field("title", say("stories.title-label"), extra: " maxlength=\"120\" required"))\(Parts.area("body", say("stories.words-story"), rows: 8, extra: " required"))\
            \(Parts.radios("since", say("stories.since"), TimeSince.allCases.map { ($0.rawValue, say("stories.since-\($0.rawValue)")) }))\(Parts.radios("now_is", say("stories.where-now"), WhereNow.allCases.map { ($0.rawValue, say("stories.now-\($0.rawValue)")) }))<button class="button">\(say("plan.send-interview"))</button></form></details>
            """
        return Page(
            say("plan.title", ["room": room.name]), tab: .rooms,
            body: """
                <nav aria-label="\(say("items.where"))">\(Parts.room(room))</nav><h1>\(say("plan.title", ["room": room.name]))</h1><p class="row"><a class="button soft" href="/rooms/\(room.id)/questions">\(say("plan.questions"))</a></p>\(coming)\(week)\(writers)\(interview)
                """)
    }

    /// On a case about a piece: an editor's version, and the day.
    static func onCase(_ item: ItemView, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <details class="card"><summary>\(say("plan.propose"))</summary><p>\(say("plan.propose-more"))</p><form class="stack" method="post" action="/pieces/\(item.id)/proposal">\(Parts.token(ask))<div class="field"><label for="v-title">\(say("stories.title-label"))</label><input id="v-title" name="title" value="\(item.title)" maxlength="120" required></div><div class="field"><label for="v-body">\(say("stories.words-story"))</label><textarea id="v-body" name="body" rows="8" required>\(item.body)</textarea></div><button class="button soft">\(say("plan.propose-go"))</button></form>\
            <form class="inline" method="post" action="/pieces/\(item.id)/schedule">\(Parts.token(ask))<div class="field"><label for="v-when">\(say("plan.when"))</label><input id="v-when" name="when" type="date"></div><button class="button soft">\(say("today.save"))</button></form></details>
            """
    }

    static func questions(_ room: RoomRow, _ questions: [(item: ID<Item>, body: String, at: Instant)], _ ask: Ask) -> Page {
        let say = ask.say
        let list: HTML =
            questions.isEmpty
            ? Parts.empty(.cup, say("plan.no-questions"))
            : """
            \(each: questions, { one in
                """
                <section class="card stack" aria-label="\(say("plan.question"))"><blockquote class="words">\(prose(one.body))</blockquote><p class="quietly">\(ask.moments.element(one.at))</p><form class="stack" method="post" action="/questions/\(one.item)/publish">\(Parts.token(ask))\
                <div class="field"><label for="t\(one.item)">\(say("stories.title-label"))</label><input id="t\(one.item)" name="title" maxlength="120" required></div><div class="field"><label for="q\(one.item)">\(say("plan.in-other-words"))</label><textarea id="q\(one.item)" name="question" rows="3" required></textarea></div><div class="field"><label for="a\(one.item)">\(say("plan.answer"))</label><textarea id="a\(one.item)" name="answer" rows="6" required></textarea></div><button class="button">\(say("plan.publish"))</button></form></section>
                """
            })
            """
        return Page(
            say("plan.questions"), tab: .rooms,
            body:
                "<nav aria-label=\"\(say("items.where"))\">\(Parts.room(room))</nav><h1>\(say("plan.questions"))</h1><p class=\"lead\">\(say("plan.questions-lead"))</p>\(list)"
        )
    }
}
