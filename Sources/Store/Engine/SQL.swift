import Rules

/// A query in plain sight: the literal parts are trusted, every interpolated value is bound, never spliced.
///
///     tx.rows("SELECT id FROM item WHERE room = \(room) AND state = \(ItemState.shown)") { try $0.id() }
///
/// One text is read by both engines; `Transaction` writes `?` or `$1` as its engine asks.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Piece: Sendable { case text(String), each(sqlite: String, postgresql: String), value(Value) }
    var pieces: [Piece]

    public init(stringLiteral text: String) { pieces = [.text(text)] }
    public init(stringInterpolation made: Interpolation) { pieces = made.pieces }
    init(pieces: [Piece]) { self.pieces = pieces }

    public static func + (a: SQL, b: SQL) -> SQL { SQL(pieces: a.pieces + b.pieces) }
    public static func += (a: inout SQL, b: SQL) { a.pieces += b.pieces }

    /// Does this text hold that column's?
    static func contains(_ text: String, _ column: SQL) -> SQL {
        SQL(pieces: [.each(sqlite: "instr(", postgresql: "strpos("), .value(.text(text)), .text(", ")] + column.pieces + [.text(") > 0")])
    }

    /// `(?, ?, ?)` for an `IN`; an empty list becomes `(NULL)`, which nothing is in.
    public static func list(_ values: some Sequence<some Bindable>) -> SQL {
        var pieces: [Piece] = [.text("(")]
        for value in values {
            if pieces.count > 1 { pieces.append(.text(", ")) }
            pieces.append(.value(value.bound))
        }
        if pieces.count == 1 { pieces.append(.text("NULL")) }
        pieces.append(.text(")"))
        return SQL(pieces: pieces)
    }

    /// All values of a column in one text with spaces between; NULL when there are none.
    static func joined(_ expression: SQL) -> SQL {
        SQL(pieces: [.each(sqlite: "group_concat(", postgresql: "string_agg(")] + expression.pieces + [.text(", ' ')")])
    }

    public struct Interpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(interpolationCount * 2 + 1)
        }
        public mutating func appendLiteral(_ text: String) {
            if !text.isEmpty { pieces.append(.text(text)) }
        }
        public mutating func appendInterpolation(_ value: some Bindable) { pieces.append(.value(value.bound)) }
        public mutating func appendInterpolation(_ value: (some Bindable)?) {
            pieces.append(.value(value?.bound ?? .null))
        }
        /// A number in the text itself, for LIMIT: the engine plans with it, which it can not with what is bound.
        public mutating func appendInterpolation(number: Int) { pieces.append(.text(String(number))) }
        public mutating func appendInterpolation(_ sql: SQL) { pieces += sql.pieces }
    }

    /// The text for an engine and the values in order.
    func rendered(_ engine: Engine) -> (text: String, values: [Value]) {
        var text = ""
        text.reserveCapacity(256)
        var values: [Value] = []
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .each(let sqlite, let postgresql): text += engine == .sqlite ? sqlite : postgresql
            case .value(let value):
                values.append(value)
                switch engine {
                case .sqlite: text += "?"
                case .postgresql: text += "$\(values.count)"
                }
            }
        }
        return (text, values)
    }
}

/// The two engines behind one transaction type.
public enum Engine: String, Sendable { case sqlite, postgresql }

/// What a column can hold.
public enum Value: Sendable, Equatable {
    case null, int(Int64), real(Double), text(String), bytes([UInt8])
}

public protocol Bindable { var bound: Value { get } }

extension Int: Bindable { public var bound: Value { .int(Int64(self)) } }
extension Int64: Bindable { public var bound: Value { .int(self) } }
extension Bool: Bindable { public var bound: Value { .int(self ? 1 : 0) } }
extension Double: Bindable { public var bound: Value { .real(self) } }
extension String: Bindable { public var bound: Value { .text(self) } }
extension Array: Bindable where Element == UInt8 { public var bound: Value { .bytes(self) } }
extension ID: Bindable { public var bound: Value { .int(raw) } }
extension Instant: Bindable { public var bound: Value { .int(milliseconds) } }
extension Lapse: Bindable { public var bound: Value { .int(milliseconds) } }
extension Bindable where Self: RawRepresentable, RawValue == String { public var bound: Value { .text(rawValue) } }
extension Bindable where Self: RawRepresentable, RawValue == Int { public var bound: Value { .int(Int64(rawValue)) } }
