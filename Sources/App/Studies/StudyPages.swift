import Rules
import Statistics
import Store

enum StudyPages {
    static func code(_ decision: EnrolmentDecision?) -> String {
        switch decision {
        case nil: "not-open"
        case .ask: "ask"
        case .askAdultToo: "adult-too"
        case .no(let why): why.rawValue
        }
    }

    static func step(_ view: StudyRoutes.View) -> (String?, StudyPoint?, Instant?) {
        switch view.step {
        case nil: (nil, nil, nil)
        case .adultFirst: ("adult-first", nil, nil)
        case .baseline(let point): ("baseline", point, nil)
        case .mayStart: ("may-start", nil, nil)
        case .asked(let point, let until): ("asked", point, until)
        case .nothingUntil(let at): ("nothing-until", nil, at)
        case .over: ("over", nil, nil)
        }
    }

    static func card(_ card: StudyRoutes.Card, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <section class="card stack" aria-labelledby="study"><h2 id="study">\(card.title)</h2><p>\(say(card.isOwn ? "studies.card-own" : "studies.card-new"))</p>\
            <div class="row"><a class="button soft" href="/studies/\(card.code)">\(say("studies.card-look"))</a>\
            \(card.isOwn ? "" : Parts.act(ask, "/studies/\(card.code)/no", say("studies.no"), style: "plain"))</div></section>
            """
    }

    static func list(_ views: [StudyRoutes.View], _ ask: Ask) -> Page {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("studies.title"))</h1><p class="lead">\(say("studies.lead"))</p>
            \(views.isEmpty ? Parts.empty(.lamp, say("studies.none"), link: ("/research", say("research.title"))) : "")
            <ul class="stack" role="list">\(each: views, { view in
                """
                <li class="card stack"><h2><a href="/studies/\(view.study.code)">\(view.study.plan.title)</a></h2>\
                <p>\(say("studies.state-\(view.study.state.rawValue)"))</p></li>
                """
            })</ul><p><a href="/studies/adult">\(say("studies.adult-link"))</a></p>\(desks(ask))
            """
        return Page(say("studies.title"), body: body)
    }

