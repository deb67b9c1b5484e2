import Testing

@testable import Screening

@Suite struct TrapTests {
    /// Sentences that look like risk and are none.
    @Test(arguments: [
        "this homework is killing me", "I'm dead tired", "I could murder a pizza", "kms lol this game is so laggy",
        "he died in the show and I cried", "dying of laughter over here", "my phone died again",
        "if you feel suicidal call 116 123", "you can text a helpline if you want to die",
        "we had a lesson about suicide prevention today", "my character wants to die in the last level",
        "she killed it on stage", "that joke slayed me", "I would kill for a nap",
    ])
    func staysQuiet(text: String) {
        #expect(Loaded.screen.assess(text).level <= .low, "\(Loaded.screen.assess(text).concerns.map(\.source))")
    }

    @Test(arguments: [
        ("I don't want to die", ConcernKind.riskToSelf, Level.none, Level.low),
        ("I used to want to die, years ago", .riskToSelf, .low, .low),
        ("I'm two years clean from self harm", .riskToSelf, .none, .low),
        ("I don't want to live", .riskToSelf, .high, .high),
        ("I don't want to be here anymore", .riskToSelf, .high, .high),
        ("I can't cope, I want to die", .riskToSelf, .high, .high),
        ("i cant cope i want to die", .riskToSelf, .high, .high),
        ("I want to die", .riskToSelf, .high, .high),
        ("I'm going to kill myself tonight", .riskToSelf, .urgent, .urgent),
        ("I'm not going to kill myself tonight", .riskToSelf, .none, .low),
        ("my friend says she wants to die", .riskToSelf, .none, .low),
        ("my friend says she wants to die", .riskToOther, .medium, .urgent),
        ("my friend says she's going to kill herself tonight", .riskToOther, .urgent, .urgent),
        ("there are voices telling me to end it all", .riskToSelf, .high, .high),
        ("you should kill yourself", .encouragement, .urgent, .urgent),
        ("please don't kill yourself", .encouragement, .none, .none),
        ("they told me to kill myself", .encouragement, .none, .low),
        ("what is the easiest way to die", .method, .high, .high),
        ("they called me worthless at school", .bullying, .none, .low),
        ("you are worthless", .bullying, .high, .high),
        ("I only ate 300 calories", .eatingDetail, .high, .high),
        ("add me on snap", .grooming, .high, .high),
        ("my sister ran 300 metres", .eatingDetail, .none, .none),
    ])
    func scopes(text: String, kind: ConcernKind, least: Level, most: Level) {
        let level = Loaded.screen.assess(text).concern(kind)?.level ?? .none
        #expect((least...most).contains(level), "\(text): \(level)")
    }

    /// The same wish, disguised in the ways people disguise it.
    @Test(arguments: [
        "I want to k i l l myself", "I want to k.i.l.l myself", "I want to ki11 myself", "I want to k*ll myself",
        "I want to kіll mysеlf", "I want to kiiiiill myself", "I need to unalive myself", "iwanttokillmyself",
        "I want to k\u{200B}ill my\u{200D}self", "I want to ｋｉｌｌ myself", "I want to 𝓴𝓲𝓵𝓵 myself",
        "I w4nt to k1ll mys3lf", "i want to kill mysefl", "I WANT TO KILL MYSELF", "I. want. to. kill. myself.",
        "I want to kíll myself", "i wanna kill meself", "I want to k-i-l-l myself",
    ])
    func disguises(text: String) {
        #expect(Loaded.screen.assess(text).has(.riskToSelf, atLeast: .high))
    }

    @Test func distressIsNotRisk() {
        let assessment = Loaded.screen.assess("I feel so stressed and low today")
        #expect(assessment.has(.distress))
        #expect(!assessment.has(.riskToSelf))
        #expect(assessment.level == .none)
    }

    @Test func repliesAloneGetHintsAboutReplying() {
        let text = "calm down, it's not a big deal"
        #expect(!Loaded.screen.assess(text).has(.replyHint))
        #expect(Loaded.screen.assess(text, context: Context(isReply: true)).has(.replyHint))
    }

    @Test func topicsFollowTheWords() {
        let topics = Loaded.screen.assess("my dad and mum keep fighting and I have exams tomorrow").topics
        #expect(topics.contains("exams"))
    }

    @Test func languages() {
        #expect(Loaded.screen.assess("I had a long day and I am tired").language == .known("en"))
        #expect(Loaded.screen.assess("ok").language == .tooShortToTell)
        #expect(Loaded.screen.assess("Estoy muy cansado y no quiero que me hablen por la tarde").language == .known("es"))
        #expect(Loaded.screen.assess("сегодня был очень длинный день").completeness == .unknownLanguage)
        #expect(Loaded.screen.assess(" \n ").completeness == .empty)
        #expect(Loaded.screen.assess(String(repeating: "a b ", count: 3_000)).completeness == .tooLong)
    }

    /// One mark alone quotes nothing, and what came behind a flood is not passed over in silence.
    @Test(arguments: [
        "im 5'4\" and i am going to kill myself tonight", "he said \"hm\nI am going to kill myself tonight",
        "so “ I am going to kill myself tonight",
    ])
    func aLoneQuotationMarkLowersNothing(text: String) {
        #expect(Loaded.screen.assess(text).level == .urgent)
    }

