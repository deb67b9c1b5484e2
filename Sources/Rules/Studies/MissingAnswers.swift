import Statistics

extension StudyReport {
    /// How many times the gaps are filled in.
    public static let imputations = 20

    /// The main comparison again with gaps filled in from what is known of those alike: baseline and arm, with the noise of the
    /// regression and of its coefficients' estimate drawn anew each time; then with everybody who is missing, in all but the first arm, half a deviation
    /// worse: a shift of all arms alike would cancel.
    ///
    /// - Source: Rubin DB. 1987; the shift after Carpenter JR, Kenward MG. Multiple Imputation and its Application, 2013 (delta
    ///   adjustment).
    static func sensitivity(
        _ plan: StudyProtocol, _ measure: Instrument?, _ last: Int, _ people: [StudyPerson], _ seed: UInt64
    ) -> Part<[Sensitivity]> {
        guard plan.design.hasComparison else { return .untold("nobody compares") }
        guard let measure else { return .untold("no measure") }
        let pairs = pairs(people, StudyPoint(measure.id, last), measure)
        guard pairs.contains(where: { $0.after == nil }) else { return .untold("nobody is missing") }
        do {
            let asSeen = try estimates(plan, pairs, shift: 0, seed: seed)
            let shift = (measure.higherIs == .better ? -0.5 : 0.5) * (pairs.map(\.before).deviation ?? 0)
            let worse = try estimates(plan, pairs, shift: shift, seed: seed)
            return .told(
                try asSeen.keys.sorted().map { name in
                    func pooled(_ found: [Effect]?) throws -> PooledImputations {
                        try PooledImputations(
                            estimates: (found ?? []).map(\.points), variances: (found ?? []).map { $0.error * $0.error },
                            completeDF: found?.first?.df ?? 1)
                    }
                    return Sensitivity(of: name, asSeen: try pooled(asSeen[name]), worse: try pooled(worse[name]))
                })
        } catch { return .untold("\(error)") }
    }

    /// Estimate and variance of each comparison, in each filled-in set.
    private static func estimates(
        _ plan: StudyProtocol, _ pairs: [TrialPerson], shift: Double, seed: UInt64
    ) throws -> [String: [Effect]] {
        var chance = SeededChance(seed: seed)
        let seen = pairs.filter { $0.after != nil }
        var found: [String: [Effect]] = [:]
        for _ in 0..<imputations {
            // A draw of people with return stands for not knowing the regression exactly.
            let drawn = plan.arms.flatMap { arm in
                let own = seen.filter { $0.arm == arm.id }
                return own.map { _ in own[chance.below(own.count)] }
            }
            let models = try Dictionary(uniqueKeysWithValues: plan.arms.map { ($0.id, try Line(drawn, arm: $0.id)) })
            let filled = pairs.map { person in
                guard person.after == nil, let model = models[person.arm] else { return person }
                return TrialPerson(
                    arm: person.arm, before: person.before,
                    after: model.level + model.slope * person.before + model.spread * chance.normal()
                        + (person.arm == plan.control?.id ? 0 : shift))
            }
            for outcome in try plan.analysis(filled) {
                guard case .effect(let effect) = outcome else { continue }
                found[effect.of] = (found[effect.of] ?? []) + [effect]
            }
        }
        return found
    }

    /// After on before, one slope for all arms and a level for each.
    private struct Line {
        let level: Double
        let slope: Double
        let spread: Double

        init(_ people: [TrialPerson], arm: String) throws {
            let own = people.filter { $0.arm == arm }
            guard own.count > 2, let ownBefore = own.map(\.before).mean, let ownAfter = own.compactMap(\.after).mean else {
                throw NotComputable("too few were seen at the end")
            }
            // Within arms: what the arms differ by is no slope.
            var (xy, xx) = (0.0, 0.0)
            for arm in Set(people.map(\.arm)).sorted() {
                let group = people.filter { $0.arm == arm }
                guard let meanBefore = group.map(\.before).mean, let meanAfter = group.compactMap(\.after).mean else { continue }
                for person in group {
                    xy += (person.before - meanBefore) * ((person.after ?? meanAfter) - meanAfter)
                    xx += (person.before - meanBefore) * (person.before - meanBefore)
                }
            }
            guard xx > 0 else { throw NotComputable("everybody began with the same score") }
            slope = xy / xx
            level = ownAfter - slope * ownBefore
            var rest = 0.0
            for person in own {
                let error = (person.after ?? 0) - level - slope * person.before
                rest += error * error
            }
            spread = (rest / Double(own.count - 2)).squareRoot()
        }
    }
}
