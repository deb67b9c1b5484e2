import Rules
import Statistics

/// Cost per QALY in a report: what was told of, the differences, and the curve with its numbers.
enum EconomicsPages {
    static func section(_ finished: FinishedStudy, _ say: Sentences) -> HTML {
        let plan = finished.study.plan
        guard let part = finished.economics else { return "" }
        switch part {
        case .untold(let why):
            return "<section class=\"stack\"><h2>\(say("trial.qaly"))</h2><p class=\"say note\">\(say("trial.untold")) \(why)</p></section>"
        case .told(let one):
            func name(_ id: String) -> String { plan.arm(id)?.name ?? id }
            return """
                <section class="stack"><h2>\(say("trial.qaly"))</h2><p>\(say("trial.qaly-how", ["set": one.valueSet.name, "country": one.valueSet.country, "days": String(one.days), "n": String(StudyEconomics.resamples)]))</p>
                \(arms(one, name, say))\(comparisons(one, name, finished.worth.currency, say))\(benefits(one, name, finished.worth, say))\
                <h3>\(say("trial.ceac"))</h3>\(StudyPlots.acceptability(one, name, finished.worth, say))\(curve(one, name, finished.worth, say))
                <p class="quietly">\(say("trial.qaly-time", ["hours": TrialPages.two(finished.roomMinutes.elsewhere / 60)]))</p>
                <p class="quietly">\(one.valueSet.source). \(one.valueSet.licence.holder): \(one.valueSet.licence.terms)</p></section>
                """
        }
    }

    /// A span of one's own in place of the usual ones.
    static func span(_ finished: FinishedStudy, _ say: Sentences) -> HTML {
        let own = finished.worth.spans.count == 1 ? finished.worth.spans.first : nil
        func field(_ name: String, _ value: Int?) -> HTML {
            Parts.field(
                "worth_\(name)", say("trial.worth-\(name)"), value: value.map(String.init) ?? "", type: "number",
                extra: " min=\"0\" inputmode=\"numeric\"")
        }
        return "\(field("from", own?.from))\(field("to", own?.to))"
    }

    private static func range(_ interval: Interval?, _ write: (Double) -> String) -> String {
        interval.map { "\(write($0.lower)) – \(write($0.upper))" } ?? "–"
    }

    private static func arms(_ one: StudyEconomics, _ name: @escaping (String) -> String, _ say: Sentences) -> HTML {
        Parts.table(
            say("trial.qaly-told"),
            head: [
                say("studies.group"), say("trial.started"), say("trial.qaly-whole"), say("trial.qaly-bridged"), say("trial.qaly-cost"),
                say("trial.qaly-years"),
            ], one.arms
        ) { arm in
            """
            <tr><th scope="row">\(name(arm.arm))</th><td>\(PublicCount(arm.started).description)</td><td>\(PublicCount(arm.whole).description)</td>\
            <td>\(PublicCount(arm.bridged).description)</td><td>\(arm.cost.mean.map(TrialPages.two) ?? "–")</td><td>\(arm.qalys.mean.map(TrialPages.four) ?? "–")</td></tr>
            """
        }
    }

    private static func comparisons(
        _ one: StudyEconomics, _ name: @escaping (String) -> String, _ currency: String, _ say: Sentences
    ) -> HTML {
        Parts.table(
            say("trial.qaly-apart"),
            head: [
                say("studies.group"), "\(say("trial.qaly-more-cost")) (\(currency))", say("trial.interval"), say("trial.qaly-more"),
                say("trial.interval"), say("trial.qaly-ratio"), say("trial.interval"),
            ], one.comparisons
        ) { row in
            """
            <tr><th scope="row">\(name(row.arm)) – \(name(row.control))</th><td>\(TrialPages.two(row.cost))</td><td>\(range(row.costInterval, TrialPages.two))</td>\
            <td>\(TrialPages.four(row.qalys))</td><td>\(range(row.qalyInterval, TrialPages.four))</td>\
            <td>\(row.ratio.map(TrialPages.whole) ?? say("trial.qaly-no-ratio"))</td><td>\(range(row.ratioInterval, TrialPages.whole))</td></tr>
            """
        }
    }

