import Statistics

/// Where a study stands. Asking goes on after the door is closed; the report opens at the end.
public enum StudyState: String, Sendable, CaseIterable {
    case draft, open
    /// Nobody new: the watch for harm rang, or the monitor said so. Those who are in keep everything.
    case paused
    case closed, ended

    public var takesPeople: Bool {
        switch self {
        case .open: true
        case .draft, .paused, .closed, .ended: false
        }
    }

    public var asks: Bool {
        switch self {
        case .open, .paused, .closed: true
        case .draft, .ended: false
        }
    }

    /// What may follow. What was stopped for harm is let go on by the monitor, or ended, and not closed around. An ended study stays ended: a new question is a new study.
    public func mayBecome(_ next: StudyState) -> Bool {
        switch (self, next) {
        case (.draft, .open), (.open, .paused), (.paused, .open), (.open, .closed), (.closed, .ended), (.open, .ended), (.paused, .ended):
            true
        case (.draft, _), (.open, _), (.paused, _), (.closed, _), (.ended, _): false
        }
    }
}

/// What somebody said yes to, one by one. Only taking part is needed to take part.
public enum StudyPurpose: String, Sendable, CaseIterable {
    case takePart = "take-part"
    /// Their answers, without their name, in the data set for the people who check the study from outside.
    case share
    /// How often they came and wrote may be set beside their answers.
    case link
}

/// Had they asked anybody for help before? Asked once, of whoever takes part: whom does a study reach.
public enum AskedBefore: String, Sendable, CaseIterable { case yes, no, ratherNot = "rather-not" }

/// How somebody's part ended before the study did.
public enum LeftHow: String, Sendable, CaseIterable {
    /// What they answered stays in.
    case keep
    /// What they answered is taken out as well.
    case remove
    case erased
    /// What they said yes to ended by itself.
    case lapsed
}

/// One point of asking.
public struct StudyPoint: Hashable, Sendable {
    public let measure: String
    public let day: Int

    public init(_ measure: String, _ day: Int) { (self.measure, self.day) = (measure, day) }
}

/// One person's part, as the rules see it.
public struct StudyPart: Sendable, Equatable {
    public let side: StudyProtocol.Side
    public let arm: String?
    public let waitsForAdult: Bool
    public let consentUntil: Instant
    public let startedAt: Instant?
    public let hasLeft: Bool
    public let answered: Set<StudyPoint>

    public init(
        side: StudyProtocol.Side, arm: String?, waitsForAdult: Bool, consentUntil: Instant, startedAt: Instant?, hasLeft: Bool,
        answered: Set<StudyPoint>
    ) {
        (self.side, self.arm, self.waitsForAdult, self.consentUntil) = (side, arm, waitsForAdult, consentUntil)
        (self.startedAt, self.hasLeft, self.answered) = (startedAt, hasLeft, answered)
    }
}

/// What comes next for somebody in a study.
public enum StudyStep: Sendable, Equatable {
    case adultFirst
    /// Questions before the start, one form after the other.
    case baseline(StudyPoint)
    case mayStart
    case asked(StudyPoint, until: Instant)
    case nothingUntil(Instant)
    case over
}

extension StudyProtocol {
    /// How long a point stays open: until the next one of the same form, and four weeks at most.
    public static let open = Lapse.days(28)

    /// How long whoever said yes may wait with the first questions, at least.
    public static let beginning = Lapse.days(28)

    /// From the start until the last question has closed.
    public var wholeTime: Lapse { .days(asks.flatMap(\.days).max() ?? 0) + Self.open }

    /// Until when somebody can begin, so that their yes holds until their last question. A plan that was opened when less was asked for
    /// keeps to its yes: there would be no time to begin.
    public func begins(by consentEnd: Instant) -> Instant {
        .days(consentDays) < wholeTime + Self.beginning ? consentEnd : consentEnd - wholeTime
    }

    public func points(of side: Side) -> [StudyPoint] {
        asks.filter { $0.of.contains(side) }.flatMap { ask in ask.days.map { StudyPoint(ask.measure, $0) } }
    }

