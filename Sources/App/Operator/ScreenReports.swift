import Foundation
import Rules
import Screening
import Statistics
import Store

/// What a rule on trial would have done with the last items: counts and ids, never words.
struct TrialReport: Sendable, Encodable {
    struct Line: Sendable, Encodable {
        var rule: String
        var kind: String
        var matched = 0
        /// Of those, how many somebody took something from: what the rule would rightly have told.
        var actedOn = 0
        /// Of those, how many somebody looked at and let be.
        var letBe = 0
        /// A few of them, to look at.
        var items: [String] = []
    }
    var items: Int
    var rules: [Line]

    init(_ items: [ScreenedItem], _ screen: Screen, _ rules: [Rule]) {
        var lines: [String: Line] = [:]
        for rule in rules where rule.state == .shadow { lines[rule.id] = Line(rule: rule.id, kind: rule.kind.rawValue) }
        for item in items where !lines.isEmpty {
            for concern in screen.trial(item.words, context: Context(isReply: item.isReply)) {
                lines[concern.source]?.matched += 1
                if item.isDecided { if item.wasActedOn { lines[concern.source]?.actedOn += 1 } else { lines[concern.source]?.letBe += 1 } }
                if let seen = lines[concern.source]?.items.count, seen < 5 { lines[concern.source]?.items.append(item.id.description) }
            }
        }
        self.items = items.count
        self.rules = lines.values.sorted { ($1.matched, $0.rule) < ($0.matched, $1.rule) }
    }

    var text: String {
        guard !rules.isEmpty else { return "No rule is on trial (state \"shadow\")." }
        let head = [
            "Of the last \(items) items:", "", "| rule on trial | matched | acted on | let be | for example |",
            "| --- | --- | --- | --- | --- |",
        ]
        return (head + rules.map { "| \($0.rule) | \($0.matched) | \($0.actedOn) | \($0.letBe) | \($0.items.joined(separator: " ")) |" })
            .joined(separator: "\n")
    }
}

/// What people's decisions say of each rule and model, and the adjustment that follows.
struct Calibration: Sendable {
    struct Line: Sendable {
        var source: String
        var right = 0
        var wrong = 0
        var share: Wilson? { Wilson(right, of: right + wrong) }
    }
    private(set) var lines: [Line] = []
    private(set) var adjustment: Adjustment
    private(set) var notes: [String] = []

    /// Right: it spoke, somebody decided, and nobody said that it was wrong. Items that nobody looked at say nothing.
    /// `screen` is the shipped one, so that no run builds on an earlier; what there is too little to say about stays as `known`.
    init(_ items: [ScreenedItem], _ screen: Screen, known: Adjustment) {
        let (rules, cards) = (screen.ruleList, screen.cards)
        adjustment = known
        var table: [String: Line] = [:]
        var shares: [String: [(share: Double, wasRight: Bool)]] = [:]
        for item in items {
            for concern in item.assessment?.concerns ?? [] {
                let isWrong = item.wrong.contains(concern.source)
                guard isWrong || item.isDecided else { continue }
                if isWrong {
                    table[concern.source, default: Line(source: concern.source)].wrong += 1
                } else {
                    table[concern.source, default: Line(source: concern.source)].right += 1
                }
                // By the words as they are read now: what an older version of the rules or of the model said of them is another thing.
                if let card = cards.first(where: { "model.\($0.id)" == concern.source }), item.assessment?.version == screen.version,
                    let share = screen.spokenShare(of: card.id, in: item.words)
                {
                    shares[card.id, default: []].append((share, !isWrong))
                }
            }
        }
        lines = table.values.sorted { ($1.wrong, $0.source) < ($0.wrong, $1.source) }
        for card in cards where !card.levels.isEmpty {
            guard let cuts = Adjustment.cutOffs(of: card, shares[card.id] ?? []) else {
                notes.append(
                    "model.\(card.id): \(shares[card.id]?.count ?? 0) decided examples; \(Adjustment.leastExamples) with both kinds are needed"
                )
                continue
            }
            adjustment.models[card.id] = cuts
        }
        for rule in rules {
            guard let line = table[rule.id], line.right + line.wrong >= Adjustment.leastExamples, let share = line.share, share.upper < 0.5
            else { continue }
            if rule.kind.isAboutRisk {
                notes.append(
                    "\(rule.id) is wrong more often than right, and is about danger: a person should look at it, no file lowers it")
            } else if Adjustment.mayLower(rule), let lower = Level(rawValue: rule.level.rawValue - 1) {
                adjustment.rules[rule.id] = lower.code
            } else {
                notes.append("\(rule.id) is wrong more often than right, and is as quiet as it gets: a person should look at it")
            }
        }
    }

