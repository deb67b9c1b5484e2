import Foundation
import Rules

/// Moments for machines: UTC, to the second.
enum ISODate {
    static func write(_ moment: Instant) -> String {
        let seconds = floored(moment.milliseconds, 1000)
        let (day, rest) = (floored(seconds, 86_400), Int(seconds - floored(seconds, 86_400) * 86_400))
        let civil = Civil(day: day)
        return String(unsafeUninitializedCapacity: 20) { out in
            func put(_ value: Int, _ width: Int, at place: Int) {
                var value = value
                for digit in stride(from: place + width - 1, through: place, by: -1) {
                    out[digit] = UInt8(48 + value % 10)
                    value /= 10
                }
            }
            put(civil.year, 4, at: 0)
            put(civil.month, 2, at: 5)
            put(civil.day, 2, at: 8)
            put(rest / 3600, 2, at: 11)
            put(rest / 60 % 60, 2, at: 14)
            put(rest % 60, 2, at: 17)
            (out[4], out[7], out[10], out[13], out[16], out[19]) = (45, 45, 84, 58, 58, 90)
            return 20
        }
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

private func floored(_ value: Int64, _ by: Int64) -> Int64 { value >= 0 ? value / by : (value - by + 1) / by }

/// A day of the Gregorian calendar from its number since 1970-01-01, by counting from the March of year 0, so that the
/// leap day comes last. Foundation's calendar says the same (a test holds them equal) at fifty times the price, and a
/// page of fifty items asks two hundred times.
struct Civil: Equatable {
    let year: Int
    let month: Int
    let day: Int
    /// 1 is Sunday, as Foundation counts.
    let weekday: Int

    init(day number: Int64) {
        let shifted = number + 719_468
        let era = floored(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        day = Int(dayOfYear - (153 * month + 2) / 5 + 1)
        self.month = Int(month < 10 ? month + 3 : month - 9)
        year = Int(yearOfEra + era * 400) + (self.month <= 2 ? 1 : 0)
        weekday = Int((number + 4) - floored(number + 4, 7) * 7) + 1
    }
}

/// The organisation's own clock: hours and display, nothing else.
public struct LocalClock: Sendable {
    private let calendar: Calendar
    /// From when on the zone is how many seconds ahead of UTC, oldest first; it covers `known`.
    private let offsets: [(from: Int64, seconds: Int64)]
    private let known: Range<Int64>

    public init(zone: String) {
        var calendar = Calendar(identifier: .gregorian)
        let zone = TimeZone(identifier: zone) ?? TimeZone(identifier: "UTC")!
        calendar.timeZone = zone
        self.calendar = calendar
        var moment = Date(timeIntervalSince1970: 1_577_836_800)  // 2020
        var offsets = [(from: Int64(moment.timeIntervalSince1970), seconds: Int64(zone.secondsFromGMT(for: moment)))]
        let end = Date(timeIntervalSince1970: 2_524_608_000)  // 2050
        while let next = zone.nextDaylightSavingTimeTransition(after: moment), next < end, next > moment {
            offsets.append((Int64(next.timeIntervalSince1970), Int64(zone.secondsFromGMT(for: next))))
            moment = next
        }
        self.offsets = offsets
        known = offsets[0].from..<Int64(end.timeIntervalSince1970)
    }

    /// Seconds since 1970 as the wall shows them.
    private func wall(_ moment: Instant) -> Int64 {
        let seconds = floored(moment.milliseconds, 1000)
        guard known.contains(seconds) else { return seconds + Int64(calendar.timeZone.secondsFromGMT(for: date(moment))) }
        var (low, high) = (0, offsets.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if offsets[middle].from <= seconds { low = middle } else { high = middle }
        }
        return seconds + offsets[low].seconds
    }

    public static func isZone(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

    /// Days since 1970 as the wall's calendar counts them.
    public func dayNumber(_ moment: Instant) -> Int64 { floored(wall(moment), 86_400) }

    /// 1 is Monday.
    public func weekday(_ moment: Instant) -> Int { Int((dayNumber(moment) + 3) % 7) + 1 }

    /// Minutes after local midnight.
    public func minute(_ moment: Instant) -> Int {
        let seconds = wall(moment)
        return Int(seconds - floored(seconds, 86_400) * 86_400) / 60
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

    func day(_ moment: Instant) -> Civil { Civil(day: floored(wall(moment), 86_400)) }

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
