import Foundation
import Rules

/// Moments for machines: UTC, to the second.
enum ISODate {
    static func write(_ moment: Instant) -> String {
        Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000).ISO8601Format()
    }

    /// Reads `2026-11-22` or a full moment; nil for anything else.
    static func read(_ text: String) -> Instant? {
        let whole = text.count == 10 ? text + "T00:00:00Z" : text
        guard let date = try? Date(whole, strategy: .iso8601) else { return nil }  // a parse, not a question asked
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    static func day(_ day: Int64) -> String {
        String(write(Instant(milliseconds: day * 86_400_000)).prefix(10))
    }
}

/// The organisation's own clock: hours and display, nothing else.
public struct LocalClock: Sendable {
    private let calendar: Calendar

    public init(zone: String) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? TimeZone(identifier: "UTC")!
        self.calendar = calendar
    }

    public static func isZone(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    /// Minutes after local midnight.
    public func minute(_ moment: Instant) -> Int {
        let parts = calendar.dateComponents([.hour, .minute], from: date(moment))
        return (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
    }

    func time(_ moment: Instant) -> String { Self.time(minute: minute(moment)) }

    static func time(minute: Int) -> String {
        let (hour, rest) = (minute / 60 % 24, minute % 60)
        return "\(hour):\(rest < 10 ? "0" : "")\(rest)"
    }

    /// As an `<input type="time">` wants it: "08:00".
    static func field(minute: Int) -> String {
        let time = time(minute: minute)
        return time.count == 4 ? "0" + time : time
    }

    /// What an `<input type="datetime-local">` sends, "2026-11-22T09:00", on this clock; nil for anything else.
    func moment(local text: String) -> Instant? {
        let parts = text.split(whereSeparator: { "-T:".contains($0) }).compactMap { Int($0) }
        guard text.count == 16, parts.count == 5 else { return nil }
        let wanted = DateComponents(year: parts[0], month: parts[1], day: parts[2], hour: parts[3], minute: parts[4])
        guard wanted.isValidDate(in: calendar), let date = calendar.date(from: wanted) else { return nil }
        return Instant(milliseconds: Int64(date.timeIntervalSince1970 * 1000))
    }

    func day(_ moment: Instant) -> (day: Int, month: Int, year: Int, weekday: Int) {
        let parts = calendar.dateComponents([.day, .month, .year, .weekday], from: date(moment))
        return (parts.day ?? 1, parts.month ?? 1, parts.year ?? 1970, parts.weekday ?? 1)
    }

    func startOfMonth(_ moment: Instant, back: Int = 0) -> Instant {
        var parts = calendar.dateComponents([.year, .month], from: date(moment))
        parts.month = (parts.month ?? 1) - back
        let start = calendar.date(from: parts) ?? date(moment)
        return Instant(milliseconds: Int64(start.timeIntervalSince1970 * 1000))
    }

    /// The next local midnight.
    func midnight(after moment: Instant) -> Instant {
        let start = calendar.startOfDay(for: date(moment))
        let next = calendar.date(byAdding: .day, value: 1, to: start) ?? date(moment)
        return Instant(milliseconds: Int64(next.timeIntervalSince1970 * 1000))
    }

    private func date(_ moment: Instant) -> Date { Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000) }
}
