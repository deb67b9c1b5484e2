import Crypto
import Foundation
import Rules

/// One review of studies.
public struct ReviewRow: Sendable {
    public let id: ID<LivingReview>
    public let name: String
    public let madeAt: Instant
}

/// One file of search results as it was taken in.
public struct ReviewSourceRow: Sendable {
    public let id: ID<ReviewSource>
    public let search: String
    public let source: String
    public let isByHand: Bool
    public let records: Int
    /// Less than `records` where the way in broke off; the same file goes on from there.
    public let arrived: Int
    public let refused: Int
    public let oddLines: Int
    public let madeAt: Instant
}

/// What somebody says of the search results that they bring.
public struct NewReviewSource: Sendable {
    public let search: String
    public let source: String
    public let isByHand: Bool
    /// The press that brings it, where a page does.
    public let key: String?

    public init(search: String, source: String, isByHand: Bool, key: String?) {
        (self.search, self.source, self.isByHand, self.key) = (search, source, isByHand, key)
    }
}

extension Transaction {
    /// The same press again is the review that it made.
    public func startReview(_ name: String, key: String?, by person: Person) throws -> ID<LivingReview> {
        let press = key.map { "\(person.account) \(self.press($0, name))" }
        if let press, let made = try first("SELECT id FROM review WHERE press = \(press)", { try $0.id(LivingReview.self) }) { return made }
        let id: ID<LivingReview> = ids.timed()
        try run(
            "INSERT INTO review (id, organisation, name, press, made_at) VALUES (\(id), \(person.organisation), \(name), \(press), \(now))")
        return id
    }

    public func reviews(of organisation: ID<Organisation>, before: Int64, limit: Int) throws -> [ReviewRow] {
        try rows(
            """
            SELECT id, name, made_at FROM review WHERE organisation = \(organisation) AND id < \(before) ORDER BY id DESC
            LIMIT \(number: limit)
            """
        ) { ReviewRow(id: try $0.id(), name: try $0.text(), madeAt: try $0.instant()) }
    }

    /// The door: a review of one's own organisation.
    public func review(_ id: ID<LivingReview>, of organisation: ID<Organisation>) throws -> ReviewRow? {
        try first("SELECT id, name, made_at FROM review WHERE id = \(id) AND organisation = \(organisation)") {
            ReviewRow(id: try $0.id(), name: try $0.text(), madeAt: try $0.instant())
        }
    }

    /// For the command line, which is the host's own.
    public func organisation(ofReview id: ID<LivingReview>) throws -> ID<Organisation>? {
        try first("SELECT organisation FROM review WHERE id = \(id)") { try $0.id() }
    }

    public func reviewSources(_ review: ID<LivingReview>) throws -> [ReviewSourceRow] {
        try rows(
            """
            SELECT id, search, source, by_hand, records, arrived, refused, odd_lines, made_at FROM review_source WHERE review = \(review)
            ORDER BY made_at, id
            """
        ) {
            ReviewSourceRow(
                id: try $0.id(), search: try $0.text(), source: try $0.text(), isByHand: try $0.bool(), records: try $0.count(),
                arrived: try $0.count(), refused: try $0.count(), oddLines: try $0.count(), madeAt: try $0.instant())
        }
    }

    /// What a file is known by again: all that was read of it, and what was said of it.
    public static func digest(of file: SearchFile, _ new: NewReviewSource) -> String {
        var hash = SHA256()
        hash.update(data: Data("\(new.search)\0\(new.source)\0\(new.isByHand)\0\(file.faults.count)\0\(file.oddLines)".utf8))
        for one in file.records {
            let parts = [
                String(one.line), one.title, one.authors.joined(separator: ";"), one.year.map(String.init) ?? "", one.journal ?? "",
            ]
            hash.update(data: Data((parts + [one.doi ?? "", one.pmid ?? "", one.abstract ?? ""]).joined(separator: "\0").utf8))
        }
        return hash.finalize().prefix(16).map { String($0, radix: 16) }.joined(separator: ".")
    }

