import Foundation
import Statistics

extension SeededChance {
    /// A waiting time without memory.
    mutating func wait(mean minutes: Double) -> Lapse { Lapse(milliseconds: Int64(-log(1 - share()) * minutes * 60_000)) }
}

/// An invented house, for planning a roster: who writes, who helps, and how people behave. What they may do is decided by the
/// rules that the real house runs on.
public struct SimulatedHouse: Sendable {
    public var days = 30
    public var members = 1_000
    /// Open posts a day for each member.
    public var postsPerMember = 0.05
    /// Weight of each hour of the day: young people write in the evening and at night.
    public var hours: [Double] = [4, 3, 2, 1, 1, 1, 2, 3, 3, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 10, 8, 6]
    public var heavy = 0.25
    /// Held for a moderator as urgent; not offered to peers.
    public var urgent = 0.02
    /// Read by a moderator in order: medium and high.
    public var worrying = 0.08
    public var promise = Lapse.hours(8)
    public var supporters = 40
    public var capacity = Capacity.usual
    /// How many minutes pass in the mean until a supporter looks at what is before them, within their hours.
    public var looksEvery = 150.0
    /// Of those who look: how often they pass, and how often they accept and then can not.
    public var passes = 0.2
    public var lets = 0.05
    /// Minutes from accepting to the answer, in the mean.
    public var answersIn = 14.0
    /// Moderators on duty at any hour, and the minutes that one case takes.
    public var moderators = 2
    public var handling = 6.0
    public var seed: UInt64 = 1

    public init() {}
}

/// What came of it.
public struct SimulationResult: Sendable, Equatable {
    public enum By: String, Sendable, CaseIterable { case first, more, staff }
    public struct Post: Sendable, Equatable {
        /// Until somebody answered; nil when nobody had at the end.
        public var minutes: Double?
        /// Until the end, for those nobody answered.
        public var watched: Double
        public var by: By?
        public var escalated: Bool
        /// Past its promise without anybody who owns that.
        public var ownerless: Bool
    }
    public var posts: [Post] = []
    public var offers = 0
    public var passes = 0
    /// Accepted posts of every supporter.
    public var loads: [Int] = []
    /// Times at which somebody had accepted more than their caps allow.
    public var overCap = 0
    /// Minutes until a moderator looked, by level.
    public var urgentWaits: [Double] = []
    public var worryingWaits: [Double] = []
    public var escalationWaits: [Double] = []
    /// Cases an hour in the busiest hour of the day, in the mean.
    public var busiestHour = 0.0
}

public func simulate(_ house: SimulatedHouse) -> SimulationResult {
    var run = SimulationRun(house)
    return run.run()
}

private struct SimulationRun {
    enum Event {
        case post, sweep(Int), look(Int), answer(post: Int, supporter: Int), caseDone(Int)
    }
    struct Post {
        var open: OpenPost
        var facts: PromiseFacts
        var from: Instant
        var answered: Instant?
        var by: SimulationResult.By?
        var escalated: Instant?
        var takenBy: Int?
        var offers: [(supporter: Int, state: OfferState, ring: Ring)] = []
    }
    struct Waiting {
        enum Kind: Int { case urgent = 0, escalated, worrying }
        var kind: Kind
        var at: Instant
        var post: Int?
    }

    let house: SimulatedHouse
    var chance: SeededChance
    var queue = EventQueue<Event>()
    var supporters: [Supporter] = []
    var taken: [[(at: Instant, heavy: Bool)]]
    var posts: [Post] = []
    /// Posts that nobody has answered.
    var waiting: [Int] = []
    var cases: [Waiting] = []
    var busy = 0
    var perHour = [Int](repeating: 0, count: 24)
    var result = SimulationResult()
    let rules = OfferRules(adultsOnly: Tags())

    init(_ house: SimulatedHouse) {
        self.house = house
        chance = SeededChance(seed: house.seed)
        taken = Array(repeating: [], count: house.supporters)
        result.loads = Array(repeating: 0, count: house.supporters)
        for place in 0..<house.supporters {
            var experiences = Tags()
            for _ in 0..<3 { experiences.insert(Int(chance.next() % 40)) }
            var takes = Tags()
            for matter in 0..<6 where chance.happens(0.8) { takes.insert(matter) }
            // Half help at any time, half in the evening.
            let hours: Hours? = place % 2 == 0 ? nil : Hours(from: 16 * 60, to: 23 * 60)
            supporters.append(
                Supporter(
                    account: ID(raw: Int64(place + 1)), band: .eighteen, checked: false, takes: takes, experiences: experiences,
                    languages: .english,
                    capacity: house.capacity, hours: hours, restsUntil: nil, heavyRestsUntil: nil, today: 0, week: 0, holding: 0,
                    lastHeavyAt: nil, asked: 0))
            queue.add(Instant(milliseconds: 0) + chance.wait(mean: house.looksEvery), .look(place))
        }
    }

    private func minute(_ now: Instant) -> Int { Int(now.milliseconds / 60_000 % 1_440) }

