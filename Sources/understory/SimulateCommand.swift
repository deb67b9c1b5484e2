import ArgumentParser
import Foundation
import Rules
import Statistics

/// Plans a roster: an invented month under the rules of the real house.
struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Invented houses and trials, for planning: nothing is read and nothing is stored.",
        subcommands: [SimulateRoster.self, SimulateStudy.self], defaultSubcommand: SimulateRoster.self)
}

struct SimulateRoster: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roster", abstract: "Plan a roster: an invented month under the house's own rules.",
        discussion: "Nothing is read and nothing is stored. The same seed gives the same figures.")

    @Option(help: "Days.") var days = 30
    @Option(help: "Members.") var members = 1_000
    @Option(help: "Open posts a day for each member.") var posts = 0.05
    @Option(help: "Supporters.") var supporters = 40
    @Option(help: "Posts a supporter takes in a day at most.") var perDay = Capacity.usual.perDay
    @Option(help: "Posts a supporter takes in a week at most.") var perWeek = Capacity.usual.perWeek
    @Option(help: "The rooms' promise, in minutes.") var promise = 480
    @Option(help: "Moderators on duty at any hour.") var moderators = 2
    @Option(help: "Minutes that one case takes in the mean.") var handling = 6.0
    @Option(help: "Chance starts here.") var seed: UInt64 = 1
    @Flag(help: "Find the fewest supporters with whom 95 of 100 posts are answered within the promise.") var smallest = false
    @Flag(help: "One object instead of sentences.") var json = false
    @Flag(help: "Time the matching of 10,000 open posts with 2,000 supporters instead.") var matching = false

    func validate() throws {
        guard (1...366).contains(days), (1...100_000).contains(members), (0...10_000).contains(supporters), posts > 0, posts <= 5 else {
            throw ValidationError("days 1 to 366, members 1 to 100000, supporters up to 10000, posts above 0 up to 5")
        }
        guard Double(days) * Double(members) * posts <= 2_000_000 else {
            throw ValidationError("more than two million posts take too long: fewer days, members or posts")
        }
        guard (15...10_080).contains(promise), (1...500).contains(moderators), handling > 0 else {
            throw ValidationError("promise 15 to 10080 minutes, moderators 1 to 500, handling above 0")
        }
        guard (1...Capacity.most.perDay).contains(perDay), (1...Capacity.most.perWeek).contains(perWeek) else {
            throw ValidationError("a supporter takes 1 to \(Capacity.most.perDay) a day and 1 to \(Capacity.most.perWeek) a week")
        }
    }

    func run() throws {
        if matching { return print(String(decoding: try JSONEncoder.sorted.encode(["matchingSeconds": timeMatching()]), as: UTF8.self)) }
        var house = house
        if smallest {
            guard let fewest = fewest(house) else { throw ValidationError("5000 supporters are not enough for this promise") }
            house.supporters = fewest
        }
        let figures = SimulationFigures(house, simulate(house))
        print(json ? String(decoding: try JSONEncoder.sorted.encode(figures), as: UTF8.self) : figures.sentences)
        guard figures.ownerless == 0, figures.overCap == 0 else { throw ExitCode.failure }
    }

    private func timeMatching() -> Double {
        var chance = SeededChance(seed: seed)
        func tags(_ count: Int, of most: UInt64) -> Tags {
            (0..<count).reduce(into: Tags()) { made, _ in made.insert(Int(chance.next() % most)) }
        }
        let supporters = (1...2_000).map { number in
            Supporter(
                account: ID(raw: Int64(number)), band: .eighteen, checked: false, takes: tags(10, of: 12), experiences: tags(6, of: 270),
                languages: .english,
                capacity: .usual, hours: nil, restsUntil: nil, heavyRestsUntil: nil, today: 0, week: Int(chance.next() % 7), holding: 0,
                lastHeavyAt: nil,
                asked: 0)
        }
        let rules = OfferRules(adultsOnly: Tags())
        let posts = (1...10_000).map { number in
            OpenPost(
                item: ID(raw: Int64(number)), author: ID(raw: 0), band: .eighteen, isAnonymous: false, matters: tags(1, of: 12),
                experiences: tags(3, of: 270),
                heavy: number % 4 == 0, language: .english)
        }
        let began = ContinuousClock.now
        var found = 0
        for post in posts {
            found += matches(for: post, among: supporters, rules, now: Instant(milliseconds: 0), minute: 600, most: 2).count
        }
        let took = (ContinuousClock.now - began) / .seconds(1)
        return found > 0 ? took : .infinity
    }

    private var house: SimulatedHouse {
        var made = SimulatedHouse()
        (made.days, made.members, made.postsPerMember, made.supporters) = (days, members, posts, supporters)
        (made.capacity, made.promise) = (Capacity(perDay: perDay, perWeek: perWeek), .minutes(promise))
        (made.moderators, made.handling, made.seed) = (moderators, handling, seed)
        return made
    }

    /// Doubles until it is enough, then halves the step. More supporters may by chance do a little worse than one fewer, so the
    /// answer holds for this seed.
    private func fewest(_ house: SimulatedHouse) -> Int? {
        func isEnough(_ count: Int) -> Bool {
            var tried = house
            tried.supporters = count
            return SimulationFigures(tried, simulate(tried)).withinPromise >= 0.95
        }
        var (low, high) = (0, 8)
        while !isEnough(high) {
            if high >= 5_000 { return nil }
            (low, high) = (high, min(5_000, high * 2))
        }
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return high
    }
}

