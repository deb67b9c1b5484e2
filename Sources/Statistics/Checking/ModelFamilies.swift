import Foundation

/// Regressions, times and costs.
extension VectorFamilies {
    static func ancova(_ input: VectorInput) throws -> Output {
        let (before, after) = (try input.numbers("pre"), try input.numbers("post"))
        guard try input.text("model") == "two_arm" else {
            let found = try FactorialAncova(
                before: before, after: after, first: try input.numbers("sync"), second: try input.numbers("moderated"))
            var output = try coefficients(found.fit, ["Intercept", "sync", "moderated", "sync:moderated", "pre"])
            output["f_model"] = .of(found.f)
            return output
        }
        let found = try Ancova(before: before, after: after, arm: try input.ints("arm"))
        var output = try coefficients(found.fit, Ancova.terms)
        output["adjusted_means"] = ["0": .of(found.adjustedMeans.control), "1": .of(found.adjustedMeans.treated)]
        return output
    }

    private static func coefficients(_ fit: LeastSquares, _ names: [String]) throws -> Output {
        [
            "coef": .named(names, fit.coefficients), "se": .named(names, fit.standardErrors),
            "t": .named(names, zip(fit.coefficients, fit.standardErrors).map { $0 / $1 }), "p": .named(names, fit.p),
            "ci95": .object(Dictionary(uniqueKeysWithValues: zip(names, fit.intervals.map { .of($0) }))),
            "hc3_se": .named(names, try fit.hc3Errors), "r2": .of(fit.r2), "sigma2": .of(fit.sigma2), "df_resid": .of(fit.df),
            "f_model": .of(fit.f),
        ]
    }

    static func mixed(_ input: VectorInput) throws -> Output {
        let (outcome, person) = (try input.numbers("y"), try input.ints("person"))
        let (week, arm) = (try input.numbers("week"), try input.numbers("arm"))
        func fitted(_ method: MixedModel.Method) throws -> VectorValue {
            let found = try MixedModel(outcome: outcome, week: week, arm: arm, person: person, method: method)
            let names = ["Intercept", "week", "arm", "week:arm"]
            return [
                "fixed": .named(names, found.coefficients), "se": .named(names, found.standardErrors),
                "var_person": .of(found.varianceOfPeople), "var_resid": .of(found.varianceWithin), "loglik": .of(found.logLikelihood),
            ]
        }
        let cluster = try ClusterICC(outcome, group: person)
        return [
            "reml": try fitted(.restricted), "ml": try fitted(.full), "anova_icc": .of(cluster.icc), "n0": .of(cluster.effectiveSize),
            "design_effect_mean_size": .of(cluster.designEffect),
        ]
    }

    static func survival(_ input: VectorInput) throws -> Output {
        let (times, events, groups) = (try input.numbers("time"), try input.ints("event"), try input.ints("group"))
        guard times.count == events.count, times.count == groups.count, !times.isEmpty, events.allSatisfy({ $0 == 0 || $0 == 1 }) else {
            throw NotComputable("one event (0 or 1) and one group for each time")
        }
        var byGroup: [Int: [KaplanMeier.Observation]] = [:]
        for (index, time) in times.enumerated() {
            guard time >= 0, time.isFinite else { throw NotComputable("a time is a finite number of at least 0") }
            byGroup[groups[index], default: []].append(.init(time: time, ended: events[index] == 1))
        }
        let sorted = byGroup.sorted { $0.key < $1.key }
        var output: Output = [:]
        var curves: [String: VectorValue] = [:]
        for (group, observations) in sorted {
            let curve = KaplanMeier(observations)
            curves[String(group)] = [
                "times": .of(curve.steps.map(\.time)), "survival": .of(curve.steps.map(\.survival)),
                "lower": .of(curve.steps.map(\.interval.lower)), "upper": .of(curve.steps.map(\.interval.upper)),
                "at_risk": .of(curve.steps.map(\.atRisk)), "median": .of(curve.quantile(0.5) ?? .infinity),
                "rmst_28": .of(curve.restrictedMean(to: 28)), "s_at_7": .of(curve.survival(at: 7)), "s_at_28": .of(curve.survival(at: 28)),
            ]
        }
        output["groups"] = .object(curves)
        if sorted.count > 1 {
            let test = try LogRank(sorted.map(\.value))
            output["logrank_chi2"] = .of(test.chiSquared)
            output["logrank_p"] = .of(test.p)
            output["df"] = .of(test.df)
        }
        return output
    }

    static func rates(_ input: VectorInput) throws -> Output {
        let (events, exposures, arms) = (try input.ints("y"), try input.numbers("exposure"), try input.ints("arm"))
        guard events.count == exposures.count, events.count == arms.count else {
            throw NotComputable("one exposure and arm for each count")
        }
        let counts = events.indices.map { WatchedCount(events: events[$0], exposure: exposures[$0], arm: arms[$0]) }
        var each: [String: VectorValue] = [:]
        for arm in Set(arms) {
            let own = counts.filter { $0.arm == arm }
            let rate = try EventRate(events: own.reduce(0) { $0 + $1.events }, exposure: own.reduce(0) { $0 + $1.exposure })
            each[String(arm)] = [
                "events": .of(rate.events), "exposure": .of(rate.exposure), "rate": .of(rate.rate), "ci": .of(rate.interval),
            ]
        }
        var output: Output = ["rate_ci": .object(each)]
        guard Set(arms).count == 2, counts.count > 2 else { return output }
        // Rates stand where a ratio has none.
        let poisson: PoissonRates
        do { poisson = try PoissonRates(counts) } catch { return output }
        output["poisson"] = [
            "coef": .of(poisson.coefficients), "se": .of(poisson.standardErrors), "rate_ratio": .of(poisson.ratio),
            "rr_ci": .of(poisson.interval), "deviance": .of(poisson.deviance), "pearson_dispersion": .of(poisson.dispersion),
        ]
        let wide = try NegativeBinomialRates(counts)
        output["nb"] = [
            "coef": .of(wide.coefficients), "se": .of(wide.standardErrors), "alpha": .of(wide.alpha), "loglik": .of(wide.logLikelihood),
            "rate_ratio": .of(wide.ratio), "rr_ci": .of(wide.interval),
        ]
        return output
    }

