import Rules
import Store

enum CarePages {
    /// Above the replies: who looks after the thread, what was said, what it leads to, and that it is slow.
    static func top(_ care: ThreadCare?, _ ask: Ask) -> HTML {
        guard let care else { return "" }
        let say = ask.say
        let note: HTML =
            care.note.map {
                "<div class=\"say note\">\(prose($0))\(care.host.map { "<p class=\"quietly\">\(say("care-of.host", ["name": $0]))</p>" } ?? "")</div>"
            } ?? (care.host.map { "<p class=\"quietly\">\(say("care-of.host", ["name": $0]))</p>" } ?? "")
        let summary: HTML =
            care.summary.map {
                "<section class=\"card stack\" aria-labelledby=\"so-far\"><h2 id=\"so-far\">\(say("care-of.so-far"))</h2><div class=\"words\">\(prose($0))</div><p class=\"quietly\">\(say("care-of.by", ["name": care.summaryBy ?? ""]))</p></section>"
            } ?? ""
        let skill: HTML =
            care.skill.flatMap { id in ask.app.content.tools.first { $0.id == id } }.map {
                "<p class=\"say good\">\(say("care-of.try")) <a href=\"/help/grounding?tool=\($0.id)\">\($0.name)</a></p>"
            } ?? ""
        let slow: HTML =
            slowMinutes(care, ask) > 0 ? "<p class=\"quietly\">\(say("care-of.slow", n: slowMinutes(care, ask)))</p>" : ""
        return note + summary + skill + slow
    }

    /// Between two answers of one person now; 0 where the thread is not slowed.
    static func slowMinutes(_ care: ThreadCare, _ ask: Ask) -> Int { care.slowing.map { $0.isOn(at: ask.now) ? $0.minutes : 0 } ?? 0 }

    /// For those of the staff who look after its room.
    static func tools(_ page: ThreadPage, _ ask: Ask) -> HTML {
        guard let person = ask.person, person.staff.may(.answer, at: page.room.place, now: ask.now),
            page.thread.state == .shown
        else { return "" }
        let say = ask.say
        let (id, care) = (page.thread.id, page.care ?? ThreadCare())
        return """
            <details class="card"><summary>\(say("care-of.title"))</summary><div class="stack">\
            <form class="stack" method="post" action="/items/\(id)/standing-note">\(Parts.token(ask))<div class="field"><label for="care-note">\(say("care-of.note"))</label><textarea id="care-note" name="words" rows="2" maxlength="1000">\(care.note ?? "")</textarea></div>\(Parts.check("host", say("care-of.i-host"), on: care.host == person.shownName))<button class="button soft">\(say("today.save"))</button></form>\
            <form class="stack" method="post" action="/items/\(id)/summary">\(Parts.token(ask))<div class="field"><label for="care-summary">\(say("care-of.summary"))</label><textarea id="care-summary" name="words" rows="3" maxlength="2000">\(care.summary ?? "")</textarea></div><button class="button soft">\(say("today.save"))</button></form>\
            <form class="inline" method="post" action="/items/\(id)/slow">\(Parts.token(ask))\(Parts.select("minutes", say("care-of.slow-label"), [0, 2, 5, 10, 30, 60].map { (String($0), $0 == 0 ? say("care-of.not-slow") : say("care-of.minutes", n: $0)) }, chosen: String(slowMinutes(care, ask))))<button class="button soft">\(say("today.save"))</button></form>\
            <form class="inline" method="post" action="/items/\(id)/skill">\(Parts.token(ask))\(Parts.select("tool", say("care-of.skill"), [("", "–")] + ask.app.content.tools.map { ($0.id, $0.name) }, chosen: care.skill ?? ""))<button class="button soft">\(say("today.save"))</button></form>\
            <form class="inline" method="post" action="/items/\(id)/invite">\(Parts.token(ask))<div class="field"><label for="care-name">\(say("care-of.invite"))</label><input id="care-name" name="name" maxlength="40" autocomplete="off"></div><button class="button soft">\(say("care-of.invite-go"))</button></form>\(alone(page, person, ask))</div></details>
            """
    }

    private static func alone(_ page: ThreadPage, _ person: Person, _ ask: Ask) -> HTML {
        let room = page.room
        guard !room.guests, page.thread.voice != .staff, person.staff.may(.converse, at: room.place, now: ask.now)
        else {
            return ""
        }
        return """
            <form class="stack" method="post" action="/items/\(page.thread.id)/private-answer">\(Parts.token(ask, key: true))<div class="field"><label for="care-alone">\(ask.say("care-of.alone"))</label><textarea id="care-alone" name="words" rows="3" required></textarea></div><button class="button soft">\(ask.say("care-of.alone-go"))</button></form>
            """
    }

    static func json(_ care: ThreadCare?, _ ask: Ask) -> JSON {
        guard let care else { return nil }
        return [
            "note": .text(care.note), "host": .text(care.host), "summary": .text(care.summary), "summaryBy": .text(care.summaryBy),
            "skill": .text(care.skill), "slowMinutes": slowMinutes(care, ask) > 0 ? .int(slowMinutes(care, ask)) : nil,
        ]
    }

    // Claims

    /// With the item they stand in, under its cover where it has one: what a professional said, or that nobody has yet.
    static func evidence(in item: ItemView, _ all: [EvidenceRow], _ ask: Ask, covered: Bool) -> HTML {
        guard (item.sight != .show) == covered else { return "" }
        return "\(each: all.filter { $0.items.contains(item.id) }, { claim($0, ask) })"
    }

    private static func claim(_ claim: EvidenceRow, _ ask: Ask) -> HTML {
        let say = ask.say
        let who = claim.checkedBy.map { say("evidence.by", ["name": $0, "when": claim.checkedAt.map(ask.moments.date) ?? ""]) } ?? ""
        return """
            <aside class="say \(claim.mark == .corrected ? "note" : claim.mark == .checked ? "good" : "care")"><p><b>\(say("evidence.mark-\(claim.mark.rawValue)")):</b> “\(claim.words)”</p>\(claim.note.map(prose) ?? "")<p class="quietly">\(who)</p></aside>
            """
    }

    /// A reader asks about the very words, of the thread's first post or of an answer.
    static func ask(_ item: ItemView, _ ask: Ask) -> HTML {
        guard ask.person != nil, item.state == .shown, !item.isMine || item.replies > 0 else { return "" }
        let say = ask.say
        return """
            <details><summary>\(say("evidence.ask"))</summary><form class="stack" method="post" action="/items/\(item.id)/evidence">\(Parts.token(ask))\
            <div class="field"><label for="claim-\(item.id)">\(say("evidence.words"))</label><p class="hint" id="hint-claim-\(item.id)">\(say("evidence.words-hint"))</p><input id="claim-\(item.id)" name="words" maxlength="300" aria-describedby="hint-claim-\(item.id)"></div><button class="button soft">\(say("evidence.send"))</button></form></details>
            """
    }

    static func evidence(_ claims: [EvidenceRow], _ ask: Ask) -> Page {
        let say = ask.say
        let list: HTML =
            claims.isEmpty
            ? Parts.empty(.cup, say("evidence.none"))
            : """
            <ul class="stack" role="list">\(each: claims, { one in
                """
                <li class="card stack"><p><b>“\(one.words)”</b></p><p class="quietly">\(say("evidence.mark-\(one.mark.rawValue)"))\(one.checkedBy.map { ": " + say("evidence.by", ["name": $0, "when": one.checkedAt.map(ask.moments.date) ?? ""]) } ?? "")</p>\
                <form class="stack" method="post" action="/evidence/\(one.id)">\(Parts.token(ask))<fieldset><legend>\(say("evidence.mark"))</legend><div class="choices">\(each: EvidenceMark.allCases.filter { !one.isOwn || $0 != .checked || $0 == one.mark }, { mark in
                    "<label><input type=\"radio\" name=\"mark\" value=\"\(mark.rawValue)\"\(mark == one.mark ? " checked" : "")> \(say("evidence.mark-\(mark.rawValue)"))</label>"
                })</div></fieldset><div class="field"><label for="n\(one.id)">\(say("evidence.note"))</label><textarea id="n\(one.id)" name="note" rows="2" maxlength="1000">\(one.note ?? "")</textarea></div><button class="button soft">\(say("today.save"))</button></form></li>
                """
            })</ul>
            """
        return Page(
            say("evidence.title"), tab: .you, body: "<h1>\(say("evidence.title"))</h1><p class=\"lead\">\(say("evidence.lead"))</p>\(list)")
    }

    static func json(_ claim: EvidenceRow) -> JSON {
        [
            "id": .id(claim.id), "words": .string(claim.words), "mark": .string(claim.mark.rawValue), "note": .text(claim.note),
            "checkedBy": .text(claim.checkedBy), "checkedAt": .at(claim.checkedAt), "items": .list(claim.items.map { .id($0) }),
            "own": .bool(claim.isOwn),
        ]
    }

    // Reviews

    static func reviews(
        _ room: RoomRow, _ reviews: [(answer: Int, words: String, at: Instant, covers: [Because])], mayReview: Bool, _ ask: Ask
    ) -> Page {
        let say = ask.say
        let list: HTML =
            reviews.isEmpty
            ? Parts.empty(.bench, say("reviews.none"))
            : "<ul class=\"stack\" role=\"list\">\(each: reviews, { "<li class=\"card stack\"><p class=\"quietly\">\(say("reviews.answer-\($0.answer)")) · \(ask.moments.element($0.at))</p>\(ItemParts.words($0.words, $0.covers, ask))</li>" })</ul>"
        let form: HTML =
            mayReview
            ? """
            <form class="card stack" method="post" action="/rooms/\(room.id)/reviews">\(Parts.token(ask, key: true))<h2>\(say("reviews.write"))</h2>\
            \(Parts.radios("answer", say("reviews.how"), (1...5).map { (String($0), say("reviews.answer-\($0)")) }))\(Parts.area("body", say("reviews.words"), hint: say("reviews.words-hint"), rows: 4, extra: " maxlength=\"2000\" required"))<button class="button">\(say("reviews.send"))</button></form>
            """ : "<p class=\"quietly\">\(say("reviews.after-use"))</p>"
        return Page(
            say("reviews.title", ["room": room.name]), tab: .rooms,
            body:
                "<nav aria-label=\"\(say("items.where"))\">\(Parts.room(room))</nav><h1>\(say("reviews.title", ["room": room.name]))</h1><p class=\"lead\">\(say("reviews.lead"))</p>\(list)\(form)"
        )
    }
}
