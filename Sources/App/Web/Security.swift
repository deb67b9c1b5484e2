import Crypto
import Foundation
import Rules
import Store

/// The token of a form: an HMAC under the session's own secret, masked anew each time so that compressed pages give
/// nothing away (BREACH).
enum FormToken {
    static func make(_ person: Person, chance: Chance) -> String {
        let mask = chance.bytes(16)
        let plain = proof(person)
        return hex(mask) + hex(zip(mask, plain).map { $0 ^ $1 })
    }

    static func holds(_ text: String, _ person: Person) -> Bool {
        guard let bytes = unhex(text), bytes.count == 32 else { return false }
        let plain = zip(bytes[..<16], bytes[16...]).map { $0 ^ $1 }
        // Compared without giving away where they differ.
        return zip(plain, proof(person)).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static func proof(_ person: Person) -> [UInt8] {
        Array(
            HMAC<SHA256>.authenticationCode(for: Data("form".utf8), using: SymmetricKey(data: person.secret.bytes)).prefix(16))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let letters = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [letters[Int($0 >> 4)], letters[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func unhex(_ text: String) -> [UInt8]? {
        guard text.utf8.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for byte in text.utf8 {
            let value: UInt8
            switch byte {
            case 48...57: value = byte - 48
            case 97...102: value = byte - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}

/// RFC 6238 with six figures and thirty seconds, over swift-crypto's HMAC.
enum SecondFactor {
    static func code(seed: Secret, step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let mac = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: seed.bytes)))
        let offset = Int(mac[19] & 15)
        let number = mac[offset..<(offset + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - text.count) + text
    }

    /// The step a code belongs to: now, or one before or after for clocks that differ.
    static func step(of code: String, seed: Secret, now: Instant) -> Int64? {
        let current = now.milliseconds / 30_000
        return [current, current - 1, current + 1].first { self.code(seed: seed, step: $0) == code }
    }

    /// The seed in base 32, as authenticator programs take it.
    static func written(_ seed: Secret) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        var (bits, count, out) = (0, 0, "")
        for byte in seed.bytes {
            bits = bits << 8 | Int(byte)
            count += 8
            while count >= 5 {
                out.append(letters[bits >> (count - 5) & 31])
                count -= 5
            }
        }
        return out
    }
}
