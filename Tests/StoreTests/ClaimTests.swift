import Rules
import Testing

@testable import Store

@Suite struct ClaimTests {
    /// A claim that was asked about before it was looked for by whole words keeps its note: found again, and after its post is edited.
    @Test(arguments: TestStore.engines) func claimsOfBeforeKeepTheirNotes(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let claim = "Don't stop at once, it's said: 5% fall ill."
            try await test.store.write { tx in
                guard
                    case .kept(let id, .shown) = try cast.send(
                        tx, cast.draft("They say: \(claim)", key: "one"), from: cast.alice, assessment: screened(), hoursOpen: true),
                    let (item, room) = try tx.item(id, visibleTo: Viewer(person: cast.bob), choices: ReaderChoices(matters: [:])),
                    let note = try tx.askForEvidence("it's said: 5% fall ill", in: item, room: room)
                else { throw StoreFault.gone }
                #expect(try tx.mark(note, .corrected, note: "Not so.", by: cast.mo))
                // As the database was before.
                try tx.run("UPDATE evidence SET whole = ''")
                try tx.relinkEvidence(in: id, thread: nil, title: item.title, body: item.body)
                #expect(try tx.evidence(for: cast.mo).map(\.mark) == [.corrected], "what is not written out yet is lost by nothing")
                try tx.findClaimsByWholeWords()
                #expect(try tx.askForEvidence("IT'S SAID, 5% fall ill", in: item, room: room) == note)
                // Another one beside it, that stands nowhere after the edit.
                #expect(try tx.askForEvidence("They say: Don't stop at once", in: item, room: room) != nil)
                try tx.relinkEvidence(in: id, thread: nil, title: item.title, body: "Well: it’s said – 5% fall ill, and more.")
                #expect(try tx.evidence(for: cast.mo).map(\.mark) == [.corrected])
                try tx.relinkEvidence(in: id, thread: nil, title: item.title, body: "It's said: 5.5% fall ill.")
                #expect(try tx.evidence(for: cast.mo).isEmpty)
            }
        }
    }
}
