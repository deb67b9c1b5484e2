import Rules
import Store

/// Defaults of safeguarding that a named person loosened: each until a day, and by a person who is signed in.
enum LoosenedRoutes {
    /// What is loosened now. From the day on which it was to be looked at again, it counts no more.
    static func inForce(_ tx: Transaction, _ organisation: ID<Organisation>) throws -> Set<Loosenable> {
        let rows = try tx.loosened(organisation)
        return Set(rows.filter { $0.reviewAt > tx.now }.compactMap { Loosenable(rawValue: $0.rule) })
    }

    static func name(_ rule: String, _ say: Sentences) -> String {
        say.knows("loosened.\(rule)") ? say("loosened.\(rule)") : rule
    }

    static func show(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let rows = try await ask.read { try $0.loosened(steward.organisation) }
        let say = ask.say
        func row(_ one: LoosenedRow) -> HTML {
            let holds = one.reviewAt > ask.now
            let until =
                one.endedBy.map { say("loosened.ended", ["date": ask.moments.date(one.reviewAt), "name": $0]) }
                ?? say(holds ? "loosened.until" : "loosened.over", ["date": ask.moments.date(one.reviewAt)])
            let end: HTML = holds ? Parts.act(ask, "/operator/loosened/end", say("loosened.end"), hidden: [("rule", one.rule)]) : ""
            return """
                <li class="card row apart"><span><b>\(name(one.rule, say))</b>: \(one.why) (\(one.by))<br>\
                <span class="quietly">\(until)</span></span>\(end)</li>
                """
        }
        let rules: [(value: String, words: String)] = Loosenable.allCases.map { ($0.rawValue, name($0.rawValue, say)) }
        let fields: HTML = """
            \(Parts.select("rule", say("loosened.rule"), rules))\(Parts.field("by", say("loosened.by")))\
            \(Parts.field("why", say("loosened.why")))\
            \(Parts.field("review", say("loosened.review"), hint: say("loosened.review-hint"), type: "date"))
            """
        let body: HTML = """
            <h1>\(say("operator.loosened"))</h1><p class="lead">\(say("loosened.lead"))</p>
            <ul class="stack">\(each: rows, { row($0) })</ul>
            <form class="card" method="post" action="/operator/loosened">\(Parts.token(ask))\(fields)\
            <button class="button stop">\(say("loosened.go"))</button></form>
            """
        return .page(
            Page(say("operator.loosened"), tab: .write, wide: true, body: body),
            json: [
                "loosened": .list(
                    rows.map {
                        [
                            "rule": .string($0.rule), "by": .string($0.by), "why": .string($0.why), "review": .at($0.reviewAt),
                            "inForce": .bool($0.reviewAt > ask.now), "endedBy": .text($0.endedBy),
                        ]
                    })
            ])
    }

    static func loosen(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let review = ask.moments.clock.start(ofDay: ask.form.text("review")), review > ask.now else {
            throw Refusal.badChoice("review")
        }
        let (rule, by, why) = (ask.form.text("rule"), ask.form.text("by"), ask.form.text("why"))
        let organisation = worker.person.organisation
        try await ask.write { try $0.loosen(rule, by: by, why: why, reviewAt: review, organisation: organisation) }
        return .see("/operator/loosened?done=saved", json: ["rule": .string(rule)], created: true)
    }

    static func end(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (rule, person) = (ask.form.text("rule"), worker.person)
        let ended = try await ask.write { tx in
            let ended = try tx.endLoosened(rule, of: person.organisation, by: person.shownName)
            try tx.askForCodesAgain(of: person.organisation)
            return ended
        }
        return .see("/operator/loosened?done=saved", json: ["rule": .string(rule), "ended": .int(ended)])
    }
}
