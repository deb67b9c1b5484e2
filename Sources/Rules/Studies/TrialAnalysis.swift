import Statistics

/// One person's two scores in a trial, and where chance put them.
public struct TrialPerson: Sendable, Equatable {
    public let arm: String
    public let before: Double
    /// Nil for those who left.
    public let after: Double?
    /// What chance looked at when it put them there: a level of each factor, in the protocol's order.
    public let strata: [String]

    public init(arm: String, before: Double, after: Double?, strata: [String] = []) {
        (self.arm, self.before, self.after, self.strata) = (arm, before, after, strata)
    }
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
    /// The interval again without taking it that all vary alike (HC3); nil where one person alone decides it.
    public let robust: Interval?

    public var isFound: Bool { p < 0.05 }

    fileprivate init(of: String, _ fit: LeastSquares, _ place: Int, spread: Double, people: Int) {
        (self.of, points, interval, p) = (of, fit.coefficients[place], fit.intervals[place], fit.p[place])
        (standardised, self.people) = (points / spread, people)
        (error, df) = (fit.standardErrors[place], fit.df)
        do {
            let half = try StudentT.quantile(0.975, df: fit.df) * fit.hc3Errors[place]
            robust = Interval(points - half, points + half)
        } catch { robust = nil }
    }
}

extension StudyProtocol {
    /// The planned analysis of the primary outcome: ANCOVA on the baseline of those seen at the end; factorial where two forms are
    /// crossed. What arms were kept alike in has its terms (`StrataTerms`). Who left must be told beside it.
    ///
    /// - Throws: `NotComputable` where chance has nothing to say: everybody began alike, or ended as their arm and start tell.
    public func analysis(_ people: [TrialPerson]) throws -> [Outcome] {
        let seen = people.filter { $0.after != nil }
        guard design.hasComparison else { return [.change(try change(seen))] }
        let (before, after) = (seen.map(\.before), seen.compactMap(\.after))
        guard let spread = people.map(\.before).deviation, spread > 0 else { throw NotComputable("everybody began with the same score") }
        func effect(_ name: String, _ place: Int, _ fit: LeastSquares, _ people: Int) throws -> Outcome {
            try fit.requireRest()
            return .effect(Effect(of: name, fit, place, spread: spread, people: people))
        }
        if let stranger = seen.first(where: { person in !arms.contains { $0.id == person.arm } }) {
            throw NotComputable("\(stranger.arm) is no arm of this study")
        }
        if design == .factorial {
            let levels = try seen.map { person in
                guard let arm = arms.first(where: { $0.id == person.arm }), arm.levels.count == factors.count else {
                    throw NotComputable("\(person.arm) is no arm of this study")
                }
                return arm.levels
            }
            let fit = try FactorialAncova(
                before: before, after: after, factors: factors.indices.map { factor in levels.map { $0[factor] } },
                strata: StrataTerms(seen, arms: arms.map(\.id)).columns(seen)
            ).fit
            return try FactorialAncova.terms(of: factors.count).enumerated().map { place, term in
                try effect(term.map { factors[$0] }.joined(separator: " × "), place + 1, fit, seen.count)
            }
        }
        let control = arms[0].id
        return try arms.dropFirst().map { arm in
            let pair = seen.filter { $0.arm == control || $0.arm == arm.id }
            let fit = try Ancova(
                before: pair.map(\.before), after: pair.compactMap(\.after), arm: pair.map { $0.arm == arm.id ? 1 : 0 },
                strata: StrataTerms(pair, arms: [control, arm.id]).columns(pair)
            ).fit
            return try effect("\(arm.id) – \(control)", 1, fit, pair.count)
        }
    }

    private func change(_ seen: [TrialPerson]) throws -> Change {
        let paired = try PairedDifference(before: seen.map(\.before), after: seen.compactMap(\.after))
        let half = StudentT.quantile(0.975, df: paired.df) * paired.standardError
        return Change(
            mean: paired.meanDifference, interval: Interval(paired.meanDifference - half, paired.meanDifference + half), people: seen.count)
    }
}

/// The strata as terms of a model: how far each level lies from the largest one of its factor.
///
/// Chance put people into arms within strata, so that the arms are more alike than the rest of the noise would let one think; a
/// model without these terms has intervals that are too wide, and where strata differ much, wider than need be.
///
/// - Limits: a level has a term where two people or more were seen in each of the arms that are compared; the others stand
///   together with the largest one, since a term for them would only take people out. A term that follows from others is left out.
/// - Source: ICH E9, 5.7; EMA/CHMP/295050/2013, 5.1 and 5.3; Kahan BC, Morris TP. Stat Med 2012;31:328-340.
public struct StrataTerms: Sendable, Equatable {
    /// For each factor, the levels that have a term, in the order of the alphabet.
    public let levels: [[String]]

    public static let fewest = 2

    public init(_ people: [TrialPerson], arms: [String]) {
        let factors = people.map(\.strata.count).min() ?? 0
        let wanted = (0..<factors).map { factor -> [String] in
            let counts = Dictionary(grouping: people, by: \.strata[factor]).filter { _, own in
                arms.allSatisfy { arm in own.count { $0.arm == arm } >= Self.fewest }
            }.mapValues(\.count)
            let largest = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
            return counts.keys.filter { $0 != largest }.sorted()
        }
        // Where one term follows from those before it (two factors that fall together) it says nothing new, and no fit could be had.
        var known = [people.map { _ in 1.0 }]
        levels = wanted.enumerated().map { factor, own in
            own.filter { level in
                var rest = people.map { $0.strata[factor] == level ? 1.0 : 0 }
                for one in known {
                    let share = zip(one, rest).reduce(0) { $0 + $1.0 * $1.1 } / one.reduce(0) { $0 + $1 * $1 }
                    rest = zip(rest, one).map { $0 - share * $1 }
                }
                guard rest.reduce(0, { $0 + $1 * $1 }) > 1e-9 else { return false }
                known.append(rest)
                return true
            }
        }
    }

    public var count: Int { levels.reduce(0) { $0 + $1.count } }

    /// 1 for the level that somebody is of, 0 for the others.
    public func row(_ person: TrialPerson) -> [Double] {
        levels.enumerated().flatMap { factor, own in own.map { person.strata[factor] == $0 ? 1 : 0 } }
    }

    public func columns(_ people: [TrialPerson]) -> [[Double]] {
        let rows = people.map(row)
        return (0..<count).map { place in rows.map { $0[place] } }
    }
}

extension StudyPerson {
    /// What chance looked at: the age band, and with minimisation also having asked before.
    func strata(_ plan: StudyProtocol) -> [String] {
        switch plan.allocation {
        case .blocks: [band?.rawValue ?? ""]
        case .minimisation: [band?.rawValue ?? "", askedBefore.rawValue]
        }
    }
}

/// How many came, were put where, and stayed: the boxes of a CONSORT diagram. The simulator prints it of made-up people; a report
/// counts its own (`StudyReport.Flow`), which knows more of each.
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
