// Reads one text and says what was noticed. Run it from the repository: `swift run ReadAText`.

import Foundation
import Screening

let screen = Screen(
    rules: try RuleSet(folder: URL(filePath: "Content/rules")),
    models: try ModelSet(folder: URL(filePath: "Content/models/en")))

let text = "you can t3ll me anything, my number is 07700 900123"
let assessment = screen.assess(text, context: Context(isReply: true))

for concern in assessment.concerns {
    let words = concern.spans.map { String(decoding: Array(text.utf8)[$0.start..<$0.end], as: UTF8.self) }
    print("\(concern.kind.rawValue), \(concern.level.code): \(concern.why) (\(concern.source): \(words.joined(separator: ", ")))")
}

// Anything but `whole` means that a person should read it first.
print("Read: \(assessment.completeness.rawValue). Rules and models: \(assessment.version)")

// What the writer is offered, and sends only by saying so.
print(screen.masked(text))
