import Statistics

/// What is measured, in the order of the page. Section by section after the reference on clinical measures, part E.
public enum HealthMeasure: String, Sendable, CaseIterable {
    case firstReplyHalf = "first-reply-half"
    case firstReplyNinety = "first-reply-ninety"
    case unansweredDay = "unanswered-day"
    case unansweredWeek = "unanswered-week"
    case helpfulWeek = "helpful-week"
    case helpfulHalf = "helpful-half"
    case conversation
    case lookHalf = "look-half"
    case lookNinety = "look-ninety"
    case firstWordsHalf = "first-words-half"
    case firstWordsNinety = "first-words-ninety"
    case turned
    case crises
    case topOne = "top-one"
    case nextNine = "next-nine"
    case rest
    case topTen = "top-ten"
    case neverWrote = "never-wrote"
    case day1, day7, day15, day30, day90
    case load

    public enum Unit: String, Sendable { case minutes, share, number, perThousand = "per-thousand" }

    public var unit: Unit {
        switch self {
        case .firstReplyHalf, .firstReplyNinety, .helpfulHalf, .lookHalf, .lookNinety, .firstWordsHalf, .firstWordsNinety: .minutes
        case .unansweredDay, .unansweredWeek, .helpfulWeek, .conversation, .turned, .topOne, .nextNine, .rest, .topTen, .neverWrote, .day1,
            .day7,
            .day15, .day30, .day90:
            .share
        case .crises: .perThousand
        case .load: .number
        }
    }

    /// Is there a value in print to hold it against? Its words and its source are `health.known-` and the measure's code.
    public var isPublished: Bool {
        switch self {
        case .topOne, .nextNine, .rest, .neverWrote, .day15, .day30, .crises, .firstReplyHalf, .lookHalf, .conversation: true
        case .firstReplyNinety, .unansweredDay, .unansweredWeek, .helpfulWeek, .helpfulHalf, .lookNinety, .firstWordsHalf,
            .firstWordsNinety, .turned, .topTen, .day1,
            .day7, .day90, .load:
            false
        }
    }
}

/// What may be said of a group.
public enum Told: Sendable, Equatable {
    /// There was nothing to measure.
    case nothing
    /// Of fewer than eight people nothing is told.
    case few
    /// So many still wait, or are still here, that the curve does not come that far.
    case notReached
    case value(Double, Interval?)

    /// A share of people: told of eight or more, and where each of its two sides is nobody or eight and more.
    static func share(_ some: Int, of all: Int) -> Told {
        guard all > 0, let exact = ExactShare(some, of: all) else { return .nothing }
        guard all >= PublicCount.fewest, isTellable(some), isTellable(all - some) else { return .few }
        return .value(exact.share, exact.interval)
    }

    static func isTellable(_ people: Int) -> Bool { people == 0 || people >= PublicCount.fewest }

    /// The time by which a part has ended; `people` is how many different ones stand behind the curve.
    static func quantile(_ part: Double, of curve: KaplanMeier, people: Int) -> Told {
        guard curve.count > 0 else { return .nothing }
        guard people >= PublicCount.fewest else { return .few }
        return curve.quantile(part).map { .value($0, nil) } ?? .notReached
    }

    /// The share that has ended by a time.
    static func within(_ time: Double, of curve: KaplanMeier, people: Int) -> Told {
        switch beyond(time, of: curve, people: people) {
        case .value(let open, let ends): .value(1 - open, ends.map { Interval(1 - $0.upper, 1 - $0.lower) })
        case .nothing: .nothing
        case .few: .few
        case .notReached: .notReached
        }
    }

    /// The share that goes on beyond a time.
    static func beyond(_ time: Double, of curve: KaplanMeier, people: Int) -> Told {
        guard curve.count > 0 else { return .nothing }
        guard people >= PublicCount.fewest else { return .few }
        let step = curve.steps.last { $0.time <= time }
        return .value(step?.survival ?? 1, step?.interval)
    }
}

/// How long one group waits.
public struct GroupWait: Sendable, Equatable {
    public let group: String
    public let count: Int
    public let half: Told
    public let ninety: Told
    public let open: Told

    /// `beyond`: the minutes after which whoever still waits is counted as open.
    init(_ group: String, _ waits: [KaplanMeier.Observation], people: Int, isTold: Bool = true, beyond minutes: Double) {
        let curve = KaplanMeier(waits)
        let known = isTold ? people : min(people, PublicCount.fewest - 1)
        self.group = group
        count = isTold ? waits.count : min(waits.count, PublicCount.fewest - 1)
        half = .quantile(0.5, of: curve, people: known)
        ninety = .quantile(0.9, of: curve, people: known)
        open = .beyond(minutes, of: curve, people: known)
    }
}

/// Which groups of a list with a known sum may be told: none of 1 to 7, and where just one is left out, the next smallest with it.
/// From the sum and all others anybody would have the one.
public func tellable(_ people: [Int]) -> [Bool] {
    var told = people.map(Told.isTellable)
    if told.count(where: { !$0 }) == 1 {
        let others = people.indices.filter { told[$0] && people[$0] > 0 }
        if let next = others.min(by: { people[$0] < people[$1] }) { told[next] = false }
    }
    return told
}
