import Foundation

/// Who does how much: one number of at least 0 for each member, those who do nothing included.
///
/// - Assumes acts of one kind, counted over one time, of everybody who could have done any.
/// - Limits: of few members each share says little. The bands of 1, 9 and 90 % are a habit of speech, not a law.
/// - Source: Hirschman AO. 1964 (index of concentration); van Mierlo T. J Med Internet Res 2014;16:e33 (1-9-90); Shannon CE. 1948.
///
/// Example: 3 and 9 give an index of 0.625; the busier one has 0.75.
public struct Participation: Sendable, Equatable {
    public let members: Int
    public let total: Double
    /// The Gini index in population form, and times n / (n - 1); nil where nobody does anything.
    public let gini: Double?
    public let unbiasedGini: Double?
    /// Sum of squared shares: 1 / n when all do the same, 1 when one does all.
    public let herfindahl: Double?
    /// -Σ p ln p / ln n: 1 when all do the same, 0 when one does all.
    public let evenness: Double?
    public let silent: Int
    private let descending: [Double]

    public init(_ loads: [Double]) throws(NotComputable) {
        try require(!loads.isEmpty, "nobody to count")
        try require(loads.allSatisfy { $0 >= 0 && $0.isFinite }, "a load is a finite number of at least 0")
        let (n, sum) = (Double(loads.count), loads.reduce(0, +))
        (members, total) = (loads.count, sum)
        gini = Statistics.gini(loads)
        unbiasedGini = loads.count > 1 ? gini.map { $0 * n / (n - 1) } : nil
        herfindahl = sum > 0 ? loads.reduce(0) { $0 + square($1 / sum) } : nil
        evenness =
            sum > 0
            ? (loads.count == 1 ? 0 : max(0, -loads.reduce(0) { $0 + ($1 > 0 ? $1 / sum * log($1 / sum) : 0) } / log(n))) : nil
        silent = loads.count { $0 == 0 }
        descending = loads.sorted(by: >)
    }

    /// The share of all that the most active `part` (0 to 1, rounded up to whole people) does.
    public func share(ofTop part: Double) -> Double? { share(0..<most(part)) }

    /// The most active 1 %, the next 9 %, and the rest; each rounded up to whole people while there are any.
    public var bands: (superusers: Double, contributors: Double, rest: Double)? {
        let first = most(0.01)
        let second = min(members, first + most(0.09))
        guard let a = share(0..<first), let b = share(first..<second), let c = share(second..<members) else { return nil }
        return (a, b, c)
    }

    // A product such as 0.01 × 300 must not rise to 4 by its last digit.
    private func most(_ part: Double) -> Int { min(members, Int((part * Double(members) - 1e-9).rounded(.up))) }
    private func share(_ places: Range<Int>) -> Double? { total > 0 ? descending[places].reduce(0, +) / total : nil }
}
