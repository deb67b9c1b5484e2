import Statistics

/// People who wrote, in one group of a kind, and how many of them had something turned back.
public struct FairnessRow: Sendable, Equatable {
    public let gender: Gender?
    public let band: AgeBand?
    public let people: Int
    public let turnedBack: Int
    public let items: Int
    public let itemsTurnedBack: Int

    public init(gender: Gender?, band: AgeBand?, people: Int, turnedBack: Int, items: Int, itemsTurnedBack: Int) {
        (self.gender, self.band, self.people, self.turnedBack) = (gender, band, people, turnedBack)
        (self.items, self.itemsTurnedBack) = (items, itemsTurnedBack)
    }
}

/// TELLMI-6: whether decisions fall harder on some. People are counted, since what one person writes is decided alike.
///
/// Groups of fewer than eight people are put together, with the next smallest where they are still fewer than eight.
///
/// - Limits: two one-way tables, each safe with its own totals. No cause is told: groups differ in what they write and where.
/// - Source of the interval: `ExactShare`.
public struct Fairness: Sendable, Equatable {
    public struct Group: Sendable, Equatable {
        /// Codes; "unsaid" for whoever did not say it. More than one where groups of fewer than eight are told together.
        public let ids: [String]
        public let people: PublicCount
        /// Share of people with something turned back.
        public let share: Told
        /// Of a hundred posts and replies; nil where nothing is told of the group.
        public let perHundred: Double?
    }

    public let byGender: [Group]
    public let byBand: [Group]

    public init(_ rows: [FairnessRow]) throws(NotComputable) {
        byGender = try Self.groups(rows, order: Gender.allCases.map(\.rawValue)) { $0.gender?.rawValue }
        byBand = try Self.groups(rows, order: AgeBand.allCases.map(\.rawValue)) { $0.band?.rawValue }
    }

    private typealias Part = (ids: [String], rows: [FairnessRow], people: Int)

    private static func together(_ parts: [Part]) -> [Part] {
        let small = parts.filter { $0.people < PublicCount.fewest }
        guard !small.isEmpty else { return parts }
        var (kept, one) = (parts.filter { $0.people >= PublicCount.fewest }, small[0])
        func add(_ part: Part) { one = (one.ids + part.ids, one.rows + part.rows, one.people + part.people) }
        small.dropFirst().forEach(add)
        while one.people < PublicCount.fewest, let next = kept.indices.min(by: { kept[$0].people < kept[$1].people }) {
            add(kept.remove(at: next))
        }
        return kept + [one]
    }

    private static func groups(
        _ rows: [FairnessRow], order: [String], by key: (FairnessRow) -> String?
    ) throws(NotComputable) -> [Group] {
        let all = (order + ["unsaid"]).map { id in (id: id, rows: rows.filter { key($0) ?? "unsaid" == id }) }
        let found = together(
            all.filter { $0.rows.contains { $0.people > 0 } }.map { one in
                (ids: [one.id], rows: one.rows, people: one.rows.reduce(0) { $0 + $1.people })
            })
        guard !found.isEmpty else { return [] }
        let sums = found.map { one in
            (
                people: one.rows.reduce(0) { $0 + $1.people }, back: one.rows.reduce(0) { $0 + $1.turnedBack },
                items: one.rows.reduce(0) { $0 + $1.items }, itemsBack: one.rows.reduce(0) { $0 + $1.itemsTurnedBack }
            )
        }
        let gate = try SmallCells(sums.map { [$0.back, $0.people - $0.back] }, k: PublicCount.fewest)
        return found.indices.map { place in
            let sum = sums[place]
            let isTold = gate.isSafe && gate.printed[place].allSatisfy { $0 != nil }
            guard isTold, let exact = ExactShare(sum.back, of: sum.people) else {
                return Group(ids: found[place].ids, people: PublicCount(min(sum.people, 1)), share: .few, perHundred: nil)
            }
            return Group(
                ids: found[place].ids, people: PublicCount(sum.people), share: .value(exact.share, exact.interval),
                perHundred: Double(sum.itemsBack) / Double(max(1, sum.items)) * 100)
        }
    }
}
