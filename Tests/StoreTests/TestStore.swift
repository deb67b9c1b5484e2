import Foundation
import Rules
import Screening

@testable import Store

/// A fresh, migrated database on an engine, thrown away afterwards. PostgreSQL is there when `bin/test` started one
/// (UNDERSTORY_TEST_POSTGRES names it); `bin/test` always does.
struct TestStore {
    static let engines: [Engine] =
        ProcessInfo.processInfo.environment["UNDERSTORY_TEST_POSTGRES"] == nil ? [.sqlite] : [.sqlite, .postgresql]

    let store: Store
    let clock: TestClock
    let folder: URL

    static func with(_ engine: Engine, _ body: (TestStore) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "understory-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let clock = TestClock()
        let keys = try Keys(masters: [1: Secret([UInt8](repeating: 7, count: 32))])
        let address: String
        switch engine {
        case .sqlite: address = folder.appending(path: "test.sqlite").path
        case .postgresql: address = try Self.newPostgres()
        }
        let store = try await Store.open(
            address, keys: keys, connections: 4, now: { clock.now },
            ids: IDSource(now: { clock.now }, random: { UInt64.random(in: .min ... .max) }))
        do { try await body(TestStore(store: store, clock: clock, folder: folder)) } catch {
            try store.close()
            throw error
        }
        try store.close()
        try FileManager.default.removeItem(at: folder)
    }

    private static func newPostgres() throws -> String {
        let address = ProcessInfo.processInfo.environment["UNDERSTORY_TEST_POSTGRES"] ?? ""
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        try PostgresConnection(address).script("CREATE DATABASE \(name) TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING 'UTF8'")
        // Only the database's name at the end changes; the user may be called postgres too.
        return String(address.dropLast("postgres".count)) + name
    }
}

final class TestClock: @unchecked Sendable {
    private let lock = NSLock()
    private var value = Instant(milliseconds: 1_800_000_000_000)
    var now: Instant { lock.withLock { value } }
    func advance(_ lapse: Lapse) { lock.withLock { value = value + lapse } }
}

/// A small cast: alice writes, bob answers, charlie is of another age, mo moderates.
struct Cast: Sendable {
    let organisation: ID<Organisation>
    let room: ID<Room>
    let alice: Person, bob: Person, charlie: Person, mo: Person

    static func make(_ test: TestStore, moderation: Moderation = .byRisk, called more: String = "") async throws -> Cast {
        try await test.store.write { tx in
            let organisation = try tx.addOrganisation(name: "Test" + more, country: "GB", zone: "Europe/London")
            try tx.setRole(code: "professional", name: "Professional", means: "", powers: Set(Power.allCases), in: organisation)
            func person(_ start: String, _ band: AgeBand, staff: Bool = false) throws -> Person {
                let name = start + more
                let made = try tx.addAccount(
                    NewMember(
                        organisation: organisation, shownName: name, band: band, country: "GB", choices: ["self-harm": .cover],
                        wayBackHash: "-", isStaff: staff))
                if staff {
                    _ = try tx.give(role: "professional", to: made.account, in: nil, by: "test", until: .never, organisation: organisation)
                    try tx.addCheck(
                        kind: "test", of: made.account, issuedAt: tx.now - .days(1), endsAt: tx.now + .days(900), seenBy: "a", and: "b")
                }
                let token = Secret(name)
                _ = try tx.addSession(
                    token: token, secret: Secret("s"), account: made.account, name: made.name, shared: false, passedSecondFactor: true,
                    length: .days(900))
                return try tx.person(token: token)!
            }
            let form = RoomForm(
                version: 0, interaction: .notLive, moderation: moderation, moderators: ["professional"], focus: [], bands: [.eighteen],
                size: 100, anonymity: true, hours: nil, promiseMinutes: 240, night: .wait)
            let room = try tx.addRoom(
                RoomText(
                    name: "Room", about: "a", notFor: "b", colour: "moss", format: .forum, readable: .signedIn, light: false,
                    invited: false),
                form: form, organisation: organisation, by: nil)
            try tx.open(room)
            let cast = Cast(
                organisation: organisation, room: room, alice: try person("Heron-1", .eighteen), bob: try person("Wren-2", .eighteen),
                charlie: try person("Finch-3", .thirteen), mo: try person("Mo", .adult, staff: true))
            try tx.addShift(cast.mo.account, role: "moderator", from: tx.now, until: tx.now + .days(900), organisation: organisation)
            for name in ["Heron-1" + more, "Wren-2" + more] { try tx.season(name, in: organisation, key: name) }
            return cast
        }
    }

    func send(
        _ tx: Transaction, _ draft: Draft, from person: Person, assessment: Assessment, hoursOpen: Bool
    ) throws -> SendOutcome {
        guard let room = try tx.roomForCard(room, in: Viewer(person: person)) else { return .gone }
        return try tx.send(draft, from: person, in: room, assessment: assessment, hoursOpen: hoursOpen)
    }

    func draft(_ body: String, key: String, thread: ID<Item>? = nil, voice: Voice = .name) -> Draft {
        Draft(
            kind: thread == nil ? .thread : .reply, thread: thread, voice: voice, title: thread == nil ? "Title" : "",
            body: body,
            wants: .listen, mood: nil, note: nil, topics: [], matters: [], heavy: false, key: key)
    }
}

func screened(_ concerns: [(ConcernKind, Level)] = []) -> Assessment {
    Assessment(
        concerns: concerns.map { Concern(kind: $0.0, level: $0.1, spans: [], why: "why", source: "test") }, topics: [],
        language: .known("en"),
        completeness: .whole, version: "test")
}
