import Foundation
import Logging
import Outside
import Rules
import Screening
import Store

/// From settings to a program, in one readable place.
public struct Assembly: Sendable {
    public var database: String
    public var keyFile: String
    public var content: URL
    public var publicFolder: URL
    public var overlay: URL?
    public var settings: Settings
    public var alarm: Alarm
    public var mail: Mail
    public var now: @Sendable () -> Instant
    public var chance: Chance
    public var log: Logger
    /// Whether a rule that does not do what its own sentences say stops the start: for what people are served from.
    public var checksRules = false

    public init(
        database: String, keyFile: String, content: URL, publicFolder: URL, overlay: URL?, settings: Settings,
        alarm: Alarm, mail: Mail = .none, now: @escaping @Sendable () -> Instant = Assembly.clock, chance: Chance = .system, log: Logger
    ) {
        self.database = database
        self.keyFile = keyFile
        self.content = content
        self.publicFolder = publicFolder
        self.overlay = overlay
        self.settings = settings
        self.alarm = alarm
        self.mail = mail
        self.now = now
        self.chance = chance
        self.log = log
    }

    public static let clock: @Sendable () -> Instant = {
        Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
    }

    /// Opens the database, migrated; reads every content file; refuses to start on a bad one.
    public func app() async throws -> App {
        let content = try Content(folder: content, overlay: overlay)
        let sentences = try Sentences(folder: self.content.appending(path: "words/en"), language: "en")
        let screen = Screen(
            rules: try Self.rules(in: self.content, checked: checksRules),
            models: try ModelSet(folder: self.content.appending(path: "models/en"))
        ).knowing(numbers: content.helpNumbers, pages: content.helpPages)
        let statics = try StaticFiles(folder: publicFolder)
        let keys = try Keys(file: keyFile)
        let chance = chance
        let store = try await Store.open(
            database, keys: keys, now: now, ids: IDSource(now: now, random: { chance.bits() }))
        let home = try await store.write { tx in try Self.prepare(tx, content) }
        if alarm.way == "none" {
            log.warning("No way is set for alarms to leave this machine: set alarm.command, alarm.webhook or alarm.mail.")
        }
        let ending = HelpLines.ending(content, country: home.country, now: now())
        if ending > 0 {
            log.warning(
                "\(ending) help lines of \(home.country) have ended or end within three weeks: dial them, and bring lines.json up to date.")
        }
        let app = App(
            store: store, home: home, settings: settings, content: content, sentences: sentences, screen: screen,
            adjustment: try Self.adjustment(overlay), alarm: alarm, mail: mail,
            statics: statics, now: now, chance: chance, log: log)
        try await app.noteErasures()
        return app
    }

    /// What the host's own decisions taught the screen; nothing without the file, and no start on one that can not be read.
    private static func adjustment(_ overlay: URL?) throws -> Adjustment {
        guard let file = overlay?.appending(path: App.adjustmentFile), FileManager.default.fileExists(atPath: file.path) else {
            return Adjustment()
        }
        do { return try JSONDecoder().decode(Adjustment.self, from: Data(contentsOf: file)) } catch {
            throw ContentFault(file: file.path, what: "is no adjustment: \(error)")
        }
    }

    /// A fresh database has one organisation and the ten roles; a host changes both in the pages.
    private static func prepare(_ tx: Transaction, _ content: Content) throws -> OrganisationRow {
        if try tx.organisations().isEmpty {
            _ = try tx.addOrganisation(name: "Understory", country: "GB", zone: "Europe/London")
        }
        for organisation in try tx.organisations() {
            let known = Set(try tx.roles(of: organisation.id).map(\.code))
            for role in content.roles where !known.contains(role.id) {
                try tx.setRole(
                    code: role.id, name: role.name, means: role.means,
                    powers: Set(role.powers.compactMap(Power.init(rawValue:))), in: organisation.id)
            }
        }
        guard let home = try tx.organisations().first else { throw Fault.missing("organisation") }
        return home
    }
}
