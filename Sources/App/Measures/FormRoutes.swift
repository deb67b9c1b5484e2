import Rules
import Statistics
import Store

extension Routes {
    static let forms: [Route] = [
        .member(.get, "/forms", "Questions one can answer for oneself, and one's own line.", FormRoutes.list),
        .member(.post, "/measures/:measure/begin", "Begin, or go on; `room`: asked on its page.", Self.putting, FormRoutes.begin),
        .member(.post, "/measures/:measure/not-now", "Do not ask me this now.", [.id("room", optional: true)], FormRoutes.notNow),
        .member(.get, "/forms/:form", "One question a page.", [.int("at", 1...100, optional: true)], FormRoutes.show),
        .member(
            .post, "/forms/:form/answers", "Keep an answer, or skip.",
            [.int("place", 1...100), .int("answer", 0...100, optional: true), .flag("skip")], FormRoutes.answer),
        .member(.post, "/forms/:form/delete", "Delete a form and its answers.", FormRoutes.delete),
        .member(.get, "/measures/:measure/line", "One's own line over time, in plain words.", FormRoutes.line),
        .staff(
            .get, "/operator/experience", .readCounts, "How it is here: writers and readers apart, by age, small groups hidden.",
            [.id("room", optional: true)], ExperienceReport.show),
    ]
    private static let putting: [Field] = [.flag("put"), .id("room", optional: true)]
}

/// Forms for oneself: one question a screen, skipping always allowed, resting allowed, nothing asked at night, nothing twice a day.
enum FormRoutes {
    static func measure(_ id: String?, _ ask: Ask) throws -> (Instrument, Pack?) {
        guard let found = ask.app.content.measures.first(where: { $0.id == id }) else { throw Refusal.notFound }
        return (found, ask.app.content.pack(found.id))
    }

    /// The one form that Today puts before this person now; nil most of the time.
    static func asked(_ tx: Transaction, _ ask: Ask, _ person: Person, isQuiet: Bool) throws -> Pack? {
        guard !person.isStaff, !isQuiet else { return nil }
        for plan in FormRules.asked {
            guard let measure = ask.app.content.measures.first(where: { $0.id == plan.measure }) else { continue }
            let pack = ask.app.content.pack(plan.measure)
            let last = try tx.lastForms(of: person, measure: plan.measure)
            let no = FormRules.mayAsk(
                measure, by: plan, hasWords: pack != nil, band: person.band ?? .eleven, lastSame: last.any, lastAny: last.asked,
                joined: last.joined, stage: person.stage, isQuiet: isQuiet, now: ask.now)
            guard no == nil else { continue }
            // The pulse is due as soon as anything is: a room of one's own has its turn first.
            if plan.measure == "chime", let asked = last.asked, ask.now - asked < FormRules.roomsFirst,
                try tx.isDueInARoom(person, FormRules.askedInRooms)
            {
                continue
            }
            return pack
        }
        return nil
    }

    /// The form that a room's page puts before whoever reads it now; nil most of the time.
    static func asked(_ tx: Transaction, _ ask: Ask, in room: RoomRow) throws -> Pack? {
        let plan = FormRules.askedInRooms
        guard room.asks, room.isOpen, let person = ask.person, !person.isStaff,
            let measure = ask.app.content.measures.first(where: { $0.id == plan.measure })
        else { return nil }
        let pack = ask.app.content.pack(plan.measure)
        // Most pages ask nothing: what needs no question of the database is looked at first, then what needs one.
        func no(_ lastSame: Instant?, _ lastAny: Instant?, isQuiet: Bool) -> NotNow? {
            FormRules.mayAsk(
                measure, by: plan, hasWords: pack != nil, band: person.band ?? .eleven, lastSame: lastSame, lastAny: lastAny,
                joined: person.joinedAt, isQuiet: isQuiet, now: ask.now)
        }
        guard no(nil, nil, isQuiet: false) == nil else { return nil }
        let last = try tx.lastForms(of: person, measure: plan.measure, in: room.id)
        guard no(last.any, last.asked, isQuiet: false) == nil else { return nil }
        // Of their own wish filled in just now, or still open: enough.
        if let same = last.same, ask.now - same < FormRules.again { return nil }
        if last.same != nil, let pack, let newest = try tx.forms(of: person, measure: plan.measure, limit: 1).first,
            newest.isOpen(for: measure, wording: pack.version, now: ask.now)
        {
            return nil
        }
        return no(last.any, last.asked, isQuiet: TodayRoutes.isResting(person, try tx.settings(of: person).quiet, ask)) == nil ? pack : nil
    }

