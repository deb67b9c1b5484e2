import Foundation

extension SearchFile {
    /// Each entry begins with an `@` at the start of a line; one that is not closed before the next is told and left out.
    mutating func readBibTeX(_ bytes: [UInt8], _ name: String) {
        var (chunk, began, line) = ([UInt8](), 0, 0)
        for part in bytes.split(separator: 10, omittingEmptySubsequences: false) {
            line += 1
            if part.first(where: { $0 > 32 }) == UInt8(ascii: "@"), Self.isEntry(part) {
                close(chunk, began, name)
                (chunk, began) = (Array(part), line)
            } else if began > 0 {
                chunk.append(10)
                chunk.append(contentsOf: part)
            }
        }
        if began == 0 { faults.append(LineFault(line: 1, why: .outside)) }
        close(chunk, began, name)
    }

    private static func isEntry(_ line: ArraySlice<UInt8>) -> Bool {
        let rest = line.drop { $0 <= 32 }.dropFirst().drop { (65...90).contains($0 & 0xDF) }
        return rest.drop { $0 <= 32 }.first.map { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "(") } ?? false
    }

    private mutating func close(_ chunk: [UInt8], _ line: Int, _ name: String) {
        guard line > 0 else { return }
        var entry = BibEntry(chunk)
        guard !["comment", "preamble", "string"].contains(entry.kind) else { return }
        guard let values = entry.fields() else {
            faults.append(LineFault(line: line, why: .openBrace))
            return
        }
        func text(_ keys: String...) -> String? { keys.lazy.compactMap { values[$0] }.first { !$0.isEmpty } }
        let authors = (text("author", "editor") ?? "").components(separatedBy: " and ").map { tidy($0) }.filter { !$0.isEmpty }
        take(
            FoundRecord(
                title: text("title") ?? "", authors: authors, year: text("year", "date").flatMap(plainYear),
                journal: text("journal", "journaltitle", "booktitle"), doi: text("doi", "url").flatMap(plainDOI),
                pmid: text("pmid").flatMap(plainPMID), abstract: text("abstract"), file: name, line: line))
    }
}

/// `@article{key, title = {Braces {kept} together}, year = 2020}`.
struct BibEntry {
    private let bytes: [UInt8]
    private var at: Int
    let kind: String

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        let start = (bytes.firstIndex(of: UInt8(ascii: "@")) ?? 0) + 1
        at = bytes[start...].firstIndex { !(65...90).contains($0 & 0xDF) } ?? bytes.count
        kind = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
    }

    /// Nil where the entry is not closed.
    mutating func fields() -> [String: String]? {
        guard let open = bytes[at...].firstIndex(where: { $0 > 32 }) else { return nil }
        let closing: UInt8 = bytes[open] == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "}")
        guard let comma = bytes[open...].firstIndex(where: { $0 == UInt8(ascii: ",") || $0 == closing }) else { return nil }
        at = comma
        var found: [String: String] = [:]
        while at < bytes.count {
            skip { $0 <= 32 || $0 == UInt8(ascii: ",") }
            guard at < bytes.count else { return nil }
            if bytes[at] == closing { return found }
            let start = at
            skip { $0 != UInt8(ascii: "=") && $0 != closing }
            guard at < bytes.count else { return nil }
            if bytes[at] == closing { return found }
            let key = tidy(bytes[start..<at]).lowercased()
            at += 1
            guard let value = value(closing) else { return nil }
            if found[key] == nil { found[key] = tidy(plainTeX(value)) }
        }
        return nil
    }

    private mutating func skip(_ on: (UInt8) -> Bool) { while at < bytes.count, on(bytes[at]) { at += 1 } }

    /// Braces, quotation marks or a bare word; pieces joined by `#`.
    private mutating func value(_ closing: UInt8) -> String? {
        var made: [String] = []
        while true {
            skip { $0 <= 32 }
            guard at < bytes.count else { return nil }
            if bytes[at] == UInt8(ascii: "{") || bytes[at] == 34 {
                let isBraced = bytes[at] != 34
                let start = at + 1
                var depth = isBraced ? 1 : 0
                at += 1
                while at < bytes.count {
                    if bytes[at] == UInt8(ascii: "\\") {
                        at += 1
                    } else if bytes[at] == UInt8(ascii: "{") {
                        depth += 1
                    } else if bytes[at] == UInt8(ascii: "}") {
                        depth -= 1
                    }
                    if at < bytes.count, depth == 0, isBraced || bytes[at] == 34 { break }
                    if depth < 0 { return nil }
                    at += 1
                }
                guard at < bytes.count else { return nil }
                made.append(String(decoding: bytes[start..<at], as: UTF8.self))
                at += 1
            } else {
                let start = at
                skip { $0 > 32 && $0 != UInt8(ascii: ",") && $0 != closing && $0 != UInt8(ascii: "#") }
                made.append(String(decoding: bytes[start..<at], as: UTF8.self))
            }
            skip { $0 <= 32 }
            guard at < bytes.count, bytes[at] == UInt8(ascii: "#") else { return made.joined() }
            at += 1
        }
    }
}

/// `Caf{\'e} \& {T}ea` as `Café & Tea`.
func plainTeX(_ text: String) -> String {
    guard text.contains(where: { "\\{}$~".contains($0) }) else { return text }
    let accents: [Character: String] = [
        "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "\"": "\u{308}", "~": "\u{303}", "=": "\u{304}", ".": "\u{307}", "c": "\u{327}",
        "v": "\u{30C}", "u": "\u{306}", "H": "\u{30B}", "k": "\u{328}", "r": "\u{30A}",
    ]
    let letters = [
        "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "i",
    ]
    var (out, rest) = ("", text[...])
    while let sign = rest.popFirst() {
        switch sign {
        case "{", "}", "$": continue
        case "~": out.append(" ")
        case "\\":
            guard let next = rest.first else { continue }
            let word = String(rest.prefix { $0.isASCII && $0.isLetter })
            if let letter = letters[word] {
                rest = rest.dropFirst(word.count)
                out += letter
            } else if let accent = accents[next], word.count <= 1 {
                rest = rest.dropFirst().drop { $0 == "{" || $0 == " " || $0 == "\\" }
                if let letter = rest.popFirst() { out += String(letter) + accent }
            } else if word.isEmpty {
                out.append(next)
                rest = rest.dropFirst()
            } else {
                rest = rest.dropFirst(word.count)
            }
        case _: out.append(sign)
        }
    }
    return out.precomposedStringWithCanonicalMapping
}
