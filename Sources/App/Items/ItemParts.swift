import Rules
import Store

/// An item as a page shows it and as JSON. Neither carries the account.
enum ItemParts {
    static func name(_ item: ItemView, _ ask: Ask) -> String {
        switch item.voice {
        case .name, .staff: item.shownName
        case .anonymous: ask.say("items.someone")
        }
    }

    /// A bird's seed: the name, or for nobody's name the item itself, so that two anonymous items share nothing.
    static func bird(_ item: ItemView) -> HTML {
        Pictures.bird(seed: item.voice == .anonymous ? item.id.description : item.shownName)
    }

    /// A post or a reply, whole: header, words as the reader's choices leave them, deeds.
    static func article(
        _ item: ItemView, _ ask: Ask, badge: String? = nil, deeds: HTML = "", link: Bool = false, room: RoomRow? = nil,
        heading: Int = 2, kind: HTML = "", inside: HTML = ""
    ) -> HTML {
        let say = ask.say
        if case .hide(let because) = item.sight { return hidden(item, because, ask) }
        let mark: HTML = badge.map { "<span class=\"badge\">\(Pictures.icon(.check)) \($0)</span>" } ?? ""
        let shown = item.isMine ? say("items.you", ["name": name(item, ask)]) : name(item, ask)
        let place: HTML = room.map { Parts.room($0) } ?? ""
        let edited: HTML = item.editedAt == nil ? "" : " \(say("items.edited"))"
        // A piece asks for nothing: what it is stands above it.
        let wants: HTML = !kind.isEmpty ? "" : item.wants.map { " · \(say("wants.\($0.rawValue)-short"))" } ?? ""
        let title: HTML =
            item.title.isEmpty || !link ? "" : "<h\(heading)><a href=\"/items/\(item.id)\" dir=\"auto\">\(item.title)</a></h\(heading)>"
        return """
            <article class="item\(item.isMine, " mine")" id="i\(item.id)"><header>\(bird(item))<span class="row"><b>\(shown)</b>\(mark)</span>\
            <span class="quietly">\(place) \(ask.moments.element(item.shownAt ?? item.madeAt))\(wants)\(edited)</span></header>\
            \(kind)\(words(item, title: title, inside: inside, ask))\(state(item, ask))<footer>\(deeds)</footer></article>
            """
    }

    /// Covered words are a closed `details` that names the matter plainly; it works by keyboard, by ear, without scripts.
    private static func words(_ item: ItemView, title: HTML, inside: HTML, _ ask: Ask) -> HTML {
        let inner: HTML = "\(title)\(inside)<div class=\"words\">\(item.thread == nil ? situation(item.body, ask) : prose(item.body))</div>"
        guard case .cover(let reasons) = item.sight else { return inner }
        return covered(inner, reasons, heavy: item.heavy ? item.id : nil, ask)
    }

