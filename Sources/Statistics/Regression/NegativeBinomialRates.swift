import Foundation

/// The ratio of two arms' rates where people differ more than chance: variance mu + alpha mu² (NB2), by maximum likelihood.
///
/// Tests that each ratio of rates is 1.
///
/// - Assumes rates that differ between people as a gamma; independent people.
/// - Limits: where the counts vary no more than chance alone alpha is 0, and the rest is what `PoissonRates` says.
/// - Source: Cameron AC, Trivedi PK. Regression Analysis of Count Data, 2013, 3.3. Errors from the observed information of all
///   three parameters.
///
/// Example: with alpha near 0 the ratio is that of `PoissonRates`.
public struct NegativeBinomialRates: Sendable {
    public let coefficients: [Double]
    public let standardErrors: [Double]
    public let alpha: Double
    public let logLikelihood: Double

    public init(_ counts: [WatchedCount]) throws(NotComputable) {
        let (design, outcome, offset) = try WatchedCount.design(counts)
        let poisson = try PoissonRates(counts)
        let likelihood = Likelihood(design: design, outcome: outcome, offset: offset)
        // The coefficients for each alpha, and alpha where the likelihood of both together is greatest. Over its logarithm the
        // profile has one peak; at the lower end it is the Poisson's.
        let fitted = { (alpha: Double) throws(NotComputable) -> [Double] in
            try IteratedFit(
                design, outcome, offset: offset, start: poisson.coefficients,
                mean: { eta in
                    let mu = exp(eta)
                    return (mu, mu)
                }, variance: { $0 + alpha * $0 * $0 }
            ).coefficients
        }
        let best = least(between: log(1e-6), and: log(1e3)) { point in
            do { return -likelihood.value(try fitted(exp(point)), exp(point)) } catch { return .infinity }
        }
        let isWide = exp(best) > 2e-6
        let beta = isWide ? try fitted(exp(best)) : poisson.coefficients
        let errors =
            isWide
            ? try inverse(likelihood.information(beta, exp(best))).diagonal.prefix(2).map { $0.squareRoot() } : poisson.standardErrors
        alpha = isWide ? exp(best) : 0
        coefficients = beta
        standardErrors = Array(errors)
        logLikelihood = isWide ? likelihood.value(beta, exp(best)) : likelihood.poisson(beta)
    }

    public var ratio: Double { exp(coefficients[1]) }
    /// 95 %, by the normal.
    public var interval: Interval {
        let half = Normal.z95 * standardErrors[1]
        return Interval(exp(coefficients[1] - half), exp(coefficients[1] + half))
    }
}

private struct Likelihood {
    let design: Matrix
    let outcome: [Double]
    let offset: [Double]

    func means(_ beta: [Double]) -> [Double] { zip(design.times(beta), offset).map { exp($0 + $1) } }

    func value(_ beta: [Double], _ alpha: Double) -> Double {
        zip(outcome, means(beta)).reduce(0) { sum, pair in
            let ((y, mu), a) = (pair, 1 / alpha)
            return sum + logGamma(y + a) - logGamma(a) - logGamma(y + 1) + y * log(alpha * mu) - (y + a) * log1p(alpha * mu)
        }
    }

    func poisson(_ beta: [Double]) -> Double {
        zip(outcome, means(beta)).reduce(0) { $0 + $1.0 * log($1.1) - $1.1 - logGamma($1.0 + 1) }
    }

    /// The second derivatives with their sign turned, in the order of the coefficients, then alpha.
    func information(_ beta: [Double], _ alpha: Double) -> Matrix {
        let k = design.columns
        var sum = Matrix(zeros: k + 1, k + 1)
        for (row, mu) in means(beta).enumerated() {
            let y = outcome[row]
            let wide = 1 + alpha * mu
            let x = Array(design.row(row))
            for i in 0..<k {
                for j in 0..<k { sum[i, j] += mu * (1 + alpha * y) / square(wide) * x[i] * x[j] }
                sum[i, k] += (y - mu) * mu / square(wide) * x[i]
            }
            let a = 1 / alpha
            let (steps, slope) = stride(from: 0, to: y, by: 1).reduce((0.0, 0.0)) { ($0.0 + 1 / ($1 + a), $0.1 + square(a / ($1 + a))) }
            let gap = log(wide) - steps
            sum[k, k] -=
                -2 * a * a * a * gap + a * a * (mu / wide - slope) - (y - mu) * (1 + 2 * alpha * mu) / square(alpha * wide)
        }
        for i in 0..<k { sum[k, i] = sum[i, k] }
        return sum
    }
}
