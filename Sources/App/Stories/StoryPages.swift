import Rules
import Store

enum StoryPages {
    /// Whose it is, how long ago, where they are now. Above the words.
    static func label(_ piece: PieceRow, _ ask: Ask) -> HTML {
        let say = ask.say
        var facts = [say("stories.form-\(piece.form.rawValue)")]
        if let band = piece.narratorBand, piece.form.saysWhose { facts.append(say("bands.\(band.rawValue)")) }
        if let since = piece.since { facts.append(say("stories.since-\(since.rawValue)")) }
        if let now = piece.nowIs { facts.append(say("stories.now", ["where": say("stories.now-\(now.rawValue)")])) }
        return "<p class=\"quietly\">\(facts.joined(separator: " · "))</p>"
    }

    /// What it hangs on: under the cover with the words, where there is one.
    static func reference(_ piece: PieceRow, _ ask: Ask) -> HTML {
        guard let one = piece.reference else { return "" }
        let say = ask.say
        let more: HTML =
            one.transcript.isEmpty
            ? "" : "<details><summary>\(say("stories.transcript"))</summary><div class=\"words\">\(prose(one.transcript))</div></details>"
        return "<p class=\"say note\">\(say("stories.reference-\(one.kind.rawValue)")): <b dir=\"auto\">\(one.words)</b></p>\(more)"
    }

    /// Which part this is, and the ones beside it.
    static func parts(_ parts: [ItemView], at item: ID<Item>, _ ask: Ask) -> HTML {
        guard let place = parts.firstIndex(where: { $0.id == item }) else { return "" }
        let say = ask.say
        func link(_ part: ItemView, _ word: String, _ icon: HTML, after: Bool) -> HTML {
            let title = part.sight == .show && !part.title.isEmpty ? part.title : say("items.covered-title")
            return
                "<a rel=\"\(word)\" href=\"/items/\(part.id)\">\(after ? "" : icon + " ")<span>\(say("stories.\(word)")): <span dir=\"auto\">\(title)</span></span>\(after ? " " + icon : "")</a>"
        }
        let before: HTML = place > 0 ? link(parts[place - 1], "prev", Pictures.icon(.back), after: false) : ""
        let next: HTML = place + 1 < parts.count ? link(parts[place + 1], "next", Pictures.icon(.next), after: true) : ""
        return """
            <nav class="card stack" aria-label="\(say("stories.parts"))"><p class="quietly">\(say("stories.part", ["n": String(place + 1), "all": String(parts.count)]))</p>\(before)\(next)</nav>
            """
    }

    static func partsJSON(_ parts: [ItemView]) -> JSON { .list(parts.map { .id($0.id) }) }

    /// After reading: how one feels, something to do, somebody to talk to.
    static func after(_ item: ItemView, _ ask: Ask) -> HTML {
        guard ask.person != nil, !item.isMine, item.state == .shown else { return "" }
        if case .hide = item.sight { return "" }
        let say = ask.say
        return """
            <section class="card stack" aria-labelledby="after"><h2 id="after">\(say("stories.after"))</h2><form class="row" method="post" action="/pieces/\(item.id)/felt">\(Parts.token(ask))\(each: FeltAfter.allCases, { answer in
                "<button class=\"button soft\" name=\"answer\" value=\"\(answer.rawValue)\">\(say("stories.felt-\(answer.rawValue)"))</button>"
            })</form><p class="row"><a href="/help/grounding">\(say("sent.one-tool"))</a> <a href="/talk">\(say("stories.talk"))</a> <a href="/items/\(item.id)/this-is-me">\(say("stories.this-is-me"))</a> <a href="/pieces/\(item.id)/after">\(say("after.more"))</a></p></section>
            """
    }

    static func thisIsMe(_ item: ItemView, _ room: RoomRow, _ ask: Ask) -> Page {
        let say = ask.say
        return Page(
            say("stories.me-title"), tab: .rooms,
            body: """
                <nav aria-label="\(say("items.where"))"><a href="/items/\(item.thread ?? item.id)">\(say("stories.me-back"))</a></nav><h1>\(say("stories.me-title"))</h1><p class="lead">\(say("stories.me-lead"))</p>
                <section class="card stack"><h2>\(say("stories.me-talk"))</h2><p>\(say("stories.me-talk-more"))</p><p class="row"><a class="button" href="/write">\(say("frame.write"))</a><a href="/rooms">\(say("frame.rooms"))</a></p></section>
                <section class="card stack"><h2>\(say("stories.me-skills"))</h2><p>\(say("stories.me-skills-more"))</p><p class="row"><a class="button soft" href="/help/grounding">\(say("sent.one-tool"))</a></p></section>
                <section class="card stack"><h2>\(say("stories.me-care"))</h2><p>\(say("stories.me-care-more"))</p><p class="row"><a class="button soft" href="/talk">\(say("stories.talk"))</a><a href="/help">\(say("items.help-now"))</a></p></section><p class="quietly">\(say("stories.me-no-label"))</p>
                """)
    }

