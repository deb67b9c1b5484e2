import Statistics
import Testing

@Suite struct NoiseTests {
    /// Drawn by whole numbers alone, it falls as its own chances say: 20,000 draws, each count within five standard errors.
    @Test func discreteNoiseFallsAsItsChancesSay() throws {
        let noise = try LaplaceNoise(sensitivity: 1, epsilon: 0.5)
        var (chance, counts) = (SeededChance(seed: 11), [Int: Int]())
        let draws = 20_000
        for _ in 0..<draws { counts[LaplaceNoise.draw(numerator: 1, denominator: 2, chance: &chance), default: 0] += 1 }
        for value in -4...4 {
            let expected = noise.chance(of: value) * Double(draws)
            #expect(abs(Double(counts[value, default: 0]) - expected) < 5 * expected.squareRoot(), "\(value)")
        }
        let mean = counts.reduce(0.0) { $0 + Double($1.key * $1.value) } / Double(draws)
        #expect(abs(mean) < 5 * (noise.discreteVariance / Double(draws)).squareRoot())
    }

    @Test func aBudgetEnds() throws {
        var ledger = try PrivacyLedger(budget: 1)
        #expect(ledger.spend(disjoint: [0.2, 0.5, 0.1]) && ledger.spent == 0.5)
        #expect(!ledger.spend(0.6) && ledger.spend(0.5) && !ledger.spend(0.001))
        #expect(throws: NotComputable.self) { try PrivacyLedger(budget: 0) }
    }

    /// The group that was gone before anything ended tells nothing, and stops nothing.
    @Test func oddGroupsAreNoReasonToStop() throws {
        func waits(_ pairs: [(Double, Bool)]) -> [KaplanMeier.Observation] { pairs.map { .init(time: $0.0, ended: $0.1) } }
        let test = try LogRank([waits([(8, true), (9, true)]), waits([(11, true)]), waits([(5, false), (6, false), (7, false)])])
        #expect(abs(test.chiSquared - 25.0 / 17) < 1e-9 && test.df == 2)
        let nothing = try LogRank([waits([(5, false)]), waits([(6, false)])])
        #expect(nothing.chiSquared == 0 && nothing.p == 1)
        let same = try Kappa([1, 1, 1, 1, 1, 1, 1], [1, 1, 1, 1, 1, 1, 1], classes: [0, 1])
        #expect(same.kappa == nil && same.agreement == 1 && same.ac1 == 1)
    }
}
