import Foundation

/// A value of a vector file: JSON as it comes, since each family has its own shape.
enum VectorValue: Sendable, Equatable, Decodable {
    case null
    case bool(Bool)
    case number(Double)
    /// A whole number that no double holds.
    case big(UInt64)
    case text(String)
    case list([VectorValue])
    case object([String: VectorValue])

    init(from decoder: any Decoder) throws {
        let box = try decoder.singleValueContainer()
        if box.decodeNil() {
            self = .null
        } else if let value = try? box.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? box.decode(UInt64.self), value > 1 << 53 {
            self = .big(value)
        } else if let value = try? box.decode(Double.self) {
            self = .number(value)
        } else if let value = try? box.decode(String.self) {
            self = .text(value)
        } else if let value = try? box.decode([VectorValue].self) {
            self = .list(value)
        } else {
            self = .object(try box.decode([String: VectorValue].self))
        }
    }
}

extension VectorValue: ExpressibleByNilLiteral, ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByDictionaryLiteral {
    init(nilLiteral: ()) { self = .null }
    init(floatLiteral value: Double) { self = .number(value) }
    init(stringLiteral value: String) { self = .text(value) }
    init(dictionaryLiteral pairs: (String, VectorValue)...) { self = .object(Dictionary(pairs) { $1 }) }

    static func of(_ value: Double?) -> VectorValue { value.map { $0 == .infinity ? .text("inf") : .number($0) } ?? .null }
    static func of(_ value: Int?) -> VectorValue { value.map { .number(Double($0)) } ?? .null }
    static func of(_ value: Bool?) -> VectorValue { value.map { .bool($0) } ?? .null }
    static func of(_ value: String?) -> VectorValue { value.map { .text($0) } ?? .null }
    static func of(_ values: [Double]) -> VectorValue { .list(values.map { .of($0) }) }
    static func of(_ values: [Int]) -> VectorValue { .list(values.map { .of($0) }) }
    static func of(_ values: [Bool]) -> VectorValue { .list(values.map { .bool($0) }) }
    static func of(_ values: [String]) -> VectorValue { .list(values.map { .text($0) }) }
    static func of(_ interval: Interval) -> VectorValue { .of([interval.lower, interval.upper]) }

    /// Names beside values in the same order.
    static func named(_ names: [String], _ values: [Double]) -> VectorValue {
        .object(Dictionary(uniqueKeysWithValues: zip(names, values.map { .of($0) })))
    }
}

/// A vector that can not be read: not a refusal of the method.
struct VectorFault: Error, CustomStringConvertible {
    let description: String
}

/// The input of one vector, read by name.
struct VectorInput {
    let fields: [String: VectorValue]

    func has(_ name: String) -> Bool { fields[name] != nil }

    private func value(_ name: String) throws -> VectorValue {
        guard let found = fields[name] else { throw VectorFault(description: "no \(name)") }
        return found
    }

    func text(_ name: String) throws -> String {
        guard case .text(let text) = try value(name) else { throw VectorFault(description: "\(name) is no text") }
        return text
    }

    func number(_ name: String) throws -> Double { try Self.number(try value(name), name) }
    func numberIfAny(_ name: String) throws -> Double? {
        guard let found = fields[name], found != .null else { return nil }
        return try Self.number(found, name)
    }
    func int(_ name: String) throws -> Int { try Self.int(try value(name), name) }
    func bool(_ name: String) throws -> Bool {
        switch try value(name) {
        case .bool(let bool): bool
        case .number(let number): number != 0
        case .null, .big, .text, .list, .object: throw NotComputable("\(name) is neither true nor false")
        }
    }

    func numbers(_ name: String) throws -> [Double] { try list(name).map { try Self.number($0, name) } }
    func ints(_ name: String) throws -> [Int] { try list(name).map { try Self.int($0, name) } }
    func texts(_ name: String) throws -> [String] { try list(name).map { try Self.text($0, name) } }
    /// Codes of answers: nothing that only looks like a number.
    func intsOrNull(_ name: String) throws -> [Int?] {
        try list(name).map { value in
            if case .bool = value { throw NotComputable("\(name) holds what is no code") }
            return try value == .null ? nil : Self.int(value, name)
        }
    }

    func seed(_ name: String) throws -> UInt64 {
        if case .big(let whole) = try value(name) { return whole }
        guard let whole = UInt64(exactly: try number(name)) else { throw NotComputable("a seed is a whole number from 0") }
        return whole
    }
    func rows<T>(_ name: String, _ read: (VectorValue) throws -> T) throws -> [[T]] {
        try list(name).map { row in
            guard case .list(let values) = row else { throw VectorFault(description: "\(name) holds a row that is no list") }
            return try values.map(read)
        }
    }

    func list(_ name: String) throws -> [VectorValue] {
        guard case .list(let values) = try value(name) else { throw VectorFault(description: "\(name) is no list") }
        return values
    }

    static func number(_ value: VectorValue, _ name: String) throws -> Double {
        switch value {
        case .number(let number): number
        case .text("inf"): .infinity
        case .bool(let bool): bool ? 1 : 0
        case .big(let whole): Double(whole)
        case .null, .text, .list, .object: throw NotComputable("\(name) holds what is no number")
        }
    }

    static func int(_ value: VectorValue, _ name: String) throws -> Int {
        let number = try number(value, name)
        guard let int = Int(exactly: number) else { throw NotComputable("\(name) holds what is no whole number") }
        return int
    }

    /// A cell of a table: words, or a number as its digits.
    static func cell(_ value: VectorValue, _ name: String) throws -> String {
        if case .number(let number) = value {
            return number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : String(number)
        }
        return try text(value, name)
    }

    static func text(_ value: VectorValue, _ name: String) throws -> String {
        guard case .text(let text) = value else { throw NotComputable("\(name) holds what is no text") }
        return text
    }
}
