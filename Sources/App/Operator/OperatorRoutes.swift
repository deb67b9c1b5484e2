import Foundation
import Rules
import Screening
import Statistics
import Store

extension Routes {
    private static func fields(ofRoom format: Field) -> [Field] {
        [
            .line("name", 60), .line("about", 300), .line("not_for", 300),
            .choice("colour", ["sea", "iris", "berry", "moss", "clay", "sky"]), format, .choice("readable", Readable.self),
            .flag("light"), .flag("guests"), .flag("videos"), .flag("asks"), .choice("interaction", Interaction.self),
            .choice("moderation", Moderation.self), .list("moderators"),
            .list("focus"), .list("bands", AgeBand.allCases.map(\.rawValue)), .int("size", 2...1_000_000), .flag("anonymity"),
            .line("opens", 5, optional: true), .line("closes", 5, optional: true), .int("promise_minutes", 15...10_080),
            .choice("night", NightRule.self), .flag("mixed_on_purpose"), .choice("invited", ["yes", "no"], optional: true), .key,
        ]
    }
    static let roomFields = fields(ofRoom: .choice("format", Format.self))
    /// The page of a room that was opened does not offer its format any more.
    static let changedRoomFields = fields(ofRoom: .choice("format", Format.self, optional: true))

    static let steward: [Route] = [
        .steward(.get, "/operator", .readCounts, act: "counts", "The house at a glance: counts, never words.", OperatorRoutes.show),
        .steward(
            .get, "/operator/screening", .readCounts, act: "counts", "Rules, which are overdue or said to be wrong, and rules on trial.",
            ScreeningRoutes.show),
        .steward(.get, "/operator/numbers", .readCounts, act: "counts", "What became a conversation.", OperatorRoutes.numbers),
        .steward(.get, "/operator/rooms", .manageRooms, act: "rooms", "All rooms, open and closed.", OperatorRoutes.rooms),
        .steward(.get, "/operator/rooms/new", .manageRooms, act: "rooms", "Make a room.", OperatorRoutes.newRoom),
        .steward(.post, "/operator/rooms", .manageRooms, act: "rooms", "Make a room.", roomFields, OperatorRoutes.makeRoom),
        .steward(.get, "/operator/rooms/:room", .manageRooms, act: "rooms", "Change a room; what it needs to open.", OperatorRoutes.room),
        .steward(
            .post, "/operator/rooms/:room", .manageRooms, act: "rooms", "A change of form is a new version.", changedRoomFields,
            OperatorRoutes.changeRoom),
        .staff(
            .post, "/operator/rooms/:room/records", .recordOpening, "Record what an under-18 room needs.",
            [.choice("kind", OpeningRecord.self), .line("value", 300)], OpeningRoutes.record),
        .staff(
            .post, "/operator/rooms/:room/open", .recordOpening, "Open the room, or say what is missing.", OpeningRoutes.open),
        .steward(
            .post, "/operator/rooms/:room/codes", .manageRooms, act: "rooms", "Make a code that lets people in; shown once.",
            [.int("uses", 1...500), .int("days", 1...90)], OperatorRoutes.addCode),
        .steward(
            .post, "/operator/rooms/:room/codes/end", .manageRooms, act: "rooms", "End every code of the room.", OperatorRoutes.endCodes),
        .steward(.post, "/operator/rooms/:room/close", .manageRooms, act: "rooms", "Close the room.", OperatorRoutes.close),
        .steward(
            .get, "/operator/roles", .manageRoles, act: "roles", "Roles and their powers.", [.line("role", 40, optional: true)],
            StaffRoutes.roles),
        .steward(
            .post, "/operator/roles", .manageRoles, act: "roles", "Make or change a role.",
            [.line("code", 60), .line("name", 80), .line("means", 300), .list("powers", Power.allCases.map(\.rawValue))],
            StaffRoutes.setRole),
        .steward(.get, "/operator/staff", .manageStaff, act: "staff", "Staff, their roles and checks.", StaffRoutes.staff),
        .steward(
            .post, "/operator/staff/:account/roles", .manageStaff, act: "staff", "Give a role, in one room or in all, until a day.",
            [.line("role", 60), .id("room", optional: true), .line("until", 10)], StaffRoutes.give),
        .steward(
            .post, "/operator/staff/:account/roles/end", .manageStaff, act: "staff", "End a role: in one room, or wherever it was given.",
            [.line("role", 60), .id("room", optional: true)], StaffRoutes.end),
        .steward(
            .post, "/operator/staff/:account/checks", .manageStaff, act: "staff", "Record a check that two people have seen.",
            [.line("kind", 80), .line("issued", 10), .line("expires", 10), .line("first", 80), .line("second", 80)], StaffRoutes.check),
        .steward(.get, "/operator/roster", .manageRoster, act: "roster", "Who is on duty when.", StaffRoutes.roster),
        .steward(
            .post, "/operator/roster", .manageRoster, act: "roster", "Add a shift.",
            [.id("account"), .line("role", 60), .line("from", 25), .line("until", 25)], StaffRoutes.addShift),
        .steward(.post, "/operator/roster/:shift/end", .manageRoster, act: "roster", "Take a shift off.", StaffRoutes.endShift),
        .steward(
            .get, "/operator/lines", .recordOpening, act: "rooms", "Help lines and their dial tests.",
            [.line("country", 2, optional: true)], OperatorRoutes.lines),
        .staff(
            .post, "/operator/lines/:line/tested", .recordOpening, "Somebody dialled it and somebody answered.", [.line("by", 80)],
            OpeningRoutes.tested),
        .steward(.get, "/operator/programs", .manageRoles, act: "roles", "Programs with tokens.", StaffRoutes.programs),
        .steward(
            .post, "/operator/programs", .manageRoles, act: "roles", "Make a token for a program; shown once.",
            [.line("called", 60), .list("acts", ["rooms", "roles", "staff", "roster", "counts"]), .line("until", 10)],
            StaffRoutes.addProgram),
        .steward(.post, "/operator/programs/:id/end", .manageRoles, act: "roles", "End a token.", StaffRoutes.endProgram),
        .steward(
            .post, "/operator/drill", .manageRoster, act: "roster", "Send a drill alarm; its times are measured.", OperatorRoutes.drill),
        .steward(.get, "/operator/loosened", .manageRooms, act: "rooms", "Defaults somebody loosened on purpose.", LoosenedRoutes.show),
        .staff(
            .post, "/operator/loosened", .manageRooms, "Loosen a default until a review day, with a name and a reason.",
            [.choice("rule", Loosenable.self), .line("by", 80), .line("why", 300), .line("review", 10)], LoosenedRoutes.loosen),
        .staff(
            .post, "/operator/loosened/end", .manageRooms, "A loosened default counts no more.", [.choice("rule", Loosenable.self)],
            LoosenedRoutes.end),
        .steward(
            .get, "/operator/organisation", .manageRooms, act: "rooms", "The organisation's own settings.", OperatorRoutes.organisationForm),
        .steward(
            .post, "/operator/organisation", .manageRooms, act: "rooms", "Change the organisation's own settings.",
            [
                .choice("lowest_band", AgeBand.offered.map(\.rawValue)), .choice("parents_rule", ["none", "may_know", "required"]),
                .flag("area_on"), .line("name", 80, optional: true), .line("country", 2, optional: true), .line("zone", 40, optional: true),
            ], OperatorRoutes.organisation),
    ]
}

