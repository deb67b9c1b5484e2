import Foundation
import Statistics
import Testing

@testable import Rules

@Suite struct AfterReadingTests {
    @Test func whatCallsAPersonIsAskedWhereSomebodyIs() {
        #expect(UrgeAfter.isAsked(about: ["exams", "self-harm"], isStaff: false, staffed: true))
        #expect(!UrgeAfter.isAsked(about: ["exams"], isStaff: false, staffed: true))
        #expect(!UrgeAfter.isAsked(about: ["wanting-to-die"], isStaff: false, staffed: false))
        #expect(!UrgeAfter.isAsked(about: ["wanting-to-die"], isStaff: true, staffed: true))
        #expect(UrgeAfter.allCases.filter(\.isDanger) == [.stronger])
    }

    @Test func fewAnswersAreNotTold() {
        #expect(AfterReading.told([3, 2, 2]) == nil)
        #expect(AfterReading.told([8, 0, 7]) == [.about(10), .zero, .few])
    }
}

@Suite struct CourseTests {
    private func rating(_ scores: [Int], _ rater: Int64, professional: Bool = false) -> CompetenceRating {
        CompetenceRating(rater: ID(raw: rater), isProfessional: professional, scores: scores)
    }

    @Test func twoRateAndOneIsAProfessional() {
        #expect(competence([]) == .waits)
        #expect(competence([rating([3, 3], 1, professional: true)]) == .waits)
        #expect(competence([rating([3, 3], 1), rating([3, 3], 2)]) == .waits)
        #expect(competence([rating([3, 3], 1), rating([2, 2], 2, professional: true)]) == .enough)
        #expect(competence([rating([1, 1], 1), rating([2, 1], 2, professional: true)]) == .notYet)
        #expect(competence([rating([3, 3], 1), rating([1, 1], 2, professional: true)]) == .split)
        #expect(competence([rating([3, 3], 1), rating([1, 1], 2, professional: true), rating([2, 2], 3)]) == .enough)
        #expect(competence([rating([3, 3], 1), rating([1, 1], 2, professional: true), rating([1, 2], 3)]) == .notYet)
        // Everybody finds a skill missing: the rest does not make up for it.
        #expect(competence([rating([3, 3, 0], 1), rating([3, 3, 0], 2, professional: true)]) == .notYet)
    }

    @Test func agreementCountsPairs() {
        var agreement = RaterAgreement()
        agreement.add([[1, 2, 3], [1, 3, 1]])
        #expect((agreement.compared, agreement.same, agreement.near) == (3, 1, 2))
        agreement.add([[1, 1, 1]])
        #expect(agreement.compared == 3)
    }
}

@Suite struct ResponseTests {
    @Test func twoWhoAgreeDecideAndAThirdSettles() {
        #expect(delivery([]) == .waits && delivery([.good]) == .waits && delivery([.good, .notYet]) == .waits)
        #expect(delivery([.good, .good]) == .deliver && delivery([.notYet, .worried]) == .giveBack)
        #expect(delivery([.good, .notYet, .good]) == .deliver && delivery([.notYet, .good, .notYet]) == .giveBack)
    }

    /// Whatever judges say and in whatever order: never out on fewer than two good words, and three always settle it.
    @Test func noOrderDeliversOnOneWord() {
        for a in Judgement.allCases {
            for b in Judgement.allCases {
                for c in Judgement.allCases {
                    let all = [a, b, c]
                    #expect(delivery(all) != .waits)
                    #expect(delivery(all) != .deliver || all.count { $0 == .good } >= 2)
                    #expect(delivery(all) == delivery([c, a, b]))
                }
            }
        }
    }

    @Test func aSituationIsTwoFields() {
        let situation = Situation(happened: "I was late.", thoughts: "They hate me.")
        #expect(Situation(situation.text) == situation)
        #expect(Situation("One text, and nothing between.") == nil)
    }
}

@Suite struct LetterTests {
    private let start = Instant(milliseconds: 1_700_000_000_000)

    private func fact(_ side: LetterSide, _ state: ItemState, _ id: Int64 = 1) -> LetterFact {
        LetterFact(id: ID(raw: id), side: side, state: state)
    }

    @Test func lettersGoToAndFro() {
        #expect(turn([]) == .write(.seeker))
        #expect(turn([fact(.seeker, .waiting)]) == .onItsWay(.seeker))
        #expect(turn([fact(.seeker, .shown)]) == .write(.befriender))
        #expect(turn([fact(.seeker, .shown), fact(.befriender, .withdrawn)]) == .write(.befriender))
        #expect(turn([fact(.seeker, .shown), fact(.befriender, .returned, 9)]) == .change(.befriender, ID(raw: 9)))
        let pair = [fact(.seeker, .shown), fact(.befriender, .shown)]
        #expect(turn(pair + pair + pair) == .write(.seeker) && turn(pair + pair + pair + pair) == .over)
    }

