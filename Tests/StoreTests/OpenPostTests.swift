import Rules
import Testing

@testable import Store

@Suite struct OpenPostTests {
    private let setting = OfferSetting(
        topics: TagList([]), matters: TagList([]), rules: OfferRules(adultsOnly: TagList([]).tags([String]())), minute: { _ in 720 })

    /// A post that can not be read holds nobody up, and has an owner.
    @Test(.timeLimit(.minutes(1)), arguments: TestStore.engines) func aFaultyPostHoldsNobodyUp(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let posts = try await test.store.write { tx in
                try [(cast.alice, "one"), (cast.bob, "two")].map { person, key in
                    guard
                        case .kept(let id, .shown) = try cast.send(
                            tx, cast.draft("Words", key: key), from: person, assessment: screened(), hoursOpen: true)
                    else { throw StoreFault.gone }
                    return id
                }
            }
            // Nobody helps here, so both are before staff at once, who are told; then their time is over.
            let changes = try test.store.listen()
            while try await test.store.read({ try $0.postsAreDue() }) { _ = try await test.store.write { try $0.sweepPosts(setting) } }
            for await change in changes where change == "queue" { break }
            test.clock.advance(.hours(5))
            _ = try await test.store.write { try $0.change("UPDATE account SET band = 'odd' WHERE id = \(cast.alice.account)") }
            #expect(try await Set(test.store.read { try $0.duePosts() }) == Set(posts))
            await #expect(throws: StoreFault.self) { _ = try await test.store.write { try $0.sweepPosts(setting) } }
            await #expect(throws: StoreFault.self) { _ = try await test.store.write { try $0.sweepPosts(setting, only: posts[0]) } }
            #expect(try await test.store.write { try $0.escalateUnread(posts[0]) })
            #expect(try await test.store.write { try $0.sweepPosts(setting, only: posts[1]) } == 1)
            for post in posts { #expect(try await test.store.read { try $0.caseAbout(item: post).count } == 1) }
            // Said once: it is not due again, and another fault opens no second case.
            #expect(try await test.store.read { try $0.duePosts() } == [])
            #expect(try await test.store.write { try $0.escalateUnread(posts[0]) } == false)
            #expect(try await test.store.read { try $0.caseAbout(item: posts[0]).count } == 1)
        }
    }
}
