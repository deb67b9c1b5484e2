import Rules
import Store

extension Routes {
    static let matterFields: [Field] = [
        "self-harm", "wanting-to-die", "food-and-body", "abuse-at-home", "sexual-harm", "death-of-someone", "bullying",
        "drink-and-drugs", "hospital-and-treatment", "family-fights", "racism-and-hate", "lgbtq",
    ].map { .choice("matter.\($0)", Choice.self, optional: true) }

    static let reading: [Route] = [
        .member(.get, "/see", "What I see: show, cover or hide each matter; own words; limits.", SeeRoutes.show),
        .member(
            .post, "/see", "Save what I see.",
            matterFields + [
                .words("words", optional: true), .int("heavy_limit", 0...20, optional: true),
                .line("quiet_from", 5, optional: true), .line("quiet_to", 5, optional: true), .flag("reset"),
            ], SeeRoutes.save),
        .member(.get, "/see/people", "People and rooms I hid.", SeeRoutes.people),
        .member(.post, "/muted/:id/end", "Show somebody or a room again.", SeeRoutes.unmute),
    ]
}

enum SeeRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let settings = try await ask.read { try $0.settings(of: person) }
        let say = ask.say
        let rows = ask.app.content.matters
        let body: HTML = """
            <h1>\(say("see.title"))</h1><p class="lead">\(say("see.lead"))</p>
            <form method="post" action="/see" class="stack">\(Parts.token(ask))
            <table class="see"><caption>\(say("see.matters"))</caption><tbody>\(each: rows, { matter in
                """
                <tr><th scope="row">\(matter.name)</th>\(each: Choice.allCases, { choice in
                    """
                    <td><label><input type="radio" name="matter.\(matter.id)" value="\(choice.rawValue)"\
                    \((settings.choices[matter.id] ?? .cover) == choice ? " checked" : "")><span>\(say("see.\(choice.rawValue)"))\
                    <span class="seen-by-readers-only"> \(matter.name)</span></span></label></td>
                    """
                })</tr>
                """
            })</tbody></table>
            \(Parts.area("words", say("see.words"), hint: say("see.words-hint"), value: settings.words.joined(separator: "\n"), rows: 4))
            \(Parts.field("heavy_limit", say("see.limit"), hint: say("see.limit-hint"), value: String(settings.heavyLimit), type: "number", extra: " min=\"0\" max=\"20\" inputmode=\"numeric\""))
            <fieldset class="row"><legend>\(say("see.quiet"))</legend>
            \(Parts.field("quiet_from", say("see.quiet-from"), value: LocalClock.field(minute: settings.quiet.from), type: "time"))\
            \(Parts.field("quiet_to", say("see.quiet-to"), value: LocalClock.field(minute: settings.quiet.to), type: "time"))</fieldset>
            <div class="row"><button class="button">\(say("today.save"))</button><button class="button plain" name="reset" value="1">\(say("see.reset"))</button></div></form>
            <p class="row"><a href="/see/people">\(say("see.people"))</a></p><p class="quietly">\(say("see.never"))</p>
            """
        return .page(
            Page(say("see.title"), tab: .you, body: body),
            json: [
                "matters": .object(rows.map { .init(key: $0.id, value: .string((settings.choices[$0.id] ?? .cover).rawValue)) }),
                "words": .list(settings.words.map(JSON.string)), "heavyLimit": .int(settings.heavyLimit),
                "heavyWelcome": .bool(settings.heavyWelcome), "lighterUntil": .at(settings.lighterUntil),
                "quietFrom": .string(LocalClock.time(minute: settings.quiet.from)),
                "quietTo": .string(LocalClock.time(minute: settings.quiet.to)),
            ])
    }

    static func save(_ ask: Ask, _ person: Person) async throws -> Answer {
        let form = ask.form
        let words = form.words("words").split(whereSeparator: \.isNewline).map { $0.trimmingWhite.lowercased() }.filter { !$0.isEmpty }
        guard words.count <= 20 else { throw Refusal.rule("too-many-words") }
        if let long = words.first(where: { $0.count > 60 }) { throw Refusal.tooLong("words", long.isEmpty ? 0 : 60) }
        let quiet = (minute(form.optional("quiet_from")), minute(form.optional("quiet_to")))
        if form.optional("quiet_from") != nil, quiet.0 == nil { throw Refusal.badChoice("quiet_from") }
        if form.optional("quiet_to") != nil, quiet.1 == nil { throw Refusal.badChoice("quiet_to") }
        let matters = ask.app.content.matters
        let defaults = ask.app.content.defaultChoices(person.band)
        try await ask.write { tx in
            var settings = try tx.settings(of: person)
            if form.flag("reset") {
                settings.choices = defaults
            } else {
                for matter in matters {
                    if let choice = form.choice("matter.\(matter.id)", Choice.self) { settings.choices[matter.id] = choice }
                }
                if form.values["words"] != nil { settings.words = words }
                if let limit = form.int("heavy_limit") { settings.heavyLimit = limit }
                settings.quiet = Hours(from: quiet.0 ?? settings.quiet.from, to: quiet.1 ?? settings.quiet.to)
            }
            try tx.set(settings, of: person)
        }
        return .see("/see?done=saved")
    }

    /// "22:00" as minutes after midnight.
    static func minute(_ text: String?) -> Int? {
        let parts = (text ?? "").split(separator: ":")
        guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    static func people(_ ask: Ask, _ person: Person) async throws -> Answer {
        let muted = try await ask.read { try $0.muted(by: person) }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("see.people"))</h1>\(muted.isEmpty ? Parts.empty(.bench, say("see.nobody")) : "")
            <ul class="stack">\(each: muted, { row in
                """
                <li class="card row apart"><span><strong>\(row.shown ?? say("see.a-voice"))</strong> <span class="quietly">\(say("see.kind-\(row.kind)"))</span></span>\
                \(Parts.act(ask, "/muted/\(row.id)/end", say("see.show-again")))</li>
                """
            })</ul><p><a href="/see">\(say("see.title"))</a></p>
            """
        return .page(
            Page(say("see.people"), tab: .you, body: body),
            json: ["muted": .list(muted.map { ["id": .id($0.id), "kind": .string($0.kind), "name": .text($0.shown)] })])
    }

    static func unmute(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Anything> = try ask.id("id")
        guard try await ask.write({ try $0.unmute(id, by: person) }) else { throw Refusal.notFound }
        return .see("/see/people?done=saved")
    }
}

extension Substring {
    fileprivate var trimmingWhite: String { String(self).trimmed }
}
