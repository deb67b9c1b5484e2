import Testing

@testable import Screening

/// The rules that later stories stand on, each by sentences of our own.
@Suite struct StoryRulesTests {
    private func level(_ kind: ConcernKind, _ text: String, isReply: Bool = false) -> Level {
        Loaded.screen.assess(text, context: Context(isReply: isReply)).concern(kind)?.level ?? .none
    }

    /// CIRCLE-2: contact details are held.
    @Test(arguments: [
        "you can find me on insta, it's willowbark77", "my number is 07700 900321 if anyone wants", "mail me at heron at jellomail dot com",
        "add me on discord: moth#1234",
    ])
    func contactIsHeld(text: String) {
        let assessment = Loaded.screen.assess(text)
        #expect(assessment.has(.ownDetail, atLeast: .medium) || assessment.has(.grooming, atLeast: .medium), "\(assessment.concerns)")
    }

    /// CIRCLE-4: praise of a method, and that there is only one right way, reach a person with a reason.
    @Test(arguments: [
        "cutting is the only thing that works, everyone should try it", "there is only one right way to recover and it is mine",
        "honestly purging works best, way better than talking", "fasting is the only way that really works",
    ])
    func praiseAndOneRightWay(text: String) {
        let told = Loaded.screen.assess(text).concerns.filter {
            [.method, .encouragement, .eatingDetail, .claim].contains($0.kind) && $0.level >= .medium
        }
        #expect(!told.isEmpty && told.allSatisfy { !$0.why.isEmpty }, "\(text)")
    }

    @Test(arguments: [
        "talking to my aunt is the thing that worked for me", "there is no one right way to recover", "the only way home is by bus",
        "drawing works for me, maybe something else works for you",
    ])
    func oneOfManyWaysIsLeftAlone(text: String) {
        let told = Loaded.screen.assess(text).concerns.filter { [.method, .encouragement, .eatingDetail, .claim].contains($0.kind) }
        #expect(told.isEmpty, "\(told)")
    }

    /// HARM-2: a thread that slides into competition is seen before its fifth reply.
    @Test func slidingIsSeenBeforeTheFifthReply() {
        let thread = [
            "I had a bad night again and I feel so tired of it", "sorry you had that, I had one too",
            "only one night? I have not slept for four, mine is way worse", "that's nothing, I have it so much worse than both of you",
        ]
        let steps = thread.enumerated().map { place, text in
            ThreadCourse.Step(
                voice: place, kinds: Set(Loaded.screen.assess(text, context: Context(isReply: place > 0)).concerns.map(\.kind)))
        }
        #expect(ThreadCourse.course(Array(steps.prefix(2))) == nil)
        #expect(ThreadCourse.course(steps) == .comparing)
    }

    /// MUSIC-2: words of distress under a song are read like any others.
    @Test(arguments: [
        "this is the song I want played when I'm gone", "listening to this one last time before I go, goodbye everyone",
        "this song makes me want to kill myself tonight",
    ])
    func distressUnderASongIsRead(text: String) {
        #expect(Loaded.screen.assess(text, context: Context(isReply: true)).level >= .medium)
    }

    @Test(arguments: [
        "this song slaps, I die every time the drums come in", "the goodbye song from that film makes me cry", "this tune is killer",
    ])
    func ordinaryTalkOfASongIsLeftAlone(text: String) {
        #expect(Loaded.screen.assess(text, context: Context(isReply: true)).level == .none)
    }

    /// SHORT-5: worrying posts, at which an unsure reader is offered openings and a way to hand over.
    @Test(arguments: ["I can't do this anymore and nobody would miss me", "I hurt myself again last night and I hide it"])
    func aWorryingPostIsKnownAsOne(text: String) {
        #expect(Loaded.screen.assess(text).level >= .medium)
    }

    /// While answering: what a good answer does is named, and what does harm is said gently.
    @Test func answersAreReadForWhatTheyDo() {
        for (text, source) in [
            ("That sounds really hard, no wonder you are worn out.", "en.reply.validates"),
            ("What helped you get through it last time?", "en.reply.asks"),
            ("I had that too when I changed schools.", "en.reply.shares"), ("I am here if you want to talk more.", "en.reply.offers"),
        ] {
            let found = Loaded.screen.assess(text, context: Context(isReply: true)).concerns
            #expect(found.contains { $0.source == source && $0.kind == .replyStrength }, "\(text): \(found.map(\.source))")
        }
        for text in ["I promise everything will be fine", "don't tell a doctor, they make it worse", "just get over it, everyone is sad"] {
            #expect(level(.replyHint, text, isReply: true) > .none, "\(text)")
            #expect(level(.replyHint, text) == .none, "not an answer: \(text)")
        }
    }
}
