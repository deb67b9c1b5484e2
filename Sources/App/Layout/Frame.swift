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
        made += """
            </head><body\(live)\(look.keysOff ? " data-keys=\"off\"" : "")>\
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
        if person.staff.holds(.manageRooms, now: ask.now) || person.staff.holds(.readCounts, now: ask.now) {
            places.append((.write, "/operator", .settings, "frame.operator"))
        }
        places += [(.rooms, "/rooms", .rooms, "frame.rooms"), (.talk, "/talk", .talk, "frame.talk"), (.you, "/you", .you, "frame.you")]
        return
            "<nav class=\"tabs\" aria-label=\"\(ask.say("frame.main"))\">\(each: places.prefix(5), { one in tabLink(one, tab, ask) })</nav>"
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

/// A refusal as a page: what happened, what can be done, and the writer's own words, ready to be sent again.
enum RefusalPage {
    static func page(_ refusal: Refusal, words: String, _ ask: Ask) -> Page {
        let say = ask.say
        var kept = HTML()
        let carried = ask.form.order.filter { $0 != "csrf" && $0 != "key" && !ask.form.text($0).isEmpty }
        if ask.method == .post, !carried.isEmpty, refusal.status != 404 {
            kept += "<form class=\"card\" method=\"post\" action=\"\(ask.path)\">\(Parts.token(ask))"
            kept += "<h2>\(say("refusals.kept"))</h2>"
            let secret: Set<String> = ["words", "code"]
            let isSignIn = ask.path.hasPrefix("/sign-in") || ask.path.hasPrefix("/you/e")
            for name in carried {
                for value in ask.form.list(name) {
                    if isSignIn, secret.contains(name) { continue }
                    // Broken text is shown as far as it can be; a NUL can stand in no page.
                    let shown = value.replacing("\0", with: "")
                    if name == "body" || name == "words" || name == "text" || shown.count > 80 {
                        kept += """
                            <div class="field"><label for="kept-\(name)">\(say("refusals.field-\(name == "title" ? "title" : "words")"))</label>\
                            <textarea id="kept-\(name)" name="\(name)" rows="8">\(shown)</textarea></div>
                            """
                    } else {
                        kept += "<input type=\"hidden\" name=\"\(name)\" value=\"\(shown)\">"
                    }
                }
            }
            kept += "<button class=\"button\">\(say("refusals.again"))</button></form>"
        }
        let back: HTML =
            refusal.code == "sign-in"
            ? "<a class=\"button\" href=\"/sign-in\">\(say("refusals.to-sign-in"))</a>"
            : refusal.code == "second-factor"
                ? "<a class=\"button\" href=\"/sign-in/code\">\(say("refusals.to-code"))</a>"
                : "<a class=\"button soft\" href=\"/\">\(say("refusals.to-start"))</a>"
        return Page(
            say("refusals.title-\(refusal.status == 404 ? "404" : "other")"),
            body: """
                <h1>\(say("refusals.title-\(refusal.status == 404 ? "404" : "other")"))</h1>\
                <p class="say note" role="alert">\(words)</p>\(kept)\
                <p class="row">\(back)<a class="button help" href="/help">\(Pictures.icon(.care))\(say("frame.help"))</a></p>
                """)
    }
}
