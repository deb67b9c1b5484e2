import App
import ArgumentParser
import Foundation
import Logging
import Rules

/// What every command that opens the house shares.
struct House: Sendable {
    let assembly: Assembly
    let log: Logger

    /// `quietly` keeps the log off the terminal's standard output, where commands answer.
    init(_ config: Config, isDemo: Bool = false) throws {
        var log = Logger(label: "understory") { StreamLogHandler.standardError(label: $0) }
        log.logLevel = Logger.Level(rawValue: config.logLevel) ?? .info
        try FileManager.default.createDirectory(at: config.data, withIntermediateDirectories: true)
        try Self.makeKey(at: config.keyFile)
        let overlay = config.data.appending(path: "content")
        assembly = Assembly(
            database: config.database, keyFile: config.keyFile, content: config.content, publicFolder: config.publicFolder,
            overlay: FileManager.default.fileExists(atPath: overlay.path) ? overlay : nil,
            settings: Settings(
                address: config.address, host: config.host, port: config.port, trustedHops: config.trustedHops,
                leaveTo: config.leaveTo, erasures: config.erasures, isDemo: isDemo),
            alarm: isDemo && config.alarm.way == "none" ? .terminal : config.alarm,
            mail: isDemo && !config.mail.isSet ? .terminal : config.mail, log: log)
        self.log = log
    }

    /// A first start makes a key that only its owner may read.
    static func makeKey(at path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(KeyFile.fresh().utf8), attributes: [.posixPermissions: 0o600])
        else { throw ValidationError("The key file \(path) can not be written.") }
    }
}

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Run the service.")

    func run() async throws {
        let config = try Config()
        let lock = try DataLock(config.data)
        defer { lock.end() }
        let house = try House(config)
        var assembly = house.assembly
        assembly.checksRules = true
        let app = try await assembly.app()
        try await Server(app).run(log: house.log) { port in
            print("listening on port \(port)")
            fflush(nil)
        }
    }
}

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database up to date and say so.")

    func run() async throws {
        let app = try await House(try Config()).assembly.app()
        print("The database is up to date.")
        try app.stop()
    }
}

struct OpenAPICommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Print the OpenAPI document, or write the API's pages.")
    @Option(help: "A folder for the pages.") var pages: String?

    func run() throws {
        guard let pages else { return print(OpenAPI.text) }
        let folder = URL(filePath: pages)
        for page in APIPages.all { try Data(page.text.utf8).write(to: folder.appending(path: page.name)) }
    }
}

struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Copy the SQLite database to a file while it is in use.")
    @Argument(help: "The file to write.") var file: String

    func run() async throws {
        guard !FileManager.default.fileExists(atPath: file) else { throw ValidationError("\(file) is there already.") }
        let app = try await House(try Config()).assembly.app()
        try app.backup(to: file)
        try app.stop()
        print("Copied. The key file is not in it: keep that elsewhere.")
    }
}

struct Restore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put a copy back and erase again what was erased since.",
        discussion: """
            With SQLite: stop the service, then name the copy; the database of now is kept beside it. With PostgreSQL: put
            the copy back with pg_restore, then call this without a file. Erasures come from the file beside the key.
            """)
    @Argument(help: "A file that `understory backup` wrote (SQLite).") var file: String?

    func run() async throws {
        let config = try Config()
        let lock = try DataLock(config.data)
        defer { lock.end() }
        if let file {
            guard !config.database.contains("://") else {
                throw ValidationError("With PostgreSQL use pg_restore, then this without a file.")
            }
            guard FileManager.default.fileExists(atPath: file) else { throw ValidationError("\(file) is not there.") }
            let stamp = Date().formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
            for ending in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: config.database + ending) {
                try FileManager.default.moveItem(atPath: config.database + ending, toPath: config.database + ".before-\(stamp)" + ending)
            }
            try FileManager.default.copyItem(atPath: file, toPath: config.database)
        }
        let app = try await House(config).assembly.app()
        let erased = try await app.replayErasures()
        try app.stop()
        print("Restored. Erased again: \(erased).")
    }
}

struct Histories: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk the history of every case and say which were changed beside the service.")

    func run() async throws {
        let app = try await House(try Config()).assembly.app()
        let (walked, changed) = try await app.checkHistories()
        try app.stop()
        print("Cases walked: \(walked). Changed beside the service: \(changed.count).")
        for id in changed { print("  /cases/\(id)") }
        if !changed.isEmpty { throw ExitCode(1) }
    }
}

struct Drill: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a drill alarm and wait until somebody says \"I have it\"; prints the measured times.")
    @Option(help: "How long to wait, in minutes.") var minutes = 15

    func run() async throws {
        let app = try await House(try Config()).assembly.app()
        let report = try await app.drill(waiting: minutes) { print($0) }
        try app.stop()
        print(report)
    }
}
