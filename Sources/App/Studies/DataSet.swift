import Crypto
import Foundation
import Rules
import Statistics
import Store

/// What evaluators from outside get: answers without names of those who said yes to it, signed by this house, with what is missing
/// said beside it.
enum DataSetRoutes {
    /// Made once and kept: two that were made at different times would tell who took a yes back in between.
    static func make(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let measures = ask.app.content.measures
        let by = worker.person.account
        let code = try await ask.write { tx -> String in
            let study = try DeskRoutes.study(tx, ask)
            guard study.state == .ended else { throw Refusal.rule("study-not-ended", status: 409) }
            if try tx.studySet(study) == nil {
                let people = try tx.studyPeople(study)
                let set = DataSet(study, people, measures, list: try tx.openedList(study))
                let text = try RecordToken.sign(set.json, ask.app.store.keys)
                try tx.keepStudySet(text, shared: people.count { $0.arm != nil && $0.shares }, of: study, by: by)
            }
            return study.code
        }
        return .see("/researcher/studies/\(code)?done=saved", json: ["study": .string(code)])
    }

    static func file(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (code, text) = try await ask.read { tx -> (String, String) in
            let study = try DeskRoutes.study(tx, ask)
            guard study.state == .ended else { throw Refusal.rule("study-not-ended", status: 409) }
            guard let text = try tx.studySetText(study) else { throw Refusal.rule("study-set-not-made", status: 409) }
            return (study.code, text)
        }
        return .file(name: "\(code).jwt", type: "application/jwt", bytes: Array(text.utf8))
    }

    /// When it was made and what became of it since, for whoever runs the study.
    static func json(_ set: StudySetRow?) -> JSON {
        set.map { ["made": .at($0.madeAt), "gone": .string(PublicCount($0.gone).description)] } ?? .null
    }
}

/// Rows are made alike until nobody stands alone: the age band goes first, then all answers but the main ones, then all but the first,
/// then the row. What stands in a row as not answered is part of what it is known by: somebody may know who stopped coming.
struct DataSet {
    struct Row {
        let arm: String
        let band: String
        let answers: [(point: StudyPoint, total: Double?)]
    }

    /// One person on the way into a row: how much is left of what is known.
    private struct Candidate {
        let arm: String
        let band: String
        let totals: [StudyPoint: Double]
        var step = 0
        static let steps = 4

        func kept(_ plan: StudyProtocol) -> [StudyPoint: Double] {
            let main = [plan.days.first, plan.days.last].compactMap { $0.map { StudyPoint(plan.primary, $0) } }
            return switch step {
            case 0, 1: totals
            case 2: totals.filter { main.contains($0.key) }
            default: totals.filter { $0.key == main.first }
            }
        }

        /// What others may know of somebody: not a score, but the group, the age, and when they answered.
        func known(_ plan: StudyProtocol) -> [String] {
            [arm, step == 0 ? band : "*"] + kept(plan).keys.map { "\($0.measure)@\($0.day)" }.sorted()
        }
    }

    let study: StudyRow
    /// By which chance decided, in full: its digest was public before the first person.
    let list: String
    let rows: [Row]
    /// In each arm: put there, in the rows, of those with answers left out, said no to it, alone with what is known of them.
    let counts: [(arm: String, started: Int, told: Int, lessened: Int, notShared: Int, alone: Int)]

    init(_ study: StudyRow, _ people: [StudyPerson], _ measures: [Instrument], list: String) {
        (self.study, self.list) = (study, list)
        let started = people.filter { $0.arm != nil }
        let shared = started.filter(\.shares)
        let points = study.plan.points(of: .seeker)
        var candidates = shared.map { person in
            let totals = points.compactMap { point in
                measures.first { $0.id == point.measure }.flatMap { person.total(point, $0) }.map { (point, $0) }
            }
            return Candidate(
                arm: person.arm ?? "", band: person.band?.rawValue ?? "", totals: Dictionary(totals, uniquingKeysWith: { a, _ in a }))
        }
        // Whoever is one of few goes a step further, all of the few at once; a group that is large enough only grows by it.
        var kept: [Candidate] = []
        for _ in 0..<Candidate.steps {
            let sizes = Dictionary(candidates.map { ($0.known(study.plan), 1) }, uniquingKeysWith: +)
            kept = candidates.filter { sizes[$0.known(study.plan), default: 0] >= PublicCount.fewest }
            candidates = candidates.map { one in
                var one = one
                if sizes[one.known(study.plan), default: 0] < PublicCount.fewest { one.step += 1 }
                return one
            }
        }
        rows = kept.map { one in
            let totals = one.kept(study.plan)
            return Row(arm: one.arm, band: one.step == 0 ? one.band : "*", answers: points.map { ($0, totals[$0]) })
        }
        counts = study.plan.arms.map { arm in
            let own = started.filter { $0.arm == arm.id }
            let shown = kept.filter { $0.arm == arm.id }
            let yes = own.count { $0.shares }
            return (
                arm.id, own.count, shown.count, shown.count { $0.kept(study.plan).count < $0.totals.count }, own.count - yes,
                yes - shown.count
            )
        }
    }

