import Statistics

/// Who is needed: supporters of the whole house, and moderators on duty in each shift.
public struct Roster: Sendable, Equatable {
    public var supporters: Int
    public var moderators: [Int]
}

/// Why no roster was found.
public enum RosterFault: Error, Equatable { case tooManySupporters, tooManyModerators(shift: Int) }

extension SimulationResult {
    /// The share of posts that somebody answered within `promise` (Kaplan-Meier: those still waiting at the end count as long as
    /// they were watched).
    public func answered(within promise: Lapse) -> Double {
        1 - KaplanMeier(posts.map { .init(time: $0.minutes ?? $0.watched, ended: $0.minutes != nil) }).survival(at: Double(promise.minutes))
    }

    /// The share of the cases for one reason that somebody looked at in time; nil without a case.
    public func inTime(_ reason: Reason, shift: Int? = nil) -> Double? {
        let told = cases.filter { $0.reason == reason && (shift == nil || $0.shift == shift) }.compactMap(\.isInTime)
        return told.isEmpty ? nil : Double(told.count { $0 }) / Double(told.count)
    }

    /// The lowest of these shares in one shift; 1 where nothing happened.
    public func leastInTime(shift: Int) -> Double { Reason.allCases.compactMap { inTime($0, shift: shift) }.min() ?? 1 }
}

/// The smallest roster with which `share` of the posts is answered within the promise, and in every shift `share` of the cases of
/// each level, and of posts that nobody answered, is looked at in time. Each shift has somebody: leaving one empty is a host's
/// decision and never a planner's.
///
/// Supporters first, with moderators in plenty: doubled until it is enough, then between. Then one moderator a shift, and one more
/// where most comes too late, until none does. At last whoever can be spared goes, since one more person may by chance do a little
/// worse than one fewer: what is left is enough, and without any one of them it is not. All of it holds for the house's seed; try
/// several.
public func smallestRoster(
    _ house: SimulatedHouse, share: Double = 0.95, mostSupporters: Int = 5_000, mostModerators: Int = 100
) throws(RosterFault) -> Roster {
    precondition(share > 0 && share < 1 && mostSupporters > 0 && mostModerators > 0)
    var tried = house
    tried.moderators = house.moderators.map { _ in mostModerators }

    func isEnough(_ supporters: Int) -> Bool {
        tried.supporters = supporters
        return simulate(tried).answered(within: house.promise) >= share
    }
    var (low, high) = (0, min(8, mostSupporters))
    while !isEnough(high) {
        guard high < mostSupporters else { throw .tooManySupporters }
        (low, high) = (high, min(mostSupporters, high * 2))
    }
    while high - low > 1 {
        let middle = (low + high) / 2
        if isEnough(middle) { high = middle } else { low = middle }
    }

    while high > 1, isEnough(high - 1) { high -= 1 }

    tried.supporters = high
    tried.moderators = house.moderators.map { _ in 1 }
    func tooLate(_ result: SimulationResult) -> Int? {
        let shares = tried.moderators.indices.map { result.leastInTime(shift: $0) }
        return shares.indices.filter { shares[$0] < share }.min { shares[$0] < shares[$1] }
    }
    while let worst = tooLate(simulate(tried)) {
        guard tried.moderators[worst] < mostModerators else { throw .tooManyModerators(shift: worst) }
        tried.moderators[worst] += 1
    }
    for shift in tried.moderators.indices {
        while tried.moderators[shift] > 1 {
            tried.moderators[shift] -= 1
            guard tooLate(simulate(tried)) != nil else { continue }
            tried.moderators[shift] += 1
            break
        }
    }
    return Roster(supporters: high, moderators: tried.moderators)
}
