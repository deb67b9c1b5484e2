import Rules
import Statistics

/// Drawings of a report. Each stands beside a table with the same numbers; arms differ by the dashes of their lines and the letters at
/// their ends, so that nobody needs colours.
enum StudyPlots {
    private static let dashes = ["", "8 5", "2 5", "12 4 2 4", "5 2", "1 3"]
    private static func letter(_ place: Int) -> String { String(UnicodeScalar(UInt8(65 + place % 26))) }

    private static func frame(_ title: String, _ parts: HTML, height: Int = 220) -> HTML {
        "<svg class=\"flow\" viewBox=\"-30 0 450 \(height)\" role=\"img\" aria-label=\"\(title)\">\(parts)</svg>"
    }

    private static func text(_ x: Int, _ y: Int, _ words: String, anchor: String = "middle") -> HTML {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\">\(words)</text>"
    }

    private static func legend(_ arms: [String], y: Int) -> HTML {
        "\(each: arms.enumerated(), { text(40, y + $0 * 20, "\(letter($0)) \($1)", anchor: "start") })"
    }

    /// CONSORT: who said yes, who started where, who was seen at the end.
    static func flow(_ report: StudyReport, declined: Int, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        let width = max(1, 400 / max(1, report.flow.count))
        var parts: HTML = """
            <rect x="135" y="4" width="150" height="44" rx="8"/>\(text(210, 31, "\(say("trial.said-yes")): \(report.enrolled)"))\
            \(text(418, 20, "\(say("trial.said-no")): \(declined)", anchor: "end"))\(text(418, 40, "\(say("trial.never-began")): \(report.notStarted)", anchor: "end"))
            """
        for (place, arm) in report.flow.enumerated() {
            let x = 10 + place * width
            let middle = x + width / 2
            let boxes = [("\(letter(place))", arm.started), (say("trial.seen"), arm.answered.last ?? 0)]
            for (row, box) in boxes.enumerated() {
                let y = 90 + row * 90
                parts += """
                    <path class="arrow" d="M\(row == 0 ? 210 : middle) \(row == 0 ? 48 : y - 34)L\(middle) \(y)"/>\
                    <rect x="\(x + 4)" y="\(y)" width="\(width - 8)" height="56" rx="8"/>\(text(middle, y + 22, box.0))\(text(middle, y + 45, String(box.1)))
                    """
            }
        }
        parts += legend(report.flow.map { plan.arm($0.arm)?.name ?? $0.arm }, y: 262)
        return frame(say("trial.flow"), parts, height: 270 + report.flow.count * 20)
    }

    /// Means with their intervals over the days of asking.
    static func course(_ course: StudyReport.Course, _ plan: StudyProtocol, _ name: String, _ say: Sentences) -> HTML {
        let shown = course.arms.map { arm in arm.points.map { $0.count < PublicCount.fewest ? nil : $0 } }
        let values = shown.flatMap { $0 }.compactMap { $0 }.flatMap {
            [$0.interval?.lower, $0.interval?.upper, $0.mean].compactMap(\.self)
        }
        guard let low = values.min(), let high = values.max(), high > low, let last = course.days.last, last > 0 else { return "" }
        func x(_ day: Int) -> Int { 50 + day * 320 / last }
        func y(_ value: Double) -> Int { 180 - Int((value - low) / (high - low) * 150) }
        var parts: HTML = """
            <path class="arrow" d="M50 186H380"/>\(text(44, y(low), TrialPages.two(low), anchor: "end"))\(text(44, y(high) + 8, TrialPages.two(high), anchor: "end"))\
            \(each: course.days, { text(x($0), 206, String($0)) })
            """
        for (place, points) in shown.enumerated() {
            // Arms stand a little apart, so that intervals do not hide one another.
            let shift = (place - shown.count / 2) * 4
            let seen = zip(course.days, points).compactMap { day, point in
                point.flatMap { one in one.mean.map { (x(day) + shift, $0, one.interval) } }
            }
            let way = seen.map { "\($0.0) \(y($0.1))" }.joined(separator: "L")
            guard !way.isEmpty else { continue }
            parts += "<path class=\"trend\" stroke-dasharray=\"\(dashes[place % dashes.count])\" d=\"M\(way)\"/>"
            for point in seen {
                if let interval = point.2 { parts += "<path class=\"arrow\" d=\"M\(point.0) \(y(interval.lower))V\(y(interval.upper))\"/>" }
            }
            if let end = seen.last { parts += text(end.0 + 16, y(end.1) + 5, letter(place)) }
        }
        parts += legend(course.arms.map { plan.arm($0.id)?.name ?? $0.id }, y: 232)
        return frame("\(name): \(say("trial.courses"))", parts, height: 240 + course.arms.count * 20)
    }

