import Foundation
import Rules
import Screening
import Store

/// The part of the story that is told in formats of their own: situations, pieces, a column, courses.
struct FormatsFile: Decodable, Sendable {
    struct Response: Decodable, Sendable { let by: String, kind: String, pattern: String?, body: String }
    struct Told: Decodable, Sendable {
        let by: String, minutesAgo: Int, title: String, happened: String, thoughts: String, topics: [String], responses: [Response]
    }
    struct Hung: Decodable, Sendable { let kind: String, words: String, transcript: String }
    struct Comment: Decodable, Sendable { let by: String, body: String }
    struct Piece: Decodable, Sendable {
        let by: String, form: String, minutesAgo: Int, title: String, body: String, since: String?, nowIs: String?, reference: Hung?
        let topics: [String], note: String?, waits: Bool?, comments: [Comment]
    }
    struct Column: Decodable, Sendable { let by: String, minutesAgo: Int, asked: String, title: String, question: String, answer: String }
    struct Day: Decodable, Sendable { let weekday: Int, at: String, theme: String, parents: String }
    struct RolePlay: Decodable, Sendable { let by: String, course: String, answers: [String] }
    struct Writer: Decodable, Sendable { let name: String, quota: Int, pays: String }

    let courses: [String], situations: [Told], pieces: [Piece], column: [Column], rhythm: [Day], ambassadors: [Writer],
        rolePlays: [RolePlay]
}

extension StoryTeller {
    func tellFormats(_ file: FormatsFile) async throws {
        guard let priya = people["priya"], let mo = people["mo"] else { return }
        let courses = app.content.courses
        try await at(12 * 1440) { tx in
            for course in courses where file.courses.contains(course.id) {
                // Whoever rates what others write there has been through it.
                for lesson in course.lessons { for part in LessonPart.allCases { try tx.mark(part, of: lesson.id, in: course, by: priya) } }
                try tx.sign(course, by: priya)
            }
        }
        for one in file.rolePlays {
            guard let person = people[one.by], let course = courses.first(where: { $0.id == one.course }) else { continue }
            try await at(2 * 1440) { try $0.setRolePlay(one.answers, .before, in: course, by: person) }
        }
        if let room = rooms["two-lenses"] { for one in file.situations { try await tell(one, in: room) } }
        guard let id = rooms["blue-door"], let room = try await app.store.read({ try $0.roomItself(id) }) else { return }
        for one in file.pieces { try await tell(one, in: room, editor: mo) }
        for one in file.column { try await tell(one, in: room, by: priya) }
        let writers = file.ambassadors.compactMap { one in people[one.name].map { (one, $0.account) } }
        try await at(9 * 1440) { tx in
            for day in file.rhythm {
                try tx.set(
                    RhythmDay(weekday: day.weekday, minute: SeeRoutes.minute(day.at) ?? 960, theme: day.theme, parents: day.parents), in: id
                )
            }
            for (one, account) in writers { _ = try tx.addAmbassador(account, in: room, quota: one.quota, pays: one.pays, by: mo.account) }
        }
    }

    private func draft(
        _ kind: ItemKind, _ thread: ID<Item>?, _ title: String, _ body: String, _ topics: [String], _ key: String, note: String? = nil,
        voice: Voice = .name, wants: Wants = .ideas, response: ResponseKind? = nil, pattern: ThinkingPattern? = nil
    ) -> (Draft, Assessment) {
        let weight = app.content.weigh(topics, found: [])
        let found = app.screen.assess(wholeWords(title: title, body: body, note: note), context: Context(isReply: thread != nil))
        return (
            Draft(
                kind: kind, thread: thread, voice: voice, title: title, body: body,
                wants: thread == nil ? wants : nil, mood: nil,
                note: note,
                topics: weight.topics, matters: weight.matters, heavy: weight.heavy, key: "story-\(key)", response: response,
                pattern: pattern),
            found
        )
    }

