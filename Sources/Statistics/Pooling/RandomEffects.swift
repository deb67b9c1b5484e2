/// Effects of several hosts joined, each sending its effect and variance and no row about anybody.
///
/// Tests that the mean of all hosts' effects is 0; Q that they are one and the same.
///
/// - Assumes independent hosts, effects on one scale, true effects that differ about normally.
/// - Limits: of few hosts the spread between them is hardly known; Hartung and Knapp's interval says so by its width. Where effects
///   agree by luck it is narrower than the usual one, down to nothing: `cautiousInterval` never is, and is the one to publish.
/// - Source: DerSimonian R, Laird N. Control Clin Trials 1986;7:177-188; Paule RC, Mandel J. 1982; Hartung J, Knapp G. Stat Med
///   2001;20:3875-3889; the larger error: Knapp G, Hartung J. Stat Med 2003;22:2693-2710, Röver C, Knapp G, Friede T. BMC Med Res
///   Methodol 2015;15:99; I² by Higgins JPT, Thompson SG. 2002.
///
/// Example: two hosts with the same effect have no spread between them.
public struct RandomEffects: Sendable, Equatable {
    public let fixed: Double
    public let fixedError: Double
    public let random: Double
    public let randomError: Double
    /// The variance between hosts, after DerSimonian and Laird, and after Paule and Mandel.
    public let tau2: Double
    public let tau2PauleMandel: Double
    public let q: Double
    public let i2: Double
    /// Hartung and Knapp's error of `random`, and its 95 % interval by t with one less than the hosts.
    public let error: Double
    public let interval: Interval
    private let df: Double

    /// The larger of `error` and `randomError`, and its 95 % interval by t: never narrower than `interval` or the usual one.
    public var cautiousError: Double { max(error, randomError) }
    public var cautiousInterval: Interval {
        let half = StudentT.quantile(0.975, df: df) * cautiousError
        return Interval(random - half, random + half)
    }

    /// - Parameters: one effect and one variance (above 0) for each host; two hosts at least.
    public init(effects: [Double], variances: [Double]) throws(NotComputable) {
        try require(effects.count == variances.count && effects.count >= 2, "two hosts or more, each with effect and variance")
        try requireFinite(effects, "effects")
        try require(variances.allSatisfy { $0 > 0 && $0.isFinite }, "a variance is above 0")
        let df = Double(effects.count - 1)
        self.df = df
        let plain = Self.weighted(effects, variances.map { 1 / $0 })
        fixed = plain.mean
        fixedError = 1 / plain.weight.squareRoot()
        q = plain.spread
        i2 = q > 0 ? max(0, (q - df) / q) : 0
        let squares = variances.reduce(0) { $0 + 1 / ($1 * $1) }
        tau2 = max(0, (q - df) / (plain.weight - squares / plain.weight))
        let gap = { (tau2: Double) in Self.weighted(effects, variances.map { 1 / ($0 + tau2) }).spread - df }
        let widest = (effects.variance ?? 0) * 10 + 1
        tau2PauleMandel = gap(0) <= 0 ? 0 : root(between: 0, and: widest, gap) ?? 0
        let joined = Self.weighted(effects, variances.map { [tau2] in 1 / ($0 + tau2) })
        random = joined.mean
        randomError = 1 / joined.weight.squareRoot()
        error = (joined.spread / (df * joined.weight)).squareRoot()
        let half = StudentT.quantile(0.975, df: df) * error
        interval = Interval(random - half, random + half)
    }

    private static func weighted(_ effects: [Double], _ weights: [Double]) -> (mean: Double, weight: Double, spread: Double) {
        let sum = weights.reduce(0, +)
        let mean = zip(effects, weights).reduce(0) { $0 + $1.0 * $1.1 } / sum
        return (mean, sum, zip(effects, weights).reduce(0) { $0 + $1.1 * square($1.0 - mean) })
    }
}