    /// The next post's time: chance by the hour's weight.
    private mutating func nextPost(after now: Instant) -> Instant {
        let perDay = Double(house.members) * house.postsPerMember
        let whole = house.hours.reduce(0, +)
        var moment = now
        while true {
            let hour = Int(moment.milliseconds / 3_600_000 % 24)
            let perMinute = perDay * house.hours[hour] / whole / 60
            let next = moment + chance.wait(mean: 1 / max(perMinute, 1e-6))
            let end = Instant(milliseconds: (moment.milliseconds / 3_600_000 + 1) * 3_600_000)
            if next < end { return next }
            moment = end
        }
    }

    mutating func run() -> SimulationResult {
        let end = Instant(milliseconds: Lapse.days(house.days).milliseconds)
        queue.add(nextPost(after: Instant(milliseconds: 0)), .post)
        while let (now, event) = queue.next(), now < end {
            switch event {
            case .post:
                arrive(now)
                queue.add(nextPost(after: now), .post)
            case .sweep(let post): sweep(post, now)
            case .look(let place):
                look(place, now)
                queue.add(now + chance.wait(mean: house.looksEvery), .look(place))
            case .answer(let post, let place): answer(post, place, now)
            case .caseDone(let post):
                if post >= 0, posts[post].answered == nil { finish(post, .staff, now) }
                busy -= 1
                work(now)
            }
        }
        for post in posts {
            let late = post.answered ?? end > post.facts.promise.due
            let owned = post.escalated != nil || post.answered.map { $0 <= post.facts.promise.due } ?? (post.facts.promise.due >= end)
            result.posts.append(
                .init(
                    minutes: post.answered.map { Double(($0 - post.from).milliseconds) / 60_000 },
                    watched: Double((end - post.from).milliseconds) / 60_000, by: post.by, escalated: post.escalated != nil,
                    ownerless: late && !owned && !ownedByTaker(post)))
        }
        result.busiestHour = Double(perHour.max() ?? 0) / Double(max(1, house.days))
        return result
    }

    /// Accepted in time by somebody whose time ran past the promise: theirs until they answered.
    private func ownedByTaker(_ post: Post) -> Bool { post.answered != nil && post.offers.contains { $0.state == .answered } }

    private mutating func arrive(_ now: Instant) {
        if chance.happens(house.urgent) { return open(.urgent, nil, now) }
        if chance.happens(house.worrying) { open(.worrying, nil, now) }
        let heavy = chance.happens(house.heavy)
        var (matters, experiences) = (Tags(), Tags())
        if heavy { matters.insert(Int(chance.next() % 6)) }
        experiences.insert(Int(chance.next() % 40))
        let number = posts.count
        waiting.append(number)
        posts.append(
            Post(
                open: OpenPost(
                    item: ID(raw: Int64(bitPattern: chance.next())), author: ID(raw: -1), band: .eighteen, isAnonymous: false,
                    matters: matters,
                    experiences: experiences,
                    heavy: heavy, language: .english),
                facts: PromiseFacts(
                    promise: AnswerPromise(from: now, due: now + house.promise), ring: .first, takenUntil: nil, asked: 0, handedOver: false),
                from: now))
        sweep(number, now)
    }

    private mutating func sweep(_ number: Int, _ now: Instant) {
        guard posts[number].answered == nil else { return }
        if let until = posts[number].facts.takenUntil, until <= now, let place = posts[number].takenBy { lapse(number, place, now) }
        guard posts[number].escalated == nil else { return }
        posts[number].facts.asked = posts[number].offers.count { $0.state == .offered && $0.ring == posts[number].facts.ring }
        switch step(posts[number].facts, now: now) {
        case .wait(let until): queue.add(until, .sweep(number))
        case .ask(let ring, let most, let until):
            let made = ask(number, ring, most, now)
            let next = made == 0 && posts[number].facts.asked == 0 ? afterNobody(in: ring) : nil
            posts[number].facts.ring = next ?? ring
            queue.add(next == nil ? until : now, .sweep(number))
        case .tellStaff(let until):
            posts[number].facts.ring = .staff
            queue.add(until, .sweep(number))
        case .escalate:
            posts[number].escalated = now
            open(.escalated, number, now)
        }
    }

    private mutating func ask(_ number: Int, _ ring: Ring, _ most: Int, _ now: Instant) -> Int {
        refresh(now)
        let already = Set(posts[number].offers.map { supporters[$0.supporter].account })
        let found = matches(
            for: posts[number].open, among: supporters, except: already, rules, now: now, minute: minute(now), most: most)
        for match in found {
            posts[number].offers.append((match.place, .offered, ring))
            supporters[match.place].asked += 1
            result.offers += 1
        }
        return found.count
    }

    private mutating func refresh(_ now: Instant) {
        for place in supporters.indices { refresh(place, now) }
    }

    private mutating func refresh(_ place: Int, _ now: Instant) {
        taken[place].removeAll { now - $0.at >= .days(7) }
        supporters[place].week = taken[place].count
        supporters[place].today = taken[place].count { now - $0.at < .hours(24) }
    }

