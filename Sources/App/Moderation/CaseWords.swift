import Rules
import Screening
import Store

/// The codes of a case's history in words that somebody at the end of a shift can read.
enum CaseWords {
    static func about(_ event: CaseEventRow, _ ask: Ask) -> String {
        let parts = event.code.split(separator: ":", maxSplits: 1).map(String.init)
        switch event.kind {
        case .decided:
            let act = parts.first.flatMap(Act.init(rawValue:)).map { ask.say("acts.\($0.rawValue)") } ?? event.code
            let reason = parts.count > 1 ? ask.app.content.reason(parts[1])?.moderator : nil
            return reason.map { "\(act): \($0)" } ?? act
        case .alarmed, .acknowledged:
            return Tier.allCases.first { $0.code == event.code }.map { ask.say("tiers.\($0.code)") } ?? of(event.code, ask)
        case .step:
            return step(event.code.split(separator: ":").last.map(String.init) ?? "", ask)
        case .rated:
            return ask.say("levels.\(event.code)")
        case .opened, .joined, .reported, .claimed, .released, .raised, .noted, .climbed, .askedSecond, .conversation,
            .appealed, .linkSeen, .placeAsked, .edited, .withdrawn, .erased, .closed, .reopened, .passed, .looked:
            return of(event.code, ask)
        }
    }

    /// A code by itself: ours, a kind of report, a reason, a topic of the screen's; a host's own stays as it is.
    static func of(_ code: String, _ ask: Ask) -> String {
        if ask.say.knows("codes.\(code)") { return ask.say("codes.\(code)") }
        if let kind = ask.app.content.reportKinds.first(where: { $0.id == code }) { return kind.label }
        if let reason = ask.app.content.reason(code) { return reason.moderator }
        return code
    }

    static func actor(_ role: String, _ ask: Ask) -> String {
        ask.say.knows("actors.\(role)") ? ask.say("actors.\(role)") : role
    }

    private static func step(_ id: String, _ ask: Ask) -> String {
        let content = ask.app.content
        let steps = content.riskLevels.levels.flatMap(\.steps) + content.paths.flatMap(\.steps)
        return steps.first { $0.id == id }?.does ?? id
    }

    /// A kind of report with a response path of its own walks that, everything else the steps of its level; and so does whatever is
    /// urgent: no report of another kind takes the first steps of danger away.
    static func procedure(level: Level, reports: [String], _ content: Content) -> Procedure? {
        for report in reports where level < .urgent {
            if let kind = content.reportKinds.first(where: { $0.id == report }),
                let path = content.paths.first(where: { $0.id == kind.path })
            {
                return Procedure(id: path.id, name: path.name, means: path.means, steps: path.steps)
            }
        }
        guard level >= .medium, let found = content.riskLevels.levels.first(where: { $0.id == level.code }) else { return nil }
        return Procedure(id: found.id, name: found.name, means: found.means, steps: found.steps)
    }
}

/// The host's own written steps, as a case walks them.
struct Procedure: Sendable {
    let id: String
    let name: String
    let means: String
    let steps: [Content.LevelStep]
}