    @Test func aFloodIsNotAnsweredAsWhole() {
        let text =
            String(repeating: "you are such a loser dog ", count: 1_340) + "and then some more words i am going to kill myself tonight"
        let assessment = Loaded.screen.assess(String(text.suffix(9_900)))
        #expect(assessment.completeness != .whole || assessment.level == .urgent)
    }

    @Test(arguments: ["07700 900123 07700 900456", "07700900123 1234567", "07700\u{A0}900\u{A0}123", "07700\u{2013}900123", "۰۷۷۰۰ ۹۰۰۱۲۳"])
    func numbersDoNotHide(number: String) {
        #expect(Loaded.screen.assess("you can ring me on \(number) in the evening").has(.ownDetail, atLeast: .medium))
    }

    @Test func whatWasTakenOutIsNotFoundAgain() {
        for text in ["My surname is Quenby and I am new here.", "My snap is jellotoad77 if you want to talk.", "ring me on 07700 900123"] {
            let masked = Loaded.screen.masked(text)
            #expect(masked != text)
            #expect(!Loaded.screen.assess(masked).has(.ownDetail), "\(masked)")
            #expect(Loaded.screen.masked(masked) == masked)
        }
    }

    /// A lesson, a help line, a game near by: somebody's own danger stays danger.
    @Test(arguments: [
        "sat in class and i am going to kill myself", "i rang childline and nobody helped, i am going to kill myself",
        "we had an assembly today and i am going to kill myself after", "i was playing minecraft and i am going to kill myself tonight",
        "i will call 999 no i wont, i am going to kill myself tonight",
    ])
    func whereSomebodySitsDoesNotTakeDangerAway(text: String) {
        #expect(Loaded.screen.assess(text).level >= .high, "\(Loaded.screen.assess(text).concerns.map(\.level))")
    }

    @Test func abuseStaysAbuseBesideAHelpLine() {
        #expect(Loaded.screen.assess("I called a helpline last week, I still want to end my life").level >= .medium)
        #expect(Loaded.screen.assess("my dad hits me and i told childline").has(.abuse, atLeast: .medium))
    }

    @Test(arguments: [
        "if you feel like killing yourself please call 116 123, people are kind there", "our assembly was about suicide prevention",
        "this boss level is so hard I am going to kill myself in minecraft again lol", "I am writing an essay on self harm for school",
        "anyone who wants to die can text the line, it helped my cousin",
    ])
    func lessonsHelpAndGamesAreLeftAlone(text: String) {
        #expect(Loaded.screen.assess(text).level == .none, "\(Loaded.screen.assess(text).concerns)")
    }

    /// What stands beside somebody's own plan with a time on it lowers it by a step at most.
    @Test(arguments: [
        "I turned off my phone because I will kill myself tonight", "I feel dead inside and I will kill myself tonight",
        "last year it failed, tonight I will kill myself properly", "10 days clean and I will kill myself tonight anyway",
        "They told me to kill myself and tonight I will do it", "\"I will kill myself tonight\"",
        "“I am going to end my life tonight. I have decided.”",
        "i will kill\nmyself tonight", "I am going\nto kill\nmyself\ntonight", "kiII myseIf tonight, I will",
    ])
    func aPlanWithATimeStaysGrave(text: String) {
        #expect(Loaded.screen.assess(text).level >= .high, "\(Loaded.screen.assess(text).concerns.map(\.level))")
    }

    @Test(arguments: ["ki\u{1160}ll mys\u{1160}elf tonight", "I will k\u{A4F2}\u{A4E1}\u{A4E1} myself tonight", "kiƚƚ myseƚf tonight"])
    func lettersThatHideAreSeenOrReadFirst(text: String) {
        let assessment = Loaded.screen.assess(text)
        #expect(assessment.level >= .high || assessment.completeness != .whole)
    }

    @Test(arguments: [
        "For my cat photos see http://evil.example/join/[removed]", "discord.gg/abc123[removed]", "my mail is a@b.uk.[removed]",
        "My snap is jellotoad77 [removed]",
    ])
    func aMaskHidesNothingBesideIt(text: String) {
        let assessment = Loaded.screen.assess(text)
        #expect(assessment.has(.link, atLeast: .medium) || assessment.has(.ownDetail, atLeast: .medium), "\(assessment.concerns)")
    }

    @Test(arguments: ["07700 / 900123", "07700, 900123", "07700·900·123", "07700          900123", "07700900¹²³", "07700\n900123"])
    func numbersHideBehindNoSigns(number: String) {
        #expect(Loaded.screen.assess("I am up late most nights: \(number) if you like").has(.ownDetail, atLeast: .medium))
    }

    @Test(arguments: ["we won 3-1, 2-0, 4-2 and 5-3", "in 2019, 2020, 2021 and 2022 we moved", "bus 10, 20, 30, 40, 50 and 60"])
    func listsOfFiguresAreNoNumber(text: String) { #expect(!Loaded.screen.assess(text).has(.ownDetail)) }
}
