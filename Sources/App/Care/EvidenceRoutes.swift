import Rules
import Store

/// Claims about conditions and treatments, and what professionals say of them.
enum EvidenceRoutes {
    static func flag(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (id, words): (ID<Item>, String) = (try ask.id("item"), ask.form.text("words"))
        guard words.asWholeWords.count >= 14 else { throw Refusal.rule("evidence-too-short") }
        // A slip in copying takes nothing off the day.
        guard try await ask.app.store.read({ try place(of: words, id, $0, person) }) != nil else {
            throw Refusal.rule("evidence-not-there")
        }
        let wait = ask.app.limits.wait("evidence \(person.account)", limit: 10, within: .hours(24), now: ask.now)
        if let wait { throw Refusal.tooFast(minutes: wait.minutes + 1) }
        let (claim, thread) = try await ask.write { tx -> (ID<EvidenceNote>?, ID<Item>) in
            guard let (item, room) = try place(of: words, id, tx, person) else { return (nil, id) }
            return (try tx.askForEvidence(words, in: item, room: room), item.thread ?? item.id)
        }
        guard let claim else { throw Refusal.rule("evidence-not-there") }
        return .see("/items/\(thread)?done=evidence", json: ["evidence": .id(claim)], created: true)
    }

    /// The post in which the words stand: the one that was asked about, or an answer below it.
    private static func place(of words: String, _ id: ID<Item>, _ tx: Transaction, _ person: Person) throws -> (ItemView, RoomRow)? {
        let (viewer, choices) = (Viewer(person: person), try tx.choices(of: person))
        guard let (item, room) = try tx.item(id, visibleTo: viewer, choices: choices), item.state == .shown else { throw Refusal.notFound }
        return try tx.whereItStands(words, in: item, for: viewer, choices: choices).map { ($0, room) }
    }

    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let claims = try await ask.read { try $0.evidence(for: worker.person) }
        return .page(CarePages.evidence(claims, ask), json: ["evidence": .list(claims.map(CarePages.json))])
    }

    static func mark(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<EvidenceNote> = try ask.id("evidence")
        guard let mark: EvidenceMark = ask.form.choice("mark") else { throw Refusal.missing("mark") }
        let note = ask.form.words("note")
        if mark != .none, note.isEmpty { throw Refusal.missing("note") }
        guard note.count <= 1_000 else { throw Refusal.tooLong("note", 1_000) }
        try CareRoutes.refuseBarred(note, ask)
        let isSaid = try await ask.write { tx in
            let isOwn = try mark == .checked && tx.isOwnClaim(id, worker.person)
            let isSaid = try tx.mark(id, mark, note: note, by: worker.person)
            if isSaid, isOwn { throw Refusal.rule("evidence-own", status: 409) }
            return isSaid
        }
        guard isSaid else { throw Refusal.notFound }
        return .see("/evidence?done=saved", json: ["mark": .string(mark.rawValue)])
    }
}
