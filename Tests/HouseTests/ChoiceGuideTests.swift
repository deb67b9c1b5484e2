import Foundation
import Rules
import Testing

@testable import App

@Suite struct ChoiceGuideTests {

    @Test(arguments: [
        (Wish(intent: .talk, company: .one), [Way.letters]), (Wish(intent: .learn), [.questions, .reappraisal, .stories]),
        (Wish(company: .team), [.team]), (Wish(intent: .say, company: .many), [.forum, .questions, .stories]), (Wish(), Way.allCases),
    ])
    func whatIsAskedForLeadsSomewhere(wish: Wish, ways: [Way]) {
        #expect(wish.ways == ways && !wish.isMadeDo)
    }

    /// No answer leaves anybody with nothing; where no way fits all of it, that is said.
    @Test func everyAnswerLeadsSomewhere() {
        for intent in Intent.allCases + [nil] {
            for company in Company.allCases + [nil] {
                let wish = Wish(intent: intent, company: company)
                #expect(!wish.ways.isEmpty)
                #expect(wish.isMadeDo == wish.ways.contains { way in intent.map { !way.intents.contains($0) } ?? false })
            }
        }
    }

    /// Good and hard are both said of every way; each sentence names a finding of the review.
    @Test func everyWayIsToldWhole() throws {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        for way in Way.allCases {
            let card = try #require(content.card(of: way))
            #expect(!card.how.isEmpty && !card.good.isEmpty && !card.risks.isEmpty, "\(way)")
            #expect((card.good + card.risks).allSatisfy { $0.finding != nil })
        }
    }

    /// The guide is read by a ten-year-old: grade 5 of Flesch and Kincaid at most, each text for itself.
    @Test func theGuideIsEasyToRead() throws {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        for card in content.choices.ways {
            let text = ([card.how] + (card.good + card.risks).map(\.says)).joined(separator: " ")
            #expect(Readability.grade(text) <= 5, "\(card.id): \(Readability.grade(text))")
        }
        for file in ["choose", "card", "rooms", "door", "help"] {
            let data = try Data(contentsOf: HouseTests.root.appending(path: "Content").appending(path: "words/en/\(file).json"))
            let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            // Whole sentences alone: a label has no grade.
            let text = object.sorted { $0.key < $1.key }.compactMap { $0.value as? String }.filter { $0.hasSuffix(".") }.joined(
                separator: " ")
            #expect(Readability.grade(text) <= 5, "\(file).json: \(Readability.grade(text))")
        }
    }

    /// The measure itself, on texts whose grade is plain to see.
    @Test func theMeasureTellsEasyFromHard() {
        #expect(Readability.grade("The cat sat. It was warm. She had a nap.") < 1)
        let hard =
            "Multidisciplinary rehabilitation necessitates comprehensive organisational collaboration between independent institutions."
        #expect(Readability.grade(hard) > 20)
    }
}

/// How many years at school a text asks for.
///
/// - Source: Kincaid JP et al. Research Branch Report 8-75, 1975: 0.39 words a sentence + 11.8 syllables a word - 15.59. Syllables are
///   counted as runs of vowels, without a silent e at the end.
enum Readability {
    static func grade(_ text: String) -> Double {
        let sentences = text.split { ".!?".contains($0) }.filter { $0.contains(where: \.isLetter) }.count
        let words = text.split { !$0.isLetter && $0 != "'" }.map { $0.lowercased() }
        let syllables = words.reduce(0) { $0 + Self.syllables($1) }
        guard sentences > 0, !words.isEmpty else { return 0 }
        return 0.39 * Double(words.count) / Double(sentences) + 11.8 * Double(syllables) / Double(words.count) - 15.59
    }

    private static func syllables(_ word: String) -> Int {
        var (count, wasVowel) = (0, false)
        for letter in word {
            let isVowel = "aeiouy".contains(letter)
            if isVowel, !wasVowel { count += 1 }
            wasVowel = isVowel
        }
        if word.hasSuffix("e"), !word.hasSuffix("le"), count > 1 { count -= 1 }
        return max(1, count)
    }
}
