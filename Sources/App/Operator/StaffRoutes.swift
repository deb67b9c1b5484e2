import Rules
import Store

enum StaffRoutes {
    static func roles(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let roles = try await ask.read { try $0.roles(of: steward.organisation) }
        let say = ask.say
        let chosen = roles.first { $0.code == ask.query.optional("role") }
        let body: HTML = """
            <h1>\(say("operator.roles"))</h1><ul class="stack">\(each: roles, { role in
                "<li class=\"card\"><h2><a href=\"/operator/roles?role=\(role.code)#change\">\(role.name)</a></h2><p class=\"quietly\">\(role.means)</p></li>"
            })</ul><form class="card" id="change" method="post" action="/operator/roles">\(Parts.token(ask))<h2>\(chosen?.name ?? say("roles.new"))</h2>\(chosen.map { HTML("<input type=\"hidden\" name=\"code\" value=\"\($0.code)\">") } ?? Parts.field("code", say("roles.code")))\
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
        guard !isMixed(powers) else { throw Refusal.rule("operator-reads-no-words") }
        try await ask.write { tx in
            let before = try tx.roles(of: steward.organisation).first { $0.code == code }?.powers ?? []
            if !powers.isSubset(of: before) {
                // More power for a role that one has is more for oneself; a program would give it to whoever made it.
                let holders = try tx.staffList(of: steward.organisation).filter { $0.staff.roles.contains { $0.code == code } }
                if let own = steward.account {
                    guard !holders.contains(where: { $0.account == own }) else { throw Refusal.rule("not-to-own-role", status: 403) }
                } else if !holders.isEmpty {
                    throw Refusal.rule("programs-no-people", status: 403)
                }
            }
            // Nobody who has the role becomes both by its new powers.
            for one in try tx.staffList(of: steward.organisation) where one.staff.roles.contains(where: { $0.code == code }) {
                let others = one.staff.roles.filter { $0.code != code }
                guard !isMixed(powers.union(union(of: others))) else { throw Refusal.rule("operator-reads-no-words") }
            }
            try tx.setRole(code: code, name: form.text("name"), means: form.text("means"), powers: powers, in: steward.organisation)
        }
        return .see("/operator/roles?done=saved", json: ["code": .string(code)], created: true)
    }

    /// Whoever runs the house reads nobody's words: the two do not go together, in one role or in one person.
    static func isMixed(_ powers: Set<Power>) -> Bool {
        let runs: Set<Power> = [.manageRooms, .manageRoles, .manageStaff]
        // Nor does watching a study go with running it.
        if powers.contains(.monitor), powers.contains(.research) { return true }
        return !powers.isDisjoint(with: runs) && powers.contains(where: \.touchesPeople)
    }

    /// Everything these roles may do together, in whatever room.
    static func union(of roles: [GivenRole]) -> Set<Power> {
        roles.reduce(into: Set<Power>()) { all, role in all.formUnion(role.powers) }
    }

    static func staff(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (list, roles, rooms) = try await ask.read { tx -> ([StaffRow], [RoleRow], [RoomRow]) in
            (
                try tx.staffList(of: steward.organisation), try tx.roles(of: steward.organisation),
                try tx.rooms(for: Viewer(visitorOf: steward.organisation)).map(\.room)
            )
        }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("operator.staff"))</h1><p class="lead">\(say("staff.lead"))</p>
            <ul class="stack">\(each: list, { one in card(one, roles, rooms, ask, isSelf: one.account == steward.account) })</ul>
            <p class="quietly">\(say("staff.add"))</p>
            """
        return .page(
            Page(say("operator.staff"), tab: .write, wide: true, body: body),
            json: [
                "staff": .list(
                    list.map {
                        [
                            "account": .id($0.account), "name": .string($0.shown),
                            "roles": .list($0.staff.roles.map { .string($0.code) }),
                            "given": .list($0.staff.roles.map(given)), "checkedUntil": .at($0.staff.checkedUntil),
                            "secondFactor": .bool($0.hasSecondFactor),
                        ]
                    })
            ])
    }

    @Sendable private static func given(_ role: GivenRole) -> JSON {
        ["role": .string(role.code), "room": .id(role.room), "until": .at(role.endsAt)]
    }

