import Rules
import Screening
import Testing

@Suite struct NameTests {
    @Test(arguments: [Int64(0), 1, 31, 32, .max, 1_234_567_890_123_456_789, 1 << 62])
    func idsReadBackAsWritten(_ raw: Int64) {
        let id = ID<Item>(raw: raw)
        #expect(id.description.count == 13)
        #expect(ID<Item>(id.description) == id)
        #expect(ID<Item>(id.description.lowercased()) == id)
    }

    @Test(arguments: ["", "ABC", "UUUUUUUUUUUUU", "ZZZZZZZZZZZZZ", "00000000000000", "0000000000 00", "..%2f..%2f..%"])
    func nonsenseIsNoID(_ text: String) { #expect(ID<Item>(text) == nil) }

    @Test func idsAreOrderedByTimeAndUnlinkableOnesAreNot() {
        let early = IDSource(now: { Instant(milliseconds: 1000) }, random: { .max })
        let late = IDSource(now: { Instant(milliseconds: 1001) }, random: { 0 })
        #expect(early.timed(Item.self) < late.timed(Item.self))
        #expect(early.unlinkable(Item.self).raw == Int64.max)
    }

    @Test func secretsPrintAsDots() {
        let secret = Secret("heron lantern")
        #expect("\(secret)" == "•••")
        #expect(String(reflecting: secret) == "•••")
        #expect(!"\([secret])".contains("heron"))
    }

    @Test func wordsAreKeptOrRefused() {
        if case .success(let words) = Words.read("  hello \n") { #expect(words.text == "hello") } else { Issue.record("refused") }
        for (raw, why) in [
            ("", Words.Refusal.empty), (" \u{200B}\u{202E} ", .empty), ("a\0b", .unreadable),
            (String(repeating: "é", count: 10_001), .tooLong),
        ] {
            if case .failure(let refused) = Words.read(raw) { #expect(refused.why == why) } else { Issue.record("kept \(raw.count)") }
        }
    }
}

@Suite struct PeopleTests {
    @Test func startingByAge() {
        #expect(admission(of: nil, lowest: .eleven, consentAge: 13, parentsRule: .none) == .welcome)
        #expect(admission(of: nil, lowest: .eleven, consentAge: 13, parentsRule: .required) == .adultMustConfirm(age: 13))
        #expect(admission(of: .eleven, lowest: .thirteen, consentAge: 13, parentsRule: .none) == .tooYoung)
        #expect(admission(of: .eleven, lowest: .eleven, consentAge: 16, parentsRule: .mayKnow) == .welcome)
        #expect(admission(of: .thirteen, lowest: .eleven, consentAge: 16, parentsRule: .required) == .adultMustConfirm(age: 16))
        #expect(admission(of: .sixteen, lowest: .eleven, consentAge: 16, parentsRule: .required) == .welcome)
        #expect(admission(of: .adult, lowest: .eleven, consentAge: 13, parentsRule: .none) == .tooOld)
    }

    @Test func bandsGoUpByOneAndNothingElse() {
        #expect(bandChange(from: .thirteen, to: .sixteen) == .up)
        #expect(bandChange(from: .thirteen, to: .eighteen) == .unlikely)
        #expect(bandChange(from: .sixteen, to: .thirteen) == .unlikely)
        #expect(bandChange(from: .sixteen, to: .sixteen) == .same)
    }

    @Test func powersLapseWithRoleAndCheck() {
        let now = Instant(milliseconds: 1_000_000)
        let room = ID<Room>(raw: 7)
        func at(_ band: AgeBand) -> Workplace { Workplace(room: room, bands: [band], moderators: ["professional"]) }
        func staff(_ until: Instant?, _ role: Instant = .never, at place: ID<Room>? = nil) -> Staff {
            Staff(
                account: ID(raw: 1),
                roles: [GivenRole(code: "professional", name: "", powers: [.readQueue, .readCounts], room: place, endsAt: role)],
                checkedUntil: until)
        }
        #expect(staff(now + .days(1)).may(.readQueue, at: at(.thirteen), now: now))
        #expect(!staff(nil).may(.readQueue, at: at(.thirteen), now: now))
        #expect(!staff(now).may(.readQueue, at: at(.thirteen), now: now))
        #expect(staff(nil).may(.readQueue, at: at(.eighteen), now: now))
        #expect(!staff(nil).may(.readQueue, at: .house, now: now))  // where no band is known, the youngest's rule
        #expect(staff(nil).may(.readCounts, at: at(.thirteen), now: now))
        #expect(!staff(now + .days(1), now).may(.readQueue, at: at(.eighteen), now: now))
        #expect(!staff(now + .days(1), at: ID(raw: 8)).may(.readQueue, at: at(.eighteen), now: now))
        #expect(!staff(now + .days(1)).may(.ban, at: at(.eighteen), now: now))
    }

    @Test func aRoomIsReadByTheRolesItNames() {
        let now = Instant(milliseconds: 1_000_000)
        let room = ID<Room>(raw: 7)
        func staff(_ code: String, _ powers: Set<Power>) -> Staff {
            Staff(
                account: ID(raw: 1), roles: [GivenRole(code: code, name: "", powers: powers, room: nil, endsAt: .never)],
                checkedUntil: .never)
        }
        let peer = staff("trained-paid-peer", [.readQueue, .hide, .answer])
        let named = Workplace(room: room, bands: [.thirteen], moderators: ["trained-paid-peer"])
        let other = Workplace(room: room, bands: [.thirteen], moderators: ["trained-paid-staff"])
        let nobody = Workplace(room: room, bands: [.eighteen], moderators: [])
        #expect(peer.may(.readQueue, at: named, now: now) && peer.may(.hide, at: named, now: now))
        #expect(!peer.may(.readQueue, at: other, now: now))
        #expect(peer.may(.answer, at: other, now: now) && peer.may(.hide, at: other, now: now))  // neither decides anything
        #expect(peer.may(.readQueue, at: nobody, now: now))  // reports reach somebody even there
        // Whoever was given a role for this very room reads it, named or not.
        let own = Staff(
            account: ID(raw: 1), roles: [GivenRole(code: "night-reader", name: "", powers: [.readQueue], room: room, endsAt: .never)],
            checkedUntil: .never)
        #expect(own.may(.readQueue, at: other, now: now))
        // What climbs is never left without somebody: who takes it reaches every room.
        #expect(staff("safeguarding-lead", [.readQueue, .takeEscalated]).may(.readQueue, at: other, now: now))
    }

    @Test func theLadderByTheBook() {
        let now = Instant(milliseconds: 2_000_000_000_000)
        func acts(_ count: Int, deliberate: Bool = true, daysAgo: Int = 1) -> [CountedAct] {
            (0..<count).map { _ in CountedAct(reason: "bullying", deliberate: deliberate, at: now - .days(daysAgo)) }
        }
        #expect(nextStep(acts: acts(1), steps: [], reason: "bullying", now: now) == .editWithMessage)
        #expect(nextStep(acts: acts(2), steps: [.editWithMessage], reason: "bullying", now: now) == .editWithMessage)
        #expect(nextStep(acts: acts(3), steps: [], reason: "bullying", now: now) == .warning)
        #expect(nextStep(acts: acts(4), steps: [.warning], reason: "bullying", now: now) == .pauseTwoWeeks)
        #expect(nextStep(acts: acts(5), steps: [.warning, .pauseTwoWeeks], reason: "bullying", now: now) == .pauseMonth)
        #expect(nextStep(acts: acts(6), steps: [.warning, .pauseTwoWeeks, .pauseMonth], reason: "bullying", now: now) == .leaveForGood)
        #expect(nextStep(acts: acts(9, deliberate: false), steps: [], reason: "bullying", now: now) == .editWithMessage)
        #expect(nextStep(acts: acts(9, daysAgo: 400), steps: [], reason: "bullying", now: now) == .editWithMessage)
    }
}

@Suite struct CaseTests {
    @Test func urgentStandsAboveAnythingThatWaited() {
        let now = Instant(milliseconds: 2_000_000_000_000)
        let urgent = CaseFacts(level: .urgent).priority.rank(openedAt: now)
        let routine = CaseFacts(level: .low, reporters: 5, worried: true, newHere: true, young: true, promised: true).priority
        // By rank alone a routine case overtakes after days; the floor (urgent first) never lets it.
        #expect(urgent > routine.rank(openedAt: now))
        #expect(CaseFacts(level: .high).priority.rank(openedAt: now) > CaseFacts(level: .medium).priority.rank(openedAt: now))
    }

    @Test func rankKeepsItsOrderAsTimePasses() {
        let start = Instant(milliseconds: 2_000_000_000_000)
        let (old, young) = (CaseFacts(level: .low).priority, CaseFacts(level: .medium).priority)
        let (oldAt, youngAt) = (start, start + .hours(10))
        let byRank = old.rank(openedAt: oldAt) > young.rank(openedAt: youngAt)
        for later in [11, 20, 100, 1000] {
            let now = start + .hours(later)
            let sums = [(old, oldAt), (young, youngAt)].map { $0.0.shown(openedAt: $0.1, now: now).map(\.points).reduce(0, +) }
            #expect((sums[0] > sums[1]) == byRank)
        }
        #expect(Priority(written: young.written) == young)
    }

    @Test func theFold() {
        #expect(state(after: [.opened]) == .open)
        #expect(state(after: [.opened, .claimed, .noted]) == .claimed)
        #expect(state(after: [.opened, .claimed, .released]) == .open)
        #expect(state(after: [.opened, .climbed, .claimed]) == .escalated)
        #expect(state(after: [.opened, .claimed, .closed, .noted]) == .closed)
    }

    @Test func onlyThePowerToCloseRiskClosesOne() {
        func may(_ act: Act, close: Bool, own: Bool = false) -> DecisionRefusal? {
            mayDecide(
                act, hasPower: true, mayCloseRisk: close, isRisk: true, isOwnWords: own, isOwnDecision: false, claimedByOther: false,
                isClosed: false)
        }
        #expect(may(.approve, close: false) == .needsProfessional)
        #expect(may(.close, close: false) == .needsProfessional)
        #expect(may(.approve, close: true) == nil)
        #expect(may(.escalate, close: false) == nil)
        #expect(may(.approve, close: true, own: true) == .ownWords)
    }

    /// Nobody finishes, lowers or shows a risk by another door: every act is thought about.
    @Test func aRiskGoesOnUntilSomebodyWhoMayEndsIt() {
        for act in Act.allCases {
            #expect(closesCase(act, isRisk: true, mayCloseRisk: false) == false, "\(act)")
            #expect(closesCase(act, isRisk: false, mayCloseRisk: false) == closesCase(act, isRisk: true, mayCloseRisk: true), "\(act)")
        }
        #expect(
            Act.allCases.filter { closesCase($0, isRisk: false, mayCloseRisk: false) } == [
                .approve, .returnIt, .hide, .remove, .close, .restore,
            ])
    }

    @Test func whatMayNotBeDecided() {
        func may(
            _ act: Act, lowers: Bool = false, close: Bool = false, risk: Bool = false, stale: Bool = false, takenBack: Bool = false
        ) -> DecisionRefusal? {
            mayDecide(
                act, hasPower: true, mayCloseRisk: close, isRisk: risk, lowers: lowers, isOwnWords: false, isOwnDecision: false,
                claimedByOther: false, isClosed: false, isStale: stale, isTakenBack: takenBack)
        }
        #expect(may(.label, lowers: true, risk: true) == .needsProfessional)
        #expect(may(.label, lowers: true, close: true, risk: true) == nil)
        #expect(may(.label, lowers: true) == nil)
        #expect(may(.hide, stale: true) == .changedMeanwhile)
        // Of words that their writer took back nothing is said or done any more; the case and its person are still seen to.
        #expect(Act.allCases.filter { may($0, close: true, takenBack: true) == nil } == [.label, .restrict, .escalate, .close])
        #expect(Act.allCases.allSatisfy { may($0, close: true) == nil })
    }

    @Test func climbingEndsWithEveryone() {
        let now = Instant(milliseconds: 0)
        #expect(
            Tier.allCases.map { DueTimes.usual.climb(level: .urgent, tier: $0, openedAt: now, now: now).tier } == [
                .professional, .safeguardingLead, .everyone, .everyone,
            ])
        #expect(DueTimes.usual.climb(level: .low, tier: .moderator, openedAt: now, now: now).alarms == false)
    }

    @Test func flagsAtNight() {
        #expect(nightFlags(onItem: 3, onAccount: 3, nobodyOnDuty: true, isUnder18: false) == .suspend)
        #expect(nightFlags(onItem: 1, onAccount: 5, nobodyOnDuty: true, isUnder18: false) == .suspend)
        #expect(nightFlags(onItem: 3, onAccount: 3, nobodyOnDuty: true, isUnder18: true) == .holdAndCheck)
        #expect(nightFlags(onItem: 3, onAccount: 9, nobodyOnDuty: false, isUnder18: false) == .nothing)
        #expect(nightFlags(onItem: 2, onAccount: 4, nobodyOnDuty: true, isUnder18: false) == .nothing)
    }
}

@Suite struct RoomTests {
    private func form(_ moderation: Moderation, _ bands: Set<AgeBand>, night: NightRule = .wait, moderators: [String] = ["x"]) -> RoomForm {
        RoomForm(
            version: 1, interaction: .notLive, moderation: moderation, moderators: moderators, focus: [], bands: bands, size: 10,
            anonymity: false, hours: nil, promiseMinutes: 60, night: night)
    }