    /// In an order that tells nothing of who came when.
    var json: JSON {
        let sorted = rows.map { row -> JSON in
            [
                "arm": .string(row.arm), "band": .string(row.band),
                "totals": .object(
                    row.answers.map { .init(key: "\($0.point.measure)@\($0.point.day)", value: $0.total.map(JSON.number) ?? .null) }),
            ]
        }.sorted { String(decoding: $0.bytes, as: UTF8.self) < String(decoding: $1.bytes, as: UTF8.self) }
        return [
            "study": .string(study.code), "protocol": .string(study.hash), "list": .string(list), "ended": .at(study.endedAt),
            "rows": .list(sorted),
            "counts": .list(
                counts.map { arm in
                    [
                        "arm": .string(arm.arm), "started": .string(PublicCount(arm.started).description), "rows": .int(arm.told),
                        "lessened": .string(PublicCount(arm.lessened).description),
                        "notShared": .string(PublicCount(arm.notShared).description), "alone": .string(PublicCount(arm.alone).description),
                    ]
                }),
            "gaps": [
                "Only those who said yes to it, and whose yes had not ended, are here.", "Total scores, not answers.",
                "No day, no room, no name, not who left; small groups without their age.",
                "Where fewer than 8 people answered on the same days, rows keep the main answers alone, or the first alone.",
                "Where all who are alike answered alike, whoever knows that somebody is among them knows their total.",
                "Totals are exact: whoever has somebody's totals from elsewhere can find their row.",
            ],
        ]
    }
}

/// An evaluator's look at a data set, with what is public alone: keys, and the study's own page.
public struct DataSetCheck: Sendable {
    public let rows: Int
    public let problems: [String]

    private struct Keys: Decodable {
        struct Key: Decodable { let kid: String, x: String }
        let keys: [Key]
    }
    private struct Head: Decodable { let alg: String, kid: String }
    private struct Body: Decodable {
        struct Row: Decodable { let arm: String }
        struct Count: Decodable { let arm: String, started: String, rows: Int }
        let study: String, `protocol`: String, list: String, rows: [Row], counts: [Count]
    }
    private struct Public: Decodable {
        struct Arm: Decodable { let arm: String, people: String }
        let study: String, hash: String, listHash: String, tally: [Arm]
    }

    /// - Throws: a decoding error for a file that is none of these.
    public init(token: Data, keys: Data, page: Data) throws {
        var found: [String] = []
        let parts = String(decoding: token, as: UTF8.self).filter { !$0.isWhitespace }.split(separator: ".").map(String.init)
        guard parts.count == 3, let head = RecordToken.read(parts[0]), let body = RecordToken.read(parts[1]),
            let signature = RecordToken.read(parts[2])
        else {
            (rows, problems) = (0, ["The data set has not three parts."])
            return
        }
        let header = try JSONDecoder().decode(Head.self, from: Data(head))
        let key = try JSONDecoder().decode(Keys.self, from: keys).keys.first { $0.kid == header.kid }
        let isSigned = try key.flatMap { RecordToken.read($0.x) }.map {
            try Curve25519.Signing.PublicKey(rawRepresentation: Data($0)).isValidSignature(
                Data(signature), for: Data((parts[0] + "." + parts[1]).utf8))
        }
        if header.alg != "EdDSA" || isSigned != true { found.append("The signature is not the house's.") }
        let set = try JSONDecoder().decode(Body.self, from: Data(body))
        let page = try JSONDecoder().decode(Public.self, from: page)
        if set.study != page.study || set.protocol != page.hash { found.append("The protocol is not the public one.") }
        if Transaction.digest(set.list) != page.listHash { found.append("The list of arms is not the one that was sealed.") }
        let known = Set(page.tally.map(\.arm))
        if let other = (set.rows.map(\.arm) + set.counts.map(\.arm)).first(where: { !known.contains($0) }) {
            found.append("\(other) is no arm of the study.")
        }
        for arm in page.tally {
            let own = set.counts.first { $0.arm == arm.arm }
            let rows = set.rows.count { $0.arm == arm.arm }
            if own?.rows != rows { found.append("\(arm.arm): \(rows) rows, counted as \(own?.rows ?? 0).") }
            // Where the public count is hidden, or the arm's is, nothing can be held against it.
            if arm.people != "*", let own, own.started != "*", own.started != arm.people {
                found.append("\(arm.arm): \(own.started) started here, \(arm.people) on the public page.")
            }
        }
        (self.rows, problems) = (set.rows.count, found)
    }
}
