import Foundation
import Rules
import Screening
import Testing

@testable import Store

@Suite struct EngineTests {
    @Test(arguments: TestStore.engines) func migrationsAreFrozen(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            #expect(try await test.store.write { try Migration.run($0) } == [])
            _ = try await test.store.write { try $0.change("UPDATE migration SET checksum = 'other' WHERE name = \("m0001_the_house")") }
            await #expect(throws: StoreFault.migrationChanged("m0001_the_house")) {
                _ = try await test.store.write { try Migration.run($0) }
            }
            _ = try await test.store.write { try $0.change("INSERT INTO migration (name, checksum) VALUES ('m9999', 'x')") }
            await #expect(throws: StoreFault.migrationFromTheFuture("m9999")) { _ = try await test.store.write { try Migration.run($0) } }
        }
    }

    /// GRDB resets synchronous while it opens a pool: an acknowledged word must survive a power cut.
    @Test func commitsAreWaitedFor() async throws {
        try await TestStore.with(.sqlite) { test in
            let setting = try await test.store.synchronousSetting()
            #expect(setting == 2)
        }
    }

    @Test(arguments: TestStore.engines) func aFailedTransactionLeavesNothing(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            await #expect(throws: (any Error).self) {
                try await test.store.write { tx in
                    _ = try tx.addOrganisation(name: "Half", country: "GB", zone: "UTC")
                    try tx.run("INSERT INTO no_such_table (x) VALUES (1)")
                }
            }
            let count = try await test.store.read { try $0.organisations().count }
            #expect(count == 0)
        }
    }

    /// A glance sees what is committed, changes nothing, and leaves the connection as good as it was.
    @Test(arguments: TestStore.engines) func aGlanceOnlyLooks(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            for number in 0..<20 {
                try await test.store.write { try $0.set("kept", to: "\(number)") }
                _ = try await test.store.read { try $0.setting("kept") }  // whose end is sent and not waited for
                #expect(try await test.store.glance { try $0.setting("kept") } == "\(number)")
                await #expect(throws: (any Error).self) { try await test.store.glance { try $0.set("kept", to: "no") } }
                await #expect(throws: (any Error).self) {
                    _ = try await test.store.glance { tx in
                        try tx.changed("UPDATE setting SET value = 'no' WHERE key = 'kept' RETURNING value") { try $0.text() }
                    }
                }
                await #expect(throws: (any Error).self) { try await test.store.glance { try $0.count("SELECT no_such FROM migration") } }
            }
            #expect(try await test.store.glance { try $0.setting("kept") } == "19")
        }
    }

    /// Connections that died while nobody needed them cost nobody a page: what was asked is asked again on a new one.
    @Test(arguments: TestStore.engines.filter { $0 == .postgresql }) func connectionsThatDiedAreOpenedAnew(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            func crowd(_ round: Int) async throws {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<60 {
                        group.addTask {
                            switch number % 3 {
                            case 0: try await test.store.write { try $0.set("crowd \(round) \(number)", to: "here") }
                            case 1: _ = try await test.store.read { try $0.setting("crowd \(round) \(number)") }
                            default: _ = try await test.store.glance { try $0.setting("crowd \(round) \(number)") }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
            }
            for round in 0..<3 {
                try await crowd(round)
                _ = try await test.store.glance { tx in
                    try tx.rows(
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    ) { try $0.bool() }
                }
            }
            try await crowd(3)
            #expect(try await test.store.read { try $0.count("SELECT count(*) FROM setting WHERE value = 'here'") } == 80)
        }
    }

    /// A change nobody waits for is refused at the end at the latest, takes all of its transaction with it, and the connection
    /// goes on.
    @Test(arguments: TestStore.engines) func whatIsRefusedLateLeavesNothing(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            for rest in [false, true] {
                await #expect(throws: (any Error).self) {
                    try await test.store.write { tx in
                        try tx.set("kept", to: "no")
                        try tx.run("INSERT INTO migration (name, checksum) VALUES ('m0001_the_house', 'twice')")
                        if rest { try tx.set("after", to: "no") }
                    }
                }
            }
            let left = try await test.store.read { [try $0.setting("kept"), try $0.setting("after")] }
            #expect(left == [nil, nil])
            try await test.store.write { tx in
                try tx.set("kept", to: "one")
                let seen = try tx.setting("kept")
                #expect(seen == "one")
                try tx.set("kept", to: "two")
            }
            #expect(try await test.store.read { try $0.setting("kept") } == "two")
        }
    }

    @Test(arguments: TestStore.engines) func readingCanNotWrite(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            await #expect(throws: (any Error).self) { try await test.store.read { try $0.set("key", to: "value") } }
        }
    }

    @Test(arguments: TestStore.engines) func valuesComeBackAsTheyWent(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let text = "It's \"quoted\" ? $1 -- ; שלום 🐝 \u{202E}x"
            try await test.store.write { try $0.set("odd'; DROP TABLE item; --", to: text) }
            #expect(try await test.store.read { try $0.setting("odd'; DROP TABLE item; --") } == text)
        }
    }

    @Test(arguments: TestStore.engines) func nudgesReachListeners(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let changes = try test.store.listen()
            try await test.store.write { $0.tellQueue() }
            for await change in changes {
                #expect(change == "queue")
                break
            }
        }
    }

    @Test func sealedWordsOpenOnlyWhereTheyWereSealed() throws {
        let keys = try Keys(masters: [1: Secret([UInt8](repeating: 1, count: 32)), 2: Secret([UInt8](repeating: 2, count: 32))])
        let old = try Keys(masters: [1: Secret([UInt8](repeating: 1, count: 32))])
        let sealed = try keys.seal([1, 2, 3], for: "a")
        #expect(try keys.open(sealed, for: "a") == [1, 2, 3])
        #expect(throws: (any Error).self) { try keys.open(sealed, for: "b") }
        #expect(try keys.open(try old.seal([9], for: "a"), for: "a") == [9])
        #expect(throws: (any Error).self) { try old.open(sealed, for: "a") }
    }
}

