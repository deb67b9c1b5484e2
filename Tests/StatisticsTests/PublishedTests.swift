import Foundation
import Statistics
import Testing

/// Published tables, figure by figure to the printed digit: what was printed stands as text in published/, and ours is written
/// with as many digits. Sources, licences and where a figure was printed: README there.
@Suite struct PublishedTests {
    private func read<T: Decodable>(_ name: String, as: T.Type = T.self) throws -> T {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "published/\(name).json")
        return try JSONDecoder().decode(T.self, from: Data(contentsOf: file))
    }

    /// Ours, written with the digits of what was printed: as many after the point, and the exponent where one was printed.
    private func written(_ value: Double, like printed: String) -> String {
        let mantissa = printed.prefix { $0 != "e" }
        let places = mantissa.firstIndex(of: ".").map { mantissa.distance(from: $0, to: mantissa.endIndex) - 1 } ?? 0
        return String(format: printed.contains("e") ? "%.\(places)e" : "%.\(places)f", value)
    }

    private func agrees(_ value: Double, _ printed: String, _ what: String) {
        let own = written(value, like: printed)
        #expect(own == printed, "\(what)")
    }

    private struct Remission: Decodable {
        struct Test: Decodable { let chiSquared: String, df: String, p: String }
        let data: [String: [Double]], table: [[String]], logRank: Test

        func waits(_ arm: String) -> [KaplanMeier.Observation] {
            zip(data["\(arm) weeks"] ?? [], data["\(arm) relapsed"] ?? []).map { .init(time: $0, ended: $1 == 1) }
        }
    }

    /// Freireich and others 1963: weeks in remission with 6-mercaptopurine and without.
    @Test func remissionOfLeukaemia() throws {
        let remission: Remission = try read("remission")
        let arms = ["6-MP", "control"]
        #expect(remission.table.count == 19)
        for arm in arms {
            let waits = remission.waits(arm)
            #expect(waits.count == 21)
            let (steps, rows) = (KaplanMeier(waits).steps, remission.table.filter { $0[0] == arm })
            #expect(steps.count == rows.count)
            for (step, row) in zip(steps, rows) {
                let place = "\(arm), week \(row[1])"
                #expect([Int(step.time), step.atRisk, step.ended].map(String.init) == Array(row[1...3]), "\(place)")
                agrees(step.survival, row[4], place)
                // Where nobody is left the print has no error and no interval; ours have no width.
                guard row[5] != "NaN" else {
                    #expect(step.survival == 0 && step.standardError == 0 && step.interval.width == 0)
                    continue
                }
                agrees(step.standardError, row[5], place)
                agrees(step.interval.lower, row[6], place)
                agrees(step.interval.upper, row[7], place)
            }
        }
        let test = try LogRank(arms.map(remission.waits))
        agrees(test.chiSquared, remission.logRank.chiSquared, "log-rank")
        agrees(Double(test.df), remission.logRank.df, "log-rank")
        agrees(test.p, remission.logRank.p, "log-rank")
    }

    private struct Expectancy: Decodable {
        let data: [String: [Double]], table: [[String]], q: String
    }

    /// Raudenbush 2009, table 16.3: nineteen trials of what teachers expect, joined.
    @Test func expectancyOfTeachers() throws {
        let printed: Expectancy = try read("expectancy")
        let (effects, variances) = (printed.data["effect"] ?? [], printed.data["variance"] ?? [])
        #expect(effects.count == 19)
        let found = try RandomEffects(effects: effects, variances: variances)
        let (z, t) = (Normal.quantile(0.975), StudentT.quantile(0.975, df: 18))
        let own: [(tau2: Double, mean: Double, error: Double, half: Double)] = [
            (0, found.fixed, found.fixedError, z * found.fixedError), (found.tau2, found.random, found.randomError, z * found.randomError),
            (found.tau2, found.random, found.error, t * found.error),
        ]
        #expect(printed.table.count == own.count)
        for (row, one) in zip(printed.table, own) {
            let values = [one.tau2, one.mean, one.error, one.mean / one.error, one.mean - one.half, one.mean + one.half]
            for (value, text) in zip(values, row.dropFirst()) { agrees(value, text, row[0]) }
        }
        agrees(found.interval.lower, printed.table[2][5], "our own interval")
        agrees(found.interval.upper, printed.table[2][6], "our own interval")
        agrees(found.q, printed.q, "Q")
    }

    private struct Sleep: Decodable {
        let data: [String: [Double]], printed: [String: String]
    }

    /// "Student" 1908: hours of sleep that the same ten people gained with one substance and with another.
    @Test func sleepOfStudent() throws {
        let sleep: Sleep = try read("sleep")
        let found = try PairedDifference(before: sleep.data["second"] ?? [], after: sleep.data["first"] ?? [])
        let half = StudentT.quantile(0.975, df: found.df) * found.standardError
        let own = [
            "mean": found.meanDifference, "t": found.t, "df": found.df, "p": found.p, "lower": found.meanDifference - half,
            "upper": found.meanDifference + half,
        ]
        #expect(own.count == sleep.printed.count)
        for (name, text) in sleep.printed { agrees(try #require(own[name]), text, name) }
    }

    private struct Weights: Decodable {
        struct Lists: Decodable { let before: [Double], after: [Double], arm: [String] }
        let data: Lists, table: [[String]], variance: String, df: String
    }

    /// Hand and others 1993, as Venables and Ripley analysed it: gain in weight of 72 girls in three arms, with weight before.
    /// The print has no intervals.
    @Test func weightsOfGirls() throws {
        let weights: Weights = try read("weights")
        let (before, after, arm) = (weights.data.before, weights.data.after, weights.data.arm)
        #expect(before.count == 72 && after.count == 72 && arm.count == 72)
        func isIn(_ name: String) -> [Double] { arm.map { $0 == name ? 1 : 0 } }
        let fit = try LeastSquares(
            Matrix(columns: [before.map { _ in 1 }, before, isIn("control"), isIn("family")]), zip(after, before).map { $0 - $1 })
        #expect(weights.table.count == 4)
        for (place, row) in weights.table.enumerated() {
            let (estimate, error) = (fit.coefficients[place], fit.standardErrors[place])
            for (value, text) in zip([estimate, error, estimate / error, fit.p[place]], row.dropFirst()) { agrees(value, text, row[0]) }
        }
        agrees(fit.sigma2, weights.variance, "residual variance")
        agrees(fit.df, weights.df, "degrees of freedom")
        // Gain and end differ by the weight before alone: what an arm does is the same.
        let pair = arm.indices.filter { arm[$0] != "family" }
        let ends = try Ancova(
            before: pair.map { before[$0] }, after: pair.map { after[$0] }, arm: pair.map { arm[$0] == "control" ? 1 : 0 })
        let gains = try LeastSquares(
            Matrix(columns: [pair.map { _ in 1 }, pair.map { arm[$0] == "control" ? 1 : 0 }, pair.map { before[$0] }]),
            pair.map { after[$0] - before[$0] })
        #expect(abs(ends.effect - gains.coefficients[1]) < 1e-9)
    }

    /// A check that can not fail is none: a figure off by one in its last digit is told.
    @Test func oneDigitOffIsTold() {
        #expect(written(16.7929, like: "16.8") == "16.8" && written(16.7929, like: "16.9") != "16.9")
        #expect(written(0.0000417, like: "4e-05") == "4e-05" && written(0.0000417, like: "5e-05") != "5e-05")
        #expect(written(0.90476, like: "0.9048") == "0.9048" && written(0.90476, like: "0.9047") != "0.9047")
        #expect(written(18, like: "18") == "18" && written(17.4, like: "18") != "18")
    }
}
