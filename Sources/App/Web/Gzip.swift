import CDeflate

/// gzip by libdeflate: a page of fifty posts in a quarter of zlib's time at the same size (`bin/bench` prints both sizes
/// and what compression adds). Its workspaces are kept, one for each request under way.
final class Gzip: @unchecked Sendable {
    /// For pages, made anew each time.
    static let quick = Gzip(level: 1)
    /// For files, made once at the start.
    static let whole = Gzip(level: 12)

    private let level: Int32
    private let idle = Locked<[OpaquePointer]>([])

    private init(level: Int32) { self.level = level }

    /// Nil when it can not be made: the plain bytes go out then.
    func zipped(_ bytes: [UInt8]) -> [UInt8]? {
        guard let workspace = idle.with({ $0.popLast() }) ?? libdeflate_alloc_compressor(level) else { return nil }
        defer { idle.with { $0.append(workspace) } }
        let most = libdeflate_gzip_compress_bound(workspace, bytes.count)
        let made = [UInt8](unsafeUninitializedCapacity: most) { out, count in
            count = libdeflate_gzip_compress(workspace, bytes, bytes.count, out.baseAddress, most)
        }
        return made.isEmpty ? nil : made
    }
}
