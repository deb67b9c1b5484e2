import Rules
import Screening
import Store

/// Everything a page of a case shows.
struct CaseView: Sendable {
    let row: CaseRow
    let item: ItemView?
    /// As the words are kept; nil is too short to tell.
    let language: String?
    let assessment: Assessment?
    /// Sources of the assessment that somebody said were wrong.
    let wrong: Set<String>
    let events: [CaseEventRow]
    let reports: [ReportRow]
    let appeal: Transaction.AppealRow?
    let acts: [CountedAct]
    let sanctions: [SanctionStep]
    let conversation: ConversationRow?
    let messages: [MessageRow]
    let nearby: [CaseRow]
    let rooms: [RoomRow]
    /// How the room of the words works, also where it is closed.
    let format: Format?
    let isLetter: Bool
    /// Is it about a piece: an editor may propose a version of it.
    let isPiece: Bool
    let powers: Set<Power>
}

enum CasePages {
    static func page(_ view: CaseView, _ ask: Ask) -> Page {
        let say = ask.say
        let found = view.row
        return Page(
            say("case.title"), tab: .today, wide: true, scripts: ["keys.js"],
            fragment: QueuePages.list(view.nearby, ask, current: found.id),
            body: """
                <div class="row apart"><h1>\(say("case-kinds.\(found.kind.rawValue)"))</h1><span class="row"><a class="button plain" href="/care" data-key="p">\(Pictures.icon(.pause)) \(say("queue.pause"))</a><a href="/queue">\(say("queue.title"))</a></span></div>
                <div class="console"><div class="stack" id="queue" role="region" aria-label="\(say("queue.title"))">\(QueuePages.list(view.nearby, ask, current: found.id))</div>
                <section class="stack" aria-labelledby="case"><div class="card" data-level="\(Parts.level(found.level))"><p class="row apart"><span class="level">\(say("levels.\(Parts.level(found.level))"))</span>\
                <span class="quietly">\(found.claimedShown.map { say("queue.held-by", ["name": $0]) } ?? "") \(say("tiers.\(found.tier.code)"))</span></p>
                <h2 id="case">\(view.item.map { say("case.by", ["name": ItemParts.name($0, ask)]) } ?? say("case-kinds.\(found.kind.rawValue)"))</h2>\(parts(found, ask))\(original(view, ask))\(reports(view, ask))\(appeal(view, ask))\(talk(view, ask))
                \(found.closedAt == nil ? claim(view, ask) + AgeCase.form(view, ask) + decide(view, ask) : "<p class=\"say good\">\(say("case.closed", ["outcome": CaseWords.of(found.outcome ?? "", ask)]))</p>")</div>
                \(steps(view, ask))\(history(view, ask))\(known(view, ask))</section></div>
                """)
    }

    private static func parts(_ found: CaseRow, _ ask: Ask) -> HTML {
        """
        <ul class="parts" aria-label="\(ask.say("case.why-here"))">\(each: found.priority.shown(openedAt: found.openedAt, now: ask.now), { one in
            "<li>\(ask.say("priority.\(one.part.rawValue)")) \(one.points)</li>"
        })</ul>
        """
    }

    /// The writer's own characters, with what was found marked in them; covered until opened.
    private static func original(_ view: CaseView, _ ask: Ask) -> HTML {
        guard let item = view.item else { return "" }
        let say = ask.say
        let text = wholeWords(title: item.title, body: item.body, note: item.note)
        let about = item.matters.map { ask.app.content.matterName(String($0)) }.joined(separator: ", ")
        return """
            <details class="covered"><summary>\(Pictures.icon(.cover))<span>\(about.isEmpty ? say("case.show") : say("case.show-about", ["what": about]))</span></summary>\
            <div class="item"><header>\(ItemParts.bird(item))<b>\(ItemParts.name(item, ask))</b><span class="quietly">\(view.row.roomName ?? "") \(ask.moments.element(item.madeAt)) · \(say("states.\(item.state.rawValue)"))</span></header>\
            <div class="words spans" dir="auto">\(marked(text, view.assessment, ask))</div></div></details>\(view.isPiece && view.row.closedAt == nil ? EditorPages.onCase(item, ask) : "")\(WrongRoutes.concerns(view, ask))
            """
    }

