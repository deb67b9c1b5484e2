import Testing

@testable import Statistics

/// Newcombe 1998, table II, method 10: the eight contrasts, to the printed digits.
@Suite struct ShareDifferenceTests {
    @Test func asPrinted() {
        let rows: [(Int, Int, Int, Int, Double, Double)] = [
            (56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062),
            (5, 56, 0, 29, -0.0381, 0.1926), (0, 10, 0, 20, -0.1611, 0.2775), (0, 10, 0, 10, -0.2775, 0.2775),
            (10, 10, 0, 20, 0.6791, 1.0000), (10, 10, 0, 10, 0.6075, 1.0000),
        ]
        for (a, n, b, m, lower, upper) in rows {
            guard let found = ShareDifference(a, of: n, less: b, of: m) else { Issue.record("\(a)/\(n)"); continue }
            #expect(abs(found.interval.lower - lower) < 6e-5 && abs(found.interval.upper - upper) < 6e-5, "\(a)/\(n) \(b)/\(m) \(found)")
        }
        #expect(ShareDifference(0, of: 0, less: 1, of: 2) == nil)
    }
}
