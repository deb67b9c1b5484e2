import Rules
import Store

extension Routes {
    static let you: [Route] = [
        .member(.get, "/you", "Everything that is one's own.", YouRoutes.show),
        .member(.get, "/look", "How it looks.", YouRoutes.lookForm),
        .member(
            .post, "/look", "Save how it looks.",
            [
                .choice("theme", ["system", "light", "dark", "quiet"], optional: true),
                .choice("size", ["normal", "bigger", "biggest"], optional: true), .choice("trail", ["on", "off"], optional: true),
                .choice("easy", ["on", "off"], optional: true), .choice("keys", ["on", "off"], optional: true),
            ], YouRoutes.look),
        .member(.post, "/you/name", "Change the name; once in thirty days.", [.line("name", 40)], YouRoutes.rename),
        .member(
            .post, "/you/stage", "Where one stands towards care; one's own word.", [.choice("stage", Stage.self, optional: true)],
            YouRoutes.stage),
        .member(
            .post, "/you/gender", "How one describes oneself, if one likes; counted in groups and shown to nobody.",
            [.choice("gender", Gender.self, optional: true)], YouRoutes.gender),
        .member(.post, "/you/country", "The country help lines are shown for.", [.line("country", 2)], YouRoutes.country),
        .member(
            .post, "/you/area", "An area, where the organisation asks for one; never smaller than a set population.",
            [.line("area", 60, optional: true)], YouRoutes.area),
        .member(.post, "/you/age", "Still this age?", [.choice("band", (AgeBand.offered + [.adult]).map(\.rawValue))], YouRoutes.age),
        .member(.get, "/you/way-back", "About the way back.", YouRoutes.wayBackForm),
        .member(
            .post, "/you/way-back",
            "Make a new way back; the old one ends. Without the old words the new ones open the record a day later.",
            [.line("words", 200, optional: true)], YouRoutes.wayBack),
        .member(.post, "/you/second-name", "A second name that nobody can tie to the first.", YouRoutes.secondName),
        .member(.post, "/you/voice", "Speak with the first or the second name.", [.choice("place", ["1", "2"])], YouRoutes.voice),
        .member(.get, "/you/devices", "Where one is signed in.", YouRoutes.devices),
        .member(.post, "/you/devices/:session/end", "Sign out one device.", YouRoutes.endDevice),
        .member(.post, "/you/devices/end-others", "Sign out all other devices.", YouRoutes.endOthers),
    ]
}

