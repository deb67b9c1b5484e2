import Rules
import Store

enum RoomForms {
    /// What the page of one room is made of.
    struct Facts: Sendable {
        let room: RoomRow
        let records: [Transaction.OpeningRow]
        let needs: [OpeningNeed]
        /// Why its form would not be taken today.
        let unfit: FormRefusal?
        let versions: [(version: Int, moderation: Moderation, madeAt: Instant)]
        let invites: [(usesLeft: Int, endsAt: Instant)]
    }

    static func form(_ room: RoomRow?, _ ask: Ask, action: String) -> HTML {
        let say = ask.say
        let form = room?.form
        func words<T: RawRepresentable & CaseIterable>(_ key: String, _: T.Type) -> [(value: String, words: String)]
        where T.RawValue == String {
            T.allCases.map { ($0.rawValue, say("\(key).\($0.rawValue)")) }
        }
        let topics = ask.app.content.topics.map { ($0.id, $0.name) }
        // A room that was opened keeps its format: it is said, and not asked.
        let format: HTML
        if let room, room.openedAt != nil {
            format = "<p>\(say("roomform.format-stays", ["format": say("formats.\(room.format.rawValue)")]))</p>"
        } else {
            format = Parts.radios(
                "format", say("roomform.format"), words("formats", Format.self), chosen: room?.format.rawValue ?? "forum")
        }
        return """
            <form class="card" method="post" action="\(action)">\(Parts.token(ask))
            \(Parts.field("name", say("roomform.name"), value: room?.name ?? ""))\(Parts.field("about", say("card.for"), value: room?.about ?? ""))\(Parts.field("not_for", say("card.not-for"), value: room?.notFor ?? ""))
            \(Parts.select("colour", say("roomform.colour"), ["sea", "iris", "berry", "moss", "clay", "sky"].map { ($0, say("colours.\($0)")) }, chosen: room?.colour))
            \(format)
            \(Parts.radios("interaction", say("roomform.interaction"), words("interaction", Interaction.self), chosen: form?.interaction.rawValue ?? "notLive"))
            \(Parts.radios("moderation", say("roomform.moderation"), words("moderation", Moderation.self), chosen: form?.moderation.rawValue ?? "before"))
            \(Parts.boxes("moderators", say("roomform.moderators"), ask.app.content.roles.map { ($0.id, $0.name) }, chosen: Set(form?.moderators ?? ["trained-paid-staff", "professional"])))
            \(Parts.boxes("bands", say("roomform.bands"), AgeBand.allCases.map { ($0.rawValue, say("bands.\($0.rawValue)")) }, chosen: Set(form?.bands.map(\.rawValue) ?? [])))
            \(Parts.check("mixed_on_purpose", say("roomform.mixed"), on: (form?.bands.count ?? 0) > 1))
            \(Parts.many("focus", say("roomform.focus"), topics, chosen: Set(form?.focus ?? []), hint: say("roomform.focus-hint")))
            \(Parts.radios("invited", say("roomform.invited"), [("yes", say("roomform.invited-yes")), ("no", say("roomform.invited-no"))], chosen: room.map { $0.invited ? "yes" : "no" }))
            \(Parts.radios("readable", say("roomform.readable"), words("readable", Readable.self), chosen: room?.readable.rawValue ?? "members"))
            \(Parts.field("size", say("roomform.size"), value: String(form?.size ?? 500), type: "number"))\(Parts.check("anonymity", say("roomform.anonymity"), on: form?.anonymity ?? false))\(Parts.check("light", say("roomform.light"), on: room?.light ?? false))\(Parts.check("guests", say("roomform.guests"), on: room?.guests ?? false))\(Parts.check("videos", say("roomform.videos"), on: room?.videos ?? false))\(Parts.check("asks", say("roomform.asks"), on: room?.asks ?? false))
            <div class="row">\(Parts.field("opens", say("roomform.opens"), value: form?.hours.map { LocalClock.field(minute: $0.from) } ?? "", type: "time"))\(Parts.field("closes", say("roomform.closes"), value: form?.hours.map { LocalClock.field(minute: $0.to) } ?? "", type: "time"))</div>
            \(Parts.field("promise_minutes", say("roomform.promise"), value: String(form?.promiseMinutes ?? 240), type: "number"))
            \(Parts.radios("night", say("roomform.night"), words("night", NightRule.self), chosen: form?.night.rawValue ?? "wait"))
            <button class="button">\(say("today.save"))</button></form>
            """
    }

