import Rules
import Store

/// A review's flow: drawn, as tables, as files.
enum ReviewFlowPages {
    static func json(_ flow: ReviewFlow) -> JSON {
        func named(_ list: [ReviewFlow.Named]) -> JSON { .object(list.map { .init(key: $0.name, value: .int($0.count)) }) }
        return [
            "identified": .int(flow.identified), "identifiedByHand": .int(flow.identifiedByHand),
            "includedByHand": .int(flow.includedByHand),
            "included": .int(flow.included),
            "searches": .list(
                flow.searches.map { one in
                    [
                        "search": .string(one.name), "byHand": .bool(one.isByHand), "identified": .int(one.identified),
                        "sources": named(one.sources),
                        "duplicates": named(one.duplicates), "screened": .int(one.screened), "titlesOpen": .int(one.titlesOpen),
                        "titlesExcluded": .int(one.titlesExcluded), "fullText": .int(one.fullText), "fullTextOpen": .int(one.fullTextOpen),
                        "fullTextExcluded": .int(one.excluded), "reasons": named(one.fullTextExcluded), "included": .int(one.included),
                    ]
                }),
        ]
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let (tallies, verdicts) = try await ask.read(long: true) { tx in
            (try tx.reviewTallies(review.id), try ReviewStage.allCases.map { ($0, try tx.firstVerdicts(review.id, at: $0)) })
        }
        let flow = ReviewFlow(tallies)
        let agreement = try verdicts.compactMap { stage, pairs in try ReviewAgreement(pairs).map { (stage, $0) } }
        let (say, place) = (ask.say, "/reviews/\(review.id)")
        let drawing = PrismaFlow(flow, say)
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.flow"))</h1>\(flow.searches.isEmpty ? Parts.empty(.lamp, say("reviewing.no-sources")) : drawing.drawing(say) + drawing.table(say))
            \(flow.searches.isEmpty ? "" : table(flow, ask))
            <section class="stack"><h2>\(say("reviewing.agreement"))</h2>\(agreement.isEmpty ? "<p>\(say("reviewing.agreement-none"))</p>" : agreed(agreement, ask))</section>
            <section class="stack"><h2>\(say("reviewing.tables"))</h2><p class="row"><a class="button soft" href="\(place)/flow.csv">\(say("reviewing.flow-csv"))</a>\
            <a class="button soft" href="\(place)/decisions.csv">\(say("reviewing.decisions-csv"))</a><a class="button soft" href="\(place)/charts.csv">\(say("reviewing.charts-csv"))</a></p>\
            <p class="quietly">\(say("reviewing.decisions-how"))</p></section>
            """
        return .page(
            Page(say("reviewing.flow"), wide: true, body: body),
            json: [
                "flow": json(flow),
                "agreement": .object(
                    agreement.map { stage, one in
                        .init(
                            key: stage.rawValue,
                            value: [
                                "records": .int(one.records), "agreement": .number(one.share), "kappa": one.kappa.map(JSON.number) ?? .null,
                                "ac1": .number(one.ac1),
                            ])
                    }),
            ])
    }

    private static func agreed(_ agreement: [(ReviewStage, ReviewAgreement)], _ ask: Ask) -> HTML {
        let say = ask.say
        func two(_ value: Double) -> String { String(Double(Int((value * 100).rounded())) / 100) }
        return "<p>\(say("reviewing.agreement-how"))</p>"
            + Parts.table(
                say("reviewing.agreement"),
                head: [
                    say("research.step"), say("reviewing.read-by-two"), say("reviewing.share"), say("reviewing.kappa"),
                    say("reviewing.ac1"),
                ], agreement
            ) { stage, one in
                """
                <tr><th scope="row">\(say("reviewing.stage-\(stage.rawValue)"))</th><td>\(one.records)</td><td>\(two(one.share))</td>\
                <td>\(one.kappa.map(two) ?? "–")</td><td>\(two(one.ac1))</td></tr>
                """
            }
    }

    /// The steps of one search, by their words; the same for the page and for the file.
    private static func steps(_ one: ReviewFlow.Search, _ ask: Ask) -> [(step: String, what: String, count: Int)] {
        func reason(_ id: String) -> String { ask.app.content.review.exclusions.first { $0.id == id }?.name ?? id }
        var rows = [("identified", "", one.identified)] + one.sources.map { ("identified", $0.name, $0.count) }
        rows += [("duplicates-removed", "", one.removed)]
        rows += one.duplicates.map { ("duplicates-removed", ask.say("reviewing.rule-\($0.name)"), $0.count) }
        rows += [("screened", "", one.screened), ("titles-open", "", one.titlesOpen), ("titles-excluded", "", one.titlesExcluded)]
        rows += [("full-text", "", one.fullText), ("full-text-open", "", one.fullTextOpen), ("excluded", "", one.excluded)]
        rows += one.fullTextExcluded.map { ("excluded", reason($0.name), $0.count) } + [("included", "", one.included)]
        return rows
    }

    private static func name(_ one: ReviewFlow.Search, _ ask: Ask) -> String {
        one.isByHand ? ask.say("reviewing.found-by-hand", ["name": one.name]) : one.name
    }

    private static func table(_ flow: ReviewFlow, _ ask: Ask) -> HTML {
        let say = ask.say
        return flow.searches.reduce(into: HTML()) { made, one in
            made += Parts.table(name(one, ask), head: [say("research.step"), say("reviewing.records")], steps(one, ask)) { row in
                "<tr><th scope=\"row\">\(say("reviewing.\(row.step)"))\(row.what.isEmpty ? "" : ": " + row.what)</th><td>\(row.count)</td></tr>"
            }
        }
    }

    static func flowTable(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let flow = ReviewFlow(try await ask.read(long: true) { try $0.reviewTallies(review.id) })
        let rows = flow.searches.flatMap { one in
            steps(one, ask).map { [one.name, one.isByHand ? "by-hand" : "database", $0.step, $0.what, String($0.count)] }
        }
        return CSV.file("flow.csv", [["search", "kind", "step", "what", "records"]] + rows)
    }

    static func decisions(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        return CSV.file("decisions.csv", [DecisionsFile.head] + (try await ask.read(long: true) { try $0.reviewDecisions(review.id) }))
    }
}

/// Tables as files, by RFC 4180.
enum CSV {
    static func file(_ name: String, _ rows: [[String]]) -> Answer {
        let lines = rows.map { $0.map(field).joined(separator: ",") + "\r\n" }.joined()
        return .file(name: name, type: "text/csv; charset=utf-8", bytes: Array(lines.utf8))
    }

    /// What a table program would take for a formula is told to be words.
    private static func field(_ text: String) -> String {
        // Also behind spaces and signs without width, and as wide letters.
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace && !$0.properties.isDefaultIgnorableCodePoint }
        let isOdd = first.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false || text.first.map { "\t\r".contains($0) } ?? false
        let safe = isOdd ? "'" + text : text
        return safe.contains { "\",\n\r".contains($0) } ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }
}
