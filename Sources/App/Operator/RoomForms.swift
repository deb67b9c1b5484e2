import Rules
import Store

enum RoomForms {
    static func form(_ room: RoomRow?, _ ask: Ask, action: String) -> HTML {
        let say = ask.say
        let form = room?.form
        func words<T: RawRepresentable & CaseIterable>(_ key: String, _: T.Type) -> [(value: String, words: String)]
        where T.RawValue == String {
            T.allCases.map { ($0.rawValue, say("\(key).\($0.rawValue)")) }
        }
        let topics = ask.app.content.topics.map { ($0.id, $0.name) }
        return """
            <form class="card" method="post" action="\(action)">\(Parts.token(ask))
            \(Parts.field("name", say("roomform.name"), value: room?.name ?? ""))\(Parts.field("about", say("card.for"), value: room?.about ?? ""))\(Parts.field("not_for", say("card.not-for"), value: room?.notFor ?? ""))
            \(Parts.select("colour", say("roomform.colour"), ["sea", "iris", "berry", "moss", "clay", "sky"].map { ($0, say("colours.\($0)")) }, chosen: room?.colour))
            \(Parts.radios("format", say("roomform.format"), words("formats", Format.self), chosen: room?.format.rawValue ?? "forum"))
            \(Parts.radios("interaction", say("roomform.interaction"), words("interaction", Interaction.self), chosen: form?.interaction.rawValue ?? "notLive"))
            \(Parts.radios("moderation", say("roomform.moderation"), words("moderation", Moderation.self), chosen: form?.moderation.rawValue ?? "before"))
            \(Parts.boxes("moderators", say("roomform.moderators"), ask.app.content.roles.map { ($0.id, $0.name) }, chosen: Set(form?.moderators ?? ["trained-paid-staff", "professional"])))
            \(Parts.boxes("bands", say("roomform.bands"), AgeBand.allCases.map { ($0.rawValue, say("bands.\($0.rawValue)")) }, chosen: Set(form?.bands.map(\.rawValue) ?? [])))
            \(Parts.check("mixed_on_purpose", say("roomform.mixed"), on: (form?.bands.count ?? 0) > 1))
            \(Parts.many("focus", say("roomform.focus"), topics, chosen: Set(form?.focus ?? []), hint: say("roomform.focus-hint")))
            \(Parts.radios("invited", say("roomform.invited"), [("yes", say("roomform.invited-yes")), ("no", say("roomform.invited-no"))], chosen: room.map { $0.invited ? "yes" : "no" }))
            \(Parts.radios("readable", say("roomform.readable"), words("readable", Readable.self), chosen: room?.readable.rawValue ?? "members"))
            \(Parts.field("size", say("roomform.size"), value: String(form?.size ?? 500), type: "number"))\(Parts.check("anonymity", say("roomform.anonymity"), on: form?.anonymity ?? false))\(Parts.check("light", say("roomform.light"), on: room?.light ?? false))
            <div class="row">\(Parts.field("opens", say("roomform.opens"), value: form?.hours.map { LocalClock.field(minute: $0.from) } ?? "", type: "time"))\(Parts.field("closes", say("roomform.closes"), value: form?.hours.map { LocalClock.field(minute: $0.to) } ?? "", type: "time"))</div>
            \(Parts.field("promise_minutes", say("roomform.promise"), value: String(form?.promiseMinutes ?? 240), type: "number"))
            \(Parts.radios("night", say("roomform.night"), words("night", NightRule.self), chosen: form?.night.rawValue ?? "wait"))
            <button class="button">\(say("today.save"))</button></form>
            """
    }

    static func page(
        _ room: RoomRow, records: [Transaction.OpeningRow], missing: [OpeningRecord],
        versions: [(version: Int, moderation: Moderation, madeAt: Instant)], invites: [(usesLeft: Int, endsAt: Instant)], _ ask: Ask
    ) -> Page {
        let say = ask.say
        let byKind = Dictionary(records.map { ($0.kind, $0) }, uniquingKeysWith: { a, _ in a })
        let opening: HTML = """
            <section class="card" aria-labelledby="opening"><h2 id="opening">\(say("opening.title"))</h2>\(missing.isEmpty ? "<p class=\"say good\">\(say("opening.ready"))</p>" : "<p class=\"say note\">\(say("opening.missing", n: missing.count))</p>")
            <ul class="stack">\(each: OpeningRecord.allCases, { kind in
                """
                <li><b>\(say("opening.\(kind.rawValue)"))</b> \(byKind[kind].map { HTML("<span class=\"quietly\">\($0.value) · \($0.by)\($0.invented ? " · \(say("opening.invented"))" : "")</span>") } ?? "")\
                <form method="post" action="/operator/rooms/\(room.id)/records" class="inline">\(Parts.token(ask))<input type="hidden" name="kind" value="\(kind.rawValue)"><div class="field"><label for="r-\(kind.rawValue)">\(say("opening.record"))</label><input id="r-\(kind.rawValue)" name="value"></div><button class="button soft">\(say("today.save"))</button></form></li>
                """
            })</ul><div class="row">\(room.isOpen ? Parts.act(ask, "/operator/rooms/\(room.id)/close", say("opening.close"), style: "plain") : Parts.act(ask, "/operator/rooms/\(room.id)/open", say("opening.open"), style: ""))</div></section>
            """
        let codes: HTML = """
            <section class="card" aria-labelledby="codes"><h2 id="codes">\(say("invites.title"))</h2><p>\(say("invites.about"))</p>\(invites.isEmpty ? "<p class=\"say note\">\(say("invites.none"))</p>" : "")<ul>\(each: invites, { "<li>\(say("invites.one", n: $0.usesLeft)) \(say("invites.until", ["date": ask.moments.date($0.endsAt)]))</li>" })</ul>
            <form method="post" action="/operator/rooms/\(room.id)/codes" class="inline">\(Parts.token(ask))\(Parts.field("uses", say("invites.uses"), value: "30", type: "number"))\(Parts.field("days", say("invites.days"), value: "30", type: "number"))<button class="button soft">\(say("invites.make"))</button></form>
            \(invites.isEmpty ? "" : Parts.act(ask, "/operator/rooms/\(room.id)/codes/end", say("invites.end"), style: "plain"))</section>
            """
        return Page(
            room.name, tab: .write, wide: true,
            body: """
                <h1>\(room.name)</h1><p>\(say(room.isOpen ? "operator.is-open" : "operator.not-open"))</p>\(opening)\(room.invited ? codes : "")\(form(room, ask, action: "/operator/rooms/\(room.id)"))
                <section class="stack"><h2>\(say("roomform.versions"))</h2><ol reversed>\(each: versions, { "<li value=\"\($0.version)\">\(say("moderation.\($0.moderation.rawValue)")), \(ask.moments.date($0.madeAt))</li>" })</ol></section>
                """)
    }
}
