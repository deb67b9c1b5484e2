import Foundation
import Rules
import Statistics
import Store

/// Two studies of the story: one that takes people in, one that has ended. Protocols name rooms by the story's keys.
extension StoryTeller {
    func tellStudies(from folder: URL, in organisation: ID<Organisation>) async throws {
        guard let runner = people["op"]?.account else { return }
        let until = app.now() + .days(365)
        guard let watcher = people["priya"]?.account else { return }
        try await app.store.write { tx in
            _ = try tx.give(role: "researcher", to: runner, in: nil, by: "The demo", until: until, organisation: organisation)
            _ = try tx.give(role: "study-monitor", to: watcher, in: nil, by: "The demo", until: until, organisation: organisation)
        }
        try await open("study-open.json", folder, daysAgo: 3, organisation, runner)
        let code = try await open("study-ended.json", folder, daysAgo: 46, organisation, runner)
        guard let measure = app.content.measures.first(where: { $0.id == "chime" }), let pack = app.content.pack("chime") else { return }
        let members = people.sorted { $0.key < $1.key }.map(\.value).filter { $0.band == .thirteen || $0.band == .sixteen }
        for (number, person) in members.enumerated() {
            // Made-up answers: four levels of people, a little better where the room came at once; every sixth does not come back.
            let level = 3 + number % 4
            try await at((45 * 24 - number) * 60) { tx in
                guard let study = try tx.study(code, in: organisation) else { return }
                let yes = StudyYes(
                    side: .seeker, askedBefore: number % 3 == 0 ? .yes : .no,
                    purposes: number % 4 == 0 ? [.takePart] : [.takePart, .share, .link], adultCode: nil)
                try tx.takePart(person, in: study, yes)
                try Self.fill(tx, measure, pack, day: 0, level, spread: number, person, study)
                guard let part = try tx.participant(person.account, in: study.id) else { return }
                _ = try tx.start(part, of: person.account, in: study)
            }
            for day in [14, 28] where number % 6 != 5 {
                try await at(((45 - day) * 24 - number) * 60) { tx in
                    guard let study = try tx.study(code, in: organisation), let part = try tx.participant(person.account, in: study.id)
                    else { return }
                    let better = part.arm == "now" ? 1 : 0
                    try Self.fill(tx, measure, pack, day: day, level + better, spread: number * 101 + day, person, study)
                }
            }
        }
        try await at(2 * 1440) { tx in
            guard let study = try tx.study(code, in: organisation) else { return }
            _ = try tx.set(study, to: .ended, .ended, by: runner)
        }
    }

    /// A review that has begun, for those who run studies.
    func tellReview(from folder: URL) async throws {
        guard let reader = people["op"] else { return }
        let file = SearchFile(Array(try Data(contentsOf: folder.appending(path: "search.ris"))), named: "search.ris")
        let review = try await at(5 * 1440) { try $0.startReview("Made up for the demo", key: nil, by: reader) }
        _ = try await app.bring(
            file, as: NewReviewSource(search: "2026-11", source: "A made-up database", isByHand: false, key: nil), to: review)
    }

    @discardableResult
    private func open(
        _ name: String, _ folder: URL, daysAgo: Int, _ organisation: ID<Organisation>, _ runner: ID<Account>
    ) async throws -> String {
        var text = String(decoding: try Data(contentsOf: folder.appending(path: name)), as: UTF8.self)
        for (key, room) in rooms { text = text.replacing("[\"\(key)\"]", with: "[\"\(room)\"]") }
        let (written, plan, seed) = (text, try StudyProtocol(json: Data(text.utf8)), app.chance.bits())
        try await at(daysAgo * 1440) { tx in
            _ = try tx.draft(written, plan, in: organisation, by: runner)
            guard let study = try tx.study(plan.id, in: organisation) else { return }
            _ = try tx.open(study, seed: seed, by: runner)
        }
        return plan.id
    }

    private static func fill(
        _ tx: Transaction, _ measure: Instrument, _ pack: Pack, day: Int, _ level: Int, spread: Int, _ person: Person, _ study: StudyRow
    ) throws {
        guard let part = try tx.participant(person.account, in: study.id) else { return }
        let id = try tx.beginStudyForm(
            measure, wording: pack.version, language: pack.language, withheld: [], at: StudyPoint(measure.id, day), part, by: person)
        var chance = SeededChance(seed: UInt64(spread))
        for place in 1...measure.items.count {
            guard let form = try tx.form(id, of: person) else { return }
            _ = try tx.answer(form, place: place, with: min(10, max(0, level + chance.below(5) - 2)), by: person)
        }
        try tx.finish(id, by: person)
    }
}
