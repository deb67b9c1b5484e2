/// A moment: UTC milliseconds since 1970. An organisation's time zone matters only for hours and for display.
public struct Instant: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
    public static func + (a: Self, b: Lapse) -> Self { Self(milliseconds: a.milliseconds + b.milliseconds) }
    public static func - (a: Self, b: Lapse) -> Self { Self(milliseconds: a.milliseconds - b.milliseconds) }
    public static func - (a: Self, b: Self) -> Lapse { Lapse(milliseconds: a.milliseconds - b.milliseconds) }
    public static let never = Instant(milliseconds: 253_402_300_799_000)

    /// Whole days since 1970 in UTC: the coarse day of exposure and check-ins.
    public var day: Int64 { milliseconds / 86_400_000 }
}

/// A length of time in milliseconds.
public struct Lapse: Hashable, Sendable, Comparable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    public static func seconds(_ n: Int) -> Lapse { Lapse(milliseconds: Int64(n) * 1000) }
    public static func minutes(_ n: Int) -> Lapse { Lapse(milliseconds: Int64(n) * 60_000) }
    public static func hours(_ n: Int) -> Lapse { Lapse(milliseconds: Int64(n) * 3_600_000) }
    public static func days(_ n: Int) -> Lapse { Lapse(milliseconds: Int64(n) * 86_400_000) }
    public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }
    public static func + (a: Self, b: Self) -> Lapse { Lapse(milliseconds: a.milliseconds + b.milliseconds) }
    public static func * (a: Self, n: Int) -> Lapse { Lapse(milliseconds: a.milliseconds * Int64(n)) }

    public var seconds: Int { Int(milliseconds / 1000) }
    public var minutes: Int { Int(milliseconds / 60_000) }
}
