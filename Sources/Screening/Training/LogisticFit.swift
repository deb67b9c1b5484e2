import Foundation

/// Logistic regression with an L2 penalty on sparse rows, by L-BFGS (Nocedal 1980) with a backtracking line search.
/// Nothing in it is random: the same rows give the same weights.
struct LogisticFit {
    struct Row {
        var places: [Int32]
        /// What every place of the row is multiplied by.
        var scale: Double
        var isPositive: Bool
        var weight: Double
    }

    let rows: [Row]
    /// One for each place: rare and common features are made comparable.
    let factors: [Double]
    let strength: Double

    /// Weights for each place, and the constant, last.
    func fitted(steps: Int = 120) -> [Double] {
        let size = factors.count + 1
        var at = [Double](repeating: 0, count: size)
        var (value, slope) = cost(at)
        var moves: [(step: [Double], change: [Double], rho: Double)] = []
        for _ in 0..<steps {
            let way = direction(slope, moves)
            let descent = dot(way, slope)
            guard descent < 0 else { break }
            var length = moves.isEmpty ? 1 / max(1, norm(slope)) : 1
            var next = at
            var (nextValue, nextSlope) = (value, slope)
            var isBetter = false
            for _ in 0..<30 {
                next = at.indices.map { at[$0] + length * way[$0] }
                (nextValue, nextSlope) = cost(next)
                if nextValue <= value + 1e-4 * length * descent {
                    isBetter = true
                    break
                }
                length /= 2
            }
            guard isBetter else { break }
            let step = at.indices.map { next[$0] - at[$0] }
            let change = at.indices.map { nextSlope[$0] - slope[$0] }
            let curve = dot(step, change)
            if curve > 1e-10 { moves.append((step, change, 1 / curve)) }
            if moves.count > 8 { moves.removeFirst() }
            let isDone = value - nextValue < 1e-7 * max(1, abs(value))
            (at, value, slope) = (next, nextValue, nextSlope)
            if isDone { break }
        }
        return at
    }

    func score(_ row: Row, _ weights: [Double]) -> Double {
        var sum = 0.0
        for place in row.places { sum += weights[Int(place)] * factors[Int(place)] }
        return sum * row.scale + weights[factors.count]
    }

    private func cost(_ weights: [Double]) -> (Double, [Double]) {
        var value = 0.0
        var slope = weights
        let last = factors.count
        slope[last] = 0
        for place in 0..<last { value += weights[place] * weights[place] / 2 }
        for row in rows {
            let sign: Double = row.isPositive ? 1 : -1
            let margin = sign * score(row, weights)
            let loss = margin > 0 ? log1p(exp(-margin)) : log1p(exp(margin)) - margin
            value += strength * row.weight * loss
            let pull = -strength * row.weight * sign / (1 + exp(margin))
            let part = pull * row.scale
            for place in row.places { slope[Int(place)] += part * factors[Int(place)] }
            slope[last] += pull
        }
        return (value, slope)
    }

    private func direction(_ slope: [Double], _ moves: [(step: [Double], change: [Double], rho: Double)]) -> [Double] {
        var way = slope
        var alphas: [Double] = []
        for move in moves.reversed() {
            let alpha = move.rho * dot(move.step, way)
            for place in way.indices { way[place] -= alpha * move.change[place] }
            alphas.append(alpha)
        }
        if let last = moves.last {
            let gamma = 1 / (last.rho * dot(last.change, last.change))
            for place in way.indices { way[place] *= gamma }
        }
        for (move, alpha) in zip(moves, alphas.reversed()) {
            let beta = move.rho * dot(move.change, way)
            for place in way.indices { way[place] += (alpha - beta) * move.step[place] }
        }
        return way.map { -$0 }
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for place in a.indices { sum += a[place] * b[place] }
        return sum
    }
    private func norm(_ a: [Double]) -> Double { dot(a, a).squareRoot() }

    /// Platt's scaling: the two numbers that make a score's share true, on labels drawn in from the ends; by Newton's method with a
    /// step that is halved until it helps (Lin HT, Lin CJ, Weng RC. Mach Learn 2007;68:267-276).
    static func calibrated(_ scores: [(score: Double, isPositive: Bool)]) -> (slope: Double, constant: Double) {
        let positives = Double(scores.count { $0.isPositive })
        let negatives = Double(scores.count) - positives
        guard positives > 0, negatives > 0 else { return (1, 0) }
        let (yes, no) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
        func loss(_ slope: Double, _ constant: Double) -> Double {
            scores.reduce(0) { sum, one in
                let z = slope * one.score + constant
                let truth = one.isPositive ? yes : no
                return sum + (z > 0 ? (1 - truth) * z + log1p(exp(-z)) : log1p(exp(z)) - truth * z)
            }
        }
        var (slope, constant) = (0.0, log((positives + 1) / (negatives + 1)))
        var value = loss(slope, constant)
        for _ in 0..<100 {
            var (g0, g1, h00, h01, h11) = (0.0, 0.0, 1e-9, 0.0, 1e-9)
            for one in scores {
                let share = 1 / (1 + exp(-(slope * one.score + constant)))
                let error = share - (one.isPositive ? yes : no)
                let weight = share * (1 - share)
                g0 += error * one.score
                g1 += error
                h00 += weight * one.score * one.score
                h01 += weight * one.score
                h11 += weight
            }
            let det = h00 * h11 - h01 * h01
            guard abs(g0) + abs(g1) > 1e-6, abs(det) > 1e-18 else { break }
            let (d0, d1) = ((h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det)
            var step = 1.0
            while step > 1e-10, loss(slope - step * d0, constant - step * d1) >= value { step /= 2 }
            guard step > 1e-10 else { break }
            (slope, constant) = (slope - step * d0, constant - step * d1)
            value = loss(slope, constant)
        }
        return (slope, constant)
    }
}