    var text: String {
        func two(_ number: Double) -> String { String(format: "%.2f", number) }
        var text = ["| rule or model | right | wrong | share right (95 %) |", "| --- | --- | --- | --- |"]
        text += lines.map { line in
            "| \(line.source) | \(line.right) | \(line.wrong) | \(line.share.map { "\(two($0.share)) (\(two($0.lower)) to \(two($0.upper)))" } ?? "") |"
        }
        text += [""] + notes
        text += adjustment.models.sorted { $0.key < $1.key }.map {
            "model.\($0.key): \($0.value.sorted { $0.key < $1.key }.map { "\($0.key) from \(two($0.value))" }.joined(separator: ", "))"
        }
        text += adjustment.rules.sorted { $0.key < $1.key }.map { "\($0.key): at most \($0.value)" }
        return text.joined(separator: "\n")
    }
}

extension App {
    /// Where a host's own adjustment lies, beside its other content.
    static let adjustmentFile = "screen-adjustment.json"

    private func screened(last: Int) async throws -> [ScreenedItem] {
        let home = home.id
        return try await store.read(long: true) { try $0.screenedItems(home, last: last) }
    }

    /// What the rules on trial would have done with the last items, as a table or as JSON.
    public func trialReport(last: Int, json: Bool) async throws -> String {
        let report = TrialReport(try await screened(last: last), screen, screen.ruleList)
        guard json else { return report.text }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return String(decoding: try encoder.encode(report), as: UTF8.self)
    }

    /// Measures rules and models on what people decided; writes the adjustment where asked to.
    public func calibrate(last: Int, to folder: URL?) async throws -> String {
        let calibration = Calibration(try await screened(last: last), shippedScreen, known: adjustment)
        guard let folder else { return calibration.text + "\n\nNothing was written: --write writes it into the host's content folder." }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let file = folder.appending(path: Self.adjustmentFile)
        try encoder.encode(calibration.adjustment).write(to: file, options: .atomic)
        return calibration.text + "\n\nWritten to \(file.path). It counts from the next start; delete the file to go back."
    }

    /// The labelled examples in the form that `screen evaluate` reads. Only what anybody in a room for adults can read: no command
    /// shows whoever runs the house a private word, nor a child's.
    public func writeExamples(last: Int, to file: URL) async throws -> Int {
        let items = try await screened(last: last)
        var lines: [Data] = []
        for item in items where item.isOpen {
            for concern in item.assessment?.concerns ?? [] where item.wrong.contains(concern.source) || item.isDecided {
                var line: [String: Any] = [
                    "id": "\(item.id) \(concern.source)", "text": item.words, "label": item.wrong.contains(concern.source) ? 0 : 1,
                    "task": concern.kind.rawValue, "sub": concern.source,
                ]
                // An answer is read as one again.
                if item.isReply { line["context"] = "reply" }
                lines.append(try JSONSerialization.data(withJSONObject: line, options: [.sortedKeys]) + Data("\n".utf8))
            }
        }
        // Only its owner may read it, from its first byte on.
        guard FileManager.default.createFile(atPath: file.path, contents: nil, attributes: [.posixPermissions: 0o600]) else {
            throw ContentFault(file: file.path, what: "can not be written")
        }
        let handle = try FileHandle(forWritingTo: file)
        for line in lines { try handle.write(contentsOf: line) }
        try handle.close()
        return lines.count
    }
}
