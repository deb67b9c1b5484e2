import Rules

/// Work to be done after a commit. A job names an id, re-reads, and does one act; it may be repeated.
public enum JobKind: String, Sendable, CaseIterable, Bindable {
    case sendAlarm = "send-alarm"
    case climbAlarm = "climb-alarm"
    case eraseWords = "erase-words"
    /// The long work of a night. The subject is the day.
    case night

    /// Somebody may be in danger: waits behind no other work.
    public var isAlarm: Bool {
        switch self {
        case .sendAlarm, .climbAlarm: true
        case .eraseWords, .night: false
        }
    }
}

public struct JobRow: Sendable {
    public let id: ID<Anything>
    public let kind: JobKind
    public let subject: ID<Anything>
    public let tries: Int
}

extension Transaction {
    public func enqueue(_ kind: JobKind, _ subject: ID<Anything>, at due: Instant? = nil) throws {
        let id: ID<Anything> = ids.timed()
        try run(
            """
            INSERT INTO job (id, kind, subject, due_at, made_at) VALUES (\(id), \(kind), \(subject), \(due ?? now), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    /// Asked twice a second, outside the one writer.
    public func jobIsDue(_ kinds: [JobKind]) throws -> Bool { try exists("SELECT 1 \(due(kinds)) LIMIT 1") }

    public func jobIsInHand() throws -> Bool { try exists("SELECT 1 FROM job WHERE claimed_until > \(now) AND set_aside IS NULL LIMIT 1") }

    private func due(_ kinds: [JobKind]) -> SQL {
        """
        FROM job WHERE due_at <= \(now) AND set_aside IS NULL AND (claimed_until IS NULL OR claimed_until <= \(now))
          AND kind IN \(SQL.list(kinds))
        """
    }

    /// Compare and set: two nodes never hold the same job. A holder that dies lets go after two minutes.
    public func claimJob(_ kinds: [JobKind], about subject: ID<Anything>? = nil) throws -> JobRow? {
        let only: SQL = subject.map { "AND subject = \($0)" } ?? ""
        let next = try first("SELECT id \(due(kinds)) \(only) ORDER BY due_at LIMIT 1\(skipLocked)") { try $0.id(Anything.self) }
        guard let next else { return nil }
        return try changed(
            """
            UPDATE job SET claimed_until = \(now + .minutes(2)), tries = tries + 1
            WHERE id = \(next) AND (claimed_until IS NULL OR claimed_until <= \(now))
            RETURNING id, kind, subject, tries
            """
        ) { JobRow(id: try $0.id(), kind: try $0.word(), subject: try $0.id(), tries: try $0.count()) }
    }

    var skipLocked: SQL { engine == .postgresql ? " FOR UPDATE SKIP LOCKED" : "" }

    public func finishJob(_ id: ID<Anything>) throws { try run("DELETE FROM job WHERE id = \(id)") }

    /// Tries again after a wait that grows; what fails for a day is set aside and shown to the operator.
    public func failJob(_ job: JobRow, why: String) throws {
        if job.tries >= 40 {
            try run("UPDATE job SET set_aside = \(why) WHERE id = \(job.id)")
        } else {
            let wait = min(Lapse.minutes(30), .seconds(5 << min(job.tries, 9)))
            try run("UPDATE job SET claimed_until = NULL, due_at = \(now + wait) WHERE id = \(job.id)")
        }
    }

    public func jobsWaiting() throws -> Int { try count("SELECT count(*) FROM job WHERE set_aside IS NULL") }
    public func jobsSetAside() throws -> Int { try count("SELECT count(*) FROM job WHERE set_aside IS NOT NULL") }
}