    /// One person: their roles and check, and, unless it is oneself, the forms that change them.
    private static func card(_ one: StaffRow, _ roles: [RoleRow], _ rooms: [RoomRow], _ ask: Ask, isSelf: Bool) -> HTML {
        let say = ask.say
        func place(_ role: GivenRole) -> String {
            guard let id = role.room else { return say("staff.everywhere") }
            return rooms.first { $0.id == id }?.name ?? say("staff.one-room")
        }
        let held: HTML = """
            <ul>\(each: one.staff.roles, { role in
                "<li>\(role.name) · \(place(role)) · \(say("staff.role-until", ["date": ask.moments.lastDay(role.endsAt)]))</li>"
            })</ul>
            """
        let check =
            one.staff.checkedUntil.map { until in
                say(until > ask.now ? "staff.checked" : "staff.check-over", ["date": ask.moments.lastDay(until)])
            } ?? say("staff.no-check")
        let factor = say(one.hasSecondFactor ? "staff.has-factor" : "staff.no-factor")
        let change: HTML =
            isSelf
            ? "<p class=\"quietly\">\(say("staff.not-yourself"))</p>"
            : """
            <details><summary>\(say("staff.change"))</summary>\(giving(one, roles, rooms, ask))\
            <div class="row">\(each: one.staff.roles, { role in
                Parts.act(
                    ask, "/operator/staff/\(one.account)/roles/end",
                    say("staff.end-role-in", ["role": role.name, "place": place(role)]), style: "plain", hidden: ending(role))
            })</div>\(checking(one, ask))</details>
            """
        return """
            <li class="card"><h2>\(one.shown)</h2>\(held)<p class="quietly">\(check) \(factor)</p>\(change)</li>
            """
    }

    private static func ending(_ role: GivenRole) -> [(String, String)] {
        var fields = [("role", role.code)]
        if let room = role.room { fields.append(("room", room.description)) }
        return fields
    }

    private static func giving(_ one: StaffRow, _ roles: [RoleRow], _ rooms: [RoomRow], _ ask: Ask) -> HTML {
        let say = ask.say
        let year = String(ISODate.write(ask.now + .days(365)).prefix(10))
        let id = one.account.description
        return """
            <form class="stack" method="post" action="/operator/staff/\(id)/roles">\(Parts.token(ask))\
            <div class="field"><label for="role-\(id)">\(say("staff.role"))</label>\
            <select id="role-\(id)" name="role">\(each: roles, { role in
                "<option value=\"\(role.code)\">\(role.name)</option>"
            })</select></div>\
            <div class="field"><label for="room-\(id)">\(say("staff.room"))</label><select id="room-\(id)" name="room">\
            <option value="">\(say("staff.everywhere"))</option>\(each: rooms, { room in
                "<option value=\"\(room.id)\">\(room.name)</option>"
            })</select></div>\
            <div class="field"><label for="until-\(id)">\(say("staff.last-day"))</label>\
            <input id="until-\(id)" name="until" type="date" value="\(year)"></div>\
            <button class="button soft">\(say("staff.give"))</button></form>
            """
    }

    private static func checking(_ one: StaffRow, _ ask: Ask) -> HTML {
        let say = ask.say
        let id = one.account.description
        func field(_ name: String) -> HTML {
            let type = name == "issued" || name == "expires" ? "date" : "text"
            return """
                <div class="field"><label for="\(name)-\(id)">\(say("staff.check-\(name)"))</label>\
                <input id="\(name)-\(id)" name="\(name)" type="\(type)"></div>
                """
        }
        return """
            <form class="stack" method="post" action="/operator/staff/\(id)/checks">\(Parts.token(ask))\
            \(each: ["kind", "issued", "expires", "first", "second"], { field($0) })\
            <button class="button soft">\(say("staff.record-check"))</button></form>
            """
    }

    private static func known(_ ask: Ask, _ steward: Steward, _ tx: Transaction) throws -> ID<Account> {
        let id: ID<Account> = try ask.id("account")
        guard try tx.staffList(of: steward.organisation).contains(where: { $0.account == id }) else { throw Refusal.notFound }
        return id
    }

    /// Nobody gives themselves anything here; a second person does. Not a program: whoever made it would be giving.
    private static func another(_ ask: Ask, _ steward: Steward, _ tx: Transaction) throws -> ID<Account> {
        guard steward.account != nil else { throw Refusal.rule("programs-no-people", status: 403) }
        let id = try known(ask, steward, tx)
        guard id != steward.account else { throw Refusal.rule("not-to-yourself", status: 403) }
        return id
    }

