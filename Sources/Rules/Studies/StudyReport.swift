import Statistics

/// What a study came to: made from people without names, and printed only once it has ended, so that nobody looks before.
///
/// Every part says of how many people it is; what can not be computed says why, and is no zero.
public struct StudyReport: Sendable {
    /// Either figures or the reason why there are none.
    public enum Part<Value: Sendable>: Sendable {
        case told(Value)
        case untold(String)

        func map<Other: Sendable>(_ change: (Value) -> Other) -> Part<Other> {
            switch self {
            case .told(let value): .told(change(value))
            case .untold(let why): .untold(why)
            }
        }

        public var value: Value? {
            switch self {
            case .told(let value): value
            case .untold: nil
            }
        }
    }

    public struct Flow: Sendable, Equatable {
        public let arm: String
        public let started: Int
        public let letIn: Int
        public let left: [LeftHow: Int]
        /// Of the main outcome, at each of its days.
        public let answered: [Int]
    }

    public struct Balance: Sendable, Equatable {
        public let what: String
        /// For each arm: people, mean, deviation.
        public let arms: [Summary]
        /// Each later arm against the first, in deviations; nil where there is no spread or nobody.
        public let differences: [Double?]
    }

    /// Which groups of a split are not told: those of fewer than `PublicCount.fewest`; and where so few are hidden that they could be
    /// had by taking the others from the whole, the smallest of the others too.
    public static func untold(_ counts: [Int]) -> Set<Int> {
        var hidden = Set(counts.indices.filter { (1..<PublicCount.fewest).contains(counts[$0]) })
        if (1..<PublicCount.fewest).contains(hidden.reduce(0) { $0 + counts[$1] }),
            let next = counts.indices.filter({ counts[$0] >= PublicCount.fewest }).min(by: { counts[$0] < counts[$1] })
        {
            hidden.insert(next)
        }
        return hidden
    }

    public struct Summary: Sendable, Equatable {
        /// Nothing of these people may be told, nor how many they are.
        public static let hidden = Summary(isHidden: true)

        public let isHidden: Bool
        public let count: Int
        public let mean: Double?
        public let deviation: Double?
        /// Of the mean, by Student's t.
        public let interval: Interval?

        private init(isHidden: Bool) {
            (self.isHidden, count, mean, deviation, interval) = (isHidden, 0, nil, nil, nil)
        }

        public init(_ values: [Double]) {
            isHidden = false
            count = values.count
            (mean, deviation) = (values.mean, values.deviation)
            if let mean = values.mean, let deviation = values.deviation, values.count > 1 {
                let half = StudentT.quantile(0.975, df: Double(count - 1)) * deviation / Double(count).squareRoot()
                interval = Interval(mean - half, mean + half)
            } else {
                interval = nil
            }
        }
    }

    public struct Tested: Sendable {
        public let point: StudyPoint
        public let outcome: Outcome
        /// Raised for how many were tested: Holm among the main ones, Benjamini and Hochberg among the others.
        public let adjusted: Double?
    }

    public struct Course: Sendable, Equatable {
        public let measure: String
        public let days: [Int]
        public let arms: [(id: String, points: [Summary])]

        public static func == (a: Self, b: Self) -> Bool {
            a.measure == b.measure && a.days == b.days && a.arms.map(\.id) == b.arms.map(\.id)
                && a.arms.map(\.points) == b.arms.map(\.points)
        }
    }

    /// By what one person's change counts as reliable, and which line they cross: published thresholds differ in all of it.
    public struct Basis: Sendable, Equatable {
        public let band: AgeBand
        /// Of the measure, in points, and its reliability; nil where the measure only names a number of points.
        public let deviation: Double?
        public let reliability: Double?
        public let z: Double?
        /// Points that count.
        public let points: Double
        public let line: Double?
        public let source: String
        public let lineSource: String?
    }

    /// All visits of the main outcome at once: by how much more an arm moves in a week than the first one.
    public struct Repeated: Sendable, Equatable {
        public let arm: String
        /// Points a week, and its 95 % interval (the normal's).
        public let perWeek: Double
        public let interval: Interval
        public let people: Int
        public let visits: Int
    }

