import Rules
import Statistics
import Store

extension Routes {
    static let health: [Route] = [
        .staff(
            .get, "/operator/health", .readCounts, "How the community is, each figure beside what is published; small groups hidden.",
            HealthRoutes.show),
        .staff(
            .get, "/operator/fairness", .readCounts,
            "How many had something turned back, by how they describe themselves and by age; small groups hidden.", FairnessRoutes.show),
    ]
}

/// The health of the community over ninety days. Counts and times, never words; nobody is told apart.
enum HealthRoutes {
    static let window = Lapse.days(90)

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (organisation, clock, since) = (worker.person.organisation, ask.moments.clock, ask.now - window)
        let month = clock.startOfMonth(ask.now)
        let (rows, asked) = try await ask.read(long: true) { tx in
            (
                try tx.healthRows(organisation, since: since) { clock.minute($0) },
                try tx.askingAfterRows(in: organisation, until: month)
            )
        }
        let asking = try AskingAfterReport(asked)
        let health = try Health(rows)
        let say = ask.say
        let tables: [(String, [GroupWait], @Sendable (String) -> String)] = [
            ("by-hour", health.repliesByHour, { "\($0):00" }),
            ("by-band", health.repliesByBand, { say($0 == "unsaid" ? "health.age-unsaid" : "bands.\($0)") }),
            ("by-language", health.repliesByLanguage, { say("health.language-\($0)") }),
            ("looks-by-level", health.looksByLevel, { say("levels.\($0)") }),
            ("looks-by-hour", health.looksByHour, { "\($0):00" }),
        ]
        let body: HTML = """
            <h1>\(say("health.title"))</h1><p class="lead">\(say("health.lead"))</p>
            \(Parts.table(say("health.title"), head: ["what", "here", "published"].map { say("health.\($0)") }, health.figures) { one in
                """
                <tr><th scope="row">\(say("health.\(one.measure.rawValue)"))</th><td>\(shown(one.told, one.measure.unit, ask))</td>\
                <td>\(one.measure.isPublished ? say("health.known-\(one.measure.rawValue)") : say("health.not-published"))</td></tr>
                """
            })\(each: tables.filter { !$0.1.isEmpty }, { table($0.0, $0.1, $0.2, ask) })
            <p class="quietly">\(say("health.how"))</p>\(AskingAfterFigures.section(asking, ask))<p class="row"><a href="/operator/fairness">\(say("fairness.title"))</a> <a href="/delays">\(say("delays.title"))</a></p>
            """
        return .page(Page(say("health.title"), tab: .write, wide: true, body: body), json: json(health, asking, say))
    }

    private static func table(_ name: String, _ groups: [GroupWait], _ words: (String) -> String, _ ask: Ask) -> HTML {
        let say = ask.say
        let head = ["group", "count", "half", "ninety", "open"].map { say("health.\($0)") }
        return Parts.table(say("health.\(name)"), head: head, groups) { one in
            """
            <tr><th scope="row">\(words(one.group))</th><td>\(PublicCount(one.count).description)</td><td>\(shown(one.half, .minutes, ask))</td>\
            <td>\(shown(one.ninety, .minutes, ask))</td><td>\(shown(one.open, .share, ask))</td></tr>
            """
        }
    }

    static func shown(_ told: Told, _ unit: HealthMeasure.Unit, _ ask: Ask) -> String {
        switch told {
        case .nothing: return "–"
        case .few: return "*"
        case .notReached: return ask.say("delays.not-reached")
        case .value(let value, let interval):
            let ends = interval.map { " (\(plain($0.lower, unit, ask)) – \(plain($0.upper, unit, ask)))" } ?? ""
            return plain(value, unit, ask) + ends
        }
    }

    private static func plain(_ value: Double, _ unit: HealthMeasure.Unit, _ ask: Ask) -> String {
        switch unit {
        case .minutes: ask.moments.length(minutes: Int(value.rounded(.up)))
        case .share: "\(Int((value * 100).rounded())) %"
        case .number, .perThousand: String(rounded(value, unit))
        }
    }

    private static func rounded(_ value: Double, _ unit: HealthMeasure.Unit) -> Double {
        unit == .minutes ? value.rounded(.up) : (value * 100).rounded() / 100
    }

    /// For programs: a value with what stands behind its absence.
    static func json(_ told: Told, _ unit: HealthMeasure.Unit) -> JSON {
        switch told {
        case .nothing: ["told": "nothing", "value": nil]
        case .few: ["told": "few", "value": nil]
        case .notReached: ["told": "not-reached", "value": nil]
        case .value(let value, let interval):
            [
                "told": "value", "value": .number(rounded(value, unit)),
                "interval": interval.map { .list([.number(rounded($0.lower, unit)), .number(rounded($0.upper, unit))]) } ?? .null,
            ]
        }
    }

    private static func json(_ health: Health, _ asking: AskingAfterReport, _ say: Sentences) -> JSON {
        @Sendable func groups(_ some: [GroupWait]) -> JSON {
            .list(
                some.map {
                    [
                        "group": .string($0.group), "count": .string(PublicCount($0.count).description), "half": json($0.half, .minutes),
                        "ninety": json($0.ninety, .minutes), "openAfterDay": json($0.open, .share),
                    ]
                })
        }
        return [
            "days": .int(window.minutes / 1_440),
            "figures": .list(
                health.figures.map { measure, told in
                    [
                        "measure": .string(measure.rawValue), "unit": .string(measure.unit.rawValue), "here": json(told, measure.unit),
                        "published": measure.isPublished ? .string(say("health.known-\(measure.rawValue)")) : .null,
                    ]
                }),
            "repliesByHour": groups(health.repliesByHour), "repliesByBand": groups(health.repliesByBand),
            "repliesByLanguage": groups(health.repliesByLanguage), "looksByLevel": groups(health.looksByLevel),
            "looksByHour": groups(health.looksByHour), "askingAfter": AskingAfterFigures.json(asking),
        ]
    }
}
