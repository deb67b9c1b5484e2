import Rules
import Store

extension Routes {
    private static let bands = AgeBand.offered.map(\.rawValue) + ["younger", "older", "unknown"]

    static let joining: [Route] = [
        .visitor(.get, "/join", "Start, step by step, or the names on offer.", JoinRoutes.begin),
        .visitor(
            .post, "/join", "Answer a step; the last one makes the account.",
            [
                .choice("step", ["age", "bird", "see", "rules", "done"]), .choice("band", bands, optional: true),
                .line("country", 2, optional: true), .line("name", 40, optional: true),
                .choice("stage", Stage.self, optional: true), .choice("intent", Intent.self, optional: true),
                .list("cover"), .list("hide"), .flag("shared"), .flag("agree"), .flag("another"),
            ], JoinRoutes.step),
    ]
}

enum JoinRoutes {
    static func begin(_ ask: Ask) async throws -> Answer {
        if ask.person != nil, ask.wants == .page { return .see("/today") }
        let names = try await freeNames(ask, 3)
        return .page(JoinPages.age(ask), json: ["names": .list(names.map(JSON.string)), "step": "age"])
    }

    static func step(_ ask: Ask) async throws -> Answer {
        if let wait = ask.app.limits.wait("join \(ask.network)", limit: 400, within: .hours(1), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes)
        }
        let form = ask.form
        let step = form.text("step")
        guard let word = form.optional("band") else {
            guard step == "age" else { throw Refusal.missing("band") }
            return .page(JoinPages.age(ask, missing: true), json: ["step": "age"])
        }
        if word == "younger" { return ending(ask, JoinPages.tooYoung(ask), "too-young") }
        if word == "older" { return ending(ask, JoinPages.tooOld(ask), "too-old") }
        let band = word == "unknown" ? nil : AgeBand(rawValue: word)
        let country = form.optional("country")?.uppercased() ?? ask.organisation.country
        switch admission(
            of: band, lowest: ask.organisation.lowestBand, consentAge: ask.app.content.consentAge(country),
            parentsRule: ask.organisation.parentsRule)
        {
        case .welcome: break
        case .adultMustConfirm(let age):
            let open: [JSON] = ["/rooms", .string("/help?country=\(country)"), "/help/worried", "/help/grounding", "/parents"]
            return ending(ask, JoinPages.adult(ask, age: age, country: country), "adult-must-confirm", open: open)
        case .tooYoung: return ending(ask, JoinPages.tooYoung(ask), "too-young")
        case .tooOld: return ending(ask, JoinPages.tooOld(ask), "too-old")
        }
        switch step {
        case "bird" where !form.flag("another"): return .page(JoinPages.see(ask, band: band), json: ["step": "see"])
        case "see": return .page(JoinPages.rules(ask), json: ["step": "rules"])
        case "age", "bird":
            let names = try await freeNames(ask, 3)
            return .page(JoinPages.bird(ask, names: names), json: ["step": "bird"])
        default: return try await make(ask, band: band, country: country)
        }
    }

    /// Kindly no: reading, help and tools stay open.
    private static func ending(_ ask: Ask, _ page: Page, _ code: String, open: [JSON] = ["/help", "/help/grounding"]) -> Answer {
        let words = ask.say("join.\(code == "adult-must-confirm" ? "adult" : code)")
        return .page(page, json: ["refused": .string(code), "says": .string(words), "field": "band", "open": .list(open)], status: 422)
    }

    /// A press has no key here: to answer it twice would show a way back twice, also to whoever presses "back" on a shared computer.
    /// Pressed twice it makes two accounts, and nobody ever holds the words of the first.
    private static func make(_ ask: Ask, band: AgeBand?, country: String) async throws -> Answer {
        guard ask.form.flag("agree") else {
            if ask.wants == .json { throw Refusal.missing("agree") }
            return .page(JoinPages.rules(ask), json: nil)
        }
        let app = ask.app
        let wayBack = WayBack(app.content.wayBackWords, chance: app.chance)
        guard let hash = await app.hasher.hash(wayBack.secret) else { throw Refusal.tooFast(minutes: 1) }
        var choices = app.content.defaultChoices(band)
        if ask.form.values["cover"] != nil || ask.form.values["hide"] != nil || ask.wants != .json {
            for matter in app.content.matters { choices[matter.id] = .show }
            for matter in ask.form.list("cover") where choices[matter] != nil { choices[matter] = .cover }
            for matter in ask.form.list("hide") where choices[matter] != nil { choices[matter] = .hide }
        }
        let form = ask.form
        var wanted = form.optional("name").flatMap { isOffered($0, app.content) ? $0 : nil }
        let (token, secret) = (app.chance.token(), Secret(app.chance.bytes(32)))
        // A name taken meanwhile is rolled anew; the unique index decides, not a look beforehand.
        for _ in 0..<8 {
            let name = wanted ?? roll(app)
            wanted = nil
            let settled = choices
            do {
                try await ask.write { tx in
                    let new = try tx.addAccount(
                        NewMember(
                            organisation: ask.organisation.id, shownName: name, band: band, country: country,
                            stage: form.choice("stage"), intent: form.choice("intent"), choices: settled,
                            wayBackHash: hash))
                    _ = try tx.addSession(
                        token: token, secret: secret, account: new.account, name: new.name, shared: form.flag("shared"),
                        passedSecondFactor: false, length: .days(form.flag("shared") ? 1 : 90))
                    if try tx.isNearSomeoneWhoLeft(ask.address) {
                        try tx.openOrJoin(
                            CaseOpening(
                                kind: .pattern, subject: ID(raw: new.account.raw), account: new.account,
                                facts: CaseFacts(level: .medium, young: band?.isUnder18 ?? true),
                                organisation: ask.organisation.id, by: "clock", code: "same-network"))
                    }
                    try tx.cameFrom(ask.address, account: new.account)
                }
            } catch StoreFault.conflict { continue }
            let next = place(for: form.choice("intent"))
            let json: JSON = [
                "name": .string(name), "wayBack": .list(wayBack.words.map(JSON.string)), "next": .string(next),
            ]
            let page = JoinPages.wayBack(ask, name: name, wayBack, next: next)
            return .withSession(
                .begin(token, shared: form.flag("shared")), ask.wants == .json ? .json(json, status: 201) : .page(page, json: json))
        }
        throw Refusal.tooFast(minutes: 1)
    }

    /// The three intents lead somewhere.
    static func place(for intent: Intent?) -> String {
        switch intent {
        case .talk: "/rooms"
        case .learn: "/choose?intent=learn"
        case .say: "/write?quiet=1"
        case nil: "/today"
        }
    }

    static func roll(_ app: App) -> String {
        // Three figures: easy to say, never a birth year, and no name is the beginning of another.
        "\(app.content.birds[app.chance.below(app.content.birds.count)])-\(100 + app.chance.below(900))"
    }

    /// Names are offered, never typed freely: a bird of the list and a number.
    static func isOffered(_ name: String, _ content: Content) -> Bool {
        let halves = name.split(separator: "-")
        guard halves.count == 2, content.birds.contains(String(halves[0])), let number = Int(halves[1]) else { return false }
        // As it was offered and no other way of writing it, or its owner could not sign in with it.
        return (2...99_999).contains(number) && !(1900...2035).contains(number) && name == "\(halves[0])-\(number)"
    }

    static func freeNames(_ ask: Ask, _ count: Int) async throws -> [String] {
        let rolled = (0..<count * 4).map { _ in roll(ask.app) }
        return try await ask.read { tx in
            var free: [String] = []
            for name in rolled where free.count < count && !free.contains(name) {
                if try !tx.isNameTaken(name, in: ask.organisation.id) { free.append(name) }
            }
            return free
        }
    }
}