@Suite struct ItemTests {
    @Test(arguments: TestStore.engines) func aDoublePressMakesOne(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let outcomes = try await withThrowingTaskGroup(of: SendOutcome.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        do {
                            return try await test.store.write {
                                try cast.send(
                                    $0, cast.draft("hello there", key: "k"), from: cast.alice, assessment: screened(), hoursOpen: true)
                            }
                        } catch StoreFault.conflict { return .gone }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { if case .kept = $0 { true } else { false } } == 1)
            #expect(try await test.store.read { try $0.count("SELECT count(*) FROM item WHERE request_key LIKE '% k %'") } == 1)
        }
    }

    @Test(arguments: TestStore.engines) func heldWordsAreSealedAndOutOfTheIndex(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            guard
                case .kept(let id, .held) = try await test.store.write({
                    try cast.send(
                        $0, cast.draft("zebracorn", key: "k"), from: cast.alice, assessment: screened([(.method, .high)]), hoursOpen: true)
                })
            else { return #expect(Bool(false), "it was not held") }
            let choices = ReaderChoices(matters: [:])
            func found() async throws -> Int {
                try await test.store.read { try $0.search(["zebracorn"], for: Viewer(person: cast.bob), choices: choices).count }
            }
            #expect(try await found() == 0)
            #expect(try await test.store.read { try $0.count("SELECT count(*) FROM item WHERE body IS NOT NULL AND id = \(id)") } == 0)
            #expect(
                try await test.store.read { try $0.item(id, visibleTo: Viewer(person: cast.alice), choices: choices)?.0.body }
                    == "zebracorn")
            #expect(try await test.store.read { try $0.item(id, visibleTo: Viewer(person: cast.bob), choices: choices) == nil })
            try await test.store.write { _ = try $0.setState(id, .shown, reason: nil) }
            #expect(try await found() == 1)
            try await test.store.write { _ = try $0.setState(id, .hidden, reason: "x") }
            #expect(try await found() == 0)
            try await test.store.write { _ = try $0.setState(id, .shown, reason: nil) }
            try await test.store.write {
                try $0.setWords(of: id, SealedWords(title: "Title", body: "quetzalfly"))
            }
            #expect(try await found() == 0)
        }
    }

    /// The door in SQL and its pure twin agree over every state, voice, room and reader.
    @Test(arguments: TestStore.engines, [Voice.name, .anonymous]) func theDoorAndItsTwinAgree(_ engine: Engine, _ voice: Voice) async throws
    {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await test.store.write { tx -> ID<Item> in
                guard
                    case .kept(let id, _) = try cast.send(
                        tx, cast.draft("plain words", key: "k", voice: voice), from: cast.alice, assessment: screened(), hoursOpen: true)
                else {
                    throw StoreFault.closed
                }
                return id
            }
            for away in [nil, test.clock.now + .days(1), test.clock.now - .days(1)] {
                _ = try await test.store.write { tx in
                    try tx.run("UPDATE name SET away_until = \(away) WHERE id = \(cast.alice.name)")
                    // From the start again: nothing leads back from "withdrawn".
                    try tx.run("UPDATE item SET state = 'waiting' WHERE id = \(id) AND state = 'withdrawn'")
                }
                for state in ItemState.allCases where state != .erased {
                    try await test.store.write { _ = try $0.setState(id, state, reason: nil) }
                    for reader in [cast.alice, cast.bob, cast.charlie] {
                        let (seen, readable) = try await test.store.read { tx in
                            let viewer = Viewer(person: reader)
                            let rooms = try tx.readableRooms(for: viewer).map(\.id)
                            let seen = try tx.items(
                                "i.id = \(id)", for: viewer, choices: ReaderChoices(matters: [:]), on: .thread, rooms: rooms)
                            return (!seen.isEmpty, rooms.contains(cast.room))
                        }
                        let expected = isVisible(
                            state: state, kind: .thread, isOwn: reader.account == cast.alice.account, voice: voice, authorAwayUntil: away,
                            readerMayReadRoom: readable, now: test.clock.now)
                        #expect(seen == expected, "\(state) away \(String(describing: away)) for \(reader.shownName)")
                    }
                }
            }
        }
    }

    /// A database that is away is an error each time, and nothing worse.
    @Test func nobodyListensThere() {
        for _ in 0..<40 {
            #expect(throws: StoreFault.self) { try PostgresConnection("postgresql://nobody@127.0.0.1:1/nothing") }
        }
    }

    @Test(arguments: TestStore.engines) func aThreadPageIsFewQueries(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await test.store.write { try $0.benchThread(replies: 30, in: cast.organisation) }
            let statements = try await test.store.read { tx -> Int in
                let choices = try tx.choices(of: cast.bob)
                let before = tx.statements
                _ = try tx.threadPage(id!, for: Viewer(person: cast.bob), choices: choices)
                return tx.statements - before
            }
            #expect(statements <= 5)
        }
    }

    @Test(arguments: TestStore.engines) func erasedWordsAreGone(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            for (key, voice) in [("a", Voice.name), ("b", .anonymous)] {
                _ = try await test.store.write {
                    try cast.send(
                        $0, cast.draft("pangolinberry \(key)", key: key, voice: voice), from: cast.alice, assessment: screened(),
                        hoursOpen: true)
                }
            }
            _ = try await test.store.write {
                try cast.send(
                    $0, cast.draft("pangolinberry risk", key: "c"), from: cast.alice, assessment: screened([(.riskToSelf, .urgent)]),
                    hoursOpen: true)
            }
            try await test.store.write { try $0.erase(cast.alice, pace: .apart, chance: { 0.5 }) }
            func left() async throws -> Int {
                try await test.store.read {
                    try $0.count("SELECT count(*) FROM item WHERE account = \(cast.alice.account) AND state <> 'erased'")
                }
            }
            // The voice in use is gone at once; the anonymous one follows at its own time.
            #expect(try await left() == 1)
            test.clock.advance(.days(1))
            while let job = try await test.store.write({ try $0.claimJob(JobKind.allCases) }) {
                try await test.store.write { tx in
                    if job.kind == .eraseWords { try tx.eraseWords(ID(raw: job.subject.raw)) }
                    try tx.finishJob(job.id)
                }
            }
            #expect(try await left() == 0)
            try await test.store.sweep()
            #expect(
                try await test.store.read {
                    try $0.count("SELECT count(*) FROM account WHERE id = \(cast.alice.account) AND content_key IS NULL")
                } == 1)
            #expect(try await test.store.read { try $0.occurrences(of: "pangolinberry") } == 0)
            if engine == .sqlite {
                for ending in ["", "-wal"] {
                    let file = test.folder.appending(path: "test.sqlite" + ending)
                    guard FileManager.default.fileExists(atPath: file.path) else { continue }
                    #expect(try Data(contentsOf: file).range(of: Data("pangolinberry".utf8)) == nil)
                }
            }
            // The safeguarding record keeps the least, sealed under the house's key.
            let events = try await test.store.read { tx in
                try tx.rows("SELECT id FROM \"case\" WHERE account = \(cast.alice.account) AND urgent") { try $0.id(Case.self) }.flatMap {
                    try tx.events(of: $0)
                }
            }
            #expect(events.contains { $0.kind == .erased && $0.words?.contains("pangolinberry risk") == true })
        }
    }
}

