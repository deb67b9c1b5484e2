import Rules

/// How often something may be done. Per node, in memory, forgotten when it is over; keyed by what is already hashed.
final class Limits: Sendable {
    private struct Window {
        var count: Int
        var until: Instant
    }
    private let windows = Locked<[String: Window]>([:])

    /// Counts one more. Nil while within the limit, else the wait.
    func wait(_ what: String, limit: Int, within: Lapse, now: Instant) -> Lapse? {
        windows.with { table in
            if table.count > 50_000 { table = table.filter { $0.value.until > now } }
            var window = table[what] ?? Window(count: 0, until: now + within)
            if window.until <= now { window = Window(count: 0, until: now + within) }
            window.count += 1
            table[what] = window
            return window.count > limit ? window.until - now : nil
        }
    }

    /// The same without counting: for what counts only when it went wrong.
    func isOver(_ what: String, limit: Int, now: Instant) -> Lapse? {
        windows.with { table in
            guard let window = table[what], window.until > now, window.count >= limit else { return nil }
            return window.until - now
        }
    }

    /// For guesses: five are free, then the wait doubles with each, to a quarter of an hour.
    func guessWait(_ what: String, now: Instant) -> Lapse? {
        windows.with { table in
            guard let window = table["next " + what], window.until > now else { return nil }
            return window.until - now
        }
    }

    func wrongGuess(_ what: String, now: Instant) { windows.with { Self.count(what, in: &$0, now: now) } }

    /// Asks and counts in one: of many at the same moment only as many are looked at as may be. `rightGuess` clears it.
    func guess(_ what: String, now: Instant) -> Lapse? {
        windows.with { table in
            if let next = table["next " + what], next.until > now { return next.until - now }
            Self.count(what, in: &table, now: now)
            return nil
        }
    }

    /// That one was no guess after all.
    func takeBack(_ what: String) {
        windows.with { table in
            guard var window = table[what] else { return }
            window.count -= 1
            table[what] = window
            if window.count < 5 { table["next " + what] = nil }
        }
    }

    private static func count(_ what: String, in table: inout [String: Window], now: Instant) {
        if table.count > 50_000 { table = table.filter { $0.value.until > now } }
        var window = table[what] ?? Window(count: 0, until: now + .hours(1))
        if window.until <= now { window = Window(count: 0, until: now + .hours(1)) }
        window.count += 1
        table[what] = window
        if window.count >= 5 {
            let seconds = min(900, 15 << min(window.count - 5, 6))
            table["next " + what] = Window(count: 1, until: now + .seconds(seconds))
        }
    }

    func rightGuess(_ what: String) {
        windows.with { table in
            table[what] = nil
            table["next " + what] = nil
        }
    }
}
