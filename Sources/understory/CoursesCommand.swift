import App
import ArgumentParser
import Foundation

struct CoursesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "courses", abstract: "Look course packs over: every fault with its place.",
        discussion: "The service does not start on a pack with a fault; this says all of them at once.")
    @Argument(help: "Pack files.") var files: [String]

    func run() throws {
        var count = 0
        for file in files {
            let faults = CourseFolder.faults(of: URL(filePath: file))
            for fault in faults { print("\(file): \(fault)") }
            count += faults.count
            if faults.isEmpty { print("\(file): nothing wrong") }
        }
        if count > 0 { throw ExitCode(1) }
    }
}
