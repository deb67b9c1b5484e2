/// How well scores put positives before negatives.
///
/// - Assumes independent items; ties count half.
/// - Limits: nil without positives or without negatives; ranking says nothing about whether a score is a true share.
/// - Source: Hanley JA, McNeil BJ. Radiology 1982;143:29-36 (area and its standard error); average precision as the sum of
///   precision times the step in recall.
///
/// Example: scores 0.9+, 0.8-, 0.7+, 0.1- give an area of 0.75.
public struct RankAccuracy: Sendable {
    /// From the highest score down; equal scores are one step.
    private let steps: [(positives: Int, negatives: Int)]
    public let positives: Int
    public let negatives: Int

    public init(_ items: [(score: Double, isPositive: Bool)]) {
        var steps: [(positives: Int, negatives: Int)] = []
        var last: Double?
        for item in items.sorted(by: { $0.score > $1.score }) {
            if item.score != last { steps.append((0, 0)) }
            if item.isPositive { steps[steps.count - 1].positives += 1 } else { steps[steps.count - 1].negatives += 1 }
            last = item.score
        }
        self.steps = steps
        positives = steps.reduce(0) { $0 + $1.positives }
        negatives = steps.reduce(0) { $0 + $1.negatives }
    }

    /// The area under the receiver's curve: the chance that a positive stands before a negative.
    public var area: Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var (above, sum) = (0.0, 0.0)
        for step in steps {
            sum += Double(step.negatives) * (above + Double(step.positives) / 2)
            above += Double(step.positives)
        }
        return sum / (Double(positives) * Double(negatives))
    }

    /// Of the area, after Hanley and McNeil.
    public var standardError: Double? {
        guard let a = area else { return nil }
        let (p, n) = (Double(positives), Double(negatives))
        let (q1, q2) = (a / (2 - a), 2 * a * a / (1 + a))
        return ((a * (1 - a) + (p - 1) * (q1 - a * a) + (n - 1) * (q2 - a * a)) / (p * n)).squareRoot()
    }

    public var averagePrecision: Double? {
        guard positives > 0 else { return nil }
        var (hits, seen, sum) = (0, 0, 0.0)
        for step in steps {
            hits += step.positives
            seen += step.positives + step.negatives
            sum += Double(step.positives) / Double(positives) * Double(hits) / Double(seen)
        }
        return sum
    }

    /// The share of positives found where at most this share of negatives is flagged.
    public func recall(atFalsePositives most: Double) -> Double? {
        guard positives > 0, negatives > 0 else { return nil }
        var (hits, alarms, best) = (0, 0, 0)
        for step in steps {
            hits += step.positives
            alarms += step.negatives
            if Double(alarms) <= most * Double(negatives) { best = hits }
        }
        return Double(best) / Double(positives)
    }
}
