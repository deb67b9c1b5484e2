import Crypto
import Foundation

/// Signatures of the house, Ed25519 (RFC 8032): a key for each version of the key file, so that what was signed before a new key is
/// still known.
extension Keys {
    /// HKDF (RFC 5869) from the master; never kept anywhere.
    private func signingKey(_ version: UInt8) throws -> Curve25519.Signing.PrivateKey? {
        guard let master = master(version) else { return nil }
        let seed = HKDF<SHA256>.deriveKey(inputKeyMaterial: master, info: Data("record of help".utf8), outputByteCount: 32)
        return try Curve25519.Signing.PrivateKey(rawRepresentation: seed.withUnsafeBytes { Data($0) })
    }

    /// 64 bytes, with the version of the key that made them.
    public func sign(_ bytes: [UInt8]) throws -> (key: UInt8, signature: [UInt8]) {
        guard let key = try signingKey(newestVersion) else { throw StoreFault.unreadable("the signing key") }
        return (newestVersion, Array(try key.signature(for: Data(bytes))))
    }

    /// Did this house sign these bytes with that key?
    public func isSigned(_ bytes: [UInt8], by version: UInt8, _ signature: [UInt8]) throws -> Bool {
        try signingKey(version)?.publicKey.isValidSignature(Data(signature), for: Data(bytes)) ?? false
    }

    /// Public keys by version, 32 bytes each: for whoever checks without asking us.
    public func publicKeys() throws -> [(version: UInt8, bytes: [UInt8])] {
        try versions.compactMap { version in try signingKey(version).map { (version, Array($0.publicKey.rawRepresentation)) } }
    }
}
