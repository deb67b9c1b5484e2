/// How much one supporter takes on. Theirs to set, within what the house allows.
public struct Capacity: Sendable, Equatable {
    /// Posts accepted in twenty-four hours, and in seven days.
    public var perDay: Int
    public var perWeek: Int

    /// The most that anybody may set: helping is never a job that one can not leave.
    public static let most = Capacity(perDay: 5, perWeek: 15)
    public static let usual = Capacity(perDay: 2, perWeek: 6)

    public init(perDay: Int, perWeek: Int) {
        self.perDay = perDay
        self.perWeek = perWeek
    }
}

/// The languages that a person writes in here, out of those that the screening knows something of.
public struct Languages: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let english = Languages(rawValue: 1)
    public static let spanish = Languages(rawValue: 2)
    public static let chinese = Languages(rawValue: 4)
    public static let korean = Languages(rawValue: 8)
    public static let indonesian = Languages(rawValue: 16)
    public static let afrikaans = Languages(rawValue: 32)
    /// One that nothing here knows: nobody says that they write it, so the staff see to it.
    public static let unknown = Languages(rawValue: 128)

    /// ISO 639 codes, as supporters choose among them.
    public static let known: KeyValuePairs<String, Languages> = [
        "en": .english, "es": .spanish, "zh": .chinese, "ko": .korean, "id": .indonesian, "af": .afrikaans,
    ]

    /// ISO 639 codes; others are left out.
    public init(codes: some Sequence<some StringProtocol>) {
        self = codes.reduce(into: []) { made, code in if let one = Self.known.first(where: { $0.key == code }) { made.insert(one.value) } }
    }

    /// The language of a post, by the code it was kept with; nil, too short to tell, counts as the house's own.
    public init(ofPost code: String?) {
        guard let code else {
            self = .english
            return
        }
        let found = Languages(codes: CollectionOfOne(code))
        self = found.isEmpty ? .unknown : found
    }
}

/// What the matching knows of one supporter. The experiences come from their self-map and are read here alone.
public struct Supporter: Sendable {
    public var account: ID<Account>
    public var band: AgeBand?
    /// Holds a current background check: without one nobody of 18 and over is asked about the young.
    public var checked: Bool
    /// Matters they said they will take; what is light needs no word of theirs.
    public var takes: Tags
    public var experiences: Tags
    public var languages: Languages
    public var capacity: Capacity
    /// Minutes after midnight; nil is any time.
    public var hours: Hours?
    /// On a break, or resting by their own word.
    public var restsUntil: Instant?
    /// After a low week nothing heavy comes to them until then.
    public var heavyRestsUntil: Instant?
    /// Accepted in the last twenty-four hours and in the last seven days.
    public var today: Int
    public var week: Int
    /// Accepted and not answered yet.
    public var holding: Int
    public var lastHeavyAt: Instant?
    /// Asked and not answered: what lies before them already counts as load.
    public var asked: Int

    /// So many at most lie before one person.
    public static let mostAsked = 5

    public init(
        account: ID<Account>, band: AgeBand?, checked: Bool, takes: Tags, experiences: Tags, languages: Languages, capacity: Capacity,
        hours: Hours?,
        restsUntil: Instant?, heavyRestsUntil: Instant?, today: Int, week: Int, holding: Int, lastHeavyAt: Instant?, asked: Int
    ) {
        self.account = account
        self.band = band
        self.checked = checked
        self.takes = takes
        self.experiences = experiences
        self.languages = languages
        self.capacity = capacity
        self.hours = hours
        self.restsUntil = restsUntil
        self.heavyRestsUntil = heavyRestsUntil
        self.today = today
        self.week = week
        self.holding = holding
        self.lastHeavyAt = lastHeavyAt
        self.asked = asked
    }
}

/// What the matching knows of a post that waits for an answer.
public struct OpenPost: Sendable {
    public var item: ID<Item>
    public var author: ID<Account>
    public var band: AgeBand?
    /// Nearness in age would tell something of a voice that is nobody's.
    public var isAnonymous: Bool
    public var matters: Tags
    /// Its topics.
    public var experiences: Tags
    public var heavy: Bool
    public var language: Languages

    public init(
        item: ID<Item>, author: ID<Account>, band: AgeBand?, isAnonymous: Bool, matters: Tags, experiences: Tags, heavy: Bool,
        language: Languages
    ) {
        self.item = item
        self.author = author
        self.band = band
        self.isAnonymous = isAnonymous
        self.matters = matters
        self.experiences = experiences
        self.heavy = heavy
        self.language = language
    }
}

/// What the house never offers to whom: ids of matters as tags.
public struct OfferRules: Sendable {
    /// Self-harm, suicide, abuse: never before a supporter under 18 (safeguarding 2).
    public var adultsOnly: Tags
    /// After a heavy one no other heavy one for so long.
    public var coolDown: Lapse

    public init(adultsOnly: Tags, coolDown: Lapse = .hours(24)) {
        self.adultsOnly = adultsOnly
        self.coolDown = coolDown
    }
}

/// Why a post is not put before somebody. The first that holds is the one named.
public enum Barrier: String, Sendable, CaseIterable {
    case ownPost = "own-post"
    case tooYoung = "too-young", tooHard = "too-hard", acrossEighteen = "across-eighteen", notTaken = "not-taken"
    case otherLanguage = "other-language"
    case resting, outOfHours = "out-of-hours"
    case holding, dayFull = "day-full", weekFull = "week-full", coolingDown = "cooling-down", heavyRests = "heavy-rests"
}

