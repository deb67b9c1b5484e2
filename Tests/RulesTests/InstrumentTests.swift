import Foundation
import Statistics
import Testing

/// A host's own questionnaire that contradicts itself is refused, and each fault has its words.
@Suite struct InstrumentTests {
    private func faults(_ change: (inout [String: Any]) -> Void) throws -> [String] {
        try EconomicsTests.measure { fields in
            fields["utility"] = nil
            change(&fields)
        }.faults
    }

    @Test func nothingIsWrongWithAGoodOne() throws { #expect(try faults { _ in } == []) }

    @Test func itemsAnswersAndTotals() throws {
        #expect(try faults { $0["items"] = [] } == ["no items"])
        #expect(try faults { $0["highest"] = 1 } == ["the highest answer is not above the lowest"])
        let bounds = "codes from 0 to 100, and a hundred items at most"
        #expect(try faults { $0["lowest"] = -1 } == [bounds])
        #expect(try faults { $0["highest"] = 101 } == [bounds])
        #expect(try faults { $0["items"] = (0...100).map { ["code": "c\($0)"] } } == [bounds])
        #expect(try faults { $0["total"] = ["kind": "sum", "lowest": 6, "highest": 6] } == ["the totals do not rise"])
        // All that can be said at once is said at once.
        #expect(
            try faults {
                $0["items"] = []; $0["highest"] = 1
            }.count == 2)
        #expect(try faults { $0["items"] = [["code": "a"], ["code": "a"]] } == ["a code stands twice"])
        #expect(
            try faults { $0["total"] = ["kind": "sum", "lowest": 2, "highest": 6, "metric": [1, 2, 3]] } == ["3 metric values for 5 sums"])
    }

    @Test func placesLieWithinTheItems() throws {
        let outside = ["a place outside the items"]
        #expect(try faults { $0["reversed"] = [3] } == outside)
        #expect(try faults { $0["reversed"] = [0] } == outside)
        #expect(try faults { $0["subscales"] = [["id": "s", "items": [1, 3]]] } == outside)
        #expect(try faults { $0["risks"] = [["id": "r", "item": 3, "above": 0]] } == outside)
        #expect(try faults { $0["ends"] = ["item": 3, "answer": 1] } == outside)
    }

    @Test func linesAndStepsAreWhole() throws {
        func band(_ steps: [[String: Any]]) -> [[String: Any]] { [["id": "b", "steps": steps, "source": "x"]] }
        #expect(try faults { $0["bands"] = band([]) } == ["the steps of b do not rise"])
        #expect(
            try faults { $0["bands"] = band([["from": 2, "name": "x"], ["from": 2, "name": "y"]]) } == ["the steps of b do not rise"])
        #expect(
            try faults { $0["cutoffs"] = [["id": "c", "of": "s", "atLeast": 2, "source": "x"]] } == [
                "the line c is across s, which is not there"
            ])
        #expect(try faults { $0["cutoffs"] = [["id": "c", "source": "x"]] } == ["the line c has no value"])
        #expect(try faults { $0["cutoffs"] = [["id": "c", "source": "x", "unknown": true]] } == [])
        #expect(try faults { $0["gaps"] = ["most": 1, "rule": "fixed"] } == ["a fixed answer for gaps is not given"])
        #expect(try faults { $0["gaps"] = ["most": 1, "rule": "fixed", "answer": 1] } == [])
    }
}
