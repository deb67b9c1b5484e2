import Testing

@testable import Screening

@Suite struct RuleExampleTests {
    @Test(arguments: Loaded.rules.rules)
    func everyRuleDoesWhatItsExamplesSay(rule: Rule) {
        guard rule.state != .off else { return }
        #expect(Loaded.screen.mistakes(of: rule) == [])
    }

    @Test func everyRuleIsForReview() {
        #expect(Loaded.rules.overdue(on: "2027-06-29").isEmpty)
        #expect(Loaded.rules.overdue(on: "2027-07-01").count == Loaded.rules.rules.count)
    }

    @Test func theTwelveMattersHaveWords() {
        let matters: Set = [
            "self-harm", "wanting-to-die", "food-and-body", "abuse-at-home", "sexual-harm", "death-of-someone",
            "bullying", "drink-and-drugs", "hospital-and-treatment", "family-fights", "racism-and-hate", "lgbtq",
        ]
        #expect(matters.isSubset(of: Loaded.rules.topics))
    }
}
