import Foundation
import Outside
import Rules
import Store

/// The clock and the way out of a rehearsal.
public final class Rehearsal: Sendable {
    private struct State {
        var offset: Int64 = 0
        var sent: [Alarm.Message] = []
        var fails = false
        var mails: [Mail.Message] = []
        var mailWay = MailWay.leaves
    }
    /// What happens to a mail: it leaves, it can not be handed over, or nobody knows.
    enum MailWay: String { case leaves, refused, unsure }
    struct Unsure: Error {}
    private let state = Locked(State())

    public init() {}

    public var mail: Mail {
        Mail { [state] message in
            let way = state.with { state in
                if state.mailWay != .refused { state.mails.append(message) }
                return state.mailWay
            }
            switch way {
            case .leaves: return
            case .refused: throw Mail.NotHandedOver()
            case .unsure: throw Unsure()
            }
        }
    }

    var mails: [Mail.Message] { state.with { $0.mails } }
    func setMailWay(_ way: MailWay) { state.with { $0.mailWay = way } }

    public var clock: @Sendable () -> Instant {
        { [state] in
            Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000) + state.with { $0.offset })
        }
    }

    public var alarm: Alarm {
        Alarm(way: "rehearsal") { [state] message in
            let refused = state.with { state in
                if !state.fails { state.sent.append(message) }
                return state.fails
            }
            if refused { throw Alarm.NotSet() }
        }
    }

    func advance(_ milliseconds: Int64) { state.with { $0.offset += milliseconds } }
    func setFailing(_ fails: Bool) { state.with { $0.fails = fails } }
    var sent: [Alarm.Message] { state.with { $0.sent } }
}

/// What a rehearsal understands: one line in, one line out.
public struct RehearsalStage: Sendable {
    let app: App
    let rehearsal: Rehearsal
    let file: String?

    public init(_ app: App, rehearsal: Rehearsal, file: String?) {
        self.app = app
        self.rehearsal = rehearsal
        self.file = file
    }

    public func answer(_ line: String) async -> String {
        let words = line.split(separator: " ").map(String.init)
        do { return try await act(words, line) } catch let refusal as Refusal {
            return "refused \(refusal.code)"
        } catch { return "failed \(error)" }
    }

