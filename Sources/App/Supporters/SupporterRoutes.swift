import Rules
import Store

/// How a supporter helps, what they have been through, and who lets them help.
enum SupporterRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let letters = ask.app.letterCourses
        let (found, helps) = try await ask.read { tx in
            (try tx.supporterSettings(of: person), try !tx.helpsIn(person).isEmpty || tx.isBefriender(person, courses: letters))
        }
        guard found != nil || helps else { throw Refusal.notFound }
        let settings = found ?? SupporterSettings()
        let say = ask.say
        let matters = offered(person, ask)
        let body: HTML = """
            <h1>\(say("offers.settings"))</h1><p class="lead">\(say("offers.settings-lead"))</p>
            <form class="stack" method="post" action="/offers/settings">\(Parts.token(ask))
            \(Parts.boxes("matters", say("offers.takes"), matters.map { ($0.id, $0.name) }, chosen: Set(settings.matters)))<p class="hint">\(say("offers.takes-hint"))</p>
            \(Parts.boxes("languages", say("offers.languages"), Languages.known.map { ($0.key, say("languages.\($0.key)")) }, chosen: Set(settings.languages)))<p class="hint">\(say("offers.languages-hint"))</p>
            \(Parts.field("per_day", say("offers.per-day"), hint: say("offers.per-day-hint"), value: String(settings.capacity.perDay), type: "number", extra: " min=\"1\" max=\"5\" inputmode=\"numeric\""))
            \(Parts.field("per_week", say("offers.per-week"), value: String(settings.capacity.perWeek), type: "number", extra: " min=\"1\" max=\"15\" inputmode=\"numeric\""))
            <fieldset class="row"><legend>\(say("offers.hours"))</legend>
            \(Parts.field("from", say("see.quiet-from"), value: settings.hours.map { LocalClock.field(minute: $0.from) } ?? "", type: "time"))\
            \(Parts.field("to", say("see.quiet-to"), value: settings.hours.map { LocalClock.field(minute: $0.to) } ?? "", type: "time"))</fieldset>
            \(Parts.area("plan", say("offers.plan"), hint: say("offers.plan-hint"), value: settings.plan, rows: 5))
            <button class="button">\(say("today.save"))</button></form>
            """
        return .page(
            Page(say("offers.settings"), tab: .you, body: body),
            json: [
                "set": .bool(found != nil), "matters": .list(settings.matters.map(JSON.string)),
                "languages": .list(settings.languages.map(JSON.string)),
                "perDay": .int(settings.capacity.perDay), "perWeek": .int(settings.capacity.perWeek),
                "from": settings.hours.map { .string(LocalClock.time(minute: $0.from)) } ?? nil,
                "to": settings.hours.map { .string(LocalClock.time(minute: $0.to)) } ?? nil, "plan": .string(settings.plan),
            ])
    }

    /// What this person may take: under 18 never self-harm, suicide or abuse.
    private static func offered(_ person: Person, _ ask: Ask) -> [Content.Matter] {
        let young = !person.isStaff && person.band.map(\.isUnder18) ?? true
        return ask.app.content.matters.filter { !young || !($0.adultsOnly ?? false) }
    }

    static func save(_ ask: Ask, _ person: Person) async throws -> Answer {
        let form = ask.form
        let known = Set(offered(person, ask).map(\.id))
        let hours = (SeeRoutes.minute(form.optional("from")), SeeRoutes.minute(form.optional("to")))
        if form.optional("from") != nil, hours.0 == nil { throw Refusal.badChoice("from") }
        if form.optional("to") != nil, hours.1 == nil { throw Refusal.badChoice("to") }
        // Half of a time says nothing: any time is meant.
        let within = hours.0.flatMap { from in hours.1.map { Hours(from: from, to: $0) } }.flatMap { $0.from == $0.to ? nil : $0 }
        let plan = form.words("plan")
        guard plan.count <= 2_000 else { throw Refusal.tooLong("plan", 2_000) }
        let (letters, languages) = (ask.app.letterCourses, Set(form.list("languages")))
        guard languages.isSubset(of: Languages.known.map(\.key)) else { throw Refusal.badChoice("languages") }
        try await ask.write { tx in
            let old = try tx.supporterSettings(of: person)
            guard try old != nil || !tx.helpsIn(person).isEmpty || tx.isBefriender(person, courses: letters) else { throw Refusal.notFound }
            var settings = old ?? SupporterSettings()
            settings.matters = Set(form.list("matters")).filter(known.contains).sorted()
            // Nobody answers in none: an empty choice keeps the old one.
            if !languages.isEmpty { settings.languages = languages.sorted() }
            settings.capacity = Capacity(
                perDay: form.int("per_day") ?? Capacity.usual.perDay, perWeek: form.int("per_week") ?? Capacity.usual.perWeek)
            settings.hours = within
            // One has a plan for as long as one helps: an empty field keeps the old one.
            if !plan.isEmpty { settings.plan = plan }
            try tx.set(settings, of: person)
        }
        return .see("/offers?done=saved")
    }

    static func giveBack(_ ask: Ask, _ person: Person) async throws -> Answer {
        let room: ID<Room> = try ask.id("room")
        guard try await ask.write({ try $0.endStanding(person.account, in: room) }) else { throw Refusal.notFound }
        return .see("/offers?done=given-back", json: ["room": .id(room), "standing": .bool(false)])
    }

    // The self-map

    private static let longestMap = 12

    static func map(_ ask: Ask, _ person: Person) async throws -> Answer {
        let chosen = try await ask.read { try $0.selfMap(of: person) }
        let say = ask.say
        let topics = ask.app.content.topics.filter { $0.condition != true }
        let body: HTML = """
            <h1>\(say("offers.map"))</h1><p class="lead">\(say("offers.map-lead"))</p>
            <form class="stack" method="post" action="/you/map">\(Parts.token(ask))
            \(Parts.many("topics", say("offers.map-topics"), topics.map { ($0.id, $0.name) }, chosen: Set(chosen), hint: say("offers.map-hint")))
            <p class="say note">\(say("offers.map-private"))</p><button class="button">\(say("today.save"))</button></form>
            \(chosen.isEmpty ? "" : Parts.act(ask, "/you/map", say("offers.map-empty"), style: "plain"))
            """
        return .page(Page(say("offers.map"), tab: .you, body: body), json: ["topics": .list(chosen.map(JSON.string))])
    }

    static func saveMap(_ ask: Ask, _ person: Person) async throws -> Answer {
        // Shared experience in plain words: no diagnosis is kept here, nor matched by.
        let chosen = Set(ask.form.list("topics")).filter { id in ask.app.content.topicByID[id].map { $0.condition != true } ?? false }
            .sorted()
        guard chosen.count <= longestMap else { throw Refusal.rule("too-many-topics", ["longest": String(longestMap)]) }
        try await ask.write { try $0.setSelfMap(chosen, of: person) }
        return .see("/you/map?done=saved", json: ["topics": .list(chosen.map(JSON.string))])
    }

    // Who lets them help: a professional, by name, in one room.

    static func here(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await lookedAfter(ask, worker)
        let all = try await ask.read { try $0.standings(in: room.id) }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("offers.who"))</h1><p>\(Parts.room(room))</p>\(all.isEmpty ? "<p class=\"quietly\">\(say("offers.who-none"))</p>" : "")
            <ul class="stack">\(each: all, { one in
                """
                <li class="card row apart"><span>\(Pictures.bird(seed: one.name)) <b>\(one.name)</b> <span class="quietly">\(say("offers.until", ["when": ask.moments.date(one.until)])) \(one.trained.map { say("offers.trained-at", ["where": $0]) } ?? say("offers.trained-unknown"))</span></span>\
                \(Parts.act(ask, "/rooms/\(room.id)/supporters/end", say("offers.who-end"), style: "plain", hidden: [("name", one.name)]))</li>
                """
            })</ul><form class="card" method="post" action="/rooms/\(room.id)/supporters">\(Parts.token(ask))<h2>\(say("offers.who-give"))</h2>\
            \(Parts.field("name", say("offers.who-name"), extra: " maxlength=\"40\" autocomplete=\"off\""))\(Parts.field("trained", say("offers.trained"), hint: say("offers.trained-hint"), extra: " maxlength=\"200\" required"))<button class="button">\(say("offers.who-go"))</button></form>
            """
        return .page(
            Page(say("offers.who"), tab: .you, body: body),
            json: [
                "room": .id(room.id),
                "supporters": .list(all.map { ["name": .string($0.name), "until": .at($0.until), "trained": .text($0.trained)] }),
            ])
    }

    static func give(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (room, account) = try await named(ask, worker)
        let until = ask.now + .days(ask.form.int("days") ?? 365)
        let trained = ask.form.text("trained").trimmed
        // Nobody helps untrained: whoever learned it elsewhere has somebody here who answers for it.
        guard !trained.isEmpty else { throw Refusal.missing("trained") }
        guard try await ask.write({ try $0.giveStanding(account, in: room, until: until, by: worker.person.account, trained: trained) })
        else {
            throw Refusal.rule("no-standing", status: 409)
        }
        return .see("/rooms/\(room.id)/supporters?done=standing-given", json: ["room": .id(room.id), "until": .at(until)])
    }

    static func take(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (room, account) = try await named(ask, worker)
        guard try await ask.write({ try $0.endStanding(account, in: room.id, takenBy: worker.person.account) }) else {
            throw Refusal.notFound
        }
        return .see("/rooms/\(room.id)/supporters?done=standing-ended", json: ["room": .id(room.id)])
    }

    private static func lookedAfter(_ ask: Ask, _ worker: Worker) async throws -> RoomRow {
        let id: ID<Room> = try ask.id("room")
        let found = try await ask.read { try $0.room(id, visibleTo: ask.viewer) }
        guard let room = found, worker.person.staff.may(.closeRisk, at: room.place, now: ask.now) else {
            throw Refusal.notFound
        }
        return room
    }

    private static func named(_ ask: Ask, _ worker: Worker) async throws -> (RoomRow, ID<Account>) {
        let room = try await lookedAfter(ask, worker)
        let name = ask.form.text("name").trimmed
        guard let account = try await ask.read({ try $0.account(firstName: name, in: room.organisation) }) else {
            throw Refusal.rule("no-such-name")
        }
        return (room, account)
    }
}