@Suite struct CaseStoreTests {
    private func urgent(_ test: TestStore, _ cast: Cast) async throws -> ID<Case> {
        try await test.store.write { tx in
            _ = try cast.send(
                tx, cast.draft("words", key: UUID().uuidString), from: cast.alice, assessment: screened([(.riskToSelf, .urgent)]),
                hoursOpen: true)
            return try tx.first("SELECT id FROM \"case\" WHERE urgent ORDER BY opened_at DESC, id DESC") { try $0.id(Case.self) }!
        }
    }

    @Test(arguments: TestStore.engines) func twoClaimsMakeOne(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await urgent(test, cast)
            // Bob stands in for a second moderator: a claim compares and sets, whoever asks.
            let claims = try await withThrowingTaskGroup(of: Bool.self) { group in
                for person in [cast.mo, cast.bob, cast.mo, cast.bob] {
                    group.addTask { try await test.store.write { try $0.claim(id, by: person) } }
                }
                return try await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            #expect(claims.count(where: \.self) == 2)  // one person, who may press twice
            test.clock.advance(.minutes(21))
            try await test.store.write { try $0.sweepCases() }
            #expect(try await test.store.read { try $0.caseItself(id)?.claimedBy } == nil)
        }
    }

    @Test(arguments: TestStore.engines) func historiesGrowManyTimesInOneTransaction(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await urgent(test, cast)
            let before = try await test.store.read { try $0.events(of: id).count }
            try await test.store.write { tx in
                try tx.append(.noted, to: id, actor: nil, role: "clock", code: "one")
                #expect(try tx.claim(id, by: cast.mo))
                // Told at another moment it is the same transaction: what grew a line above is what it goes on from.
                try tx.moved(to: tx.now - .hours(1), ids: tx.ids).append(.noted, to: id, actor: nil, role: "clock", code: "two")
                try tx.close(id, outcome: "closed", actor: cast.mo.account, role: "moderator")
            }
            #expect(try await test.store.read { try $0.events(of: id).map(\.number) } == Array(0..<(before + 4)))
            #expect(try await test.store.read { try $0.chainHolds(of: id) })
            // The next transaction goes on from what that one left.
            try await test.store.write { try $0.append(.noted, to: id, actor: nil, role: "clock", code: "three") }
            #expect(try await test.store.read { try $0.chainHolds(of: id) })
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: TestStore.engines) func whatIsWrittenOfACaseTellsTheQueue(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await urgent(test, cast)
            let changes = try test.store.listen()
            #expect(try await test.store.write { try $0.claim(id, by: cast.mo) })
            for await change in changes where change == "queue" { break }
        }
    }

    @Test(arguments: TestStore.engines) func historyCanNotBeChanged(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await urgent(test, cast)
            #expect(try await test.store.read { try $0.chainHolds(of: id) })
            await #expect(throws: (any Error).self) { try await test.store.write { try $0.tamper(id) } }
            await #expect(throws: (any Error).self) {
                _ = try await test.store.write { try $0.change("DELETE FROM case_event WHERE case_id = \(id)") }
            }
            // Somebody who goes round the trigger is found by the chain.
            try await test.store.write { tx in
                try tx.script(engine == .sqlite ? "DROP TRIGGER case_event_kept" : "ALTER TABLE case_event DISABLE TRIGGER ALL")
                try tx.tamper(id)
            }
            #expect(try await test.store.read { try $0.chainHolds(of: id) } == false)
        }
    }

    @Test(arguments: TestStore.engines) func nothingOverdueStaysWhereItIs(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let id = try await urgent(test, cast)
            var tiers: [Tier] = []
            for _ in 0..<4 {
                test.clock.advance(.minutes(6))
                try await test.store.write { try $0.sweepCases() }
                tiers.append(try await test.store.read { try $0.caseItself(id)!.tier })
            }
            #expect(tiers == [.professional, .safeguardingLead, .everyone, .everyone])
            #expect(try await test.store.read { try $0.chainHolds(of: id) })
            // One call a step, however often the clock looked.
            #expect(try await test.store.read { try $0.alertHistory(cast.organisation, drills: false).count } == 4)
        }
    }

    @Test(arguments: TestStore.engines) func tenReportersAreOneCase(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let item = try await test.store.write { tx -> ID<Item> in
                guard
                    case .kept(let id, .shown) = try cast.send(
                        tx, cast.draft("words", key: "k"), from: cast.alice, assessment: screened(), hoursOpen: true)
                else {
                    throw StoreFault.closed
                }
                return id
            }
            let first = try await test.store.write {
                try $0.report(item, kind: "worried", level: .high, words: "please look", by: cast.bob)
            }
            let again = try await test.store.write { try $0.report(item, kind: "unkind", level: .medium, words: "", by: cast.bob) }
            guard case .taken(let one) = first, case .already(let two) = again else { return #expect(Bool(false)) }
            #expect(one == two)
            #expect(try await test.store.write { try $0.report(item, kind: "worried", level: .high, words: "", by: cast.alice) } == .gone)
            #expect(try await test.store.write { try $0.report(item, kind: "worried", level: .high, words: "", by: cast.charlie) } == .gone)
            #expect(try await test.store.read { try $0.caseAbout(item: item).count } == 1)
        }
    }

    @Test(arguments: TestStore.engines) func aJobIsHeldByOne(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            try await test.store.write { try $0.enqueue(.sendAlarm, ID(raw: 5)) }
            try await test.store.write { try $0.enqueue(.sendAlarm, ID(raw: 5)) }
            let jobs = try await withThrowingTaskGroup(of: JobRow?.self) { group in
                for _ in 0..<4 { group.addTask { try await test.store.write { try $0.claimJob(JobKind.allCases) } } }
                return try await group.reduce(into: []) { if let job = $1 { $0.append(job) } }
            }
            #expect(jobs.count == 1)
            test.clock.advance(.minutes(3))
            #expect(try await test.store.write { try $0.claimJob(JobKind.allCases) }?.tries == 2)
        }
    }
}
