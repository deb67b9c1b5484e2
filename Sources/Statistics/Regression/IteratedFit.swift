import Foundation

/// What maximum likelihood by iterated, weighted least squares finds: coefficients and their covariance.
struct IteratedFit {
    let coefficients: [Double]
    let covariance: Matrix
    /// The fitted mean of each row.
    let means: [Double]

    /// - Parameters: `mean` and its slope from the linear predictor; `variance` from the mean. Offsets are added to the predictor.
    /// - Throws: `NotComputable` where no finite maximum is found: an arm without events, or a perfect separation.
    init(
        _ design: Matrix, _ outcome: [Double], offset: [Double], start: [Double],
        mean: (Double) -> (value: Double, slope: Double), variance: (Double) -> Double
    ) throws(NotComputable) {
        var beta = start
        for _ in 0..<100 {
            let predictor = zip(design.times(beta), offset).map { $0 + $1 }
            var (weights, score) = ([Double](), [Double](repeating: 0, count: design.columns))
            var fitted: [Double] = []
            for (row, eta) in predictor.enumerated() {
                let (mu, slope) = mean(eta)
                let spread = variance(mu)
                weights.append(slope * slope / spread)
                fitted.append(mu)
                let pull = slope * (outcome[row] - mu) / spread
                for (column, x) in design.row(row).enumerated() { score[column] += x * pull }
            }
            try require(
                weights.allSatisfy(\.isFinite) && score.allSatisfy(\.isFinite), "no finite maximum: one group has no events, or all")
            let information = try Cholesky(design.gram(weights: weights))
            let step = information.solve(score)
            let longest = step.map(abs).max() ?? 0
            let factor = longest > 5 ? 5 / longest : 1
            beta = zip(beta, step).map { $0 + factor * $1 }
            try require(beta.allSatisfy { abs($0) < 60 }, "no finite maximum: one group has no events, or all")
            if longest < 1e-11 * (1 + (beta.map(abs).max() ?? 0)) {
                (coefficients, covariance, means) = (beta, information.inverse(), fitted)
                return
            }
        }
        throw NotComputable("the fit did not settle within a hundred steps")
    }

    var standardErrors: [Double] { covariance.diagonal.map { $0.squareRoot() } }
}
