import Rules
import Store

/// One course as its page shows it.
struct CourseView: Sendable {
    let course: Course
    let row: CourseRow
    let rooms: [RoomRow]
    let standings: [StandingRow]
    let plan: String
    let signature: (account: ID<Account>, name: String, at: Instant)?
    /// Of what holds in the whole house: until when one's own yes does, and for professionals whose does.
    let yesUntil: Instant?
    let people: [(name: String, until: Instant)]?

    var stage: CourseStage { row.stage(of: course) }
}

enum CoursePages {
    static func list(_ pairs: [(Course, CourseRow)], _ ask: Ask, _ person: Person) -> Page {
        let say = ask.say
        let mine = pairs.filter { person.isStaff || $0.0.isFor(person.band) }
        let rates: HTML =
            person.staff.holds(.rate, now: ask.now)
            ? "<p><a class=\"button soft\" href=\"/ratings\">\(say("courses.rate"))</a> <a href=\"/coding\">\(say("coding.title"))</a></p>"
            : ""
        let list: HTML =
            mine.isEmpty
            ? Parts.empty(.bench, say("courses.none"), link: ("/rooms", say("frame.rooms")))
            : """
            <ul class="stack" role="list">\(each: mine, { course, row in
                """
                <li class="card stack"><h2><a href="/courses/\(course.id)">\(course.title)</a></h2><p>\(course.about)</p>\
                <p class="quietly">\(say("courses.length", ["lessons": say("courses.lessons", n: course.lessons.count), "minutes": String(course.minutes)])) \(row.begun ? say("courses.stage-\(row.stage(of: course).rawValue)") : "")</p></li>
                """
            })</ul>
            """
        return Page(
            say("courses.title"), tab: .you,
            body: "<h1>\(say("courses.title"))</h1><p class=\"lead\">\(say("courses.lead"))</p>\(rates)\(list)")
    }

    static func show(_ view: CourseView, _ ask: Ask, _ person: Person) -> Page {
        let say = ask.say
        let (course, row) = (view.course, view.row)
        let steps: HTML = """
            <section class="card stack" aria-labelledby="lessons"><h2 id="lessons">\(say("courses.the-lessons"))</h2><ol class="stack">\(each: course.lessons, { lesson in
                let done = row.done.contains(lesson.id)
                return """
                    <li><a href="/courses/\(course.id)/lessons/\(lesson.id)">\(lesson.title)</a> <span class="quietly">\(say("courses.minutes", n: lesson.minutes))\(done ? " · \(say("courses.done"))" : "")</span></li>
                    """
            })</ol></section>
            """
        return Page(
            course.title, tab: .you,
            body: """
                <nav aria-label="\(say("courses.where"))"><a href="/courses">\(say("courses.title"))</a></nav><h1>\(course.title)</h1><p class="lead">\(course.about)</p>\
                \(person.isStaff ? "" : stage(view, ask))\(person.isStaff ? "" : first(view, ask))\(steps)\(signing(view, ask, person))\(people(view, ask))
                """)
    }

    /// What is next, in one sentence, and the form for it.
    private static func stage(_ view: CourseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let course = view.course
        let words = say(view.row.begun ? "courses.stage-\(view.stage.rawValue)" : "courses.not-begun")
        // The course changed under whoever took what it opened: they can give it back all the same.
        let back: HTML =
            view.row.choice == .taken ? Parts.act(ask, "/courses/\(course.id)/refuse", say("courses.give-back"), style: "plain") : ""
        switch view.stage {
        case .lessons:
            let next = course.lessons.first { !view.row.done.contains($0.id) }
            return """
                <p>\(words)</p>\(next.map { "<p><a class=\"button\" href=\"/courses/\(course.id)/lessons/\($0.id)\">\(say(view.row.begun ? "courses.go-on" : "courses.begin"))</a></p>" } ?? "")\(back)
                """
        case .rolePlay: return "<p>\(words)</p>" + rolePlay(course, .after, ask) + back
        case .rating: return "<p class=\"say note\">\(words)</p>" + back
        case .notYet: return "<p class=\"say note\">\(words)</p>" + told(view, ask) + rolePlay(course, .after, ask) + back
        case .unsigned: return "<p class=\"say note\">\(words)</p>" + told(view, ask) + back
        case .open, .taken, .refused: return "<p class=\"say good\">\(words)</p>" + until(view, ask) + told(view, ask) + taking(view, ask)
        }
    }

