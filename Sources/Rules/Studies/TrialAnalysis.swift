import Statistics

/// One person's two scores in a trial, and where chance put them.
public struct TrialPerson: Sendable, Equatable {
    public let arm: String
    public let before: Double
    /// Nil for those who left.
    public let after: Double?

    public init(arm: String, before: Double, after: Double?) { (self.arm, self.before, self.after) = (arm, before, after) }
}

/// What is known of a difference. An effect is made by `analysis` alone, and only where the design compares.
public enum Outcome: Sendable {
    case effect(Effect)
    case change(Change)
}

/// A change of the same people, nobody compared: time, chance and regression to the mean are in it.
public struct Change: Sendable, Equatable {
    public let mean: Double
    public let interval: Interval
    public let people: Int
}

/// A difference between people whom chance put into arms.
public struct Effect: Sendable, Equatable {
    /// What it is the effect of: the arm against its control, a factor, or the interaction of both.
    public let of: String
    /// In points of the measure, and its 95 % interval.
    public let points: Double
    public let interval: Interval
    public let p: Double
    /// In deviations of the baseline.
    public let standardised: Double
    public let people: Int
    /// Of `points`, and the degrees of freedom that its interval took.
    public let error: Double
    public let df: Double

    public var isFound: Bool { p < 0.05 }

    fileprivate init(of: String, _ fit: LeastSquares, _ place: Int, spread: Double, people: Int) {
        (self.of, points, interval, p) = (of, fit.coefficients[place], fit.intervals[place], fit.p[place])
        (standardised, self.people) = (points / spread, people)
        (error, df) = (fit.standardErrors[place], fit.df)
    }
}

extension StudyProtocol {
    /// The planned analysis of the primary outcome: ANCOVA on the baseline of those seen at the end; factorial where two forms are
    /// crossed. Who left must be told beside it (`TrialFlow`).
    public func analysis(_ people: [TrialPerson]) throws -> [Outcome] {
        let seen = people.filter { $0.after != nil }
        guard design.hasComparison else { return [.change(try change(seen))] }
        let (before, after) = (seen.map(\.before), seen.compactMap(\.after))
        guard let spread = people.map(\.before).deviation, spread > 0 else { throw NotComputable("everybody began with the same score") }
        func effect(_ name: String, _ place: Int, _ fit: LeastSquares, _ people: Int) -> Outcome {
            .effect(Effect(of: name, fit, place, spread: spread, people: people))
        }
        if let stranger = seen.first(where: { person in !arms.contains { $0.id == person.arm } }) {
            throw NotComputable("\(stranger.arm) is no arm of this study")
        }
        if design == .factorial {
            let levels = try seen.map { person in
                guard let arm = arms.first(where: { $0.id == person.arm }), arm.levels.count == 2 else {
                    throw NotComputable("\(person.arm) is no arm of this study")
                }
                return arm.levels
            }
            let fit = try FactorialAncova(before: before, after: after, first: levels.map { $0[0] }, second: levels.map { $0[1] }).fit
            return [
                effect(factors[0], 1, fit, seen.count), effect(factors[1], 2, fit, seen.count),
                effect("\(factors[0]) × \(factors[1])", 3, fit, seen.count),
            ]
        }
        let control = arms[0].id
        return try arms.dropFirst().map { arm in
            let pair = seen.filter { $0.arm == control || $0.arm == arm.id }
            let fit = try Ancova(
                before: pair.map(\.before), after: pair.compactMap(\.after), arm: pair.map { $0.arm == arm.id ? 1 : 0 }
            ).fit
            return effect("\(arm.id) – \(control)", 1, fit, pair.count)
        }
    }

    private func change(_ seen: [TrialPerson]) throws -> Change {
        let paired = try PairedDifference(before: seen.map(\.before), after: seen.compactMap(\.after))
        let half = StudentT.quantile(0.975, df: paired.df) * paired.standardError
        return Change(
            mean: paired.meanDifference, interval: Interval(paired.meanDifference - half, paired.meanDifference + half), people: seen.count)
    }
}

/// How many came, were put where, and stayed: the boxes of a CONSORT diagram.
public struct TrialFlow: Sendable, Equatable {
    public struct Arm: Sendable, Equatable {
        public let id: String
        public let allocated: Int
        public let seenAtEnd: Int
    }

    public let enrolled: Int
    public let arms: [Arm]

    public init(_ people: [TrialPerson], arms: [String]) {
        enrolled = people.count
        self.arms = arms.map { id in
            let own = people.filter { $0.arm == id }
            return Arm(id: id, allocated: own.count, seenAtEnd: own.count { $0.after != nil })
        }
    }
}
