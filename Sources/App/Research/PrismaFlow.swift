/// How many records each search found and how many were left at the end, drawn from the review's numbers; beside it the same
/// as a table, for those who do not see the drawing.
enum PrismaFlow {
    private typealias Box = (words: String, count: Int)

    private static func steps(_ search: Review.Search, _ say: Sentences) -> [Box] {
        [
            (say("research.identified"), search.identified), (say("research.screened"), search.titles_abstracts_screened),
            (say("research.full-text"), search.full_text_assessed), (say("research.kept"), search.included),
        ]
    }

    static func drawing(_ prisma: Review.Prisma, _ say: Sentences) -> HTML {
        let columns = [(prisma.first_search, 5), (prisma.second_search, 205)]
        var parts = HTML()
        for (search, x) in columns {
            parts += text(x + 95, 22, say("research.search", ["date": search.date]), strong: true)
            for (row, box) in steps(search, say).enumerated() {
                let y = 36 + row * 84
                parts += Self.box(x, y, box)
                if row > 0 { parts += arrow(x + 95, y - 26, x + 95, y) }
            }
            parts += arrow(x + 95, 346, 200, 372)
        }
        parts += text(200, 452, say("research.by-hand", ["n": String(prisma.hand_search_included)]))
        parts += Self.box(105, 372, (say("research.included"), prisma.total_included))
        return """
            <svg class="flow" viewBox="0 0 400 462" role="img" aria-labelledby="flow-title" aria-describedby="flow-table"><title id="flow-title">\
            \(say("research.flow-alt", ["all": grouped(prisma.total_identified), "kept": String(prisma.total_included)]))</title>\
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

    static func table(_ prisma: Review.Prisma, _ say: Sentences) -> HTML {
        let (first, second) = (steps(prisma.first_search, say), steps(prisma.second_search, say))
        return """
            <div id="flow-table">\(Parts.table(
                say("research.flow"), head: [say("research.step"), prisma.first_search.date, prisma.second_search.date],
                Array(zip(first, second))
            ) { "<tr><th scope=\"row\">\($0.0.words)</th><td>\(grouped($0.0.count))</td><td>\(grouped($0.1.count))</td></tr>" })</div>
            """
    }
}
