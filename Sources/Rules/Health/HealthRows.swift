import Screening
import Statistics

/// What the health of a community is told from: plain rows of one window of time, no words and no names.
public struct HealthRows: Sendable {
    /// One post that asked for an answer, from when it could be seen.
    public struct Post: Sendable, Equatable {
        /// Of the house's clock.
        public let hour: Int
        /// To the first answer by somebody else; where none came, to its end or to now.
        public let minutes: Double
        public let answered: Bool
        /// Whose, to count people; the number leads nowhere.
        public let person: Int64
        public let band: AgeBand?
        /// Somebody read it first because it was in a language that the house does not screen.
        public let otherLanguage: Bool

        public init(hour: Int, minutes: Double, answered: Bool, person: Int64, band: AgeBand?, otherLanguage: Bool) {
            (self.hour, self.minutes, self.answered) = (hour, minutes, answered)
            (self.person, self.band, self.otherLanguage) = (person, band, otherLanguage)
        }

        var wait: KaplanMeier.Observation { .init(time: minutes, ended: answered) }
    }

    /// One case, from its opening to somebody's first look.
    public struct Look: Sendable, Equatable {
        public let level: Level
        public let hour: Int
        public let minutes: Double
        public let looked: Bool

        public init(level: Level, hour: Int, minutes: Double, looked: Bool) {
            (self.level, self.hour, self.minutes, self.looked) = (level, hour, minutes, looked)
        }

        var wait: KaplanMeier.Observation { .init(time: minutes, ended: looked) }
    }

    /// One member who joined: whole days from joining to the last day here, and whether they stayed away since.
    public struct Stay: Sendable, Equatable {
        public let days: Int
        public let left: Bool

        public init(days: Int, left: Bool) { (self.days, self.left) = (days, left) }
    }

    public var posts: [Post] = []
    public var looks: [Look] = []
    /// Minutes from asking, being held or a risk flag to the first private words of a professional.
    public var talks: [KaplanMeier.Observation] = []
    /// Minutes from somebody's first post ever to the first reply of which they said that it helped; who has said it of none is still open.
    public var helped: [KaplanMeier.Observation] = []
    public var threads = 0
    public var conversations = 0
    /// Members, how many of them ever wrote for others, and how much each of those who did in the window wrote.
    public var members = 0
    public var everWrote = 0
    public var written: [Int] = []
    public var stays: [Stay] = []
    /// Posts that each supporter took.
    public var taken: [Int] = []
    public var appeals = 0
    public var turned = 0
    public var items = 0
    public var crises = 0

    public init() {}
}
