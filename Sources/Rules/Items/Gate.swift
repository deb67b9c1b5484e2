import Screening

/// What to do with an item somebody has just sent.
public enum GateDecision: Equatable, Sendable {
    case show
    /// People see it; so does the queue.
    case showAndQueue(Level)
    /// Nobody has read it yet; a person reads first.
    case wait(WaitReason, Level)
    /// Stopped, with a reason; its author and those who decide see it.
    case hold(HoldReason, Level)
    /// Not kept; the author keeps their words in the form.
    case refuse(GateRefusal)

    public var state: ItemState? {
        switch self {
        case .show, .showAndQueue: .shown
        case .wait: .waiting
        case .hold: .held
        case .refuse: nil
        }
    }

    /// The level of the case that must be opened with it; nil when there is none.
    public var caseLevel: Level? {
        switch self {
        case .show, .refuse: nil
        // Two judges read it; one of the staff where they do not come.
        case .wait(.judging, _), .wait(.narrator, _), .wait(.day, _), .wait(.forColumn, _): nil
        case .showAndQueue(let level), .wait(_, let level), .hold(_, let level): level
        }
    }
}

public enum WaitReason: String, Sendable, CaseIterable {
    case readFirst = "read-first"
    case newHere = "new-here"
    case language
    case couldNotScreen = "could-not-screen"
    case concern
    case suspended
    case nobodyHere = "nobody-here"
    /// Two people judge it before it goes out.
    case judging
    /// Its narrator says yes to the final words; its day comes.
    case narrator, day
    /// A question for the column: it is answered in other words, and never shown itself.
    case forColumn = "for-column"
}

/// What a response, a piece and a question for the column wait for after the yes of the staff; nil where they wait for nothing else.
public func waitsForOthers(_ state: ItemState, _ reason: String?) -> WaitReason? {
    switch state {
    case .shown, .returned, .hidden, .removed, .withdrawn, .erased: return nil
    case .held, .waiting: break
    }
    let why = reason.flatMap(WaitReason.init)
    switch why {
    case .judging?, .narrator?, .day?, .forColumn?: return why
    case .readFirst?, .newHere?, .language?, .couldNotScreen?, .concern?, .suspended?, .nobodyHere?, nil: return nil
    }
}

/// Do these words wait for a yes or a no of the staff, so that their case can not just be closed? Held words of somebody in danger may
/// stay held: the case was about the person.
public func waitsForStaff(_ state: ItemState, _ reason: String?, isRisk: Bool) -> Bool {
    switch state {
    case .shown, .returned, .hidden, .removed, .withdrawn, .erased: false
    case .held: !isRisk && waitsForOthers(state, reason) == nil
    case .waiting: waitsForOthers(state, reason) == nil
    }
}

public enum HoldReason: String, Sendable, CaseIterable {
    case risk, method, pact, comparing, pictures, bullying, hate, contact, finding, link, place, eating, copied
    /// Danger is not for a crowd of peers: staff alone read it.
    case notForCrowd = "not-for-crowd"
}

public enum GateRefusal: String, Sendable, CaseIterable {
    case roomClosed = "room-closed"
    case paused
    case wrongAge = "wrong-age"
    case onlyTrainedReply = "only-trained-reply"
    case learnFirst = "learn-first"
    case kindFirst = "kind-first"
    /// One series of letters at a time; letters go to and fro.
    case oneAtATime = "one-at-a-time"
    case notYourTurn = "not-your-turn"
    /// Somebody who looks after the thread slowed it.
    case slow
    /// As many are in the room as it holds: others read.
    case full = "room-full"
    /// A piece goes on from one that is not up under the same name.
    case noBeginning = "no-beginning"
}

/// What the gate must know about the writer. Rights attach to the account, never to the voice.
public struct Author: Sendable, Equatable {
    public var band: AgeBand?
    public var isStaff: Bool
    /// Items of this account that a person or time has let stand: the first five are read first.
    public var standing: Int
    public var pausedUntil: Instant?
    public var suspended: Bool

    public init(band: AgeBand?, isStaff: Bool, standing: Int, pausedUntil: Instant?, suspended: Bool) {
        self.band = band
        self.isStaff = isStaff
        self.standing = standing
        self.pausedUntil = pausedUntil
        self.suspended = suspended
    }

    public static let firstItemsRead = 5
}

/// What the gate must know about the place.
public struct Place: Sendable, Equatable {
    public var form: RoomForm
    public var isReply: Bool
    /// The writer's own thread: whoever asked may answer back.
    public var isOwnThread: Bool
    public var isOpenNow: Bool
    public var someoneOnDuty: Bool
    public var languages: Set<String>
    public var crowd: CrowdPart

