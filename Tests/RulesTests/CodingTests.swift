import Testing

@testable import Rules

@Suite struct CodingTests {
    private let book = Codebook(
        id: "b", name: "B", of: .any, source: "Invented",
        codes: ["x", "y", "z"].map { .init(id: $0, name: $0, means: "") })

    private func coded(_ item: Int, by coder: Int, _ code: String) -> CodedItem {
        CodedItem(item: Int64(item), coder: Int64(coder), code: code, writer: Int64(item), area: nil)
    }

    /// An item counts once, by its first coder; agreement is of the first two. A third one changes neither, wherever they stand.
    @Test func aThirdCoderChangesNothing() throws {
        let two = (0..<10).flatMap { item in [coded(item, by: 1, "x"), coded(item, by: 2, item < 8 ? "x" : "y")] }
        let plain = try CodingSummary(two, book: book)
        #expect(plain.items == 10 && plain.counts == [10, 0, 0])
        #expect(plain.double?.items == 10 && plain.double?.agreement == 0.8)
        let third = (0..<10).map { coded($0, by: 3, "z") }
        #expect(try CodingSummary(two + third, book: book) == plain, "after all others")
        let between = (0..<10).flatMap { item in
            [coded(item, by: 1, "x"), coded(item, by: 2, item < 8 ? "x" : "y"), coded(item, by: 3, "z"), coded(item, by: 4, "x")]
        }
        #expect(try CodingSummary(between, book: book) == plain, "after each item")
        // Who comes second is the second, whatever their number.
        let other = (0..<10).flatMap { item in [coded(item, by: 1, "x"), coded(item, by: 3, "z"), coded(item, by: 2, "x")] }
        #expect(try CodingSummary(other, book: book).double?.agreement == 0)
        // The same coder again is no second one, and a code that the book does not have is none.
        let again = (0..<10).flatMap { [coded($0, by: 1, "x"), coded($0, by: 1, "y"), coded($0, by: 2, "gone")] }
        #expect(try CodingSummary(again, book: book).double == nil && CodingSummary(again, book: book).counts == [10, 0, 0])
    }

    @Test func agreementIsToldFromEightOnwards() throws {
        func summary(_ count: Int) throws -> CodingSummary {
            try CodingSummary(
                (0..<count).flatMap { [coded($0, by: 1, $0 % 2 == 0 ? "x" : "y"), coded($0, by: 2, "x"), coded($0, by: 3, "x")] },
                book: book)
        }
        #expect(try summary(7).double == nil && summary(8).double?.items == 8)
    }
}
