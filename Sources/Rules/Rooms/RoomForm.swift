/// How a room is arranged.
public enum Format: String, Sendable, CaseIterable {
    case forum, questions, reappraisal, letters, stories

    /// May a thread go from a room of this format into one of that? Letters have their two people, and a piece goes where pieces are told.
    public func goesTo(_ other: Format) -> Bool {
        switch (self, other) {
        case (.letters, _), (_, .letters): false
        case (.stories, _), (_, .stories): self == other
        case (.forum, _), (.questions, _), (.reappraisal, _): true
        }
    }

    /// The trials of these were with adults: 18 and over, 16 and 17 by a recorded decision of the host's, never younger.
    public var isForAdults: Bool {
        switch self {
        case .reappraisal, .letters: true
        case .forum, .questions, .stories: false
        }
    }
}

/// First axis of the review: live or not.
public enum Interaction: String, Sendable, CaseIterable { case live, notLive, both }

/// Second axis: when somebody reads. Who does is `moderators`.
public enum Moderation: String, Sendable, CaseIterable { case before, byRisk, after, onReport, none }

/// What happens to a new item while nobody is on duty. Explicit in each room: holding without staff is worse than
/// showing with help, and showing to the young without anybody is worse still.
public enum NightRule: String, Sendable, CaseIterable { case wait, close, show }

public enum Readable: String, Sendable, CaseIterable {
    case anyone, signedIn, members

    private var reach: Int {
        switch self {
        case .anyone: 2
        case .signedIn: 1
        case .members: 0
        }
    }
    public func isWider(than other: Readable) -> Bool { reach > other.reach }
}

/// The form of a room: the review's three axes and what belongs to them. Each change makes a new version.
public struct RoomForm: Sendable, Equatable {
    public var version: Int
    public var interaction: Interaction
    public var moderation: Moderation
    /// Role codes.
    public var moderators: [String]
    /// Topics the room is about; empty is general.
    public var focus: [String]
    public var bands: Set<AgeBand>
    public var size: Int
    public var anonymity: Bool
    /// Minutes after midnight in the organisation's zone; nil is always open.
    public var hours: Hours?
    /// Minutes until somebody has answered a new thread.
    public var promiseMinutes: Int
    public var night: NightRule

    public init(
        version: Int, interaction: Interaction, moderation: Moderation, moderators: [String], focus: [String],
        bands: Set<AgeBand>, size: Int, anonymity: Bool, hours: Hours?, promiseMinutes: Int, night: NightRule
    ) {
        self.version = version
        self.interaction = interaction
        self.moderation = moderation
        self.moderators = moderators
        self.focus = focus
        self.bands = bands
        self.size = size
        self.anonymity = anonymity
        self.hours = hours
        self.promiseMinutes = promiseMinutes
        self.night = night
    }

    public var isUnder18: Bool { bands.contains(where: \.isUnder18) }
    /// May a member of this age be given standing here? Nobody under 16, nobody of another age, and among the youngest only staff answer.
    public func maySupport(_ band: AgeBand) -> Bool { !band.isUnder16 && bands.contains(band) && !bands.contains(.eleven) }
    public var isMixed: Bool { isUnder18 && bands.contains(where: { !$0.isUnder18 }) }
}

/// Opening hours; `from` after `to` runs over midnight.
public struct Hours: Sendable, Equatable {
    public let from: Int
    public let to: Int

    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    public func contains(minute: Int) -> Bool {
        from <= to ? (from..<to).contains(minute) : minute >= from || minute < to
    }
}

/// Why a form is refused. The defaults of safeguarding, each one a rule with a test.
public enum FormRefusal: String, Sendable, CaseIterable {
    case noBands, youngWithoutReadingFirst, mixedWithoutReadingFirst, noModeratorsForYoung, noModeratorsNamed
    case showAtNightForYoung, youngWithoutInvite, mixedNotOnPurpose, sizeTooSmall, promiseOutOfRange
    case adultRoomStays = "adult-room-stays"
    case youngRoomStays = "young-room-stays"
    case readersStay = "readers-stay"
    case tooYoungForFormat = "too-young-for-format"
}

/// A default that a named person may loosen, with a reason and a day on which it is looked at again.
public enum Loosenable: String, Sendable, CaseIterable {
    case readBefore = "read-before-showing"
    case invite
    /// Formats for adults from 16 on.
    case adultFormats = "adult-formats-from-16"
}

