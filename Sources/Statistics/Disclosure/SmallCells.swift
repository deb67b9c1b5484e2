/// A table of counts made fit to be printed with its totals: small cells blanked, and enough others that none can be worked out.
///
/// 1. Every inner cell of 1 to k - 1 is blanked. 2. Where a row or column has just one blank, its smallest printed cell above 0
/// is blanked too (the first of equals; where none is above 0, the first 0), rows before columns, until nothing changes. 3. The
/// audit asks of each blank how small and how large it could be, given everything printed: exact, by the largest flow through
/// the blanks. A table is safe when each small cell could be anything over a range of k.
///
/// - Assumes that cells are counts of people, each in one cell, and that a reader knows the rule, though no total.
/// - Limits: one table. Two tables that share cells, or the same table a week later, need to be judged together; a whole table
///   that is not safe is not printed at that detail. The audit asks what totals tell, not what this rule tells: whoever knows both
///   can at times name a small cell (1, 8, 13 · 8, 9, 9 with k 8 can only be 1). Pages therefore print no totals: without them a
///   small cell could be anything from 1 to k - 1.
/// - Source: Willenborg L, de Waal T. Elements of Statistical Disclosure Control, 2001; the audit as a transportation problem,
///   Cox LH. J Am Stat Assoc 1980;75:377-385.
///
/// Example: 3, 20 · 25, 30 with k 5 loses all four cells.
public struct SmallCells: Sendable, Equatable {
    public struct Place: Hashable, Sendable, Comparable {
        public let row: Int
        public let column: Int
        public static func < (a: Place, b: Place) -> Bool { (a.row, a.column) < (b.row, b.column) }
    }

    public let primary: [Place]
    /// Everything that is blanked, in order.
    public let blanked: [Place]
    /// What may be printed; nil is a blank.
    public let printed: [[Int?]]
    public let rowTotals: [Int]
    public let columnTotals: [Int]
    public let total: Int
    /// What each blank could be.
    public let audit: [Place: ClosedRange<Int>]
    public let isSafe: Bool
    private let table: [[Int]]

    /// - Parameters: counts of at least 0, rows of one length; `k` at least 1.
    public init(_ table: [[Int]], k: Int) throws(NotComputable) {
        let columns = table.first?.count ?? 0
        try require(columns > 0 && table.allSatisfy { $0.count == columns }, "rows of one length, one cell or more")
        try require(table.allSatisfy { $0.allSatisfy { $0 >= 0 } }, "a count is at least 0")
        try require(k >= 1, "k is at least 1")
        var blank = table.map { $0.map { (1..<k).contains($0) } }
        primary = Self.places(blank)
        while let place = Self.next(table, blank) { blank[place.row][place.column] = true }
        blanked = Self.places(blank)
        printed = zip(table, blank).map { zip($0, $1).map { $1 ? nil : $0 } }
        rowTotals = table.map { $0.reduce(0, +) }
        columnTotals = (0..<columns).map { column in table.reduce(0) { $0 + $1[column] } }
        total = rowTotals.reduce(0, +)
        var audit: [Place: ClosedRange<Int>] = [:]
        for place in blanked { audit[place] = Self.reach(of: place, table, blank) }
        self.audit = audit
        isSafe = primary.allSatisfy { place in audit[place].map { $0.upperBound - $0.lowerBound >= k } ?? false }
        self.table = table
    }

    /// Every inner cell rounded to the nearest 5, half up.
    public var rounded: [[Int]] { table.map { $0.map { ($0 * 2 + 5) / 10 * 5 } } }

    private static func places(_ blank: [[Bool]]) -> [Place] {
        blank.enumerated().flatMap { row, cells in
            cells.enumerated().filter(\.element).map { Place(row: row, column: $0.offset) }
        }
    }

    /// The next cell to blank: in the first row, else column, that has exactly one.
    private static func next(_ table: [[Int]], _ blank: [[Bool]]) -> Place? {
        let rows = table.indices.map { row in table[row].indices.map { Place(row: row, column: $0) } }
        let columns = table[0].indices.map { column in table.indices.map { Place(row: $0, column: column) } }
        for line in rows + columns {
            guard line.count(where: { blank[$0.row][$0.column] }) == 1 else { continue }
            let open = line.filter { !blank[$0.row][$0.column] }
            let filled = open.filter { table[$0.row][$0.column] > 0 }
            if let smallest = filled.min(by: { table[$0.row][$0.column] < table[$1.row][$1.column] }) ?? open.first { return smallest }
        }
        return nil
    }

    /// How small and how large one blank could be. What it gains must go round a ring of other blanks: to the row's others, to
    /// their columns, and back. Gains are unbounded, losses end at 0, so the most that can go round is a largest flow.
    private static func reach(of place: Place, _ table: [[Int]], _ blank: [[Bool]]) -> ClosedRange<Int> {
        let own = table[place.row][place.column]
        let more = flow(from: .column(place.column), to: .row(place.row), without: place, table, blank)
        let less = flow(from: .row(place.row), to: .column(place.column), without: place, table, blank)
        return own - min(own, less)...own + more
    }

    private enum Node: Hashable { case row(Int), column(Int) }

    private static func flow(from start: Node, to end: Node, without place: Place, _ table: [[Int]], _ blank: [[Bool]]) -> Int {
        var now = table
        let cells = places(blank).filter { $0 != place }
        var total = 0
        while true {
            // Breadth first, so that each round takes the shortest ring.
            var came: [Node: (from: Node, cell: Place)] = [:]
            var queue = [start]
            var head = 0
            while head < queue.count, came[end] == nil {
                let node = queue[head]
                head += 1
                for cell in cells {
                    let (other, open): (Node, Bool) =
                        switch node {
                        case .row(let row) where row == cell.row: (.column(cell.column), true)
                        case .column(let column) where column == cell.column: (.row(cell.row), now[cell.row][cell.column] > 0)
                        case .row, .column: (node, false)
                        }
                    if open, other != start, came[other] == nil {
                        came[other] = (node, cell)
                        queue.append(other)
                    }
                }
            }
            guard came[end] != nil else { return total }
            var (path, node) = ([(from: Node, cell: Place)](), end)
            while node != start, let step = came[node] {
                path.append(step)
                node = step.from
            }
            // From a column to a row a cell loses; the smallest such loss bounds the ring.
            let losses = path.filter { if case .column = $0.from { true } else { false } }.map { now[$0.cell.row][$0.cell.column] }
            guard let amount = losses.min(), amount > 0 else { return total }
            for step in path {
                if case .column = step.from {
                    now[step.cell.row][step.cell.column] -= amount
                } else {
                    now[step.cell.row][step.cell.column] += amount
                }
            }
            total += amount
        }
    }
}
