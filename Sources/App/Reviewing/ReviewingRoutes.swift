import Rules
import Store

extension Routes {
    /// How many fields a chart may have.
    static let chartFields = 30

    static let reviewing: [Route] = [
        .staff(.get, "/reviews", .research, "Reviews of studies.", [.place("before")], ReviewingRoutes.list),
        .staff(.post, "/reviews", .research, "Start a review.", [.line("name", 200), .key], ReviewingRoutes.start),
        .staff(.get, "/reviews/:review", .research, "One review: what waits, its flow, where records came from.", ReviewingRoutes.show),
        .staff(
            .post, "/reviews/:review/sources", .research, "Bring in search results: RIS, NBIB, BibTeX or CSV; broken rows are told.",
            [.line("search", 80), .line("source", 80), .flag("by_hand"), .table("results", 1_500_000), .key], ReviewImport.bring),
        .staff(
            .get, "/reviews/:review/duplicates", .research, "Duplicates, and by which rule.",
            [.int("from", 0...10_000_000, optional: true)],
            ReviewDuplicatePages.list),
        .staff(.post, "/reviews/:review/duplicates", .research, "Look for duplicates again.", ReviewDuplicatePages.find),
        .staff(.post, "/reviews/:review/records/:record/apart", .research, "Two records are two.", ReviewDuplicatePages.apart),
        .staff(
            .get, "/reviews/:review/read", .research, "The next record to read.",
            [.choice("stage", ReviewStage.self, optional: true), .id("last", optional: true)], ReadingRoutes.next),
        .staff(
            .get, "/reviews/:review/records", .research, "All records, by words of their title and where they stand.",
            [
                .line("title", 200, optional: true), .choice("standing", RecordStanding.self, optional: true),
                .int("from", 0...10_000_000, optional: true),
            ], RecordListRoutes.list),
        .staff(
            .get, "/reviews/:review/records/:record", .research, "One record, and what one may see of its readings.", ReadingRoutes.show),
        .staff(
            .post, "/reviews/:review/records/:record/readings", .research, "Say in, out or not sure.",
            [.choice("stage", ReviewStage.self), .choice("verdict", ReviewVerdict.self), .line("reason", 40, optional: true)],
            ReadingRoutes.say),
        .staff(
            .get, "/reviews/:review/conflicts", .research, "Where two readers differ.", [.int("from", 0...10_000_000, optional: true)],
            ReadingRoutes.conflicts),
        .staff(.get, "/reviews/:review/flow", .research, "Flow diagram, numbers and agreement.", ReviewFlowPages.show),
        .staff(.get, "/reviews/:review/flow.csv", .research, "The flow numbers as a table.", ReviewFlowPages.flowTable),
        .staff(
            .get, "/reviews/:review/decisions.csv", .research, "Every decision, as `understory review replay` reads them.",
            ReviewFlowPages.decisions
        ),
        .staff(
            .get, "/reviews/:review/charts", .research, "Included studies and what was charted.",
            [.int("from", 0...10_000_000, optional: true)],
            ChartRoutes.list),
        .staff(.get, "/reviews/:review/charts.csv", .research, "The charts as a table.", ChartRoutes.table),
        .staff(.get, "/reviews/:review/records/:record/chart", .research, "The chart of one study.", ChartRoutes.show),
        .staff(
            .post, "/reviews/:review/records/:record/chart", .research, "Save the chart; c1, c2 … are its fields in their order.",
            (1...chartFields).flatMap { [.words("c\($0)", optional: true), .list("m\($0)")] }, ChartRoutes.save),
    ]
}

enum ReviewingRoutes {
    static func review(_ ask: Ask, _ worker: Worker) async throws -> ReviewRow {
        let id: ID<LivingReview> = try ask.id("review")
        guard let found = try await ask.read({ try $0.review(id, of: worker.person.organisation) }) else { throw Refusal.notFound }
        return found
    }