    /// Sent, and put up by a moderator where a person reads first.
    private func put(_ draft: (Draft, Assessment), by person: Person, in room: ID<Room>, minutesAgo: Int) async throws -> ID<Item>? {
        let outcome = try await at(minutesAgo) { tx in
            guard let place = try tx.roomForCard(room, in: Viewer(person: person)) else { return SendOutcome.gone }
            return try tx.send(draft.0, from: person, in: place, assessment: draft.1, hoursOpen: true)
        }
        guard case .kept(let id, _) = outcome else { return nil }
        try await approve(id, minutesAgo: max(minutesAgo - 9, 1))
        return id
    }

    private func approve(_ id: ID<Item>, minutesAgo: Int) async throws {
        guard let mo = people["mo"] else { return }
        try await at(minutesAgo) { tx in
            for open in try tx.caseAbout(item: id) where open.closedAt == nil {
                guard let found = try tx.look(at: open.id, by: mo.account) else { continue }
                _ = try tx.decide(NewDecision(act: .approve, seconds: 60), about: found, by: mo)
            }
        }
    }

    private func tell(_ one: FormatsFile.Told, in room: ID<Room>) async throws {
        guard let author = people[one.by] else { return }
        let body = Situation(happened: one.happened, thoughts: one.thoughts).text
        guard
            let thread = try await put(
                draft(.thread, nil, one.title, body, one.topics, one.title), by: author, in: room, minutesAgo: one.minutesAgo)
        else { return }
        for (place, response) in one.responses.enumerated() {
            guard let person = people[response.by], let kind = ResponseKind(rawValue: response.kind) else { continue }
            let sent = draft(
                .reply, thread, "", response.body, [], "\(one.title) \(place)", response: kind,
                pattern: response.pattern.flatMap(ThinkingPattern.init(rawValue:)))
            let ago = max(one.minutesAgo - 6 * (place + 1), 2)
            guard let id = try await put(sent, by: person, in: room, minutesAgo: ago) else { continue }
            // Two others looked, some minutes later.
            try await at(ago - 1) { try $0.deliver(response: id) }
        }
    }

    private func tell(_ one: FormatsFile.Piece, in room: RoomRow, editor: Person) async throws {
        guard let author = people[one.by], let form = PieceForm(rawValue: one.form) else { return }
        let (sent, found) = draft(.thread, nil, one.title, one.body, one.topics, one.title, note: one.note, wants: .noReply)
        let piece = PieceDraft(
            form: form, since: one.since.flatMap(TimeSince.init(rawValue:)), nowIs: one.nowIs.flatMap(WhereNow.init(rawValue:)),
            reference: one.reference.flatMap { hung in
                ReferenceKind(rawValue: hung.kind).map { Reference(kind: $0, words: hung.words, transcript: hung.transcript) }
            }, isFinal: true)
        let outcome = try await at(one.minutesAgo) {
            try $0.sendPiece(
                sent, piece, from: author, in: $0.roomForCard(room.id, in: Viewer(person: author)) ?? room, assessment: found,
                hoursOpen: true)
        }
        guard case .kept(let id, _) = outcome, !(one.waits ?? false) else { return }
        try await approve(id, minutesAgo: max(one.minutesAgo - 20, 1))
        for (place, comment) in one.comments.enumerated() {
            guard let person = people[comment.by] else { continue }
            _ = try await put(
                draft(.reply, id, "", comment.body, [], "\(one.title) \(place)"), by: person, in: room.id,
                minutesAgo: max(one.minutesAgo - 90 * (place + 1), 2))
        }
    }

    private func tell(_ one: FormatsFile.Column, in room: RoomRow, by priya: Person) async throws {
        guard let asker = people[one.by] else { return }
        let (sent, found) = draft(.question, nil, "", one.asked, [], one.title, voice: .anonymous)
        let outcome = try await at(one.minutesAgo) {
            try $0.askColumn(
                sent, from: asker, in: $0.roomForCard(room.id, in: Viewer(person: asker)) ?? room, assessment: found, hoursOpen: true)
        }
        guard case .kept(let id, _) = outcome else { return }
        _ = try await at(max(one.minutesAgo - 900, 1)) {
            try $0.publishColumn(
                id, title: one.title, asked: one.question, answer: one.answer, weight: (topics: [], matters: [], heavy: false), by: priya,
                in: room)
        }
    }
}
