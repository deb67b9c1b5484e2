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
    @Option(help: ArgumentHelp("When they are written: 24 weights with commas, the first from midnight.", valueName: "weights"))
    var hours: Numbers?
    @Option(help: "The share of posts that is heavy to read.") var heavy = 0.25
    @Option(help: "The share that is an urgent case.") var urgent = 0.02
    @Option(help: "The share that is a case of the level high.") var high = 0.03
    @Option(help: "The share that is a case of the level medium.") var medium = 0.05
    @Option(help: "Supporters.") var supporters = 40
    @Option(help: "Posts a supporter takes in a day at most.") var perDay = Capacity.usual.perDay
    @Option(help: "Posts a supporter takes in a week at most.") var perWeek = Capacity.usual.perWeek
    @Option(help: "Minutes until a supporter looks at what is before them, in the mean.") var looksEvery = 150.0
    @Option(help: "The share of offers that supporters pass on.") var passes = 0.2
    @Option(help: "The share of what they take that they then do not answer.") var lets = 0.05
    @Option(help: "Minutes from taking a post to the answer, in the mean.") var answersIn = 14.0
    @Option(help: "The rooms' promise, in minutes.") var promise = 480
    @Option(help: ArgumentHelp("Moderators on duty: one number, or one a shift with commas, the first from midnight.", valueName: "people"))
    var moderators = Numbers(list: [2])
    @Option(help: "Minutes that one case takes, in the mean.") var handling = 6.0
    @Option(help: "Chance starts here.") var seed: UInt64 = 1
    @Flag(help: "Find the fewest supporters, and the fewest moderators in each shift, with whom 95 of 100 posts and cases are in time.")
    var smallest = false
    @Flag(help: "One object instead of sentences.") var json = false
    @Flag(help: "Time the matching of 10,000 open posts with 2,000 supporters instead.") var matching = false

    func validate() throws {
        guard (1...366).contains(days), (1...100_000).contains(members), (0...10_000).contains(supporters), posts > 0, posts <= 5 else {
            throw ValidationError("days 1 to 366, members 1 to 100000, supporters up to 10000, posts above 0 up to 5")
        }
        guard Double(days) * Double(members) * posts <= 2_000_000 else {
            throw ValidationError("more than two million posts take too long: fewer days, members or posts")
        }
        guard (15...10_080).contains(promise), handling > 0, handling.isFinite else {
            throw ValidationError("promise 15 to 10080 minutes, handling above 0")
        }
        guard (1...Capacity.most.perDay).contains(perDay), (1...Capacity.most.perWeek).contains(perWeek) else {
            throw ValidationError("a supporter takes 1 to \(Capacity.most.perDay) a day and 1 to \(Capacity.most.perWeek) a week")
        }
        let duty = moderators.list
        guard [1, 2, 3, 4, 6, 8, 12, 24].contains(duty.count), duty.allSatisfy({ (0...500).contains($0) && $0 == $0.rounded() }),
            duty.contains(where: { $0 > 0 })
        else { throw ValidationError("moderators: 0 to 500 a shift, not all 0, in 1, 2, 3, 4, 6, 8, 12 or 24 shifts") }
        if let hours {
            guard hours.list.count == 24, hours.list.allSatisfy({ $0 >= 0 && $0.isFinite }), hours.list.contains(where: { $0 > 0 }) else {
                throw ValidationError("hours: 24 weights from 0, not all 0")
            }
        }
        let shares = [heavy, urgent, high, medium, passes, lets]
        guard shares.allSatisfy((0...1).contains), urgent + high + medium <= 1 else {
            throw ValidationError("shares 0 to 1; urgent, high and medium together at most 1")
        }
        guard (1...10_080).contains(looksEvery), (1...10_080).contains(answersIn) else {
            throw ValidationError("looks-every and answers-in 1 to 10080 minutes")
        }
    }

    func run() throws {
        if matching { return print(String(decoding: try JSONEncoder.sorted.encode(["matchingSeconds": timeMatching()]), as: UTF8.self)) }
        var house = house
        if smallest {
            do throws(RosterFault) {
                let roster = try smallestRoster(house)
                (house.supporters, house.moderators) = (roster.supporters, roster.moderators)
            } catch {
                switch error {
                case .tooManySupporters: throw ValidationError("5000 supporters are not enough for this promise")
                case .tooManyModerators(let shift):
                    throw ValidationError("100 moderators are not enough in shift \(shift + 1) of \(house.moderators.count)")
                }
            }
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
        (made.moderators, made.handling, made.seed) = (moderators.list.map { Int($0) }, handling, seed)
        (made.hours, made.heavy) = (hours?.list ?? made.hours, heavy)
        (made.urgent, made.high, made.medium) = (urgent, high, medium)
        (made.looksEvery, made.passes, made.lets, made.answersIn) = (looksEvery, passes, lets, answersIn)
        return made
    }
}

/// Numbers with commas, as an option takes them.
struct Numbers: ExpressibleByArgument {
    var list: [Double]

    init(list: [Double]) { self.list = list }

    init?(argument: String) {
        list = []
        for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
            guard let number = Double(part) else { return nil }
            list.append(number)
        }
    }

    var defaultValueDescription: String { list.map { String(Int($0)) }.joined(separator: ",") }
}

