import Rules
import Store

/// What a file of search results came to.
public struct BroughtResults: Sendable {
    public let file: SearchFile
    /// False where the same press had brought it in before.
    public let isNew: Bool
    public let duplicates: Int
}

extension App {
    /// Takes in every record that can be read and removes what is there already, part by part: a young person's post does not wait for
    /// a file of hundreds of thousands. Where it breaks off, the same file goes on.
    func bring(_ file: SearchFile, as new: NewReviewSource, to review: ID<LivingReview>) async throws -> BroughtResults {
        guard !file.records.isEmpty else { return BroughtResults(file: file, isNew: true, duplicates: 0) }
        let digest = Transaction.digest(of: file, new)
        guard let source = try await store.write({ try $0.source(new, file, digest: digest, in: review) }) else {
            return BroughtResults(file: file, isNew: false, duplicates: 0)
        }
        while try await store.write({ try $0.addRecords(of: file, to: source, in: review) }) { try await Task.sleep(for: Self.breath) }
        return BroughtResults(file: file, isNew: true, duplicates: try await removeDuplicates(in: review))
    }

    /// Between two parts: another process that waits to write looks only so often, and comes in here.
    private static let breath = Duration.milliseconds(40)

    /// Found outside of a transaction: it takes seconds in a large review.
    func removeDuplicates(in review: ID<LivingReview>) async throws -> Int {
        let pile = try await store.read(long: true) { try $0.reviewPile(review) }
        let found = pile.removals()
        var removed = 0
        for start in stride(from: 0, to: found.count, by: 500) {
            if start > 0 { try await Task.sleep(for: Self.breath) }
            removed += try await store.write { try $0.removeDuplicates(Array(found[start..<min(start + 500, found.count)])) }
        }
        return removed
    }

    /// The command line's way in: by the review's id.
    public func bring(_ file: SearchFile, review: String, search: String, source: String, byHand: Bool) async throws -> BroughtResults {
        guard let id = ID<LivingReview>(review), try await store.read({ try $0.organisation(ofReview: id) }) != nil else {
            throw Fault.missing("a review \(review)")
        }
        return try await bring(file, as: NewReviewSource(search: search, source: source, isByHand: byHand, key: nil), to: id)
    }
}

enum ReviewImport {
    static func bring(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let form = ask.form
        let file = SearchFile(Array(form.text("results").utf8), named: form.text("source"))
        let new = NewReviewSource(
            search: form.text("search"), source: form.text("source"), isByHand: form.flag("by_hand"), key: form.optional("key"))
        let brought = try await ask.app.bring(file, as: new, to: review.id)
        return .page(
            Page(ask.say("reviewing.brought"), body: page(brought, review, ask)),
            json: [
                "records": .int(file.records.count), "new": .bool(brought.isNew), "duplicates": .int(brought.duplicates),
                "oddLines": .int(file.oddLines), "format": .string(file.format.rawValue),
                "refused": .list(file.faults.prefix(shownFaults).map { ["line": .int($0.line), "why": .string($0.why.rawValue)] }),
                "refusedInAll": .int(file.faults.count),
            ], status: file.records.isEmpty ? 422 : 200)
    }

    private static let shownFaults = 200

    private static func page(_ brought: BroughtResults, _ review: ReviewRow, _ ask: Ask) -> HTML {
        let (say, file) = (ask.say, brought.file)
        let faults: HTML =
            file.faults.isEmpty
            ? ""
            : """
            <section class="stack"><h2>\(say("reviewing.refused"))</h2><p>\(say("reviewing.brought-faults"))</p><ul>\(each: file.faults.prefix(shownFaults), { fault in
                "<li>\(say("reviewing.line", ["n": String(fault.line), "why": say("reviewing.fault-\(fault.why.rawValue)", ["got": String(fault.got), "wanted": String(fault.wanted)])]))</li>"
            })</ul>\(file.faults.count > shownFaults ? "<p>\(say("reviewing.more-faults", ["n": String(file.faults.count - shownFaults)]))</p>" : "")</section>
            """
        return """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.brought"))</h1>
            <p>\(brought.isNew ? say("reviewing.brought-n", n: file.records.count) : say("reviewing.brought-again"))</p>
            \(brought.duplicates > 0 ? "<p><a href=\"/reviews/\(review.id)/duplicates\">\(say("reviewing.brought-duplicates", n: brought.duplicates))</a></p>" : "")\
            \(file.oddLines > 0 ? "<p class=\"say note\">\(say("reviewing.brought-odd", n: file.oddLines))</p>" : "")\(faults)
            """
    }
}

/// What was found to be one publication, for a person to look at.
enum ReviewDuplicatePages {
    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let say = ask.say
        let found = try await ask.read { try $0.reviewDuplicates(review.id, after: Int64(ask.query.int("from") ?? 0), limit: pageSize + 1) }
        let shown = Array(found.prefix(pageSize))
        let next = found.count > pageSize ? shown.last?.place : nil
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.duplicates"))</h1><p class="lead">\(say("reviewing.duplicates-lead"))</p>
            \(Parts.act(ask, "/reviews/\(review.id)/duplicates", say("reviewing.duplicates-find"), style: "plain"))\
            \(shown.isEmpty ? Parts.empty(.lamp, say("reviewing.duplicates-none")) : "")
            <ol class="stack" role="list">\(each: shown, { one in
                """
                <li class="card stack"><p class="row"><span class="level">\(say("reviewing.rule-\(one.rule.rawValue)"))</span></p><p>\(one.title)</p>
                <p class="quietly">\(say("reviewing.same-as")) \(one.keptTitle)</p>\
                \(Parts.act(ask, "/reviews/\(review.id)/records/\(one.id)/apart", say("reviewing.apart")))</li>
                """
            })</ol>\(more(ask, "/reviews/\(review.id)/duplicates", next))
            """
        return .page(
            Page(say("reviewing.duplicates"), body: body),
            json: [
                "duplicates": .list(
                    shown.map {
                        [
                            "id": .id($0.id), "title": .string($0.title), "rule": .string($0.rule.rawValue), "kept": .id($0.kept),
                            "keptTitle": .string($0.keptTitle),
                        ]
                    }), "next": next.map(JSON.int) ?? .null,
            ])
    }

    static func more(_ ask: Ask, _ path: String, _ next: Int?) -> HTML {
        next.map { next in
            """
            <nav class="pager" aria-label="\(ask.say("parts.pages"))"><a class="button plain" rel="next" href="\(path)?from=\(next)">\(ask.say("parts.more"))</a></nav>
            """
        } ?? ""
    }

    static func find(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let found = try await ask.app.removeDuplicates(in: review.id)
        return .see("/reviews/\(review.id)/duplicates?done=looked", json: ["found": .int(found)])
    }

    static func apart(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let record: ID<ReviewRecord> = try ask.id("record")
        try await ask.write { tx in
            guard let row = try tx.reviewRecord(record, in: review.id) else { throw Refusal.notFound }
            if row.isDuplicate { _ = try tx.setApart(record, in: review.id) }
        }
        return .see("/reviews/\(review.id)/duplicates?done=apart", json: ["apart": .id(record)])
    }
}
