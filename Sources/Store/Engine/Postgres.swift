import CPostgres
import DequeModule
import Dispatch
import Foundation
import Rules

/// PostgreSQL through its own client: one thread a connection, fed from one queue; binary results.
final class PostgresConnection: Connection {
    fileprivate let raw: OpaquePointer
    private var prepared: [String: String] = [:]
    /// What has been asked for and not been sent: BEGIN, and changes nobody waits for. All of it goes with the next statement.
    private var unsent: [Unsent] = []
    private var hasBegun = false
    private var mayChange = true
    /// The COMMIT of this transaction is on its way: whether it is kept is known by its answer alone.
    fileprivate private(set) var mayHaveCommitted = false
    let engine = Engine.postgresql

    init(_ address: String) throws {
        guard let made = postgresConnection(to: address) else { throw StoreFault.closed }
        raw = made
        guard PQstatus(made) == CONNECTION_OK else {
            // Everything is set by now, so `deinit` runs and closes what was half opened; closing it here too is once too often.
            throw StoreFault.engine(code: "connect", message: String(cString: PQerrorMessage(made)))
        }
        // The server's notices ("already exists, skipping") are no concern of a reader of our log.
        _ = PQsetNoticeProcessor(made, { _, _ in }, nil)
        // Our statements look rows up by their keys: planning one anew for its values costs more than running it. `planForTheseValues` says otherwise.
        try script("SET synchronous_commit = on; SET standard_conforming_strings = on; SET plan_cache_mode = force_generic_plan")
        try prepareEnds()
    }

    /// How transactions begin and end is prepared as well: parsing it anew each time is a tenth of what a page costs here.
    private func prepareEnds() throws { for text in [Self.read, Self.write, Self.begin, Self.commit] { _ = try prepare(text) } }

    private func ready(_ text: String) -> Unsent { Unsent(name: prepared[text] ?? "", values: BoundValues([])) }

    private static let read = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    private static let write = "BEGIN ISOLATION LEVEL REPEATABLE READ"
    private static let begin = "BEGIN"
    private static let commit = "COMMIT"

    deinit { PQfinish(raw) }

    var isCut: Bool { PQstatus(raw) != CONNECTION_OK }

    /// A pipeline that could not be left is as good as lost.
    var isLost: Bool { isCut || PQpipelineStatus(raw) != PQ_PIPELINE_OFF }

