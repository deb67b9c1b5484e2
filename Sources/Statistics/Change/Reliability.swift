/// How far a questionnaire agrees with itself and with its repetition.
///
/// - Assumes items on one scale that all point the same way (reverse before), and complete answers: people with a missing
///   answer are left out.
/// - Limits: alpha grows with the number of items and says nothing about one factor or many.
/// - Source: Cronbach LJ. Psychometrika 1951;16:297-334; for the retest McGraw KO, Wong SP. Psychol Methods 1996;1:30-46.
///
/// Example: two people who answer 1, 1 and 3, 3 give an alpha of 1.
public struct Reliability: Sendable, Equatable {
    public let alpha: Double
    /// One sum for each complete person, in order.
    public let totals: [Double]
    public let deviation: Double
    public let people: Int

    /// - Parameter answers: one list for each person, as long as there are items (2 at least); nil for no answer.
    public init(answers: [[Double?]]) throws(NotComputable) {
        let complete = answers.filter { !$0.contains(nil) }.map { $0.compactMap(\.self) }
        let items = complete.first?.count ?? 0
        try require(items >= 2, "alpha needs two items or more")
        try require(complete.allSatisfy { $0.count == items }, "each person answers the same items")
        try require(complete.count >= 2, "alpha needs two complete people or more")
        for person in complete { try requireFinite(person, "answers") }
        totals = complete.map { $0.reduce(0, +) }
        guard let spread = totals.variance, spread > 0 else { throw NotComputable("everybody has the same total") }
        let within = (0..<items).reduce(0.0) { sum, item in sum + (complete.map { $0[item] }.variance ?? 0) }
        alpha = Double(items) / Double(items - 1) * (1 - within / spread)
        deviation = spread.squareRoot()
        people = complete.count
    }

    /// The standard error of measurement, in points: sd × √(1 - alpha). Nil when alpha is above 1, which only faulty data give.
    public var standardError: Double? { alpha <= 1 ? deviation * (1 - alpha).squareRoot() : nil }

    /// The smallest change in points that is more than chance in one person, with 95 % sureness: 1.96 × √2 × SEM.
    public var smallestDetectableChange: Double? { standardError.map { 1.96 * 2.0.squareRoot() * $0 } }
}

/// Test and retest by the same people, or several raters of the same things: the share of the variance that is between them.
///
/// Two-way random effects, absolute agreement, one measurement: ICC(A,1).
///
/// - Parameter scores: one list for each person, as long as there are occasions (2 at least).
/// - Assumes that occasions, too, are a sample, so that a shift between them counts against the agreement.
/// - Source: McGraw KO, Wong SP. Psychol Methods 1996;1:30-46, case 2.
///
/// Example: scores 1, 1 · 2, 2 · 3, 3 give 1.
public func agreementICC(_ scores: [[Double]]) throws(NotComputable) -> Double {
    let (n, k) = (scores.count, scores.first?.count ?? 0)
    try require(n >= 2 && k >= 2 && scores.allSatisfy { $0.count == k }, "two people and two occasions or more, none missing")
    for person in scores { try requireFinite(person, "scores") }
    let grand = scores.joined().reduce(0, +) / Double(n * k)
    let people = scores.map { $0.reduce(0, +) / Double(k) }
    let occasions = (0..<k).map { j in scores.reduce(0) { $0 + $1[j] } / Double(n) }
    let rows = Double(k) * people.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(n - 1)
    let columns = Double(n) * occasions.reduce(0) { $0 + ($1 - grand) * ($1 - grand) } / Double(k - 1)
    var rest = 0.0
    for i in 0..<n { for j in 0..<k { rest += square(scores[i][j] - people[i] - occasions[j] + grand) } }
    rest /= Double((n - 1) * (k - 1))
    let below = rows + Double(k - 1) * rest + Double(k) / Double(n) * (columns - rest)
    try require(below > 0, "nobody differs from anybody")
    return (rows - rest) / below
}

func square(_ x: Double) -> Double { x * x }
