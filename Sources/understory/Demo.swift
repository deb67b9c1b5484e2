import App
import ArgumentParser
import Foundation

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the service with a made-up story in it, on loopback only.")
    @Option(help: "Port on 127.0.0.1.") var port = 8080
    @Option(help: "The host's data folder.") var data = "var/demo"
    @Flag(help: "Throw the story away and begin it anew.") var reset = false

    func run() async throws {
        var environment = ProcessInfo.processInfo.environment
        environment["UNDERSTORY_PORT"] = String(port)
        environment["UNDERSTORY_HOST"] = "127.0.0.1"
        environment["UNDERSTORY_ADDRESS"] = "http://127.0.0.1:\(port)"
        environment["UNDERSTORY_DATA"] = data
        let config = try Config(environment: environment)
        let lock = try DataLock(config.data)
        defer { lock.end() }
        // Not before the lock: a story that is being told keeps its file.
        if reset {
            for ending in ["", "-wal", "-shm"] {
                let path = config.data.appending(path: "understory.sqlite" + ending).path
                if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            }
            let logins = config.data.appending(path: "logins.txt").path
            if FileManager.default.fileExists(atPath: logins) { try FileManager.default.removeItem(atPath: logins) }
        }
        let house = try House(config, isDemo: true)
        let app = try await house.assembly.app()
        let logins = config.data.appending(path: "logins.txt")
        if try await !app.hasStory() {
            print("Telling the story of a fortnight. A few seconds.")
            fflush(nil)
            let lines = try await app.tellStory(from: config.content.appending(path: "demo"))
            try Data(lines.joined(separator: "\n").utf8).write(to: logins)
        }
        let known = FileManager.default.fileExists(atPath: logins.path) ? try String(contentsOf: logins, encoding: .utf8) : ""
        print(known)
        print(
            """
            Everything in it is made up. Sign in at /sign-in with a name and its six words; staff are then shown their
            six-figure code (outside the demo it comes from an authenticator, made from the last word of their line).
            """)
        fflush(nil)
        try await Server(app).run(log: house.log) { port in
            print("listening on http://127.0.0.1:\(port)")
            fflush(nil)
        }
    }
}
