import Foundation
import Rules
import Store

/// The open pages of this node: one event stream each, ended when the right ends.
final class LiveHub: Sendable {
    private let pages = Locked<[UUID: Subscription]>([:])
    private let ended = Locked(false)

    func subscribe(_ person: Person, now: Instant) -> Subscription {
        let (stream, continuation) = AsyncStream<LiveEvent>.makeStream(bufferingPolicy: .bufferingNewest(64))
        let made = Subscription(
            id: UUID(), account: person.account, session: person.session,
            readsQueue: person.staff.holds(.readQueue, now: now),
            events: stream, continuation: continuation)
        let isOver = ended.with { $0 }
        if isOver { continuation.finish() } else { pages.with { $0[made.id] = made } }
        // A person has a few pages open; more than that is a program gone astray, and the oldest is let go.
        let mine = pages.with { table in table.values.filter { $0.session == person.session }.sorted { $0.since < $1.since } }
        for old in mine.dropLast(Self.mostPages) { unsubscribe(old) }
        return made
    }

    static let mostPages = 8

    func unsubscribe(_ subscription: Subscription) {
        pages.with { $0[subscription.id] = nil }
        subscription.continuation.finish()
    }

    func tell(_ account: ID<Account>, _ event: LiveEvent) {
        for page in pages.with({ Array($0.values) }) where page.account == account { page.continuation.yield(event) }
    }

    /// A session in which this account has a page open.
    func session(of account: ID<Account>) -> ID<Session>? { pages.with { table in table.values.first { $0.account == account }?.session } }

    /// For those who read the queue: nobody else learns even that something waits.
    func tellQueue() {
        for page in pages.with({ Array($0.values) }) where page.readsQueue { page.continuation.yield(.queue) }
    }

    /// A breath on every stream, so that what stands between does not take a quiet one for a dead one.
    func breathe() {
        for page in pages.with({ Array($0.values) }) { page.continuation.yield(.breath) }
    }

    /// A session that ended takes its streams with it.
    func end(session: ID<Session>? = nil, account: ID<Account>? = nil, but kept: ID<Session>? = nil) {
        let closing = pages.with { table in
            let found = table.values.filter { page in
                if let kept, page.session == kept { return false }
                if let session { return page.session == session }
                if let account { return page.account == account }
                return true
            }
            for page in found { table[page.id] = nil }
            return found
        }
        if session == nil, account == nil { ended.with { $0 = true } }
        for page in closing {
            page.continuation.yield(.end)
            page.continuation.finish()
        }
    }

    var count: Int { pages.with { $0.count } }
}

enum LiveEvent: String, Sendable { case notice, queue, end, breath }

struct Subscription: Sendable {
    let id: UUID
    let account: ID<Account>
    let session: ID<Session>
    let readsQueue: Bool
    let since = ContinuousClock.now
    let events: AsyncStream<LiveEvent>
    let continuation: AsyncStream<LiveEvent>.Continuation
}

/// What was read, counted coarsely in memory and written by a job: a GET never writes.
final class Exposures: Sendable {
    struct Key: Hashable, Sendable {
        let account: ID<Account>
        let kind: String
    }
    private let counts = Locked<[Key: Int]>([:])

    func note(_ account: ID<Account>, _ kind: String, _ amount: Int = 1) {
        guard amount > 0 else { return }
        counts.with { $0[Key(account: account, kind: kind), default: 0] += amount }
    }

    func take() -> [Key: Int] {
        counts.with { table in
            defer { table = [:] }
            return table
        }
    }
}

/// Minutes on which somebody was here: of those alone who said yes to it in a study. Nobody else is looked at.
final class Presence: Sendable {
    private struct State {
        var watched: Set<ID<Account>> = []
        var looked: Instant?
        var last: [ID<Account>: Int64] = [:]
        var minutes: [ID<Account>: Int] = [:]
    }
    private let state = Locked(State())

    /// Whom to look for is asked once a minute.
    func isOld(at now: Instant) -> Bool { state.with { $0.looked.map { now - $0 >= .minutes(1) } ?? true } }

    func watch(_ accounts: Set<ID<Account>>, at now: Instant) {
        state.with { state in
            (state.watched, state.looked) = (accounts, now)
            state.last = state.last.filter { accounts.contains($0.key) }
        }
    }

    func here(_ account: ID<Account>, at now: Instant) {
        let minute = now.milliseconds / 60_000
        state.with { state in
            guard state.watched.contains(account), state.last[account] != minute else { return }
            state.last[account] = minute
            state.minutes[account, default: 0] += 1
        }
    }

    func take() -> [ID<Account>: Int] {
        state.with { state in
            defer { state.minutes = [:] }
            return state.minutes
        }
    }
}
