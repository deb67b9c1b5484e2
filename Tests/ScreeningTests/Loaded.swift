import Foundation

@testable import Screening

/// The shipped rules, read once for all tests.
enum Loaded {
    static let content = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Content")
    static let folder = content.appending(path: "rules")

    static let rules: RuleSet = {
        do { return try RuleSet(folder: folder) } catch { fatalError("The shipped rules do not load: \(error)") }
    }()

    static let screen = Screen(rules: rules)
}
