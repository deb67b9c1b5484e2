import Screening
import Statistics

/// The health of a community, told from plain rows: each figure by one method, small groups left out.
///
/// - Limits: the newest rows where there are very many; what still waits counts as waiting (Kaplan-Meier). Figures describe, they
///   show no effect.
/// - Source: the reference on clinical measures, part E.
public struct Health: Sendable {
    /// Whoever was not here for so long counts as having left, on their last day.
    public static let away = 14
    static let day = 1_440.0
    static let retention: [(measure: HealthMeasure, day: Double)] = [(.day1, 1), (.day7, 7), (.day15, 15), (.day30, 30), (.day90, 90)]

    public let figures: [(measure: HealthMeasure, told: Told)]
    /// First replies by the hour of the house's clock, by age and by language; first looks by level and by hour.
    public let repliesByHour: [GroupWait]
    public let repliesByBand: [GroupWait]
    public let repliesByLanguage: [GroupWait]
    public let looksByLevel: [GroupWait]
    public let looksByHour: [GroupWait]

    public subscript(measure: HealthMeasure) -> Told { figures.first { $0.measure == measure }?.told ?? .nothing }

    public init(_ rows: HealthRows) throws(NotComputable) {
        let replies = KaplanMeier(rows.posts.map(\.wait))
        let askers = Set(rows.posts.map(\.person)).count
        let helped = KaplanMeier(rows.helped)
        let looks = KaplanMeier(rows.looks.map(\.wait))
        let talks = KaplanMeier(rows.talks)
        var told: [HealthMeasure: Told] = [
            .firstReplyHalf: .quantile(0.5, of: replies, people: askers), .firstReplyNinety: .quantile(0.9, of: replies, people: askers),
            .unansweredDay: .beyond(Self.day, of: replies, people: askers),
            .unansweredWeek: .beyond(7 * Self.day, of: replies, people: askers),
            // The mark is private: of one to seven who made it nothing is told, however many did not.
            .helpfulWeek: Told.isTellable(rows.helped.count { $0.ended && $0.time <= 7 * Self.day })
                ? .within(7 * Self.day, of: helped, people: helped.count) : .few,
            .helpfulHalf: Told.isTellable(helped.ended) ? .quantile(0.5, of: helped, people: helped.count) : .few,
            .conversation: .share(rows.conversations, of: rows.threads),
            .lookHalf: .quantile(0.5, of: looks, people: looks.count), .lookNinety: .quantile(0.9, of: looks, people: looks.count),
            .firstWordsHalf: .quantile(0.5, of: talks, people: talks.count),
            .firstWordsNinety: .quantile(0.9, of: talks, people: talks.count),
            .turned: .share(rows.turned, of: rows.appeals), .neverWrote: .share(rows.members - rows.everWrote, of: rows.members),
        ]
        told[.crises] = try Self.crises(rows)
        told.merge(try Self.parts(rows)) { _, new in new }
        let stays = KaplanMeier(rows.stays.map { .init(time: Double($0.days), ended: $0.left) })
        // Here on a day: the last day here is that one or a later one.
        for (measure, day) in Self.retention { told[measure] = .beyond(day - 0.5, of: stays, people: rows.stays.count) }
        if rows.taken.isEmpty {
            told[.load] = .nothing
        } else {
            told[.load] =
                rows.taken.count < PublicCount.fewest ? .few : gini(rows.taken.map(Double.init)).map { .value($0, nil) } ?? .nothing
        }
        figures = HealthMeasure.allCases.map { ($0, told[$0] ?? .nothing) }
        repliesByHour = Self.hours(rows.posts.map { ($0.hour, $0.wait, $0.person) })
        looksByHour = Self.hours(rows.looks.enumerated().map { ($1.hour, $1.wait, Int64($0)) })
        looksByLevel = Level.allCases.reversed().map { level in
            let waits = rows.looks.filter { $0.level == level }.map(\.wait)
            return GroupWait(level.code, waits, people: waits.count, beyond: Self.day)
        }.filter { $0.count > 0 }
        repliesByBand = Self.groups(rows.posts.map { ($0.band?.rawValue ?? "unsaid", $0) })
        repliesByLanguage = Self.groups(rows.posts.map { ($0.otherLanguage ? "other" : "house", $0) })
    }

    /// Cases of danger for a thousand items.
    private static func crises(_ rows: HealthRows) throws(NotComputable) -> Told {
        guard rows.items > 0 else { return .nothing }
        guard Told.isTellable(rows.crises) else { return .few }
        let rate = try EventRate(events: rows.crises, exposure: Double(rows.items) / 1_000)
        return .value(rate.rate, rate.interval)
    }

    /// How much the most active write. A top of 1 % is told where that is eight people; the top tenth from eighty members on.
    private static func parts(_ rows: HealthRows) throws(NotComputable) -> [HealthMeasure: Told] {
        let silent = rows.members - rows.written.count
        guard rows.members > 0, silent >= 0 else { return [:] }
        let measures: [HealthMeasure] = [.topOne, .nextNine, .rest, .topTen]
        let members = try Participation(rows.written.map(Double.init) + [Double](repeating: 0, count: silent))
        guard let parts = members.bands, let ten = members.share(ofTop: 0.1) else { return [:] }
        let shares = [parts.superusers, parts.contributors, parts.rest, ten]
        let least = [100, 100, 100, 10].map { $0 * PublicCount.fewest }
        return Dictionary(
            uniqueKeysWithValues: zip(measures, zip(shares, least)).map { measure, one in
                (measure, rows.members >= one.1 ? .value(one.0, nil) : .few)
            })
    }

    private static func hours(_ waits: [(hour: Int, wait: KaplanMeier.Observation, person: Int64)]) -> [GroupWait] {
        let byHour = Dictionary(grouping: waits, by: \.hour)
        return byHour.keys.sorted().map { hour in
            let own = byHour[hour] ?? []
            return GroupWait(String(hour), own.map(\.wait), people: Set(own.map(\.person)).count, beyond: day)
        }
    }

    private static func groups(_ posts: [(group: String, post: HealthRows.Post)]) -> [GroupWait] {
        let byGroup = Dictionary(grouping: posts, by: \.group).sorted { $0.key < $1.key }
        let people = byGroup.map { Set($0.value.map(\.post.person)).count }
        return zip(byGroup, zip(people, tellable(people))).map { one, of in
            GroupWait(one.key, one.value.map(\.post.wait), people: of.0, isTold: of.1, beyond: day)
        }
    }
}
