import Statistics

/// What a year of full health is held to be worth.
public struct Willingness: Sendable, Equatable, Decodable {
    public struct Span: Sendable, Equatable, Decodable {
        public let from: Int
        public let to: Int
        public let source: String

        public init(from: Int, to: Int, source: String) { (self.from, self.to, self.source) = (from, to, source) }
    }
    public let currency: String
    public let spans: [Span]
    /// Up to where the curve goes, and in what steps.
    public let most: Int
    public let step: Int

    public init(currency: String, spans: [Span], most: Int, step: Int) {
        (self.currency, self.spans, self.most, self.step) = (currency, spans, most, step)
    }

    public static let highest = 1_000_000

    /// One span that somebody asked for, in place of the file's; the curve goes as far as it reaches.
    public func with(from: Int, to: Int) -> Willingness {
        Willingness(
            currency: currency, spans: [Span(from: from, to: to, source: "–")], most: most, step: max(step, max(to, most) / 20))
    }

    public var faults: [String] {
        var found = spans.filter { !(0 <= $0.from && $0.from < $0.to && $0.to <= Self.highest) }.map { "\($0.from) to \($0.to) is no span" }
        if spans.isEmpty { found.append("no spans") }
        if step <= 0 || most < step || max(most, spans.map(\.to).max() ?? 0) / max(1, step) > 100 || most > Self.highest {
            found.append("the curve has no steps, or too many")
        }
        return found
    }

    /// Where the curve is told: every step, and the ends of the spans.
    public var points: [Int] {
        Set(stride(from: 0, through: max(most, spans.map(\.to).max() ?? 0), by: step)).union(spans.flatMap { [$0.from, $0.to] }).sorted()
    }
}

/// Cost and quality-adjusted life years of each arm against the control, of those whose health was told at the start and at the end.
///
/// - Assumes that chance put people into the arms, that staff's time in a room is shared evenly by the weeks that people of the study
///   were inside, and straight lines between utilities. Only staff's time is a cost; nothing is discounted.
/// - Limits: whole cases, not filled in. The slope on the first utility is taken as known in the resampling.
/// - Source: Manca A, Hawkins N, Sculpher MJ. Health Econ 2005;14:487-496 (the start taken out); otherwise as `CostEffectiveness`.
public struct StudyEconomics: Sendable {
    public static let resamples = 2_000

    public struct Arm: Sendable, Equatable {
        public let arm: String
        public let started: Int
        /// With a utility at the start and at the end.
        public let whole: Int
        /// Of these, whose days between were not all answered.
        public let bridged: Int
        public let cost: StudyReport.Summary
        public let qalys: StudyReport.Summary
    }

    public struct Worth: Sendable, Equatable {
        public let willingness: Int
        public let benefit: Double
        public let interval: Interval
        /// The share of resamples in which it is worth its cost.
        public let acceptable: Double
    }

    public struct Comparison: Sendable, Equatable {
        public let arm: String
        public let control: String
        public let cost: Double
        public let costInterval: Interval
        public let qalys: Double
        public let qalyInterval: Interval
        public let quadrant: CostEffectiveness.Quadrant
        /// More for more in every resample; nil else: what less for less saves is another question, and other ratios rank nothing.
        public let ratio: Double?
        public let ratioInterval: Interval?
        public let worth: [Worth]
    }

    public let measure: String
    public let valueSet: Instrument.Utility
    public let days: Int
    public let arms: [Arm]
    public let comparisons: [Comparison]

    /// The form of a plan that has a value set, with the days on which it is asked.
    public static func asked(_ plan: StudyProtocol, _ measures: [Instrument]) -> (measure: Instrument, days: [Int])? {
        for ask in plan.asks where ask.of.contains(.seeker) && ask.days.first == 0 && ask.days.count > 1 {
            if let measure = measures.first(where: { $0.id == ask.measure }), measure.utility != nil { return (measure, ask.days) }
        }
        return nil
    }

