import App
import ArgumentParser
import Foundation
import Rules

/// A review of studies from the command line: its numbers from decisions, its duplicates.
struct ReviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Reviews of studies: flow numbers from decisions, duplicates, search results.",
        subcommands: [Replay.self, FindDuplicates.self, Import.self])

    static func write(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    static func bytes(of file: String) throws -> [UInt8] {
        do { return Array(try Data(contentsOf: URL(filePath: file))) } catch { throw ValidationError("\(file) can not be read.") }
    }
}

extension ReviewCommand {
    struct Replay: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rebuild a review's flow numbers from a file of its decisions.",
            discussion: """
                A CSV file in the order of time: \(DecisionsFile.head.joined(separator: ",")). Stages: found (database or by-hand), duplicate \
                (removed), titles and full-text (in, out, unsure; a full text that is out has a reason). A broken row stops it, with its line.
                """)
        @Argument(help: "The decisions.") var file: String
        @Flag(help: "As JSON.") var json = false

        func run() throws {
            let decisions = DecisionsFile(try ReviewCommand.bytes(of: file))
            guard decisions.faults.isEmpty else {
                let shown = decisions.faults.prefix(20).map { "\(file), \($0)" }
                let more = decisions.faults.count > 20 ? ["and \(decisions.faults.count - 20) more"] : []
                let said = shown + more + ["No numbers were made and nothing was changed or lost: mend the file and run this again."]
                FileHandle.standardError.write(Data((said.joined(separator: "\n") + "\n").utf8))
                throw ExitCode(1)
            }
            let told = FlowTold(decisions.flow, try ReviewStage.allCases.map { ($0, try decisions.agreement($0)) }, decisions)
            if json { try ReviewCommand.write(json: told) } else { print(told.text) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a file of search results into a review.",
            discussion: """
                For files too big for the page; the service may run meanwhile. Every row that can be read is taken in, part by part; where \
                it breaks off, the same command goes on. The others are told with their line. The review's id stands in its address.
                """)
        @Argument(help: "The review's id.") var review: String
        @Argument(help: "RIS, NBIB, BibTeX or CSV.") var file: String
        @Option(help: "Which search, as 2024-01.") var search: String
        @Option(help: "Which database or list.") var source: String
        @Flag(help: "Found by hand.") var byHand = false

        func run() async throws {
            guard !search.isEmpty, search.count <= 80, !source.isEmpty, source.count <= 80 else {
                throw ValidationError("--search and --source with 1 to 80 letters")
            }
            let read = SearchFile(try ReviewCommand.bytes(of: file), named: file)
            let app = try await House(try Config()).assembly.app()
            let brought = try await app.bring(read, review: review, search: search, source: source, byHand: byHand)
            try app.stop()
            for line in ReadTold.lines(read, file) { print(line) }
            print("\(brought.duplicates) duplicates removed")
            if !read.faults.isEmpty { throw ExitCode(1) }
        }
    }

    struct FindDuplicates: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "duplicates", abstract: "Find records that are one publication, and say why.",
            discussion: """
                Reads RIS, NBIB, BibTeX and CSV. Rows that can not be read are told with their line; the others are used. With --bench it makes \
                records of which it is known what belongs together, and measures itself.
                """)
        @Argument(help: "Search results.") var files: [String] = []
        @Flag(help: "As JSON.") var json = false
        @Flag(help: "Measure on made-up records.") var bench = false
        @Option(help: "How many made-up records.") var records = 20_000
        @Option(help: "Seed of the made-up records.") var seed: UInt64 = 1
        @Option(help: "Print so many of the false pairs, and of those not found.") var show = 0

        func run() throws {
            if bench { return try measure() }
            guard !files.isEmpty else { throw ValidationError("Name a file, or say --bench.") }
            let read = try files.map { SearchFile(try ReviewCommand.bytes(of: $0), named: $0) }
            let all = read.flatMap(\.records)
            let found = Duplicates(all)
            if json { try tellJSON(read, all, found) } else { tell(read, all, found) }
            if read.contains(where: { !$0.faults.isEmpty }) { throw ExitCode(1) }
        }

        private struct Pair: Encodable { let a: Place, b: Place, rule: String }
        private struct Place: Encodable { let file: String, line: Int, title: String }
        private struct ReadFile: Encodable {
            let file: String, format: String, records: Int, refused: [Refused], oddLines: Int, firstOddLine: Int?
        }
        private struct Refused: Encodable { let line: Int, why: String }
        private struct Told: Encodable { let files: [ReadFile], records: Int, publications: Int, pairs: [Pair], groups: [[Place]] }

        private func tellJSON(_ read: [SearchFile], _ all: [FoundRecord], _ found: Duplicates) throws {
            func place(_ at: Int) -> Place { Place(file: all[at].file, line: all[at].line, title: all[at].title) }
            try ReviewCommand.write(
                json: Told(
                    files: zip(files, read).map { name, one in
                        ReadFile(
                            file: name, format: one.format.rawValue, records: one.records.count,
                            refused: one.faults.map { Refused(line: $0.line, why: $0.why.rawValue) }, oddLines: one.oddLines,
                            firstOddLine: one.firstOdd)
                    }, records: all.count, publications: all.count - found.groups.reduce(0) { $0 + $1.count - 1 },
                    pairs: found.pairs.map { Pair(a: place($0.first), b: place($0.second), rule: $0.rule.rawValue) },
                    groups: found.groups.map { $0.map(place) }))
        }

        private func tell(_ read: [SearchFile], _ all: [FoundRecord], _ found: Duplicates) {
            for (name, one) in zip(files, read) { for line in ReadTold.lines(one, name) { print(line) } }
            for pair in found.pairs {
                let (a, b) = (all[pair.first], all[pair.second])
                print("\(pair.rule.rawValue): \(a.file):\(a.line) and \(b.file):\(b.line)\n    \(a.title)\n    \(b.title)")
            }
            print(
                "\(all.count) records, \(all.count - found.groups.reduce(0) { $0 + $1.count - 1 }) publications, \(found.pairs.count) pairs joined"
            )
        }

        private struct Measured: Encodable {
            let records: Int, seed: UInt64, traps: Int, seconds: Double, truePairs: Int, foundPairs: Int, foundShare: Double,
                falsePairs: Int
            let byRule: [String: Int]
        }

        private func measure() throws {
            guard (100...500_000).contains(records) else { throw ValidationError("--records from 100 to 500000") }
            let made = LabelledRecords(records, seed: seed)
            let clock = ContinuousClock()
            var found: Duplicates?
            let took = clock.measure { found = Duplicates(made.records) }
            guard let found else { return }
            let (right, wrong) = (made.right(found.groups), made.wrong(found.groups).count)
            let seconds = Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18
            let told = Measured(
                records: records, seed: seed, traps: made.traps, seconds: (seconds * 1000).rounded() / 1000, truePairs: made.pairs,
                foundPairs: right,
                foundShare: Double(right) / Double(max(1, made.pairs)), falsePairs: wrong,
                byRule: Dictionary(grouping: found.pairs) { $0.rule.rawValue }.mapValues(\.count))
            if json { return try ReviewCommand.write(json: told) }
            print("\(records) made-up records (seed \(seed)), \(made.traps) of them other publications that look alike")
            print("seconds        \(told.seconds)")
            print("true pairs     \(told.truePairs), found \(right) (\(String(format: "%.1f", told.foundShare * 100)) %)")
            print("false pairs    \(wrong)")
            for (kind, pairs) in [("false", made.wrong(found.groups)), ("not found", made.missed(found.groups))] {
                for (a, b) in pairs.prefix(max(0, show)) { print("\(kind)\n    \(line(made.records[a]))\n    \(line(made.records[b]))") }
            }
            for rule in DuplicatePair.Rule.allCases { print("by \(rule.rawValue): \(told.byRule[rule.rawValue] ?? 0)") }
        }
    }
}

private func line(_ record: FoundRecord) -> String {
    "\(record.title) | \(record.authors.first ?? "") | \(record.year ?? 0) | \(record.doi ?? "") | \(record.pmid ?? "")"
}

/// What became of a file of search results, as lines.
enum ReadTold {
    static func lines(_ read: SearchFile, _ name: String) -> [String] {
        let odd = read.firstOdd.map { ", \(read.oddLines) lines were no UTF-8 and read as Windows-1252 (the first is line \($0))" } ?? ""
        let refused = read.faults.isEmpty ? "" : ", \(read.faults.count) rows not taken:"
        return ["\(name): \(read.records.count) records (\(read.format.rawValue))\(odd)\(refused)"]
            + read.faults.map { "    \(name), \($0)" }
    }
}
