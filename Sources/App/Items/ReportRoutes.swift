import Rules
import Screening
import Store

enum ReportRoutes {
    static func form(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let heard = try await ask.read({ try $0.heard(id, by: person) }) else { throw Refusal.notFound }
        let say = ask.say
        let kinds = ask.app.content.reportKinds
        let page = Page(
            say("report.title"),
            body: """
                <h1>\(say("report.title"))</h1><p class="lead">\(say("report.lead"))</p>
                <form class="card" method="post" action="/items/\(id)/reports">\(Parts.token(ask, key: true))
                \(Parts.radios("kind", say("report.kind"), kinds.map { ($0.id, $0.label) }))
                \(Parts.area("words", say("report.words"), hint: say("report.words-hint"), rows: 3))
                \(Parts.check("also_mute", say(heard.voice == .anonymous ? "report.also-mute-voice" : "report.also-mute")))
                <button class="button">\(say("report.send"))</button></form>
                <div class="row">\(Parts.act(ask, "/items/\(id)/mute", say("report.mute"), style: "plain"))\(Parts.act(ask, "/items/\(id)/block", say("report.block"), style: "plain"))</div>
                <p class="quietly">\(say("report.mute-more"))</p>
                """)
        return .page(page, json: ["kinds": .list(kinds.map { ["id": .string($0.id), "label": .string($0.label)] })])
    }

    static func send(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let kind = ask.app.content.reportKinds.first(where: { $0.id == ask.form.text("kind") }) else {
            throw Refusal.badChoice("kind")
        }
        let level = Level(code: kind.level) ?? .urgent  // checked at the start; unknown is never fine
        let (words, mute) = (ask.form.words("words"), ask.form.flag("also_mute"))
        // What is said in a report counts as what is said anywhere: danger in it is danger, whichever kind was ticked.
        let assessment = ask.screen(words)
        let loud = isInDanger(assessment) ? max(level, caseLevel(of: assessment)) : level
        // Danger is never turned away for being the eleventh; no hand writes three hundred.
        try WriteRoutes.pace(ask, person, assessment, of: "report", limit: loud == .urgent ? 300 : 30)
        let outcome = try await ask.write { tx in
            let outcome = try tx.report(id, kind: kind.id, level: loud, words: words, by: person)
            if mute, let heard = try tx.heard(id, by: person) { try tx.mute(heard, block: false, by: person) }
            return outcome
        }
        switch outcome {
        case .gone, .tooMany: try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
        case .taken, .already:
            // The case of a report is about whoever is reported: danger to the one who reports has a case of its own.
            if assessment.has(.riskToSelf, atLeast: .high) || assessment.has(.abuse, atLeast: .high) {
                try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
            }
        }
        switch outcome {
        case .gone: throw Refusal.notFound
        case .tooMany: throw Refusal.rule("too-many-reports", status: 429)
        case .taken(let report), .already(let report):
            let json: JSON = [
                "id": .id(report), "receipt": .string(kind.receipt), "already": .bool(outcome == .already(report)),
                "help": .string("\(helpOffer(assessment))"),
            ]
            let say = ask.say
            let page = Page(
                say("report.thanks"),
                body: """
                    <h1>\(say("report.thanks"))</h1>\(helpOffer(assessment) == .atOnce ? SentRoutes.helpAtOnce(staffed: nil, ask, more: "") : "")<p class="say good">\(kind.receipt)</p><p class="quietly">\(say("report.number", ["number": report.description]))</p>
                    \(kind.path == "care" ? "<p><a class=\"button help\" href=\"/help/worried\">\(say("report.what-you-can-do"))</a></p>" : "")
                    <p class="row"><a class="button soft" href="/reports">\(say("report.mine"))</a><a href="/today">\(say("report.back"))</a></p>
                    """)
            return ask.wants == .json ? .json(json, status: 201) : .page(page, json: json)
        }
    }

    static func mine(_ ask: Ask, _ person: Person) async throws -> Answer {
        let reports = try await ask.read { try $0.reports(by: person) }
        let say = ask.say
        let labels = Dictionary(ask.app.content.reportKinds.map { ($0.id, $0.label) }, uniquingKeysWith: { a, _ in a })
        let body: HTML = """
            <h1>\(say("report.mine"))</h1>\(reports.isEmpty ? Parts.empty(.bench, say("report.none")) : "")
            <ul class="stack">\(each: reports, { report in
                """
                <li class="card"><h2>\(labels[report.kind] ?? report.kind)</h2><p class="quietly">\(ask.moments.element(report.madeAt))</p>\
                <p>\(report.outcome.map { outcome($0, say) } ?? say("report.open"))</p></li>
                """
            })</ul>
            """
        return .page(
            Page(say("report.mine"), tab: .you, body: body),
            json: [
                "reports": .list(
                    reports.map {
                        [
                            "id": .id($0.id), "kind": .string($0.kind), "at": .at($0.madeAt), "outcome": .text($0.outcome),
                            "outcomeAt": .at($0.outcomeAt),
                        ]
                    })
            ])
    }

    /// What came of it, in plain words, with no detail on the other person.
    static func outcome(_ code: String, _ say: Sentences) -> String {
        switch code {
        case "removed", "hidden": say("report.taken-down")
        case "returned": say("report.changed")
        case "approved": say("report.left-up")
        default: say("report.seen-to")
        }
    }
}
