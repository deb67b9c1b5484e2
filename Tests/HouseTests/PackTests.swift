import Foundation
import Testing

@testable import App

/// Wording that comes from outside is looked over before anybody is shown it; a fault names its place.
@Suite struct PackTests {
    private let content: Content

    init() throws { content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil) }

    private func pack(_ change: (inout [String: Any]) -> Void) throws -> String {
        let options = (0...3).map { ["valueCoding": ["code": "\($0)", "display": "Answer \($0)"]] }
        var file: [String: Any] = [
            "measure": "gad7",
            "licence": ["holder": "H", "terms": "T", "date": "2026-11-26", "evidence": "E", "languages": ["en"]],
            "questionnaire": [
                "resourceType": "Questionnaire", "version": "1", "status": "active", "language": "en", "title": "T",
                "item": (1...7).map { ["linkId": "gad7-\($0)", "text": "Made up \($0)", "type": "choice", "answerOption": options] },
            ],
        ]
        change(&file)
        do {
            let made = try Pack(JSONSerialization.data(withJSONObject: file), name: "a.json", measures: content.measures)
            return "\(made.questions.count) questions"
        } catch let fault as ContentFault { return fault.description }
    }

    private func form(_ file: inout [String: Any], _ change: (inout [String: Any]) -> Void) {
        guard var form = file["questionnaire"] as? [String: Any] else { return }
        change(&form)
        file["questionnaire"] = form
    }

    @Test func faultsAreNamed() throws {
        #expect(try pack { _ in } == "7 questions")
        #expect(try pack { $0["measure"] = "nothing" }.contains("no measure is called nothing"))
        #expect(try pack { $0["measure"] = "csq8" }.contains("licence"))
        #expect(
            try pack { $0["licence"] = ["holder": " ", "terms": "T", "date": "D", "evidence": "E", "languages": ["en"]] }.contains(
                "licence, holder"))
        #expect(try pack { file in form(&file) { $0["status"] = "draft" } }.contains("status"))
        #expect(try pack { file in form(&file) { $0["language"] = "de" } }.contains("language"))
        #expect(try pack { file in form(&file) { $0["version"] = "" } }.contains("version"))
        #expect(try pack { file in form(&file) { $0["item"] = Array(($0["item"] as? [Any] ?? []).dropLast()) } }.contains("gad7-7"))
        #expect(
            try pack { file in form(&file) { $0["item"] = ($0["item"] as? [Any] ?? []) + [($0["item"] as? [Any] ?? [])[0]] } }.contains(
                "gad7-1"))
        #expect(
            try pack { file in
                form(&file) { form in
                    var items = form["item"] as? [[String: Any]] ?? []
                    items[2]["answerOption"] = [["valueCoding": ["code": "0", "display": "No"]]]
                    form["item"] = items
                }
            }.contains("gad7-3: its answers are not 0 to 3"))
        #expect(throws: ContentFault.self) { try Pack(Data("no".utf8), name: "a.json", measures: content.measures) }
    }

    /// Every finding is answered, and every study it names is there.
    @Test func theReviewIsWhole() throws {
        let review = content.review
        #expect(review.studies.count == 38 && review.findings.count == 61)
        #expect(review.findings.allSatisfy { review.answers[$0.id] != nil })
        #expect(review.prisma.first_search.included + review.prisma.second_search.included + review.prisma.hand_search_included == 38)
    }
}
