import Screening
import Statistics

/// How somebody took part in the fortnight before a form: those who read are no failure, and are reported apart.
public enum TakingPart: String, Sendable, CaseIterable {
    case writer, reader
}

/// Why a form is not opened now.
public enum NotNow: String, Sendable, CaseIterable {
    /// Made for other ages.
    case age
    /// Nobody brought its wording.
    case noWords = "no-words"
    /// The same was filled in today.
    case today
    /// Something was asked within a fortnight: enough.
    case budget
    /// At night nothing is asked.
    case quiet
}

/// The burden a person is asked to carry: one short form within two weeks, none at night; their own wish is no asking.
///
/// - Source: the reference on clinical measures, A0.6 (suggested).
public enum FormRules {
    public static let budget = Lapse.days(14)
    /// How often somebody may fill in the same form of their own wish: a line of many points a day tells noise.
    public static let again = Lapse.hours(20)
    /// What is put before people, how often, and how long somebody new is left in peace.
    public struct Plan: Sendable {
        public let measure: String
        public let every: Lapse
        let settled: Lapse

        /// Who is well and looks ahead is asked half as often how things are: little moves from one fortnight to the next.
        public func every(at stage: Stage?) -> Lapse {
            switch stage {
            case .preventing: measure == "chime" ? every * 2 : every
            case .waiting, .alongside, .after, nil: every
            }
        }
    }

    /// What Today asks: once whether they had asked anybody before, bad moments and one item each of asking for help and of shame twice
    /// a year, the pulse at most every two weeks. The rarer one first.
    public static let asked = [
        Plan(measure: "before", every: .days(36_500), settled: .days(21)), Plan(measure: "adverse", every: .days(182), settled: .days(60)),
        Plan(measure: "seeking", every: .days(182), settled: .days(90)), Plan(measure: "shame", every: .days(182), settled: .days(120)),
        Plan(measure: "chime", every: .days(14), settled: .days(7)),
    ]
    /// What a room that asks puts before whoever reads or writes in it; each room for itself.
    public static let askedInRooms = Plan(measure: "experience", every: .days(84), settled: .days(7))
    /// Is it ever put before people unasked?
    public static func isPutBefore(_ measure: String, inARoom: Bool) -> Bool { inARoom || asked.contains { $0.measure == measure } }

    /// An open form rests so long; then it ends as it is.
    public static let rests = Lapse.days(7)

    /// From a fortnight on the pulse would be due each time, and rooms never: so long it waits where a room of one's own is due.
    public static let roomsFirst = Lapse.days(28)

    /// May this person open the form of their own wish?
    public static func mayOpen(_ measure: Instrument, hasWords: Bool, band: AgeBand, lastSame: Instant?, now: Instant) -> NotNow? {
        guard hasWords else { return .noWords }
        guard measure.fits(band) else { return .age }
        if let lastSame, now - lastSame < again { return .today }
        return nil
    }

    /// May it be put before them unasked? `lastAny` is when anything last was.
    public static func mayAsk(
        _ measure: Instrument, by plan: Plan?, hasWords: Bool, band: AgeBand, lastSame: Instant?, lastAny: Instant?, joined: Instant,
        stage: Stage? = nil, isQuiet: Bool, now: Instant
    ) -> NotNow? {
        guard let plan, plan.measure == measure.id else { return .budget }
        if let no = mayOpen(measure, hasWords: hasWords, band: band, lastSame: lastSame, now: now) { return no }
        if isQuiet { return .quiet }
        if now - joined < plan.settled { return .budget }
        if let lastSame, now - lastSame < plan.every(at: stage) { return .budget }
        if let lastAny, now - lastAny < budget { return .budget }
        return nil
    }

    /// Places of items that are not asked now, from 1: an answer that calls a person is asked only when somebody is there.
    public static func withheld(_ measure: Instrument, staffed: Bool) -> Set<Int> { staffed ? [] : Set(measure.risks.map(\.item)) }

    /// What an answer sets off at once, whatever the total.
    public static func alarm(_ measure: Instrument, place: Int, answer: Int) -> FormAlarm? {
        guard let risk = measure.risks.first(where: { $0.item == place && answer > $0.above }) else { return nil }
        switch risk.weight ?? .danger {
        case .danger: return .danger
        case .worry: return .worry
        }
    }

    /// The next place after this one that is to be asked, then whichever in front of it was jumped over; nil at the end, or where an
    /// answer ends the form.
    ///
    /// - Parameter done: places with an answer or a skip, this one among them.
    public static func next(_ measure: Instrument, after place: Int, answers: [Int?], done: Set<Int>, withheld: Set<Int>) -> Int? {
        if let end = measure.ends, answers[end.item - 1] == end.answer { return nil }
        return (place + 1..<measure.items.count + 1).first { !withheld.contains($0) }
            ?? (1...measure.items.count).first { !withheld.contains($0) && !done.contains($0) }
    }
}

/// Danger opens a case at once and rings; a worry opens one to be read in its turn.
public enum FormAlarm: String, Sendable, CaseIterable {
    case danger, worry

    public var level: Level {
        switch self {
        case .danger: .high
        case .worry: .medium
        }
    }
}

extension Instrument {
    /// Made for everybody in this age band. A band that only overlaps is not enough: lines and words belong to an age.
    public func fits(_ band: AgeBand) -> Bool { ages.holds(band) }
}

extension Instrument.AgeRange {
    /// The whole band, and nobody beyond it.
    func holds(_ band: AgeBand) -> Bool { band.years.lowerBound >= from && band.years.upperBound <= to ?? 120 }
}

extension Instrument.Error {
    /// What is known of adults says nothing of a fourteen-year-old.
    func belongs(to band: AgeBand) -> Bool {
        guard let ages else { return true }
        return band.years.lowerBound >= ages.from && band.years.upperBound <= ages.to ?? 120
    }
}

/// A person's own line of totals, in pieces: a change of the form or of its rules breaks it.
public struct OwnTrend: Sendable, Equatable {
    public struct Point: Sendable, Equatable {
        public let at: Instant
        public let total: Double
        /// What must not be joined: another version or wording.
        public let kind: String

        public init(at: Instant, total: Double, kind: String) { (self.at, self.total, self.kind) = (at, total, kind) }
    }

    /// What the last two points of one piece say. Never a diagnosis, never an effect.
    public enum Reading: String, Sendable, CaseIterable {
        case first, better, worse, steady
        /// Nobody knows yet how much the numbers move by chance.
        case unknownNoise = "unknown-noise"
    }

    public let pieces: [[Point]]
    public let reading: Reading
    /// How many points a total moves by chance alone; nil where nobody knows yet.
    public let noise: Double?

    /// `points` in the order of time.
    public init(_ points: [Point], of measure: Instrument, band: AgeBand) {
        var pieces: [[Point]] = []
        for point in points {
            if let last = pieces.last?.last, last.kind == point.kind {
                pieces[pieces.count - 1].append(point)
            } else {
                pieces.append([point])
            }
        }
        self.pieces = pieces
        reading = Self.reading(pieces.last ?? [], measure, band)
        noise = Rules.noise(measure, band: band)
    }

    private static func reading(_ piece: [Point], _ measure: Instrument, _ band: AgeBand) -> Reading {
        guard piece.count > 1 else { return .first }
        let (before, now) = (piece[piece.count - 2].total, piece[piece.count - 1].total)
        switch reliableClass(from: before, to: now, measure, band: band) {
        case .recovered, .improved: return .better
        case .deteriorated: return .worse
        case .unchanged: return .steady
        case nil: return .unknownNoise
        }
    }
}