    /// - Throws: `NotComputable` where nobody compares, a value set is for other ages, an hour costs nothing, or too few are whole.
    public init(
        _ plan: StudyProtocol, _ people: [StudyPerson], _ measure: Instrument, days: [Int], minutes: RoomMinutes, hourly: Int,
        willingness: Willingness, end: Instant, seed: UInt64
    ) throws {
        guard let set = measure.utility, let last = days.last else { throw NotComputable("no value set") }
        guard plan.design.hasComparison, let control = plan.control else { throw NotComputable("nobody compares") }
        let started = people.filter { $0.side == .seeker && $0.arm != nil }
        if let other = (plan.bands + started.compactMap(\.band)).first(where: { !set.ages.holds($0) }) {
            throw NotComputable(
                "\(set.name) is for people from \(set.ages.from)\(set.ages.to.map { " to \($0)" } ?? " up"), not for \(other.rawValue)")
        }
        guard hourly > 0 else { throw NotComputable("what an hour costs is not given") }
        let time = TimeInside(plan, started, minutes, end: end)
        func cost(_ person: StudyPerson) -> Double {
            time.minutes(of: person, until: min(end, person.startedAt.map { $0 + .days(last) } ?? end)).sum / 60 * Double(hourly)
        }
        struct One {
            let first: Double, cost: Double, qalys: Double, isBridged: Bool
        }
        var found: [String: [One]] = [:]
        for person in started where person.leftHow != .remove && person.leftHow != .erased {
            let told = days.compactMap { day in person.answers[StudyPoint(measure.id, day)].flatMap(measure.utility).map { (day, $0) } }
            guard let first = told.first, first.0 == 0, told.last?.0 == last, let arm = person.arm else { continue }
            let years = try Statistics.qalys(years: told.map { Double($0.0) / 365.25 }, utilities: told.map(\.1))
            found[arm] = (found[arm] ?? []) + [One(first: first.1, cost: cost(person), qalys: years, isBridged: told.count < days.count)]
        }
        arms = plan.arms.map { arm in
            let own = found[arm.id] ?? []
            return Arm(
                arm: arm.id, started: started.count { $0.arm == arm.id }, whole: own.count, bridged: own.count(where: \.isBridged),
                cost: .init(own.map(\.cost)), qalys: .init(own.map(\.qalys)))
        }
        guard let few = arms.map(\.whole).min(), few >= PublicCount.fewest else {
            throw NotComputable("fewer than \(PublicCount.fewest) people in an arm told of their health at the start and at the end")
        }
        (self.measure, valueSet, self.days) = (measure.id, set, last)
        var chance = SeededChance(seed: seed)
        var made: [Comparison] = []
        for arm in plan.arms.dropFirst() {
            let (zero, one) = (found[control.id] ?? [], found[arm.id] ?? [])
            made.append(
                try Self.compare(
                    (arm.id, one.map { ($0.first, $0.cost, $0.qalys) }), (control.id, zero.map { ($0.first, $0.cost, $0.qalys) }),
                    willingness, &chance))
        }
        comparisons = made
    }

    private typealias Row = (first: Double, cost: Double, qalys: Double)

    private static func compare(
        _ arm: (id: String, rows: [Row]), _ control: (id: String, rows: [Row]), _ willingness: Willingness, _ chance: inout SeededChance
    ) throws -> Comparison {
        let all = control.rows + arm.rows
        // Where everybody began alike there is nothing to take out.
        let slope =
            Set(all.map(\.first)).count > 1
            ? try adjustedQALYs(
                all.map(\.qalys), arm: control.rows.map { _ in 0 } + arm.rows.map { _ in 1 }, baseline: all.map(\.first)
            ).fit.coefficients[2] : 0
        let middle = all.map(\.first).mean ?? 0
        func people(_ rows: [Row]) -> [CostEffectiveness.Person] {
            rows.map { .init(cost: $0.cost, effect: $0.qalys - slope * ($0.first - middle)) }
        }
        let plane = try CostEffectiveness(control: people(control.rows), treated: people(arm.rows))
        let drawn = plane.resampled(resamples, chance: &chance)
        let isRatio: Bool
        switch plane.quadrant {
        case .northEast: isRatio = drawn.quadrants.count == 1
        case .southWest, .dominant, .dominated: isRatio = false
        }
        return Comparison(
            arm: arm.id, control: control.id, cost: plane.differenceInCost, costInterval: drawn.costInterval,
            qalys: plane.differenceInEffect, qalyInterval: drawn.effectInterval, quadrant: plane.quadrant,
            ratio: isRatio ? plane.ratio : nil, ratioInterval: isRatio ? drawn.ratioInterval : nil,
            worth: willingness.points.map { point in
                Worth(
                    willingness: point, benefit: plane.netBenefit(at: Double(point)),
                    interval: drawn.netBenefitInterval(at: Double(point)), acceptable: drawn.acceptability(at: Double(point)))
            })
    }
}
