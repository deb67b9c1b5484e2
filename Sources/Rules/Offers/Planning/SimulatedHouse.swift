import Screening

/// An invented house, for planning a roster: who writes, who helps, and how people behave. What they may do is decided by the
/// rules that the real house runs on. Its numbers are guesses to be replaced by a host's own.
public struct SimulatedHouse: Sendable {
    public var days = 30
    public var members = 1_000
    /// Open posts a day for each member.
    public var postsPerMember = 0.05
    /// Weight of each hour of the day: young people write in the evening and at night.
    public var hours: [Double] = [4, 3, 2, 1, 1, 1, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 8, 6]
    /// The share of posts that is heavy to read.
    public var heavy = 0.25
    /// The share of posts that is a case, by its level. What is urgent is held for a moderator and not offered to peers.
    public var urgent = 0.02
    public var high = 0.03
    public var medium = 0.05
    public var promise = Lapse.hours(8)
    public var supporters = 40
    public var capacity = Capacity.usual
    /// How many minutes pass in the mean until a supporter looks at what is before them, within their hours.
    public var looksEvery = 150.0
    /// Of those who look: how often they pass, and how often they accept and then can not.
    public var passes = 0.2
    public var lets = 0.05
    /// Minutes from accepting to the answer, in the mean.
    public var answersIn = 14.0
    /// Moderators on duty in each shift: shifts of equal length, the first from midnight.
    public var moderators = [2]
    /// Minutes that one case takes, in the mean.
    public var handling = 6.0
    public var dueTimes = DueTimes.usual
    public var seed: UInt64 = 1

    public init() {}

    public func shift(at moment: Instant) -> Int {
        Int(moment.milliseconds % Lapse.days(1).milliseconds * Int64(moderators.count) / Lapse.days(1).milliseconds)
    }

    /// How long a case may wait. A post that nobody answered: an hour, as in the real house.
    public func due(_ reason: SimulationResult.Reason) -> Lapse {
        switch reason {
        case .urgent, .high, .medium: dueTimes.first(reason.level)
        case .unanswered: .hours(1)
        }
    }
}

/// What came of it.
public struct SimulationResult: Sendable, Equatable {
    public enum By: String, Sendable, CaseIterable { case first, more, staff }
    public struct Post: Sendable, Equatable {
        /// Until somebody answered; nil when nobody had at the end.
        public var minutes: Double?
        /// Until the end, for those nobody answered.
        public var watched: Double
        public var by: By?
        public var escalated: Bool
        /// Past its promise without anybody who owns that.
        public var ownerless: Bool
    }

    /// What a case is about: what a post says, by its level, or that nobody answered one in time.
    public enum Reason: String, Sendable, CaseIterable {
        case urgent, high, medium, unanswered

        /// As the real house takes it.
        public var level: Level {
            switch self {
            case .urgent: .urgent
            case .high: .high
            case .medium: .medium
            case .unanswered: .low
            }
        }
    }

    /// A case, from its opening until a moderator looks at it.
    public struct Waited: Sendable, Equatable {
        public var reason: Reason
        /// The shift in which it was opened, from 0.
        public var shift: Int
        public var due: Lapse
        /// Nil when nobody had looked at the end.
        public var minutes: Double?
        /// Until the end, for those nobody looked at.
        public var watched: Double

        /// Nil when the month ended before anybody could tell.
        public var isInTime: Bool? {
            if let minutes { return minutes <= Double(due.minutes) }
            return watched > Double(due.minutes) ? false : nil
        }
    }

    public var posts: [Post] = []
    public var cases: [Waited] = []
    public var offers = 0
    public var passes = 0
    /// Accepted posts of every supporter.
    public var loads: [Int] = []
    /// Times at which somebody had accepted more than their caps allow.
    public var overCap = 0
    /// Cases in each hour of the day, in the mean of all days.
    public var casesByHour: [Double] = []
}

public func simulate(_ house: SimulatedHouse) -> SimulationResult {
    var run = SimulationRun(house)
    return run.run()
}