/// May this post be put before this supporter, and may they accept it? One rule for both, so that the server refuses what was
/// not offered. `minute`: of the day, where the organisation is.
@inline(__always)
public func barrier(_ supporter: Supporter, _ post: OpenPost, _ rules: OfferRules, now: Instant, minute: Int) -> Barrier? {
    if supporter.account == post.author { return .ownPost }
    // Supporters are 16 and over; who has told no age is treated as the youngest.
    guard let band = supporter.band, !band.isUnder16 else { return .tooYoung }
    // What words in another language are about is not told: that they are nothing hard is not known.
    if band.isUnder18, post.matters.meets(rules.adultsOnly) || post.language != .english { return .tooHard }
    // Never across 18 without a check (safeguarding 2 and 5). An author of unknown age counts as young.
    if !band.isUnder18, post.band.map(\.isUnder18) ?? true, !supporter.checked { return .acrossEighteen }
    if band.isUnder18, !(post.band.map(\.isUnder18) ?? true) { return .acrossEighteen }
    if !post.matters.isSubset(of: supporter.takes) { return .notTaken }
    if !supporter.languages.isSuperset(of: post.language) { return .otherLanguage }
    if let rest = supporter.restsUntil, rest > now { return .resting }
    if let hours = supporter.hours, !hours.contains(minute: minute) { return .outOfHours }
    if supporter.holding > 0 { return .holding }
    if supporter.today >= supporter.capacity.perDay { return .dayFull }
    if supporter.week >= supporter.capacity.perWeek { return .weekFull }
    if post.heavy, let rest = supporter.heavyRestsUntil, rest > now { return .heavyRests }
    if post.heavy, let last = supporter.lastHeavyAt, now - last < rules.coolDown { return .coolingDown }
    return nil
}

/// Why a post was put before somebody: a short sum of named parts, shown to them.
public struct Fit: Sendable, Equatable {
    public enum Part: String, Sendable, CaseIterable { case takes, near, shared, free, rested }

    /// They said that they take this matter.
    public var takes = 0
    /// Near in age.
    public var near = 0
    /// They have been through something alike.
    public var shared = 0
    /// They have much of their own week left: what makes the load fair, and weighs most.
    public var free = 0
    /// Nothing heavy for three days.
    public var rested = 0

    public var sum: Int { takes + near + shared + free + rested }

    public var parts: [(part: Part, points: Int)] {
        [(Part.takes, takes), (.near, near), (.shared, shared), (.free, free), (.rested, rested)].filter { $0.1 > 0 }
    }

    public var written: String { parts.map { "\($0.part.rawValue)=\($0.points)" }.joined(separator: " ") }

    public static func read(_ written: String) -> [(part: Part, points: Int)] {
        written.split(separator: " ").compactMap { pair in
            let halves = pair.split(separator: "=")
            guard halves.count == 2, let part = Part(rawValue: String(halves[0])), let points = Int(halves[1]) else { return nil }
            return (part, points)
        }
    }
}

@inline(__always)
public func fit(_ supporter: Supporter, _ post: OpenPost, now: Instant) -> Fit {
    var made = Fit()
    if !post.matters.isEmpty { made.takes = 10 }
    made.near = post.isAnonymous ? 0 : nearness(supporter.band, post.band)
    made.shared = min(3, post.experiences.shared(with: supporter.experiences)) * 8
    let load = supporter.week + supporter.asked
    made.free = max(0, 60 - 60 * load / max(1, supporter.capacity.perWeek))
    if post.heavy { made.rested = supporter.lastHeavyAt.map { now - $0 >= .days(3) } ?? true ? 8 : 0 }
    return made
}

@inline(__always)
private func nearness(_ one: AgeBand?, _ other: AgeBand?) -> Int {
    guard let one, let other else { return 0 }
    if one == other { return 12 }
    return abs(one.youngestAge - other.youngestAge) <= 3 ? 6 : 0
}

public struct Match: Sendable, Equatable {
    /// Where the supporter stands in the list that was asked about.
    public let place: Int
    public let fit: Fit
}

/// The best `most` of the supporters, best first. Between equals the one nearer to a place that follows from the post, so that
/// nobody is always first.
public func matches(
    for post: OpenPost, among supporters: [Supporter], except: Set<ID<Account>> = [], _ rules: OfferRules, now: Instant, minute: Int,
    most: Int
) -> [Match] {
    var best: [Match] = []
    guard most > 0, !supporters.isEmpty else { return [] }
    let start = Int(UInt64(bitPattern: post.item.raw) % UInt64(supporters.count))
    supporters.withUnsafeBufferPointer { all in
        var place = start
        for _ in 0..<all.count {
            if barrier(all[place], post, rules, now: now, minute: minute) == nil, all[place].asked < Supporter.mostAsked,
                !except.contains(all[place].account)
            {
                let fit = fit(all[place], post, now: now)
                if best.count < most || fit.sum > best[best.count - 1].fit.sum {
                    let at = best.firstIndex { $0.fit.sum < fit.sum } ?? best.count
                    best.insert(Match(place: place, fit: fit), at: at)
                    if best.count > most { best.removeLast() }
                }
            }
            place = place + 1 == all.count ? 0 : place + 1
        }
    }
    return best
}
