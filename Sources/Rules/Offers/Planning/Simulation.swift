import Foundation
import Screening
import Statistics

extension SeededChance {
    /// A waiting time without memory.
    mutating func wait(mean minutes: Double) -> Lapse { Lapse(milliseconds: Int64(-log(1 - share()) * minutes * 60_000)) }
}

/// One invented month, event by event.
struct SimulationRun {
    enum Event {
        case post, sweep(Int), due(Int), look(Int), answer(post: Int, supporter: Int), caseDone(post: Int?), shift
    }
    struct Post {
        var open: OpenPost
        var facts: PromiseFacts
        var from: Instant
        var answered: Instant?
        var by: SimulationResult.By?
        var escalated: Instant?
        var takenBy: Int?
        /// The promise was over and nobody had it: no answer, no case, no supporter who had taken it.
        var ownerless = false
        var offers: [(supporter: Int, state: OfferState, ring: Ring)] = []
    }
    /// A case that nobody has looked at, with its place in the result.
    struct Waiting {
        var number: Int
        var isUrgent: Bool
        var rank: Int64
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
    /// Cases that nobody has looked at, and when each case was opened.
    var waits: [Waiting] = []
    var opened: [Instant] = []
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
        queue.add(Instant(milliseconds: 0), .shift)
        while let (now, event) = queue.next(), now < end {
            switch event {
            case .post:
                arrive(now)
                queue.add(nextPost(after: now), .post)
            case .sweep(let post): sweep(post, now)
            case .due(let post): posts[post].ownerless = !isOwned(posts[post])
            case .look(let place):
                look(place, now)
                queue.add(now + chance.wait(mean: house.looksEvery), .look(place))
            case .answer(let post, let place): answer(post, place, now)
            case .caseDone(let post):
                if let post, posts[post].answered == nil { finish(post, .staff, now) }
                busy -= 1
                work(now)
            case .shift:
                work(now)
                queue.add(now + Lapse(milliseconds: Lapse.days(1).milliseconds / Int64(house.moderators.count)), .shift)
            }
        }
        for post in posts {
            result.posts.append(
                .init(
                    minutes: post.answered.map { minutes(from: post.from, to: $0) },
                    watched: minutes(from: post.from, to: end), by: post.by, escalated: post.escalated != nil,
                    ownerless: post.ownerless || (end > post.facts.promise.due && !isOwned(post))))
        }
        result.casesByHour = perHour.map { Double($0) / Double(max(1, house.days)) }
        for one in waits { result.cases[one.number].watched = minutes(from: opened[one.number], to: end) }
        return result
    }

    /// Somebody answered it, has a case of it, or took it and still has time.
    private func isOwned(_ post: Post) -> Bool { post.answered != nil || post.escalated != nil || post.takenBy != nil }

    private mutating func arrive(_ now: Instant) {
        let reason = reason()
        if let reason { open(reason, nil, now) }
        guard reason != .urgent else { return }
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
        // A moment after whatever the promise's end does.
        queue.add(posts[number].facts.promise.due + Lapse(milliseconds: 1), .due(number))
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
            open(.unanswered, number, now)
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
        // Answered while its case still waited: that closes with it.
        for one in waits where one.post == number { result.cases[one.number].minutes = minutes(from: opened[one.number], to: now) }
        waits.removeAll { $0.post == number }
    }

    private func minutes(from: Instant, to: Instant) -> Double { Double((to - from).milliseconds) / 60_000 }

    // The moderators: so many at once, in the order of the real queue.

    /// Why a new post is a case; nil where it is none.
    private mutating func reason() -> SimulationResult.Reason? {
        var left = chance.share()
        for (reason, share) in [(SimulationResult.Reason.urgent, house.urgent), (.high, house.high), (.medium, house.medium)] {
            left -= share
            if left < 0 { return reason }
        }
        return nil
    }

    private mutating func open(_ reason: SimulationResult.Reason, _ post: Int?, _ now: Instant) {
        let facts = CaseFacts(level: reason.level, promised: reason == .unanswered)
        waits.append(
            Waiting(number: opened.count, isUrgent: reason == .urgent, rank: facts.priority.rank(openedAt: now), post: post))
        opened.append(now)
        result.cases.append(.init(reason: reason, shift: house.shift(at: now), due: house.due(reason), minutes: nil, watched: 0))
        perHour[Int(now.milliseconds / 3_600_000 % 24)] += 1
        work(now)
    }

    /// Whoever is on duty and free takes the next. A shift that ends finishes what it has begun.
    private mutating func work(_ now: Instant) {
        while busy < house.moderators[house.shift(at: now)],
            let next = waits.indices.max(by: { isBehind(waits[$0], waits[$1]) })
        {
            let one = waits.remove(at: next)
            result.cases[one.number].minutes = minutes(from: opened[one.number], to: now)
            busy += 1
            queue.add(now + chance.wait(mean: house.handling), .caseDone(post: one.post))
        }
    }

    /// What is urgent never falls behind; the rest stands as its parts and its waiting say.
    private func isBehind(_ one: Waiting, _ other: Waiting) -> Bool {
        one.isUrgent == other.isUrgent ? one.rank < other.rank : other.isUrgent
    }
}
