import Rules
import Store

extension Routes {
    static let reappraisal: [Route] = [
        .member(
            .get, "/items/:item/respond", "Answer a situation: choose a kind, and read how it is done.",
            [.choice("kind", ResponseKind.self, optional: true)], ReappraisalRoutes.form),
        .member(
            .post, "/items/:item/responses", "Send the answer; two people look at it before it goes out.",
            [
                .choice("kind", ResponseKind.self), .choice("pattern", ThinkingPattern.self, optional: true), .words("body"),
                .choice("voice", ["name", "anonymous"], optional: true), .key,
            ], ReappraisalRoutes.respond),
        .member(.get, "/judge", "Answers that wait for somebody to look at them before they go out.", ReappraisalRoutes.judging),
        .member(
            .post, "/responses/:item/judgements", "Say whether an answer may go out. Nobody learns who said it.",
            [.choice("judgement", Judgement.self), .line("seen", 20)], ReappraisalRoutes.judge),
    ]
}

enum ReappraisalRoutes {
    /// Has this person taken the lesson? Where the host has no such course, everybody has.
    static func hasLearned(_ ask: Ask, _ person: Person, _ tx: Transaction) throws -> Bool {
        try ask.app.content.courses.filter { $0.opens == .reappraisal }.allSatisfy { try tx.hasFinished($0, person) }
    }

    static func lesson(_ ask: Ask) -> String {
        ask.app.content.courses.first { $0.opens == .reappraisal }.map { "/courses/\($0.id)" } ?? "/courses"
    }

    static func form(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        let (found, learned) = try await ask.read { tx in
            (
                try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)),
                try hasLearned(ask, person, tx)
            )
        }
        guard let (item, room) = found, room.format == .reappraisal, item.thread == nil, item.state == .shown, !item.isMine else {
            throw Refusal.notFound
        }
        let kind: ResponseKind? = ask.query.choice("kind")
        return .page(
            ReappraisalPages.form(item, room, kind, learned: learned, ask),
            json: [
                "item": ItemParts.json(item, ask), "learned": .bool(learned),
                "kinds": .list(
                    ResponseKind.allCases.map {
                        ["kind": .string($0.rawValue), "guidance": .string(ask.say("reappraisal.guide-\($0.rawValue)"))]
                    }),
            ])
    }

    static func respond(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard let kind: ResponseKind = ask.form.choice("kind") else { throw Refusal.missing("kind") }
        let pattern: ThinkingPattern? = ask.form.choice("pattern")
        if kind == .distortion, pattern == nil {
            let words = ask.form.words("body")
            try await WriteRoutes.hearIfInDanger(words, ask.screen(words, isReply: true), ask, person)
            throw Refusal.missing("pattern")
        }
        let learned = try await ask.read { try hasLearned(ask, person, $0) }
        guard learned || person.isStaff else {
            // Words of somebody in danger are heard also where they may not answer yet.
            let words = ask.form.words("body")
            try await WriteRoutes.hearIfInDanger(words, ask.screen(words, isReply: true), ask, person)
            throw Refusal.rule("gate-\(GateRefusal.learnFirst.rawValue)", status: 403)
        }
        return try await WriteRoutes.response(ask, person, kind, kind == .distortion ? pattern : nil)
    }

    static func judging(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (waiting, learned) = try await ask.read { tx in
            let learned = try hasLearned(ask, person, tx)
            return (learned ? try tx.responsesToJudge(by: person, choices: try tx.choices(of: person)) : [], learned)
        }
        return .page(
            ReappraisalPages.judging(waiting, learned: learned, ask),
            json: [
                "learned": .bool(learned),
                "waiting": .list(
                    waiting.map {
                        [
                            "id": .id($0.id), "kind": .string($0.kind.rawValue), "pattern": .text($0.pattern?.rawValue),
                            "body": .string($0.body), "covered": .list($0.covers.map { .string($0.code) }), "seen": .string($0.seen),
                            "situation": ItemParts.json($0.situation, ask),
                        ]
                    }),
            ])
    }

    static func judge(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Item> = try ask.id("item")
        guard let judgement: Judgement = ask.form.choice("judgement") else { throw Refusal.missing("judgement") }
        let seen = ask.form.text("seen")
        let outcome = try await ask.write { tx -> JudgeOutcome in
            guard try hasLearned(ask, person, tx) else { throw Refusal.rule("gate-\(GateRefusal.learnFirst.rawValue)", status: 403) }
            return try tx.judge(id, judgement, seen: seen, by: person, choices: try tx.choices(of: person))
        }
        switch outcome {
        case .counted: break
        case .changed: throw Refusal.rule("response-changed", status: 409)
        case .gone: throw Refusal.notFound
        }
        return .see("/judge?done=judged", json: ["counted": true])
    }
}
