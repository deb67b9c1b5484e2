/// A set out of one list of at most 512 words (topics, matters) as bits: matching asks about millions of pairs.
public struct Tags: Sendable, Hashable {
    private var bits = SIMD8<UInt64>()

    public init() {}
    public var isEmpty: Bool { Self.isNothing(bits) }

    /// Halves laid over each other: `==` of a SIMD8 asks lane after lane, and was half of what matching cost.
    @inline(__always)
    private static func isNothing(_ bits: SIMD8<UInt64>) -> Bool {
        let four = bits.lowHalf | bits.highHalf
        let two = four.lowHalf | four.highHalf
        return two[0] | two[1] == 0
    }

    public mutating func insert(_ place: Int) { bits[place >> 6 & 7] |= 1 << UInt64(place & 63) }
    @inline(__always)
    public func isSubset(of other: Tags) -> Bool { Self.isNothing(bits & ~other.bits) }
    @inline(__always)
    public func meets(_ other: Tags) -> Bool { !Self.isNothing(bits & other.bits) }
    @inline(__always)
    public func shared(with other: Tags) -> Int {
        let both = bits & other.bits
        guard !Self.isNothing(both) else { return 0 }
        return both.indices.reduce(0) { $0 + both[$1].nonzeroBitCount }
    }
    public func union(_ other: Tags) -> Tags {
        var made = self
        made.bits |= other.bits
        return made
    }
}

/// Gives each word of a list its place. Words that are not in the list are nowhere; beyond 512 the list is cut.
public struct TagList: Sendable {
    private let places: [String: Int]

    public init(_ words: some Sequence<String>) {
        places = Dictionary(words.prefix(512).enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    }

    public func tags(_ words: some Sequence<some StringProtocol>) -> Tags {
        words.reduce(into: Tags()) { made, word in if let place = places[String(word)] { made.insert(place) } }
    }
}
