/// How a service runs, and what of it may be told.
extension VectorFamilies {
    static func concentration(_ input: VectorInput) throws -> Output {
        let found = try Participation(try input.numbers("loads"))
        return [
            "gini": .of(found.gini), "gini_unbiased": .of(found.unbiasedGini), "hhi": .of(found.herfindahl),
            "top_1pct_share": .of(found.share(ofTop: 0.01)), "top_10pct_share": .of(found.share(ofTop: 0.1)),
            "share_superusers": .of(found.bands?.superusers), "share_contributors": .of(found.bands?.contributors),
            "share_rest": .of(found.bands?.rest), "never_posted": .of(found.silent), "normalised_entropy": .of(found.evenness),
        ]
    }

    static func agreement(_ input: VectorInput) throws -> Output {
        let classes = try input.ints("categories")
        var output: Output = [:]
        let (a, b): ([Int], [Int])
        if input.has("rater_a") {
            (a, b) = (try input.ints("rater_a"), try input.ints("rater_b"))
        } else {
            let complete = try input.rows("ratings_complete") { try VectorInput.int($0, "ratings_complete") }
            let pair = try input.ints("pair")
            guard pair.count == 2, pair.allSatisfy(complete.indices.contains) else {
                throw VectorFault(description: "pair names no two raters")
            }
            (a, b) = (complete[pair[0]], complete[pair[1]])
            output["fleiss"] = .of(try fleissKappa(complete))
            let missing = try input.rows("ratings_with_missing") { try $0 == .null ? nil : VectorInput.int($0, "ratings_with_missing") }
            output["alpha_nominal"] = .of(try krippendorffAlpha(missing, scale: .nominal))
            output["alpha_ordinal"] = .of(try krippendorffAlpha(missing, scale: .ordinal))
            output["alpha_interval"] = .of(try krippendorffAlpha(missing, scale: .interval))
        }
        let found = try Kappa(a, b, classes: classes)
        output["kappa"] = .of(found.kappa)
        output["kappa_linear"] = .of(found.weighted(.linear))
        output["kappa_quadratic"] = .of(found.weighted(.quadratic))
        output["kappa_se"] = .of(found.standardError)
        output["kappa_ci"] = found.interval.map { .of($0) } ?? .null
        output["percent"] = .of(found.agreement)
        output["gwet_ac1_pair"] = .of(found.ac1)
        return output
    }

    static func screening(_ input: VectorInput) throws -> Output {
        if input.has("score") {
            let (labels, scores) = (try input.ints("label"), try input.numbers("score"))
            guard labels.count == scores.count else { throw NotComputable("one label for each score") }
            guard let area = RankAccuracy(zip(scores, labels).map { ($0, $1 == 1) }).area else {
                throw NotComputable("positives and negatives are needed")
            }
            return ["auc": .of(area)]
        }
        let cells = try ["tp", "fp", "fn", "tn"].map { try input.int($0) }
        guard cells.allSatisfy({ $0 >= 0 }) else { throw NotComputable("a count is at least 0") }
        let table = ScreeningTable(found: cells[0], heldForNothing: cells[1], missed: cells[2], leftAlone: cells[3])
        var output: Output = ["f2": .of(table.f2)]
        for (name, share) in [
            ("sensitivity", table.sensitivity), ("specificity", table.specificity), ("ppv", table.positiveValue),
            ("npv", table.negativeValue),
        ] {
            output[name] = .of(share?.share)
            output[name + "_ci"] = share.map { .of([$0.lower, $0.upper]) } ?? .null
        }
        if let prevalence = try input.numberIfAny("prevalence") {
            guard (0...1).contains(prevalence) else { throw NotComputable("a prevalence lies from 0 to 1") }
            output["ppv_at_prevalence"] = .of(table.positiveValue(at: prevalence))
            output["alerts_per_1000"] = .of(table.alerts(perThousandAt: prevalence))
            output["missed_per_1000"] = .of(table.missed(perThousandAt: prevalence))
        }
        return output
    }

