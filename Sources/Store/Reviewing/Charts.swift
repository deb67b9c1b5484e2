import Rules

/// What one account has done in reviews, for their own record.
public struct ReviewDone: Sendable {
    public let review: String
    public let title: String
    public let stage: ReviewStage
    public let verdict: ReviewVerdict
    public let at: Instant
}

extension Transaction {
    /// Field to what stands in it; several options on lines of their own.
    public func chart(of record: ID<ReviewRecord>) throws -> [String: String] {
        Dictionary(
            try rows("SELECT field, value FROM review_chart WHERE record = \(record)") { (try $0.text(), try $0.text()) },
            uniquingKeysWith: { a, _ in a })
    }

    /// All charts of a review's included records.
    public func charts(_ review: ID<LivingReview>) throws -> [ID<ReviewRecord>: [String: String]] {
        var found: [ID<ReviewRecord>: [String: String]] = [:]
        _ = try rows(
            """
            SELECT c.record, c.field, c.value FROM review_chart c JOIN review_record r ON r.id = c.record
            WHERE r.review = \(review) AND r.duplicate_of IS NULL AND r.titles = 'in' AND r.full_text = 'in'
            """
        ) { row in
            let record: ID<ReviewRecord> = try row.id()
            found[record, default: [:]][try row.text()] = try row.text()
        }
        return found
    }

    /// Only of what is included; false otherwise. An empty field is taken out.
    public func chart(_ values: [String: String], of id: ID<ReviewRecord>, in review: ID<LivingReview>, by person: Person) throws -> Bool {
        guard let record = try reviewRecord(id, in: review), !record.isDuplicate, record.titles == .take, record.fullText == .take else {
            return false
        }
        for (field, value) in values.sorted(by: { $0.key < $1.key }) {
            if value.isEmpty {
                try run("DELETE FROM review_chart WHERE record = \(id) AND field = \(field)")
            } else {
                try run(
                    """
                    INSERT INTO review_chart (record, field, value, reader, made_at) VALUES (\(id), \(field), \(value), \(person.account), \(now))
                    ON CONFLICT (record, field) DO UPDATE SET value = excluded.value, reader = excluded.reader, made_at = excluded.made_at
                    """)
            }
        }
        return true
    }

    func reviewsDone(by person: Person) throws -> [ReviewDone] {
        try rows(
            """
            SELECT v.name, r.title, x.stage, x.verdict, x.made_at FROM review_reading x JOIN review_record r ON r.id = x.record
            JOIN review v ON v.id = r.review WHERE x.reader = \(person.account) ORDER BY x.made_at, r.place LIMIT 200000
            """
        ) { ReviewDone(review: try $0.text(), title: try $0.text(), stage: try $0.word(), verdict: try $0.word(), at: try $0.instant()) }
    }

    /// The review's numbers stay, and two readers stay two: under a number that leads to nobody.
    func forgetReviewing(of account: ID<Account>) throws {
        let nobody: ID<Account> = ids.unlinkable()
        try run("UPDATE review_reading SET reader = \(nobody) WHERE reader = \(account)")
        try run("UPDATE review_chart SET reader = \(nobody) WHERE reader = \(account)")
        try run("UPDATE review_record SET titles_by = \(nobody) WHERE titles_by = \(account)")
        try run("UPDATE review_record SET full_text_by = \(nobody) WHERE full_text_by = \(account)")
    }
}

extension Transaction {
    /// Decisions in the order of time, as `DecisionsFile` reads them. Readers are numbered, not named; what one reader said before another
    /// had read is not among them.
    public func reviewDecisions(_ review: ID<LivingReview>) throws -> [[String]] {
        var (rows, searches, readers) = ([[String]](), [ID<ReviewRecord>: String](), [Int64: String]())
        _ = try self.rows(
            """
            SELECT r.id, s.search, s.source, s.by_hand, r.duplicate_rule FROM review_record r JOIN review_source s ON s.id = r.source
            WHERE r.review = \(review) ORDER BY r.place
            """
        ) { row in
            let id: ID<ReviewRecord> = try row.id()
            let (search, source, isByHand) = (try row.text(), try row.text(), try row.bool())
            searches[id] = search
            rows.append([id.description, search, "found", "", isByHand ? "by-hand" : "database", source])
            if let rule = row.textIfAny() { rows.append([id.description, search, "duplicate", "", "removed", rule]) }
        }
        _ = try self.rows(
            """
            SELECT x.record, x.stage, x.reader, x.verdict, x.reason FROM review_reading x JOIN review_record r ON r.id = x.record
            WHERE r.review = \(review)
              AND (CASE x.stage WHEN 'titles' THEN r.titles ELSE r.full_text END <> 'undecided' OR
                   (SELECT count(DISTINCT o.reader) FROM review_reading o WHERE o.record = x.record AND o.stage = x.stage) > 1)
            ORDER BY r.place, x.stage DESC, x.turn
            """
        ) { row in
            let id: ID<ReviewRecord> = try row.id()
            let (stage, account) = (try row.text(), try row.int())
            let reader = readers[account] ?? "reader-\(readers.count + 1)"
            readers[account] = reader
            rows.append([id.description, searches[id] ?? "", stage, reader, try row.text(), row.textIfAny() ?? ""])
        }
        return rows
    }
}
