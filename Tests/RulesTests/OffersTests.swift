import Rules
import Statistics
import Testing

@Suite struct OffersTests {
    private let matters = TagList(["self-harm", "bullying", "loss"])
    private let topics = TagList((0..<300).map { "t\($0)" })
    private var rules: OfferRules { OfferRules(adultsOnly: matters.tags(["self-harm"])) }
    private let now = Instant(milliseconds: Lapse.days(20_000).milliseconds)

    private func supporter(_ number: Int64 = 1, _ change: (inout Supporter) -> Void = { _ in }) -> Supporter {
        var made = Supporter(
            account: ID(raw: number), band: .eighteen, checked: false, takes: matters.tags(["self-harm", "bullying", "loss"]),
            experiences: Tags(),
            languages: .english, capacity: .usual, hours: nil, restsUntil: nil, heavyRestsUntil: nil, today: 0, week: 0, holding: 0,
            lastHeavyAt: nil, asked: 0)
        change(&made)
        return made
    }

    private func post(_ change: (inout OpenPost) -> Void = { _ in }) -> OpenPost {
        var made = OpenPost(
            item: ID(raw: 77), author: ID(raw: 99), band: .eighteen, isAnonymous: false, matters: Tags(), experiences: Tags(), heavy: false,
            language: .english)
        change(&made)
        return made
    }

    private func stops(_ supporter: Supporter, _ post: OpenPost, minute: Int = 720) -> Barrier? {
        barrier(supporter, post, rules, now: now, minute: minute)
    }

    /// A language that nothing here knows is nobody's: such a post goes to the staff and never to whoever is free.
    @Test func aLanguageNobodyKnowsIsNobodys() {
        #expect(Languages(ofPost: nil) == .english && Languages(ofPost: "es") == .spanish)
        #expect(Languages(ofPost: "und") == .unknown && Languages(ofPost: "xx") == .unknown)
        let all = Languages(codes: Languages.known.map(\.key))
        #expect(!all.isSuperset(of: .unknown) && Languages.known.allSatisfy { all.isSuperset(of: $0.value) })
        #expect(Languages(codes: ["xx", "ko"]) == .korean)
    }

    @Test func eachBarrierStopsForItsOwnReason() {
        let hard = post { $0.matters = matters.tags(["self-harm"]) }
        #expect(stops(supporter(), hard) == nil)
        #expect(stops(supporter(99), post()) == .ownPost)
        #expect(stops(supporter { $0.band = nil }, post()) == .tooYoung)
        #expect(stops(supporter { $0.band = .thirteen }, post()) == .tooYoung)
        let young = post { $0.band = .sixteen }
        #expect(stops(supporter { $0.band = .sixteen }, young) == nil)
        #expect(stops(supporter { $0.band = .sixteen }, hard) == .tooHard)
        #expect(stops(supporter { $0.band = .sixteen }, post()) == .acrossEighteen)
        #expect(stops(supporter(), young) == .acrossEighteen)
        #expect(stops(supporter(), post { $0.band = nil }) == .acrossEighteen, "an unknown age is young")
        #expect(stops(supporter { $0.checked = true }, young) == nil)
        #expect(stops(supporter { $0.takes = matters.tags(["bullying"]) }, hard) == .notTaken)
        #expect(stops(supporter { $0.takes = Tags() }, post()) == nil, "what is light needs no word")
        #expect(stops(supporter(), post { $0.language = .spanish }) == .otherLanguage)
        #expect(stops(supporter { $0.restsUntil = now + .minutes(1) }, post()) == .resting)
        #expect(stops(supporter { $0.restsUntil = now }, post()) == nil)
        #expect(stops(supporter { $0.hours = Hours(from: 1_200, to: 120) }, post(), minute: 600) == .outOfHours)
        #expect(stops(supporter { $0.hours = Hours(from: 1_200, to: 120) }, post(), minute: 60) == nil)
        #expect(stops(supporter { $0.holding = 1 }, post()) == .holding)
        #expect(stops(supporter { $0.today = 2 }, post()) == .dayFull)
        #expect(stops(supporter { $0.week = 6 }, post()) == .weekFull)
        let heavy = post { $0.heavy = true }
        #expect(stops(supporter { $0.lastHeavyAt = now - .hours(23) }, heavy) == .coolingDown)
        #expect(stops(supporter { $0.lastHeavyAt = now - .hours(24) }, heavy) == nil)
        #expect(stops(supporter { $0.lastHeavyAt = now }, post()) == nil)
        #expect(stops(supporter { $0.heavyRestsUntil = now + .days(1) }, heavy) == .heavyRests)
        #expect(stops(supporter { $0.heavyRestsUntil = now + .days(1) }, post()) == nil)
    }

