import Rules
import Screening
import Statistics
import Store

extension Routes {
    static let duty: [Route] = [
        .staff(.get, "/duty", .readQueue, "Who is here, who comes, which alarms are open.", DutyRoutes.show),
        .staff(.post, "/duty", .readQueue, "Start a shift now.", [.int("hours", 1...12)], DutyRoutes.start),
        .staff(.post, "/duty/end", .readQueue, "End it.", DutyRoutes.end),
        .staff(.post, "/alerts/:alert/acknowledge", .readQueue, "I have it.", DutyRoutes.acknowledge),
    ]
}

enum DutyRoutes {
    static func json(_ alert: AlertRow) -> JSON {
        [
            "id": .id(alert.id), "code": .string(alert.code), "tier": .string(alert.tier.code), "drill": .bool(alert.drill),
            "case": .id(alert.caseID), "madeAt": .at(alert.madeAt), "sentAt": .at(alert.sentAt), "failed": .text(alert.failed),
            "acknowledgedAt": .at(alert.acknowledgedAt), "by": .text(alert.acknowledgedShown),
        ]
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (now, roster, alerts, roles) = try await ask.read { tx in
            (
                try tx.onDuty(ask.organisation.id), try tx.roster(ask.organisation.id, mine: worker.person.account),
                try tx.openAlerts(for: worker.person), try tx.roles(of: ask.organisation.id)
            )
        }
        let say = ask.say
        let here = roster.contains { $0.isMine && $0.startsAt <= ask.now }
        let way = ask.app.alarm.way
        let body: HTML = """
            <h1>\(say("duty.title"))</h1>\(now.isEmpty ? "<p class=\"say note\">\(say("duty.nobody"))</p>" : "")\(way == "none" ? "<p class=\"say stop\">\(say("duty.no-way"))</p>" : "")
            <section class="stack" aria-labelledby="alarms"><h2 id="alarms">\(say("duty.alarms"))</h2>\(alerts.isEmpty ? "<p class=\"quietly\">\(say("duty.no-alarms"))</p>" : "")<ul class="stack">\(each: alerts, { alert in
                """
                <li class="card"><p class="row apart"><b>\(alert.code) \(alert.drill ? say("duty.drill") : "")</b><span class="quietly">\(ask.moments.element(alert.madeAt)) · \(say(alert.sentAt == nil ? "duty.not-sent" : "duty.sent"))</span></p><p>\(say("tiers.\(alert.tier.code)"))</p>\
                \(Parts.act(ask, "/alerts/\(alert.id)/acknowledge", say("duty.i-have-it", ["code": alert.code]), style: "help"))</li>
                """
            })</ul></section>
            <section class="stack" aria-labelledby="shift"><h2 id="shift">\(say("duty.yours"))</h2>\(here ? Parts.act(ask, "/duty/end", say("duty.end"), style: "plain") : """
                <form method="post" action="/duty" class="inline">\(Parts.token(ask))\(Parts.select("hours", say("duty.hours"), (1...12).map { (String($0), say("moments.length-hours", n: $0)) }, chosen: "2"))<button class="button">\(say("duty.start"))</button></form>
                """ as HTML)</section>
            <section class="stack" aria-labelledby="roster"><h2 id="roster">\(say("duty.roster"))</h2><ul class="stack">\(each: roster, { shift in
                "<li>\(shift.shown) · \(ask.app.roleName(shift.role, roles)) · \(ask.moments.by(shift.startsAt))–\(ask.moments.by(shift.endsAt))</li>"
            })</ul></section>
            """
        @Sendable func list(_ shifts: [ShiftRow]) -> JSON {
            .list(
                shifts.map {
                    [
                        "name": .string($0.shown), "role": .string($0.role), "from": .at($0.startsAt), "until": .at($0.endsAt),
                        "mine": .bool($0.isMine),
                    ]
                })
        }
        return .page(
            Page(say("duty.title"), wide: true, body: body),
            json: ["onDuty": list(now), "roster": list(roster), "alerts": .list(alerts.map(json)), "alarmsLeaveBy": .string(way)])
    }

