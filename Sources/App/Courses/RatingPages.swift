import Foundation
import Rules
import Store

enum RatingPages {
    static func list(_ waiting: [RolePlayRow], _ toLearn: [Course], _ reports: [RatingReport], _ ask: Ask) -> Page {
        let say = ask.say
        let names = Dictionary(reports.map { ($0.course.id, $0.course.title) }, uniquingKeysWith: { a, _ in a })
        let learn: HTML = """
            \(each: toLearn, { course in
                "<p class=\"say note\">\(say("courses.rate-learn")) <a href=\"/courses/\(course.id)\">\(course.title)</a></p>"
            })
            """
        let list: HTML =
            waiting.isEmpty
            ? (toLearn.isEmpty ? Parts.empty(.cup, say("courses.rate-none")) : "")
            : """
            <ul class="stack" role="list">\(each: waiting, { play in
                "<li class=\"card row apart\"><span>\(names[play.course] ?? play.course)</span><a class=\"button soft\" href=\"/ratings/\(play.id)\">\(say("courses.rate-open"))</a></li>"
            })</ul>
            """
        return Page(
            say("courses.rate"), tab: .you,
            body:
                "<h1>\(say("courses.rate"))</h1><p class=\"lead\">\(say("courses.rate-lead"))</p>\(learn)\(list)\(each: reports, { report($0, ask) })"
        )
    }

    private static func report(_ report: RatingReport, _ ask: Ask) -> HTML {
        let say = ask.say
        guard report.plays.before + report.plays.after > 0 else { return "" }
        let agreement = report.agreement
        let near: HTML =
            agreement.compared == 0
            ? "<p>\(say("courses.agree-none"))</p>"
            : """
            <p>\(say("courses.agree", ["same": String(agreement.same), "near": String(agreement.near), "all": String(agreement.compared)]))</p>
            """
        let rows = report.course.skills.enumerated().map { ($0, $1) }
        return """
            <section class="card stack" aria-labelledby="r-\(report.course.id)"><h2 id="r-\(report.course.id)">\(report.course.title)</h2>\(near)\
            \(Parts.table(say("courses.scores"), head: [say("courses.skill"), say("courses.before", n: report.plays.before), say("courses.after", n: report.plays.after)], rows, { place, skill in
                "<tr><th scope=\"row\">\(skill.name)</th><td>\(score(report.before?[place]))</td><td>\(score(report.after?[place]))</td></tr>"
            }))<p class="quietly">\(say("courses.scores-more"))</p></section>
            """
    }

    private static func score(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "–" }

    static func show(_ play: RolePlayRow, _ course: Course, _ mine: CompetenceRating?, _ ask: Ask) -> Page {
        let say = ask.say
        let parts = zip(course.rolePlay, play.answers).map { ($0, $1) }
        let read: HTML = """
            \(each: parts, { prompt, answer in
                """
                <section class="card stack"><h2>\(say("courses.they-wrote"))</h2><blockquote class="words">\(prose(prompt.says))</blockquote>\
                <h3>\(say("courses.answered"))</h3><div class="words">\(prose(answer))</div></section>
                """
            })
            """
        let form: HTML =
            mine != nil
            ? "<p class=\"say good\">\(say("courses.rate-done"))</p>"
            : """
            <form class="card stack" method="post" action="/ratings/\(play.id)">\(Parts.token(ask))<input type="hidden" name="seen" value="\(play.madeAt.milliseconds)">\(each: course.skills.enumerated().map { ($0, $1) }, { place, skill in
                Parts.radios("s\(place + 1)", "\(skill.name): \(skill.means)", CompetenceRating.scale.map { (String($0), say("courses.score-\($0)")) })
            })\(Parts.area("words", say("courses.rate-words"), hint: say("courses.rate-words-hint"), rows: 3, extra: " maxlength=\"1000\""))\
            <button class="button">\(say("courses.rate-send"))</button></form>
            """
        return Page(
            say("courses.rate-one"), tab: .you,
            body: "<h1>\(say("courses.rate-one"))</h1><p class=\"quietly\">\(course.title). \(say("courses.rate-masked"))</p>\(read)\(form)"
        )
    }

    static func json(_ report: RatingReport) -> JSON {
        let means: ([Double]?) -> JSON = { all in
            guard let all else { return nil }
            return .object(zip(report.course.skills, all).map { .init(key: $0.id, value: .number($1)) })
        }
        return [
            "course": .string(report.course.id), "before": means(report.before), "after": means(report.after),
            "plays": ["before": .int(report.plays.before), "after": .int(report.plays.after)],
            "agreement": [
                "compared": .int(report.agreement.compared), "same": .int(report.agreement.same), "near": .int(report.agreement.near),
            ],
        ]
    }
}
