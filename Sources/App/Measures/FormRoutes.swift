import Rules
import Statistics
import Store

extension Routes {
    static let forms: [Route] = [
        .member(.get, "/forms", "Questions one can answer for oneself, and one's own line.", FormRoutes.list),
        .member(.post, "/measures/:measure/begin", "Begin, or go on.", FormRoutes.begin),
        .member(.post, "/measures/:measure/not-now", "Do not ask me this for two weeks.", FormRoutes.notNow),
        .member(.get, "/forms/:form", "One question a page.", [.int("at", 1...100, optional: true)], FormRoutes.show),
        .member(
            .post, "/forms/:form/answers", "Keep an answer, or skip.",
            [.int("place", 1...100), .int("answer", 0...100, optional: true), .flag("skip")], FormRoutes.answer),
        .member(.post, "/forms/:form/delete", "Delete a form and its answers.", FormRoutes.delete),
        .member(.get, "/measures/:measure/line", "One's own line over time, in plain words.", FormRoutes.line),
        .staff(
            .get, "/operator/experience", .readCounts, "How it is here: writers and readers apart, by age, small groups hidden.",
            ExperienceReport.show),
    ]
}

/// Forms for oneself: one question a screen, skipping always allowed, resting allowed, nothing at night, nothing twice a day.
enum FormRoutes {
    static func measure(_ id: String?, _ ask: Ask) throws -> (Instrument, Pack?) {
        guard let found = ask.app.content.measures.first(where: { $0.id == id }) else { throw Refusal.notFound }
        return (found, ask.app.content.packs.first { $0.measure == found.id && $0.language == "en" })
    }

    /// The one form that Today puts before people, at most once in two weeks.
    static let weekly = "chime"

    static func isAsked(_ tx: Transaction, _ ask: Ask, _ person: Person, isQuiet: Bool) throws -> Bool {
        guard !person.isStaff, let measure = ask.app.content.measures.first(where: { $0.id == weekly }) else { return false }
        let last = try tx.lastForms(of: person, measure: weekly)
        return FormRules.mayAsk(
            measure, hasWords: ask.app.content.packs.contains { $0.measure == weekly }, band: person.band ?? .eleven, lastSame: last.same,
            lastAny: last.asked, joined: last.joined, isQuiet: isQuiet, now: ask.now) == nil
    }