    static func interruptedSeries(_ input: VectorInput) throws -> Output {
        let found = try InterruptedSeries(try input.numbers("y"), changeAt: try input.int("change_at"), lag: try input.int("lag"))
        return [
            "coef": .of(found.fit.coefficients), "se_ols": .of(found.fit.standardErrors), "se_hac": .of(found.robustErrors),
            "p_hac": .of(found.p), "durbin_watson": .of(found.fit.durbinWatson),
        ]
    }

    static func economics(_ input: VectorInput) throws -> Output {
        func people(_ arm: Int) throws -> [CostEffectiveness.Person] {
            let (costs, effects) = (try input.numbers("cost\(arm)"), try input.numbers("effect\(arm)"))
            guard costs.count == effects.count else { throw NotComputable("a cost and an effect for each person") }
            return zip(costs, effects).map { CostEffectiveness.Person(cost: $0, effect: $1) }
        }
        let found = try CostEffectiveness(control: try people(0), treated: try people(1))
        let replicates = try input.int("replicates")
        guard replicates > 0 else { throw NotComputable("one replicate or more") }
        var chance = SeededChance(seed: try input.seed("seed"))
        let resampled = found.resampled(replicates, chance: &chance)
        let lambdas = try input.numbers("lambdas")
        func each(_ value: (Double) -> VectorValue) -> VectorValue {
            .object(Dictionary(lambdas.map { ($0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : String($0), value($0)) }) { $1 })
        }
        return [
            "delta_cost": .of(found.differenceInCost), "delta_effect": .of(found.differenceInEffect), "icer": .of(found.ratio),
            "quadrant": .text(found.quadrant.rawValue), "inb": each { .of(found.netBenefit(at: $0)) },
            "se_inb": each { .of(found.errorOfNetBenefit(at: $0)) }, "ceac": each { .of(resampled.acceptability(at: $0)) },
            "inb_ci": each { .of(resampled.netBenefitInterval(at: $0)) },
            "quadrant_counts": .object(Dictionary(uniqueKeysWithValues: resampled.quadrants.map { ($0.rawValue, .of($1)) })),
            "icer_ci": resampled.ratioInterval.map { .of($0) } ?? .null,
        ]
    }

    static func qaly(_ input: VectorInput) throws -> Output {
        if input.has("eq5d3l") { return ["utility": .of(try britishUtility(of: try input.text("eq5d3l")))] }
        if input.has("arm") {
            let outcome = try input.numbers(["qaly", "qalys", "y", "outcome"].first(where: input.has) ?? "qaly")
            let baseline = try input.numbers(
                ["baseline", "baseline_utility", "utility_baseline", "utility0", "u0", "baseline_u", "base", "pre", "utility"].first(
                    where: input.has) ?? "baseline")
            let arms = try input.ints("arm")
            let found = try adjustedQALYs(outcome, arm: arms, baseline: baseline)
            let mean = { (arm: Int) in zip(outcome, arms).filter { $0.1 == arm }.map(\.0).mean ?? 0 }
            let plain = mean(1) - mean(0)
            return [
                "coef": .of(found.fit.coefficients), "se": .of(found.fit.standardErrors), "effect": .of(found.effect),
                "adjusted": .of(found.effect), "difference": .of(found.effect), "adjusted_difference": .of(found.effect),
                "arm": .of(found.effect), "se_arm": .of(found.fit.standardErrors[1]), "ci95": .of(found.interval),
                "ci": .of(found.interval),
                "p": .of(found.p), "r2": .of(found.fit.r2), "unadjusted": .of(plain), "raw_difference": .of(plain),
            ]
        }
        let (years, utilities) = (try input.numbers("years"), try input.numbers("utility"))
        return [
            "qaly": .of(try qalys(years: years, utilities: utilities)),
            "qaly_discounted": .of(try qalys(years: years, utilities: utilities, discount: 0.035)),
        ]
    }

    static func weighting(_ input: VectorInput) throws -> Output {
        let (arm, outcome) = (try input.ints("arm"), try input.numbers("y"))
        guard outcome.count == arm.count else { throw NotComputable("one outcome for each person") }
        let found = try PropensityWeights(terms: [try input.numbers("age"), try input.numbers("severity")], arm: arm)
        return [
            "coef": .of(found.coefficients), "se": .of(found.standardErrors), "propensity_first5": .of(Array(found.propensity.prefix(5))),
            "smd_before": .of(found.differences(weighted: false)), "smd_after": .of(found.differences(weighted: true)),
            "effect_unweighted": .of(found.effect(on: outcome, weighted: false)),
            "effect_weighted": .of(found.effect(on: outcome, weighted: true)),
            "ess": .of([found.effectiveSize(arm: 0), found.effectiveSize(arm: 1)]),
        ]
    }
}