    static func marked(_ text: String, _ assessment: Assessment?, _ ask: Ask) -> HTML {
        let bytes = Array(text.utf8)
        var spans = (assessment?.concerns ?? []).flatMap { concern in concern.spans.map { ($0.start, $0.end, concern.kind) } }
            .filter { $0.0 >= 0 && $0.1 <= bytes.count && $0.0 < $0.1 }
        spans.sort { $0.0 < $1.0 }
        var made: HTML = "<p>"
        var at = 0
        for (start, end, kind) in spans where start >= at {
            made +=
                "\(String(decoding: bytes[at..<start], as: UTF8.self))<mark>\(String(decoding: bytes[start..<end], as: UTF8.self))<span class=\"seen-by-readers-only\"> (\(ask.say("concerns.\(kind.rawValue)")))</span></mark>"
            at = end
        }
        made += "\(String(decoding: bytes[at...], as: UTF8.self))</p>"
        return made
    }

    private static func reports(_ view: CaseView, _ ask: Ask) -> HTML {
        guard !view.reports.isEmpty else { return "" }
        let labels = Dictionary(ask.app.content.reportKinds.map { ($0.id, $0.label) }, uniquingKeysWith: { a, _ in a })
        return """
            <section class="stack" aria-labelledby="reports"><h3 id="reports">\(ask.say("case.reports"))</h3><ul class="stack">\(each: view.reports, { report in
                "<li><b>\(labels[report.kind] ?? report.kind)</b> \(ask.moments.element(report.madeAt)) \(prose(report.words))</li>"
            })</ul></section>
            """
    }

    private static func appeal(_ view: CaseView, _ ask: Ask) -> HTML {
        guard let appeal = view.appeal else { return "" }
        let say = ask.say
        let own = appeal.decidedBy == ask.person?.account
        let form: HTML =
            view.row.closedAt != nil || own || !view.powers.contains(.decideAppeal)
            ? (own ? "<p class=\"say note\">\(say("case.own-decision"))</p>" : "")
            : """
            <form class="stack" method="post" action="/cases/\(view.row.id)/appeal">\(Parts.token(ask))\(Parts.radios("outcome", say("case.appeal-decide"), [("turned", say("case.turn")), ("upheld", say("case.uphold"))]))\
            \(Parts.area("note", say("case.note"), rows: 2))<button class="button">\(say("case.send"))</button></form>
            """
        return """
            <section class="stack"><h3>\(say("case.appeal"))</h3><p>\(say("acts.\(appeal.act.rawValue)")) · \(ask.app.content.reason(appeal.reason)?.moderator ?? "")</p>\(prose(appeal.words))\(form)</section>
            """
    }

    private static func talk(_ view: CaseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let log: HTML =
            view.messages.isEmpty
            ? ""
            : """
            <ol class="log">\(each: view.messages, { "<li\($0.isMine, " class=\"mine\"")><p class=\"quietly\"><b>\($0.shownName)</b> \(ask.moments.element($0.at))</p>\(prose($0.body))</li>" })</ol>
            """
        guard view.powers.contains(.converse), view.row.account != nil else { return log }
        return """
            \(log)<details\(view.row.kind == .asked || view.row.kind == .risk, " open")><summary>\(say("case.write"))</summary><form class="stack" method="post" action="/cases/\(view.row.id)/conversation">\(Parts.token(ask, key: true))\
            \(Parts.area("words", say("case.write-words"), hint: say("case.write-hint"), rows: 4))<button class="button soft">\(say("case.write-send"))</button></form></details>
            """
    }

    private static func claim(_ view: CaseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let id = view.row.id
        let mine = view.row.claimedBy == ask.person?.account
        return """
            <div class="row">\(mine ? Parts.act(ask, "/cases/\(id)/release", say("case.release"), style: "plain") : Parts.act(ask, "/cases/\(id)/claim", say("case.claim"), style: ""))\
            \(Parts.act(ask, "/cases/\(id)/pass", say("case.pass"), style: "plain"))\(Parts.act(ask, "/cases/\(id)/second-look", say("case.second"), style: "plain"))</div>
            """
    }

