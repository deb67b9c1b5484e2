import Statistics

/// Minutes of staff by room: what each worker's shifts come to, shared out by where their acts were. What no act stands for belongs to
/// no room, and is told.
public struct RoomMinutes: Sendable, Equatable {
    /// By room, and in it by the role of the shift.
    public let rooms: [String: [String: Double]]
    /// Of shifts in which nothing was done that is written down, and for acts in other rooms or in none.
    public let elsewhere: Double

    /// - Parameters: who a worker is stands for nothing but itself here.
    public init(
        minutes: [(worker: String, role: String, minutes: Double)], acts: [(room: String?, worker: String, count: Int)],
        of rooms: Set<String>
    ) {
        var shared: [String: [String: Double]] = [:]
        var inside = 0.0
        for shift in minutes {
            let own = acts.filter { $0.worker == shift.worker }
            let all = own.reduce(0) { $0 + $1.count }
            for act in own {
                guard let room = act.room, rooms.contains(room) else { continue }
                let part = shift.minutes * Double(act.count) / Double(all)
                var roles = shared[room] ?? [:]
                roles[shift.role] = (roles[shift.role] ?? 0) + part
                shared[room] = roles
                inside += part
            }
        }
        self.rooms = shared
        elsewhere = minutes.reduce(0) { $0 + $1.minutes } - inside
    }
}

/// What people in one role took, in minutes of their shifts.
public struct RoleMinutes: Sendable, Equatable {
    public let role: String
    public let minutes: Double

    /// One for each role, in order, so that sums come out alike in every run.
    static func joined(_ parts: [RoleMinutes]) -> [RoleMinutes] {
        Dictionary(grouping: parts, by: \.role).sorted { $0.key < $1.key }.map { RoleMinutes(role: $0, minutes: $1.sum) }
    }
}

extension [RoleMinutes] {
    var sum: Double { map(\.minutes).sorted().reduce(0, +) }
}

/// Staff's minutes for one person: a room's time, shared evenly by the weeks that people of the study were inside.
struct TimeInside {
    private let plan: StudyProtocol
    private let minutes: RoomMinutes
    private var weeks: [String: Double] = [:]

    init(_ plan: StudyProtocol, _ started: [StudyPerson], _ minutes: RoomMinutes, end: Instant) {
        (self.plan, self.minutes) = (plan, minutes)
        for person in started {
            for room in rooms(person) { weeks[room] = (weeks[room] ?? 0) + Self.inside(person, until: end) }
        }
    }

    func minutes(of person: StudyPerson, until end: Instant) -> [RoleMinutes] {
        let parts = rooms(person).flatMap { room -> [RoleMinutes] in
            guard let all = weeks[room], all > 0 else { return [] }
            return (minutes.rooms[room] ?? [:]).map { RoleMinutes(role: $0, minutes: $1 / all * Self.inside(person, until: end)) }
        }
        return RoleMinutes.joined(parts)
    }

    private func rooms(_ person: StudyPerson) -> [String] { person.arm.flatMap { plan.arm($0) }?.rooms ?? [] }

    private static func inside(_ person: StudyPerson, until end: Instant) -> Double {
        person.letInAt.map { Double(max(0, (end - $0).milliseconds)) / Double(Lapse.days(7).milliseconds) } ?? 0
    }
}

/// What one arm cost, and what one person in it who came out better by more than chance did.
///
/// - Assumes: as `TimeInside`, until each person's last question; staff's time is the only cost. Whoever was not seen at the end, or
///   took their answers out, counts as not better.
/// - Limits: people who would be better anyway are in `each`: `more` is beside the first arm, and is told only where this arm cost
///   more and made more better by more than chance (`ShareDifference`), since less for less and more for nothing are no price. The
///   intervals are of the shares alone: what an arm cost is taken as known, since minutes come by room and not by person.
/// - Source: the ratio is of Drummond MF et al. Methods for the Economic Evaluation of Health Care Programmes, 4th ed. 2015, chapter 2;
///   a cost over the 95 % interval of a share (`Wilson`, `ShareDifference`) is one over its ends.
public struct ArmCost: Sendable, Equatable {
    public let arm: String
    public let started: Int
    public let byRole: [RoleMinutes]
    public let cost: Double
    public var minutes: Double { byRole.sum }
    /// Nil where it is not known how much a score moves by chance, of some of them or of all.
    public let improved: Int?
    /// For each of them.
    public let each: Price?
    /// For each one more than in the first arm, both counted to as many people.
    public let more: Price?

    /// A cost for one person, with its 95 % interval.
    public struct Price: Sendable, Equatable {
        public let estimate: Double
        public let interval: Interval

        /// Nil where nobody is better, or where nobody being better is not ruled out: there is no price then.
        init?(_ cost: Double, share: Double, _ interval: Interval) {
            guard cost > 0, share > 0, interval.lower > 0 else { return nil }
            (estimate, self.interval) = (cost / share, Interval(cost / interval.upper, cost / interval.lower))
        }
    }

    /// - Parameters: how many improved by arm; an hour's cost.
    public static func of(
        _ plan: StudyProtocol, _ people: [StudyPerson], _ minutes: RoomMinutes, improved: [String: Int]?, hourly: Int, end: Instant
    ) -> [ArmCost] {
        let last = Lapse.days(plan.asks.flatMap(\.days).max() ?? 0)
        let started = people.filter { $0.side == .seeker && $0.arm != nil }
        let time = TimeInside(plan, started, minutes, end: end)
        func own(_ arm: StudyProtocol.Arm) -> (count: Int, byRole: [RoleMinutes], cost: Double, improved: Int?) {
            let people = started.filter { $0.arm == arm.id }
            let byRole = RoleMinutes.joined(
                people.flatMap { time.minutes(of: $0, until: min(end, $0.startedAt.map { $0 + last } ?? end)) })
            return (people.count, byRole, byRole.sum / 60 * Double(hourly), improved.map { $0[arm.id] ?? 0 })
        }
        let first = plan.design.hasComparison ? plan.control.map(own) : nil
        return plan.arms.map { arm in
            let one = own(arm)
            return ArmCost(
                arm: arm.id, started: one.count, byRole: one.byRole, cost: one.cost, improved: one.improved,
                each: one.improved.flatMap { Wilson($0, of: one.count) }.flatMap {
                    Price(one.cost / Double(one.count), share: $0.share, Interval($0.lower, $0.upper))
                },
                more: first.flatMap { first in
                    guard arm.id != plan.control?.id, let mine = one.improved, let theirs = first.improved,
                        let apart = ShareDifference(mine, of: one.count, less: theirs, of: first.count)
                    else { return nil }
                    return Price(
                        one.cost / Double(one.count) - first.cost / Double(first.count), share: apart.difference, apart.interval)
                })
        }
    }
}
