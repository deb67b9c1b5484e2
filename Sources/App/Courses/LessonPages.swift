import Rules
import Store

enum LessonPages {
    private static func place(_ course: Course, _ lesson: Course.Lesson) -> String { "/courses/\(course.id)/lessons/\(lesson.id)" }

    private static func top(_ course: Course, _ lesson: Course.Lesson, _ part: String, _ ask: Ask) -> HTML {
        """
        <nav aria-label="\(ask.say("courses.where"))"><a href="/courses/\(course.id)">\(course.title)</a></nav>\
        <h1>\(lesson.title)</h1><p class="quietly">\(part)</p>
        """
    }

    static func page(_ course: Course, _ lesson: Course.Lesson, _ number: Int, _ ask: Ask) -> Page {
        let say = ask.say
        let page = lesson.pages[number - 1]
        let examples: HTML =
            page.examples.isEmpty
            ? ""
            : """
            <h3>\(say("courses.examples"))</h3><ul class="stack" role="list">\(each: page.examples, { example in
                """
                <li class="card"><p><b>\(say("courses.say"))</b> “\(example.say)”</p>\(example.rather.map { "<p class=\"quietly\"><b>\(say("courses.rather"))</b> “\($0)”</p>" } ?? "")<p>\(example.why)</p></li>
                """
            })</ul>
            """
        let back: HTML =
            number > 1
            ? "<a class=\"button plain\" rel=\"prev\" href=\"\(place(course, lesson))?page=\(number - 1)\">\(say("courses.back"))</a>" : ""
        let on: HTML =
            number < lesson.pages.count
            ? "<a class=\"button\" rel=\"next\" href=\"\(place(course, lesson))?page=\(number + 1)\">\(say("courses.on"))</a>"
            : Parts.act(ask, "\(place(course, lesson))/read", say("courses.to-practice"), style: "")
        return Page(
            lesson.title, tab: .you,
            body: """
                \(top(course, lesson, say("courses.page", ["n": String(number), "all": String(lesson.pages.count)]), ask))
                <section class="card stack"><h2>\(page.title)</h2><div class="words">\(prose(page.text))</div>\(examples)</section><nav class="pager" aria-label="\(say("parts.pages"))">\(back)\(on)</nav>
                """)
    }

    static func practice(_ course: Course, _ lesson: Course.Lesson, _ step: Course.Step, _ chosen: Course.Choice?, _ ask: Ask) -> Page {
        let say = ask.say
        let place = place(course, lesson)
        let told: HTML =
            chosen.map { choice in
                """
                <div class="say \(choice.good ? "good" : "note")"><p><b>\(say("courses.you-said"))</b> “\(choice.text)”</p><p>\(choice.why)</p></div>
                """
            } ?? "<p>\(lesson.practice.about)</p>"
        let next: HTML =
            step.isEnd
            ? """
            <p>\(say("courses.end"))</p><div class="row"><form method="post" action="\(place)/practice">\(Parts.token(ask))<input type="hidden" name="at" value="\(step.id)"><button class="button">\(say("courses.to-quiz"))</button></form>\
            <a class="button plain" href="\(place)/practice">\(say("courses.again"))</a></div>
            """
            : """
            <h3>\(say("courses.what-answer"))</h3><ul class="stack" role="list">\(each: step.choices.enumerated().map { ($0, $1) }, { number, choice in
                "<li><a class=\"card choice\" href=\"\(place)/practice?at=\(choice.next)&amp;from=\(step.id)&amp;chose=\(number)\">\(choice.text)</a></li>"
            })</ul>
            """
        return Page(
            lesson.title, tab: .you,
            body: """
                \(top(course, lesson, say("courses.practice"), ask))\(told)
                <section class="card stack"><h2>\(lesson.practice.title)</h2><blockquote class="words">\(prose(step.says))</blockquote>\(next)</section><p class="quietly">\(say("courses.made-up"))</p>
                """)
    }

    static func quiz(_ course: Course, _ lesson: Course.Lesson, _ chosen: [String: Int], _ ask: Ask, passed: Bool? = nil) -> Page {
        let say = ask.say
        let questions: HTML = """
            \(each: lesson.quiz.enumerated().map { ($0, $1) }, { place, question in
                let number = chosen[question.id]
                let why: HTML =
                    number.map { "<p class=\"say \(question.answers[$0].right ? "good" : "note")\">\(question.answers[$0].why)</p>" } ?? ""
                return """
                    <div class="card stack">\(Parts.radios("q\(place + 1)", question.ask, question.answers.enumerated().map { (String($0), $1.text) }, chosen: number.map(String.init)))\(why)</div>
                    """
            })
            """
        let result: HTML =
            switch passed {
            case true:
                "<p class=\"say good\" role=\"status\">\(say("courses.passed"))</p><p><a class=\"button\" href=\"/courses/\(course.id)\">\(say("courses.to-course"))</a></p>"
            case false: "<p class=\"say note\" role=\"status\">\(say("courses.not-yet"))</p>"
            case nil: ""
            }
        let send: HTML = passed == true ? "" : "<button class=\"button\">\(say("courses.send-answers"))</button>"
        return Page(
            lesson.title, tab: .you,
            body: """
                \(top(course, lesson, say("courses.quiz"), ask))\(result)
                <form class="stack" method="post" action="\(place(course, lesson))/quiz">\(Parts.token(ask))\(questions)\(send)</form>
                """)
    }
}
