import Foundation
import Statistics
import Testing

@testable import Rules

@Suite struct FhirTests {
    private let measures: [Instrument]
    private let person = Fhir.Reference(reference: "urn:uuid:p", type: "Patient")

    init() throws {
        measures = try instruments(
            in: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Content/measures").standardizedFileURL)
    }

    private func measure(_ id: String) throws -> Instrument { try #require(measures.first { $0.id == id }) }

    private func leaving(_ measure: Instrument, _ answers: [Int?], rules: String? = nil) -> LeavingForm {
        LeavingForm(
            id: "f", scoreID: "s", measure: measure, wording: "2", rules: rules ?? measure.version, finished: "2026-11-26T10:00:00Z",
            answers: answers)
    }

    @Test func whatLeavesComesBackEqual() throws {
        for measure in measures {
            for step in 0..<5 {
                // Every code, and gaps here and there.
                let span = measure.highest - measure.lowest + 1
                let answers: [Int?] = measure.items.indices.map { ($0 + step) % 4 == 3 ? nil : measure.lowest + ($0 * 2 + step) % span }
                let bytes = try Fhir.json(Fhir.response(leaving(measure, answers), of: person))
                let back = try Fhir.read(Data(bytes), by: measure)
                #expect(back == ReadForm(wording: "2", finished: "2026-11-26T10:00:00Z", answers: answers), "\(measure.id)")
            }
        }
    }

    /// Each answer says what it adds: together they are the total, also where items are turned round.
    @Test func weightsAddUpToTheTotal() throws {
        for measure in measures where measure.total.metric == nil && measure.ends == nil {
            let answers = measure.items.indices.map { measure.lowest + $0 % (measure.highest - measure.lowest + 1) }
            let items = try #require(Fhir.response(leaving(measure, answers), of: person).item)
            let sum = items.reduce(0.0) { $0 + ($1.answer?.first?.valueCoding.extension?.first?.valueDecimal ?? .nan) }
            let total = measure.total.kind == .sum ? sum : sum / Double(answers.count)
            let score = try #require(try Fhir.observation(leaving(measure, answers), of: person, prorated: ""))
            #expect(abs(score.valueQuantity.value - total * (measure.total.times ?? 1)) < 1e-9, "\(measure.id)")
        }
    }

    @Test func totalsCarryTheirCodes() throws {
        let form = leaving(try measure("phq9"), [1, 1, 1, 1, 1, 1, 1, 1, nil])
        let score = try #require(try Fhir.observation(form, of: person, prorated: "the mean of the rest"))
        #expect(score.code.coding?.map(\.code) == ["44261-6", "phq9"] && score.status == "final")
        #expect(
            score.valueQuantity.value == 9 && score.valueQuantity.unit == "{score}" && score.note?.first?.text == "the mean of the rest")
        #expect(score.derivedFrom == [Fhir.Reference(reference: "urn:uuid:f", type: "QuestionnaireResponse")])
        let parts = try #require(try Fhir.observation(leaving(try measure("phq4"), [1, 2, 3, 0]), of: person, prorated: "")).component
        #expect(parts?.map(\.valueQuantity.value) == [3, 3])
        // Too many gaps, or other rules: no total.
        #expect(try Fhir.observation(leaving(try measure("chime"), [1, nil, 1, 1, 1]), of: person, prorated: "") == nil)
        #expect(try Fhir.observation(leaving(try measure("chime"), [1, 1, 1, 1, 1], rules: "0"), of: person, prorated: "") == nil)
    }

    @Test func aFormWithoutItsWordsHasItsCodes() throws {
        let measure = try measure("gad7")
        let form = Fhir.questionnaire(
            measure, version: "1", title: "T", language: "en", holder: "H", copyright: "C", words: nil)
        #expect(form.item.map(\.linkId) == measure.items.map(\.code) && form.item[0].code?.first?.code == "69725-0")
        #expect(form.item.allSatisfy { $0.text == nil && $0.answerOption.allSatisfy { $0.valueCoding.display == nil } })
        #expect(form.item[0].answerOption.map(\.valueCoding.code) == ["0", "1", "2", "3"])
    }

    @Test func whatIsNotTheFormIsRefusedByPlace() throws {
        let measure = try measure("chime")
        let good = Fhir.response(leaving(measure, [1, 2, 3, 4, 5]), of: person)
        func fault(_ change: (inout Fhir.QuestionnaireResponse) -> Void) throws -> FhirFault? {
            var form = good
            change(&form)
            let data = Data(try Fhir.json(form))
            do {
                _ = try Fhir.read(data, by: measure)
                return nil
            } catch { return error }
        }
        #expect(try fault { _ in } == nil)
        #expect(try fault { $0.resourceType = "Observation" } == .notAResponse("Observation"))
        #expect(try fault { $0.questionnaire = "urn:understory:questionnaire:phq9|1" } == .otherForm("urn:understory:questionnaire:phq9|1"))
        #expect(try fault { $0.status = "in-progress" } == .notFinished("in-progress"))
        #expect(try fault { $0.item?[1].linkId = "chime-9" } == .unknownItem("chime-9"))
        #expect(try fault { $0.item?[1].linkId = "chime-1" } == .twice("chime-1"))
        #expect(try fault { $0.item?[1].answer?.append(.init(valueCoding: .init(code: "1"))) } == .notOneAnswer("chime-2"))
        #expect(try fault { $0.item?[2].answer?[0].valueCoding.system = "http://loinc.org" } == .otherSystem("chime-3"))
        for code in ["11", "-1", "03", "x", "3.0"] {
            #expect(try fault { $0.item?[2].answer?[0].valueCoding.code = code } == .unknownCode(item: "chime-3", code: code))
        }
        #expect(throws: FhirFault.unreadable) { try Fhir.read(Data("no".utf8), by: measure) }
    }

    @Test func numbersOfOnesOwnMakingAreUUIDs() {
        #expect(Fhir.uuid([UInt8](repeating: 0xFF, count: 32)) == "ffffffff-ffff-8fff-bfff-ffffffffffff")
        #expect(Fhir.uuid([UInt8](repeating: 0, count: 16)) == "00000000-0000-8000-8000-000000000000")
    }
}
