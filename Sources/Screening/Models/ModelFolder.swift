import Foundation

extension ModelSet {
    /// Reads `<id>.json` and `<id>.weights` of a folder. A card without its weights, or a folder without a model, is a fault: who wants
    /// rules alone says so (`ModelSet.none`).
    public init(folder: URL) throws {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let weights = files.filter { $0.pathExtension == "weights" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        let known = Set(weights.map { $0.deletingPathExtension().lastPathComponent })
        for card in files where card.pathExtension == "json" && card.lastPathComponent != "recipes.json" {
            let id = card.deletingPathExtension().lastPathComponent
            guard known.contains(id) else { throw ModelFault(model: id, problem: "its weights are not there") }
        }
        guard !weights.isEmpty else { throw ModelFault(model: folder.lastPathComponent, problem: "the folder holds no model") }
        try self.init(try weights.map { try Model(weights: $0) })
    }
}

extension Model {
    init(weights file: URL) throws {
        let id = file.deletingPathExtension().lastPathComponent
        let bytes = try Data(contentsOf: file)
        let card: ModelCard
        do {
            card = try JSONDecoder().decode(
                ModelCard.self, from: Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json")))
        } catch { throw ModelFault(model: id, problem: "its card can not be read: \(error)") }
        guard card.id == id else { throw ModelFault(model: id, problem: "its card is called \(card.id)") }
        guard bytes.count == Features.buckets * 2 else { throw ModelFault(model: id, problem: "the weights are not whole") }
        // As they lie in the file, the lower byte first.
        #if _endian(big)
            #error("weights are read as they lie, the lower byte first")
        #endif
        let weights = bytes.withUnsafeBytes { raw in
            [Int16](unsafeUninitializedCapacity: Features.buckets) { weights, count in
                UnsafeMutableRawBufferPointer(weights).copyMemory(from: raw)
                count = Features.buckets
            }
        }
        if let problem = card.problem { throw ModelFault(model: id, problem: problem) }
        let version = card.version(with: weights)
        guard card.version == version else {
            throw ModelFault(model: id, problem: "the card says version \(card.version), and with these weights it is \(version)")
        }
        try self.init(card: card, weights: weights)
    }

    /// Writes both files. The same model writes the same bytes.
    public func write(to folder: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let file = folder.appending(path: card.id)
        try Data(Self.bytes(weights)).write(to: file.appendingPathExtension("weights"))
        try (encoder.encode(card) + Data("\n".utf8)).write(to: file.appendingPathExtension("json"))
    }

    /// Two bytes for each, the lower first.
    private static func bytes(_ weights: [Int16]) -> [UInt8] {
        weights.withUnsafeBytes { Array($0) }
    }
}
