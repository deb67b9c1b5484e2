/// Two records that are one publication, and why that is said.
public struct DuplicatePair: Sendable, Equatable {
    /// From what can hardly be wrong to what a person should look at.
    public enum Rule: String, Sendable, CaseIterable {
        case doi, pmid, title
        /// One or two letters of the title differ.
        case nearTitle = "near-title"
        /// One title is the beginning of the other.
        case cutTitle = "cut-title"
    }

    /// Places in the list; `first` stands before `second`.
    public let first: Int
    public let second: Int
    public let rule: Rule
}

/// Records in groups of one publication. Cautious: what is not joined is read twice, what is joined wrongly is never read.
///
/// Two records whose DOIs differ are never joined, not by way of a third either; nor two with other PubMed numbers, unless
/// they have one DOI. Time grows with n log n: within a large group of like titles only neighbours are compared.
public struct Duplicates: Sendable {
    /// The pairs that made the groups.
    public private(set) var pairs: [DuplicatePair] = []
    /// Places of the records of each group of two or more; the fullest first.
    public private(set) var groups: [[Int]] = []

    public init(_ records: [FoundRecord]) {
        let keys = records.map(TitleKey.init)
        var joined = Joined(records)
        func join(_ link: DuplicatePair) {
            guard !joined.areOne(link.first, link.second) else { return }
            if joined.join(link.first, link.second, byDOI: link.rule == .doi) { pairs.append(link) }
        }
        for (rule, number) in [(DuplicatePair.Rule.doi, \FoundRecord.doi), (.pmid, \.pmid)] {
            var seen: [String: Int] = [:]
            for place in records.indices {
                guard let value = records[place][keyPath: number] else { continue }
                guard let first = seen[value] else {
                    seen[value] = place
                    continue
                }
                // A correction may carry the number of what it corrects.
                let differing = keys[first].telling.symmetricDifference(keys[place].telling)
                if differing.isDisjoint(with: Self.corrections) { join(DuplicatePair(first: first, second: place, rule: rule)) }
            }
        }
        let alike = Alike(records: records, keys: keys)
        var links: [Link] = []
        Self.candidates(records, keys) { a, b in
            if let found = alike.link(min(a, b), max(a, b)) { links.append(found) }
        }
        // A record without a DOI that looks like two with different ones is neither's.
        var numbers: [Int: Set<String>] = [:]
        for link in links {
            for (place, other) in [(link.first, link.second), (link.second, link.first)] where joined.doi(of: place) == nil {
                if let doi = joined.doi(of: other) { numbers[place] = (numbers[place] ?? []).union([doi]) }
            }
        }
        let clear = links.filter { (numbers[$0.first]?.count ?? 0) < 2 && (numbers[$0.second]?.count ?? 0) < 2 }
        for rule in [DuplicatePair.Rule.title, .nearTitle] {
            for link in clear where link.rule == rule && link.doubtful == nil { join(link.pair) }
        }
        // What is known too little of joins only where there is no second choice.
        var choices: [Int: Set<Int>] = [:]
        for link in clear {
            guard let place = link.doubtful else { continue }
            choices[place] = (choices[place] ?? []).union([joined.root(place == link.first ? link.second : link.first)])
        }
        for link in clear { if let place = link.doubtful, choices[place]?.count == 1 { join(link.pair) } }
        groups = joined.groups(records)
    }

    private static let corrections: Set<String> = [
        "erratum", "errata", "correction", "corrections", "corrigendum", "corrected", "retraction", "retracted", "withdrawn", "comment",
        "commentary", "reply",
        "rejoinder",
    ]

    /// Neighbours by title from its beginning and from its end, and small groups by family name and year.
    private static func candidates(_ records: [FoundRecord], _ keys: [TitleKey], _ each: (Int, Int) -> Void) {
        func neighbours(_ order: [Int], _ reach: Int) {
            for place in order.indices {
                for other in order[(place + 1)...].prefix(reach) { each(order[place], other) }
            }
        }
        let titled = records.indices.filter { keys[$0].joined.utf8.count >= 8 }
        // Titles that are wholly the same stand by family and year, so that one that thousands share is compared among neighbours.
        func sorted(_ words: [String]) -> [Int] {
            titled.sorted { a, b in
                if words[a] != words[b] { return words[a] < words[b] }
                return (keys[a].family, records[a].year ?? 0, a) < (keys[b].family, records[b].year ?? 0, b)
            }
        }
        neighbours(sorted(keys.map(\.joined)), 8)
        neighbours(sorted(keys.map { String($0.joined.reversed()) }), 8)
        let people = Dictionary(grouping: titled.filter { !keys[$0].family.isEmpty }) { keys[$0].family + keys[$0].joined.prefix(1) }
        for group in people.values.sorted(by: { $0[0] < $1[0] }) where group.count > 1 {
            neighbours(group.sorted { (records[$0].year ?? 0, $0) < (records[$1].year ?? 0, $1) }, 24)
        }
    }
}

/// Groups that grow, each with at most one DOI; and with one PubMed number, unless a DOI says that two are one.
private struct Joined {
    private var parent: [Int]
    private var dois: [String?]
    private var pmids: [String?]

    init(_ records: [FoundRecord]) {
        parent = Array(records.indices)
        (dois, pmids) = (records.map(\.doi), records.map(\.pmid))
    }

    mutating func root(_ place: Int) -> Int {
        var place = place
        while parent[place] != place {
            parent[place] = parent[parent[place]]
            place = parent[place]
        }
        return place
    }

    mutating func doi(of place: Int) -> String? { dois[root(place)] }

    mutating func areOne(_ a: Int, _ b: Int) -> Bool { root(a) == root(b) }

    mutating func join(_ a: Int, _ b: Int, byDOI: Bool) -> Bool {
        let (a, b) = (root(a), root(b))
        if let one = dois[a], let other = dois[b], one != other { return false }
        if !byDOI, let one = pmids[a], let other = pmids[b], one != other { return false }
        let (low, high) = (min(a, b), max(a, b))
        parent[high] = low
        dois[low] = dois[low] ?? dois[high]
        pmids[low] = pmids[low] ?? pmids[high]
        return true
    }

    mutating func groups(_ records: [FoundRecord]) -> [[Int]] {
        let roots = records.indices.map { root($0) }
        return Dictionary(grouping: records.indices) { roots[$0] }.filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map { group in
            group.value.sorted { (-records[$0].known, $0) < (-records[$1].known, $1) }
        }
    }
}
