import Statistics

/// What a study will do, fixed before the first person: after it nothing in it changes.
public struct StudyProtocol: Sendable, Equatable {
    /// How people come into arms.
    public enum Design: String, Sendable, CaseIterable {
        /// Two or three forms of support with two levels each, crossed.
        case factorial
        /// One form against another.
        case twoArms = "two-arms"
        /// Now, or later: those who wait are let in at the end.
        case waitList = "wait-list"
        /// Against pages of help alone, which look alike.
        case resourceOnly = "resource-only"
        /// Nobody compares: before and after. What comes of it is a change, never an effect.
        case uncontrolled

        public var hasComparison: Bool {
            switch self {
            case .factorial, .twoArms, .waitList, .resourceOnly: true
            case .uncontrolled: false
            }
        }
    }

    public enum Runner: String, Sendable, CaseIterable { case operatorOfHost = "operator", outside }

    /// What an arm gets. Help, professionals and reports belong to everybody and to no arm.
    public enum Gives: String, Sendable, CaseIterable {
        /// Its rooms, at once.
        case rooms
        /// The same rooms, after a time.
        case waiting
        /// Pages to read, laid out as the others' rooms are.
        case resources
        /// The questions alone, of adults: help, the team and everything else of the house stay as they are.
        case nothing
    }

    /// Those who look for support, and those who learn to give it: both are asked, the first alone are put into arms.
    public enum Side: String, Sendable, CaseIterable { case seeker, supporter }

    /// How chance decides: by a list that was there before anybody came, or so that arms stay alike in age and in having asked before.
    public enum Allocation: String, Sendable, CaseIterable {
        case blocks, minimisation

        /// Of the arm that keeps the arms alike; less than 1, so that nobody can tell the next.
        public static let likelihood = 0.8
    }

    /// Whom the host's rule makes say yes, or everybody under 18.
    public enum Guardian: String, Sendable, CaseIterable { case host, under18 = "under-18" }

    /// A questionnaire and the days from the start on which it is asked; day 0 is the baseline.
    public struct Asking: Sendable, Equatable {
        public let measure: String
        public let days: [Int]
        public let of: Set<Side>

        public init(_ measure: String, days: [Int], of: Set<Side> = [.seeker, .supporter]) {
            (self.measure, self.days, self.of) = (measure, days, of)
        }
    }

    /// One arm and what it gets.
    public struct Arm: Sendable, Equatable {
        public let id: String
        /// As people read it.
        public let name: String
        public let gives: Gives
        public let share: Int
        /// -0.5 or +0.5 for each factor of a factorial design, in the order of `factors`.
        public let levels: [Double]
        /// Ids of rooms.
        public let rooms: [String]
        /// Days until those who wait are let in.
        public let waits: Int?
        /// Posts or answers a week that this arm is asked for, and for how many weeks. Never a condition of anything.
        public let posts: Int?
        public let weeks: Int?

        public init(
            id: String, name: String? = nil, gives: Gives = .rooms, share: Int = 1, levels: [Double] = [], rooms: [String] = [],
            waits: Int? = nil, posts: Int? = nil, weeks: Int? = nil
        ) {
            (self.id, self.name, self.gives, self.share, self.levels) = (id, name ?? id, gives, share, levels)
            (self.rooms, self.waits, self.posts, self.weeks) = (rooms, waits, posts, weeks)
        }
    }

    /// Watches for harm: a rise of events from one rate to another, in person-weeks.
    public struct HarmWatch: Sendable, Equatable {
        public let usual: Double
        public let raised: Double
        public let h: Double
        /// How many points to the worse on the main form call a person, where how much it moves by chance is not known.
        public let points: Double?

        public init(usual: Double, raised: Double, h: Double, points: Double? = nil) {
            (self.usual, self.raised, self.h, self.points) = (usual, raised, h, points)
        }
    }

