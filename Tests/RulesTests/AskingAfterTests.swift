import Statistics
import Testing

@testable import Rules

@Suite struct AskingAfterTests {
    private let now = Instant(milliseconds: 20_000 * 86_400_000) + .hours(12)

    private func facts(away: Int64 = 21, minute: Int = 720, _ change: (inout AskingAfter.Facts) -> Void = { _ in }) -> AskingAfter.Facts {
        var made = AskingAfter.Facts(seenDay: now.day - away, minute: minute)
        change(&made)
        return made
    }

    private func decide(_ facts: AskingAfter.Facts, coin: Double = 0.1) -> AskingAfter.Decision {
        AskingAfter.decide(facts, coin: coin, now: now)
    }

    @Test func chanceDecidesForHalf() {
        #expect(decide(facts(), coin: 0) == .draw(.ask))
        #expect(decide(facts(), coin: 0.4999) == .draw(.ask))
        #expect(decide(facts(), coin: 0.5) == .draw(.leave))
        #expect(decide(facts(), coin: 0.9999) == .draw(.leave))
        // Without an address nobody can be asked, whatever the coin.
        #expect(decide(facts { $0.hasAddress = false }, coin: 0) == .draw(.unreachable))
        #expect(
            decide(
                facts {
                    $0.hasAddress = false; $0.canSend = false
                }) == .draw(.unreachable))
    }

    @Test func noAddressIsKeptOfTheYoungest() {
        for band: AgeBand? in [nil, .eleven, .thirteen] { #expect(!AskingAfter.takesAddress(band, consentAge: 13)) }
        for band: AgeBand in [.sixteen, .eighteen] { #expect(AskingAfter.takesAddress(band, consentAge: 16)) }
        #expect(!AskingAfter.takesAddress(.sixteen, consentAge: 18))
    }

    @Test func someAreNeverAsked() {
        let rows: [(AskingAfter.Never, (inout AskingAfter.Facts) -> Void)] = [
            (.saidNo, { $0.saidYes = false }), (.barred, { $0.isBarred = true }),
            (.gone, { $0.isGone = true }),
        ]
        for (no, change) in rows { #expect(decide(facts(change)) == .never(no)) }
    }

    @Test func andSomeNotYet() {
        func wait(_ facts: AskingAfter.Facts) -> (AskingAfter.Wait, Instant)? {
            if case .wait(let until, let why) = decide(facts) { (why, until) } else { nil }
        }
        // Twenty days are not enough; it is looked at again when they are over.
        #expect(wait(facts(away: 20))?.0 == .here)
        #expect(wait(facts(away: 20))?.1.day == now.day + 1)
        // A break that somebody set themselves, and three weeks from its end.
        #expect(wait(facts(away: 40) { $0.breakUntil = now + .days(3) })?.0 == .onBreak)
        #expect(wait(facts(away: 40) { $0.breakUntil = now + .days(3) })?.1.day == now.day + 24)
        #expect(wait(facts(away: 40) { $0.breakUntil = now - .days(5) })?.0 == .here)
        #expect(decide(facts(away: 60) { $0.breakUntil = now - .days(22) }) == .draw(.ask))
        #expect(wait(facts { $0.restrictedUntil = now + .days(9) })?.0 == .restricted)
        #expect(wait(facts { $0.restrictedUntil = now + .days(9) })?.1 == now + .days(9))
        #expect(wait(facts { $0.isLookedAfter = true })?.0 == .lookedAfter)
        #expect(wait(facts { $0.isQuiet = true })?.0 == .quiet)
        #expect(wait(facts { $0.canSend = false })?.0 == .noWay)
        // Between ten and six where they are; else at the next ten o'clock.
        for (minute, hours) in [(1_080, 16), (1_380, 11), (0, 10), (540, 1)] {
            #expect(wait(facts(minute: minute))?.0 == .night)
            #expect(wait(facts(minute: minute))?.1 == now + .hours(hours))
        }
        for minute in [600, 720, 1_079] { #expect(decide(facts(minute: minute)) == .draw(.ask)) }
    }

    @Test func aMailLeavesOnlyWhileItIsStillTrue() {
        func leaves(_ facts: AskingAfter.Facts, drawn: Lapse = .minutes(1)) -> AskingAfter.Departure {
            AskingAfter.mayLeave(facts, drawnAt: now - drawn, now: now)
        }
        #expect(leaves(facts()) == .now)
        #expect(leaves(facts(away: 0)) == .notAnyMore)
        #expect(leaves(facts(), drawn: .days(3)) == .notAnyMore)
        #expect(leaves(facts { $0.hasAddress = false }) == .notAnyMore)
        #expect(leaves(facts { $0.isBarred = true }) == .notAnyMore)
        #expect(leaves(facts { $0.saidYes = false }) == .notAnyMore)
        #expect(leaves(facts { $0.canSend = false }) == .wait(until: now + .hours(1)))
        #expect(leaves(facts(minute: 1_200)) == .wait(until: now + .hours(14)))
        #expect(leaves(facts { $0.isLookedAfter = true }) == .wait(until: now + .days(1)))
    }

    @Test func addresses() {
        for good in ["a@b.co", "first.last+tag@mail.example.org", "o'neil@example.co.uk"] { #expect(AskingAfter.isAddress(good)) }
        for bad in [
            "", "a", "a@b", "@b.co", "a@", "a@b@c.co", "a b@c.co", "a@b..co", "a@-b.co", "a@b.co\r\nBcc: x@y.co", "a@b.co,c@d.co",
            "<a@b.co>", "a@b.co\0", "ä@b.co", String(repeating: "a", count: 65) + "@b.co",
        ] { #expect(!AskingAfter.isAddress(bad), "\(bad)") }
    }

    private func rows(_ ask: (Int, Int), _ leave: (Int, Int), alone: (Int, Int) = (0, 0)) -> AskingAfterRows {
        var made = AskingAfterRows()
        made.halves = [.ask: ask, .leave: leave, .unreachable: alone]
        return made
    }

    @Test func theEffectIsToldOnlyWhereNoCellIsSmall() throws {
        let told = try AskingAfterReport(rows((70, 56), (80, 48)))
        guard case .value(let effect, let ends?) = told.effect else { Issue.record("\(told.effect)"); return }
        #expect(abs(effect - 0.2) < 1e-9 && abs(ends.lower - 0.0524) < 5e-5 && abs(ends.upper - 0.3339) < 5e-5)
        // One small cell hides both halves: from one and the difference anybody would have the other.
        let small = try AskingAfterReport(rows((40, 3), (40, 20)))
        #expect(small.effect == .few && small.back[.ask] == .few && small.back[.leave] == .few)
        #expect(small.drawn[.ask] == .about(40))
        let few = try AskingAfterReport(rows((5, 2), (4, 1), alone: (9, 0)))
        #expect(few.effect == .few && few.drawn[.ask] == .few && few.back[.unreachable] != .few)
        #expect(try AskingAfterReport(rows((0, 0), (0, 0))).effect == .nothing)
        #expect(try AskingAfterReport(rows((20, 10), (0, 0))).effect == .nothing)
    }

    @Test func leavingIsAskedOnceADay() {
        #expect(Leaving.isAsked(isStaff: false, lastAsked: nil, today: 7))
        #expect(Leaving.isAsked(isStaff: false, lastAsked: 6, today: 7))
        #expect(!Leaving.isAsked(isStaff: false, lastAsked: 7, today: 7))
        #expect(!Leaving.isAsked(isStaff: true, lastAsked: nil, today: 7))
        #expect(Leaving.allCases.filter(\.isOfferedHelp) == [.heavier])
        #expect(LeavingCounts(weekday: 1, counts: [4, 3, 0, 0]).told == nil)
        #expect(LeavingCounts(weekday: 1, counts: [9, 3, 0, 0]).told == [.about(10), .few, .zero, .zero])
    }
}
