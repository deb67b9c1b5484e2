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
        let languages = Dictionary(grouping: rules, by: \.language).sorted { $0.key < $1.key }
        let body: HTML = """
            <h1>\(say("screening.title"))</h1><p class="lead">\(say("screening.lead"))</p>
            \(overdue.isEmpty ? "" : "<section class=\"say care stack\" role=\"alert\"><h2>\(say("screening.overdue", n: overdue.count))</h2><p>\(say("screening.overdue-more"))</p><ul>\(each: overdue, { "<li>\($0.id) (\($0.review))</li>" })</ul></section>")
            <section class="stack" aria-labelledby="rules"><h2 id="rules">\(say("screening.rules"))</h2><table class="counts"><thead><tr><th scope="col">\(say("screening.language"))</th><th scope="col">\(say("screening.live"))</th><th scope="col">\(say("screening.shadow"))</th><th scope="col">\(say("screening.off"))</th></tr></thead><tbody>\(each: languages, { language, own in
                "<tr><th scope=\"row\">\(say.knows("languages.\(language)") ? say("languages.\(language)") : language)</th>\(each: [Rule.State.live, .shadow, .off], { state in "<td>\(own.count { $0.state == state })</td>" })</tr>"
            })</tbody></table><p class="quietly">\(say("screening.version", ["version": screen.version])) \(say("screening.packs"))</p></section>
            <section class="stack" aria-labelledby="wrong"><h2 id="wrong">\(say("screening.wrong"))</h2>\(wrong.isEmpty ? "<p class=\"quietly\">\(say("screening.no-wrong"))</p>" : "<table class=\"counts\"><tbody>\(each: wrong, { "<tr><th scope=\"row\">\($0.source)</th><td>\($0.times)</td><td>\(ask.moments.element($0.last))</td></tr>" })</tbody></table><p class=\"quietly\">\(say("screening.calibrate"))</p>")</section>
            <section class="stack" aria-labelledby="trial"><h2 id="trial">\(say("screening.trial"))</h2>\(trial.rules.isEmpty ? "<p class=\"quietly\">\(say("screening.no-trial"))</p>" : "<p>\(say("screening.trial-of", n: trial.items))</p><table class=\"counts\"><thead><tr><th scope=\"col\">\(say("screening.rule"))</th><th scope=\"col\">\(say("screening.matched"))</th><th scope=\"col\">\(say("screening.acted"))</th><th scope=\"col\">\(say("screening.let-be"))</th></tr></thead><tbody>\(each: trial.rules, { "<tr><th scope=\"row\">\($0.rule)</th><td>\($0.matched)</td><td>\($0.actedOn)</td><td>\($0.letBe)</td></tr>" })</tbody></table>")</section>
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

    static func overdueRules(_ screen: Screen, now: Instant) -> [Rule] {
        screen.overdue(on: String(ISODate.write(now).prefix(10)))
    }
}