    public let id: String
    public let version: Int
    public let title: String
    /// What it is about, as people read it before they say yes.
    public let about: String
    public let design: Design
    public let arms: [Arm]
    public let factors: [String]
    public let bands: [AgeBand]
    public let sides: [Side]
    public let allocation: Allocation
    /// Sizes, mixed; for `blocks`.
    public let blocks: [Int]
    public let primary: String
    /// When it is asked, in days from the start; the first is the baseline, the last the outcome.
    public let days: [Int]
    /// What else is asked.
    public let also: [Asking]
    /// In each arm.
    public let wanted: Int
    public let runner: Runner
    public let ethics: String?
    public let ethicsUntil: Instant?
    public let monitor: String?
    public let consentDays: Int
    public let guardian: Guardian
    public let harm: HarmWatch

    public init(
        id: String, version: Int = 1, title: String, about: String = "", design: Design, arms: [Arm], factors: [String] = [],
        bands: [AgeBand], sides: [Side] = [.seeker], allocation: Allocation = .blocks, blocks: [Int], primary: String, days: [Int],
        also: [Asking] = [], wanted: Int,
        runner: Runner, ethics: String? = nil, ethicsUntil: Instant? = nil, monitor: String? = nil, consentDays: Int = 365,
        guardian: Guardian = .host, harm: HarmWatch
    ) {
        (self.id, self.version, self.title, self.about, self.design, self.arms) = (id, version, title, about, design, arms)
        (self.factors, self.bands, self.sides, self.allocation, self.blocks) = (factors, bands, sides, allocation, blocks)
        (self.primary, self.days, self.also, self.wanted) = (primary, days, also, wanted)
        (self.runner, self.ethics, self.ethicsUntil, self.monitor) = (runner, ethics, ethicsUntil, monitor)
        (self.consentDays, self.guardian, self.harm) = (consentDays, guardian, harm)
    }

    /// Everything that is asked, the primary outcome first.
    public var asks: [Asking] { [Asking(primary, days: days)] + also }
    /// The arm that the others are held against: the first.
    public var control: Arm? { arms.first }
    public func arm(_ id: String) -> Arm? { arms.first { $0.id == id } }
}

/// Why a study does not start. All of them are told at once.
public enum StudyFault: String, Sendable, CaseIterable {
    case noArms = "no-arms"
    case armTwice = "arm-twice"
    case factorialLevels = "factorial-levels"
    case noMeasure = "no-measure"
    case otherAges = "other-ages"
    case noBaseline = "no-baseline"
    case blockSize = "block-size"
    case noEthics = "no-ethics"
    case ethicsOver = "ethics-over"
    case noMonitor = "no-monitor"
    case belowFloor = "below-floor"
    case noHarmWatch = "no-harm-watch"
    case noConsentEnd = "no-consent-end"
    case tooFew = "too-few"
    case armGives = "arm-gives"
    case tooMuch = "too-much"
}

/// A room as a study sees it: what protects the people in it.
public struct StudyRoom: Sendable, Equatable {
    public let key: String
    public let form: RoomForm

    public init(key: String, form: RoomForm) { (self.key, self.form) = (key, form) }
}

/// The form of one arm's room when the study opened, and when it ended: what was compared.
public struct StudyRoomForms: Sendable, Equatable {
    public let arm: String
    public let room: String
    public let before: RoomForm
    public let after: RoomForm

    public init(arm: String, room: String, before: RoomForm, after: RoomForm) {
        (self.arm, self.room, self.before, self.after) = (arm, room, before, after)
    }
}

