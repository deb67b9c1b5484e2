import Rules
import Store

/// One record at a time, in, out or not sure; nobody sees what the other said until both have.
enum ReadingRoutes {
    static func next(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let stage = ask.query.choice("stage", ReviewStage.self) ?? .titles
        let last: ID<ReviewRecord>? = ask.query.id("last")
        let found = try await ask.read { try $0.nextToRead(review.id, at: stage, by: worker.person) }
        let say = ask.say
        let title = say(stage == .titles ? "reviewing.read-titles" : "reviewing.read-full-text")
        let before: HTML =
            last.map { "<p><a href=\"/reviews/\(review.id)/records/\($0)\" data-key=\"b\">\(say("reviewing.before"))</a></p>" } ?? ""
        guard let found else {
            return .page(
                Page(
                    title,
                    body: "\(ReviewingRoutes.back(review))<h1>\(title)</h1>\(Parts.empty(.lamp, say("reviewing.read-none")))\(before)"),
                json: ["record": .null])
        }
        return .page(
            Page(
                title, scripts: ["keys.js"],
                body:
                    "\(ReviewingRoutes.back(review))<h1>\(title)</h1>\(card(found, ask))\(form(found, stage, review, settles: false, ask))\(before)"
            ),
            json: [
                "record": json(found), "stage": .string(stage.rawValue),
                "reasons": .list(ask.app.content.review.exclusions.map { .string($0.id) }),
            ])
    }

    private static func card(_ record: ReviewRecordRow, _ ask: Ask) -> HTML {
        let say = ask.say
        let where_ = [record.authors, record.journal ?? "", record.year.map(String.init) ?? ""].filter { !$0.isEmpty }.joined(
            separator: " · ")
        let doi: HTML =
            record.doi.map { "<p class=\"quietly\">DOI <a href=\"https://doi.org/\($0)\" rel=\"noreferrer\">\($0)</a></p>" } ?? ""
        let pmid: HTML = record.pmid.map { "<p class=\"quietly\">PubMed \($0)</p>" } ?? ""
        return """
            <article class="card stack"><h2 dir="auto">\(record.title)</h2><p class="quietly">\(where_)</p>\
            <div class="words">\(record.abstract.map(prose) ?? HTML(raw: "<p class=\"quietly\">") + "\(say("reviewing.no-abstract"))</p>")</div>\(doi)\(pmid)</article>
            """
    }

    /// Three buttons, each with a key; at full text a reason beside them.
    private static func form(
        _ record: ReviewRecordRow, _ stage: ReviewStage, _ review: ReviewRow, settles: Bool, keys: Bool = true, _ ask: Ask
    ) -> HTML {
        let say = ask.say
        let reasons = [("", say("reviewing.reason-none"))] + ask.app.content.review.exclusions.map { ($0.id, $0.name) }
        let verdicts: [(ReviewVerdict, String)] = [(.take, "i"), (.leave, "o")] + (settles ? [] : [(.unsure, "u")])
        return """
            <form class="stack" method="post" action="/reviews/\(review.id)/records/\(record.id)/readings">\(Parts.token(ask))\
            <input type="hidden" name="stage" value="\(stage.rawValue)"><h2>\(say("reviewing.verdict"))</h2>\
            \(stage == .fullText ? Parts.select("reason", say("reviewing.reason"), reasons) : "")<p class="row">\(each: verdicts, { one in
                """
                <button class="button\(one.0 == .take ? "" : " soft")" name="verdict" value="\(one.0.rawValue)"\(keys ? " data-key=\"\(one.1)\"" : "")>\(say("reviewing.verdict-\(one.0.rawValue)"))\(keys ? " <kbd>\(one.1)</kbd>" : "")</button>
                """
            })</p></form>
            """
    }

    static func json(_ record: ReviewRecordRow) -> JSON {
        [
            "id": .id(record.id), "title": .string(record.title), "authors": .string(record.authors),
            "year": record.year.map(JSON.int) ?? .null,
            "journal": .text(record.journal), "doi": .text(record.doi), "pmid": .text(record.pmid), "abstract": .text(record.abstract),
        ]
    }

    /// Where a record stands for one reader: the stage it is at, what they may do, and what they may see of others.
    struct View {
        let stage: ReviewStage
        let part: Screened.Part
        let state: Screened.State
        let mine: ReviewReading?
        let titleByThird: Bool
        /// Kept by its title, and nobody has read the text yet: who decided that may think again.
        let mayRethinkTitle: Bool
        /// Of others: only once the record is decided or readers differ.
        let others: [ReviewReading]

