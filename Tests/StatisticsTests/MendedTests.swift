import Statistics
import Testing

/// Faults that were known and are mended, each with what went wrong before.
@Suite struct MendedTests {
    /// Four hosts that agree by luck: Hartung and Knapp's interval is a tenth as wide as the usual one. Witness: metafor 3.8,
    /// `rma(yi, vi, method = "DL", test = "adhoc")`.
    @Test func agreementByLuckMakesNoCertainty() throws {
        let lucky = try RandomEffects(effects: [0.30, 0.31, 0.29, 0.305], variances: [0.02, 0.03, 0.025, 0.04])
        #expect(abs(lucky.error - 0.0042228361) < 1e-9 && abs(lucky.randomError - 0.0821070827) < 1e-9)
        #expect(lucky.cautiousError == lucky.randomError)
        #expect(abs(lucky.cautiousInterval.lower - 0.0390918764) < 1e-9 && abs(lucky.cautiousInterval.upper - 0.5616946405) < 1e-9)
        // Hosts with the same effect: an interval of no width before.
        let same = try RandomEffects(effects: [0.2, 0.2], variances: [0.01, 0.02])
        #expect(same.interval.width < 1e-9 && same.cautiousInterval.width > 1)
    }

    @Test func cautionNeverNarrows() throws {
        var chance = SeededChance(seed: 3)
        var wider = 0
        for _ in 0..<300 {
            let hosts = 2 + chance.below(8)
            let found = try RandomEffects(
                effects: (0..<hosts).map { _ in chance.share() }, variances: (0..<hosts).map { _ in 0.01 + 0.2 * chance.share() })
            let usual = Normal.quantile(0.975) * found.randomError
            #expect(found.cautiousInterval.width >= found.interval.width && found.cautiousInterval.width >= 2 * usual)
            if found.cautiousInterval.width > found.interval.width { wider += 1 } else { #expect(found.cautiousInterval == found.interval) }
        }
        #expect((50..<300).contains(wider), "\(wider) of 300")
    }

    /// A line through every point has no error to tell: 0 would make everything certain.
    @Test func nothingLeftOverIsRefused() throws {
        let x = (0..<8).map(Double.init)
        let design = Matrix(columns: [x.map { _ in 1 }, x])
        for outcome in [x.map { 3 + 0.1 * $0 }, x.map { _ in 0 }, x.map { 1e9 + $0 }] {
            let fit = try LeastSquares(design, outcome)
            #expect(throws: NotComputable.self) { try fit.hc3Errors }
            #expect(throws: NotComputable.self) { try fit.neweyWestErrors(lag: 1) }
        }
        #expect(throws: NotComputable.self) { try InterruptedSeries([10, 10, 10, 7, 7, 7], changeAt: 3, lag: 1) }
        let scattered = try InterruptedSeries([10, 11, 10, 7, 8, 7], changeAt: 3, lag: 1)
        #expect(abs(scattered.fit.coefficients[2] + 3) < 1e-9 && abs(scattered.fit.coefficients[1]) < 1e-9)
        #expect(scattered.robustErrors.allSatisfy { $0 > 0 })
        // A scatter of a millionth is scatter.
        let fine = try LeastSquares(design, x.map { $0 + ($0 == 3 ? 1e-6 : 0) })
        #expect(try fine.hc3Errors.allSatisfy { $0 > 0 })
        // One row alone decides the second term.
        let alone = try LeastSquares(Matrix(columns: [x.map { _ in 1 }, x.map { $0 == 7 ? 1 : 0 }]), x)
        #expect(throws: NotComputable.self) { try alone.hc3Errors }
    }

    /// Parts of one seed and of its neighbours are strangers to each other, also as lists of arms.
    @Test func partsOfASeedAreApart() throws {
        let blocks = try PermutedBlocks(arms: ["a", "b"], ratio: [1, 1], sizes: [4, 6])
        #expect(blocks.list(seed: 7, stratum: 1, count: 60) == blocks.list(seed: 8, stratum: 0, count: 60), "why a mixed seed is needed")
        var seeds: Set<UInt64> = []
        for seed in 0..<500 as Range<UInt64> { for part in 0..<8 { seeds.insert(SeededChance.seed(seed, part: part)) } }
        #expect(seeds.count == 4000)
        var lists: Set<[String]> = []
        for seed in 5..<10 as Range<UInt64> {
            for part in 0..<4 { lists.insert(blocks.list(seed: SeededChance.seed(seed, part: part), stratum: 0, count: 60)) }
        }
        #expect(lists.count == 20)
        #expect(SeededChance.seed(7, part: 1) == SeededChance.seed(7, part: 1))
    }
}
