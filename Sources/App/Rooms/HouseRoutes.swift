import Foundation
import Rules
import Statistics
import Store

extension Routes {
    static let house: [Route] = [
        .visitor(.get, "/", "The front door.", HouseRoutes.door),
        .visitor(.get, "/about", "What this place is and how it is kept safe.", HouseRoutes.about),
        .visitor(.get, "/rules", "The house rules, plain or easy to read.", [.line("easy", 1, optional: true)], HouseRoutes.rules),
        .visitor(.get, "/parents", "For parents and carers.", HouseRoutes.parents),
        .visitor(.get, "/privacy", "What is kept, for how long, who can read it.", HouseRoutes.privacy),
        .visitor(.get, "/counts", "Moderation in numbers, month by month.", [.line("month", 7, optional: true)], HouseRoutes.counts),
        .visitor(.get, "/healthz", "Is the service well?", HouseRoutes.health),
        .visitor(.get, "/metrics", "Counters, for this machine or a program with the act `counts`.", HouseRoutes.metrics),
    ]
}

enum HouseRoutes {
    static func door(_ ask: Ask) async throws -> Answer {
        if let person = ask.person, ask.wants == .page {
            guard person.isStaff else { return .see("/today") }
            return .see(person.passedSecondFactor ? SignInRoutes.home(of: person.staff, now: ask.now) : "/sign-in/code")
        }
        let say = ask.say
        let staffed = try await ask.read { try $0.isSomeoneHereToTalk(ask.organisation.id) }
        let (_, lines, emergency) = HelpLines.shown(to: ask, country: ask.organisation.country)
        let page = Page(
            say("door.title"),
            body: """
                \(Pictures.scene())<h1>\(say("door.title"))</h1><p class="lead">\(say("door.lead"))</p>
                <p class="row"><a class="button" href="/rooms">\(say("door.look"))</a><a class="button" href="/join">\(say("door.start"))</a>\
                <a href="/sign-in">\(say("door.back"))</a></p>
                <section class="card" aria-labelledby="now"><h2 id="now">\(say("door.now"))</h2><ul class="help-lines">
                <li><a class="button help" href="tel:\(emergency.first ?? "112")">\(Pictures.icon(.phone))\(say("help.call", ["number": emergency.first ?? "112"]))</a><p>\(say("help.emergency-more"))</p></li>
                \(each: lines.prefix(1), { HelpRoutes.lineRow($0, say) })</ul><p><a href="/help">\(say("door.more-help"))</a></p></section>
                <section class="stack" aria-labelledby="safe"><h2 id="safe">\(say("door.safe"))</h2>
                <ul class="stack"><li>\(say("door.safe-1"))</li><li>\(say("door.safe-2"))</li><li>\(say(staffed ? "door.safe-3-now" : "door.safe-3-later"))</li></ul></section>
                <p class="quietly">\(say("door.who", ["name": ask.organisation.name])) <a href="/parents">\(say("frame.parents"))</a></p>
                """)
        return .page(page, json: ["name": .string(ask.organisation.name), "staffOnDuty": .bool(staffed)])
    }

    /// Easy-read is one control: on the page for everyone, kept for those who ask.
    private static func isEasy(_ ask: Ask) -> Bool {
        switch ask.query.optional("easy") {
        case "1": true
        case .some: false
        case nil: Look(ask.person?.look ?? "").easy
        }
    }

    private static func easySwitch(_ ask: Ask) -> HTML {
        isEasy(ask)
            ? "<p><a class=\"button plain\" href=\"\(ask.path)?easy=0\">\(Pictures.icon(.book))\(ask.say("house.full"))</a></p>"
            : "<p><a class=\"button plain\" href=\"\(ask.path)?easy=1\">\(Pictures.icon(.book))\(ask.say("house.easy"))</a></p>"
    }

    private static func text(_ ask: Ask, _ id: String, _ full: HTML) -> Answer {
        let easy = ask.app.content.easy.first { $0.id == id }
        let title = ask.say("house.\(id)-title")
        let body: HTML
        if isEasy(ask), let easy {
            body = "<h1>\(easy.title)</h1>\(easySwitch(ask))<ul class=\"stack lead\">\(each: easy.lines, { "<li>\($0)</li>" })</ul>"
        } else {
            body = "<h1>\(title)</h1>\(easy == nil ? "" : easySwitch(ask))\(full)"
        }
        return .page(Page(title, body: body), json: ["title": .string(title), "easy": .bool(isEasy(ask))])
    }

