import Foundation
import Rules
import Statistics
import Store

/// What an ended study came to, as a page, as JSON, and as one file that stands by itself.
public struct FinishedStudy: Sendable {
    let study: StudyRow
    let report: StudyReport
    /// The rooms of each arm, as they were when it opened and when it ended.
    let rooms: [StudyRoomForms]
    let roomNames: [String: String]
    let declined: Int
    /// Acts of staff in each arm's rooms, by role; replies of each supporter there.
    let acts: [(arm: String, role: String, count: Int)]
    let loads: [(arm: String, loads: [Int])]
    let minutes: [(role: String, minutes: Double)]
    let practice: [PracticeBand]
    let set: StudySetRow?
    let roomMinutes: RoomMinutes
    let armCosts: [ArmCost]
    let worth: Willingness
    /// Nil where no form was asked whose states have a value.
    let economics: StudyReport.Part<StudyEconomics>?

    /// PANOPLY-6: how often people answered others, beside their totals at the end: in bands of eight people or more, since a count of
    /// replies can be looked up by anybody in the room.
    struct PracticeBand: Sendable, Equatable {
        let times: ClosedRange<Int>
        let people: Int
        /// By measure.
        let totals: [String: StudyReport.Summary]
        /// Of the main measure, from the first day to the last.
        let classes: [ReliableChange.Class: Int]

        /// What of them may be told beside the whole: of bands of few nothing, nor of another by which they could be had.
        static func told(_ bands: [PracticeBand]) -> [PracticeBand] {
            let hidden = StudyReport.untold(bands.map(\.people))
            let measures = Set(bands.flatMap(\.totals.keys))
            let hiddenOf = Dictionary(
                measures.map { id in (id, StudyReport.untold(bands.map { $0.totals[id]?.count ?? 0 })) }, uniquingKeysWith: { a, _ in a })
            return bands.enumerated().map { place, band in
                PracticeBand(
                    times: band.times, people: band.people,
                    totals: band.totals.reduce(into: [:]) { told, one in
                        told[one.key] = hidden.contains(place) || hiddenOf[one.key]?.contains(place) ?? true ? .hidden : one.value
                    },
                    classes: hidden.contains(place) ? [:] : band.classes)
            }
        }
    }

