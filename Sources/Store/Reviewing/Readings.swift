import Rules

/// One record as its reader sees it: nobody's verdict.
public struct ReviewRecordRow: Sendable {
    public let id: ID<ReviewRecord>
    public let place: Int
    public let title: String
    public let authors: String
    public let year: Int?
    public let journal: String?
    public let doi: String?
    public let pmid: String?
    public let abstract: String?
    public let isDuplicate: Bool
    public let titles: Screened.State
    public let fullText: Screened.State?
    public let reason: String?
}

/// Where a record of a review stands, as its readers look for it.
public enum RecordStanding: String, Sendable, CaseIterable {
    case open
    case outByTitle = "out-title"
    case outByText = "out-text"
    case included
}

extension ReviewRecordRow {
    /// Nil for a duplicate.
    public var standing: RecordStanding? {
        if isDuplicate { return nil }
        switch (titles, fullText) {
        case (.leave, _): return .outByTitle
        case (.take, .leave): return .outByText
        case (.take, .take): return .included
        case (.take, .undecided), (.take, .conflict), (.take, nil), (.undecided, _), (.conflict, _): return .open
        }
    }
}

/// What waits for one reader.
public struct ReviewWaiting: Sendable, Equatable {
    public var titles = 0
    public var fullText = 0
    /// Where two differ and this person has read nothing of it.
    public var toSettle = 0
    /// Where two differ and this person is one of them.
    public var toTalkOver = 0
    public var toChart = 0
}

extension Transaction {
    private static let recordColumns: SQL =
        "r.id, r.place, r.title, r.authors, r.year, r.journal, r.doi, r.pmid, r.abstract, r.duplicate_of IS NOT NULL, r.titles, r.full_text, r.reason"

    private func readRecord(_ row: inout Row) throws -> ReviewRecordRow {
        ReviewRecordRow(
            id: try row.id(), place: try row.count(), title: try row.text(), authors: try row.text(), year: row.intIfAny().map { Int($0) },
            journal: row.textIfAny(), doi: row.textIfAny(), pmid: row.textIfAny(), abstract: row.textIfAny(), isDuplicate: try row.bool(),
            titles: try row.word(), fullText: try row.wordIfAny(), reason: row.textIfAny())
    }

    public func reviewRecord(_ id: ID<ReviewRecord>, in review: ID<LivingReview>) throws -> ReviewRecordRow? {
        try first("SELECT \(Self.recordColumns) FROM review_record r WHERE r.id = \(id) AND r.review = \(review)") { try readRecord(&$0) }
    }

    private func open(_ stage: ReviewStage) -> (state: SQL, by: SQL) {
        switch stage {
        // Of a file that is still coming in nobody reads: its duplicates are found when it is whole.
        case .titles:
            (
                """
                r.duplicate_of IS NULL AND r.titles = 'undecided'
                AND r.source NOT IN (SELECT s.id FROM review_source s WHERE s.arrived < s.records)
                """, "r.titles_by"
            )
        case .fullText: ("r.duplicate_of IS NULL AND r.titles = 'in' AND r.full_text = 'undecided'", "r.full_text_by")
        }
    }

    /// The next one for this reader: what one other has read already, then what nobody has.
    public func nextToRead(_ review: ID<LivingReview>, at stage: ReviewStage, by person: Person) throws -> ReviewRecordRow? {
        let (state, by) = open(stage)
        // In ranges, not as "anybody but me": the index leads straight to one however many were read.
        for whose: SQL in ["\(by) < \(person.account)", "\(by) > \(person.account)", "\(by) IS NULL"] {
            let found = try first(
                "SELECT \(Self.recordColumns) FROM review_record r WHERE r.review = \(review) AND \(state) AND \(whose) ORDER BY \(by), r.place LIMIT 1"
            ) { try readRecord(&$0) }
            if let found { return found }
        }
        return nil
    }

