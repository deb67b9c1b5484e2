import Screening
import Testing

@Suite struct FortnightTests {
    private func worries(_ list: [(Level, Double)]) -> [Fortnight.Worry] { list.map { .init(level: $0.0, daysAgo: $0.1) } }

    @Test func threeMediumWorriesInAFortnight() {
        #expect(Fortnight.pattern(worries([(.medium, 13), (.medium, 6), (.medium, 0)])) == .repeated)
        #expect(Fortnight.pattern(worries([(.medium, 15), (.medium, 6), (.medium, 0)])) == nil)
        #expect(Fortnight.pattern(worries([(.medium, 6), (.low, 3), (.medium, 0)])) == nil)
    }

    @Test func manySmallOnesAndRisingOnes() {
        #expect(Fortnight.pattern(worries([(.low, 9), (.low, 7), (.low, 5), (.low, 3), (.low, 0)])) == .constant)
        #expect(Fortnight.pattern(worries([(.low, 9), (.low, 7), (.low, 5), (.low, 3)])) == nil)
        #expect(Fortnight.pattern(worries([(.low, 9), (.medium, 3), (.high, 0)])) == .rising)
        #expect(Fortnight.pattern(worries([(.high, 9), (.medium, 3), (.low, 0)])) == nil)
    }

    @Test func nothingOfTheFutureAndNothingOfNothing() {
        #expect(Fortnight.pattern([]) == nil)
        #expect(Fortnight.pattern(worries([(.medium, -1), (.medium, -2), (.medium, -3)])) == nil)
        #expect(Fortnight.pattern(worries([(.none, 1), (.none, 2), (.none, 3), (.none, 4), (.none, 5)])) == nil)
    }
}

@Suite struct ThreadCourseTests {
    private typealias Step = ThreadCourse.Step

    /// HARM-2: seen before the fifth reply.
    @Test func comparingIsSeenEarly() {
        let steps = [Step(voice: 1, kinds: []), Step(voice: 2, kinds: [.comparison]), Step(voice: 3, kinds: [.comparison])]
        #expect(ThreadCourse.course(steps) == .comparing)
        #expect(ThreadCourse.course(Array(steps.prefix(2))) == nil, "one voice alone is no competition")
    }

    @Test func heatedThreadsAreSlowed() {
        let steps = [Step(voice: 1, kinds: []), Step(voice: 2, kinds: [.bullying]), Step(voice: 1, kinds: [.bullying])]
        #expect(ThreadCourse.course(steps) == .heated)
        #expect(ThreadCourse.Course.heated.slowMinutes > 0)
    }

    @Test func goingRoundNeedsSeveralAndEndsWithHelp() {
        var steps = (0..<6).map { Step(voice: $0 % 2, kinds: $0 == 2 ? [] : [.distress]) }
        #expect(ThreadCourse.course(steps) == .goingRound)
        steps[4].helps = true
        #expect(ThreadCourse.course(steps) == nil)
        #expect(ThreadCourse.course((0..<6).map { _ in Step(voice: 1, kinds: [.distress]) }) == nil, "one voice tells its own pain")
    }

    @Test func aThreadCanFindBack() {
        let steps =
            [Step(voice: 1, kinds: [.comparison]), Step(voice: 2, kinds: [.comparison])]
            + (0..<ThreadCourse.window).map { Step(voice: $0, kinds: []) }
        #expect(ThreadCourse.course(steps) == nil)
    }
}