    private static func decide(_ view: CaseView, _ ask: Ask) -> HTML {
        let say = ask.say
        guard view.row.kind != .appeal else { return "" }
        let keys: [Act: String] = [.approve: "a", .returnIt: "e", .cover: "n", .hide: "h", .escalate: "x"]
        // Of words that are gone nothing can be said or done.
        let hasItem = view.item.map { $0.state != .withdrawn && $0.state != .erased } ?? false
        let isAbout = view.item?.id.raw == view.row.subject.raw
        let homes =
            view.isLetter ? [] : view.rooms.filter { $0.isOpen && $0.id != view.item?.room && view.format?.goesTo($0.format) ?? false }
        let acts = Act.allCases.filter { act in
            guard view.powers.contains(act.power) else { return false }
            switch act {
            case .approve: return hasItem && view.item.map { isAbout || $0.state == .shown } ?? false
            case .returnIt, .label, .cover, .hide, .remove: return hasItem
            case .mask: return hasItem && !view.isLetter
            case .move: return hasItem && !homes.isEmpty
            case .restore: return view.item.map { $0.state == .hidden || $0.state == .removed } ?? false
            case .restrict: return view.row.account != nil
            case .escalate: return true
            case .close:
                return !isAbout || view.isLetter
                    || !(view.item.map { waitsForStaff($0.state, $0.reason, isRisk: view.row.isRisk) } ?? false)
            }
        }
        let reasons = ask.app.content.reasons.reasons.map { ($0.id, $0.moderator) }
        let topics = view.item.map { Set($0.topics.map(String.init)) } ?? []
        // The few that fit first: a page a moderator waits for carries no list of hundreds.
        let near = topics.union(view.assessment?.topics ?? []).union(view.rooms.first { $0.id == view.item?.room }?.form.focus ?? [])
        let all = ask.query.optional("topics") == "all"
        let book = view.row.account == nil ? "" : ladder(view, ask)
        let isForeign = view.language.map { $0 != "en" } ?? false
        return """
            <form class="stack" method="post" action="/cases/\(view.row.id)/decisions">\(Parts.token(ask, key: true))<input type="hidden" name="version" value="\(view.row.version)"><input type="hidden" name="opened" value="\(ask.now.milliseconds)">
            \(Parts.select("reason", say("case.reason"), [("", say("case.no-reason"))] + reasons, hint: say("case.reason-hint")))
            \(Parts.check("deliberate", say("case.deliberate")))
            \(Parts.area("suggestion", say("case.suggestion"), hint: say("case.suggestion-hint"), rows: 2, extra: " maxlength=\"1000\""))
            \(isForeign ? language(view, ask) : "")
            <details\(all, " open")><summary>\(say("case.more"))</summary>\(isForeign ? "" : language(view, ask))\(near.isEmpty && !all ? "" : Parts.many("topics", say("case.topics"), ask.app.content.topics.filter { all || near.contains($0.id) }.map { ($0.id, $0.name) }, chosen: topics, hint: say("case.many-hint")))\(all ? "" : "<p><a href=\"/cases/\(view.row.id)?topics=all#topics\">\(say("case.all-topics"))</a></p>")
            \(Parts.many("matters", say("case.matters"), ask.app.content.matters.map { ($0.id, $0.name) }, chosen: view.item.map { Set($0.matters.map(String.init)) } ?? [], hint: say("case.many-hint")))
            \(masking(view, ask))
            \(homes.isEmpty ? "" : Parts.select("room", say("case.move-to"), [("", "–")] + homes.map { ($0.id.description, $0.name) }))
            \(Parts.select("level", say("case.level"), [("", "–")] + Level.allCases.map { ("\($0.rawValue)", say("levels.\(Parts.level($0))")) }))
            \(Parts.select("sanction", say("case.sanction"), [("", say("case.by-the-book"))] + SanctionStep.allCases.map { ($0.rawValue, say("sanctions.\($0.rawValue)")) }))\(book)
            \(Parts.area("note", say("case.note"), rows: 2))</details>
            <div class="deeds" role="group" aria-label="\(say("case.decide"))">\(each: acts, { act in
                """
                <button class="button \(act == .approve ? "" : act == .remove ? "stop" : act == .escalate ? "help" : "soft")" name="act" value="\(act.rawValue)"\
                \(keys[act].map { " data-key=\"\($0)\"" } ?? "")>\(say("acts.\(act.rawValue)"))\(keys[act].map { HTML(" <kbd>\($0)</kbd>") } ?? HTML())</button>
                """
            })</div></form>
            """
    }

    /// What may be said of the language of words.
    static let languages = Languages.known.map(\.key) + ["und"]

    /// In sight where it is another than the house's: whoever reads the words first knows better than the screen.
    private static func language(_ view: CaseView, _ ask: Ask) -> HTML {
        guard view.item != nil else { return "" }
        let names = Self.languages.map { ($0, ask.say("languages.\($0)")) }
        // One that is not in the list is left as it is unless somebody chooses.
        let asItIs = view.language.map(Self.languages.contains) ?? false ? [] : [("", view.language ?? "–")]
        return Parts.select(
            "language", ask.say("case.language"), asItIs + names, chosen: view.language ?? "", hint: ask.say("case.language-hint"))
    }

