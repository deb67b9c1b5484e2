import Foundation

@testable import Screening

/// The shipped rules, read once for all tests.
enum Loaded {
    static let content = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Content")
    static let folder = content.appending(path: "rules/en")

    static let rules: RuleSet = {
        do { return try RuleSet(folder: folder) } catch { fatalError("The shipped rules do not load: \(error)") }
    }()

    static let screen = Screen(rules: rules)
}

extension Screen {
    /// What is wrong with a rule, by its own examples.
    func mistakes(of rule: Rule) -> [String] {
        let context = Context(isReply: true)
        func level(_ text: String) -> Level {
            let concerns =
                rule.state == .shadow ? trial(text, context: context) : assess(text, context: context).concerns
            return concerns.first { $0.source == rule.id }?.level ?? .none
        }
        return rule.mustMatch.filter { level($0) < rule.level }.map { "\(rule.id) misses: \($0)" }
            + rule.mustNotMatch.filter { level($0) >= rule.level }.map { "\(rule.id) wrongly matches: \($0)" }
    }
}
