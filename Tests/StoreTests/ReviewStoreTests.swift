import Rules
import Testing

@testable import Store

@Suite struct ReviewStoreTests {
    private func fill(_ tx: Transaction, _ cast: Cast, titles: [String]) throws -> (ID<LivingReview>, [ID<ReviewRecord>]) {
        let review = try tx.startReview("Walks", key: nil, by: cast.mo)
        let file = SearchFile(Array(("title,year\n" + titles.map { "\($0),2001\n" }.joined()).utf8), named: "made-up")
        let new = NewReviewSource(search: "2026-01", source: "Scopus", isByHand: false, key: "k")
        let source = try #require(try tx.source(new, file, digest: Transaction.digest(of: file, new), in: review))
        while try tx.addRecords(of: file, to: source, in: review, most: 5) {}
        #expect(try tx.source(new, file, digest: Transaction.digest(of: file, new), in: review) == nil)
        return (review, try tx.rows("SELECT id FROM review_record WHERE review = \(review) ORDER BY place", { try $0.id() }))
    }

    private func says(
        _ tx: Transaction, _ verdict: ReviewVerdict, _ record: ID<ReviewRecord>, _ review: ID<LivingReview>, _ person: Person,
        _ stage: ReviewStage = .titles, reason: String? = nil
    ) throws -> ScreeningRefusal? {
        try tx.say(verdict, reason: reason, of: record, in: review, at: stage, reasons: ["x"], by: person)
    }

