/// Scores, change and effects.
extension VectorFamilies {
    static func prng(_ input: VectorInput) throws -> Output {
        let seed = try input.seed("seed")
        func drawn<T>(_ count: Int, _ draw: (inout SeededChance) -> T) -> [T] {
            var chance = SeededChance(seed: seed)
            return (0..<count).map { _ in draw(&chance) }
        }
        var (chance, list) = (SeededChance(seed: seed), Array(0...9))
        chance.shuffle(&list)
        return [
            "next_hex": .of(
                drawn(5) { chance in
                    let hex = String(chance.next(), radix: 16)
                    return String(repeating: "0", count: 16 - hex.count) + hex
                }),
            "unit": .of(drawn(5) { $0.share() }), "below_10": .of(drawn(12) { $0.below(10) }), "shuffle_0_to_9": .of(list),
        ]
    }

    static func scoring(_ input: VectorInput, _ measures: [Instrument]) throws -> Output {
        let id = try input.text("instrument")
        guard let instrument = measures.first(where: { $0.id == id }) else { throw VectorFault(description: "no measure is called \(id)") }
        let answers = try input.intsOrNull("responses")
        let score = try Score(answers, by: instrument)
        var output: Output = [
            "total": .of(score.total), "mean": .of(score.mean), "raw": .of(score.raw), "prorated": .bool(score.isProrated),
            "substituted": .of(score.substituted),
        ]
        for cutoff in instrument.cutoffs { output[cutoff.id] = .of(instrument.reaches(cutoff, score)) }
        for band in instrument.bands { output[band.id] = .of(instrument.band(band, score)) }
        for risk in instrument.risks { output[risk.id] = .of(instrument.risk(risk, in: answers)) }
        for scale in instrument.subscales ?? [] { output[scale.id] = .of(instrument.subscale(scale.id, of: score)) }
        if instrument.subscales != nil, score.total != nil { output["positive_subscales"] = .of(instrument.positiveSubscales(of: score)) }
        return output
    }

    static func reliability(_ input: VectorInput) throws -> Output {
        let rows = try input.rows("items") { try $0 == .null ? nil : VectorInput.number($0, "items") }
        let found = try Reliability(answers: rows)
        let retest = try input.list("total_retest")
        let complete = rows.indices.filter { !rows[$0].contains(nil) }
        // Where the retest stands for everybody, it is taken for the complete ones.
        guard retest.count == found.totals.count || retest.count == rows.count else { throw NotComputable("one retest for each person") }
        let seconds = retest.count == found.totals.count ? retest : complete.map { retest[$0] }
        let pairs = try zip(found.totals, seconds).compactMap { first, second in
            try second == .null ? nil : [first, VectorInput.number(second, "total_retest")]
        }
        return [
            "alpha": .of(found.alpha), "total": .of(found.totals), "sd_total": .of(found.deviation), "sem": .of(found.standardError),
            "sdc95": .of(found.smallestDetectableChange), "icc_a1": .of(try agreementICC(pairs)),
        ]
    }

    static func reliableChange(_ input: VectorInput) throws -> Output {
        let norms = try ReliableChange.Norms(
            clinicalMean: input.number("clinical_mean"), clinicalDeviation: input.number("clinical_sd"),
            functionalMean: input.number("functional_mean"), functionalDeviation: input.number("functional_sd"))
        let found = try ReliableChange(
            from: try input.number("pre"), to: try input.number("post"), deviation: try input.number("sd"),
            reliability: try input.number("r"), lowerIsBetter: try input.bool("lower_is_better"), norms: norms,
            cutoff: try input.numberIfAny("cutoff"), z: try input.numberIfAny("z") ?? 1.96)
        return [
            "sem": .of(found.standardError), "sdiff": .of(found.errorOfDifference), "rci": .of(found.index),
            "threshold": .of(found.threshold), "cutoff_a": .of(found.cutoffs?.a), "cutoff_b": .of(found.cutoffs?.b),
            "cutoff_c": .of(found.cutoffs?.c), "cutoff_used": .of(found.cutoff), "classification": .text(found.outcome.rawValue),
        ]
    }

    static func effectSize(_ input: VectorInput) throws -> Output {
        guard try input.text("design") == "independent" else {
            let found = try PairedDifference(before: try input.numbers("pre"), after: try input.numbers("post"))
            return [
                "mean_diff": .of(found.meanDifference), "d_z": .of(found.dz), "d_av": .of(found.dav), "d_rm": .of(found.drm),
                "r": .of(found.correlation), "j_exact": .of(found.correction), "g_z": .of(found.gz),
                "g_av": .of(found.correction * found.dav), "g_rm": .of(found.correction * found.drm),
                "ci_nct_dz": .of(found.interval), "t": .of(found.t), "df": .of(found.df), "p": .of(found.p),
            ]
        }
        let found = try StandardisedDifference(
            mean1: try input.number("mean1"), deviation1: try input.number("sd1"), count1: try input.int("n1"),
            mean2: try input.number("mean2"), deviation2: try input.number("sd2"), count2: try input.int("n2"))
        return [
            "d": .of(found.d), "j_exact": .of(found.correction), "g_exact": .of(found.g), "g_approx": .of(found.approximateG),
            "var_g": .of(found.variance), "ci_normal": .of(found.normalInterval), "ci_nct_g": .of(found.interval), "t": .of(found.t),
            "df": .of(found.df), "p": .of(found.p),
        ]
    }
}
