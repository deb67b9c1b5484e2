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
}