    @Test func theYoungAreReadBeforeShowing() {
        #expect(refusals(of: form(.before, [.thirteen]), invited: true, mixedOnPurpose: false, loosened: []).isEmpty)
        #expect(refusals(of: form(.byRisk, [.thirteen]), invited: true, mixedOnPurpose: false, loosened: []) == [.youngWithoutReadingFirst])
        #expect(refusals(of: form(.byRisk, [.thirteen]), invited: true, mixedOnPurpose: false, loosened: [.readBefore]).isEmpty)
        #expect(
            refusals(of: form(.none, [.sixteen]), invited: true, mixedOnPurpose: false, loosened: [.readBefore]) == [.noModeratorsForYoung])
        #expect(refusals(of: form(.none, [.eighteen], moderators: []), invited: true, mixedOnPurpose: false, loosened: []).isEmpty)
        #expect(
            refusals(of: form(.byRisk, [.sixteen, .eighteen]), invited: true, mixedOnPurpose: true, loosened: [.readBefore]).contains(
                .mixedWithoutReadingFirst))
        #expect(
            refusals(of: form(.before, [.thirteen, .sixteen]), invited: true, mixedOnPurpose: false, loosened: []) == [.mixedNotOnPurpose])
        #expect(
            refusals(of: form(.before, [.eleven], night: .show), invited: true, mixedOnPurpose: false, loosened: []) == [
                .showAtNightForYoung
            ]
        )
        #expect(refusals(of: form(.before, []), invited: true, mixedOnPurpose: false, loosened: []).contains(.noBands))
    }

    @Test func whatOpeningNeeds() {
        #expect(missingRecords(for: form(.before, [.thirteen]), recorded: []).count == 8)
        #expect(missingRecords(for: form(.byRisk, [.eighteen]), recorded: []).isEmpty)
    }

    @Test func whoMayRead() {
        #expect(mayRead(readable: .anyone, bands: [.eighteen], invited: false, isOpen: true, reader: .visitor))
        #expect(!mayRead(readable: .anyone, bands: [.thirteen], invited: false, isOpen: true, reader: .visitor))
        for band in [nil, AgeBand.eleven, .thirteen] {
            #expect(
                !mayRead(
                    readable: .anyone, bands: [.sixteen, .eighteen, .adult], invited: false, isOpen: true,
                    reader: .member(band: band, joined: false)), "a room of several ages is for those ages")
        }
        #expect(!mayRead(readable: .signedIn, bands: [.eighteen], invited: false, isOpen: true, reader: .visitor))
        #expect(!mayRead(readable: .signedIn, bands: [.eighteen], invited: false, isOpen: true, reader: .member(band: nil, joined: true)))
        #expect(
            !mayRead(readable: .signedIn, bands: [.eighteen], invited: false, isOpen: true, reader: .member(band: .thirteen, joined: false))
        )
        #expect(
            mayRead(readable: .members, bands: [.thirteen], invited: false, isOpen: true, reader: .member(band: .thirteen, joined: true)))
        #expect(
            !mayRead(readable: .members, bands: [.thirteen], invited: false, isOpen: true, reader: .member(band: .thirteen, joined: false)))
        #expect(
            !mayRead(readable: .signedIn, bands: [.eighteen], invited: false, isOpen: false, reader: .member(band: .eighteen, joined: true))
        )
    }

    @Test func hoursRunOverMidnight() {
        #expect(Hours(from: 1320, to: 480).contains(minute: 30))
        #expect(!Hours(from: 1320, to: 480).contains(minute: 600))
        #expect(Hours(from: 540, to: 1020).contains(minute: 540))
    }
}