        init(_ all: RecordScreening, _ readings: (ReviewStage) -> [ReviewReading], reader: String) {
            stage = all.fullText == nil ? .titles : .fullText
            let here = all.fullText ?? all.titles
            titleByThird = all.titles.isByThird
            mayRethinkTitle = !all.duplicate && (all.fullText?.readers.isEmpty ?? false) && all.titles.part(of: reader) != .none
            (part, state) = (all.duplicate ? .none : here.part(of: reader), here.state)
            let newest = readings(stage).reduce(into: [String: ReviewReading]()) { $0[$1.reader] = $1 }
            mine = newest[reader]
            others = state == .undecided ? [] : newest.filter { $0.key != reader }.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private static func find(_ ask: Ask, _ worker: Worker, _ review: ReviewRow) async throws -> (ReviewRecordRow, View) {
        let id: ID<ReviewRecord> = try ask.id("record")
        return try await ask.read { tx in
            guard let record = try tx.reviewRecord(id, in: review.id) else { throw Refusal.notFound }
            let (titles, full) = (try tx.readings(of: id, at: .titles), try tx.readings(of: id, at: .fullText))
            let view = View(
                RecordScreening(titles: titles, fullText: full, duplicate: record.isDuplicate), { $0 == .titles ? titles : full },
                reader: Transaction.reader(worker.person))
            return (record, view)
        }
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let (record, view) = try await find(ask, worker, review)
        let say = ask.say
        func words(_ reading: ReviewReading) -> String {
            let reason =
                reading.reason.map { id in " (" + (ask.app.content.review.exclusions.first { $0.id == id }?.name ?? id) + ")" } ?? ""
            return say("reviewing.verdict-\(reading.verdict.rawValue)") + reason
        }
        let note: String? =
            if record.isDuplicate { say("reviewing.is-duplicate") } else if view.state == .conflict {
                view.part == .third ? say("reviewing.as-third") : view.part == .reader ? say("reviewing.as-reader") : nil
            } else if view.state == .undecided { nil } else {
                say("reviewing.decided", ["what": say("reviewing.verdict-\(view.state.rawValue)")])
                    + (view.part == .none ? "" : " " + say("reviewing.think-again"))
            }
        let said =
            (view.mine.map { [say("reviewing.yours", ["what": words($0)])] } ?? [])
            + view.others.map { say("reviewing.theirs", ["what": words($0)]) }
        let settles = view.part == .third
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.stage-\(view.stage.rawValue)"))</h1>\(card(record, ask))\(note.map { "<p class=\"say note\">\($0)</p>" } ?? "")\
            \(said.isEmpty ? "" : "<section class=\"stack\"><h2>\(say("reviewing.said"))</h2><ul>\(each: said, { "<li>\($0)</li>" })</ul></section>")\
            \(view.part == .none ? "" : form(record, view.stage, review, settles: settles, ask))\
            \(view.mayRethinkTitle ? "<details><summary>\(say("reviewing.rethink-title"))</summary>\(form(record, .titles, review, settles: view.titleByThird, keys: false, ask))</details>" : "")\
            \(record.fullText == .take && !record.isDuplicate ? "<p><a class=\"button soft\" href=\"/reviews/\(review.id)/records/\(record.id)/chart\">\(say("reviewing.chart"))</a></p>" : "")
            """
        return .page(
            Page(say("reviewing.record"), scripts: ["keys.js"], body: body),
            json: [
                "record": json(record), "stage": .string(view.stage.rawValue), "state": .string(view.state.rawValue),
                "duplicate": .bool(record.isDuplicate), "mayRethinkTitle": .bool(view.mayRethinkTitle),
                "mine": .text(view.mine?.verdict.rawValue), "settles": .bool(settles),
                "others": .list(view.others.map { ["verdict": .string($0.verdict.rawValue), "reason": .text($0.reason)] }),
            ])
    }

    static func say(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let id: ID<ReviewRecord> = try ask.id("record")
        guard let stage = ask.form.choice("stage", ReviewStage.self), let verdict = ask.form.choice("verdict", ReviewVerdict.self) else {
            throw Refusal.badChoice("verdict")
        }
        let reason = ask.form.optional("reason")
        let reasons = Set(ask.app.content.review.exclusions.map(\.id))
        let refused = try await ask.write { tx in
            guard try tx.reviewRecord(id, in: review.id) != nil else { throw Refusal.notFound }
            return try tx.say(verdict, reason: reason, of: id, in: review.id, at: stage, reasons: reasons, by: worker.person)
        }
        if let refused {
            throw Refusal.rule("review-\(refused.rawValue)", status: refused == .decided || refused == .duplicate ? 409 : 422)
        }
        return .see(
            "/reviews/\(review.id)/read?stage=\(stage.rawValue)&last=\(id)&done=saved",
            json: ["record": .id(id), "verdict": .string(verdict.rawValue)])
    }

    static func conflicts(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let (say, me) = (ask.say, Transaction.reader(worker.person))
        let (shown, next) = try await ask.read { tx in
            let found = try tx.reviewConflicts(review.id, after: Int64(ask.query.int("from") ?? 0), limit: pageSize + 1)
            let shown = try found.prefix(pageSize).map { record in
                let stage: ReviewStage = record.titles == .conflict ? .titles : .fullText
                return (record, stage, try tx.readings(of: record.id, at: stage).contains { $0.reader == me })
            }
            return (shown, found.count > pageSize ? shown.last?.0.place : nil)
        }
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.conflicts"))</h1>\(shown.isEmpty ? Parts.empty(.lamp, say("reviewing.conflicts-none")) : "")
            <ul class="links" role="list">\(each: shown, { record, stage, isMine in
                """
                <li><a href="/reviews/\(review.id)/records/\(record.id)">\(record.title.isEmpty ? record.doi ?? "–" : record.title)</a> \
                <span class="quietly">\(say("reviewing.stage-\(stage.rawValue)"))\(isMine ? " · " + say("reviewing.you-read") : "")</span></li>
                """
            })</ul>\(ReviewDuplicatePages.more(ask, "/reviews/\(review.id)/conflicts", next))
            """
        return .page(
            Page(say("reviewing.conflicts"), body: body),
            json: [
                "conflicts": .list(
                    shown.map { ["id": .id($0.id), "title": .string($0.title), "stage": .string($1.rawValue), "mine": .bool($2)] }),
                "next": next.map(JSON.int) ?? .null,
            ])
    }
}