    static func disclosure(_ input: VectorInput) throws -> Output {
        let found = try SmallCells(try input.rows("table") { try VectorInput.int($0, "table") }, k: try input.int("k"))
        func places(_ list: [SmallCells.Place]) -> VectorValue { .list(list.map { .of([$0.row, $0.column]) }) }
        let audit = found.audit.map { ("\($0.row),\($0.column)", VectorValue.of([$1.lowerBound, $1.upperBound])) }
        return [
            "primary": places(found.primary), "suppressed": places(found.blanked),
            "published": .list(found.printed.map { .list($0.map { .of($0) }) }), "row_totals": .of(found.rowTotals),
            "col_totals": .of(found.columnTotals), "total": .of(found.total), "audit": .object(Dictionary(audit) { $1 }),
            "safe": .bool(found.isSafe), "rounded5": .list(found.rounded.map { .of($0) }),
        ]
    }

    static func anonymity(_ input: VectorInput) throws -> Output {
        let (columns, known) = (try input.texts("columns"), try input.texts("quasi"))
        let rows = try input.rows("rows") { try VectorInput.cell($0, "rows") }
        guard let secret = columns.firstIndex(of: try input.text("sensitive")), known.allSatisfy(columns.contains),
            rows.allSatisfy({ $0.count == columns.count })
        else { throw NotComputable("a row has a value for each column, and the columns are there") }
        let places = known.compactMap(columns.firstIndex)
        let found = try Anonymity(rows.map { row in (places.map { row[$0] }, row[secret]) })
        return [
            "k": .of(found.k), "l": .of(found.l), "classes": .of(found.classes), "at_risk": .of(found.atRisk(below: try input.int("k"))),
            "t_closeness": .of(found.t),
        ]
    }

    static func privacy(_ input: VectorInput) throws -> Output {
        if input.has("requests") {
            var ledger = try PrivacyLedger(budget: try input.number("budget"))
            let allowed = try input.numbers("requests").map { ledger.spend($0) }
            return ["allowed": .of(allowed), "spent": .of(ledger.spent)]
        }
        let noise = try LaplaceNoise(sensitivity: try input.number("sensitivity"), epsilon: try input.number("epsilon"))
        let shares = try input.numbers("u")
        guard shares.allSatisfy({ $0 > 0 && $0 < 1 }) else { throw NotComputable("a share lies between 0 and 1") }
        return [
            "scale": .of(noise.scale), "noise": .of(shares.map(noise.quantile)), "tail": .of(try input.numbers("t").map(noise.tail)),
            "t95": .of(noise.within95), "sd": .of(noise.deviation), "discrete_p": .of(noise.step),
            "discrete_pmf_0_to_5": .of((0...5).map { noise.chance(of: $0) }),
            "discrete_cdf_minus2_to_2": .of((-2...2).map { noise.chance(upTo: $0) }), "discrete_variance": .of(noise.discreteVariance),
        ]
    }

    static func allocation(_ input: VectorInput) throws -> Output {
        let (seed, arms) = (try input.seed("seed"), try input.texts("arms"))
        guard try input.text("method") == "blocks" else {
            var rule = try Minimisation(arms: arms, weights: try input.numbers("weights"), likelihood: try input.number("p"), seed: seed)
            let placed = try input.rows("people", { try VectorInput.text($0, "people") }).map { try rule.place($0) }
            return ["assigned": .of(placed.map(\.arm)), "imbalance_if_taken": .list(placed.map { .of($0.imbalance) })]
        }
        let blocks = try PermutedBlocks(arms: arms, ratio: try input.ints("ratio"), sizes: try input.ints("sizes"))
        let count = try input.int("per_stratum")
        guard count >= 0 else { throw NotComputable("a list of at least 0") }
        let lists = try input.texts("strata").enumerated().map { place, name in
            (name, VectorValue.of(blocks.list(seed: seed, stratum: place, count: count)))
        }
        return ["lists": .object(Dictionary(lists) { $1 })]
    }