    static func back(_ review: ReviewRow) -> HTML { "<p><a href=\"/reviews/\(review.id)\">\(Pictures.icon(.back))\(review.name)</a></p>" }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let say = ask.say
        let found = try await ask.read { try $0.reviews(of: worker.person.organisation, before: ask.before, limit: pageSize + 1) }
        let shown = Array(found.prefix(pageSize))
        let more = found.count > pageSize ? shown.last?.id.raw : nil
        let body: HTML = """
            <h1>\(say("reviewing.title"))</h1><p class="lead">\(say("reviewing.lead"))</p>\(shown.isEmpty ? Parts.empty(.lamp, say("reviewing.none")) : "")
            <ul class="links" role="list">\(each: shown, { one in
                "<li><a href=\"/reviews/\(one.id)\">\(one.name)</a> <span class=\"quietly\">\(ask.moments.date(one.madeAt))</span></li>"
            })</ul>\(Parts.older(ask, "/reviews", last: more))
            <form class="card stack" method="post" action="/reviews">\(Parts.token(ask, key: true))\(Parts.field("name", say("reviewing.name"), extra: " required maxlength=\"200\""))
            <p class="row"><button class="button">\(say("reviewing.start"))</button></p></form>
            """
        return .page(
            Page(say("reviewing.title"), body: body),
            json: [
                "reviews": .list(shown.map { ["id": .id($0.id), "name": .string($0.name), "madeAt": .at($0.madeAt)] }),
                "next": .id(more.map { ID<LivingReview>(raw: $0) }),
            ])
    }

    static func start(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let name = ask.form.text("name")
        let id = try await ask.write { try $0.startReview(name, key: ask.form.optional("key"), by: worker.person) }
        return .see("/reviews/\(id)", json: ["id": .id(id)], created: true)
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await review(ask, worker)
        let (waiting, sources, tallies) = try await ask.read(long: true) { tx in
            (try tx.waiting(review.id, for: worker.person), try tx.reviewSources(review.id), try tx.reviewTallies(review.id))
        }
        let flow = ReviewFlow(tallies)
        return .page(
            Page(review.name, wide: true, body: page(review, waiting, sources, flow, ask)),
            json: [
                "id": .id(review.id), "name": .string(review.name),
                "waiting": [
                    "titles": .int(waiting.titles), "fullText": .int(waiting.fullText), "settle": .int(waiting.toSettle),
                    "talk": .int(waiting.toTalkOver), "chart": .int(waiting.toChart),
                ],
                "sources": .list(
                    sources.map {
                        [
                            "id": .id($0.id), "search": .string($0.search), "source": .string($0.source), "byHand": .bool($0.isByHand),
                            "records": .int($0.records), "arrived": .int($0.arrived), "refused": .int($0.refused),
                            "oddLines": .int($0.oddLines),
                        ]
                    }), "flow": ReviewFlowPages.json(flow),
            ])
    }

    private static func page(_ review: ReviewRow, _ waiting: ReviewWaiting, _ sources: [ReviewSourceRow], _ flow: ReviewFlow, _ ask: Ask)
        -> HTML
    {
        let (say, place) = (ask.say, "/reviews/\(review.id)")
        let waits: [(String, Int, String)] = [
            ("titles", waiting.titles, "\(place)/read?stage=titles"), ("full-text", waiting.fullText, "\(place)/read?stage=full-text"),
            ("settle", waiting.toSettle, "\(place)/conflicts"), ("talk", waiting.toTalkOver, "\(place)/conflicts"),
            ("chart", waiting.toChart, "\(place)/charts"),
        ]
        return """
            <p><a href="/reviews">\(Pictures.icon(.back))\(say("reviewing.title"))</a></p><h1>\(review.name)</h1>
            <section class="stack" aria-labelledby="waits"><h2 id="waits">\(say("reviewing.waits"))</h2><ul class="links" role="list">\(each: waits, { one in
                "<li><a href=\"\(one.2)\">\(say("reviewing.waits-\(one.0)"))</a> <span class=\"quietly\">\(one.1)</span></li>"
            })</ul></section>
            <section class="stack" aria-labelledby="flow"><h2 id="flow">\(say("reviewing.flow"))</h2><dl class="facts">\
            <dt>\(say("reviewing.identified"))</dt><dd>\(flow.identified + flow.identifiedByHand)</dd>\
            <dt>\(say("reviewing.duplicates-removed"))</dt><dd>\(flow.searches.reduce(0) { $0 + $1.removed })</dd>\
            <dt>\(say("reviewing.screened"))</dt><dd>\(flow.searches.reduce(0) { $0 + $1.screened })</dd>\
            <dt>\(say("reviewing.full-text"))</dt><dd>\(flow.searches.reduce(0) { $0 + $1.fullText })</dd>\
            <dt>\(say("reviewing.included"))</dt><dd>\(flow.included)</dd></dl>
            <p class="row"><a class="button soft" href="\(place)/flow">\(say("reviewing.flow"))</a><a class="button plain" href="\(place)/duplicates">\(say("reviewing.duplicates"))</a>\
            <a class="button plain" href="\(place)/records">\(say("reviewing.all-records"))</a><a class="button plain" href="\(place)/conflicts">\(say("reviewing.conflicts"))</a><a class="button plain" href="\(place)/charts">\(say("reviewing.charts"))</a></p></section>
            <section class="stack"><h2>\(say("reviewing.sources"))</h2>\(sources.isEmpty ? Parts.empty(.lamp, say("reviewing.no-sources")) : table(sources, ask))</section>
            <form class="card stack" method="post" action="\(place)/sources"><h2>\(say("reviewing.bring"))</h2>\(Parts.token(ask, key: true))\
            \(Parts.field("search", say("reviewing.search"), hint: say("reviewing.search-hint"), extra: " required maxlength=\"80\""))\
            \(Parts.field("source", say("reviewing.source"), extra: " required maxlength=\"80\""))\(Parts.check("by_hand", say("reviewing.by-hand")))\
            \(Parts.area("results", say("reviewing.results"), hint: say("reviewing.results-hint"), rows: 8, extra: " required"))
            <p class="row"><button class="button">\(say("reviewing.import"))</button></p></form>
            """
    }

    private static func table(_ sources: [ReviewSourceRow], _ ask: Ask) -> HTML {
        let say = ask.say
        return Parts.table(
            say("reviewing.sources"),
            head: [
                say("reviewing.when"), say("reviewing.where"), say("reviewing.records"), say("reviewing.refused"), say("reviewing.odd"),
            ], sources
        ) { one in
            """
            <tr><th scope="row">\(one.isByHand ? say("reviewing.found-by-hand", ["name": one.search]) : one.search)</th><td>\(one.source)</td>\
            <td>\(one.arrived < one.records ? say("reviewing.arrived", ["n": String(one.arrived), "all": String(one.records)]) : String(one.records))</td><td>\(one.refused)</td><td>\(one.oddLines)</td></tr>
            """
        }
    }
}
