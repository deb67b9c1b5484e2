import Foundation
import Rules
import Screening
import Statistics

/// Another service's past queue, with what its people decided, read once and compared: nothing of it is kept.
struct ShadowWeek {
    /// One item of the queue: its words, whether its people acted on it, and the writer's age band where the file has one.
    struct Past {
        var text: String
        var decision: String
        var wasActedOn: Bool
        var band: String
    }

    struct Unreadable: Error, CustomStringConvertible {
        var line: Int
        var why: String
        /// Line 0 is the file itself.
        var description: String { line == 0 ? why : "line \(line): \(why)" }
    }

    /// What decisions mean: the words for having acted, and those for having let it be. A word that is in neither is refused: taken for
    /// "let be" it would make the screen look worse than it is, and taken for "acted" better.
    struct Words {
        var acted: Set<String> = [
            "1", "true", "yes", "held", "hold", "removed", "remove", "hidden", "hide", "escalated", "escalate", "risk", "flagged",
            "rejected", "reject", "deleted", "delete", "banned", "ban", "blocked", "block", "warned", "masked", "covered", "restricted",
            "returned", "suspended", "locked", "moved",
        ]
        /// Nil: everything that is not `acted`.
        var letBe: Set<String>? = [
            "0", "false", "no", "approved", "approve", "kept", "keep", "shown", "show", "allowed", "allow", "published", "ok", "none",
            "left", "ignored", "dismissed", "fine",
        ]

        func wasActedOn(_ decision: String, line: Int) throws -> Bool {
            if acted.contains(decision) { return true }
            if letBe?.contains(decision) ?? true { return false }
            throw Unreadable(
                line: line,
                // Of what may be somebody's post nothing is printed.
                why:
                    "whether \(decision.count > 24 ? "its decision" : "\"\(decision)\"") means that people acted is not known: name the words that do with --acted"
            )
        }
    }

    /// JSON lines with `text`, `decision` and perhaps `band`; or a CSV with those columns in its first line.
    static func read(_ file: URL, _ words: Words) throws -> [Past] {
        let data: Data
        do { data = try Data(contentsOf: file) } catch { throw Unreadable(line: 0, why: "\(file.path) can not be read") }
        var whole = String(decoding: data, as: UTF8.self)
        // What some tables begin with, and how some end a line.
        if whole.unicodeScalars.first == "\u{FEFF}" { whole.unicodeScalars.removeFirst() }
        whole = whole.replacing("\r\n", with: "\n")
        return try file.pathExtension.lowercased() == "csv" ? fromTable(whole, words) : fromLines(whole, words)
    }

    private static func past(_ text: String, _ decision: String, _ band: String, line: Int, _ words: Words) throws -> Past {
        let decision = decision.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        return Past(text: text, decision: decision, wasActedOn: try words.wasActedOn(decision, line: line), band: band)
    }

    private static func fromLines(_ whole: String, _ words: Words) throws -> [Past] {
        try whole.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { number, line in
            if line.allSatisfy(\.isWhitespace) { return nil }
            let read: Any
            do { read = try JSONSerialization.jsonObject(with: Data(line.utf8)) } catch {
                throw Unreadable(line: number + 1, why: "it is not JSON")
            }
            guard let row = read as? [String: Any], let text = row["text"] as? String,
                let decision = row["decision"]
            else { throw Unreadable(line: number + 1, why: "text and decision are needed") }
            return try past(text, "\(decision)", row["band"] as? String ?? "", line: number + 1, words)
        }
    }

    private static func fromTable(_ whole: String, _ words: Words) throws -> [Past] {
        var rows = cells(whole)[...]
        guard let head = rows.popFirst()?.cells, let text = head.firstIndex(of: "text"), let decision = head.firstIndex(of: "decision")
        else {
            throw Unreadable(line: 1, why: "the first line must name text and decision")
        }
        let band = head.firstIndex(of: "band")
        return try rows.map { line, row in
            guard row.count == head.count else { throw Unreadable(line: line, why: "\(row.count) cells, not \(head.count)") }
            return try past(row[text], row[decision], band.map { row[$0] } ?? "", line: line, words)
        }
    }

    /// RFC 4180: quoted cells may hold commas, line ends and doubled quotes. Each row with the line it begins on.
    private static func cells(_ whole: String) -> [(line: Int, cells: [String])] {
        // By scalars: a sign that joins what stands before it must not hide a comma or a quote.
        var (rows, row, cell, quoted) = ([(line: Int, cells: [String])](), [String](), String.UnicodeScalarView(), false)
        var (line, first) = (1, 1)
        var rest = whole.unicodeScalars[...]
        while let next = rest.popFirst() {
            if next == "\n" { line += 1 }
            switch (next, quoted) {
            case ("\"", true):
                if rest.first == "\"" { cell.append(rest.removeFirst()) } else { quoted = false }
            case ("\"", false): quoted = true
            case (",", false):
                row.append(String(cell))
                cell = .init()
            case ("\n", false):
                // An empty line is none.
                if !(row.isEmpty && cell.isEmpty) { rows.append((first, row + [String(cell)])) }
                (row, cell, first) = ([], .init(), line)
            case (_, _): cell.append(next)
            }
        }
        if !cell.isEmpty || !row.isEmpty { rows.append((first, row + [String(cell)])) }
        return rows
    }

    private struct Said: Hashable {
        var acted: Bool
        var word: String
    }

    /// The report of one page: agreement, what would have been missed and held for nothing, by age band.
    static func report(_ past: [Past], _ screen: Screening.Screen) -> String {
        var bands: [String: ScreeningTable] = [:]
        var all = ScreeningTable()
        var unread = 0
        for item in past {
            let assessment = screen.assess(item.text)
            let isFlagged = caseLevel(of: assessment) >= .medium
            // What the screen could not read whole waits until a person has: neither flagged nor let be.
            if assessment.completeness != .whole, assessment.completeness != .empty { unread += 1 }
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
        let said = Dictionary(past.map { (Said(acted: $0.wasActedOn, word: $0.decision), 1) }, uniquingKeysWith: +)
        func words(_ acted: Bool) -> String {
            let own = said.filter { $0.key.acted == acted }.sorted { ($1.value, $0.key.word) < ($0.value, $1.key.word) }
            return own.isEmpty ? "none" : own.map { "\($0.key.word) (\($0.value))" }.joined(separator: ", ")
        }
        let rows = [line("all", all)] + bands.sorted { $0.key < $1.key }.map { line($0.key.replacing("|", with: "/"), $0.value) }
        return """
            # A shadow week

            \(past.count) items of a past queue, read once; nothing of them was kept. "Acted on" is what people decided then; "flagged" is a concern
            that the queue would hear of at a medium level or more. Where people and screen disagree, neither is proven right.

            Taken for acted on: \(words(true)). Taken for let be: \(words(false)). Not read whole by the screen, so that a person would read
            them first: \(unread).

            | age band | items | agreed (95 % interval) | acted on, not flagged | flagged, not acted on | found of what was acted on | left alone of the rest |
            | --- | --- | --- | --- | --- | --- | --- |
            \(rows.joined(separator: "\n"))
            """
    }
}
