import Statistics

/// What can be asked here. Codes and rules alone: a form is shown only where a host brought its wording, or it is ours.
enum MeasureRoutes {
    static func list(_ ask: Ask) async throws -> Answer {
        let say = ask.say
        // Ours first: the only ones that are ready to be asked.
        let all =
            ask.app.content.measures.filter { $0.licence.wording == "ours" }
            + ask.app.content.measures.filter { $0.licence.wording != "ours" }
        let body: HTML = """
            <p><a href="/research">\(Pictures.icon(.back))\(say("research.title"))</a></p><h1>\(say("measures.title"))</h1>
            <p class="lead">\(say("measures.lead"))</p><ul class="stack" role="list">\(each: all, { row($0, ask) })</ul>
            """
        return .page(
            Page(say("measures.title"), body: body),
            json: [
                "measures": .list(
                    all.map { one in
                        [
                            "id": .string(one.id), "name": .string(one.name), "version": .string(one.version),
                            "items": .int(one.items.count),
                            "lowest": .number(one.total.lowest), "highest": .number(one.total.highest),
                            "higherIs": .string(one.higherIs.rawValue),
                            "wording": .string(one.licence.wording), "loinc": .text(one.loinc), "source": .string(one.source),
                            "validated": .bool(one.unvalidated != true), "risks": .int(one.risks.count),
                        ]
                    })
            ])
    }

    private static func row(_ one: Instrument, _ ask: Ask) -> HTML {
        let say = ask.say
        let ages =
            one.ages.to.map { say("measures.ages", ["from": String(one.ages.from), "to": String($0)]) }
            ?? say("measures.ages-up", ["from": String(one.ages.from)])
        let range = say(
            "measures.range",
            [
                "low": one.total.lowest.formattedShort, "high": one.total.highest.formattedShort,
                "way": say("measures.\(one.higherIs.rawValue)"),
            ])
        return """
            <li class="card stack"><h2>\(one.name)</h2>\(one.unvalidated == true ? "<p class=\"say note\">\(say("measures.unvalidated"))</p>" : "")
            <dl class="facts"><dt>\(say("measures.items"))</dt><dd>\(one.items.count)</dd><dt>\(say("measures.total"))</dt><dd>\(range)</dd>\
            <dt>\(say("measures.for"))</dt><dd>\(ages)</dd><dt>\(say("measures.wording"))</dt><dd>\(say("measures.wording-\(one.licence.wording)")) \(one.licence.terms)</dd>\
            <dt>\(say("measures.source"))</dt><dd>\(one.source)</dd></dl>\(one.risks.isEmpty ? "" : "<p>\(say("measures.risk"))</p>")</li>
            """
    }
}

extension Double {
    /// Without a decimal point where none is needed.
    fileprivate var formattedShort: String { self == rounded() ? String(Int(self)) : String(self) }
}
