import Rules

/// Starting: one question a page, large choices, Back works, each step named in words.
enum JoinPages {
    /// What was answered so far travels with the page: nothing is kept of somebody who does not finish.
    private static func carried(_ ask: Ask, but skipped: Set<String>, step: String) -> HTML {
        var made: HTML = "<input type=\"hidden\" name=\"step\" value=\"\(step)\">"
        for name in ["band", "country", "name", "stage", "intent", "shared", "cover", "hide"] where !skipped.contains(name) {
            for value in ask.form.list(name) where !value.isEmpty {
                made += "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">"
            }
        }
        return made
    }

    private static func page(_ ask: Ask, _ step: Int, _ title: String, _ body: HTML) -> Page {
        Page(
            ask.say(title),
            body: "<p class=\"quietly\">\(ask.say("join.step", ["n": String(step)]))</p><h1>\(ask.say(title))</h1>\(body)")
    }

    static func age(_ ask: Ask, missing: Bool = false) -> Page {
        let say = ask.say
        let options =
            AgeBand.offered.map { ($0.rawValue, say("bands.\($0.rawValue)")) }
            + [("younger", say("join.younger")), ("older", say("join.older")), ("unknown", say("join.unknown"))]
        let note: HTML = missing ? "<p class=\"say note\" role=\"alert\">\(say("join.pick-age"))</p>" : ""
        return page(
            ask, 1, "join.age-title",
            """
            <p class="lead">\(say("join.age-why"))</p>\(note)
            <form method="post" action="/join" class="stack"><input type="hidden" name="step" value="age">
            \(Parts.select("country", say("join.country"), countries(ask), chosen: ask.organisation.country, hint: say("join.country-why")))
            <div class="grid-choices">\(each: options, { option in
                "<button class=\"button plain\" name=\"band\" value=\"\(option.0)\">\(option.1)</button>"
            })</div></form><p><a href="/sign-in">\(say("join.been-here"))</a></p>
            """)
    }

    static func countries(_ ask: Ask) -> [(value: String, words: String)] {
        ask.app.content.lines.countries.filter { $0.key != "_" }.map { ($0.key, $0.value.name) }
            .sorted { $0.1 < $1.1 } + [("ZZ", ask.say("join.elsewhere"))]
    }

    static func bird(_ ask: Ask, names: [String]) -> Page {
        let say = ask.say
        return page(
            ask, 2, "join.bird-title",
            """
            <p class="lead">\(say("join.bird-why"))</p>
            <form method="post" action="/join" class="stack">\(carried(ask, but: ["name"], step: "bird"))
            <div class="grid-choices">\(each: names, { name in
                "<button class=\"button plain\" name=\"name\" value=\"\(name)\">\(Pictures.bird(seed: name)) \(name)</button>"
            })</div>
            <p><button class="button soft" name="another" value="1">\(say("join.another"))</button></p></form>
            """)
    }

    static func see(_ ask: Ask, band: AgeBand?) -> Page {
        let say = ask.say
        let defaults = ask.app.content.defaultChoices(band)
        return page(
            ask, 3, "join.see-title",
            """
            <p class="lead">\(say("join.see-why"))</p>
            <form method="post" action="/join" class="stack">\(carried(ask, but: ["cover", "hide", "intent", "stage"], step: "see"))
            <div class="grid-choices">\(each: ask.app.content.matters, { matter in
                """
                <label><input type="checkbox" name="cover" value="\(matter.id)"\
                \(defaults[matter.id] == .show ? "" : " checked")> <span>\(matter.name)</span></label>
                """
            })</div><p class="hint">\(say("join.see-later"))</p>
            \(Parts.radios("intent", say("join.intent"), Intent.allCases.map { ($0.rawValue, say("join.intent-\($0.rawValue)")) }))
            <details><summary>\(say("join.stage-more"))</summary>
            \(Parts.radios("stage", say("join.stage"), Stage.allCases.map { ($0.rawValue, say("join.stage-\($0.rawValue)")) }))</details>
            \(Parts.check("shared", say("join.shared")))
            <button class="button broad">\(say("join.next"))</button></form>
            """)
    }

