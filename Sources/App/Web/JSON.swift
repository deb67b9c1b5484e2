import Rules

/// The JSON face of an answer: built in order, written as bytes.
public indirect enum JSON: Sendable, Equatable {
    case null, bool(Bool), int(Int), number(Double), string(String), list([JSON]), object([Pair])

    public struct Pair: Sendable, Equatable {
        let key: String
        let value: JSON
    }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(512)
        write(into: &out)
        return out
    }

    private func write(into out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .int(let value): out.append(contentsOf: String(value).utf8)
        case .number(let value): out.append(contentsOf: (value.isFinite ? String(value) : "null").utf8)
        case .string(let text): Self.quote(text, into: &out)
        case .list(let values):
            out.append(91)
            for (place, value) in values.enumerated() {
                if place > 0 { out.append(44) }
                value.write(into: &out)
            }
            out.append(93)
        case .object(let pairs):
            out.append(123)
            for (place, pair) in pairs.enumerated() {
                if place > 0 { out.append(44) }
                Self.quote(pair.key, into: &out)
                out.append(58)
                pair.value.write(into: &out)
            }
            out.append(125)
        }
    }

    private static func quote(_ text: String, into out: inout [UInt8]) {
        out.append(34)
        for byte in text.utf8 {
            switch byte {
            case 34: out.append(contentsOf: [92, 34])
            case 92: out.append(contentsOf: [92, 92])
            case 10: out.append(contentsOf: [92, 110])
            case 0..<32:
                let hex = Array("0123456789abcdef".utf8)
                out.append(contentsOf: [92, 117, 48, 48, hex[Int(byte >> 4)], hex[Int(byte & 15)]])
            default: out.append(byte)
            }
        }
        out.append(34)
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .list(elements) }
    public init(nilLiteral: ()) { self = .null }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Pair(key: $0, value: $1) })
    }
    static func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    static func id<T>(_ value: ID<T>?) -> JSON { value.map { .string($0.description) } ?? .null }
    static func at(_ value: Instant?) -> JSON { value.map { .string(ISODate.write($0)) } ?? .null }
}
