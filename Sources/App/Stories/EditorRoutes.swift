import Foundation
import Rules
import Screening
import Store

/// Editors: staff who read pieces, propose, plan the week and look after those who write.
enum EditorRoutes {
    private static func room(_ ask: Ask, _ worker: Worker) async throws -> RoomRow {
        let id: ID<Room> = try ask.id("room")
        let found = try await ask.read { try $0.room(id, visibleTo: Viewer(person: worker.person)) }
        guard let found, found.format == .stories, worker.person.staff.may(.approve, at: found.place, now: ask.now)
        else {
            throw Refusal.notFound
        }
        return found
    }

    /// The room of a piece in which this editor may say yes.
    private static func mayEdit(_ id: ID<Item>, _ tx: Transaction, _ ask: Ask, _ worker: Worker) throws {
        guard let room = try tx.roomOf(id), room.format == .stories,
            worker.person.staff.may(.approve, at: room.place, now: ask.now)
        else { throw Refusal.notFound }
    }

    private static func refuseBarred(_ assessment: Assessment, in room: RoomRow?, _ ask: Ask) throws {
        guard let why = barred(assessment, isUnder18: room?.form.isUnder18 ?? true) else { return }
        throw Refusal.rule(why == .method ? "piece-method" : "piece-barred")
    }

    static func propose(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let (title, body) = (ask.form.text("title").trimmed, ask.form.words("body"))
        let assessment = ask.screen(title + "\n" + body)
        let done = try await ask.write { tx in
            try mayEdit(id, tx, ask, worker)
            try refuseBarred(assessment, in: tx.roomOf(id), ask)
            return try tx.propose(title: title, body: body, for: id, by: worker.person)
        }
        guard done else { throw Refusal.notFound }
        return .see("/queue?done=proposed", json: ["proposed": true])
    }

    static func interview(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await room(ask, worker)
        let (piece, title, body) = try StoryRoutes.read(ask, room: room, isFinal: false)
        let assessment = ask.screen(StoryRoutes.whole(piece, title, body, ask.form.optional("note")))
        try refuseBarred(assessment, in: room, ask)
        let draft = StoryRoutes.draft(ask, title, body, assessment, voice: .name)
        let name = ask.form.text("narrator").trimmed
        let id = try await ask.write { tx -> ID<Item>? in
            guard let account = try tx.account(firstName: name, in: room.organisation) else { return nil }
            return try tx.addInterview(draft, piece, of: account, in: room, assessment: assessment, by: worker.person)
        }
        guard let id else { throw Refusal.rule("no-such-name") }
        return .see("/rooms/\(room.id)/plan?done=interview", json: ["id": .id(id)], created: true)
    }

    static func plan(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await room(ask, worker)
        let (days, planned, people) = try await ask.read {
            (try $0.rhythm(of: room.id), try $0.planned(in: room.id), try $0.ambassadors(in: room.id))
        }
        return .page(
            EditorPages.plan(room, days, planned, people, ask),
            json: [
                "days": .list(
                    days.map {
                        [
                            "weekday": .int($0.weekday), "at": .string(LocalClock.time(minute: $0.minute)), "theme": .string($0.theme),
                            "parents": .string($0.parents),
                        ]
                    }),
                "planned": .list(planned.map { ["item": .id($0.item), "by": .string($0.by), "at": .at($0.at), "ready": .bool($0.ready)] }),
                "ambassadors": .list(people.map { ["name": .string($0.name), "quota": .int($0.quota), "pays": .string($0.pays)] }),
            ])
    }

    static func setDay(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await room(ask, worker)
        guard let minute = SeeRoutes.minute(ask.form.optional("at")) else { throw Refusal.badChoice("at") }
        let parents = ask.form.words("parents")
        guard parents.count <= 1_000 else { throw Refusal.tooLong("parents", 1_000) }
        try CareRoutes.refuseBarred(parents, ask)
        let day = RhythmDay(weekday: ask.form.int("weekday") ?? 1, minute: minute, theme: ask.form.text("theme").trimmed, parents: parents)
        try await ask.write { try $0.set(day, in: room.id) }
        return .see("/rooms/\(room.id)/plan?done=saved", json: ["weekday": .int(day.weekday)])
    }