extension StudyProtocol {
    /// The floors that no study goes below (safeguarding, Research): no arm below its bands' moderation; under 18 an ethics
    /// reference that still holds, and a monitor from outside; harm is watched; consent ends.
    public func faults(rooms: [StudyRoom], measures: [Instrument], now: Instant) -> [StudyFault] {
        var found: [StudyFault] = []
        let young = bands.contains(where: \.isUnder18)
        if arms.count < (design.hasComparison ? 2 : 1) || bands.isEmpty { found.append(.noArms) }
        if Set(arms.map(\.id)).count != arms.count { found.append(.armTwice) }
        if design == .factorial,
            !(2...3).contains(factors.count) || arms.count != 1 << factors.count || Set(arms.map(\.levels)).count != arms.count
                || arms.contains(where: { !$0.isCrossed(factors.count) })
        {
            found.append(.factorialLevels)
        }
        let asked = asks.map { ask in measures.first { $0.id == ask.measure } }
        if asked.contains(where: { $0 == nil }) || Set(asks.map(\.measure)).count != asks.count { found.append(.noMeasure) }
        if bands.contains(where: { band in asked.contains { $0?.fits(band) == false } }) { found.append(.otherAges) }
        if isTooMuch(asked) { found.append(.tooMuch) }
        if arms.contains(where: { !$0.isWhole }) || design == .waitList && !arms.contains(where: { $0.gives == .waiting })
            || design == .resourceOnly && !arms.contains(where: { $0.gives == .resources })
        {
            found.append(.armGives)
        }
        if days.first != 0 || days.count < 2 || zip(days, days.dropFirst()).contains(where: { $0 >= $1 }) { found.append(.noBaseline) }
        let shares = arms.reduce(0) { $0 + max(0, $1.share) }
        switch allocation {
        case .blocks:
            if blocks.isEmpty || shares == 0 || blocks.contains(where: { $0 <= 0 || $0 % shares != 0 }) { found.append(.blockSize) }
        case .minimisation: if arms.contains(where: { $0.share != 1 }) || arms.count < 2 { found.append(.blockSize) }
        }
        if young {
            if ethics?.isEmpty ?? true {
                found.append(.noEthics)
            } else if ethicsUntil.map({ $0 <= now }) ?? true {
                found.append(.ethicsOver)
            }
            if monitor?.isEmpty ?? true { found.append(.noMonitor) }
        }
        if arms.flatMap(\.rooms).contains(where: { key in rooms.first { $0.key == key }.map { !isSafe($0.form) } ?? true })
            || young && arms.contains(where: { $0.gives == .nothing })
        {
            found.append(.belowFloor)
        }
        // Getting worse must be seen at every age: by the measure's own error, or by points that the protocol names.
        let isSeen = bands.allSatisfy { band in
            measures.first { $0.id == primary }.map { knownError($0, band: band) != nil } ?? true
        }
        // More points than the measure has would never be seen.
        let span = measures.first { $0.id == primary }.map { Double($0.total.highest - $0.total.lowest) } ?? .infinity
        let seesWorse = harm.points.map { $0 > 0 && $0.isFinite && $0 <= span } ?? isSeen
        if ![harm.usual, harm.raised, harm.h].allSatisfy(\.isFinite) || harm.usual <= 0 || harm.raised <= harm.usual || harm.h <= 0
            || !seesWorse
        {
            found.append(.noHarmWatch)
        }
        if .days(consentDays) < wholeTime + Self.beginning { found.append(.noConsentEnd) }
        // Who is let in before the outcome is asked was not compared with.
        if arms.contains(where: { $0.gives == .waiting && $0.waits ?? 0 < days.last ?? 0 }), !found.contains(.armGives) {
            found.append(.armGives)
        }
        if wanted < 2 { found.append(.tooFew) }
        return found
    }

    /// Do the floors that can fall away after the start still hold?
    public func floorsHold(rooms: [StudyRoom], now: Instant) -> Bool {
        if bands.contains(where: \.isUnder18), ethicsUntil.map({ $0 <= now }) ?? true { return false }
        return arms.flatMap(\.rooms).allSatisfy { key in rooms.first { $0.key == key }.map { isSafe($0.form) } ?? false }
    }

    /// Under 18 every word is read before it shows, by somebody the room names; a room must take all bands of the study.
    private func isSafe(_ form: RoomForm) -> Bool {
        guard Set(bands).isSubset(of: form.bands) else { return false }
        return bands.contains(where: \.isUnder18) ? form.moderation == .before && !form.moderators.isEmpty : true
    }

    /// Questions in the busiest fortnight; what a person is asked of their own wish does not count.
    public static let mostQuestions = 80

