import Rules
import Store

enum StaffRoutes {
    static func roles(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let roles = try await ask.read { try $0.roles(of: steward.organisation) }
        let say = ask.say
        let chosen = roles.first { $0.code == ask.query.optional("role") }
        let body: HTML = """
            <h1>\(say("operator.roles"))</h1><ul class="stack">\(each: roles, { role in
                "<li class=\"card\"><h2><a href=\"/operator/roles?role=\(role.code)\">\(role.name)</a></h2><p class=\"quietly\">\(role.means)</p></li>"
            })</ul><form class="card" method="post" action="/operator/roles">\(Parts.token(ask))<h2>\(chosen?.name ?? say("roles.new"))</h2>\(chosen.map { HTML("<input type=\"hidden\" name=\"code\" value=\"\($0.code)\">") } ?? Parts.field("code", say("roles.code")))\
            \(Parts.field("name", say("roles.name"), value: chosen?.name ?? ""))\(Parts.field("means", say("roles.means"), value: chosen?.means ?? ""))\
            \(Parts.boxes("powers", say("roles.powers"), Power.allCases.map { ($0.rawValue, say("powers.\($0.rawValue)")) }, chosen: Set((chosen?.powers ?? []).map(\.rawValue))))\
            <div class="row"><button class="button">\(say(chosen == nil ? "roles.make" : "today.save"))</button>\(chosen == nil ? "" : "<a href=\"/operator/roles\">\(say("roles.new"))</a>")</div></form>
            """
        return .page(
            Page(say("operator.roles"), tab: .write, wide: true, body: body),
            json: [
                "roles": .list(
                    roles.map {
                        [
                            "code": .string($0.code), "name": .string($0.name), "means": .string($0.means),
                            "powers": .list(Power.allCases.filter($0.powers.contains).map { .string($0.rawValue) }),
                        ]
                    })
            ])
    }

    static func setRole(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let form = ask.form
        let code = form.text("code")
        guard !code.isEmpty, code.allSatisfy({ $0.isLowercase && $0.isASCII || $0.isNumber || $0 == "-" }) else {
            throw Refusal.badChoice("code")
        }
        let powers = Set(form.list("powers").compactMap(Power.init(rawValue:)))
        // Whoever runs the house never reads words: the two do not go together in one role.
        let runs: Set<Power> = [.manageRooms, .manageRoles, .manageStaff]
        guard powers.isDisjoint(with: runs) || !powers.contains(where: \.touchesPeople) else {
            throw Refusal.rule("operator-reads-no-words")
        }
        try await ask.write {
            try $0.setRole(code: code, name: form.text("name"), means: form.text("means"), powers: powers, in: steward.organisation)
        }
        return .see("/operator/roles?done=saved", json: ["code": .string(code)], created: true)
    }

