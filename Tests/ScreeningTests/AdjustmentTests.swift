import Foundation
import Testing

@testable import Screening

/// What a host's own decisions may change in the screen, and what they never may.
@Suite struct AdjustmentTests {
    private func card(_ kind: ConcernKind) -> ModelCard {
        ModelCard(
            id: "m", kind: kind, why: "Because.", levels: ["medium": 0.5], repliesOnly: false, leastWords: 1, scale: 1, bias: 0,
            trained: [],
            limits: "", version: "1")
    }

    /// Shares from 0.05 to 0.95; right from `from` on.
    private func decided(rightFrom from: Double) -> [(share: Double, wasRight: Bool)] {
        (1...95).map { (Double($0) / 100 + 0.002, Double($0) / 100 >= from) }
    }

    @Test func aModelThatSpeaksTooSoonSpeaksLater() throws {
        let cuts = try #require(Adjustment.cutOffs(of: card(.distress), decided(rightFrom: 0.7)))
        let medium = try #require(cuts["medium"])
        #expect(medium > 0.6 && medium < 0.8)
    }

    @Test func whatIsAboutDangerOnlyComesToSeeMore() throws {
        let later = try #require(Adjustment.cutOffs(of: card(.riskToSelf), decided(rightFrom: 0.7)))
        #expect(later["medium"] == 0.5)
        let sooner = try #require(Adjustment.cutOffs(of: card(.riskToSelf), decided(rightFrom: 0.3)))
        #expect(sooner["medium"].map { $0 < 0.4 && $0 >= 0.25 } ?? false)
    }

    @Test func fewOrOneSidedDecisionsTeachNothing() {
        #expect(Adjustment.cutOffs(of: card(.distress), Array(decided(rightFrom: 0.5).prefix(29))) == nil)
        #expect(Adjustment.cutOffs(of: card(.distress), decided(rightFrom: 0.0)) == nil)
        // Shares that run against the decisions say nothing of a cut-off.
        let turned = decided(rightFrom: 0.5).map { (share: $0.share, wasRight: !$0.wasRight) }
        #expect(Adjustment.cutOffs(of: card(.distress), turned) == nil)
    }

    @Test func noFileLowersARuleAboutDanger() throws {
        let risky = try #require(Loaded.rules.rules.first { $0.kind.isAboutRisk && $0.level == .urgent })
        let loud = try #require(Loaded.rules.rules.first { !$0.kind.isAboutRisk && $0.level >= .medium && $0.language == "en" })
        let adjusted = Loaded.screen.adjusted(
            by: Adjustment(rules: [risky.id: "low", loud.id: "low", "en.nobody": "low", loud.id + "x": "none"]))
        #expect(adjusted.ruleList.first { $0.id == risky.id }?.level == .urgent)
        #expect(adjusted.ruleList.first { $0.id == loud.id }?.level == .low)
    }

    @Test func aHostsCutOffsAreKnownByTheVersion() throws {
        let models = try ModelSet(folder: Loaded.content.appending(path: "models/en"))
        let screen = Screen(rules: Loaded.rules, models: models)
        let adjusted = screen.adjusted(by: Adjustment(models: ["risk": ["medium": 0.01, "high": 0.999], "nobody": ["low": 0.1]]))
        let (old, new) = (try #require(screen.cards.first { $0.id == "risk" }), try #require(adjusted.cards.first { $0.id == "risk" }))
        #expect(new.version != old.version && adjusted.version != screen.version)
        for (level, cut) in old.levels { #expect((new.levels[level] ?? 1) <= cut, "\(level) may not see less") }
    }

    /// A text that costs more than it may is not answered as if it had been read.
    @Test func aScreenThatDoesNotFinishSaysSo() {
        let tired = Screen(rules: Loaded.rules, workLimit: 20)
        let long = String(repeating: "I went for a walk and then I did not want to go home. ", count: 20)
        #expect(tired.assess(long).completeness == .failed)
        #expect(Loaded.screen.assess(long).completeness == .whole)
    }

    /// The most that ten thousand characters can cost stays far below the limit.
    @Test func noPostOfLegalLengthReachesTheLimit() {
        let units = ["I do not want to die, not kill myself, ", "you are such a loser and ", "if you want to die ", "1 2 ", "k i l l "]
        for unit in units {
            let text = String(String(repeating: unit, count: 10_000 / unit.count + 1).prefix(10_000))
            #expect(Loaded.screen.look(at: text, .init(), state: .live).visits < Loaded.screen.workLimit / 2, "\(unit)")
        }
        // A sign is a word there, and none of these ends a sentence: the dearest thing we know.
        let signs = String(String(repeating: "我想死", count: 3_334).prefix(10_000))
        #expect(Loaded.screen.look(at: signs, .init(), state: .live).visits < Loaded.screen.workLimit * 4 / 5)
    }

    @Test func hintsForAnswersAreNotKept() {
        let context = Context(isReply: true)
        let assessment = Loaded.screen.assess("I promise it will get better, I hear how hard that is", context: context)
        #expect(assessment.has(.replyHint))
        let kept = assessment.withoutWritingHints
        #expect(!kept.has(.replyHint) && !kept.has(.replyStrength))
    }
}
