import Statistics
import Testing

/// Somebody has everything that was printed and tries to work out what was not. No part of the gate's own sums is used for it:
/// the attacker tries every table there could be.
@Suite struct GateAttackTests {
    /// Every table of counts that has the same printed cells and the same totals; `visit` sees each.
    private func everyTable(like gate: SmallCells, _ visit: ([[Int]]) -> Void) {
        var table = gate.printed.map { $0.map { $0 ?? 0 } }
        let hidden = gate.blanked
        var (rows, columns) = (gate.rowTotals, gate.columnTotals)
        for (r, row) in gate.printed.enumerated() {
            for (c, cell) in row.enumerated() {
                rows[r] -= cell ?? 0
                columns[c] -= cell ?? 0
            }
        }
        func fill(_ next: Int) {
            guard next < hidden.count else {
                if rows.allSatisfy({ $0 == 0 }) && columns.allSatisfy({ $0 == 0 }) { visit(table) }
                return
            }
            let (r, c) = (hidden[next].row, hidden[next].column)
            let rest = hidden[(next + 1)...]
            // The last of a row or a column takes what is left.
            let isLast = !rest.contains { $0.row == r } || !rest.contains { $0.column == c }
            let most = min(rows[r], columns[c])
            guard most >= 0 else { return }
            let least = !rest.contains { $0.row == r } ? rows[r] : isLast ? columns[c] : 0
            guard least <= most else { return }
            for value in least...(isLast ? least : most) {
                table[r][c] = value
                rows[r] -= value
                columns[c] -= value
                fill(next + 1)
                rows[r] += value
                columns[c] += value
            }
        }
        fill(0)
    }

    private func randomTable(_ chance: inout SeededChance, largest: Int) -> [[Int]] {
        let (rows, columns) = (2 + chance.below(2), 2 + chance.below(2))
        return (0..<rows).map { _ in (0..<columns).map { _ in chance.below(largest + 1) } }
    }

    /// Totals and printed cells alone leave each hidden small cell a range of k, in every table that is called safe; and what the
    /// audit says is what the attacker finds.
    @Test func totalsLeaveARangeOfK() throws {
        var chance = SeededChance(seed: 5)
        var (safe, unsafe, hidden) = (0, 0, 0)
        for round in 0..<400 {
            let k = round % 2 == 0 ? 4 : 8
            let table = randomTable(&chance, largest: k == 4 ? 7 : 10)
            let gate = try SmallCells(table, k: k)
            for (place, cell) in zip(0..., table.joined()) where (1..<k).contains(cell) {
                #expect(gate.printed[place / table[0].count][place % table[0].count] == nil, "a small cell is printed")
            }
            guard !gate.primary.isEmpty, table.count * table[0].count <= 6 || k == 4 else { continue }
            var found: [SmallCells.Place: ClosedRange<Int>] = [:]
            everyTable(like: gate) { other in
                for place in gate.blanked {
                    let value = other[place.row][place.column]
                    let before = found[place] ?? value...value
                    found[place] = min(before.lowerBound, value)...max(before.upperBound, value)
                }
            }
            #expect(found == gate.audit, "\(table)")
            let wide = gate.primary.allSatisfy { place in found[place].map { $0.upperBound - $0.lowerBound >= k } ?? false }
            #expect(gate.isSafe == wide, "\(table)")
            if gate.isSafe { safe += 1 } else { unsafe += 1 }
            hidden += gate.primary.count
        }
        #expect(safe > 50 && unsafe > 20 && hidden > 300, "\(safe) safe, \(unsafe) not, \(hidden) hidden")
    }

    /// The rule is public, and that a table is printed tells that it was safe. Without totals neither tells a small cell: houses with
    /// nearly any other small number in its place print the very same page.
    @Test func theRuleAloneTellsNothing() throws {
        let k = PublicCount.fewest
        var chance = SeededChance(seed: 6)
        var (fewest, seen) = (k, 0)
        for _ in 0..<60 {
            let table = (0..<2 + chance.below(2)).map { _ in (0..<4).map { _ in chance.below(25) } }
            let gate = try SmallCells(table, k: k)
            guard gate.isSafe else { continue }
            var possible: [SmallCells.Place: Set<Int>] = [:]
            for _ in 0..<60 {
                var other = table
                for place in gate.primary { other[place.row][place.column] = 1 + chance.below(k - 1) }
                let page = try SmallCells(other, k: k)
                #expect(page.printed == gate.printed, "\(table)")
                if page.isSafe { for place in gate.primary { possible[place, default: []].insert(other[place.row][place.column]) } }
            }
            for place in gate.primary { fewest = min(fewest, possible[place, default: []].count) }
            seen += gate.primary.count
        }
        #expect(fewest >= 4 && seen > 40, "\(fewest) numbers are possible, of \(seen) cells")
    }

