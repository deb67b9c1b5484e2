import Foundation

/// What a host's own moderators taught the screen: other cut-offs for models, and rules that were found too loud. A file of the
/// host's, made by `understory screen calibrate`, laid over the shipped rules and models at the start.
public struct Adjustment: Sendable, Codable, Equatable {
    /// By model: the least share for each level.
    public var models: [String: [String: Double]]
    /// By rule: the highest level it may say.
    public var rules: [String: String]

    public init(models: [String: [String: Double]] = [:], rules: [String: String] = [:]) {
        self.models = models
        self.rules = rules
    }

    /// Tells this adjustment from any other, so that an old answer can be explained.
    var mark: String {
        let models = models.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.sorted { $0.key < $1.key })" }
        let rules = rules.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return String(Hash.of((models + rules).joined(separator: "\n").utf8), radix: 16)
    }

    /// Fewer decided examples than this teach nothing.
    public static let leastExamples = 30
    static let leastOfEach = 10

    /// A model's cut-offs moved so that a share means on the host's items what it meant on the examples it was made from:
    /// Platt's scaling of the shares (`LogisticFit.calibrated`), carried back to them. Nil while there are too few examples.
    ///
    /// Where somebody may be in danger a cut-off is only ever lowered: a host's decisions may make more be seen, never less.
    public static func cutOffs(of card: ModelCard, _ decided: [(share: Double, wasRight: Bool)]) -> [String: Double]? {
        let right = decided.count { $0.wasRight }
        guard decided.count >= leastExamples, right >= leastOfEach, decided.count - right >= leastOfEach else { return nil }
        func logit(_ share: Double) -> Double { let held = min(max(share, 1e-6), 1 - 1e-6); return log(held / (1 - held)) }
        let fit = LogisticFit.calibrated(decided.map { (logit($0.share), $0.wasRight) })
        guard fit.slope > 0.05 else { return nil }  // the shares do not order these decisions: they say nothing of a cut-off
        return card.levels.mapValues { cut in
            let moved = 1 / (1 + exp(-(logit(cut) - fit.constant) / fit.slope))
            let bounded = min(max(moved, cut / 2), (1 + cut) / 2)  // one calibration does not turn a model over
            return card.kind.isAboutRisk ? min(bounded, cut) : bounded
        }
    }

    /// May decisions make this rule speak more quietly? Never one that is about danger.
    public static func mayLower(_ rule: Rule) -> Bool { !rule.kind.isAboutRisk && rule.level > .low }
}

extension Screen {
    /// The same screen with a host's adjustment laid over it. What is unknown in it, or would make danger less seen, is passed over.
    public func adjusted(by adjustment: Adjustment) -> Screen {
        Screen(rules: rules.adjusted(by: adjustment), models: models.adjusted(by: adjustment), workLimit: workLimit)
    }
}

extension RuleSet {
    func adjusted(by adjustment: Adjustment) -> RuleSet {
        guard !adjustment.rules.isEmpty else { return self }
        var made = self
        made.version += "*" + adjustment.mark
        made.rules = rules.map { rule in
            guard let most = adjustment.rules[rule.id].flatMap(Level.init(code:)), most > .none, Adjustment.mayLower(rule) else {
                return rule
            }
            var rule = rule
            rule.level = min(rule.level, most)
            return rule
        }
        return made
    }
}

extension ModelSet {
    func adjusted(by adjustment: Adjustment) -> ModelSet {
        guard !adjustment.models.isEmpty else { return self }
        var made = self
        made.cards = cards.map { card in
            guard let levels = adjustment.models[card.id] else { return card }
            var card = card
            for (level, cut) in card.levels {
                guard let own = levels[level], own > 0, own < 1 else { continue }
                card.levels[level] = card.kind.isAboutRisk ? min(own, cut) : own
            }
            card.version += "*" + adjustment.mark  // an answer tells that the host's own cut-offs spoke, and which
            return card
        }
        return made
    }
}
