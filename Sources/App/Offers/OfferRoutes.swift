import Rules
import Store

extension Routes {
    static let offers: [Route] = [
        .member(.get, "/offers", "Posts that wait for an answer and fit this supporter.", OfferRoutes.show),
        .member(.post, "/offers/:offer/accept", "I will answer this.", OfferRoutes.accept),
        .member(.post, "/offers/:offer/pass", "Not this one. No reason is asked, and nobody learns of it.", OfferRoutes.pass),
        .member(.post, "/offers/:offer/hand-over", "This is more than I can answer: the team takes it.", OfferRoutes.handOver),
        .member(
            .post, "/offers/rest", "No new posts for some days, or new ones again.", [.int("days", 0...60)], OfferRoutes.rest),
        .member(
            .post, "/offers/week", "How is helping for you this week? 1 is too much, 5 is good.", [.int("answer", 1...5)],
            OfferRoutes.week),
        .member(.get, "/offers/openings", "Three good openings for each kind of post, and when to hand over.", FirstWordsRoutes.show),
        .member(.get, "/offers/settings", "How I help: what I take, how much, when.", SupporterRoutes.show),
        .member(
            .post, "/offers/settings", "Save how I help.",
            [
                .list("matters"), .list("languages"), .int("per_day", 1...Capacity.most.perDay),
                .int("per_week", 1...Capacity.most.perWeek),
                .line("from", 5, optional: true), .line("to", 5, optional: true), .words("plan", optional: true),
            ], SupporterRoutes.save),
        .member(.post, "/offers/standing/:room/end", "Stop supporting in a room. Nothing else changes.", SupporterRoutes.giveBack),
        .member(.get, "/you/map", "What I have been through, for finding people alike. Private.", SupporterRoutes.map),
        .member(.post, "/you/map", "Save it, or empty it.", [.list("topics")], SupporterRoutes.saveMap),
        .staff(.get, "/rooms/:room/supporters", .closeRisk, "Who supports in a room, until when.", SupporterRoutes.here),
        .staff(
            .post, "/rooms/:room/supporters", .closeRisk, "Let somebody support others in a room.",
            [.line("name", 40), .line("trained", 200), .int("days", 1...365, optional: true)], SupporterRoutes.give),
        .staff(
            .post, "/rooms/:room/supporters/end", .closeRisk, "End somebody's standing in a room.", [.line("name", 40)],
            SupporterRoutes.take),
    ]
}

enum OfferRoutes {
    /// Whoever helps nowhere and never did finds an explanation, not an error: the page is linked from everybody's own.
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let setting = ask.app.offerSetting
        let letters = ask.app.letterCourses
        let state = try await ask.read { tx in
            let choices = try tx.choices(of: person)
            // Looking after a room is more than supporting in it: what is hard is put before nobody past the rules.
            let rooms = try tx.readableRooms(for: ask.viewer).filter { room in
                person.staff.may(.answer, at: room.place, now: ask.now)
            }
            let ids = rooms.map(\.id)
            return SupporterPage(
                places: try tx.helpsIn(person), offers: try tx.offers(of: person, choices: choices, setting),
                settings: try tx.supporterSettings(of: person), load: try tx.load(of: person),
                lastWeek: try tx.lastSupporterWeek(person.account),
                waiting: ids.isEmpty ? [] : try tx.waitingForStaff(person, rooms: ids, choices: choices),
                quiet: ids.isEmpty ? [] : try tx.quietThreads(for: person, rooms: ids, choices: choices), rooms: rooms,
                groups: try tx.groupsOf(person), isBefriender: try tx.isBefriender(person, courses: letters))
        }
        return .page(OfferPages.page(state, ask), json: OfferPages.json(state, ask))
    }

    static func accept(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Offer> = try ask.id("offer")
        let setting = ask.app.offerSetting
        switch try await ask.write({ try $0.accept(id, by: person, setting) }) {
        case .accepted(let item, let until):
            return .see("/items/\(item)#reply", json: ["item": .id(item), "until": .at(until)])
        case .refused(let barrier): throw Refusal.rule("offer-\(barrier.rawValue)", status: 409)
        case .tooLate: throw Refusal.rule("offer-too-late", status: 409)
        case .gone: throw Refusal.notFound
        }
    }

    static func pass(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await letGo(ask, person, .pass)
        return .see("/offers?done=passed", json: ["passed": .bool(true)])
    }

    static func handOver(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await letGo(ask, person, .handOver)
        return .see("/offers?done=handed-over", json: ["handedOver": .bool(true)])
    }

    private static func letGo(_ ask: Ask, _ person: Person, _ act: OfferAct) async throws {
        let id: ID<Offer> = try ask.id("offer")
        let setting = ask.app.offerSetting
        guard try await ask.write({ try $0.letGo(id, act, by: person, setting) }) else { throw Refusal.notFound }
    }

    static func rest(_ ask: Ask, _ person: Person) async throws -> Answer {
        let days = ask.form.int("days") ?? 0
        let until = days == 0 ? nil : ask.now + .days(days)
        try await ask.write { tx in
            guard var settings = try tx.supporterSettings(of: person) else { throw Refusal.notFound }
            settings.pausedUntil = until
            try tx.set(settings, of: person)
        }
        return .see("/offers?done=saved", json: ["pausedUntil": .at(until)])
    }

    static func week(_ ask: Ask, _ person: Person) async throws -> Answer {
        let answer = ask.form.int("answer") ?? 3
        try await ask.write { tx in
            guard try tx.supporterSettings(of: person) != nil else { throw Refusal.notFound }
            try tx.answerSupporterWeek(answer, by: person)
        }
        let isLow = answer <= SupporterWeek.low
        return .see(
            isLow ? "/offers?done=week-low" : "/offers?done=checked-in", json: ["answer": .int(answer), "heavyRests": .bool(isLow)])
    }
}

/// Everything on a supporter's page.
struct SupporterPage: Sendable {
    let places: [StandingRow]
    let offers: [OfferRow]
    let settings: SupporterSettings?
    let load: SupporterLoad
    let lastWeek: Instant?
    /// For those who look after rooms: posts that the supporters' turns are over for, and threads that have gone quiet.
    let waiting: [ItemView]
    let quiet: [ItemView]
    let rooms: [RoomRow]
    /// The groups in which they are looked after.
    let groups: [SupervisionGroup]
    /// Writes letters with one person: looked after like everybody who supports.
    let isBefriender: Bool
}
