import Foundation
import Rules

/// Which accounts were erased, in a file of its own beside the key: a database that is restored from before an erasure
/// knows nothing of it, and this does. Ids only.
struct ErasureLedger: Sendable {
    let file: URL

    func read() throws -> Set<ID<Account>> {
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        return Set(lines.compactMap { ID<Account>(String($0)) })
    }

    /// Adds what is not there yet, and is on the disk when it returns.
    func add(_ accounts: some Sequence<ID<Account>>) throws {
        let known = try read()
        let new = accounts.filter { !known.contains($0) }
        guard !new.isEmpty else { return }
        if !FileManager.default.fileExists(atPath: file.path) {
            let made = FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600])
            guard made else { throw CocoaError(.fileWriteNoPermission) }
        }
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(new.map { "\($0)\n" }.joined().utf8))
        try handle.synchronize()
        try handle.close()
    }
}
