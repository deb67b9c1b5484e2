import Rules
import Screening
import Testing

@testable import Store

/// Two organisations in one database: nothing of one is read, found, answered or counted from the other.
@Suite struct TwoHousesTests {
    @Test(arguments: TestStore.engines) func nothingCrosses(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let (here, there) = (try await Cast.make(test), try await Cast.make(test, called: "b"))
            let (mine, theirs) = try await test.store.write { tx -> (ID<Item>, ID<Item>) in
                func sent(_ cast: Cast, _ concerns: [(ConcernKind, Level)] = []) throws -> ID<Item> {
                    guard
                        case .kept(let id, _) = try cast.send(
                            tx, cast.draft("Plumtree words", key: cast.alice.shownName), from: cast.alice, assessment: screened(concerns),
                            hoursOpen: true)
                    else { throw StoreFault.gone }
                    return id
                }
                return (try sent(here), try sent(there, [(.riskToSelf, .high)]))
            }
            let choices = ReaderChoices(matters: [:], heavyWelcome: true)
            try await test.store.read { tx in
                for (cast, own, other) in [(here, mine, theirs), (there, theirs, mine)] {
                    let viewer = Viewer(person: cast.bob)
                    let found = try tx.search(["plumtree"], for: viewer, choices: choices)
                    #expect(found.map(\.id) == [own])
                    #expect(try tx.item(own, visibleTo: viewer, choices: choices) != nil)
                    #expect(try tx.item(other, visibleTo: viewer, choices: choices) == nil)
                    #expect(try tx.rooms(for: viewer).map(\.room.id) == [cast.room])
                    #expect(try tx.rooms(for: Viewer(visitorOf: cast.organisation)).map(\.room.id) == [cast.room])
                    #expect(try tx.readableRooms(for: Viewer(person: cast.mo)).map(\.id) == [cast.room])
                    #expect(try tx.queue(for: cast.mo).allSatisfy { $0.room == cast.room })
                    #expect(try tx.account(firstName: cast.alice.shownName, in: cast.organisation) == cast.alice.account)
                }
                // The one that worries has its case in its own house alone, and the other's staff find no door to it.
                #expect(try tx.queue(for: there.mo).contains { $0.item == theirs })
                for found in try tx.queue(for: there.mo) { #expect(try tx.case(found.id, openTo: here.mo) == nil) }
                #expect(try tx.account(firstName: there.alice.shownName, in: here.organisation) == nil)
                #expect(try tx.delays(here.organisation, since: Instant(milliseconds: 0)).isEmpty)
                #expect(try !tx.delays(there.organisation, since: Instant(milliseconds: 0)).isEmpty)
            }
            // Nobody writes there from here.
            let crossed = try await test.store.write { tx in
                try there.send(tx, there.draft("Hello", key: "x"), from: here.alice, assessment: screened(), hoursOpen: true)
            }
            #expect(crossed == .gone)
        }
    }
}
