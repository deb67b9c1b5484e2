import CLapack
import Foundation

/// A matrix of doubles, row after row. Its solving is LAPACK's.
public struct Matrix: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    public var values: [Double]

    public init(rows: Int, columns: Int, values: [Double]) {
        precondition(values.count == rows * columns, "rows times columns values")
        (self.rows, self.columns, self.values) = (rows, columns, values)
    }

    public init(zeros rows: Int, _ columns: Int) {
        self.init(rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
    }

    /// One list for each column, all of the same length.
    public init(columns lists: [[Double]]) {
        let rows = lists.first?.count ?? 0
        precondition(lists.allSatisfy { $0.count == rows }, "columns of one length")
        var values = [Double](repeating: 0, count: rows * lists.count)
        for (column, list) in lists.enumerated() {
            for row in 0..<rows { values[row * lists.count + column] = list[row] }
        }
        self.init(rows: rows, columns: lists.count, values: values)
    }

    public subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    public func row(_ row: Int) -> ArraySlice<Double> { values[row * columns..<(row + 1) * columns] }
    public var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

    public func times(_ vector: [Double]) -> [Double] {
        precondition(vector.count == columns, "as many values as columns")
        return (0..<rows).map { r in row(r).enumerated().reduce(0) { $0 + $1.element * vector[$1.offset] } }
    }

    public func times(_ other: Matrix) -> Matrix {
        precondition(columns == other.rows, "inner sizes agree")
        var product = Matrix(zeros: rows, other.columns)
        for r in 0..<rows {
            for k in 0..<columns where self[r, k] != 0 {
                for c in 0..<other.columns { product[r, c] += self[r, k] * other[k, c] }
            }
        }
        return product
    }

    /// X'WX for weights on the rows; all 1 without any.
    public func gram(weights: [Double]? = nil) -> Matrix {
        var sum = Matrix(zeros: columns, columns)
        for r in 0..<rows {
            let weight = weights?[r] ?? 1
            for i in 0..<columns {
                let left = weight * self[r, i]
                for j in i..<columns { sum[i, j] += left * self[r, j] }
            }
        }
        for i in 0..<columns { for j in 0..<i { sum[i, j] = sum[j, i] } }
        return sum
    }
}

/// A symmetric, positive definite matrix split by Cholesky (dpotrf): its inverse, its solutions and its determinant.
struct Cholesky {
    private let size: Int
    private let factor: [Double]

    /// - Throws: `NotComputable` where the matrix is not positive definite: columns that say the same.
    init(_ matrix: Matrix) throws(NotComputable) {
        precondition(matrix.rows == matrix.columns, "a square")
        size = matrix.rows
        var work = matrix.values
        let code = LAPACKE_dpotrf(LAPACK_ROW_MAJOR, 76, Int32(size), &work, Int32(max(1, size)))
        try require(code == 0, "two columns say the same, or one says nothing")
        factor = work
    }

    var logDeterminant: Double { (0..<size).reduce(0) { $0 + 2 * log(factor[$1 * size + $1]) } }

    func inverse() -> Matrix {
        var work = factor
        LAPACKE_dpotri(LAPACK_ROW_MAJOR, 76, Int32(size), &work, Int32(max(1, size)))
        for i in 0..<size { for j in 0..<i { work[j * size + i] = work[i * size + j] } }
        return Matrix(rows: size, columns: size, values: work)
    }

    func solve(_ right: [Double]) -> [Double] {
        var solution = right
        LAPACKE_dpotrs(LAPACK_ROW_MAJOR, 76, Int32(size), 1, factor, Int32(max(1, size)), &solution, 1)
        return solution
    }
}

/// Solves a square system that need not be symmetric (dgesv).
func solve(_ matrix: Matrix, _ right: [Double]) throws(NotComputable) -> [Double] {
    var (work, solution) = (matrix.values, right)
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    let size = Int32(matrix.rows)
    let code = LAPACKE_dgesv(LAPACK_ROW_MAJOR, size, 1, &work, size, &pivots, &solution, 1)
    try require(code == 0, "the system has no single solution")
    return solution
}

func inverse(_ matrix: Matrix) throws(NotComputable) -> Matrix {
    var work = matrix.values
    var pivots = [Int32](repeating: 0, count: matrix.rows)
    let size = Int32(matrix.rows)
    let first = LAPACKE_dgetrf(LAPACK_ROW_MAJOR, size, size, &work, size, &pivots)
    try require(first == 0, "the matrix has no inverse")
    LAPACKE_dgetri(LAPACK_ROW_MAJOR, size, &work, size, &pivots)
    return Matrix(rows: matrix.rows, columns: matrix.columns, values: work)
}
