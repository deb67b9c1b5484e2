import Rules
import Store

extension Routes {
    private static let words = ["calm", "ok", "mixed", "low", "heavy"]

    static let today: [Route] = [
        .member(.get, "/today", "Home: what is new, what waits, something to read.", TodayRoutes.show),
        .member(.post, "/check-ins", "How is today? Private.", [.choice("word", words)], TodayRoutes.checkIn),
        .member(.post, "/lighter", "Cover everything hard until tomorrow.", [.flag("on")], TodayRoutes.lighter),
        .member(.post, "/welcome-heavy", "Let home show heavy matters, or not.", [.flag("on")], TodayRoutes.welcomeHeavy),
        .member(.post, "/breaks", "Take a break: notices rest, this name is hidden.", [.int("days", 1...30)], TodayRoutes.takeBreak),
        .member(.post, "/breaks/end", "Come back in this voice; another one stays away until its own time.", TodayRoutes.endBreak),
        .member(.get, "/mine", "Everything one wrote, with its state.", [.place("before")], TodayRoutes.mine),
        .member(.get, "/notices", "What is new.", TodayRoutes.notices),
        .member(.post, "/notices/seen", "Mark them as seen.", TodayRoutes.seen),
        .member(.get, LiveStream.path, "Nudges to look again, as server-sent events.", TodayRoutes.live),
    ]
}

enum TodayRoutes {
    static func isResting(_ person: Person, _ quiet: Hours, _ ask: Ask) -> Bool {
        isResting(person.breakUntil, quiet, ask.organisation, ask.app, ask.now)
    }

    static func isResting(_ breakUntil: Instant?, _ quiet: Hours, _ organisation: OrganisationRow, _ app: App, _ now: Instant) -> Bool {
        breakUntil.map { $0 > now } ?? false || quiet.contains(minute: app.clock(organisation).minute(now))
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let viewer = Viewer(person: person)
        let (items, notices, waiting, rooms, settings, checkIn, asksForm, studyCard, asking) = try await ask.read { tx in
            let (choices, settings) = (try tx.choices(of: person), try tx.settings(of: person))
            let resting = isResting(person, settings.quiet, ask)
            return (
                try tx.home(for: viewer, choices: choices),
                try tx.notices(for: person, choices: choices, resting: resting, limit: 10).filter { !$0.seen },
                try tx.own(person, "AND i.state IN ('waiting', 'held', 'returned')", limit: 3),
                try tx.readableRooms(for: viewer), settings, try tx.checkIns(of: person).first { $0.day == tx.today }?.word,
                try FormRoutes.asked(tx, ask, person, isQuiet: resting), try StudyRoutes.card(tx, ask, person, isQuiet: resting),
                try AskingAfterRoutes.onToday(tx, ask, person)
            )
        }
        let lighter = settings.lighterUntil.map { $0 > ask.now } ?? false
        let askAge = shouldAskAge(askedAt: person.bandAskedAt, now: ask.now)
        return .page(
            TodayPages.today(
                ask, person, items: items.shown, hidden: items.hidden, notices: notices, waiting: waiting, rooms: rooms, lighter: lighter,
                heavyWelcome: settings.heavyWelcome, checkIn: checkIn, askAge: askAge, asksForm: studyCard == nil ? asksForm : nil,
                study: studyCard, asking: asking),
            json: [
                "items": .list(items.shown.map { ItemParts.json($0, ask) }),
                "hidden": .list(items.hidden.map { ItemParts.json($0, ask) }), "notices": .bool(!notices.isEmpty),
                "lighter": .bool(lighter), "heavyWelcome": .bool(settings.heavyWelcome), "breakUntil": .at(person.breakUntil),
                "awayUntil": .at(person.voiceAwayUntil),
                "checkIn": .text(checkIn), "askAge": .bool(askAge), "asksForm": .text(studyCard == nil ? asksForm?.measure : nil),
                "study": .text(studyCard?.code), "askingAfter": .text(asking?.rawValue),
                "waiting": .list(waiting.map { ItemParts.json($0, ask) }),
            ])
    }

    static func checkIn(_ ask: Ask, _ person: Person) async throws -> Answer {
        let word = ask.form.text("word")
        // A low day starts gentler; one press on the same page changes it back.
        let lighter = word == "low" || word == "heavy" ? ask.app.clock(ask.organisation).midnight(after: ask.now) : nil
        try await ask.write { tx in
            try tx.checkIn(word, by: person)
            guard let lighter else { return }
            var settings = try tx.settings(of: person)
            settings.lighterUntil = lighter
            try tx.set(settings, of: person)
        }
        return .see("/today?done=checked-in", json: ["word": .string(word)])
    }

    static func lighter(_ ask: Ask, _ person: Person) async throws -> Answer {
        let until = ask.form.flag("on") ? ask.app.clock(ask.organisation).midnight(after: ask.now) : nil
        try await ask.write { tx in
            var settings = try tx.settings(of: person)
            settings.lighterUntil = until
            try tx.set(settings, of: person)
        }
        return .see("/today?done=saved", json: ["lighter": .bool(until != nil)])
    }