    private static func form(_ ask: Ask, _ person: Person) async throws -> (FormRow, Instrument, Pack) {
        let id: ID<FilledForm> = try ask.id("form")
        guard let row = try await ask.app.store.read({ try $0.form(id, of: person) }) else { throw Refusal.notFound }
        guard case (let instrument, let pack?) = try measure(row.measure, ask) else { throw Refusal.notFound }
        return (row, instrument, pack)
    }

    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let rows = try await ask.app.store.read { try $0.forms(of: person) }
        let band = person.band ?? .eleven
        let offered = ask.app.content.packs.compactMap { pack in
            ask.app.content.measures.first { $0.id == pack.measure && $0.fits(band) }.map { ($0, pack) }
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
            "begun": .at(row.begunAt), "finished": .at(row.finishedAt), "answers": .list(row.answers.map { $0.map(JSON.int) ?? .null }),
            "notAsked": .list(row.withheld.sorted().map { .int($0) }),
            "total": measure.flatMap { total(row, $0) }.map(JSON.number) ?? .null,
        ]
    }

    /// Nil where gaps forbid one; answers were checked when they were kept.
    static func total(_ row: FormRow, _ measure: Instrument) -> Double? {
        guard row.finishedAt != nil else { return nil }
        do { return try Score(row.answers, by: measure).total } catch { return nil }
    }

    static func begin(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        let id = try await ask.write { tx -> ID<FilledForm> in
            let open = try tx.forms(of: person, measure: instrument.id, limit: 1).first { $0.finishedAt == nil }
            let last = try tx.lastForms(of: person, measure: instrument.id).same
            if open == nil,
                let no = FormRules.mayOpen(instrument, hasWords: pack != nil, band: person.band ?? .eleven, lastSame: last, now: ask.now)
            {
                throw Refusal.rule("form-\(no.rawValue)", status: 409)
            }
            let withheld = FormRules.withheld(instrument, staffed: try tx.isSomeoneOnDuty(person.organisation))
            return try tx.beginForm(
                instrument, wording: pack?.version ?? "", language: pack?.language ?? "en", withheld: withheld, asked: false, by: person)
        }
        return .see("/forms/\(id)", json: ["form": .id(id)], created: true)
    }

    /// Somebody said "not now": kept as an empty form, so that nothing is asked for a fortnight.
    static func notNow(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        try await ask.write { tx in
            let id = try tx.beginForm(
                instrument, wording: pack?.version ?? "", language: pack?.language ?? "en", withheld: [], asked: true, by: person)
            try tx.finish(id, by: person)
        }
        return .see("/today?done=not-now", json: ["asked": false])
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (row, instrument, pack) = try await form(ask, person)
        guard row.finishedAt == nil else { return .see("/measures/\(instrument.id)/line", json: json(row, ask)) }
        let asked = (1...instrument.items.count).filter { !row.withheld.contains($0) }
        let open = asked.first { row.answers[$0 - 1] == nil } ?? asked.last ?? 1
        let place = ask.query.int("at").flatMap { asked.contains($0) ? $0 : nil } ?? open
        let alarmed = zip(1..., row.answers).compactMap { place, answer in
            answer.flatMap { FormRules.alarm(instrument, place: place, answer: $0) }
        }
        let staffed = try await ask.read { try $0.isSomeoneOnDuty(ask.organisation.id) }
        return .page(
            FormPages.question(row, instrument, pack, place: place, asked: asked, alarmed: !alarmed.isEmpty, staffed: staffed, ask),
            json: [
                "form": json(row, ask), "place": .int(place), "question": .string(pack.questions[place - 1]),
                "answers": .list(
                    pack.answers[place - 1].enumerated().map { ["code": .int(instrument.lowest + $0), "words": .string($1)] }),
            ])
    }

    static func answer(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (row, instrument, _) = try await form(ask, person)
        let (place, given) = (ask.form.int("place") ?? 0, ask.form.flag("skip") ? nil : ask.form.int("answer"))
        guard (1...instrument.items.count).contains(place), !row.withheld.contains(place) else { throw Refusal.badChoice("place") }
        if let given, !(instrument.lowest...instrument.highest).contains(given) { throw Refusal.badChoice("answer") }
        if given == nil, !ask.form.flag("skip") { throw Refusal.badChoice("answer") }
        let alarm = given.flatMap { FormRules.alarm(instrument, place: place, answer: $0) }
        let next = try await ask.write { tx -> Int? in
            guard let now = try tx.form(row.id, of: person), now.finishedAt == nil else { throw Refusal.rule("form-ended", status: 409) }
            guard try tx.answer(now, place: place, with: given, by: person) else { throw Refusal.rule("form-ended", status: 409) }
            if let alarm, now.answers[place - 1] != given { try tx.hearForm(alarm, now, by: person) }
            var answers = now.answers
            answers[place - 1] = given
            let next = FormRules.next(instrument, after: place, answers: answers, withheld: now.withheld)
            if next == nil { try tx.finish(row.id, by: person) }
            return next
        }
        if alarm != nil { try await ask.app.store.announce("queue") }
        guard let next else {
            return .see(
                alarm == .danger ? "/help" : "/measures/\(instrument.id)/line?done=saved",
                json: ["finished": true, "help": .bool(alarm != nil)])
        }
        return .see("/forms/\(row.id)?at=\(next)", json: ["next": .int(next), "help": .bool(alarm != nil)])
    }

    static func delete(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<FilledForm> = try ask.id("form")
        guard try await ask.write({ try $0.deleteForm(id, of: person) }) else { throw Refusal.notFound }
        return .see("/forms?done=deleted", json: ["deleted": true])
    }

    static func line(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (instrument, pack) = try measure(ask.parameters["measure"], ask)
        let rows = try await ask.app.store.read { try $0.forms(of: person, measure: instrument.id) }
        let points = rows.reversed().compactMap { row in
            total(row, instrument).map { OwnTrend.Point(at: row.begunAt, total: $0, kind: row.kind) }
        }
        let trend = OwnTrend(points, of: instrument)
        return .page(
            FormPages.line(instrument, pack, rows, trend, ask),
            json: [
                "measure": .string(instrument.id), "reading": .string(trend.reading.rawValue),
                "pieces": .list(trend.pieces.map { .list($0.map { ["at": .at($0.at), "total": .number($0.total)] }) }),
                "lowest": .number(instrument.total.lowest), "highest": .number(instrument.total.highest),
                "validated": .bool(instrument.unvalidated != true),
            ])
    }
}
