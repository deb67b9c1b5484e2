import Rules
import Store

enum RoomPages {
    static func tile(_ room: RoomRow, _ ask: Ask, cardOnly: Bool = false) -> HTML {
        """
        <article class="card" data-room="\(room.colour)"><h2><a href="/rooms/\(room.id)\(cardOnly, "/card")">\(room.name)</a></h2>\
        <p>\(room.about)</p><p class="quietly">\(bands(room.form.bands, ask)) · \(ask.say("formats.\(room.format.rawValue)"))</p></article>
        """
    }

    static func bands(_ bands: Set<AgeBand>, _ ask: Ask) -> String {
        AgeBand.allCases.filter(bands.contains).map { ask.say("bands.\($0.rawValue)") }.joined(separator: ", ")
    }

    /// Closed for writing just now, and until when.
    static func closedNow(_ room: RoomRow, _ live: RoomRoutes.Live, _ ask: Ask) -> HTML {
        guard room.isOpen, !live.isOpenNow else { return "" }
        let words =
            live.opensAt.map { ask.say("card.closed-until", ["when": ask.moments.by($0)]) } ?? ask.say("card.closed-now")
        return "<p class=\"say note\">\(Pictures.icon(.clock)) \(words)</p>"
    }

    /// "What this is for and not for", with who reads and how long that takes now.
    ///
    /// `isWhole`: with what studies found of this way, which a page full of threads can do without.
    static func card(_ room: RoomRow, _ live: RoomRoutes.Live, _ ask: Ask, isWhole: Bool = true) -> HTML {
        let say = ask.say
        let form = room.form
        let focus = form.focus.isEmpty ? say("card.general") : form.focus.map { ask.app.content.topicName($0) }.joined(separator: ", ")
        let readers = form.moderators.map { code in ask.app.content.roles.first { $0.id == code }?.name ?? code }.joined(separator: ", ")
        let delay = live.delay.map { say("card.delay", ["length": ask.moments.length(minutes: $0)]) } ?? say("card.delay-unknown")
        let now =
            live.staffed
            ? say("card.staffed") : live.nextShift.map { say("card.back-at", ["when": ask.moments.by($0)]) } ?? say("card.nobody")
        let hours =
            form.hours.map { say("card.hours", ["from": LocalClock.time(minute: $0.from), "to": LocalClock.time(minute: $0.to)]) }
            ?? say("card.always")
        let way = Way.allCases.first { $0.format == room.format }.flatMap { ask.app.content.card(of: $0) }
        // Letters and pieces are read before anybody gets them, whatever the room says of posts; and nobody is promised a first reply.
        let isReadAlways = room.format == .letters || room.format == .stories
        let moderation = isReadAlways ? say("moderation.before") : say("moderation.\(form.moderation.rawValue)")
        let promise: HTML =
            isReadAlways
            ? ""
            : "<dt>\(say("card.promise"))</dt><dd>\(say("card.promise-in", ["length": ask.moments.length(minutes: form.promiseMinutes)]))</dd>"
        let known: HTML =
            (isWhole ? way : nil).map { way in
                "<dt>\(say("choose.good"))</dt><dd>\(WayParts.good(way, ask))</dd><dt>\(say("choose.risks"))</dt><dd>\(WayParts.risks(way, ask))</dd>"
            } ?? ""
        return """
            <section class="card" data-room="\(room.colour)" aria-label="\(say("card.label"))"><dl class="facts">\
            <dt>\(say("card.for"))</dt><dd>\(room.about)</dd><dt>\(say("card.not-for"))</dt><dd>\(room.notFor)</dd>\
            <dt>\(say("card.who"))</dt><dd>\(bands(form.bands, ask))</dd>\
            <dt>\(say("card.kind"))</dt><dd>\(way?.how ?? "") \(say("interaction.\(form.interaction.rawValue)")). \(moderation). \(say("card.about", ["what": focus]))</dd>\
            <dt>\(say("card.readers"))</dt><dd>\(readers.isEmpty ? say("card.no-readers") : readers). \(now)</dd>\
            <dt>\(say("card.how-long"))</dt><dd>\(delay)</dd><dt>\(say("card.open"))</dt><dd>\(hours)</dd>\
            \(promise)\(known)</dl>\
            \(closedNow(room, live, ask))\
            \(room.guests ? "<p class=\"say note\">\(say("card.guests"))</p>" : "")\
            \(room.caredForSince == nil ? "" : "<p class=\"say note\">\(say("card.cared-for"))</p>")</section>
            """
    }

