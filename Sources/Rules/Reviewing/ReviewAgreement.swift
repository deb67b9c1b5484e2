import Statistics

/// How far two readers agree at one stage, by what each said first.
public struct ReviewAgreement: Sendable, Equatable {
    public let records: Int
    public let share: Double
    /// Nil where both gave every record the same verdict.
    public let kappa: Double?
    public let ac1: Double

    /// Nil where no record was read by two.
    public init?(_ pairs: [[ReviewVerdict]]) throws(NotComputable) {
        let two = pairs.filter { $0.count == 2 }
        guard !two.isEmpty else { return nil }
        func code(_ verdict: ReviewVerdict) -> Int {
            switch verdict {
            case .take: 0
            case .leave: 1
            case .unsure: 2
            }
        }
        let (a, b) = (two.map { code($0[0]) }, two.map { code($0[1]) })
        // A class that nobody used is none: it would only dilute.
        let classes = (a + b).contains(2) ? [0, 1, 2] : [0, 1]
        let found = try Kappa(a, b, classes: classes)
        (records, share, kappa, ac1) = (two.count, found.agreement, found.kappa, found.ac1)
    }
}
