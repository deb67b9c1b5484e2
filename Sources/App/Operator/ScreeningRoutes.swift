import Rules
import Screening
import Store

/// The screening, for whoever runs the house: which rules there are, which are overdue, which were said to be wrong, and what the
/// rules on trial would have done. Counts and ids, never words.
enum ScreeningRoutes {
    private static let lastItems = 200

    static func show(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let screen = ask.app.screen
        let now = ask.now
        let rules = screen.ruleList
        let isTrying = rules.contains { $0.state == .shadow }
        let (wrong, items) = try await ask.read(long: true) { tx in
            (
                try tx.wrongCounts(steward.organisation, since: now - .days(90)),
                isTrying ? try tx.screenedItems(steward.organisation, last: lastItems) : []
            )
        }
        let overdue = overdueRules(screen, now: now)
        let trial = TrialReport(items, screen, rules)
        let say = ask.say
        let body: HTML = """
            <h1>\(say("screening.title"))</h1><p class="lead">\(say("screening.lead"))</p>\(due(overdue, say))
            <div class="stack">\(table(of: rules, say))<p class="quietly">\(say("screening.version", ["version": screen.version])) \
            \(say("screening.packs"))</p></div><div class="stack">\(table(of: wrong, ask))</div>
            <div class="stack">\(table(of: trial, say))</div>
            """
        return .page(
            Page(say("screening.title"), tab: .write, wide: true, body: body),
            json: [
                "version": .string(screen.version),
                "rules": .list(
                    rules.map {
                        [
                            "id": .string($0.id), "language": .string($0.language), "kind": .string($0.kind.rawValue),
                            "level": .string($0.level.code), "state": .string($0.state.rawValue), "review": .string($0.review),
                        ]
                    }),
                "overdue": .list(overdue.map { .string($0.id) }),
                "wrong": .list(wrong.map { ["source": .string($0.source), "times": .int($0.times), "last": .at($0.last)] }),
                "trial": [
                    "items": .int(trial.items),
                    "rules": .list(
                        trial.rules.map {
                            [
                                "rule": .string($0.rule), "matched": .int($0.matched), "actedOn": .int($0.actedOn),
                                "letBe": .int($0.letBe),
                            ]
                        }),
                ],
            ])
    }

    private static func due(_ overdue: [Rule], _ say: Sentences) -> HTML {
        guard !overdue.isEmpty else { return "" }
        return """
            <section class="say care stack" role="alert"><h2>\(say("screening.overdue", n: overdue.count))</h2>\
            <p>\(say("screening.overdue-more"))</p><ul>\(each: overdue, { "<li>\($0.id) (\($0.review))</li>" })</ul></section>
            """
    }

    private static func table(of rules: [Rule], _ say: Sentences) -> HTML {
        let states: [Rule.State] = [.live, .shadow, .off]
        let languages = Dictionary(grouping: rules, by: \.language).sorted { $0.key < $1.key }
        let head = [say("screening.language")] + states.map { say("screening.\($0.rawValue)") }
        return Parts.table(say("screening.rules"), head: head, languages) { language, own in
            let name = say.knows("languages.\(language)") ? say("languages.\(language)") : language
            return "<tr><th scope=\"row\">\(name)</th>\(each: states, { state in "<td>\(own.count { $0.state == state })</td>" })</tr>"
        }
    }

    private static func table(of wrong: [WrongCount], _ ask: Ask) -> HTML {
        let say = ask.say
        guard !wrong.isEmpty else { return "<h2>\(say("screening.wrong"))</h2><p class=\"quietly\">\(say("screening.no-wrong"))</p>" }
        let table = Parts.table(
            say("screening.wrong"), head: [say("screening.rule"), say("screening.times"), say("screening.last")], wrong
        ) {
            "<tr><th scope=\"row\">\($0.source)</th><td>\($0.times)</td><td>\(ask.moments.element($0.last))</td></tr>"
        }
        return "\(table)<p class=\"quietly\">\(say("screening.calibrate"))</p>"
    }

    private static func table(of trial: TrialReport, _ say: Sentences) -> HTML {
        guard !trial.rules.isEmpty else { return "<h2>\(say("screening.trial"))</h2><p class=\"quietly\">\(say("screening.no-trial"))</p>" }
        let head = ["rule", "matched", "acted", "let-be"].map { say("screening.\($0)") }
        let table = Parts.table(say("screening.trial"), head: head, trial.rules) {
            "<tr><th scope=\"row\">\($0.rule)</th><td>\($0.matched)</td><td>\($0.actedOn)</td><td>\($0.letBe)</td></tr>"
        }
        return "\(table)<p class=\"quietly\">\(say("screening.trial-of", n: trial.items))</p>"
    }

    static func overdueRules(_ screen: Screen, now: Instant) -> [Rule] {
        screen.overdue(on: String(ISODate.write(now).prefix(10)))
    }
}
