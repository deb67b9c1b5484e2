import Rules
import Screening
import Statistics
import Testing

/// The planner: an invented house under the real rules, and the smallest roster that keeps what it promises.
@Suite struct PlanningTests {
    /// Whatever the house is like: no post passes its promise without an owner, nobody is over a cap, the load is fair, and the same
    /// seed gives the same month.
    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func aSimulatedMonthKeepsItsPromises(_ seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var house = SimulatedHouse()
        house.seed = seed
        house.days = 14
        house.members = 200 + Int(chance.next() % 400)
        house.supporters = Int(chance.next() % 50)
        house.promise = .minutes(30 + Int(chance.next() % 900))
        house.lets = Double(chance.next() % 30) / 100
        house.passes = Double(chance.next() % 60) / 100
        let result = simulate(house)
        #expect(result.posts.count > 50)
        let ownerless = result.posts.count { $0.ownerless }
        #expect(ownerless == 0)
        #expect(result.overCap == 0)
        #expect(result == simulate(house))
    }

    @Test func theLoadIsFairWhereCapacityIsEqual() {
        var house = SimulatedHouse()
        house.supporters = 120
        house.days = 10
        let loads = simulate(house).loads.map(Double.init).sorted()
        let total = loads.reduce(0, +)
        let weighted = loads.enumerated().reduce(0.0) { $0 + (2 * Double($1.offset) + 1 - Double(loads.count)) * $1.element }
        #expect(weighted / (Double(loads.count) * total) < 0.35)
    }

    /// Every case is opened in a shift and is due when the real house's is; what is urgent never waits behind anything else.
    @Test func casesWaitInTheOrderOfTheRealQueue() {
        var house = SimulatedHouse()
        (house.days, house.members, house.supporters, house.handling) = (10, 1_000, 0, 40)
        (house.urgent, house.high, house.medium, house.moderators) = (0.05, 0.2, 0.2, [2])
        let result = simulate(house)
        func mean(_ reason: SimulationResult.Reason) -> Double {
            let waited = result.cases.filter { $0.reason == reason }.map { $0.minutes ?? $0.watched }
            return waited.reduce(0, +) / Double(waited.count)
        }
        #expect(mean(.urgent) < mean(.high) && mean(.high) < mean(.medium))
        #expect(house.due(.urgent) == DueTimes.usual.first(.urgent) && house.due(.high) == DueTimes.usual.first(.high))
        #expect(result.cases.contains { $0.minutes == nil && $0.watched > 0 }, "a queue that grows leaves some of them open")
        let spread = result.casesByHour.reduce(0, +) * 10
        #expect(abs(spread - Double(result.cases.count)) < 1e-6)
    }

    /// With nobody on duty at night, what comes then waits for the morning, and is told of that shift.
    @Test func anEmptyShiftWaitsForTheNext() throws {
        var house = SimulatedHouse()
        (house.days, house.members, house.supporters, house.moderators) = (20, 600, 20, [0, 20, 20])
        let result = simulate(house)
        #expect(result.cases.filter { $0.shift == 0 && $0.reason == .urgent }.allSatisfy { ($0.minutes ?? $0.watched) > 0 })
        #expect(result.cases.filter { $0.shift == 2 }.allSatisfy { $0.minutes == 0 })
        #expect(try #require(result.inTime(.urgent, shift: 0)) < 0.2)
        #expect(result.inTime(.urgent, shift: 1) == 1 && result.leastInTime(shift: 0) < 0.2 && result.leastInTime(shift: 2) == 1)
    }

    /// What is found is enough, and one fewer of any is not.
    @Test func theSmallestRosterIsEnoughAndNoMore() throws {
        var house = SimulatedHouse()
        (house.days, house.members, house.handling, house.moderators) = (6, 700, 45, [1, 1])
        (house.urgent, house.high, house.medium) = (0.1, 0.1, 0.1)
        let roster = try smallestRoster(house)
        (house.supporters, house.moderators) = (roster.supporters, roster.moderators)
        let enough = simulate(house)
        #expect(enough.answered(within: house.promise) >= 0.95)
        #expect(roster.moderators.count == 2 && roster.moderators.indices.allSatisfy { enough.leastInTime(shift: $0) >= 0.95 })
        var fewer = house
        fewer.supporters -= 1
        #expect(simulate(fewer).answered(within: house.promise) < 0.95)
        for shift in roster.moderators.indices where roster.moderators[shift] > 1 {
            fewer = house
            fewer.moderators[shift] -= 1
            let result = simulate(fewer)
            #expect(fewer.moderators.indices.contains { result.leastInTime(shift: $0) < 0.95 })
        }
    }

    @Test func aPromiseThatNobodyCanKeepSaysSo() {
        var house = SimulatedHouse()
        (house.days, house.promise) = (3, .minutes(15))
        #expect(throws: RosterFault.tooManySupporters) { try smallestRoster(house, mostSupporters: 20) }
        (house.promise, house.handling, house.urgent) = (.hours(24), 300, 0.5)
        #expect(throws: RosterFault.self) { try smallestRoster(house, mostModerators: 1) }
    }
}