enum OperatorRoutes {
    static func show(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (gauges, numbers, rooms, drills, staffed) = try await ask.read { tx in
            (
                try tx.gauges(), try tx.becameConversation(steward.organisation, since: ask.now - .days(28)),
                try tx.rooms(for: Viewer(visitorOf: steward.organisation)).map(\.room),
                try tx.alertHistory(steward.organisation, drills: true),
                try tx.isSomeoneOnDuty(steward.organisation)
            )
        }
        let say = ask.say
        let mayReview = ask.person?.staff.holds(.research, now: ask.now) ?? false
        let orphaned = rooms.filter { $0.caredForSince != nil }
        let ending = HelpLines.ending(ask.app.content, country: ask.organisation.country, now: ask.now)
        let lines: HTML =
            ending == 0
            ? ""
            : "<p class=\"say stop\">\(say("operator.lines-end", n: ending)) <a href=\"/operator/lines\">\(say("operator.lines"))</a></p>"
        let body: HTML = """
            <h1>\(say("operator.title"))</h1><p class="lead">\(say("operator.lead"))</p>\(lines)
            \(ask.app.alarm.way == "none" ? "<p class=\"say stop\">\(say("duty.no-way"))</p>" : "")\(staffed ? "" : "<p class=\"say note\">\(say("duty.nobody"))</p>")
            <nav class="tiles" aria-label="\(say("operator.title"))">\(each: ["rooms", "roles", "staff", "roster", "lines", "programs", "loosened", "screening", "experience", "coding", "costs", "health", "fairness", "after-reading", "organisation"], { "<a class=\"card\" href=\"/operator/\($0)\"><h2>\(say("operator.\($0)"))</h2></a>" })\(mayReview ? "<a class=\"card\" href=\"/researcher/studies\"><h2>\(say("desk.title"))</h2></a><a class=\"card\" href=\"/reviews\"><h2>\(say("reviewing.title"))</h2></a>" : "")</nav>
            <section class="stack" aria-labelledby="now"><h2 id="now">\(say("operator.now"))</h2><table class="counts"><tbody>\(each: gauges, { "<tr><th scope=\"row\">\(say("gauges.\($0.0)"))</th><td>\($0.1)</td></tr>" })</tbody></table></section>
            <section class="stack"><h2>\(say("operator.conversations"))</h2><p>\(numbers.threads == 0 ? say("operator.no-threads") : say("operator.became", ["share": String(numbers.conversations * 100 / numbers.threads), "three": String(numbers.three * 100 / numbers.threads), "threads": String(numbers.threads)]))</p></section>
            \(orphaned.isEmpty ? "" : "<section class=\"stack\"><h2>\(say("operator.orphaned"))</h2><ul>\(each: orphaned, { "<li>\($0.name)</li>" })</ul></section>")
            <section class="stack"><h2>\(say("operator.drills"))</h2>\(Parts.act(ask, "/operator/drill", say("operator.drill"), style: "plain"))<ul>\(each: drills.prefix(5), { drill in
                "<li>\(drill.code): \(drill.acknowledgedAt.map { say("operator.drill-answered", ["length": ask.moments.length(minutes: ($0 - drill.madeAt).minutes)]) } ?? say("operator.drill-open"))</li>"
            })</ul></section><p class="quietly">\(say(ask.app.store.engine == .sqlite ? "operator.sure-sqlite" : "operator.sure-postgresql"))</p>
            """
        return .page(
            Page(say("operator.title"), tab: .write, wide: true, body: body),
            json: [
                "gauges": .object(gauges.map { .init(key: $0.0, value: .int($0.1)) }), "staffOnDuty": .bool(staffed),
                "alarmsLeaveBy": .string(ask.app.alarm.way), "linesEnding": .int(ending),
                "roomsUnderStaffCare": .list(orphaned.map { .id($0.id) }),
                "drills": .list(drills.map(DutyRoutes.json)),
            ])
    }