    static func staffing(_ input: VectorInput) throws -> Output {
        let (arrivals, handling) = (try input.number("arrivals_per_hour"), try input.number("handling_minutes"))
        let (people, target, level) = (try input.int("moderators"), try input.number("target_minutes"), try input.number("target_level"))
        let (most, away) = (try input.number("max_occupancy"), try input.number("shrinkage"))
        guard arrivals >= 0, handling > 0, people > 0, target >= 0, (0..<1).contains(level), most > 0, most <= 1, (0..<1).contains(away)
        else {
            throw NotComputable("arrivals from 0, handling above 0, one person or more, shares between 0 and 1")
        }
        let queue = ErlangC(arrivalsPerHour: arrivals, handlingMinutes: handling, people: people)
        let needed = ErlangC.needed(
            arrivalsPerHour: arrivals, handlingMinutes: handling, minutes: target, share: level, occupancy: most)
        return [
            "load": .of(queue.load), "erlang_b": .of(queue.blocked), "stable": .bool(queue.isStable),
            "occupancy": .of(queue.isStable ? queue.occupancy : nil), "p_wait": .of(queue.waits), "asa_minutes": .of(queue.meanWait),
            "service_level": .of(queue.share(within: target)), "needed": .of(needed), "rostered": .of(ErlangC.rostered(needed, away: away)),
        ]
    }

    static func sampleSize(_ input: VectorInput) throws -> Output {
        let (effect, alpha) = (try input.number("d"), try input.number("alpha"))
        let found = try SampleSize(
            effect: effect, alpha: alpha, power: try input.number("power"), baseline: try input.number("rho"),
            groupSize: try input.number("cluster"), icc: try input.number("icc"), loss: try input.number("loss"))
        return [
            "n_t": .of(found.plain), "n_ancova": .of(found.withBaseline), "n_cluster": .of(found.withGroups),
            "n_enrol": .of(found.enrolled), "power_at_n64": .of(tTestPower(effect: effect, perArm: 64, alpha: alpha)),
        ]
    }

    static func pooling(_ input: VectorInput) throws -> Output {
        let found = try RandomEffects(effects: try input.numbers("effect"), variances: try input.numbers("variance"))
        return [
            "fixed": .of(found.fixed), "se_fixed": .of(found.fixedError), "random": .of(found.random), "se_random": .of(found.randomError),
            "tau2_dl": .of(found.tau2), "tau2_pm": .of(found.tau2PauleMandel), "q": .of(found.q), "i2": .of(found.i2),
            "hk_se": .of(found.error), "hk_ci": .of(found.interval),
        ]
    }

    static func multiplicity(_ input: VectorInput) throws -> Output {
        let p = try input.numbers("p")
        return ["holm": .of(try Multiplicity.holm(p)), "bh": .of(try Multiplicity.benjaminiHochberg(p))]
    }

    static func rubin(_ input: VectorInput) throws -> Output {
        let found = try PooledImputations(
            estimates: try input.numbers("estimate"), variances: try input.numbers("variance"), completeDF: try input.number("df_complete"))
        return [
            "estimate": .of(found.estimate), "within": .of(found.within), "between": .of(found.between), "total": .of(found.total),
            "se": .of(found.standardError), "lambda_": .of(found.missingShare), "df": .of(found.df), "ci": .of(found.interval),
        ]
    }

    static func monitoring(_ input: VectorInput) throws -> Output {
        if input.has("minutes") {
            let (minutes, open) = (try input.numbers("minutes"), try input.ints("still_open"))
            guard minutes.count == open.count, minutes.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
                throw NotComputable("each wait is at least 0, and open or not")
            }
            let found = try WaitingTimes(zip(minutes, open).map { KaplanMeier.Observation(time: $0, ended: $1 == 0) })
            return [
                "median_answered": .of(found.medianOfAnswered), "p90_answered": .of(found.ninetiethOfAnswered),
                "km_median": .of(found.median ?? .infinity), "share_open": .of(found.shareOpen),
                "answered_within_60": .of(found.answered(within: 60)),
            ]
        }
        let (events, exposures) = (try input.ints("events"), try input.numbers("exposure"))
        let chart = try RateChart(events: events, exposures: exposures)
        let watch = try HarmCusum(from: try input.number("r0"), to: try input.number("r1"), h: try input.number("h"))
        let sums = try watch.sums(events: events, exposures: exposures)
        return [
            "centre": .of(chart.centre), "lower": .of(chart.limits.map(\.lower)), "upper": .of(chart.limits.map(\.upper)),
            "k": .of(watch.k), "cusum": .of(sums), "signal": .of(sums.map(watch.rings)),
        ]
    }
}
