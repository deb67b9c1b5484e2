import Foundation
import Logging
import Rules

/// The database: SQLite in one file, or PostgreSQL. `read`, `glance` and `write` are the only ways in.
public final class Store: Sendable {
    private enum Pool: Sendable { case sqlite(SQLitePool), postgresql(PostgresPool, address: String) }
    private let pool: Pool
    private let now: @Sendable () -> Instant
    private let house = HouseRules()
    public let ids: IDSource
    public let keys: Keys
    public let engine: Engine
    /// Told after each commit that changed something others show; other nodes hear it through NOTIFY.
    private let changes = Broadcast()

    /// Opens and migrates, or throws. `address`: a path, or `postgresql://…`.
    public static func open(
        _ address: String, keys: Keys, connections: Int = 8, now: @escaping @Sendable () -> Instant, ids: IDSource
    ) async throws -> Store {
        let store = try Store(address, keys: keys, connections: connections, now: now, ids: ids)
        _ = try await store.writeOnce(.migration) { try Migration.run($0) }
        return store
    }

    private init(
        _ address: String, keys: Keys, connections: Int, now: @escaping @Sendable () -> Instant, ids: IDSource
    ) throws {
        if address.hasPrefix("postgres") {
            pool = .postgresql(try PostgresPool(address, size: connections), address: address)
            engine = .postgresql
        } else {
            pool = .sqlite(try SQLitePool(path: address, readers: connections))
            engine = .sqlite
        }
        self.keys = keys
        self.now = now
        self.ids = ids
    }

    /// Which day it is where the people are, for what counts by the day: UTC's until this is said.
    public func countDays(by day: @escaping @Sendable (Instant) -> Int64) { house.set { $0.day = day } }

    /// Until when cases are looked at: the usual times until this is said.
    public func look(within times: DueTimes) { house.set { $0.dueTimes = times } }

    private func transaction() -> @Sendable (any Connection) -> Transaction {
        let now = now()
        let (day, due) = house.read
        return { [today = day(now), ids, keys] in Transaction($0, now: now, today: today, dueTimes: due, ids: ids, keys: keys) }
    }

    /// A read-only snapshot. GET handlers have nothing else, so a GET can not write. `long` for what reads more than a
    /// page: reports, exports, nightly work.
    public func read<T: Sendable>(long: Bool = false, _ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        let transaction = transaction()
        let run: @Sendable (any Connection) throws -> T = { try body(transaction($0)) }
        switch pool {
        case .sqlite(let pool): return long ? try await pool.readLong(run) : try pool.read(run)
        case .postgresql(let pool, _): return try await pool.transaction(.read, run)
        }
    }

    /// A read of things that need not be of one moment: who asks, a page whose questions each hold their own door. No snapshot is promised.
    public func glance<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        guard case .postgresql(let pool, _) = pool else { return try await read(body) }
        let transaction = transaction()
        return try await pool.transaction(.glance) { try body(transaction($0)) }
    }

    /// One transaction: all of it or none. Tried again, four times at most, when a unique index refused it: the other
    /// press, or the same random id, is then there to be seen, and whoever asked finds it instead of a fault.
    public func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        for _ in 0..<4 {
            do { return try await writeOnce(.write, body) } catch StoreFault.conflict { continue }
        }
        return try await writeOnce(.write, body)
    }

    private func writeOnce<T: Sendable>(
        _ kind: TransactionKind, _ body: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let transaction = transaction()
        switch pool {
        case .sqlite(let pool):
            let (value, told) = try await pool.write {
                let tx = transaction($0)
                return (try body(tx), try tx.end())
            }
            for change in told { changes.send(change) }
            return value
        case .postgresql(let pool, _):
            return try await pool.transaction(kind) {
                let tx = transaction($0)
                let value = try body(tx)
                for change in try tx.end() { try tx.run("SELECT pg_notify(\(Self.channel), \(change))") }
                return value
            }
        }
    }

    private static let channel = "understory"

    /// After the nightly erasures: nothing deleted stays in the file. FTS5 keeps deleted words in its segments until
    /// `optimize`; the log keeps pages until it is truncated. PostgreSQL's own vacuum does the rest there.
    public func sweep() async throws {
        switch pool {
        case .sqlite(let pool):
            try await pool.alone {
                try $0.script("INSERT INTO item_words (item_words) VALUES ('optimize')")
                try $0.script("PRAGMA wal_checkpoint(TRUNCATE)")
            }
        case .postgresql(let pool, _):
            try await pool.outside { try $0.script("VACUUM item, item_words, case_words, report") }
        }
    }

    /// A whole copy of a SQLite file while it is in use. PostgreSQL has `pg_dump`.
    public func backup(to path: String) throws {
        guard case .sqlite(let pool) = pool else { throw StoreFault.engine(code: "backup", message: "use pg_dump") }
        try pool.backup(to: path)
    }

    /// 2 means FULL: an acknowledged commit survives a power cut. Nil on PostgreSQL, whose commits always wait.
    public func synchronousSetting() async throws -> Int64? {
        guard case .sqlite(let pool) = pool else { return nil }
        return try await pool.synchronousSetting()
    }

    public func close() throws {
        changes.finish()
        switch pool {
        case .sqlite(let pool): try pool.close()
        case .postgresql(let pool, _): pool.close()
        }
    }

    /// Changes from this node and, on PostgreSQL, from all others. Ends with the store, or when PostgreSQL's connection is
    /// lost: then listen again.
    public func listen() throws -> AsyncStream<String> {
        switch pool {
        case .sqlite: return changes.subscribe()
        case .postgresql(_, let address):
            let listener = try PostgresListener(address, channel: Self.channel)
            changes.onFinish { listener.close() }
            return listener.payloads
        }
    }
}

/// What the host says and every transaction needs to know.
private final class HouseRules: @unchecked Sendable {
    struct Values {
        var day: @Sendable (Instant) -> Int64 = { $0.day }
        var dueTimes = DueTimes.usual
    }
    private let lock = NSLock()
    private var values = Values()

    func set(_ change: (inout Values) -> Void) { lock.withLock { change(&values) } }
    var read: (day: @Sendable (Instant) -> Int64, dueTimes: DueTimes) { lock.withLock { (values.day, values.dueTimes) } }
}

/// One sender, any number of listeners, each with a bounded buffer.
final class Broadcast: @unchecked Sendable {
    private let lock = NSLock()
    private var listeners: [AsyncStream<String>.Continuation] = []
    private var atEnd: [@Sendable () -> Void] = []

    func subscribe() -> AsyncStream<String> {
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(10_000))
        lock.withLock { listeners.append(continuation) }
        return stream
    }
    func send(_ text: String) { for one in lock.withLock({ listeners }) { one.yield(text) } }
    func onFinish(_ act: @escaping @Sendable () -> Void) { lock.withLock { atEnd.append(act) } }
    func finish() {
        let (ends, acts) = lock.withLock { (listeners, atEnd) }
        for one in ends { one.finish() }
        for act in acts { act() }
    }
}
