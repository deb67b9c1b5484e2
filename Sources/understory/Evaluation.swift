import Foundation
import Screening
import Statistics

/// One set's figures, as `screen evaluate` prints them.
struct SetFigures: Encodable {
    var set: String
    var n: Int
    var positives: Int
    var found: Double?
    var leftAlone: Double?
    var auroc: Double?
    var auprc: Double?
    var recallAt10: Double?
    var recallAt20: Double?
    var ece: Double?
    var itemsPerSecond: Double
    var functionalities: [String: Functionality]
    /// Lower ends of the 95 % intervals.
    var foundLower: Double?
    var leftAloneLower: Double?
    /// Said level against the level a moderator would want, as "wanted>said" and how often.
    var levels: [String: Int]
    /// The share that could not be read whole (another language, too long): a person would read it first whatever else was said.
    var readFirst: Double
    /// Where the set tells which template a sentence was made from: how many there are, and the least of each figure when any one
    /// of them is left out, so that no figure hangs on one phrase.
    var templates: Int?
    var foundWithoutOne: Double?
    var leftAloneWithoutOne: Double?
    /// Ids only.
    var wrong: [String] = []

    struct Functionality: Encodable {
        var n: Int
        var right: Int
    }

    private enum CodingKeys: String, CodingKey {
        case set, n, positives, found, leftAlone, auroc, auprc, recallAt10, recallAt20, ece, itemsPerSecond, functionalities
        case foundLower, leftAloneLower, levels, readFirst, templates, foundWithoutOne, leftAloneWithoutOne
    }
}

/// Runs the screen over a set and counts. What counts as found in which set is said in `asked`.
struct Evaluation {
    let screen: Screening.Screen

    /// What a set asks about. A name that is not known here is asked about risk, as every post is.
    struct Asked {
        var kinds: Set<ConcernKind>
        var models: [String]
    }

    private static let risk = Asked(kinds: [.riskToSelf, .riskToOther, .abuse, .method, .encouragement], models: ["risk"])
    private static let detail = Asked(kinds: [.ownDetail, .othersDetail, .link, .smallPlace], models: [])

    static func asked(_ set: String) -> Asked {
        let task = set.split(separator: "/").last.map(String.init) ?? set
        // What a host's own examples are called by: one kind of concern.
        if let kind = ConcernKind(rawValue: task), !["method", "comparison", "grooming", "stigma", "bullying"].contains(task) {
            return Asked(kinds: [kind], models: [])
        }
        switch task {
        case "method", "suite_method_seek": return Asked(kinds: [.method, .encouragement], models: [])
        case "comparison": return Asked(kinds: [.comparison], models: [])
        case "grooming": return Asked(kinds: [.grooming], models: [])
        case "pii", "pii_presidio": return detail
        case "ed": return Asked(kinds: [.eatingDetail], models: [])
        case "stigma": return Asked(kinds: [.stigma], models: [])
        case "reply": return Asked(kinds: [.replyHint], models: [])
        case "reply_diasafety": return Asked(kinds: [.replyHint, .bullying, .encouragement, .stigma], models: ["unkind-reply"])
        case "ER": return Asked(kinds: [], models: ["warmth"])
        case "IP": return Asked(kinds: [], models: ["understanding"])
        case "EX": return Asked(kinds: [], models: ["asking"])
        case "apart":
            return Asked(
                kinds: [
                    .riskToSelf, .riskToOther, .abuse, .method, .encouragement, .grooming, .bullying, .hate, .comparison, .eatingDetail,
                    .stigma,
                ], models: ["quiet"])
        case "bullying": return Asked(kinds: [.bullying, .hate, .encouragement], models: ["unkind"])
        default:
            return task.hasPrefix("abuse_") || task.hasPrefix("suite_hate") ? Asked(kinds: [.bullying, .hate], models: ["unkind"]) : risk
        }
    }

    /// One for each task of the file; three for the kinds of empathy.
    func figures(of name: String, _ examples: [Example]) -> [SetFigures] {
        if examples.contains(where: { $0.numbers["ER"] != nil }) {
            return ["ER", "IP", "EX"].map { key in figures("\(name)/\(key)", examples) { ($0.numbers[key] ?? 0) > 0 } }
        }
        let tasks = Dictionary(grouping: examples) { $0.words["task"] }
        return tasks.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { task, members in
            // Answers are marked 2, 1, 0: a poor one is what is to be noticed.
            figures(task.map { "\(name)/\($0)" } ?? name, members) { task == "reply" ? $0.numbers["label"] == 0 : $0.numbers["label"] == 1 }
        }
    }

