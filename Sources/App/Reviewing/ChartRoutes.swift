import Rules
import Store

/// What is charted of each included study, by the fields of `Content/evidence/charting.json`.
enum ChartRoutes {
    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let say = ask.say
        let (found, charts) = try await ask.read(long: true) { tx in
            (try tx.includedRecords(review.id, after: Int64(ask.query.int("from") ?? 0), limit: pageSize + 1), try tx.charts(review.id))
        }
        let shown = Array(found.prefix(pageSize))
        let next = found.count > pageSize ? shown.last?.place : nil
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.charts"))</h1>\(shown.isEmpty ? Parts.empty(.lamp, say("reviewing.charts-none")) : "")
            <ul class="links" role="list">\(each: shown, { one in
                """
                <li><a href="/reviews/\(review.id)/records/\(one.id)/chart">\(one.title)</a> <span class="quietly">\(say(charts[one.id] == nil ? "reviewing.not-charted" : "reviewing.charted"))</span></li>
                """
            })</ul>\(ReviewDuplicatePages.more(ask, "/reviews/\(review.id)/charts", next))\
            \(shown.isEmpty ? "" : "<p><a class=\"button soft\" href=\"/reviews/\(review.id)/charts.csv\">\(say("reviewing.charts-csv"))</a></p>")
            """
        return .page(
            Page(say("reviewing.charts"), body: body),
            json: [
                "studies": .list(
                    shown.map { ["id": .id($0.id), "title": .string($0.title), "chart": json(charts[$0.id] ?? [:], ask)] }),
                "next": next.map(JSON.int) ?? .null,
            ])
    }

    private static func json(_ chart: [String: String], _ ask: Ask) -> JSON {
        .object(ask.app.content.review.chart.compactMap { field in chart[field.id].map { .init(key: field.id, value: .string($0)) } })
    }

    private static func find(_ ask: Ask, _ worker: Worker, _ review: ReviewRow) async throws -> (ReviewRecordRow, [String: String]) {
        let id: ID<ReviewRecord> = try ask.id("record")
        return try await ask.read { tx in
            guard let record = try tx.reviewRecord(id, in: review.id) else { throw Refusal.notFound }
            guard !record.isDuplicate, record.fullText == .take else { throw Refusal.rule("review-not-included", status: 409) }
            return (record, try tx.chart(of: id))
        }
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let (record, chart) = try await find(ask, worker, review)
        let (say, fields) = (ask.say, ask.app.content.review.chart)
        let body: HTML = """
            <p><a href="/reviews/\(review.id)/charts">\(Pictures.icon(.back))\(say("reviewing.charts"))</a></p><h1>\(say("reviewing.chart"))</h1>
            <p class="lead">\(record.title)</p><form class="stack" method="post" action="/reviews/\(review.id)/records/\(record.id)/chart">\(Parts.token(ask))\
            \(each: fields.enumerated(), { place, field in input(field, place + 1, chart[field.id] ?? "", ask) })
            <p class="row"><button class="button">\(say("reviewing.chart-save"))</button></p></form>
            """
        return .page(
            Page(say("reviewing.chart"), body: body),
            json: [
                "record": ReadingRoutes.json(record), "chart": json(chart, ask),
                "fields": .list(
                    fields.map { ["id": .string($0.id), "name": .string($0.name), "options": .list(($0.options ?? []).map(JSON.string))] }),
            ])
    }

    private static func input(_ field: ChartField, _ place: Int, _ value: String, _ ask: Ask) -> HTML {
        let options = field.options ?? []
        switch field.kind {
        case .line: return Parts.field("c\(place)", field.name, value: value)
        case .words: return Parts.area("c\(place)", field.name, value: value, rows: 3)
        case .choice:
            return Parts.select(
                "c\(place)", field.name, [("", ask.say("reviewing.chart-choose"))] + options.map { ($0, $0) }, chosen: value)
        case .many:
            return Parts.boxes(
                "m\(place)", field.name, options.map { ($0, $0) }, chosen: Set(value.split(separator: "\n").map(String.init)))
        }
    }

    static func save(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let id: ID<ReviewRecord> = try ask.id("record")
        var values: [String: String] = [:]
        for (place, field) in ask.app.content.review.chart.enumerated() {
            let name = (field.kind == .many ? "m" : "c") + String(place + 1)
            let given = field.kind == .many ? ask.form.list(name) : ask.form.optional(name).map { _ in [ask.form.words(name)] } ?? []
            guard field.takes(given.filter { !$0.isEmpty }) else { throw Refusal.badChoice(name) }
            values[field.id] = given.joined(separator: "\n")
        }
        let chart = values
        let isKept = try await ask.write { tx in
            guard try tx.reviewRecord(id, in: review.id) != nil else { throw Refusal.notFound }
            return try tx.chart(chart, of: id, in: review.id, by: worker.person)
        }
        guard isKept else { throw Refusal.rule("review-not-included", status: 409) }
        return .see("/reviews/\(review.id)/charts?done=saved", json: ["record": .id(id)])
    }

    static func table(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let fields = ask.app.content.review.chart
        let (records, charts) = try await ask.read(long: true) { tx in
            (try tx.includedRecords(review.id, limit: 100_000), try tx.charts(review.id))
        }
        let rows = records.map { one in
            let chart = charts[one.id] ?? [:]
            return [one.title, one.authors, one.year.map(String.init) ?? "", one.journal ?? "", one.doi ?? "", one.pmid ?? ""]
                + fields.map { (chart[$0.id] ?? "").replacing("\n", with: "; ") }
        }
        return CSV.file("charts.csv", [["title", "authors", "year", "journal", "doi", "pmid"] + fields.map(\.id)] + rows)
    }
}