    static func give(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        guard let until = ask.moments.clock.end(ofDay: ask.form.text("until")), until > ask.now else { throw Refusal.badChoice("until") }
        let (role, room): (String, ID<Room>?) = (ask.form.text("role"), ask.form.id("room"))
        try await ask.write { tx in
            let account = try another(ask, steward, tx)
            if room != nil,
                try tx.roles(of: steward.organisation).first(where: { $0.code == role })?.powers.allSatisfy(\.isOfTheHouse) ?? false
            {
                throw Refusal.rule("role-of-the-house")
            }
            try tx.takeTurns(account)  // two roles given at once are seen by each other
            guard let wanted = try tx.roles(of: steward.organisation).first(where: { $0.code == role }) else {
                throw Refusal.badChoice("role")
            }
            if let room, try tx.roomForCard(room, in: Viewer(visitorOf: steward.organisation)) == nil { throw Refusal.badChoice("room") }
            let held = union(of: try tx.staff(account).roles)
            guard !isMixed(held.union(wanted.powers)) else { throw Refusal.rule("operator-reads-no-words") }
            guard
                try tx.give(
                    role: role, to: account, in: room, by: steward.called, until: until, organisation: steward.organisation)
            else { throw Refusal.badChoice("role") }
        }
        return .see("/operator/staff?done=saved", json: ["role": .string(role), "room": .id(room), "until": .at(until)], created: true)
    }

    static func end(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (role, room): (String, ID<Room>?) = (ask.form.text("role"), ask.form.id("room"))
        let account = try await ask.write { tx in
            let id = try known(ask, steward, tx)
            _ = try tx.endRole(role, of: id, in: room)
            try tx.freeClaims(of: id, butWhere: tx.staff(id))
            return id
        }
        ask.app.live.end(account: account)
        return .see("/operator/staff?done=saved")
    }

    static func check(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (form, clock) = (ask.form, ask.moments.clock)
        guard let issued = clock.start(ofDay: form.text("issued")) else { throw Refusal.badChoice("issued") }
        guard let expires = clock.end(ofDay: form.text("expires")), expires > issued else { throw Refusal.badChoice("expires") }
        guard form.text("first").trimmed.lowercased() != form.text("second").trimmed.lowercased() else { throw Refusal.rule("two-people") }
        try await ask.write { tx in
            try tx.addCheck(
                kind: form.text("kind"), of: try another(ask, steward, tx), issuedAt: issued, endsAt: expires,
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
            <h1>\(say("operator.programs"))</h1><ul class="stack">\(each: programs, { "<li class=\"card row apart\"><span><b>\($0.called)</b> \($0.acts) \(ask.moments.lastDay($0.endsAt))</span>\(Parts.act(ask, "/operator/programs/\($0.id)/end", say("programs.end")))</li>" })</ul>
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
        guard let until = ask.moments.clock.end(ofDay: ask.form.text("until")), until > ask.now else { throw Refusal.badChoice("until") }
        let token = ask.app.chance.token()
        let (called, acts) = (ask.form.text("called"), ask.form.list("acts"))
        try await ask.write { tx in
            var until = until
            // A program does what its maker may do, and no longer than they may.
            let own = try steward.account.map { try tx.staff($0).roles } ?? []
            for power in acts.compactMap(Self.power(of:)) {
                guard let ends = own.filter({ $0.powers.contains(power) && $0.room == nil }).map(\.endsAt).max() else {
                    throw Refusal.noPower
                }
                let latest = min(ends, ask.now + .days(366))
                guard until - .days(1) < latest else { throw Refusal.rule("program-too-long", ["date": ask.moments.lastDay(latest)]) }
                until = min(until, latest)
            }
            try tx.addProgram(token: token, called: called, acts: acts, until: until, organisation: steward.organisation)
        }
        let say = ask.say
        return .page(
            Page(
                say("operator.programs"), tab: .write, wide: true,
                body: "<h1>\(called)</h1><p class=\"say note\">\(say("programs.once"))</p><p><code>\(token.text)</code></p>"),
            json: ["token": .string(token.text), "called": .string(called)], status: 201)
    }

    /// Which power an act of a program stands for.
    private static func power(of act: String) -> Power? {
        switch act {
        case "rooms": .manageRooms
        case "roles": .manageRoles
        case "staff": .manageStaff
        case "roster": .manageRoster
        case "counts": .readCounts
        default: nil
        }
    }

    static func endProgram(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id: ID<Anything> = try ask.id("id")
        guard try await ask.write({ try $0.endProgram(id, of: steward.organisation) }) else { throw Refusal.notFound }
        return .see("/operator/programs?done=saved")
    }
}
