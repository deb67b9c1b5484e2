import Foundation

extension ModelSet {
    /// Reads `<id>.json` and `<id>.weights` of a folder; an absent folder is an empty set only where a host says so.
    public init(folder: URL) throws {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "weights" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        try self.init(try files.map { try Model(weights: $0) })
    }
}

extension Model {
    init(weights file: URL) throws {
        let id = file.deletingPathExtension().lastPathComponent
        let bytes = try Data(contentsOf: file)
        let card = try JSONDecoder().decode(
            ModelCard.self, from: Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json")))
        guard card.id == id else { throw ModelFault(model: id, problem: "its card is called \(card.id)") }
        guard bytes.count == Features.buckets else { throw ModelFault(model: id, problem: "the weights are not whole") }
        let weights = bytes.map { Int8(bitPattern: $0) }
        guard card.version == Self.version(of: weights) else { throw ModelFault(model: id, problem: "the weights are not the card's") }
        self.init(card: card, weights: weights)
    }

    /// Writes both files. The same model writes the same bytes.
    public func write(to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = folder.appending(path: card.id)
        try Data(weights.map { UInt8(bitPattern: $0) }).write(to: file.appendingPathExtension("weights"))
        try (encoder.encode(card) + Data("\n".utf8)).write(to: file.appendingPathExtension("json"))
    }

    static func version(of weights: [Int8]) -> String {
        let hash = Hash.of(weights.lazy.map { UInt8(bitPattern: $0) })
        return String(hash, radix: 16).prefix(8).description
    }
}
