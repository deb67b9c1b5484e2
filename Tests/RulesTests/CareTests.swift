import Testing

@testable import Rules

/// The small machines of thread care, evidence notes, reviews and the column.
@Suite struct CareTests {
    private let now = Instant(milliseconds: 1_000_000_000_000)

    @Test func aThreadIsSlowedForAWhile() {
        let day = Slowing(minutes: 10, until: now + .days(1))
        #expect(slowing(nil, after: .set(minutes: 10), now: now) == day)
        #expect(day.isOn(at: now + .hours(23)) && !day.isOn(at: now + .days(1)))
        #expect(slowing(day, after: .set(minutes: 0), now: now) == nil)
        #expect(slowing(day, after: .set(minutes: 2), now: now + .hours(1)) == Slowing(minutes: 2, until: now + .hours(25)))
    }

    @Test func aQuarrelUndoesNothingStronger() {
        let half = Slowing(minutes: 5, until: now + .hours(12))
        #expect(slowing(nil, after: .quarrel(minutes: 5), now: now) == half)
        let strong = Slowing(minutes: 30, until: now + .days(1))
        #expect(slowing(strong, after: .quarrel(minutes: 5), now: now) == strong)
        #expect(slowing(half, after: .quarrel(minutes: 5), now: now + .hours(6)) == Slowing(minutes: 5, until: now + .hours(18)))
        // What is over counts for nothing, and a course that slows nothing changes nothing.
        #expect(slowing(strong, after: .quarrel(minutes: 5), now: now + .days(2)) == Slowing(minutes: 5, until: now + .hours(60)))
        #expect(slowing(half, after: .quarrel(minutes: 0), now: now) == half && slowing(nil, after: .quarrel(minutes: 0), now: now) == nil)
        // Whatever comes, a slowed thread goes on as usual by itself within a day.
        for event in [SlowingEvent.set(minutes: 60), .quarrel(minutes: 60)] {
            #expect(slowing(strong, after: event, now: now).map { $0.until <= now + .days(1) } == true)
        }
    }

    @Test func somethingSaidIsAskedAboutOnce() {
        #expect(evidenceStep(nil, after: .asked) == .ask)
        for mark in EvidenceMark.allCases {
            // What was taken back is asked about again.
            #expect(evidenceStep(mark, after: .asked) == (mark == .none ? .ask : .join))
            #expect(evidenceStep(mark, after: .marked(.checked)) == .tell && evidenceStep(mark, after: .marked(.corrected)) == .tell)
            #expect(evidenceStep(mark, after: .marked(.none)) == .waits)
            #expect(evidenceStep(mark, after: .wordsGone(standElsewhere: true)) == .keep)
            #expect(evidenceStep(mark, after: .wordsGone(standElsewhere: false)) == .drop)
            #expect(evidenceStep(nil, after: .marked(mark)) == nil, "of what nobody asked about nothing is said")
        }
        #expect("  Tea\ncures   Everything ".asClaim == "tea cures everything")
        #expect("It helps, one-in 1!".asWholeWords == " it helps one in 1 ")
        #expect(!"it helps one in 100".asWholeWords.contains("one in 1".asWholeWords))
        #expect("……".asWholeWords == "" && "".asWholeWords == "")
        for more in ["it helps 1 in 1,000 people", "It helps 1 in 1.5", "it helps 1 in 1-2", "it helps 1 in 1/3"] {
            #expect(!more.asWholeWords.contains("helps 1 in 1".asWholeWords), "\(more)")
        }
        #expect(
            "They slept. It helps".stretch(of: "slept it helps") == nil
                && "It helps. Always!".stretch(of: "helps! always.") == "helps. Always")
        #expect("Is tea good\n\nIt helps".stretch(of: "good it helps") == nil && "Is tea\ngood".stretch(of: "tea good") != nil)
        #expect("これは効くと聞いた".stretch(of: "効く") == "効く")
        #expect(!"it helps 50% of all".asWholeWords.contains("helps 50".asWholeWords) && "Don’t stop.".asWholeWords == " don't stop ")
        #expect("They say: it\n helps, one in 1!".stretch(of: "IT HELPS one—in 1") == "it\n helps, one in 1")
        #expect("It helps one in 100".stretch(of: "one in 1") == nil && "a".stretch(of: "") == nil && "".stretch(of: "a") == nil)
        #expect("you are loved".stretch(of: "you 🔪 are loved") == "you are loved", "nobody puts signs into somebody's mouth")
        #expect("茶可以治病".asWholeWords.contains("治病".asWholeWords), "signs that are words each")
    }

    @Test func onlyWhoeverUsedARoomSaysHowItIs() {
        func step(_ words: Bool, _ days: Int?, before: Bool = false) -> ReviewStep {
            reviewStep(wordsStand: words, memberSince: days.map { now - .days($0) }, saidBefore: before, now: now)
        }
        #expect(step(false, nil) == .tooSoon && step(false, 6) == .tooSoon && step(false, 6, before: true) == .tooSoon)
        #expect(step(true, nil) == .read && step(false, 7) == .read && step(true, 1, before: true) == .readInstead)
    }

    @Test func aQuestionIsAnsweredOnceAndOnlyWhileItWaits() {
        for state in ItemState.allCases {
            #expect(columnStep(state, isPublished: true) == .published)
            #expect((columnStep(state, isPublished: false) == .answer) == (state == .waiting))
        }
    }
}
