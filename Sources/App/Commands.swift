import Foundation
import Rules
import Screening
import Store

/// What the command line may do with an open house, beside serving it.
extension App {
    public func backup(to path: String) throws { try store.backup(to: path) }

    /// Erases again what the ledger knows and this database does not: how a restore is made true.
    public func replayErasures() async throws -> Int {
        let ledger = ledger
        let chance = chance
        var count = 0
        for account in try ledger.read() {
            if try await store.write({ try $0.eraseAgain(account, chance: { chance.share() }) }) { count += 1 }
        }
        try await noteErasures()
        try await store.sweep()
        return count
    }

    /// Whatever the database says was erased is in the ledger: at the start, and every night.
    func noteErasures() async throws { try ledger.add(try await store.read { try $0.erasedAccounts() }) }

    /// Raises a drill, sends it, waits for the acknowledgement that somebody gives in the pages.
    public func drill(waiting minutes: Int, say: @escaping @Sendable (String) -> Void) async throws -> String {
        let organisations = try await store.read { try $0.organisations() }
        guard let organisation = organisations.first?.id else { throw Fault.missing("organisation") }
        let id = try await write { try $0.raiseAlarm(about: nil, organisation: organisation, tier: .moderator, drill: true) }
        let runner = Runner(self)
        let deadline = now() + .minutes(minutes)
        var told = false
        while now() < deadline {
            await runner.round()
            guard let alert = try await store.read({ try $0.alert(id) }) else { break }
            if let sent = alert.sentAt, !told {
                say("Sent by \(alarm.way) after \((sent - alert.madeAt).seconds) s. Waiting for \"I have it\" (code \(alert.code)).")
                told = true
            }
            if let failed = alert.failed, !told {
                say("Could not be sent: \(failed).")
                told = true
            }
            if let answered = alert.acknowledgedAt {
                return "Answered after \((answered - alert.madeAt).seconds) s by \(alert.acknowledgedShown ?? "somebody")."
            }
            try await Task.sleep(for: .seconds(1))
        }
        return "Nobody answered in \(minutes) minutes."
    }

    /// Opens a room, or says what is missing.
    public func open(room named: String) async throws -> [String] {
        try await write { tx in
            for organisation in try tx.organisations() {
                for room in try tx.rooms(for: Viewer(visitorOf: organisation.id)).map(\.room)
                where room.name == named || room.id.description == named {
                    let missing = missingRecords(for: room.form, recorded: Set(try tx.openingRecords(of: room.id).map(\.kind)))
                    if missing.isEmpty { try tx.open(room.id) }
                    return missing.map(\.rawValue)
                }
            }
            throw Fault.missing("a room called \(named)")
        }
    }

    /// A new member of staff: name, role, six words, a seed for the second factor; shown once.
    public func addStaff(
        name: String, role: String, room: String?, until: Instant, check: NewCheck?
    ) async throws -> NewStaff {
        let way = WayBack(content.wayBackWords, chance: chance)
        guard let hash = PasswordThreads.hashNow(way.secret) else { throw Fault.missing("memory") }
        let seed = Secret(chance.bytes(20))
        try await write { tx in
            guard let organisation = try tx.organisations().first?.id else { throw Fault.missing("organisation") }
            let account: ID<Account>
            if let known = try tx.staffAccount(named: name, in: organisation) {
                account = known
            } else {
                account = try tx.addAccount(
                    NewMember(
                        organisation: organisation, shownName: name, band: .adult, country: nil, choices: [:],
                        wayBackHash: hash, isStaff: true)
                ).account
                try tx.setSecondFactor(seed, of: account)
            }
            let place = try room.map { wanted in
                guard let id = ID<Room>(wanted), try tx.roomItself(id) != nil else { throw Fault.missing("the room \(wanted)") }
                return id
            }
            guard try tx.give(role: role, to: account, in: place, by: "command line", until: until, organisation: organisation) else {
                throw Fault.missing("the role \(role)")
            }
            if let check {
                try tx.addCheck(
                    kind: check.kind, of: account, issuedAt: check.issued, endsAt: check.expires, seenBy: check.first, and: check.second)
            }
        }
        return NewStaff(name: name, words: way.secret, seed: SecondFactor.written(seed))
    }
}

public struct NewCheck: Sendable {
    public let kind: String, issued: Instant, expires: Instant, first: String, second: String

    public init(kind: String, issued: Instant, expires: Instant, first: String, second: String) {
        self.kind = kind
        self.issued = issued
        self.expires = expires
        self.first = first
        self.second = second
    }
}

public struct NewStaff: Sendable {
    public let name: String
    public let words: String
    public let seed: String
}

public enum KeyFile {
    public static func fresh() -> String { Keys.newKeyFile() }
}

extension Assembly {
    /// Reads every rule; throws naming the file and the rule of a bad one.
    public static func lint(_ content: URL) throws -> String {
        let rules = try RuleSet(folder: content.appending(path: "rules/en"))
        return "Every rule can be used. Version \(rules.version)."
    }

    /// `2026-11-22` as a moment; nil for anything else.
    public static func day(_ text: String) -> Instant? { ISODate.read(text) }
}
