/// Counts told with noise, each question once: who asks again hears the same, so that no number of questions averages the noise
/// away.
///
/// - Assumes that a question names everything that it is about, its closed time included: what was told stays, whatever the
///   count becomes.
/// - Limits: the same figure under another name is another question, and costs again; the ledger ends that too.
/// - Source: Dwork C, Roth A. The Algorithmic Foundations of Differential Privacy, 2014, 3.5; the answers kept: Adam NR, Wortmann
///   JC. ACM Comput Surv 1989;21:515-556 (on repeated queries).
///
/// Example: a budget of 1 answers ten questions of 0.1, each as often as it is asked, and no eleventh.
public struct ToldFigures: Sendable, Equatable {
    public private(set) var ledger: PrivacyLedger
    private var told: [String: Int] = [:]

    public init(budget: Double) throws(NotComputable) { ledger = try PrivacyLedger(budget: budget) }

    /// The count with noise of epsilon = `numerator` / `denominator`, never below 0; nil where the budget has no room for it.
    ///
    /// - Parameters: `count` one person changes by 1 at most; both parts at least 1 and at most 1,000,000.
    public mutating func tell(
        _ question: String, count: Int, numerator: Int, denominator: Int, chance: inout some RandomNumberGenerator
    ) -> Int? {
        if let before = told[question] { return before }
        guard ledger.spend(Double(numerator) / Double(denominator)) else { return nil }
        let answer = max(0, count + LaplaceNoise.draw(numerator: numerator, denominator: denominator, chance: &chance))
        told[question] = answer
        return answer
    }
}