    private func act(_ words: [String], _ line: String) async throws -> String {
        let runner = Runner(app)
        switch words.first ?? "" {
        case "advance":
            // From one due moment to the next, so that what falls due on the way happens when it is due. Over more than
            // a month, a day at a time: an urgent case that nobody takes is due again every five minutes for ever.
            let lapse = Lapse.seconds(Int(words[1]) ?? 0)
            let least: Lapse = lapse > .days(31) ? .days(1) : Lapse(milliseconds: 1)
            let end = app.now() + lapse
            await runner.round()
            while app.now() < end {
                let now = app.now()
                let next = try await app.store.read { try $0.nextDue(after: now) } ?? end
                let night = Instant(milliseconds: ((now - .hours(3)).day + 1) * 86_400_000) + .hours(3)
                rehearsal.advance(min(end - now, max(least, min(next, night, end) - now)).milliseconds)
                await runner.round()
            }
            return "ok \(ISODate.write(app.now()))"
        case "jobs":
            await runner.round()
            // The house's own beat may have one in its hands: it too is done when this says so, within two seconds.
            for _ in 0..<200 {
                guard try await app.store.read({ try $0.jobIsInHand() }) else { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            return "ok"
        case "night":
            try await runner.night()
            return "ok"
        case "alarms":
            if words.count > 1 {
                rehearsal.setFailing(words[1] == "fail")
                return "ok"
            }
            let list = JSON.list(rehearsal.sent.map { ["code": .string($0.code), "tier": .int($0.tier), "drill": .bool($0.drill)] })
            return String(decoding: list.bytes, as: UTF8.self)
        case "mails":
            if words.count > 1 {
                rehearsal.setMailWay(Rehearsal.MailWay(rawValue: words[1]) ?? .leaves)
                return "ok"
            }
            let list = JSON.list(
                rehearsal.mails.map {
                    ["to": .string($0.to.text), "from": .string($0.from), "subject": .string($0.subject), "words": .string($0.words)]
                })
            return String(decoding: list.bytes, as: UTF8.self)
        case "staff": return try await staff(words)
        case "member": return try await member(words)
        case "seasoned": return try await seasoned(words[1])
        case "room": return try await room(words)
        case "duty", "off": return try await duty(words)
        case "setting":
            try await app.store.write { try $0.set(words[1], to: words[2]) }
            return "ok"
        case "chain":
            guard let id = ID<Case>(words[1]) else { return "failed id" }
            return "ok \(try await app.store.read { try $0.chainHolds(of: id) })"
        case "tamper":
            guard let id = ID<Case>(words[1]) else { return "failed id" }
            do {
                try await app.store.write { try $0.tamper(id) }
                return "changed"
            } catch { return "refused \(error)".replacing("\n", with: " ") }
        case "program": return try await program(words)
        case "grep": return try await grep(String(line.dropFirst(5)))
        case "bench-thread": return try await benchThread(Int(words.dropFirst().first ?? "") ?? 50)
        case "seed-bench": return try await seedBench(accounts: Int(words[1]) ?? 0, items: Int(words[2]) ?? 0)
        case "stop": return "ok"
        default: return "unknown \(words.first ?? "")"
        }
    }

    func organisation() async throws -> OrganisationRow {
        guard let first = try await app.store.read({ try $0.organisations().first }) else { throw Fault.missing("organisation") }
        return first
    }

    private func session(_ account: ID<Account>, _ name: ID<Name>, factor: Bool) async throws -> String {
        let (token, secret) = (app.chance.token(), Secret(app.chance.bytes(32)))
        try await app.store.write { tx in
            _ = try tx.addSession(
                token: token, secret: secret, account: account, name: name, shared: false, passedSecondFactor: factor, length: .days(400))
        }
        return token.text
    }

    private func staff(_ words: [String]) async throws -> String {
        let (name, wanted) = (words[1], words[2].split(separator: "@").map(String.init))
        let check =
            words.contains("nocheck")
            ? nil : NewCheck(kind: "enhanced", issued: app.now() - .days(30), expires: app.now() + .days(700), first: "Ann", second: "Ben")
        let role = ["moderator": "trained-paid-staff", "volunteer": "trained-peer-volunteer"][wanted[0]] ?? wanted[0]
        _ = try await app.addStaff(
            name: name, role: role, room: wanted.count > 1 ? wanted[1] : nil, until: app.now() + .days(700), check: check)
        let organisation = try await organisation().id
        let found = try await app.store.read { tx -> (ID<Account>, ID<Name>)? in
            guard let account = try tx.staffAccount(named: name, in: organisation) else { return nil }
            return (account, try tx.names(of: account)[0].id)
        }
        guard let found else { throw Fault.missing("staff") }
        return "ok \(name) \(try await session(found.0, found.1, factor: true))"
    }

    private func member(_ words: [String]) async throws -> String {
        let organisation = try await organisation().id
        let way = WayBack(app.content.wayBackWords, chance: app.chance)
        guard let hash = PasswordThreads.hashNow(way.secret) else { throw Fault.missing("memory") }
        let band = AgeBand(rawValue: words[1])
        let country = words.count > 2 ? words[2] : "GB"
        let choices = app.content.defaultChoices(band)
        var name = JoinRoutes.roll(app)
        for _ in 0..<20 {
            let rolled = name
            guard try await app.store.read({ try $0.isNameTaken(rolled, in: organisation) }) else { break }
            name = JoinRoutes.roll(app)
        }
        let shown = name
        let made = try await app.store.write { tx in
            try tx.addAccount(
                NewMember(
                    organisation: organisation, shownName: shown, band: band, country: country, choices: choices, wayBackHash: hash))
        }
        return "ok \(name) \(try await session(made.account, made.name, factor: false)) \(way.secret)"
    }

    /// Five items that stand, so that nothing is read first for being new.
    private func seasoned(_ name: String) async throws -> String {
        let organisation = try await organisation().id
        let key = app.chance.token().text
        try await app.store.write { tx in try tx.season(name, in: organisation, key: key) }
        return "ok"
    }

    private func room(_ words: [String]) async throws -> String {
        let organisation = try await organisation().id
        var options: [String: String] = [:]
        for word in words.dropFirst(5) {
            let halves = word.split(separator: "=", maxSplits: 1)
            if halves.count == 2 { options[String(halves[0])] = String(halves[1]) }
        }
        let bands = Set(words[3].split(separator: ",").compactMap { AgeBand(rawValue: String($0)) })
        let hours: Hours? = options["hours"].flatMap { text in
            let parts = text.split(separator: "-").map { SeeRoutes.minute(String($0)) }
            return parts.count == 2 ? parts[0].flatMap { from in parts[1].map { Hours(from: from, to: $0) } } : nil
        }
        let form = RoomForm(
            version: 0, interaction: options["interaction"].flatMap(Interaction.init(rawValue:)) ?? .notLive,
            moderation: Moderation(rawValue: words[4]) ?? .before,
            moderators: ["trained-paid-staff", "professional", "trained-paid-peer", "peer-support-specialist", "administrative-moderator"],
            focus: options["focus"]?.split(separator: ",").map(String.init) ?? [],
            bands: bands, size: options["size"].flatMap { Int($0) } ?? 100_000, anonymity: options["anonymity"] == "1", hours: hours,
            promiseMinutes: options["promise"].flatMap { Int($0) } ?? 240,
            night: options["night"].flatMap(NightRule.init(rawValue:)) ?? .wait)
        let text = RoomText(
            name: words[1], about: "A room for talk about everyday things.", notFor: "Not for emergencies.", colour: "moss",
            format: Format(rawValue: words[2]) ?? .forum, readable: options["readable"].flatMap(Readable.init(rawValue:)) ?? .signedIn,
            light: options["light"] == "1",
            invited: options["invited"] == "1",
            guests: options["guests"] == "1", videos: options["videos"] == "1", asks: options["asks"] == "1")
        let id = try await app.store.write { tx in
            let id = try tx.addRoom(text, form: form, organisation: organisation, by: nil)
            for kind in OpeningRecord.allCases { try tx.record(kind, "invented", for: id, by: "rehearsal", invented: true) }
            try tx.open(id)
            return id
        }
        return "ok \(id)"
    }

    private func duty(_ words: [String]) async throws -> String {
        let organisation = try await organisation().id
        let minutes = words.count > 2 ? Int(words[2]) ?? 60 : 60
        let isOff = words[0] == "off"
        let now = app.now()
        try await app.store.write { tx in
            guard let account = try tx.staffAccount(named: words[1], in: organisation) else { throw Fault.missing("staff") }
            if isOff {
                _ = try tx.endShift(account)
            } else {
                try tx.addShift(
                    account, role: "administrative-moderator", from: now, until: now + .minutes(minutes), organisation: organisation)
            }
        }
        return "ok"
    }

    private func program(_ words: [String]) async throws -> String {
        let organisation = try await organisation().id
        let token = app.chance.token()
        let acts = words[2].split(separator: ",").map(String.init)
        let until = app.now() + .days(30)
        try await app.store.write {
            try $0.addProgram(token: token, called: words[1], acts: acts, until: until, organisation: organisation)
        }
        return "ok \(token.text)"
    }

    /// How often a text stands in the SQLite file or its log, or in a dump of PostgreSQL's tables.
    private func grep(_ text: String) async throws -> String {
        let needle = Data(text.utf8)
        guard let file else {
            return "ok \(try await app.store.read { try $0.occurrences(of: text) })"
        }
        var count = 0
        for path in [file, file + "-wal"] where FileManager.default.fileExists(atPath: path) {
            let data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            var from = data.startIndex
            while let found = data.range(of: needle, in: from..<data.endIndex) {
                count += 1
                from = found.upperBound
            }
        }
        return "ok \(count)"
    }
}

// For measuring.

extension RehearsalStage {
    func benchThread(_ replies: Int) async throws -> String {
        let organisation = try await organisation().id
        guard let id = try await app.store.write({ try $0.benchThread(replies: replies, in: organisation) }) else {
            return "failed no room"
        }
        return "ok \(id)"
    }

    /// Fills up to these numbers; what is there already stays, so that a broken-off run goes on.
    func seedBench(accounts: Int, items: Int) async throws -> String {
        let organisation = try await organisation().id
        let rooms = try await app.store.read { try $0.readableRoomsForBench(organisation) }
        guard !rooms.isEmpty else { return "failed no room" }
        var (haveAccounts, haveItems) = try await app.store.read { try $0.benchCounts() }
        let started = Date()
        while haveAccounts < accounts || haveItems < items {
            let (more, from) = (min(2000, accounts - haveAccounts), haveAccounts)
            if more > 0 {
                try await app.store.write { try $0.plantBulk(accounts: more, items: 0, from: from, in: organisation, rooms: rooms) }
                haveAccounts += more
            } else {
                let (next, first) = (min(5000, items - haveItems), haveItems)
                try await app.store.write { try $0.plantBulk(accounts: 0, items: next, from: first, in: organisation, rooms: rooms) }
                haveItems += next
            }
            let line = "seeding: \(haveAccounts) accounts, \(haveItems) items, \(Int(Date().timeIntervalSince(started))) s\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
        return "ok \(haveAccounts) \(haveItems)"
    }
}
