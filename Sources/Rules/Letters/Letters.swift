/// A bounded series of letters between a seeker and one befriender, each letter read by a moderator before it is delivered.
public enum LetterSide: String, Sendable, CaseIterable {
    case seeker, befriender

    public var other: LetterSide {
        switch self {
        case .seeker: .befriender
        case .befriender: .seeker
        }
    }
}

/// How a series is bounded and when silence is noticed. The house's own numbers, between the three weeks of the Acceset trial and what a
/// slow writer needs.
public struct SeriesPlan: Sendable, Equatable {
    /// Letters of each side.
    public var letters = 4
    public var length = Lapse.days(42)
    public var answerWithin = Lapse.days(3)
    public var seekerQuietAfter = Lapse.days(7)
    public var endsWhenQuiet = Lapse.days(14)
    /// Until a befriender is found, or one of the staff owns that there is none.
    public var findWithin = Lapse.hours(24)

    public init() {}
    public static let usual = SeriesPlan()
    /// So long holds a befriender's yes, as standing in a room does.
    public static let yesHolds = Lapse.days(365)
}

public enum SeriesState: String, Sendable, CaseIterable { case seeking, running, ended }

public enum SeriesEnd: String, Sendable, CaseIterable {
    case complete, time, quiet
    case bySeeker = "by-seeker"
}

/// One letter as the rules see it.
public struct LetterFact: Sendable, Equatable {
    public let id: ID<Item>
    public let side: LetterSide
    public let state: ItemState

    public init(id: ID<Item>, side: LetterSide, state: ItemState) {
        self.id = id
        self.side = side
        self.state = state
    }
}

/// Who may do what next.
public enum LetterTurn: Sendable, Equatable {
    case write(LetterSide)
    /// Being read by a moderator.
    case onItsWay(LetterSide)
    /// Sent back: its writer changes it, or takes it back.
    case change(LetterSide, ID<Item>)
    case over
}

/// Letters go to and fro, one at a time, the seeker first. What was taken back or taken down was never a turn.
public func turn(_ letters: [LetterFact], plan: SeriesPlan = .usual) -> LetterTurn {
    for letter in letters {
        switch letter.state {
        case .waiting, .held: return .onItsWay(letter.side)
        case .returned: return .change(letter.side, letter.id)
        case .shown, .hidden, .removed, .withdrawn, .erased: continue
        }
    }
    let delivered = letters.filter { $0.state == .shown }
    guard let last = delivered.last else { return .write(.seeker) }
    if last.side == .befriender, delivered.count(where: { $0.side == .befriender }) >= plan.letters { return .over }
    return .write(last.side.other)
}

/// What a series is now, for the clock.
public struct SeriesFacts: Sendable, Equatable {
    public var state: SeriesState
    public var turn: LetterTurn
    /// Since when it is this side's turn, or since when a befriender is looked for.
    public var since: Instant
    public var endsAt: Instant
    public var remindedAt: Instant?
    public var staffAsked: Bool

    public init(state: SeriesState, turn: LetterTurn, since: Instant, endsAt: Instant, remindedAt: Instant?, staffAsked: Bool) {
        self.state = state
        self.turn = turn
        self.since = since
        self.endsAt = endsAt
        self.remindedAt = remindedAt
        self.staffAsked = staffAsked
    }
}

/// What the clock does with a series.
public enum SeriesStep: Sendable, Equatable {
    case wait(until: Instant)
    /// A kind word to whoever's turn it is.
    case remind(LetterSide, then: Instant)
    /// The befriender was silent too long: another one takes over, with a kind note.
    case passOn
    /// Nobody was found in time: one of the staff owns it.
    case askStaff
    case end(SeriesEnd)
}

