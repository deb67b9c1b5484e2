import Statistics

/// One kind way back for somebody who went quiet: whether they are asked once how they are. Chance decides for half of those who said
/// yes, so that it is known whether asking helps; once for each account, ever.
public enum AskingAfter {
    /// How long somebody must have been away: longer than a fortnight of holidays, and a week past the day on which the health page counts
    /// somebody as gone, so that nobody is asked who is only living their life.
    public static let away = 21
    /// Coming back within so many days of the draw counts.
    public static let counted = Lapse.days(14)
    /// An address is kept so long at most.
    public static let kept = Lapse.days(365)
    /// Not before ten and not after six, where the person is.
    public static let hours = Hours(from: 600, to: 1_080)
    /// A mail that could not be handed over for so long is not sent any more: it would come out of nothing.
    public static let patience = Lapse.days(3)
    /// So long after a case of danger was closed nobody is asked: a mailbox at home may be read by those who mourn or fear.
    public static let afterDanger = Lapse.days(90)
    /// The question itself stands on the first days' Today.
    public static let offered = Lapse.days(14)

    /// What was drawn. `unreachable` said yes and left no address: they can not be asked, and are counted beside the two halves.
    public enum Lot: String, Sendable, CaseIterable { case ask, leave, unreachable }

    public enum Wait: String, Sendable, CaseIterable {
        case here
        case onBreak = "on-break"
        case restricted
        /// Somebody of the team is looking after them already.
        case lookedAfter = "looked-after"
        case night
        case quiet
        /// The host has set no way for mail to leave.
        case noWay = "no-way"
    }

    public enum Never: String, Sendable, CaseIterable { case saidNo = "said-no", barred, gone }

    public enum Decision: Sendable, Equatable {
        case draw(Lot)
        case wait(until: Instant, Wait)
        case never(Never)
    }

    /// What is known of one person when it is looked at.
    public struct Facts: Sendable {
        public var saidYes = true
        public var isGone = false
        public var hasAddress = true
        public var seenDay: Int64
        public var breakUntil: Instant?
        /// Until when they may not write; nil where nothing stops them.
        public var restrictedUntil: Instant?
        public var isBarred = false
        public var isLookedAfter = false
        /// Minutes after midnight where they are.
        public var minute: Int
        /// Their own quiet hours.
        public var isQuiet = false
        public var canSend = true

        public init(seenDay: Int64, minute: Int) { (self.seenDay, self.minute) = (seenDay, minute) }

        /// The last day they were here, or on a break they had set themselves.
        var lastDay: Int64 { max(seenDay, breakUntil?.day ?? 0) }
    }

    /// - Parameter coin: by chance, from 0 up to 1; drawn anew by the caller for each person.
    public static func decide(_ facts: Facts, coin: Double, now: Instant) -> Decision {
        guard facts.saidYes else { return .never(.saidNo) }
        guard !facts.isGone else { return .never(.gone) }
        guard !facts.isBarred else { return .never(.barred) }
        if let wait = mustWait(facts, now: now) { return wait }
        guard facts.hasAddress else { return .draw(.unreachable) }
        guard facts.canSend else { return .wait(until: now + .days(1), .noWay) }
        return .draw(coin < 0.5 ? .ask : .leave)
    }

    /// Asked again just before the mail leaves, since an hour or a weekend may lie between.
    public static func mayLeave(_ facts: Facts, drawnAt: Instant, now: Instant) -> Departure {
        if facts.isGone || facts.isBarred || !facts.saidYes || !facts.hasAddress { return .notAnyMore }
        if facts.seenDay >= drawnAt.day || now - drawnAt >= patience { return .notAnyMore }
        switch mustWait(facts, now: now) {
        case .wait(let until, _)?: return .wait(until: until)
        case .draw?, .never?, nil: return facts.canSend ? .now : .wait(until: now + .hours(1))
        }
    }

    public enum Departure: Sendable, Equatable {
        case now, wait(until: Instant)
        /// They came back, took it back, or it would be too late.
        case notAnyMore
    }

