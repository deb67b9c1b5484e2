import App
import Configuration
import Foundation
import Outside
import Rules

/// The settings, read once and strictly: every bad or unknown one is named, and the start is refused.
///
/// They come from the environment as UNDERSTORY_… (`address` is UNDERSTORY_ADDRESS, `alarm.webhook` is
/// UNDERSTORY_ALARM_WEBHOOK). Secrets may come from a file instead: UNDERSTORY_ALARM_MAIL_SERVER_FILE.
struct Config {
    var address = "http://127.0.0.1:8080"
    var host = "127.0.0.1"
    var port = 8080
    var data = URL(filePath: "var")
    var database = ""
    var keyFile = ""
    var content = URL(filePath: "Content")
    var publicFolder = URL(filePath: "Public")
    var trustedHops = 0
    var leaveTo = "/weather"
    var logLevel = "info"
    var alarm = Alarm.none
    var mail = Mail.none

    /// Beside the key, outside the data folder: a restore of the data must not undo it.
    var erasures: URL { URL(filePath: keyFile).deletingLastPathComponent().appending(path: ".understory-erasures") }

    struct Faults: Error, CustomStringConvertible {
        let all: [String]
        var description: String { "These settings can not be used:\n" + all.map { "  " + $0 }.joined(separator: "\n") }
    }

    private static let known = [
        "address", "host", "port", "data", "database", "key.file", "content", "public", "trusted.hops", "leave.to", "log.level",
        "alarm.command", "alarm.webhook", "alarm.mail.server", "alarm.mail.server.file", "alarm.mail.from", "alarm.mail.to", "mail.server",
        "mail.server.file", "mail.from",
    ]

    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let reader = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)).scoped(to: "understory")
        var faults: [String] = []
        let names = Set(Self.known.map { "UNDERSTORY_" + $0.uppercased().replacing(".", with: "_") })
        for name in environment.keys.sorted() where name.hasPrefix("UNDERSTORY_") && !names.contains(name) {
            faults.append("\(name) is not a setting")
        }
        func text(_ key: String) -> String? { reader.string(forKey: ConfigKey(key)) }
        func number(_ key: String, _ range: ClosedRange<Int>) -> Int? {
            guard let typed = text(key) else { return nil }
            guard let value = Int(typed), range.contains(value) else {
                faults.append("\(key) must be a number from \(range.lowerBound) to \(range.upperBound)")
                return nil
            }
            return value
        }
        port = number("port", 0...65_535) ?? port
        trustedHops = number("trusted.hops", 0...10) ?? trustedHops
        host = text("host") ?? host
        address = text("address") ?? "http://\(host):\(port)"
        data = text("data").map { URL(filePath: $0) } ?? data
        content = text("content").map { URL(filePath: $0) } ?? content
        publicFolder = text("public").map { URL(filePath: $0) } ?? publicFolder
        database = text("database") ?? data.appending(path: "understory.sqlite").path
        // The key lies outside the data folder: whoever copies the one has not copied the other.
        keyFile = text("key.file") ?? data.deletingLastPathComponent().appending(path: ".understory-key").path
        leaveTo = text("leave.to") ?? leaveTo
        if let level = text("log.level") {
            if ["debug", "info", "notice", "warning", "error"].contains(level) {
                logLevel = level
            } else {
                faults.append("log.level must be debug, info, notice, warning or error")
            }
        }
        Self.checkAddress(address, host, &faults)
        if database.hasPrefix("sqlite:") { database = String(database.dropFirst(7)) }
        for (key, folder) in [("content", content), ("public", publicFolder)] where !FileManager.default.fileExists(atPath: folder.path) {
            faults.append("\(key): there is no folder \(folder.path)")
        }
        // Where they really are: a link into the data folder is the data folder.
        let file = URL(filePath: keyFile)
        let places = [file.resolvingSymlinksInPath(), file.deletingLastPathComponent().resolvingSymlinksInPath().appending(path: "key")]
        if places.contains(where: { $0.path.hasPrefix(data.resolvingSymlinksInPath().path + "/") }) {
            faults.append("key.file must lie outside the data folder")
        }
        do { alarm = try Self.alarm(text) } catch let fault as Faults { faults += fault.all }
        do { mail = try Self.mail(text) } catch let fault as Faults { faults += fault.all }
        guard faults.isEmpty else { throw Faults(all: faults) }
    }

    /// How one kind mail leaves: from an address of its own, since that of alarms may say too much; by its own server or by the alarms'.
    private static func mail(_ text: (String) -> String?) throws -> Mail {
        guard let from = text("mail.from") else {
            guard text("mail.server") == nil, text("mail.server.file") == nil else { throw Faults(all: ["mail.server needs mail.from"]) }
            return .none
        }
        var faults = AskingAfter.isAddress(from) ? [] : ["mail.from must be an address"]
        var server = text("mail.server") ?? text("alarm.mail.server")
        if let file = text("mail.server.file") ?? (server == nil ? text("alarm.mail.server.file") : nil) {
            do { server = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines) } catch {
                faults.append("mail.server.file can not be read")
            }
        }
        if let server {
            if !server.hasPrefix("smtp") { faults.append("mail.server must begin with smtp:// or smtps://") }
        } else if faults.isEmpty {
            faults.append("mail.from needs mail.server")
        }
        guard faults.isEmpty, let server else { throw Faults(all: faults) }
        return .smtp(server: Secret(server), from: from)
    }

    /// https, or http on loopback only: a session over plain http elsewhere is readable on the way.
    private static func checkAddress(_ address: String, _ host: String, _ faults: inout [String]) {
        guard let url = URL(string: address), let scheme = url.scheme, let name = url.host() else {
            faults.append("address must be a whole address, as https://example.org")
            return
        }
        let loopback = ["127.0.0.1", "localhost", "::1", "[::1]"]
        switch scheme {
        case "https": break
        case "http":
            if !loopback.contains(name) { faults.append("address: http is for loopback alone; use https") }
            if !loopback.contains(host) { faults.append("host: with an http address the server binds to loopback alone") }
        default: faults.append("address must begin with https://")
        }
    }

    private static func alarm(_ text: (String) -> String?) throws -> Alarm {
        var ways: [Alarm] = []
        var faults: [String] = []
        if let command = text("alarm.command") {
            if FileManager.default.isExecutableFile(atPath: command) {
                ways.append(.command(command))
            } else {
                faults.append("alarm.command: \(command) is not a program")
            }
        }
        if let webhook = text("alarm.webhook") {
            if webhook.hasPrefix("http") { ways.append(.webhook(webhook)) } else { faults.append("alarm.webhook must be an http address") }
        }
        var server = text("alarm.mail.server")
        if let file = text("alarm.mail.server.file") {
            do { server = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines) } catch {
                faults.append("alarm.mail.server.file can not be read")
            }
        }
        if let server {
            let to = (text("alarm.mail.to") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter {
                !$0.isEmpty
            }
            if !server.hasPrefix("smtp") { faults.append("alarm.mail.server must begin with smtp:// or smtps://") }
            if to.isEmpty || text("alarm.mail.from") == nil { faults.append("alarm.mail needs from and to") }
            for one in to where !one.contains("@") || one.contains(where: \.isWhitespace) {
                faults.append("alarm.mail.to: \(one) is no address")
            }
            ways.append(.mail(server: Secret(server), from: text("alarm.mail.from") ?? "", to: to))
        }
        if ways.count > 1 { faults.append("alarm: choose one of command, webhook and mail") }
        guard faults.isEmpty else { throw Faults(all: faults) }
        return ways.first ?? .none
    }
}
