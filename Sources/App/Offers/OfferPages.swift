import Rules
import Store

/// What waits for an answer, for one supporter; and how they are.
enum OfferPages {
    static func page(_ state: SupporterPage, _ ask: Ask) -> Page {
        let say = ask.say
        guard !state.places.isEmpty || !state.rooms.isEmpty || state.isBefriender else { return nowhere(ask) }
        let body: HTML = """
            <h1>\(say("offers.title"))</h1><p class="lead">\(say(!state.places.isEmpty ? "offers.lead" : state.rooms.isEmpty ? "offers.lead-letters" : "offers.lead-staff"))</p>\(week(state, ask))\(resting(state, ask))\(list(state, ask))
            \(lookedAfter(state, ask))\(yours(state, ask))\(supporters(state, ask))
            """
        return Page(say("offers.title"), tab: .you, body: body)
    }

    private static func nowhere(_ ask: Ask) -> Page {
        let say = ask.say
        return Page(
            say("offers.title"), tab: .you,
            body: """
                <h1>\(say("offers.title"))</h1>\(Parts.empty(.bench, say("offers.nowhere"), link: ("/rooms", say("frame.rooms"))))
                <p class="quietly">\(say("offers.nowhere-more"))</p>
                """)
    }

    private static func list(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let say = ask.say
        guard state.settings != nil else {
            return state.places.isEmpty && !state.isBefriender
                ? ""
                : "<p class=\"say note\">\(say("offers.no-settings")) <a class=\"button\" href=\"/offers/settings\">\(say("offers.settings"))</a></p>"
        }
        // Letters come to a befriender by themselves; posts only where somebody has standing in a room.
        guard !state.places.isEmpty || !state.isBefriender else {
            return "<p><a class=\"button\" href=\"/letters\">\(say("letters.title"))</a></p>"
        }
        guard !state.offers.isEmpty else { return Parts.empty(.cup, say("offers.none")) }
        return """
            <section class="stack" aria-labelledby="before-you"><h2 id="before-you">\(say("offers.before-you"))</h2>\(each: state.offers, { offer(
                $0, ask) })</section>
            """
    }

    private static func offer(_ offer: OfferRow, _ ask: Ask) -> HTML {
        let say = ask.say
        let place = "/offers/\(offer.id)"
        let why = offer.parts.map { say("offers.part-\($0.part.rawValue)") }.joined(separator: " ")
        let by = say("offers.by", ["when": ask.moments.by(offer.dueAt)])
        let deeds: HTML =
            offer.takenUntil.map { until in
                """
                <p class="say good">\(say("offers.yours-until", ["when": ask.moments.by(until)]))</p>\
                <div class="row"><a class="button" href="/items/\(offer.item)#reply">\(say("offers.answer"))</a>\
                \(Parts.act(ask, "\(place)/pass", say("offers.pass-after"), style: "plain"))\(Parts.act(ask, "\(place)/hand-over", say("offers.hand-over"), style: "plain"))</div>\
                <details><summary>\(say("debrief.second-eyes"))</summary><p>\(say("debrief.second-eyes-more"))</p><form class="stack" method="post" action="\(place)/second-eyes">\(Parts.token(ask, key: true))<div class="field"><label for="d\(offer.id)">\(say("debrief.draft"))</label><textarea id="d\(offer.id)" name="words" rows="4" required></textarea></div><button class="button soft">\(say("debrief.second-eyes-go"))</button></form></details>
                """
            } ?? """
                <p class="quietly">\(by) \(why)</p><div class="row">\(Parts.act(ask, "\(place)/accept", say("offers.accept"), style: ""))\
                \(Parts.act(ask, "\(place)/pass", say("offers.pass"), style: "plain"))\(Parts.act(ask, "\(place)/hand-over", say("offers.hand-over"), style: "plain"))</div>
                """
        return ItemParts.article(offer.post, ask, deeds: deeds, link: true, room: offer.room, heading: 3)
    }

    /// The one question of the week, first on the page when it is due.
    private static func week(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let say = ask.say
        guard state.settings != nil, SupporterWeek.isDue(last: state.lastWeek, now: ask.now) else { return "" }
        return """
            <form class="card" method="post" action="/offers/week">\(Parts.token(ask))\
            \(Parts.radios("answer", say("offers.week"), (1...5).map { (String($0), say("offers.week-\($0)")) }))\
            <p class="hint">\(say("offers.week-more"))</p><button class="button soft">\(say("today.save"))</button></form>
            """
    }

    private static func resting(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let say = ask.say
        guard let settings = state.settings else { return "" }
        if let until = settings.pausedUntil {
            return """
                <div class="say care row"><p>\(say("offers.resting", ["when": ask.moments.date(until)]))</p>\
                \(Parts.act(ask, "/offers/rest", say("offers.again"), hidden: [("days", "0")]))</div>
                """
        }
        let heavy: HTML =
            settings.heavyRestsUntil.map { "<p class=\"say care\">\(say("offers.heavy-rests", ["when": ask.moments.date($0)]))</p>" } ?? ""
        return heavy
    }

    /// For whoever looks after a room: what waits for an answer, then what has gone quiet.
    private static func lookedAfter(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let waiting = shown(state.waiting, state)
        let quiet = shown(state.quiet, state).filter { item in !waiting.contains { $0.id == item.id } }
        return threads(waiting, "waiting", state, ask) + threads(quiet, "quiet", state, ask)
    }

    private static func shown(_ items: [ItemView], _ state: SupporterPage) -> [ItemView] {
        items.filter { item in
            if case .hide = item.sight { return false }
            return !item.isMine && !state.offers.contains { $0.item == item.id }
        }
    }