    /// A file's own place among the sources. The same press again, or the same file where it broke off, finds the one it made; nil
    /// once that one has arrived whole.
    public func source(_ new: NewReviewSource, _ file: SearchFile, digest: String, in review: ID<LivingReview>) throws -> ID<ReviewSource>?
    {
        // Two files at once stand one after the other.
        _ = try change("UPDATE review SET name = name WHERE id = \(review)")
        let press = new.key.map { "\(review) \(self.press($0, digest))" }
        if let press {
            let made = try first("SELECT id, arrived < records FROM review_source WHERE press = \(press)") {
                (try $0.id(ReviewSource.self), try $0.bool())
            }
            if let (id, isOpen) = made { return isOpen ? id : nil }
        }
        let broken = try first(
            "SELECT id FROM review_source WHERE review = \(review) AND digest = \(digest) AND arrived < records LIMIT 1",
            { try $0.id(ReviewSource.self) })
        if let broken {
            // From now on this is its press: the same one again, after a lost reply, adds nothing.
            if let press { try run("UPDATE review_source SET press = \(press) WHERE id = \(broken)") }
            return broken
        }
        let id: ID<ReviewSource> = ids.timed()
        try run(
            """
            INSERT INTO review_source (id, review, search, source, by_hand, records, refused, odd_lines, press, digest, made_at)
            VALUES (\(id), \(review), \(new.search), \(new.source), \(new.isByHand), \(file.records.count), \(file.faults.count),
                    \(file.oddLines), \(press), \(digest), \(now))
            """)
        return id
    }

    /// Keeps the next records of a file; false when none is left. In parts, because whoever writes waits while one is kept.
    public func addRecords(of file: SearchFile, to source: ID<ReviewSource>, in review: ID<LivingReview>, most: Int = 500) throws -> Bool {
        _ = try change("UPDATE review SET name = name WHERE id = \(review)")
        let arrived = try count("SELECT arrived FROM review_source WHERE id = \(source)")
        let part = file.records.dropFirst(arrived).prefix(most)
        var place = try count("SELECT COALESCE(max(place), 0) FROM review_record WHERE review = \(review)")
        for record in part {
            place += 1
            // Hundreds of thousands in a moment: ids by time would meet.
            let own: ID<ReviewRecord> = ids.unlinkable()
            try run(
                """
                INSERT INTO review_record (id, review, source, place, line, title, authors, year, journal, doi, pmid, abstract, apart, titles)
                VALUES (\(own), \(review), \(source), \(place), \(record.line), \(record.title), \(record.authors.joined(separator: "; ")),
                        \(record.year), \(record.journal), \(record.doi), \(record.pmid), \(record.abstract), \(false), 'undecided')
                """)
        }
        try run("UPDATE review_source SET arrived = \(arrived + part.count) WHERE id = \(source)")
        return arrived + part.count < file.records.count
    }

    /// Where records stand, counted: what flow numbers are made of.
    public func reviewTallies(_ review: ID<LivingReview>) throws -> [FlowTally] {
        try rows(
            """
            SELECT s.search, s.by_hand, s.source, t.rule, t.titles, t.full_text, t.reason, t.n FROM review_source s JOIN (
              SELECT source, duplicate_rule AS rule, titles, full_text, reason, count(*) AS n FROM review_record WHERE review = \(review)
              GROUP BY source, duplicate_rule, titles, full_text, reason) t ON t.source = s.id
            ORDER BY s.made_at, s.id
            """
        ) {
            FlowTally(
                search: try $0.text(), isByHand: try $0.bool(), source: try $0.text(), duplicate: $0.textIfAny(), titles: try $0.word(),
                fullText: try $0.wordIfAny(), reason: $0.textIfAny(), count: try $0.count())
        }
    }
}
