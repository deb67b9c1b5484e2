import Rules
import Statistics
import Store

/// The choice guide: a few questions, none of them kept, then the ways that fit, with what studies found, what is hard about each, and
/// who is there now.
enum ChooseRoutes {
    private struct Found {
        let way: Way
        let rooms: [(room: RoomRow, mayRead: Bool, live: RoomRoutes.Live)]
    }

    static func show(_ ask: Ask) async throws -> Answer {
        let query = ask.query
        func choice<C: RawRepresentable<String>>(_ name: String, _: C.Type) throws -> C? {
            guard let word = query.optional(name) else { return nil }
            guard let known = C(rawValue: word) else { throw Refusal.badChoice(name) }
            return known
        }
        let wish = Wish(
            intent: try choice("intent", Intent.self), company: try choice("with", Company.self),
            onlyLight: query.optional("mood") == "light")
        let asked = ["intent", "with", "mood", "show"].contains { query.optional($0) != nil }
        let body: HTML
        let found: [Found]
        if asked {
            let (rooms, opinions, team) = try await ask.read { tx in
                (
                    try tx.staffedRooms(for: ask.viewer).filter { isFor(ask, $0) }.map {
                        (room: $0.room, mayRead: $0.mayRead, live: try RoomRoutes.live(tx, $0, ask))
                    },
                    try tx.opinions(of: ask.organisation.id, until: ask.app.clock(ask.organisation).startOfMonth(ask.now)),
                    try tx.dutyToTalk(ask.organisation.id)
                )
            }
            // A way without a room for this age and mood is none; the team is always one.
            let fitting = wish.ways.map { way in
                Found(way: way, rooms: rooms.filter { $0.room.format == way.format && (!wish.onlyLight || $0.room.light) })
            }.filter { $0.way == .team || !$0.rooms.isEmpty }
            found = fitting.isEmpty ? [Found(way: .team, rooms: [])] : fitting
            body = questions(wish, ask, isOpen: false) + answers(wish, found, opinions, team, ask)
        } else {
            found = []
            body = questions(wish, ask, isOpen: true)
        }
        let whole: HTML = "<h1>\(ask.say("choose.title"))</h1>\(body)"
        return .page(
            Page(ask.say("choose.title"), tab: .rooms, body: whole),
            json: [
                "intents": .list(Intent.allCases.map { .string($0.rawValue) }), "intent": .text(wish.intent?.rawValue),
                "madeDo": .bool(wish.isMadeDo), "rooms": .list(found.flatMap(\.rooms).map { .id($0.room.id) }),
                "ways": .list(found.map { json($0, ask) }),
            ])
    }

    /// Rooms that were opened, for one's own age; to a stranger all of them.
    private static func isFor(_ ask: Ask, _ found: StaffedRoom) -> Bool {
        guard found.room.openedAt != nil || found.mayRead else { return false }
        guard let person = ask.person, !person.isStaff, let band = person.band else { return true }
        return found.mayRead || found.room.form.bands.contains(band)
    }

    private static func json(_ found: Found, _ ask: Ask) -> JSON {
        let card = ask.app.content.card(of: found.way)
        func points(_ list: [Content.WayCard.Point]?) -> JSON {
            .list((list ?? []).map { ["says": .string($0.says), "finding": .text($0.finding)] })
        }
        return [
            "way": .string(found.way.rawValue), "how": .text(card?.how), "good": points(card?.good), "risks": points(card?.risks),
            "rooms": .list(found.rooms.map { RoomPages.json($0.room, mayRead: $0.mayRead, live: $0.live) }),
        ]
    }

    private static func questions(_ wish: Wish, _ ask: Ask, isOpen: Bool) -> HTML {
        let say = ask.say
        func options<C: RawRepresentable & CaseIterable>(_ all: C.Type, _ key: String) -> [(value: String, words: String)]
        where C.RawValue == String {
            C.allCases.map { ($0.rawValue, say("\(key)\($0.rawValue)")) } + [("", say("choose.any"))]
        }
        let form: HTML = """
            <form class="card stack" method="get" action="/choose"><input type="hidden" name="show" value="1">\
            \(Parts.radios("intent", say("choose.intent"), options(Intent.self, "join.intent-"), chosen: wish.intent?.rawValue ?? ""))\
            \(Parts.radios("with", say("choose.with"), options(Company.self, "choose.with-"), chosen: wish.company?.rawValue ?? ""))\
            \(Parts.radios("mood", say("choose.mood"), [("", say("choose.mood-any")), ("light", say("choose.mood-light"))], chosen: wish.onlyLight ? "light" : ""))\
            <button class="button">\(say("choose.show"))</button></form>
            """
        guard isOpen else { return "<details class=\"card\"><summary>\(say("choose.lead"))</summary>\(form)</details>" }
        return "<p class=\"lead\">\(say("choose.lead"))</p>\(form)"
    }

    private static func answers(
        _ wish: Wish, _ found: [Found], _ opinions: [ID<Room>: (good: Int, all: Int)], _ team: Duty, _ ask: Ask
    ) -> HTML {
        let say = ask.say
        let word = wish.intent?.rawValue
        let nothing: HTML =
            found.contains { !$0.rooms.isEmpty } || wish.company == .team
            ? ""
            : Parts.empty(
                .lamp, say(wish.onlyLight ? "choose.none-light" : "choose.none"),
                link: ask.person == nil ? ("/join", say("door.start")) : nil)
        return """
            <h2>\(say("choose.\(word ?? "all")-title"))</h2>\(word.map { "<p class=\"lead\">\(say("choose.\($0)"))</p>" as HTML } ?? "")\
            \(wish.isMadeDo ? "<p class=\"say note\">\(say("choose.made-do"))</p>" : "")<p>\(ask.app.content.choices.open) \(say("choose.studies-how"))</p>\(nothing)
            <div class="stack">\(each: found, { card($0, opinions, team, ask) })</div>
            <p><a href="/research/findings">\(say("choose.more"))</a></p>
            """
    }

