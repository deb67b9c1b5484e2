/// One record of a search: what a database says of one publication.
public struct FoundRecord: Sendable, Equatable {
    public var title: String
    /// As they were written, in their order.
    public var authors: [String]
    public var year: Int?
    public var journal: String?
    /// In small letters, without the address before it.
    public var doi: String?
    public var pmid: String?
    public var abstract: String?
    /// The file it came from, and the line on which it begins there.
    public var file: String
    public var line: Int

    public init(
        title: String, authors: [String] = [], year: Int? = nil, journal: String? = nil, doi: String? = nil, pmid: String? = nil,
        abstract: String? = nil, file: String = "", line: Int = 0
    ) {
        (self.title, self.authors, self.year, self.journal) = (title, authors, year, journal)
        (self.doi, self.pmid, self.abstract, self.file, self.line) = (doi, pmid, abstract, file, line)
    }

    /// How much is known of it: the fullest of several stays.
    public var known: Int {
        [!authors.isEmpty, year != nil, journal != nil, doi != nil, pmid != nil, abstract != nil].count { $0 } * 100
            + min(99, title.utf8.count / 4)
    }
}

/// A row that could not be taken in, and why. The others are kept.
public struct LineFault: Sendable, Equatable, CustomStringConvertible {
    public enum Why: String, Sendable, CaseIterable {
        case openQuote = "open-quote"
        case strayQuote = "stray-quote"
        case columns
        case noTitleColumn = "no-title-column"
        case noTitle = "no-title"
        case outside
        case openBrace = "open-brace"
        case tooLong = "too-long"
        case empty
    }

    public let line: Int
    public let why: Why
    /// Of `columns`: how many there are, and how many there should be.
    public let got: Int
    public let wanted: Int

    public init(line: Int, why: Why, got: Int = 0, wanted: Int = 0) {
        (self.line, self.why, self.got, self.wanted) = (line, why, got, wanted)
    }

    /// For the command line; pages have words of their own.
    public var description: String {
        let says =
            switch why {
            case .openQuote: "a quotation mark is opened and never closed"
            case .strayQuote: "a quotation mark stands inside a quoted field; inside, write it twice"
            case .columns: "\(got) columns where the first line names \(wanted)"
            case .noTitleColumn: "the first line names no column for the title"
            case .noTitle: "neither a title nor a DOI nor a PubMed number"
            case .outside: "words that belong to no record"
            case .openBrace: "the entry is not closed"
            case .tooLong: "a field of more than \(SearchFile.longestField) bytes"
            case .empty: "nothing is in the file"
            }
        return "line \(line): \(says)"
    }
}

/// What a file of search results comes to: every row is a record or a fault, none is dropped silently.
public struct SearchFile: Sendable, Equatable {
    public static let longestField = 200_000

    public enum Format: String, Sendable, CaseIterable { case ris, nbib, bibtex, csv }

    public internal(set) var records: [FoundRecord] = []
    public internal(set) var faults: [LineFault] = []
    /// Lines that were no UTF-8 and were read as Windows-1252, or held bytes that are no text.
    public internal(set) var oddLines = 0
    public internal(set) var firstOdd: Int?
    public let format: Format

    /// Reads bytes as the format that they begin like.
    public init(_ bytes: [UInt8], named name: String, format: Format? = nil) {
        let text = CleanText(bytes)
        self.format = format ?? Self.format(of: text)
        (oddLines, firstOdd) = (text.oddLines, text.firstOdd)
        guard text.bytes.contains(where: { $0 > 32 }) else {
            faults = [LineFault(line: 1, why: .empty)]
            return
        }
        switch self.format {
        case .csv: readCSV(text.bytes, name)
        case .ris: readTagged(text.bytes, name, RISTags())
        case .nbib: readTagged(text.bytes, name, NBIBTags())
        case .bibtex: readBibTeX(text.bytes, name)
        }
    }

    static func format(of text: CleanText) -> Format {
        let start = text.bytes.drop { $0 <= 32 }.prefix(400)
        if start.starts(with: "PMID-".utf8) { return .nbib }
        if start.starts(with: "TY  -".utf8) { return .ris }
        // Some exports begin with a line of their own before the first record.
        let lines = start.split(separator: 10)
        if lines.contains(where: { $0.starts(with: "TY  -".utf8) }) { return .ris }
        if lines.contains(where: { $0.starts(with: "PMID-".utf8) }) { return .nbib }
        if start.first == UInt8(ascii: "@") || start.first == UInt8(ascii: "%") { return .bibtex }
        return .csv
    }

    /// Keeps a record, or says why not.
    mutating func take(_ record: FoundRecord) {
        if record.title.isEmpty, record.doi == nil, record.pmid == nil {
            faults.append(LineFault(line: record.line, why: .noTitle))
        } else if record.title.utf8.count > Self.longestField || (record.abstract?.utf8.count ?? 0) > Self.longestField {
            faults.append(LineFault(line: record.line, why: .tooLong))
        } else {
            records.append(record)
        }
    }
}