    /// With exact totals the rule can tell: a known limit, and the reason why no page prints them.
    @Test func exactTotalsWithTheRuleTell() throws {
        let gate = try SmallCells([[1, 8, 13], [8, 9, 9]], k: 8)
        #expect(gate.isSafe)
        var tables: [[[Int]]] = []
        everyTable(like: gate) { tables.append($0) }
        let possible = try tables.filter { try SmallCells($0, k: 8).printed == gate.printed }.map { $0[0][0] }
        #expect(tables.count > 8 && Set(possible) == [1])
    }

    /// Two publications, of one group before and after or of a group and a larger one: what lies between them is never told closer
    /// than within five, and never as one to seven people for certain where it is more than nobody.
    @Test func twoPublicationsTellNoDifference() {
        var behind: [PublicCount.Told: ClosedRange<Int>] = [:]
        for count in 0...200 {
            let told = PublicCount.Told(PublicCount(count))
            behind[told] = min(behind[told]?.lowerBound ?? count, count)...count
        }
        for (first, before) in behind {
            for (second, after) in behind where after.upperBound >= before.upperBound && after.upperBound < 198 {
                let (least, most) = (max(0, after.lowerBound - before.upperBound), after.upperBound - before.lowerBound)
                #expect(most == 0 || most - least >= 4, "\(first) and \(second) tell \(least) to \(most)")
            }
        }
    }

    /// Who may watch every single change learns a number at the moment the star falls. So what people can add to is told for closed
    /// times alone.
    @Test func whoWatchesEachChangeLearns() {
        let shown = (0...20).map { PublicCount($0).description }
        let turns = (1...20).filter { shown[$0] != shown[$0 - 1] }
        #expect(turns == [1, 8, 13, 18])
    }

    /// Asking again tells the same, whatever the count has become; the budget ends, and stays ended for the smallest question.
    @Test func askingAgainTellsTheSame() throws {
        var (chance, figures) = (SeededChance(seed: 7), try ToldFigures(budget: 1))
        var answers: [Int] = []
        for turn in 0..<10 {
            for again in 0..<50 {
                let answer = figures.tell("reports of week \(turn)", count: 20 + again, numerator: 1, denominator: 10, chance: &chance)
                if again == 0 { answers.append(try #require(answer)) }
                #expect(answer == answers.last)
            }
        }
        #expect(answers.count == 10 && Set(answers).count > 1 && answers.allSatisfy { $0 >= 0 })
        #expect(abs(figures.ledger.spent - 1) < 1e-9)
        for size in [1, 1000, 1_000_000] {
            #expect(figures.tell("one more \(size)", count: 20, numerator: 1, denominator: size, chance: &chance) == nil)
        }
        #expect(figures.tell("reports of week 3", count: 0, numerator: 1, denominator: 1, chance: &chance) == answers[3])
    }

    /// What is no price is refused and costs nothing.
    @Test func oddPricesAreRefused() throws {
        var ledger = try PrivacyLedger(budget: 1)
        for odd in [-1, -.infinity, .infinity, .nan] as [Double] {
            #expect(!ledger.spend(odd) && !ledger.spend(disjoint: [0.1, odd]) && !ledger.spend(disjoint: [odd, 0.1]), "\(odd)")
        }
        #expect(ledger.spent == 0)
    }

    /// The same count asked under ten names for a tenth each: their mean is farther off than one answer for the whole budget.
    @Test func averagingIsWorseThanAskingOnce() throws {
        var chance = SeededChance(seed: 8)
        var (averaged, once) = (0.0, 0.0)
        for _ in 0..<400 {
            var (many, one) = (try ToldFigures(budget: 1), try ToldFigures(budget: 1))
            var answers: [Double] = []
            while let answer = many.tell("name \(answers.count)", count: 100, numerator: 1, denominator: 10, chance: &chance) {
                answers.append(Double(answer))
            }
            #expect(answers.count == 10)
            averaged += abs(answers.reduce(0, +) / 10 - 100)
            once += abs(Double(one.tell("name", count: 100, numerator: 1, denominator: 1, chance: &chance) ?? 0) - 100)
        }
        #expect(averaged > 2 * once)
    }

    /// Whatever is told for a whole budget, one person more or less makes it at most e^budget times as likely.
    @Test func onePersonHardlyChangesWhatIsTold() throws {
        for (epsilon, questions) in [(0.1, 10), (0.25, 4), (1, 1)] {
            let noise = try LaplaceNoise(sensitivity: 1, epsilon: epsilon)
            for distance in -30...30 {
                let ratio = noise.chance(of: distance) / noise.chance(of: distance - 1)
                var product = 1.0
                for _ in 0..<questions { product *= max(ratio, 1 / ratio) }
                #expect(product < 2.718281828459046 * (1 + 1e-9))
            }
        }
    }
}

extension PublicCount {
    /// What a reader sees of a count, to compare by.
    fileprivate struct Told: Hashable, CustomStringConvertible {
        let description: String
        init(_ count: PublicCount) { description = count.description }
    }
}
