import Foundation
import Statistics
import Testing

/// Witnesses: pygini 1.0.1, and scipy with pyworkforce 0.5.1, as written in the vectors.
@Suite struct LoadTests {
    private struct Concentration: Decodable {
        struct Vector: Decodable {
            struct Input: Decodable { let loads: [Double] }
            struct Expected: Decodable { let gini: Double? }
            let id: String, input: Input, expected: Expected
        }
        let vectors: [Vector]
    }

    private struct Staffing: Decodable {
        struct Vector: Decodable {
            struct Input: Decodable {
                let arrivals_per_hour: Double, handling_minutes: Double, moderators: Int, target_minutes: Double, target_level: Double
                let max_occupancy: Double, shrinkage: Double
            }
            struct Expected: Decodable {
                let load: Double, erlang_b: Double?, stable: Bool, occupancy: Double?, p_wait: Double?, asa_minutes: Double?
                let service_level: Double?, needed: Int, rostered: Int
            }
            let id: String, input: Input, expected: Expected
        }
        let vectors: [Vector]
    }

    private func read<T: Decodable>(_ name: String, _: T.Type = T.self) throws -> T {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "vectors/\(name).json")
        return try JSONDecoder().decode(T.self, from: Data(contentsOf: file))
    }

    private func agree(_ one: Double?, _ other: Double?) -> Bool {
        switch (one, other) {
        case (nil, nil): true
        case (let one?, let other?): abs(one - other) < 1e-9
        case (nil, _?), (_?, nil): false
        }
    }

    @Test func giniAgrees() throws {
        let vectors = try read("concentration", Concentration.self).vectors
        #expect(vectors.count > 3)
        for vector in vectors { #expect(agree(gini(vector.input.loads), vector.expected.gini), "\(vector.id)") }
        #expect(gini([]) == nil && gini([0, 0]) == nil)
    }

    @Test func erlangAgrees() throws {
        let vectors = try read("staffing", Staffing.self).vectors
        #expect(vectors.count > 2)
        for vector in vectors {
            let (input, expected) = (vector.input, vector.expected)
            let made = ErlangC(
                arrivalsPerHour: input.arrivals_per_hour, handlingMinutes: input.handling_minutes, people: input.moderators)
            #expect(agree(made.load, expected.load) && (expected.erlang_b == nil || agree(made.blocked, expected.erlang_b)), "\(vector.id)")
            #expect(
                made.isStable == expected.stable && (expected.occupancy == nil || agree(made.occupancy, expected.occupancy)), "\(vector.id)"
            )
            #expect(agree(made.waits, expected.p_wait) && agree(made.meanWait, expected.asa_minutes), "\(vector.id)")
            #expect(agree(made.share(within: input.target_minutes), expected.service_level), "\(vector.id)")
            let needed = ErlangC.needed(
                arrivalsPerHour: input.arrivals_per_hour, handlingMinutes: input.handling_minutes, minutes: input.target_minutes,
                share: input.target_level, occupancy: input.max_occupancy)
            #expect(needed == expected.needed, "\(vector.id)")
            #expect(ErlangC.rostered(needed, away: input.shrinkage) == expected.rostered, "\(vector.id)")
        }
    }
}
