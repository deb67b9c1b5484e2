import Foundation
import Rules
import Store

/// All records of a review, to find one again: by words of its title, and by where it stands.
enum RecordListRoutes {
    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let review = try await ReviewingRoutes.review(ask, worker)
        let say = ask.say
        let words = ask.query.optional("title").flatMap { $0.isEmpty ? nil : $0 }
        let standing = ask.query.choice("standing", RecordStanding.self)
        let found = try await ask.read(long: true) {
            try $0.reviewRecords(
                review.id, standing: standing, titled: words, after: Int64(ask.query.int("from") ?? 0), limit: pageSize + 1)
        }
        let shown = Array(found.prefix(pageSize))
        let next = found.count > pageSize ? shown.last?.place : nil
        let options =
            [("", say("reviewing.standing-all"))] + RecordStanding.allCases.map { ($0.rawValue, say("reviewing.standing-\($0.rawValue)")) }
        let path = "/reviews/\(review.id)/records"
        let typed = (words ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let kept = "title=\(typed)&standing=\(standing?.rawValue ?? "")&"
        let body: HTML = """
            \(ReviewingRoutes.back(review))<h1>\(say("reviewing.all-records"))</h1>
            <form class="row" method="get" action="\(path)">\(Parts.field("title", say("reviewing.title-words"), value: words ?? "", type: "search", extra: " maxlength=\"200\""))\
            \(Parts.select("standing", say("reviewing.standing"), options, chosen: standing?.rawValue))<button class="button soft">\(say("reviewing.find"))</button></form>
            \(shown.isEmpty ? Parts.empty(.lamp, say("reviewing.records-none")) : "")
            <ul class="links" role="list">\(each: shown, { one in
                """
                <li><a href="\(path)/\(one.id)">\(one.title.isEmpty ? one.doi ?? "–" : one.title)</a> <span class="quietly">\(one.standing.map { say("reviewing.standing-\($0.rawValue)") } ?? "")</span></li>
                """
            })</ul>\(next.map { "<nav class=\"pager\" aria-label=\"\(say("parts.pages"))\"><a class=\"button plain\" rel=\"next\" href=\"\(path)?\(kept)from=\($0)\">\(say("parts.more"))</a></nav>" } ?? "")
            """
        return .page(
            Page(say("reviewing.all-records"), body: body),
            json: [
                "records": .list(
                    shown.map { one in
                        ["id": .id(one.id), "title": .string(one.title), "standing": .text(one.standing?.rawValue)]
                    }), "next": next.map(JSON.int) ?? .null,
            ])
    }
}
