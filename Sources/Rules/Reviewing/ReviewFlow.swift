/// Records of one search that stand alike, and how many there are.
public struct FlowTally: Sendable, Equatable {
    public let search: String
    public let isByHand: Bool
    /// The database or list that it came from.
    public let source: String
    /// By what it was found to be a duplicate; nil where it is none.
    public let duplicate: String?
    public let titles: Screened.State
    public let fullText: Screened.State?
    public let reason: String?
    public let count: Int

    public init(
        search: String, isByHand: Bool, source: String, duplicate: String?, titles: Screened.State, fullText: Screened.State?,
        reason: String?,
        count: Int
    ) {
        (self.search, self.isByHand, self.source, self.duplicate) = (search, isByHand, source, duplicate)
        (self.titles, self.fullText, self.reason, self.count) = (titles, fullText, reason, count)
    }
}

/// The numbers of a flow diagram. All of them are counted from where records stand, so they can not disagree with each other.
public struct ReviewFlow: Sendable, Equatable {
    public struct Named: Sendable, Equatable {
        public let name: String
        public let count: Int
    }

    public struct Search: Sendable, Equatable {
        public let name: String
        public let isByHand: Bool
        public let identified: Int
        public let sources: [Named]
        public let duplicates: [Named]
        /// Titles still without a decision, conflicts among them.
        public let titlesOpen: Int
        public let titlesExcluded: Int
        public let fullTextOpen: Int
        public let fullTextExcluded: [Named]
        public let included: Int

        public var removed: Int { duplicates.reduce(0) { $0 + $1.count } }
        public var screened: Int { identified - removed }
        public var fullText: Int { screened - titlesOpen - titlesExcluded }
        public var excluded: Int { fullTextExcluded.reduce(0) { $0 + $1.count } }
    }

    /// In the order in which they first come.
    public let searches: [Search]

    public init(_ tallies: [FlowTally]) {
        let names = tallies.reduce(into: [String]()) { if !$0.contains($1.search) { $0.append($1.search) } }
        searches = names.map { name in
            let all = tallies.filter { $0.search == name }
            func sum(_ some: [FlowTally]) -> Int { some.reduce(0) { $0 + $1.count } }
            func named(_ some: [FlowTally], _ by: (FlowTally) -> String?) -> [Named] {
                Dictionary(grouping: some) { by($0) ?? "" }.map { Named(name: $0.key, count: sum($0.value)) }
                    .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
            }
            let read = all.filter { $0.duplicate == nil }
            let whole = read.filter { $0.titles == .take }
            return Search(
                name: name, isByHand: all.allSatisfy(\.isByHand), identified: sum(all), sources: named(all) { $0.source },
                duplicates: named(all.filter { $0.duplicate != nil }) { $0.duplicate },
                titlesOpen: sum(read.filter { $0.titles == .undecided || $0.titles == .conflict }),
                titlesExcluded: sum(read.filter { $0.titles == .leave }),
                fullTextOpen: sum(whole.filter { $0.fullText != .take && $0.fullText != .leave }),
                fullTextExcluded: named(whole.filter { $0.fullText == .leave }) { $0.reason },
                included: sum(whole.filter { $0.fullText == .take }))
        }
    }

    /// By databases alone: what was found by hand is told beside it.
    public var identified: Int { total(\.identified) { !$0.isByHand } }
    public var identifiedByHand: Int { total(\.identified, \.isByHand) }
    public var includedByHand: Int { total(\.included, \.isByHand) }
    public var included: Int { total(\.included) { _ in true } }

    private func total(_ number: (Search) -> Int, _ of: (Search) -> Bool) -> Int { searches.filter(of).reduce(0) { $0 + number($1) } }
}