    static func covered(_ inner: HTML, _ reasons: [Because], heavy: ID<Item>? = nil, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <details class="covered"\(heavy.map { " data-heavy=\"\($0)\"" as HTML } ?? "")><summary>\(Pictures.icon(.cover))<span>\(reasons.map { because($0, ask) }.joined(separator: " ")) \(say("items.show-it"))</span></summary>\
            \(inner)<p class="quietly">\(say("items.close-again")) <a href="/help/grounding">\(say("items.two-things"))</a></p></details>
            """
    }

    /// Words that are no item of their own, covered where the reader keeps away from what they are about.
    static func words(_ words: String, _ covers: [Because], _ ask: Ask) -> HTML {
        let inner: HTML = "<div class=\"words\">\(prose(words))</div>"
        return covers.isEmpty ? inner : covered(inner, covers, ask)
    }

    /// How many of a list are hidden, by which of the reader's choices, and where to change them. Nothing where none is.
    static func trace(_ items: [ItemView], _ ask: Ask) -> HTML {
        let reasons = items.compactMap { item -> Because? in
            if item.isThere, case .hide(let because) = item.sight { because } else { nil }
        }
        guard !reasons.isEmpty else { return "" }
        var told: [String] = []
        for reason in reasons.map({ because($0, ask) }) where !told.contains(reason) && told.count < 4 { told.append(reason) }
        return
            "<p class=\"quietly\">\(ask.say("rooms.hidden", n: reasons.count)) \(told.joined(separator: " ")) <a href=\"/see\">\(ask.say("items.change"))</a></p>"
    }

    /// A situation in its two fields; other words as they are.
    static func situation(_ body: String, _ ask: Ask) -> HTML {
        guard let situation = Situation(body) else { return prose(body) }
        return """
            <p class="quietly">\(ask.say("reappraisal.happened"))</p>\(prose(situation.happened))<p class="quietly">\(ask.say("reappraisal.thoughts"))</p>\(prose(situation.thoughts))
            """
    }

    /// Every hidden thing leaves a trace and a way back.
    private static func hidden(_ item: ItemView, _ because: Because, _ ask: Ask) -> HTML {
        "<p class=\"quietly\" id=\"i\(item.id)\">\(ask.say("items.hidden")) \(self.because(because, ask)) <a href=\"/see\">\(ask.say("items.change"))</a></p>"
    }

    static func because(_ because: Because, _ ask: Ask) -> String {
        switch because {
        case .matter(let id): ask.say("because.matter", ["what": ask.app.content.matterName(id)])
        case .lighter(let id): ask.say("because.lighter", ["what": ask.app.content.matterName(id)])
        case .word(let word): ask.say("because.word", ["what": word])
        case .authorNote(let note): ask.say("because.note", ["what": note])
        case .person, .voice, .room, .blocked, .limit, .landing, .moderator: ask.say("because.\(because.code)")
        }
    }

    private static func state(_ item: ItemView, _ ask: Ask) -> HTML {
        guard item.isMine, item.state != .shown else { return "" }
        let waits = waitsForOthers(item.state, item.reason).map { "waiting-\($0.rawValue)" }
        return """
            <p class="state">\(Pictures.icon(.clock)) <span>\(ask.say("states.\(waits ?? item.state.rawValue)"))</span> \
            \(ask.path == "/items/\(item.id)/sent" ? "" : "<a href=\"/items/\(item.id)/sent\">\(ask.say("items.what-now"))</a>")</p>
            """
    }

    static func json(_ item: ItemView, _ ask: Ask, badge: String? = nil) -> JSON {
        let sight: String
        var because: [Because] = []
        switch item.sight {
        case .show: sight = "show"
        case .cover(let reasons): (sight, because) = ("cover", reasons)
        case .hide(let reason): (sight, because) = ("hide", [reason])
        }
        let isHidden = sight == "hide"
        return [
            "id": .id(item.id), "kind": .string(item.kind.rawValue), "room": .id(item.room), "thread": .id(item.thread),
            "name": .string(isHidden ? "" : name(item, ask)), "voice": .string(item.voice.rawValue), "badge": .text(badge),
            "state": .string(item.state.rawValue), "reason": item.isMine ? .text(item.reason) : nil,
            "wants": .text(item.wants?.rawValue), "title": isHidden ? nil : .string(item.title),
            "body": isHidden ? nil : .string(item.body), "note": isHidden ? nil : .text(item.note),
            "topics": isHidden ? [] : .list(item.topics.map { .string(String($0)) }),
            "matters": isHidden ? [] : .list(item.matters.map { .string(String($0)) }),
            "at": .at(item.shownAt ?? item.madeAt), "edited": .at(item.editedAt), "mine": .bool(item.isMine),
            "replies": .int(item.replies), "sight": .string(sight),
            "because": .list(because.map { ["rule": .string($0.code), "what": .string(self.because($0, ask))] }),
        ]
    }
}
