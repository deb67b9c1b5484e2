import Statistics

/// A list of codes by which people read what was written: what a post is, what a reply gives. Data of the host.
public struct Codebook: Sendable, Equatable, Decodable {
    /// Which items it is for.
    public enum Of: String, Sendable, Decodable { case thread, reply, any }

    public struct Code: Sendable, Equatable, Decodable {
        public let id: String, name: String, means: String
    }

    public let id: String
    public let name: String
    public let of: Of
    public let source: String
    public let codes: [Code]

    public init(id: String, name: String, of: Of, source: String, codes: [Code]) {
        (self.id, self.name, self.of, self.source, self.codes) = (id, name, of, source, codes)
    }

    public var faults: [String] {
        var found: [String] = []
        if codes.count < 2 { found.append("\(id) has fewer than two codes") }
        if Set(codes.map(\.id)).count != codes.count { found.append("\(id) has a code twice") }
        return found
    }

    /// Every fifth item is put before a second coder, so that agreement can be told; the same items whoever asks.
    public static let secondEvery: Int64 = 5
}

/// What somebody gave one item.
public struct CodedItem: Sendable, Equatable {
    public let item: Int64
    public let coder: Int64
    public let code: String
    /// Who wrote it, for counting people; and where they said they live.
    public let writer: Int64
    public let area: String?

    public init(item: Int64, coder: Int64, code: String, writer: Int64, area: String?) {
        (self.item, self.coder, self.code, self.writer, self.area) = (item, coder, code, writer, area)
    }
}

/// Shares of codes and how far coders agree. An item counts once, by its first coder; `given` stands in the order of time.
public struct CodingSummary: Sendable, Equatable {
    public let items: Int
    /// In the order of the book.
    public let counts: [Int]
    /// One row for each area in which enough different people wrote, beside its name; people without an area stand in none.
    public let areas: [(name: String, counts: [Int])]
    /// Items that two coded, their plain agreement and Gwet's AC1; nil below eight of them.
    public let double: (items: Int, agreement: Double, ac1: Double)?

    public static func == (a: Self, b: Self) -> Bool {
        a.items == b.items && a.counts == b.counts && a.areas.map(\.name) == b.areas.map(\.name)
            && a.areas.map(\.counts) == b.areas.map(\.counts)
            && a.double?.items == b.double?.items && a.double?.agreement == b.double?.agreement && a.double?.ac1 == b.double?.ac1
    }

    public init(_ given: [CodedItem], book: Codebook) throws {
        let place = Dictionary(uniqueKeysWithValues: book.codes.enumerated().map { ($1.id, $0) })
        var (first, pairs) = ([Int64: CodedItem](), [(Int, Int)]())
        var second: Set<Int64> = []
        for one in given {
            guard let code = place[one.code] else { continue }
            if let before = first[one.item] {
                guard before.coder != one.coder, second.insert(one.item).inserted, let other = place[before.code] else { continue }
                pairs.append((other, code))
            } else {
                first[one.item] = one
            }
        }
        func counted(_ some: [CodedItem]) -> [Int] {
            some.reduce(into: [Int](repeating: 0, count: book.codes.count)) { if let at = place[$1.code] { $0[at] += 1 } }
        }
        items = first.count
        counts = counted(Array(first.values))
        let byArea = Dictionary(grouping: first.values.filter { $0.area != nil }, by: { $0.area ?? "" })
        let large = byArea.filter { area in Set(area.value.map(\.writer)).count >= PublicCount.fewest }
        areas = large.sorted { $0.key < $1.key }.map { ($0.key, counted($0.value)) }
        if pairs.count >= PublicCount.fewest {
            let kappa = try Kappa(pairs.map(\.0), pairs.map(\.1), classes: Array(book.codes.indices))
            double = (pairs.count, kappa.agreement, kappa.ac1)
        } else {
            double = nil
        }
    }
}

/// What support cost in a time and what each helped member came to. All prices are typed in by whoever asks, and kept nowhere.
public struct CostSheet: Sendable, Equatable {
    public let hours: [(role: String, hours: Double, cost: Double)]
    public let total: Double
    public let helped: Int
    /// Nil where nobody was helped.
    public let perHelped: Double?
    /// What the helped would have cost elsewhere: their number, times the share who would have gone there, times its price.
    public let saved: Double

    public static func == (a: Self, b: Self) -> Bool {
        a.total == b.total && a.helped == b.helped && a.saved == b.saved && a.hours.map(\.role) == b.hours.map(\.role)
    }

    /// - Parameters: minutes by role from shifts; prices of an hour at least 0; `share` from 0 to 1; `elsewhere` at least 0.
    public init(minutes: [(role: String, minutes: Double)], hourly: Double, helped: Int, share: Double, elsewhere: Double) {
        precondition(hourly >= 0 && (0...1).contains(share) && elsewhere >= 0 && helped >= 0)
        hours = minutes.map { ($0.role, $0.minutes / 60, $0.minutes / 60 * hourly) }
        total = hours.reduce(0) { $0 + $1.cost }
        self.helped = helped
        perHelped = helped > 0 ? total / Double(helped) : nil
        saved = Double(helped) * share * elsewhere
    }
}
