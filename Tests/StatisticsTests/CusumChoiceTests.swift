import Testing

@testable import Statistics

@Suite struct CusumChoiceTests {
    @Test func aHigherLimitRingsLessAndLater() throws {
        let all = try CusumChoice.simulate(from: 0.01, to: 0.03, people: 60, weeks: 26, h: [1, 2, 4, 8], runs: 400, seed: 7)
        #expect(all.map(\.h) == [1, 2, 4, 8])
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.falseAlarms >= $1.falseAlarms && $0.found >= $1.found })
        #expect(zip(all, all.dropFirst()).allSatisfy { ($0.weeksToRing ?? 99) <= ($1.weeksToRing ?? 99) })
        #expect(all.allSatisfy { $0.found > $0.falseAlarms })
        #expect(try CusumChoice.simulate(from: 0.01, to: 0.03, people: 60, weeks: 26, h: [4], runs: 400, seed: 7) == [all[2]])
    }

    @Test func nothingToWatchIsRefused() {
        #expect(throws: NotComputable.self) { try CusumChoice.simulate(from: 0.03, to: 0.01, people: 60, weeks: 26, h: [4], seed: 1) }
        #expect(throws: NotComputable.self) { try CusumChoice.simulate(from: 0.01, to: 0.03, people: 0, weeks: 26, h: [4], seed: 1) }
        #expect(throws: NotComputable.self) { try CusumChoice.simulate(from: 0.01, to: 0.03, people: 60, weeks: 26, h: [0], seed: 1) }
    }

    /// Events come as often as they are expected, and as unevenly: mean and variance of a Poisson count are the same number.
    @Test func countsAreAsExpected() {
        var chance = SeededChance(seed: 3)
        let counts = (0..<20_000).map { _ in Double(chance.poisson(1.8)) }
        #expect(abs((counts.mean ?? 0) - 1.8) < 0.04)
        #expect(abs(((counts.deviation ?? 0) * (counts.deviation ?? 0)) - 1.8) < 0.08)
        #expect(chance.poisson(0) == 0)
    }
}
