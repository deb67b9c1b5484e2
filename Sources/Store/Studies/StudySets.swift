import Rules

/// A data set as it was made, and what became of the yeses since.
public struct StudySetRow: Sendable {
    public let madeAt: Instant
    /// Of those who had said yes to it then, how many have taken it back since, or erased themselves, or their yes ended.
    public let gone: Int
}

extension Transaction {
    public func studySet(_ study: StudyRow) throws -> StudySetRow? {
        let found = try first("SELECT made_at, shared FROM study_set WHERE study = \(study.id)") { (try $0.instant(), try $0.count()) }
        guard let (made, shared) = found else { return nil }
        let still = try count(
            """
            SELECT count(DISTINCT p.id) FROM participant p JOIN consent c ON c.account = p.account
            WHERE p.study = \(study.id) AND p.arm IS NOT NULL AND c.purpose = \("study:\(study.code):\(StudyPurpose.share.rawValue)")
              AND c.given_at <= \(made) AND c.withdrawn_at IS NULL AND c.ends_at > \(now)
            """)
        return StudySetRow(madeAt: made, gone: max(0, shared - still))
    }

    /// When somebody's answers went into a set; nil where they did not.
    public func givenOut(_ account: ID<Account>, of study: StudyRow) throws -> Instant? {
        try first(
            """
            SELECT s.made_at FROM study_set s JOIN participant p ON p.study = s.study JOIN consent c ON c.account = p.account
            WHERE s.study = \(study.id) AND p.account = \(account) AND p.arm IS NOT NULL
              AND c.purpose = \("study:\(study.code):\(StudyPurpose.share.rawValue)") AND c.given_at <= s.made_at
              AND (c.withdrawn_at IS NULL OR c.withdrawn_at > s.made_at) AND c.ends_at > s.made_at
            """
        ) { try $0.instant() }
    }

    /// The text as it was signed; the same bytes every time.
    public func studySetText(_ study: StudyRow) throws -> String? {
        try first("SELECT sealed FROM study_set WHERE study = \(study.id)") { try $0.bytes() }.map {
            String(decoding: try keys.open($0, for: "set \(study.id)"), as: UTF8.self)
        }
    }

    /// Keeps it: the first one stays, whoever presses again.
    public func keepStudySet(_ text: String, shared: Int, of study: StudyRow, by account: ID<Account>) throws {
        let sealed = try keys.seal(Array(text.utf8), for: "set \(study.id)")
        let kept = try change(
            """
            INSERT INTO study_set (study, made_at, shared, sealed) VALUES (\(study.id), \(now), \(shared), \(sealed))
            ON CONFLICT (study) DO NOTHING
            """)
        if kept == 1 { try record(.setMade, of: study.id, by: account) }
    }
}
