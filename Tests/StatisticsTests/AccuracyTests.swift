import Foundation
import Statistics
import Testing

/// Witness: statsmodels `proportion_confint(method="wilson")` and scikit-learn `roc_auc_score`, as written in
/// vectors/screening.json.
private struct Vectors: Decodable {
    struct Vector: Decodable {
        struct Input: Decodable { let tp: Int?, fp: Int?, fn: Int?, tn: Int?, prevalence: Double?, label: [Int]?, score: [Double]? }
        struct Expected: Decodable {
            let sensitivity: Double?, sensitivity_ci: [Double]?, specificity: Double?, specificity_ci: [Double]?
            let ppv: Double?, ppv_ci: [Double]?, npv: Double?, npv_ci: [Double]?, f2: Double?, ppv_at_prevalence: Double?, auc: Double?
        }
        let id: String, input: Input, expected: Expected
    }
    let tolerance: Double, vectors: [Vector]
}

@Suite struct AccuracyTests {
    private let all: Vectors

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vectors/screening.json")
        all = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file))
    }

    private func agrees(_ got: Double?, _ wanted: Double?, _ what: String) {
        guard let wanted else { return }
        #expect(got.map { abs($0 - wanted) < max(all.tolerance, 1e-9) } ?? false, "\(what): \(String(describing: got)), not \(wanted)")
    }

    private func agrees(_ got: Wilson?, _ share: Double?, _ ends: [Double]?, _ what: String) {
        agrees(got?.share, share, what)
        agrees(got?.lower, ends?[0], what + " lower")
        agrees(got?.upper, ends?[1], what + " upper")
    }

    /// By hand: nobody of n gives up to 1 - 0.025^(1/n), all of n from 0.025^(1/n). 5 of 10: where the summed
    /// binomial leaves 2.5 %, found by halving: 0.18708603 and 0.81291397.
    @Test func exactSharesAgreeWithTheFormula() {
        for n in [1, 8, 40, 1_000] {
            let end = pow(0.025, 1 / Double(n))
            agrees(ExactShare(0, of: n)?.interval.upper, 1 - end, "none of \(n)")
            agrees(ExactShare(n, of: n)?.interval.lower, end, "all of \(n)")
        }
        let half = ExactShare(5, of: 10)
        #expect(half.map { abs($0.interval.lower - 0.1870860) < 1e-7 && abs($0.interval.upper - 0.8129140) < 1e-7 } == true)
        #expect(ExactShare(0, of: 0) == nil && ExactShare(0, of: 5)?.interval.lower == 0 && ExactShare(5, of: 5)?.interval.upper == 1)
    }

    @Test func agreesWithTheWitnesses() {
        var tables = 0
        var ranks = 0
        for vector in all.vectors {
            let (input, expected) = (vector.input, vector.expected)
            if let tp = input.tp, let fp = input.fp, let fn = input.fn, let tn = input.tn {
                let table = ScreeningTable(found: tp, heldForNothing: fp, missed: fn, leftAlone: tn)
                agrees(table.sensitivity, expected.sensitivity, expected.sensitivity_ci, vector.id)
                agrees(table.specificity, expected.specificity, expected.specificity_ci, vector.id)
                agrees(table.positiveValue, expected.ppv, expected.ppv_ci, vector.id)
                agrees(table.negativeValue, expected.npv, expected.npv_ci, vector.id)
                agrees(table.f2, expected.f2, vector.id)
                agrees(input.prevalence.flatMap { table.positiveValue(at: $0) }, expected.ppv_at_prevalence, vector.id)
                tables += 1
            }
            if let labels = input.label, let scores = input.score {
                agrees(RankAccuracy(zip(scores, labels).map { ($0, $1 == 1) }).area, expected.auc, vector.id)
                ranks += 1
            }
        }
        #expect(tables >= 2 && ranks >= 2)
    }

    @Test func smallCasesByHand() {
        let ranked = RankAccuracy([(0.9, true), (0.8, false), (0.7, true), (0.1, false)])
        #expect(ranked.area == 0.75)
        #expect(ranked.averagePrecision.map { abs($0 - (0.5 + 0.5 * 2 / 3)) < 1e-12 } ?? false)
        #expect(ranked.recall(atFalsePositives: 0.5) == 1 && ranked.recall(atFalsePositives: 0) == 0.5)
        #expect(RankAccuracy([(1, true)]).area == nil && RankAccuracy([]).averagePrecision == nil)
        #expect(calibrationError([(0.25, true), (0.25, false)]) == 0.25)
        #expect(calibrationError([]) == nil && Wilson(0, of: 0) == nil)
        #expect(Wilson(0, of: 10)?.lower == 0 && (Wilson(0, of: 10)?.upper ?? 0) > 0.2)
    }
}
