import Rules

/// A room with the form it has now.
public struct RoomRow: Sendable {
    public let id: ID<Room>
    public let organisation: ID<Organisation>
    public let name: String
    public let about: String
    public let notFor: String
    public let colour: String
    public let format: Format
    public let readable: Readable
    public let light: Bool
    /// People come in with a code of the host's.
    public let invited: Bool
    public let openedAt: Instant?
    public let closedAt: Instant?
    public let caredForSince: Instant?
    /// Professionals are here as members, and treat nobody.
    public let guests: Bool
    /// A piece may hang on a video.
    public let videos: Bool
    /// Whoever reads or writes here is asked now and then how it is here.
    public let asks: Bool
    public let joined: Bool
    public let form: RoomForm

    public var isOpen: Bool { openedAt != nil && closedAt == nil }
    public var isClosed: Bool { closedAt != nil }
}

/// A room as somebody looks at it: may they go in, and is anybody there.
public struct StaffedRoom: Sendable {
    public let room: RoomRow
    public let mayRead: Bool
    public let duty: Duty
}

/// What an operator types for a room, apart from its form.
public struct RoomText: Sendable, Equatable {
    public var name: String
    public var about: String
    public var notFor: String
    public var colour: String
    public var format: Format
    public var readable: Readable
    public var light: Bool
    public var invited: Bool
    public var guests: Bool
    public var videos: Bool
    public var asks: Bool

    public init(
        name: String, about: String, notFor: String, colour: String, format: Format, readable: Readable, light: Bool, invited: Bool,
        guests: Bool = false, videos: Bool = false, asks: Bool = false
    ) {
        self.name = name
        self.about = about
        self.notFor = notFor
        self.colour = colour
        self.format = format
        self.readable = readable
        self.light = light
        self.invited = invited
        self.guests = guests
        self.videos = videos
        self.asks = asks
    }
}

extension RoomRow {
    public var place: Workplace { Workplace(id, form) }
}

extension Transaction {
    /// Where powers over something in this room are used; without a room, the house.
    public func place(of room: ID<Room>?) throws -> Workplace { try room.flatMap { try roomItself($0)?.place } ?? .house }

    /// A case that climbed to everybody is read by whoever reads the house's queue: a room may name roles that nobody holds.
    public func place(of found: CaseRow) throws -> Workplace {
        workplace(of: found, in: try place(of: found.room))
    }

    func workplace(of found: CaseRow, in place: Workplace) -> Workplace {
        found.tier == .everyone ? Workplace(room: place.room, bands: place.bands, moderators: []) : place
    }
}

/// Who is reading: decides which rooms open. The age decides for members, the role for staff.
public struct Viewer: Sendable {
    public let person: Person?
    public let organisation: ID<Organisation>

    public init(person: Person) {
        self.person = person
        organisation = person.organisation
    }
    public init(visitorOf organisation: ID<Organisation>) {
        person = nil
        self.organisation = organisation
    }

    /// Never a real account's: nothing is this reader's own.
    var account: ID<Account> { person?.account ?? ID(raw: -1) }

    func standing(joined: Bool, in place: Workplace, now: Instant) -> ReaderStanding {
        guard let person, !person.hasLeft else { return .visitor }
        if person.isStaff {
            let cares = person.staff.may(.answer, at: place, now: now) || person.staff.may(.readQueue, at: place, now: now)
            return cares ? .staff : .member(band: person.band, joined: joined)
        }
        return .member(band: person.band, joined: joined)
    }
}

extension Transaction {
    func roomColumns(_ account: ID<Account>) -> SQL {
        """
        r.id, r.organisation, r.name, r.about, r.not_for, r.colour, r.format, r.readable, r.light, r.invited, r.opened_at,
        r.closed_at, r.cared_for_since, r.guests, r.videos, r.asks, f.version, f.interaction, f.moderation, f.moderators, f.focus,
        f.bands, f.size, f.anonymity, f.opens_minute, f.closes_minute, f.promise_minutes, f.night,
        (SELECT count(*) FROM membership m WHERE m.room = r.id AND m.account = \(account))
        """
    }

