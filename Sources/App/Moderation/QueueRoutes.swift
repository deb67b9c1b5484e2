import Rules
import Screening
import Store

extension Routes {
    static let queue: [Route] = [
        .staff(
            .get, "/queue", .readQueue, "What waits to be read, urgent first.",
            [.id("room", optional: true), .flag("mine"), .flag("raised"), .int("from", 0...1_000_000, optional: true)], QueueRoutes.show),
        .staff(.get, "/delays", .seeDelays, "How long people wait, per level and hour, open items counted.", DelayRoutes.show),
        .staff(.get, "/care", .readQueue, "One's own day: what was heavy, a break.", QueueRoutes.care),
    ]
}

enum QueueRoutes {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let person = worker.person
        let room = ask.query.optional("room").flatMap { ID<Room>($0) }
        let (mine, raised) = (ask.query.flag("mine"), ask.query.flag("raised"))
        let after = max(0, ask.query.int("from") ?? 0)
        let (cases, counts, alerts, heavy) = try await ask.read { tx in
            let scope = try tx.queueRooms(of: person)
            return (
                try tx.queue(for: person, in: scope, room: room, mine: mine, raised: raised, after: after),
                try tx.queueCounts(for: person, in: scope),
                try tx.openAlerts(for: person, in: scope), try tx.exposure("case", of: person.account)
            )
        }
        let list = QueuePages.list(cases, ask, current: nil)
        return .page(
            QueuePages.page(
                ask, list: list, cases: cases, counts: counts, alerts: alerts, heavy: heavy, after: after,
                query: mine ? "mine=1" : raised ? "raised=1" : ""),
            json: [
                "cases": .list(cases.map { json($0, ask) }),
                "counts": ["open": .int(counts.open), "urgent": .int(counts.urgent), "overdue": .int(counts.overdue), "upTo": 100],
                "alerts": .list(alerts.map { DutyRoutes.json($0) }), "next": cases.count == pageSize ? .int(after + pageSize) : nil,
            ])
    }

    static func json(_ found: CaseRow, _ ask: Ask) -> JSON {
        [
            "id": .id(found.id), "kind": .string(found.kind.rawValue), "level": .string("\(found.level)"), "urgent": .bool(found.urgent),
            "parts": .list(
                found.priority.shown(openedAt: found.openedAt, now: ask.now).map {
                    ["part": .string($0.part.rawValue), "points": .int($0.points)]
                }),
            "state": .string(found.state.rawValue), "tier": .string(found.tier.code), "room": .id(found.room),
            "roomName": .text(found.roomName),
            "item": .id(found.item), "conversation": .id(found.conversation), "dueAt": .at(found.dueAt), "openedAt": .at(found.openedAt),
            "overdue": .bool(found.dueAt <= ask.now && found.closedAt == nil), "claimedBy": .text(found.claimedShown),
            "claimedUntil": .at(found.claimedUntil), "outcome": .text(found.outcome), "version": .int(found.version),
        ]
    }

    static func care(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let person = worker.person
        let (heavy, acts) = try await ask.read { tx in
            (try tx.exposure("case", of: person.account), try tx.exposure("act", of: person.account))
        }
        let say = ask.say
        return .page(
            Page(
                say("care.title"),
                body: """
                    <h1>\(say("care.title"))</h1><p class="lead">\(say(heavy >= 40 ? "care.stop" : "care.lead"))</p>
                    <div class="meter"><span>\(say(heavy >= 40 ? "care.full" : "care.room"))</span><progress max="40" value="\(min(heavy, 40))">\(heavy)</progress></div>
                    <p>\(say("care.acts", n: acts))</p><div class="row"><a class="button soft" href="/help/grounding">\(say("sent.one-tool"))</a>\(Parts.act(ask, "/duty/end", say("duty.end"), style: "plain"))</div>
                    """), json: ["heavyToday": .int(heavy), "actsToday": .int(acts), "dailyStop": 40])
    }
}

enum QueuePages {
    /// One line a case; the words stay covered until it is opened.
    static func list(_ cases: [CaseRow], _ ask: Ask, current: ID<Case>?) -> HTML {
        "<ul class=\"queue\">\(each: cases, { row($0, ask, current: current) })</ul>"
    }