    /// The share that is still there, by day.
    static func retention(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        let last = report.retention.flatMap { $0.curve.steps.map(\.time) }.max() ?? 0
        guard last > 0 else { return "" }
        func x(_ day: Double) -> Int { 50 + Int(day / last * 320) }
        func y(_ share: Double) -> Int { 180 - Int(share * 150) }
        var parts: HTML =
            "\(each: [0.0, 0.5, 1.0], { "<path class=\"arrow\" d=\"M50 \(y($0))H380\"/>\(text(44, y($0) + 5, TrialPages.two($0), anchor: "end"))" })\(text(50, 204, "0"))\(text(370, 204, String(Int(last))))"
        for (place, arm) in report.retention.enumerated() {
            var (way, share) = ("M50 \(y(1))", 1.0)
            for step in arm.curve.steps {
                way += "H\(x(step.time))V\(y(step.survival))"
                share = step.survival
            }
            parts +=
                "<path class=\"trend\" stroke-dasharray=\"\(dashes[place % dashes.count])\" d=\"\(way)H370\"/>\(text(386, y(share) + 5, letter(place)))"
        }
        parts += legend(report.retention.map { plan.arm($0.arm)?.name ?? $0.arm }, y: 232)
        return frame(say("trial.retention"), parts, height: 240 + report.retention.count * 20)
    }

    /// The share of resamples in which an arm is worth its cost, by what a year is held to be worth.
    static func acceptability(_ one: StudyEconomics, _ name: (String) -> String, _ worth: Willingness, _ say: Sentences) -> HTML {
        guard let last = worth.points.last, last > 0 else { return "" }
        func x(_ value: Int) -> Int { 50 + value * 320 / last }
        func y(_ share: Double) -> Int { 180 - Int(share * 150) }
        var parts: HTML =
            "\(each: [0.0, 0.5, 1.0], { "<path class=\"arrow\" d=\"M50 \(y($0))H380\"/>\(text(44, y($0) + 5, TrialPages.two($0), anchor: "end"))" })\(each: [0, last / 2, last], { text(x($0), 204, String($0)) })"
        for (place, row) in one.comparisons.enumerated() {
            let way = row.worth.map { "\(x($0.willingness)) \(y($0.acceptable))" }.joined(separator: "L")
            parts +=
                "<path class=\"trend\" stroke-dasharray=\"\(dashes[place % dashes.count])\" d=\"M\(way)\"/>\(text(390, y(row.worth.last?.acceptable ?? 0) + 5, letter(place)))"
        }
        parts += text(210, 224, "\(say("trial.willing")) (\(worth.currency))")
        parts += legend(one.comparisons.map { "\(name($0.arm)) – \(name($0.control))" }, y: 250)
        return frame(say("trial.ceac"), parts, height: 258 + one.comparisons.count * 20)
    }

    /// How often people practised against where they stood at the end, in bands.
    static func practice(_ bands: [FinishedStudy.PracticeBand], _ measure: String, _ name: String, _ say: Sentences) -> HTML {
        let seen = bands.enumerated().compactMap { place, band in
            band.totals[measure].flatMap { $0.count < PublicCount.fewest ? nil : $0 }.map { (place, band.times, $0) }
        }
        let ends = seen.flatMap { [$0.2.interval?.lower, $0.2.interval?.upper, $0.2.mean].compactMap(\.self) }
        guard seen.count > 1, let low = ends.min(), let high = ends.max(), high > low else { return "" }
        func x(_ place: Int) -> Int { 90 + place * 90 }
        func y(_ value: Double) -> Int { 180 - Int((value - low) / (high - low) * 150) }
        var parts: HTML = """
            <path class="arrow" d="M50 186H400"/>\(text(44, 184, TrialPages.two(low), anchor: "end"))\(text(44, 36, TrialPages.two(high), anchor: "end"))
            """
        for (place, times, one) in seen {
            parts += text(x(place), 206, TrialPages.times(times))
            if let interval = one.interval {
                parts += "<path class=\"arrow\" d=\"M\(x(place)) \(y(interval.lower))V\(y(interval.upper))\"/>"
            }
            if let mean = one.mean { parts += "<circle cx=\"\(x(place))\" cy=\"\(y(mean))\" r=\"5\"/>" }
        }
        return frame("\(name): \(say("trial.practice"))", parts)
    }
}