    public func readings(of record: ID<ReviewRecord>, at stage: ReviewStage) throws -> [ReviewReading] {
        try rows("SELECT reader, verdict, reason FROM review_reading WHERE record = \(record) AND stage = \(stage) ORDER BY turn") {
            ReviewReading(reader: String(try $0.int()), verdict: try $0.word(), reason: $0.textIfAny())
        }
    }

    public func screening(of record: ReviewRecordRow) throws -> RecordScreening {
        RecordScreening(
            titles: try readings(of: record.id, at: .titles), fullText: try readings(of: record.id, at: .fullText),
            duplicate: record.isDuplicate)
    }

    public static func reader(_ person: Person) -> String { String(person.account.raw) }

    /// Appends what this person says and folds it. The same word again adds nothing.
    public func say(
        _ verdict: ReviewVerdict, reason: String?, of id: ID<ReviewRecord>, in review: ID<LivingReview>, at stage: ReviewStage,
        reasons: Set<String>, by person: Person
    ) throws -> ScreeningRefusal? {
        // Two who read it in one moment come one after the other.
        _ = try change("UPDATE review_record SET line = line WHERE id = \(id) AND review = \(review)")
        guard let record = try reviewRecord(id, in: review) else { return .notHere }
        let reading = ReviewReading(
            reader: Self.reader(person), verdict: verdict, reason: stage == .fullText && verdict == .leave ? reason : nil)
        let before = try readings(of: id, at: stage)
        if before.last(where: { $0.reader == reading.reader }) == reading { return nil }
        if let refused = try screening(of: record).refusal(of: reading, at: stage, reasons: reasons) { return refused }
        try run(
            """
            INSERT INTO review_reading (id, record, stage, reader, verdict, reason, turn, made_at)
            VALUES (\(ids.unlinkable(Anything.self)), \(id), \(stage), \(person.account), \(verdict), \(reading.reason), \(before.count), \(now))
            """)
        try fold(record, at: stage, Screened(before + [reading], stage: stage))
        return nil
    }

    private func fold(_ record: ReviewRecordRow, at stage: ReviewStage, _ now: Screened) throws {
        let alone = now.readers.count == 1 ? now.readers.first.flatMap { Int64($0) } : nil
        switch stage {
        case .titles:
            let next: Screened.State? = now.state == .take ? .undecided : nil
            try run(
                """
                UPDATE review_record SET titles = \(now.state), titles_by = \(alone), full_text = \(next) WHERE id = \(record.id)
                """)
        case .fullText:
            try run(
                """
                UPDATE review_record SET full_text = \(now.state), full_text_by = \(alone), reason = \(now.state == .leave ? now.reason : nil)
                WHERE id = \(record.id)
                """)
        }
    }

    /// Records by where they stand and by words of their title, in their order.
    public func reviewRecords(
        _ review: ID<LivingReview>, standing: RecordStanding?, titled words: String?, after: Int64, limit: Int
    ) throws -> [ReviewRecordRow] {
        let here: SQL =
            switch standing {
            case nil: "r.duplicate_of IS NULL"
            case .open:
                "r.duplicate_of IS NULL AND (r.titles IN ('undecided', 'conflict') OR r.titles = 'in' AND r.full_text IN ('undecided', 'conflict'))"
            case .outByTitle: "r.duplicate_of IS NULL AND r.titles = 'out'"
            case .outByText: "r.duplicate_of IS NULL AND r.titles = 'in' AND r.full_text = 'out'"
            case .included: "r.duplicate_of IS NULL AND r.titles = 'in' AND r.full_text = 'in'"
            }
        let named: SQL = words.map { "lower(r.title) LIKE lower(CAST(\(Self.containing($0)) AS text)) ESCAPE '!'" } ?? "1 = 1"
        return try rows(
            """
            SELECT \(Self.recordColumns) FROM review_record r WHERE r.review = \(review) AND \(here) AND \(named) AND r.place > \(after)
            ORDER BY r.place LIMIT \(number: limit)
            """
        ) { try readRecord(&$0) }
    }

