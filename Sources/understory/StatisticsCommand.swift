import App
import ArgumentParser
import Foundation
import Statistics

struct StatisticsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics", abstract: "The methods that studies are analysed with.", subcommands: [Check.self, Bench.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compute every vector of a folder and compare it with what independent packages made of it.",
            discussion: """
                Reads each .json file with family, tolerance and vectors, as beside the tests. Prints passed and failed by family, and \
                each failure by id. Ends with 1 where anything failed or nothing was found.
                """)
        @Argument(help: "The folder with the vector files.") var folder: String
        @Flag(help: "One JSON object: family to passed, failed and the failures.") var json = false
        @Option(help: "Where the measures lie; beside the rest of the content without it.") var measures: String?

        func run() throws {
            let content = try Config().content.appending(path: "measures")
            let known = try instruments(in: measures.map { URL(filePath: $0) } ?? content)
            let files = try FileManager.default.contentsOfDirectory(at: URL(filePath: folder), includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
            guard !files.isEmpty else { throw ValidationError("No .json file in \(folder).") }
            let outcomes = try files.map { file in
                do { return try VectorFile(Data(contentsOf: file)).check(measures: known) } catch let error as DecodingError {
                    throw ValidationError("\(file.lastPathComponent) is no file of vectors: \(error)")
                }
            }
            if json { try printJSON(outcomes) } else { printTable(outcomes) }
            if outcomes.contains(where: { !$0.failed.isEmpty || $0.passed == 0 }) { throw ExitCode(1) }
        }

        private func printTable(_ outcomes: [VectorFile.Outcome]) {
            for outcome in outcomes {
                print(
                    "\(outcome.family.padding(toLength: 16, withPad: " ", startingAt: 0)) \(outcome.passed) passed, \(outcome.failed.count) failed"
                )
                for failure in outcome.failed { print("    \(failure)") }
            }
            print(
                "\(outcomes.reduce(0) { $0 + $1.passed }) passed, \(outcomes.reduce(0) { $0 + $1.failed.count }) failed, \(outcomes.count) families"
            )
        }

        private struct Family: Encodable {
            let passed: Int, failed: Int, failures: [String]
        }

        private func printJSON(_ outcomes: [VectorFile.Outcome]) throws {
            var families: [String: Family] = [:]
            for outcome in outcomes {
                let before = families[outcome.family]
                families[outcome.family] = Family(
                    passed: (before?.passed ?? 0) + outcome.passed, failed: (before?.failed ?? 0) + outcome.failed.count,
                    failures: (before?.failures ?? []) + outcome.failed)
            }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            print(String(decoding: try encoder.encode(families), as: UTF8.self))
        }
    }
}
