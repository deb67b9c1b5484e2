import Rules
import Store

/// The frame of every page: name, Help now, Leave, five places; the same order everywhere.
enum Frame {
    static func page(_ page: Page, _ ask: Ask) -> HTML {
        let say = ask.say
        let statics = ask.app.statics
        var made = HTML()
        made.reserve(page.body.bytes.count + 6000)
        let look = Look(ask.person?.look ?? "")
        made += """
            <!DOCTYPE html><html lang="en" dir="ltr"\(look.attributes)><head><meta charset="utf-8">\
            <title>\(page.title) · \(say("frame.name"))</title>\
            <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">\
            <meta name="color-scheme" content="light dark"><link rel="stylesheet" href="\(statics.address("app.css"))">\
            <link rel="icon" href="/icon.svg" type="image/svg+xml"><link rel="manifest" href="/manifest.webmanifest">
            """
        for script in scripts(page, ask) { made += "<script src=\"\(statics.address(script))\" defer></script>" }
        let live: HTML = ask.person == nil ? "" : " data-live=\"/live\""
        // Names the draft whose words are here now: the browser lets go of its copy.
        let arrived: HTML = ask.query.optional("arrived").map { " data-arrived=\"\($0)\"" } ?? ""
        made += """
            </head><body\(live)\(arrived)\(look.keysOff ? " data-keys=\"off\"" : "")>\
            <a class="skip" href="#main">\(say("frame.skip"))</a><header class="bar">\
            <a class="name" href="/">\(Pictures.icon(.leaf))\(say("frame.name"))</a>\
            <a class="button help" href="/help">\(Pictures.icon(.care))\(say("frame.help"))</a>\
            <a class="button plain" href="/leave" rel="noreferrer nofollow" data-leave>\(Pictures.icon(.leave))\(say("frame.leave"))\
            <span class="seen-by-readers-only"> \(say("frame.leave-more"))</span></a></header>\(tabs(page.tab, ask))\
            <main id="main" tabindex="-1"\(page.wide ? " class=\"wide\"" : "")>
            """
        if let toast = ask.query.optional("done"), say.knows("done.\(toast)") {
            made += "<div class=\"toast\" role=\"status\"><span>\(say("done.\(toast)"))</span></div>"
        }
        made += page.body
        made += "</main>\(foot(ask))</body></html>"
        return made
    }

    private static func scripts(_ page: Page, _ ask: Ask) -> [String] {
        var names = ["leave.js", "once.js", "trust.js"]
        if ask.person != nil { names += ["trail.js", "live.js"] }
        return names + page.scripts
    }

    private static func tabs(_ tab: Page.Tab, _ ask: Ask) -> HTML {
        let say = ask.say
        if let person = ask.person, person.isStaff { return staffTabs(tab, person, ask) }
        let places: [(Page.Tab, String, Pictures.Icon, String)] = [
            (.today, "/today", .today, "frame.today"), (.rooms, "/rooms", .rooms, "frame.rooms"),
            (.write, "/write", .write, "frame.write"), (.talk, "/talk", .talk, "frame.talk"),
            (.you, "/you", .you, "frame.you"),
        ]
        return "<nav class=\"tabs\" aria-label=\"\(say("frame.main"))\">\(each: places, { one in tabLink(one, tab, ask) })</nav>"
    }