    static func start(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let asked = ask.now + .hours(ask.form.int("hours") ?? 1)
        let until = try await ask.write { tx in
            // A page from before the rostered shift began does not make it shorter.
            let until = max(asked, try tx.shiftEnds(worker.person.account) ?? asked)
            _ = try tx.endShift(worker.person.account)
            try tx.addShift(
                worker.person.account, role: worker.person.staff.holder(of: .readQueue, now: ask.now), from: ask.now, until: until,
                organisation: worker.person.organisation)
            return until
        }
        return .see("/duty?done=saved", json: ["until": .at(until)])
    }

    static func end(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try await ask.write { tx in
            guard try tx.endShift(worker.person.account) > 0 else { return }
            try tx.freeClaims(of: worker.person.account)
        }
        return .see("/duty?done=shift-ended")
    }

    static func acknowledge(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let id: ID<Alert> = try ask.id("alert")
        let (done, about) = try await ask.write { tx in
            guard let alert = try tx.alert(id), let done = try tx.acknowledge(id, by: worker.person) else { throw Refusal.notFound }
            return (done, alert.caseID)
        }
        return .see(about.map { "/cases/\($0)" } ?? "/duty", json: ["acknowledged": .bool(done)])
    }
}

enum DelayRoutes {
    /// Kaplan-Meier, so that what still waits is counted and not forgotten.
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let organisation = ask.organisation.id
        let (delays, talks, work, due, roles) = try await ask.read(long: true) { tx in
            (
                try tx.delays(organisation, since: ask.now - .days(28)), try tx.answerDelays(organisation, since: ask.now - .days(28)),
                try tx.workByRole(organisation, since: ask.now - .days(28)), tx.dueTimes, try tx.roles(of: organisation)
            )
        }
        let say = ask.say
        let levels = Level.allCases.reversed().map { level -> (String, KaplanMeier, KaplanMeier) in
            let own = delays.filter { $0.level == level.rawValue }
            return (Parts.level(level), KaplanMeier(own.map(\.look)), KaplanMeier(own.map(\.decision)))
        }.filter { $0.1.count > 0 }
        let byHour = Dictionary(grouping: delays) { ask.moments.clock.minute($0.openedAt) / 60 }
        let hours = (0..<24).map { hour in
            (hour, KaplanMeier((byHour[hour] ?? []).map(\.look)))
        }.filter { $0.1.count > 0 }
        let talk = KaplanMeier(
            talks.map { one in
                .init(time: max(0, Double(((one.answeredAt ?? ask.now) - one.madeAt).milliseconds) / 60_000), ended: one.answeredAt != nil)
            })
        let limit = Double(due.first(.urgent).minutes)
        // Taken back before it was due, and nobody looked: neither met nor missed.
        let urgent = delays.filter { $0.level == Level.urgent.rawValue && ($0.look.ended || !$0.isOver || $0.look.time > limit) }
        let met = urgent.count { $0.look.ended && $0.look.time <= limit }
        let flagTarget = DueTimes.flagToDecision.seconds
        let flags = delays.filter { $0.kind == .report }
        let flagsMet = flags.count { $0.decision.ended && $0.decision.time * 60 <= Double(flagTarget) }
        let flagMedian = KaplanMeier(flags.map(\.decision)).quantile(0.5).map { Int(($0 * 60).rounded(.up)) }
        let isFlagMet = flagMedian.map { $0 <= flagTarget } ?? false
        let flagsTold: HTML =
            flags.isEmpty
            ? ""
            : """
            <p class="say \(isFlagMet ? "good" : "note")">\(say(isFlagMet ? "delays.flags-met" : "delays.flags-missed", ["seconds": String(flagTarget), "met": String(flagsMet), "all": String(flags.count)])) \
            \(flagMedian.map { $0 < 90 ? say("delays.flags-seconds", n: $0) : say("delays.flags-middle", ["length": ask.moments.length(minutes: ($0 + 59) / 60)]) } ?? say("delays.flags-open"))</p>
            """
        func shown(_ value: Double?) -> String {
            value.map { ask.moments.length(minutes: Int($0.rounded(.up))) } ?? say("delays.not-reached")
        }
        @Sendable func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? nil }
        let body: HTML = """
            <h1>\(say("delays.title"))</h1><p class="lead">\(say("delays.lead"))</p>
            <p class="say \(met == urgent.count ? "good" : "note")">\(urgent.isEmpty ? say("delays.no-urgent") : say("delays.urgent", ["met": String(met), "all": String(urgent.count), "minutes": String(due.first(.urgent).minutes)]))</p>\(flagsTold)
            \(Parts.table(say("delays.by-level"), head: ["level", "n", "open", "p50", "p80", "decided50", "decided80"].map { say("delays.\($0)") }, levels, { one in
                "<tr><th scope=\"row\">\(say("levels.\(one.0)"))</th><td>\(one.1.count)</td><td>\(one.1.count - one.1.ended)</td><td>\(shown(one.1.quantile(0.5)))</td><td>\(shown(one.1.quantile(0.8)))</td><td>\(shown(one.2.quantile(0.5)))</td><td>\(shown(one.2.quantile(0.8)))</td></tr>"
            }))
            \(Parts.table(say("delays.by-hour"), head: ["hour", "n", "p50", "p80"].map { say("delays.\($0)") }, hours, { one in
                "<tr><th scope=\"row\">\(one.0):00</th><td>\(one.1.count)</td><td>\(shown(one.1.quantile(0.5)))</td><td>\(shown(one.1.quantile(0.8)))</td></tr>"
            }))
            <p>\(say("delays.conversations", ["p50": shown(talk.quantile(0.5)), "n": String(talk.count)]))</p>
            \(Parts.table(say("delays.work"), head: ["role", "acts", "time"].map { say("delays.\($0)") }, work, { one in
                "<tr><th scope=\"row\">\(ask.app.roleName(one.role, roles))</th><td>\(one.acts)</td><td>\(say("moments.length-minutes", n: one.minutes))</td></tr>"
            }))<p class="quietly">\(say("delays.how"))</p>
            """
        return .page(
            Page(say("delays.title"), wide: true, body: body),
            json: [
                "levels": .list(
                    levels.map {
                        [
                            "level": .string($0.0), "n": .int($0.1.count), "open": .int($0.1.count - $0.1.ended),
                            "p50": number($0.1.quantile(0.5)), "p80": number($0.1.quantile(0.8)),
                            "decidedP50": number($0.2.quantile(0.5)), "decidedP80": number($0.2.quantile(0.8)),
                        ]
                    }),
                "hours": .list(
                    hours.map {
                        ["hour": .int($0.0), "n": .int($0.1.count), "p50": number($0.1.quantile(0.5)), "p80": number($0.1.quantile(0.8))]
                    }),
                "conversations": ["n": .int(talk.count), "p50": number(talk.quantile(0.5)), "p80": number(talk.quantile(0.8))],
                "target": [
                    "urgentMinutes": .int(due.first(.urgent).minutes), "urgent": .int(urgent.count), "met": .int(met),
                    "share": urgent.isEmpty ? nil : .number(Double(met) / Double(urgent.count)),
                ],
                "flags": [
                    "targetSeconds": .int(flagTarget), "n": .int(flags.count), "withinTarget": .int(flagsMet),
                    "medianSeconds": flagMedian.map(JSON.int) ?? nil, "met": .bool(isFlagMet),
                ],
                "work": .list(work.map { ["role": .string($0.role), "acts": .int($0.acts), "minutes": .int($0.minutes)] }),
            ])
    }
}
