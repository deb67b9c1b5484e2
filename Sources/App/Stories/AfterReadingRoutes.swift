import Rules
import Statistics
import Store

extension Routes {
    static let afterReading: [Route] = [
        .member(.get, "/pieces/:item/after", "Two more questions after reading, for whoever likes.", AfterReadingRoutes.show),
        .member(
            .post, "/pieces/:item/after", "How hope is after reading; of pieces about it, how the urge to hurt oneself is.",
            [
                .choice("answer", FeltAfter.self, optional: true), .choice("hope", HopeAfter.self, optional: true),
                .choice("urge", UrgeAfter.self, optional: true),
            ], AfterReadingRoutes.save),
        .staff(
            .get, "/operator/after-reading", .readCounts, "What people said after reading, by piece; small numbers hidden.",
            AfterReadingRoutes.report),
    ]
}

enum AfterReadingRoutes {
    /// A piece of somebody else's that this person may read, whether the second question is asked of them now, and what they said.
    private static func piece(_ tx: Transaction, _ id: ID<Item>, _ ask: Ask, _ person: Person) throws -> (
        item: ItemView, asksUrge: Bool, felt: FeltRow?
    ) {
        guard let (item, _) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)), !item.isMine,
            item.state == .shown, try tx.piece(id) != nil
        else { throw Refusal.notFound }
        let asks = UrgeAfter.isAsked(
            about: item.matters, isStaff: person.isStaff, staffed: try tx.isSomeoneOnDuty(ask.organisation.id))
        return (item, asks, try tx.felt(after: id, by: person))
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let found = try await ask.read { try piece($0, id, ask, person) }
        let say = ask.say
        let felt: [(value: String, words: String)] = FeltAfter.allCases.map { ($0.rawValue, say("stories.felt-\($0.rawValue)")) }
        let hope: [(value: String, words: String)] = HopeAfter.allCases.map { ($0.rawValue, say("after.hope-\($0.rawValue)")) }
        let urge: [(value: String, words: String)] = UrgeAfter.allCases.map { ($0.rawValue, say("after.urge-\($0.rawValue)")) }
        let body: HTML = """
            <nav aria-label="\(say("items.where"))"><a href="/items/\(id)">\(say("stories.me-back"))</a></nav><h1>\(say("after.title"))</h1>
            <p class="lead">\(say("after.lead"))</p><form class="card stack" method="post" action="/pieces/\(id)/after">\(Parts.token(ask))\
            \(Parts.radios("answer", say("stories.after"), felt, chosen: found.felt?.answer.rawValue))\
            \(Parts.radios("hope", say("after.hope"), hope, chosen: found.felt?.hope?.rawValue))\
            \(found.asksUrge ? "\(Parts.radios("urge", say("after.urge"), urge, chosen: found.felt?.urge?.rawValue))<p class=\"hint\">\(say("after.urge-more"))</p>" : "")\
            <p class="row"><button class="button">\(say("today.save"))</button><a href="/items/\(id)">\(say("after.skip"))</a></p></form>
            <p class="row"><a href="/help/grounding">\(say("sent.one-tool"))</a> <a href="/help">\(say("items.help-now"))</a></p>
            """
        return .page(
            Page(say("after.title"), tab: .rooms, body: body),
            json: [
                "asksUrge": .bool(found.asksUrge), "answer": .text(found.felt?.answer.rawValue), "hope": .text(found.felt?.hope?.rawValue),
                "urge": .text(found.felt?.urge?.rawValue),
            ])
    }

    static func save(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let answer: FeltAfter? = ask.form.choice("answer")
        let hope: HopeAfter? = ask.form.choice("hope")
        let urge: UrgeAfter? = ask.form.choice("urge")
        try await ask.write { tx in
            let found = try piece(tx, id, ask, person)
            // What calls a person is taken only while somebody is there to read it.
            if urge != nil, !found.asksUrge { throw Refusal.rule("form-nobody-here", status: 409) }
            guard let answer = answer ?? found.felt?.answer else { throw Refusal.missing("answer") }
            try tx.felt(answer, after: id, by: person)
            try tx.felt(hope: hope, urge: urge, after: id, by: person)
        }
        let isDanger = urge?.isDanger ?? false
        let heavy = answer == .heavier || hope == .less
        return .see(
            isDanger ? "/help" : heavy ? "/items/\(id)/this-is-me?after=heavier" : "/items/\(id)?done=felt",
            json: ["saved": true, "help": .bool(isDanger)])
    }

    /// Whole months alone: a count that moves with each press tells what the last reader said.
    static func report(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let clock = ask.app.clock(ask.organisation)
        let until = clock.startOfMonth(ask.now)
        let organisation = worker.person.organisation
        let (all, leaving) = try await ask.read(long: true) { tx in
            (
                try tx.afterReading(in: organisation, from: until - .days(366), until: until),
                try LeavingRoutes.counts(tx, ask, organisation)
            )
        }
        let told = all.filter(\.isTold)
        let say = ask.say
        let head = [say("after.piece"), say("after.felt"), say("after.hope-short"), say("after.urge-short")]
        let list: HTML =
            told.isEmpty
            ? Parts.empty(.lamp, say("after.nothing"))
            : Parts.table(say("after.report"), head: head, told) { one in
                let about = [say("stories.form-\(one.form.rawValue)"), one.band.map { say("bands.\($0.rawValue)") }].compactMap(\.self)
                return """
                    <tr><th scope="row"><a href="/items/\(one.item)">\(one.item)</a> \(about.joined(separator: ", "))</th>\
                    <td>\(line(one.felt, FeltAfter.allCases.map { say("stories.felt-\($0.rawValue)") }))</td>\
                    <td>\(line(one.hope, HopeAfter.allCases.map { say("after.hope-\($0.rawValue)") }))</td>\
                    <td>\(line(one.urge, UrgeAfter.allCases.map { say("after.urge-\($0.rawValue)") }))</td></tr>
                    """
            }
        return .page(
            Page(
                say("after.report"), tab: .write, wide: true,
                body: """
                    <h1>\(say("after.report"))</h1><p class="lead">\(say("after.report-lead"))</p>\(list)<p class="quietly">\(say("after.how"))</p>\(LeavingRoutes.table(leaving, ask))
                    """),
            json: [
                "pieces": .list(
                    told.map { one in
                        [
                            "item": .id(one.item), "form": .string(one.form.rawValue), "narratorBand": .text(one.band?.rawValue),
                            "felt": json(one.felt, FeltAfter.allCases.map(\.rawValue)),
                            "hope": json(one.hope, HopeAfter.allCases.map(\.rawValue)),
                            "urge": json(one.urge, UrgeAfter.allCases.map(\.rawValue)),
                        ]
                    }), "until": .at(until), "leaving": LeavingRoutes.json(leaving),
            ])
    }

    private static func line(_ counts: [Int], _ names: [String]) -> String {
        AfterReading.told(counts).map { told in zip(names, told).map { "\($0): \($1)" }.joined(separator: " · ") } ?? "*"
    }

    private static func json(_ counts: [Int], _ names: [String]) -> JSON {
        AfterReading.told(counts).map { told in .object(zip(names, told).map { .init(key: $0, value: .string($1.description)) }) } ?? .null
    }
}