    public struct Missing: Sendable, Equatable {
        public let point: StudyPoint
        public let due: Int
        public let whole: Int
        /// Answered in part: no total.
        public let partly: Int
        public var missing: Int { due - whole - partly }
    }

    public struct Harms: Sendable, Equatable {
        public let arm: String
        public let kind: String
        public let events: Int
        public let weeks: Double
        /// For each 1,000 person-weeks.
        public let rate: Double
        public let interval: Interval
    }

    public struct Sensitivity: Sendable {
        public let of: String
        /// Missing ones as those alike in arm and baseline were; then each on the side that gets it also worse by half a deviation.
        public let asSeen: PooledImputations
        public let worse: PooledImputations
    }

    public struct Use: Sendable, Equatable {
        public let arm: String
        public let people: Int
        /// At 2, 12 and 24 weeks: who was here in that week, of all who began that long before the end. Whoever left is not here.
        public let active: [(week: Int, here: Int, of: Int)]
        public let days: Double
        public let minutes: Double
        /// Weeks in which as much was written as the arm was asked for, of all its weeks until the end, also after somebody left.
        public let adherence: (kept: Int, of: Int)?

        public static func == (a: Self, b: Self) -> Bool {
            a.arm == b.arm && a.people == b.people && a.days == b.days && a.minutes == b.minutes
        }
    }

    public let enrolled: Int
    public let notStarted: Int
    public let supporters: Int
    /// How those who help were, all together, and what became of them: they may gain or lose by it as well.
    public let supporterCourses: [Course]
    public let supporterHarms: [Harms]
    public let flow: [Flow]
    public let balance: [Balance]
    public let main: Part<[Tested]>
    public let others: [Part<[Tested]>]
    public let courses: [Course]
    /// Where arm stands against arm and the main outcome is asked three times or more.
    public let repeated: Part<[Repeated]>
    public let classes: Part<[(arm: String, counts: [ReliableChange.Class: Int])]>
    public let styles: [(style: StudyPerson.Style, change: Summary, classes: [ReliableChange.Class: Int])]
    /// By how they answered others, as coders read it: told them what to do, or left it open.
    public let tones: [(isDirective: Bool, change: Summary, classes: [ReliableChange.Class: Int])]
    public let retention: [(arm: String, curve: KaplanMeier)]
    public let retentionTest: LogRank?
    public let retentionByForm: [FormRetention]
    public let missing: [Missing]
    public let harms: [Harms]
    public let sensitivity: Part<[Sensitivity]>
    public let use: [Use]
    /// Rooms of one form against another, where people chose: only in a study in which nobody compares by chance.
    public let forms: [(axis: FormAxis, contrast: Part<FormContrast>)]
    /// What the classes were counted by, for each age band of the study.
    public let basis: [Basis]
    /// Everything that was asked, and whether anybody has shown that it measures well.
    public let measures: [(id: String, isValidated: Bool)]
    public let askedBefore: [AskedBefore: Int]
    public let gaps: [Gap]
}

/// What a report can not say, and says so.
public enum Gap: String, Sendable, CaseIterable {
    case noComparison = "no-comparison"
    case runByHost = "run-by-host"
    case unvalidated
    case errorUnknown = "error-unknown"
    case fewPeople = "few-people"
    case muchMissing = "much-missing"
    case noUtility = "no-utility"
    case selfReport = "self-report"
    case openLabel = "open-label"
    /// Tested are those who answered at the end; the others are in the sensitivity analysis.
    case completeCases = "complete-cases"
    case takenOut = "taken-out"
    /// Some had not come to their last question.
    case endedEarly = "ended-early"
    /// People of one arm met in the same rooms: what they came to is not independent, and intervals are narrower than they should be.
    case sharedRooms = "shared-rooms"
    /// The rooms of all arms had the same form: no form was compared.
    case formsAlike = "forms-alike"
    /// A room of the study was given another form while it ran.
    case formChanged = "form-changed"
    /// A measure was asked in other words, or counted by other rules, while the study ran.
    case wordsChanged = "words-changed"
}