    private func figures(_ set: String, _ examples: [Example], _ isPositive: (Example) -> Bool) -> SetFigures {
        let asked = Self.asked(set)
        var (table, functionalities, levels) = (ScreeningTable(), [String: SetFigures.Functionality](), [String: Int]())
        var (scores, shares) = ([(score: Double, isPositive: Bool)](), [(share: Double, isPositive: Bool)]())
        var wrong: [String] = []
        var byTemplate: [String: ScreeningTable] = [:]
        var context = Context()
        let began = ContinuousClock.now
        let assessments = examples.map { example in
            context.isReply = example.isReply || set.hasSuffix("/reply")
            return screen.assess(example.text, context: context)
        }
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        for (example, assessment) in zip(examples, assessments) {
            let positive = isPositive(example)
            let level = assessment.concerns.lazy.filter { asked.kinds.contains($0.kind) }.map(\.level).max() ?? .none
            // Some that are no violation a moderator should still see: at that level they are not held for nothing.
            let wanted = positive ? Level.none : example.words["level"].flatMap(Level.init(code:)) ?? .none
            let flagged = level > wanted
            table.count(isPositive: positive, isFlagged: flagged)
            if let template = example.words["tpl"] {
                byTemplate[template, default: ScreeningTable()].count(isPositive: positive, isFlagged: flagged)
            }
            let all = screen.shares(example.text)
            let share = asked.models.compactMap { all[$0] }.max()
            scores.append((Double(level.rawValue) + (share ?? 0), positive))
            if let share { shares.append((share, positive)) }
            if let sub = example.words["sub"] {
                functionalities[sub, default: .init(n: 0, right: 0)].n += 1
                if positive == flagged { functionalities[sub]?.right += 1 }
            }
            if let wanted = example.words["level"] { levels["\(wanted)>\(level.code)", default: 0] += 1 }
            if positive != flagged { wrong.append(example.id) }
        }
        let rank = RankAccuracy(scores)
        let without = byTemplate.values.map { one in
            ScreeningTable(
                found: table.found - one.found, heldForNothing: table.heldForNothing - one.heldForNothing,
                missed: table.missed - one.missed, leftAlone: table.leftAlone - one.leftAlone)
        }
        return SetFigures(
            set: set, n: examples.count, positives: rank.positives, found: table.sensitivity?.share, leftAlone: table.specificity?.share,
            auroc: rank.area, auprc: rank.averagePrecision, recallAt10: rank.recall(atFalsePositives: 0.1),
            recallAt20: rank.recall(atFalsePositives: 0.2), ece: calibrationError(shares),
            itemsPerSecond: (Double(examples.count) / max(seconds, 1e-9)).rounded(), functionalities: functionalities,
            foundLower: table.sensitivity?.lower, leftAloneLower: table.specificity?.lower, levels: levels,
            readFirst: Double(assessments.count { $0.completeness != .whole }) / Double(max(1, examples.count)),
            templates: byTemplate.isEmpty ? nil : byTemplate.count, foundWithoutOne: without.compactMap { $0.sensitivity?.share }.min(),
            leftAloneWithoutOne: without.compactMap { $0.specificity?.share }.min(), wrong: wrong)
    }
}

extension SetFigures {
    /// The sets, then every functionality, the weakest first.
    static func table(_ all: [SetFigures]) -> String {
        func two(_ number: Double?) -> String { number.map { String(format: "%.2f", $0) } ?? "" }
        var lines = [
            "| set | n | positives | found (from) | left alone (from) | AUROC | AUPRC | recall at 10 % | at 20 % | calibration error | not read whole | a second |"
        ]
        lines.append("|" + String(repeating: " --- |", count: 12))
        for one in all {
            let cells: [String] = [
                one.set, String(one.n), String(one.positives), two(one.found) + " (" + two(one.foundLower) + ")",
                two(one.leftAlone) + " (" + two(one.leftAloneLower) + ")", two(one.auroc), two(one.auprc), two(one.recallAt10),
                two(one.recallAt20), two(one.ece), String(format: "%.3f", one.readFirst), String(Int(one.itemsPerSecond)),
            ]
            lines.append("| " + cells.joined(separator: " | ") + " |")
        }
        let suites = all.filter { $0.templates != nil }
        if !suites.isEmpty {
            lines += [
                "", "| set | templates | found, the least with one left out | left alone, the least with one left out |",
                "| --- | --- | --- | --- |",
            ]
            lines += suites.map { "| \($0.set) | \($0.templates ?? 0) | \(two($0.foundWithoutOne)) | \(two($0.leftAloneWithoutOne)) |" }
        }
        let families = all.filter { !$0.set.hasPrefix("empathy_") }.flatMap { one in one.functionalities.map { (one.set, $0.key, $0.value) }
        }
        .sorted { one, other in
            let (a, b) = (Double(one.2.right) / Double(one.2.n), Double(other.2.right) / Double(other.2.n))
            return a == b ? (one.0, one.1) < (other.0, other.1) : a < b
        }
        guard !families.isEmpty else { return lines.joined(separator: "\n") }
        lines += ["", "| family | set | right | n |", "| --- | --- | --- | --- |"]
        lines += families.map { "| \($0.1) | \($0.0) | \($0.2.right) | \($0.2.n) |" }
        return lines.joined(separator: "\n")
    }
}