    static func numbers(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (numbers, times, crowd, letters, loads) = try await ask.read(long: true) { tx in
            (
                try tx.becameConversation(steward.organisation, since: ask.now - .days(28)),
                try tx.answerTimes(steward.organisation, since: ask.now - .days(28)),
                try tx.answerTimes(steward.organisation, since: ask.now - .days(28), in: .reappraisal),
                try tx.seriesNumbers(steward.organisation),
                try tx.supporterLoads(steward.organisation)
            )
        }
        let answers = KaplanMeier(times.map { .init(time: $0.minutes, ended: $0.answered) })
        let crowdAnswers = KaplanMeier(crowd.map { .init(time: $0.minutes, ended: $0.answered) })
        let spread = loads.count > 1 ? gini(loads.map(Double.init)) : nil
        let share: JSON = numbers.threads == 0 ? nil : .number(Double(numbers.three) / Double(numbers.threads))
        let say = ask.say
        let words =
            numbers.threads == 0
            ? say("operator.no-threads")
            : say(
                "operator.became",
                [
                    "share": String(numbers.conversations * 100 / numbers.threads), "three": String(numbers.three * 100 / numbers.threads),
                    "threads": String(numbers.threads),
                ])
        return .page(
            Page(
                say("operator.conversations"), tab: .write, wide: true,
                body: """
                    <h1>\(say("operator.conversations"))</h1><p class="lead">\(words)</p>
                    <section class="stack"><h2>\(say("operator.answers"))</h2><p>\(firstAnswer(answers, ask))</p>\(crowd.isEmpty ? "" : "<p><b>\(say("operator.answers-crowd"))</b> \(firstAnswer(crowdAnswers, ask))</p>")\
                    \(letters.begun == 0 ? "" : "<p>\(say("operator.letters", ["begun": String(letters.begun), "running": String(letters.running), "complete": String(letters.ended["complete"] ?? 0), "reviewed": String(letters.answers.count)]))</p>")<p>\(say("operator.supporters", n: loads.count)) \(spread.map { say("operator.spread", ["gini": String(format: "%.2f", $0)]) } ?? "")</p>\
                    <p class="quietly">\(say("operator.answers-how"))</p></section>
                    """),
            json: [
                "threads": .int(numbers.threads), "three": .int(numbers.three), "share": share,
                "conversations": .int(numbers.conversations), "days": 28,
                "answers": answersJSON(answers), "answersOfCrowds": answersJSON(crowdAnswers),
                "letters": [
                    "begun": .int(letters.begun), "running": .int(letters.running),
                    "ended": .object(letters.ended.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .int($0.value)) }),
                    "reviewed": .int(letters.answers.count),
                    // Of a few answers a mean would say what one person answered.
                    "helped": letters.answers.count < PublicCount.fewest
                        ? nil : .number(Double(letters.answers.reduce(0, +)) / Double(letters.answers.count)),
                ],
                "supporters": .int(loads.count), "loadGini": number(spread),
            ])
    }

    private static func answersJSON(_ answers: KaplanMeier) -> JSON {
        [
            "posts": .int(answers.count), "answered": .int(answers.ended), "medianMinutes": number(answers.quantile(0.5)),
            "unansweredAfterDay": answers.count == 0 ? nil : .number(answers.survival(at: 1_440)),
        ]
    }

    private static func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? nil }

    private static func firstAnswer(_ answers: KaplanMeier, _ ask: Ask) -> String {
        let say = ask.say
        guard answers.count > 0 else { return say("operator.no-answers") }
        let median = answers.quantile(0.5).map { ask.moments.length(minutes: Int($0.rounded(.up))) }
        let late = String(Int((answers.survival(at: 1_440) * 100).rounded()))
        return median.map { say("operator.first-answer", ["length": $0, "posts": String(answers.count), "late": late]) }
            ?? say("operator.first-answer-not-yet", ["posts": String(answers.count)])
    }

    static func rooms(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let rooms = try await ask.read { try $0.roomsWithClosed(of: steward.organisation) }
        let say = ask.say
        func state(_ room: RoomRow) -> String {
            say(room.isClosed ? "operator.is-closed" : room.isOpen ? "operator.is-open" : "operator.not-open")
        }
        let body: HTML = """
            <h1>\(say("operator.rooms"))</h1><p><a class="button" href="/operator/rooms/new">\(Pictures.icon(.plus))\(say("operator.new-room"))</a></p>
            <ul class="stack">\(each: rooms, { room in
                "<li class=\"card\" data-room=\"\(room.colour)\"><a href=\"/operator/rooms/\(room.id)\">\(room.name)</a> <span class=\"quietly\">\(RoomPages.bands(room.form.bands, ask)) · \(say("moderation.\(room.form.moderation.rawValue)")) · \(state(room))</span></li>"
            })</ul>
            """
        return .page(
            Page(say("operator.rooms"), tab: .write, wide: true, body: body),
            json: ["rooms": .list(rooms.map { RoomPages.json($0, mayRead: false, live: nil) })])
    }

    static func newRoom(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        .page(
            Page(
                ask.say("operator.new-room"), tab: .write, wide: true,
                body: "<h1>\(ask.say("operator.new-room"))</h1>\(RoomForms.form(nil, ask, action: "/operator/rooms"))"),
            json: ["fields": .list(Routes.roomFields.map { .string($0.name) })])
    }

    /// What was typed for a room. `kept`: the format it has, where the form does not say one.
    private static func read(_ ask: Ask, loosened: Set<Loosenable>, roles: [String], kept: Format? = nil) throws -> (RoomText, RoomForm) {
        let form = ask.form
        guard let format = form.choice("format", Format.self) ?? kept, let readable: Readable = form.choice("readable"),
            let interaction: Interaction = form.choice("interaction"), let moderation: Moderation = form.choice("moderation"),
            let night: NightRule = form.choice("night")
        else { throw Refusal.badChoice("format") }
        let hours: Hours?
        switch (SeeRoutes.minute(form.optional("opens")), SeeRoutes.minute(form.optional("closes"))) {
        case (let from?, let to?):
            guard from != to else { throw Refusal.badChoice("closes") }  // no minute at all
            hours = Hours(from: from, to: to)
        case (nil, nil):
            guard form.optional("opens") == nil, form.optional("closes") == nil else { throw Refusal.badChoice("opens") }
            hours = nil
        default: throw Refusal.badChoice("opens")
        }
        let moderators = form.list("moderators").filter { !$0.isEmpty }
        // A role that nobody can hold would read nothing.
        guard moderators.allSatisfy(roles.contains) else { throw Refusal.badChoice("moderators") }
        let focus = form.list("focus").filter { !$0.isEmpty }
        if let odd = focus.first(where: { ask.app.content.topicByID[$0] == nil }) {
            throw Refusal.rule("unknown-topic", ["topic": String(odd.prefix(40))])
        }
        let room = RoomForm(
            version: 0, interaction: interaction, moderation: moderation, moderators: moderators.map { $0.replacing(" ", with: "-") },
            focus: focus,
            bands: Set(form.list("bands").compactMap(AgeBand.init(rawValue:))), size: form.int("size") ?? 100,
            anonymity: form.flag("anonymity"), hours: hours, promiseMinutes: form.int("promise_minutes") ?? 240, night: night)
        let invited = form.optional("invited").map { $0 == "yes" } ?? isInvitedByDefault(room.bands)
        if let refusal = refusals(
            of: room, format: format, invited: invited, mixedOnPurpose: form.flag("mixed_on_purpose"), loosened: loosened
        ).first {
            throw Refusal.rule("form-\(refusal.rawValue)")
        }
        return (
            RoomText(
                name: form.text("name").trimmed, about: form.text("about").trimmed, notFor: form.text("not_for").trimmed,
                colour: form.text("colour"), format: format, readable: readable, light: form.flag("light"), invited: invited,
                guests: form.flag("guests"), videos: form.flag("videos"), asks: form.flag("asks")), room
        )
    }

    private static let nameTaken = Refusal(status: 409, code: "room-name-taken", field: "name")

    static func makeRoom(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (loosened, roles) = try await ask.read {
            (try LoosenedRoutes.inForce($0, steward.organisation), try $0.roles(of: steward.organisation).map(\.code))
        }
        let (text, form) = try read(ask, loosened: loosened, roles: roles)
        do {
            let id = try await ask.write { try $0.addRoom(text, form: form, organisation: steward.organisation, by: steward.account) }
            return .see("/operator/rooms/\(id)?done=saved", json: ["id": .id(id), "version": 1], created: true)
        } catch StoreFault.conflict { throw nameTaken }
    }

    static func find(_ ask: Ask, _ organisation: ID<Organisation>, _ tx: Transaction) throws -> RoomRow {
        guard let room = try tx.roomForCard(try ask.id("room"), in: Viewer(visitorOf: organisation)) else { throw Refusal.notFound }
        return room
    }

    static func room(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let facts = try await ask.read { tx -> RoomForms.Facts in
            let room = try find(ask, steward.organisation, tx)
            return RoomForms.Facts(
                room: room, records: try tx.openingRecords(of: room.id),
                needs: try RoomOpening.needs(tx, room, ask.organisation, ask.app), unfit: try RoomOpening.unfit(tx, room),
                versions: try tx.versions(of: room.id), invites: try tx.invites(of: room.id))
        }
        return .page(
            RoomForms.page(facts, ask),
            json: [
                "room": RoomPages.json(facts.room, mayRead: false, live: nil),
                "missing": .list(facts.needs.map { .string($0.code) }),
                "missingSays": .list(facts.needs.map { .string(RoomOpening.words($0, ask.app)) }),
                "unfit": .text(facts.unfit.map { "form-\($0.rawValue)" }),
                "records": .list(
                    facts.records.map {
                        [
                            "kind": .string($0.kind.rawValue), "value": .string($0.value), "by": .string($0.by), "at": .at($0.at),
                            "invented": .bool($0.invented),
                        ]
                    }),
                "versions": .list(
                    facts.versions.map {
                        ["version": .int($0.version), "moderation": .string($0.moderation.rawValue), "at": .at($0.madeAt)]
                    }),
                "codes": .list(facts.invites.map { ["usesLeft": .int($0.usesLeft), "until": .at($0.endsAt)] }),
            ])
    }

    /// Every power over a room with under-18s needs a current check, also that of changing it.
    static func findToChange(_ ask: Ask, _ steward: Steward, _ tx: Transaction, to form: RoomForm? = nil) throws -> RoomRow {
        let room = try find(ask, steward.organisation, tx)
        guard steward.isChecked || !(room.form.isUnder18 || form?.isUnder18 ?? false) else {
            throw Refusal.rule("needs-check", status: 403)
        }
        return room
    }

    static func changeRoom(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let (format, loosened, roles) = try await ask.read { tx -> (Format, Set<Loosenable>, [String]) in
            (
                try find(ask, steward.organisation, tx).format, try LoosenedRoutes.inForce(tx, steward.organisation),
                try tx.roles(of: steward.organisation).map(\.code)
            )
        }
        let (text, form) = try read(ask, loosened: loosened, roles: roles, kept: format)
        do {
            let (id, version) = try await ask.write { tx -> (ID<Room>, Int) in
                let room = try findToChange(ask, steward, tx, to: form)
                let version = try change(room, text, form, ask, steward, tx)
                return (room.id, version)
            }
            return .see("/operator/rooms/\(id)?done=saved", json: ["id": .id(id), "version": .int(version)])
        } catch StoreFault.conflict { throw nameTaken }
    }

    /// The version the room has afterwards.
    private static func change(
        _ room: RoomRow, _ text: RoomText, _ form: RoomForm, _ ask: Ask, _ steward: Steward, _ tx: Transaction
    ) throws -> Int {
        if let why = changeRefusal(
            from: room.form, to: form, readable: (room.readable, text.readable), invited: (room.invited, text.invited),
            wasOpened: room.openedAt != nil)
        {
            throw Refusal.rule("form-\(why.rawValue)")
        }
        // What was written as a talk does not become questions.
        let keepsFormat = try room.openedAt != nil || tx.hasItems(in: room.id)
        if keepsFormat, text.format != room.format { throw Refusal.rule("format-stays", status: 409) }
        try tx.setText(text, of: room.id)
        var same = form
        same.version = room.form.version
        if same == room.form { return room.form.version }
        if room.isOpen {
            let facts = try RoomOpening.facts(tx, room, form: form, ask.organisation, ask.app)
            guard changeNeeds(from: room.form, to: form, facts: facts).isEmpty else { throw Refusal.rule("room-not-ready") }
        }
        try tx.addForm(form, to: room.id, by: steward.account)
        return room.form.version + 1
    }

    static func close(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id = try await ask.write { tx in
            let room = try findToChange(ask, steward, tx)
            try tx.close(room.id)
            return room.id
        }
        return .see("/operator/rooms?done=saved", json: ["closed": .id(id)])
    }

    static func addCode(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let code = InviteCode.make(ask.app.content.wayBackWords.map { $0.word }, chance: ask.app.chance)
        let (uses, days) = (ask.form.int("uses") ?? 30, ask.form.int("days") ?? 30)
        let room = try await ask.write { tx in
            let room = try findToChange(ask, steward, tx)
            try tx.addInvite(code, to: room.id, uses: uses, length: .days(days))
            return room
        }
        let say = ask.say
        return .page(
            Page(
                room.name, tab: .write, wide: true,
                body: """
                    <h1>\(say("invites.for", ["room": room.name]))</h1><p class="lead"><b>\(code)</b></p><p class="say note">\(say("invites.once"))</p>
                    <p class="row"><button class="button soft" data-print hidden>\(say("invites.print"))</button><a href="/operator/rooms/\(room.id)">\(room.name)</a></p>
                    """), json: ["code": .string(code), "uses": .int(uses), "days": .int(days)], status: 201)
    }

    static func endCodes(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id = try await ask.write { tx in
            let room = try findToChange(ask, steward, tx)
            try tx.endInvites(of: room.id)
            return room.id
        }
        return .see("/operator/rooms/\(id)?done=saved")
    }

    static func lines(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let tests = try await ask.read { try $0.dialTests(of: steward.organisation) }
        let code = ask.query.optional("country")?.uppercased() ?? ask.organisation.country
        let today = String(ISODate.write(ask.now).prefix(10))
        let soon = String(ISODate.write(ask.now + HelpLines.ahead).prefix(10))
        let lines = ask.app.content.lines.countries[code]?.lines ?? []
        let say = ask.say
        let body: HTML = """
            <h1>\(say("operator.lines"))</h1><p class="lead">\(say("lines.lead"))</p><ul class="stack">\(each: lines, { line in
                """
                <li class="card"><h2>\(line.name)</h2><p>\(line.shown) · \(line.hoursWords) · \(say(line.expires <= today ? "lines.expired" : line.expires <= soon ? "lines.soon" : "lines.until", ["date": line.expires]))</p>\
                <p class="quietly">\(tests[line.id].map { say("lines.tested", ["date": ask.moments.date($0)]) } ?? say("lines.not-tested"))</p>\
                <form method="post" action="/operator/lines/\(line.id)/tested" class="inline">\(Parts.token(ask))<div class="field"><label for="by-\(line.id)">\(say("lines.by"))</label><input id="by-\(line.id)" name="by"></div><button class="button soft">\(say("lines.record"))</button></form></li>
                """
            })</ul>
            """
        return .page(
            Page(say("operator.lines"), tab: .write, wide: true, body: body),
            json: [
                "country": .string(code),
                "lines": .list(
                    lines.map {
                        [
                            "id": .string($0.id), "expires": .string($0.expires), "expired": .bool($0.expires <= today),
                            "testedAt": .at(tests[$0.id]),
                        ]
                    }),
            ])
    }

    static func drill(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let id = try await ask.write { try $0.raiseAlarm(about: nil, organisation: steward.organisation, tier: .moderator, drill: true) }
        return .see("/operator?done=drill", json: ["alert": .id(id)], created: true)
    }

    static func organisationForm(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let say = ask.say
        let own = ask.organisation
        let body: HTML = """
            <h1>\(say("operator.organisation"))</h1><form class="card" method="post" action="/operator/organisation">\(Parts.token(ask))
            \(Parts.field("name", say("organisation.name"), value: own.name, extra: " maxlength=\"80\" required"))
            \(Parts.select("country", say("organisation.country"), JoinPages.countries(ask), chosen: own.country, hint: say("organisation.country-why")))
            \(Parts.field("zone", say("organisation.zone"), hint: say("organisation.zone-why"), value: own.zone, extra: " maxlength=\"40\" required autocomplete=\"off\" spellcheck=\"false\""))
            \(Parts.radios("lowest_band", say("organisation.lowest"), AgeBand.offered.map { ($0.rawValue, say("bands.\($0.rawValue)")) }, chosen: own.lowestBand.rawValue))
            \(Parts.radios("parents_rule", say("organisation.parents"), ["none", "may_know", "required"].map { ($0, say("organisation.parents-\($0)")) }, chosen: own.parentsRule.rawValue))
            \(Parts.check("area_on", say("organisation.area"), on: own.areaOn))<button class="button">\(say("today.save"))</button></form>
            """
        return .page(
            Page(say("operator.organisation"), tab: .write, wide: true, body: body),
            json: [
                "name": .string(own.name), "country": .string(own.country), "zone": .string(own.zone),
                "lowestBand": .string(own.lowestBand.rawValue), "parentsRule": .string(own.parentsRule.rawValue),
                "areaOn": .bool(own.areaOn),
            ])
    }

    static func organisation(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        guard let band: AgeBand = ask.form.choice("lowest_band"), let rule: ParentsRule = ask.form.choice("parents_rule") else {
            throw Refusal.badChoice("lowest_band")
        }
        let own = ask.organisation
        let (area, name) = (ask.form.flag("area_on"), ask.form.optional("name")?.trimmed ?? own.name)
        guard !name.isEmpty else { throw Refusal.missing("name") }
        let (country, zone) = (ask.form.optional("country")?.uppercased() ?? own.country, ask.form.optional("zone")?.trimmed ?? own.zone)
        guard country == own.country || country == "ZZ" || ask.app.content.lines.countries[country] != nil else {
            throw Refusal.badChoice("country")
        }
        guard LocalClock.isZone(zone) else { throw Refusal.badChoice("zone") }
        try await ask.write {
            try $0.setOrganisation(
                steward.organisation, name: name, country: country, zone: zone, lowestBand: band, parentsRule: rule, areaOn: area)
        }
        return .see("/operator?done=saved")
    }
}
