import Foundation
import Statistics

/// The wording of a measure in one language, with the record of whose it is: a FHIR R4 Questionnaire beside a licence. Without one
/// a form is not shown.
public struct Pack: Sendable {
    struct Licence: Decodable, Sendable {
        let holder: String, terms: String, date: String, evidence: String, languages: [String]
    }
    struct Coding: Decodable, Sendable { let code: String, display: String }
    struct AnswerOption: Decodable, Sendable { let valueCoding: Coding }
    struct Item: Decodable, Sendable {
        let linkId: String, text: String, type: String
        let answerOption: [AnswerOption]?
    }
    struct Questionnaire: Decodable, Sendable {
        let resourceType: String, id: String?, version: String?, status: String, title: String?, description: String?, language: String?
        let item: [Item]
    }
    private struct File: Decodable { let measure: String, licence: Licence, questionnaire: Questionnaire }

    let measure: String
    let licence: Licence
    let title: String
    let lead: String
    let language: String
    let version: String
    /// The words of each question, and of each answer from the lowest code up.
    let questions: [String]
    let answers: [[String]]

    /// - Throws: `ContentFault` that names the place: no such measure, a question that is missing, twice or unknown, answers whose
    ///   codes are not the measure's, a licence with a gap.
    public init(_ data: Data, name: String, measures: [Instrument]) throws {
        func fault(_ what: String) -> ContentFault { ContentFault(file: name, what: what) }
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: data) } catch let error as DecodingError {
            throw fault(CourseFolder.place(error))
        } catch { throw fault("is no JSON") }
        guard let instrument = measures.first(where: { $0.id == file.measure }) else { throw fault("no measure is called \(file.measure)") }
        guard instrument.licence.wording != "never" else {
            throw fault("\(instrument.name) must not be shown without its holder's licence")
        }
        for (field, value) in [
            ("holder", file.licence.holder), ("terms", file.licence.terms), ("date", file.licence.date),
            ("evidence", file.licence.evidence),
        ] where value.trimmingCharacters(in: .whitespaces).isEmpty {
            throw fault("licence, \(field): is empty")
        }
        let form = file.questionnaire
        guard form.resourceType == "Questionnaire" else { throw fault("questionnaire, resourceType: is \(form.resourceType)") }
        guard form.status == "active" else { throw fault("questionnaire, status: is \(form.status), not active") }
        guard let version = form.version, !version.isEmpty else { throw fault("questionnaire, version: is missing") }
        guard let language = form.language, file.licence.languages.contains(language) else {
            throw fault("questionnaire, language: is not one that the licence names")
        }
        let codes = instrument.items.map(\.code)
        if let extra = form.item.first(where: { !codes.contains($0.linkId) }) {
            throw fault("questionnaire, item \(extra.linkId): the measure has no such item")
        }
        var (questions, answers) = ([String](), [[String]]())
        let wanted = (instrument.lowest...instrument.highest).map(String.init)
        for code in codes {
            let found = form.item.filter { $0.linkId == code }
            guard found.count == 1, let item = found.first else {
                throw fault("questionnaire, item \(code): stands \(found.count) times, not once")
            }
            guard item.type == "choice" else { throw fault("questionnaire, item \(code): its type is \(item.type), not choice") }
            guard !item.text.trimmingCharacters(in: .whitespaces).isEmpty else { throw fault("questionnaire, item \(code): has no words") }
            let options = item.answerOption ?? []
            guard options.map(\.valueCoding.code).sorted() == wanted.sorted() else {
                throw fault("questionnaire, item \(code): its answers are not \(instrument.lowest) to \(instrument.highest), each once")
            }
            questions.append(item.text)
            answers.append(wanted.map { code in options.first { $0.valueCoding.code == code }?.valueCoding.display ?? code })
        }
        (measure, licence, title, lead) = (file.measure, file.licence, form.title ?? instrument.name, form.description ?? "")
        (self.language, self.version, self.questions, self.answers) = (language, version, questions, answers)
    }

    public var fileName: String { "\(measure).\(language).json" }
    public var about: String { "\(measure), version \(version), \(language), \(questions.count) questions, \(licence.holder)" }

    /// Ours, and a host's own; one of the same name instead of ours.
    static func all(in folder: URL, overlay: URL?, measures: [Instrument]) throws -> [Pack] {
        var files: [String: URL] = [:]
        for place in [folder, overlay].compactMap(\.self) where FileManager.default.fileExists(atPath: place.path) {
            for file in try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
            where file.pathExtension == "json" {
                files[file.lastPathComponent] = file
            }
        }
        return try files.sorted { $0.key < $1.key }.map { name, file in
            try Pack(Data(contentsOf: file), name: "packs/\(name)", measures: measures)
        }
    }
}
