import Foundation
import Rules

/// The one seam through which a mail reaches somebody who is not here: asked for beforehand, once, without a word about them.
public struct Mail: Sendable {
    public struct Message: Sendable, Equatable {
        public let to: Secret
        /// Whose house it is; all that the sender's name says.
        public let from: String
        /// By chance, and the moment: what a mail must have to be taken for one.
        public let id: String
        public let at: Instant
        public let subject: String
        public let words: String

        public init(to: Secret, from: String, id: String, at: Instant, subject: String, words: String) {
            (self.to, self.from, self.id, self.at, self.subject, self.words) = (to, from, id, at, subject, words)
        }
    }

    /// It surely did not leave, so that it may be tried again. Whatever else is thrown may have left.
    public struct NotHandedOver: Error, CustomStringConvertible {
        public init() {}
        public var description: String { "the mail was not handed over" }
    }

    public var send: @Sendable (Message) async throws -> Void
    public let isSet: Bool

    public init(isSet: Bool = true, send: @escaping @Sendable (Message) async throws -> Void) {
        self.isSet = isSet
        self.send = send
    }

    public static let none = Mail(isSet: false) { _ in throw NotHandedOver() }

    /// For the demo: that it would leave stands on the terminal; to whom does not.
    public static let terminal = Mail { message in print("A mail: \(message.subject)\n\(message.words)") }

    /// - Parameter from: the plain address that it comes from; the house's name is put before it.
    public static func smtp(server: Secret, from: String) -> Mail {
        Mail { message in
            do {
                // No return path: a report that it could not be delivered would show the address to whoever reads the host's mail.
                try await Curl.mail(letter(message, address: from), server: server, from: "", to: [message.to.text])
            } catch let failure as Curl.Failure where failure.isBeforeWords { throw NotHandedOver() }
        }
    }

    /// Every line of the head is made of what can end no line.
    static func letter(_ message: Message, address: String) -> String {
        "From: \(coded(message.from)) <\(address)>\r\nTo: <\(message.to.text)>\r\nSubject: \(coded(message.subject))\r\n"
            + "Date: \(day(message.at))\r\nMessage-ID: <\(message.id)@\(domain(address))>\r\n"
            + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Transfer-Encoding: 8bit\r\n\r\n\(message.words.replacing("\n", with: "\r\n"))\r\n"
    }

    static func domain(_ address: String) -> String { address.split(separator: "@").last.map { $0.filter { $0 != ">" } } ?? "localhost" }

    /// RFC 5322, in UTC.
    static func day(_ moment: Instant) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return format.string(from: Date(timeIntervalSince1970: Double(moment.milliseconds) / 1000))
    }

    /// RFC 2047, in words short enough for a line: no sign of the text stands in the head as itself.
    static func coded(_ text: String) -> String {
        var (words, now) = ([String](), "")
        for letter in text {
            if now.utf8.count + String(letter).utf8.count > 42 {
                words.append(now)
                now = ""
            }
            now.append(letter)
        }
        if !now.isEmpty { words.append(now) }
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }
}