    /// - Parameters: what an hour of staff costs, and what a year of full health is held to be worth.
    static func read(
        _ tx: Transaction, _ study: StudyRow, _ measures: [Instrument], _ organisation: ID<Organisation>, hourly: Int, worth: Willingness
    ) throws -> Self {
        guard study.state == .ended, let opened = study.openedAt, let ended = study.endedAt else {
            throw Refusal.rule("study-not-ended", status: 409)
        }
        let people = try tx.studyPeople(study)
        let seed = UInt64(study.hash.prefix(8), radix: 16) ?? 1
        let armRooms = try study.plan.arms.flatMap { arm in
            try arm.rooms.compactMap { key -> StudyRoomForms? in
                guard let id = ID<Room>(key), let before = try tx.form(of: id, at: opened), let after = try tx.form(of: id, at: ended)
                else {
                    return nil
                }
                return StudyRoomForms(arm: arm.id, room: key, before: before, after: after)
            }
        }
        let names = try armRooms.compactMap { one in try ID<Room>(one.room).flatMap { try tx.roomItself($0) }.map { (one.room, $0.name) } }
        let report = StudyReport(
            study.plan, people, measures: measures, rooms: armRooms, reworded: try tx.reworded(study.id), end: ended, seed: seed)
        let asked = StudyEconomics.asked(study.plan, measures)
        let roomMinutes = RoomMinutes(
            minutes: try tx.minutesByWorker(organisation, from: opened, until: ended),
            acts: try tx.actsByRoom(organisation, from: opened, until: ended), of: Set(study.plan.arms.flatMap(\.rooms)))
        let economics = asked.map { measure, days in
            do {
                return StudyReport.Part.told(
                    try StudyEconomics(
                        study.plan, people, measure, days: days, minutes: roomMinutes, hourly: hourly, willingness: worth, end: ended,
                        seed: seed))
            } catch { return .untold("\(error)") }
        }
        let rooms = study.plan.arms.map { arm in (arm.id, arm.rooms.compactMap { ID<Room>($0) }) }
        let last = study.plan.days.last ?? 0
        let seekers = people.filter { $0.side == .seeker && $0.presence != nil && $0.isAnalysed }
        let bands = [0...0, 1...2, 3...5, 6...Int.max].map { times in
            (times: times, own: seekers.filter { times.contains($0.presence?.replies.count ?? 0) })
        }
        let practice = bands.map { times, own in
            let totals = study.plan.asks.compactMap { ask in
                measures.first { $0.id == ask.measure }.map { measure in
                    (ask.measure, StudyReport.Summary(own.compactMap { $0.total(StudyPoint(ask.measure, ask.days.last ?? last), measure) }))
                }
            }
            return PracticeBand(
                times: times, people: own.count, totals: Dictionary(totals, uniquingKeysWith: { a, _ in a }),
                classes: StudyReport.classes(study.plan, measures.first { $0.id == study.plan.primary }, own))
        }
        let told = PracticeBand.told(practice)
        return FinishedStudy(
            study: study, report: report, rooms: armRooms, roomNames: Dictionary(names, uniquingKeysWith: { a, _ in a }),
            declined: try tx.declined(study.id, until: ended),
            acts: try rooms.flatMap { arm, rooms in try tx.acts(in: rooms, from: opened, until: ended).map { (arm, $0.role, $0.count) } },
            loads: try rooms.map { arm, rooms in (arm, try tx.supporterLoads(in: rooms, from: opened, until: ended)) },
            minutes: try tx.shiftMinutes(organisation, from: opened, until: ended), practice: told, set: try tx.studySet(study),
            roomMinutes: roomMinutes,
            armCosts: ArmCost.of(
                study.plan, people, roomMinutes, improved: Self.improved(report), hourly: hourly, end: ended),
            worth: worth, economics: economics)
    }

    /// Better by more than chance; nil where that is not known.
    var improved: Int? { Self.improved(report)?.values.reduce(0, +) }

    /// By arm; nil where it is not known of every age in the study: whoever can not be told about would count as not better.
    private static func improved(_ report: StudyReport) -> [String: Int]? {
        guard !report.gaps.contains(.errorUnknown), let classes = report.classes.value else { return nil }
        return Dictionary(
            classes.map { ($0.arm, ($0.counts[.improved] ?? 0) + ($0.counts[.recovered] ?? 0)) }, uniquingKeysWith: { a, _ in a })
    }

    func cost(hourly: Int) -> Double { minutes.reduce(0) { $0 + $1.minutes } / 60 * Double(hourly) }
}

enum TrialRoutes {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        func number(_ name: String, _ most: Int) throws -> Int? {
            guard let text = ask.query.optional(name), !text.isEmpty else { return nil }
            guard let number = Int(text), (0...most).contains(number) else { throw Refusal.badChoice(name) }
            return number
        }
        let hourly = try number("hourly", 100_000) ?? 0
        var worth = ask.app.content.worth
        // Both ends of a span of one's own, or the spans of the file.
        switch (try number("worth_from", Willingness.highest), try number("worth_to", Willingness.highest)) {
        case (let from?, let to?) where from < to: worth = worth.with(from: from, to: to)
        case (nil, nil): break
        case (_?, _), (nil, _?): throw Refusal.badChoice("worth_to")
        }
        let (measures, asked) = (ask.app.content.measures, worth)
        let finished = try await ask.read(long: true) { tx in
            try FinishedStudy.read(tx, DeskRoutes.study(tx, ask), measures, worker.person.organisation, hourly: hourly, worth: asked)
        }
        return .page(
            Page(
                finished.study.plan.title, tab: .write, wide: true,
                body: """
                    <p><a href="/researcher/studies/\(finished.study.code)">\(Pictures.icon(.back))\(finished.study.plan.title)</a></p>\
                    \(TrialPages.body(finished, hourly: hourly, ask.say, ask.app.content))
                    """), json: TrialJSON.whole(finished, hourly: hourly))
    }
}
