import Foundation

/// A file's bytes as UTF-8 with `\n` at the ends of lines. A line that is no UTF-8 is read as Windows-1252, by itself, and
/// counted: one bad line changes no other.
struct CleanText {
    private(set) var bytes: [UInt8] = []
    private(set) var oddLines = 0
    private(set) var firstOdd: Int?

    init(_ source: [UInt8]) {
        if source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF]) {
            bytes = Self.wide(source)
            return
        }
        let text = source.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(source.dropFirst(3)) : source
        if !text.contains(0), String(validating: text, as: UTF8.self) != nil {
            bytes = text
        } else {
            byLines(text)
        }
        // Lines that end as on old machines.
        if !bytes.contains(10) { bytes = bytes.map { $0 == 13 ? 10 : $0 } }
    }

    private mutating func byLines(_ text: [UInt8]) {
        bytes.reserveCapacity(text.count + text.count / 8)
        for (place, line) in text.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if place > 0 { bytes.append(10) }
            let holdsNothing = line.contains(0)
            if !holdsNothing, String(validating: line, as: UTF8.self) != nil {
                bytes.append(contentsOf: line)
                continue
            }
            oddLines += 1
            firstOdd = firstOdd ?? place + 1
            if String(validating: line, as: UTF8.self) != nil {
                bytes.append(contentsOf: line.map { $0 == 0 ? 32 : $0 })
            } else {
                for byte in line { Self.western(byte, into: &bytes) }
            }
        }
    }

    /// Windows-1252. Its five unused bytes are shown as what can not be read.
    private static func western(_ byte: UInt8, into out: inout [UInt8]) {
        if byte < 128 {
            out.append(byte == 0 ? 32 : byte)
        } else if byte < 160 {
            out.append(contentsOf: String(high[Int(byte) - 128]).utf8)
        } else {
            out.append(contentsOf: [0xC0 | byte >> 6, 0x80 | byte & 0x3F])
        }
    }

    private static let high = Array("€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ")

    /// UTF-16 with its mark, as some tables are saved.
    private static func wide(_ source: [UInt8]) -> [UInt8] {
        let isLittle = source[0] == 0xFF
        let units = stride(from: 2, to: source.count - 1, by: 2).map { place in
            isLittle ? UInt16(source[place]) | UInt16(source[place + 1]) << 8 : UInt16(source[place]) << 8 | UInt16(source[place + 1])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8).map { $0 == 0 ? 32 : $0 }
    }
}

/// One line of words: runs of white space and of what is no letter of any kind become one space.
func tidy(_ bytes: some Collection<UInt8>) -> String {
    var (out, gap) = ([UInt8](), false)
    out.reserveCapacity(bytes.count)
    for byte in bytes {
        if byte <= 32 || byte == 127 {
            gap = !out.isEmpty
        } else {
            if gap { out.append(32) }
            gap = false
            out.append(byte)
        }
    }
    return String(decoding: out, as: UTF8.self)
}

func tidy(_ text: String) -> String { tidy(text.utf8) }

/// `https://doi.org/10.1000/X.` becomes `10.1000/x`; nil where no DOI is in it.
func plainDOI(_ text: String) -> String? {
    let low = text.lowercased()
    guard let start = low.range(of: "10.") else { return nil }
    let rest = low[start.lowerBound...].prefix { $0 != " " && $0 != "\"" && $0 != ">" }
    let doi = String(rest).trimmingSuffix { ".,;]".contains($0) || ($0 == ")" && !rest.contains("(")) }
    guard let slash = doi.firstIndex(of: "/"), doi.index(after: slash) < doi.endIndex else { return nil }
    return doi
}

/// The figures of a PubMed number; nil where it is none.
func plainPMID(_ text: String) -> String? {
    let figures = text.filter(\.isASCII).filter(\.isNumber)
    return (1...9).contains(figures.count) && figures.count >= text.count - 12 ? String(figures.drop { $0 == "0" }) : nil
}

/// The first four figures together that can be a year.
func plainYear(_ text: String) -> Int? {
    text.split { !($0.isASCII && $0.isNumber) }.lazy.compactMap { $0.count == 4 ? Int($0) : nil }.first { (1500...2200).contains($0) }
}

extension String {
    fileprivate func trimmingSuffix(_ odd: (Character) -> Bool) -> String {
        var left = self[...]
        while let last = left.last, odd(last) { left.removeLast() }
        return String(left)
    }
}
