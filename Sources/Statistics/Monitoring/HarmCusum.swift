import Foundation

/// Watches for a rise from one rate to another, week by week, and rings as soon as the evidence is enough.
///
/// S = max(0, S + events - k × exposure), k = (r1 - r0) / (ln r1 - ln r0); it rings while S is above h, and goes on.
///
/// - Assumes events that come independently at one rate.
/// - Limits: h sets how often it rings for nothing: choose it by simulation before the first person (`CusumChoice`).
/// - Source: Page ES. Biometrika 1954;41:100-115; Lucas JM. Technometrics 1985;27:129-144.
///
/// Example: from 0.025 to 0.05: k is 0.0361.
public struct HarmCusum: Sendable, Equatable {
    public let k: Double
    public let h: Double

    /// - Parameters: both rates above 0, `to` above `from`; `h` above 0.
    public init(from r0: Double, to r1: Double, h: Double) throws(NotComputable) {
        try require(r0 > 0 && r1 > r0 && r1.isFinite, "the rates are above 0, the second above the first")
        try require(h > 0 && h.isFinite, "h is above 0")
        k = (r1 - r0) / (log(r1) - log(r0))
        self.h = h
    }

    public func sums(events: [Int], exposures: [Double]) throws(NotComputable) -> [Double] {
        try require(events.count == exposures.count, "events and exposure for each week")
        try require(events.allSatisfy { $0 >= 0 } && exposures.allSatisfy { $0 >= 0 && $0.isFinite }, "events and exposure from 0")
        var sum = 0.0
        return zip(events, exposures).map { event, exposure in
            sum = max(0, sum + Double(event) - k * exposure)
            return sum
        }
    }

    public func rings(_ sum: Double) -> Bool { sum > h }
}
