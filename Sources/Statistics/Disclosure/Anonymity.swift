/// How well rows of a data set hide who they are: classes of people who look alike in what others may know of them.
///
/// - Assumes that the named columns are all that somebody else could know.
/// - Limits: k alone hides nobody where a class shares one secret: look at l and t too.
/// - Source: Sweeney L. 2002 (k); Machanavajjhala A et al. 2007 (l, distinct values); Li N, Li T, Venkatasubramanian S. 2007 (t, here
///   with the total variation distance).
///
/// Example: two alike with two secrets: k 2, l 2.
public struct Anonymity: Sendable, Equatable {
    public let k: Int
    public let l: Int
    public let t: Double
    public let classes: Int
    private let sizes: [Int]

    /// - Parameter rows: for each person what others may know, and what they must not learn.
    public init(_ rows: [(known: [String], secret: String)]) throws(NotComputable) {
        try require(!rows.isEmpty, "no rows")
        let groups = Dictionary(grouping: rows, by: \.known).mapValues { $0.map(\.secret) }
        let all = Self.shares(rows.map(\.secret))
        sizes = groups.values.map(\.count)
        k = sizes.min() ?? 0
        l = groups.values.map { Set($0).count }.min() ?? 0
        classes = groups.count
        t =
            groups.values.map { group in
                let own = Self.shares(group)
                return all.reduce(0) { $0 + abs(own[$1.key, default: 0] - $1.value) } / 2
            }.max() ?? 0
    }

    /// Rows that stand in a class of fewer than `wanted`.
    public func atRisk(below wanted: Int) -> Int { sizes.filter { $0 < wanted }.reduce(0, +) }

    private static func shares(_ secrets: [String]) -> [String: Double] {
        secrets.reduce(into: [:]) { $0[$1, default: 0] += 1 / Double(secrets.count) }
    }
}