    private static func paragraphs(_ ask: Ask, _ keys: [String]) -> HTML {
        var made = HTML()
        for key in keys {
            made += "<section class=\"stack\"><h2>\(ask.say("house.\(key)-title"))</h2><p>\(ask.say("house.\(key)"))</p></section>"
        }
        return made
    }

    static func about(_ ask: Ask) async throws -> Answer {
        text(
            ask, "about",
            """
            \(paragraphs(ask, ["what", "who-reads", "not-for", "how-long", "evidence"]))<p><a class="button soft" href="/research">\(ask.say("research.title"))</a></p>\
            \(paragraphs(ask, ["not-reviewed"]))
            """)
    }

    static func rules(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let file = ask.app.content.houseRules
        let easy = isEasy(ask)
        let body: HTML = """
            <h1>\(say("house.rules-title"))</h1>\(easySwitch(ask))<ol class="steps">\(each: file.rules, { rule in
                easy
                    ? "<li id=\"\(rule.id)\"><p>\(rule.easy)</p></li>"
                    : "<li id=\"\(rule.id)\"><h2>\(rule.title)</h2><p>\(rule.why)</p><p class=\"quietly\">\(rule.example)</p></li>"
            })</ol><section class="stack"><h2>\(say("house.ladder-title"))</h2><p>\(say("house.ladder"))</p>
            <ol class="steps">\(each: ask.app.content.ladder.steps, { "<li><p>\($0.words)</p></li>" })</ol></section>
            """
        return .page(
            Page(say("house.rules-title"), body: body),
            json: [
                "version": .string(file.version), "easy": .bool(easy),
                "rules": .list(
                    file.rules.map { ["id": .string($0.id), "title": .string($0.title), "says": .string(easy ? $0.easy : $0.why)] }),
            ])
    }

    /// Open to all. Of rooms it says nothing but the day's theme in the staff's own words for parents.
    static func parents(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let weekday = ask.app.clock(ask.organisation).weekday(ask.now)
        let themes = try await ask.read { try $0.themesForParents(ask.organisation.id, weekday: weekday) }
        let today: HTML =
            themes.isEmpty
            ? ""
            : """
            <section class="card stack" aria-labelledby="today"><h2 id="today">\(say("house.parents-today"))</h2>\(each: themes, { "<h3>\($0.theme)</h3><div class=\"words\">\(prose($0.words))</div>" })</section>
            """
        let body: HTML = """
            <h1>\(say("house.parents-title"))</h1><p class="lead">\(say("house.parents-lead"))</p>\(today)
            \(paragraphs(ask, ["parents-safe", "parents-see", "parents-worried"]))<p><a class="button help" href="/help/worried">\(say("help.worried"))</a></p>
            """
        return .page(
            Page(say("house.parents-title"), body: body),
            json: [
                "title": .string(say("house.parents-title")),
                "today": .list(themes.map { ["theme": .string($0.theme), "words": .string($0.words)] }),
            ])
    }

    static func privacy(_ ask: Ask) async throws -> Answer {
        text(ask, "privacy", paragraphs(ask, ["kept", "who-can", "operator-can", "how-gone", "rights"]))
    }

