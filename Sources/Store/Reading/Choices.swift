import Rules

/// A reader's settings as the page "What I see" shows them.
public struct ReaderSettings: Sendable, Equatable {
    public var choices: [String: Choice]
    public var words: [String]
    public var heavyLimit: Int
    public var lighterUntil: Instant?
    public var heavyWelcome: Bool
    /// Minutes after midnight between which notices rest.
    public var quiet: Hours
}

public struct MutedRow: Sendable {
    public let id: ID<Anything>
    public let kind: String
    /// A name or a room; an anonymous voice is shown as "somebody in a thread".
    public let shown: String?
}

func written(_ choices: [String: Choice]) -> String {
    choices.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }.joined(separator: " ")
}

func readChoices(_ text: String) -> [String: Choice] {
    var made: [String: Choice] = [:]
    for pair in text.utf8.split(separator: 32) {
        guard let equals = pair.firstIndex(of: 61), let choice = Choice(rawValue: String(Substring(pair[pair.index(after: equals)...])))
        else { continue }
        made[String(Substring(pair[..<equals]))] = choice
    }
    return made
}

extension Transaction {
    public func settings(of person: Person) throws -> ReaderSettings { try settingsToday(of: person).settings }

    /// The settings, and how many heavy items were read today.
    private func settingsToday(of person: Person) throws -> (settings: ReaderSettings, heavy: Int) {
        let found = try first(
            """
            SELECT COALESCE(e.amount, 0), r.choices, r.words, r.heavy_limit, r.lighter_until, r.heavy_welcome, r.quiet_from, r.quiet_to
            FROM reader r LEFT JOIN exposure e ON e.account = r.account AND e.day = \(now.day) AND e.kind = 'heavy'
            WHERE r.account = \(person.account)
            """
        ) { row in
            let heavy = try row.count()
            let settings = ReaderSettings(
                choices: readChoices(try row.text()),
                words: try row.bytesIfAny().map {
                    try person.contentKey.open($0, for: "words").split(separator: "\n").map(String.init)
                } ?? [], heavyLimit: try row.count(), lighterUntil: row.instantIfAny(), heavyWelcome: try row.bool(),
                quiet: Hours(from: try row.count(), to: try row.count()))
            return (settings, heavy)
        }
        guard let found else { throw StoreFault.unreadable("the reader's choices") }
        return found
    }

    public func set(_ settings: ReaderSettings, of person: Person) throws {
        let words =
            settings.words.isEmpty
            ? nil : try person.contentKey.seal(settings.words.joined(separator: "\n"), for: "words")
        try change(
            """
            UPDATE reader SET choices = \(written(settings.choices)), words = \(words), heavy_limit = \(settings.heavyLimit),
              lighter_until = \(settings.lighterUntil), heavy_welcome = \(settings.heavyWelcome),
              quiet_from = \(settings.quiet.from), quiet_to = \(settings.quiet.to)
            WHERE account = \(person.account)
            """)
    }

    /// What decides what this person sees, as one value for the one filter.
    public func choices(of person: Person) throws -> ReaderChoices {
        let (settings, heavyToday) = try settingsToday(of: person)
        var made = ReaderChoices(
            matters: settings.choices, words: MutedWords(settings.words), lighter: settings.lighterUntil.map { $0 > now } ?? false,
            heavyLeftToday: max(0, settings.heavyLimit - heavyToday), heavyWelcome: settings.heavyWelcome)
        // A block acts on the account behind the blocked voice: none of its voices meets the blocker's name again.
        _ = try rows(
            """
            SELECT kind, name, room, thread, voice_account FROM muted WHERE account = \(person.account)
            UNION ALL
            SELECT 'blocked', b.id, NULL, NULL, NULL FROM muted m JOIN name b ON b.account = m.account AND b.place = 1
            WHERE m.voice_account = \(person.account) AND m.kind = 'block'
            """
        ) { row in
            let kind = try row.text()
            let (name, room): (ID<Name>?, ID<Room>?) = (row.idIfAny(), row.idIfAny())
            let (thread, voice): (ID<Item>?, ID<Account>?) = (row.idIfAny(), row.idIfAny())
            if kind == "room", let room { made.hiddenRooms.insert(room) }
            if let thread, let voice, kind == "voice" { made.mutedVoices.insert(MutedVoice(thread: thread, account: voice)) }
            if kind == "mute" || kind == "block", let name { made.mutedNames.insert(name) }
            if kind == "blocked", let name { made.blockedBy.insert(name) }
        }
        return made
    }

    public func muted(by person: Person) throws -> [MutedRow] {
        try rows(
            """
            SELECT m.id, m.kind, COALESCE(n.shown, r.name) FROM muted m LEFT JOIN name n ON n.id = m.name
            LEFT JOIN room r ON r.id = m.room WHERE m.account = \(person.account) ORDER BY m.made_at DESC
            """
        ) { MutedRow(id: try $0.id(), kind: try $0.text(), shown: $0.textIfAny()) }
    }

    /// From an item: a name is muted or blocked everywhere, an anonymous voice in that thread alone.
    public func mute(_ item: ItemView, block: Bool, by person: Person) throws {
        guard !item.isMine else { return }
        let id: ID<Anything> = ids.timed()
        switch item.voice {
        case .name, .staff:
            try change(
                """
                INSERT INTO muted (id, account, kind, name, voice_account, made_at)
                VALUES (\(id), \(person.account), \(block ? "block" : "mute"), \(item.name), \(block ? item.account : nil), \(now))
                ON CONFLICT DO NOTHING
                """)
        case .anonymous:
            try change(
                """
                INSERT INTO muted (id, account, kind, thread, voice_account, made_at)
                VALUES (\(id), \(person.account), 'voice', \(item.thread ?? item.id), \(item.account), \(now))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    public func hide(_ room: ID<Room>, by person: Person) throws {
        let id: ID<Anything> = ids.timed()
        try change(
            """
            INSERT INTO muted (id, account, kind, room, made_at) VALUES (\(id), \(person.account), 'room', \(room), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    public func unmute(_ id: ID<Anything>, by person: Person) throws -> Bool {
        try change("DELETE FROM muted WHERE id = \(id) AND account = \(person.account)") == 1
    }

    /// Coarse, per account and day; written by a job outside the request.
    public func addExposure(_ kind: String, _ amount: Int, of account: ID<Account>) throws {
        try change(
            """
            INSERT INTO exposure (account, day, kind, amount) VALUES (\(account), \(now.day), \(kind), \(amount))
            ON CONFLICT (account, day, kind) DO UPDATE SET amount = exposure.amount + excluded.amount
            """)
    }

    public func exposure(_ kind: String, of account: ID<Account>) throws -> Int {
        try count("SELECT amount FROM exposure WHERE account = \(account) AND day = \(now.day) AND kind = \(kind)")
    }

    public func checkIn(_ word: String, by person: Person) throws {
        try change(
            """
            INSERT INTO check_in (account, day, word) VALUES (\(person.account), \(now.day), \(word))
            ON CONFLICT (account, day) DO UPDATE SET word = excluded.word
            """)
    }

    public func checkIns(of person: Person, last days: Int64 = 14) throws -> [(day: Int64, word: String)] {
        try rows(
            "SELECT day, word FROM check_in WHERE account = \(person.account) AND day > \(now.day - days) ORDER BY day DESC"
        ) { (try $0.int(), try $0.text()) }
    }
}
