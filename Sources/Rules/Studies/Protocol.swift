import Statistics

/// What a study will do, fixed before the first person: after it nothing in it changes.
public struct StudyProtocol: Sendable, Equatable {
    /// How people come into arms.
    public enum Design: String, Sendable, CaseIterable {
        /// Two forms of support by two, crossed.
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

    public enum Runner: String, Sendable { case operatorOfHost = "operator", outside }

    /// One arm: a room of its form, or none (wait-list, resources alone).
    public struct Arm: Sendable, Equatable {
        public let id: String
        public let share: Int
        /// -0.5 or +0.5 for each factor of a factorial design.
        public let levels: [Double]
        /// Keys of rooms; empty where nothing is given yet.
        public let rooms: [String]

        public init(id: String, share: Int = 1, levels: [Double] = [], rooms: [String] = []) {
            (self.id, self.share, self.levels, self.rooms) = (id, share, levels, rooms)
        }
    }

    /// Watches for harm: a rise of events from one rate to another, in person-weeks.
    public struct HarmWatch: Sendable, Equatable {
        public let usual: Double
        public let raised: Double
        public let h: Double

        public init(usual: Double, raised: Double, h: Double) { (self.usual, self.raised, self.h) = (usual, raised, h) }
    }

    public let id: String
    public let version: Int
    public let title: String
    public let design: Design
    public let arms: [Arm]
    public let factors: [String]
    public let bands: [AgeBand]
    public let blocks: [Int]
    public let primary: String
    /// When it is asked, in days from enrolment; the first is the baseline.
    public let days: [Int]
    /// In each arm.
    public let wanted: Int
    public let runner: Runner
    public let ethics: String?
    public let ethicsUntil: Instant?
    public let monitor: String?
    public let consentDays: Int
    public let harm: HarmWatch

    public init(
        id: String, version: Int = 1, title: String, design: Design, arms: [Arm], factors: [String] = [], bands: [AgeBand], blocks: [Int],
        primary: String, days: [Int], wanted: Int, runner: Runner, ethics: String? = nil, ethicsUntil: Instant? = nil,
        monitor: String? = nil, consentDays: Int = 365, harm: HarmWatch
    ) {
        (self.id, self.version, self.title, self.design, self.arms) = (id, version, title, design, arms)
        (self.factors, self.bands, self.blocks, self.primary, self.days) = (factors, bands, blocks, primary, days)
        (self.wanted, self.runner, self.ethics, self.ethicsUntil) = (wanted, runner, ethics, ethicsUntil)
        (self.monitor, self.consentDays, self.harm) = (monitor, consentDays, harm)
    }
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
}

/// A room as a study sees it: what protects the people in it.
public struct StudyRoom: Sendable, Equatable {
    public let key: String
    public let form: RoomForm

    public init(key: String, form: RoomForm) { (self.key, self.form) = (key, form) }
}

extension StudyProtocol {
    /// The floors that no study goes below (safeguarding, Research): no arm below its bands' moderation; under 18 an ethics
    /// reference that still holds, and a monitor from outside; harm is watched; consent ends.
    public func faults(rooms: [StudyRoom], measures: [Instrument], now: Instant) -> [StudyFault] {
        var found: [StudyFault] = []
        let young = bands.contains(where: \.isUnder18)
        if arms.count < (design.hasComparison ? 2 : 1) || bands.isEmpty { found.append(.noArms) }
        if Set(arms.map(\.id)).count != arms.count { found.append(.armTwice) }
        if design == .factorial, factors.count != 2 || Set(arms.map(\.levels)).count != 4 || arms.contains(where: { !$0.isCrossed }) {
            found.append(.factorialLevels)
        }
        if let measure = measures.first(where: { $0.id == primary }) {
            if bands.contains(where: { !measure.fits($0) }) { found.append(.otherAges) }
        } else {
            found.append(.noMeasure)
        }
        if days.first != 0 || days.count < 2 || zip(days, days.dropFirst()).contains(where: { $0 >= $1 }) { found.append(.noBaseline) }
        let shares = arms.reduce(0) { $0 + max(0, $1.share) }
        if blocks.isEmpty || shares == 0 || blocks.contains(where: { $0 <= 0 || $0 % shares != 0 }) { found.append(.blockSize) }
        if young {
            if ethics?.isEmpty ?? true {
                found.append(.noEthics)
            } else if ethicsUntil.map({ $0 <= now }) ?? true {
                found.append(.ethicsOver)
            }
            if monitor?.isEmpty ?? true { found.append(.noMonitor) }
        }
        if arms.flatMap(\.rooms).contains(where: { key in rooms.first { $0.key == key }.map { !isSafe($0.form) } ?? true }) {
            found.append(.belowFloor)
        }
        if harm.usual <= 0 || harm.raised <= harm.usual || harm.h <= 0 { found.append(.noHarmWatch) }
        if consentDays <= 0 { found.append(.noConsentEnd) }
        if wanted < 2 { found.append(.tooFew) }
        return found
    }

    /// Under 18 every word is read before it shows, by somebody the room names; a room must take all bands of the study.
    private func isSafe(_ form: RoomForm) -> Bool {
        guard Set(bands).isSubset(of: form.bands) else { return false }
        return bands.contains(where: \.isUnder18) ? form.moderation == .before && !form.moderators.isEmpty : true
    }

    /// The sealed list of one stratum, made before the first person.
    public func list(seed: UInt64, stratum: AgeBand, count: Int) throws -> [String] {
        let blocks = try PermutedBlocks(arms: arms.map(\.id), ratio: arms.map(\.share), sizes: blocks)
        return blocks.list(seed: seed, stratum: bands.firstIndex(of: stratum) ?? 0, count: count)
    }
}

extension StudyProtocol.Arm {
    fileprivate var isCrossed: Bool { levels.count == 2 && levels.allSatisfy { abs($0) == 0.5 } }
}

/// May this person be asked to take part, and what is missing?
public enum EnrolmentDecision: Sendable, Equatable {
    case ask
    /// An adult's yes is needed first, where the host's rule says so; where that would unmask them, they are not asked again.
    case askAdultToo
    case no(NotEnrolled)
}

public enum NotEnrolled: String, Sendable, CaseIterable {
    case otherAges = "other-ages"
    case alreadyIn = "already-in"
    case saidNo = "said-no"
    case full
    case inDanger = "in-danger"
    case wouldUnmask = "would-unmask"
}

extension StudyProtocol {
    /// Declining changes nothing, and is asked once. Nobody is enrolled while somebody looks at danger about them.
    public func mayEnrol(
        band: AgeBand, isIn: Bool, saidNo: Bool, places: Int, isInDanger: Bool, parents: ParentsRule, consentAge: Int, wouldUnmask: Bool
    ) -> EnrolmentDecision {
        if isIn { return .no(.alreadyIn) }
        if saidNo { return .no(.saidNo) }
        guard bands.contains(band) else { return .no(.otherAges) }
        if isInDanger { return .no(.inDanger) }
        if places <= 0 { return .no(.full) }
        guard parents == .required, band.youngestAge < consentAge else { return .ask }
        return wouldUnmask ? .no(.wouldUnmask) : .askAdultToo
    }
}