    /// The words as the screen would mask them, to be changed by hand: title and note too, where there are any.
    private static func masking(_ view: CaseView, _ ask: Ask) -> HTML {
        guard let item = view.item else { return "" }
        let (say, screen, context) = (ask.say, ask.app.screen, ask.screenContext(isReply: item.thread != nil))
        return """
            \(Parts.area("masked", say("case.masked"), value: screen.masked(item.body, context: context), rows: 3))\
            \(item.title.isEmpty ? "" : Parts.field("masked_title", say("case.masked-title"), value: screen.masked(item.title, context: context)))\
            \(item.note.map { Parts.field("masked_note", say("case.masked-note"), value: screen.masked($0, context: context)) } ?? "")
            """
    }

    /// What the book says if the same deliberate kind came once more.
    private static func bookStep(_ view: CaseView, _ ask: Ask) -> SanctionStep {
        let last = view.acts.filter(\.deliberate).max { $0.at < $1.at }
        guard let last else { return .editWithMessage }
        return nextStep(
            acts: view.acts + [CountedAct(reason: last.reason, deliberate: true, at: ask.now)], steps: view.sanctions, reason: last.reason,
            now: ask.now)
    }

    private static func ladder(_ view: CaseView, _ ask: Ask) -> HTML {
        let counted = view.acts.filter { $0.deliberate && ask.now - $0.at < .days(365) }.count
        return
            "<p class=\"quietly\">\(ask.say("case.ladder", n: counted)) \(view.sanctions.last.map { ask.say("sanctions.\($0.rawValue)") } ?? "")</p>"
    }

    /// The host's own written procedure for this level, walked as a checklist with times.
    private static func steps(_ view: CaseView, _ ask: Ask) -> HTML {
        guard let level = procedure(view, ask) else { return "" }
        let done = doneSteps(view, ask)
        return """
            <section class="card" aria-labelledby="steps"><h2 id="steps">\(level.name): \(level.means)</h2>\(ask.app.content.riskLevels.reviewed ? "" : "<p class=\"quietly\">\(ask.say("case.steps-not-reviewed"))</p>")<form method="post" action="/cases/\(view.row.id)/steps">\(Parts.token(ask))<ol class="steps">\(each: level.steps, { step in
                """
                <li\(done[step.id] != nil, " class=\"done\"")><p>\(step.does) <span class="quietly">\(ask.say("case.by-minute", ["when": ask.moments.by(view.row.openedAt + .minutes(step.minutes))]))</span></p>\
                \(step.says.isEmpty ? "" : "<p class=\"say care\">\(step.says)</p>")\
                \(done[step.id].map { HTML("<p class=\"quietly\">\(ask.say("case.step-done", ["when": ask.moments.ago($0)]))</p>") } ?? HTML("<button class=\"button soft\" name=\"step\" value=\"\(step.id)\">\(ask.say("case.done"))</button>"))</li>
                """
            })</ol></form></section>
            """
    }

    private static func procedure(_ view: CaseView, _ ask: Ask) -> Procedure? {
        CaseWords.procedure(level: view.row.level, reports: view.reports.map(\.kind), ask.app.content)
    }

    /// When each step of the procedure now walked was done. What was done for another level does not count.
    private static func doneSteps(_ view: CaseView, _ ask: Ask) -> [String: Instant] {
        let walked = procedure(view, ask)?.id ?? ""
        return Dictionary(
            view.events.filter { $0.kind == .step }.compactMap { event in
                let parts = event.code.split(separator: ":")
                guard parts.count >= 3, parts[parts.count - 2] == walked, let step = parts.last else { return nil }
                return (String(step), event.at)
            }, uniquingKeysWith: { first, _ in first })
    }

    private static func history(_ view: CaseView, _ ask: Ask) -> HTML {
        """
        <section class="card" aria-labelledby="history"><h2 id="history">\(ask.say("case.history"))</h2><ol class="timeline">\(each: view.events, { event in
            """
            <li>\(ask.moments.element(event.at))\(ask.say("events.\(event.kind.rawValue)")) <span class="quietly">\(CaseWords.about(event, ask)) · \(event.actorShown ?? CaseWords.actor(event.role, ask))</span>\(event.words.map { prose($0) } ?? HTML())</li>
            """
        })</ol><form class="stack" method="post" action="/cases/\(view.row.id)/notes">\(Parts.token(ask))<div class="field"><label for="note-words">\(ask.say("case.note"))</label><textarea id="note-words" name="words" rows="2"></textarea></div><button class="button plain">\(ask.say("case.add-note"))</button></form></section>
        """
    }