public func step(_ series: SeriesFacts, plan: SeriesPlan = .usual, now: Instant) -> SeriesStep {
    switch series.state {
    case .ended: return .wait(until: .never)
    case .seeking:
        // The time of a series begins with its first befriender; until then staff own day by day that there is none.
        if case .change(.seeker, _) = series.turn, now - series.since >= plan.endsWhenQuiet { return .end(.quiet) }
        if !series.staffAsked, now - series.since >= plan.findWithin { return .askStaff }
        return .wait(until: now + .minutes(10))
    case .running: break
    }
    let isReminded = series.remindedAt.map { $0 >= series.since } ?? false
    switch series.turn {
    case .over: return .end(.complete)
    // A moderator has it, under a due time of the queue's own; what is still not read some days after the end is not delivered.
    case .onItsWay: return now >= series.endsAt + plan.answerWithin ? .end(.time) : .wait(until: now + .hours(1))
    case .write(.befriender), .change(.befriender, _):
        if now >= series.endsAt { return .end(.time) }
        let half = series.since + Lapse(milliseconds: plan.answerWithin.milliseconds / 2)
        if now - series.since >= plan.answerWithin { return .passOn }
        if now >= half, !isReminded { return .remind(.befriender, then: series.since + plan.answerWithin) }
        return .wait(until: min(isReminded ? series.since + plan.answerWithin : half, series.endsAt))
    case .write(.seeker), .change(.seeker, _):
        if now >= series.endsAt { return .end(.time) }
        if now - series.since >= plan.endsWhenQuiet { return .end(.quiet) }
        if now - series.since >= plan.seekerQuietAfter, !isReminded { return .remind(.seeker, then: series.since + plan.endsWhenQuiet) }
        return .wait(until: min(series.since + (isReminded ? plan.endsWhenQuiet : plan.seekerQuietAfter), series.endsAt))
    }
}

/// One who could write letters with a seeker.
public struct Befriender: Sendable, Equatable {
    public let account: ID<Account>
    public let band: AgeBand
    /// After a low week nothing heavy comes to them until then.
    public let heavyRestsUntil: Instant?
    /// They took as many posts and letters in seven days as they set.
    public let weekIsFull: Bool
    public let running: Int
    public let lastTaken: Instant?
    /// Matters they said they take; nil where they never said.
    public let takes: Set<String>?
    public let languages: Languages
    /// Answered the seeker's thread that this came from.
    public var knows: Bool

    public init(
        account: ID<Account>, band: AgeBand, heavyRestsUntil: Instant?, weekIsFull: Bool, running: Int, lastTaken: Instant?,
        takes: Set<String>?, languages: Languages, knows: Bool
    ) {
        self.account = account
        self.band = band
        self.heavyRestsUntil = heavyRestsUntil
        self.weekIsFull = weekIsFull
        self.running = running
        self.lastTaken = lastTaken
        self.takes = takes
        self.languages = languages
        self.knows = knows
    }

    /// Series at the same time.
    public static let most = 2
}

/// A later letter that its befriender must not get: in a language that they do not write; and for somebody under 18 (an unknown age
/// counts as young) also one about a matter that they do not take, or in another language than the house's, since what such words are
/// about is not told (safeguarding 2). Older ones get a matter that they do not take under a cover, with the way to pass it on.
public func isTooHard(
    _ matters: Set<String>, language: Languages, for befriender: AgeBand?, takes: Set<String>, writes: Languages
) -> Bool {
    if !writes.isSuperset(of: language) { return true }
    return befriender?.isUnder18 ?? true && (!matters.isSubset(of: takes) || !Languages.english.isSuperset(of: language))
}

/// The one who fits best: knows them, near in age, has the fewest series, was asked longest ago. Never across 18, never over two,
/// never a matter they do not take nor a language they do not write, nothing heavy while they rest from it, nothing more in a full
/// week. Nil where nobody fits.
public func befriender(
    for seeker: AgeBand, matters: Set<String>, heavy: Bool, language: Languages, among all: [Befriender], now: Instant
) -> Befriender? {
    all.filter { one in
        one.running < Befriender.most && one.band.isUnder18 == seeker.isUnder18 && !one.band.isUnder16
            && one.languages.isSuperset(of: language) && !(one.band.isUnder18 && language != .english)
            && matters.isSubset(of: one.takes ?? []) && !one.weekIsFull
            && !(heavy && one.heavyRestsUntil.map { $0 > now } ?? false)
    }.min { a, b in rank(a, seeker) < rank(b, seeker) }
}

private func rank(_ one: Befriender, _ seeker: AgeBand) -> (Int, Int, Int, Int64, Int64) {
    (one.knows ? 0 : 1, one.band == seeker ? 0 : 1, one.running, one.lastTaken?.milliseconds ?? 0, one.account.raw)
}

/// What must be so before somebody begins a series (or any talk with one peer): a few days here, and words that stand.
public enum NotYetHere: String, Sendable, CaseIterable { case days, words, paused }

public func mayWriteToOne(joinedAt: Instant, standing: Int, pausedUntil: Instant?, now: Instant) -> NotYetHere? {
    if let pausedUntil, pausedUntil > now { return .paused }
    if now - joinedAt < .days(3) { return .days }
    return standing < 1 ? .words : nil
}
