import Rules
import Statistics
import Store

/// TELLMI-6: how many had something turned back, by how they describe themselves and by age.
enum FairnessRoutes {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        // Closed months alone: a figure that moves with each decision tells about whom the last one was.
        let clock = ask.app.clock(ask.organisation)
        let until = clock.startOfMonth(ask.now)
        let from = clock.startOfMonth(until - .days(75))
        let organisation = worker.person.organisation
        let fairness = try Fairness(try await ask.read(long: true) { try $0.fairnessRows(organisation, from: from, until: until) })
        let say = ask.say
        let body: HTML = """
            <h1>\(say("fairness.title"))</h1><p class="lead">\(say("fairness.lead"))</p>
            \(table("by-gender", fairness.byGender, { say("you.gender-\($0)") }, ask))\(table("by-band", fairness.byBand, { say("bands.\($0)") }, ask))
            <p class="quietly">\(say("fairness.how"))</p>
            """
        return .page(
            Page(say("fairness.title"), tab: .write, wide: true, body: body),
            json: [
                "from": .at(from), "until": .at(until), "byGender": .list(fairness.byGender.map(json)),
                "byBand": .list(fairness.byBand.map(json)),
            ])
    }

    private static func table(_ name: String, _ groups: [Fairness.Group], _ words: (String) -> String, _ ask: Ask) -> HTML {
        let say = ask.say
        guard groups.contains(where: { $0.perHundred != nil }) else {
            return "<h2>\(say("fairness.\(name)"))</h2><p class=\"quietly\">\(say("fairness.unsafe"))</p>"
        }
        return Parts.table(say("fairness.\(name)"), head: ["group", "people", "share", "posts"].map { say("fairness.\($0)") }, groups) {
            one in
            """
            <tr><th scope="row">\(one.ids.map { $0 == "unsaid" ? say("fairness.unsaid") : words($0) }.joined(separator: ", "))</th><td>\(one.people.description)</td>\
            <td>\(HealthRoutes.shown(one.share, .share, ask))</td><td>\(one.perHundred.map { String(Int($0.rounded())) } ?? "*")</td></tr>
            """
        }
    }

    @Sendable private static func json(_ group: Fairness.Group) -> JSON {
        [
            "groups": .list(group.ids.map(JSON.string)), "people": .string(group.people.description),
            "turnedBack": HealthRoutes.json(group.share, .share),
            "ofHundredPosts": group.perHundred.map { .int(Int($0.rounded())) } ?? .null,
        ]
    }
}
