import Rules
import Store

extension Routes {
    static let help: [Route] = [
        .always("/help", "Crisis help for a country; no sign-in, no script.", [.line("country", 2, optional: true)], HelpRoutes.help),
        .always(
            "/help/worried", "Worried about someone, in three steps; nothing is kept.", [.line("at", 40, optional: true)],
            HelpRoutes.worried),
        .always(
            "/help/grounding", "Things that help to get through ten minutes.", [.line("tool", 40, optional: true)], HelpRoutes.grounding),
        .always("/leave", "Leave at once.", HelpRoutes.leave),
        .always("/weather", "A dull page.", HelpRoutes.weather),
        .always("/offline", "What to do without a connection.", HelpRoutes.offline),
    ]
}

enum HelpRoutes {
    /// These pages are kept on the device for when there is no connection, and made new there when they are opened.
    private static let kept = ["keep.js"]

    static func help(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let chosen = ask.query.optional("country")?.uppercased() ?? ask.person?.country
        let code = chosen ?? ask.organisation.country
        let (country, lines, emergency) = HelpLines.shown(to: ask, country: code)
        let staffed = await isStaffed(ask)
        let hereKey: String
        switch staffed {
        case true?: hereKey = "help.here-now"
        case false?: hereKey = "help.here-later"
        case nil: hereKey = "help.here-unknown"
        }
        let number = emergency.first ?? "112"
        // The worker that keeps this page for when there is no connection keeps the country somebody chose.
        let mark: HTML = chosen.map { " data-chosen=\"\($0)\"" } ?? ""
        let minute = HelpLines.minute(in: country, at: ask.now)
        let asOf = ask.app.content.lines.asOf
        let looked = ISODate.read(asOf).map { ask.moments.date($0 + .hours(12)) } ?? asOf
        let here: HTML =
            ask.person.map { _ in
                """
                <section class="card" aria-labelledby="here"><h2 id="here">\(say("help.here"))</h2>
                <p>\(say(hereKey))</p>
                <p><a class="button" href="/talk">\(Pictures.icon(.talk))\(say("help.here-go"))</a></p></section>
                """
            }
            // To somebody who has not joined: when people are here, that they are, and how to get to them.
            ?? (staffed == true
                ? """
                <section class="card" aria-labelledby="here"><h2 id="here">\(say("help.here"))</h2><p>\(say("help.here-join"))</p>
                <p><a class="button" href="/join">\(say("help.here-join-go"))</a></p></section>
                """ : "")
        let body: HTML = """
            <h1>\(say("help.title"))</h1><p class="lead">\(say("help.lead", ["number": number]))</p>
            <ul class="help-lines"><li><a class="button help" href="tel:\(number)">\(Pictures.icon(.phone))\
            \(say("help.call", ["number": number]))</a><p><strong>\(say("help.emergency"))</strong> \(say("help.emergency-more"))</p></li>
            \(each: lines, { line in lineRow(line, say) })</ul>
            \(lines.isEmpty ? "<p class=\"say note\">\(say("help.no-lines"))</p>" : "")\(here)
            <section class="card" aria-labelledby="ten"><h2 id="ten">\(say("help.ten"))</h2>
            <ol class="steps"><li><p>\(say("help.ten-1"))</p></li><li><p>\(say("help.ten-2"))</p></li>\
            <li><p>\(say("help.ten-3"))</p></li><li><p>\(say("help.ten-4"))</p></li></ol>
            <p class="row"><a class="button plain" href="/help/grounding">\(Pictures.icon(.leaf))\(say("help.more-tools"))</a>\
            <a href="/help/worried">\(say("help.worried"))</a></p></section>
            <form method="get" action="/help" class="inline"\(mark)><div class="field"><label for="country">\(say("help.country"))</label>\
            <select id="country" name="country">\(each: JoinPages.countries(ask), { one in
                "<option value=\"\(one.value)\"\(one.value == code ? " selected" : "")>\(one.words)</option>"
            })</select></div><button class="button soft">\(say("help.show"))</button></form>
            <p class="quietly">\(say("help.more-lines")) <a href="\(country.directory)" rel="noreferrer">\(country.directory)</a>. \
            \(say("help.as-of", ["date": looked]))</p>
            <p><button class="button plain" data-print hidden>\(Pictures.icon(.print))\(say("help.print"))</button></p>
            """
        let json: JSON = [
            "country": .string(code), "emergency": .list(emergency.map(JSON.string)), "directory": .string(country.directory),
            "staffOnDuty": staffed.map(JSON.bool) ?? .null,
            "lines": .list(
                lines.map {
                    [
                        "name": .string($0.name), "number": .string($0.shown), "channel": .string($0.channel),
                        "hours": .string(HelpLines.hours($0, say)),
                        "opening": .string(HelpLines.opening(of: $0, minute: minute).rawValue),
                        "ages": .list($0.ages.map(JSON.int)),
                    ]
                }),
        ]
        return .page(Page(say("help.title"), scripts: kept, body: body), json: json)
    }

