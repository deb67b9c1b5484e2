import Screening

/// What can happen in a case. The state of a case is folded from these and from nothing else.
public enum CaseEventKind: String, Sendable, CaseIterable {
    case opened, joined, reported, claimed, released, raised, rated, decided, noted, step, climbed, alarmed
    case acknowledged, askedSecond = "asked-second", conversation, appealed, linkSeen = "link-seen"
    case placeAsked = "place-asked", edited, withdrawn, erased, closed, reopened, passed
    /// Somebody opened a private talk that was not theirs, and said why.
    case looked
}

public enum CaseState: String, Sendable, CaseIterable { case open, claimed, escalated, closed }

/// The fold: one event after the other. `noted`, `rated` and the like change nothing.
public func state(after events: [CaseEventKind]) -> CaseState {
    events.reduce(.open) { state, event in
        switch event {
        case .opened, .reopened: .open
        case .claimed: state == .closed ? .closed : state == .escalated ? .escalated : .claimed
        case .released, .passed: state == .claimed ? .open : state
        case .climbed, .raised: state == .closed ? .closed : .escalated
        case .closed: .closed
        case .joined, .reported, .rated, .decided, .noted, .step, .alarmed, .acknowledged, .askedSecond,
            .conversation, .appealed, .linkSeen, .placeAsked, .edited, .withdrawn, .erased, .looked:
            state
        }
    }
}

public enum CaseKind: String, Sendable, CaseIterable {
    case review, risk, report, pattern, age, appeal, asked, suspended, room

    /// What a case is after something joined it. A risk is never hidden in a plainer kind; an appeal, a suspension, an age
    /// and a room keep theirs, since each ends in its own way: their level tells the risk.
    public func joined(by other: CaseKind, level: Level) -> CaseKind {
        switch self {
        case .review, .report, .pattern, .asked: other == .risk || self == .review && level == .urgent ? .risk : self
        case .risk, .age, .appeal, .suspended, .room: self
        }
    }
}

/// What a moderator can do about an item. Each carries a statement of reasons to the author.
public enum Act: String, Sendable, CaseIterable {
    case approve, returnIt = "return", mask, label, cover, move, hide, remove, restrict, escalate, close, restore

    public var power: Power {
        switch self {
        case .approve, .restore, .close: .approve
        case .returnIt: .returnIt
        case .mask: .mask
        case .label, .cover: .label
        case .move: .move
        case .hide: .hide
        case .remove: .remove
        case .restrict: .restrict
        case .escalate: .escalate
        }
    }

    /// Does it take something from the author, so that a statement with a way to appeal is owed?
    public var restrictsAuthor: Bool {
        switch self {
        case .approve, .restore, .close, .escalate: false
        case .returnIt, .mask, .label, .cover, .move, .hide, .remove, .restrict: true
        }
    }

    /// The state an item stands in after this act; nil where it stays as it was.
    public var causes: ItemState? {
        switch self {
        case .approve, .restore: .shown
        case .returnIt: .returned
        case .hide: .hidden
        case .remove: .removed
        case .mask, .label, .cover, .move, .restrict, .escalate, .close: nil
        }
    }

    public var needsReason: Bool {
        switch self {
        case .returnIt, .mask, .hide, .remove, .restrict: true
        case .approve, .label, .cover, .move, .escalate, .close, .restore: false
        }
    }
}

/// Does this act finish the case? A risk is finished by a person who may close one; whoever may not can still act on
/// the words, and the case goes on.
public func closesCase(_ act: Act, isRisk: Bool, mayCloseRisk: Bool) -> Bool {
    switch act {
    case .approve, .restore, .close, .returnIt, .hide, .remove: !isRisk || mayCloseRisk
    case .mask, .label, .cover, .move, .restrict, .escalate: false
    }
}

/// Why somebody may not decide.
public enum DecisionRefusal: String, Sendable {
    case ownWords = "own-words", ownDecision = "own-decision", needsProfessional = "needs-professional"
    case notClaimed = "someone-else-has-it", noPower = "no-power", closed = "case-closed"
    case changedMeanwhile = "changed-meanwhile", takenBack = "taken-back", tooLateToUndo = "too-late-to-undo"
}

/// A slip of the hand is taken back by whoever made it, for ten minutes.
public let undoTime = Lapse.minutes(10)

/// May this person do this to this case? Only a person closes a risk or calls it less, and only one with that power.
///
/// `lowers`: the decision gives the case a lower level than it has. `isStale`: the case or its words have changed since
/// this person looked. `isTakenBack`: the author took the words back, or they are erased; nobody shows them again, or takes them away.
public func mayDecide(
    _ act: Act, hasPower: Bool, mayCloseRisk: Bool, isRisk: Bool, lowers: Bool = false, isOwnWords: Bool, isOwnDecision: Bool,
    claimedByOther: Bool, isClosed: Bool, isStale: Bool = false, isTakenBack: Bool = false
) -> DecisionRefusal? {
    if isClosed { return .closed }
    if isOwnWords { return .ownWords }
    if isOwnDecision { return .ownDecision }
    if !hasPower { return .noPower }
    if claimedByOther { return .notClaimed }
    if isStale { return .changedMeanwhile }
    if isRisk, lowers, !mayCloseRisk { return .needsProfessional }
    switch act {
    case .approve, .restore: return isTakenBack ? .takenBack : isRisk && !mayCloseRisk ? .needsProfessional : nil
    case .close: return isRisk && !mayCloseRisk ? .needsProfessional : nil
    // There is nothing left to take from anybody's sight, and no statement to make of it. A label may still tell the level.
    case .returnIt, .mask, .cover, .move, .hide, .remove: return isTakenBack ? .takenBack : nil
    case .label, .restrict, .escalate: return nil
    }
}

/// SIDE-2: three flags on one item, or five people on one member's items, in a night without staff: new items wait
/// for a person until review. Not a sanction; off under 18, where the item is held and somebody checks on the person.
///
/// Only trusted reporters count, whom nobody can make on the spot: a week here, and under no sanction.
public enum NightFlags: Equatable, Sendable {
    case nothing, suspend, holdAndCheck

    public static let trustedAfter = Lapse.days(7)
}

public func nightFlags(
    onItem reporters: Int, onAccount distinct: Int, nobodyOnDuty: Bool, isUnder18: Bool
) -> NightFlags {
    guard nobodyOnDuty, reporters >= 3 || distinct >= 5 else { return .nothing }
    return isUnder18 ? .holdAndCheck : .suspend
}
