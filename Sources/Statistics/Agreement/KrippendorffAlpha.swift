/// Any number of readers, any of them missing, on any scale: Krippendorff's alpha.
///
/// - Assumes that who coded what was left to chance: missing codes say nothing of the unit.
/// - Parameters:
///   - ratings: one list for each reader, one place for each item; nil where they did not read it.
///   - scale: what a disagreement weighs.
/// - Returns: 1 for full agreement, 0 for chance, below 0 for worse.
/// - Limits: where nearly all items have one class it falls although readings agree.
/// - Source: Krippendorff K. Computing Krippendorff's Alpha-Reliability, 2011.
///
/// Example: two readers who agree on items of two classes have 1.
public func krippendorffAlpha(_ ratings: [[Int?]], scale: AgreementScale) throws(NotComputable) -> Double {
    let items = ratings.first?.count ?? 0
    try require(ratings.count >= 2 && ratings.allSatisfy { $0.count == items }, "two readers or more, one place for each item")
    let units = (0..<items).map { item in ratings.compactMap { $0[item] } }.filter { $0.count > 1 }
    try require(!units.isEmpty, "no item was read twice")
    let classes = Set(units.joined()).sorted()
    try require(classes.count > 1, "every item has the same class: alpha has no value")
    let place = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
    let k = classes.count
    var together = Matrix(zeros: k, k)
    for unit in units {
        for i in unit.indices {
            for j in unit.indices where i != j {
                if let a = place[unit[i]], let b = place[unit[j]] { together[a, b] += 1 / Double(unit.count - 1) }
            }
        }
    }
    let totals = (0..<k).map { together.row($0).reduce(0, +) }
    let n = totals.reduce(0, +)
    var (seen, chance) = (0.0, 0.0)
    for a in 0..<k {
        for b in 0..<k where a != b {
            let cost = scale.cost(a, b, classes: classes, totals: totals)
            seen += together[a, b] * cost
            chance += totals[a] * totals[b] * cost
        }
    }
    return 1 - (n - 1) * seen / chance
}

/// What the classes are: names, an order, or numbers with equal steps.
public enum AgreementScale: Sendable, CaseIterable {
    case nominal, ordinal, interval

    func cost(_ a: Int, _ b: Int, classes: [Int], totals: [Double]) -> Double {
        switch self {
        case .nominal: 1
        case .interval: square(Double(classes[a] - classes[b]))
        case .ordinal: square(totals[min(a, b)...max(a, b)].reduce(0, +) - (totals[a] + totals[b]) / 2)
        }
    }
}