    /// The one right next step for whoever looks at a card.
    static func way(_ room: RoomRow, mayRead: Bool, _ ask: Ask) -> HTML {
        let say = ask.say
        guard let person = ask.person else {
            return
                "<p class=\"row\"><a class=\"button\" href=\"/join\">\(say("door.start"))</a><a href=\"/sign-in\">\(say("door.back"))</a></p>"
        }
        if mayRead { return "<p><a class=\"button\" href=\"/rooms/\(room.id)\">\(say("rooms.go-in"))</a></p>" }
        if let band = person.band, room.form.bands.contains(band) {
            guard room.invited else { return Parts.act(ask, "/rooms/\(room.id)/join", say("rooms.join"), style: "broad") }
            return """
                <form class="card" method="post" action="/rooms/\(room.id)/join">\(Parts.token(ask))\
                \(Parts.field("code", say("rooms.code"), hint: say("rooms.code-hint"), extra: " autocapitalize=\"none\" autocomplete=\"off\" spellcheck=\"false\""))\
                <button class="button">\(say("rooms.join"))</button></form>
                """
        }
        return "<p class=\"say note\">\(say("rooms.other-age"))</p>"
    }

    static func room(
        _ room: RoomRow, items: [ItemView], pending: [ItemView], live: RoomRoutes.Live, pieces: RoomRoutes.Pieces?, last: Int64?,
        asks: Pack?, _ ask: Ask
    ) -> Page {
        let say = ask.say
        let shown = items.filter { if case .hide = $0.sight { false } else { true } }
        let mine: HTML =
            pending.isEmpty
            ? ""
            : """
            <section class="stack" aria-labelledby="mine"><h2 id="mine">\(say("rooms.yours"))</h2>\
            \(each: pending, { ItemParts.article($0, ask, link: true, heading: 3) })</section>
            """
        let trace = ItemParts.trace(items, ask)
        let write: HTML =
            ask.person == nil
            ? "<a class=\"button\" href=\"/join\">\(say("rooms.join-to-write"))</a>"
            : room.format == .stories
                ? "<a class=\"button\" href=\"/rooms/\(room.id)/pieces/new\">\(Pictures.icon(.write))\(say("stories.write"))</a>"
                : room.format == .letters
                    ? "<a class=\"button\" href=\"/letters/new?room=\(room.id)\">\(say("letters.begin-in", ["room": room.name]))</a> <a href=\"/letters\">\(say("letters.title"))</a>"
                    : "<a class=\"button\" href=\"/write?room=\(room.id)\">\(Pictures.icon(.write))\(say(room.format == .questions ? "rooms.ask" : "rooms.write"))</a>"
        let judge: HTML =
            room.format == .reappraisal && ask.person != nil
            ? "<a class=\"button soft\" href=\"/judge\">\(say("reappraisal.room-judge"))</a>" : ""
        let leaving: HTML =
            ask.person == nil
            ? ""
            : """
            <div class="row">\(room.joined ? Parts.act(ask, "/rooms/\(room.id)/leave", say("rooms.leave"), style: "plain") : "")\
            \(Parts.act(ask, "/rooms/\(room.id)/hide", say("rooms.hide"), style: "plain"))</div>
            """
        return Page(
            room.name, tab: .rooms,
            body: """
                <h1>\(room.name)</h1><details class="card"><summary>\(say("card.label"))</summary>\(card(room, live, ask, isWhole: false))\(ask.person == nil ? "" : "<p><a href=\"/rooms/\(room.id)/reviews\">\(say("card.reviews"))</a></p>")</details>
                \(live.staffed ? "" : "<p class=\"say note\">\(live.nextShift.map { say("rooms.nobody-until", ["when": ask.moments.by($0)]) } ?? say("rooms.nobody"))</p>")
                \(closedNow(room, live, ask))<p class="row">\(write)\(judge)</p>\(stories(room, pieces, last: last, ask))\(mine)
                <section class="stack" aria-label="\(say("rooms.threads"))">\(each: shown, { item in thread(item, ask, piece: pieces?.rows[item.id]) })</section>\(trace)
                \(items.isEmpty ? Parts.empty(.cup, say("rooms.empty")) : "")\(Parts.older(ask, "/rooms/\(room.id)\(pieces.map { $0.isNear ? "?ages=near" : "?ages=all" } ?? "")", last: last))\(asks.map { FormPages.card($0, in: room.id, ask) } ?? "")\(leaving)
                """)
    }