    /// Whether somebody of ours is here; nil when that can not be asked, which keeps nobody from the numbers.
    private static func isStaffed(_ ask: Ask) async -> Bool? {
        do { return try await ask.read { try $0.isSomeoneHereToTalk(ask.organisation.id) } } catch {
            ask.app.events.fault(error, route: "/help")
            return nil
        }
    }

    static func lineRow(_ line: Content.Line, _ say: Sentences) -> HTML {
        let (place, words, icon): (String, String, Pictures.Icon) =
            switch line.channel {
            case "text":
                (
                    "sms:\(line.dial)" + (line.text.map { "?body=\($0)" } ?? ""),
                    say("help.text", ["number": line.shown, "word": line.text ?? ""]), .message
                )
            case "whatsapp": ("https://wa.me/\(line.dial.filter(\.isNumber))", say("help.whatsapp", ["name": line.name]), .talk)
            case "chat": (line.dial.hasPrefix("http") ? line.dial : "tel:\(line.dial)", say("help.chat", ["name": line.name]), .talk)
            default: ("tel:\(line.dial)", say("help.call", ["number": line.shown]), .phone)
            }
        return """
            <li><a class="button soft" href="\(place)" rel="noreferrer">\(Pictures.icon(icon))\(words)</a>\
            <p><strong>\(line.name):</strong> \(HelpLines.hours(line, say)) \(line.cost == "free" ? say("help.free") : "") \
            \(HelpLines.ages(line, say))</p></li>
            """
    }

    static func worried(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let at = ask.query.optional("at") ?? ask.app.content.worried.questions.first?.id ?? ""
        if let question = ask.app.content.worried.questions.first(where: { $0.id == at }) {
            let page = Page(
                say("help.worried"), scripts: kept,
                body: """
                    <h1>\(say("help.worried"))</h1><p class="lead">\(question.asks)</p>
                    <div class="grid-choices">\(each: question.options, { option in
                        "<a class=\"button plain\" href=\"/help/worried?at=\(option.next)\">\(option.label)</a>"
                    })</div><p class="quietly">\(say("help.worried-kept"))</p>
                    """)
            return .page(
                page,
                json: [
                    "question": .string(question.asks),
                    "options": .list(question.options.map { ["label": .string($0.label), "next": .string($0.next)] }),
                ])
        }
        let advice = ask.app.content.worried.advice.first { $0.id == at }
        guard let advice else { throw Refusal.notFound }
        let page = Page(
            advice.title, scripts: kept,
            body: """
                <h1>\(advice.title)</h1><ol class="steps">\(each: advice.steps, { "<li><p>\($0)</p></li>" })</ol>
                <p class="row"><a class="button help" href="/help">\(Pictures.icon(.care))\(say("frame.help"))</a>\
                <a href="/help/worried">\(say("help.worried-again"))</a></p>
                """)
        return .page(page, json: ["advice": .string(advice.title), "steps": .list(advice.steps.map(JSON.string))])
    }

    static func grounding(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let tools = ask.app.content.tools
        let chosen = ask.query.optional("tool").flatMap { id in tools.first { $0.id == id } }
        if ask.query.optional("tool") != nil, chosen == nil { throw Refusal.notFound }
        let body: HTML
        if let chosen {
            body = """
                <h1>\(chosen.name)</h1><p class="quietly">\(say("help.minutes", n: chosen.minutes))</p>
                <ol class="steps">\(each: chosen.steps, { "<li><p>\($0)</p></li>" })</ol>
                <p><a class="button soft" href="/help/grounding">\(say("help.other-tools"))</a></p>
                """
        } else {
            body = """
                <h1>\(say("help.tools-title"))</h1><p class="lead">\(say("help.tools-lead"))</p>
                <div class="tiles">\(each: tools, { tool in
                    """
                    <a class="card" href="/help/grounding?tool=\(tool.id)"><h2>\(tool.name)</h2>\
                    <p class="quietly">\(say("help.minutes", n: tool.minutes))</p></a>
                    """
                })</div>
                """
        }
        return .page(
            Page(chosen?.name ?? say("help.tools-title"), scripts: kept, body: body),
            json: [
                "tools": .list(
                    tools.map {
                        [
                            "id": .string($0.id), "name": .string($0.name), "minutes": .int($0.minutes),
                            "steps": .list($0.steps.map(JSON.string)),
                        ]
                    })
            ])
    }

    static func leave(_ ask: Ask) async throws -> Answer { .see(ask.app.settings.leaveTo) }

    /// Says nothing of where somebody came from; carries none of our frame.
    static func weather(_ ask: Ask) async throws -> Answer {
        .text(
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Weather</title><meta name=\"viewport\" content=\"width=device-width\"><h1>Weather</h1><p>Cloudy with sunny spells. Light wind from the west.</p></html>",
            type: "text/html; charset=utf-8")
    }

    static func offline(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        return .page(
            Page(
                say("help.offline-title"),
                body:
                    "<h1>\(say("help.offline-title"))</h1><p class=\"lead\">\(say("help.offline"))</p><p><a class=\"button help\" href=\"/help\">\(say("frame.help"))</a></p>"
            ),
            json: [:])
    }
}
