/// Chance from a seed, the same on every machine: SplitMix64.
///
/// For simulations, resampling and allocation lists that somebody must be able to make again. Never for secrets: who
/// knows one draw knows the rest.
///
/// - Source: Steele GL, Lea D, Flood CH. OOPSLA 2014 (`state += 0x9E3779B97F4A7C15`, then two rounds of xor and multiply).
///
/// Example: seed 0 begins with e220a8397b1dcdaf, 6e789e6aa1b965f4.
public struct SeededChance: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A seed for one part of a whole: no two parts of one seed, nor of neighbouring seeds, begin alike. Added instead, part 1 of
    /// seed 7 would be part 0 of seed 8.
    public static func seed(_ seed: UInt64, part: Int) -> UInt64 {
        precondition(part >= 0, "parts are counted from 0")
        var whole = SeededChance(seed: seed)
        var own = SeededChance(seed: whole.next() &+ UInt64(part))
        return own.next()
    }

    /// From 0 up to, not including, 1, in steps of 2^-53.
    public mutating func share() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A whole number from 0 up to, not including, `n` (at least 1): floor(share × n). The bias is below 2^-40 for any list
    /// that fits into memory.
    public mutating func below(_ n: Int) -> Int {
        precondition(n > 0, "below a number of at least 1")
        return Int(share() * Double(n))
    }

    public mutating func happens(_ likelihood: Double) -> Bool { share() < likelihood }

    /// Fisher and Yates, from the last place down.
    public mutating func shuffle<Element>(_ list: inout [Element]) {
        for place in stride(from: list.count - 1, through: 1, by: -1) { list.swapAt(place, below(place + 1)) }
    }
}
