import Rules
import Statistics

/// How those fared who were asked once after they went quiet, and those who were not: the one figure of the page that is an effect.
enum AskingAfterFigures {
    static func section(_ report: AskingAfterReport, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <h2 id="asking">\(say("health.asking"))</h2><p>\(say("health.asking-lead"))</p>
            <p>\(say("health.asking-yes")): \(report.yes.description) · \(say("health.asking-address")): \(report.withAddress.description) · \
            \(say("health.asking-sent")): \(report.sent.description)</p>
            \(Parts.table(say("health.asking"), head: [say("health.group"), say("health.asking-drawn"), say("health.asking-back")], AskingAfter.Lot.allCases) { lot in
                """
                <tr><th scope="row">\(say("health.asking-\(lot.rawValue)"))</th><td>\((report.drawn[lot] ?? .zero).description)</td>\
                <td>\(HealthRoutes.shown(report.back[lot] ?? .nothing, .share, ask))</td></tr>
                """
            })<p><b>\(say("health.asking-effect")):</b> \(HealthRoutes.shown(report.effect, .share, ask))</p>\
            <p class="quietly">\(say("health.asking-how"))</p>
            """
    }

    static func json(_ report: AskingAfterReport) -> JSON {
        [
            "yes": .string(report.yes.description), "withAddress": .string(report.withAddress.description),
            "sent": .string(report.sent.description),
            "lots": .list(
                AskingAfter.Lot.allCases.map { lot in
                    [
                        "lot": .string(lot.rawValue), "drawn": .string((report.drawn[lot] ?? .zero).description),
                        "back": HealthRoutes.json(report.back[lot] ?? .nothing, .share),
                    ]
                }),
            "effect": HealthRoutes.json(report.effect, .share),
        ]
    }
}
