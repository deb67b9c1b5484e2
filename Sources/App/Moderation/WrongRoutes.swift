import Rules
import Screening
import Store

extension Routes {
    static let verdicts: [Route] = [
        .staff(
            .post, "/cases/:case/wrong", .readQueue,
            "The screen was wrong in this: a labelled example for the host's own calibration. Can be taken back.",
            [.line("source", 120), .choice("wrong", ["yes", "no"])], WrongRoutes.press)
    ]
}

/// "This was wrong", beside each thing that a rule or a model said of an item.
enum WrongRoutes {
    static func press(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (source, isWrong) = (ask.form.text("source"), ask.form.text("wrong") == "yes")
        let id = try await ask.write { tx -> ID<Case> in
            guard let found = try tx.case(try ask.id("case"), openTo: worker.person), let item = found.item,
                let assessment = try tx.caseWords(item, openTo: worker.person)?.assessment
            else { throw Refusal.notFound }
            guard let concern = assessment.concerns.first(where: { $0.source == source }) else { throw Refusal.badChoice("source") }
            try tx.setWrong(isWrong, concern, version: assessment.version, on: item, by: worker.person)
            return found.id
        }
        return .see("/cases/\(id)?done=saved", json: ["source": .string(source), "wrong": .bool(isWrong)])
    }

    /// What the screen said, each with who said it, by which version, and the press.
    static func concerns(_ view: CaseView, _ ask: Ask) -> HTML {
        guard let assessment = view.assessment, !assessment.concerns.isEmpty else { return "" }
        let say = ask.say
        return """
            <details><summary>\(say("case.screen-said"))</summary><ul class="stack">\(each: assessment.concerns, { concern in
                let isWrong = view.wrong.contains(concern.source)
                return """
                    <li><b>\(say("concerns.\(concern.kind.rawValue)"))</b> (\(say("levels.\(Parts.level(concern.level))"))): \(concern.why) \
                    <span class="quietly">\(concern.source), \(assessment.version)</span> \(isWrong ? "<b>\(say("case.was-wrong"))</b>" : "")\
                    \(Parts.act(ask, "/cases/\(view.row.id)/wrong", say(isWrong ? "case.not-wrong" : "case.wrong"), style: "link", hidden: [("source", concern.source), ("wrong", isWrong ? "no" : "yes")]))</li>
                    """
            })</ul></details>
            """
    }
}
