import Foundation
import Screening
import Statistics

/// Another service's past queue, with what its people decided, read once and compared: nothing of it is kept.
struct ShadowWeek {
    /// One item of the queue: its words, whether its people acted on it, and the writer's age band where the file has one.
    struct Past {
        var text: String
        var wasActedOn: Bool
        var band: String
    }

    struct Unreadable: Error, CustomStringConvertible {
        var line: Int
        var why: String
        var description: String { "line \(line): \(why)" }
    }

    /// Words that mean that people acted; everything else that is said means that they let it be.
    private static let acted: Set<String> = [
        "1", "true", "yes", "held", "hold", "removed", "remove", "hidden", "hide", "escalated", "escalate", "risk", "flagged", "rejected",
    ]

    /// JSON lines with `text`, `decision` and perhaps `band`; or a CSV with those columns in its first line.
    static func read(_ file: URL) throws -> [Past] {
        let whole = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        return try file.pathExtension == "csv" ? fromTable(whole) : fromLines(whole)
    }

    private static func fromLines(_ whole: String) throws -> [Past] {
        try whole.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            if line.allSatisfy(\.isWhitespace) { return nil }
            guard let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], let text = row["text"] as? String,
                let decision = row["decision"]
            else { throw Unreadable(line: number + 1, why: "text and decision are needed") }
            return Past(text: text, wasActedOn: acted.contains("\(decision)".lowercased()), band: row["band"] as? String ?? "")
        }
    }

    private static func fromTable(_ whole: String) throws -> [Past] {
        var rows = cells(whole)[...]
        guard let head = rows.popFirst(), let text = head.firstIndex(of: "text"), let decision = head.firstIndex(of: "decision") else {
            throw Unreadable(line: 1, why: "the first line must name text and decision")
        }
        let band = head.firstIndex(of: "band")
        return try rows.enumerated().map { number, row in
            guard row.count == head.count else { throw Unreadable(line: number + 2, why: "\(row.count) cells, not \(head.count)") }
            return Past(text: row[text], wasActedOn: acted.contains(row[decision].lowercased()), band: band.map { row[$0] } ?? "")
        }
    }

    /// RFC 4180: quoted cells may hold commas, line ends and doubled quotes.
    private static func cells(_ whole: String) -> [[String]] {
        var (rows, row, cell, quoted) = ([[String]](), [String](), "", false)
        var rest = whole.replacing("\r\n", with: "\n")[...]
        while let next = rest.popFirst() {
            switch (next, quoted) {
            case ("\"", true):
                if rest.first == "\"" { cell.append(rest.removeFirst()) } else { quoted = false }
            case ("\"", false): quoted = true
            case (",", false):
                row.append(cell)
                cell = ""
            case ("\n", false):
                rows.append(row + [cell])
                (row, cell) = ([], "")
            case (_, _): cell.append(next)
            }
        }
        if !cell.isEmpty || !row.isEmpty { rows.append(row + [cell]) }
        return rows
    }

    /// The report of one page: agreement, what would have been missed and held for nothing, by age band.
    static func report(_ past: [Past], _ screen: Screening.Screen) -> String {
        var bands: [String: ScreeningTable] = [:]
        var all = ScreeningTable()
        for item in past {
            let isFlagged = screen.assess(item.text).concerns.contains { $0.kind.isAboutRisk && $0.level >= .medium }
            all.count(isPositive: item.wasActedOn, isFlagged: isFlagged)
            bands[item.band.isEmpty ? "not said" : item.band, default: .init()].count(isPositive: item.wasActedOn, isFlagged: isFlagged)
        }
        func line(_ name: String, _ table: ScreeningTable) -> String {
            let count = table.found + table.missed + table.heldForNothing + table.leftAlone
            let agreed = Wilson(table.found + table.leftAlone, of: count)
            func share(_ wilson: Wilson?) -> String {
                wilson.map { String(format: "%.0f %% (%.0f to %.0f)", $0.share * 100, $0.lower * 100, $0.upper * 100) } ?? "none to tell by"
            }
            return
                "| \(name) | \(count) | \(share(agreed)) | \(table.missed) | \(table.heldForNothing) | \(share(table.sensitivity)) | \(share(table.specificity)) |"
        }
        let rows = [line("all", all)] + bands.sorted { $0.key < $1.key }.map { line($0.key, $0.value) }
        return """
            # A shadow week

            \(past.count) items of a past queue, read once; nothing of them was kept. "Acted on" is what people decided then; "flagged" is a concern
            of at least a medium level about somebody's safety. Where people and screen disagree, neither is proven right.

            | age band | items | agreed (95 % interval) | acted on, not flagged | flagged, not acted on | found of what was acted on | left alone of the rest |
            | --- | --- | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
