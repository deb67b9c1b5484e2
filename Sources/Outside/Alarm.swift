import Foundation
import Rules

/// The one seam through which an alarm leaves the house: a code and a link, never a word of anybody's.
public struct Alarm: Sendable {
    /// What goes out. Whoever reads it over a shoulder learns that somebody should look, and nothing else.
    public struct Message: Sendable, Equatable {
        public let code: String
        public let tier: Int
        public let link: String
        public let drill: Bool
        public let at: Instant

        public init(code: String, tier: Int, link: String, drill: Bool, at: Instant) {
            (self.code, self.tier, self.link, self.drill, self.at) = (code, tier, link, drill, at)
        }

        var text: String {
            "\(drill ? "Drill. " : "")Somebody is needed. Code \(code), step \(tier + 1). Open \(link) and say that you have it."
        }
    }

    /// Throws when it could not be handed over; the job tries again.
    public var send: @Sendable (Message) async throws -> Void
    /// How it leaves, in one word for the operator's page: `none`, `command`, `webhook`, `mail`.
    public let way: String

    public init(way: String, send: @escaping @Sendable (Message) async throws -> Void) {
        self.way = way
        self.send = send
    }

    public struct NotSet: Error, CustomStringConvertible {
        public init() {}
        public var description: String { "no way is set for alarms to leave" }
    }

    /// Nothing is set: every alarm fails, is seen to fail, and climbs.
    public static let none = Alarm(way: "none") { _ in throw NotSet() }

    /// For the demo: what would leave stands on the terminal.
    public static let terminal = Alarm(way: "terminal") { message in print("An alarm: \(message.text)") }

    /// The program at `path` gets code, step and link as arguments; its exit status says whether it took them. After
    /// `patience` seconds it is ended and counts as one that did not.
    public static func command(_ path: String, patience: Int = 10) -> Alarm {
        Alarm(way: "command") { message in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: path)
            process.arguments = [message.code, String(message.tier + 1), message.link, message.drill ? "drill" : "real"]
            process.standardInput = FileHandle.nullDevice
            let status: Int32 = try await withCheckedThrowingContinuation { reply in
                process.terminationHandler = { reply.resume(returning: $0.terminationStatus) }
                do { try process.run() } catch { return reply.resume(throwing: error) }
                let number = process.processIdentifier
                DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(patience)) {
                    if process.isRunning { kill(number, SIGKILL) }
                }
            }
            guard status == 0 else { throw Refused(what: "command", status: Int(status)) }
        }
    }

    /// POSTs a small JSON object.
    public static func webhook(_ address: String) -> Alarm {
        Alarm(way: "webhook") { message in
            let body: [String: String] = [
                "code": message.code, "step": String(message.tier + 1), "link": message.link,
                "kind": message.drill ? "drill" : "alarm",
            ]
            let json = try JSONSerialization.data(withJSONObject: body, options: [.sortedKeys])
            try await Curl.post(json, to: address)
        }
    }

    /// Hands a plain mail to an SMTP server (`smtp://` or `smtps://`, user and password in the address). `to` is the phone
    /// tree: the first step reaches the first of them, each further step one more, the last step all.
    public static func mail(server: Secret, from: String, to everyone: [String]) -> Alarm {
        Alarm(way: "mail") { message in
            let to = message.tier >= Tier.everyone.rawValue ? everyone : Array(everyone.prefix(message.tier + 1))
            let letter =
                "From: \(from)\r\nTo: \(to.joined(separator: ", "))\r\nSubject: Somebody is needed (\(message.code))\r\n"
                // Without these two many a mail server takes it for junk.
                + "Date: \(Mail.day(message.at))\r\nMessage-ID: <\(message.code).\(message.tier).\(message.at.milliseconds)@\(Mail.domain(from))>\r\n"
                + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\(message.text)\r\n"
            try await Curl.mail(letter, server: server, from: from, to: to)
        }
    }

    public struct Refused: Error, CustomStringConvertible {
        let what: String
        let status: Int
        public var description: String { "\(what) answered \(status)" }
    }
}