    private static func threads(_ items: [ItemView], _ key: String, _ state: SupporterPage, _ ask: Ask) -> HTML {
        guard !items.isEmpty else { return "" }
        let say = ask.say
        let rooms = Dictionary(state.rooms.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        return """
            <section class="stack" aria-labelledby="\(key)"><h2 id="\(key)">\(say("offers.\(key)"))</h2><p class="quietly">\(say("offers.\(key)-more"))</p>\
            \(each: items, { ItemParts.article($0, ask, link: true, room: $0.room.flatMap { rooms[$0] }, heading: 3) })</section>
            """
    }

    /// For professionals: who supports in the rooms they look after.
    private static func supporters(_ state: SupporterPage, _ ask: Ask) -> HTML {
        guard let person = ask.person, person.staff.holds(.closeRisk, now: ask.now), !state.rooms.isEmpty else { return "" }
        return """
            <section class="card stack" aria-labelledby="who"><h2 id="who">\(ask.say("offers.who-rooms"))</h2><p class="row"><a class="button soft" href="/supervision">\(ask.say("supervision.title"))</a><a href="/courses">\(ask.say("courses.title"))</a><a href="/evidence">\(ask.say("evidence.title"))</a></p><ul class="links" role="list">\(each: state.rooms, {
                "<li><a href=\"/rooms/\($0.id)/supporters\">\($0.name)</a></li>"
            })</ul></section>
            """
    }

    private static func yours(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let say = ask.say
        guard let settings = state.settings else { return "" }
        let capacity = settings.capacity
        let rest: HTML =
            settings.pausedUntil != nil
            ? ""
            : """
            <form method="post" action="/offers/rest" class="inline">\(Parts.token(ask))\(Parts.select("days", say("offers.rest"), [("1", 1), ("7", 7), ("30", 30)].map { ($0.0, say("offers.days", n: $0.1)) }, chosen: "7"))\
            <button class="button soft">\(say("offers.rest-go"))</button></form>
            """
        return """
            <section class="card stack" aria-labelledby="load"><h2 id="load">\(say("offers.load"))</h2>\
            <p>\(say("offers.load-today", ["n": String(state.load.today), "most": String(capacity.perDay)])) \
            \(say("offers.load-week", ["n": String(state.load.week), "most": String(capacity.perWeek)])) \
            \(state.load.heavyThisWeek > 0 ? say("offers.load-heavy", n: state.load.heavyThisWeek) : "")</p><p class="quietly">\(say("offers.load-only-you"))</p>\
            \(rest)<p class="row"><a href="/offers/settings">\(say("offers.settings"))</a> <a href="/you/map">\(say("offers.map"))</a> \
            <a href="/talk">\(say("offers.talk"))</a> <a href="/offers/debrief">\(say("debrief.title"))</a> <a href="/courses">\(say("courses.title"))</a> \
            <a href="/you/record">\(say("record.title"))</a></p></section>\(groups(state, ask))\(places(state, ask))
            """
    }

    /// Whoever writes letters alone supports in no room.
    private static func places(_ state: SupporterPage, _ ask: Ask) -> HTML {
        guard !state.places.isEmpty else { return "" }
        let say = ask.say
        return """
            <section class="card stack" aria-labelledby="where"><h2 id="where">\(say("offers.where"))</h2><ul class="stack">\(each: state.places, { place in
                """
                <li class="row apart"><span><a href="/rooms/\(place.room)">\(place.roomName)</a> <span class="quietly">\(place.byRole ? say("offers.by-role") : say("offers.until", ["when": ask.moments.date(place.endsAt)]))</span></span>\
                \(place.byRole ? "" : Parts.act(ask, "/offers/standing/\(place.room)/end", say("offers.give-back"), style: "plain"))</li>
                """
            })</ul></section>
            """
    }

    private static func groups(_ state: SupporterPage, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            \(each: state.groups, { group in
                """
                <section class="card stack" aria-labelledby="g\(group.id)"><h2 id="g\(group.id)">\(say("supervision.yours", ["called": group.called]))</h2><p>\(say("supervision.with", ["lead": group.lead, "when": group.meetsAt.map { say("supervision.meets", ["when": ask.moments.by($0)]) } ?? say("supervision.no-time")]))</p>\
                <p class="quietly">\(say("supervision.others", ["names": group.members.map(\.name).joined(separator: ", ")]))</p>\(Parts.act(ask, "/supervision/\(group.id)/leave", say("supervision.leave"), style: "plain"))</section>
                """
            })
            """
    }

    static func json(_ state: SupporterPage, _ ask: Ask) -> JSON {
        [
            "rooms": .list(
                state.places.map {
                    [
                        "room": .id($0.room), "name": .string($0.roomName), "endsAt": $0.byRole ? nil : .at($0.endsAt),
                        "byRole": .bool($0.byRole),
                    ]
                }),
            "offers": .list(
                state.offers.map { one in
                    [
                        "id": .id(one.id), "item": .id(one.item), "state": .string(one.state.rawValue), "dueAt": .at(one.dueAt),
                        "yoursUntil": .at(one.takenUntil), "post": ItemParts.json(one.post, ask),
                        "why": .list(one.parts.map { .string($0.part.rawValue) }),
                    ]
                }),
            "load": [
                "today": .int(state.load.today), "week": .int(state.load.week), "heavyThisWeek": .int(state.load.heavyThisWeek),
            ],
            "weekIsDue": .bool(state.settings != nil && SupporterWeek.isDue(last: state.lastWeek, now: ask.now)),
            "pausedUntil": .at(state.settings?.pausedUntil), "heavyRestsUntil": .at(state.settings?.heavyRestsUntil),
            "waiting": .list(shown(state.waiting, state).map { ItemParts.json($0, ask) }),
            "quiet": .list(shown(state.quiet, state).map { ItemParts.json($0, ask) }),
        ]
    }
}
