import App
import ArgumentParser
import Foundation

extension ScreenCommand {
    struct Trial: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What would the rules on trial have done with the last items? Counts and ids.")
        @Option(help: "How many items back.") var last = 1000
        @Flag(help: "As JSON.") var json = false

        func run() async throws {
            let app = try await House(try Config()).assembly.app()
            print(try await app.trialReport(last: last, json: json))
            try app.stop()
        }
    }

    struct Calibrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Refit cut-offs from what moderators decided and marked as wrong.",
            discussion: """
                A rule or model was right where somebody decided about an item and nobody pressed "this was wrong". What is about
                danger can only come to see more, never less.
                """)
        @Option(help: "How many items back.") var last = 5000
        @Flag(help: "Write the adjustment into the host's content folder; it counts from the next start.") var write = false

        func run() async throws {
            let config = try Config()
            let app = try await House(config).assembly.app()
            print(try await app.calibrate(last: last, to: write ? config.data.appending(path: "content") : nil))
            try app.stop()
        }
    }

    struct Examples: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the labelled examples into a file of the host's own.",
            discussion:
                "JSON lines that `screen evaluate` reads. They hold people's words: only the file's owner may read it. Delete it after use."
        )
        @Argument(help: "The file to write; it must not be there yet.") var file: String
        @Option(help: "How many items back.") var last = 5000

        func run() async throws {
            guard !FileManager.default.fileExists(atPath: file) else { throw ValidationError("\(file) is there already.") }
            let app = try await House(try Config()).assembly.app()
            let count = try await app.writeExamples(last: last, to: URL(filePath: file))
            try app.stop()
            print("\(count) examples. They hold people's words: keep the file closed and delete it after use.")
        }
    }
}