    private static func staffTabs(_ tab: Page.Tab, _ person: Person, _ ask: Ask) -> HTML {
        var places: [(Page.Tab, String, Pictures.Icon, String)] = []
        if person.staff.holds(.readQueue, now: ask.now) {
            places += [(.today, "/queue", .flag, "frame.queue"), (.none, "/duty", .bell, "frame.duty")]
        }
        let counts = person.staff.holds(.readCounts, now: ask.now)
        if counts || person.staff.holds(.manageRooms, now: ask.now) {
            places.append((.write, counts ? "/operator" : "/operator/rooms", .settings, "frame.operator"))
        }
        // Who has nothing else to run here has studies to run, or to watch.
        if places.isEmpty, person.staff.holds(.research, now: ask.now) {
            places.append((.write, "/researcher/studies", .settings, "frame.studies"))
        }
        if places.isEmpty, person.staff.holds(.monitor, now: ask.now) { places.append((.write, "/monitor", .settings, "frame.studies")) }
        places += [(.rooms, "/rooms", .rooms, "frame.rooms"), (.talk, "/talk", .talk, "frame.talk"), (.you, "/you", .you, "frame.you")]
        // Five fit, and You is always one of them: signing out is there. The queue's own page leads to Duty.
        if places.count > 5 { places.removeAll { $0.1 == "/duty" } }
        return "<nav class=\"tabs\" aria-label=\"\(ask.say("frame.main"))\">\(each: places, { one in tabLink(one, tab, ask) })</nav>"
    }

    private static func tabLink(
        _ one: (Page.Tab, String, Pictures.Icon, String), _ tab: Page.Tab, _ ask: Ask
    ) -> HTML {
        let dot: HTML =
            one.0 == .today
            ? "<span class=\"dot\" data-notice-dot hidden><span class=\"seen-by-readers-only\">\(ask.say("frame.new"))</span></span>"
            : ""
        return """
            <a href="\(one.1)"\(one.0 == tab && tab != .none ? " aria-current=\"page\"" : "")>\
            \(Pictures.icon(one.2))<span>\(ask.say(one.3))</span>\(dot)</a>
            """
    }

    private static func foot(_ ask: Ask) -> HTML {
        let say = ask.say
        let who: HTML =
            ask.person.map { person in
                "<p>\(say(person.isStaff ? "frame.you-are-staff" : "frame.you-are", ["name": person.shownName]))</p>"
            } ?? ""
        let demo: HTML = ask.app.settings.isDemo ? "<p class=\"quietly\">\(say("frame.demo"))</p>" : ""
        return """
            <footer class="foot stack">\(who)\(demo)<ul><li><a href="/about">\(say("frame.about"))</a></li>\
            <li><a href="/rules">\(say("frame.rules"))</a></li><li><a href="/privacy">\(say("frame.privacy"))</a></li>\
            <li><a href="/parents">\(say("frame.parents"))</a></li><li><a href="/counts">\(say("frame.counts"))</a></li></ul></footer>
            """
    }
}

/// How a person wants it to look: stored with the account, set by the server, so that nothing flashes.
struct Look: Sendable, Equatable {
    var theme = "system"
    var size = "normal"
    var trailOff = false
    var easy = false
    var keysOff = false

    init(_ written: String) {
        for word in written.split(separator: " ") {
            switch word {
            case "light", "dark", "quiet": theme = String(word)
            case "bigger", "biggest": size = String(word)
            case "no-trail": trailOff = true
            case "easy": easy = true
            case "no-keys": keysOff = true
            default: continue
            }
        }
    }

    var written: String {
        [
            theme == "system" ? "" : theme, size == "normal" ? "" : size, trailOff ? "no-trail" : "", easy ? "easy" : "",
            keysOff ? "no-keys" : "",
        ].filter { !$0.isEmpty }.joined(separator: " ")
    }

    var attributes: HTML {
        var made = HTML()
        if theme != "system" { made += " data-theme=\"\(theme)\"" }
        if size != "normal" { made += " data-size=\"\(size)\"" }
        if trailOff { made += " data-trail=\"off\"" }
        return made
    }
}