    @Test func fitIsASumOfNamedPartsThatReadsBack() {
        let one = supporter { $0.experiences = topics.tags(["t1", "t2", "t299"]) }
        let made = fit(one, post { $0.experiences = topics.tags(["t2", "t299"]) }, now: now)
        #expect(made.parts.map(\.part) == [.near, .shared, .free])
        #expect(made.sum == 12 + 16 + 60)
        #expect(fit(one, post { $0.isAnonymous = true }, now: now).near == 0, "nearness would tell a hidden writer's age")
        #expect(Fit.read(made.written).map(\.points) == made.parts.map(\.points))
        #expect(Fit.read("free=x nonsense=3 near").isEmpty)
    }

    @Test func whoHasHadLessIsAskedFirstAndNobodyTwice() {
        let all = (1...6).map { number in supporter(Int64(number)) { $0.week = Int(number) % 4 } }
        let found = matches(for: post(), among: all, rules, now: now, minute: 0, most: 2)
        #expect(found.map { all[$0.place].week } == [0, 1])
        let rest = matches(
            for: post(), among: all, except: Set(found.map { all[$0.place].account }), rules, now: now, minute: 0, most: 9)
        let full = all.map { one in supporter(one.account.raw) { $0.asked = Supporter.mostAsked } }
        #expect(matches(for: post(), among: full, rules, now: now, minute: 0, most: 2).isEmpty)
        #expect(rest.count == 4 && Set(rest.map(\.place)).isDisjoint(with: found.map(\.place)))
        #expect(matches(for: post(), among: [], rules, now: now, minute: 0, most: 2).isEmpty)
        let sums = rest.map(\.fit.sum)
        #expect(sums == sums.sorted(by: >))
    }

    @Test func tagsBeyondAListAreNowhere() {
        #expect(topics.tags(["nope"]).isEmpty)
        #expect(topics.tags(["t5"]).shared(with: topics.tags(["t5", "t6", "t260"])) == 1)
        #expect(topics.tags(["t5", "t260"]).isSubset(of: topics.tags(["t5", "t6", "t260"])))
    }

    /// Every step of a promise: somebody has it, somebody is asked, or somebody owns that it is late.
    @Test func thePromiseEndsWithAnOwner() {
        let promise = AnswerPromise(from: now, due: now + .hours(4))
        func facts(_ ring: Ring, taken: Instant? = nil, asked: Int = 0, handed: Bool = false) -> PromiseFacts {
            PromiseFacts(promise: promise, ring: ring, takenUntil: taken, asked: asked, handedOver: handed)
        }
        #expect(step(facts(.first), now: now) == .ask(.first, most: 2, until: now + .hours(2)))
        #expect(step(facts(.first, asked: 2), now: now) == .wait(until: now + .hours(2)))
        #expect(step(facts(.first, asked: 1), now: now) == .ask(.first, most: 1, until: now + .hours(2)))
        #expect(step(facts(.first, asked: 2), now: now + .hours(2)) == .ask(.more, most: 6, until: now + .hours(3)))
        #expect(step(facts(.more, asked: 6), now: now + .hours(3)) == .tellStaff(until: now + .minutes(195)))
        // The staff know; who has become free since is asked besides, until it is due.
        #expect(step(facts(.staff), now: now + .hours(3)) == .ask(.staff, most: 6, until: now + .minutes(195)))
        #expect(step(facts(.staff, asked: 6), now: now + .minutes(235)) == .wait(until: now + .hours(4)))
        var owned = facts(.staff)
        owned.ownedElsewhere = true
        #expect(step(owned, now: now + .hours(9)) == .wait(until: now + .hours(9) + .minutes(15)), "an answer waits to be read")
        #expect(step(facts(.first, handed: true), now: now) == .escalate)
        #expect(step(facts(.first, taken: now + .minutes(9)), now: now) == .wait(until: now + .minutes(9)))
        for ring in Ring.allCases {
            #expect(step(facts(ring), now: promise.due) == .escalate)
            #expect(step(facts(ring, taken: promise.due, asked: 5), now: promise.due) == .escalate)
            #expect(promise.end(of: ring) <= promise.due)
        }
        #expect(promise.timeToAnswer == .hours(1))
        #expect(AnswerPromise(from: now, due: now + .minutes(15)).timeToAnswer == .minutes(20))
    }

    /// No sequence of accept, pass, hand over, lapse and answer brings an ended offer back.
    @Test func anEndedOfferStaysEnded() {
        var chance = SeededChance(seed: 7)
        for _ in 0..<2_000 {
            var state = OfferState.offered
            var ended: OfferState?
            for _ in 0..<8 {
                let act = OfferAct.allCases.randomElement(using: &chance)!
                if let next = after(act, state) { state = next }
                if let ended { #expect(state == ended) }
                if !state.isOpen { ended = state }
            }
        }
    }
}
