import Foundation

/// Makes a model from a recipe and a folder of sets. Deterministic: the same recipe and sets give the same bytes.
public struct Trainer: Sendable {
    let rules: RuleSet
    let folder: URL
    /// Sentences that were invented for the models, and may lie beside them.
    let own: URL

    /// - Parameters: where `<set>.train.jsonl` of others lies, and `<set>.jsonl` of one's own.
    public init(rules: RuleSet, folder: URL, own: URL) {
        (self.rules, self.folder, self.own) = (rules, folder, own)
    }

    /// The set that is for measuring alone.
    static let apart = "apart"

    private struct Taken {
        var row: LogisticFit.Row
        var set: String
    }

    /// `tell` hears how far it is.
    public func model(_ recipe: Recipe, tell: (String) -> Void) throws -> Model {
        var taken: [Taken] = []
        var trained: [ModelCard.Trained] = []
        for source in recipe.sets {
            guard source.set != Self.apart else { throw ModelFault(model: recipe.id, problem: "what is kept apart teaches nothing") }
            guard source.most ?? 0 >= 0 else { throw ModelFault(model: recipe.id, problem: "most is below 0") }
            let examples = try Example.read(file(source.set, recipe)).prefix(source.most ?? .max)
            guard examples.isEmpty || examples.contains(where: source.isLabelled) else {
                throw ModelFault(model: recipe.id, problem: "no example of \(source.set) has a \(source.label)")
            }
            if let means = source.means {
                // Words that nobody wrote would make every sentence a "no", and say nothing.
                if let at = examples.firstIndex(where: { !source.isLabelled($0) }) {
                    throw ModelFault(model: recipe.id, problem: "\(source.set), line \(at + 1): no \(source.label)")
                }
                if let unknown = means.first(where: { word in !examples.contains { $0.words[source.label] == word } }) {
                    throw ModelFault(model: recipe.id, problem: "nothing in \(source.set) is \(unknown)")
                }
            }
            let rows = examples.map { row($0.text, isPositive: source.isPositive($0), recipe) }
            taken += rows.map { Taken(row: $0, set: source.set) }
            trained.append(
                .init(set: source.set, license: source.license, items: rows.count, positives: rows.count { $0.isPositive }))
        }
        tell("\(recipe.id): \(taken.count) examples")
        // Scores of examples that a fit did not see: from them, what a score is worth.
        var scores: [(score: Double, isPositive: Bool)] = []
        for fold in 0..<5 {
            let kept = taken.indices.filter { $0 % 5 != fold }.map { taken[$0].row }
            let fit = LogisticFit(rows: kept, factors: factors(kept), strength: recipe.strength)
            let weights = fit.fitted()
            for place in taken.indices where place % 5 == fold && (recipe.calibrateOn ?? taken[place].set) == taken[place].set {
                scores.append((fit.score(taken[place].row, weights), taken[place].row.isPositive))
            }
            tell("\(recipe.id): part \(fold + 1) of 5")
        }
        guard scores.contains(where: \.isPositive), scores.contains(where: { !$0.isPositive }) else {
            throw ModelFault(model: recipe.id, problem: "nothing to calibrate on: \(recipe.calibrateOn ?? "its sets") has not both answers")
        }
        let (slope, constant) = LogisticFit.calibrated(scores)
        let all = taken.map(\.row)
        let fit = LogisticFit(rows: all, factors: factors(all), strength: recipe.strength)
        return try model(recipe, fit, slope, constant, trained)
    }

    private func file(_ set: String, _ recipe: Recipe) throws -> URL {
        let files = [folder.appending(path: "\(set).train.jsonl"), own.appending(path: "\(set).jsonl")]
        guard let file = files.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw ModelFault(model: recipe.id, problem: "the set \(set) is in neither folder")
        }
        return file
    }

    private func model(
        _ recipe: Recipe, _ fit: LogisticFit, _ slope: Double, _ constant: Double, _ trained: [ModelCard.Trained]
    ) throws(ModelFault) -> Model {
        let fitted = fit.fitted()
        let whole = fit.factors.indices.map { fitted[$0] * fit.factors[$0] * slope }
        let largest = whole.reduce(1e-9) { max($0, abs($1)) }
        // Fourteen bits: with eight, one very large weight left nothing of the small ones; sums of any text still fit 32.
        let scale = largest / Double(Model.largestWeight)
        let weights = whole.map { Int16(($0 / scale).rounded()) }
        var card = ModelCard(
            id: recipe.id, kind: recipe.kind, why: recipe.why, levels: recipe.levels, repliesOnly: recipe.repliesOnly,
            leastWords: recipe.leastWords, mostWords: recipe.mostWords, scale: rounded(scale),
            bias: rounded(fitted[fit.factors.count] * slope + constant),
            trained: trained, limits: recipe.limits, version: "")
        card.version = card.version(with: weights)
        return try Model(card: card, weights: weights)
    }

    /// Nine figures: enough, and the same on every machine.
    private func rounded(_ number: Double) -> Double {
        let size = pow(10, 9 - ceil(log10(max(abs(number), 1e-12))))
        return (number * size).rounded() / size
    }

    private func row(_ text: String, isPositive: Bool, _ recipe: Recipe) -> LogisticFit.Row {
        var reader = Reader(Array(text.utf8), folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let (places, count) = Features.distinct(of: reader.read())
        return .init(
            places: recipe.repliesOnly ? places : places.filter { $0 < Features.common },
            scale: 1 / Double(max(1, count)).squareRoot(), isPositive: isPositive,
            weight: isPositive ? recipe.positiveWeight : 1)
    }

    /// How telling a feature is by its rarity (inverse document frequency); what came once tells nothing.
    private func factors(_ rows: [LogisticFit.Row]) -> [Double] {
        var counts = [Int](repeating: 0, count: Features.buckets)
        for row in rows { for place in row.places { counts[Int(place)] += 1 } }
        return counts.map { $0 < 2 ? 0 : (log(Double(1 + rows.count) / Double(1 + $0)) + 1) / 6 }
    }
}
