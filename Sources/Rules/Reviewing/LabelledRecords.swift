import Statistics

/// Made-up search results of which it is known what belongs together: for measuring how duplicates are found.
///
/// Copies differ as those of databases do: no DOI, other case and punctuation, a slip, a cut title, a year off by one, names
/// written otherwise. Traps are other publications that look alike: parts, corrections, protocols, answers, later waves, one
/// title by others, one group's paper about somebody else.
public struct LabelledRecords: Sendable {
    public private(set) var records: [FoundRecord] = []
    /// Of each record, which publication it is.
    public private(set) var publication: [Int] = []
    public private(set) var traps = 0
    private var chance: SeededChance
    private var count = 0

    /// - Parameter count: how many records, at least 100.
    public init(_ count: Int, seed: UInt64) {
        precondition(count >= 100)
        chance = SeededChance(seed: seed)
        while records.count < count {
            let original = publish()
            add(original, as: self.count)
            if chance.happens(0.3) {
                for _ in 0..<(1 + chance.below(2)) { add(copy(of: original), as: self.count) }
            }
            if chance.happens(0.1) {
                self.count += 1
                traps += 1
                add(trap(beside: original), as: self.count)
            }
            self.count += 1
        }
        let order = Array(records.indices.prefix(count))
        var mixed = order
        chance.shuffle(&mixed)
        (records, publication) = (mixed.map { records[$0] }, mixed.map { publication[$0] })
        for place in records.indices { (records[place].file, records[place].line) = ("made-up", place + 1) }
    }

    private mutating func add(_ record: FoundRecord, as one: Int) {
        records.append(record)
        publication.append(one)
    }

    private mutating func any(_ list: [String]) -> String { list[chance.below(list.count)] }

    private mutating func publish() -> FoundRecord {
        let (what, how, whom) = (any(Self.subjects), any(Self.designs), any(Self.people))
        let place = any(Self.places)
        let title =
            switch chance.below(5) {
            case 0: "\(what) for \(whom) in \(place): \(how)"
            case 1: "\(how.prefix(1).uppercased())\(how.dropFirst()) of \(what.lowercased()) among \(whom)"
            case 2: "How \(whom) in \(place) experience \(what.lowercased())"
            case 3: "\(what) and \(any(Self.outcomes)) in \(whom): \(how) from \(place)"
            case _: "Effects of \(what.lowercased()) on \(any(Self.outcomes)) of \(whom) in \(place)"
            }
        let authors = (0...chance.below(4)).map { _ in "\(any(Self.families)), \(any(Self.given))" }
        let number = count + 1
        return FoundRecord(
            title: title, authors: authors, year: 2005 + chance.below(20), journal: any(Self.journals),
            doi: chance.happens(0.8) ? "10.9999/made.\(number)" : nil, pmid: chance.happens(0.4) ? String(90_000_000 + number) : nil)
    }

    /// The same publication as another database writes it.
    private mutating func copy(of original: FoundRecord) -> FoundRecord {
        var made = original
        if chance.happens(0.6) { made.doi = nil }
        if chance.happens(0.7) { made.pmid = nil }
        switch chance.below(8) {
        case 0: made.title = made.title.uppercased()
        case 1: made.title = made.title.replacing(":", with: " -") + "."
        case 2, 3: made.title = slip(in: made.title)
        case 4: made.title = cut(made.title)
        case 5: made.title = "The " + made.title.lowercased()
        case _: break
        }
        if chance.happens(0.15), let year = made.year { made.year = year + (chance.happens(0.5) ? 1 : -1) }
        if chance.happens(0.5) {
            made.authors = made.authors.map { author in
                let parts = author.split(separator: ",")
                return "\(parts[0]) \(parts[1].dropFirst().prefix(1))"
            }
        }
        if chance.happens(0.03) { made.authors = [] }
        return made
    }

    private mutating func slip(in title: String) -> String {
        var letters = Array(title)
        let place = 1 + chance.below(letters.count - 2)
        switch chance.below(3) {
        case 0: letters.remove(at: place)
        case 1: letters.swapAt(place, place - 1)
        case _: letters[place] = "e"
        }
        return String(letters)
    }

    private mutating func cut(_ title: String) -> String {
        if let colon = title.lastIndex(of: ":"), chance.happens(0.5) { return String(title[..<colon]) }
        return String(title.prefix(max(45, title.count * 3 / 4)))
    }

    /// Another publication that looks like this one.
    private mutating func trap(beside one: FoundRecord) -> FoundRecord {
        var other = one
        (other.doi, other.pmid) = (nil, nil)
        switch chance.below(9) {
        case 0:
            other.title = one.title + ": part II"
        case 1: other.title = any(["Erratum to: ", "Correction: ", "Corrigendum to "]) + one.title
        case 2:
            other.authors = [otherFamily(than: one) + ", " + any(Self.given)]
            other.year = one.year.map { $0 + 2 + chance.below(5) }
        case 3: other.authors = [otherFamily(than: one) + ", " + any(Self.given)]
        case 4: other.title = one.title + ": study protocol"
        case 5: other.title = "Reply to: " + one.title
        case 6:
            // Somebody else's experience, by the same people in the same year.
            let whom = Self.people.first { one.title.contains($0) } ?? Self.people[0]
            let others = Self.people.filter { $0 != whom }
            other.title = one.title.replacing(whom, with: any(others))
        case 7: other.title = one.title + ": wave 2"
        case _:
            // One title twice by the same people: an abstract of a meeting and the paper. Their numbers tell them apart.
            other.doi = "10.9999/other.\(count)"
            if one.doi == nil { other.year = one.year.map { $0 + 3 } }
        }
        return other
    }

    private mutating func otherFamily(than one: FoundRecord) -> String {
        let family = one.authors.first?.split(separator: ",").first.map(String.init) ?? ""
        // Not one letter away: nobody could tell that from a slip.
        return any(Self.families.filter { $0 != family && !isOneSlip($0, family) })
    }

    /// Pairs of records that are one publication.
    public var pairs: Int { Dictionary(grouping: publication) { $0 }.values.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 } }

    private func pairs(_ groups: [[Int]]) -> [(Int, Int)] {
        groups.flatMap { group in group.indices.flatMap { place in group[(place + 1)...].map { (group[place], $0) } } }
    }

    /// Of groups that were found: pairs that are one publication.
    public func right(_ groups: [[Int]]) -> Int { pairs(groups).count { publication[$0] == publication[$1] } }

    /// Pairs that are joined and are two publications.
    public func wrong(_ groups: [[Int]]) -> [(Int, Int)] { pairs(groups).filter { publication[$0] != publication[$1] } }

    /// Pairs that are one publication and were not joined.
    public func missed(_ groups: [[Int]]) -> [(Int, Int)] {
        var group: [Int: Int] = [:]
        for (number, places) in groups.enumerated() { for place in places { group[place] = number } }
        let all = Dictionary(grouping: records.indices) { publication[$0] }.values.sorted { $0[0] < $1[0] }
        return pairs(all).filter { group[$0] == nil || group[$0] != group[$1] }
    }
}
