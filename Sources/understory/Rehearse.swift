import App
import ArgumentParser
import Foundation
import Logging
import Outside
import Rules
import Synchronization

/// A throwaway service with a movable clock and a recording way out, driven by standard input: for story tests,
/// measurements and rehearsing with a team. It binds to loopback and takes only a folder it made itself.
struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "A throwaway service with a movable clock, driven by standard input.")
    @Option(help: "sqlite:FILE or postgresql://…") var database: String?
    @Option(help: "A folder of its own.") var data: String
    @Option(help: "Port on 127.0.0.1; 0 picks one.") var port = 0
    @Option(help: "demo, or nothing.") var seed: String?
    @Option(help: "Content folder.") var content = "Content"
    @Option(name: .customLong("public"), help: "Folder of CSS and scripts.") var publicFolder = "Public"
    @Option(help: "How many proxies in front are trusted.") var trustedHops = 0
    @Option(help: "Log level.") var logLevel = "info"

    func run() async throws {
        let folder = URL(filePath: data)
        let mark = folder.appending(path: ".rehearsal")
        if FileManager.default.fileExists(atPath: folder.path), !FileManager.default.fileExists(atPath: mark.path),
            try !FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty
        {
            throw ValidationError("\(data) is not a rehearsal's folder.")
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: mark)
        let keyFile = folder.appending(path: "key").path
        try House.makeKey(at: keyFile)
        var log = Logger(label: "understory") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = Logger.Level(rawValue: logLevel) ?? .info

        let rehearsal = Rehearsal()
        let own = folder.appending(path: "content")
        let target = database ?? "sqlite:" + folder.appending(path: "understory.sqlite").path
        let assembly = Assembly(
            database: target.hasPrefix("sqlite:") ? String(target.dropFirst(7)) : target, keyFile: keyFile,
            content: URL(filePath: content), publicFolder: URL(filePath: publicFolder),
            overlay: FileManager.default.fileExists(atPath: own.path) ? own : nil,
            settings: Settings(
                address: "http://127.0.0.1:\(port)", host: "127.0.0.1", port: port, trustedHops: trustedHops,
                erasures: folder.appending(path: "erasures"), isDemo: seed == "demo", hasFloor: true), alarm: rehearsal.alarm,
            mail: rehearsal.mail,
            now: rehearsal.clock, log: log)
        let app = try await assembly.app()
        if seed == "demo", try await !app.hasStory() {
            let lines = try await app.tellStory(from: URL(filePath: content).appending(path: "demo"))
            for line in lines where line.hasPrefix("login") { print(line) }
        }
        let stage = RehearsalStage(app, rehearsal: rehearsal, file: target.hasPrefix("sqlite:") ? String(target.dropFirst(7)) : nil)
        let listen: @Sendable () -> Void = {
            while let line = readLine() {
                let done = DispatchSemaphore(value: 0)
                Task {
                    print(await stage.answer(line))
                    fflush(nil)
                    done.signal()
                }
                done.wait()
                if line == "stop" { break }
            }
            kill(getpid(), SIGTERM)
        }
        try await Server(app).run(log: log) { port in
            print("listening on http://127.0.0.1:\(port)")
            fflush(nil)
            Thread(block: listen).start()
        }
    }
}