    static func new(_ room: RoomRow, _ form: PieceForm, goesOn: [(ID<Item>, String)], _ ask: Ask) -> Page {
        let say = ask.say
        let forms: HTML = """
            <nav class="row" aria-label="\(say("stories.which-form"))">\(each: PieceForm.allCases, { one in
                "<a class=\"button \(one == form ? "soft" : "plain")\"\(one == form ? " aria-current=\"page\"" : "") href=\"/rooms/\(room.id)/pieces/new?form=\(one.rawValue)\">\(say("stories.form-\(one.rawValue)"))</a>"
            })</nav>
            """
        let kinds = ReferenceKind.allCases.filter { $0 != .video || room.videos }
        let whose: HTML =
            form.saysWhose
            ? "\(Parts.radios("since", say("stories.since"), TimeSince.allCases.map { ($0.rawValue, say("stories.since-\($0.rawValue)")) }))\(Parts.radios("now_is", say("stories.where-now"), WhereNow.allCases.map { ($0.rawValue, say("stories.now-\($0.rawValue)")) }))"
            : ""
        return Page(
            say("stories.new"), tab: .write, scripts: ["nudge.js", "draft.js"],
            body: """
                <nav aria-label="\(say("items.where"))">\(Parts.room(room))</nav><h1>\(say("stories.new"))</h1>\(forms)
                <form class="card stack" method="post" action="/rooms/\(room.id)/pieces">\(Parts.token(ask, key: true))<input type="hidden" name="form" value="\(form.rawValue)"><p>\(say("stories.how"))</p>
                \(Parts.field("title", say("stories.title-label"), extra: " maxlength=\"120\" required"))\(WritePages.body(ask, draft: "piece-\(room.id)", label: "stories.words-\(form.rawValue)"))\(whose)\(goesOn.isEmpty ? "" : Parts.select("goes_on", say("stories.goes-on"), [("", "–")] + goesOn.map { ($0.0.description, $0.1) }))
                <details\(form == .piece, " open")><summary>\(say("stories.hangs-on"))</summary><p class="hint">\(say("stories.hangs-on-more"))</p>\(Parts.select("reference_kind", say("stories.reference-kind"), [("", "–")] + kinds.map { ($0.rawValue, say("stories.reference-\($0.rawValue)")) }))\(Parts.field("reference", say("stories.reference"), hint: say("stories.reference-hint"), extra: " maxlength=\"200\""))\(Parts.area("transcript", say("stories.transcript-label"), hint: say("stories.transcript-hint"), rows: 3))</details>
                <details><summary>\(say("write.about"))</summary>\(Parts.boxes("topics", say("write.about-which"), ask.app.content.matters.map { ($0.id, $0.name) }))\(WritePages.note(ask))</details>
                \(WritePages.voice(room, ask))\(Parts.radios("final", say("stories.final"), [("1", say("stories.final-yes")), ("0", say("stories.final-no"))], chosen: "1"))<button class="button">\(say("write.send-checked"))</button></form>
                """)
    }

    /// On the narrator's own page of a piece: an editor's version, the language, and their yes.
    static func narrator(
        _ piece: PieceRow, _ item: ItemView, proposal: (title: String, body: String)?, seen: String,
        _ hints: [(words: String, why: String)], _ ask: Ask
    ) -> HTML {
        let say = ask.say
        let language: HTML =
            hints.isEmpty
            ? ""
            : "<section class=\"card stack\" aria-labelledby=\"language\"><h2 id=\"language\">\(say("stories.language"))</h2><ul class=\"stack\">\(each: hints, { "<li><b dir=\"auto\">“\($0.words)”</b> \($0.why)</li>" })</ul><p class=\"quietly\">\(say("stories.language-more"))</p></section>"
        let version: HTML =
            proposal.map { one in
                """
                <section class="card stack" aria-labelledby="version"><h2 id="version">\(say("stories.version"))</h2><p>\(say("stories.version-more"))</p><h3 dir="auto">\(one.title)</h3><div class="words">\(prose(one.body))</div>\
                <div class="row">\(Parts.act(ask, "/pieces/\(item.id)/take-proposal", say("stories.take-version"), style: "", hidden: [("seen", seen)]))\
                \(Parts.act(ask, "/pieces/\(item.id)/approve", say("stories.keep-own"), style: "plain", hidden: [("seen", seen)]))</div></section>
                """
            } ?? ""
        let yes: HTML =
            item.state == .waiting && piece.editorSaidYes && !piece.narratorSaidYes
            ? "<div class=\"say note stack\"><p>\(say(piece.isInterview ? "stories.say-yes-interview" : "stories.say-yes"))</p>\(Parts.act(ask, "/pieces/\(item.id)/approve", say("stories.yes"), style: "", hidden: [("seen", seen)]))</div>"
            : ""
        let day: HTML =
            piece.publishAt.map { $0 > ask.now ? "<p class=\"quietly\">\(say("stories.on-day", ["when": ask.moments.by($0)]))</p>" : "" }
            ?? ""
        return yes + version + language + day
    }

    static func json(_ piece: PieceRow) -> JSON {
        [
            "form": .string(piece.form.rawValue), "narratorBand": .text(piece.narratorBand?.rawValue),
            "since": .text(piece.since?.rawValue),
            "nowIs": .text(piece.nowIs?.rawValue), "interview": .bool(piece.isInterview),
            "reference": piece.reference.map {
                ["kind": .string($0.kind.rawValue), "words": .string($0.words), "transcript": .string($0.transcript)]
            } ?? nil,
            "narratorSaidYes": .bool(piece.narratorSaidYes), "editorSaidYes": .bool(piece.editorSaidYes), "publishAt": .at(piece.publishAt),
            "proposal": .bool(piece.hasProposal), "partOf": .id(piece.partOf),
        ]
    }
}