/// The form as it counts today: under 18 a person reads first (safeguarding 9) wherever that default is not loosened any
/// more, whatever the room was set to while it was.
///
/// A format for adults takes in nobody under 18 there any more; what they began goes on to its end.
public func inForce(_ form: RoomForm, format: Format = .forum, loosened: Set<Loosenable>) -> RoomForm {
    var made = form
    if form.isUnder18, !loosened.contains(.readBefore) { made.moderation = .before }
    if format.isForAdults {
        let from16 = loosened.contains(.adultFormats)
        made.bands = form.bands.filter { from16 ? !$0.isUnder16 : !$0.isUnder18 }
    }
    return made
}

/// Rooms for people under 16 open with a code of the host's, unless that default was loosened.
public func isInvitedByDefault(_ bands: Set<AgeBand>) -> Bool { bands.contains(where: \.isUnder16) }

public func refusals(
    of form: RoomForm, format: Format = .forum, invited: Bool, mixedOnPurpose: Bool, loosened: Set<Loosenable>
) -> [FormRefusal] {
    var found: [FormRefusal] = []
    if format.isForAdults {
        let tooYoung = form.bands.contains { $0.isUnder16 || $0.isUnder18 && !loosened.contains(.adultFormats) }
        if tooYoung { found.append(.tooYoungForFormat) }
    }
    if form.bands.isEmpty { found.append(.noBands) }
    if form.isUnder18 {
        switch form.moderation {
        case .before: break
        case .byRisk, .after, .onReport: if !loosened.contains(.readBefore) { found.append(.youngWithoutReadingFirst) }
        case .none: found.append(.noModeratorsForYoung)
        }
        if form.night == .show { found.append(.showAtNightForYoung) }
        if !invited, isInvitedByDefault(form.bands), !loosened.contains(.invite) { found.append(.youngWithoutInvite) }
    }
    if form.isMixed, form.moderation != .before { found.append(.mixedWithoutReadingFirst) }
    if form.bands.count > 1, !mixedOnPurpose { found.append(.mixedNotOnPurpose) }
    if form.moderation != .none, form.moderators.isEmpty { found.append(.noModeratorsNamed) }
    if form.size < 2 { found.append(.sizeTooSmall) }
    if !(15...10_080).contains(form.promiseMinutes) { found.append(.promiseOutOfRange) }
    return found
}

/// Why an existing room does not take another form; nil when it may.
///
/// What adults wrote does not come before the young by a change of form: a room that was ever opened and is for adults
/// only stays for adults, and a room for the young is made anew. Nor do adults come to read what the young wrote among
/// themselves, or more people than it was written for. The form it has now is enough to tell, since once it was
/// opened no way leads back. `wasOpened`: ever, also when it is closed now.
public func changeRefusal(
    from old: RoomForm, to new: RoomForm, readable: (old: Readable, new: Readable), invited: (old: Bool, new: Bool), wasOpened: Bool
) -> FormRefusal? {
    guard wasOpened else { return nil }
    if !old.isUnder18, new.isUnder18 { return .adultRoomStays }
    if old.isUnder18, !new.isUnder18 || new.isMixed && !old.isMixed { return .youngRoomStays }
    return readable.new.isWider(than: readable.old) || invited.old && !invited.new ? .readersStay : nil
}

/// What must be on record before a room for under-18s may open.
public enum OpeningRecord: String, Sendable, CaseIterable {
    case safeguardingLead = "safeguarding-lead"
    case professional
    case onCall = "on-call"
    case roster
    case checks
    case dialTests = "dial-tests"
    case dpia
    case hazardLog = "hazard-log"
}

public func missingRecords(for form: RoomForm, recorded: Set<OpeningRecord>) -> [OpeningRecord] {
    form.isUnder18 ? OpeningRecord.allCases.filter { !recorded.contains($0) } : []
}

