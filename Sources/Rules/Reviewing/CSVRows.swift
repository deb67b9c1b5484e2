import Foundation

/// Rows of comma-separated values by RFC 4180: quoted fields, doubled quotation marks, line ends inside quotes.
///
/// A row that is broken is told with its line, and reading goes on at the next line: an open quotation mark does not swallow
/// what follows. Time grows with the length of the file: what is read twice is bounded.
public struct CSVRows {
    public struct Row: Equatable {
        public let line: Int
        public let fields: [String]
    }
    public enum Step: Equatable {
        case row(Row)
        case broken(LineFault)
    }

    private let bytes: [UInt8]
    private let mark: UInt8
    private var at = 0
    private var line = 1
    /// How many columns each row must have; from the first row.
    private var width: Int?
    /// How many bytes may still be read a second time.
    private var spare: Int

    public init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        spare = bytes.count + 1_000_000
        mark = Self.mark(of: bytes.prefix { $0 != 10 })
    }

    /// Comma, semicolon or tab: what stands most often in the first line.
    private static func mark(of head: ArraySlice<UInt8>) -> UInt8 {
        let counts = [UInt8(ascii: ","), UInt8(ascii: ";"), 9].map { mark in (mark, head.count { $0 == mark }) }
        return counts.reduce(counts[0]) { $1.1 > $0.1 ? $1 : $0 }.0
    }

    public mutating func next() -> Step? {
        skipEmptyLines()
        guard at < bytes.count else { return nil }
        let (start, first) = (at, line)
        switch read() {
        case .success(let fields):
            let wanted = width ?? fields.count
            width = wanted
            if fields.count == wanted { return .row(Row(line: first, fields: fields)) }
            if line > first + 1 { goBack(to: start, first) }
            return .broken(LineFault(line: first, why: .columns, got: fields.count, wanted: wanted))
        case .failure(let fault):
            goBack(to: start, first)
            return .broken(LineFault(line: first, why: fault.why))
        }
    }

    private struct Broken: Error { let why: LineFault.Why }

    /// On at the line after the one that began the broken row.
    private mutating func goBack(to start: Int, _ first: Int) {
        let end = Self.find(10, in: bytes, from: start) ?? bytes.count
        spare -= max(0, at - end)
        at = min(bytes.count, end + 1)
        line = first + 1
    }

    private mutating func skipEmptyLines() {
        while at < bytes.count, bytes[at] == 10 || bytes[at] == 13 {
            if bytes[at] == 10 { line += 1 }
            at += 1
        }
    }

    private mutating func read() -> Result<[String], Broken> {
        var fields: [String] = []
        fields.reserveCapacity(width ?? 12)
        while true {
            if at < bytes.count, bytes[at] == 34 {
                switch quoted() {
                case .success(let text): fields.append(text)
                case .failure(let fault): return .failure(fault)
                }
            } else {
                let end = bytes[at...].firstIndex { $0 == mark || $0 == 10 } ?? bytes.count
                fields.append(tidy(bytes[at..<end]))
                at = end
            }
            guard at < bytes.count else { return .success(fields) }
            let isEnd = bytes[at] == 10
            at += 1
            if isEnd {
                line += 1
                return .success(fields)
            }
        }
    }

    /// A field in quotation marks, up to the mark or line end after it.
    private mutating func quoted() -> Result<String, Broken> {
        var (parts, from) = ([UInt8](), at + 1)
        // Once too much was read twice, a field ends on its own line.
        let limit = spare > 0 ? bytes.count : Self.find(10, in: bytes, from: at) ?? bytes.count
        while true {
            guard let end = Self.find(34, in: bytes, from: from), end < limit else {
                at = limit
                return .failure(Broken(why: .openQuote))
            }
            parts.append(contentsOf: bytes[from..<end])
            if end + 1 < bytes.count, bytes[end + 1] == 34 {
                parts.append(34)
                from = end + 2
                continue
            }
            at = end + 1
            while at < bytes.count, bytes[at] == 32 || bytes[at] == 13 { at += 1 }
            guard at >= bytes.count || bytes[at] == mark || bytes[at] == 10 else { return .failure(Broken(why: .strayQuote)) }
            line += parts.count { $0 == 10 }
            return .success(tidy(parts))
        }
    }

    private static func find(_ byte: UInt8, in bytes: [UInt8], from: Int) -> Int? {
        guard from < bytes.count else { return nil }
        return bytes.withUnsafeBytes { all -> Int? in
            guard let base = all.baseAddress, let found = memchr(base + from, Int32(byte), all.count - from) else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }
}

extension SearchFile {
    private enum Column: Int, CaseIterable { case title, authors, year, journal, doi, pmid, abstract }

    /// What databases call their columns, in small letters; the first of a row that stands in a file is taken.
    private static func names(of column: Column) -> [String] {
        switch column {
        case .title: ["title", "article title", "document title", "ti", "primary title", "t1", "item title", "titel"]
        case .authors: ["authors", "author", "author(s)", "au", "author full names", "author names", "creators", "first author"]
        case .year:
            ["year", "publication year", "pub year", "py", "year of publication", "publication date", "date", "create date", "jahr"]
        case .journal:
            ["journal", "source title", "journal/book", "journal title", "publication title", "publication", "source", "so", "jt"]
        case .doi: ["doi", "di", "doi link", "digital object identifier", "article doi"]
        case .pmid: ["pmid", "pubmed id", "pubmed", "pubmed-id", "medline"]
        case .abstract: ["abstract", "abstract note", "ab", "summary"]
        }
    }

    mutating func readCSV(_ bytes: [UInt8], _ name: String) {
        var rows = CSVRows(bytes)
        guard case .row(let head)? = rows.next() else {
            faults.append(LineFault(line: 1, why: .noTitleColumn))
            return
        }
        let heads = Dictionary(head.fields.enumerated().map { ($1.lowercased(), $0) }, uniquingKeysWith: { a, _ in a })
        let places = Column.allCases.map { column in Self.names(of: column).lazy.compactMap { heads[$0] }.first }
        guard places[Column.title.rawValue] != nil else {
            faults.append(LineFault(line: head.line, why: .noTitleColumn))
            return
        }
        while let step = rows.next() {
            switch step {
            case .broken(let fault): faults.append(fault)
            case .row(let row):
                func text(_ column: Column) -> String? {
                    places[column.rawValue].map { row.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
                }
                take(
                    FoundRecord(
                        title: text(.title) ?? "", authors: text(.authors).map(parted) ?? [], year: text(.year).flatMap(plainYear),
                        journal: text(.journal), doi: text(.doi).flatMap(plainDOI), pmid: text(.pmid).flatMap(plainPMID),
                        abstract: text(.abstract), file: name, line: row.line))
            }
        }
    }
}

/// "Marsh, A.; Reed, B." and "Marsh A, Reed B" as two; a single "Marsh, Anna" as one.
public func parted(_ authors: String) -> [String] {
    func cut(_ text: String, _ by: String) -> [String] { text.components(separatedBy: by).map { tidy($0) }.filter { !$0.isEmpty } }
    if authors.contains(";") { return cut(authors, ";") }
    if authors.contains(" and ") { return cut(authors, " and ") }
    if authors.contains("|") { return cut(authors, "|") }
    let parts = cut(authors, ",")
    // Names that are whole in themselves have a space: family and initials.
    return parts.count > 1 && parts.allSatisfy({ $0.contains(" ") }) ? parts : [authors]
}
