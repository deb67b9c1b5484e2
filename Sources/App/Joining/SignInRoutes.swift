import Rules
import Store

extension Routes {
    static let signingIn: [Route] = [
        .visitor(.get, "/sign-in", "Come back with a name and six words.", SignInRoutes.form),
        .visitor(
            .post, "/sign-in", "Come back.", [.line("name", 10_000), .line("words", 10_000), .flag("shared")], SignInRoutes.enter),
        .member(.get, "/sign-in/code", "The second factor of staff.", SignInRoutes.codeForm),
        .member(.post, "/sign-in/code", "Give the second factor.", [.line("code", 12)], SignInRoutes.code),
        .member(.post, "/sign-out", "Sign out on this device.", SignInRoutes.leave),
        .visitor(.get, "/session", "Who is signed in, and the token that forms need.", SignInRoutes.session),
    ]
}

enum SignInRoutes {
    static func form(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        let page = Page(
            say("signin.title"),
            body: """
                <h1>\(say("signin.title"))</h1><p class="lead">\(say("signin.why"))</p>
                <form class="card" method="post" action="/sign-in">
                \(Parts.field("name", say("signin.name"), hint: say("signin.name-hint"), extra: " autocomplete=\"username\" autocapitalize=\"none\""))
                \(Parts.field("words", say("signin.words"), hint: say("signin.words-hint"), extra: " autocomplete=\"current-password\" autocapitalize=\"none\" spellcheck=\"false\""))
                \(Parts.check("shared", say("join.shared")))
                <button class="button">\(say("signin.go"))</button></form>
                <details class="card"><summary>\(say("signin.lost"))</summary><p>\(say("signin.lost-more"))</p></details>
                <p><a href="/join">\(say("signin.new"))</a></p>
                """)
        return .page(page, json: [:])
    }

    static func enter(_ ask: Ask) async throws -> Answer {
        let app = ask.app
        let name = foldedName(ask.form.text("name"))
        // Slowed per name and network together, so that nobody can lock another person out; and per network, gently,
        // so that a list of names can not be tried from one place.
        let together = "\(name) \(ask.network)"
        // A phone that is still signed in as this person is known and never slowed.
        let isKnown = ask.person.map { foldedName($0.shownName) == name } ?? false
        if !isKnown, let wait = app.limits.guessWait(together, now: ask.now) { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        if let wait = app.limits.wait("sign-in \(ask.network)", limit: 600, within: .hours(1), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes + 1)
        }
        let secret = WayBack.read(ask.form.text("words"), list: app.content.wayBackPlaces)
        let found = try await ask.read { try $0.wayBack(name: name.capitalizedBird, organisation: ask.organisation.id) }
        guard let secret, let found else {
            // As long as a wrong phrase for a name that is there: how fast the answer comes tells nothing.
            if let secret, await app.hasher.hash(secret) == nil { throw Refusal.tooFast(minutes: 1) }
            app.limits.wrongGuess(together, now: ask.now)
            throw Refusal.wrongWayBack
        }
        guard let right = await app.hasher.matches(secret, found.hash) else { throw Refusal.tooFast(minutes: 1) }
        guard right else {
            app.limits.wrongGuess(together, now: ask.now)
            throw Refusal.wrongWayBack
        }
        app.limits.rightGuess(together)
        let (token, key) = (app.chance.token(), Secret(app.chance.bytes(32)))
        let shared = ask.form.flag("shared")
        try await ask.write { tx in
            _ = try tx.addSession(
                token: token, secret: key, account: found.account, name: found.name, shared: shared,
                passedSecondFactor: false, length: found.isStaff ? .hours(12) : .days(shared ? 1 : 90))
            if !found.isStaff { try tx.cameFrom(ask.address, account: found.account) }
        }
        let next = found.isStaff ? "/sign-in/code" : "/today"
        return .withSession(.begin(token, shared: shared), .see(next, json: ["next": .string(next)]))
    }

    static func codeForm(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard person.isStaff else { throw Refusal.notFound }
        let say = ask.say
        // The demo has no telephone to look at: it shows the code itself.
        let seed = ask.app.settings.isDemo ? try await ask.read { try $0.secondFactor(of: person.account)?.seed } : nil
        let shown = seed.map { SecondFactor.code(seed: $0, step: ask.now.milliseconds / 30_000) }
        let page = Page(
            say("signin.code-title"),
            body: """
                <h1>\(say("signin.code-title"))</h1><p class="lead">\(say("signin.code-why"))</p>
                <form class="card" method="post" action="/sign-in/code">\(Parts.token(ask))
                \(Parts.field("code", say("signin.code"), extra: " inputmode=\"numeric\" autocomplete=\"one-time-code\" maxlength=\"6\""))
                <button class="button">\(say("signin.go"))</button></form>\(shown.map { "<p class=\"say note\">\(say("signin.demo-code")) <b id=\"demo-code\">\($0)</b></p>" } ?? "")
                """)
        return .page(page, json: ["passed": .bool(person.passedSecondFactor)])
    }

    static func code(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard person.isStaff else { throw Refusal.notFound }
        let limit = "code \(person.account)"
        // Counted before it is looked at: a hundred at once are a hundred guesses.
        if let wait = ask.app.limits.guess(limit, now: ask.now) { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        let code = ask.form.text("code").filter(\.isNumber)
        // The roles come with the second factor: this request began without them.
        let staff = try await ask.write { tx -> Staff? in
            guard let (seed, _) = try tx.secondFactor(of: person.account),
                let step = SecondFactor.step(of: code, seed: seed, now: ask.now),
                try tx.useSecondFactor(step: step, of: person.account, session: person.session)
            else { return nil }
            return try tx.staff(person.account)
        }
        guard let staff else {
            throw Refusal.rule("wrong-code", status: 403)
        }
        ask.app.limits.rightGuess(limit)
        let next = home(of: staff, now: ask.now)
        return .see(next, json: ["next": .string(next)])
    }

    /// Where somebody on the staff begins: where their work is, and never at a page that refuses them.
    static func home(of staff: Staff, now: Instant) -> String {
        if staff.holds(.readQueue, now: now) { return "/queue" }
        if staff.holds(.readCounts, now: now) { return "/operator" }
        if staff.holds(.manageRooms, now: now) { return "/operator/rooms" }
        return "/rooms"
    }

    static func leave(_ ask: Ask, _ person: Person) async throws -> Answer {
        let token = ask.app.chance.token()
        let next = try await ask.write { tx in
            _ = try tx.endSession(person.session, of: person.account)
            return try LeavingRoutes.place(tx, person, token: token)
        }
        ask.app.live.end(session: person.session)
        return .withSession(.end, .see(next, json: ["done": true, "next": .string(next)]))
    }

    static func session(_ ask: Ask) async throws -> Answer {
        guard let person = ask.person else { return .json(["csrf": nil, "name": nil, "staff": false]) }
        return .json([
            "csrf": .string(FormToken.make(person, chance: ask.app.chance)), "name": .string(person.shownName),
            "staff": .bool(person.isStaff), "secondFactor": .bool(person.passedSecondFactor),
        ])
    }
}

extension String {
    /// "heron 11" and "HERON-11" are Heron-11. Staff spell their names as they like: see `foldedName`.
    var capitalizedBird: String { isEmpty ? self : prefix(1).uppercased() + dropFirst().lowercased() }
}
