import Rules
import Store

/// What a room needs to open: one question for the page, the command and the change of a form.
enum RoomOpening {
    static func facts(
        _ tx: Transaction, _ room: RoomRow, form: RoomForm, _ organisation: OrganisationRow, _ app: App
    ) throws -> OpeningFacts {
        let shown = app.content.lines(for: organisation.country, today: String(ISODate.write(tx.now).prefix(10))).lines
        return try tx.openingFacts(of: room, bands: form.bands, moderators: form.moderators, lines: shown.map(\.id))
    }

    static func needs(_ tx: Transaction, _ room: RoomRow, _ organisation: OrganisationRow, _ app: App) throws -> [OpeningNeed] {
        openingNeeds(for: room.form, facts: try facts(tx, room, form: room.form, organisation, app))
    }

    /// Why the form a room has would not be taken today: a default that was loosened for it has ended.
    static func unfit(_ tx: Transaction, _ room: RoomRow) throws -> FormRefusal? {
        let loosened = try LoosenedRoutes.inForce(tx, room.organisation)
        return refusals(of: room.form, format: room.format, invited: room.invited, mixedOnPurpose: true, loosened: loosened).first
    }

    static func words(_ need: OpeningNeed, _ app: App) -> String {
        let say = app.sentences
        switch need {
        case .record(let record): return say("opening.\(record.rawValue)")
        case .reader: return say("opening.checked-reader")
        case .houseReader: return say("opening.reader-everywhere")
        case .shift: return say("opening.shift-ahead")
        case .anyLine: return say("opening.help-line")
        case .line(let id):
            let line = app.content.lines.countries.values.flatMap(\.lines).first { $0.id == id }
            return say("opening.line", ["name": line?.name ?? id, "number": line?.shown ?? ""])
        }
    }

    static func list(_ needs: [OpeningNeed], _ app: App) -> HTML {
        needs.isEmpty ? "" : "<ul>\(each: needs, { "<li>\(words($0, app))</li>" })</ul>"
    }
}

/// Opening papers, dial tests and the opening itself are the acts of a person who is signed in: no program does them.
enum OpeningRoutes {
    static func record(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let kind: OpeningRecord = ask.form.choice("kind") else { throw Refusal.badChoice("kind") }
        let (value, person) = (ask.form.text("value"), worker.person)
        let id = try await ask.write { tx -> ID<Room> in
            let room = try checked(OperatorRoutes.find(ask, person.organisation, tx), person, ask)
            try tx.record(kind, value, for: room.id, by: person.shownName, invented: ask.app.settings.isDemo)
            return room.id
        }
        return .see("/operator/rooms/\(id)?done=saved")
    }

    private static func checked(_ room: RoomRow, _ person: Person, _ ask: Ask) throws -> RoomRow {
        guard !room.form.isUnder18 || person.staff.checkedUntil.map({ $0 > ask.now }) ?? false else {
            throw Refusal.rule("needs-check", status: 403)
        }
        return room
    }

    static func open(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (organisation, app) = (worker.person.home, ask.app)
        let (room, needs) = try await ask.write { tx -> (RoomRow, [OpeningNeed]) in
            let room = try checked(OperatorRoutes.find(ask, organisation.id, tx), worker.person, ask)
            if let why = try RoomOpening.unfit(tx, room) { throw Refusal.rule("form-\(why.rawValue)") }
            let needs = try RoomOpening.needs(tx, room, organisation, app)
            if needs.isEmpty { try tx.open(room.id) }
            return (room, needs)
        }
        if needs.isEmpty { return .see("/operator/rooms/\(room.id)?done=saved", json: ["open": true]) }
        let say = ask.say
        let body: HTML = """
            <h1>\(room.name)</h1><p class="say note" role="alert">\(say("refusals.room-not-ready"))</p>\
            <section class="stack" aria-labelledby="missing"><h2 id="missing">\(say("opening.needs"))</h2>\
            \(RoomOpening.list(needs, app))</section>
            <p class="row"><a class="button" href="/operator/rooms/\(room.id)">\(room.name)</a>\
            <a class="button help" href="/help">\(say("frame.help"))</a></p>
            """
        return .page(
            Page(room.name, tab: .write, wide: true, body: body),
            json: [
                "refused": "room-not-ready", "says": .string(say("refusals.room-not-ready")),
                "missing": .list(needs.map { .string($0.code) }),
                "missingSays": .list(needs.map { .string(RoomOpening.words($0, app)) }),
            ], status: 422)
    }

    static func tested(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let line = ask.parameters["line"] ?? ""
        guard ask.app.content.lines.countries.values.contains(where: { country in country.lines.contains { $0.id == line } }) else {
            throw Refusal.notFound
        }
        let (by, organisation) = (ask.form.text("by"), worker.person.organisation)
        try await ask.write {
            try $0.recordDialTest(of: line, by: by, organisation: organisation, invented: ask.app.settings.isDemo)
        }
        return .see("/operator/lines?done=saved")
    }
}