@Suite struct FilterTests {
    private func item(
        _ matters: [String] = [], heavy: Bool = false, voice: Voice = .name, note: String? = nil, body: String = "words"
    ) -> Filtered {
        Filtered(
            room: ID(raw: 1), name: ID(raw: 2), voice: voice, account: ID(raw: 3), thread: ID(raw: 4),
            matters: matters.map { Substring($0) }, heavy: heavy, note: note, title: "", body: body)
    }

    @Test func hiddenIsHiddenOnEverySurface() {
        let reader = ReaderChoices(matters: ["self-harm": .hide])
        for surface in Surface.allCases { #expect(sight(of: item(["self-harm"]), for: reader, on: surface) == .hide(.matter("self-harm"))) }
    }

    @Test func anUnknownMatterIsNeverSimplyShown() {
        #expect(sight(of: item(["new-matter"]), for: ReaderChoices(matters: [:]), on: .room) == .cover([.matter("new-matter")]))
    }

    @Test func homeLeavesOutWhatRoomsCover() {
        let reader = ReaderChoices(matters: ["bullying": .cover])
        #expect(sight(of: item(["bullying"]), for: reader, on: .room) == .cover([.matter("bullying")]))
        #expect(sight(of: item(["bullying"]), for: reader, on: .home) == .hide(.matter("bullying")))
    }

    @Test func aNewReadersHomeShowsNothingHeavy() {
        let reader = ReaderChoices(matters: ["bullying": .show], heavyWelcome: false)
        #expect(sight(of: item(["bullying"], heavy: true), for: reader, on: .home) == .hide(.landing))
        #expect(sight(of: item(["bullying"], heavy: true), for: reader, on: .room) == .show)
    }

    @Test func wordsAreWhole() {
        let reader = ReaderChoices(matters: [:], words: ["cut", "spider man"])
        #expect(sight(of: item(body: "a cute cat"), for: reader, on: .search) == .show)
        #expect(sight(of: item(body: "I CUT, paper"), for: reader, on: .search) == .hide(.word("cut")))
        #expect(sight(of: item(body: "the new Spider Man film"), for: reader, on: .room) == .hide(.word("spider man")))
        #expect(sight(of: item(note: "cut", body: "x"), for: reader, on: .thread) == .hide(.word("cut")))
        #expect(sight(of: item(body: "haircuts, cut_off. Cut-price"), for: reader, on: .thread) == .hide(.word("cut")))
        #expect(sight(of: item(body: "cu"), for: reader, on: .thread) == .show)
        #expect(sight(of: item(body: "spider mania"), for: reader, on: .thread) == .show)
        let accents = ReaderChoices(matters: [:], words: ["\u{C9}t\u{E9}", "ma\u{DF}"])
        #expect(sight(of: item(body: "un \u{E9}t\u{C9} chaud"), for: accents, on: .room) == .hide(.word("\u{E9}t\u{E9}")))
        #expect(sight(of: item(body: "Ma\u{DF}stab, \u{E9}t\u{E9}s"), for: accents, on: .room) == .show)
        #expect(MutedWords(["", "CUT"]).first(in: ["a", "uncut cut"]) == "cut" && MutedWords([]).first(in: ["a"]) == nil)
    }

    @Test func anAnonymousVoiceIsMutedInItsThreadAlone() {
        var reader = ReaderChoices(matters: [:], mutedVoices: [MutedVoice(thread: ID(raw: 4), account: ID(raw: 3))])
        #expect(sight(of: item(voice: .anonymous), for: reader, on: .thread) == .hide(.voice))
        var elsewhere = item(voice: .anonymous)
        elsewhere.thread = ID(raw: 5)
        #expect(sight(of: elsewhere, for: reader, on: .thread) == .show)
        #expect(sight(of: item(), for: reader, on: .thread) == .show)  // the same account's name stays
        reader.mutedNames = [ID(raw: 2)]
        #expect(sight(of: item(), for: reader, on: .thread) == .hide(.person))
        #expect(sight(of: item(voice: .anonymous), for: ReaderChoices(matters: [:], mutedNames: [ID(raw: 2)]), on: .thread) == .show)
    }

    @Test func staffAreNeverMuted() {
        let reader = ReaderChoices(matters: [:], mutedNames: [ID(raw: 2)], blockedBy: [ID(raw: 2)])
        #expect(sight(of: item(voice: .staff), for: reader, on: .thread) == .show)
    }

    @Test func theAuthorsNoteAndTheReadersChoiceAreBothKept() {
        let reader = ReaderChoices(matters: ["bullying": .cover])
        #expect(
            sight(of: item(["bullying"], note: "a hard day"), for: reader, on: .room)
                == .cover([.matter("bullying"), .authorNote("a hard day")]))
    }

    @Test func theLimitCovers() {
        let reader = ReaderChoices(matters: ["bullying": .show], heavyLeftToday: 0)
        #expect(sight(of: item(["bullying"], heavy: true), for: reader, on: .room) == .cover([.limit]))
        #expect(sight(of: item(["bullying"], heavy: true), for: reader, on: .home) == .hide(.limit))
    }

    @Test func lighterAfterHeavy() {
        let made = mixed([1, 1, 1, 0, 0], isHeavy: { $0 == 1 })
        #expect(made == [0, 1, 0, 1, 1])
    }
}
