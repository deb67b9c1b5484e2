/// Formats with a tag before each line: RIS and NBIB differ in their tags and in how a record ends.
protocol RecordTags {
    /// The tag of a line and where its value begins; nil for a line that goes on.
    func tag(of line: ArraySlice<UInt8>) -> (name: String, value: ArraySlice<UInt8>)?
    /// Does a record begin with this tag?
    func begins(_ tag: String) -> Bool
    /// Does it end with this tag?
    func ends(_ tag: String) -> Bool
    func fill(_ record: inout FoundRecord, _ values: [String: [String]])
}

/// "TY  - JOUR" to "ER  - ".
struct RISTags: RecordTags {
    func tag(of line: ArraySlice<UInt8>) -> (name: String, value: ArraySlice<UInt8>)? {
        guard line.count >= 5 else { return nil }
        let head = Array(line.prefix(6))
        guard isTagByte(head[0]), isTagByte(head[1]), head[2] == 32, head[3] == 32, head[4] == 45 else { return nil }
        guard head.count < 6 || head[5] == 32 || head[5] == 13 else { return nil }
        return (String(decoding: head[0..<2], as: UTF8.self), line.dropFirst(5))
    }

    private func isTagByte(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (48...57).contains(byte) }

    func begins(_ tag: String) -> Bool { tag == "TY" }
    func ends(_ tag: String) -> Bool { tag == "ER" }

    func fill(_ record: inout FoundRecord, _ values: [String: [String]]) {
        func first(_ tags: String...) -> String? { tags.lazy.compactMap { values[$0]?.first }.first { !$0.isEmpty } }
        record.title = first("TI", "T1", "CT", "BT") ?? ""
        record.authors = ["AU", "A1", "A2"].lazy.compactMap { values[$0] }.first { !$0.isEmpty } ?? []
        record.year = ["PY", "Y1", "DA"].lazy.compactMap { first($0).flatMap(plainYear) }.first
        record.journal = first("T2", "JF", "JO", "JA", "J2")
        record.doi = ["DO", "UR", "L3"].lazy.compactMap { first($0).flatMap(plainDOI) }.first
        // A number of the database is PubMed's where it says so.
        let isPubMed = ["DB", "DP"].contains { ["pubmed", "medline"].contains((first($0) ?? "").lowercased()) }
        record.pmid = first("PM").flatMap(plainPMID) ?? (isPubMed ? first("AN", "ID").flatMap(plainPMID) : nil)
        record.abstract = first("AB", "N2")
    }
}

/// PubMed's own: "PMID- 123", values going on after six spaces.
struct NBIBTags: RecordTags {
    func tag(of line: ArraySlice<UInt8>) -> (name: String, value: ArraySlice<UInt8>)? {
        guard line.count >= 5, line[line.startIndex + 4] == 45 else { return nil }
        let head = line.prefix(4)
        guard let first = head.first, (65...90).contains(first), head.allSatisfy({ (65...90).contains($0) || $0 == 32 }) else { return nil }
        return (tidy(head), line.dropFirst(5))
    }

    func begins(_ tag: String) -> Bool { tag == "PMID" }
    func ends(_ tag: String) -> Bool { false }

    func fill(_ record: inout FoundRecord, _ values: [String: [String]]) {
        func first(_ tags: String...) -> String? { tags.lazy.compactMap { values[$0]?.first }.first { !$0.isEmpty } }
        record.title = first("TI", "BTI") ?? ""
        record.authors = values["FAU"] ?? values["AU"] ?? []
        record.year = first("DP", "DEP").flatMap(plainYear)
        record.journal = first("JT", "TA")
        record.doi = ((values["LID"] ?? []) + (values["AID"] ?? [])).lazy.filter { $0.contains("[doi]") }.compactMap(plainDOI).first
        record.pmid = first("PMID").flatMap(plainPMID)
        record.abstract = first("AB")
    }
}

extension SearchFile {
    mutating func readTagged(_ bytes: [UInt8], _ name: String, _ tags: some RecordTags) {
        var open: (line: Int, values: [String: [String]], last: String)?
        func close() -> FoundRecord? {
            guard let open else { return nil }
            var record = FoundRecord(title: "", file: name, line: open.line)
            tags.fill(&record, open.values)
            return record
        }
        for (place, line) in bytes.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            if let (tag, value) = tags.tag(of: line) {
                if tags.begins(tag) {
                    if let record = close() { take(record) }
                    open = (place + 1, [:], tag)
                } else if tags.ends(tag) {
                    if let record = close() { take(record) }
                    open = nil
                    continue
                }
                if open == nil {
                    faults.append(LineFault(line: place + 1, why: .outside))
                } else {
                    var values = open?.values[tag] ?? []
                    values.append(tidy(value))
                    open?.values[tag] = values
                    open?.last = tag
                }
            } else {
                let words = tidy(line)
                if words.isEmpty { continue }
                // A line without a tag goes on with the value above it.
                if let last = open?.last, var values = open?.values[last], var end = values.popLast() {
                    open?.values[last] = nil
                    if !end.isEmpty { end += " " }
                    end += words
                    values.append(end)
                    open?.values[last] = values
                } else if !records.isEmpty || !faults.isEmpty || place > 4 {
                    // The first lines of an export may say what it is.
                    faults.append(LineFault(line: place + 1, why: .outside))
                }
            }
        }
        if let record = close() { take(record) }
    }
}