/// A refusal as a page: what happened, what can be done, and the writer's own words: in a form that can be sent again
/// where that can help, else as text to copy, with the way back to the page they came from.
enum RefusalPage {
    static func page(_ refusal: Refusal, words: String, _ ask: Ask) -> Page {
        let say = ask.say
        let title = say("refusals.title-\(refusal.status == 404 ? "404" : "other")")
        let kept = kept(refusal, ask)
        return Page(
            title,
            body: """
                <h1>\(title)</h1>\(isInDanger(ask) ? SentRoutes.helpAtOnce(staffed: nil, ask, more: "") : "")<p class="say note" role="alert">\(words)</p>\(kept)\
                <p class="row">\(back(refusal, ask, alone: kept.isEmpty))\
                <a class="button help" href="/help">\(Pictures.icon(.care))\(say("frame.help"))</a></p>
                """)
    }

    /// They ask for what must not stand in a page again: one starts anew there.
    private static let secretPages: Set<String> = ["/sign-in", "/sign-in/code", "/you/export", "/you/erase"]
    /// What may have passed when the same is sent again.
    private static let passing: Set<String> = [
        "forged", "too-fast", "fault", "stopping", "unreadable", "unknown-field", "sign-in", "second-factor",
    ]

    private static func parts(_ ask: Ask) -> [Substring] { ask.path.split(separator: "/") }

    private static func address(_ parts: [Substring]) -> String { "/" + parts.joined(separator: "/") }

