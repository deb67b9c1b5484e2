/// One thing that is charted of each included study.
public struct ChartField: Sendable, Equatable, Decodable {
    public enum Kind: String, Sendable, Decodable { case line, words, choice, many }

    public let id: String
    public let name: String
    public let kind: Kind
    /// Of a choice, or of many.
    public let options: [String]?

    public init(id: String, name: String, kind: Kind, options: [String]? = nil) {
        (self.id, self.name, self.kind, self.options) = (id, name, kind, options)
    }

    public var faults: [String] {
        switch kind {
        case .line, .words: []
        case .choice, .many: (options?.count ?? 0) < 2 ? ["\(id) has fewer than two options"] : []
        }
    }

    /// May this stand in the field?
    public func takes(_ values: [String]) -> Bool {
        switch kind {
        case .line, .words: values.count <= 1
        case .choice: values.count <= 1 && values.allSatisfy { (options ?? []).contains($0) }
        case .many: Set(values).count == values.count && values.allSatisfy { (options ?? []).contains($0) }
        }
    }
}

/// Why a full text is left out.
public struct ExclusionReason: Sendable, Equatable, Decodable {
    public let id: String
    public let name: String

    public init(id: String, name: String) { (self.id, self.name) = (id, name) }
}
