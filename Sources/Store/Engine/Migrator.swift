import Crypto
import Foundation
import Rules

/// Numbered, forward-only migrations, each in one transaction, frozen once shipped: the database remembers a
/// checksum of each, and a changed or unknown one stops the start.
struct Migration: Sendable {
    let name: String
    let text: String
    /// What SQL can not say, in the same transaction.
    var then: @Sendable (Transaction) throws -> Void = { _ in }

    var checksum: String { SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined() }

    static let all: [Migration] = [
        Migration(name: "m0001_the_house", text: embedded(PackageResources.m0001_the_house_sql)),
        Migration(name: "m0002_decided_once", text: embedded(PackageResources.m0002_decided_once_sql)),
        Migration(name: "m0003_ended_by_whom", text: embedded(PackageResources.m0003_ended_by_whom_sql)),
        Migration(name: "m0004_worries", text: embedded(PackageResources.m0004_worries_sql)),
        Migration(name: "m0005_verdicts", text: embedded(PackageResources.m0005_verdicts_sql)),
        Migration(name: "m0006_supporters", text: embedded(PackageResources.m0006_supporters_sql)),
        Migration(name: "m0007_courses", text: embedded(PackageResources.m0007_courses_sql)),
        Migration(name: "m0008_suggestion", text: embedded(PackageResources.m0008_suggestion_sql)),
        Migration(name: "m0009_reappraisal", text: embedded(PackageResources.m0009_reappraisal_sql)),
        Migration(name: "m0010_letters", text: embedded(PackageResources.m0010_letters_sql)),
        Migration(name: "m0011_stories", text: embedded(PackageResources.m0011_stories_sql)),
        Migration(name: "m0012_supervision", text: embedded(PackageResources.m0012_supervision_sql)),
        Migration(name: "m0013_forms", text: embedded(PackageResources.m0013_forms_sql)),
        Migration(name: "m0014_coding", text: embedded(PackageResources.m0014_coding_sql)),
        Migration(name: "m0015_studies", text: embedded(PackageResources.m0015_studies_sql)),
        Migration(name: "m0016_review", text: embedded(PackageResources.m0016_review_sql)),
        Migration(name: "m0017_said_of_oneself", text: embedded(PackageResources.m0017_said_of_oneself_sql)),
        Migration(name: "m0018_asking_after", text: embedded(PackageResources.m0018_asking_after_sql)),
        Migration(name: "m0019_data_set", text: embedded(PackageResources.m0019_data_set_sql)),
        Migration(name: "m0020_arrived", text: embedded(PackageResources.m0020_arrived_sql)),
        Migration(name: "m0021_asked_in_rooms", text: embedded(PackageResources.m0021_asked_in_rooms_sql)),
        Migration(name: "m0022_left", text: embedded(PackageResources.m0022_left_sql)),
        Migration(name: "m0023_goes_on", text: embedded(PackageResources.m0023_goes_on_sql)),
        Migration(name: "m0024_languages", text: embedded(PackageResources.m0024_languages_sql)) { try $0.findClaimsByWholeWords() },
        Migration(name: "m0025_taken_back", text: embedded(PackageResources.m0025_taken_back_sql)),
        Migration(name: "m0026_new_words", text: embedded(PackageResources.m0026_new_words_sql)),
        Migration(name: "m0027_one_note_a_press", text: embedded(PackageResources.m0027_one_note_a_press_sql)),
        Migration(name: "m0028_what_hangs_on_a_case", text: embedded(PackageResources.m0028_what_hangs_on_a_case_sql)),
    ]

    private static func embedded(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// The text for one engine: typed words replaced, the other engine's parts left out.
    func statements(for engine: Engine) -> String {
        var kept: [Substring] = []
        var wanted = true
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            switch line {
            case "--! sqlite": wanted = engine == .sqlite
            case "--! postgresql": wanted = engine == .postgresql
            case "--! both": wanted = true
            default: if wanted { kept.append(line) }
            }
        }
        var made = kept.joined(separator: "\n")
        for (word, meaning) in Self.words(engine) { made = made.replacingOccurrences(of: word, with: meaning) }
        return made
    }

    private static func words(_ engine: Engine) -> [(String, String)] {
        switch engine {
        case .sqlite:
            [
                ("{id}", "INTEGER"), ("{time}", "INTEGER"), ("{text}", "TEXT"), ("{bytes}", "BLOB"),
                ("{bool}", "INTEGER"), ("{false}", "0"), ("{seq}", "INTEGER PRIMARY KEY AUTOINCREMENT"), ("{strict}", " STRICT"),
            ]
        case .postgresql:
            [
                ("{id}", "bigint"), ("{time}", "bigint"), ("{text}", "text"), ("{bytes}", "bytea"),
                ("{bool}", "boolean"), ("{false}", "false"), ("{seq}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY"), ("{strict}", ""),
            ]
        }
    }

    /// Brings a database up to date. Safe to repeat; two nodes starting at once wait for each other.
    static func run(_ tx: Transaction) throws -> [String] {
        if tx.engine == .postgresql { try tx.script("SELECT pg_advisory_xact_lock(7734)") }
        try tx.script("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, checksum TEXT NOT NULL)")
        let done = Dictionary(
            uniqueKeysWithValues: try tx.rows("SELECT name, checksum FROM migration") { (try $0.text(), try $0.text()) })
        let known = Set(all.map(\.name))
        for name in done.keys.sorted() where !known.contains(name) { throw StoreFault.migrationFromTheFuture(name) }
        var ran: [String] = []
        for migration in all {
            if let earlier = done[migration.name] {
                guard earlier == migration.checksum else { throw StoreFault.migrationChanged(migration.name) }
                continue
            }
            try tx.script(migration.statements(for: tx.engine))
            try migration.then(tx)
            try tx.run("INSERT INTO migration (name, checksum) VALUES (\(migration.name), \(migration.checksum))")
            ran.append(migration.name)
        }
        return ran
    }
}