    private static func find(_ method: Method, _ parts: [Substring]) -> Route? {
        Routes.all.first { route in
            let pattern = route.path.split(separator: "/")
            return route.method == method && pattern.count == parts.count
                && zip(pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
    }

    /// Whatever else is refused, somebody who wrote that they are in danger gets a person first.
    static func isInDanger(_ ask: Ask) -> Bool {
        guard ask.method == .post, ask.person != nil else { return false }
        let words = ["title", "body", "words", "text", "note", "q"].map { ask.form.text($0) }.filter { !$0.isEmpty }.joined(separator: "\n")
        return !words.isEmpty && Rules.isInDanger(ask.screen(String(words.prefix(Words.longest))))
    }

    // The words.

    private static func kept(_ refusal: Refusal, _ ask: Ask) -> HTML {
        let parts = parts(ask)
        guard ask.method == .post, !secretPages.contains(address(parts)), let route = find(.post, parts) else { return "" }
        let blamed = refusal.field.flatMap { name in route.fields.first { $0.name == name } }
        // A choice that was left out is made on its own page: here the same would be sent again.
        let isChoice = blamed.map { $0.required && !isTyped($0) } ?? false
        return refusal.status == 404 || isChoice ? copies(route, ask) : form(route, blamed, refusal, ask)
    }

    private static func isTyped(_ field: Field) -> Bool {
        switch field.kind {
        case .line, .words, .table, .int: true
        case .choice, .list, .flag, .id: false
        }
    }

    /// What somebody wrote, as against what they chose: it is shown, never hidden in the page.
    private static func isWritten(_ field: Field, _ value: String) -> Bool {
        switch field.kind {
        case .words, .table: true
        case .line: field.name == "title" || value.count > 80
        case .choice, .list, .flag, .int, .id: false
        }
    }

    /// Broken text is shown as far as it can be; a NUL can stand in no page.
    private static func shown(_ value: String) -> String { value.replacing("\0", with: "") }

    private static func label(_ field: Field, _ ask: Ask) -> String {
        if field.name == "title" { return ask.say("refusals.field-title") }
        switch field.kind {
        case .words: return ask.say("refusals.field-words")
        case .line, .table, .choice, .list, .flag, .int, .id:
            return ask.say.knows("fields.\(field.name)") ? ask.say("fields.\(field.name)") : ask.say("refusals.field-words")
        }
    }

    private static func control(_ field: Field, _ value: String, _ ask: Ask, readOnly: Bool = false) -> HTML {
        let lock: HTML = readOnly ? " readonly" : ""
        let start: HTML = "<div class=\"field\"><label for=\"kept-\(field.name)\">\(label(field, ask))</label>"
        let isLong = field.kind == .words || value.utf8.count > 80
        let box: HTML =
            isLong
            ? "<textarea id=\"kept-\(field.name)\" name=\"\(field.name)\" rows=\"8\" dir=\"auto\"\(lock)>\(shown(value))</textarea>"
            : "<input id=\"kept-\(field.name)\" name=\"\(field.name)\" value=\"\(shown(value))\" dir=\"auto\"\(lock)>"
        return start + box + "</div>"
    }

    /// As text to copy: sending it again can not help.
    private static func copies(_ route: Route, _ ask: Ask) -> HTML {
        var made = HTML()
        for field in route.fields {
            let value = ask.form.text(field.name)
            if !value.isEmpty, isWritten(field, value) { made += control(field, value, ask, readOnly: true) }
        }
        if made.isEmpty { return "" }
        return """
            <section class="card" aria-labelledby="kept"><h2 id="kept">\(ask.say("refusals.kept"))</h2>\
            <p class="hint">\(ask.say("refusals.kept-copy"))</p>\(made)</section>
            """
    }

    /// As a form: what is to blame and what was written can be changed, all else travels along, the press's own key too,
    /// so that one thing comes of it. Nothing, where the same could only be refused again.
    private static func form(_ route: Route, _ blamed: Field?, _ refusal: Refusal, _ ask: Ask) -> HTML {
        let say = ask.say
        var (open, hidden) = (HTML(), HTML())
        for field in route.fields {
            let isBlamed = field.name == blamed?.name
            let values = ask.form.list(field.name)
            if isBlamed, isTyped(field), field.name != "key" {
                open += control(field, values.first ?? "", ask)
            } else if isBlamed {
                continue  // it may be left out, and the one that was sent is no good
            } else {
                for value in values where !value.isEmpty {
                    if isWritten(field, value) {
                        open += control(field, value, ask)
                    } else {
                        hidden += "<input type=\"hidden\" name=\"\(field.name)\" value=\"\(shown(value))\">"
                    }
                }
            }
        }
        guard !open.isEmpty || !hidden.isEmpty && (blamed != nil || passing.contains(refusal.code)) else { return "" }
        return """
            <form class="card" method="post" action="\(address(parts(ask)))">\(Parts.token(ask))\
            <h2>\(say(open.isEmpty ? "refusals.kept-form" : "refusals.kept"))</h2>\(open)\(hidden)\
            <button class="button">\(say("refusals.again"))</button></form>
            """
    }

    // The way on.

    private static func back(_ refusal: Refusal, _ ask: Ask, alone: Bool) -> HTML {
        let say = ask.say
        func link(_ place: String, _ words: String, _ style: String = "") -> HTML {
            "<a class=\"button \(style)\" href=\"\(place)\">\(words)</a>"
        }
        if refusal.code == "sign-in" { return link("/sign-in", say("refusals.to-sign-in")) }
        if refusal.code == "second-factor" { return link("/sign-in/code", say("refusals.to-code")) }
        let parts = parts(ask)
        if ask.method == .post, secretPages.contains(address(parts)) { return link(address(parts), say("refusals.to-page")) }
        if ask.method == .post, refusal.status != 404, let place = formPage(parts) {
            return link(place, say("refusals.to-form"), alone ? "" : "soft")
        }
        return link("/", say("refusals.to-start"), "soft")
    }

    /// The page that holds the form of this address, or the thing it is about.
    private static func formPage(_ parts: [Substring]) -> String? {
        if parts.count == 3 {
            switch (parts[0], parts[2]) {
            case ("rooms", "items"): return "/write?room=\(parts[1])"
            case ("rooms", "join"): return "/rooms/\(parts[1])/card"
            case ("items", "reports"): return "/items/\(parts[1])/report"
            case ("decisions", "appeal"): return "/standing"
            default: break
            }
        }
        if parts == ["conversations"] { return "/talk" }
        var rest = parts
        while !rest.isEmpty {
            if find(.get, rest) != nil { return address(rest) }
            rest.removeLast()
        }
        return nil
    }
}
