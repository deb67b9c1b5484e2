import Rules
import Statistics
import Store

extension Routes {
    static let coding: [Route] = [
        .staff(.get, "/coding", .rate, "Codebooks, and how much one has coded.", CodingRoutes.list),
        .staff(.get, "/coding/:book", .rate, "The next item to code, without a name.", CodingRoutes.next),
        .staff(.post, "/coding/:book/items/:item", .rate, "Give it a code.", [.line("code", 40)], CodingRoutes.give),
        .staff(
            .get, "/operator/coding", .readCounts, "Shares of codes, by place, and how far coders agree; small groups hidden.",
            [.line("book", 40, optional: true)], CodingReport.show),
        .staff(
            .get, "/operator/costs", .readCounts, "What support cost, with prices typed in.",
            [
                .int("days", 1...366, optional: true), .int("hourly", 0...100_000, optional: true), .int("share", 0...100, optional: true),
                .int("elsewhere", 0...1_000_000, optional: true),
            ], CostRoutes.show),
    ]
}

/// Reading what was written by a list of codes. Coders see words and no names.
enum CodingRoutes {
    static func book(_ id: String?, _ ask: Ask) throws -> Codebook {
        guard let found = ask.app.content.codebooks.first(where: { $0.id == id }) else { throw Refusal.notFound }
        return found
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (say, books) = (ask.say, ask.app.content.codebooks)
        let counts = try await ask.read { tx in try books.map { try tx.codedBy(worker.person, book: $0.id) } }
        let body: HTML = """
            <h1>\(say("coding.title"))</h1><p class="lead">\(say("coding.lead"))</p><ul class="links" role="list">\(each: zip(books, counts), { book, count in
                "<li><a href=\"/coding/\(book.id)\">\(book.name)</a> <span class=\"quietly\">\(say("coding.yours", ["n": String(count)]))</span></li>"
            })</ul>
            """
        return .page(
            Page(say("coding.title"), body: body),
            json: [
                "books": .list(
                    zip(books, counts).map { book, count in
                        [
                            "id": .string(book.id), "name": .string(book.name), "yours": .int(count),
                            "codes": .list(book.codes.map { .string($0.id) }),
                        ]
                    })
            ])
    }

    static func next(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (say, book) = (ask.say, try book(ask.parameters["book"], ask))
        let found = try await ask.read { try $0.nextToCode(book, by: worker.person) }
        guard let found else {
            let body: HTML = """
                <p><a href="/coding">\(Pictures.icon(.back))\(say("coding.title"))</a></p><h1>\(book.name)</h1>\(Parts.empty(.lamp, say("coding.none")))
                """
            return .page(Page(book.name, body: body), json: ["item": .null])
        }
        let about: HTML = found.thread.map { $0.isEmpty ? "" : "<p class=\"quietly\">\(say("coding.answers")) \($0)</p>" } ?? ""
        let body: HTML = """
            <p><a href="/coding">\(Pictures.icon(.back))\(say("coding.title"))</a></p><h1>\(book.name)</h1>
            <article class="card stack">\(about)\(found.title.isEmpty ? "" : "<h2>\(found.title)</h2>")<div class="words">\(prose(found.body))</div></article>
            <form class="stack" method="post" action="/coding/\(book.id)/items/\(found.id)">\(Parts.token(ask))\(Parts.radios(
                "code", say("coding.which"), book.codes.map { ($0.id, $0.means.isEmpty ? $0.name : "\($0.name). \($0.means)") }))
            <p class="row"><button class="button">\(say("coding.give"))</button></p></form>
            """
        return .page(
            Page(book.name, body: body),
            json: [
                "item": .id(found.id), "title": .string(found.title), "body": .string(found.body), "reply": .bool(found.isReply),
                "codes": .list(book.codes.map { .string($0.id) }),
            ])
    }

    static func give(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let book = try book(ask.parameters["book"], ask)
        let (item, code): (ID<Item>, String) = (try ask.id("item"), ask.form.text("code"))
        guard book.codes.contains(where: { $0.id == code }) else { throw Refusal.badChoice("code") }
        try await ask.write { tx in
            guard try tx.itemToCode(item, in: book, by: worker.person) != nil else { throw Refusal.notFound }
            try tx.code(item, as: code, in: book, by: worker.person)
        }
        return .see("/coding/\(book.id)?done=saved", json: ["item": .id(item), "code": .string(code)])
    }
}

