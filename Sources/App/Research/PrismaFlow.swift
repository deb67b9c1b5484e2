import Rules

/// How many records each search found and how many were left at the end, drawn from numbers; beside it the same as a table, for
/// those who do not see the drawing.
struct PrismaFlow {
    /// One search, from what it found to what was kept.
    struct Column {
        let name: String
        let identified: Int, screened: Int, fullText: Int, kept: Int

        init(_ name: String, identified: Int, screened: Int, fullText: Int, kept: Int) {
            self.name = name
            (self.identified, self.screened, self.fullText, self.kept) = (identified, screened, fullText, kept)
        }
    }
    private typealias Box = (words: String, count: Int)

    let columns: [Column]
    let byHand: Int
    let identified: Int
    let included: Int

    init(_ prisma: Review.Prisma, _ say: Sentences) {
        columns = [prisma.first_search, prisma.second_search].map { search in
            Column(
                say("research.search", ["date": search.date]), identified: search.identified, screened: search.titles_abstracts_screened,
                fullText: search.full_text_assessed, kept: search.included)
        }
        (byHand, identified, included) = (prisma.hand_search_included, prisma.total_identified, prisma.total_included)
    }

    /// More than two searches are drawn as one; the table has each.
    init(_ flow: ReviewFlow, _ say: Sentences) {
        func column(_ name: String, _ some: [ReviewFlow.Search]) -> Column {
            func sum(_ of: (ReviewFlow.Search) -> Int) -> Int { some.reduce(0) { $0 + of($1) } }
            return Column(name, identified: sum(\.identified), screened: sum(\.screened), fullText: sum(\.fullText), kept: sum(\.included))
        }
        let searches = flow.searches.filter { !$0.isByHand }
        columns =
            searches.count <= 2
            ? searches.map { column(say("research.search", ["date": $0.name]), [$0]) } : [column(say("reviewing.all-searches"), searches)]
        (byHand, identified, included) = (flow.includedByHand, flow.identified, flow.included)
    }

    private func steps(_ column: Column, _ say: Sentences) -> [Box] {
        [
            (say("research.identified"), column.identified), (say("research.screened"), column.screened),
            (say("research.full-text"), column.fullText), (say("research.kept"), column.kept),
        ]
    }

    /// What was left out between one step and the next.
    private func leftOut(_ column: Column, _ say: Sentences) -> [Box] {
        [
            (say("research.left-before"), column.identified - column.screened),
            (say("research.left-title"), column.screened - column.fullText),
            (say("research.left-whole"), column.fullText - column.kept),
        ]
    }

    func drawing(_ say: Sentences) -> HTML {
        var parts = HTML()
        for (column, x) in zip(columns, columns.count == 1 ? [105] : [5, 205]) {
            parts += Self.text(x + 95, 22, column.name, strong: true)
            for (row, box) in steps(column, say).enumerated() {
                let y = 36 + row * 84
                parts += Self.box(x, y, box)
                if row > 0 {
                    parts += Self.arrow(x + 95, y - 26, x + 95, y)
                    parts += Self.text(x + 140, y - 8, "− \(Self.grouped(leftOut(column, say)[row - 1].count))")
                }
            }
            parts += Self.arrow(x + 95, 346, 200, 372)
        }
        parts += Self.text(200, 452, say("research.by-hand", ["n": String(byHand)]))
        parts += Self.box(105, 372, (say("research.included"), included))
        return """
            <svg class="flow" viewBox="0 0 400 462" role="img" aria-labelledby="flow-title" aria-describedby="flow-table"><title id="flow-title">\
            \(say("research.flow-alt", ["all": Self.grouped(identified), "kept": String(included)]))</title>\
            <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>\(parts)</svg>
            """
    }

    private static func box(_ x: Int, _ y: Int, _ box: Box) -> HTML {
        """
        <rect x="\(x)" y="\(y)" width="190" height="58" rx="8"/>\(text(x + 95, y + 24, box.words))\(text(x + 95, y + 46, grouped(box.count), strong: true))
        """
    }

    private static func text(_ x: Int, _ y: Int, _ words: String, strong: Bool = false) -> HTML {
        "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"middle\"\(strong ? " class=\"strong\"" : "")>\(words)</text>"
    }

    /// 7,591: easier to read than 7591.
    private static func grouped(_ count: Int) -> String {
        let digits = Array(String(count))
        return digits.enumerated().reduce(into: "") { text, next in
            if next.offset > 0, (digits.count - next.offset) % 3 == 0 { text.append(",") }
            text.append(next.element)
        }
    }

    private static func arrow(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int) -> HTML {
        "<path class=\"arrow\" d=\"M\(x1) \(y1)L\(x2) \(y2)\" marker-end=\"url(#tip)\"/>"
    }

    func table(_ say: Sentences) -> HTML {
        // What is left at each step, and between two of them what was left out.
        let rows = columns.map { column -> [Box] in
            let (kept, out) = (steps(column, say), leftOut(column, say))
            return [kept[0]] + zip(out, kept.dropFirst()).flatMap { [$0, $1] }
        }
        let table = Parts.table(say("research.flow"), head: [say("research.step")] + columns.map(\.name), Array(0..<7)) { row -> HTML in
            let sign = row % 2 == 0 ? "" : "− "
            let cells = rows.map { Self.grouped($0[row].count) }
            return "<tr><th scope=\"row\">\(rows.first?[row].words ?? "")</th>\(each: cells, { "<td>\(sign)\($0)</td>" })</tr>"
        }
        return "<div id=\"flow-table\">\(table)</div>"
    }
}