    private mutating func look(_ place: Int, _ now: Instant) {
        if let hours = supporters[place].hours, !hours.contains(minute: minute(now)) { return }
        let before = waiting.filter { number in
            posts[number].answered == nil && posts[number].takenBy == nil
                && posts[number].offers.contains { $0.supporter == place && $0.state == .offered }
        }
        for number in before {
            guard let offer = posts[number].offers.firstIndex(where: { $0.supporter == place && $0.state == .offered }) else { continue }
            refresh(place, now)
            if chance.happens(house.passes) {
                posts[number].offers[offer].state = after(.pass, .offered) ?? .passed
                supporters[place].asked -= 1
                result.passes += 1
                sweep(number, now)
                continue
            }
            guard barrier(supporters[place], posts[number].open, rules, now: now, minute: minute(now)) == nil else { continue }
            accept(number, offer, place, now)
            return
        }
    }

    private mutating func accept(_ number: Int, _ offer: Int, _ place: Int, _ now: Instant) {
        posts[number].offers[offer].state = after(.accept, .offered) ?? .accepted
        supporters[place].asked -= 1
        supporters[place].holding += 1
        let heavy = posts[number].open.heavy
        taken[place].append((now, heavy))
        if heavy { supporters[place].lastHeavyAt = now }
        result.loads[place] += 1
        refresh(place, now)
        if supporters[place].today > house.capacity.perDay || supporters[place].week > house.capacity.perWeek { result.overCap += 1 }
        let until = now + posts[number].facts.promise.timeToAnswer
        posts[number].facts.takenUntil = until
        posts[number].takenBy = place
        queue.add(until, .sweep(number))
        if !chance.happens(house.lets) { queue.add(now + chance.wait(mean: house.answersIn), .answer(post: number, supporter: place)) }
    }

    private mutating func lapse(_ number: Int, _ place: Int, _ now: Instant) {
        posts[number].takenBy = nil
        posts[number].facts.takenUntil = nil
        supporters[place].holding -= 1
        for offer in posts[number].offers.indices where posts[number].offers[offer].state == .accepted {
            posts[number].offers[offer].state = after(.lapse, .accepted) ?? .lapsed
        }
    }

    private mutating func answer(_ number: Int, _ place: Int, _ now: Instant) {
        guard posts[number].answered == nil, posts[number].takenBy == place else { return }
        supporters[place].holding -= 1
        let ring = posts[number].offers.first { $0.supporter == place }?.ring ?? .more
        for offer in posts[number].offers.indices where posts[number].offers[offer].supporter == place {
            posts[number].offers[offer].state = after(.answer, .accepted) ?? .answered
        }
        finish(number, ring == .first ? .first : .more, now)
    }

    private mutating func finish(_ number: Int, _ by: SimulationResult.By, _ now: Instant) {
        posts[number].answered = now
        waiting.removeAll { $0 == number }
        posts[number].by = by
        for offer in posts[number].offers.indices where posts[number].offers[offer].state == .offered {
            posts[number].offers[offer].state = after(.lapse, .offered) ?? .lapsed
            supporters[posts[number].offers[offer].supporter].asked -= 1
        }
        if let holder = posts[number].takenBy, by == .staff { supporters[holder].holding -= 1 }
        posts[number].takenBy = nil
    }

    // The moderators: so many at once, the urgent first.

    private mutating func open(_ kind: Waiting.Kind, _ post: Int?, _ now: Instant) {
        cases.append(Waiting(kind: kind, at: now, post: post))
        perHour[Int(now.milliseconds / 3_600_000 % 24)] += 1
        work(now)
    }

    private mutating func work(_ now: Instant) {
        while busy < house.moderators,
            let next = cases.indices.min(by: { (cases[$0].kind.rawValue, cases[$0].at) < (cases[$1].kind.rawValue, cases[$1].at) })
        {
            let one = cases.remove(at: next)
            let waited = Double((now - one.at).milliseconds) / 60_000
            switch one.kind {
            case .urgent: result.urgentWaits.append(waited)
            case .worrying: result.worryingWaits.append(waited)
            case .escalated: result.escalationWaits.append(waited)
            }
            busy += 1
            queue.add(now + chance.wait(mean: house.handling), .caseDone(one.post ?? -1))
        }
    }
}

/// Events in the order of their time; of two at once, the one added first.
private struct EventQueue<Event> {
    private var heap: [(at: Instant, number: Int, event: Event)] = []
    private var count = 0

    mutating func add(_ at: Instant, _ event: Event) {
        heap.append((at, count, event))
        count += 1
        var place = heap.count - 1
        while place > 0, isBefore(place, (place - 1) / 2) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    mutating func next() -> (Instant, Event)? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var place = 0
            while true {
                let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
                guard let least = children.min(by: { isBefore($0, $1) }), isBefore(least, place) else { break }
                heap.swapAt(least, place)
                place = least
            }
        }
        return (first.at, first.event)
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool { (heap[a].at, heap[a].number) < (heap[b].at, heap[b].number) }
}