    /// A first try before anything is learned: what the second one is held against.
    private static func first(_ view: CourseView, _ ask: Ask) -> HTML {
        guard view.row.before == nil, view.row.done.isEmpty, !view.course.rolePlay.isEmpty else { return "" }
        return
            "<details class=\"card\"><summary>\(ask.say("courses.first-try"))</summary><p>\(ask.say("courses.first-try-more"))</p>\(rolePlay(view.course, .before, ask))</details>"
    }

    private static func rolePlay(_ course: Course, _ moment: RolePlayMoment, _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <form class="card stack" method="post" action="/courses/\(course.id)/role-play">\(Parts.token(ask))<input type="hidden" name="moment" value="\(moment.rawValue)">\
            <h2>\(say("courses.role-play"))</h2><p>\(say("courses.role-play-more"))</p>\(each: course.rolePlay.enumerated().map { ($0, $1) }, { place, prompt in
                """
                <blockquote class="words" id="p-\(moment.rawValue)\(place + 1)">\(prose(prompt.says))</blockquote><div class="field"><label for="\(moment.rawValue)\(place + 1)">\(say("courses.your-answer", ["n": String(place + 1)]))</label>\
                <textarea id="\(moment.rawValue)\(place + 1)" name="answer\(place + 1)" rows="5" maxlength="2000" required dir="auto" aria-describedby="p-\(moment.rawValue)\(place + 1)"></textarea></div>
                """
            })<button class="button">\(say("courses.hand-in"))</button></form>
            """
    }

    /// What raters saw, in words, beside the first try where there was one.
    private static func told(_ view: CourseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let course = view.course
        guard let after = view.row.after, let now = meanScores(after.ratings.map(\.scores), skills: course.skills.count) else { return "" }
        // The first try is told once it was seen by two as well.
        let first = view.row.before.flatMap {
            $0.ratings.count < 2 ? nil : meanScores($0.ratings.map(\.scores), skills: course.skills.count)
        }
        let word: (Double) -> String = { say("courses.score-\(Int($0.rounded()))") }
        return """
            <section class="card stack" aria-labelledby="seen"><h2 id="seen">\(say("courses.seen"))</h2><ul class="stack">\(each: course.skills.enumerated().map { ($0, $1) }, { place, skill in
                "<li><b>\(skill.name)</b>: \(word(now[place]))\(first.map { " <span class=\"quietly\">\(say("courses.first-was", ["word": word($0[place])]))</span>" } ?? "")</li>"
            })</ul>\(each: after.words, { "<blockquote class=\"words\">\(prose($0))</blockquote>" })</section>
            """
    }

    private static func until(_ view: CourseView, _ ask: Ask) -> HTML {
        view.yesUntil.map { "<p class=\"quietly\">\(ask.say("courses.until", ["when": ask.moments.date($0)]))</p>" } ?? ""
    }

    /// For professionals: who writes letters here, and the end of it.
    private static func people(_ view: CourseView, _ ask: Ask) -> HTML {
        let say = ask.say
        guard let people = view.people else { return "" }
        return """
            <section class="stack" aria-labelledby="people"><h2 id="people">\(say("courses.people"))</h2><ul class="stack" role="list">\(each: people, { one in
                """
                <li class="card row apart"><span class="row">\(Pictures.bird(seed: one.name)) <b>\(one.name)</b> <span class="quietly">\(say("offers.until", ["when": ask.moments.date(one.until)]))</span></span>\
                \(Parts.act(ask, "/courses/\(view.course.id)/end", say("offers.who-end"), style: "plain", hidden: [("name", one.name)]))</li>
                """
            })</ul><p class="quietly">\(say("courses.people-again"))</p><form class="inline" method="post" action="/courses/\(view.course.id)/end">\(Parts.token(ask))<input type="hidden" name="again" value="true">\
            \(Parts.field("name", say("offers.who-name"), extra: " maxlength=\"40\" autocomplete=\"off\""))<button class="button soft">\(say("courses.people-open"))</button></form></section>
            """
    }

    private static func taking(_ view: CourseView, _ ask: Ask) -> HTML {
        let say = ask.say
        let course = view.course
        switch course.opens {
        case .reappraisal: return ""
        case .standing, .letters: break
        }
        guard !view.row.isEnded else { return "<p class=\"say note\">\(say("courses.ended"))</p>" }
        let held = Set(view.standings.map(\.room.description))
        let rooms: HTML =
            course.opens == .standing
            ? Parts.boxes("rooms", say("courses.which-rooms"), view.rooms.map { ($0.id.description, $0.name) }, chosen: held) : ""
        let leave: HTML =
            switch view.stage {
            case .open, .taken:
                Parts.act(
                    ask, "/courses/\(course.id)/refuse", say(view.stage == .taken ? "courses.give-back" : "courses.refuse"), style: "plain")
            case .lessons, .rolePlay, .rating, .notYet, .unsigned, .refused: ""
            }
        return """
            <form class="card stack" method="post" action="/courses/\(course.id)/take">\(Parts.token(ask))<h2>\(say("courses.take-\(course.opens.rawValue)"))</h2>\(rooms)\
            \(Parts.area("plan", say("offers.plan"), hint: say("offers.plan-hint"), value: view.plan, rows: 5, extra: " maxlength=\"2000\""))\
            <button class="button">\(say(view.stage == .taken ? "courses.renew" : "courses.take"))</button></form>\(leave)
            """
    }

    /// For professionals: the host's own yes to a course, by name.
    private static func signing(_ view: CourseView, _ ask: Ask, _ person: Person) -> HTML {
        let say = ask.say
        if let signature = view.signature {
            let back: HTML =
                person.staff.may(.closeRisk, at: .house, now: ask.now)
                ? Parts.act(ask, "/courses/\(view.course.id)/unsign", say("courses.unsign"), style: "plain") : ""
            return
                "<p class=\"quietly\">\(say("courses.signed-by", ["name": signature.name, "when": ask.moments.date(signature.at)]))</p>\(back)"
        }
        guard view.course.opens != .reappraisal else { return "" }
        guard person.isStaff, person.staff.may(.closeRisk, at: .house, now: ask.now) else {
            return person.isStaff ? "<p>\(say("courses.unsigned"))</p>" : ""
        }
        return """
            <section class="card stack" aria-labelledby="sign"><h2 id="sign">\(say("courses.sign"))</h2><p>\(say("courses.sign-more", ["version": String(view.course.version)]))</p>\
            \(Parts.act(ask, "/courses/\(view.course.id)/sign", say("courses.sign-go")))</section>
            """
    }

    static func json(_ course: Course, _ row: CourseRow) -> JSON {
        [
            "id": .string(course.id), "title": .string(course.title), "version": .int(course.version),
            "opens": .string(course.opens.rawValue), "begun": .bool(row.begun), "stage": .string(row.stage(of: course).rawValue),
            "lessons": .list(
                course.lessons.map { ["id": .string($0.id), "title": .string($0.title), "done": .bool(row.done.contains($0.id))] }),
        ]
    }

    static func json(_ view: CourseView, _ ask: Ask, _ person: Person) -> JSON {
        let course = view.course
        guard case .object(let pairs) = json(course, view.row) else { return nil }
        let means: (RolePlayRow?) -> JSON = { play in
            guard let play, play.ratings.count >= 2, let all = meanScores(play.ratings.map(\.scores), skills: course.skills.count) else {
                return nil
            }
            return .object(zip(course.skills, all).map { .init(key: $0.id, value: .number($1)) })
        }
        return .object(
            pairs + [
                .init(key: "signedBy", value: .text(view.signature?.name)), .init(key: "before", value: means(view.row.before)),
                .init(key: "after", value: means(view.row.after)),
                .init(key: "rolePlay", value: .list(course.rolePlay.map { ["id": .string($0.id), "says": .string($0.says)] })),
                .init(key: "rooms", value: .list(view.rooms.map { ["id": .id($0.id), "name": .string($0.name)] })),
            ])
    }
}