    /// Did the server hang up while nobody needed it? Its last words and the end after them are read, without waiting for any.
    var hasHungUp: Bool {
        for _ in 0..<8 {
            var waiting = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 0) == 1 else { return false }
            guard PQconsumeInput(raw) == 1, !isCut else { return true }
        }
        return false
    }

    func query(_ text: String, _ values: [Value], changing: Bool, _ each: (any RowSource) throws -> Bool) throws {
        if changing { try refuseInAGlance() }
        let result = try ask(text, values)
        defer { PQclear(result) }
        for row in 0..<PQntuples(result) where try !each(PostgresRow(result: result, row: row)) { return }
    }

    func change(_ text: String, _ values: [Value]) throws -> Int {
        try refuseInAGlance()
        let result = try ask(text, values)
        defer { PQclear(result) }
        return Int(String(cString: PQcmdTuples(result))) ?? 0
    }

    func run(_ text: String, _ values: [Value]) throws {
        try refuseInAGlance()
        unsent.append(Unsent(name: try prepare(text), values: BoundValues(values)))
    }

    func script(_ text: String) throws {
        if !unsent.isEmpty { PQclear(try sendAll()) }
        let result = PQexec(raw, text)
        defer { PQclear(result) }
        try check(result)
    }

    /// One snapshot for all of a transaction: what was read is still true when it is written, or the engine says 40001 and
    /// the whole is tried again.
    fileprivate func begin(_ kind: TransactionKind) {
        hasBegun = false
        mayHaveCommitted = false
        mayChange = kind != .glance
        let text: String
        switch kind {
        case .glance: return unsent = []
        case .read: text = Self.read
        case .write: text = Self.write
        case .migration: text = Self.begin
        }
        unsent = [ready(text)]
    }

    /// Ends the transaction. A read has nothing to lose, so its end is sent and not waited for: the next statement on
    /// this connection takes the answer away first.
    fileprivate func commit(_ kind: TransactionKind) throws {
        mayChange = true
        guard hasBegun || unsent.count > 1 else { return unsent = [] }  // nothing was asked, or in a glance
        if kind == .read, unsent.isEmpty {
            guard send(ready(Self.commit)) == 1 else { throw lost("commit") }
        } else {
            unsent.append(ready(Self.commit))
            mayHaveCommitted = true
            let result = try sendAll()
            defer { PQclear(result) }
            // COMMIT of a transaction that has failed answers ROLLBACK, and that is no error to the engine.
            guard String(cString: PQcmdStatus(result)) == "COMMIT" else {
                throw StoreFault.engine(code: "25P02", message: "the transaction had failed before its end")
            }
        }
    }

    fileprivate func rollBack() throws {
        unsent = []
        mayChange = true
        if hasBegun { try script("ROLLBACK") }
    }

    /// What stands in no transaction is not held to reading by the engine.
    private func refuseInAGlance() throws {
        guard mayChange else { throw StoreFault.engine(code: "25006", message: "a glance changes nothing") }
    }

    private func ask(_ text: String, _ values: [Value]) throws -> OpaquePointer? {
        let statement = Unsent(name: try prepare(text), values: BoundValues(values))
        guard unsent.isEmpty else {
            unsent.append(statement)
            return try sendAll()
        }
        let result = statement.values.withPointers { PQexecPrepared(raw, statement.name, $0, $1, $2, $3, 1) }
        do { try check(result) } catch {
            PQclear(result)
            throw error
        }
        return result
    }

    /// All that is unsent in one round trip; the answer is the last one's. The first that is refused is thrown: the engine
    /// skips the rest, a COMMIT among them.
    private func sendAll() throws -> OpaquePointer? {
        let sent = unsent
        unsent = []
        hasBegun = true
        while let old = PQgetResult(raw) { PQclear(old) }
        guard PQenterPipelineMode(raw) == 1, sent.allSatisfy({ send($0) == 1 }), PQpipelineSync(raw) == 1 else { throw lost("pipeline") }
        var results: [OpaquePointer] = []
        defer { for result in results { PQclear(result) } }
        // Each statement's answer is followed by a nil; the sync has none and comes last.
        while results.count <= sent.count, PQstatus(raw) == CONNECTION_OK {
            if let result = PQgetResult(raw) { results.append(result) }
        }
        // The server's own reason first, also when it has hung up.
        guard results.count == sent.count + 1, PQexitPipelineMode(raw) == 1 else {
            for result in results { try check(result) }
            throw lost("pipeline")
        }
        for result in results.dropLast() { try check(result) }
        return results.remove(at: sent.count - 1)
    }

    private func send(_ statement: Unsent) -> Int32 {
        statement.values.withPointers { PQsendQueryPrepared(raw, statement.name, $0, $1, $2, $3, 1) }
    }

    private func lost(_ code: String) -> StoreFault { .engine(code: code, message: "connection lost") }

    private func prepare(_ text: String) throws -> String {
        if let known = prepared[text] { return known }
        if prepared.count > 600 {  // lists of varying length could fill the server's memory
            try script("DEALLOCATE ALL")
            prepared = [:]
            try prepareEnds()
        }
        let name = "s\(prepared.count)"
        let result = PQprepare(raw, name, text, 0, nil)  // before BEGIN at the latest: a pipeline takes no preparation
        defer { PQclear(result) }
        try check(result)
        prepared[text] = name
        return name
    }

    private func check(_ result: OpaquePointer?) throws {
        let status = PQresultStatus(result)
        guard status != PGRES_COMMAND_OK, status != PGRES_TUPLES_OK else { return }
        let state = PQresultErrorField(result, 67).map { String(cString: $0) } ?? "none"  // 'C': SQLSTATE
        let constraint = PQresultErrorField(result, 110).map { String(cString: $0) }  // 'n': constraint
        // Class 23 is a broken constraint; 40001 and 40P01 ask for another try and are handled by the pool.
        if state.hasPrefix("23") { throw StoreFault.conflict(constraint: constraint ?? state) }
        throw StoreFault.engine(
            code: state, message: PQresultErrorField(result, 77).map { String(cString: $0) } ?? "connection lost")
    }
}

/// With little to do most connections wait for hours: a peer that went without a word is noticed in a minute and a half. What the address
/// itself says of it counts.
func postgresConnection(to address: String) -> OpaquePointer? {
    let said = [
        ("keepalives_idle", "60"), ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "90000"),
        ("dbname", address),
    ]
    let (names, values) = (said.map { strdup($0.0) }, said.map { strdup($0.1) })
    defer { for text in names + values { free(text) } }
    return PQconnectdbParams(names.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 1)
}

/// A prepared statement and what it is run with.
private struct Unsent {
    let name: String
    let values: BoundValues
}

/// Values as libpq wants them: text for numbers, binary for bytes; one piece of memory for all of them.
private struct BoundValues {
    private var flat: [CChar] = []
    private var starts: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [Value]) {
        for value in values {
            switch value {
            case .null:
                starts.append(nil)
                lengths.append(0)
                formats.append(0)
            case .int(let n): add(String(n).utf8, 0)
            case .real(let n): add(String(n).utf8, 0)
            case .text(let text): add(text.utf8, 0)
            case .bytes(let bytes): add(bytes, 1)
            }
        }
    }

    private mutating func add(_ bytes: some Collection<UInt8>, _ format: Int32) {
        starts.append(flat.count)
        flat.reserveCapacity(flat.count + bytes.count + 1)
        for byte in bytes { flat.append(CChar(bitPattern: byte)) }
        flat.append(0)
        lengths.append(Int32(bytes.count))
        formats.append(format)
    }

    func withPointers<T>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) throws -> T
    ) rethrows -> T {
        try flat.withUnsafeBufferPointer { flat in
            let pointers = starts.map { start in start.map { flat.baseAddress! + $0 } }
            return try body(Int32(starts.count), pointers, lengths, formats)
        }
    }
}

