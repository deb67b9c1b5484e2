import Statistics

/// One finished form, ready to leave the house. `id` is a UUID made for its receiver alone; `finished` a moment as ISO 8601.
public struct LeavingForm: Sendable {
    public let id: String
    public let scoreID: String
    public let measure: Instrument
    /// Version of the words it was filled in with.
    public let wording: String
    /// Version of the rules it was begun under: under others no total is told.
    public let rules: String
    public let finished: String
    public let answers: [Int?]

    public init(id: String, scoreID: String, measure: Instrument, wording: String, rules: String, finished: String, answers: [Int?]) {
        (self.id, self.scoreID, self.measure, self.wording) = (id, scoreID, measure, wording)
        (self.rules, self.finished, self.answers) = (rules, finished, answers)
    }
}

/// The words of a measure in one language, where they may be handed on.
public struct FormWords: Sendable {
    public let questions: [String]
    /// From the lowest code up.
    public let answers: [[String]]

    public init(questions: [String], answers: [[String]]) { (self.questions, self.answers) = (questions, answers) }
}

extension Fhir {
    static let loinc = "http://loinc.org"
    static func url(_ measure: Instrument) -> String { "urn:understory:questionnaire:\(measure.id)" }
    static func answers(_ measure: Instrument) -> String { "urn:understory:answers:\(measure.id)" }

    /// 16 bytes as a UUID of version 8, the one for numbers of one's own making (RFC 9562).
    public static func uuid(_ bytes: some Sequence<UInt8>) -> String {
        var own = Array(bytes.prefix(16))
        precondition(own.count == 16, "a UUID has 16 bytes")
        own[6] = own[6] & 0x0F | 0x80
        own[8] = own[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef")
        let text = own.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(text[$0]) }.joined(separator: "-")
    }

    /// An answer with what it counts for the total, reversed items turned round: as R4 says it, and as later guides do.
    static func coding(_ answer: Int, place: Int, of measure: Instrument, display: String? = nil) -> Coding {
        let weight = measure.weight(answer, at: place)
        return Coding(
            system: answers(measure), code: String(answer), display: display,
            extension: [
                Extension(url: "http://hl7.org/fhir/StructureDefinition/ordinalValue", valueDecimal: weight),
                Extension(url: "http://hl7.org/fhir/StructureDefinition/itemWeight", valueDecimal: weight),
            ])
    }

    /// The form itself. Without `words` its codes alone: they are facts, the words are their holder's.
    public static func questionnaire(
        _ measure: Instrument, version: String, title: String, language: String, holder: String, copyright: String, words: FormWords?
    ) -> Questionnaire {
        Questionnaire(
            id: measure.id, url: url(measure), version: version, title: title, language: language, publisher: holder,
            copyright: copyright, code: measure.loinc.map { [Coding(system: loinc, code: $0)] },
            item: measure.items.enumerated().map { place, item in
                Questionnaire.Item(
                    linkId: item.code, code: item.loinc.map { [Coding(system: loinc, code: $0)] }, text: words?.questions[place],
                    answerOption: (measure.lowest...measure.highest).map { answer in
                        .init(
                            valueCoding: coding(
                                answer, place: place, of: measure, display: words?.answers[place][answer - measure.lowest]))
                    })
            })
    }

    static func response(_ form: LeavingForm, of patient: Reference) -> QuestionnaireResponse {
        let items = zip(form.measure.items, form.answers).enumerated().compactMap { place, one in
            one.1.map { answer in
                QuestionnaireResponse.Item(
                    linkId: one.0.code, answer: [.init(valueCoding: coding(answer, place: place, of: form.measure))])
            }
        }
        return QuestionnaireResponse(
            id: form.id, questionnaire: "\(url(form.measure))|\(form.wording)", subject: patient, authored: form.finished, source: patient,
            item: items.isEmpty ? nil : items)
    }

    /// The total; nil where gaps forbid one, or other rules were in force. `prorated` says that the mean of the rest stands for gaps.
    static func observation(_ form: LeavingForm, of patient: Reference, prorated: String) throws(NotComputable) -> Observation? {
        guard form.rules == form.measure.version else { return nil }
        let score = try Score(form.answers, by: form.measure)
        guard let total = score.total else { return nil }
        func own(_ code: String) -> Coding { Coding(system: "urn:understory:score", code: code) }
        let parts = zip(form.measure.subscales ?? [], score.subscales).map { scale, value in
            Observation.Component(
                code: Concept(coding: [own("\(form.measure.id)-\(scale.id)")]), valueQuantity: Quantity(score: value))
        }
        return Observation(
            id: form.scoreID,
            category: [
                Concept(coding: [Coding(system: "http://terminology.hl7.org/CodeSystem/observation-category", code: "survey")])
            ],
            code: Concept(
                coding: (form.measure.loincTotal.map { [Coding(system: loinc, code: $0)] } ?? []) + [own(form.measure.id)],
                text: form.measure.name),
            subject: patient, effectiveDateTime: form.finished, valueQuantity: Quantity(score: total),
            note: score.isProrated ? [.init(text: prorated)] : nil,
            method: Concept(coding: [Coding(system: "urn:understory:rules:\(form.measure.id)", code: form.rules)]),
            derivedFrom: [Reference(reference: "urn:uuid:\(form.id)", type: "QuestionnaireResponse")],
            component: parts.isEmpty ? nil : parts)
    }

    /// One person's finished forms for one receiver. `patient` is a UUID made for that receiver.
    public static func bundle(
        of forms: [LeavingForm], patient: String, receiver: String, at moment: String, prorated: String
    ) throws(NotComputable) -> Bundle {
        let person = Reference(reference: "urn:uuid:\(patient)", type: "Patient")
        var entries = [
            Bundle.Entry(
                fullUrl: person.reference,
                resource: .patient(
                    Patient(id: patient, identifier: [Identifier(system: "urn:understory:pairwise:\(receiver)", value: patient)])))
        ]
        for form in forms {
            entries.append(.init(fullUrl: "urn:uuid:\(form.id)", resource: .response(response(form, of: person))))
            if let score = try observation(form, of: person, prorated: prorated) {
                entries.append(.init(fullUrl: "urn:uuid:\(form.scoreID)", resource: .observation(score)))
            }
        }
        return Bundle(timestamp: moment, entry: entries)
    }
}