    /// A file that breaks off goes on where it stopped, by another press too; another file is never taken for it.
    @Test(arguments: TestStore.engines) func aFileGoesOnWhereItBrokeOff(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            try await test.store.write { tx in
                func file(_ first: String) -> SearchFile {
                    SearchFile(Array("title,year\n\(first),2001\nTwo,2002\nThree,2003\n".utf8), named: "made-up")
                }
                func new(_ key: String?) -> NewReviewSource {
                    NewReviewSource(search: "2026-01", source: "Scopus", isByHand: false, key: key)
                }
                let review = try tx.startReview("Walks", key: nil, by: cast.mo)
                func source(_ key: String?, _ file: SearchFile) throws -> ID<ReviewSource>? {
                    try tx.source(new(key), file, digest: Transaction.digest(of: file, new(key)), in: review)
                }
                let made = try #require(try source("k", file("One")))
                #expect(try source("before-a-word", file("Another")) != made)
                #expect(try tx.addRecords(of: file("One"), to: made, in: review, most: 2))
                #expect(try tx.reviewSources(review).map(\.arrived).sorted() == [0, 2])
                // Nobody reads of it before its duplicates could be found.
                #expect(try tx.nextToRead(review, at: .titles, by: cast.alice) == nil && tx.waiting(review, for: cast.alice).titles == 0)
                #expect(try source("other", file("One")) == made && source(nil, file("One")) == made)
                #expect(try source("third", file("A third")) != made)
                #expect(try !tx.addRecords(of: file("One"), to: made, in: review, most: 2))
                #expect(try !tx.addRecords(of: file("One"), to: made, in: review, most: 2))
                // The press that went on with it is its press now.
                #expect(try source("other", file("One")) == nil)
                #expect(try tx.nextToRead(review, at: .titles, by: cast.alice) != nil)
                let titles = try tx.rows("SELECT title FROM review_record WHERE source = \(made) ORDER BY place") { try $0.text() }
                #expect(titles == ["One", "Two", "Three"])
            }
        }
    }

    /// What is stored for lists and counts is what the readings fold into, whatever was said in whatever order.
    @Test(arguments: TestStore.engines) func theFoldIsTheReadings(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            try await test.store.write { tx in
                let (review, records) = try fill(tx, cast, titles: (0..<12).map { "Made-up \($0)" })
                var turn = 7
                for _ in 0..<200 {
                    turn = (turn * 1_103_515_245 + 12_345) % 2_147_483_648
                    let (record, person) = (records[turn / 64 % 12], [cast.mo, cast.alice, cast.bob, cast.charlie][turn / 1024 % 4])
                    let stage: ReviewStage = turn / 4096 % 2 == 0 ? .titles : .fullText
                    _ = try says(tx, ReviewVerdict.allCases[turn / 8192 % 3], record, review, person, stage, reason: "x")
                }
                for id in records {
                    let row = try #require(try tx.reviewRecord(id, in: review))
                    let all = try tx.screening(of: row)
                    #expect(row.titles == all.titles.state && row.fullText == all.fullText?.state)
                    #expect(row.reason == (all.fullText?.state == .leave ? all.fullText?.reason : nil))
                }
                let csv = try tx.reviewDecisions(review).map { $0.joined(separator: ",") }
                let file = DecisionsFile(Array(([DecisionsFile.head.joined(separator: ",")] + csv).joined(separator: "\n").utf8))
                let told = ReviewFlow(try tx.reviewTallies(review))
                #expect(file.faults == [] && file.flow == told)
                #expect(file.flow.searches[0].identified == 12 && file.flow.searches[0].titlesOpen < 12)
            }
        }
    }

    @Test(arguments: TestStore.engines) func duplicatesLeaveWhatIsReadAlone(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            try await test.store.write { tx in
                let (review, records) = try fill(
                    tx, cast, titles: Array(repeating: "A made-up study of long walks by the sea", count: 3) + ["Another"])
                func again() throws -> Int { try tx.removeDuplicates(try tx.reviewPile(review).removals()) }
                #expect(try says(tx, .take, records[1], review, cast.alice) == nil)
                #expect(try again() == 2)
                #expect(try tx.reviewDuplicates(review, after: 0, limit: 9).map(\.kept) == [records[1], records[1]])
                #expect(try again() == 0)
                #expect(try tx.setApart(records[0], in: review))
                #expect(try tx.setApart(records[0], in: review) == false)
                #expect(try again() == 0)
                #expect(try tx.nextToRead(review, at: .titles, by: cast.bob)?.id == records[1])
                #expect(try tx.nextToRead(review, at: .titles, by: cast.alice)?.id == records[0])
                #expect(try tx.waiting(review, for: cast.alice).titles == 2)
                #expect(try tx.waiting(review, for: cast.bob).titles == 3)
            }
        }
    }

    /// Numbers stay, two readers stay two, and neither leads to who has left.
    @Test(arguments: TestStore.engines) func whoLeavesIsNobodyInTheNumbers(_ engine: Engine) async throws {
        try await TestStore.with(engine) { test in
            let cast = try await Cast.make(test)
            let (review, records) = try await test.store.write { tx in
                let (review, records) = try fill(tx, cast, titles: ["One", "Two"])
                #expect(try says(tx, .take, records[0], review, cast.alice) == nil)
                #expect(try says(tx, .leave, records[0], review, cast.bob) == nil)
                #expect(try says(tx, .take, records[1], review, cast.alice) == nil)
                #expect(try tx.record(of: cast.alice).reviewing.map(\.title) == ["One", "Two"])
                try tx.erase(cast.alice, pace: .now, chance: { 0 })
                return (review, records)
            }
            try await test.store.write { tx throws -> Void in
                #expect(try tx.count("SELECT count(*) FROM review_reading WHERE reader = \(cast.alice.account)") == 0)
                #expect(try tx.count("SELECT count(*) FROM review_record WHERE titles_by = \(cast.alice.account)") == 0)
                #expect(try tx.reviewRecord(records[0], in: review)?.titles == .conflict)
                #expect(try tx.nextToRead(review, at: .titles, by: cast.bob)?.id == records[1])
                #expect(try says(tx, .take, records[1], review, cast.bob) == nil)
                #expect(try tx.reviewRecord(records[1], in: review)?.titles == .take)
            }
        }
    }
}
