import Statistics

/// One person of a study as the analysis sees them: no account, no name, no day but those of their own part.
public struct StudyPerson: Sendable, Equatable {
    /// What they did since their start, by the week of their part; only with their yes to it.
    public struct Presence: Sendable, Equatable {
        public let threads: [Int]
        public let replies: [Int]
        public let days: [Day]
        /// Whether most of their answers that coders read said what to do; nil where none was read.
        public let isDirective: Bool?
        /// For each axis of the review the level of the rooms in which they wrote most; empty where they only read.
        public let forms: [FormAxis: String]

        public struct Day: Sendable, Equatable {
            public let day: Int
            public let minutes: Int
        }

        public init(
            threads: [Int], replies: [Int], days: [(day: Int, minutes: Int)], forms: [FormAxis: String] = [:],
            isDirective: Bool? = nil
        ) {
            (self.threads, self.replies, self.forms, self.isDirective) = (threads, replies, forms, isDirective)
            self.days = days.map { Day(day: $0.day, minutes: $0.minutes) }
        }

        public var style: Style { threads.isEmpty ? (replies.isEmpty ? .reads : .replies) : .posts }
    }

    /// How somebody took part: reading is a way of it, no failure.
    public enum Style: String, Sendable, CaseIterable { case posts, replies, reads }

    public let side: StudyProtocol.Side
    public let band: AgeBand?
    public let arm: String?
    public let askedBefore: AskedBefore
    public let consentedAt: Instant
    public let startedAt: Instant?
    public let letInAt: Instant?
    public let leftAt: Instant?
    public let leftHow: LeftHow?
    public let shares: Bool
    public let answers: [StudyPoint: [Int?]]
    /// `worse`, `danger` and `told` (on leaving), one for each time.
    public let harms: [String]
    public let presence: Presence?

    public init(
        side: StudyProtocol.Side, band: AgeBand?, arm: String?, askedBefore: AskedBefore, consentedAt: Instant, startedAt: Instant?,
        letInAt: Instant?, leftAt: Instant?, leftHow: LeftHow?, shares: Bool, answers: [StudyPoint: [Int?]], harms: [String],
        presence: Presence?
    ) {
        (self.side, self.band, self.arm, self.askedBefore, self.consentedAt) = (side, band, arm, askedBefore, consentedAt)
        (self.startedAt, self.letInAt, self.leftAt, self.leftHow) = (startedAt, letInAt, leftAt, leftHow)
        (self.shares, self.answers, self.harms, self.presence) = (shares, answers, harms, presence)
    }

    /// The total at a point; nil where it was not answered, or gaps forbid one.
    public func total(_ point: StudyPoint, _ measure: Instrument) -> Double? {
        guard let given = answers[point] else { return nil }
        do { return try Score(given, by: measure).total } catch { return nil }
    }

    /// Those who took their answers out are counted as put into an arm, and nowhere else.
    public var isAnalysed: Bool { leftHow != .remove && leftHow != .erased }

    /// Weeks in the study until it ended or they left.
    public func weeks(until end: Instant) -> Double {
        startedAt.map { Double(max(0, (min(leftAt ?? end, end) - $0).milliseconds)) / Double(Lapse.days(7).milliseconds) } ?? 0
    }
}
