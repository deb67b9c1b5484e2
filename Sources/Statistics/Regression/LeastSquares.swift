import CLapack

/// Ordinary least squares by QR (LAPACK's dgeqrf and dtrtri), with classical, HC3 and Newey-West errors.
///
/// Tests, for each coefficient, that it is 0.
///
/// - Assumes a linear mean; classical errors also one spread and independence. HC3 lets the spread differ, Newey-West also
///   lets neighbours in time resemble each other.
/// - Limits: dependence within people or groups needs a mixed model. Where nothing is left over, robust errors would come to 0 and
///   are refused.
/// - Source: MacKinnon JG, White H. J Econometrics 1985;29:305-325 (HC3); Newey WK, West KD. Econometrica 1987;55:703-708.
///
/// Example: y 1, 3, 5 on x 0, 1, 2 with an intercept gives 1 and 2.
public struct LeastSquares: Sendable {
    public let coefficients: [Double]
    public let residuals: [Double]
    /// Residual degrees of freedom: rows less columns.
    public let df: Double
    /// The residual variance.
    public let sigma2: Double
    let design: Matrix
    /// (X'X) inverted.
    let bread: Matrix

    /// - Parameters: one row for each person, the intercept's column included, and more rows than columns.
    /// - Throws: `NotComputable` where a column follows from the others, or numbers are not finite.
    public init(_ design: Matrix, _ outcome: [Double]) throws(NotComputable) {
        precondition(design.rows == outcome.count, "one outcome for each row")
        let (n, k) = (design.rows, design.columns)
        try require(n > k, "more people than terms")
        try requireFinite(design.values, "terms")
        try requireFinite(outcome, "outcomes")
        var work = design.values
        var scales = [Double](repeating: 0, count: k)
        LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, Int32(n), Int32(k), &work, Int32(k), &scales)
        var right = outcome
        LAPACKE_dormqr(LAPACK_ROW_MAJOR, 76, 84, Int32(n), 1, Int32(k), work, Int32(k), scales, &right, 1)
        var upper = Array(work.prefix(k * k))
        for i in 0..<k { for j in 0..<i { upper[i * k + j] = 0 } }
        var condition = 0.0
        LAPACKE_dtrcon(LAPACK_ROW_MAJOR, 49, 85, 78, Int32(k), upper, Int32(k), &condition)
        try require(condition > 1e-13, "one term follows from the others")
        var found = Array(right.prefix(k))
        LAPACKE_dtrtrs(LAPACK_ROW_MAJOR, 85, 78, 78, Int32(k), 1, upper, Int32(k), &found, 1)
        LAPACKE_dtrtri(LAPACK_ROW_MAJOR, 85, 78, Int32(k), &upper, Int32(k))
        let inverse = Matrix(rows: k, columns: k, values: upper)
        var bread = Matrix(zeros: k, k)
        for i in 0..<k { for j in 0..<k { for l in max(i, j)..<k { bread[i, j] += inverse[i, l] * inverse[j, l] } } }
        coefficients = found
        residuals = zip(outcome, design.times(found)).map { $0 - $1 }
        df = Double(n - k)
        sigma2 = residuals.reduce(0) { $0 + $1 * $1 } / df
        (self.design, self.bread) = (design, bread)
    }

    public var standardErrors: [Double] { bread.diagonal.map { (sigma2 * $0).squareRoot() } }

    /// Two-sided p by Student's t.
    public var p: [Double] { zip(coefficients, standardErrors).map { StudentT.twoSided($0 / $1, df: df) } }

    /// 95 %, by Student's t.
    public var intervals: [Interval] {
        let t = StudentT.quantile(0.975, df: df)
        return zip(coefficients, standardErrors).map { Interval($0 - t * $1, $0 + t * $1) }
    }

    /// Robust against a spread that differs: each squared residual over (1 - h)², h its row's leverage.
    ///
    /// - Throws: `NotComputable` where nothing is left over, or one row alone decides a term.
    public var hc3Errors: [Double] {
        get throws(NotComputable) {
            try requireRest()
            var weights: [Double] = []
            for row in residuals.indices {
                let x = Array(design.row(row))
                let leverage = zip(x, bread.times(x)).reduce(0) { $0 + $1.0 * $1.1 }
                try require(leverage < 1 - 1e-10, "one row alone decides a term: its own error can not be told")
                weights.append(square(residuals[row] / (1 - leverage)))
            }
            return sandwich(design.gram(weights: weights))
        }
    }

    /// Robust against neighbours in time that resemble each other, up to `lag` rows apart (Bartlett weights, no small-sample
    /// factor). Rows stand in the order of time.
    ///
    /// - Throws: `NotComputable` where nothing is left over.
    public func neweyWestErrors(lag: Int) throws(NotComputable) -> [Double] {
        precondition(lag >= 0, "a lag is at least 0")
        try requireRest()
        let k = design.columns
        var meat = design.gram(weights: residuals.map { $0 * $0 })
        for apart in stride(from: 1, through: min(lag, design.rows - 1), by: 1) {
            let weight = 1 - Double(apart) / Double(lag + 1)
            for row in apart..<design.rows {
                let both = weight * residuals[row] * residuals[row - apart]
                for i in 0..<k {
                    for j in 0..<k {
                        meat[i, j] += both * (design[row, i] * design[row - apart, j] + design[row - apart, i] * design[row, j])
                    }
                }
            }
        }
        return sandwich(meat)
    }

    /// What is left over is more than rounding: without it a robust error says nothing of chance.
    ///
    /// - Throws: `NotComputable` where everybody's outcome follows from the terms.
    public func requireRest() throws(NotComputable) {
        let outcome = zip(design.times(coefficients), residuals).reduce(0) { $0 + square($1.0 + $1.1) }
        try require(residualSquares > 1e-26 * outcome, "nothing is left over: the terms tell every outcome, and no error can be told")
    }

    private func sandwich(_ meat: Matrix) -> [Double] {
        bread.times(meat).times(bread).diagonal.map { $0.squareRoot() }
    }

    /// The share of the outcome's variance that the terms tell; for a design with an intercept.
    public var r2: Double { 1 - residualSquares / totalSquares }

    /// All terms but the intercept together.
    public var f: Double {
        let terms = Double(design.columns - 1)
        return (totalSquares - residualSquares) / terms / sigma2
    }

    /// Near 2 where neighbouring residuals do not resemble each other.
    public var durbinWatson: Double {
        zip(residuals.dropFirst(), residuals).reduce(0) { $0 + square($1.0 - $1.1) } / residualSquares
    }

    private var residualSquares: Double { residuals.reduce(0) { $0 + $1 * $1 } }
    private var totalSquares: Double {
        let outcome = zip(design.times(coefficients), residuals).map { $0 + $1 }
        let mean = outcome.mean ?? 0
        return outcome.reduce(0) { $0 + square($1 - mean) }
    }
}
