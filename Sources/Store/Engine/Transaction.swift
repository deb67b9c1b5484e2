import Rules

/// The only handle on the database: lives inside `Store.read` or `Store.write`, on a database thread.
///
/// Everything in it is synchronous on purpose: nothing can suspend while a lock is held.
public final class Transaction {
    let connection: any Connection
    public let now: Instant
    /// Days since 1970 as the organisation's clock counts them.
    public let today: Int64
    /// Until when cases are looked at, as the host says.
    public let dueTimes: DueTimes
    public let ids: IDSource
    public let keys: Keys
    public var engine: Engine { connection.engine }
    /// How many statements ran: pages have a budget, and a test counts.
    public private(set) var statements = 0
    /// Rooms that were read in here: no other transaction changes them meanwhile, and whatever changes one here forgets it.
    var rooms: [ID<Room>: RoomRow] = [:]
    let ending: Ending

    init(
        _ connection: any Connection, now: Instant, today: Int64, dueTimes: DueTimes, ids: IDSource, keys: Keys, ending: Ending = Ending()
    ) {
        self.connection = connection
        self.now = now
        self.today = today
        self.dueTimes = dueTimes
        self.ids = ids
        self.keys = keys
        self.ending = ending
    }

    /// Last of all, before the commit: what is written once however often it changed in here. Answers whom to tell what.
    func end() throws -> [String] {
        try keepHistories()
        return ending.told
    }

    /// The queue is not what it was: pages that show it are told once this is committed. What is written into a case's history says so itself.
    public func tellQueue() { ending.queueHasChanged = true }

    public func rows<T>(_ sql: SQL, _ read: (inout Row) throws -> T) throws -> [T] {
        statements += 1
        let (text, values) = sql.rendered(connection.engine)
        var found: [T] = []
        try connection.query(text, values, changing: false) { source in
            var row = Row(source)
            found.append(try read(&row))
            return true
        }
        return found
    }

    public func first<T>(_ sql: SQL, _ read: (inout Row) throws -> T) throws -> T? { try first(sql, changing: false, read) }

    private func first<T>(_ sql: SQL, changing: Bool, _ read: (inout Row) throws -> T) throws -> T? {
        statements += 1
        let (text, values) = sql.rendered(connection.engine)
        var found: T?
        try connection.query(text, values, changing: changing) { source in
            var row = Row(source)
            found = try read(&row)
            return false
        }
        return found
    }

    /// Runs a change whose count nobody needs. PostgreSQL is told of it together with the next statement or the end of the
    /// transaction, in one round trip, so what it refuses is refused there; nobody in between may catch it.
    public func run(_ sql: SQL) throws {
        statements += 1
        let (text, values) = sql.rendered(connection.engine)
        try connection.run(text, values)
    }

    /// Runs a change and returns how many rows it touched: claims compare, set, and look at this number.
    public func change(_ sql: SQL) throws -> Int {
        statements += 1
        let (text, values) = sql.rendered(connection.engine)
        return try connection.change(text, values)
    }

    /// A change of one row that says what it is now: an UPDATE with RETURNING. Nil where it applied to none.
    func changed<T>(_ sql: SQL, _ read: (inout Row) throws -> T) throws -> T? { try first(sql, changing: true, read) }

    /// Runs plain statements without values, as migrations do.
    func script(_ text: String) throws { try connection.script(text) }

    /// The key of one press with what was sent by it: the same key with other words is another press.
    public func press(_ key: String, _ words: String) -> String {
        key + " " + keys.fingerprint(words, for: "press").prefix(12).map { String($0, radix: 16) }.joined(separator: ".")
    }

    public func count(_ sql: SQL) throws -> Int { try first(sql) { try $0.count() } ?? 0 }
    public func exists(_ sql: SQL) throws -> Bool { try first(sql) { _ in true } ?? false }
}

/// What a transaction leaves for its end. The same transaction at another moment has the same end.
final class Ending {
    /// What there is news of, for whom: open pages are told once this is committed.
    var news: Set<News> = []
    var queueHasChanged = false
    /// Cases whose row is taken in here, with the end of their history as it is by now.
    var histories: [ID<Case>: HistoryEnd] = [:]

    var told: [String] { news.map(\.change) + (queueHasChanged ? ["queue"] : []) }
}

/// One open connection of an engine, used by one thread at a time.
protocol Connection: AnyObject {
    var engine: Engine { get }
    /// Calls `each` with the row; stops when it answers false.
    /// `changing`: it is an UPDATE that answers, and is refused where nothing may change.
    func query(_ text: String, _ values: [Value], changing: Bool, _ each: (any RowSource) throws -> Bool) throws
    func change(_ text: String, _ values: [Value]) throws -> Int
    /// At once or together with the next statement; never after the end of the transaction.
    func run(_ text: String, _ values: [Value]) throws
    func script(_ text: String) throws
}
