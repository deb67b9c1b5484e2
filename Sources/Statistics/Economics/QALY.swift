/// Quality-adjusted life years: the area under the utilities of one person's visits, straight lines between them.
///
/// - Assumes that the value between two points runs in a straight line, and stays until the last one asked.
/// - Parameters:
///   - years: when each visit was, rising, from the start.
///   - utilities: one for each visit, at most 1; below 0 is worse than death by the tariff.
///   - discount: a year's rate, 0.035 in England; each piece is divided by (1 + rate)^(whole years at its middle).
/// - Limits: one tariff throughout; adult tariffs are not for people under 18.
/// - Source: Manca A, Hawkins N, Sculpher MJ. Health Econ 2005;14:487-496; NICE PMG36 for the rate.
///
/// Example: 0.5 and 0.7, a year apart, come to 0.6.
public func qalys(years: [Double], utilities: [Double], discount: Double = 0) throws(NotComputable) -> Double {
    try require(years.count == utilities.count && years.count >= 2, "two visits or more, each with a utility")
    try requireFinite(years + utilities, "years and utilities")
    try require(zip(years, years.dropFirst()).allSatisfy { $0 < $1 }, "visits stand in the order of time")
    try require(utilities.allSatisfy { $0 <= 1 }, "a utility is at most 1")
    try require(discount >= 0, "a rate is at least 0")
    return (1..<years.count).reduce(0) { sum, i in
        let piece = (years[i] - years[i - 1]) * (utilities[i] + utilities[i - 1]) / 2
        let whole = Int((years[i] + years[i - 1]) / 2)
        return sum + piece / (0..<whole).reduce(1.0) { factor, _ in factor * (1 + discount) }
    }
}

/// The difference in QALYs between two arms with the baseline utility taken out: arms that began apart would keep it.
///
/// - Source: Manca A, Hawkins N, Sculpher MJ. Health Econ 2005;14:487-496. Assumptions as for `Ancova`.
///
/// Example: equal arms that began 0.1 apart differ by 0 once adjusted.
public func adjustedQALYs(_ qalys: [Double], arm: [Int], baseline: [Double]) throws(NotComputable) -> Ancova {
    try Ancova(before: baseline, after: qalys, arm: arm)
}

/// A state of the EQ-5D-3L, and its worth by the British public's time trade-off. For arithmetic; adults only.
///
/// - Source: Dolan P. Med Care 1997;35:1095-1108.
///
/// Example: 21111 is 0.850.
public func britishUtility(of state: String) throws(NotComputable) -> Double {
    let levels = state.compactMap(\.wholeNumberValue)
    try require(levels.count == 5 && state.count == 5 && levels.allSatisfy((1...3).contains), "five levels from 1 to 3")
    let losses: [(Double, Double)] = [(0.069, 0.314), (0.104, 0.214), (0.036, 0.094), (0.123, 0.386), (0.071, 0.236)]
    var worth = 1.0
    if levels.contains(where: { $0 > 1 }) { worth -= 0.081 }
    for (level, loss) in zip(levels, losses) {
        if level == 2 { worth -= loss.0 }
        if level == 3 { worth -= loss.1 }
    }
    if levels.contains(3) { worth -= 0.269 }
    return worth
}