/// FB-2, KOOTH-6, RURAL-3, MUSIC-3: shares by code, and by place above a smallest size.
enum CodingReport {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (say, books) = (ask.say, ask.app.content.codebooks)
        let chosen = try CodingRoutes.book(ask.query.optional("book") ?? books.first?.id, ask)
        let organisation = worker.person.organisation
        let (given, words) = try await ask.read(long: true) {
            (try $0.codes(chosen.id, in: organisation, since: ask.now - .days(366)), try $0.supportWords(in: organisation))
        }
        let summary = try CodingSummary(given, book: chosen)
        // One row of counts of items, no totals: what is small is starred. By place the whole table passes the gate.
        let areas = summary.areas.isEmpty ? nil : try SmallCells(summary.areas.map(\.counts), k: PublicCount.fewest)
        let names = Dictionary(ask.app.content.places.areas.map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
        let body: HTML = """
            <h1>\(say("coding.report"))</h1><form class="row" method="get" action="/operator/coding">\(Parts.select(
                "book", say("coding.book"), books.map { ($0.id, $0.name) }, chosen: chosen.id))<button class="button soft">\(say("research.show"))</button></form>
            \(summary.items == 0 ? Parts.empty(.lamp, say("coding.nothing")) : shares(summary, chosen, ask))
            \(areas.map { byPlace($0, summary, chosen, names, ask) } ?? "")
            <p>\(summary.double.map { say("coding.agreement", ["n": PublicCount($0.items).description, "share": percent($0.agreement), "ac1": two($0.ac1)]) } ?? say("coding.no-agreement"))</p>
            \(words.isEmpty ? "" : Parts.table(say("coding.words"), head: [say("coding.word"), say("coding.items")], words) { "<tr><th scope=\"row\">\(say("support.\($0.word)"))</th><td>\(PublicCount($0.count).description)</td></tr>" })
            <p class="quietly">\(say("coding.how")) \(chosen.source).</p>
            """
        return .page(Page(say("coding.report"), tab: .write, wide: true, body: body), json: json(summary, areas, words, chosen))
    }

    static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
    private static func two(_ value: Double) -> String { String(Double(Int((value * 100).rounded())) / 100) }

    /// A share is told where its count and all the others are told: from three shares and the whole anybody has the fourth.
    private static func share(_ count: Int, _ summary: CodingSummary) -> Double? {
        summary.counts.contains { (1..<PublicCount.fewest).contains($0) }
            ? nil : (Double(count) / Double(max(1, summary.items)) * 100).rounded() / 100
    }

    private static func shares(_ summary: CodingSummary, _ book: Codebook, _ ask: Ask) -> HTML {
        let say = ask.say
        return Parts.table(
            book.name, head: [say("coding.code"), say("coding.items"), say("coding.share")], Array(zip(book.codes, summary.counts))
        ) { code, count in
            """
            <tr><th scope="row">\(code.name)</th><td>\(PublicCount(count).description)</td><td>\(share(count, summary).map(percent) ?? "–")</td></tr>
            """
        }
    }

    private static func byPlace(_ gate: SmallCells, _ summary: CodingSummary, _ book: Codebook, _ names: [String: String], _ ask: Ask)
        -> HTML
    {
        let say = ask.say
        guard gate.isSafe else { return "<p class=\"say note\">\(say("coding.unsafe"))</p>" }
        return Parts.table(
            say("coding.by-place"), head: [say("coding.place")] + book.codes.map(\.name), Array(zip(summary.areas, gate.printed))
        ) { area, counts in
            "<tr><th scope=\"row\">\(names[area.name] ?? area.name)</th>\(each: counts, { "<td>\($0.map { PublicCount($0).description } ?? "*")</td>" })</tr>"
        }
    }

