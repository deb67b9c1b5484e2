/// The plain measures of a list of numbers.
public extension Collection where Element == Double {
    /// The arithmetic mean; nil of an empty list.
    var mean: Double? { isEmpty ? nil : reduce(0, +) / Double(count) }

    /// The sample variance, over n - 1; nil below two values.
    var variance: Double? {
        guard count > 1, let middle = mean else { return nil }
        return reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(count - 1)
    }

    /// The sample standard deviation; nil below two values.
    var deviation: Double? { variance?.squareRoot() }

    /// Type 7, as R and numpy take it by default: linear between the two nearest of the ordered values. `p` from 0 to 1.
    ///
    /// - Source: Hyndman RJ, Fan Y. Am Stat 1996;50:361-365.
    func quantile(_ p: Double) -> Double? {
        precondition((0...1).contains(p), "a share is between 0 and 1")
        return sorted().quantileOfSorted(p)
    }

    internal func quantileOfSorted(_ p: Double) -> Double? {
        guard !isEmpty else { return nil }
        let place = p * Double(count - 1)
        let below = Int(place)
        let left = self[index(startIndex, offsetBy: below)]
        guard below + 1 < count else { return left }
        return left + (place - Double(below)) * (self[index(startIndex, offsetBy: below + 1)] - left)
    }
}

/// Pearson's correlation; nil where one list does not vary.
public func correlation(_ x: [Double], _ y: [Double]) -> Double? {
    precondition(x.count == y.count, "as many x as y")
    guard let mx = x.mean, let my = y.mean else { return nil }
    let sxy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let sxx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let syy = y.reduce(0) { $0 + ($1 - my) * ($1 - my) }
    return sxx > 0 && syy > 0 ? sxy / (sxx * syy).squareRoot() : nil
}