    /// The room whose page asks, where one is named: it must be this person's to read. Whether it still asks is the caller's to look at.
    private static func asking(_ tx: Transaction, _ ask: Ask, _ measure: Instrument) throws -> RoomRow? {
        guard let id: ID<Room> = ask.form.id("room") else { return nil }
        guard measure.id == FormRules.askedInRooms.measure, let room = try tx.room(id, visibleTo: ask.viewer) else {
            throw Refusal.notFound
        }
        return room
    }

    private static func form(_ ask: Ask, _ person: Person) async throws -> (FormRow, Instrument, Pack) {
        let id: ID<FilledForm> = try ask.id("form")
        guard let row = try await ask.app.store.read({ try $0.form(id, of: person) }) else { throw Refusal.notFound }
        guard case (let instrument, let pack?) = try measure(row.measure, ask) else { throw Refusal.notFound }
        // A form that rested too long, or was begun by other rules or words, is not gone on with: places may mean something else.
        // The next beginning ends it.
        guard row.finishedAt != nil || row.isOpen(for: instrument, wording: pack.version, now: ask.now),
            row.answers.count == instrument.items.count
        else { throw Refusal.rule("form-ended", status: 409) }
        return (row, instrument, pack)
    }

    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let rows = try await ask.app.store.read { try $0.forms(of: person) }
        let band = person.band ?? .eleven
        let offered = ask.app.content.measures.filter { $0.fits(band) && $0.studiesOnly != true }.compactMap { measure in
            ask.app.content.pack(measure.id).map { (measure, $0) }
        }
        return .page(
            FormPages.list(offered, rows, ask),
            json: [
                "forms": .list(
                    offered.map { measure, pack in
                        ["measure": .string(measure.id), "title": .string(pack.title), "questions": .int(measure.items.count)]
                    }),
                "mine": .list(rows.map { json($0, ask) }),
            ])
    }

    static func json(_ row: FormRow, _ ask: Ask) -> JSON {
        let measure = ask.app.content.measures.first { $0.id == row.measure }
        return [
            "id": .id(row.id), "measure": .string(row.measure), "rules": .string(row.rules), "wording": .string(row.wording),
            "room": row.room.map { .id($0) } ?? nil, "begun": .at(row.begunAt), "finished": .at(row.finishedAt),
            "declined": .bool(row.isDeclined), "answers": .list(row.answers.map { $0.map(JSON.int) ?? .null }),
            "notAsked": .list(row.withheld.sorted().map { .int($0) }),
            "total": measure.flatMap { total(row, $0) }.map(JSON.number) ?? .null,
        ]
    }

    /// Nil where gaps forbid one; answers were checked when they were kept.
    static func total(_ row: FormRow, _ measure: Instrument) -> Double? {
        row.total(by: measure)
    }

    static func begin(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        guard pack != nil, instrument.studiesOnly != true else { throw Refusal.rule("form-\(NotNow.noWords.rawValue)", status: 409) }
        let id = try await ask.write { tx -> ID<FilledForm> in
            let room = try asking(tx, ask, instrument).flatMap { $0.asks ? $0.id : nil }
            let open = try tx.forms(of: person, measure: instrument.id, limit: 1).first {
                $0.isOpen(for: instrument, wording: pack?.version ?? "", now: ask.now)
            }
            let last = try tx.lastForms(of: person, measure: instrument.id).same
            if open == nil,
                let no = FormRules.mayOpen(instrument, hasWords: pack != nil, band: person.band ?? .eleven, lastSame: last, now: ask.now)
            {
                throw Refusal.rule("form-\(no.rawValue)", status: 409)
            }
            let withheld = FormRules.withheld(instrument, staffed: try tx.isSomeoneOnDuty(person.organisation))
            guard withheld.count < instrument.items.count else { throw Refusal.rule("form-nobody-here", status: 409) }
            return try tx.beginForm(
                instrument, wording: pack?.version ?? "", language: pack?.language ?? "en", withheld: withheld, asked: false,
                put: room != nil || ask.form.flag("put") && FormRules.asked.contains { $0.measure == instrument.id }, in: room, by: person)
        }
        return .see("/forms/\(id)", json: ["form": .id(id)], created: true)
    }

    /// Somebody said "not now": kept as an empty form, so that Today asks nothing for a fortnight, or that room for its twelve weeks.
    static func notNow(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        let (wording, language) = (pack?.version ?? "", pack?.language ?? "en")
        guard FormRules.asked.contains(where: { $0.measure == instrument.id }) || ask.form.id("room", Room.self) != nil else {
            throw Refusal.notFound
        }
        let room = try await ask.write { tx -> ID<Room>? in
            if let room = try asking(tx, ask, instrument) {
                if room.asks { try tx.refuseForm(instrument, wording: wording, language: language, in: room.id, by: person) }
                return room.id
            }
            // Once is enough, for what is asked at all; a form that is half filled in stays open: this is no answer to it.
            let last = try tx.lastForms(of: person, measure: instrument.id)
            guard last.asked.map({ ask.now - $0 >= FormRules.budget }) ?? true else { return nil }
            let open = try tx.forms(of: person, measure: instrument.id, limit: 1).first
            guard open?.isOpen(for: instrument, wording: wording, now: ask.now) != true else { return nil }
            let id = try tx.beginForm(instrument, wording: wording, language: language, withheld: [], asked: true, by: person)
            try tx.finish(id, by: person)
            return nil
        }
        return .see(room.map { "/rooms/\($0)?done=not-now-here" } ?? "/today?done=not-now", json: ["asked": false])
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (row, instrument, pack) = try await form(ask, person)
        guard row.finishedAt == nil else { return .see("/measures/\(instrument.id)/line", json: json(row, ask)) }
        let (staffed, room) = try await ask.read { tx in
            (try tx.isSomeoneOnDuty(ask.organisation.id), try row.room.flatMap { try tx.room($0, visibleTo: ask.viewer)?.name })
        }
        // Who was there when it was begun may have gone: what calls a person is asked only while somebody is.
        let withheld = FormRules.withheld(instrument, staffed: staffed)
        let asked = (1...instrument.items.count).filter { !withheld.contains($0) }
        guard !asked.isEmpty else { throw Refusal.rule("form-nobody-here", status: 409) }
        let open = asked.first { !row.done.contains($0) } ?? asked[asked.count - 1]
        let place = ask.query.int("at").flatMap { asked.contains($0) ? $0 : nil } ?? open
        let alarmed = zip(1..., row.answers).compactMap { place, answer in
            answer.flatMap { FormRules.alarm(instrument, place: place, answer: $0) }
        }
        return .page(
            FormPages.question(
                row, instrument, pack, place: place, asked: asked, alarm: alarmed.contains(.danger) ? .danger : alarmed.first,
                withheld: !withheld.isEmpty, room: room, ask),
            json: [
                "form": json(row, ask), "place": .int(place), "question": .string(pack.questions[place - 1]),
                "answers": .list(
                    pack.answers[place - 1].enumerated().map { ["code": .int(instrument.lowest + $0), "words": .string($1)] }),
            ])
    }

    static func answer(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (row, instrument, _) = try await form(ask, person)
        let (place, given) = (ask.form.int("place") ?? 0, ask.form.flag("skip") ? nil : ask.form.int("answer"))
        guard (1...instrument.items.count).contains(place) else { throw Refusal.badChoice("place") }
        if let given, !(instrument.lowest...instrument.highest).contains(given) { throw Refusal.badChoice("answer") }
        if given == nil, !ask.form.flag("skip") { throw Refusal.badChoice("answer") }
        // The same press again, its answer lost on the way: the same road.
        if row.finishedAt != nil, row.done.contains(place), row.answers[place - 1] == given {
            return ended(instrument, given.flatMap { FormRules.alarm(instrument, place: place, answer: $0) })
        }
        let alarm = given.flatMap { FormRules.alarm(instrument, place: place, answer: $0) }
        let (next, study, worse) = try await ask.write { tx -> (Int?, String?, Bool) in
            guard let now = try tx.form(row.id, of: person), now.finishedAt == nil else { throw Refusal.rule("form-ended", status: 409) }
            let withheld = FormRules.withheld(instrument, staffed: try tx.isSomeoneOnDuty(person.organisation))
            guard !withheld.contains(place) else { throw Refusal.rule("form-nobody-here", status: 409) }
            guard try tx.answer(now, place: place, with: given, by: person) else { throw Refusal.rule("form-ended", status: 409) }
            if let alarm, now.answers[place - 1] != given { try tx.hearForm(alarm, now, by: person) }
            var answers = now.answers
            answers[place - 1] = given
            let done = now.done.union([place])
            let next = FormRules.next(instrument, after: place, answers: answers, done: done, withheld: withheld)
            guard next == nil else { return (next, nil, false) }
            try tx.finish(now, withheld: withheld, done: done, by: person)
            guard let study = try tx.study(of: row.id)?.study, let whole = try tx.form(row.id, of: person) else { return (nil, nil, false) }
            return (nil, study.code, try tx.finishedStudyForm(whole, instrument, by: person))
        }
        guard let next else { return ended(instrument, alarm ?? (worse ? .worry : nil), study) }
        return .see("/forms/\(row.id)?at=\(next)", json: ["next": .int(next), "help": .bool(alarm != nil)])
    }

    private static func ended(_ measure: Instrument, _ alarm: FormAlarm?, _ study: String? = nil) -> Answer {
        let told = alarm == .worry ? "team-told" : "saved"
        let next = study.map { "/studies/\($0)?done=\(told)" } ?? "/measures/\(measure.id)/line?done=\(told)"
        return .see(
            alarm == .danger ? "/help" : next, json: ["finished": true, "help": .bool(alarm != nil)])
    }

    static func delete(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<FilledForm> = try ask.id("form")
        guard try await ask.write({ try $0.deleteForm(id, of: person) }) else { throw Refusal.notFound }
        return .see("/forms?done=deleted", json: ["deleted": true])
    }

    static func line(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        let (rows, rooms) = try await ask.app.store.read { tx in
            let rows = try tx.forms(of: person, measure: instrument.id)
            let rooms = try Set(rows.compactMap(\.room)).map { ($0, try tx.room($0, visibleTo: ask.viewer)?.name ?? "") }
            return (rows, Dictionary(rooms, uniquingKeysWith: { a, _ in a }))
        }
        // What was said of one room is no line with what was said of another: the newest one's place alone.
        let place = rows.first { total($0, instrument) != nil }?.room
        let points = rows.reversed().filter { $0.room == place }.compactMap { row in
            total(row, instrument).map { OwnTrend.Point(at: row.begunAt, total: $0, kind: row.kind) }
        }
        let trend = OwnTrend(points, of: instrument, band: person.band ?? .eleven)
        return .page(
            FormPages.line(instrument, pack, rows, trend, rooms, place.flatMap { rooms[$0] }, ask),
            json: [
                "measure": .string(instrument.id), "reading": .string(trend.reading.rawValue),
                "pieces": .list(trend.pieces.map { .list($0.map { ["at": .at($0.at), "total": .number($0.total)] }) }),
                "lowest": .number(instrument.total.lowest), "highest": .number(instrument.total.highest),
                "validated": .bool(instrument.unvalidated != true),
            ])
    }
}
