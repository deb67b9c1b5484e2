import Testing

@testable import Screening

/// What peer supporters say all day, and what people in danger say beside other things: the two that must not be mistaken for each other.
@Suite struct OrdinaryTalkTests {
    /// Support, offers, everyday troubles, ends of chats: nothing that a person would be called for.
    @Test(arguments: [
        "you can talk to me if you want", "you can tell me anything, no judgement", "i get you more than i can say",
        "message me here if you need someone", "do your parents know you feel like this?", "are you safe at home",
        "which age group are you in, 11-14 or 15-18?", "you are so mature for dealing with this",
        "you don't need them, they were never real friends",
        "i'm 19 and happy to listen", "that was brave of you to tell your mum", "i hope you get well soon", "hope you get home safe",
        "no one wants you to be sad", "do not skip your medication", "it's okay to hurt when someone leaves", "depression is not a choice",
        "how do i tell my parents i'm gay", "should i tell my friend i love her", "my cat died last week and i can't stop crying at school",
        "i just took my meds with dinner", "i have enough insulin for the trip", "my nan has tablets for her heart",
        "i won't be here next week, we are going on holiday", "goodbye everyone, see you tomorrow",
        "bye all, thanks for tonight and good luck",
        "logging off for the night, see you tomorrow", "this is goodbye for now, see you next week",
        "i'm going to kill it in my exam tomorrow",
        "i am about to jump in the shower", "i will do it tomorrow, homework is boring", "i've decided to end things with my boyfriend",
        "nobody would notice if i wore odd socks", "would anyone mind if i post a song", "i'm tired of being the youngest",
        "i don't want to wake up early", "my sister beats me at chess every time", "i just hurt my knee at netball",
        "i started cutting my own fringe",
        "i lost my duolingo streak", "looking for someone to go running with", "let's end it there for tonight",
        "i can send you a helpline number",
        "i'm in the kitchen right now", "i'm on edge about results day", "i used to self harm, now i paint",
    ])
    func isLeftAlone(text: String) {
        let told = Loaded.screen.assess(text).concerns.filter { $0.level >= .medium && $0.kind != .distress }
        #expect(told.isEmpty, "\(told.map { "\($0.source) \($0.level.code)" })")
    }

    /// Words of help, school, games, the past, recovery and pets stand beside it, and it is still said of oneself and of now.
    @Test(arguments: [
        "i rang the helpline and hung up because i want to kill myself", "a year ago my brother died and i want to die too",
        "i'm 3 months clean but i want to kill myself", "i got help and it didn't work, i want to die",
        "we had an assembly on suicide and i feel suicidal", "i finished the last season of my show and i don't want to live anymore",
        "childline didn't answer and i am going to overdose", "i'm trying not to kill myself",
        "i would be lying if i said i don't want to die",
        "revision makes me want to kill myself and i'm not joking", "i fed the cat, did the dishes, cut myself again",
        "three months clean and i blew it last night", "i wouldn't move if a car came", "would anyone even care if i was gone",
        "i nearly did it yesterday", "only staying for my cat", "when my dog dies i'm going too", "i finish with everything on friday",
        "after friday you won't hear from me again", "this time tomorrow i'll be gone", "tell mum it was not her fault",
        "whoever finds me, i am sorry",
        "i already swallowed them", "i am on the edge of the roof", "my brother chokes me when i beat him at a game", "he hits me",
        "my stepdad comes in my room at night", "home isn't safe", "he has my pics and wants money", "my boyfriend is 29 and i am 14",
    ])
    func isHeard(text: String) {
        let heard = Loaded.screen.assess(text).concerns.filter { [.riskToSelf, .abuse].contains($0.kind) }.map(\.level).max() ?? .none
        #expect(heard >= .medium)
    }
}
