import Foundation
import Rules

/// Course packs: one file a course, a host's own file instead of ours where it has the same name.
public enum CourseFolder {
    /// The start stops at a pack with a fault, with its place.
    static func read(_ folder: URL, overlay: URL?) throws -> [Course] {
        var files: [String: URL] = [:]
        for one in [folder, overlay].compactMap(\.self) where FileManager.default.fileExists(atPath: one.path) {
            for file in try FileManager.default.contentsOfDirectory(at: one, includingPropertiesForKeys: nil)
            where file.pathExtension == "json" {
                files[file.lastPathComponent] = file
            }
        }
        let courses = try files.values.sorted { $0.lastPathComponent < $1.lastPathComponent }.map(read)
        for (id, all) in Dictionary(grouping: courses, by: \.id) where all.count > 1 {
            throw ContentFault(file: folder.path, what: "\(all.count) packs have the id \(id)")
        }
        return courses
    }

    private static func read(_ file: URL) throws -> Course {
        let course = try parse(file)
        if let fault = Rules.faults(of: course).first { throw ContentFault(file: file.path, what: fault.description) }
        return course
    }

    private static func parse(_ file: URL) throws -> Course {
        do { return try JSONDecoder().decode(Course.self, from: Data(contentsOf: file)) } catch let error as DecodingError {
            throw ContentFault(file: file.path, what: place(error))
        } catch { throw ContentFault(file: file.path, what: "can not be read") }
    }

    /// Every fault of one pack, or none: for whoever writes one.
    public static func faults(of file: URL) -> [String] {
        do { return Rules.faults(of: try parse(file)).map(\.description) } catch { return ["\(error)"] }
    }

    static func place(_ error: DecodingError) -> String {
        let path: ([any CodingKey]) -> String = { keys in
            keys.map { key in key.intValue.map { "number \($0 + 1)" } ?? key.stringValue }.joined(separator: ", ")
        }
        return switch error {
        case .keyNotFound(let key, let context): "\(path(context.codingPath)): \(key.stringValue) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "\(path(context.codingPath)): \(context.debugDescription)"
        case .dataCorrupted(let context): "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: "\(error)"
        }
    }
}
