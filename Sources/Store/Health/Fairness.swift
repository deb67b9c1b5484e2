import Rules

extension Transaction {
    /// Members who wrote between two moments, by how they describe themselves and by age, and what of theirs was turned back since.
    public func fairnessRows(_ organisation: ID<Organisation>, from: Instant, until: Instant) throws -> [FairnessRow] {
        let first = try firstSeq(since: from)
        return try rows(
            """
            WITH back AS (
              SELECT DISTINCT d.item AS item FROM decision d WHERE d.made_at >= \(from) AND d.item IS NOT NULL AND d.undone_at IS NULL
                AND d.act IN (\(Act.returnIt), \(Act.hide), \(Act.remove))
            ), writer AS (
              SELECT a.gender AS gender, a.band AS band, count(*) AS items, count(b.item) AS back
              FROM item i JOIN account a ON a.id = i.account LEFT JOIN back b ON b.item = i.id
              WHERE i.seq >= \(first) AND i.made_at >= \(from) AND i.made_at < \(until) AND i.organisation = \(organisation)
                AND i.kind <> 'message' AND a.kind = 'member' AND a.erased_at IS NULL
              GROUP BY a.id, a.gender, a.band
            )
            SELECT gender, band, count(*), sum(CASE WHEN back > 0 THEN 1 ELSE 0 END), CAST(sum(items) AS BIGINT), CAST(sum(back) AS BIGINT)
            FROM writer GROUP BY gender, band
            """
        ) {
            FairnessRow(
                gender: try $0.wordIfAny(), band: try $0.wordIfAny(), people: try $0.count(), turnedBack: try $0.count(),
                items: try $0.count(), itemsTurnedBack: try $0.count())
        }
    }
}
