import Foundation

/// Vectors of one family: inputs and what an independent package made of them.
///
/// The shape is that of the files beside the tests: `family`, `tolerance` (one number, or one for each part), `vectors` with
/// `id`, `case`, `input`, `expected`. Where `expected` holds `error` the method must refuse.
public struct VectorFile: Decodable, Sendable {
    struct Vector: Decodable, Sendable {
        let id: String
        let input: VectorValue
        let expected: VectorValue
    }

    public let family: String
    let tolerance: VectorValue
    let vectors: [Vector]

    /// What came of one file.
    public struct Outcome: Sendable, Equatable {
        public let family: String
        public let passed: Int
        /// Id and what differed; no input is repeated.
        public let failed: [String]
    }

    public init(_ data: Data) throws { self = try JSONDecoder().decode(Self.self, from: data) }

    /// Computes every vector and compares.
    public func check(measures: [Instrument]) -> Outcome {
        var (passed, failed) = (0, [String]())
        for vector in vectors {
            let complaint = complaint(about: vector, measures)
            if let complaint { failed.append("\(vector.id): \(complaint)") } else { passed += 1 }
        }
        return Outcome(family: family, passed: passed, failed: failed)
    }

    private func complaint(about vector: Vector, _ measures: [Instrument]) -> String? {
        guard case .object(let input) = vector.input, case .object(let expected) = vector.expected else {
            return "no input or nothing expected"
        }
        do {
            let got = try VectorFamilies.compute(family, VectorInput(fields: input), measures: measures)
            if expected["error"] != nil { return "computed, where it had to refuse" }
            return difference(got, vector.expected, path: [])
        } catch let refusal as NotComputable {
            return expected["error"] != nil ? nil : "refused: \(refusal)"
        } catch {
            return "\(error)"
        }
    }

    /// The first place where `got` is not as expected; what it holds beyond is not looked at.
    private func difference(_ got: VectorValue, _ expected: VectorValue, path: [String]) -> String? {
        let place = path.joined(separator: ".")
        switch (got, expected) {
        case (.object(let got), .object(let expected)):
            for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
                guard let own = got[key] else {
                    if value == .null { continue }
                    return "\(place.isEmpty ? key : place + "." + key) is not there"
                }
                if let found = difference(own, value, path: path + [key]) { return found }
            }
            return nil
        case (.list(let got), .list(let expected)):
            guard got.count == expected.count else { return "\(place): \(got.count) values, not \(expected.count)" }
            for (index, pair) in zip(got, expected).enumerated() {
                if let found = difference(pair.0, pair.1, path: path + ["\(index)"]) { return found }
            }
            return nil
        case (.number(let got), .number(let expected)):
            // Files carry twelve decimals: closer than that nothing can be asked.
            return abs(got - expected) <= allowed(path) + 1e-12 * max(1, abs(expected)) ? nil : "\(place): \(got), not \(expected)"
        case (.bool(let got), .number(let expected)) where expected == (got ? 1 : 0): return nil
        case (.number(let got), .bool(let expected)) where got == (expected ? 1 : 0): return nil
        default: return got == expected ? nil : "\(place): \(got.shown), not \(expected.shown)"
        }
    }

    /// The tolerance of a part: its own name's, or that of the part that the family counts it to.
    private func allowed(_ path: [String]) -> Double {
        switch tolerance {
        case .number(let number): return number
        case .object(let parts):
            for name in path.reversed() {
                if case .number(let number)? = parts[name] ?? parts[VectorFamilies.part(of: name, in: family) ?? ""] { return number }
            }
            return parts.values.compactMap { if case .number(let number) = $0 { number } else { nil } }.min() ?? 0
        case .null, .bool, .big, .text, .list: return 0
        }
    }
}

extension VectorValue {
    fileprivate var shown: String {
        switch self {
        case .null: "nothing"
        case .bool(let bool): "\(bool)"
        case .number(let number): "\(number)"
        case .big(let whole): "\(whole)"
        case .text(let text): text
        case .list(let values): "\(values.count) values"
        case .object: "a table"
        }
    }
}
