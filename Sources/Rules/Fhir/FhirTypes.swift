/// The few resources of HL7 FHIR R4 that leave the house or come in, with the elements we write and no others.
///
/// - Source: hl7.org/fhir/R4; the reference on clinical measures, C1 and C2.
public enum Fhir {
    public struct Extension: Codable, Sendable, Equatable {
        public var url: String
        public var valueDecimal: Double
    }

    public struct Coding: Codable, Sendable, Equatable {
        public var system: String?
        public var code: String
        public var display: String?
        public var `extension`: [Extension]?
    }

    public struct Concept: Codable, Sendable, Equatable {
        public var coding: [Coding]?
        public var text: String?
    }

    public struct Identifier: Codable, Sendable, Equatable {
        public var system: String
        public var value: String
    }

    public struct Reference: Codable, Sendable, Equatable {
        public var reference: String
        public var type: String
    }

    public struct Quantity: Codable, Sendable, Equatable {
        public var value: Double
        public var unit: String
        public var system: String
        public var code: String

        init(score: Double) { (value, unit, system, code) = (score, "{score}", "http://unitsofmeasure.org", "{score}") }
    }

    /// A number that leads nowhere, other for each receiver; no name and no day of birth.
    public struct Patient: Codable, Sendable, Equatable {
        public var resourceType = "Patient"
        public var id: String
        public var identifier: [Identifier]
    }

    public struct Questionnaire: Codable, Sendable, Equatable {
        public struct Option: Codable, Sendable, Equatable { public var valueCoding: Coding }
        public struct Item: Codable, Sendable, Equatable {
            public var linkId: String
            public var code: [Coding]?
            public var text: String?
            public var type = "choice"
            public var required = false
            public var answerOption: [Option]
        }
        public var resourceType = "Questionnaire"
        public var id: String
        public var url: String
        public var version: String
        public var title: String
        public var status = "active"
        public var subjectType = ["Patient"]
        public var language: String
        public var publisher: String
        public var copyright: String
        public var code: [Coding]?
        public var item: [Item]
    }

    public struct QuestionnaireResponse: Codable, Sendable, Equatable {
        public struct Answer: Codable, Sendable, Equatable { public var valueCoding: Coding }
        public struct Item: Codable, Sendable, Equatable {
            public var linkId: String
            public var answer: [Answer]?
        }
        public var resourceType = "QuestionnaireResponse"
        public var id: String
        public var questionnaire: String
        public var status = "completed"
        public var subject: Reference
        public var authored: String
        public var source: Reference
        public var item: [Item]?
    }

    public struct Observation: Codable, Sendable, Equatable {
        public struct Note: Codable, Sendable, Equatable { public var text: String }
        public struct Component: Codable, Sendable, Equatable {
            public var code: Concept
            public var valueQuantity: Quantity
        }
        public var resourceType = "Observation"
        public var id: String
        public var status = "final"
        public var category: [Concept]
        public var code: Concept
        public var subject: Reference
        public var effectiveDateTime: String
        public var valueQuantity: Quantity
        public var note: [Note]?
        public var method: Concept
        public var derivedFrom: [Reference]
        public var component: [Component]?
    }

    public enum Resource: Encodable, Sendable, Equatable {
        case patient(Patient)
        case response(QuestionnaireResponse)
        case observation(Observation)

        public func encode(to encoder: any Encoder) throws {
            switch self {
            case .patient(let one): try one.encode(to: encoder)
            case .response(let one): try one.encode(to: encoder)
            case .observation(let one): try one.encode(to: encoder)
            }
        }
    }

    public struct Bundle: Encodable, Sendable, Equatable {
        public struct Entry: Encodable, Sendable, Equatable {
            public var fullUrl: String
            public var resource: Resource
        }
        public var resourceType = "Bundle"
        public var type = "collection"
        public var timestamp: String
        public var entry: [Entry]
    }
}
