import Foundation
import Rules
import Screening
import Store

/// The demo's story, as its files tell it. All of it is made up.
struct StoryFiles: Sendable {
    struct Member: Decodable, Sendable {
        let key: String, bird: String, number: Int, band: String, country: String, stage: String?, joinedDaysAgo: Int, onBreak: Bool
        /// Rooms in which a professional lets them support others.
        let supports: [String]?
    }
    struct StaffMember: Decodable, Sendable { let key: String, name: String, role: String }
    struct People: Decodable, Sendable { let people: [Member], staff: [StaffMember] }
    struct RoomEntry: Decodable, Sendable {
        let key: String, name: String, about: String, notFor: String, format: String, bands: [String], moderation: String
        let interaction: String, focus: [String], colour: String, promiseMinutes: Int, light: Bool, readable: String, asks: Bool?
        let size: Int, anonymity: Bool, night: String, moderators: [String]
    }
    struct Rooms: Decodable, Sendable { let rooms: [RoomEntry] }
    struct Said: Decodable, Sendable { let by: String, word: String }
    struct Entry: Decodable, Sendable {
        let key: String, room: String, by: String, voice: String, minutesAgo: Int, re: String?, title: String?, body: String
        let wants: String?, topics: [String]?, note: String?, state: String?, reason: String?, supports: [Said]?, appeal: String?
    }
    struct ReportEntry: Decodable, Sendable { let item: String, by: String, kind: String, minutesAgo: Int }
    struct Items: Decodable, Sendable { let items: [Entry], reports: [ReportEntry]? }

    let people: People
    let rooms: Rooms
    let items: [Entry]
    let reports: [ReportEntry]
    let formats: FormatsFile
    let folder: URL

    init(folder: URL) throws {
        self.folder = folder
        func read<T: Decodable>(_ name: String) throws -> T {
            do { return try JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appending(path: name))) } catch {
                throw ContentFault(file: name, what: "\(error)")
            }
        }
        people = try read("people.json")
        rooms = try read("rooms.json")
        formats = try read("formats.json")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasPrefix("items") }.sorted()
        let parts: [Items] = try files.map { try read($0) }
        items = parts.flatMap(\.items).sorted { $0.minutesAgo > $1.minutesAgo }
        reports = parts.flatMap { $0.reports ?? [] }.sorted { $0.minutesAgo > $1.minutesAgo }
    }
}

extension App {
    public func hasStory() async throws -> Bool { try await store.read { try $0.setting("story") != nil } }

    /// Tells the story through the same gate that everybody's words take, with the clock set back to each moment.
    /// Answers the lines that name the logins.
    public func tellStory(from folder: URL) async throws -> [String] {
        let story = try StoryFiles(folder: folder)
        let teller = StoryTeller(app: self, story: story)
        return try await teller.tell()
    }
}
