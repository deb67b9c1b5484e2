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

/// What decides a person's reading, as it is stored; opened only by pages that show somebody's words.
struct KeptReading: Sendable {
    let choices: String
    let words: [UInt8]?
    let heavyLimit: Int
    let heavyToday: Int
    let lighterUntil: Instant?
    let heavyWelcome: Bool
    /// Words with a letter for their kind: n a name, r a room, v a thread and the account of a voice in it, b a name that
    /// blocked this reader.
    let muted: String
}

private func readWords(_ sealed: [UInt8]?, _ key: ContentKey) throws -> [String] {
    try sealed.map { try key.open($0, for: "words").split(separator: "\n").map(String.init) } ?? []
}

/// A voice that somebody heard, and where: what muting and blocking go by.
public struct HeardVoice: Sendable {
    let name: ID<Name>
    let account: ID<Account>
    public let voice: Voice
    let thread: ID<Item>
}

extension Transaction {
    /// Columns beside an account `a`, its reader `r` and today's `e`, for `readKept`.
    func keptColumns() -> SQL {
        let own = SQL.joined(
            """
            CASE kind WHEN 'room' THEN 'r' || room WHEN 'voice' THEN 'v' || thread || '.' || voice_account ELSE 'n' || name END
            """)
        return """
            r.choices, r.words, r.heavy_limit, COALESCE(e.amount, 0), r.lighter_until, r.heavy_welcome,
            (SELECT \(own) FROM muted WHERE account = a.id),
            (SELECT \(SQL.joined("'b' || b.id")) FROM muted m JOIN name b ON b.account = m.account AND b.place = 1
             WHERE m.voice_account = a.id AND m.kind = 'block' AND a.kind <> 'staff')
            """
    }

    func readKept(_ row: inout Row) throws -> KeptReading {
        let (choices, words) = (try row.text(), row.bytesIfAny())
        let (limit, heavy) = (try row.count(), try row.count())
        let (lighter, welcome) = (row.instantIfAny(), try row.bool())
        let (own, others) = (row.textIfAny() ?? "", row.textIfAny() ?? "")
        return KeptReading(
            choices: choices, words: words, heavyLimit: limit, heavyToday: heavy, lighterUntil: lighter, heavyWelcome: welcome,
            muted: own + " " + others)
    }

    /// As they are now, for changing them: whoever writes them back must have read them in the same transaction.
    public func settings(of person: Person) throws -> ReaderSettings {
        let found = try first(
            "SELECT choices, words, heavy_limit, lighter_until, heavy_welcome, quiet_from, quiet_to FROM reader WHERE account = \(person.account)"
        ) { row in
            ReaderSettings(
                choices: readChoices(try row.text()), words: try readWords(row.bytesIfAny(), person.contentKey),
                heavyLimit: try row.count(), lighterUntil: row.instantIfAny(), heavyWelcome: try row.bool(),
                quiet: Hours(from: try row.count(), to: try row.count()))
        }
        guard let found else { throw StoreFault.unreadable("the reader's choices") }
        return found
    }

    public func set(_ settings: ReaderSettings, of person: Person) throws {
        let words =
            settings.words.isEmpty
            ? nil : try person.contentKey.seal(settings.words.joined(separator: "\n"), for: "words")
        try run(
            """
            UPDATE reader SET choices = \(written(settings.choices)), words = \(words), heavy_limit = \(settings.heavyLimit),
              lighter_until = \(settings.lighterUntil), heavy_welcome = \(settings.heavyWelcome),
              quiet_from = \(settings.quiet.from), quiet_to = \(settings.quiet.to)
            WHERE account = \(person.account)
            """)
    }

    /// What decides what this person sees, as one value for the one filter. Read with the session, by the same statement.
    public func choices(of person: Person) throws -> ReaderChoices {
        let kept = person.reading
        var made = ReaderChoices(
            matters: readChoices(kept.choices), words: MutedWords(try readWords(kept.words, person.contentKey)),
            lighter: kept.lighterUntil.map { $0 > now } ?? false, heavyLeftToday: max(0, kept.heavyLimit - kept.heavyToday),
            heavyWelcome: kept.heavyWelcome)
        // A block acts on the account behind the blocked voice: none of its voices meets the blocker's name again.
        for one in kept.muted.split(separator: " ") {
            let parts = one.dropFirst().split(separator: ".").compactMap { Int64($0) }
            switch (one.first, parts.count) {
            case ("n", 1): made.mutedNames.insert(ID(raw: parts[0]))
            case ("r", 1): made.hiddenRooms.insert(ID(raw: parts[0]))
            case ("v", 2): made.mutedVoices.insert(MutedVoice(thread: ID(raw: parts[0]), account: ID(raw: parts[1])))
            case ("b", 1): made.blockedBy.insert(ID(raw: parts[0]))
            case (_, _): throw StoreFault.unreadable("the reader's muted voices")
            }
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

    /// Whose words these are, for somebody who may read them: an item, or a letter that was delivered to them. Nil for one's own.
    public func heard(_ item: ID<Item>, by person: Person) throws -> HeardVoice? {
        if let letter = try letterDelivered(item, to: person) {
            return HeardVoice(name: letter.name, account: letter.account, voice: .name, thread: item)
        }
        let found = try self.item(item, visibleTo: Viewer(person: person), choices: try choices(of: person))?.0
        return found.flatMap { item in
            item.isMine ? nil : HeardVoice(name: item.name, account: item.account, voice: item.voice, thread: item.thread ?? item.id)
        }
    }

    /// From an item: a name is muted or blocked everywhere, an anonymous voice in that thread alone. Staff can be muted and
    /// not blocked: nobody hides from those who keep the place safe.
    public func mute(_ heard: HeardVoice, block: Bool, by person: Person) throws {
        let block = block && heard.voice != .staff
        let id: ID<Anything> = ids.timed()
        switch heard.voice {
        case .name, .staff:
            try run(
                """
                INSERT INTO muted (id, account, kind, name, voice_account, made_at)
                VALUES (\(id), \(person.account), \(block ? "block" : "mute"), \(heard.name), \(block ? heard.account : nil), \(now))
                ON CONFLICT DO NOTHING
                """)
            if block { try seriesBlocked(heard.name, by: person.account) }
        case .anonymous:
            try run(
                """
                INSERT INTO muted (id, account, kind, thread, voice_account, made_at)
                VALUES (\(id), \(person.account), 'voice', \(heard.thread), \(heard.account), \(now))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    public func hide(_ room: ID<Room>, by person: Person) throws {
        let id: ID<Anything> = ids.timed()
        try run(
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
        try run(
            """
            INSERT INTO exposure (account, day, kind, amount) VALUES (\(account), \(today), \(kind), \(amount))
            ON CONFLICT (account, day, kind) DO UPDATE SET amount = exposure.amount + excluded.amount
            """)
    }

    public func exposure(_ kind: String, of account: ID<Account>) throws -> Int {
        try count("SELECT amount FROM exposure WHERE account = \(account) AND day = \(today) AND kind = \(kind)")
    }

    public func checkIn(_ word: String, by person: Person) throws {
        try run(
            """
            INSERT INTO check_in (account, day, word) VALUES (\(person.account), \(today), \(word))
            ON CONFLICT (account, day) DO UPDATE SET word = excluded.word
            """)
    }

    public func checkIns(of person: Person, last days: Int64 = 14) throws -> [(day: Int64, word: String)] {
        try rows(
            "SELECT day, word FROM check_in WHERE account = \(person.account) AND day > \(today - days) ORDER BY day DESC"
        ) { (try $0.int(), try $0.text()) }
    }
}