    private static func json(_ summary: CodingSummary, _ gate: SmallCells?, _ words: [(word: String, count: Int)], _ book: Codebook) -> JSON
    {
        [
            "book": .string(book.id), "items": .string(PublicCount(summary.items).description),
            "codes": .list(
                zip(book.codes, summary.counts).map { code, count in
                    [
                        "code": .string(code.id), "items": .string(PublicCount(count).description),
                        "share": share(count, summary).map(JSON.number) ?? .null,
                    ]
                }),
            "places": gate.map { gate in
                gate.isSafe
                    ? .list(
                        zip(summary.areas, gate.printed).map { area, counts in
                            [
                                "place": .string(area.name),
                                "counts": .list(counts.map { .string($0.map { PublicCount($0).description } ?? "*") }),
                            ]
                        }) : .string("not safe")
            } ?? .list([]),
            "words": .list(words.map { ["word": .string($0.word), "count": .string(PublicCount($0.count).description)] }),
            "agreement": summary.double.map {
                [
                    "items": .string(PublicCount($0.items).description), "agreement": .number(($0.agreement * 100).rounded() / 100),
                    "ac1": .number(($0.ac1 * 100).rounded() / 100),
                ]
            }
                ?? .null,
        ]
    }
}

/// KOOTH-6: a sheet of costs and of what was saved. Prices are the asker's own and kept nowhere.
enum CostRoutes {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let say = ask.say
        let days = try asked("days", 1...366, else: 30, ask)
        let (hourly, share) = (try asked("hourly", 0...100_000, else: 0, ask), try asked("share", 0...100, else: 0, ask))
        let elsewhere = try asked("elsewhere", 0...1_000_000, else: 0, ask)
        let from = ask.now - .days(days)
        let organisation = worker.person.organisation
        let (minutes, helped) = try await ask.read(long: true) {
            (try $0.shiftMinutes(organisation, from: from), try $0.helpedMembers(organisation, since: from))
        }
        // From the number as it is told: the total over an exact one would give it away.
        let people = PublicCount(helped)
        let sheet = CostSheet(
            minutes: minutes, hourly: Double(hourly), helped: people.told ?? 0, share: Double(share) / 100, elsewhere: Double(elsewhere))
        let roles = Dictionary(ask.app.content.roles.map { ($0.id, $0.name) }, uniquingKeysWith: { a, _ in a })
        func number(_ name: String, _ value: Int) -> HTML {
            Parts.field(name, say("costs.\(name)"), value: String(value), type: "number", extra: " min=\"0\" inputmode=\"numeric\"")
        }
        let body: HTML = """
            <h1>\(say("costs.title"))</h1><p class="lead">\(say("costs.lead"))</p>
            <form class="card stack" method="get" action="/operator/costs">\(number("days", days))\(number("hourly", hourly))\(number("share", share))\(number("elsewhere", elsewhere))
            <p class="row"><button class="button">\(say("costs.count"))</button></p></form>
            \(Parts.table(say("costs.title"), head: [say("costs.role"), say("costs.hours"), say("costs.cost")], sheet.hours) { one in
                "<tr><th scope=\"row\">\(roles[one.role] ?? one.role)</th><td>\(tenth(one.hours))</td><td>\(whole(one.cost))</td></tr>"
            })<dl class="facts"><dt>\(say("costs.total"))</dt><dd>\(whole(sheet.total))</dd><dt>\(say("costs.helped"))</dt><dd>\(people.description)</dd>\
            <dt>\(say("costs.each"))</dt><dd>\(sheet.perHelped.map(whole) ?? (people == .few ? "*" : "–"))</dd><dt>\(say("costs.saved"))</dt><dd>\(people == .few ? "*" : whole(sheet.saved))</dd></dl>
            <p class="quietly">\(say("costs.how"))</p>
            """
        return .page(
            Page(say("costs.title"), tab: .write, wide: true, body: body),
            json: [
                "days": .int(days),
                "hours": .list(sheet.hours.map { ["role": .string($0.role), "hours": .number($0.hours), "cost": .number($0.cost)] }),
                "total": .number(sheet.total), "helped": .string(people.description),
                "each": sheet.perHelped.map(JSON.number) ?? .null, "saved": people == .few ? .null : .number(sheet.saved),
            ])
    }

    private static func asked(_ name: String, _ range: ClosedRange<Int>, else usual: Int, _ ask: Ask) throws -> Int {
        guard let text = ask.query.optional(name), !text.isEmpty else { return usual }
        guard let number = Int(text), range.contains(number) else { throw Refusal.badChoice(name) }
        return number
    }

    private static func tenth(_ value: Double) -> String { String(Double(Int((value * 10).rounded())) / 10) }
    private static func whole(_ value: Double) -> String { String(Int(value.rounded())) }
}
