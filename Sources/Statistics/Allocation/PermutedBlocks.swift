/// A list of arms made before the first person comes: blocks in random order within each stratum, so that arms stay even.
///
/// - Assumes that whoever enrols does not see sizes or list: a short block that is known tells its last arm.
/// - Limits: whoever knows the block sizes can guess the last of a block: mix sizes, and seal the list. Seed and stratum are added,
///   so stratum 1 of seed 7 is stratum 0 of seed 8: give a seed made by `SeededChance.seed(_:part:)`, and stratum 0.
/// - Source: Schulz KF, Grimes DA. Lancet 2002;359:515-519. A generator of its own for each stratum (seed + its index).
///
/// Example: arms a, b in blocks of 4 come out as two of each in every four.
public struct PermutedBlocks: Sendable {
    public let arms: [String]
    public let ratio: [Int]
    public let sizes: [Int]

    /// - Parameters: two arms or more with a share of at least 1 each; each size a multiple of the shares' sum.
    public init(arms: [String], ratio: [Int], sizes: [Int]) throws(NotComputable) {
        try require(arms.count >= 2 && Set(arms).count == arms.count, "two arms or more, each once")
        try require(ratio.count == arms.count && ratio.allSatisfy { $0 >= 1 }, "a share of at least 1 for each arm")
        let sum = ratio.reduce(0, +)
        try require(!sizes.isEmpty && sizes.allSatisfy { $0 > 0 && $0 % sum == 0 }, "a block's size is a multiple of \(sum)")
        (self.arms, self.ratio, self.sizes) = (arms, ratio, sizes)
    }

    /// The first `count` places of one stratum.
    public func list(seed: UInt64, stratum: Int, count: Int) -> [String] {
        precondition(count >= 0 && stratum >= 0)
        var (chance, list) = (SeededChance(seed: seed &+ UInt64(stratum)), [String]())
        while list.count < count {
            let size = sizes[chance.below(sizes.count)]
            var block = zip(arms, ratio).flatMap { [String](repeating: $0, count: $1 * size / ratio.reduce(0, +)) }
            chance.shuffle(&block)
            list += block
        }
        return Array(list.prefix(count))
    }
}
