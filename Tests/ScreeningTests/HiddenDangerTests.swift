import Foundation
import Testing

@testable import Screening

/// What once hid danger: odd capitals, somebody else in the sentence, "not only", a sentence that ends in many marks, another alphabet.
@Suite struct HiddenDangerTests {
    private func risk(_ text: String) -> Level {
        Loaded.screen.assess(text).concerns.filter { $0.kind == .riskToSelf }.map(\.level).max() ?? .none
    }

    @Test(arguments: [
        "i want to dIe", "i will kIll myself", "i wAnT tO dIe ToNiGhT", "I'm suIcIdal", "i want to kiIl myseIf", "I want to KiLl MySeLf",
        "gonna kiIlmyself",
    ])
    func capitalsHideNothing(text: String) { #expect(risk(text) >= .high) }

    /// Every sentence that a rule about danger must find, in capitals by turns: found by some rule, as high as a person would read first.
    @Test func capitalsByTurnsAreReadAsTheyAreMeant() {
        var missed: [String] = []
        for rule in Loaded.rules.rules where rule.kind == .riskToSelf && rule.language == "en" && rule.level >= .high && rule.state == .live
        {
            for text in rule.mustMatch {
                let odd = text.enumerated().map { $0.offset % 2 == 1 ? $0.element.uppercased() : $0.element.lowercased() }.joined()
                if !Loaded.screen.assess(odd).concerns.contains(where: { $0.kind.isAboutRisk && $0.level >= .medium }) {
                    missed.append(text)
                }
            }
        }
        #expect(missed.isEmpty, "\(missed)")
    }

    @Test(arguments: [
        "my mum hates me gonna kill myself tonight", "he left me gonna kill myself tonight", "he left me gonna kill myself",
        "my gran died want to kill myself tonight",
    ])
    func somebodyElseInTheSentenceTakesNothingAway(text: String) { #expect(risk(text) >= .high) }

    @Test(arguments: ["my brother said he wants to die", "my best friend told me she wants to kill herself"])
    func somebodyElsesDangerIsNotTheWriters(text: String) { #expect(risk(text) < .high) }

    @Test(arguments: [
        "I am not just thinking about killing myself", "I'm not just saying it, I will kill myself",
        "I am not just saying i want to kill myself tonight",
    ])
    func notOnlyIsNoNo(text: String) { #expect(risk(text) >= .high) }

    @Test(arguments: ["I am not thinking about killing myself", "i never said i want to die"])
    func noIsStillNo(text: String) { #expect(risk(text) < .high) }

    @Test func manyMarksEndASentence() {
        #expect(risk("I was happy last year!... gonna kill myself") == risk("I was happy last year! gonna kill myself"))
        #expect(risk("gonna kill myself... tonight") >= .high)
    }

    /// The milder effect does not take more than the harsher one would.
    @Test func whatIsSaidOfNowIsNoSteps() { #expect(risk("my dad died last year and i will be dead by tomorrow") == .urgent) }

    @Test(arguments: ["planning to overdose, playlist ready", "gonna kill myself, song over"])
    func aCommaBreaksACueBehindToo(text: String) {
        let alone = String(text.prefix { $0 != "," })
        #expect(risk(text) == risk(alone))
    }

    @Test(arguments: [
        "main marna chahta hoon", "Vreau să mor, nu mai pot, nimeni nu mă înțelege și sunt singur",
        "死", "умру", "⠊ ⠺⠁⠝⠞ ⠞⠕ ⠙⠊⠑", "-.. .. .",
    ])
    func whatNobodyCanReadIsReadFirst(text: String) {
        #expect(Loaded.screen.assess(text).completeness == .unknownLanguage, "\(Loaded.screen.assess(text).language)")
    }

    /// A post without an end is asked further than its beginning.
    @Test func aLongBeginningHidesNoEnd() {
        let english = Array(repeating: "and then we went to the shop with my brother because it was raining", count: 15).joined(
            separator: " ")
        let other = Array(repeating: "gusto ko nang mawala sa mundong ito at walang nakakaalam ng nararamdaman ko", count: 10).joined(
            separator: " ")
        #expect(Loaded.screen.assess(english).completeness == .whole)
        #expect(Loaded.screen.assess(english + " " + other).completeness == .unknownLanguage)
    }

    @Test(arguments: [
        "I'm 14, 07700 900123 text me", "I'm 15! 07700900123", "room 5: 07700900123", "age 15; 07700900123", "I am 14\n07700 900123",
        "text me at 8! 07700 900123", "my number is oh one two three four five six seven eight nine",
    ])
    func aNumberBesideANumberIsFound(text: String) { #expect(Loaded.screen.assess(text).has(.ownDetail)) }

    @Test func aHelpLineHidesNoNumber() {
        #expect(Loaded.screen.masked("call 116 123 07700 900123") == "call 116 123 [removed]")
        #expect(Loaded.screen.masked("see https://example.org/me.png") == "see [removed]")
    }

    @Test(arguments: ["evil.com/?u=https://childline.org.uk", "evil.com#https://nhs.uk", #"https://evil.com\.childline.org.uk/x"#])
    func aHelpSiteIsNotForged(text: String) { #expect(Loaded.screen.assess(text).has(.link)) }

    @Test func placesAreReadAsTextsAre() {
        let context = Context(smallPlaces: ["Dún Laoghaire", "Ynys Môn", "King's Lynn"])
        for text in [
            "we meet in dun laoghaire", "I am from Dún Laoghaire", "ynys môn is small", "off to King's Lynn", "off to king’s lynn",
        ] {
            #expect(Loaded.screen.assess(text, context: context).has(.smallPlace), "\(text)")
        }
    }

    /// An answer's version tells which rules, models and adjustments spoke.
    @Test func anotherAdjustmentIsAnotherVersion() {
        let rule = Loaded.rules.rules.first { Adjustment.mayLower($0) && $0.level == .high }?.id ?? ""
        let made = ["low", "medium"].map { Loaded.screen.adjusted(by: Adjustment(rules: [rule: $0])).version }
        #expect(made[0] != made[1] && made.allSatisfy { $0.hasSuffix("*") } && made[0] != Loaded.screen.version + "*")
    }
}