    private static func mustWait(_ facts: Facts, now: Instant) -> Decision? {
        let due = Instant(milliseconds: (facts.lastDay + Int64(away)) * 86_400_000)
        if let until = facts.breakUntil, until > now { return .wait(until: due, .onBreak) }
        if due > now { return .wait(until: due, .here) }
        if let until = facts.restrictedUntil { return .wait(until: max(until, now + .days(1)), .restricted) }
        if facts.isLookedAfter { return .wait(until: now + .days(1), .lookedAfter) }
        guard hours.contains(minute: facts.minute) else {
            let minutes = (hours.from - facts.minute + 1_440) % 1_440
            return .wait(until: now + .minutes(minutes), .night)
        }
        return facts.isQuiet ? .wait(until: now + .hours(1), .quiet) : nil
    }

    /// May an address be kept of somebody? Not where an adult would have to say yes to it, not under sixteen, and not where no age is known.
    public static func takesAddress(_ band: AgeBand?, consentAge: Int) -> Bool {
        guard let band else { return false }
        return !band.isUnder16 && band.youngestAge >= consentAge
    }

    /// Is this something a mail could be sent to? One @, a dot behind it, no sign that could end a line or name a second one.
    public static func isAddress(_ text: String) -> Bool {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, text.utf8.count <= 254, halves[0].utf8.count <= 64 else { return false }
        let local = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-")
        let host = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
        let parts = halves[1].split(separator: ".", omittingEmptySubsequences: false)
        return halves[0].allSatisfy(local.contains) && halves[1].allSatisfy(host.contains) && parts.count > 1
            && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix("-") && !$0.hasSuffix("-") }
    }
}

/// How those who were drawn fared: counts of people whose fourteen days are over.
public struct AskingAfterRows: Sendable, Equatable {
    public var yes = 0
    public var withAddress = 0
    public var halves: [AskingAfter.Lot: (drawn: Int, back: Int)] = [:]
    /// Drawn to be asked, and the mail did leave.
    public var sent = 0

    public init() {}

    public static func == (a: Self, b: Self) -> Bool {
        a.yes == b.yes && a.withAddress == b.withAddress && a.sent == b.sent
            && AskingAfter.Lot.allCases.allSatisfy { a[$0] == b[$0] }
    }

    public subscript(lot: AskingAfter.Lot) -> (drawn: Int, back: Int) { halves[lot] ?? (0, 0) }
}

/// What the operator is told. The difference between the two halves is an effect of asking, since chance alone decided who is in which:
/// everybody counts in the half they were drawn into, whether the mail arrived or not.
///
/// - Limits: without the others' answer no share of one half is told where it could be worked out; the unreachable are no third half.
/// - Source of the interval: `ShareDifference`.
public struct AskingAfterReport: Sendable, Equatable {
    public let yes: PublicCount
    public let withAddress: PublicCount
    public let drawn: [AskingAfter.Lot: PublicCount]
    public let sent: PublicCount
    /// Share that came back within fourteen days.
    public let back: [AskingAfter.Lot: Told]
    /// Asked less not asked.
    public let effect: Told

    public init(_ rows: AskingAfterRows) throws(NotComputable) {
        (yes, withAddress) = (PublicCount(rows.yes), PublicCount(rows.withAddress))
        var drawn: [AskingAfter.Lot: PublicCount] = [:]
        for lot in AskingAfter.Lot.allCases { drawn[lot] = PublicCount(rows[lot].drawn) }
        self.drawn = drawn
        sent = PublicCount(rows.sent)
        let (ask, leave, alone) = (rows[.ask], rows[.leave], rows[.unreachable])
        let gate = try SmallCells([ask, leave].map { [$0.back, $0.drawn - $0.back] }, k: PublicCount.fewest)
        let isTold = gate.blanked.isEmpty
        func share(_ half: (drawn: Int, back: Int)) -> Told {
            guard half.drawn > 0 else { return .nothing }
            return isTold ? .share(half.back, of: half.drawn) : .few
        }
        back = [.ask: share(ask), .leave: share(leave), .unreachable: .share(alone.back, of: alone.drawn)]
        switch (back[.ask], back[.leave]) {
        case (.value?, .value?):
            effect =
                ShareDifference(ask.back, of: ask.drawn, less: leave.back, of: leave.drawn).map { .value($0.difference, $0.interval) }
                ?? .nothing
        case (.few?, _), (_, .few?): effect = .few
        case (_, _): effect = .nothing
        }
    }
}
