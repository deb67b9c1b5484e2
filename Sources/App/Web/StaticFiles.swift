import Crypto
import Foundation
import NIOCore

/// CSS, scripts and pictures, read once; addressed by their content, so that they may be kept for a year.
public struct StaticFiles: Sendable {
    struct File: Sendable {
        let bytes: ByteBuffer
        let zipped: ByteBuffer?
        let type: String
        let tag: String
    }
    private let files: [String: File]

    public init(folder: URL) throws {
        var files: [String: File] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            let types = [
                "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
                "txt": "text/plain; charset=utf-8", "webmanifest": "application/manifest+json", "woff2": "font/woff2", "png": "image/png",
            ]
            guard let type = types[file.pathExtension] else { continue }
            files[file.lastPathComponent] = Self.file(Array(try Data(contentsOf: file)), type)
        }
        let sprite = Array(Pictures.sprite().utf8)
        files["sprite.svg"] = Self.file(sprite, "image/svg+xml")
        self.files = files
    }

    private static func file(_ bytes: [UInt8], _ type: String) -> File {
        let tag = SHA256.hash(data: bytes).prefix(6).map { String(format: "%02x", $0) }.joined()
        let zipped = type.hasPrefix("font") ? nil : Gzip.whole.zipped(bytes)
        return File(bytes: ByteBuffer(bytes: bytes), zipped: zipped.map { ByteBuffer(bytes: $0) }, type: type, tag: tag)
    }

    func file(_ name: String) -> File? { files[name] }

    /// The address of a file: changes when the file does.
    func address(_ name: String) -> String { "/\(name)?v=\(files[name]?.tag ?? "0")" }
}
