import Rules
import Statistics
import Store

/// KOOTH-5: how people find it here, writers and readers apart, by age group. Everything passes the small-cell rule: a group of
/// fewer than eight people has no figures, whole months alone are shown, counts rounded to 5 and means to whole points. Two months
/// that differ by one person can still tell on them: the smallest group is a floor, no proof. Of one room: those whom its own page
/// asked, as they took part in it; they are not in the table of the house, so that no difference between two tables tells of anybody.
enum ExperienceReport {
    private struct Group {
        let part: TakingPart, band: AgeBand
        let scores: [Double]
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let measure = ask.app.content.measures.first(where: { $0.id == "experience" }) else { throw Refusal.notFound }
        // Closed months alone: a figure that moves with each form tells what the last one said.
        let clock = ask.app.clock(ask.organisation)
        let until = clock.startOfMonth(ask.now)
        let from = clock.startOfMonth(until - .days(75))
        let organisation = worker.person.organisation
        let only: ID<Room>? = ask.query.id("room")
        if only == nil, ask.query.optional("room") != nil { throw Refusal.notFound }
        let (forms, rooms, short) = try await ask.read(long: true) { tx in
            // Whoever runs a study looks at no room of its arms before it has ended: one against the other would be the result.
            let masked = worker.person.staff.holds(.research, now: ask.now) ? try tx.roomsCompared(in: organisation) : []
            let rooms = try tx.roomsThatAsk(organisation).filter { !masked.contains($0.id) }
            guard only == nil || rooms.contains(where: { $0.id == only }) else { throw Refusal.notFound }
            return (
                try tx.countedForms(measure.id, in: organisation, room: only, from: from, until: until), rooms,
                // Of the house alone: asked by Today, and by no room.
                only == nil ? try ShortItems.counted(tx, ask, organisation, from: until - .days(366), until: until) : []
            )
        }
        let bands = AgeBand.offered
        let groups = TakingPart.allCases.flatMap { part in
            bands.map { band in
                Group(part: part, band: band, scores: forms.filter { $0.part == part && $0.band == band }.compactMap { score($0, measure) })
            }
        }
        let counts = TakingPart.allCases.map { part in
            bands.map { band in groups.first { $0.part == part && $0.band == band }?.scores.count ?? 0 }
        }
        let gate = try SmallCells(counts, k: PublicCount.fewest)
        return .page(page(groups, gate, measure, rooms, only, short, ask), json: json(groups, gate, rooms, short, ask))
    }

    private static func score(_ form: CountedForm, _ measure: Instrument) -> Double? {
        do { return try Score(form.answers, by: measure).total } catch { return nil }
    }

    /// What may be said of one group: nothing where its count is blanked, or the whole table tells too much.
    private static func printed(_ place: Int, _ column: Int, _ gate: SmallCells) -> Int? {
        gate.isSafe ? gate.printed[place][column] : nil
    }

    private static func mean(_ group: Group) -> (mean: Double, interval: Interval)? {
        guard group.scores.count > 1, let mean = group.scores.mean, let deviation = group.scores.deviation, deviation > 0 else {
            return nil  // where all say the same, the mean is each one's
        }
        let n = Double(group.scores.count)
        let half = StudentT.quantile(0.975, df: n - 1) * deviation / n.squareRoot()
        return (mean, Interval(mean - half, mean + half))
    }

    private static func rows(_ groups: [Group], _ gate: SmallCells) -> [(Group, Int?)] {
        groups.enumerated().map { index, group in
            let columns = gate.printed.first?.count ?? 1
            return (group, printed(index / columns, index % columns, gate))
        }
    }

    private static func page(
        _ groups: [Group], _ gate: SmallCells, _ measure: Instrument, _ rooms: [(id: ID<Room>, name: String)], _ only: ID<Room>?,
        _ short: [ShortItems], _ ask: Ask
    ) -> Page {
        let say = ask.say
        let choice: HTML =
            rooms.isEmpty
            ? "<p class=\"quietly\">\(say("experience.no-rooms"))</p>"
            : """
            <form class="row" action="/operator/experience">\(Parts.select("room", say("experience.where"), [("", say("experience.house"))] + rooms.map { ($0.id.description, $0.name) }, chosen: only?.description))\
            <button class="button soft">\(say("experience.look"))</button></form>
            """
        let body: HTML = """
            <h1>\(say("experience.title"))</h1><p class="lead">\(say("experience.lead"))</p><p class="say note">\(say("measures.unvalidated"))</p>\(choice)
            \(Parts.table(
                say("experience.title"),
                head: [say("experience.group"), say("experience.age"), say("experience.people"), say("experience.mean")], rows(groups, gate)
            ) { group, count in
                let figures = count.flatMap { $0 >= PublicCount.fewest ? mean(group) : nil }
                return """
                    <tr><th scope="row">\(say("experience.\(group.part.rawValue)"))</th><td>\(say("bands.\(group.band.rawValue)"))</td>\
                    <td>\(count.map { PublicCount($0).description } ?? "*")</td><td>\(figures.map { "\(shown($0.mean)) (\(shown($0.interval.lower)) – \(shown($0.interval.upper)))" } ?? "–")</td></tr>
                    """
            })<p class="quietly">\(say("experience.how", ["highest": String(Int(measure.total.highest))]))</p>
            \(short.isEmpty ? "" : ShortItems.section(short, ask))
            """
        return Page(say("experience.title"), tab: .write, wide: true, body: body)
    }

    private static func shown(_ value: Double) -> String { String(Int(value.rounded())) }

    private static func json(
        _ groups: [Group], _ gate: SmallCells, _ rooms: [(id: ID<Room>, name: String)], _ short: [ShortItems], _ ask: Ask
    ) -> JSON {
        [
            "safe": .bool(gate.isSafe), "rooms": .list(rooms.map { ["id": .id($0.id), "name": .string($0.name)] }),
            "short": ShortItems.json(short),
            "groups": .list(
                rows(groups, gate).map { group, count in
                    let figures = count.flatMap { $0 >= PublicCount.fewest ? mean(group) : nil }
                    return [
                        "part": .string(group.part.rawValue), "band": .string(group.band.rawValue),
                        "people": .string(count.map { PublicCount($0).description } ?? "*"),
                        "mean": figures.map { .int(Int($0.mean.rounded())) } ?? .null,
                        "interval": figures.map { .list([.int(Int($0.interval.lower.rounded())), .int(Int($0.interval.upper.rounded()))]) }
                            ?? .null,
                    ]
                }),
        ]
    }
}
