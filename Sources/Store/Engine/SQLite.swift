import Foundation
import GRDB
import GRDBSQLite
import Rules

/// SQLite: GRDB's pool gives the threads, the writer's queue and the snapshots; statements are prepared once a
/// connection and stepped in C, since reading 50 rows through records costs four times as much.
final class SQLitePool: Sendable {
    private let pool: DatabasePool
    private let connections = ConnectionTable()

    init(path: String, readers: Int) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        pool = try DatabasePool(path: path, configuration: configuration)
        // GRDB sets synchronous=NORMAL while opening a pool, after any preparation of ours: a FULL set earlier is
        // lost without a word. An acknowledged word must survive a power cut, so it is set on the writer now.
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = FULL")
            try db.execute(sql: "PRAGMA secure_delete = ON")
            try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
        }
    }

    /// On the caller's own thread: a page's queries take less time than two changes of thread, and there are more
    /// readers than threads that could ask, so nobody waits for one.
    func read<T>(_ body: (any Connection) throws -> T) throws -> T {
        // GRDB's own reading transaction prepares its BEGIN and COMMIT anew each time; ours are prepared once. Readers'
        // connections are opened read-only either way.
        try pool.unsafeRead { [connections] db in
            let connection = try connections.of(db)
            try connection.run("BEGIN", [])
            let result = Result { try body(connection) }
            try connection.run("COMMIT", [])
            return try result.get()
        }
    }

    /// For what takes long: on a thread of its own.
    func readLong<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await pool.read { [connections] db in try body(connections.of(db)) }
    }

    func write<T: Sendable>(_ body: @escaping @Sendable (any Connection) throws -> T) async throws -> T {
        try await pool.write { [connections] db in try body(connections.of(db)) }
    }

    /// Outside any transaction, for what SQLite wants alone: VACUUM, checkpoints.
    func alone(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws {
        try await pool.writeWithoutTransaction { [connections] db in try body(connections.of(db)) }
    }

    func synchronousSetting() async throws -> Int64 {
        try await pool.writeWithoutTransaction { try Int64.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    }

    func backup(to path: String) throws {
        let copy = try DatabaseQueue(path: path)
        try pool.backup(to: copy)
        try copy.close()
    }

    func close() throws {
        connections.finalizeAll()
        try pool.close()
    }
}

/// GRDB opens and keeps the connections; this remembers our prepared statements for each.
private final class ConnectionTable: @unchecked Sendable {
    private let lock = NSLock()
    private var table: [OpaquePointer: SQLiteConnection] = [:]

    func of(_ db: Database) throws -> SQLiteConnection {
        guard let pointer = db.sqliteConnection else { throw StoreFault.closed }
        return lock.withLock {
            if let known = table[pointer] { return known }
            let made = SQLiteConnection(pointer)
            table[pointer] = made
            return made
        }
    }

    func finalizeAll() {
        lock.withLock {
            for connection in table.values { connection.finalizeStatements() }
            table = [:]
        }
    }
}

final class SQLiteConnection: Connection {
    private let db: OpaquePointer
    private var prepared: [String: OpaquePointer] = [:]
    let engine = Engine.sqlite

    init(_ db: OpaquePointer) { self.db = db }

    func query(_ text: String, _ values: [Value], changing: Bool, _ each: (any RowSource) throws -> Bool) throws {
        let statement = try prepare(text)
        defer {
            sqlite3_reset(statement)
            sqlite3_clear_bindings(statement)
        }
        try bind(values, to: statement)
        let row = SQLiteRow(statement: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: if try !each(row) { return }
            case SQLITE_DONE: return
            default: throw fault()
            }
        }
    }

    func change(_ text: String, _ values: [Value]) throws -> Int {
        try query(text, values, changing: true) { _ in true }
        return Int(sqlite3_changes(db))
    }

    func run(_ text: String, _ values: [Value]) throws { try query(text, values, changing: true) { _ in true } }

    func script(_ text: String) throws {
        guard sqlite3_exec(db, text, nil, nil, nil) == SQLITE_OK else { throw fault() }
    }

    func finalizeStatements() {
        for statement in prepared.values { sqlite3_finalize(statement) }
        prepared = [:]
    }

    private func prepare(_ text: String) throws -> OpaquePointer {
        if let known = prepared[text] { return known }
        var made: OpaquePointer?
        guard sqlite3_prepare_v3(db, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil) == SQLITE_OK, let made
        else { throw fault() }
        if prepared.count > 600 { finalizeStatements() }  // lists of varying length could fill the memory
        prepared[text] = made
        return made
    }

    private func bind(_ values: [Value], to statement: OpaquePointer) throws {
        for (place, value) in values.enumerated() {
            let at = Int32(place + 1)
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, at)
                case .int(let n): sqlite3_bind_int64(statement, at, n)
                case .real(let n): sqlite3_bind_double(statement, at, n)
                case .text(let text): sqlite3_bind_text(statement, at, text, Int32(text.utf8.count), transient)
                case .bytes(let bytes): sqlite3_bind_blob(statement, at, bytes, Int32(bytes.count), transient)
                }
            guard code == SQLITE_OK else { throw fault() }
        }
    }

    private func fault() -> StoreFault {
        let message = String(cString: sqlite3_errmsg(db))
        let code = sqlite3_extended_errcode(db)
        return code & 0xFF == SQLITE_CONSTRAINT
            ? .conflict(constraint: message) : .engine(code: String(code), message: message)
    }
}

/// Tells SQLite to copy what it is given.
private let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

private struct SQLiteRow: RowSource {
    let statement: OpaquePointer

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        let length = Int(sqlite3_column_bytes(statement, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: length), as: UTF8.self)
    }
    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }
}
