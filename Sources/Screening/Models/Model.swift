/// One small linear model: a weight for each feature, and what its sum means. It orders what the rules did not see; it never
/// says "urgent", and it lowers nothing.
public struct Model: Sendable, Equatable {
    public let card: ModelCard
    /// One for each of `Features.buckets`, to be multiplied by the card's `scale`.
    let weights: [Int16]

    init(card: ModelCard, weights: [Int16]) {
        self.card = card
        self.weights = weights
    }
}

/// Who made a model of what, for whom, and how well it does: kept beside the weights and read with them.
public struct ModelCard: Sendable, Codable, Equatable {
    public var id: String
    public var kind: ConcernKind
    /// What is told when it speaks, in words a 16-year-old can read.
    public var why: String
    /// The least calibrated share at which it says a level; a level that is missing is never said.
    public var levels: [String: Double]
    /// Only looks at answers.
    public var repliesOnly: Bool
    /// A shorter text is left to the rules.
    public var leastWords: Int
    /// Where a model learned from short sentences: of a longer text it reads one sentence after the other.
    public var mostWords: Int?
    public var scale: Double
    public var bias: Double
    public var trained: [Trained]
    public var limits: String
    /// Of the weights, so that an old answer can be explained by the model of its day.
    public var version: String

    public struct Trained: Sendable, Codable, Equatable {
        public var set: String
        public var license: String
        public var items: Int
        public var positives: Int
    }

    func holds(words: Int) -> Bool { words >= leastWords && words <= mostWords ?? .max }

    /// - Parameter isInside: one sentence of a longer text. Of many one is odd by chance, so it must be twice as near to certain.
    func level(_ share: Double, isInside: Bool = false) -> Level {
        Level.allCases.last { level in
            guard level != .none, level != .urgent, let least = levels[level.code] else { return false }
            return share >= (isInside ? 1 - (1 - least) / 2 : least)
        } ?? .none
    }
}
