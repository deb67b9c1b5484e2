import Rules
import Store

enum StandingRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        // The list goes on from the moment of the last decision shown.
        let before = ask.before == .max ? Instant.never : Instant(milliseconds: ask.before)
        let (statements, sanctions, acts) = try await ask.read { tx in
            (
                try tx.statements(for: person.account, before: before), try tx.sanctions(of: person.account),
                try tx.actsCounted(of: person.account)
            )
        }
        let last = statements.count == pageSize ? statements.last?.madeAt.milliseconds : nil
        let say = ask.say
        let now = sanctions.last { !$0.lifted && ($0.endsAt.map { $0 > ask.now } ?? true) && ask.now - $0.madeAt < .days(365) }
        let counted = Dictionary(grouping: acts.filter { $0.deliberate && ask.now - $0.at < .days(365) }, by: \.reason)
        let ladder = ask.app.content.ladder.steps
        let body: HTML = """
            <h1>\(say("standing.title"))</h1><p class="lead">\(now == nil ? say("standing.clear") : say("standing.at"))</p>
            <ol class="steps">\(each: ladder, { step in
                "<li\(step.id == now?.step.rawValue, " aria-current=\"step\"")><p>\(step.words)</p></li>"
            })</ol>\(now?.endsAt.map { $0 < .never ? "<p class=\"say note\">\(say("standing.until", ["date": ask.moments.date($0)]))</p>" : "" } ?? "")
            <p>\(say("standing.counts")) \(counted.isEmpty ? say("standing.nothing-counts") : "")</p><ul>\(each: counted.sorted { $0.key < $1.key }, { pair in
                "<li>\(ask.app.content.rule(ask.app.content.reason(pair.key)?.rule)?.title ?? pair.key): \(pair.value.count)</li>"
            })</ul>
            <section class="stack" aria-labelledby="reasons"><h2 id="reasons">\(say("standing.reasons"))</h2>\(statements.isEmpty ? Parts.empty(.bench, say("standing.none")) : "")\(each: statements, { StandingPages.statement($0, ask) })\
            \(Parts.older(ask, "/standing", last: last))</section>
            """
        return .page(
            Page(say("standing.title"), tab: .you, body: body),
            json: [
                "step": .text(now?.step.rawValue), "until": .at(now?.endsAt),
                "sanctions": .list(
                    sanctions.map {
                        ["step": .string($0.step.rawValue), "at": .at($0.madeAt), "until": .at($0.endsAt), "lifted": .bool($0.lifted)]
                    }),
                "statements": .list(statements.map { StandingPages.json($0, ask) }),
                "next": last.map { .id(ID<Any>(raw: $0)) } ?? nil,
            ])
    }

    static func appeal(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Decision> = try ask.id("decision")
        let words = ask.form.words("words")
        let assessment = ask.screen(words)
        let level = isInDanger(assessment) ? caseLevel(of: assessment) : .none
        let outcome = try await ask.write { try $0.appeal(id, by: person, words: words, level: level) }
        switch outcome {
        case .notYours, .tooLate, .already: try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
        case .opened: break
        }
        switch outcome {
        case .notYours: throw Refusal.notFound
        case .tooLate: throw Refusal.rule("appeal-too-late", status: 409)
        case .already, .opened:
            let json: JSON = [
                "appealed": true, "already": .bool(outcome == .already), "help": .string("\(helpOffer(assessment))"),
            ]
            let place = helpOffer(assessment) == .atOnce ? "/help" : outcome == .already ? "/standing" : "/standing?done=appealed"
            return .see(place, json: json, created: outcome != .already)
        }
    }
}

enum StandingPages {
    /// Fact, rule, automated or not, who decided in what role, and the way to another person.
    static func statement(_ statement: Statement, _ ask: Ask) -> HTML {
        let say = ask.say
        let reason = ask.app.content.reason(statement.reason)
        let rule = ask.app.content.rule(reason?.rule ?? statement.rule)
        let role = ask.app.content.roles.first { $0.id == statement.role }?.name ?? statement.role
        let appeal: HTML =
            statement.appealOutcome.map { "<p class=\"say good\">\(say("standing.appeal-\($0)"))</p>" }
            ?? (statement.appealed
                ? "<p class=\"say note\">\(say("standing.appeal-open"))</p>"
                : """
                <details><summary>\(say("standing.appeal"))</summary><form method="post" action="/decisions/\(statement.id)/appeal" class="stack">\(Parts.token(ask))\
                <div class="field"><label for="a\(statement.id)">\(say("standing.appeal-words"))</label><textarea id="a\(statement.id)" name="words" rows="3"></textarea></div>\
                <button class="button soft">\(say("standing.appeal-send"))</button></form></details>
                """)
        return """
            <section class="card" aria-label="\(say("standing.statement"))"><h3>\(say("acts-author.\(statement.act.rawValue)"))</h3><p class="quietly">\(ask.moments.element(statement.madeAt)) · \(say(statement.automated ? "standing.automated" : "standing.by-person", ["role": role]))</p>\
            <p>\(why(statement, reason, ask))</p>\(statement.suggestion.map { "<p class=\"quietly\">\(say("standing.suggestion"))</p><blockquote class=\"words\">\(prose($0))</blockquote>" } ?? "")\(rule.map { "<p class=\"quietly\">\(say("standing.rule")) <a href=\"/rules#\($0.id)\">\($0.title)</a></p>" } ?? "")\
            \(statement.item.map { "<p><a href=\"/items/\($0)/sent\">\(say("standing.item"))</a></p>" } ?? "")\(appeal)</section>
            """
    }

    /// The fact: the reason that was named, else what the act itself says.
    private static func why(_ statement: Statement, _ reason: Content.Reason?, _ ask: Ask) -> String {
        if let reason { return reason.author }
        switch statement.act {
        case .label, .cover, .move: return ask.say("standing.why-\(statement.act.rawValue)")
        case .returnIt, .mask, .hide, .remove, .restrict, .approve, .escalate, .close, .restore: return ask.say("standing.why-else")
        }
    }

    /// The same for a file: no forms, no links.
    static func plain(_ statement: Statement, _ ask: Ask) -> HTML {
        let reason = ask.app.content.reason(statement.reason)
        return """
            <section><h3>\(ask.say("acts-author.\(statement.act.rawValue)"))</h3><p>\(ask.moments.date(statement.madeAt))</p><p>\(why(statement, reason, ask))</p>\(statement.suggestion.map(prose) ?? "")</section>
            """
    }

    static func json(_ statement: Statement, _ ask: Ask) -> JSON {
        let reason = ask.app.content.reason(statement.reason)
        return [
            "id": .id(statement.id), "act": .string(statement.act.rawValue), "reason": .text(statement.reason),
            "says": .string(why(statement, reason, ask)), "suggestion": .text(statement.suggestion),
            "rule": .text(ask.app.content.rule(reason?.rule)?.title),
            "automated": .bool(statement.automated),
            "role": .string(statement.role), "at": .at(statement.madeAt), "item": .id(statement.item),
            "mayAppeal": .bool(!statement.appealed), "appeal": .text(statement.appealOutcome ?? (statement.appealed ? "open" : nil)),
        ]
    }
}
