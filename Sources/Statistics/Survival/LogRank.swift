/// Do groups leave (or get answered) at different times? The log-rank test over all of them.
///
/// Tests that the curves of all groups are one.
///
/// - Assumes that being censored tells nothing, and hazards that keep one ratio: where curves cross compare restricted means.
/// - Limits: says that they differ, not by how much.
/// - Source: Mantel N. Cancer Chemother Rep 1966;50:163-170; Peto R, Peto J. J R Stat Soc A 1972;135:185-207.
///
/// Example: two groups with the same times have a chi-square of 0.
public struct LogRank: Sendable, Equatable {
    public let chiSquared: Double
    public let df: Int
    public let p: Double

    /// - Parameter groups: two at least, each of one or more.
    public init(_ groups: [[KaplanMeier.Observation]]) throws(NotComputable) {
        try require(groups.count >= 2 && groups.allSatisfy { !$0.isEmpty }, "two groups or more, nobody's empty")
        let times = Set(groups.joined().filter(\.ended).map(\.time)).sorted()
        let k = groups.count
        var (gap, spread) = ([Double](repeating: 0, count: k), Matrix(zeros: k, k))
        let sorted = groups.map { $0.sorted { $0.time < $1.time } }
        var passed = [Int](repeating: 0, count: k)
        for time in times {
            var (atRisk, ended) = ([Double](repeating: 0, count: k), [Double](repeating: 0, count: k))
            for g in 0..<k {
                while passed[g] < sorted[g].count, sorted[g][passed[g]].time < time { passed[g] += 1 }
                atRisk[g] = Double(sorted[g].count - passed[g])
                var next = passed[g]
                while next < sorted[g].count, sorted[g][next].time == time {
                    if sorted[g][next].ended { ended[g] += 1 }
                    next += 1
                }
            }
            let (n, d) = (atRisk.reduce(0, +), ended.reduce(0, +))
            for g in 0..<k { gap[g] += ended[g] - d * atRisk[g] / n }
            guard n > 1 else { continue }
            let factor = d * (n - d) / (n - 1)
            for i in 0..<k {
                for j in 0..<k { spread[i, j] += factor * ((i == j ? atRisk[i] / n : 0) - atRisk[i] * atRisk[j] / (n * n)) }
            }
        }
        // Groups that were gone before anything ended tell nothing; of the others the last follows from the rest. Where nothing
        // ended at all no difference can be seen.
        let told = Array((0..<k).filter { spread[$0, $0] > 1e-12 }.dropLast())
        var inner = Matrix(zeros: told.count, told.count)
        for (i, a) in told.enumerated() { for (j, b) in told.enumerated() { inner[i, j] = spread[a, b] } }
        let own = told.map { gap[$0] }
        let solved = told.isEmpty ? [] : try solve(inner, own)
        chiSquared = zip(own, solved).reduce(0) { $0 + $1.0 * $1.1 }
        df = k - 1
        p = ChiSquared.upper(chiSquared, df: Double(k - 1))
    }
}
