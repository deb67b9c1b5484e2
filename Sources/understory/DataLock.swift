import ArgumentParser
import Foundation

/// One program at a time over a data folder: a second server, or a restore under a running one, would lose words.
/// The system lets go of it when the process ends, however it ends.
struct DataLock {
    private let descriptor: Int32

    init(_ folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let path = folder.appending(path: ".lock").path
        descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ValidationError("\(path) can not be written.") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ValidationError("Another understory runs over \(folder.path). Stop it first.")
        }
    }

    func end() { close(descriptor) }
}
