import Foundation

/// All models at once: their weights lie side by side, so that a feature is looked up once for all of them.
public struct ModelSet: Sendable {
    /// As many as fit one row of weights.
    static let most = 16

    public internal(set) var cards: [ModelCard]
    /// How many words the short ones of them read at most: each length once.
    let lengths: [Int]
    private let rows: [Int16]

    /// - Throws: `ModelFault` where there are more than `most`.
    public init(_ models: [Model]) throws(ModelFault) {
        guard models.count <= Self.most else { throw ModelFault(model: models[Self.most].card.id, problem: "more than 16 models") }
        var rows = [Int16](repeating: 0, count: Features.buckets * Self.most)
        for (place, model) in models.enumerated() {
            rows.withUnsafeMutableBufferPointer { rows in
                var at = place
                for weight in model.weights {
                    rows[at] = weight
                    at += Self.most
                }
            }
        }
        cards = models.map(\.card)
        lengths = Set(cards.compactMap(\.mostWords)).sorted()
        self.rows = rows
    }

    /// No models: rules alone.
    public static let none = ModelSet()
    private init() { (cards, lengths, rows) = ([], [], []) }

    public var version: String { cards.map(\.version).joined() }

    /// The calibrated share of each model for some of the words, in the order of `cards`.
    func shares(_ reading: Reading, in words: Range<Int>) -> [Double] {
        guard !cards.isEmpty, !words.isEmpty else { return cards.map { _ in 0 } }
        var seen = Features.Seen()
        var sums = SIMD16<Int32>()
        let count = rows.withUnsafeBytes { rows in
            Features.each(of: reading, in: words) { bucket, _ in
                guard seen.insert(bucket) else { return }
                let row = rows.loadUnaligned(fromByteOffset: bucket * Self.most * 2, as: SIMD16<Int16>.self)
                sums &+= SIMD16<Int32>(truncatingIfNeeded: row)
            }
        }
        let length = Double(max(1, count)).squareRoot()
        return cards.indices.map { 1 / (1 + exp(-(Double(sums[$0]) * cards[$0].scale / length + cards[$0].bias))) }
    }

    /// The words that spoke most for a model among some, at most three, as places in the text.
    func words(behind model: Int, in reading: Reading, _ words: Range<Int>) -> [Span] {
        var seen = Features.Seen()
        var parts = [Int](repeating: 0, count: words.count)
        _ = Features.each(of: reading, in: words) { bucket, token in
            if seen.insert(bucket) { parts[token - words.lowerBound] += Int(rows[bucket * Self.most + model]) }
        }
        let best = parts.indices.filter { parts[$0] > 0 }.sorted { (parts[$1], $0) < (parts[$0], $1) }.prefix(3)
        return best.sorted().map { reading.tokens[words.lowerBound + $0] }.map { Span(start: $0.start, end: $0.end) }
    }
}

/// A model file that can not be used stops the start, by name.
public struct ModelFault: Error, Equatable, CustomStringConvertible {
    public var model: String
    public var problem: String
    public var description: String { "model \(model): \(problem)" }
}