    /// Thousands of series under a clock that jumps: each ends, none is passed on before its time or waits for ever, and whoever's turn
    /// it is was reminded before anything was taken from them.
    @Test func everySeriesEnds() {
        var chance = SeededChance(seed: 7)
        for _ in 0..<2_000 {
            var now = start
            var series = SeriesFacts(
                state: .running, turn: .write((chance.next() >> 33) % 2 == 0 ? .seeker : .befriender), since: now,
                endsAt: now + SeriesPlan.usual.length,
                remindedAt: nil, staffAsked: false)
            var (ended, steps) = (false, 0)
            while !ended, steps < 40_000 {
                steps += 1
                switch step(series, now: now) {
                case .wait(let until):
                    #expect(until > now)
                    now = until
                    if series.state == .running, (chance.next() >> 33) % 4 == 0, case .write(let side) = series.turn {
                        (series.turn, series.since) = (.write(side.other), now)
                    }
                case .remind(_, let then):
                    series.remindedAt = now
                    #expect(then > now)
                    now = then
                case .passOn:
                    #expect(now - series.since >= SeriesPlan.usual.answerWithin && series.remindedAt != nil)
                    (series.state, series.since, series.remindedAt, series.staffAsked) = (.seeking, now, nil, false)
                case .askStaff:
                    #expect(now - series.since >= SeriesPlan.usual.findWithin)
                    (series.staffAsked, series.state, series.since) = (true, .running, now)
                case .end: ended = true
                }
            }
            #expect(ended)
        }
    }

    @Test func nobodyIsPairedAcrossEighteenOrPastTheirCap() {
        let now = Instant(milliseconds: 1_000_000)
        func one(
            _ id: Int64, _ band: AgeBand, running: Int = 0, takes: Set<String>? = [], knows: Bool = false, rests: Instant? = nil,
            full: Bool = false, writes: Languages = .english
        ) -> Befriender {
            Befriender(
                account: ID(raw: id), band: band, heavyRestsUntil: rests, weekIsFull: full, running: running, lastTaken: nil, takes: takes,
                languages: writes, knows: knows)
        }
        func chosen(
            _ all: [Befriender], for band: AgeBand = .eighteen, matters: Set<String> = [], heavy: Bool = false,
            in language: Languages = .english
        ) -> Int64? { befriender(for: band, matters: matters, heavy: heavy, language: language, among: all, now: now)?.account.raw }
        #expect(chosen([one(1, .sixteen)]) == nil)
        #expect(chosen([one(1, .eighteen), one(2, .thirteen)], for: .sixteen) == nil)
        #expect(chosen([one(1, .eighteen, running: 2)]) == nil)
        #expect(chosen([one(1, .eighteen), one(2, .eighteen, takes: nil)], matters: ["grief"]) == nil)
        #expect(chosen([one(1, .eighteen), one(2, .eighteen, running: 1, knows: true)]) == 2)
        #expect(chosen([one(1, .eighteen, running: 1), one(2, .eighteen)]) == 2)
        // A full week takes nothing more; a rest from what is heavy keeps that away until it is over, and nothing else.
        #expect(chosen([one(1, .eighteen, full: true)]) == nil)
        #expect(chosen([one(1, .eighteen, rests: now + .hours(1))], heavy: true) == nil)
        #expect(chosen([one(1, .eighteen, rests: now + .hours(1))]) == 1)
        #expect(chosen([one(1, .eighteen, rests: now)], heavy: true) == 1)
        #expect(chosen([one(1, .eighteen), one(2, .eighteen, running: 1, writes: [.spanish])], in: .spanish) == 2)
        #expect(chosen([one(1, .eighteen), one(2, .eighteen, writes: [.spanish])], in: [.english, .spanish]) == nil)
        // What Spanish words are about is not told: nobody under 18 gets them.
        let young = one(1, .sixteen, writes: [.english, .spanish])
        #expect(chosen([young], for: .sixteen) == 1 && chosen([young], for: .sixteen, in: .spanish) == nil)
        // A later letter goes on to somebody else where its befriender may not take it, or does not write its language.
        func hard(_ matters: Set<String>, _ language: Languages, _ band: AgeBand?, _ writes: Languages = .english) -> Bool {
            isTooHard(matters, language: language, for: band, takes: ["grief"], writes: writes)
        }
        #expect(!hard(["bullying"], .english, .eighteen) && hard(["bullying"], .english, .sixteen) && hard(["bullying"], .english, nil))
        #expect(!hard(["grief"], .english, .sixteen) && !hard([], [], .sixteen))
        #expect(hard([], .spanish, .eighteen) && !hard([], .spanish, .eighteen, [.spanish]) && hard([], .spanish, .sixteen, [.spanish]))
        #expect(hard([], .unknown, .eighteen, Languages(codes: Languages.known.map(\.key))))
    }

    @Test func aNewAccountReachesNobodyAlone() {
        #expect(mayWriteToOne(joinedAt: start, standing: 9, pausedUntil: nil, now: start + .days(2)) == .days)
        #expect(mayWriteToOne(joinedAt: start, standing: 0, pausedUntil: nil, now: start + .days(4)) == .words)
        #expect(mayWriteToOne(joinedAt: start, standing: 1, pausedUntil: start + .days(9), now: start + .days(4)) == .paused)
        #expect(mayWriteToOne(joinedAt: start, standing: 1, pausedUntil: nil, now: start + .days(4)) == nil)
    }
}

@Suite struct PieceTests {
    @Test func bothSayYesAndItsDayComes() {
        let now = Instant(milliseconds: 1_700_000_000_000)
        for narrator in [true, false] {
            for editor in [true, false] {
                for day in [nil, now - .hours(1), now + .hours(1)] {
                    let step = pieceStep(narratorSaidYes: narrator, editorSaidYes: editor, publishAt: day, now: now)
                    #expect((step == .publish) == (narrator && editor && (day ?? now) <= now))
                }
            }
        }
    }

    @Test func claimsAreTheSameInOtherSpacing() { #expect("Tea  ends\nPANIC ".asClaim == "tea ends panic") }
}