private struct PostgresRow: RowSource {
    let result: OpaquePointer?
    let row: Int32

    func isNull(_ column: Int32) -> Bool { PQgetisnull(result, row, column) == 1 }

    /// Integers of any width and booleans: big-endian bytes.
    func int(_ column: Int32) -> Int64 {
        let length = Int(PQgetlength(result, row, column))
        guard let start = PQgetvalue(result, row, column), length > 0, length <= 8 else { return 0 }
        var value: Int64 = start[0] < 0 ? -1 : 0
        for place in 0..<length { value = value << 8 | Int64(UInt8(bitPattern: start[place])) }
        return value
    }

    func text(_ column: Int32) -> String {
        guard let start = PQgetvalue(result, row, column) else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column))), as: UTF8.self)
    }

    func bytes(_ column: Int32) -> [UInt8] {
        guard let start = PQgetvalue(result, row, column) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(PQgetlength(result, row, column))))
    }
}

/// A migration waits for another node's and must then see what that one did: it reads what is committed. A glance is no
/// transaction: each question of it sees what is committed then, and BEGIN and COMMIT are saved.
enum TransactionKind: Sendable { case glance, read, write, migration }

/// The connection of one thread: opened when it is wanted, and anew once it was lost.
private final class PostgresLine {
    private let address: String
    private(set) var connection: PostgresConnection?

    init(_ address: String) { self.address = address }

    func open() throws -> PostgresConnection {
        if let connection, !connection.isLost, !connection.hasHungUp { return connection }
        let made = try PostgresConnection(address)
        connection = made
        return made
    }
}

/// Threads that each own one connection.
final class PostgresPool: Sendable {
    private typealias Job = @Sendable (PostgresLine) -> Void
    private let queue = JobQueue<Job>()

    init(_ address: String, size: Int) throws {
        _ = try PostgresConnection(address)  // a wrong address stops the start, not the first request
        for number in 0..<size {
            let thread = Thread { [queue] in
                let line = PostgresLine(address)
                let bell = DispatchSemaphore(value: 0)
                while let job = queue.next(bell) { job(line) }
            }
            thread.name = "postgres-\(number)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    func transaction<T: Sendable>(
        _ kind: TransactionKind, _ body: @escaping @Sendable (any Connection) throws -> T
    ) async throws -> T {
        try await withCheckedThrowingContinuation { reply in
            queue.add { line in
                reply.resume(
                    with: Result {
                        let connection = try line.open()
                        do { return try Self.attempt(connection, kind, tries: 20, body) } catch {
                            // Nothing is kept unless its COMMIT was sent: it is asked again on a new one.
                            guard connection.isCut, !connection.mayHaveCommitted else { throw error }
                            return try Self.attempt(try line.open(), kind, tries: 20, body)
                        }
                    })
            }
        }
    }

    /// Serialisation failures and deadlocks (40001, 40P01) are the engine asking for another try.
    private static func attempt<T>(
        _ connection: PostgresConnection, _ kind: TransactionKind, tries: Int, _ body: (any Connection) throws -> T
    ) throws -> T {
        connection.begin(kind)
        do {
            let value = try body(connection)
            try connection.commit(kind)
            return value
        } catch {
            do { try connection.rollBack() } catch let lost {
                throw StoreFault.engine(code: "rollback", message: "\(error); then \(lost)")
            }
            if case StoreFault.engine(let code, _) = error, ["40001", "40P01"].contains(code), tries > 1 {
                return try attempt(connection, kind, tries: tries - 1, body)
            }
            throw error
        }
    }

    /// Outside any transaction: VACUUM.
    func outside(_ body: @escaping @Sendable (any Connection) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (reply: CheckedContinuation<Void, any Error>) in
            queue.add { line in reply.resume(with: Result { try body(try line.open()) }) }
        }
    }

    func close() { queue.close() }
}

/// Jobs in the order they came, each for the thread that was busy last: its connection's plans and memory are still near, and with
/// little to do few connections do it all. Handing them round cost PostgreSQL half as much again for a letter.
private final class JobQueue<Job>: @unchecked Sendable {
    private let lock = NSLock()
    private var jobs: Deque<Job> = []
    private var stopped = false
    private var idle: [DispatchSemaphore] = []

    func add(_ job: Job) {
        let free = lock.withLock {
            jobs.append(job)
            return idle.popLast()
        }
        free?.signal()
    }

    /// `bell` is the asking thread's own. A job that another thread took meanwhile is waited for again.
    func next(_ bell: DispatchSemaphore) -> Job? {
        while true {
            let found: Job?? = lock.withLock {
                if let job = jobs.popFirst() { return job }
                if stopped { return .some(nil) }
                idle.append(bell)
                return nil
            }
            if let found { return found }
            bell.wait()
        }
    }

    func close() {
        let waiting = lock.withLock {
            stopped = true
            return idle
        }
        for bell in waiting { bell.signal() }
    }
}
