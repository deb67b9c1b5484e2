import Rules
import Statistics
import Store

enum DeskPages {
    static func list(_ studies: [StudyRow], _ ask: Ask) -> Page {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("desk.title"))</h1><p class="lead">\(say("desk.lead"))</p>
            \(studies.isEmpty ? Parts.empty(.lamp, say("desk.none")) : "")<ul class="stack" role="list">\(each: studies, { study in
                """
                <li class="card"><a href="/researcher/studies/\(study.code)">\(study.plan.title)</a> <span class="quietly">\(say("studies.state-\(study.state.rawValue)"))</span></li>
                """
            })</ul>
            <form class="card stack" method="post" action="/researcher/studies">\(Parts.token(ask))\(Parts.area("protocol", say("desk.protocol"), hint: say("desk.protocol-hint"), rows: 12))
            <p class="row"><button class="button">\(say("desk.take-in"))</button></p></form>
            """
        return Page(say("desk.title"), tab: .write, wide: true, body: body)
    }

    static func show(_ live: DeskRoutes.Live, _ ask: Ask) -> Page {
        let (say, study) = (ask.say, live.study)
        let place = "/researcher/studies/\(study.code)"
        func turn(_ to: String) -> HTML {
            Parts.act(ask, "\(place)/state", say("desk.to-\(to)"), style: to == "ended" ? "plain" : "soft", hidden: [("to", to)])
        }
        let deeds: HTML
        switch study.state {
        case .draft: deeds = live.faults.isEmpty ? turn("open") : ""
        case .open: deeds = "\(turn("closed"))\(turn("ended"))"
        case .paused, .closed: deeds = turn("ended")
        case .ended:
            deeds = """
                <a class="button" href="\(place)/report">\(say("desk.report"))</a>\(live.set == nil ? Parts.act(ask, "\(place)/data", say("desk.data-make"), style: "soft") : "<a href=\"\(place)/data\">\(say("desk.data"))</a>")
                """
        }
        let faults: HTML =
            live.faults.isEmpty
            ? ""
            : "<section class=\"say stop stack\"><h2>\(say("desk.faults"))</h2><ul>\(each: live.faults, { "<li>\(say("studies.fault-\($0.rawValue)"))</li>" })</ul></section>"
        let body: HTML = """
            <p><a href="/researcher/studies">\(Pictures.icon(.back))\(say("desk.title"))</a></p><h1>\(study.plan.title)</h1>\
            <p class="lead">\(say("studies.state-\(study.state.rawValue)"))</p>\(faults)<div class="row">\(deeds)</div>\(study.state == .ended ? "<p class=\"quietly\">\(set(live.set, say) ?? say("desk.data-once"))</p>" : "")
            <dl class="facts"><dt>\(say("desk.enrolled"))</dt><dd>\(live.enrolled) / \(study.plan.wanted * study.plan.arms.count)</dd>\
            <dt>\(say("desk.started"))</dt><dd>\(live.started)</dd><dt>\(say("desk.left"))</dt><dd>\(live.left)</dd>\
            <dt>\(say("desk.linked"))</dt><dd>\(live.linked)</dd></dl>
            \(live.missing.isEmpty ? "" : TrialPages.missing(live.missing, ask))<p class="quietly">\(say("desk.masked"))</p>
            <details class="card"><summary>\(say("studies.fixed"))</summary><p>\(say("studies.fixed-how"))</p><p class="words">\(study.hash)</p>\
            <p class="words">\(study.listHash ?? "")</p><pre class="words">\(study.text)</pre></details>\(log(live.events, ask))
            """
        return Page(study.plan.title, tab: .write, wide: true, body: body)
    }

    static func set(_ set: StudySetRow?, _ say: Sentences) -> String? {
        set.map {
            say("desk.data-made", ["day": String(ISODate.write($0.madeAt).prefix(10)), "n": PublicCount($0.gone).description])
        }
    }

    private static func log(_ events: [(event: StudyEvent, at: Instant)], _ ask: Ask) -> HTML {
        Parts.table(ask.say("desk.log"), head: [ask.say("desk.when"), ask.say("desk.what")], events) { one in
            "<tr><th scope=\"row\">\(ask.moments.element(one.at))</th><td>\(ask.say("desk.event-\(one.event.rawValue)"))</td></tr>"
        }
    }

    static func monitored(_ studies: [StudyRow], _ ask: Ask) -> Page {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("monitor.title"))</h1><p class="lead">\(say("monitor.lead"))</p>\(studies.isEmpty ? Parts.empty(.lamp, say("studies.none")) : "")
            <ul class="stack" role="list">\(each: studies, { study in
                "<li class=\"card\"><a href=\"/monitor/\(study.code)\">\(study.plan.title)</a> <span class=\"quietly\">\(say("studies.state-\(study.state.rawValue)"))</span></li>"
            })</ul>
            """
        return Page(say("monitor.title"), tab: .write, body: body)
    }

    static func watch(_ view: MonitorRoutes.View, _ ask: Ask) -> Page {
        let (say, study) = (ask.say, view.study)
        func turn(_ to: String) -> HTML {
            Parts.act(ask, "/monitor/\(study.code)/state", say("monitor.to-\(to)"), style: to == "open" ? "soft" : "", hidden: [("to", to)])
        }
        let deeds: HTML
        switch study.state {
        case .open: deeds = turn("paused") + turn("ended")
        case .paused: deeds = turn("open") + turn("ended")
        case .closed: deeds = turn("ended")
        case .draft, .ended: deeds = ""
        }
        let weeks = Array(zip(zip(view.events, view.exposures), view.sums).enumerated())
        let body: HTML = """
            <p><a href="/monitor">\(Pictures.icon(.back))\(say("monitor.title"))</a></p><h1>\(study.plan.title)</h1>\
            <p class="lead">\(say("studies.state-\(study.state.rawValue)"))</p><div class="row">\(deeds)</div>
            \(TrialPages.harms(view.harms, study.plan, ask))<p>\(say("monitor.how", ["h": TrialPages.two(study.plan.harm.h)]))</p>
            \(Parts.table(say("monitor.weeks"), head: [say("monitor.week"), say("monitor.events"), say("monitor.exposure"), say("monitor.sum")], weeks) { number, week in
                "<tr><th scope=\"row\">\(number + 1)</th><td>\(week.0.0)</td><td>\(TrialPages.two(week.0.1))</td><td>\(TrialPages.two(week.1))</td></tr>"
            })\(log(view.log, ask))
            """
        return Page(study.plan.title, tab: .write, wide: true, body: body)
    }
}
