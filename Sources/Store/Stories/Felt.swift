import Rules
import Screening

/// One person's own answers after reading one piece.
public struct FeltRow: Sendable, Equatable {
    public let item: ID<Item>
    public let answer: FeltAfter
    public let hope: HopeAfter?
    public let urge: UrgeAfter?
}

extension Transaction {
    public func felt(_ answer: FeltAfter, after item: ID<Item>, by person: Person) throws {
        try run(
            """
            INSERT INTO felt (item, account, answer, made_at) VALUES (\(item), \(person.account), \(answer), \(now))
            ON CONFLICT (item, account) DO UPDATE SET answer = excluded.answer
            """)
    }

    public func felt(after item: ID<Item>, by person: Person) throws -> FeltRow? {
        try first("SELECT item, answer, hope, urge FROM felt WHERE item = \(item) AND account = \(person.account)") {
            FeltRow(item: try $0.id(), answer: try $0.word(), hope: try $0.wordIfAny(), urge: try $0.wordIfAny())
        }
    }

    func felt(of account: ID<Account>) throws -> [FeltRow] {
        try rows("SELECT item, answer, hope, urge FROM felt WHERE account = \(account) ORDER BY made_at") {
            FeltRow(item: try $0.id(), answer: try $0.word(), hope: try $0.wordIfAny(), urge: try $0.wordIfAny())
        }
    }

    /// The two further answers, beside the first. One that calls a person opens a case, without the answer itself, and rings.
    public func felt(hope: HopeAfter?, urge: UrgeAfter?, after item: ID<Item>, by person: Person) throws {
        try run("UPDATE felt SET hope = \(hope), urge = \(urge) WHERE item = \(item) AND account = \(person.account)")
        guard urge?.isDanger == true else { return }
        let id = try openOrJoin(
            CaseOpening(
                kind: .risk, subject: ID(raw: person.account.raw), account: person.account,
                facts: CaseFacts(level: .high, young: person.band?.isUnder18 ?? true), organisation: person.organisation, by: "form",
                code: "after-reading"))
        try alarm(id, organisation: person.organisation)
    }

    /// What people said after reading, the newest pieces first, of those that are still up.
    public func afterReading(in organisation: ID<Organisation>, from: Instant, until: Instant) throws -> [AfterReading] {
        func count(_ column: SQL, _ answers: [some Bindable]) -> SQL {
            answers.dropFirst().reduce(one(column, answers[0])) { "\($0), \(one(column, $1))" }
        }
        func one(_ column: SQL, _ answer: some Bindable) -> SQL { "sum(CASE WHEN f.\(column) = \(answer) THEN 1 ELSE 0 END)" }
        return try rows(
            """
            SELECT f.item, p.form, p.narrator_band, \(count("answer", FeltAfter.allCases)), \(count("hope", HopeAfter.allCases)),
                   \(count("urge", UrgeAfter.allCases))
            FROM felt f JOIN item i ON i.id = f.item JOIN piece p ON p.item = f.item
            WHERE f.made_at >= \(from) AND f.made_at < \(until) AND i.organisation = \(organisation) AND i.state = 'shown'
            GROUP BY f.item, p.form, p.narrator_band ORDER BY max(i.seq) DESC LIMIT 200
            """
        ) { row in
            func counts(_ answers: Int, _ row: inout Row) throws -> [Int] {
                var found: [Int] = []
                for _ in 0..<answers { found.append(try row.count()) }
                return found
            }
            let (item, form, band): (ID<Item>, PieceForm, AgeBand?) = (try row.id(), try row.word(), try row.wordIfAny())
            return AfterReading(
                item: item, form: form, band: band, felt: try counts(FeltAfter.allCases.count, &row),
                hope: try counts(HopeAfter.allCases.count, &row), urge: try counts(UrgeAfter.allCases.count, &row))
        }
    }
}