    private static func containing(_ words: String) -> String {
        "%" + words.map { "%_!".contains($0) ? "!\($0)" : String($0) }.joined() + "%"
    }

    /// Where two readers differ, in the order of the records.
    public func reviewConflicts(_ review: ID<LivingReview>, after: Int64, limit: Int) throws -> [ReviewRecordRow] {
        try rows(
            """
            SELECT \(Self.recordColumns) FROM review_record r WHERE r.review = \(review) AND r.duplicate_of IS NULL
              AND (r.titles = 'conflict' OR r.titles = 'in' AND r.full_text = 'conflict') AND r.place > \(after)
            ORDER BY r.place LIMIT \(number: limit)
            """
        ) { try readRecord(&$0) }
    }

    public func includedRecords(_ review: ID<LivingReview>, after: Int64 = 0, limit: Int) throws -> [ReviewRecordRow] {
        try rows(
            """
            SELECT \(Self.recordColumns) FROM review_record r WHERE r.review = \(review) AND r.duplicate_of IS NULL AND r.titles = 'in'
              AND r.full_text = 'in' AND r.place > \(after) ORDER BY r.place LIMIT \(number: limit)
            """
        ) { try readRecord(&$0) }
    }

    public func waiting(_ review: ID<LivingReview>, for person: Person) throws -> ReviewWaiting {
        var waiting = ReviewWaiting()
        for stage in ReviewStage.allCases {
            let (state, by) = open(stage)
            let n = try count(
                "SELECT count(*) FROM review_record r WHERE r.review = \(review) AND \(state) AND (\(by) IS NULL OR \(by) <> \(person.account))"
            )
            switch stage {
            case .titles: waiting.titles = n
            case .fullText: waiting.fullText = n
            }
        }
        for (stage, state) in [
            (ReviewStage.titles, "r.titles = 'conflict'" as SQL), (.fullText, "r.titles = 'in' AND r.full_text = 'conflict'"),
        ] {
            let mine: SQL = "SELECT 1 FROM review_reading x WHERE x.record = r.id AND x.stage = \(stage) AND x.reader = \(person.account)"
            let here: SQL = "SELECT count(*) FROM review_record r WHERE r.review = \(review) AND r.duplicate_of IS NULL AND \(state)"
            waiting.toTalkOver += try count("\(here) AND EXISTS (\(mine))")
            waiting.toSettle += try count("\(here) AND NOT EXISTS (\(mine))")
        }
        waiting.toChart = try count(
            """
            SELECT count(*) FROM review_record r WHERE r.review = \(review) AND r.duplicate_of IS NULL AND r.titles = 'in' AND r.full_text = 'in'
              AND NOT EXISTS (SELECT 1 FROM review_chart c WHERE c.record = r.id)
            """)
        return waiting
    }

    /// Everything that was said of a review's records at a stage, each record's first two readers by what they said first.
    public func firstVerdicts(_ review: ID<LivingReview>, at stage: ReviewStage) throws -> [[ReviewVerdict]] {
        var (found, last, readings) = ([[ReviewVerdict]](), ID<ReviewRecord>?.none, [ReviewReading]())
        func close() { if !readings.isEmpty { found.append(Screened(readings, stage: stage).first) } }
        _ = try rows(
            """
            SELECT x.record, x.reader, x.verdict FROM review_reading x JOIN review_record r ON r.id = x.record
            WHERE r.review = \(review) AND x.stage = \(stage) AND r.duplicate_of IS NULL ORDER BY x.record, x.turn
            """
        ) { row in
            let record: ID<ReviewRecord> = try row.id()
            if record != last {
                close()
                (last, readings) = (record, [])
            }
            readings.append(ReviewReading(reader: String(try row.int()), verdict: try row.word()))
        }
        close()
        return found
    }
}
