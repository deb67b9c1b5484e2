/// The Gini index of how a load is spread: 0 when everybody carries the same, near 1 when one carries all.
///
/// Population form: the mean absolute difference of all pairs over twice the mean, those who carry nothing included.
///
/// - Assumes loads of the same kind, counted over the same time; everybody who could have had one is among them, also with 0.
/// - Parameter loads: one number of at least 0 for each person.
/// - Returns: 0 to 1 - 1/n; nil without anybody, or when nobody carries anything.
/// - Limits: of few people it says little; compare only groups of about the same size.
/// - Source: Gini C. Variabilità e mutabilità, 1912; the form of Sen A. On Economic Inequality, 1973.
///
/// Example: loads 1, 1, 2 give (2 × (0 + 1 + 1)) / (2 × 9 × 4/3) = 1/6.
public func gini(_ loads: [Double]) -> Double? {
    precondition(loads.allSatisfy { $0 >= 0 && $0.isFinite }, "a load is a finite number of at least 0")
    let total = loads.reduce(0, +)
    guard total > 0 else { return nil }
    let count = Double(loads.count)
    // With the loads in order the sum over all pairs is a weighted sum: n log n instead of n squared.
    let weighted = loads.sorted().enumerated().reduce(0.0) { $0 + (2 * Double($1.offset) + 1 - count) * $1.element }
    return weighted / (count * total)
}
