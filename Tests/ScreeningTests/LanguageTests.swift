import Foundation
import Testing

@testable import Screening

/// Texts in other languages: a person reads them first, and what their packs find is told.
@Suite struct LanguageTests {
    @Test(arguments: [
        ("Hoy fuimos al parque con mis primos y luego comimos pizza en casa de la abuela", "es"),
        ("Vandag het ons na die winkel toe gestap en ek het vir my ma brood gekoop", "af"),
        ("Kemarin saya pergi ke pasar bersama adik dan kami membeli buah untuk makan malam", "id"),
        ("今天和同学一起去图书馆看书，晚上妈妈做了面条", "zh"), ("오늘 친구랑 도서관에 가서 숙제를 하고 저녁을 먹었어요", "ko"),
    ])
    func isToldByItsLetters(text: String, language: String) {
        let assessment = Loaded.screen.assess(text)
        #expect(assessment.language == .known(language))
        #expect(assessment.completeness == .unknownLanguage, "a person reads it first")
    }

    @Test(arguments: [
        "idk if anyone reads this but today was kinda rough n i miss my dog", "u ok? lol same here, maths was so bad omg",
        "My brother plays the drums every evening and I cannot study", "nobody gets it, gonna sleep",
        "Is it normal to feel nervous before every single lesson?", "thx, that helped a lot tbh",
    ])
    func englishIsNotTakenForAnother(text: String) {
        let assessment = Loaded.screen.assess(text)
        #expect(assessment.completeness == .whole, "\(assessment.language)")
    }

    /// Beside an English title, in the middle of an English text, or only a few words.
    @Test(arguments: [
        "One of those days\nHoy llovió toda la tarde y me quedé en casa con mi gato.", "I am fine أريد أن أموت الليلة",
        "ich will sterben heute nacht",
        "chcę umrzeć", "I had a long day. Ek is baie moeg ná skool, maar môre gaan ek saam met die bus.",
        "posso contar um segredo? vou me matar hoje",
    ])
    func whatNobodyReadIsReadFirst(text: String) {
        #expect(Loaded.screen.assess(text).completeness == .unknownLanguage, "\(Loaded.screen.assess(text).language)")
    }

    /// Loading packs lowers nothing: a word only a pack knows is a new word to the house's rules.
    @Test(arguments: ["the easiest way is to take pastillas", "the easiest way is to take obat", "IhaveaplanforhowIwilldie"])
    func packsHideNothing(text: String) throws {
        let alone = Screen(rules: try RuleSet(folder: Loaded.folder.appending(path: "en")))
        #expect(Loaded.screen.assess(text).level >= alone.assess(text).level && alone.assess(text).level > .none)
    }

    @Test func everyPackHoldsUrgentKindsAlone() {
        let packs = Loaded.rules.rules.filter { $0.language != "en" }
        #expect(Set(packs.map(\.language)) == ["es", "zh", "ko", "id", "af"])
        #expect(packs.allSatisfy { $0.kind.isAboutRisk && $0.level >= .high })
        for language in Set(packs.map(\.language)) {
            let kinds = Set(packs.filter { $0.language == language }.map(\.kind))
            #expect(kinds.isSuperset(of: [.riskToSelf, .riskToOther, .abuse, .method, .encouragement]), "\(language)")
        }
    }

    /// Even two words of a pack make a text one that nobody has read.
    @Test func whatAPackFindsIsReadFirst() throws {
        for rule in Loaded.rules.rules where rule.language != "en" {
            for sentence in rule.mustMatch {
                let assessment = Loaded.screen.assess(sentence)
                #expect(assessment.completeness == .unknownLanguage, "\(sentence)")
                #expect(assessment.level >= .high, "\(sentence)")
            }
        }
    }

    /// A pack adds; it takes nothing from what English rules say.
    @Test func packsLowerNothing() throws {
        let alone = Screen(rules: try RuleSet(folder: Loaded.folder.appending(path: "en")))
        for rule in Loaded.rules.rules where rule.language == "en" {
            for sentence in rule.mustMatch + rule.mustNotMatch {
                let (with, without) = (Loaded.screen.assess(sentence), alone.assess(sentence))
                #expect(with.concerns.filter { $0.source.hasPrefix("en.") } == without.concerns, "\(sentence)")
            }
        }
    }
}
