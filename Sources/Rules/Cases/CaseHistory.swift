/// What can happen in a case. The state of a case is folded from these and from nothing else.
public enum CaseEventKind: String, Sendable, CaseIterable {
    case opened, joined, reported, claimed, released, raised, lowered, decided, noted, step, climbed, alarmed
    case acknowledged, looked, askedSecond = "asked-second", conversation, appealed, linkSeen = "link-seen"
    case placeAsked = "place-asked", edited, withdrawn, erased, closed, reopened, passed
}

public enum CaseState: String, Sendable, CaseIterable { case open, claimed, escalated, closed }

/// The fold: one event after the other. `noted`, `looked` and the like change nothing.
public func state(after events: [CaseEventKind]) -> CaseState {
    events.reduce(.open) { state, event in
        switch event {
        case .opened, .reopened: .open
        case .claimed: state == .closed ? .closed : state == .escalated ? .escalated : .claimed
        case .released, .passed: state == .claimed ? .open : state
        case .climbed, .raised: state == .closed ? .closed : .escalated
        case .lowered: state == .escalated ? .open : state
        case .closed: .closed
        case .joined, .reported, .decided, .noted, .step, .alarmed, .acknowledged, .looked, .askedSecond,
            .conversation, .appealed, .linkSeen, .placeAsked, .edited, .withdrawn, .erased:
            state
        }
    }
}

public enum CaseKind: String, Sendable, CaseIterable {
    case review, risk, report, pattern, age, appeal, asked, suspended, room
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

    public var needsReason: Bool {
        switch self {
        case .returnIt, .mask, .hide, .remove, .restrict: true
        case .approve, .label, .cover, .move, .escalate, .close, .restore: false
        }
    }
}

/// Why somebody may not decide.
public enum DecisionRefusal: String, Sendable {
    case ownWords = "own-words", ownDecision = "own-decision", needsProfessional = "needs-professional"
    case notClaimed = "someone-else-has-it", noPower = "no-power", closed = "case-closed"
}

/// May this person do this to this case? Only a person closes a risk, and only one with that power.
public func mayDecide(
    _ act: Act, hasPower: Bool, mayCloseRisk: Bool, isRisk: Bool, isOwnWords: Bool, isOwnDecision: Bool,
    claimedByOther: Bool, isClosed: Bool
) -> DecisionRefusal? {
    if isClosed { return .closed }
    if isOwnWords { return .ownWords }
    if isOwnDecision { return .ownDecision }
    if !hasPower { return .noPower }
    if claimedByOther { return .notClaimed }
    switch act {
    case .approve, .close, .restore: return isRisk && !mayCloseRisk ? .needsProfessional : nil
    case .returnIt, .mask, .label, .cover, .move, .hide, .remove, .restrict, .escalate: return nil
    }
}

/// SIDE-2: three flags on one item, or five people on one member's items, in a night without staff: new items wait
/// for a person until review. Not a sanction; off under 18, where the item is held and somebody checks on the person.
public enum NightFlags: Equatable, Sendable { case nothing, suspend, holdAndCheck }

public func nightFlags(
    onItem reporters: Int, onAccount distinct: Int, nobodyOnDuty: Bool, isUnder18: Bool
) -> NightFlags {
    guard nobodyOnDuty, reporters >= 3 || distinct >= 5 else { return .nothing }
    return isUnder18 ? .holdAndCheck : .suspend
}
