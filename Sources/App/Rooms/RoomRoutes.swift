import Rules
import Store

extension Routes {
    static let rooms: [Route] = [
        .visitor(.get, "/rooms", "All rooms, with what each is for.", RoomRoutes.list),
        .visitor(
            .get, "/choose", "Which way of being helped fits: what is known of each, what it risks, who is there now.",
            [
                .choice("intent", Intent.self, optional: true), .choice("with", Company.self, optional: true),
                .choice("mood", ["light"], optional: true), .choice("show", ["1"], optional: true),
            ], ChooseRoutes.show),
        .visitor(
            .get, "/rooms/:room", "A room's threads, newest first.",
            [.line("topic", 40, optional: true), .choice("ages", ["near", "all"], optional: true), .place("before")], RoomRoutes.show
        ),
        .visitor(.get, "/rooms/:room/card", "What a room is for and not for, before joining.", RoomRoutes.card),
        .member(
            .post, "/rooms/:room/join", "Join a room; some need a code of the host's.", [.line("code", 80, optional: true)], RoomRoutes.join
        ),
        .member(.post, "/rooms/:room/leave", "Leave a room.", RoomRoutes.leave),
        .member(.post, "/rooms/:room/hide", "Hide a whole room from oneself.", RoomRoutes.hide),
    ]
}

enum RoomRoutes {
    /// In a room of stories: whether those near in age are shown, and what each piece has beside its words.
    struct Pieces: Sendable {
        let isNear: Bool
        let rows: [ID<Item>: PieceRow]
    }

    /// What a card shows, measured now.
    struct Live: Sendable {
        let delay: Int?
        let staffed: Bool
        let nextShift: Instant?
        /// For writing: within its hours, and, where its night rule closes it, with somebody on duty. Said before anybody
        /// types.
        let isOpenNow: Bool
        /// When it opens again, where that is known.
        let opensAt: Instant?
    }

    static func live(_ tx: Transaction, _ found: StaffedRoom, _ ask: Ask) throws -> Live {
        let (room, duty) = (found.room, found.duty)
        let inHours = ask.app.isOpenNow(room.form, ask.organisation, now: ask.now)
        let waitsForStaff = inHours && room.form.night == .close && !duty.now
        return Live(
            delay: try ask.app.reviewDelay(of: room.id, tx), staffed: duty.now, nextShift: duty.next,
            isOpenNow: inHours && !waitsForStaff,
            opensAt: waitsForStaff ? duty.next : opening(of: room.form, ask.moments.clock, now: ask.now))
    }

    /// When a room that is closed by its hours opens next; nil when it is open, or when the clock skips that minute.
    private static func opening(of form: RoomForm, _ clock: LocalClock, now: Instant) -> Instant? {
        guard let hours = form.hours, !hours.contains(minute: clock.minute(now)) else { return nil }
        let day = clock.day(clock.minute(now) < hours.from ? now : clock.midnight(after: now))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        return clock.moment(local: "\(day.year)-\(two(day.month))-\(two(day.day))T\(LocalClock.field(minute: hours.from))")
    }

    static func list(_ ask: Ask) async throws -> Answer {
        let viewer = ask.viewer
        let found = try await ask.read { tx in
            try tx.staffedRooms(for: viewer).filter { $0.room.openedAt != nil || $0.mayRead }.map {
                ($0.room, $0.mayRead, try live(tx, $0, ask))
            }
        }
        let say = ask.say
        let (open, other) = (found.filter(\.1), found.filter { !$0.1 })
        let body: HTML = """
            <h1>\(say("rooms.title"))</h1><p class="row"><a class="button plain" href="/choose">\(say("rooms.which"))</a>\
            <a class="button plain" href="/search">\(Pictures.icon(.search))\(say("search.title"))</a></p>
            \(open.isEmpty ? Parts.empty(.bench, say(ask.person == nil ? "rooms.none-visitor" : "rooms.none"), link: ask.person == nil ? ("/join", say("door.start")) : nil) : "")
            <div class="tiles">\(each: open, { RoomPages.tile($0.0, ask) })</div>
            \(other.isEmpty ? "" : "<h2>\(say("rooms.others"))</h2>")<div class="tiles">\(each: other, { RoomPages.tile($0.0, ask, cardOnly: true) })</div>
            """
        return .page(
            Page(say("rooms.title"), tab: .rooms, body: body),
            json: ["rooms": .list(found.map { RoomPages.json($0.0, mayRead: $0.1, live: $0.2) })])
    }

