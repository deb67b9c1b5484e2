import Rules
import Statistics
import Store

extension Routes {
    static let fhir: [Route] = [
        .visitor(
            .get, "/measures/:measure/fhir", "The form itself as a FHIR R4 Questionnaire; without its words where they are not ours.",
            FhirRoutes.measure)
    ]
}

/// Forms in the language of clinics. Nobody sends them: whoever filled them in takes them along.
enum FhirRoutes {
    private static let type = "application/fhir+json"
    /// A copy for oneself. Each receiver has numbers of its own, so that two of them can not lay theirs side by side.
    private static let oneself = "self"

    /// Part of the export: with the six words, and on no phone that is shared.
    static func mine(_ ask: Ask, _ person: Person) async throws -> Answer {
        let rows = try await ask.app.store.read { try $0.forms(of: person, limit: 10_000) }
        func uuid(_ what: String) -> String {
            Fhir.uuid(ask.app.store.keys.fingerprint("\(oneself) \(person.account) \(what)", for: "fhir"))
        }
        let forms = rows.reversed().compactMap { row -> LeavingForm? in
            // "Not now" is no form; and what nobody here can read any more is not handed on as if we could.
            guard let finished = row.finishedAt, row.answers.contains(where: { $0 != nil }),
                let measure = ask.app.content.measures.first(where: { $0.id == row.measure }), measure.items.count == row.answers.count
            else { return nil }
            return LeavingForm(
                id: uuid("form \(row.id)"), scoreID: uuid("score \(row.id)"), measure: measure, wording: row.wording, rules: row.rules,
                finished: ISODate.write(finished), answers: row.answers)
        }
        let bundle = try Fhir.bundle(
            of: forms, patient: uuid("patient"), receiver: oneself, at: ISODate.write(ask.now), prorated: ask.say("fhir.prorated"))
        return .file(name: "my-forms.json", type: type, bytes: try Fhir.json(bundle))
    }

    static func measure(_ ask: Ask) async throws -> Answer {
        guard case (let measure, let pack?) = try FormRoutes.measure(ask.parameters["measure"], ask) else { throw Refusal.notFound }
        let isOurs = measure.licence.wording == "ours"
        let notices = [
            "\(pack.licence.holder). \(pack.licence.terms).", isOurs ? nil : ask.say("fhir.codes-alone"),
            measure.loinc == nil ? nil : ask.say("fhir.loinc"),
        ].compactMap(\.self)
        let form = Fhir.questionnaire(
            measure, version: pack.version, title: pack.title, language: pack.language, holder: pack.licence.holder,
            copyright: notices.joined(separator: " "), words: isOurs ? FormWords(questions: pack.questions, answers: pack.answers) : nil)
        return .file(name: "\(measure.id).json", type: type, bytes: try Fhir.json(form))
    }
}