    /// `when` is a moment on the house's clock (2026-12-01T16:00), or a day, at the hour of that day's theme; nothing is at once.
    static func schedule(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let asked = ask.form.optional("when")?.trimmed
        let clock = ask.moments.clock
        let at = try await ask.write { tx -> Instant? in
            try mayEdit(id, tx, ask, worker)
            var moment: Instant?
            if let asked {
                if asked.count == 10, let start = clock.start(ofDay: asked), let room = try tx.roomOf(id) {
                    let weekday = clock.weekday(start)
                    let minute = try tx.rhythm(of: room.id).first { $0.weekday == weekday }?.minute ?? 16 * 60
                    moment = clock.moment(local: "\(asked)T\(LocalClock.field(minute: minute))")
                } else {
                    moment = clock.moment(local: asked)
                }
                guard let moment, moment > ask.now else { throw Refusal.badChoice("when") }
            }
            guard try tx.schedule(id, at: moment) else { throw Refusal.notFound }
            return moment
        }
        return .see("/queue?done=saved", json: ["at": .at(at)])
    }

    static func addAmbassador(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await room(ask, worker)
        let (name, quota, pays) = (ask.form.text("name").trimmed, ask.form.int("quota") ?? 1, ask.form.text("pays").trimmed)
        let done = try await ask.write { tx -> Bool in
            guard let account = try tx.account(firstName: name, in: room.organisation) else { return false }
            return try tx.addAmbassador(account, in: room, quota: quota, pays: pays, by: worker.person.account)
        }
        guard done else { throw Refusal.rule("no-such-name") }
        return .see("/rooms/\(room.id)/plan?done=saved", json: ["name": .string(name)], created: true)
    }

    static func endAmbassador(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let room = try await room(ask, worker)
        let name = ask.form.text("name").trimmed
        let done = try await ask.write { tx -> Bool in
            guard let account = try tx.account(firstName: name, in: room.organisation) else { return false }
            return try tx.endAmbassador(account, in: room.id)
        }
        guard done else { throw Refusal.notFound }
        return .see("/rooms/\(room.id)/plan?done=saved", json: ["ended": true])
    }

    /// One month, as the house's calendar counts it. What is due is told, not paid: money goes outside.
    static func ledger(_ ask: Ask, _ steward: Steward) async throws -> Answer {
        let clock = ask.moments.clock
        let today = clock.day(ask.now)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
        let month = ask.query.optional("month") ?? "\(today.year)-\(two(today.month))"
        let parts = month.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 2, (1...12).contains(parts[1]), let from = clock.start(ofDay: "\(month)-01") else {
            throw Refusal.badChoice("month")
        }
        let next = parts[1] == 12 ? "\(parts[0] + 1)-01" : "\(parts[0])-\(two(parts[1] + 1))"
        guard let to = clock.start(ofDay: "\(next)-01") else { throw Refusal.badChoice("month") }
        let rows = try await ask.read(long: true) { try $0.ledger(steward.organisation, from: from, to: to) }
        func field(_ text: String) -> String {
            // A cell that begins like a formula is text all the same.
            let safe = text.first.map { "=+-@\t".contains($0) } ?? false ? "'" + text : text
            return "\"" + safe.replacing("\"", with: "\"\"") + "\""
        }
        let lines =
            ["name,room,month,quota,published,left,pays_each"]
            + rows.map { row in
                [
                    field(row.name), field(row.room), month, String(row.quota), String(row.published),
                    String(max(0, row.quota - row.published)), field(row.pays),
                ]
                .joined(separator: ",")
            }
        return .file(
            name: "ambassadors-\(month).csv", type: "text/csv; charset=utf-8", bytes: Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
        )
    }
}