    static func show(_ ask: Ask) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let viewer = ask.viewer
        let topic = ask.query.optional("topic").flatMap { ask.app.content.topicByID[$0]?.id }
        let (before, limit) = (ask.before, pageSize)
        let ages = ask.query.optional("ages")
        let found = try await ask.glance { tx -> (RoomRow, [ItemView], [ItemView], Live, Pieces?, Pack?)? in
            guard let found = try tx.staffedRoom(id, for: viewer), found.mayRead else { return nil }
            let choices = try ask.choices(tx)
            // Stories by people near in age first; all ages where that is asked for, or where there are none.
            let near = found.room.format == .stories && ages != "all" ? ask.person?.band : nil
            var lists = try tx.threads(in: id, for: viewer, choices: choices, topic: topic, narrators: near, before: before, limit: limit)
            let isNear = near != nil && !(lists.threads.isEmpty && before == .max && ages == nil)
            if near != nil, !isNear {
                lists = try tx.threads(in: id, for: viewer, choices: choices, topic: topic, before: before, limit: limit)
            }
            var pieces: Pieces?
            if found.room.format == .stories {
                let rows = try tx.pieces((lists.threads + lists.pendingOwn).map(\.id))
                lists.threads = tx.filtered(lists.threads, rows, choices: choices, on: .room)
                // What a reader's rules hide says nothing here either.
                let hidden = lists.threads.filter { if case .hide = $0.sight { true } else { false } }.map(\.id)
                pieces = Pieces(isNear: isNear, rows: rows.filter { !hidden.contains($0.key) })
            }
            return (
                found.room, lists.threads, lists.pendingOwn, try live(tx, found, ask), pieces, try FormRoutes.asked(tx, ask, in: found.room)
            )
        }
        guard let (room, all, pending, live, pieces, asks) = found else { throw Refusal.notFound }
        let last = all.count == limit ? all.last?.seq : nil
        let items = all.filter(\.isThere)
        return .page(
            RoomPages.room(room, items: items, pending: pending, live: live, pieces: pieces, last: last, asks: asks, ask),
            json: [
                "room": RoomPages.json(room, mayRead: true, live: live),
                "items": .list(items.map { ItemParts.json($0, ask) }), "pending": .list(pending.map { ItemParts.json($0, ask) }),
                "next": last.map { .id(ID<Any>(raw: $0)) } ?? nil, "near": pieces.map { .bool($0.isNear) } ?? nil,
                "asked": asks.map { .string($0.measure) } ?? nil,
                "pieces": pieces.map {
                    .object($0.rows.sorted { $0.key < $1.key }.map { .init(key: $0.key.description, value: StoryPages.json($0.value)) })
                }
                    ?? nil,
            ])
    }

    static func card(_ ask: Ask) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let viewer = ask.viewer
        let found = try await ask.read { tx -> (RoomRow, Bool, Live)? in
            guard let found = try tx.staffedRoom(id, for: viewer), found.room.openedAt != nil || found.mayRead else { return nil }
            return (found.room, found.mayRead, try live(tx, found, ask))
        }
        guard let (room, mayRead, live) = found else { throw Refusal.notFound }
        return .page(
            Page(
                room.name, tab: .rooms,
                body: "<h1>\(room.name)</h1>\(RoomPages.card(room, live, ask))\(RoomPages.way(room, mayRead: mayRead, ask))"),
            json: ["room": RoomPages.json(room, mayRead: mayRead, live: live)])
    }

    /// Joining opens a members' room to the right age; a wrong age is told so, kindly, and a full room says so.
    static func join(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        let form = ask.form
        let limits = ask.app.limits
        // Wrong codes alone count: a class that comes in from one address with good ones slows nobody down.
        let guessers = [("invite \(person.account)", 10), ("invite \(ask.network)", 300)]
        if form.optional("code") != nil,
            let wait = guessers.compactMap({ limits.isOver($0.0, limit: $0.1, now: ask.now) }).max(by: { $0.milliseconds < $1.milliseconds }
            )
        {
            throw Refusal.tooFast(minutes: wait.minutes + 1)
        }
        let isIn = try await ask.write { tx -> Bool in
            guard let room = try tx.roomForCard(id, in: Viewer(person: person)), room.isOpen else { throw Refusal.notFound }
            guard !person.hasLeft else { throw Refusal.rule("left-for-good", status: 403) }
            guard let band = person.band, try tx.formInForce(of: room).bands.contains(band) || person.isStaff else {
                throw Refusal.rule("wrong-age", status: 403)
            }
            guard try room.joined || !tx.isFull(room) else { throw Refusal.rule("room-full", status: 409) }
            if room.invited, !room.joined, !person.isStaff {
                guard let code = form.optional("code").map(InviteCode.read), !code.isEmpty else {
                    throw Refusal.rule("needs-code", status: 403)
                }
                guard try tx.useInvite(code, for: id) else { return false }
            }
            try tx.join(id, person.account)
            return true
        }
        guard isIn else {
            for (who, limit) in guessers { _ = limits.wait(who, limit: limit, within: .hours(1), now: ask.now) }
            throw Refusal.rule("wrong-invite", status: 403)
        }
        return .see("/rooms/\(id)")
    }

    static func leave(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        try await ask.write { try $0.leave(id, person.account) }
        return .see("/rooms")
    }

    static func hide(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Room> = try ask.id("room")
        try await ask.write { tx in
            guard try tx.roomForCard(id, in: Viewer(person: person)) != nil else { throw Refusal.notFound }
            try tx.hide(id, by: person)
        }
        return .see("/see/people?done=saved")
    }
}
