extension Instrument {
    /// What a state of health is worth by a public's choices: 1 is full health, 0 is as good as dead. Codes and losses alone; a host
    /// brings them with the record of why it may use them, the core holds none.
    ///
    /// - Assumes that losses add up, as the value set's own model says.
    /// - Limits: a value set speaks of the people and the country it was made with; adult values are none for people under 18.
    public struct Utility: Sendable, Equatable, Decodable {
        public struct Licence: Sendable, Equatable, Decodable {
            public let holder: String
            public let terms: String
            public let date: String
            public let evidence: String
        }
        /// Lost once, however many answers lie above the code.
        public struct Once: Sendable, Equatable, Decodable {
            public let above: Int
            public let loss: Double
        }
        public let name: String
        public let country: String
        public let source: String
        public let ages: AgeRange
        public let licence: Licence
        /// What is left where nothing is lost; 1 without it.
        public let start: Double?
        /// For each item, what each answer loses, from the lowest code up.
        public let losses: [[Double]]
        public let once: [Once]?

        /// What is wrong with it, each with its place.
        func faults(of measure: Instrument) -> [String] {
            var found: [String] = []
            let (items, answers) = (measure.items, measure.highest - measure.lowest + 1)
            for (field, value) in [
                ("name", name), ("country", country), ("source", source), ("licence, holder", licence.holder),
                ("licence, terms", licence.terms), ("licence, date", licence.date), ("licence, evidence", licence.evidence),
            ] where !value.contains(where: { !$0.isWhitespace }) {
                found.append("utility, \(field): is empty")
            }
            if let start, !(start > 0 && start <= 1) { found.append("utility, start: \(start) is not above 0 and at most 1") }
            if ages.from < 0 || ages.to.map({ $0 < ages.from }) == true { found.append("utility, ages: they end before they begin") }
            if losses.count != items.count { found.append("utility, losses: \(losses.count) rows for \(items.count) items") }
            for (item, row) in zip(items, losses) {
                if row.count != answers { found.append("utility, item \(item.code): \(row.count) losses for \(answers) answers") }
                for (place, loss) in row.enumerated() where !(0...2).contains(loss) {
                    found.append("utility, item \(item.code), answer \(measure.lowest + place): a loss of \(loss) is not between 0 and 2")
                }
            }
            for one in once ?? [] where !(measure.lowest..<measure.highest).contains(one.above) || !(0...2).contains(one.loss) {
                found.append("utility, once above \(one.above): no such answer, or a loss of \(one.loss) that is not between 0 and 2")
            }
            guard found.isEmpty else { return found }
            let worst = losses.reduce(start ?? 1) { $0 - ($1.max() ?? 0) } - (once ?? []).reduce(0) { $0 + $1.loss }
            if worst < -2 { found.append("utility, losses: the worst state comes to \(worst)") }
            if losses.allSatisfy({ Set($0).count == 1 }) { found.append("utility, losses: every answer is worth the same") }
            return found
        }
    }

    /// What the answers are worth; nil without a value set, and where an answer is missing: a state has no gaps.
    ///
    /// - Source: the value set's own.
    ///
    /// Example: by Dolan's values for the EQ-5D-3L, 21111 is 0.850.
    public func utility(_ answers: [Int?]) -> Double? {
        guard let utility, answers.count == items.count, utility.losses.count == items.count else { return nil }
        var worth = utility.start ?? 1
        for (answer, row) in zip(answers, utility.losses) {
            guard let answer, row.indices.contains(answer - lowest) else { return nil }
            worth -= row[answer - lowest]
        }
        for one in utility.once ?? [] where answers.contains(where: { $0.map { $0 > one.above } ?? false }) { worth -= one.loss }
        return worth
    }
}