    private func isTooMuch(_ measures: [Instrument?]) -> Bool {
        if asks.contains(where: {
            $0.days.isEmpty || $0.days.contains { $0 < 0 } || zip($0.days, $0.days.dropFirst()).contains { $0 >= $1 }
        }) {
            return true
        }
        let points = zip(asks, measures).flatMap { ask, measure in ask.days.map { ($0, measure?.items.count ?? 0) } }
        return points.contains { start, _ in
            points.filter { (start..<start + 14).contains($0.0) }.reduce(0) { $0 + $1.1 } > Self.mostQuestions
        }
    }

    /// The next arm by minimisation, given who was put where before; a draw of its own for each person.
    public func minimised(_ levels: [String], before: [(levels: [String], arm: String)], seed: UInt64) throws -> String {
        var minimisation = try Minimisation(
            arms: arms.map(\.id), weights: levels.map { _ in 1 }, likelihood: Allocation.likelihood,
            seed: SeededChance.seed(seed, part: before.count))
        for one in before { try minimisation.count(one.levels, in: one.arm) }
        return try minimisation.place(levels).arm
    }

    /// The sealed list of one stratum, made before the first person. Each stratum has a seed of its own, drawn from the study's, so
    /// that no stratum repeats another study's.
    public func list(seed: UInt64, stratum: AgeBand, count: Int) throws -> [String] {
        guard arms.count > 1 else { return arms.flatMap { [String](repeating: $0.id, count: count) } }
        let blocks = try PermutedBlocks(arms: arms.map(\.id), ratio: arms.map(\.share), sizes: blocks)
        let own = SeededChance.seed(seed, part: bands.firstIndex(of: stratum) ?? 0)
        return blocks.list(seed: own, stratum: 0, count: count)
    }
}

extension StudyProtocol.Arm {
    fileprivate var isWhole: Bool {
        if let posts, !(1...21).contains(posts) || !(1...52).contains(weeks ?? 0) { return false }
        switch gives {
        case .rooms: return !rooms.isEmpty && waits == nil
        case .waiting: return !rooms.isEmpty && (1...366).contains(waits ?? 0)
        case .resources, .nothing: return rooms.isEmpty && waits == nil
        }
    }

    fileprivate func isCrossed(_ factors: Int) -> Bool { levels.count == factors && levels.allSatisfy { abs($0) == 0.5 } }
}

/// May this person be asked to take part, and what is missing?
public enum EnrolmentDecision: Sendable, Equatable {
    case ask
    /// An adult's yes is needed first, where the host's rule says so; whoever can not ask one says so, and is not asked again.
    case askAdultToo
    case no(NotEnrolled)
}

public enum NotEnrolled: String, Sendable, CaseIterable {
    case otherAges = "other-ages"
    case alreadyIn = "already-in"
    /// One study at a time: each asks enough.
    case inAnother = "in-another"
    case saidNo = "said-no"
    case full
    case inDanger = "in-danger"
}

extension StudyProtocol {
    /// Must an adult say yes for somebody of this age?
    public func needsAdult(_ band: AgeBand, parents: ParentsRule, consentAge: Int) -> Bool {
        switch guardian {
        case .under18: band.isUnder18
        case .host: parents == .required && band.youngestAge < consentAge
        }
    }

    /// Declining changes nothing, and is asked once. Nobody is enrolled while somebody looks at danger about them.
    public func mayEnrol(
        band: AgeBand, isIn: Bool, isInAnother: Bool = false, saidNo: Bool, places: Int, isInDanger: Bool, parents: ParentsRule,
        consentAge: Int
    ) -> EnrolmentDecision {
        if isIn { return .no(.alreadyIn) }
        if isInAnother { return .no(.inAnother) }
        if saidNo { return .no(.saidNo) }
        guard bands.contains(band) else { return .no(.otherAges) }
        if isInDanger { return .no(.inDanger) }
        if places <= 0 { return .no(.full) }
        return needsAdult(band, parents: parents, consentAge: consentAge) ? .askAdultToo : .ask
    }
}
