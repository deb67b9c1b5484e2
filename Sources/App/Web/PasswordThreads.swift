import CSodium
import Foundation
import Rules

/// Argon2id by libsodium on threads of its own (19 MiB and two passes, about 10 ms each): on the shared pool a few
/// sign-ins would hold up everybody's pages.
final class PasswordThreads: Sendable {
    private let queue = DispatchQueue(label: "passwords", attributes: .concurrent)
    private let slots: DispatchSemaphore
    private let waiting = Locked(0)

    init(count: Int) {
        precondition(sodium_init() >= 0, "libsodium does not start")
        slots = DispatchSemaphore(value: count)
    }

    /// Nil when too many are waiting already: the caller asks people to come back in a minute.
    private func run<T: Sendable>(_ work: @escaping @Sendable () -> T) async -> T? {
        let admitted = waiting.with { count in
            guard count < 64 else { return false }
            count += 1
            return true
        }
        guard admitted else { return nil }
        return await withCheckedContinuation { reply in
            queue.async { [slots, waiting] in
                slots.wait()
                let value = work()
                slots.signal()
                waiting.with { $0 -= 1 }
                reply.resume(returning: value)
            }
        }
    }

    func hash(_ secret: String) async -> String? { await run { Self.hashNow(secret) } ?? nil }

    static func hashNow(_ secret: String) -> String? {
        var out = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let code = crypto_pwhash_str(&out, secret, UInt64(secret.utf8.count), 2, 19 << 20)
        guard code == 0 else { return nil }
        return String(decoding: out.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    func matches(_ secret: String, _ hash: String) async -> Bool? {
        await run { crypto_pwhash_str_verify(hash, secret, UInt64(secret.utf8.count)) == 0 }
    }
}
