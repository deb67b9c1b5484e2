import Rules

/// Which help lines stand first: those that are open now and meant for whoever asks. Functions on values; the time where
/// the line is comes as an argument.
enum HelpLines {
    /// What is known of a line's hours at a moment. Hours that nobody confirmed are never called open.
    enum Opening: String, Sendable { case open, unknown, closed }

    /// How long before a line's day somebody is told to look at it again.
    static let ahead = Lapse.days(21)

    /// Lines of a country that have ended, or end soon: from then on nobody is shown them.
    static func ending(_ content: Content, country code: String, now: Instant) -> Int {
        let soon = String(ISODate.write(now + ahead).prefix(10))
        return content.lines.countries[code]?.lines.count { $0.expires <= soon } ?? 0
    }

    /// The lines of a country for whoever asks, in their order, with the country itself and its emergency numbers.
    static func shown(
        to ask: Ask, country code: String?
    ) -> (country: Content.Country, lines: [Content.Line], emergency: [String]) {
        let (country, lines, emergency) = ask.app.content.lines(for: code, today: String(ISODate.write(ask.now).prefix(10)))
        let sorted = inOrder(
            lines, band: ask.person?.band, minute: minute(in: country, at: ask.now),
            notFirst: Set(ask.app.content.lines.firstChoiceDeny))
        return (country, sorted, emergency)
    }

    /// Who fits comes before who does not, and in each part what is open before what we do not know and what is closed.
    /// A number of `notFirst` is never one of the first two: without two others before it, it is left out.
    static func inOrder(_ lines: [Content.Line], band: AgeBand?, minute: Int?, notFirst: Set<String>) -> [Content.Line] {
        func place(_ line: Content.Line) -> Int {
            let wait: Int
            switch opening(of: line, minute: minute) {
            case .open: wait = 0
            case .unknown: wait = 1
            case .closed: wait = 2
            }
            return fits(line, band) ? wait : 3 + wait
        }
        let first = lines.filter { !notFirst.contains($0.dial.filter(\.isNumber)) }
        let later = lines.filter { notFirst.contains($0.dial.filter(\.isNumber)) }
        // Picked out place by place, so that lines of one place keep the order of the file.
        let sorted = (0..<6).flatMap { number in first.filter { place($0) == number } }
        return sorted.count < 2 ? sorted : sorted + later
    }

    /// - Parameter minute: minutes after midnight where the line is; nil where that is not one time.
    static func opening(of line: Content.Line, minute: Int?) -> Opening {
        if line.hours == "always" { return .open }
        guard let minute, let hours = window(line.hours) else { return .unknown }
        return hours.contains(minute: minute) ? .open : .closed
    }

    /// Is the whole band meant by this line? An age that we do not know is kept from none.
    static func fits(_ line: Content.Line, _ band: AgeBand?) -> Bool {
        guard let band, line.ages.count == 2 else { return true }
        let whole: ClosedRange<Int>
        switch band {
        case .eleven: whole = 11...12
        case .thirteen: whole = 13...15
        case .sixteen: whole = 16...17
        case .eighteen: whole = 18...25
        case .adult: whole = 26...26
        }
        return line.ages[0] <= whole.lowerBound && whole.upperBound <= line.ages[1]
    }

    /// Its hours as we may say them: those that nobody confirmed are not said, whatever words the file has for them.
    static func hours(_ line: Content.Line, _ say: Sentences) -> String {
        line.hours == "unconfirmed" ? say("help.hours-unknown") : line.hoursWords + "."
    }

    /// For whom it is, where it is not for everybody.
    static func ages(_ line: Content.Line, _ say: Sentences) -> String {
        guard line.ages.count == 2 else { return "" }
        let (from, to) = (line.ages[0], line.ages[1])
        if to >= 120 { return from == 0 ? "" : say("help.ages-from", ["from": String(from)]) }
        return from == 0 ? say("help.ages-to", ["to": String(to)]) : say("help.ages", ["from": String(from), "to": String(to)])
    }

    /// "16-21" or "9:30-17", each day. Everything else ("unconfirmed", "18h") gives no hours.
    private static func window(_ written: String) -> Hours? {
        let ends = written.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, let from = minute(written: ends[0]), let to = minute(written: ends[1]) else { return nil }
        return Hours(from: from, to: to)
    }

    private static func minute(written: Substring) -> Int? {
        let pieces = written.split(separator: ":", omittingEmptySubsequences: false)
        let numbers = pieces.compactMap { Int($0) }
        guard numbers.count == pieces.count, numbers.count <= 2, let hour = numbers.first else { return nil }
        let rest = numbers.count == 2 ? numbers[1] : 0
        guard (0...24).contains(hour), (0..<60).contains(rest) else { return nil }
        return hour * 60 + rest
    }

    /// Minutes after midnight in a country that has one time for every place a line could mean; nil in the others.
    static func minute(in country: Content.Country, at moment: Instant) -> Int? {
        country.zone.map { LocalClock(zone: $0).minute(moment) }
    }
}