enum YouRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (names, gender) = try await ask.read { (try $0.names(of: person.account), try $0.gender(of: person.account)) }
        // Names are offered where one may be taken: rarely.
        let changedAt = names.first { $0.id == person.name }?.changedAt ?? ask.now
        let renamable = !person.isStaff && ask.now - changedAt >= renamedEvery
        let free = renamable ? try await JoinRoutes.freeNames(ask, 3) : []
        let say = ask.say
        let second = names.first { $0.place == 2 }
        // Courses are for those who may support others one day.
        let learns = person.isStaff || ask.app.content.courses.contains { $0.isFor(person.band) }
        let links: [(String, String)] =
            [
                ("/mine", "mine.title"), ("/notices", "notices.title"), ("/see", "see.title"), ("/look", "look.title"),
                ("/reports", "report.mine"), ("/offers", "offers.title"),
            ] + (person.isStaff ? [] : [("/forms", "forms.title"), ("/you/asking-after", "asking.title")])
            + (learns ? [("/courses", "courses.title")] : []) + [
                ("/standing", "standing.title"), ("/you/way-back", "wayback.title-short"), ("/you/devices", "devices.title"),
                ("/you/export", "export.title"), ("/you/erase", "erase.title"),
            ]
        let voices: HTML =
            person.isStaff
            ? ""
            : """
            <section class="card" aria-labelledby="voices"><h2 id="voices">\(say("you.names"))</h2><p>\(say("you.names-more"))</p><div class="row">\
            \(each: names, { name in
                name.id == person.name
                    ? "<span class=\"row\">\(Pictures.bird(seed: name.shown)) <b>\(name.shown)</b> (\(say("you.now")))</span>"
                    : Parts.act(ask, "/you/voice", say("you.speak-as", ["name": name.shown]), hidden: [("place", String(name.place))])
            })\(second == nil ? Parts.act(ask, "/you/second-name", say("you.second")) : "")</div>\
            \(renaming(free, changedAt: changedAt, ask))</section>
            """
        let stages: HTML = """
            <form class="card" method="post" action="/you/stage">\(Parts.token(ask))\(Parts.radios("stage", say("join.stage"), Stage.allCases.map { ($0.rawValue, say("join.stage-\($0.rawValue)")) }, chosen: person.stage?.rawValue))\
            <button class="button soft">\(say("today.save"))</button></form>
            \(ageForm(person, ask))
            <form class="card" method="post" action="/you/country">\(Parts.token(ask))\(Parts.select("country", say("join.country"), JoinPages.countries(ask), chosen: person.country, hint: say("join.country-why")))\
            <button class="button soft">\(say("today.save"))</button></form>
            \(genderForm(gender, ask))
            """
        let places = ask.organisation.areaOn ? ask.app.content.areas(for: person.country) : []
        let area: HTML =
            places.isEmpty
            ? ""
            : """
            <form class="card" method="post" action="/you/area">\(Parts.token(ask))\(Parts.select("area", say("you.area"), [("", say("you.no-area"))] + places.map { ($0.id, $0.name) }, chosen: person.area, hint: say("you.area-why")))<button class="button soft">\(say("today.save"))</button></form>
            """
        let handover: HTML = person.band == .adult ? "<p class=\"say note\">\(say("you.handover"))</p>" : ""
        let body: HTML = """
            <h1 class="row">\(Pictures.bird(seed: person.shownName)) \(person.shownName)</h1>\(handover)
            <nav aria-label="\(say("you.title"))"><ul class="links" role="list">\(each: links, { "<li><a href=\"\($0.0)\">\(say($0.1))</a></li>" })</ul></nav>
            \(voices)\(person.isStaff ? "" : stages + area)<div class="row">\(Parts.act(ask, "/sign-out", say("you.sign-out"), style: "plain"))\
            \(person.isStaff ? "" : "<a href=\"/leaving\">\(say("leaving.title"))</a>")</div>
            """
        return .page(
            Page(say("you.title"), tab: .you, body: body),
            json: [
                "name": .string(person.shownName), "band": .text(person.band?.rawValue), "country": .text(person.country),
                "stage": .text(person.stage?.rawValue), "gender": .text(gender?.rawValue), "area": .text(person.area),
                "ageAskedAt": person.isStaff ? nil : .at(nextAsked(person)), "freeNames": .list(free.map(JSON.string)),
                "areas": .list(places.map { ["id": .string($0.id), "name": .string($0.name)] }),
                "names": .list(names.map { ["place": .int($0.place), "name": .string($0.shown)] }),
            ])
    }

    /// How often a bird may change.
    private static let renamedEvery = Lapse.days(30)

    private static func renaming(_ free: [String], changedAt: Instant, _ ask: Ask) -> HTML {
        let say = ask.say
        guard !free.isEmpty else {
            let date = ask.moments.date(changedAt + renamedEvery)
            return "<p class=\"quietly\">\(say("you.rename-later", ["date": date]))</p>"
        }
        return """
            <details><summary>\(say("you.rename"))</summary><p>\(say("you.rename-more"))</p>
            <form method="post" action="/you/name">\(Parts.token(ask))<div class="grid-choices">\(each: free, { name in
                "<button class=\"button plain\" name=\"name\" value=\"\(name)\">\(Pictures.bird(seed: name)) \(name)</button>"
            })</div></form></details>
            """
    }

    /// When their age is asked again: a year after the last answer.
    private static func nextAsked(_ person: Person) -> Instant { (person.bandAskedAt ?? person.joinedAt) + .days(365) }

    private static func isAgeAsked(_ person: Person, _ now: Instant) -> Bool {
        person.band == nil || shouldAskAge(askedAt: person.bandAskedAt, now: now)
    }

    /// Between two askings only what would be taken is offered: the same, or younger.
    private static func ageForm(_ person: Person, _ ask: Ask) -> HTML {
        let say = ask.say
        let isAsked = isAgeAsked(person, ask.now)
        // Whoever has been here to the end of it is asked whether it is over.
        let all = person.band == .eighteen ? AgeBand.offered + [.adult] : AgeBand.offered
        let offered = all.filter { band in isAsked || person.band.map { band <= $0 } ?? true }
        let bands: [(value: String, words: String)] = offered.map { ($0.rawValue, say("bands.\($0.rawValue)")) }
        let note = isAsked ? say("you.age-now") : say("you.age-later", ["date": ask.moments.date(nextAsked(person))])
        return """
            <form class="card" method="post" action="/you/age">\(Parts.token(ask))\
            \(Parts.radios("band", say("you.age"), bands, chosen: person.band?.rawValue))<p class="hint">\(note)</p>\
            <button class="button soft">\(say("today.save"))</button></form>
            """
    }

    /// Why it is asked stands beside it; nothing is chosen before somebody chose, and saying nothing is an answer.
    private static func genderForm(_ gender: Gender?, _ ask: Ask) -> HTML {
        let say = ask.say
        let choices = Gender.allCases.map { ($0.rawValue, say("you.gender-\($0.rawValue)")) } + [("", say("you.gender-unsaid"))]
        return """
            <form class="card" method="post" action="/you/gender">\(Parts.token(ask))\
            \(Parts.radios("gender", say("you.gender"), choices, chosen: gender?.rawValue))<p class="hint">\(say("you.gender-why"))</p>\
            <button class="button soft">\(say("today.save"))</button></form>
            """
    }

    static func lookForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        let say = ask.say
        let look = Look(person.look)
        func group(_ name: String, _ values: [String], _ chosen: String) -> HTML {
            Parts.radios(name, say("look.\(name)"), values.map { ($0, say("look.\(name)-\($0)")) }, chosen: chosen)
        }
        let body: HTML = """
            <h1>\(say("look.title"))</h1><form class="card" method="post" action="/look">\(Parts.token(ask))
            \(group("theme", ["system", "light", "dark", "quiet"], look.theme))\(group("size", ["normal", "bigger", "biggest"], look.size))
            \(group("trail", ["on", "off"], look.trailOff ? "off" : "on"))\(group("easy", ["on", "off"], look.easy ? "on" : "off"))
            \(person.isStaff ? group("keys", ["on", "off"], look.keysOff ? "off" : "on") : "")<button class="button">\(say("today.save"))</button></form>
            <p class="quietly">\(say("look.leave"))</p>
            """
        return .page(
            Page(say("look.title"), tab: .you, body: body),
            json: ["theme": .string(look.theme), "size": .string(look.size), "trail": .bool(!look.trailOff), "easy": .bool(look.easy)])
    }

    static func look(_ ask: Ask, _ person: Person) async throws -> Answer {
        var look = Look(person.look)
        let form = ask.form
        if let theme = form.optional("theme") { look.theme = theme }
        if let size = form.optional("size") { look.size = size }
        if let trail = form.optional("trail") { look.trailOff = trail == "off" }
        if let easy = form.optional("easy") { look.easy = easy == "on" }
        if let keys = form.optional("keys") { look.keysOff = keys == "off" }
        let written = look.written
        try await ask.write { try $0.setLook(written, of: person.account) }
        return .see("/look?done=saved")
    }

    static func rename(_ ask: Ask, _ person: Person) async throws -> Answer {
        let name = ask.form.text("name")
        guard !person.isStaff, JoinRoutes.isOffered(name, ask.app.content) else { throw Refusal.badChoice("name") }
        do {
            try await ask.write { tx in
                guard let current = try tx.names(of: person.account).first(where: { $0.id == person.name }) else { throw Refusal.notFound }
                guard ask.now - current.changedAt >= renamedEvery else { throw Refusal.rule("renamed-lately", status: 409) }
                try tx.rename(person.name, to: name)
            }
        } catch StoreFault.conflict { throw Refusal.rule("name-taken", status: 409) }
        return .see("/you?done=saved", json: ["name": .string(name)])
    }

    static func stage(_ ask: Ask, _ person: Person) async throws -> Answer {
        let stage: Stage? = ask.form.choice("stage")
        try await ask.write { try $0.setStage(stage, of: person.account) }
        return .see("/you?done=saved")
    }

    static func gender(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        let gender: Gender? = ask.form.choice("gender")
        try await ask.write { try $0.setGender(gender, of: person.account) }
        return .see("/you?done=saved", json: ["gender": .text(gender?.rawValue)])
    }

    static func country(_ ask: Ask, _ person: Person) async throws -> Answer {
        let country = ask.form.text("country").uppercased()
        guard country == "ZZ" || ask.app.content.lines.countries[country] != nil else { throw Refusal.badChoice("country") }
        try await ask.write { try $0.setCountry(country, of: person.account) }
        return .see("/you?done=saved")
    }

    static func area(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard ask.organisation.areaOn else { throw Refusal.notFound }
        let id = ask.form.optional("area")
        if let id, !ask.app.content.areas(for: person.country).contains(where: { $0.id == id }) { throw Refusal.badChoice("area") }
        try await ask.write { try $0.setArea(id, of: person.account) }
        return .see("/you?done=saved", json: ["area": .text(id)])
    }

    /// An older band counts only as the answer to the yearly question, one step at a time; a jump is looked at by a
    /// person. A younger one protects more and counts at once, and a person looks as well. But nobody steps from an
    /// adults' band into the rooms of the young by a press: there a person looks first.
    static func age(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        guard let band: AgeBand = ask.form.choice("band") else { throw Refusal.badChoice("band") }
        let isAsked = isAgeAsked(person, ask.now)
        if let old = person.band, band > old, !isAsked {
            throw Refusal.rule("age-not-yet", status: 409, ["date": ask.moments.date(nextAsked(person))])
        }
        // Said for the first time it opens what joining with it would have opened, and no more.
        if person.band == nil {
            switch admission(
                of: band, lowest: person.home.lowestBand, consentAge: ask.app.content.consentAge(person.country),
                parentsRule: person.home.parentsRule)
            {
            case .welcome: break
            case .tooYoung, .tooOld: throw Refusal.rule("age-not-here", status: 409)
            case .adultMustConfirm: throw Refusal.rule("age-adult-must-confirm", status: 409)
            }
        }
        let change = bandChange(from: person.band, to: band)
        let counts: Bool =
            switch change {
            case .same: isAsked  // before that it would only put the question off
            case .up: true
            case .unlikely: person.band.map { band < $0 && $0.isUnder18 } ?? false
            }
        try await ask.write { tx in
            if counts { try tx.setBand(band, of: person.account) }
            if change == .unlikely {
                try tx.openOrJoin(
                    CaseOpening(
                        kind: .age, subject: ID(raw: person.account.raw), account: person.account,
                        facts: CaseFacts(level: .medium, young: true), organisation: person.organisation, by: "author",
                        code: "band-\(band.rawValue)"))
            }
        }
        let waits = change == .unlikely && !counts
        return .see(waits ? "/you?done=age-asked" : "/you?done=saved", json: ["band": .string(band.rawValue), "waits": .bool(waits)])
    }

    static func wayBackForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("wayback.title-short"))</h1><p class="lead">\(say("wayback.about"))</p><p>\(say("wayback.lost"))</p>
            <form class="card" method="post" action="/you/way-back">\(Parts.token(ask))\
            \(Parts.field("words", say("wayback.old"), hint: say("wayback.old-hint"), extra: " autocomplete=\"off\" spellcheck=\"false\""))\
            <button class="button">\(say("wayback.new"))</button></form><p class="quietly">\(say("wayback.new-more"))</p>
            """
        return .page(Page(say("wayback.title-short"), tab: .you, body: body), json: [:])
    }

    static func wayBack(_ ask: Ask, _ person: Person) async throws -> Answer {
        let isProven = !ask.form.text("words").isEmpty
        if isProven { try await RightsRoutes.proven(ask, person) }
        let way = WayBack(ask.app.content.wayBackWords, chance: ask.app.chance)
        guard let hash = await ask.app.hasher.hash(way.secret) else { throw Refusal.tooFast(minutes: 1) }
        let first = try await ask.write { tx in
            try tx.setWayBack(hash, of: person.account, countsFrom: isProven ? nil : ask.now + .days(1))
            return try tx.names(of: person.account).first { $0.place == 1 }?.shown ?? person.shownName
        }
        return .page(
            JoinPages.wayBack(ask, name: first, way, next: "/you"),
            json: ["name": .string(first), "wayBack": .list(way.words.map(JSON.string))])
    }

    static func secondName(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        for _ in 0..<8 {
            let name = JoinRoutes.roll(ask.app)
            do {
                try await ask.write { tx in
                    guard try tx.names(of: person.account).count < 2 else { throw Refusal.rule("two-names", status: 409) }
                    _ = try tx.addName(name, place: 2, account: person.account, organisation: person.organisation)
                }
            } catch StoreFault.conflict { continue }
            return .see("/you?done=second-name", json: ["name": .string(name)], created: true)
        }
        throw Refusal.tooFast(minutes: 1)
    }

    static func voice(_ ask: Ask, _ person: Person) async throws -> Answer {
        let place = Int(ask.form.text("place")) ?? 1
        let shown = try await ask.write { tx in
            guard let name = try tx.names(of: person.account).first(where: { $0.place == place }) else { throw Refusal.notFound }
            try tx.speak(as: name.id, session: person.session)
            return name.shown
        }
        return .see("/you?done=saved", json: ["name": .string(shown)])
    }

    static func devices(_ ask: Ask, _ person: Person) async throws -> Answer {
        let sessions = try await ask.read { try $0.sessions(of: person.account) }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("devices.title"))</h1><ul class="stack">\(each: sessions, { row in
                """
                <li class="card row apart"><span>\(say("devices.since", ["when": ask.moments.ago(row.madeAt)]))\(row.id == person.session ? " (\(say("devices.this")))" : "")</span>\
                \(row.id == person.session ? "" : Parts.act(ask, "/you/devices/\(row.id)/end", say("devices.end")))</li>
                """
            })</ul>\(sessions.count > 1 ? Parts.act(ask, "/you/devices/end-others", say("devices.end-others"), style: "plain") : "")
            """
        return .page(
            Page(say("devices.title"), tab: .you, body: body),
            json: ["devices": .list(sessions.map { ["id": .id($0.id), "since": .at($0.madeAt), "this": .bool($0.id == person.session)] })])
    }

    static func endDevice(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Session> = try ask.id("session")
        guard try await ask.write({ try $0.endSession(id, of: person.account) }) else { throw Refusal.notFound }
        ask.app.live.end(session: id)
        return .see("/you/devices?done=saved")
    }

    static func endOthers(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await ask.write { try $0.endOtherSessions(than: person.session, of: person.account) }
        ask.app.live.end(account: person.account, but: person.session)
        return .see("/you/devices?done=saved")
    }
}