    /// From when to when a point is open, for somebody who started then.
    public func window(_ point: StudyPoint, from start: Instant) -> Range<Instant> {
        let opens = start + .days(point.day)
        let next = asks.first { $0.measure == point.measure }?.days.first { $0 > point.day }
        return opens..<min(opens + Self.open, next.map { start + .days($0) } ?? .never)
    }

    public func step(_ part: StudyPart, now: Instant) -> StudyStep {
        if part.hasLeft || part.startedAt == nil && begins(by: part.consentUntil) <= now { return .over }
        if part.waitsForAdult { return .adultFirst }
        guard let start = part.startedAt else {
            return points(of: part.side).first { $0.day == 0 && !part.answered.contains($0) }.map(StudyStep.baseline) ?? .mayStart
        }
        let later = points(of: part.side).filter { $0.day > 0 && !part.answered.contains($0) }
        if let due = later.filter({ window($0, from: start).contains(now) }).min(by: { $0.day < $1.day }) {
            return .asked(due, until: window(due, from: start).upperBound)
        }
        return later.map { window($0, from: start).lowerBound }.filter { $0 > now }.min().map(StudyStep.nothingUntil) ?? .over
    }

    /// When rooms open for somebody of this arm; nil where there are none.
    public func opens(_ arm: Arm, startedAt: Instant) -> Instant? {
        switch arm.gives {
        case .rooms: startedAt
        case .waiting: startedAt + .days(arm.waits ?? 0)
        case .resources, .nothing: nil
        }
    }

    /// Did somebody get worse since the start, by what is known of the measure's error at their age, else by the points that the
    /// protocol names? Nil where neither is there.
    public func hasWorsened(from before: Double, to after: Double, _ measure: Instrument, band: AgeBand?) -> Bool? {
        if let known = reliableClass(from: before, to: after, measure, band: band) { return known == .deteriorated }
        guard let points = harm.points else { return nil }
        return (measure.higherIs == .better ? before - after : after - before) >= points
    }
}

/// What is known of the measure's error for people of this age; nil where nothing is. A number of points that somebody finds meaningful is
/// none: it says nothing of what moves by chance.
func knownError(_ measure: Instrument, band: AgeBand?) -> Instrument.Error? {
    guard measure.unvalidated != true else { return nil }
    return measure.errors.first { $0.belongs(to: band ?? .eleven) && $0.deviation != nil }
}

/// The line across the total that people are said to cross: the first of the measure's that holds at this age, as `ReliableChange` takes
/// it, which says on which side the line itself counts. Nil where it has none.
public func clinicalLine(_ measure: Instrument, band: AgeBand?) -> (at: Double, source: String)? {
    let own = measure.cutoffs.first { line in
        line.of == nil && line.unknown != true && (line.ages?.holds(band ?? .eleven) ?? true)
    }
    guard let own else { return nil }
    switch measure.higherIs {
    case .worse: return own.atLeast.map { ($0, own.source) }
    // At most so much is low: the next total there can be is not.
    case .better:
        let step = measure.total.times ?? 1
        return own.atMost.map { (((($0 - measure.total.lowest) / step).rounded(.down) + 1) * step + measure.total.lowest, own.source) }
    }
}

/// Reliable and clinically significant change of one person by what is known of the measure's error; recovered where it also has a line.
/// Nil where nothing is known.
public func reliableClass(from before: Double, to after: Double, _ measure: Instrument, band: AgeBand?) -> ReliableChange.Class? {
    guard let error = knownError(measure, band: band), let deviation = error.deviation else { return nil }
    do {
        return try ReliableChange(
            from: before, to: after, deviation: deviation, reliability: error.value, lowerIsBetter: measure.higherIs == .worse,
            cutoff: clinicalLine(measure, band: band)?.at, z: error.z ?? 1.96
        ).outcome
    } catch { return nil }
}

/// How many points a total must move to have moved by more than chance; nil where that is not known.
public func noise(_ measure: Instrument, band: AgeBand?) -> Double? {
    guard let error = knownError(measure, band: band), let deviation = error.deviation else { return nil }
    return (error.z ?? 1.96) * (2 * (1 - error.value)).squareRoot() * deviation
}
