import Foundation

/// Repeated measures of the same people (or people in the same groups): a straight line for all, and each one's own level.
///
/// y = Xb + u(person) + e, both normal; by restricted maximum likelihood for the variances, or maximum likelihood to compare
/// fixed parts. For each ratio of the variances the rest has a closed form, so one search over that ratio is all.
///
/// Tests nothing by itself: a coefficient over its error is near normal where there are many people.
///
/// - Assumes visits missed at random given what was seen; one spread at every visit.
/// - Limits: a random level only, no random slope; intervals are the normal's, a little narrow for few people.
/// - Source: Laird NM, Ware JH. Biometrics 1982;38:963-974.
///
/// Example: people who never vary have a residual variance of 0, and are refused.
public struct MixedModel: Sendable {
    public enum Method: Sendable { case restricted, full }

    public let coefficients: [Double]
    public let standardErrors: [Double]
    public let varianceOfPeople: Double
    public let varianceWithin: Double
    public let logLikelihood: Double

    /// The share of the variance that is between people.
    public var icc: Double { varianceOfPeople / (varianceOfPeople + varianceWithin) }

    public init(_ design: Matrix, _ outcome: [Double], person: [Int], method: Method) throws(NotComputable) {
        precondition(design.rows == outcome.count && person.count == outcome.count, "one outcome and one person for each row")
        try requireFinite(design.values, "terms")
        try requireFinite(outcome, "outcomes")
        let rows = Dictionary(grouping: person.indices, by: { person[$0] }).sorted { $0.key < $1.key }.map(\.value)
        try require(rows.count >= 2 && rows.contains { $0.count > 1 }, "two people or more, one of them seen more than once")
        try require(design.rows > design.columns + 1, "more visits than terms")
        // A plain fit refuses terms that follow from each other.
        _ = try LeastSquares(design, outcome)
        let sums = rows.map { GroupSums($0, design, outcome) }
        let solved = { (ratio: Double) in Solved(ratio, sums, rows: design.rows, method: method) }
        // The ratio runs from 0 to infinity; x / (1 - x) brings it between 0 and 1.
        let best = least(between: 0, and: 1 - 1e-9) { x in solved(x / (1 - x)).map { -$0.logLikelihood } ?? .infinity }
        guard let atBest = solved(best / (1 - best)), let atZero = solved(0) else {
            throw NotComputable("one term follows from the others, or nobody varies")
        }
        let chosen = atZero.logLikelihood >= atBest.logLikelihood ? atZero : atBest
        coefficients = chosen.coefficients
        varianceWithin = chosen.scale
        varianceOfPeople = chosen.scale * chosen.ratio
        standardErrors = chosen.inverse.diagonal.map { ($0 * chosen.scale).squareRoot() }
        logLikelihood = chosen.logLikelihood
    }

    /// y ~ week × arm, as trials with several visits ask it: intercept, week, arm, week:arm.
    public init(outcome: [Double], week: [Double], arm: [Double], person: [Int], method: Method) throws(NotComputable) {
        try require(
            week.count == outcome.count && arm.count == outcome.count && person.count == outcome.count,
            "a week, an arm and a person for each outcome")
        let design = Matrix(columns: [outcome.map { _ in 1 }, week, arm, zip(week, arm).map { $0 * $1 }])
        try self.init(design, outcome, person: person, method: method)
    }
}

/// What the likelihood needs of one person's rows.
private struct GroupSums {
    let count: Double
    let xx: Matrix
    let xy: [Double]
    let yy: Double
    /// Column sums of the terms, and the sum of the outcome.
    let x: [Double]
    let y: Double

    init(_ rows: [Int], _ design: Matrix, _ outcome: [Double]) {
        let k = design.columns
        var (xx, xy, x, yy, y) = (Matrix(zeros: k, k), [Double](repeating: 0, count: k), [Double](repeating: 0, count: k), 0.0, 0.0)
        for row in rows {
            for i in 0..<k {
                let left = design[row, i]
                for j in 0..<k { xx[i, j] += left * design[row, j] }
                xy[i] += left * outcome[row]
                x[i] += left
            }
            yy += outcome[row] * outcome[row]
            y += outcome[row]
        }
        (count, self.xx, self.xy, self.yy, self.x, self.y) = (Double(rows.count), xx, xy, yy, x, y)
    }
}

private struct Solved {
    let ratio: Double
    let coefficients: [Double]
    let inverse: Matrix
    let scale: Double
    let logLikelihood: Double

    /// Nil where the terms can not be told apart, or nothing is left to vary.
    init?(_ ratio: Double, _ groups: [GroupSums], rows: Int, method: MixedModel.Method) {
        let k = groups[0].x.count
        var (xvx, xvy, yvy, logDeterminant) = (Matrix(zeros: k, k), [Double](repeating: 0, count: k), 0.0, 0.0)
        for group in groups {
            let shrink = ratio / (1 + group.count * ratio)
            logDeterminant += log(1 + group.count * ratio)
            for i in 0..<k {
                for j in 0..<k { xvx[i, j] += group.xx[i, j] - shrink * group.x[i] * group.x[j] }
                xvy[i] += group.xy[i] - shrink * group.x[i] * group.y
            }
            yvy += group.yy - shrink * group.y * group.y
        }
        let cholesky: Cholesky
        do { cholesky = try Cholesky(xvx) } catch { return nil }
        coefficients = cholesky.solve(xvy)
        let rest = yvy - zip(coefficients, xvy).reduce(0) { $0 + $1.0 * $1.1 }
        let n = method == .restricted ? Double(rows - k) : Double(rows)
        guard rest > 1e-12 * yvy else { return nil }
        scale = rest / n
        inverse = cholesky.inverse()
        self.ratio = ratio
        let restricted = method == .restricted ? cholesky.logDeterminant : 0
        logLikelihood = -0.5 * (n * log(2 * .pi * scale) + n + logDeterminant + restricted)
    }
}

/// The share of the variance that lies between people or groups, by the analysis of variance: ICC(1), and what it costs.
///
/// - Source: Donner A. Int Stat Rev 1986;54:67-82; the design effect after Kish L. Survey Sampling, 1965.
///
/// Example: groups that agree wholly have 1.
public struct ClusterICC: Sendable, Equatable {
    /// Can fall below 0 where groups differ less than chance.
    public let icc: Double
    /// The group size that unequal groups come to.
    public let effectiveSize: Double
    /// How many times the people a sample of groups needs: 1 + (mean size - 1) × ICC.
    public let designEffect: Double

    public init(_ values: [Double], group: [Int]) throws(NotComputable) {
        try require(values.count == group.count, "one group for each value")
        try requireFinite(values, "values")
        let groups = Dictionary(grouping: values.indices, by: { group[$0] }).sorted { $0.key < $1.key }.map { $0.value.map { values[$0] } }
        let (n, k) = (Double(values.count), Double(groups.count))
        try require(k >= 2 && n > k, "two groups or more, one of them of two or more")
        let grand = values.reduce(0, +) / n
        var (between, within) = (0.0, 0.0)
        for one in groups {
            let mean = one.reduce(0, +) / Double(one.count)
            between += Double(one.count) * square(mean - grand)
            within += one.reduce(0) { $0 + square($1 - mean) }
        }
        (between, within) = (between / (k - 1), within / (n - k))
        effectiveSize = (n - groups.reduce(0) { $0 + square(Double($1.count)) } / n) / (k - 1)
        let below = between + (effectiveSize - 1) * within
        try require(below > 0, "nothing varies")
        icc = (between - within) / below
        designEffect = 1 + (n / k - 1) * icc
    }
}