    /// Suppressed: 1 to 7 as a star, the rest rounded to 5, one-way tables, no totals. Of months that are over alone: anybody can
    /// report, and whoever watched a running number while adding to it would know it at the moment the star falls.
    static func counts(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let clock = ask.app.clock(ask.organisation)
        let running = clock.startOfMonth(ask.now)
        var asked = running - .days(10)
        if let wanted = ask.query.optional("month") {
            guard wanted.count == 7, let moment = ISODate.read(wanted + "-15") else { throw Refusal.badChoice("month") }
            asked = moment
        }
        let from = clock.startOfMonth(asked)
        let isOver = from < running
        let until = clock.startOfMonth(from + .days(45))
        let organisation = ask.organisation.id
        let (counts, loosened, bad) = try await ask.read(long: true) { tx in
            // A line for each that counted at some time from this month on; one that ended before has ended.
            (
                try tx.monthlyCounts(organisation, from: from, until: isOver ? until : from),
                try tx.loosened(organisation).filter { $0.reviewAt > from },
                try BadMoments.counted(tx, ask, until: until)
            )
        }
        func table(_ key: String, _ rows: [(String, Int)], _ word: (String) -> String) -> HTML {
            rows.isEmpty
                ? "<section class=\"stack\"><h2>\(say("counts.\(key)"))</h2><p class=\"quietly\">\(say("counts.none"))</p></section>"
                : """
                <section class="stack"><h2 id="t-\(key)">\(say("counts.\(key)"))</h2><table class="counts" aria-labelledby="t-\(key)"><tbody>\(each: rows, { row in
                    "<tr><th scope=\"row\">\(word(row.0))</th><td>\(PublicCount(row.1).description)</td></tr>"
                })</tbody></table></section>
                """
        }
        let kinds = Dictionary(ask.app.content.reportKinds.map { ($0.id, $0.label) }, uniquingKeysWith: { a, _ in a })
        let body: HTML = """
            <h1>\(say("counts.title"))</h1><p class="lead">\(say("counts.lead", ["month": ask.moments.month(from + .days(2))]))</p>\(isOver ? "" : "<p class=\"say note\">\(say("counts.running"))</p>")
            <p class="row"><a href="/counts?month=\(ISODate.write(from - .days(10)).prefix(7))">\(say("counts.before"))</a>\(until < running ? "<a href=\"/counts?month=\(ISODate.write(until + .days(10)).prefix(7))\">\(say("counts.after"))</a>" : "")</p>
            \(table("acts", counts.acts) { say("acts.\($0)") })\(table("reports", counts.reports) { kinds[$0] ?? $0 })
            \(table("reasons", counts.reasons) { ask.app.content.reason($0)?.moderator ?? $0 })
            \(table("appeals", counts.appeals) { say("counts.appeal-\($0)") })\(BadMoments.section(bad, ask))
            <section class="stack"><h2>\(say("counts.loosened"))</h2>\(loosened.isEmpty ? "<p class=\"quietly\">\(say("counts.none-loosened"))</p>" : "")<ul class="stack">\(each: loosened, { one in
                """
                <li><strong>\(LoosenedRoutes.name(one.rule, say))</strong>: \(one.why). \
                \(say("counts.by", ["name": one.by, "date": ask.moments.date(one.reviewAt)]))</li>
                """
            })</ul></section><p class="quietly">\(say("counts.how"))</p>
            """
        @Sendable func list(_ rows: [(String, Int)]) -> JSON {
            .list(rows.map { ["what": .string($0.0), "count": .string(PublicCount($0.1).description)] })
        }
        return .page(
            Page(say("counts.title"), body: body),
            json: [
                "month": .string(String(ISODate.write(from + .days(2)).prefix(7))), "over": .bool(isOver), "acts": list(counts.acts),
                "reports": list(counts.reports), "reasons": list(counts.reasons), "appeals": list(counts.appeals),
                "badMoments": BadMoments.json(bad),
                "loosened": .list(
                    loosened.map { ["rule": .string($0.rule), "by": .string($0.by), "why": .string($0.why), "review": .at($0.reviewAt)] }),
            ])
    }

    static func health(_ ask: Ask) async throws -> Answer {
        let aside = try await ask.read { try $0.jobsSetAside() }
        return .json(["well": true, "jobsSetAside": .int(aside)])
    }

    /// Exact numbers, and as they change: never for strangers, who get the starred ones of `/counts`.
    static func metrics(_ ask: Ask) async throws -> Answer {
        guard ask.isFromThisMachine || ask.program?.acts.contains("counts") ?? false else { throw Refusal.notFound }
        let gauges = try await ask.read { try $0.gauges() }
        var text = ""
        for (name, value) in gauges { text += "understory_\(name) \(value)\n" }
        text += "understory_streams_open \(ask.app.live.count)\n"
        for (name, value) in ask.app.events.metrics() { text += "understory_\(name) \(value)\n" }
        return .text(text, type: "text/plain; version=0.0.4")
    }
}
