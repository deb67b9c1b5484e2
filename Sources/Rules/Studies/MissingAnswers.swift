import Statistics

extension StudyReport {
    /// How many times the gaps are filled in.
    public static let imputations = 20

    /// The main comparison again with gaps filled in from what is known of those alike: baseline, arm and stratum, with the noise of the
    /// regression and of its coefficients' estimate drawn anew each time; then with everybody who is missing on the side of what is
    /// looked at half a deviation worse: a shift of all arms alike would cancel. Whoever took their answers out is missing like the
    /// others: they may have left because it did harm.
    ///
    /// - Source: Rubin DB. 1987; the shift after Carpenter JR, Kenward MG. Multiple Imputation and its Application, 2013 (delta
    ///   adjustment).
    static func sensitivity(
        _ plan: StudyProtocol, _ measure: Instrument?, _ last: Int, _ people: [StudyPerson], _ seed: UInt64
    ) -> Part<[Sensitivity]> {
        guard plan.design.hasComparison else { return .untold("nobody compares") }
        guard let measure else { return .untold("no measure") }
        let pairs = pairs(plan, people, StudyPoint(measure.id, last), measure)
        guard pairs.contains(where: { $0.after == nil }) else { return .untold("nobody is missing") }
        do {
            let asSeen = try estimates(plan, pairs, shift: 0, of: [], seed: seed)
            let shift = (measure.higherIs == .better ? -0.5 : 0.5) * (pairs.map(\.before).deviation ?? 0)
            let sides = sides(plan)
            return .told(
                try asSeen.keys.sorted().map { name in
                    let side = sides[name] ?? Set(plan.arms.dropFirst().map(\.id))
                    let worse = try estimates(plan, pairs, shift: shift, of: side, seed: seed)[name]
                    func pooled(_ found: [Effect]?) throws -> PooledImputations {
                        try PooledImputations(
                            estimates: (found ?? []).map(\.points), variances: (found ?? []).map { $0.error * $0.error },
                            completeDF: found?.first?.df ?? 1)
                    }
                    return Sensitivity(of: name, asSeen: try pooled(asSeen[name]), worse: try pooled(worse))
                })
        } catch { return .untold("\(error)") }
    }

    /// Where forms are crossed: for each term the arms that stand on its plus side.
    private static func sides(_ plan: StudyProtocol) -> [String: Set<String>] {
        guard plan.design == .factorial else { return [:] }
        let terms = FactorialAncova.terms(of: plan.factors.count).map { term in
            (
                term.map { plan.factors[$0] }.joined(separator: " × "),
                Set(plan.arms.filter { arm in term.reduce(1.0) { $0 * arm.levels[$1] } > 0 }.map(\.id))
            )
        }
        return Dictionary(terms, uniquingKeysWith: { a, _ in a })
    }

    /// Estimate and variance of each comparison, in each filled-in set; missing people of the arms `side` are moved by `shift` points.
    private static func estimates(
        _ plan: StudyProtocol, _ pairs: [TrialPerson], shift: Double, of side: Set<String>, seed: UInt64
    ) throws -> [String: [Effect]] {
        var chance = SeededChance(seed: seed)
        let seen = pairs.filter { $0.after != nil }
        let terms = StrataTerms(seen, arms: plan.arms.map(\.id))
        var found: [String: [Effect]] = [:]
        for _ in 0..<imputations {
            // A draw of people with return stands for not knowing the regression exactly.
            let drawn = plan.arms.flatMap { arm in
                // Within strata, so that none is lost in the draw.
                let own = Dictionary(grouping: seen.filter { $0.arm == arm.id }, by: \.strata).sorted {
                    $0.key.lexicographicallyPrecedes($1.key)
                }
                return own.flatMap { _, alike in alike.map { _ in alike[chance.below(alike.count)] } }
            }
            let model = try Lines(drawn, terms, arms: plan.arms.map(\.id))
            let filled = pairs.map { person in
                guard person.after == nil, let spread = model.spreads[person.arm] else { return person }
                return TrialPerson(
                    arm: person.arm, before: person.before,
                    after: model.mean(person) + spread * chance.normal() + (side.contains(person.arm) ? shift : 0),
                    strata: person.strata)
            }
            for outcome in try plan.analysis(filled) {
                guard case .effect(let effect) = outcome else { continue }
                found[effect.of] = (found[effect.of] ?? []) + [effect]
            }
        }
        return found
    }

    /// After on before: one slope and one distance between strata for all arms, a level and a spread for each.
    private struct Lines {
        let spreads: [String: Double]
        private let arms: [String]
        private let terms: StrataTerms
        private let fit: LeastSquares

        init(_ people: [TrialPerson], _ terms: StrataTerms, arms: [String]) throws {
            guard arms.allSatisfy({ arm in people.count { $0.arm == arm } > 2 }) else {
                throw NotComputable("too few were seen at the end")
            }
            guard Set(people.map(\.before)).count > 1 else { throw NotComputable("everybody began with the same score") }
            (self.arms, self.terms) = (arms, terms)
            let rows = people.map { Self.row($0, terms, arms) }
            let fit = try LeastSquares(
                Matrix(columns: (0..<arms.count + 1 + terms.count).map { place in rows.map { $0[place] } }), people.compactMap(\.after))
            self.fit = fit
            spreads = Dictionary(
                uniqueKeysWithValues: arms.map { arm in
                    let own = zip(people, fit.residuals).filter { $0.0.arm == arm }.map(\.1)
                    return (arm, (own.reduce(0) { $0 + $1 * $1 } / Double(own.count - 2)).squareRoot())
                })
        }

        private static func row(_ person: TrialPerson, _ terms: StrataTerms, _ arms: [String]) -> [Double] {
            arms.map { person.arm == $0 ? 1 : 0 } + [person.before] + terms.row(person)
        }

        func mean(_ person: TrialPerson) -> Double {
            zip(fit.coefficients, Self.row(person, terms, arms)).reduce(0) { $0 + $1.0 * $1.1 }
        }
    }
}