    /// The way to the desks, for those who work there.
    private static func desks(_ ask: Ask) -> HTML {
        guard let staff = ask.person?.staff else { return "" }
        let places = [(Power.research, "/researcher/studies", "desk.title"), (.monitor, "/monitor", "monitor.title")]
        return
            "\(each: places.filter { staff.holds($0.0, now: ask.now) }, { "<p><a class=\"button soft\" href=\"\($0.1)\">\(ask.say($0.2))</a></p>" })"
    }

    static func sheet(_ view: StudyRoutes.View, _ ask: Ask) -> Page {
        let (say, plan, study) = (ask.say, view.study.plan, view.study)
        let measures = plan.asks.map { one in ask.app.content.allMeasures.first { $0.id == one.measure }?.name ?? one.measure }
        let times = plan.asks.flatMap(\.days).max() ?? 0
        let facts: HTML = """
            <dl class="facts"><dt>\(say("studies.who-runs"))</dt><dd>\(say("studies.runner-\(plan.runner.rawValue)"))</dd>\
            <dt>\(say("studies.how-long"))</dt><dd>\(say("studies.days", n: times))</dd>\
            <dt>\(say("studies.how-often"))</dt><dd>\(say("studies.forms", n: Set(plan.asks.flatMap(\.days)).count))</dd>\
            \(plan.ethics.map { "<dt>\(say("studies.ethics"))</dt><dd>\($0)</dd>" as HTML } ?? "")\
            \(plan.monitor.map { "<dt>\(say("studies.monitor"))</dt><dd>\($0)</dd>" as HTML } ?? "")\
            <dt>\(say("studies.people"))</dt><dd>\(view.people?.description ?? say("studies.people-later"))</dd><dt>\(say("studies.state"))</dt><dd>\(say("studies.state-\(study.state.rawValue)"))</dd></dl>
            """
        let arms: HTML = """
            <section class="stack"><h2>\(say("studies.arms"))</h2><p>\(say(plan.arms.count > 1 ? "studies.chance" : "studies.no-chance"))</p>\
            \(Parts.table(say("studies.arms"), head: [say("studies.group"), say("studies.gets"), say("studies.people")], Array(zip(plan.arms, StudyRoutes.tally(view)))) { arm, count in
                "<tr><th scope=\"row\">\(arm.name)</th><td>\(say("studies.gives-\(arm.gives.rawValue)"))</td><td>\(count)</td></tr>"
            })<p class="quietly">\(say("studies.tally-how"))</p></section>
            """
        let fixed: HTML = """
            <details class="card"><summary>\(say("studies.fixed"))</summary><p>\(say("studies.fixed-how"))</p><p class="words">\(study.hash)</p>\
            \(study.listHash.map { "<p class=\"words\">\($0)</p>" as HTML } ?? "")<p>\(say("studies.asks")) \(measures.joined(separator: ", "))</p></details>
            """
        let body: HTML = """
            <p><a href="/studies">\(Pictures.icon(.back))\(say("studies.title"))</a></p><h1>\(plan.title)</h1>\(own(view, ask))
            <div class="words">\(prose(plan.about))</div>\(facts)\(joining(view, ask))\(arms)\(fixed)
            """
        return Page(plan.title, body: body)
    }

    /// What is mine here, first.
    private static func own(_ view: StudyRoutes.View, _ ask: Ask) -> HTML {
        let (say, place) = (ask.say, "/studies/\(view.study.code)")
        guard let part = view.part else {
            return view.saidNo ? "<p class=\"say note\">\(say("studies.said-no"))</p>" : ""
        }
        let given: HTML =
            view.givenOut.map { "<p class=\"say note\">\(say("studies.given-out", ["day": ask.moments.date($0)]))</p>" } ?? ""
        // Whoever left says no new yes.
        func check(_ purpose: StudyPurpose, _ words: String) -> HTML {
            let isOn = view.purposes.contains(purpose)
            return isOn || part.leftAt == nil ? Parts.check(purpose.rawValue, say(words), on: isOn) : ""
        }
        let (share, link) = (check(.share, "studies.share"), check(.link, "studies.link"))
        let others: HTML = """
            <form class="stack" method="post" action="\(place)/consents">\(Parts.token(ask))\(share)\(link)
            <p class="row"><button class="button soft">\(say("studies.save"))</button></p></form>
            """
        guard part.leftAt == nil else {
            // What was said yes to for the answers that stay is still theirs to take back.
            let takeOut =
                part.answered.isEmpty
                ? "" : Parts.act(ask, "\(place)/leave", say("studies.take-out"), style: "plain", hidden: [("how", LeftHow.remove.rawValue)])
            return
                "<p class=\"say note\">\(say(part.leftHow == .lapsed ? "studies.lapsed" : "studies.left"))</p>\(given)\(view.purposes.isEmpty ? "" : others)\(takeOut)"
        }
        let by: HTML =
            "<p class=\"quietly\">\(say("studies.begin-by", ["day": ask.moments.date(view.study.plan.begins(by: part.consentUntil))]))</p>"
        let deed: HTML
        switch view.step ?? .over {
        case .adultFirst: deed = "<p>\(say("studies.adult-waits"))</p>\(by)"
        case .baseline:
            deed = "<p>\(say("studies.first-questions"))</p>\(by)\(Parts.act(ask, "\(place)/ask", say("studies.answer"), style: ""))"
        case .mayStart:
            deed =
                "<p>\(say(part.side == .seeker ? "studies.may-start" : "studies.may-start-too"))</p>\(by)\(Parts.act(ask, "\(place)/start", say("studies.start"), style: ""))"
        case .asked(_, let until):
            deed = """
                <p>\(say("studies.asked", ["day": ask.moments.date(until)]))</p>\(Parts.act(ask, "\(place)/ask", say("studies.answer"), style: ""))
                """
        case .nothingUntil(let at): deed = "<p>\(say("studies.nothing-until", ["day": ask.moments.date(at)]))</p>"
        case .over: deed = "<p>\(say(part.startedAt == nil ? "studies.lapsed" : "studies.over"))</p>"
        }
        let here: HTML = part.startedAt == nil ? "" : "<p><a href=\"\(place)/here\">\(say("studies.here"))</a></p>"
        return """
            <section class="card stack" aria-labelledby="own"><h2 id="own">\(say("studies.yours"))</h2>\(deed)\(here)\(given)
            <details><summary>\(say("studies.change"))</summary>\(others)
            <form class="stack" method="post" action="\(place)/leave">\(Parts.token(ask))\(Parts.radios("how", say("studies.leave-how"), [("keep", say("studies.leave-keep")), ("remove", say("studies.leave-remove"))]))\(Parts.check("harm", say("studies.leave-harm")))
            <p class="row"><button class="button plain">\(say("studies.leave"))</button></p></form></details></section>
            """
    }

    private static func joining(_ view: StudyRoutes.View, _ ask: Ask) -> HTML {
        let (say, place, plan) = (ask.say, "/studies/\(view.study.code)", view.study.plan)
        guard let person = ask.person else {
            return view.study.state.takesPeople
                ? "<p class=\"say note\">\(say("studies.sign-in")) <a href=\"/join\">\(say("studies.join-here"))</a></p>" : ""
        }
        guard !person.isStaff, view.part == nil, !view.saidNo else { return "" }
        let adult: Bool
        switch view.mayJoin {
        case .ask: adult = false
        case .askAdultToo: adult = true
        case .no(let why): return "<p class=\"say note\">\(say("refusals.study-\(why.rawValue)"))</p>"
        case nil: return ""
        }
        let sides: HTML =
            plan.sides.count > 1
            ? Parts.radios(
                "side", say("studies.side"), plan.sides.map { ($0.rawValue, say("studies.side-\($0.rawValue)")) }, chosen: "seeker") : ""
        return """
            <section class="card stack" aria-labelledby="yes"><h2 id="yes">\(say("studies.would-you"))</h2><p>\(say("studies.no-first"))</p>\
            \(Parts.act(ask, "\(place)/no", say("studies.no"), style: "plain"))
            <form class="stack" method="post" action="\(place)/join">\(Parts.token(ask))\(sides)\
            \(Parts.radios("before", say("studies.before"), AskedBefore.allCases.map { ($0.rawValue, say("studies.before-\($0.rawValue)")) }))\
            \(Parts.check("yes", say("studies.yes", n: plan.consentDays)))\(Parts.check("share", say("studies.share")))\(Parts.check("link", say("studies.link")))\
            \(adult ? "<p class=\"say note\">\(say("studies.adult-too"))</p>" : "")<p class="row"><button class="button">\(say("studies.join"))</button></p></form>\
            \(adult ? Parts.act(ask, "\(place)/no", say("studies.unmasks"), style: "plain", hidden: [("unmasks", "1")]) : "")</section>
            """
    }

    static func code(_ code: String, _ study: StudyRow, _ ask: Ask) -> Page {
        let say = ask.say
        let body: HTML = """
            <h1>\(say("studies.code"))</h1><p class="lead">\(say("studies.code-how"))</p><p class="card"><strong>\(code)</strong></p>
            <p>\(say("studies.code-where", ["place": "\(ask.app.settings.address)/studies/adult"]))</p>
            <p class="row"><a class="button" href="/studies/\(study.code)">\(say("studies.back"))</a></p>
            """
        return Page(say("studies.code"), body: body)
    }

    static func adult(_ study: StudyRow?, _ code: String, done: Bool, _ ask: Ask) -> Page {
        let say = ask.say
        let told: HTML
        if let study, done {
            told = "<p class=\"say good\" role=\"status\">\(say("studies.adult-done", ["title": study.plan.title]))</p>"
        } else if let study {
            told = """
                <section class="card stack"><h2>\(study.plan.title)</h2><div class="words">\(prose(study.plan.about))</div><p>\(say("studies.adult-means"))</p>
                <p><a href="/studies/\(study.code)">\(say("studies.adult-more"))</a></p>
                <form method="post" action="/studies/adult">\(Parts.token(ask))<input type="hidden" name="code" value="\(code)"><input type="hidden" name="yes" value="1">\
                <button class="button">\(say("studies.adult-yes"))</button></form></section>
                """
        } else {
            told = """
                <form class="card stack" method="post" action="/studies/adult">\(Parts.token(ask))\(Parts.field("code", say("studies.adult-code"), extra: " autocomplete=\"off\" required"))
                <p class="row"><button class="button">\(say("studies.adult-look"))</button></p></form>
                """
        }
        return Page(say("studies.adult"), body: "<h1>\(say("studies.adult"))</h1><p class=\"lead\">\(say("studies.adult-lead"))</p>\(told)")
    }

    /// Alike for every arm: a list of cards. Help stands above it for all.
    static func here(_ study: StudyRow, _ part: ParticipantRow, _ rooms: [RoomRow], _ ask: Ask) -> Page {
        let (say, arm) = (ask.say, part.arm.flatMap { study.plan.arm($0) })
        let asked: HTML = arm?.posts.map { "<p>\(say("studies.posts", ["n": String($0), "weeks": String(arm?.weeks ?? 0)]))</p>" } ?? ""
        let cards: HTML
        switch arm?.gives {
        case .rooms, .waiting:
            let waits: HTML =
                rooms.isEmpty
                ? "<p class=\"say note\">\(part.opensAt.map { say("studies.opens", ["day": ask.moments.date($0)]) } ?? "")</p>" : ""
            cards = """
                \(waits)<ul class="stack" role="list">\(each: rooms, { room in
                    "<li class=\"card stack\"><h2>\(Parts.room(room))</h2><p>\(room.about)</p></li>"
                })</ul>
                """
        case .resources:
            cards = """
                <ul class="stack" role="list">\(each: ask.app.content.tools, { tool in
                    """
                    <li class="card stack"><h2>\(tool.name)</h2><details><summary>\(say("studies.read-on"))</summary>\
                    <ol>\(each: tool.steps, { "<li>\($0)</li>" })</ol></details></li>
                    """
                })</ul>
                """
        case .nothing: cards = "<p>\(say("studies.nothing-here"))</p>"
        case nil: cards = "<p>\(say("studies.supporters-here"))</p>"
        }
        let body: HTML = """
            <p><a href="/studies/\(study.code)">\(Pictures.icon(.back))\(study.plan.title)</a></p><h1>\(say("studies.here"))</h1>\
            <p>\(say("studies.help-always")) <a href="/help">\(say("frame.help"))</a></p>\(asked)\(cards)
            """
        return Page(say("studies.here"), tab: .rooms, body: body)
    }
}