struct SimulationFigures: Encodable {
    let posts: Int, supporters: Int, offers: Int, passes: Int
    let medianMinutes: Double?, eightyMinutes: Double?
    let withinPromise: Double, unansweredAfterDay: Double, escalated: Int
    let ownerless: Int, overCap: Int
    let loadGini: Double?, loadMost: Int
    let cases: [CaseFigures], shifts: [ShiftFigures]

    struct CaseFigures: Encodable {
        let reason: String
        let count: Int, dueMinutes: Int
        /// Kaplan-Meier: what nobody had looked at counts as long as it was watched.
        let medianMinutes: Double?, ninetyMinutes: Double?
        let inTime: Double?
    }

    struct ShiftFigures: Encodable {
        let fromHour: Double, moderators: Int
        /// The lowest share of any reason that was looked at in time.
        let inTime: Double
        let casesInBusiestHour: Double
        /// Nil where nobody is on duty, or more comes than can be handled.
        let erlangMeanWait: Double?
        let erlangNeeded: Int
    }

    init(_ house: SimulatedHouse, _ result: SimulationResult) {
        let curve = KaplanMeier(result.posts.map { .init(time: $0.minutes ?? $0.watched, ended: $0.minutes != nil) })
        posts = result.posts.count
        supporters = house.supporters
        (offers, passes) = (result.offers, result.passes)
        (medianMinutes, eightyMinutes) = (curve.quantile(0.5), curve.quantile(0.8))
        withinPromise = result.answered(within: house.promise)
        unansweredAfterDay = curve.survival(at: 24 * 60)
        escalated = result.posts.count(where: \.escalated)
        ownerless = result.posts.count(where: \.ownerless)
        overCap = result.overCap
        loadGini = gini(result.loads.map(Double.init))
        loadMost = result.loads.max() ?? 0
        cases = SimulationResult.Reason.allCases.map { reason in
            let found = result.cases.filter { $0.reason == reason }
            let curve = KaplanMeier(found.map { .init(time: $0.minutes ?? $0.watched, ended: $0.minutes != nil) })
            return CaseFigures(
                reason: reason.rawValue, count: found.count, dueMinutes: house.due(reason).minutes, medianMinutes: curve.quantile(0.5),
                ninetyMinutes: curve.quantile(0.9), inTime: result.inTime(reason))
        }
        let length = 24 / Double(house.moderators.count)
        shifts = house.moderators.enumerated().map { shift, people in
            let from = Double(shift) * length
            let busiest = result.casesByHour[Int(from)..<Int(from + length)].max() ?? 0
            return ShiftFigures(
                fromHour: from, moderators: people, inTime: result.leastInTime(shift: shift), casesInBusiestHour: busiest,
                erlangMeanWait: people == 0
                    ? nil : ErlangC(arrivalsPerHour: busiest, handlingMinutes: house.handling, people: people).meanWait,
                erlangNeeded: ErlangC.needed(
                    arrivalsPerHour: busiest, handlingMinutes: house.handling, minutes: 5, share: 0.9, occupancy: 0.85))
        }
    }

    var sentences: String {
        func shown(_ value: Double?, _ digits: Int = 1) -> String { value.map { String(format: "%.\(digits)f", $0) } ?? "not reached" }
        func percent(_ value: Double) -> String { String(format: "%.1f %%", value * 100) }
        func said(_ one: CaseFigures) -> String {
            "Cases, \(one.reason): \(one.count), looked at after \(shown(one.medianMinutes)) minutes in the middle, nine of ten within "
                + "\(shown(one.ninetyMinutes)), in time (\(one.dueMinutes) minutes) \(one.inTime.map(percent) ?? "not known")."
        }
        func said(_ one: ShiftFigures) -> String {
            "On duty from \(clock(one.fromHour)): \(one.moderators), in time \(percent(one.inTime)) at least, \(shown(one.casesInBusiestHour, 2)) "
                + "cases in the busiest hour. Erlang C: \(one.erlangMeanWait.map { shown($0) + " minutes in the mean" } ?? "more comes than can be handled"), "
                + "\(one.erlangNeeded) needed for 90 % within five minutes."
        }
        return """
            \(posts) open posts, \(supporters) supporters, \(offers) offers, \(passes) passed.
            First answer (Kaplan-Meier, minutes): median \(shown(medianMinutes, 0)), four of five within \(shown(eightyMinutes, 0)).
            Within the promise: \(percent(withinPromise)). Unanswered after 24 hours: \(percent(unansweredAfterDay)).
            Became a case of somebody's: \(escalated). Past the promise without an owner: \(ownerless). Over a cap: \(overCap).
            Load: Gini \(shown(loadGini, 3)), the most for one person \(loadMost).
            \(cases.map(said).joined(separator: "\n"))
            \(shifts.map(said).joined(separator: "\n"))
            """
    }
}

private func clock(_ hour: Double) -> String { String(format: "%02d:00", Int(hour)) }

extension JSONEncoder {
    fileprivate static var sorted: JSONEncoder {
        let made = JSONEncoder()
        made.outputFormatting = [.sortedKeys]
        return made
    }
}
