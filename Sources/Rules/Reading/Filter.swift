/// What a reader chose for one matter.
public enum Choice: String, Sendable, CaseIterable { case show, cover, hide }

/// Everything that decides what one reader sees: one value, one function, every surface.
public struct ReaderChoices: Sendable, Equatable {
    public var matters: [String: Choice]
    /// The reader's own words and phrases.
    public var words: MutedWords
    public var mutedNames: Set<ID<Name>>
    /// Anonymous voices muted in one thread: the pair, so that nothing follows them elsewhere.
    public var mutedVoices: Set<MutedVoice>
    public var hiddenRooms: Set<ID<Room>>
    /// Voices that blocked this reader: their words are not shown to them.
    public var blockedBy: Set<ID<Name>>
    public var lighter: Bool
    public var heavyLeftToday: Int
    public var heavyWelcome: Bool

    public init(
        matters: [String: Choice], words: MutedWords = [], mutedNames: Set<ID<Name>> = [],
        mutedVoices: Set<MutedVoice> = [], hiddenRooms: Set<ID<Room>> = [], blockedBy: Set<ID<Name>> = [],
        lighter: Bool = false, heavyLeftToday: Int = .max, heavyWelcome: Bool = true
    ) {
        self.matters = matters
        self.words = words
        self.mutedNames = mutedNames
        self.mutedVoices = mutedVoices
        self.hiddenRooms = hiddenRooms
        self.blockedBy = blockedBy
        self.lighter = lighter
        self.heavyLeftToday = heavyLeftToday
        self.heavyWelcome = heavyWelcome
    }
}

public struct MutedVoice: Hashable, Sendable {
    public let thread: ID<Item>
    public let account: ID<Account>

    public init(thread: ID<Item>, account: ID<Account>) {
        self.thread = thread
        self.account = account
    }
}

/// What the filter must know of an item.
public struct Filtered: Sendable {
    public var room: ID<Room>?
    public var name: ID<Name>
    public var voice: Voice
    public var account: ID<Account>
    public var thread: ID<Item>
    public var matters: [Substring]
    public var heavy: Bool
    /// A moderator covered it: kept beside whatever the reader chose.
    public var covered: Bool
    /// The author's own note: kept as well.
    public var note: String?
    public var title: String
    public var body: String

    public init(
        room: ID<Room>?, name: ID<Name>, voice: Voice, account: ID<Account>, thread: ID<Item>,
        matters: [Substring], heavy: Bool, covered: Bool = false, note: String?, title: String, body: String
    ) {
        self.room = room
        self.name = name
        self.voice = voice
        self.account = account
        self.thread = thread
        self.matters = matters
        self.heavy = heavy
        self.covered = covered
        self.note = note
        self.title = title
        self.body = body
    }
}

/// Which of the reader's rules hid or covered it: a hidden thing can always say so.
public enum Because: Equatable, Sendable, Hashable {
    case matter(String), word(String), person, voice, room, blocked, lighter(String), limit, landing, authorNote(String), moderator

    public var code: String {
        switch self {
        case .matter: "matter"
        case .word: "word"
        case .person: "person"
        case .voice: "voice"
        case .room: "room"
        case .blocked: "blocked"
        case .lighter: "lighter"
        case .limit: "limit"
        case .landing: "landing"
        case .authorNote: "note"
        case .moderator: "moderator"
        }
    }
}

public enum Sight: Equatable, Sendable {
    case show
    case cover([Because])
    case hide(Because)
}

/// Where something is about to be seen.
public enum Surface: Sendable, CaseIterable {
    case home, room, thread, search, notice, live, export, api
}

/// The one filter. A professional's words, statements of reasons and the reader's own words never pass through it.
public func sight(of item: Filtered, for reader: ReaderChoices, on surface: Surface) -> Sight {
    if let room = item.room, reader.hiddenRooms.contains(room) { return .hide(.room) }
    switch item.voice {
    case .name:
        if reader.mutedNames.contains(item.name) { return .hide(.person) }
        if reader.blockedBy.contains(item.name) { return .hide(.blocked) }
    case .anonymous:
        if !reader.mutedVoices.isEmpty,
            reader.mutedVoices.contains(MutedVoice(thread: item.thread, account: item.account))
        {
            return .hide(.voice)
        }
    case .staff: break
    }
    var covers: [Because] = []
    for matter in item.matters {
        switch reader.matters[String(matter)] ?? .cover {  // an unknown matter is never simply shown
        case .hide: return .hide(.matter(String(matter)))
        case .cover: covers.append(.matter(String(matter)))
        case .show: if reader.lighter { covers.append(.lighter(String(matter))) }
        }
    }
    if !reader.words.isEmpty, let word = reader.words.first(in: [item.title, item.body, item.note ?? ""]) {
        return .hide(.word(word))
    }
    if item.heavy {
        switch surface {
        case .home:
            if !reader.heavyWelcome || reader.lighter { return .hide(.landing) }
            if reader.heavyLeftToday <= 0 { return .hide(.limit) }
            if !covers.isEmpty { return .hide(covers[0]) }  // home excludes what rooms cover
        case .room, .thread, .search, .notice, .live:
            if reader.heavyLeftToday <= 0 { covers.append(.limit) }
        case .export, .api: break
        }
    } else if surface == .home, !covers.isEmpty {
        return .hide(covers[0])
    }
    if let note = item.note {
        if surface == .home, !reader.heavyWelcome { return .hide(.landing) }
        covers.append(.authorNote(note))
    }
    if item.covered {
        if surface == .home { return .hide(.moderator) }
        covers.append(.moderator)
    }
    return covers.isEmpty ? .show : .cover(covers)
}

/// For words that are meant for this reader alone, or that say nothing of one person (letters, what people say of a room): what the
/// reader keeps away is covered, and never lost.
public func covers(matters: [String], heavy: Bool, words: [String], for reader: ReaderChoices) -> [Because] {
    var covers: [Because] = []
    for matter in matters {
        switch reader.matters[matter] ?? .cover {  // an unknown matter is never simply shown
        case .hide, .cover: covers.append(.matter(matter))
        case .show: if reader.lighter { covers.append(.lighter(matter)) }
        }
    }
    if !reader.words.isEmpty, let word = reader.words.first(in: words) { covers.append(.word(word)) }
    if heavy, reader.heavyLeftToday <= 0 { covers.append(.limit) }
    return covers
}

/// Lighter after heavy: no two heavy items in a row where the list allows it.
public func mixed<T>(_ items: [T], isHeavy: (T) -> Bool) -> [T] {
    var (light, heavy) = (items.filter { !isHeavy($0) }[...], items.filter(isHeavy)[...])
    var made: [T] = []
    while !light.isEmpty || !heavy.isEmpty {
        if let next = light.popFirst() { made.append(next) }
        if let next = heavy.popFirst() { made.append(next) }
    }
    return made
}
