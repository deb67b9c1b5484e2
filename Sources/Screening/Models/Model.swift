/// One small linear model: a weight for each feature, and what its sum means. It orders what the rules did not see; it never
/// says "urgent", and it lowers nothing.
public struct Model: Sendable, Equatable {
    public let card: ModelCard
    /// One for each of `Features.buckets`, to be multiplied by the card's `scale`.
    let weights: [Int16]

    /// As far as fourteen bits go: so that no sum of a text's features, each once, leaves 32.
    static let largestWeight: Int16 = 8191

    /// - Throws: `ModelFault` where the card says what no model can do.
    init(card: ModelCard, weights: [Int16]) throws(ModelFault) {
        if let problem = card.problem { throw ModelFault(model: card.id, problem: problem) }
        guard weights.allSatisfy({ abs(Int($0)) <= Int(Self.largestWeight) }) else {
            throw ModelFault(model: card.id, problem: "a weight is beyond \(Self.largestWeight)")
        }
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
    /// The least calibrated share (0 to 1) at which it says a level, "low" to "high"; a level that is missing is never said.
    public var levels: [String: Double]
    /// Only looks at answers.
    public var repliesOnly: Bool
    /// A shorter text is left to the rules.
    public var leastWords: Int
    /// Where a model learned from short sentences: of a longer text it reads one sentence after the other.
    public var mostWords: Int?
    /// What a weight is multiplied by, and what is added to the sum: then log odds, of which the share is made.
    public var scale: Double
    public var bias: Double
    public var trained: [Trained]
    public var limits: String
    /// Of the weights and of all on the card that decides, so that an old answer can be explained by the model of its day.
    public var version: String

    public struct Trained: Sendable, Codable, Equatable {
        public var set: String
        public var license: String
        public var items: Int
        public var positives: Int
    }

    /// What is wrong with it; nil where nothing is.
    var problem: String? {
        if leastWords < 0 { return "leastWords is below 0" }
        if let mostWords, mostWords < max(3, leastWords) { return "mostWords is below \(max(3, leastWords))" }
        for (name, share) in levels.sorted(by: { $0.key < $1.key }) {
            guard let level = Level(code: name), level > .none, level < .urgent else { return "\(name) is no level that a model may say" }
            if !(share > 0 && share < 1) { return "the share of \(name) is not between 0 and 1" }
        }
        if !(scale.isFinite && scale > 0 && bias.isFinite) { return "scale or bias is no number to count with" }
        return nil
    }

    /// Of what decides: not of its words, which may be mended.
    func version(with weights: [Int16]) -> String {
        let cuts = levels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.bitPattern)" }.joined(separator: ",")
        let deciding =
            "\(id)|\(kind.rawValue)|\(cuts)|\(repliesOnly)|\(leastWords)|\(mostWords ?? -1)|\(scale.bitPattern)|\(bias.bitPattern)|"
        var hash = Hash()
        for byte in deciding.utf8 { hash.add(byte) }
        weights.withUnsafeBytes { bytes in for byte in bytes { hash.add(byte) } }
        let digits = String(hash.value, radix: 16)
        return String((String(repeating: "0", count: 16 - digits.count) + digits).prefix(8))
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
