import App
import ArgumentParser
import Foundation
import Rules
import Statistics

struct StudyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Studies: protocols in, reports and summaries out.",
        subcommands: [Add.self, Watch.self, Analyse.self, Summary.self, Pool.self, Verify.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take a protocol in as a draft; a researcher opens it in the pages.")
        @Argument(help: "The protocol (JSON).") var file: String

        func run() async throws {
            let data = try Data(contentsOf: URL(filePath: file))
            let app = try await House(try Config()).assembly.app()
            let hash = try await app.draftStudy(data)
            try app.stop()
            print("Taken in. SHA-256 \(hash)")
        }
    }

    struct Watch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What each limit h of a harm watch would do, by simulation: to choose it before the first person.")
        @Option(help: "Events for a person-week that are usual.") var usual: Double
        @Option(help: "The rate to be found.") var raised: Double
        @Option(help: "People in the study in each week.") var people: Int
        @Option(help: "Weeks that it lasts.") var weeks: Int
        @Option(help: "Runs for each figure.") var runs = 2000
        @Option(help: "The same seed prints the same.") var seed: UInt64 = 1

        func run() throws {
            let choices = try CusumChoice.simulate(
                from: usual, to: raised, people: people, weeks: weeks, h: [1, 1.5, 2, 3, 4, 5, 6, 8], runs: runs, seed: seed)
            print("h     rings for nothing   finds the raised rate   in the middle after")
            for one in choices {
                let nothing = String(format: "%5.1f %%", one.falseAlarms * 100), found = String(format: "%5.1f %%", one.found * 100)
                print(
                    "\(String(format: "%-5.1f", one.h)) \(nothing)             \(found)                 \(one.weeksToRing.map { "\($0) weeks" } ?? "never")"
                )
            }
        }
    }

    struct Analyse: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The planned analysis of an ended study, as one page that stands by itself and as JSON.")
        @Argument(help: "The study.") var study: String
        @Option(help: "Where the page is written.") var html: String?
        @Option(help: "Where the JSON is written; printed without it.") var json: String?
        @Option(help: "What an hour of staff costs.") var hourly = 0

        func run() async throws {
            let app = try await House(try Config()).assembly.app()
            let made = try await app.studyReport(study, hourly: hourly)
            try app.stop()
            if let html { try made.html.write(to: URL(filePath: html), options: .atomic) }
            if let json {
                try made.json.write(to: URL(filePath: json), options: .atomic)
            } else {
                print(String(decoding: made.json, as: UTF8.self))
            }
        }
    }

    struct Summary: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Effects, variances and counts of an ended study, for pooling.")
        @Argument(help: "The study.") var study: String

        func run() async throws {
            let app = try await House(try Config()).assembly.app()
            let made = try await app.studySummary(study)
            try app.stop()
            print(String(decoding: made, as: UTF8.self))
        }
    }

    struct Pool: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Join the summaries of several hosts: random effects, Hartung and Knapp's interval, never narrower than the usual one.")
        @Argument(help: "Files that `study summary` printed.") var files: [String]
        @Flag(help: "As JSON.") var json = false

        func run() throws {
            let all = try files.map { file in
                do { return try JSONDecoder().decode(StudySummary.self, from: Data(contentsOf: URL(filePath: file))) } catch let error
                    as DecodingError
                {
                    throw ValidationError("\(file) is no summary of a study: \(error)")
                }
            }
            let joined = try PooledStudies.join(all)
            if json {
                let rows = joined.map {
                    "{\"of\": \"\($0.of)\", \"hosts\": \($0.hosts), \"people\": \($0.people), \"points\": \($0.pooled.random), \"lower\": \($0.pooled.cautiousInterval.lower), \"upper\": \($0.pooled.cautiousInterval.upper), \"tau2\": \($0.pooled.tau2), \"i2\": \($0.pooled.i2)}"
                }
                print("[\(rows.joined(separator: ", "))]")
            } else {
                for one in joined {
                    print(
                        String(
                            format: "%@: %.2f points (95 %% %.2f to %.2f), %d hosts, about %d people, I² %.0f %%", one.of,
                            one.pooled.random,
                            one.pooled.cautiousInterval.lower, one.pooled.cautiousInterval.upper, one.hosts, one.people, one.pooled.i2))
                }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "For evaluators: is this data set the house's, and does it fit its public numbers?",
            discussion: "Needs the data set, the house's /record/keys and the study's public page as JSON (Accept: application/json).")
        @Argument(help: "The data set.") var file: String
        @Option(help: "What /record/keys answered.") var keys: String
        @Option(help: "What /studies/<study> answered as JSON.") var page: String

        func run() throws {
            func read(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }
            let check = try DataSetCheck(token: read(file), keys: read(keys), page: read(page))
            for problem in check.problems { print(problem) }
            print("\(check.rows) rows, \(check.problems.isEmpty ? "signed, and fit what is public" : "not to be trusted").")
            if !check.problems.isEmpty { throw ExitCode(1) }
        }
    }
}
