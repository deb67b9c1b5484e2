import Rules
import Store

enum LetterPages {
    static func list(_ mine: [SeriesRow], _ rooms: [RoomRow], isBefriender: Bool, _ ask: Ask) -> Page {
        let say = ask.say
        let begin: HTML = """
            \(each: rooms, { "<p><a class=\"button\" href=\"/letters/new?room=\($0.id)\">\(say("letters.begin-in", ["room": $0.name]))</a></p>" })
            """
        let list: HTML =
            mine.isEmpty
            ? Parts.empty(.bench, say("letters.none"))
            : """
            <ul class="stack" role="list">\(each: mine, { one in
                """
                <li class="card stack"><h2><a href="/letters/\(one.id)">\(one.other.map { say("letters.with", ["name": $0]) } ?? say("letters.with-nobody-yet"))</a></h2><p>\(status(one, ask))</p></li>
                """
            })</ul>
            """
        return Page(
            say("letters.title"), tab: .talk,
            body:
                "<h1>\(say("letters.title"))</h1><p class=\"lead\">\(say("letters.lead", ["letters": String(SeriesPlan.usual.letters)]))</p>\(list)\(begin)\(isBefriender ? "<p class=\"row\"><a class=\"button soft\" href=\"/offers\">\(say("letters.how-are-you"))</a></p>" : "")"
        )
    }

    /// Where it is, in one sentence: whose turn, until when.
    private static func status(_ series: SeriesRow, _ ask: Ask) -> String {
        let say = ask.say
        switch series.state {
        case .ended: return say("letters.ended-\(series.why?.rawValue ?? "time")")
        case .seeking where series.letters.contains(where: { $0.state == .shown }): return say("letters.seeking")
        case .seeking, .running: break
        }
        switch series.turn {
        case .write(let side) where side == series.side:
            return side == .befriender
                ? say("letters.your-turn-by", ["when": ask.moments.by(series.since + SeriesPlan.usual.answerWithin)])
                : say("letters.your-turn")
        case .write: return say("letters.their-turn")
        case .onItsWay(let side): return say(side == series.side ? "letters.being-read" : "letters.their-turn")
        case .change(let side, _): return say(side == series.side ? "letters.to-change" : "letters.their-turn")
        case .over: return say("letters.ended-complete")
        }
    }

    static func new(_ room: RoomRow, _ notYet: NotYetHere?, _ ask: Ask) -> Page {
        let say = ask.say
        let from: HTML =
            ask.query.optional("from").flatMap { ID<Item>($0) }.map { "<input type=\"hidden\" name=\"from\" value=\"\($0)\">" } ?? ""
        let topics = ask.app.content.matters.map { ($0.id, $0.name) }
        let form: HTML =
            notYet.map {
                "<p class=\"say note\">\(say("refusals.not-yet-\($0.rawValue)"))</p><p><a class=\"button soft\" href=\"/rooms\">\(say("frame.rooms"))</a> <a href=\"/talk\">\(say("letters.talk"))</a></p>"
            }
                ?? """
                <form class="card stack" method="post" action="/rooms/\(room.id)/letters">\(Parts.token(ask, key: true))\(from)
                \(step("mind", 6, true, ask))\(step("felt", 4, false, ask))\(step("matters", 4, false, ask))\(step("wish", 3, false, ask))
                <details><summary>\(say("write.about"))</summary>\(Parts.boxes("topics", say("write.about-which"), topics))</details>
                <button class="button">\(say("letters.send"))</button><p class="hint">\(say("letters.send-more"))</p></form>
                """
        return Page(
            say("letters.new"), tab: .talk, scripts: ["draft.js", "nudge.js"],
            body: """
                <h1>\(say("letters.new"))</h1><p class="lead">\(say("letters.lead", ["letters": String(SeriesPlan.usual.letters)]))</p>
                <ul class="stack"><li>\(say("letters.how-1"))</li><li>\(say("letters.how-2"))</li><li>\(say("letters.how-3", ["weeks": String(SeriesPlan.usual.length.minutes / 10_080)]))</li><li>\(say("letters.how-4"))</li></ul>\(form)
                """)
    }

    private static func step(_ name: String, _ rows: Int, _ required: Bool, _ ask: Ask) -> HTML {
        Parts.area(
            name, ask.say("letters.\(name)"), hint: ask.say("letters.\(name)-hint"), rows: rows,
            extra: required ? " required dir=\"auto\"" : " dir=\"auto\"")
    }

    static func show(_ series: SeriesRow, _ room: RoomRow, _ choices: ReaderChoices, _ ask: Ask) -> Page {
        let say = ask.say
        let title = series.other.map { say("letters.with", ["name": $0]) } ?? say("letters.with-nobody-yet")
        let list: HTML = """
            <section class="stack" aria-labelledby="letters"><h2 id="letters">\(say("letters.letters"))</h2>\(each: series.letters, { letter($0, series, choices, ask) })</section>
            """
        let leave: HTML =
            series.state == .ended
            ? ""
            : "<details class=\"card\"><summary>\(say("letters.leave-\(series.side.rawValue)"))</summary><p>\(say("letters.leave-\(series.side.rawValue)-more"))</p>\(Parts.act(ask, "/letters/\(series.id)/leave", say("letters.leave-\(series.side.rawValue)"), style: "plain"))</details>"
        return Page(
            title, tab: .talk, scripts: ["draft.js", "nudge.js"],
            body: """
                <nav aria-label="\(say("items.where"))"><a href="/letters">\(say("letters.title"))</a></nav><h1>\(title)</h1><p class="lead">\(status(series, ask))</p>
                <p class="quietly">\(Parts.room(room)) \(series.state == .ended ? "" : say("letters.until", ["when": ask.moments.date(series.endsAt), "letters": String(SeriesPlan.usual.letters)]))</p>\(list)\(writing(series, ask))\(review(series, ask))\(leave)
                """)
    }

    private static func letter(_ letter: LetterRow, _ series: SeriesRow, _ choices: ReaderChoices, _ ask: Ask) -> HTML {
        let say = ask.say
        let who = letter.isMine ? say("letters.yours") : say(letter.side == .seeker ? "letters.from-seeker" : "letters.from-befriender")
        let state: HTML =
            letter.state == .shown
            ? ""
            : "<p class=\"state\">\(Pictures.icon(.clock)) <span>\(say("states.\(letter.state.rawValue)"))</span> <a href=\"/items/\(letter.id)/sent\">\(say("items.what-now"))</a></p>"
        let deeds: HTML = letter.isMine ? "" : "<a href=\"/items/\(letter.id)/report\">\(say("items.report"))</a>"
        return """
            <article class="item\(letter.isMine, " mine")" id="i\(letter.id)"><header><span class="row"><b>\(who)</b></span><span class="quietly">\(ask.moments.element(letter.deliveredAt ?? letter.madeAt))</span></header>\
            \(words(letter, choices, ask))\(state)<footer>\(deeds)</footer></article>
            """
    }

    private static func words(_ letter: LetterRow, _ choices: ReaderChoices, _ ask: Ask) -> HTML {
        let inner: HTML = "<div class=\"words\">\(prose(letter.body))</div>"
        let covers = letter.covers(for: choices)
        return covers.isEmpty ? inner : ItemParts.covered(inner, covers, ask)
    }

    private static func writing(_ series: SeriesRow, _ ask: Ask) -> HTML {
        let say = ask.say
        guard series.state == .running, series.turn == .write(series.side) else { return "" }
        let help: HTML =
            series.side == .befriender
            ? "<details><summary>\(say("letters.ingredients"))</summary><ul class=\"stack\">\(each: ask.app.content.courses.first { $0.opens == .letters }?.skills ?? [], { "<li><b>\($0.name)</b>: \($0.means)</li>" })</ul></details>"
            : ""
        return """
            <form class="card stack" id="write" method="post" action="/letters/\(series.id)">\(Parts.token(ask, key: true))<h2>\(say("letters.write"))</h2>\(help)\
            \(WritePages.body(ask, draft: "letter-\(series.id)", label: "letters.your-letter", isReply: series.side == .befriender))\
            <button class="button">\(say("letters.send"))</button><p class="hint">\(say("letters.send-more"))</p></form>\(secondEyes(series, ask))
            """
    }

    /// For whoever writes back: the team looks at a draft before it goes.
    private static func secondEyes(_ series: SeriesRow, _ ask: Ask) -> HTML {
        let say = ask.say
        guard series.side == .befriender else { return "" }
        return """
            <details class="card"><summary>\(say("debrief.second-eyes"))</summary><p>\(say("debrief.second-eyes-more"))</p><form class="stack" method="post" action="/letters/\(series.id)/second-eyes">\(Parts.token(ask, key: true))\
            <div class="field"><label for="draft-eyes">\(say("debrief.draft"))</label><textarea id="draft-eyes" name="words" rows="4" required></textarea></div><button class="button soft">\(say("debrief.second-eyes-go"))</button></form></details>
            """
    }

    private static func review(_ series: SeriesRow, _ ask: Ask) -> HTML {
        let say = ask.say
        guard series.state == .ended else { return "" }
        if series.reviewed { return "<p class=\"say good\">\(say("letters.reviewed"))</p>" }
        return """
            <form class="card stack" method="post" action="/letters/\(series.id)/review">\(Parts.token(ask))<h2>\(say("letters.review"))</h2>\
            \(Parts.radios("answer", say("letters.review-\(series.side.rawValue)"), (1...5).map { (String($0), say("letters.answer-\($0)")) }))\
            \(Parts.area("words", say("letters.review-words"), hint: say("letters.review-hint"), rows: 3, extra: " maxlength=\"2000\""))<button class="button">\(say("today.save"))</button></form>
            """
    }

    /// With its letters where the reader's choices are given.
    static func json(_ series: SeriesRow, choices: ReaderChoices?) -> JSON {
        let turn: (String, LetterSide?) =
            switch series.turn {
            case .write(let side): ("write", side)
            case .onItsWay(let side): ("on-its-way", side)
            case .change(let side, _): ("change", side)
            case .over: ("over", nil)
            }
        return [
            "id": .id(series.id), "room": .id(series.room), "side": .string(series.side.rawValue), "state": .string(series.state.rawValue),
            "why": .text(series.why?.rawValue), "with": .text(series.other), "endsAt": .at(series.endsAt), "turn": .string(turn.0),
            "turnOf": .text(turn.1?.rawValue), "mayWrite": .bool(series.state == .running && series.turn == .write(series.side)),
            "reviewed": .bool(series.reviewed), "mostEach": .int(SeriesPlan.usual.letters),
            "letters": choices.map { choices in
                .list(
                    series.letters.map { one in
                        [
                            "id": .id(one.id), "side": .string(one.side.rawValue), "mine": .bool(one.isMine),
                            "state": .string(one.state.rawValue),
                            "body": .string(one.body), "at": .at(one.deliveredAt ?? one.madeAt),
                            "covered": .list(one.covers(for: choices).map { .string($0.code) }),
                        ]
                    })
            } ?? nil,
        ]
    }
}