    static func staff(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (list, roles) = try await ask.read { (try $0.staffList(of: steward.organisation), try $0.roles(of: steward.organisation)) }
        let say = ask.say
        let year = String(ISODate.write(ask.now + .days(365)).prefix(10))
        let body: HTML = """
            <h1>\(say("operator.staff"))</h1><p class="lead">\(say("staff.lead"))</p><ul class="stack">\(each: list, { one in
                """
                <li class="card"><h2>\(one.shown)</h2><p>\(one.staff.roles.map(\.name).joined(separator: ", "))</p>\
                <p class="quietly">\(one.staff.checkedUntil.map { say($0 > ask.now ? "staff.checked" : "staff.check-over", ["date": ask.moments.date($0)]) } ?? say("staff.no-check")) \(say(one.hasSecondFactor ? "staff.has-factor" : "staff.no-factor"))</p>\
                <details><summary>\(say("staff.change"))</summary><form class="stack" method="post" action="/operator/staff/\(one.account)/roles">\(Parts.token(ask))<div class="field"><label for="role-\(one.account)">\(say("staff.role"))</label><select id="role-\(one.account)" name="role">\(each: roles, { "<option value=\"\($0.code)\">\($0.name)</option>" })</select></div><div class="field"><label for="until-\(one.account)">\(say("staff.until"))</label><input id="until-\(one.account)" name="until" type="date" value="\(year)"></div><button class="button soft">\(say("staff.give"))</button></form>\
                <div class="row">\(each: one.staff.roles, { role in
                    Parts.act(ask, "/operator/staff/\(one.account)/roles/end", say("staff.end-role", ["role": role.name]), style: "plain", hidden: [("role", role.code)])
                })</div>\
                <form class="stack" method="post" action="/operator/staff/\(one.account)/checks">\(Parts.token(ask))\(each: ["kind", "issued", "expires", "first", "second"], { name in
                    "<div class=\"field\"><label for=\"\(name)-\(one.account)\">\(say("staff.check-\(name)"))</label><input id=\"\(name)-\(one.account)\" name=\"\(name)\"\(name == "issued" || name == "expires" ? " type=\"date\"" : "")></div>"
                })<button class="button soft">\(say("staff.record-check"))</button></form></details></li>
                """
            })</ul><p class="quietly">\(say("staff.add"))</p>
            """
        return .page(
            Page(say("operator.staff"), tab: .write, wide: true, body: body),
            json: [
                "staff": .list(
                    list.map {
                        [
                            "account": .id($0.account), "name": .string($0.shown), "roles": .list($0.staff.roles.map { .string($0.code) }),
                            "checkedUntil": .at($0.staff.checkedUntil), "secondFactor": .bool($0.hasSecondFactor),
                        ]
                    })
            ])
    }

    private static func known(_ ask: Ask, _ steward: Steward, _ tx: Transaction) throws -> ID<Account> {
        let id: ID<Account> = try ask.id("account")
        guard try tx.staffList(of: steward.organisation).contains(where: { $0.account == id }) else { throw Refusal.notFound }
        return id
    }

    static func give(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        guard let until = ISODate.read(ask.form.text("until")), until > ask.now else { throw Refusal.badChoice("until") }
        let (role, room): (String, ID<Room>?) = (ask.form.text("role"), ask.form.id("room"))
        try await ask.write { tx in
            guard
                try tx.give(
                    role: role, to: try known(ask, steward, tx), in: room, by: steward.called, until: until,
                    organisation: steward.organisation)
            else { throw Refusal.badChoice("role") }
        }
        return .see("/operator/staff?done=saved", json: ["role": .string(role)], created: true)
    }

    static func end(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let role = ask.form.text("role")
        let account = try await ask.write { tx in
            let id = try known(ask, steward, tx)
            _ = try tx.endRole(role, of: id)
            return id
        }
        ask.app.live.end(account: account)
        return .see("/operator/staff?done=saved")
    }

    static func check(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let form = ask.form
        guard let issued = ISODate.read(form.text("issued")) else { throw Refusal.badChoice("issued") }
        guard let expires = ISODate.read(form.text("expires")), expires > issued else { throw Refusal.badChoice("expires") }
        guard form.text("first").trimmed.lowercased() != form.text("second").trimmed.lowercased() else { throw Refusal.rule("two-people") }
        try await ask.write { tx in
            try tx.addCheck(
                kind: form.text("kind"), of: try known(ask, steward, tx), issuedAt: issued, endsAt: expires,
                seenBy: form.text("first").trimmed, and: form.text("second").trimmed)
        }
        return .see("/operator/staff?done=saved", json: ["expires": .at(expires)], created: true)
    }

    static func roster(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (roster, list, roles) = try await ask.read {
            (try $0.roster(steward.organisation), try $0.staffList(of: steward.organisation), try $0.roles(of: steward.organisation))
        }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("operator.roster"))</h1>\(roster.isEmpty ? Parts.empty(.cup, say("roster.empty")) : "")<ul class="stack">\(each: roster, { shift in
                """
                <li class="card row apart"><span><b>\(shift.shown)</b> \(ask.app.roleName(shift.role, roles))<br><span class="quietly">\(ask.moments.by(shift.startsAt))–\(ask.moments.by(shift.endsAt))</span></span>\
                \(Parts.act(ask, "/operator/roster/\(shift.id)/end", say("roster.end")))</li>
                """
            })</ul>
            <form class="card" method="post" action="/operator/roster">\(Parts.token(ask))\(Parts.select("account", say("roster.who"), list.map { ($0.account.description, $0.shown) }))\(Parts.select("role", say("roster.role"), roles.map { ($0.code, $0.name) }, chosen: "administrative-moderator"))\
            \(Parts.field("from", say("roster.from"), type: "datetime-local"))\(Parts.field("until", say("roster.until"), type: "datetime-local"))<button class="button">\(say("roster.add"))</button></form>
            """
        return .page(
            Page(say("operator.roster"), tab: .write, wide: true, body: body),
            json: [
                "roster": .list(
                    roster.map {
                        [
                            "id": .id($0.id), "name": .string($0.shown), "role": .string($0.role), "from": .at($0.startsAt),
                            "until": .at($0.endsAt),
                        ]
                    })
            ])
    }

    static func addShift(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let form = ask.form
        func moment(_ name: String) throws -> Instant {
            let text = form.text(name)
            // A browser sends the house's local time without a zone; a program sends a full moment.
            guard let moment = ask.moments.clock.moment(local: text) ?? ISODate.read(text) else { throw Refusal.badChoice(name) }
            return moment
        }
        let (from, until) = (try moment("from"), try moment("until"))
        guard until > from, let account: ID<Account> = form.id("account") else { throw Refusal.badChoice("until") }
        try await ask.write { tx in
            guard try tx.staffList(of: steward.organisation).contains(where: { $0.account == account }) else { throw Refusal.notFound }
            try tx.addShift(account, role: form.text("role"), from: from, until: until, organisation: steward.organisation)
        }
        return .see("/operator/roster?done=saved", created: true)
    }

    static func endShift(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id: ID<Anything> = try ask.id("shift")
        guard try await ask.write({ try $0.cancelShift(id, organisation: steward.organisation) }) else { throw Refusal.notFound }
        return .see("/operator/roster?done=saved")
    }

    static func programs(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let programs = try await ask.read { try $0.programs(of: steward.organisation) }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("operator.programs"))</h1><ul class="stack">\(each: programs, { "<li class=\"card row apart\"><span><b>\($0.called)</b> \($0.acts) \(ask.moments.date($0.endsAt))</span>\(Parts.act(ask, "/operator/programs/\($0.id)/end", say("programs.end")))</li>" })</ul>
            <form class="card" method="post" action="/operator/programs">\(Parts.token(ask))\(Parts.field("called", say("programs.called")))\(Parts.boxes("acts", say("programs.acts"), ["rooms", "roles", "staff", "roster", "counts"].map { ($0, say("operator.\($0)")) }))\(Parts.field("until", say("staff.until"), type: "date"))<button class="button">\(say("programs.make"))</button></form>
            """
        return .page(
            Page(say("operator.programs"), tab: .write, wide: true, body: body),
            json: [
                "programs": .list(
                    programs.map { ["id": .id($0.id), "called": .string($0.called), "acts": .string($0.acts), "until": .at($0.endsAt)] })
            ])
    }

    static func addProgram(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        guard steward.account != nil else { throw Refusal.noPower }  // a program makes no programs
        guard let until = ISODate.read(ask.form.text("until")), until > ask.now else { throw Refusal.badChoice("until") }
        let token = ask.app.chance.token()
        let (called, acts) = (ask.form.text("called"), ask.form.list("acts"))
        try await ask.write {
            try $0.addProgram(token: token, called: called, acts: acts, until: until, organisation: steward.organisation)
        }
        let say = ask.say
        return .page(
            Page(
                say("operator.programs"), tab: .write, wide: true,
                body: "<h1>\(called)</h1><p class=\"say note\">\(say("programs.once"))</p><p><code>\(token.text)</code></p>"),
            json: ["token": .string(token.text), "called": .string(called)], status: 201)
    }

    static func endProgram(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id: ID<Anything> = try ask.id("id")
        guard try await ask.write({ try $0.endProgram(id, of: steward.organisation) }) else { throw Refusal.notFound }
        return .see("/operator/programs?done=saved")
    }
}
