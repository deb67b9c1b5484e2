import Foundation
import Statistics
import Testing

/// Witnesses: independent packages, named with their versions in each file under vectors/ (README there).
@Suite struct VectorTests {
    private static let here = URL(filePath: #filePath).deletingLastPathComponent()
    private static let measures = here.appending(path: "../../Content/measures").standardizedFileURL
    private static let families = [
        "agreement", "allocation", "ancova", "concentration", "disclosure", "economics", "effect_size", "its", "kanonymity", "mixed",
        "monitoring", "multiplicity", "pooling", "privacy", "prng", "qaly", "rates", "rci", "reliability", "rubin", "sample_size",
        "scoring", "screening", "staffing", "survival", "weighting",
    ]

    @Test(arguments: families) func agreesWithTheWitnesses(family: String) throws {
        let file = Self.here.appending(path: "vectors/\(family).json")
        let outcome = try VectorFile(Data(contentsOf: file)).check(measures: instruments(in: Self.measures))
        #expect(outcome.family == family)
        #expect(outcome.failed == [])
        #expect(outcome.passed >= 2)
    }

    /// A check that can not fail is none: a wrong figure, a missing one, and a refusal where a figure is due are told.
    @Test func aWrongFigureIsTold() throws {
        func check(_ expected: String, _ input: String = #"{"p":[0.01,0.04]}"#) throws -> [String] {
            let text = #"{"family":"multiplicity","tolerance":1e-9,"vectors":[{"id":"a","input":\#(input),"expected":\#(expected)}]}"#
            return try VectorFile(Data(text.utf8)).check(measures: []).failed
        }
        #expect(try check(#"{"holm":[0.02,0.04]}"#).isEmpty)
        #expect(try check(#"{"holm":[0.02,0.05]}"#).count == 1)
        #expect(try check(#"{"holm":[0.02]}"#).count == 1)
        #expect(try check(#"{"other":1}"#).count == 1)
        #expect(try check(#"{"error":"refused"}"#).count == 1)
        #expect(try check(#"{"holm":[0.02,0.04]}"#, #"{"p":[0.01,4]}"#).count == 1)
        #expect(try check(#"{"error":"refused"}"#, #"{"p":[0.01,4]}"#).isEmpty)
        #expect(try check(#"{"error":"refused"}"#, #"{"q":[0.01]}"#).count == 1)  // an input that is not there is no refusal
    }
}
