/// A screening's answers against the truth, counted: what it found and missed, left alone and held for nothing.
///
/// - Assumes that the truth is known for every item.
/// - Limits: predictive values belong to the share of positives in this very sample; for another share ask `positiveValue(at:)`.
/// - Source: Altman DG, Bland JM. BMJ 1994;308:1552 and 309:102.
///
/// Example: 18 found, 2 missed, 60 held for nothing, 1,920 left alone: sensitivity 0.9, specificity 0.9697.
public struct ScreeningTable: Sendable, Equatable {
    public var found: Int
    public var heldForNothing: Int
    public var missed: Int
    public var leftAlone: Int

    public init(found: Int = 0, heldForNothing: Int = 0, missed: Int = 0, leftAlone: Int = 0) {
        (self.found, self.heldForNothing, self.missed, self.leftAlone) = (found, heldForNothing, missed, leftAlone)
    }

    public mutating func count(isPositive: Bool, isFlagged: Bool) {
        switch (isPositive, isFlagged) {
        case (true, true): found += 1
        case (true, false): missed += 1
        case (false, true): heldForNothing += 1
        case (false, false): leftAlone += 1
        }
    }

    public var sensitivity: Wilson? { Wilson(found, of: found + missed) }
    public var specificity: Wilson? { Wilson(leftAlone, of: leftAlone + heldForNothing) }
    public var positiveValue: Wilson? { Wilson(found, of: found + heldForNothing) }
    public var negativeValue: Wilson? { Wilson(leftAlone, of: leftAlone + missed) }

    /// The F measure that counts a miss twice as much as a false alarm; nil when nothing is positive and nothing flagged.
    public var f2: Double? {
        let parts = 5 * found + 4 * missed + heldForNothing
        return parts == 0 ? nil : 5 * Double(found) / Double(parts)
    }

    /// By Bayes, where a share `prevalence` (0 to 1) of all items is positive.
    public func positiveValue(at prevalence: Double) -> Double? {
        guard let hit = sensitivity?.share, let calm = specificity?.share else { return nil }
        let (true_, false_) = (hit * prevalence, (1 - calm) * (1 - prevalence))
        return true_ + false_ == 0 ? nil : true_ / (true_ + false_)
    }

    /// Of 1,000 items where a share `prevalence` is positive: how many are flagged, and how many positives are not.
    public func alerts(perThousandAt prevalence: Double) -> Double? {
        guard let hit = sensitivity?.share, let calm = specificity?.share else { return nil }
        return 1000 * (hit * prevalence + (1 - calm) * (1 - prevalence))
    }
    public func missed(perThousandAt prevalence: Double) -> Double? {
        sensitivity.map { 1000 * (1 - $0.share) * prevalence }
    }
}
