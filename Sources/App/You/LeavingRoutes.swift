import Rules
import Statistics
import Store

extension Routes {
    static let leaving: [Route] = [
        .visitor(
            .get, "/leaving", "At the end of a visit: how do you leave today?",
            [.line("token", 64, optional: true), .choice("after", Leaving.self, optional: true)], LeavingRoutes.show),
        .visitor(
            .post, "/leaving", "Say how one leaves; counted with nothing that leads to anybody.",
            [.choice("answer", Leaving.self), .line("token", 64, optional: true)], LeavingRoutes.save),
    ]
}

/// One question at the end of a visit. Leave, the quick way out, never comes by here.
enum LeavingRoutes {
    /// Where signing out leads: to the question for a member who was not asked today; else to the front door.
    static func place(_ tx: Transaction, _ person: Person, token: Secret) throws -> String {
        guard try tx.askHowTheyLeave(person) else { return "/" }
        try tx.addLeavingToken(token)
        return "/leaving?token=\(token.text)"
    }

    static func show(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        if let after: Leaving = ask.query.choice("after") { return said(after, ask) }
        let token = ask.query.optional("token").map { Secret($0) }
        let asks = try await ask.read { tx -> Bool in
            if let person = ask.person { return try tx.isAskedHowTheyLeave(person) }
            return try token.map { try tx.isLeavingToken($0) } ?? false
        }
        let hidden: HTML =
            ask.person == nil ? token.map { "<input type=\"hidden\" name=\"token\" value=\"\($0.text)\">" } ?? "" : Parts.token(ask)
        let question: HTML =
            asks
            ? """
            <form class="card stack" method="post" action="/leaving">\(hidden)\
            <fieldset><legend>\(say("leaving.question"))</legend><div class="grid-choices">\(each: Leaving.allCases, { one in
                "<button class=\"button plain\" name=\"answer\" value=\"\(one.rawValue)\">\(say("leaving.\(one.rawValue)"))</button>"
            })</div></fieldset><p class="hint">\(say("leaving.why"))</p></form>
            """ : ask.person == nil ? "" : "<p>\(say("leaving.asked"))</p>"
        let out: HTML =
            ask.person == nil
            ? "<p class=\"row\"><a href=\"/\">\(say("leaving.skip"))</a></p>"
            : Parts.act(ask, "/sign-out", say("you.sign-out"), style: "plain")
        let lead: HTML = ask.person == nil ? "<p class=\"lead\">\(say("leaving.out"))</p>" : ""
        return .page(
            Page(say("leaving.title"), body: "<h1>\(say("leaving.title"))</h1>\(lead)\(question)\(out)"), json: ["asks": .bool(asks)])
    }

    /// The next page: thanks, or the lines and something to hold on to.
    private static func said(_ answer: Leaving, _ ask: Ask) -> Answer {
        let say = ask.say
        let out: HTML =
            ask.person == nil
            ? "<p class=\"row\"><a href=\"/\">\(say("leaving.front"))</a></p>"
            : Parts.act(ask, "/sign-out", say("you.sign-out"), style: "plain")
        guard answer.isOfferedHelp else {
            return .page(
                Page(
                    say("leaving.thanks-title"),
                    body: "<h1>\(say("leaving.thanks-title"))</h1><p class=\"lead\">\(say("leaving.thanks"))</p>\(out)"),
                json: ["help": false])
        }
        let (_, lines, emergency) = HelpLines.shown(to: ask, country: ask.person?.country ?? ask.organisation.country)
        let number = emergency.first ?? "112"
        let talk: HTML = ask.person == nil ? "" : " <a href=\"/talk\">\(say("leaving.heavier-talk"))</a>"
        return .page(
            Page(
                say("leaving.heavier-title"),
                body: """
                    <h1>\(say("leaving.heavier-title"))</h1><p class="lead">\(say("leaving.heavier-lead"))</p>
                    <p class="row"><a class="button soft" href="/help/grounding">\(Pictures.icon(.leaf))\(say("leaving.heavier-tool"))</a>\(talk)</p>
                    <section class="card" aria-labelledby="lines"><h2 id="lines">\(say("leaving.heavier-lines"))</h2><ul class="help-lines">\
                    \(each: lines.prefix(2), { HelpRoutes.lineRow($0, say) })\
                    <li><a class="button help" href="tel:\(number)">\(Pictures.icon(.phone))\(say("help.call", ["number": number]))</a>\
                    <p>\(say("help.emergency-more"))</p></li></ul><p><a href="/help">\(say("door.more-help"))</a></p></section>\(out)
                    """), json: ["help": true])
    }

    /// Once for each token, or each day of somebody who is still signed in. Whoever presses twice comes to the same page.
    static func save(_ ask: Ask) async throws -> Answer {
        guard let answer: Leaving = ask.form.choice("answer") else { throw Refusal.badChoice("answer") }
        let token = ask.form.optional("token").map { Secret($0) }
        guard ask.person != nil || token != nil else { throw Refusal.missing("token") }
        if let wait = ask.app.limits.wait("leaving \(ask.network)", limit: 400, within: .hours(1), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes)
        }
        let clock = ask.app.clock(ask.organisation)
        let (organisation, now) = (ask.organisation.id, ask.now)
        let counted = try await ask.write { tx -> Bool in
            let isFirst = try ask.person.map { try tx.askHowTheyLeave($0) } ?? token.map { try tx.useLeavingToken($0) } ?? false
            if isFirst {
                try tx.countLeaving(answer, month: month(now, clock), weekday: clock.weekday(now), in: organisation)
            }
            return isFirst
        }
        return .see("/leaving?after=\(answer.rawValue)", json: ["counted": .bool(counted), "help": .bool(answer.isOfferedHelp)])
    }

    static func month(_ moment: Instant, _ clock: LocalClock) -> String {
        let day = clock.day(moment)
        return "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)"
    }

    // For the operator, beside what people say after reading.

    static func counts(_ tx: Transaction, _ ask: Ask, _ organisation: ID<Organisation>) throws -> [LeavingCounts] {
        let clock = ask.app.clock(ask.organisation)
        return try tx.leavingCounts(
            in: organisation, from: month(clock.startOfMonth(ask.now, back: 12), clock), before: month(ask.now, clock))
    }

    static func table(_ rows: [LeavingCounts], _ ask: Ask) -> HTML {
        let say = ask.say
        let told = rows.filter { $0.told != nil }
        let list: HTML =
            told.isEmpty
            ? "<p>\(say("leaving.nothing"))</p>"
            : Parts.table(say("leaving.report"), head: [say("leaving.day"), say("leaving.answers")], told) { one in
                """
                <tr><th scope="row">\(say("moments.weekday-\(one.weekday % 7 + 1)"))</th>\
                <td>\(zip(Leaving.allCases, one.told ?? []).map { "\(say("leaving.\($0.rawValue)")): \($1)" }.joined(separator: " · "))</td></tr>
                """
            }
        return """
            <h2>\(say("leaving.report"))</h2><p>\(say("leaving.report-lead"))</p>\(list)<p class="quietly">\(say("leaving.how"))</p>
            """
    }

    static func json(_ rows: [LeavingCounts]) -> JSON {
        .list(
            rows.compactMap { one in
                one.told.map { told in
                    [
                        "weekday": .int(one.weekday),
                        "answers": .object(zip(Leaving.allCases, told).map { .init(key: $0.rawValue, value: .string($1.description)) }),
                    ]
                }
            })
    }
}