    private static func known(_ view: CaseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let glass: HTML =
            view.powers.contains(.seeLink) && view.row.account != nil
            ? """
            <details><summary>\(say("case.link"))</summary><form class="stack" method="post" action="/cases/\(view.row.id)/link">\(Parts.token(ask))<div class="field"><label for="why">\(say("case.link-why"))</label><textarea id="why" name="why" rows="2"></textarea></div>\
            <button class="button plain">\(say("case.link-go"))</button></form></details>\(view.row.urgent ? """
                <details><summary>\(say("case.connection"))</summary><p>\(say("case.connection-more"))</p><form class="stack" method="post" action="/cases/\(view.row.id)/connection">\(Parts.token(ask))<div class="field"><label for="connection-why">\(say("case.link-why"))</label><textarea id="connection-why" name="why" rows="2"></textarea></div>\
                <button class="button plain">\(say("case.connection-go"))</button></form></details>
                """ as HTML : "")\(Parts.act(ask, "/cases/\(view.row.id)/place", say("case.ask-place"), style: "plain"))
            """ : ""
        return """
            <section class="card" aria-labelledby="known"><h2 id="known">\(say("case.known"))</h2><dl class="facts"><dt>\(say("case.opened"))</dt><dd>\(ask.moments.element(view.row.openedAt))</dd>\
            <dt>\(say("case.due"))</dt><dd>\(ask.moments.by(view.row.dueAt))</dd><dt>\(say("case.room"))</dt><dd>\(view.row.roomName ?? "–")</dd></dl>\(glass)</section>
            """
    }

    static func json(_ view: CaseView, _ ask: Ask) -> JSON {
        let item = view.item
        let level = procedure(view, ask)
        let done = doneSteps(view, ask)
        return [
            "case": QueueRoutes.json(view.row, ask), "item": item.map { ItemParts.json($0, ask) } ?? nil,
            "original": item.map { .string(wholeWords(title: $0.title, body: $0.body, note: $0.note)) } ?? nil,
            "concerns": .list(
                (view.assessment?.concerns ?? []).map { concern in
                    [
                        "kind": .string(concern.kind.rawValue), "level": .string("\(concern.level)"), "why": .string(concern.why),
                        "source": .string(concern.source), "wrong": .bool(view.wrong.contains(concern.source)),
                        "spans": .list(concern.spans.map { .list([.int($0.start), .int($0.end)]) }),
                    ]
                }),
            "screenVersion": .text(view.assessment?.version),
            "events": .list(
                view.events.map { event in
                    [
                        "kind": .string(event.kind.rawValue), "role": .string(event.role), "code": .string(event.code), "at": .at(event.at),
                        "by": .text(event.actorShown), "words": .text(event.words),
                    ]
                }),
            "reports": .list(view.reports.map { ["kind": .string($0.kind), "words": .string($0.words), "at": .at($0.madeAt)] }),
            "steps": .list(
                (level?.steps ?? []).map {
                    [
                        "id": .string($0.id), "minutes": .int($0.minutes), "does": .string($0.does), "says": .string($0.says),
                        "doneAt": .at(done[$0.id]),
                    ]
                }),
            "suggestedTopics": .list((view.assessment?.topics ?? item?.topics.map(String.init) ?? []).map(JSON.string)),
            "language": .text(view.language),
            "suggestedMatters": .list((item?.matters ?? []).map { .string(String($0)) }),
            "nextStep": .text(view.row.account == nil ? nil : bookStep(view, ask).rawValue),
            "sanctions": .list(view.sanctions.map { .string($0.rawValue) }),
            "appeal": view.appeal.map {
                ["decision": .id($0.decision), "act": .string($0.act.rawValue), "reason": .text($0.reason), "words": .string($0.words)]
            } ?? nil,
            "conversation": .id(view.row.conversation),
            "messages": .list(view.messages.map { ["fromStaff": .bool($0.fromStaff), "body": .string($0.body), "at": .at($0.at)] }),
            "powers": .list(Power.allCases.filter(view.powers.contains).map { .string($0.rawValue) }),
        ]
    }
}
