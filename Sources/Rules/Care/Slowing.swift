/// A thread in which everybody waits between two answers of their own, for a while.
public struct Slowing: Sendable, Equatable {
    /// Between two answers of one person; above 0.
    public let minutes: Int
    public let until: Instant

    public init(minutes: Int, until: Instant) { (self.minutes, self.until) = (minutes, until) }

    public func isOn(at now: Instant) -> Bool { until > now }
}

public enum SlowingEvent: Sendable, Equatable {
    /// Whoever looks after the thread says how many minutes; 0 lets it go on as usual.
    case set(minutes: Int)
    /// The screen hears a quarrel.
    case quarrel(minutes: Int)
}

/// What somebody chose holds for a day. A quarrel slows for half a day at the least, and undoes nothing that is stronger or longer.
public func slowing(_ slowing: Slowing?, after event: SlowingEvent, now: Instant) -> Slowing? {
    switch event {
    case .set(let minutes): return minutes > 0 ? Slowing(minutes: minutes, until: now + .days(1)) : nil
    case .quarrel(let minutes):
        guard minutes > 0 else { return slowing }
        let known = slowing.flatMap { $0.isOn(at: now) ? $0 : nil }
        return Slowing(minutes: max(known?.minutes ?? 0, minutes), until: max(known?.until ?? now, now + .hours(12)))
    }
}
