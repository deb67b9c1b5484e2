import Rules
import Store

// Days as they are typed for a role, a check or a review. A day is a day where the organisation is.
extension LocalClock {
    /// The first moment of `2026-11-22`; nil for anything else.
    func start(ofDay text: String) -> Instant? { noon(text).map { midnight(after: $0 - .days(1)) } }

    /// The end of that day: what has it as its last day holds until then.
    func end(ofDay text: String) -> Instant? { noon(text).map { midnight(after: $0) } }

    /// Noon is there on every day; midnight is skipped by some clocks.
    private func noon(_ text: String) -> Instant? {
        guard text.count == 10, ISODate.read(text) != nil else { return nil }
        return moment(local: text + "T12:00")
    }
}

extension Moments {
    /// The last day on which something holds that ends at this moment.
    func lastDay(_ end: Instant) -> String { date(end - .minutes(1)) }
}

extension App {
    /// A typed day as its end where the organisation is, for the command line; nil for anything else.
    public func end(ofDay text: String) -> Instant? { clock(home).end(ofDay: text) }

    /// A typed day as its first moment.
    public func start(ofDay text: String) -> Instant? { clock(home).start(ofDay: text) }
}