    public init(
        form: RoomForm, isReply: Bool, isOwnThread: Bool, isOpenNow: Bool, someoneOnDuty: Bool,
        languages: Set<String>, crowd: CrowdPart = .none
    ) {
        self.form = form
        self.isReply = isReply
        self.isOwnThread = isOwnThread
        self.isOpenNow = isOpenNow
        self.someoneOnDuty = someoneOnDuty
        self.languages = languages
        self.crowd = crowd
    }
}

/// One table for every word. Risk first: nobody in danger is turned away by a rule about manners. Then what must
/// never be shown, then whether this person may write here now, then whether anyone should have a look.
public func gate(_ assessment: Assessment, by author: Author, in place: Place, now: Instant) -> GateDecision {
    let level = caseLevel(of: assessment)
    if assessment.has(.riskToSelf, atLeast: .urgent) { return .hold(.risk, .urgent) }
    if let stop = mustStop(assessment, byStaff: author.isStaff, isUnder18: place.form.isUnder18) { return .hold(stop, max(level, .medium)) }

    if place.crowd == .situation, !author.isStaff, isTooMuchForACrowd(assessment.byRules) { return .hold(.notForCrowd, max(level, .high)) }

    if let refusal = refusal(of: author, in: place, now: now) {
        // Whoever may be in danger is kept and read, even when they may not write now.
        return isInDanger(assessment) ? .hold(.risk, max(level, .high)) : .refuse(refusal)
    }
    if author.suspended { return .wait(.suspended, max(level, .low)) }

    switch assessment.completeness {
    case .failed, .tooLong: return .wait(.couldNotScreen, max(level, .medium))
    case .unknownLanguage: return .wait(.language, max(level, .medium))
    case .whole, .empty: break
    }
    if case .known(let code) = assessment.language, !place.languages.contains(code) {
        return .wait(.language, max(level, .medium))
    }
    // Staff may be tired or in danger like anybody: what stands above holds for them too.
    if author.isStaff { return level >= .high ? .showAndQueue(level) : .show }
    if isReadFirst(byModels: assessment.concerns.filter(\.isByModel), place.crowd) { return .wait(.concern, level) }
    if place.crowd == .response {
        // One of the staff reads first where they would anywhere else; then the judges do.
        if level >= .medium { return .wait(.concern, level) }
        switch place.form.moderation {
        case .before: return .wait(.readFirst, level)
        case .byRisk: return .wait(author.standing < Author.firstItemsRead ? .newHere : .judging, level)
        case .after, .onReport, .none: return .wait(.judging, level)
        }
    }
    let waitsForMorning = !place.someoneOnDuty && place.form.night == .wait && level >= .medium
    switch place.form.moderation {
    case .before:
        return .wait(.readFirst, level)
    case .byRisk:
        if author.standing < Author.firstItemsRead { return .wait(.newHere, level) }
        if waitsForMorning { return .wait(.nobodyHere, level) }
        return level >= .medium ? .showAndQueue(level) : .show
    case .after:
        if author.standing < Author.firstItemsRead, place.form.isUnder18 { return .wait(.newHere, level) }
        if waitsForMorning { return .wait(.nobodyHere, level) }
        // Every post is read by staff in time; a reply is opened on a flag or a worry (Side by Side's way of working).
        return place.isReply && level < .medium ? .show : .showAndQueue(max(level, .low))
    case .onReport, .none:
        if waitsForMorning { return .wait(.nobodyHere, level) }
        return level >= .high ? .showAndQueue(level) : .show
    }
}

/// Words that an editor would put in a narrator's mouth: what would be held from anybody is not taken from them either.
public func barred(_ assessment: Assessment, isUnder18: Bool) -> HoldReason? {
    assessment.has(.riskToSelf, atLeast: .urgent) ? .risk : mustStop(assessment, byStaff: false, isUnder18: isUnder18)
}

/// What is always held: method, encouragement and pacts, comparison and competition, pictures, contact details,
/// cruelty. A hard topic below urgent is never a reason. Staff name places and pass on links as part of their work.
private func mustStop(_ assessment: Assessment, byStaff: Bool, isUnder18: Bool) -> HoldReason? {
    for concern in assessment.byRules.concerns {
        switch concern.kind {
        case .method: if concern.level >= .medium { return .method }
        case .encouragement: if concern.level >= .medium { return .pact }
        case .comparison: if concern.level >= .medium { return .comparing }
        case .eatingDetail: if concern.level >= .medium { return .eating }
        case .bullying: if concern.level >= .high { return .bullying }
        case .hate: if concern.level >= .high { return .hate }
        case .grooming: if concern.level >= .medium { return .contact }
        case .ownDetail, .othersDetail: if concern.level >= .medium, !byStaff { return .finding }
        case .link: if concern.level >= .medium, !byStaff { return .link }
        case .smallPlace: if concern.level >= .medium, !byStaff { return .place }
        case .image: return .pictures
        // On a children's board the words are to be the child's own (CHILD-1); among adults a poem may be passed on.
        case .copied: if concern.level >= .low, isUnder18, !byStaff { return .copied }
        case .riskToSelf, .riskToOther, .abuse, .stigma, .replyHint, .replyStrength, .distress, .claim: break
        }
    }
    return nil
}

