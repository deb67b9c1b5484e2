/// A review's decisions as rows: `record,search,stage,reader,decision,reason`.
///
/// - `found`: decision `database` or `by-hand`; reason says which database or list (may be empty).
/// - `duplicate`: decision `removed`; reason says by what.
/// - `titles`, `full-text`: reader, and `in`, `out` or `unsure`; reason for a full text that is out.
///
/// Rows stand in the order of time. The first two who read a record are its readers; whoever comes next is the third.
public struct DecisionsFile: Sendable {
    public struct Fault: Sendable, Equatable, CustomStringConvertible {
        public let line: Int
        public let why: String
        public var description: String { "line \(line): \(why)" }
    }

    public static let head = ["record", "search", "stage", "reader", "decision", "reason"]

    public private(set) var faults: [Fault] = []
    public private(set) var rows = 0
    private var records: [Entry] = []
    private var places: [String: Int] = [:]

    private struct Entry {
        let search: String, source: String, isByHand: Bool
        var duplicate: String?
        var titles: [ReviewReading] = []
        var fullText: [ReviewReading] = []

        var screening: RecordScreening { RecordScreening(titles: titles, fullText: fullText, duplicate: duplicate != nil) }
    }

    /// - Parameter reasons: why a full text may be left out; nil takes any.
    public init(_ bytes: [UInt8], reasons: Set<String>? = nil) {
        let text = CleanText(bytes)
        if let line = text.firstOdd { faults.append(Fault(line: line, why: "bytes that are no UTF-8")) }
        var rows = CSVRows(text.bytes)
        switch rows.next() {
        case .row(let row) where row.fields == Self.head: break
        case .row(let row): faults.append(Fault(line: row.line, why: "the first line must be \(Self.head.joined(separator: ","))"))
        case .broken(let fault): faults.append(Fault(line: fault.line, why: "the first line can not be read"))
        case nil: faults.append(Fault(line: 1, why: "nothing is in the file"))
        }
        guard faults.isEmpty else { return }
        while let step = rows.next() {
            self.rows += 1
            switch step {
            case .broken(let fault):
                faults.append(Fault(line: fault.line, why: String(fault.description.dropFirst("line \(fault.line): ".count))))
            case .row(let row):
                if let why = take(row.fields, reasons) { faults.append(Fault(line: row.line, why: why)) }
            }
        }
    }

    /// Nil when the row was taken.
    private mutating func take(_ row: [String], _ reasons: Set<String>?) -> String? {
        let (record, search, stage, reader, decision, reason) = (row[0], row[1], row[2], row[3], row[4], row[5])
        if record.isEmpty { return "no record" }
        if stage == "found" {
            guard ["database", "by-hand"].contains(decision) else { return "\"\(decision)\" is not database or by-hand" }
            if search.isEmpty { return "no search" }
            if places[record] != nil { return "\(record) was found before" }
            places[record] = records.count
            records.append(Entry(search: search, source: reason, isByHand: decision == "by-hand"))
            return nil
        }
        guard let place = places[record] else { return "\(record) was never found" }
        if search != records[place].search { return "\(record) was found by \(records[place].search), not by \(search)" }
        if stage == "duplicate" {
            if decision != "removed" { return "\"\(decision)\" is not removed" }
            if records[place].duplicate != nil { return "\(record) was removed before" }
            if !records[place].titles.isEmpty { return "\(record) was read already and can not be removed as a duplicate" }
            records[place].duplicate = reason.isEmpty ? "not said" : reason
            return nil
        }
        guard let at = ReviewStage(rawValue: stage) else { return "\"\(stage)\" is no stage" }
        guard let verdict = ReviewVerdict(rawValue: decision) else { return "\"\(decision)\" is not in, out or unsure" }
        if reader.isEmpty { return "no reader" }
        let reading = ReviewReading(
            reader: reader, verdict: verdict, reason: at == .fullText && verdict == .leave && !reason.isEmpty ? reason : nil)
        if let refused = records[place].screening.refusal(of: reading, at: at, reasons: reasons ?? [reason]) {
            return Self.says(refused, record, reading)
        }
        switch at {
        case .titles: records[place].titles.append(reading)
        case .fullText: records[place].fullText.append(reading)
        }
        return nil
    }

    private static func says(_ refused: ScreeningRefusal, _ record: String, _ reading: ReviewReading) -> String {
        switch refused {
        case .duplicate: "\(record) was removed as a duplicate"
        case .notHere: "\(record) was not kept by its title"
        case .decided: "\(record) is decided; \(reading.reader) comes too late"
        case .thirdSettles: "\(reading.reader) is the third reader of \(record) and must say in or out"
        case .needsReason: "a full text that is out needs a reason"
        case .unknownReason: "\"\(reading.reason ?? "")\" is no reason of the list"
        }
    }

    public var flow: ReviewFlow {
        ReviewFlow(
            records.map { one in
                let now = one.screening
                return FlowTally(
                    search: one.search, isByHand: one.isByHand, source: one.source, duplicate: one.duplicate, titles: now.titles.state,
                    fullText: now.fullText?.state, reason: now.fullText?.reason, count: 1)
            })
    }

    public func agreement(_ stage: ReviewStage) throws -> ReviewAgreement? {
        try ReviewAgreement(records.compactMap { $0.duplicate == nil ? $0.screening.at(stage)?.first : nil })
    }

    /// Records whose two readers differed and whom a third, or talking, has not settled.
    public var conflicts: Int { records.count { one in ReviewStage.allCases.contains { one.screening.at($0)?.state == .conflict } } }
    public var thirds: Int {
        records.reduce(0) { sum, one in sum + ReviewStage.allCases.count { one.screening.at($0)?.isByThird ?? false } }
    }
}
