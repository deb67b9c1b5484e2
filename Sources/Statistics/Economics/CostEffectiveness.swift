/// What a gain costs: two arms with a cost and an effect for each person.
///
/// - Assumes that chance put people into the arms; costs and effects in the same units throughout.
/// - Limits: a ratio is no number to rank by once replicates lie in several quadrants: then only net benefit and the
///   acceptability curve are given.
/// - Source: Stinnett AA, Mullahy J. Med Decis Making 1998;18:S68-80 (net benefit); Fenwick E, Claxton K, Sculpher M. Health Econ
///   2001;10:779-787 (acceptability); whole people are resampled, cost and effect together.
///
/// Example: 100 more for 0.05 more is 2,000 for each unit, in the quadrant of more for more.
public struct CostEffectiveness: Sendable {
    /// Where the difference lies: the compass of the cost-effectiveness plane, effect to the east, cost to the north.
    public enum Quadrant: String, Sendable, CaseIterable {
        case northEast = "NE"
        case dominant = "SE (dominant)"
        case dominated = "NW (dominated)"
        case southWest = "SW"

        init(cost: Double, effect: Double) {
            switch (cost > 0, effect > 0) {
            case (true, true): self = .northEast
            case (false, true): self = .dominant
            case (true, false): self = .dominated
            case (false, false): self = .southWest
            }
        }
    }

    public struct Person: Sendable, Equatable {
        public let cost: Double
        public let effect: Double

        public init(cost: Double, effect: Double) { (self.cost, self.effect) = (cost, effect) }
    }

    public let differenceInCost: Double
    public let differenceInEffect: Double
    private let control: [Person]
    private let treated: [Person]

    public init(control: [Person], treated: [Person]) throws(NotComputable) {
        try require(control.count >= 2 && treated.count >= 2, "each arm needs two people or more")
        try requireFinite((control + treated).flatMap { [$0.cost, $0.effect] }, "costs and effects")
        (self.control, self.treated) = (control, treated)
        let difference = { (value: (Person) -> Double) in (treated.map(value).mean ?? 0) - (control.map(value).mean ?? 0) }
        differenceInCost = difference(\.cost)
        differenceInEffect = difference(\.effect)
    }

    public var quadrant: Quadrant { Quadrant(cost: differenceInCost, effect: differenceInEffect) }

    /// Cost for one more unit; nil where the effect does not differ.
    public var ratio: Double? { differenceInEffect == 0 ? nil : differenceInCost / differenceInEffect }

    /// What the gain is worth at `willingness` for one unit, less what it costs.
    public func netBenefit(at willingness: Double) -> Double { willingness * differenceInEffect - differenceInCost }

    public func errorOfNetBenefit(at willingness: Double) -> Double {
        [control, treated].reduce(0) { sum, arm in
            sum + (arm.map { willingness * $0.effect - $0.cost }.variance ?? 0) / Double(arm.count)
        }.squareRoot()
    }

    /// Differences of resampled arms.
    ///
    /// - Parameters: `replicates` at least 1; one chance for all, the control's people drawn first.
    public func resampled(_ replicates: Int, chance: inout SeededChance) -> Resampled {
        precondition(replicates > 0, "one replicate or more")
        var differences: [(cost: Double, effect: Double)] = []
        differences.reserveCapacity(replicates)
        for _ in 0..<replicates {
            let zero = Self.mean(control, &chance)
            let one = Self.mean(treated, &chance)
            differences.append((one.cost - zero.cost, one.effect - zero.effect))
        }
        return Resampled(differences: differences)
    }

    private static func mean(_ people: [Person], _ chance: inout SeededChance) -> Person {
        var (cost, effect) = (0.0, 0.0)
        people.withUnsafeBufferPointer { people in
            for _ in 0..<people.count {
                let person = people[chance.below(people.count)]
                cost += person.cost
                effect += person.effect
            }
        }
        return Person(cost: cost / Double(people.count), effect: effect / Double(people.count))
    }

    /// The replicates, and what they say together.
    public struct Resampled: Sendable {
        public let differences: [(cost: Double, effect: Double)]

        /// How many lie in each quadrant; only those that hold any.
        public var quadrants: [Quadrant: Int] {
            differences.reduce(into: [:]) { $0[Quadrant(cost: $1.cost, effect: $1.effect), default: 0] += 1 }
        }

        /// The share of replicates worth their cost at `willingness`: a point of the acceptability curve.
        public func acceptability(at willingness: Double) -> Double {
            Double(differences.count { willingness * $0.effect - $0.cost > 0 }) / Double(differences.count)
        }

        /// 95 % of the net benefit, by percentiles (type 7).
        public func netBenefitInterval(at willingness: Double) -> Interval {
            Self.middle(differences.map { willingness * $0.effect - $0.cost })
        }

        public var costInterval: Interval { Self.middle(differences.map(\.cost)) }
        public var effectInterval: Interval { Self.middle(differences.map(\.effect)) }

        private static func middle(_ values: [Double]) -> Interval {
            let sorted = values.sorted()
            return Interval(sorted.quantileOfSorted(0.025) ?? .nan, sorted.quantileOfSorted(0.975) ?? .nan)
        }

        /// 95 % of the ratio; nil where replicates lie in more than one quadrant, since an order of such ratios means nothing.
        public var ratioInterval: Interval? {
            guard quadrants.count == 1 else { return nil }
            return Self.middle(differences.map { $0.cost / $0.effect })
        }
    }
}
