import Foundation
import Statistics

/// Why a response of others is not taken in; it names its place.
public enum FhirFault: Error, Equatable, Sendable {
    case unreadable
    case notAResponse(String)
    case otherForm(String)
    case notFinished(String)
    case unknownItem(String)
    case twice(String)
    case notOneAnswer(String)
    case otherSystem(String)
    case unknownCode(item: String, code: String)
}

/// A filled-in form as somebody sent it.
public struct ReadForm: Sendable, Equatable {
    public let wording: String?
    public let finished: String
    public let answers: [Int?]
}

extension Fhir {
    private struct Kind: Decodable { let resourceType: String }

    /// Reads a QuestionnaireResponse of this measure. What FHIR lets pass and the form does not is refused: other forms, unknown or
    /// doubled questions, codes that the form does not offer.
    public static func read(_ data: Data, by measure: Instrument) throws(FhirFault) -> ReadForm {
        let decoder = JSONDecoder()
        let (kind, response): (Kind, QuestionnaireResponse)
        do { kind = try decoder.decode(Kind.self, from: data) } catch { throw .unreadable }
        guard kind.resourceType == "QuestionnaireResponse" else { throw .notAResponse(kind.resourceType) }
        do { response = try decoder.decode(QuestionnaireResponse.self, from: data) } catch { throw .unreadable }
        let canonical = response.questionnaire.split(separator: "|", maxSplits: 1).map(String.init)
        guard canonical.first == url(measure) else { throw .otherForm(response.questionnaire) }
        guard response.status == "completed" || response.status == "amended" else { throw .notFinished(response.status) }
        let places = Dictionary(measure.items.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { a, _ in a })
        var answers = [Int?](repeating: nil, count: measure.items.count)
        var seen: Set<String> = []
        for item in response.item ?? [] {
            guard let place = places[item.linkId] else { throw .unknownItem(item.linkId) }
            guard seen.insert(item.linkId).inserted else { throw .twice(item.linkId) }
            guard let given = item.answer, !given.isEmpty else { continue }
            guard given.count == 1 else { throw .notOneAnswer(item.linkId) }
            let coding = given[0].valueCoding
            guard coding.system == Self.answers(measure) else { throw .otherSystem(item.linkId) }
            guard let code = Int(coding.code), String(code) == coding.code, (measure.lowest...measure.highest).contains(code) else {
                throw .unknownCode(item: item.linkId, code: coding.code)
            }
            answers[place] = code
        }
        return ReadForm(wording: canonical.count > 1 ? canonical[1] : nil, finished: response.authored, answers: answers)
    }

    /// The bytes of one resource, in an order that stays.
    public static func json(_ resource: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(resource))
    }
}