/// A model knows what words sound like and not what they say ("go on, do it"): alone it holds nothing and tells nobody off. Where a
/// stranger may be getting close, and in a crowd of peers, the author waits until somebody has read.
private func isReadFirst(byModels concerns: [Concern], _ crowd: CrowdPart) -> Bool {
    concerns.contains { concern in
        guard concern.level >= .medium else { return false }
        return switch concern.kind {
        case .grooming: true
        case .riskToSelf, .riskToOther, .abuse, .method: crowd == .situation
        case .encouragement, .comparison, .eatingDetail, .bullying, .hate, .ownDetail, .othersDetail, .link, .smallPlace, .copied, .stigma,
            .replyHint,
            .replyStrength, .distress, .claim, .image:
            false
        }
    }
}

/// Panoply's rule: a post about hurting oneself leaves the crowd at once (PANOPLY-5). In a room of this format alone: elsewhere hard
/// topics below urgent are never held.
private func isTooMuchForACrowd(_ assessment: Assessment) -> Bool {
    assessment.has(.riskToSelf, atLeast: .low) || assessment.has(.method, atLeast: .low) || assessment.has(.abuse, atLeast: .low)
        || assessment.has(.riskToOther, atLeast: .medium)
}

/// How loudly the queue should hear of it. Stigma, claims and reply hints are for the writer alone.
public func caseLevel(of assessment: Assessment) -> Level {
    assessment.concerns.reduce(.none) { highest, concern in
        switch concern.kind {
        case .riskToSelf, .riskToOther, .abuse, .method, .encouragement, .grooming, .bullying, .hate:
            return max(highest, concern.level)
        case .comparison, .eatingDetail, .ownDetail, .othersDetail, .link, .smallPlace, .distress, .image:
            return max(highest, min(concern.level, .medium))
        case .stigma, .replyHint, .replyStrength, .claim, .copied:
            return highest
        }
    }
}

/// What of an assessment is worry about its writer: distress and danger, not unkindness, detail or wording. What a model alone takes for
/// it counts nothing below high: a pattern is not to be made of chance.
public func worry(of assessment: Assessment) -> Level {
    assessment.concerns.reduce(.none) { highest, concern in
        switch concern.kind {
        case .riskToSelf, .abuse, .distress, .method:
            max(highest, concern.isByModel && concern.level < .high ? .none : concern.level)
        case .riskToOther, .encouragement, .grooming, .bullying, .hate, .comparison, .eatingDetail, .ownDetail, .othersDetail, .link,
            .smallPlace, .stigma, .replyHint, .replyStrength, .claim, .image, .copied:
            highest
        }
    }
}

private func refusal(of author: Author, in place: Place, now: Instant) -> GateRefusal? {
    if let until = author.pausedUntil, until > now { return .paused }
    if author.isStaff { return nil }
    guard let band = author.band, place.form.bands.contains(band) else { return .wrongAge }
    // A rule of the room and not of the asker: otherwise the refusal would tell everybody how old the asker is.
    if place.isReply, !place.isOwnThread, place.form.bands.contains(.eleven) { return .onlyTrainedReply }
    if !place.isOpenNow { return .roomClosed }
    if !place.someoneOnDuty, place.form.night == .close { return .roomClosed }
    return nil
}

/// Should the author be offered help now, and how near?
public enum HelpOffer: Equatable, Sendable { case none, gentle, atOnce }

/// Somebody may be in danger: never turned away by a pause, a closed room, an age or a limit.
public func isInDanger(_ assessment: Assessment) -> Bool {
    assessment.has(.riskToSelf, atLeast: .high) || assessment.has(.abuse, atLeast: .high) || assessment.has(.riskToOther, atLeast: .high)
}

public func helpOffer(_ assessment: Assessment) -> HelpOffer {
    if isInDanger(assessment) { return .atOnce }
    let gentle =
        assessment.has(.riskToSelf, atLeast: .low) || assessment.has(.distress, atLeast: .medium)
        || assessment.has(.method, atLeast: .low) || assessment.has(.abuse, atLeast: .medium)
    return gentle ? .gentle : .none
}
