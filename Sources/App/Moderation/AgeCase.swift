import Rules
import Store

/// "May not be their age", by their own press or a report: a professional who has found out says which it is.
enum AgeCase {
    private static func isAsked(_ found: CaseRow, reports: [String]) -> Bool { found.kind == .age || reports.contains("age") }

    static func settle(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        guard let band: AgeBand = ask.form.choice("band") else { throw Refusal.badChoice("band") }
        let person = worker.person
        let id = try await ask.write { tx -> ID<Case> in
            guard let found = try tx.case(try ask.id("case"), openTo: person) else { throw Refusal.notFound }
            guard person.staff.may(.closeRisk, at: try tx.place(of: found), now: ask.now) else { throw Refusal.noPower }
            let reports = try tx.reports(in: found.id).map(\.kind)
            guard isAsked(found, reports: reports), let account = found.account else { throw Refusal.rule("no-age-here", status: 409) }
            guard found.closedAt == nil else { throw Refusal.caseClosed }
            // Danger may have joined the case since its page was opened.
            if let seen = ask.form.int("version"), seen != found.version {
                throw Refusal.rule(DecisionRefusal.changedMeanwhile.rawValue, status: 409)
            }
            guard found.claimedBy == nil || found.claimedBy == person.account else { throw Refusal.someoneElseHasIt }
            try tx.settle(found, of: account, is: band, by: person)
            return found.id
        }
        return .see("/queue?done=decided", json: ["case": .id(id), "band": .string(band.rawValue)])
    }

    static func form(_ view: CaseView, _ ask: Ask) -> HTML {
        guard isAsked(view.row, reports: view.reports.map(\.kind)), view.row.account != nil, view.powers.contains(.closeRisk) else {
            return ""
        }
        let say = ask.say
        return """
            <form class="stack" method="post" action="/cases/\(view.row.id)/age">\(Parts.token(ask))<input type="hidden" name="version" value="\(view.row.version)"><h3>\(say("case.age"))</h3>\
            <p class="quietly">\(say("case.age-more"))</p>\(Parts.radios("band", say("case.age-which"), AgeBand.offered.map { ($0.rawValue, say("bands.\($0.rawValue)")) }))\
            <button class="button soft">\(say("case.age-set"))</button></form>
            """
    }
}