    static func rules(_ ask: Ask) -> Page {
        let say = ask.say
        return page(
            ask, 4, "join.rules-title",
            """
            <ol class="steps"><li><p>\(say("join.rule-kind"))</p></li><li><p>\(say("join.rule-names"))</p></li>\
            <li><p>\(say("join.rule-tell"))</p></li></ol>
            <p class="say care">\(say("join.promise"))</p>
            <p class="quietly">\(say("join.lost-way"))</p>
            <form method="post" action="/join" class="row">\(carried(ask, but: [], step: "done"))\
            <input type="hidden" name="agree" value="1"><button class="button broad">\(say("join.agree"))</button>\
            <a href="/rules">\(say("join.all-rules"))</a></form>
            """)
    }

    static func wayBack(_ ask: Ask, name: String, _ way: WayBack, next: String) -> Page {
        let say = ask.say
        return Page(
            say("wayback.title"),
            body: """
                <h1>\(say("wayback.title"))</h1><p class="lead">\(say("wayback.why"))</p>
                <section class="card print-me" aria-labelledby="way">
                <p id="way" class="row">\(Pictures.bird(seed: name)) <b>\(name)</b></p>
                <ol class="words-pictures">\(each: zip(way.words, way.pictures), { pair in
                    "<li><span aria-hidden=\"true\">\(pair.1)</span>\(pair.0)</li>"
                })</ol></section>
                <p class="say note">\(say("wayback.once"))</p><p>\(say("wayback.lost"))</p>
                <p class="row"><button class="button plain" data-print hidden>\(Pictures.icon(.print))\(say("wayback.print"))</button>
                <a class="button" href="\(next)">\(say("wayback.written"))</a></p>
                """)
    }

    private static func ending(_ ask: Ask, _ key: String, _ more: HTML = "", help: String = "/help") -> Page {
        Page(
            ask.say("join.\(key)-title"),
            body: """
                <h1>\(ask.say("join.\(key)-title"))</h1><p class="lead">\(ask.say("join.\(key)"))</p>\(more)
                <p class="row"><a class="button help" href="\(help)">\(ask.say("frame.help"))</a>\
                <a class="button soft" href="/help/grounding">\(ask.say("join.tools"))</a></p>
                """)
    }

    static func tooYoung(_ ask: Ask) -> Page { ending(ask, "too-young") }
    static func tooOld(_ ask: Ask) -> Page { ending(ask, "too-old") }

    /// The host's rule asks for an adult: what is open all the same, and what to do next. Nobody is called for them.
    static func adult(_ ask: Ask, age: Int, country: String) -> Page {
        let say = ask.say
        let help = "/help?country=\(country)"
        let more: HTML = """
            <p>\(say("join.adult-age", ["age": String(age)]))</p>
            <section class="card" aria-labelledby="still"><h2 id="still">\(say("join.adult-open"))</h2><ul class="stack">\
            <li><a href="/rooms">\(say("join.adult-read"))</a></li><li><a href="\(help)">\(say("join.adult-urgent"))</a></li>\
            <li><a href="/help/worried">\(say("join.adult-worried"))</a></li></ul></section>
            <section class="card" aria-labelledby="next"><h2 id="next">\(say("join.adult-next"))</h2><ol class="steps">\
            <li><p>\(say("join.adult-show")) <a href="/parents">\(say("frame.parents"))</a></p></li>\
            <li><p>\(say("join.adult-ask"))</p></li>\
            <li><p>\(say("join.adult-slip")) <a href="/join">\(say("join.adult-again"))</a></p></li></ol>\
            <p class="quietly">\(say("join.adult-no-call"))</p></section>
            """
        return ending(ask, "adult", more, help: help)
    }
}
