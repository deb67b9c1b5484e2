import Foundation

/// How long work waits for one of several people, when it comes at random and each piece takes about the same.
///
/// - Assumes Poisson arrivals, exponential handling times, nobody who gives up waiting, and a steady hour.
/// - Limits: rosters with rests and busy evenings need the simulation; this is the check beside it.
/// - Source: Erlang AK. 1917; Erlang B by its recursion.
///
/// Example: 40 an hour, 6 minutes each, 6 people: 28 % wait, 51 seconds in the mean.
public struct ErlangC: Sendable, Equatable {
    /// Arrivals an hour times hours of handling: the people who would be busy if nothing ever waited.
    public let load: Double
    public let people: Int
    public let handlingMinutes: Double

    /// - Parameters: `arrivalsPerHour` at least 0, `handlingMinutes` above 0, `people` at least 1.
    public init(arrivalsPerHour: Double, handlingMinutes: Double, people: Int) {
        precondition(arrivalsPerHour >= 0 && handlingMinutes > 0 && people > 0)
        load = arrivalsPerHour * (handlingMinutes / 60)
        self.people = people
        self.handlingMinutes = handlingMinutes
    }

    /// Fewer come than can be handled. Otherwise the queue grows without end, and the figures below are nil.
    public var isStable: Bool { Double(people) > load }

    /// The share that would be lost if nothing could wait (Erlang B).
    public var blocked: Double { (1...people).reduce(1.0) { load * $0 / (Double($1) + load * $0) } }

    /// The share of their time in which people are busy.
    public var occupancy: Double { load / Double(people) }

    /// The share that waits at all.
    public var waits: Double? { isStable ? blocked / (1 - occupancy * (1 - blocked)) : nil }

    /// The mean wait in minutes.
    public var meanWait: Double? { waits.map { $0 * handlingMinutes / (Double(people) - load) } }

    /// The share that waits at most `minutes`.
    public func share(within minutes: Double) -> Double? {
        waits.map { 1 - $0 * exp(-(Double(people) - load) * minutes / handlingMinutes) }
    }

    /// The fewest people who keep `share` within `minutes` and are busy at most `occupancy` of their time.
    public static func needed(
        arrivalsPerHour: Double, handlingMinutes: Double, minutes: Double, share: Double, occupancy: Double
    ) -> Int {
        precondition((0..<1).contains(share) && occupancy > 0 && occupancy <= 1 && minutes >= 0)
        var people = 1
        while true {
            let one = ErlangC(arrivalsPerHour: arrivalsPerHour, handlingMinutes: handlingMinutes, people: people)
            if one.occupancy <= occupancy, one.share(within: minutes).map({ $0 >= share }) ?? false { return people }
            people += 1
        }
    }

    /// How many must be on the roster when a part of them is away at any time.
    public static func rostered(_ needed: Int, away: Double) -> Int {
        precondition((0..<1).contains(away))
        return Int((Double(needed) / (1 - away)).rounded(.up))
    }
}
