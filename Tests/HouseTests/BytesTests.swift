import Foundation
import Rules
import Testing

@testable import App

/// What every page leans on, byte by byte: dates, paragraphs, sentences.
struct BytesTests {
    @Test(arguments: ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"])
    func theClockSaysWhatFoundationSays(_ zone: String) throws {
        let clock = LocalClock(zone: zone)
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: zone))
        // Every 7 hours and 13 minutes from 1999 to 2060: both sides of every change of clocks, and outside the table.
        var moment = Instant(milliseconds: 915_148_800_000)
        while moment.milliseconds < 2_840_140_800_000 {
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday, .hour, .minute], from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
            let day = clock.day(moment)
            guard day.year == parts.year, day.month == parts.month, day.day == parts.day, day.weekday == parts.weekday,
                clock.minute(moment) == parts.hour! * 60 + parts.minute!
            else {
                Issue.record("\(moment.milliseconds): \(day) and \(parts)")
                return
            }
            moment = moment + .minutes(7 * 60 + 13) + .days(moment.milliseconds % 5 == 0 ? 3 : 0)
        }
    }

    @Test func momentsForMachines() {
        for milliseconds: Int64 in [0, -1, 951_782_399_999, 951_782_400_000, 1_795_420_800_000, 4_102_444_799_000] {
            let date = Date(timeIntervalSince1970: (Double(milliseconds) / 1000).rounded(.down))
            #expect(ISODate.write(Instant(milliseconds: milliseconds)) == date.ISO8601Format())
        }
    }

    @Test func localMomentsGoThereAndBack() throws {
        let clock = LocalClock(zone: "Europe/London")
        let moment = try #require(clock.moment(local: "2026-07-01T09:30"))
        #expect(ISODate.write(moment) == "2026-07-01T08:30:00Z")
        for bad in ["2026-02-30T09:00", "2026-07-01", "2026-13-01T09:00", "2026-07-01T25:00", "tomorrow at nine!"] {
            #expect(clock.moment(local: bad) == nil, "\(bad)")
        }
    }

    @Test(arguments: [
        ("one", "<p dir=\"auto\">one</p>"), ("", ""), ("\n\n", ""), ("a\nb", "<p dir=\"auto\">a<br>b</p>"),
        ("a\n\nb", "<p dir=\"auto\">a</p><p dir=\"auto\">b</p>"), ("\n\na\n\n\n\nb\n", "<p dir=\"auto\">a</p><p dir=\"auto\">b</p>"),
        ("<b>&'\"é", "<p dir=\"auto\">&lt;b&gt;&amp;&#39;&quot;é</p>"),
    ])
    func wordsBecomeParagraphs(_ text: String, _ page: String) {
        #expect(String(decoding: prose(text).bytes, as: UTF8.self) == page)
    }
}
