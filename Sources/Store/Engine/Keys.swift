import Crypto
import Foundation
import Rules

/// AES-GCM with versioned keys from a key file outside the data folder.
///
/// Each account has a content key of its own, wrapped by the newest master key: throwing that row's key away
/// makes every sealed word of the account unreadable at once (crypto-shredding).
public struct Keys: Sendable {
    /// Masters by version; the highest seals, all open.
    private let masters: [UInt8: SymmetricKey]
    private let newest: UInt8

    public init(masters: [UInt8: Secret]) throws {
        guard let newest = masters.keys.max(), masters.values.allSatisfy({ $0.bytes.count == 32 }) else {
            throw StoreFault.unreadable("the key file (it needs 32-byte keys)")
        }
        self.newest = newest
        self.masters = masters.mapValues { SymmetricKey(data: $0.bytes) }
    }

    /// The key file: lines of `version:base64`.
    public init(file: String) throws {
        var masters: [UInt8: Secret] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let version = UInt8(parts[0]), let data = Data(base64Encoded: String(parts[1]))
            else { throw StoreFault.unreadable("the key file") }
            masters[version] = Secret(Array(data))
        }
        try self.init(masters: masters)
    }

    public static func newKeyFile() -> String {
        "1:" + SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString() + "\n"
    }

    var newestVersion: UInt8 { newest }
    var versions: [UInt8] { masters.keys.sorted() }
    func master(_ version: UInt8) -> SymmetricKey? { masters[version] }

    /// Seals under the house's key; `purpose` is bound in, so that a sealed value can not be moved elsewhere.
    public func seal(_ plain: [UInt8], for purpose: String) throws -> [UInt8] {
        [newest] + (try Self.seal(plain, with: masters[newest]!, purpose))
    }

    public func open(_ sealed: [UInt8], for purpose: String) throws -> [UInt8] {
        guard let version = sealed.first, let key = masters[version] else {
            throw StoreFault.unreadable("a sealed value (its key is gone)")
        }
        return try Self.open(Array(sealed.dropFirst()), with: key, purpose)
    }

    public func newContentKey() throws -> [UInt8] {
        try seal(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }, for: "content key")
    }

    public func contentKey(_ wrapped: [UInt8]) throws -> ContentKey {
        ContentKey(key: SymmetricKey(data: try open(wrapped, for: "content key")))
    }

    /// A keyed hash for what must be recognised and never read: addresses, codes, tokens.
    public func fingerprint(_ text: String, for purpose: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Data((purpose + "\0" + text).utf8), using: masters[newest]!))
    }

    fileprivate static func seal(_ plain: [UInt8], with key: SymmetricKey, _ purpose: String) throws -> [UInt8] {
        guard let box = try AES.GCM.seal(plain, using: key, authenticating: Array(purpose.utf8)).combined else {
            throw StoreFault.unreadable("a value being sealed")
        }
        return Array(box)
    }

    fileprivate static func open(_ sealed: [UInt8], with key: SymmetricKey, _ purpose: String) throws -> [UInt8] {
        Array(try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Array(purpose.utf8)))
    }
}

/// One account's own key.
public struct ContentKey: Sendable {
    fileprivate let key: SymmetricKey

    public func seal(_ text: String, for purpose: String) throws -> [UInt8] {
        try Keys.seal(Array(text.utf8), with: key, purpose)
    }

    public func open(_ sealed: [UInt8], for purpose: String) throws -> String {
        String(decoding: try Keys.open(sealed, with: key, purpose), as: UTF8.self)
    }
}