    static func welcomeHeavy(_ ask: Ask, _ person: Person) async throws -> Answer {
        let on = ask.form.flag("on")
        try await ask.write { tx in
            var settings = try tx.settings(of: person)
            settings.heavyWelcome = on
            try tx.set(settings, of: person)
        }
        return .see("/today?done=saved", json: ["heavyWelcome": .bool(on)])
    }

    static func takeBreak(_ ask: Ask, _ person: Person) async throws -> Answer {
        let until = ask.now + .days(ask.form.int("days") ?? 1)
        try await ask.write { try $0.takeBreak(person, until: until) }
        return .see("/today?done=break", json: ["breakUntil": .at(until)])
    }

    static func endBreak(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await ask.write { try $0.comeBack(person) }
        return .see("/today?done=back", json: ["awayUntil": nil])
    }

    static func mine(_ ask: Ask, _ person: Person) async throws -> Answer {
        let before = ask.before
        let (items, rooms) = try await ask.read { tx in
            (try tx.own(person, before: before), try tx.rooms(for: Viewer(person: person)).map(\.room))
        }
        let byID = Dictionary(rooms.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let say = ask.say
        let last = items.count == pageSize ? items.last?.seq : nil
        return .page(
            Page(
                say("mine.title"), tab: .you,
                body: """
                    <h1>\(say("mine.title"))</h1>\(items.isEmpty ? Parts.empty(.cup, say("mine.empty"), link: ("/write", say("frame.write"))) : "")
                    <section class="stack" aria-label="\(say("mine.title"))">\(each: items, { item in
                        ItemParts.article(
                            item, ask,
                            deeds: "<a href=\"/items/\(item.thread ?? item.id)\">\(say("items.read-on"))</a>\(ThreadPages.deeds(item, ask))",
                            link: true, room: item.room.flatMap { byID[$0] })
                    })</section>\(Parts.older(ask, "/mine", last: last))
                    """), json: ["items": .list(items.map { ItemParts.json($0, ask) }), "next": last.map { .id(ID<Any>(raw: $0)) } ?? nil])
    }

    static func words(_ notice: NoticeRow, _ ask: Ask) -> String {
        if notice.kind == .standingEnds, notice.about == nil { return ask.say("notices.letters-end") }
        if notice.kind == .shown, notice.isOfLetter { return ask.say("notices.letter-on") }
        return ask.say("notices.\(notice.kind.rawValue)")
    }

    static func place(_ notice: NoticeRow, _ ask: Ask) -> String {
        switch notice.kind {
        case .shown:
            notice.series.map { "/letters/\($0)" } ?? notice.reviewed.map { "/rooms/\($0)/reviews" }
                ?? notice.item.map { notice.isOfLetter ? "/items/\($0)/sent" : "/items/\($0)" } ?? "/today"
        case .answered, .support: notice.item.map { "/items/\($0)" } ?? "/today"
        case .statement, .appealAnswered, .nightFlags: notice.item.map { "/items/\($0)/sent" } ?? "/standing"
        case .message: notice.about.map { "/conversations/\(ID<Conversation>(raw: $0.raw))" } ?? "/talk"
        case .reportAnswered: "/reports"
        case .offer, .standing: "/offers"
        // A yes to letters is said again where it was said; standing in a room, with those who gave it.
        case .standingEnds: notice.about == nil ? "/courses" : "/offers"
        // Whoever leads a group sees it on a page of their own.
        case .supervision: ask.person?.staff.holds(.closeRisk, now: ask.now) ?? false ? "/supervision" : "/offers"
        case .piece: notice.item.map { "/items/\($0)/sent" } ?? "/mine"
        case .published, .invited: notice.item.map { "/items/\($0)" } ?? "/notices"
        case .rated: "/courses"
        case .study: notice.about.map { "/studies/\($0)" } ?? "/studies"
        case .letter, .letterWaits, .passedOn, .seriesEnded: notice.series.map { "/letters/\($0)" } ?? "/letters"
        }
    }

    static func notices(_ ask: Ask, _ person: Person) async throws -> Answer {
        let notices = try await ask.read { tx in
            let settings = try tx.settings(of: person)
            return try tx.notices(
                for: person, choices: try tx.choices(of: person), resting: isResting(person, settings.quiet, ask), limit: 50)
        }
        let say = ask.say
        let list: HTML = "<ul class=\"stack\" id=\"notices\">\(each: notices, { TodayPages.notice($0, ask) })</ul>"
        return .page(
            Page(
                say("notices.title"), tab: .today, fragment: list,
                body: """
                    <h1>\(say("notices.title"))</h1>\(notices.isEmpty ? Parts.empty(.bench, say("notices.none")) : list)
                    \(notices.contains { !$0.seen } ? Parts.act(ask, "/notices/seen", say("notices.seen")) : "")<p class="quietly">\(say("notices.end"))</p>
                    """),
            json: [
                "notices": .list(
                    notices.map {
                        [
                            "id": .id($0.id), "kind": .string($0.kind.rawValue), "item": .id($0.item), "at": .at($0.madeAt),
                            "seen": .bool($0.seen), "href": .string(place($0, ask)),
                        ]
                    })
            ])
    }

    static func seen(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await ask.write { try $0.seeNotices(person) }
        return .see("/today")
    }

    static func live(_ ask: Ask, _ person: Person) async throws -> Answer { .stream(ask.app.live.subscribe(person, now: ask.now)) }
}