    private static func card(_ found: Found, _ opinions: [ID<Room>: (good: Int, all: Int)], _ team: Duty, _ ask: Ask) -> HTML {
        let say = ask.say
        let title = found.way.format.map { say("formats.\($0.rawValue)") } ?? say("choose.team-title")
        let rooms: HTML =
            found.way == .team
            ? "<p>\(presence(team.now, team.next, ask))</p><p><a class=\"button soft\" href=\"\(ask.person == nil ? "/join" : "/talk")\">\(say(ask.person == nil ? "choose.join" : "choose.go-team"))</a></p>"
            : """
            <h4>\(say("choose.rooms"))</h4><ul class="stack" role="list">\(each: found.rooms, { one in
                """
                <li data-room="\(one.room.colour)"><p><a class="button plain" href="/rooms/\(one.room.id)\(one.mayRead ? "" : "/card")">\(one.room.name)</a></p>\
                <p class="quietly">\(RoomPages.bands(one.room.form.bands, ask)). \(facts(one.room, one.live, ask)) \(opinion(opinions[one.room.id], ask))</p></li>
                """
            })</ul>
            """
        return """
            <section class="card stack" aria-labelledby="w-\(found.way.rawValue)"><h3 id="w-\(found.way.rawValue)">\(title)</h3>\
            \(WayParts.known(found.way, ask))\(ofTheWay(found, opinions, ask))\(rooms)</section>
            """
    }

    private static func presence(_ isHere: Bool, _ next: Instant?, _ ask: Ask) -> String {
        isHere ? ask.say("choose.here") : next.map { ask.say("choose.back", ["when": ask.moments.by($0)]) } ?? ask.say("choose.nobody")
    }

    private static func facts(_ room: RoomRow, _ live: RoomRoutes.Live, _ ask: Ask) -> String {
        let say = ask.say
        let roles = room.form.moderators.map { code in ask.app.content.roles.first { $0.id == code }?.name ?? code }
        let who = roles.isEmpty ? "" : "\(say("choose.who")): \(roles.joined(separator: ", ")). "
        let delay = live.delay.map { say("choose.delay", ["length": ask.moments.length(minutes: $0)]) } ?? say("choose.delay-unknown")
        // A room that is always open needs no word for it.
        let hours =
            room.form.hours.map {
                say("choose.hours", ["from": LocalClock.time(minute: $0.from), "to": LocalClock.time(minute: $0.to)]) + " "
            } ?? ""
        return "\(who)\(presence(live.staffed, live.nextShift, ask)) \(hours)\(delay)"
    }

    /// In thirds, and never where few have spoken: a count beside a count would tell of the one who said otherwise.
    private static func third(_ good: Int, of all: Int) -> String? {
        guard all >= PublicCount.fewest else { return nil }
        return good * 3 >= all * 2 ? "most" : good * 3 >= all ? "half" : "few"
    }

    private static func opinion(_ one: (good: Int, all: Int)?, _ ask: Ask) -> String {
        one.flatMap { third($0.good, of: $0.all) }.map { ask.say("choose.said-\($0)") } ?? ""
    }

    /// What was said of all its rooms together, where there are several: also of those of which too few spoke, unless these few could be
    /// had by taking the other rooms away.
    private static func ofTheWay(_ found: Found, _ opinions: [ID<Room>: (good: Int, all: Int)], _ ask: Ask) -> HTML {
        let spoke = found.rooms.compactMap { opinions[$0.room.id] }
        let few = spoke.map(\.all).filter { $0 < PublicCount.fewest }.reduce(0, +)
        guard found.rooms.count > 1, few == 0 || few >= PublicCount.fewest,
            let third = third(spoke.reduce(0) { $0 + $1.good }, of: spoke.reduce(0) { $0 + $1.all })
        else { return "" }
        return "<p>\(ask.say("choose.way-\(third)"))</p>"
    }
}

/// What is known of a way of being helped, as lists: in the choice guide and on the card of a room.
enum WayParts {
    static func known(_ way: Way, _ ask: Ask) -> HTML {
        guard let card = ask.app.content.card(of: way) else { return "" }
        return "<p>\(card.how)</p>\(good(card, ask, heading: true))\(risks(card, ask, heading: true))"
    }

    static func good(_ card: Content.WayCard, _ ask: Ask, heading: Bool = false) -> HTML {
        (heading ? "<h4>\(ask.say("choose.good"))</h4>" : "") + list(card.good, ask)
    }

    static func risks(_ card: Content.WayCard, _ ask: Ask, heading: Bool = false) -> HTML {
        (heading ? "<h4>\(ask.say("choose.risks"))</h4>" : "") + list(card.risks, ask)
    }

    /// Each with how many studies say so: how sure one can be.
    private static func list(_ points: [Content.WayCard.Point], _ ask: Ask) -> HTML {
        "<ul>\(each: points, { point in "<li>\(point.says) <span class=\"quietly\">(\(sure(point, ask)))</span></li>" })</ul>"
    }

    private static func sure(_ point: Content.WayCard.Point, _ ask: Ask) -> HTML {
        let finding = ask.app.content.review.findings.first { $0.id == point.finding }
        let count = finding?.refs.count ?? 0
        guard let finding, count > 0 else { return "\(ask.say("choose.no-study"))" }
        return "<a href=\"/research/findings?about=\(finding.category)#\(finding.id)\">\(ask.say("choose.studies", n: count))</a>"
    }
}
