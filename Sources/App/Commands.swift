import Foundation
import Rules
import Screening
import Store

/// What the command line may do with an open house, beside serving it.
extension App {
    public func backup(to path: String) throws { try store.backup(to: path) }

    /// Walks the history of every case: how many there are, and those that were changed beside the service.
    public func checkHistories() async throws -> (walked: Int, changed: [ID<Case>]) {
        var (walked, changed, last) = (0, [ID<Case>](), ID<Case>?.none)
        while true {
            let after = last
            let page = try await store.read(long: true) { try $0.histories(after: after, limit: 200) }
            guard let end = page.last else { return (walked, changed) }
            walked += page.count
            changed += page.filter { !$0.holds }.map(\.id)
            last = end.id
        }
    }

    /// Erases again what the ledger knows and this database does not: how a restore is made true.
    public func replayErasures() async throws -> Int {
        let ledger = ledger
        let chance = chance
        var count = 0
        for account in try ledger.read() {
            if try await store.write({ try $0.eraseAgain(account, chance: { chance.share() }) }) { count += 1 }
        }
        try await store.write { try $0.endAllAsking() }
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
        let id = try await store.write { try $0.raiseAlarm(about: nil, organisation: organisation, tier: .moderator, drill: true) }
        let runner = Runner(self)
        let deadline = now() + .minutes(minutes)
        var told = false
        repeat {
            await runner.send(id)
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
        } while now() < deadline
        return "Nobody answered within \(minutes) min."
    }

    /// Opens a room, or says what is missing, in words: the same question as on the room's page.
    public func open(room named: String) async throws -> [String] {
        let app = self
        return try await store.write { tx -> [String] in
            for organisation in try tx.organisations() {
                for room in try tx.roomsWithClosed(of: organisation.id)
                where room.name == named || room.id.description == named {
                    if let why = try RoomOpening.unfit(tx, room) { return [app.sentences("refusals.form-\(why.rawValue)")] }
                    let needs = try RoomOpening.needs(tx, room, organisation, app)
                    if needs.isEmpty { try tx.open(room.id) }
                    return needs.map { RoomOpening.words($0, app) }
                }
            }
            throw Fault.missing("a room called \(named)")
        }
    }

    /// Somebody on the staff: a new person, with six words and a seed for the second factor that are shown once; or one
    /// more role for a person who is there already, whose words and seed stay as they are.
    public func addStaff(
        name: String, role: String, room: String?, until: Instant, check: NewCheck?
    ) async throws -> NewStaff {
        let way = WayBack(content.wayBackWords, chance: chance)
        guard let hash = PasswordThreads.hashNow(way.secret) else { throw Fault.missing("memory") }
        let seed = Secret(chance.bytes(20))
        let mixed = StaffRefusal(description: sentences("refusals.operator-reads-no-words"))
        let isNew = try await store.write { tx -> Bool in
            guard let organisation = try tx.organisations().first?.id else { throw Fault.missing("organisation") }
            let powers = try tx.roles(of: organisation).first { $0.code == role }?.powers ?? []
            let known = try tx.staffAccount(named: name, in: organisation)
            let account: ID<Account>
            if let known {
                let held = StaffRoutes.union(of: try tx.staff(known).roles)
                guard !StaffRoutes.isMixed(held.union(powers)) else { throw mixed }
                account = known
            } else {
                // A bird that is signed in with the same letters would come first.
                guard try !tx.isNameTaken(foldedName(name).capitalizedBird, in: organisation) else {
                    throw StoreFault.conflict(constraint: "name_once")
                }
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
            return known == nil
        }
        return NewStaff(name: name, isNew: isNew, words: isNew ? way.secret : "", seed: isNew ? SecondFactor.written(seed) : "")
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

/// Why somebody is not given a role, in words.
public struct StaffRefusal: Error, Sendable, CustomStringConvertible {
    public let description: String
}

public struct NewStaff: Sendable {
    public let name: String
    /// Made now. Somebody who was there already keeps the words and the seed they have, and both are empty here.
    public let isNew: Bool
    public let words: String
    public let seed: String
}

public enum KeyFile {
    public static func fresh() -> String { Keys.newKeyFile() }
}

extension Assembly {
    /// - Parameter checked: also that each does what its own sentences say.
    static func rules(in content: URL, checked: Bool) throws -> RuleSet {
        let folder = content.appending(path: "rules")
        let rules = try RuleSet(folder: folder)
        let mistakes = checked ? rules.mistakes(in: folder) : []
        guard mistakes.isEmpty else { throw ContentFault(file: "rules", what: mistakes.map(\.description).joined(separator: "\n")) }
        return rules
    }

    /// Reads every rule; throws naming the file and the rule of a bad one.
    public static func lint(_ content: URL) throws -> String {
        let rules = try rules(in: content, checked: true)
        let models = try ModelSet(folder: content.appending(path: "models/en"))
        let sentences = rules.rules.reduce(0) { $0 + $1.mustMatch.count + $1.mustNotMatch.count }
        return "\(rules.rules.count) rules can be used and do what their \(sentences) sentences say. Version \(rules.version).\n"
            + "\(models.cards.count) models can be used. Version \(models.version)."
    }

    /// `2026-11-22` as a moment; nil for anything else.
    public static func day(_ text: String) -> Instant? { ISODate.read(text) }
}
