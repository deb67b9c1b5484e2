import Foundation
import Statistics
import Testing

/// Witness: lifelines 0.30 (`KaplanMeierFitter().fit(time, event)`), as written in vectors/survival.json.
struct SurvivalVectors: Decodable {
    struct Vector: Decodable {
        struct Input: Decodable { let time: [Double], event: [Int], group: [Int] }
        struct Group: Decodable { let times: [Double], survival: [Double], at_risk: [Int], median: Double? }
        struct Expected: Decodable { let groups: [String: Group] }
        let id: String, input: Input, expected: Expected
    }
    let vectors: [Vector]
}

@Suite struct KaplanMeierTests {
    @Test func agreesWithLifelines() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vectors/survival.json")
        let vectors = try JSONDecoder().decode(SurvivalVectors.self, from: Data(contentsOf: file)).vectors
        #expect(vectors.count > 0)
        for vector in vectors {
            for (name, expected) in vector.expected.groups {
                let observations = vector.input.time.indices.filter { String(vector.input.group[$0]) == name }.map {
                    KaplanMeier.Observation(time: vector.input.time[$0], ended: vector.input.event[$0] == 1)
                }
                let curve = KaplanMeier(observations)
                #expect(curve.steps.map(\.time) == expected.times, "\(vector.id) group \(name)")
                #expect(curve.steps.map(\.atRisk) == expected.at_risk)
                for (step, survival) in zip(curve.steps, expected.survival) { #expect(abs(step.survival - survival) < 1e-9) }
                if let median = expected.median { #expect(curve.quantile(0.5) == median) }
            }
        }
    }

    /// Who left before is followed no more: the number at risk falls also where the curve does not.
    @Test func theNumberAtRiskFallsWithWhoeverLeaves() {
        let seen = (1...20).map { KaplanMeier.Observation(time: Double($0), ended: $0 == 20) }
        let curve = KaplanMeier(seen)
        #expect(curve.survival(at: 19) == 1 && curve.atRisk(at: 0) == 20 && curve.atRisk(at: 19) == 2 && curve.atRisk(at: 19.5) == 1)
        #expect(curve.atRisk(at: 21) == 0 && KaplanMeier([]).atRisk(at: 0) == 0)
        #expect(curve.steps.allSatisfy { $0.atRisk == curve.atRisk(at: $0.time) })
    }

    @Test func whatStillWaitsIsCounted() {
        // Ten looked at after one minute, ten still waiting after an hour: half have not been seen.
        let waiting = (0..<10).map { _ in KaplanMeier.Observation(time: 60, ended: false) }
        let seen = (0..<10).map { _ in KaplanMeier.Observation(time: 1, ended: true) }
        let curve = KaplanMeier(waiting + seen)
        #expect(curve.survival(at: 60) == 0.5)
        #expect(curve.quantile(0.8) == nil)
    }

    @Test func publicCountsHideTheFew() {
        #expect((0...8).map { PublicCount($0).description } == ["0", "*", "*", "*", "*", "*", "*", "*", "10"])
        #expect(PublicCount(12).description == "10")
        #expect(PublicCount(13).description == "15")
    }
}
