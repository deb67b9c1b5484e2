import CNumerics

/// Tails and quantiles of the distributions that the methods here need, computed by Boost.Math.
///
/// `upper` is the chance of a value above. Outside their domain they are NaN; the methods refuse before they ask.
public enum Normal {
    /// The two-sided 95 % quantile, 1.959964.
    public static let z95 = quantile(0.975)
    public static func quantile(_ p: Double) -> Double { cn_normal_quantile(p) }
    public static func upper(_ z: Double) -> Double { cn_normal_upper(z) }
    public static func twoSided(_ z: Double) -> Double { 2 * cn_normal_upper(abs(z)) }
}

public enum StudentT {
    public static func quantile(_ p: Double, df: Double) -> Double { cn_t_quantile(p, df) }
    public static func twoSided(_ t: Double, df: Double) -> Double { 2 * cn_t_upper(abs(t), df) }
    static func noncentralLower(_ t: Double, df: Double, ncp: Double) -> Double { cn_noncentral_t_lower(t, df, ncp) }
    static func noncentralUpper(_ t: Double, df: Double, ncp: Double) -> Double { cn_noncentral_t_upper(t, df, ncp) }

    /// The interval of the noncentrality that would give `t` or more, or `t` or less, with the chance (1 - level) / 2 each.
    ///
    /// - Source: Steiger JH, Fouladi RT. 1997; Cumming G, Finch S. Educ Psychol Meas 2001;61:532-574.
    static func noncentrality(of t: Double, df: Double, level: Double = 0.95) -> Interval {
        let tail = (1 - level) / 2
        let reach = 12 + 2 * abs(t)
        let low = root(between: t - reach, and: t + reach) { noncentralUpper(t, df: df, ncp: $0) - tail }
        let high = root(between: t - reach, and: t + reach) { noncentralLower(t, df: df, ncp: $0) - tail }
        return Interval(low ?? .nan, high ?? .nan)
    }
}

public enum ChiSquared {
    public static func quantile(_ p: Double, df: Double) -> Double { cn_chi2_quantile(p, df) }
    public static func upper(_ x: Double, df: Double) -> Double { cn_chi2_upper(x, df) }
}

public enum Beta {
    public static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double { cn_beta_quantile(p, a, b) }
}

public enum FisherF {
    public static func upper(_ f: Double, df1: Double, df2: Double) -> Double { cn_f_upper(f, df1, df2) }
}

func logGamma(_ x: Double) -> Double { cn_log_gamma(x) }

/// Gamma(a) / Gamma(b), without overflow of either.
func gammaRatio(_ a: Double, _ b: Double) -> Double { cn_gamma_ratio(a, b) }

/// Where `f`, which changes its sign between the ends, is zero (TOMS 748); nil where it does not.
func root(between low: Double, and high: Double, _ f: (Double) -> Double) -> Double? {
    let found = withoutActuallyEscaping(f) { escaping in
        withUnsafePointer(to: Callback(body: escaping)) { pointer in
            cn_root(called, UnsafeMutableRawPointer(mutating: pointer), low, high)
        }
    }
    return found.isNaN ? nil : found
}

/// Where `f`, which has one valley between the ends, is least (Brent).
func least(between low: Double, and high: Double, _ f: (Double) -> Double) -> Double {
    withoutActuallyEscaping(f) { escaping in
        withUnsafePointer(to: Callback(body: escaping)) { pointer in
            cn_least(called, UnsafeMutableRawPointer(mutating: pointer), low, high)
        }
    }
}

private struct Callback { let body: (Double) -> Double }
private func called(_ x: Double, _ context: UnsafeMutableRawPointer?) -> Double {
    context?.assumingMemoryBound(to: Callback.self).pointee.body(x) ?? .nan
}