    private static let roomTables: SQL = "room r JOIN room_form f ON f.room = r.id AND f.version = r.version"

    private func roomSelect(_ account: ID<Account>) -> SQL { "SELECT \(roomColumns(account)) FROM \(Self.roomTables)" }

    func readRoom(_ row: inout Row) throws -> RoomRow {
        let id: ID<Room> = try row.id()
        let organisation: ID<Organisation> = try row.id()
        let (name, about, notFor) = (try row.text(), try row.text(), try row.text())
        let (colour, format, readable): (String, Format, Readable) = (try row.text(), try row.word(), try row.word())
        let (light, invited) = (try row.bool(), try row.bool())
        let (opened, closed, cared) = (row.instantIfAny(), row.instantIfAny(), row.instantIfAny())
        let (guests, videos, asks) = (try row.bool(), try row.bool(), try row.bool())
        let form = try readForm(&row)
        return RoomRow(
            id: id, organisation: organisation, name: name, about: about, notFor: notFor, colour: colour,
            format: format, readable: readable, light: light, invited: invited, openedAt: opened, closedAt: closed, caredForSince: cared,
            guests: guests, videos: videos, asks: asks, joined: try row.int() > 0, form: form)
    }

    func readModerators(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
    func readBands(_ text: String) -> Set<AgeBand> { Set(unbarred(text).compactMap { AgeBand(rawValue: String($0)) }) }

    private func readForm(_ row: inout Row) throws -> RoomForm {
        let version = try row.count()
        let (interaction, moderation): (Interaction, Moderation) = (try row.word(), try row.word())
        let moderators = readModerators(try row.text())
        let focus = unbarred(try row.text()).map(String.init)
        let bands = readBands(try row.text())
        let (size, anonymity) = (try row.count(), try row.bool())
        let (opens, closes) = (row.intIfAny(), row.intIfAny())
        let hours = opens.flatMap { from in closes.map { Hours(from: Int(from), to: Int($0)) } }
        return RoomForm(
            version: version, interaction: interaction, moderation: moderation, moderators: moderators, focus: focus,
            bands: bands, size: size, anonymity: anonymity, hours: hours, promiseMinutes: try row.count(),
            night: try row.word())
    }

    private static let formColumns: SQL = """
        f.version, f.interaction, f.moderation, f.moderators, f.focus, f.bands, f.size, f.anonymity, f.opens_minute, f.closes_minute,
        f.promise_minutes, f.night
        """

    /// The form of a room under which something was written.
    func form(of room: ID<Room>, version: Int) throws -> RoomForm? {
        try first("SELECT \(Self.formColumns) FROM room_form f WHERE f.room = \(room) AND f.version = \(version)") { try readForm(&$0) }
    }

    /// The form of a room at a moment; before it was made, its first.
    public func form(of room: ID<Room>, at moment: Instant) throws -> RoomForm? {
        try first(
            "SELECT \(Self.formColumns) FROM room_form f WHERE f.room = \(room) AND f.made_at <= \(moment) ORDER BY f.version DESC LIMIT 1"
        ) { try readForm(&$0) } ?? form(of: room, version: 1)
    }

    /// Every room of the organisation that this viewer may know of, with whether they may read it.
    public func rooms(for viewer: Viewer) throws -> [(room: RoomRow, mayRead: Bool)] {
        try rows(
            roomSelect(viewer.account)
                + " WHERE r.organisation = \(viewer.organisation) AND r.closed_at IS NULL ORDER BY r.made_at, r.id"
        ) { try readRoom(&$0) }.map { ($0, may(viewer, read: $0)) }
    }

    /// Closed ones too, for those who look after the house: these come last.
    public func roomsWithClosed(of organisation: ID<Organisation>) throws -> [RoomRow] {
        try rows(
            roomSelect(Viewer(visitorOf: organisation).account)
                + " WHERE r.organisation = \(organisation) ORDER BY r.closed_at IS NOT NULL, r.made_at, r.id"
        ) {
            try readRoom(&$0)
        }
    }

    /// The same, each with who is on duty for it.
    public func staffedRooms(for viewer: Viewer) throws -> [StaffedRoom] {
        try staffedRooms("r.closed_at IS NULL", for: viewer)
    }

    public func staffedRoom(_ id: ID<Room>, for viewer: Viewer) throws -> StaffedRoom? {
        try staffedRooms("r.id = \(id)", for: viewer).first
    }

    private func staffedRooms(_ which: SQL, for viewer: Viewer) throws -> [StaffedRoom] {
        try rows(
            """
            SELECT \(roomColumns(viewer.account)), \(dutyColumn()) FROM \(Self.roomTables)
            WHERE r.organisation = \(viewer.organisation) AND \(which) ORDER BY r.made_at, r.id
            """
        ) { row in
            let room = try readRoom(&row)
            return StaffedRoom(room: room, mayRead: may(viewer, read: room), duty: readDuty(&row))
        }
    }

    public func may(_ viewer: Viewer, read room: RoomRow) -> Bool {
        room.organisation == viewer.organisation
            && mayRead(
                readable: room.readable, bands: room.form.bands, invited: room.invited, isOpen: room.isOpen,
                reader: viewer.standing(joined: room.joined, in: room.place, now: now))
    }

    /// The door: strangers, wrong ages and wrong ids all get nil, which the edge turns into one 404.
    public func room(_ id: ID<Room>, visibleTo viewer: Viewer) throws -> RoomRow? {
        guard let room = try roomForCard(id, in: viewer), may(viewer, read: room) else { return nil }
        return room
    }

    /// What a visitor may know before joining: the card, never the words.
    public func roomForCard(_ id: ID<Room>, in viewer: Viewer) throws -> RoomRow? {
        try first(roomSelect(viewer.account) + " WHERE r.id = \(id) AND r.organisation = \(viewer.organisation)") {
            try readRoom(&$0)
        }
    }

    /// The card of the room an item stands in.
    public func roomForCard(of item: ID<Item>, in viewer: Viewer) throws -> RoomRow? {
        try first(
            roomSelect(viewer.account)
                + " WHERE r.id = (SELECT room FROM item WHERE id = \(item)) AND r.organisation = \(viewer.organisation)"
        ) { try readRoom(&$0) }
    }

    /// Where an item stands.
    public func roomOf(_ item: ID<Item>) throws -> RoomRow? {
        try (first("SELECT room FROM item WHERE id = \(item)") { $0.idIfAny(Room.self) } ?? nil).flatMap { try roomItself($0) }
    }

    /// For rules and jobs, which act on nobody's behalf.
    public func roomItself(_ id: ID<Room>) throws -> RoomRow? {
        if let known = rooms[id] { return known }
        let found = try first(roomSelect(ID(raw: -1)) + " WHERE r.id = \(id)") { try readRoom(&$0) }
        rooms[id] = found
        return found
    }

    public func readableRooms(for viewer: Viewer) throws -> [RoomRow] {
        try rooms(for: viewer).compactMap { $0.mayRead ? $0.room : nil }
    }

    public func addRoom(
        _ text: RoomText, form: RoomForm, organisation: ID<Organisation>, by: ID<Account>?
    ) throws -> ID<Room> {
        let id: ID<Room> = ids.timed()
        try run(
            """
            INSERT INTO room (id, organisation, name, about, not_for, colour, format, readable, light, invited, guests, videos, asks, version,
                              made_at)
            VALUES (\(id), \(organisation), \(text.name), \(text.about), \(text.notFor), \(text.colour), \(text.format),
                    \(text.readable), \(text.light), \(text.invited), \(text.guests), \(text.videos), \(text.asks), 0,
                    \(now))
            """)
        try addForm(form, to: id, by: by)
        return id
    }

    /// Throws `StoreFault.conflict` when another room has the name. Whether the format may change is the caller's to say.
    public func setText(_ text: RoomText, of room: ID<Room>) throws {
        try change(
            room,
            """
            UPDATE room SET name = \(text.name), about = \(text.about), not_for = \(text.notFor), colour = \(text.colour),
              format = \(text.format), readable = \(text.readable), light = \(text.light), invited = \(text.invited),
              guests = \(text.guests), videos = \(text.videos), asks = \(text.asks)
            WHERE id = \(room)
            """)
    }

    func change(_ room: ID<Room>, _ sql: SQL) throws {
        try run(sql)
        rooms[room] = nil
    }

    public func hasItems(in room: ID<Room>) throws -> Bool { try exists("SELECT 1 FROM item WHERE room = \(room) LIMIT 1") }

    /// A change of form is a new version; the old ones stay, since every outcome happened under one.
    public func addForm(_ form: RoomForm, to room: ID<Room>, by: ID<Account>?) throws {
        let version = try count("SELECT version FROM room WHERE id = \(room)") + 1
        let bands = barred(AgeBand.allCases.filter(form.bands.contains).map(\.rawValue))
        try run(
            """
            INSERT INTO room_form (room, version, interaction, moderation, moderators, focus, bands, size, anonymity,
                                   opens_minute, closes_minute, promise_minutes, night, made_at, made_by)
            VALUES (\(room), \(version), \(form.interaction), \(form.moderation),
                    \(form.moderators.joined(separator: " ")), \(barred(form.focus)), \(bands), \(form.size),
                    \(form.anonymity), \(form.hours?.from), \(form.hours?.to), \(form.promiseMinutes), \(form.night),
                    \(now), \(by))
            """)
        try change(room, "UPDATE room SET version = \(version) WHERE id = \(room)")
    }

    public func versions(of room: ID<Room>) throws -> [(version: Int, moderation: Moderation, madeAt: Instant)] {
        try rows("SELECT version, moderation, made_at FROM room_form WHERE room = \(room) ORDER BY version DESC") {
            (try $0.count(), try $0.word(), try $0.instant())
        }
    }

    public func join(_ room: ID<Room>, _ account: ID<Account>) throws {
        try run(
            "INSERT INTO membership (room, account, joined_at) VALUES (\(room), \(account), \(now)) ON CONFLICT DO NOTHING")
    }

    /// A code for a room, kept as a keyed hash only.
    public func addInvite(_ code: String, to room: ID<Room>, uses: Int, length: Lapse) throws {
        try run(
            """
            INSERT INTO invite (hash, room, made_at, ends_at, uses_left)
            VALUES (\(keys.fingerprint(code, for: "invite")), \(room), \(now), \(now + length), \(uses))
            """)
    }

    /// Takes one use off a code that is good for this room; false when there is none.
    public func useInvite(_ code: String, for room: ID<Room>) throws -> Bool {
        try change(
            """
            UPDATE invite SET uses_left = uses_left - 1 WHERE hash = \(keys.fingerprint(code, for: "invite"))
              AND room = \(room) AND ends_at > \(now) AND uses_left > 0
            """) == 1
    }

    public func endInvites(of room: ID<Room>) throws { try run("DELETE FROM invite WHERE room = \(room)") }

    public func invites(of room: ID<Room>) throws -> [(usesLeft: Int, endsAt: Instant)] {
        try rows("SELECT uses_left, ends_at FROM invite WHERE room = \(room) AND ends_at > \(now) AND uses_left > 0 ORDER BY ends_at") {
            (try $0.count(), try $0.instant())
        }
    }

    public func leave(_ room: ID<Room>, _ account: ID<Account>) throws {
        try run("DELETE FROM membership WHERE room = \(room) AND account = \(account)")
    }

    /// As many are in it as it holds.
    public func isFull(_ room: RoomRow) throws -> Bool {
        try exists("SELECT 1 FROM membership WHERE room = \(room.id) LIMIT 1 OFFSET \(number: max(0, room.form.size - 1))")
    }

    public func open(_ room: ID<Room>) throws {
        try change(room, "UPDATE room SET opened_at = \(now), closed_at = NULL WHERE id = \(room)")
    }

    public func close(_ room: ID<Room>) throws {
        try change(room, "UPDATE room SET closed_at = \(now) WHERE id = \(room)")
    }

    public func setCaredFor(_ room: ID<Room>, since: Instant?) throws {
        try change(room, "UPDATE room SET cared_for_since = \(since) WHERE id = \(room)")
    }

    // Opening records.

    public struct OpeningRow: Sendable {
        public let kind: OpeningRecord
        public let value: String
        public let by: String
        public let at: Instant
        public let invented: Bool
    }

    public func record(_ kind: OpeningRecord, _ value: String, for room: ID<Room>, by: String, invented: Bool) throws {
        try run(
            """
            INSERT INTO opening (room, kind, value, made_by, made_at, invented)
            VALUES (\(room), \(kind), \(value), \(by), \(now), \(invented))
            ON CONFLICT (room, kind) DO UPDATE SET value = excluded.value, made_by = excluded.made_by,
              made_at = excluded.made_at, invented = excluded.invented
            """)
    }

    public func openingRecords(of room: ID<Room>) throws -> [OpeningRow] {
        try rows("SELECT kind, value, made_by, made_at, invented FROM opening WHERE room = \(room)") {
            OpeningRow(
                kind: try $0.word(), value: try $0.text(), by: try $0.text(), at: try $0.instant(),
                invented: try $0.bool())
        }
    }

    /// What the house itself keeps about a room's readiness for a form with these bands. `lines`: ids of the help lines that
    /// the organisation's country shows.
    public func openingFacts(of room: RoomRow, bands: Set<AgeBand>, moderators: [String], lines: [String]) throws -> OpeningFacts {
        let staff = try staffList(of: room.organisation)
        let place = Workplace(room: room.id, bands: bands, moderators: moderators)
        let readers = staff.filter { $0.staff.may(.readQueue, at: place, now: now) }.map(\.account)
        let everywhere = staff.count { $0.staff.may(.readQueue, at: Workplace(room: nil, bands: bands, moderators: []), now: now) }
        let shifts = try count(
            """
            SELECT count(*) FROM shift WHERE organisation = \(room.organisation) AND account IN \(SQL.list(readers))
              AND ended_at IS NULL AND ends_at > \(now) AND starts_at < \(now + OpeningFacts.rosterAhead)
            """)
        return OpeningFacts(
            recorded: Set(try openingRecords(of: room.id).map(\.kind)), readers: readers.count, houseReaders: everywhere, shifts: shifts,
            linesShown: lines,
            linesTested: Set(try dialTests(of: room.organisation).keys))
    }

    public func recordDialTest(of line: String, by: String, organisation: ID<Organisation>, invented: Bool) throws {
        try run(
            """
            INSERT INTO line_test (organisation, line, tested_at, tested_by, invented)
            VALUES (\(organisation), \(line), \(now), \(by), \(invented))
            ON CONFLICT (organisation, line) DO UPDATE SET tested_at = excluded.tested_at,
              tested_by = excluded.tested_by, invented = excluded.invented
            """)
    }

    public func dialTests(of organisation: ID<Organisation>) throws -> [String: Instant] {
        Dictionary(
            try rows("SELECT line, tested_at FROM line_test WHERE organisation = \(organisation)") {
                (try $0.text(), try $0.instant())
            }, uniquingKeysWith: { a, _ in a })
    }
}