    private static func row(_ found: CaseRow, _ ask: Ask, current: ID<Case>?) -> HTML {
        let say = ask.say
        let late = found.dueAt <= ask.now
        let time = say(late ? "queue.late" : "queue.due", ["length": ask.moments.length(minutes: abs((found.dueAt - ask.now).minutes))])
        let who = found.claimedShown.map { say("queue.held-by", ["name": $0]) } ?? ""
        return """
            <li data-level="\(Parts.level(found.level))"><span class="row apart"><span class="level">\(say("levels.\(Parts.level(found.level))"))</span><span class="quietly">\(time)</span></span>\
            <a href="/cases/\(found.id)"\(found.id == current, " aria-current=\"true\"")>\(say("case-kinds.\(found.kind.rawValue)"))</a>\
            <span class="quietly">\(found.roomName ?? "") \(ask.moments.element(found.openedAt)) \(who)</span></li>
            """
    }

    static func page(
        _ ask: Ask, list: HTML, cases: [CaseRow], counts: (open: Int, urgent: Int, overdue: Int), alerts: [AlertRow], heavy: Int,
        after: Int, query: String
    ) -> Page {
        let say = ask.say
        let alarms: HTML =
            alerts.isEmpty
            ? ""
            : """
            <div class="say care stack" role="alert"><p>\(say("queue.alarms", n: alerts.count))</p><div class="row">\(each: alerts.prefix(3), { alert in
                Parts.act(ask, "/alerts/\(alert.id)/acknowledge", say("duty.i-have-it", ["code": alert.code]), style: "help")
            })</div></div>
            """
        let undo: HTML =
            ask.query.optional("undo").flatMap { ID<Decision>($0) }.map { decision in
                "<div class=\"row\">\(Parts.act(ask, "/decisions/\(decision)/undo", say("queue.undo"), style: "plain"))</div>"
            } ?? ""
        let takesRaised = ask.person?.staff.holds(.takeEscalated, now: ask.now) ?? false
        // Somebody who reads the queue and whose check is missing sees few cases, or none: the page must say why.
        let unchecked = ask.person.map { !($0.staff.checkedUntil.map { $0 > ask.now } ?? false) } ?? false
        let check: HTML = unchecked ? "<p class=\"say note\">\(say("queue.needs-check"))</p>" : ""
        let rest: HTML = heavy >= 40 ? "<p class=\"say care\">\(say("care.stop")) <a href=\"/care\">\(say("care.title"))</a></p>" : ""
        let fragment: HTML =
            "\(cases.isEmpty ? Parts.empty(.cup, say("queue.empty")) : list)<p class=\"quietly\">\(counts.open > 99 ? say("queue.many") : say("queue.count", n: counts.open)) \(counts.urgent > 0 ? say("queue.urgent", n: counts.urgent) : "") \(counts.overdue > 0 ? say("queue.overdue", n: counts.overdue) : "")</p>"
        let more: HTML =
            cases.count == pageSize
            ? "<nav class=\"pager\" aria-label=\"\(say("parts.pages"))\"><a class=\"button plain\" rel=\"next\" href=\"/queue?from=\(after + pageSize)&amp;\(query)\">\(say("parts.more"))</a></nav>"
            : ""
        return Page(
            say("queue.title"), tab: .today, wide: true, scripts: ["keys.js"], fragment: fragment,
            body: """
                <div class="row apart"><h1>\(say("queue.title"))</h1><div class="row"><a class="button plain" href="/care" data-key="p">\(Pictures.icon(.pause)) \(say("queue.pause"))</a><a href="/queue?mine=1">\(say("queue.mine"))</a><a href="/duty">\(say("duty.title"))</a>\(takesRaised ? "<a href=\"/queue?raised=1\">\(say("queue.raised"))</a>" : "")<a href="/delays">\(say("delays.title"))</a>\
                <details><summary>\(say("queue.keys"))</summary><p class="quietly">\(say("queue.keys-list"))</p></details></div></div>
                \(undo)\(check)\(alarms)\(rest)<div class="stack" id="queue" role="region" aria-label="\(say("queue.title"))">\(fragment)</div>\(more)
                <p class="quietly" data-live-state data-off="\(say("queue.cut"))" role="status"></p>
                """)
    }
}