    /// At the ends of each span that a year is held to be worth.
    private static func benefits(
        _ one: StudyEconomics, _ name: @escaping (String) -> String, _ worth: Willingness, _ say: Sentences
    ) -> HTML {
        let ends = worth.spans.flatMap { span in [(span.from, span), (span.to, span)] }
        let rows = one.comparisons.flatMap { row in
            ends.compactMap { end, span in row.worth.first { $0.willingness == end }.map { (row, $0, span) } }
        }
        return Parts.table(
            say("trial.benefit"),
            head: [
                say("studies.group"), "\(say("trial.willing")) (\(worth.currency))", say("trial.benefit"), say("trial.interval"),
                say("trial.acceptable"), say("measures.source"),
            ], rows
        ) { row, at, span in
            """
            <tr><th scope="row">\(name(row.arm)) – \(name(row.control))</th><td>\(at.willingness)</td><td>\(TrialPages.two(at.benefit))</td>\
            <td>\(range(at.interval, TrialPages.two))</td><td>\(TrialPages.two(at.acceptable))</td><td>\(span.source)</td></tr>
            """
        }
    }

    private static func curve(
        _ one: StudyEconomics, _ name: @escaping (String) -> String, _ worth: Willingness, _ say: Sentences
    ) -> HTML {
        Parts.table(
            say("trial.ceac"),
            head: ["\(say("trial.willing")) (\(worth.currency))"] + one.comparisons.map { "\(name($0.arm)) – \(name($0.control))" },
            worth.points
        ) { point in
            "<tr><th scope=\"row\">\(point)</th>\(each: one.comparisons, { row in "<td>\(row.worth.first { $0.willingness == point }.map { TrialPages.two($0.acceptable) } ?? "–")</td>" })</tr>"
        }
    }

    static func json(_ finished: FinishedStudy) -> JSON {
        func interval(_ interval: Interval?) -> JSON { interval.map { .list([.number($0.lower), .number($0.upper)]) } ?? .null }
        guard let part = finished.economics else { return .null }
        switch part {
        case .untold(let why): return ["untold": .string(why)]
        case .told(let one):
            return [
                "measure": .string(one.measure), "valueSet": .string(one.valueSet.name), "country": .string(one.valueSet.country),
                "currency": .string(finished.worth.currency), "days": .int(one.days), "resamples": .int(StudyEconomics.resamples),
                "spans": .list(
                    finished.worth.spans.map { ["from": .int($0.from), "to": .int($0.to), "source": .string($0.source)] }),
                "minutesElsewhere": .number(finished.roomMinutes.elsewhere),
                "arms": .list(
                    one.arms.map { arm in
                        [
                            "arm": .string(arm.arm), "started": .string(PublicCount(arm.started).description),
                            "whole": .string(PublicCount(arm.whole).description),
                            "bridged": .string(PublicCount(arm.bridged).description), "cost": arm.cost.mean.map(JSON.number) ?? .null,
                            "qalys": arm.qalys.mean.map(JSON.number) ?? .null,
                        ]
                    }),
                "comparisons": .list(
                    one.comparisons.map { row in
                        [
                            "of": .string("\(row.arm) – \(row.control)"), "cost": .number(row.cost),
                            "costInterval": interval(row.costInterval), "qalys": .number(row.qalys),
                            "qalyInterval": interval(row.qalyInterval), "quadrant": .string(row.quadrant.rawValue),
                            "ratio": row.ratio.map(JSON.number) ?? .null, "ratioInterval": interval(row.ratioInterval),
                            "worth": .list(
                                row.worth.map {
                                    [
                                        "willingness": .int($0.willingness), "benefit": .number($0.benefit),
                                        "interval": interval($0.interval), "acceptable": .number($0.acceptable),
                                    ]
                                }),
                        ]
                    }),
            ]
        }
    }
}
