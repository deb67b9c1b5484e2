/// The expected calibration error: how far predicted shares are from what happened, in ten bins of equal width, weighted by
/// how many items fall into each.
///
/// - Assumes predictions between 0 and 1.
/// - Limits: depends on the bins; biased upwards in small samples; says nothing about ranking.
/// - Source: Naeini MP, Cooper GF, Hauskrecht M. AAAI 2015.
///
/// Example: two predictions of 0.25, one true, give 0.25.
public func calibrationError(_ items: [(share: Double, isPositive: Bool)], bins: Int = 10) -> Double? {
    precondition(bins > 0, "at least one bin")
    guard !items.isEmpty else { return nil }
    var sums = [(count: Int, shares: Double, positives: Int)](repeating: (0, 0, 0), count: bins)
    for item in items {
        precondition((0...1).contains(item.share), "a share is between 0 and 1")
        let bin = min(bins - 1, Int(item.share * Double(bins)))
        sums[bin].count += 1
        sums[bin].shares += item.share
        sums[bin].positives += item.isPositive ? 1 : 0
    }
    return sums.reduce(0) { $0 + abs($1.shares - Double($1.positives)) } / Double(items.count)
}
