import Rules

/// A record that another one already is.
public struct DuplicateRow: Sendable {
    public let id: ID<ReviewRecord>
    public let place: Int
    public let title: String
    public let rule: DuplicatePair.Rule
    public let kept: ID<ReviewRecord>
    public let keptTitle: String
}

/// All records of a review as duplicates are looked for: without their abstracts.
public struct ReviewPile: Sendable {
    fileprivate let ids: [ID<ReviewRecord>]
    fileprivate let isRead: [Bool]
    fileprivate let isApart: [Bool]
    fileprivate let isDuplicate: [Bool]
    public let records: [FoundRecord]

    /// Which of them are new duplicates of which, and by what rule. What somebody has read already is never removed; nor is what a
    /// person called no duplicate.
    public func removals() -> [(record: ID<ReviewRecord>, kept: ID<ReviewRecord>, rule: DuplicatePair.Rule)] {
        let found = Duplicates(records)
        var rules: [Int: DuplicatePair.Rule] = [:]
        for pair in found.pairs {
            for place in [pair.first, pair.second] where rules[place] == nil { rules[place] = pair.rule }
        }
        return found.groups.flatMap { whole in
            // What a person called no duplicate neither goes nor stands in for another.
            let group = whole.filter { !isApart[$0] }
            guard group.count > 1 else { return [(ID<ReviewRecord>, ID<ReviewRecord>, DuplicatePair.Rule)]() }
            let kept = group.first { isRead[$0] } ?? group.first { !isDuplicate[$0] } ?? group[0]
            return group.filter { $0 != kept && !isRead[$0] && !isDuplicate[$0] }.compactMap { place in
                rules[place].map { (ids[place], ids[kept], $0) }
            }
        }
    }
}

extension Transaction {
    public func reviewPile(_ review: ID<LivingReview>) throws -> ReviewPile {
        var (ids, isRead, isApart, isDuplicate, records) = ([ID<ReviewRecord>](), [Bool](), [Bool](), [Bool](), [FoundRecord]())
        _ = try rows(
            """
            SELECT id, title, authors, year, journal, doi, pmid, abstract IS NOT NULL, apart, duplicate_of IS NOT NULL, titles = 'undecided' AND titles_by IS NULL
            FROM review_record WHERE review = \(review) ORDER BY place
            """
        ) { row in
            ids.append(try row.id())
            let title = try row.text()
            let authors = parted(try row.text())
            let (year, journal) = (row.intIfAny().map { Int($0) }, row.textIfAny())
            let (doi, pmid) = (row.textIfAny(), row.textIfAny())
            records.append(
                FoundRecord(
                    title: title, authors: authors, year: year, journal: journal, doi: doi, pmid: pmid, abstract: try row.bool() ? "" : nil)
            )
            isApart.append(try row.bool())
            isDuplicate.append(try row.bool())
            isRead.append(try !row.bool())
        }
        return ReviewPile(ids: ids, isRead: isRead, isApart: isApart, isDuplicate: isDuplicate, records: records)
    }

    /// Removes what nobody has read meanwhile; answers how many.
    public func removeDuplicates(_ found: [(record: ID<ReviewRecord>, kept: ID<ReviewRecord>, rule: DuplicatePair.Rule)]) throws -> Int {
        try found.reduce(0) { sum, one in
            try sum
                + change(
                    """
                    UPDATE review_record SET duplicate_of = \(one.kept), duplicate_rule = \(one.rule)
                    WHERE id = \(one.record) AND duplicate_of IS NULL AND titles = 'undecided' AND titles_by IS NULL AND apart = \(false)
                    """)
        }
    }

    /// A person has looked: these are two. It is read like any other, and not joined again.
    public func setApart(_ record: ID<ReviewRecord>, in review: ID<LivingReview>) throws -> Bool {
        try change(
            """
            UPDATE review_record SET duplicate_of = NULL, duplicate_rule = NULL, apart = \(true)
            WHERE id = \(record) AND review = \(review) AND duplicate_of IS NOT NULL
            """) > 0
    }

    public func reviewDuplicates(_ review: ID<LivingReview>, after: Int64, limit: Int) throws -> [DuplicateRow] {
        try rows(
            """
            SELECT d.id, d.place, d.title, d.duplicate_rule, k.id, k.title FROM review_record d JOIN review_record k ON k.id = d.duplicate_of
            WHERE d.review = \(review) AND d.duplicate_of IS NOT NULL AND d.place > \(after) ORDER BY d.place LIMIT \(number: limit)
            """
        ) {
            DuplicateRow(
                id: try $0.id(), place: try $0.count(), title: try $0.text(), rule: try $0.word(), kept: try $0.id(),
                keptTitle: try $0.text())
        }
    }
}