    static func page(_ facts: Facts, _ ask: Ask) -> Page {
        let say = ask.say
        let room = facts.room
        let unfit: HTML
        if let why = facts.unfit {
            unfit = """
                <p class="say stop">\(say("opening.unfit")) \(say("refusals.form-\(why.rawValue)"))</p>
                """
        } else {
            unfit = ""
        }
        let versions: HTML = """
            <section class="stack"><h2>\(say("roomform.versions"))</h2><ol reversed>\(each: facts.versions, { one in
                "<li value=\"\(one.version)\">\(say("moderation.\(one.moderation.rawValue)")), \(ask.moments.date(one.madeAt))</li>"
            })</ol></section>
            """
        return Page(
            room.name, tab: .write, wide: true,
            body: """
                <h1>\(room.name)</h1><p>\(say(room.isOpen ? "operator.is-open" : "operator.not-open"))</p>\(unfit)\
                \(opening(facts, ask))\(room.invited ? codes(facts, ask) : "")\
                \(form(room, ask, action: "/operator/rooms/\(room.id)"))\(versions)
                """)
    }

    /// What it needs to open: what is missing, in words, and a field for each record.
    private static func opening(_ facts: Facts, _ ask: Ask) -> HTML {
        let say = ask.say
        let room = facts.room
        let byKind = Dictionary(facts.records.map { ($0.kind, $0) }, uniquingKeysWith: { a, _ in a })
        func record(_ kind: OpeningRecord) -> HTML {
            var known: HTML = ""
            if let one = byKind[kind] {
                let invented = one.invented ? " · " + say("opening.invented") : ""
                known = "<span class=\"quietly\">\(one.value) · \(one.by)\(invented)</span>"
            }
            return "<li><b>\(say("opening.\(kind.rawValue)"))</b> \(known)</li>"
        }
        // One form for all of them, at the first that is not there yet.
        let missing = OpeningRecord.allCases.first { byKind[$0] == nil }?.rawValue
        let kinds = OpeningRecord.allCases.map { ($0.rawValue, say("opening.\($0.rawValue)")) }
        let write: HTML = """
            <form method="post" action="/operator/rooms/\(room.id)/records" class="inline">\(Parts.token(ask))\
            \(Parts.select("kind", say("opening.record"), kinds, chosen: missing))\(Parts.field("value", say("opening.value")))\
            <button class="button soft">\(say("today.save"))</button></form>
            """
        let state: HTML
        if facts.needs.isEmpty {
            state = "<p class=\"say good\">\(say("opening.ready"))</p>"
        } else {
            state = """
                <div class="say note stack"><p>\(say("opening.needs"))</p>\(RoomOpening.list(facts.needs, ask.app))</div>\
                <p class="quietly">\(say("opening.needs-more")) <a href="/operator/staff">\(say("operator.staff"))</a> · \
                <a href="/operator/roster">\(say("operator.roster"))</a> · <a href="/operator/lines">\(say("operator.lines"))</a></p>
                """
        }
        let place = "/operator/rooms/\(room.id)"
        let act =
            room.isOpen
            ? Parts.act(ask, place + "/close", say("opening.close"), style: "plain")
            : Parts.act(ask, place + "/open", say("opening.open"), style: "")
        return """
            <section class="card" aria-labelledby="opening"><h2 id="opening">\(say("opening.title"))</h2>\(state)
            <ul class="stack">\(each: OpeningRecord.allCases, { record($0) })</ul>\(write)<div class="row">\(act)</div></section>
            """
    }

    private static func codes(_ facts: Facts, _ ask: Ask) -> HTML {
        let say = ask.say
        let (room, invites) = (facts.room, facts.invites)
        let none: HTML = invites.isEmpty ? "<p class=\"say note\">\(say("invites.none"))</p>" : ""
        let end: HTML =
            invites.isEmpty ? "" : Parts.act(ask, "/operator/rooms/\(room.id)/codes/end", say("invites.end"), style: "plain")
        return """
            <section class="card" aria-labelledby="codes"><h2 id="codes">\(say("invites.title"))</h2><p>\(say("invites.about"))</p>\(none)\
            <ul>\(each: invites, { one in
                "<li>\(say("invites.one", n: one.usesLeft)) \(say("invites.until", ["date": ask.moments.date(one.endsAt)]))</li>"
            })</ul>
            <form method="post" action="/operator/rooms/\(room.id)/codes" class="inline">\(Parts.token(ask))\
            \(Parts.field("uses", say("invites.uses"), value: "30", type: "number"))\
            \(Parts.field("days", say("invites.days"), value: "30", type: "number"))\
            <button class="button soft">\(say("invites.make"))</button></form>\(end)</section>
            """
    }
}