    /// In a room of stories: whose come first, the column, and for editors the plan.
    private static func stories(_ room: RoomRow, _ pieces: RoomRoutes.Pieces?, last: Int64?, _ ask: Ask) -> HTML {
        guard let pieces, let person = ask.person else { return "" }
        let say = ask.say
        let ages: HTML =
            pieces.isNear
            ? "<p class=\"quietly\">\(say("stories.near")) <a href=\"/rooms/\(room.id)?ages=all\">\(say("stories.ages-all"))</a></p>"
            : person.band == nil ? "" : "<p class=\"quietly\"><a href=\"/rooms/\(room.id)?ages=near\">\(say("stories.ages-near"))</a></p>"
        let column: HTML =
            person.isStaff
            ? ""
            : """
            <details class="card"><summary>\(say("stories.ask-column"))</summary><p>\(say("stories.ask-lead"))</p><form class="stack" method="post" action="/rooms/\(room.id)/questions">\(Parts.token(ask, key: true))\
            \(Parts.area("body", say("stories.ask-words"), rows: 4, extra: " required dir=\"auto\""))<button class="button soft">\(say("stories.ask-send"))</button></form></details>
            """
        let plan: HTML =
            person.staff.may(.approve, at: room.place, now: ask.now)
            ? "<p class=\"row\"><a class=\"button soft\" href=\"/rooms/\(room.id)/plan\">\(say("stories.plan"))</a><a href=\"/rooms/\(room.id)/questions\">\(say("plan.questions"))</a></p>"
            : ""
        return plan + ages + column
    }

    static func thread(_ item: ItemView, _ ask: Ask, room: RoomRow? = nil, piece: PieceRow? = nil) -> HTML {
        let waiting: HTML =
            item.replies == 0 && item.wants != .noReply ? "<span class=\"quietly\">\(ask.say("items.no-reply-yet"))</span>" : ""
        return ItemParts.article(
            item, ask,
            deeds:
                "<a href=\"/items/\(item.id)\">\(ask.say("items.read-on"))<span class=\"seen-by-readers-only\"> \(item.sight == .show ? item.title : "")</span></a>\(waiting)",
            link: true, room: room, kind: piece.map { StoryPages.label($0, ask) } ?? "",
            inside: piece.map { StoryPages.reference($0, ask) } ?? "")
    }

    static func json(_ room: RoomRow, mayRead: Bool, live: RoomRoutes.Live?) -> JSON {
        let form = room.form
        return [
            "id": .id(room.id), "name": .string(room.name), "about": .string(room.about), "notFor": .string(room.notFor),
            "guests": .bool(room.guests), "videos": .bool(room.videos), "asks": .bool(room.asks), "format": .string(room.format.rawValue),
            "colour": .string(room.colour), "readable": .string(room.readable.rawValue),
            "bands": .list(AgeBand.allCases.filter(form.bands.contains).map { .string($0.rawValue) }),
            "moderation": .string(form.moderation.rawValue), "interaction": .string(form.interaction.rawValue),
            "focus": .list(form.focus.map(JSON.string)), "moderators": .list(form.moderators.map(JSON.string)),
            "size": .int(form.size), "anonymity": .bool(form.anonymity), "night": .string(form.night.rawValue),
            "promiseMinutes": .int(form.promiseMinutes), "version": .int(form.version), "light": .bool(room.light),
            "invited": .bool(room.invited),
            "open": .bool(room.isOpen), "mayRead": .bool(mayRead), "joined": .bool(room.joined),
            "staffCare": .bool(room.caredForSince != nil),
            "reviewDelayMinutes": live?.delay.map(JSON.int) ?? nil, "staffOnDuty": live.map { .bool($0.staffed) } ?? nil,
            "openNow": live.map { .bool(room.isOpen && $0.isOpenNow) } ?? nil, "opensAt": .at(live?.opensAt),
        ]
    }
}