struct SimulationFigures: Encodable {
    let posts: Int, supporters: Int, offers: Int, passes: Int
    let medianMinutes: Double?, eightyMinutes: Double?
    let withinPromise: Double, unansweredAfterDay: Double, escalated: Int
    let ownerless: Int, overCap: Int
    let loadGini: Double?, loadMost: Int
    let urgentMean: Double?, worryingMean: Double?, escalationMean: Double?
    let casesInBusiestHour: Double
    let moderators: Int, erlangMeanWait: Double?, erlangNeeded: Int

    init(_ house: SimulatedHouse, _ result: SimulationResult) {
        func mean(_ list: [Double]) -> Double? { list.isEmpty ? nil : list.reduce(0, +) / Double(list.count) }
        let curve = KaplanMeier(result.posts.map { .init(time: $0.minutes ?? $0.watched, ended: $0.minutes != nil) })
        posts = result.posts.count
        supporters = house.supporters
        (offers, passes) = (result.offers, result.passes)
        (medianMinutes, eightyMinutes) = (curve.quantile(0.5), curve.quantile(0.8))
        withinPromise = 1 - curve.survival(at: Double(house.promise.minutes))
        unansweredAfterDay = curve.survival(at: 24 * 60)
        escalated = result.posts.count(where: \.escalated)
        ownerless = result.posts.count(where: \.ownerless)
        overCap = result.overCap
        loadGini = gini(result.loads.map(Double.init))
        loadMost = result.loads.max() ?? 0
        (urgentMean, worryingMean, escalationMean) = (mean(result.urgentWaits), mean(result.worryingWaits), mean(result.escalationWaits))
        casesInBusiestHour = result.busiestHour
        moderators = house.moderators
        erlangMeanWait = ErlangC(arrivalsPerHour: result.busiestHour, handlingMinutes: house.handling, people: house.moderators).meanWait
        erlangNeeded = ErlangC.needed(
            arrivalsPerHour: result.busiestHour, handlingMinutes: house.handling, minutes: 5, share: 0.9, occupancy: 0.85)
    }

    var sentences: String {
        func shown(_ value: Double?, _ digits: Int = 1) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "not reached" }
        func percent(_ value: Double) -> String { String(format: "%.1f %%", value * 100) }
        return """
            \(posts) open posts, \(supporters) supporters, \(offers) offers, \(passes) passed.
            First answer (Kaplan-Meier, minutes): median \(shown(medianMinutes, 0)), four of five within \(shown(eightyMinutes, 0)).
            Within the promise: \(percent(withinPromise)). Unanswered after 24 hours: \(percent(unansweredAfterDay)).
            Became a case of somebody's: \(escalated). Past the promise without an owner: \(ownerless). Over a cap: \(overCap).
            Load: Gini \(shown(loadGini, 3)), the most for one person \(loadMost).
            Until a moderator looks (mean minutes): urgent \(shown(urgentMean)), worrying \(shown(worryingMean)), unanswered \(shown(escalationMean)).
            Busiest hour: \(shown(casesInBusiestHour, 2)) cases. Erlang C with \(moderators) on duty: \(shown(erlangMeanWait)) minutes in the mean; \
            needed for 90 % within five minutes: \(erlangNeeded).
            """
    }
}

extension JSONEncoder {
    fileprivate static var sorted: JSONEncoder {
        let made = JSONEncoder()
        made.outputFormatting = [.sortedKeys]
        return made
    }
}
