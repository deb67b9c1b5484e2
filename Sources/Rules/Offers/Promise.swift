/// Who is asked for an answer, in the order in which they are asked.
public enum Ring: Int, Sendable, CaseIterable, Comparable {
    /// The few supporters who fit best.
    case first = 0
    /// More of them.
    case more
    /// Everybody of the staff who may answer in the room.
    case staff
    /// A case, which climbs by itself until a person has it.
    case escalated

    public static func < (a: Ring, b: Ring) -> Bool { a.rawValue < b.rawValue }

    /// How many are asked at a time.
    public var width: Int {
        switch self {
        case .first: 2
        // The staff are told, and supporters who have become free since are asked besides.
        case .more, .staff: 6
        case .escalated: 0
        }
    }

    public var next: Ring { Ring(rawValue: rawValue + 1) ?? .escalated }
}

/// The room's promise for one post: by when somebody has answered, or somebody owns that nobody has.
public struct AnswerPromise: Sendable, Equatable {
    public let from: Instant
    public let due: Instant

    public init(from: Instant, due: Instant) {
        self.from = from
        self.due = due
    }

    /// When the turn of a ring ends: half of the time, three quarters, all of it.
    public func end(of ring: Ring) -> Instant {
        let whole = (due - from).milliseconds
        return switch ring {
        case .first: Instant(milliseconds: from.milliseconds + whole / 2)
        case .more: Instant(milliseconds: from.milliseconds + whole * 3 / 4)
        case .staff, .escalated: due
        }
    }

    /// How long somebody who accepted has: a quarter of the promise, within twenty minutes and two hours.
    public var timeToAnswer: Lapse {
        Lapse(milliseconds: min(Lapse.hours(2).milliseconds, max(Lapse.minutes(20).milliseconds, (due - from).milliseconds / 4)))
    }
}

/// Everything about one open post that decides what happens next.
public struct PromiseFacts: Sendable, Equatable {
    public var promise: AnswerPromise
    public var ring: Ring
    /// Somebody accepted, and has until then.
    public var takenUntil: Instant?
    /// Offers of this ring that are still before somebody.
    public var asked: Int
    /// A supporter said that it is beyond them.
    public var handedOver: Bool
    /// An answer waits to be read, or a person looks at danger in it: that case owns the time which it takes.
    public var ownedElsewhere: Bool

    public init(promise: AnswerPromise, ring: Ring, takenUntil: Instant?, asked: Int, handedOver: Bool, ownedElsewhere: Bool = false) {
        self.promise = promise
        self.ring = ring
        self.takenUntil = takenUntil
        self.asked = asked
        self.handedOver = handedOver
        self.ownedElsewhere = ownedElsewhere
    }
}

public enum PromiseStep: Sendable, Equatable {
    /// Somebody has it, or the ring's turn runs: look again then.
    case wait(until: Instant)
    /// Put it before so many more of this ring, and look again then; with nobody to ask, go on to the next.
    case ask(Ring, most: Int, until: Instant)
    /// Staff who may answer find it on their page until then.
    case tellStaff(until: Instant)
    /// The promise is not kept, or nobody in the rings will keep it: a case, which somebody owns.
    case escalate
}

/// What happens now to a post that nobody has answered. Every way through it ends in an owner: `wait` only with somebody's
/// running time or before a ring's end, and after the promise's end only `escalate`.
public func step(_ facts: PromiseFacts, now: Instant) -> PromiseStep {
    if let taken = facts.takenUntil, taken > now { return .wait(until: taken) }
    if facts.ownedElsewhere { return .wait(until: now + askedAgain) }
    if facts.handedOver || now >= facts.promise.due { return .escalate }
    var ring = facts.ring
    while ring < .staff, now >= facts.promise.end(of: ring) { ring = ring.next }
    let missing = ring.width - (ring == facts.ring ? facts.asked : 0)
    switch ring {
    case .first, .more:
        let end = facts.promise.end(of: ring)
        return missing > 0 ? .ask(ring, most: missing, until: end) : .wait(until: end)
    case .staff:
        let until = min(facts.promise.due, now + askedAgain)
        if facts.ring < .staff { return .tellStaff(until: until) }
        return missing > 0 ? .ask(.staff, most: missing, until: until) : .wait(until: until)
    case .escalated: return .escalate
    }
}

/// Where nobody could be asked, others may be there after so long: their hours begin, their rest ends.
private let askedAgain = Lapse.minutes(15)

/// Which ring is next when nobody of this one could be asked and nobody is being asked; nil: the staff know already.
public func afterNobody(in ring: Ring) -> Ring? {
    switch ring {
    case .first: .more
    case .more: .staff
    case .staff, .escalated: nil
    }
}

/// How an offer stands.
public enum OfferState: String, Sendable, CaseIterable {
    case offered, accepted
    /// No reason is asked, and the author never learns of it.
    case passed
    /// Beyond this supporter: it goes to the staff at once.
    case handedOver = "handed-over"
    case answered
    /// Time was over, or somebody else took it, or the post is gone.
    case lapsed

    public var isOpen: Bool {
        switch self {
        case .offered, .accepted: true
        case .passed, .handedOver, .answered, .lapsed: false
        }
    }
}

public enum OfferAct: String, Sendable, CaseIterable { case accept, pass, handOver = "hand-over", answer, lapse }

/// The offer after an act; nil where the act says nothing any more (a second press, somebody was faster).
public func after(_ act: OfferAct, _ state: OfferState) -> OfferState? {
    switch (state, act) {
    case (.offered, .accept): .accepted
    case (.offered, .pass), (.accepted, .pass): .passed
    case (.offered, .handOver), (.accepted, .handOver): .handedOver
    case (.offered, .answer), (.accepted, .answer): .answered
    case (.offered, .lapse), (.accepted, .lapse): .lapsed
    case (.accepted, .accept): nil
    case (.passed, _), (.handedOver, _), (.answered, _), (.lapsed, _): nil
    }
}

/// The weekly question to a supporter: how is it for you? 1 (too much) to 5 (good).
public struct SupporterWeek: Sendable, Equatable {
    public static let every = Lapse.days(7)
    /// At and below this a supervisor is told, and what is heavy rests for a week.
    public static let low = 2

    public static func isDue(last: Instant?, now: Instant) -> Bool { last.map { now - $0 >= every } ?? true }
}