/// What the house itself keeps about a room's readiness, beside what somebody typed about it.
public struct OpeningFacts: Sendable, Equatable {
    public var recorded: Set<OpeningRecord>
    /// Staff who may read this room's queue now: by a role that holds there, and by a current check.
    public var readers: Int
    /// Those of them who read everywhere: what somebody asks for in private, and danger that found no room, stands in none.
    public var houseReaders: Int
    /// Shifts of theirs that run at some time within `rosterAhead` from now.
    public var shifts: Int
    /// Ids of the help lines that are shown in the organisation's country, in the order shown.
    public var linesShown: [String]
    /// Ids of the lines that somebody is on record to have dialled.
    public var linesTested: Set<String>

    /// How far ahead the roster is looked at.
    public static let rosterAhead = Lapse.days(7)

    public init(recorded: Set<OpeningRecord>, readers: Int, houseReaders: Int, shifts: Int, linesShown: [String], linesTested: Set<String>)
    {
        self.recorded = recorded
        self.readers = readers
        self.houseReaders = houseReaders
        self.shifts = shifts
        self.linesShown = linesShown
        self.linesTested = linesTested
    }
}

/// One thing that a room for under-18s still needs to open.
public enum OpeningNeed: Sendable, Equatable {
    /// A record that nobody has written.
    case record(OpeningRecord)
    /// Somebody with a current check who may read the room's queue.
    case reader
    /// One who reads everywhere.
    case houseReader
    /// A shift of such a person in the days ahead.
    case shift
    /// A help line, by its id, that nobody is on record to have dialled.
    case line(String)
    /// A help line at all: none is shown in the organisation's country.
    case anyLine

    /// For programs.
    public var code: String {
        switch self {
        case .record(let record): record.rawValue
        case .reader: "checked-reader"
        case .houseReader: "reader-everywhere"
        case .shift: "shift-ahead"
        case .line(let id): "line-\(id)"
        case .anyLine: "help-line"
        }
    }
}

/// What is missing before a room with this form may open; empty when it may. A typed record says that somebody thought of
/// it; the roster, the checks and the dial tests that are kept say that it is so.
public func openingNeeds(for form: RoomForm, facts: OpeningFacts) -> [OpeningNeed] {
    guard form.isUnder18 else { return [] }
    var needs = missingRecords(for: form, recorded: facts.recorded).map { OpeningNeed.record($0) }
    if facts.readers == 0 { needs.append(.reader) }
    if facts.houseReaders == 0 { needs.append(.houseReader) }
    if facts.shifts == 0 { needs.append(.shift) }
    if facts.linesShown.isEmpty { needs.append(.anyLine) }
    needs += facts.linesShown.filter { !facts.linesTested.contains($0) }.map { OpeningNeed.line($0) }
    return needs
}

/// What is missing before an open room may take another form: the records always; who reads, when, and the lines where
/// the form lets in young people whom the old one did not. A change that lets in nobody new, as shorter hours, waits for
/// no shift.
public func changeNeeds(from old: RoomForm, to new: RoomForm, facts: OpeningFacts) -> [OpeningNeed] {
    let letsIn = new.bands.contains { $0.isUnder18 && !old.bands.contains($0) }
    return openingNeeds(for: new, facts: facts).filter { need in
        switch need {
        case .record: true
        case .reader, .houseReader, .shift, .line, .anyLine: letsIn
        }
    }
}

/// May this reader open the room at all? The pure twin of the Store's fragment; a test holds them equal.
public func mayRead(
    readable: Readable, bands: Set<AgeBand>, invited: Bool, isOpen: Bool, reader: ReaderStanding
) -> Bool {
    switch reader {
    case .staff: return true
    case .visitor, .member: break
    }
    guard isOpen else { return false }
    switch (readable, reader) {
    case (.anyone, .visitor): return !invited && !bands.contains(where: \.isUnder18)  // under-18 words: members only
    case (.anyone, .member(let band, let joined)):
        // Words of adults that anyone may read are open to members of every age; a room with young people is for its ages.
        return (joined || !invited) && (!bands.contains(where: \.isUnder18) || band.map(bands.contains) ?? false)
    case (.signedIn, .visitor), (.members, .visitor): return false
    case (.signedIn, .member(let band, let joined)): return (joined || !invited) && (band.map(bands.contains) ?? false)
    case (.members, .member(let band, let joined)): return joined && (band.map(bands.contains) ?? false)
    case (_, .staff): return true
    }
}

public enum ReaderStanding: Sendable, Equatable {
    case visitor
    case member(band: AgeBand?, joined: Bool)
    case staff
}
