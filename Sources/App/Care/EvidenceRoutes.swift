import Rules
import Store

/// Claims about conditions and treatments, and what professionals say of them.
enum EvidenceRoutes {
    static func flag(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (id, words): (ID<Item>, String) = (try ask.id("item"), ask.form.text("words"))
        guard words.asClaim.count >= 12 else { throw Refusal.rule("evidence-too-short") }
        // A slip in copying takes nothing off the day.
        let stands = try await ask.app.store.read { tx in
            try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)).map {
                ($0.0.title + "\n" + $0.0.body).asClaim.contains(words.asClaim)
            }
        }
        guard let stands else { throw Refusal.notFound }
        guard stands else { throw Refusal.rule("evidence-not-there") }
        let wait = ask.app.limits.wait("evidence \(person.account)", limit: 10, within: .hours(24), now: ask.now)
        if let wait { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        let (claim, thread) = try await ask.write { tx -> (ID<EvidenceNote>?, ID<Item>) in
            guard let (item, room) = try tx.item(id, visibleTo: Viewer(person: person), choices: try tx.choices(of: person)),
                item.state == .shown
            else { throw Refusal.notFound }
            return (try tx.askForEvidence(words, in: item, room: room), item.thread ?? item.id)
        }
        guard let claim else { throw Refusal.rule("evidence-not-there") }
        try await ask.app.store.announce("queue")
        return .see("/items/\(thread)?done=evidence", json: ["evidence": .id(claim)], created: true)
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let claims = try await ask.read { try $0.evidence(of: worker.person.organisation) }
        return .page(CarePages.evidence(claims, ask), json: ["evidence": .list(claims.map(CarePages.json))])
    }

    static func mark(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<EvidenceNote> = try ask.id("evidence")
        guard let mark: EvidenceMark = ask.form.choice("mark") else { throw Refusal.missing("mark") }
        let note = ask.form.words("note")
        if mark != .none, note.isEmpty { throw Refusal.missing("note") }
        guard note.count <= 1_000 else { throw Refusal.tooLong("note", 1_000) }
        try CareRoutes.refuseBarred(note, ask)
        guard try await ask.write({ try $0.mark(id, mark, note: note, by: worker.person) }) else { throw Refusal.notFound }
        return .see("/evidence?done=saved", json: ["mark": .string(mark.rawValue)])
    }
}
