import Rules

/// One row while it is being read, column after column in the order of the SELECT.
///
/// Reading past the last column or as the wrong kind is a fault of ours and throws, never a quiet nil.
public struct Row: ~Copyable {
    let source: any RowSource
    var next: Int32 = 0

    init(_ source: any RowSource) { self.source = source }

    private mutating func step() -> Int32 {
        next += 1
        return next - 1
    }

    public mutating func int() throws -> Int64 {
        let column = step()
        guard !source.isNull(column) else { throw StoreFault.unexpectedNull(column: Int(column)) }
        return source.int(column)
    }
    public mutating func count() throws -> Int { Int(try int()) }
    public mutating func intIfAny() -> Int64? {
        let column = step()
        return source.isNull(column) ? nil : source.int(column)
    }
    public mutating func bool() throws -> Bool { try int() != 0 }
    public mutating func text() throws -> String {
        let column = step()
        guard !source.isNull(column) else { throw StoreFault.unexpectedNull(column: Int(column)) }
        return source.text(column)
    }
    public mutating func textIfAny() -> String? {
        let column = step()
        return source.isNull(column) ? nil : source.text(column)
    }
    public mutating func bytes() throws -> [UInt8] {
        let column = step()
        guard !source.isNull(column) else { throw StoreFault.unexpectedNull(column: Int(column)) }
        return source.bytes(column)
    }
    public mutating func bytesIfAny() -> [UInt8]? {
        let column = step()
        return source.isNull(column) ? nil : source.bytes(column)
    }
    public mutating func id<T>(_: T.Type = T.self) throws -> ID<T> { ID(raw: try int()) }
    public mutating func idIfAny<T>(_: T.Type = T.self) -> ID<T>? { intIfAny().map { ID(raw: $0) } }
    public mutating func instant() throws -> Instant { Instant(milliseconds: try int()) }
    public mutating func instantIfAny() -> Instant? { intIfAny().map { Instant(milliseconds: $0) } }
    public mutating func word<T: RawRepresentable>(_: T.Type = T.self) throws -> T where T.RawValue == String {
        let text = try text()
        guard let value = T(rawValue: text) else { throw StoreFault.unknownWord(text, of: "\(T.self)") }
        return value
    }
    public mutating func wordIfAny<T: RawRepresentable>(_: T.Type = T.self) throws -> T? where T.RawValue == String {
        guard let text = textIfAny() else { return nil }
        guard let value = T(rawValue: text) else { throw StoreFault.unknownWord(text, of: "\(T.self)") }
        return value
    }
}

/// How an engine hands out the columns of its current row.
protocol RowSource {
    func isNull(_ column: Int32) -> Bool
    func int(_ column: Int32) -> Int64
    func text(_ column: Int32) -> String
    func bytes(_ column: Int32) -> [UInt8]
}

/// Something is wrong with the database or with our query; never a refusal to a person.
public enum StoreFault: Error, CustomStringConvertible, Equatable {
    case engine(code: String, message: String)
    case conflict(constraint: String)
    case unexpectedNull(column: Int)
    case unknownWord(String, of: String)
    case migrationChanged(String)
    case migrationFromTheFuture(String)
    case closed
    /// The person it is about has erased themselves.
    case gone
    case unreadable(String)

    public var description: String {
        switch self {
        case .engine(let code, let message): "database \(code): \(message)"
        case .conflict(let name): "conflict on \(name)"
        case .unexpectedNull(let column): "column \(column) is null"
        case .unknownWord(let word, let type): "\"\(word)\" is not a \(type)"
        case .migrationChanged(let name): "migration \(name) changed after it was shipped"
        case .migrationFromTheFuture(let name): "the database knows migration \(name), this program does not"
        case .closed: "the database is closed"
        case .gone: "the person is gone"
        case .unreadable(let what): "\(what) can not be read"
        }
    }
}
