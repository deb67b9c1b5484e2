/// Several outcomes tested at once: each p raised so that the whole keeps its promise.
public enum Multiplicity {
    /// No false finding among all with the chance stated: for primary outcomes. In the order given, at most 1.
    ///
    /// - Assumes valid p-values, however they hang together.
    /// - Limits: of many tests little is left to find; say beforehand which are the main ones.
    /// - Source: Holm S. Scand J Stat 1979;6:65-70.
    ///
    /// Example: 0.01 and 0.04 become 0.02 and 0.04.
    public static func holm(_ p: [Double]) throws(NotComputable) -> [Double] {
        try check(p)
        var (adjusted, highest) = (p, 0.0)
        for (rank, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated() {
            highest = max(highest, min(1, Double(p.count - rank) * p[place]))
            adjusted[place] = highest
        }
        return adjusted
    }

    /// The share of false findings among the findings: for exploration.
    ///
    /// - Source: Benjamini Y, Hochberg Y. J R Stat Soc B 1995;57:289-300.
    ///
    /// Example: 0.01 and 0.04 become 0.02 and 0.04.
    public static func benjaminiHochberg(_ p: [Double]) throws(NotComputable) -> [Double] {
        try check(p)
        var (adjusted, lowest) = (p, 1.0)
        for (rank, place) in p.indices.sorted(by: { p[$0] < p[$1] }).enumerated().reversed() {
            lowest = min(lowest, Double(p.count) / Double(rank + 1) * p[place])
            adjusted[place] = lowest
        }
        return adjusted
    }

    private static func check(_ p: [Double]) throws(NotComputable) {
        try require(p.allSatisfy { (0...1).contains($0) }, "a p lies from 0 to 1")
    }
}
