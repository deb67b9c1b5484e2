import Rules
import Store

extension Routes {
    static let rights: [Route] = [
        .member(.get, "/you/export", "Take one's own words along.", RightsRoutes.exportForm),
        .member(
            .post, "/you/export", "The whole record as a file; the six words are asked again.",
            [.line("words", 200), .choice("format", ["json", "html", "fhir"], optional: true)], RightsRoutes.export),
        .member(.get, "/you/erase", "About erasing everything.", RightsRoutes.eraseForm),
        .member(
            .post, "/you/erase", "Erase everything; the six words are asked again.",
            [.line("words", 200), .choice("pace", Pace.self, optional: true), .list("moment", ["none"] + (1...12).map(String.init))],
            RightsRoutes.erase),
        .member(
            .get, "/standing", "Where one stands: decisions about one's own items, with reasons.",
            [.place("before")], StandingRoutes.show),
        .member(.post, "/decisions/:decision/appeal", "Ask another person to look.", [.words("words")], StandingRoutes.appeal),
    ]
}

enum RightsRoutes {
    /// The way back is asked again: a phone left on a table gives nobody the whole record; nor do new words that were made on it.
    static func proven(_ ask: Ask, _ person: Person) async throws {
        let limit = "proof \(person.account)"
        if let wait = ask.app.limits.guess(limit, now: ask.now) { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        let kept = try await ask.read { try $0.wayBack(of: person.account) }
        let secret = WayBack.read(ask.form.text("words"), list: ask.app.content.wayBackPlaces)
        var isRight = false
        if let hash = kept?.hash, let secret {
            // Too many at once: nobody's words were wrong.
            guard let answer = await ask.app.hasher.matches(secret, hash) else {
                ask.app.limits.takeBack(limit)
                throw Refusal.tooFast(minutes: 1)
            }
            isRight = answer
        }
        guard isRight else { throw Refusal.wrongWayBack }
        ask.app.limits.rightGuess(limit)
        if let from = kept?.countsFrom, from > ask.now {
            throw Refusal.rule("way-back-is-new", status: 403, ["when": ask.moments.by(from)])
        }
    }

    static func exportForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("export.title"))</h1><p class="lead">\(say("export.lead"))</p>
            \(person.sharedDevice ? "<p class=\"say note\">\(say("export.shared"))</p>" : "")
            <form class="card" method="post" action="/you/export">\(Parts.token(ask))\(Parts.field("words", say("signin.words"), extra: " autocomplete=\"off\" spellcheck=\"false\""))
            \(Parts.radios("format", say("export.format"), [("html", say("export.html")), ("json", say("export.json")), ("fhir", say("export.fhir"))], chosen: "html"))
            <button class="button">\(say("export.go"))</button></form><p class="quietly">\(say("export.others"))</p>
            """
        return .page(Page(say("export.title"), tab: .you, body: body), json: [:])
    }

    static func export(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.sharedDevice else { throw Refusal.rule("shared-device", status: 403) }
        try await proven(ask, person)
        if ask.form.text("format") == "fhir" { return try await FhirRoutes.mine(ask, person) }
        let record = try await ask.read(long: true) { try $0.record(of: person) }
        if ask.form.text("format") == "html" {
            return .file(name: "my-words.html", type: "text/html; charset=utf-8", bytes: ExportPages.page(record, person, ask).bytes)
        }
        return .file(name: "my-words.json", type: "application/json", bytes: ExportPages.json(record, person, ask).bytes)
    }

    static func eraseForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        let say = ask.say
        let other = try await ask.read { try $0.hasOtherVoices(person) }
        let pace: HTML = other ? Parts.radios("pace", say("erase.pace"), [("apart", say("erase.apart")), ("now", say("erase.now"))]) : ""
        let body: HTML = """
            <h1>\(say("erase.title"))</h1><p class="lead">\(say("erase.lead"))</p><h2>\(say("erase.stays-title"))</h2><p>\(say("erase.stays"))</p>
            <form class="card" method="post" action="/you/erase" data-forget>\(Parts.token(ask))\(pace)\(BadMoments.onLeaving(ask))
            \(Parts.field("words", say("signin.words"), extra: " autocomplete=\"off\" spellcheck=\"false\""))
            <button class="button stop">\(say("erase.go"))</button></form><p class="quietly">\(say("erase.break-instead")) <a href="/today">\(say("today.break"))</a></p>
            """
        // The script throws away half-written words of this tab when the form is sent.
        return .page(
            Page(say("erase.title"), tab: .you, scripts: ["draft.js"], body: body), json: ["hasOtherVoices": .bool(other)])
    }

    static func erase(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await proven(ask, person)
        let chosen: Pace? = ask.form.choice("pace")
        let chance = ask.app.chance
        let moments = BadMoments.saidOnLeaving(ask)
        try await ask.write { tx in
            // Pressed twice at once it is one leaving.
            guard try tx.beginErasure(of: person) else { return }
            if let moments {
                try tx.countLeaving(moments, in: person.organisation, month: ask.app.clock(ask.organisation).startOfMonth(ask.now))
            }
            // Apart unless chosen otherwise: two names that vanish together would tell that they were one.
            let pace = try chosen ?? (tx.hasOtherVoices(person) ? .apart : .now)
            try tx.erase(person, pace: pace, chance: { chance.share() })
        }
        try ask.app.ledger.add([person.account])
        ask.app.live.end(account: person.account)
        let say = ask.say
        let page = Page(
            say("erase.done-title"),
            body:
                "<h1>\(say("erase.done-title"))</h1><p class=\"lead\">\(say("erase.done"))</p><p><a class=\"button help\" href=\"/help\">\(say("frame.help"))</a></p>"
        )
        return .withSession(.end, .page(page, json: ["erased": true]))
    }
}
