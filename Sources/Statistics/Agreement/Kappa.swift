/// Two readers of the same things: how often they agree, beyond chance.
///
/// - Assumes that both read every item by themselves.
/// - Limits: where a class is rare kappa falls although nearly all readings agree; print it beside `ac1` and the plain share.
/// - Source: Cohen J. Educ Psychol Meas 1960;20:37-46 and Psychol Bull 1968;70:213-220; its error after Fleiss JL, Cohen J,
///   Everitt BS. Psychol Bull 1969;72:323-327; Gwet KL. Br J Math Stat Psychol 2008;61:29-48.
///
/// Example: yes-yes 20, yes-no 5, no-yes 10, no-no 15: agreement 0.7, kappa 0.4.
public struct Kappa: Sendable, Equatable {
    public enum Weight: Sendable { case none, linear, quadratic }

    public let agreement: Double
    /// Nil where both gave every item the same class: chance alone would agree wholly.
    public let kappa: Double?
    public let standardError: Double?
    /// Gwet's AC1.
    public let ac1: Double
    private let joint: Matrix
    private let rows: [Double]
    private let columns: [Double]

    /// - Parameters: one class for each item from either reader; `classes` in their order, two at least.
    public init(_ a: [Int], _ b: [Int], classes: [Int]) throws(NotComputable) {
        try require(a.count == b.count && !a.isEmpty, "both read the same items, one or more")
        try require(classes.count >= 2 && Set(classes).count == classes.count, "two classes or more, each once")
        let place = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, $0) })
        let k = classes.count
        // Counted whole and divided once: sums of 1/n are not 1.
        var counts = Matrix(zeros: k, k)
        for (x, y) in zip(a, b) {
            guard let i = place[x], let j = place[y] else { throw NotComputable("a reading outside the classes") }
            counts[i, j] += 1
        }
        let n = Double(a.count)
        let joint = Matrix(rows: k, columns: k, values: counts.values.map { $0 / n })
        let (rows, columns) = Self.margins(counts, n)
        agreement = counts.diagonal.reduce(0, +) / n
        let chance = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
        if chance < 1 {
            let found = (agreement - chance) / (1 - chance)
            var (inner, outer) = (0.0, 0.0)
            for i in 0..<k {
                inner += joint[i, i] * square(1 - (rows[i] + columns[i]) * (1 - found))
                for j in 0..<k where i != j { outer += joint[i, j] * square(columns[i] + rows[j]) }
            }
            let spread = inner + square(1 - found) * outer - square(found - chance * (1 - found))
            (kappa, standardError) = (found, (max(0, spread) / n).squareRoot() / (1 - chance))
        } else {
            (kappa, standardError) = (nil, nil)
        }
        let middle = zip(rows, columns).map { ($0 + $1) / 2 }
        let gwet = middle.reduce(0) { $0 + $1 * (1 - $1) } / Double(k - 1)
        ac1 = (agreement - gwet) / (1 - gwet)
        (self.joint, self.rows, self.columns) = (joint, rows, columns)
    }

    /// 95 %, by the normal.
    public var interval: Interval? {
        kappa.flatMap { kappa in standardError.map { Interval(kappa - Normal.z95 * $0, kappa + Normal.z95 * $0) } }
    }

    /// Where neighbouring classes agree in part.
    public func weighted(_ weight: Weight) -> Double? {
        let k = joint.rows
        var (seen, chance) = (0.0, 0.0)
        for i in 0..<k {
            for j in 0..<k {
                let cost: Double =
                    switch weight {
                    case .none: i == j ? 0 : 1
                    case .linear: Double(abs(i - j))
                    case .quadratic: square(Double(i - j))
                    }
                seen += cost * joint[i, j]
                chance += cost * rows[i] * columns[j]
            }
        }
        return chance > 0 ? 1 - seen / chance : nil
    }

    private static func margins(_ counts: Matrix, _ n: Double) -> ([Double], [Double]) {
        let k = counts.rows
        return ((0..<k).map { i in counts.row(i).reduce(0, +) / n }, (0..<k).map { j in (0..<k).reduce(0) { $0 + counts[$1, j] } / n })
    }
}

/// Any number of readers who all read every item, in classes without order: Fleiss' kappa.
///
/// - Source: Fleiss JL. Psychol Bull 1971;76:378-382. Limits as for `Kappa`.
///
/// Example: three readers who agree everywhere, in more than one class, have 1.
public func fleissKappa(_ ratings: [[Int]]) throws(NotComputable) -> Double {
    let (raters, items) = (ratings.count, ratings.first?.count ?? 0)
    try require(raters >= 2 && items >= 1 && ratings.allSatisfy { $0.count == items }, "two readers or more, each of every item")
    var (agree, totals) = (0.0, [Int: Double]())
    for item in 0..<items {
        let counts = ratings.reduce(into: [Int: Double]()) { $0[$1[item], default: 0] += 1 }
        agree += (counts.values.reduce(0) { $0 + $1 * $1 } - Double(raters)) / Double(raters * (raters - 1))
        for (one, count) in counts { totals[one, default: 0] += count }
    }
    let seen = agree / Double(items)
    let chance = totals.values.reduce(0) { $0 + square($1 / Double(items * raters)) }
    try require(chance < 1, "everybody gave every item the same class: kappa has no value")
    return (seen - chance) / (1 - chance)
}
