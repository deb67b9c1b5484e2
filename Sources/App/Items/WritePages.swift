import Rules
import Store

enum WritePages {
    static func write(_ rooms: [RoomRow], _ ask: Ask) -> Page {
        let say = ask.say
        // Where nothing was chosen, a room in which one just writes.
        let plain = rooms.first { $0.format == .forum || $0.format == .questions } ?? rooms.first
        let chosen = ask.query.optional("room").flatMap { ID<Room>($0) } ?? plain?.id
        guard let room = rooms.first(where: { $0.id == chosen }) ?? rooms.first else {
            return Page(
                say("write.title"), tab: .write,
                body: "<h1>\(say("write.title"))</h1>\(Parts.empty(.bench, say("write.no-room"), link: ("/rooms", say("frame.rooms"))))")
        }
        let quiet = ask.query.flag("quiet")
        let switcher: HTML =
            rooms.count < 2
            ? ""
            : """
            <form method="get" action="/write" class="inline"><div class="field"><label for="room">\(say("write.room"))</label><select id="room" name="room">\(each: rooms, { one in
                "<option value=\"\(one.id)\"\(one.id == room.id ? " selected" : "")>\(one.name)</option>"
            })</select></div><button class="button soft">\(say("write.change-room"))</button></form>
            """
        let topics = ask.app.content.matters.map { ($0.id, $0.name) }
        // Said before anybody types: a closed room takes nothing now.
        let closed: HTML =
            ask.app.isOpenNow(room.form, ask.organisation, now: ask.now) ? "" : "<p class=\"say note\">\(say("card.closed-now"))</p>"
        return Page(
            say("write.title"), tab: .write, scripts: ["nudge.js", "draft.js"],
            body: """
                <h1>\(say(room.format == .questions ? "write.title-question" : "write.title"))</h1>\(switcher)\(closed)
                <form class="card" method="post" action="/rooms/\(room.id)/items">\(Parts.token(ask, key: true))
                <p>\(say("write.in", ["room": room.name])) \(say("moderation.\(room.form.moderation.rawValue)-writer"))</p>
                \(Parts.radios("wants", say("write.wants"), Wants.allCases.map { ($0.rawValue, say("wants.\($0.rawValue)")) }, chosen: quiet ? "no-reply" : nil))
                \(Parts.field("title", say("write.title-label"), hint: say("write.title-hint"), extra: " maxlength=\"120\""))
                \(room.format == .reappraisal ? body(ask, draft: "new-\(room.id)", label: "reappraisal.happened") + thoughts(ask) : body(ask, draft: "new-\(room.id)"))
                <details><summary>\(say("write.about"))</summary>\(Parts.boxes("topics", say("write.about-which"), topics))\(note(ask))
                \(Parts.radios("mood", say("write.mood"), ["calm", "ok", "mixed", "low", "heavy"].map { ($0, say("moods.\($0)")) }))</details>
                \(voice(room, ask))<div class="row"><button class="button">\(say(room.form.moderation == .before ? "write.send-checked" : "write.send"))</button></div></form>
                <p class="quietly">\(say("write.drafts"))</p>
                """)
    }

    static func thoughts(_ ask: Ask, value: String = "") -> HTML {
        Parts.area(
            "thoughts", ask.say("reappraisal.thoughts"), hint: ask.say("reappraisal.thoughts-hint"), value: value, rows: 4,
            extra: " required dir=\"auto\"")
    }

    /// `own`: the voice of one's own words above: who went without a name goes on without, unless they choose.
    static func voice(_ room: RoomRow, _ ask: Ask, own: Voice? = nil) -> HTML {
        guard room.form.anonymity, let person = ask.person, !person.isStaff else { return "" }
        return Parts.radios(
            "voice", ask.say("write.voice"),
            [("name", person.shownName), ("anonymous", ask.say("write.anonymous"))], chosen: own == .anonymous ? "anonymous" : "name")
    }

    static func body(_ ask: Ask, value: String = "", draft: String, label: String = "write.words", isReply: Bool = false) -> HTML {
        let say = ask.say
        return """
            <div class="field"><label for="body">\(say(label))</label><p class="hint" id="hint-body">\(say("write.words-hint"))</p>\
            <textarea id="body" name="body" rows="7" dir="auto" required aria-describedby="hint-body nudge" data-nudge="nudge" data-draft="\(draft)"\(isReply, " data-reply")>\(value)</textarea>\
            <p class="say note row apart" id="nudge" hidden><span role="status"></span>\
            <button type="button" class="link" data-off="\(say("write.hints-off"))" data-on="\(say("write.hints-on"))">\(say("write.hints-off"))</button></p>\
            <p class="say care" data-help-while-writing hidden>\(say("write.help-while")) <a href="/help">\(say("items.help-now"))</a></p>\
            <p class="hint" data-draft-note hidden>\(say("write.draft-back"))</p></div>
            """
    }

    static func note(_ ask: Ask, value: String = "") -> HTML {
        Parts.field("note", ask.say("write.note"), hint: ask.say("write.note-hint"), value: value, extra: " maxlength=\"120\"")
    }

    static func replyForm(_ page: ThreadPage, _ ask: Ask) -> HTML {
        let say = ask.say
        guard let person = ask.person else {
            return "<p class=\"card\"><a class=\"button\" href=\"/join\">\(say("items.join-to-reply"))</a></p>"
        }
        guard page.thread.state == .shown else { return "" }
        let isStaff = person.staff.may(.answer, at: page.room.place, now: ask.now)
        guard isStaff || page.thread.isMine || person.band.map(page.room.form.bands.contains) ?? false else {
            return "<p class=\"quietly\">\(say("items.only-reading"))</p>"
        }
        if page.room.form.bands.contains(.eleven), !isStaff, !page.thread.isMine {
            return "<p class=\"quietly\">\(say("items.trained-only"))</p>"
        }
        let wants: HTML =
            page.thread.isMine ? "" : page.thread.wants.map { "<p class=\"hint\">\(say("wants.\($0.rawValue)-reply"))</p>" } ?? ""
        let starters = ask.app.content.openings
        let openings = page.thread.heavy ? starters.worrying : starters.starters
        return """
            <form class="card" id="reply" method="post" action="/items/\(page.thread.id)/replies">\(Parts.token(ask, key: true))<h2>\(say("items.write-reply"))</h2>\(wants)
            <details><summary>\(say("items.openings"))</summary><ul class="stack">\(each: openings, { "<li>\($0)</li>" })</ul><p>\(starters.sitWithThem)</p><p><a href="/offers/openings">\(say("openings.more"))</a></p>\
            \(page.thread.isMine ? "" : "<p><a href=\"/items/\(page.thread.id)/report\">\(say("items.hand-over"))</a></p>")</details>
            \(body(ask, draft: "reply-\(page.thread.id)", label: "write.reply-words", isReply: true))\(voice(page.room, ask, own: page.thread.isMine ? page.thread.voice : nil))
            <button class="button">\(say(page.room.form.moderation == .before && !isStaff ? "write.send-checked" : "write.send"))</button></form>
            """
    }
}
