import Screening

/// Why a case stands where it stands: a short sum of named parts, returned with its parts.
public struct Priority: Sendable, Equatable {
    public enum Part: String, Sendable, CaseIterable { case level, reporters, worried, newHere, young, promise, waiting }
    public let parts: [Part: Int]

    public init(parts: [Part: Int]) { self.parts = parts }

    /// Points an hour of waiting adds, so that nothing waits a weekend: after two days it outranks a lone report.
    public static let pointsPerHour = 2

    public var base: Int { parts.filter { $0.key != .waiting }.values.reduce(0, +) }

    /// The sum with waiting folded in, as a number that stays still: two cases keep their order as time passes,
    /// since both gain the same. A greater rank stands nearer the front.
    public func rank(openedAt: Instant) -> Int64 {
        Int64(base) * (3_600_000 / Int64(Self.pointsPerHour)) - openedAt.milliseconds
    }

    /// The parts as shown to a moderator now, waiting included.
    public func shown(openedAt: Instant, now: Instant) -> [(part: Part, points: Int)] {
        let waited = Int(max(0, (now - openedAt).milliseconds) * Int64(Self.pointsPerHour) / 3_600_000)
        return Part.allCases.compactMap { part in
            let points = part == .waiting ? waited : parts[part] ?? 0
            return points > 0 ? (part, points) : nil
        }
    }

    public var written: String {
        Part.allCases.compactMap { part in parts[part].map { "\(part.rawValue)=\($0)" } }.joined(separator: " ")
    }

    public init(written: String) {
        var parts: [Part: Int] = [:]
        for pair in written.split(separator: " ") {
            let halves = pair.split(separator: "=")
            if halves.count == 2, let part = Part(rawValue: String(halves[0])), let points = Int(halves[1]) {
                parts[part] = points
            }
        }
        self.parts = parts
    }
}

/// What is known about a case when it is opened or joined.
public struct CaseFacts: Sendable, Equatable {
    public var level: Level
    public var reporters: Int
    public var worried: Bool
    public var newHere: Bool
    public var young: Bool
    public var promised: Bool

    public init(
        level: Level, reporters: Int = 0, worried: Bool = false, newHere: Bool = false, young: Bool = false,
        promised: Bool = false
    ) {
        self.level = level
        self.reporters = reporters
        self.worried = worried
        self.newHere = newHere
        self.young = young
        self.promised = promised
    }

    public var priority: Priority {
        var parts: [Priority.Part: Int] = [:]
        switch level {
        case .urgent: parts[.level] = 100
        case .high: parts[.level] = 60
        case .medium: parts[.level] = 30
        case .low: parts[.level] = 15
        case .none: parts[.level] = 5
        }
        if reporters > 0 { parts[.reporters] = min(reporters, 5) * 6 }
        if worried { parts[.worried] = 20 }
        if newHere { parts[.newHere] = 3 }
        if young { parts[.young] = 5 }
        if promised { parts[.promise] = 10 }
        return Priority(parts: parts)
    }
}

/// The ladder that an overdue case climbs by itself.
public enum Tier: Int, Sendable, CaseIterable {
    case moderator = 0, professional, safeguardingLead, everyone

    public var code: String {
        switch self {
        case .moderator: "moderator"
        case .professional: "professional"
        case .safeguardingLead: "safeguarding-lead"
        case .everyone: "everyone"
        }
    }

    public var next: Tier { Tier(rawValue: rawValue + 1) ?? .everyone }
}

/// Until when a case is looked at, and when it climbs: minutes from its opening for each step of the ladder, in the host's hands.
public struct DueTimes: Sendable, Equatable {
    private let minutes: [[Level: Int]]

    /// One row a tier, from the first to the last; each with minutes for low to urgent. Nil when a row is missing or a step does not
    /// come after the one before it.
    public init?(minutes: [[Level: Int]]) {
        guard minutes.count == Tier.allCases.count else { return nil }
        for level in [Level.low, .medium, .high, .urgent] {
            let steps = minutes.compactMap { $0[level] }
            guard steps.count == minutes.count, steps[0] > 0, zip(steps, steps.dropFirst()).allSatisfy(<) else { return nil }
        }
        self.minutes = minutes
    }

    /// From a flag to a decision, as one of the reviewed services counted it (TALK): for a team that sits at its queue.
    public static let flagToDecision = Lapse.seconds(30)

    /// Without a host's own: urgent 5 minutes and 5 more a step, high an hour and 30 minutes more, the rest a day and 12 hours more.
    public static let usual = DueTimes(
        minutes: (1...4).map { step in
            [.urgent: 5 * step, .high: 60 + 30 * (step - 1), .medium: 1440 + 720 * (step - 1), .low: 1440 + 720 * (step - 1)]
        }
    )!

    private func minutes(_ level: Level, _ tier: Tier) -> Int { minutes[tier.rawValue][max(level, .low)] ?? 0 }

    /// How long the first step has.
    public func first(_ level: Level) -> Lapse { .minutes(minutes(level, .moderator)) }
    public func due(_ level: Level, from: Instant) -> Instant { from + first(level) }

    /// The next step of an overdue case: due when the ladder says, and never sooner than its own share of time from now, so that
    /// whoever is called has a moment to come.
    public func climb(level: Level, tier: Tier, openedAt: Instant, now: Instant) -> Climb {
        let next = tier.next
        let before = next == tier ? Tier(rawValue: tier.rawValue - 1) ?? tier : tier
        let share = Lapse.minutes(minutes(level, next) - minutes(level, before))
        let planned = next == tier ? now : openedAt + .minutes(minutes(level, next))
        return Climb(tier: next, dueAt: max(planned, now + share), alarms: level >= .high)
    }
}

/// What an overdue case does: climbs, is alarmed, and is due again sooner than before. Only a person ends it.
public struct Climb: Equatable, Sendable {
    public let tier: Tier
    public let dueAt: Instant
    public let alarms: Bool
}
