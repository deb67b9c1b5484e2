/// Did this one person change, by more than the questionnaire's own error, and to where?
///
/// - Assumes a reliability and a spread that belong to the people at hand; publish z, SD and r beside each result, since
///   published thresholds differ in them.
/// - Limits: says that the score changed, never why. Without a comparison it is a change, not an effect.
/// - Source: Jacobson NS, Truax P. J Consult Clin Psychol 1991;59:12-19.
///
/// Example: SD 5.5, r 0.84, from 16 to 6 where lower is better: index 3.21 (threshold 6.1 points), a reliable improvement.
public struct ReliableChange: Sendable, Equatable {
    /// One of four; `recovered` is a reliable improvement that also crossed the cut-off.
    public enum Class: String, Sendable, CaseIterable { case recovered, improved, unchanged, deteriorated }

    /// What the measure says of the two kinds of people it was tried on.
    public struct Norms: Sendable, Equatable {
        public let clinicalMean: Double, clinicalDeviation: Double
        public let functionalMean: Double, functionalDeviation: Double

        public init(clinicalMean: Double, clinicalDeviation: Double, functionalMean: Double, functionalDeviation: Double) {
            (self.clinicalMean, self.clinicalDeviation) = (clinicalMean, clinicalDeviation)
            (self.functionalMean, self.functionalDeviation) = (functionalMean, functionalDeviation)
        }
    }

    /// The standard error of measurement, sd × √(1 - r), and that of a difference, √2 times as much; in points.
    public let standardError: Double
    public let errorOfDifference: Double
    /// The change in errors of a difference; above 0 is better, whichever way the scale runs.
    public let index: Double
    /// The least change in points that counts as reliable.
    public let threshold: Double
    public let cutoffs: Cutoffs?
    /// The cut-off used: the one given, or c.
    public let cutoff: Double?
    public let outcome: Class

    /// - Parameters:
    ///   - deviation, reliability: of the measure; above 0, and from 0 up to but not 1.
    ///   - z: 1.96 for 95 %, 1.645 for 90 %; a change of exactly z counts as reliable.
    ///   - norms, cutoff: a given cut-off wins; without both nobody is called recovered.
    /// - Throws: `NotComputable` for a reliability of 1 or outside 0 to 1, a deviation not above 0, and numbers that are none.
    public init(
        from before: Double, to after: Double, deviation: Double, reliability: Double, lowerIsBetter: Bool, norms: Norms? = nil,
        cutoff given: Double? = nil, z: Double = 1.96
    ) throws(NotComputable) {
        try requireFinite([before, after, deviation, reliability, z], "scores, deviation, reliability and z")
        try require(deviation > 0, "the deviation must be above 0")
        try require((0..<1).contains(reliability), "the reliability must be at least 0 and below 1: at 1 every change would count")
        try require(z > 0, "z must be above 0")
        standardError = deviation * (1 - reliability).squareRoot()
        errorOfDifference = 2.0.squareRoot() * standardError
        let change = lowerIsBetter ? before - after : after - before
        index = change / errorOfDifference
        threshold = z * errorOfDifference
        cutoffs = try norms.map { norms throws(NotComputable) in try Cutoffs(norms, lowerIsBetter: lowerIsBetter) }
        cutoff = given ?? cutoffs?.c
        // On the cut-off itself a score is clinical where lower is better, and functional where higher is better.
        let isFunctional = { (score: Double, line: Double) in lowerIsBetter ? score < line : score >= line }
        if index >= z {
            let crossed = cutoff.map { !isFunctional(before, $0) && isFunctional(after, $0) } ?? false
            outcome = crossed ? .recovered : .improved
        } else {
            outcome = index <= -z ? .deteriorated : .unchanged
        }
    }

    /// The three cut-offs between clinical and functional: a, two deviations from the clinical mean; b, two from the
    /// functional; c, between both, weighted by their spreads.
    public struct Cutoffs: Sendable, Equatable {
        public let a: Double, b: Double, c: Double

        init(_ norms: Norms, lowerIsBetter: Bool) throws(NotComputable) {
            try requireFinite([norms.clinicalMean, norms.functionalMean], "norm means")
            try require(norms.clinicalDeviation > 0 && norms.functionalDeviation > 0, "norm deviations must be above 0")
            let toward: Double = lowerIsBetter ? -1 : 1
            a = norms.clinicalMean + toward * 2 * norms.clinicalDeviation
            b = norms.functionalMean - toward * 2 * norms.functionalDeviation
            c =
                (norms.functionalDeviation * norms.clinicalMean + norms.clinicalDeviation * norms.functionalMean)
                / (norms.functionalDeviation + norms.clinicalDeviation)
        }
    }
}
