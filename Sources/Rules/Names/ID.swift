/// A 64-bit id that knows what it names: a member's id where a room's is meant does not compile.
///
/// Shown as 13 letters of Crockford's base 32 (no I, L, O, U), and as a string in JSON. Nothing is protected
/// by an id being secret; public names and anonymous items get a fully random one all the same, since a
/// time-ordered id would tell the second and link neighbours.
public struct ID<Thing>: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let raw: Int64

    public init(raw: Int64) { self.raw = raw }

    public static func < (a: Self, b: Self) -> Bool { a.raw < b.raw }

    private static var letters: [UInt8] { Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8) }

    public var description: String {
        var rest = UInt64(bitPattern: raw)
        return String(unsafeUninitializedCapacity: 13) { out in
            for place in stride(from: 12, through: 0, by: -1) {
                let digit = UInt8(truncatingIfNeeded: rest & 31)
                out[place] = Self.letter(digit)
                rest >>= 5
            }
            return 13
        }
    }

    private static func letter(_ digit: UInt8) -> UInt8 {
        switch digit {
        case 0..<10: 48 + digit
        case 10..<18: 55 + digit  // A to H
        case 18, 19: 56 + digit  // J, K
        case 20, 21: 57 + digit  // M, N
        case 22..<27: 58 + digit  // P to T
        default: 59 + digit  // V to Z
        }
    }

    /// Reads 13 letters; nil for anything else. Case is forgiven, and O, I, L are read as 0, 1, 1.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 13 else { return nil }
        var value: UInt64 = 0
        for (place, byte) in text.utf8.enumerated() {
            let upper = byte >= 97 && byte <= 122 ? byte - 32 : byte
            let digit: UInt8
            switch upper {
            case 48...57: digit = upper - 48
            case 65...72: digit = upper - 55
            case 74, 75: digit = upper - 56
            case 77, 78: digit = upper - 57
            case 80...84: digit = upper - 58
            case 86...90: digit = upper - 59
            case 79: digit = 0
            case 73, 76: digit = 1
            default: return nil
            }
            if place == 0, digit > 15 { return nil }  // 13 letters hold 65 bits; the first is at most F
            value = value << 5 | UInt64(digit)
        }
        raw = Int64(bitPattern: value)
    }
}

/// Where ids come from: time and chance are arguments, so that tests can hold them still.
public struct IDSource: Sendable {
    private let now: @Sendable () -> Instant
    private let random: @Sendable () -> UInt64

    public init(now: @escaping @Sendable () -> Instant, random: @escaping @Sendable () -> UInt64) {
        self.now = now
        self.random = random
    }

    /// 42 bits of milliseconds and 21 random ones: ordered by time to the millisecond. Good until the year 2109.
    public func timed<Thing>(_: Thing.Type = Thing.self) -> ID<Thing> {
        ID(raw: (now().milliseconds & (1 << 42 - 1)) << 21 | Int64(random() & (1 << 21 - 1)))
    }

    /// 63 random bits: tells nothing of when or beside whom it was made.
    public func unlinkable<Thing>(_: Thing.Type = Thing.self) -> ID<Thing> {
        ID(raw: Int64(bitPattern: random() >> 1))
    }
}
