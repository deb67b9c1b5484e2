import CCurl
import Foundation
import Rules

/// libcurl for the two things that leave over a network. Each call has ten seconds and a thread of its own.
enum Curl {
    static func post(_ body: Data, to address: String) async throws {
        try await onItsOwnThread {
            try transfer { curl in
                curl_set_text(curl, CURLOPT_URL, address)
                let length = body.count
                curl_set_number(curl, CURLOPT_POSTFIELDSIZE, length)
                body.withUnsafeBytes { bytes in
                    _ = curl_set_text(curl, CURLOPT_COPYPOSTFIELDS, bytes.bindMemory(to: CChar.self).baseAddress)
                }
                var headers = curl_slist_append(nil, "Content-Type: application/json")
                headers = curl_slist_append(headers, "Expect:")
                curl_set_list(curl, CURLOPT_HTTPHEADER, headers)
                return { curl_slist_free_all(headers) }
            }
        }
    }

    static func mail(_ letter: String, server: Secret, from: String, to: [String]) async throws {
        try await onItsOwnThread {
            guard let file = tmpfile() else { throw Failure(code: 23, status: 0) }
            defer { fclose(file) }
            fputs(letter, file)
            rewind(file)
            try transfer { curl in
                curl_set_text(curl, CURLOPT_URL, server.text)
                // A password never goes in clear: smtp:// too must change to TLS first, but for a mail server on this machine.
                curl_set_number(curl, CURLOPT_USE_SSL, isHere(server.text) ? 1 : 3)
                curl_set_text(curl, CURLOPT_MAIL_FROM, from)
                var everyone: UnsafeMutablePointer<curl_slist>?
                for one in to { everyone = curl_slist_append(everyone, one) }
                curl_set_list(curl, CURLOPT_MAIL_RCPT, everyone)
                // One address that is no more keeps the mail from nobody else.
                curl_mail_goes_to_those_taken(curl)
                curl_set_number(curl, CURLOPT_UPLOAD, 1)
                curl_set_file(curl, CURLOPT_READDATA, file)
                return { curl_slist_free_all(everyone) }
            }
        }
    }

    private static func isHere(_ address: String) -> Bool {
        ["127.0.0.1", "localhost", "::1", "[::1]"].contains(URLComponents(string: address)?.host ?? "")
    }

    private static func transfer(_ prepare: (UnsafeMutableRawPointer) -> () -> Void) throws {
        guard let handle = curl_easy_init() else { throw Failure(code: 2, status: 0) }
        defer { curl_easy_cleanup(handle) }
        curl_set_number(handle, CURLOPT_TIMEOUT, 10)
        curl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        curl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        curl_set_file(handle, CURLOPT_WRITEDATA, devNull)
        let finish = prepare(handle)
        defer { finish() }
        let code = curl_easy_perform(handle)
        var status = 0
        curl_status(handle, &status)
        // A redirect is not followed and so is no delivery.
        guard code == CURLE_OK, (200..<300).contains(status) else { throw Failure(code: Int(code.rawValue), status: status) }
    }

    nonisolated(unsafe) private static let devNull = fopen("/dev/null", "w")

    private static func onItsOwnThread(_ act: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { (reply: CheckedContinuation<Void, any Error>) in
            Thread { reply.resume(with: Result { try act() }) }.start()
        }
    }

    /// Codes only: the address could hold a password.
    struct Failure: Error, CustomStringConvertible {
        let code: Int
        let status: Int
        /// No address, no connection, no TLS, no signing in, or sender or receiver refused: before any word was sent.
        var isBeforeWords: Bool { [1, 3, 5, 6, 7, 35, 60, 64, 67].contains(code) || code == 55 && (400..<600).contains(status) }
        var description: String { "transfer failed, code \(code), status \(status)" }
    }
}
