import CZlib
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
                "webmanifest": "application/manifest+json", "woff2": "font/woff2", "png": "image/png",
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
        let zipped = type.hasPrefix("font") ? nil : gzip(bytes, level: 9)
        return File(bytes: ByteBuffer(bytes: bytes), zipped: zipped.map { ByteBuffer(bytes: $0) }, type: type, tag: tag)
    }

    func file(_ name: String) -> File? { files[name] }

    /// The address of a file: changes when the file does.
    func address(_ name: String) -> String { "/\(name)?v=\(files[name]?.tag ?? "0")" }
}

/// gzip by zlib. Nil when it can not be made, and the plain bytes go out.
func gzip(_ bytes: [UInt8], level: Int32) -> [UInt8]? {
    var stream = z_stream()
    let started = deflateInit2_(
        &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard started == Z_OK else { return nil }
    defer { deflateEnd(&stream) }
    var out = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
    var input = bytes
    let made: Int? = input.withUnsafeMutableBufferPointer { source in
        out.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(target.count)
            return deflate(&stream, Z_FINISH) == Z_STREAM_END ? target.count - Int(stream.avail_out) : nil
        }
    }
    return made.map { Array(out.prefix($0)) }
}
