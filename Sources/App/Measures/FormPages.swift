import Rules
import Statistics
import Store

enum FormPages {
    static func list(_ offered: [(Instrument, Pack)], _ rows: [FormRow], _ ask: Ask) -> Page {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("forms.title"))</h1><p class="lead">\(say("forms.lead"))</p>
            \(offered.isEmpty ? Parts.empty(.cup, say("forms.none")) : "")
            <ul class="stack" role="list">\(each: offered, { measure, pack in
                let mine = rows.filter { $0.measure == measure.id && ($0.finishedAt == nil || $0.answers.contains { $0 != nil }) }
                let open = mine.first { $0.finishedAt == nil }
                let last = mine.first { $0.finishedAt != nil }
                return """
                    <li class="card stack"><h2>\(pack.title)</h2><p>\(pack.lead) \(say("forms.minutes", n: max(1, (measure.items.count + 4) / 5)))</p>\
                    \(last.map { "<p class=\"quietly\">\(say("forms.last")) \(ask.moments.element($0.begunAt))</p>" as HTML } ?? "")\
                    <div class="row">\(Parts.act(ask, "/measures/\(measure.id)/begin", say(open == nil ? "forms.begin" : "forms.go-on"), style: open == nil ? "soft" : ""))\
                    \(last == nil ? "" : "<a href=\"/measures/\(measure.id)/line\">\(say("forms.line"))</a>")</div></li>
                    """
            })</ul><p class="quietly">\(say("forms.kept"))</p>\(rows.contains { $0.finishedAt != nil } ? "<p><a href=\"/you/export\">\(say("forms.fhir"))</a></p>" : "")
            """
        return Page(say("forms.title"), tab: .you, body: body)
    }

    /// Every question with its answer, as sentences; the codes where the words it was asked in are gone.
    static func plain(_ row: FormRow, _ ask: Ask) -> [String] {
        let measure = ask.app.content.measures.first { $0.id == row.measure }
        let pack = ask.app.content.packs.first { $0.measure == row.measure && $0.version == row.wording }
        if row.isDeclined { return ["\(ask.moments.date(row.begunAt)) · \(pack?.title ?? row.measure): \(ask.say("forms.declined"))"] }
        return row.answers.enumerated().map { place, answer in
            let question =
                pack.flatMap { $0.questions.indices.contains(place) ? $0.questions[place] : nil } ?? "\(row.measure)-\(place + 1)"
            let words =
                answer.map { code in pack?.answers[place][code - (measure?.lowest ?? 0)] ?? String(code) } ?? ask.say("forms.skipped")
            return "\(ask.moments.date(row.begunAt)) · \(pack?.title ?? row.measure): \(question) \(words)"
        }
    }

    private static func word(_ pack: Pack?, _ place: Int, _ answer: Int) -> String? {
        guard let pack, pack.answers.indices.contains(place), pack.answers[place].indices.contains(answer) else { return nil }
        return pack.answers[place][answer]
    }

    /// An answer called a person: help first, and what was done.
    private static func told(_ alarm: FormAlarm, _ ask: Ask) -> HTML {
        """
        <div class="say care stack" role="status"><p>\(ask.say("forms.told-\(alarm.rawValue)"))</p>\
        <p><a class="button help" href="/help">\(Pictures.icon(.care))\(ask.say("frame.help"))</a></p></div>
        """
    }

    static func card(_ pack: Pack, in room: ID<Room>? = nil, _ ask: Ask) -> HTML {
        let say = ask.say
        let put = [("put", "1")] + (room.map { [("room", $0.description)] } ?? [])
        let more: HTML =
            room == nil ? "\(pack.lead) \(say("forms.card-more"))" : "\(say("forms.card-room", ["n": String(pack.questions.count)]))"
        return """
            <section class="card stack" aria-labelledby="asks"><h2 id="asks">\(room == nil ? pack.title : say("forms.card-here"))</h2><p>\(more)</p>\
            <div class="row">\(Parts.act(ask, "/measures/\(pack.measure)/begin", say("forms.begin"), hidden: put))\
            \(Parts.act(ask, "/measures/\(pack.measure)/not-now", say("forms.not-now"), style: "plain", hidden: put.filter { $0.0 == "room" }))</div></section>
            """
    }

    static func question(
        _ row: FormRow, _ measure: Instrument, _ pack: Pack, place: Int, asked: [Int], alarm: FormAlarm?, withheld: Bool, room: String?,
        _ ask: Ask
    ) -> Page {
        let say = ask.say
        let step = (asked.firstIndex(of: place) ?? 0) + 1
        let chosen = row.answers[place - 1].map(String.init)
        let back = asked.last { $0 < place }
        let body: HTML = """
            <p><a href="/forms">\(Pictures.icon(.back))\(say("forms.title"))</a></p>
            <p class="quietly">\(say("forms.step", ["n": String(step), "all": String(asked.count)]))\(room.map { " · \(say("forms.about-room", ["room": $0]))" } ?? "")</p>
            <div class="meter" aria-hidden="true"><progress value="\(step)" max="\(asked.count)"></progress></div>\
            \(alarm.map { told($0, ask) } ?? "")
            <h1>\(pack.questions[place - 1])</h1>\(measure.risks.first { $0.item == place }.map { "<p class=\"say note\">\(say($0.above <= measure.lowest ? "forms.calls-any" : "forms.calls"))</p>" as HTML } ?? "")
            <form class="stack" method="post" action="/forms/\(row.id)/answers">\(Parts.token(ask))<input type="hidden" name="place" value="\(place)">
            <fieldset><legend class="seen-by-readers-only">\(pack.questions[place - 1])</legend><div class="choices">\(each: pack.answers[place - 1].enumerated(), { index, words in
                let code = String(measure.lowest + index)
                return """
                    <label><input type="radio" name="answer" value="\(code)"\(code == chosen ? " checked" : "")> \(words)</label>
                    """ as HTML
            })</div></fieldset>
            <p class="row"><button class="button">\(say("forms.next"))</button><button class="button plain" name="skip" value="1">\(say("forms.skip"))</button>\
            \(back.map { "<a href=\"/forms/\(row.id)?at=\($0)\">\(say("forms.back"))</a>" as HTML } ?? "")</p></form>
            <p class="quietly">\(say("forms.rest")) \(withheld ? say("forms.withheld") : "")</p>
            """
        return Page(pack.questions[place - 1], tab: .you, body: body)
    }

    static func line(
        _ measure: Instrument, _ pack: Pack?, _ rows: [FormRow], _ trend: OwnTrend, _ rooms: [ID<Room>: String], _ place: String?,
        _ ask: Ask
    ) -> Page {
        let say = ask.say
        let title = pack?.title ?? measure.name
        let points = trend.pieces.flatMap(\.self)
        let drawing: HTML = points.count > 1 ? TrendLine.drawing(trend, measure, say) : ""
        let body: HTML = """
            <p><a href="/forms">\(Pictures.icon(.back))\(say("forms.title"))</a></p><h1>\(title)</h1>\(place.map { "<p>\(say("forms.about-room", ["room": $0]))</p>" as HTML } ?? "")\
            \(points.isEmpty ? Parts.empty(.cup, say("forms.no-points"), link: ("/forms", say("forms.title"))) : "<p class=\"lead\">\(say("forms.reading-\(trend.reading.rawValue)"))</p>")\
            \(points.count > 1 ? trend.noise.map { "<p>\(say("forms.noise", n: Int($0.rounded(.up)) - 1))</p>" as HTML } ?? "" : "")\
            \(drawing)\(trend.pieces.count > 1 ? "<p class=\"say note\">\(say("forms.broken"))</p>" : "")\
            \(points.isEmpty ? "" : table(rows, measure, rooms, ask))<p class="quietly">\(say("forms.never"))</p>
            <p class="row"><a class="button plain" href="/talk">\(say("forms.talk"))</a><a href="/help">\(say("frame.help"))</a></p>
            """
        return Page(title, tab: .you, body: body)
    }

    private static func table(_ rows: [FormRow], _ measure: Instrument, _ rooms: [ID<Room>: String], _ ask: Ask) -> HTML {
        let say = ask.say
        let finished = rows.filter { $0.finishedAt != nil && $0.answers.contains { $0 != nil } }
        return Parts.table(say("forms.table"), head: [say("forms.when"), say("forms.total"), ""], finished) { row in
            let total = FormRoutes.total(row, measure).map { "\(String(Int($0.rounded()))) / \(String(Int(measure.total.highest)))" }
            return """
                <tr><th scope="row">\(ask.moments.date(row.begunAt))\(row.room.flatMap { rooms[$0] }.map { "<br>\($0)" as HTML } ?? "")</th><td>\(total ?? say("forms.gaps"))</td>\
                <td>\(Parts.act(ask, "/forms/\(row.id)/delete", say("forms.delete"), style: "plain"))</td></tr>
                """
        }
    }
}

/// One's own totals as a line; each piece by itself, since forms that differ must not be joined.
enum TrendLine {
    static func drawing(_ trend: OwnTrend, _ measure: Instrument, _ say: Sentences) -> HTML {
        let all = trend.pieces.flatMap(\.self)
        guard let first = all.first?.at, let last = all.last?.at, last > first else { return "" }
        let (low, span) = (measure.total.lowest, measure.total.highest - measure.total.lowest)
        func x(_ at: Instant) -> Int { 36 + Int(Double((at - first).milliseconds) / Double((last - first).milliseconds) * 344) }
        func y(_ total: Double) -> Int { 20 + Int((1 - (total - low) / span) * 160) }
        var parts = HTML()
        for line in [low, low + span / 2, low + span] {
            parts +=
                "<path class=\"arrow\" d=\"M36 \(y(line))H380\"/><text x=\"30\" y=\"\(y(line) + 5)\" text-anchor=\"end\">\(Int(line.rounded()))</text>"
        }
        for piece in trend.pieces {
            let way = piece.map { "\(x($0.at)) \(y($0.total))" }.joined(separator: "L")
            parts += "<path class=\"trend\" d=\"M\(way)\"/>\(each: piece, { "<circle cx=\"\(x($0.at))\" cy=\"\(y($0.total))\" r=\"5\"/>" })"
        }
        return """
            <svg class="flow" viewBox="0 0 400 200" role="img" aria-label="\(say("forms.line-alt", n: all.count))">\(parts)</svg>
            """
    }
}
