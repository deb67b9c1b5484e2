import Rules
import Store

/// One lesson: pages to read one at a time, a conversation that branches, a quiz.
enum LessonRoutes {
    private static func lesson(_ ask: Ask, _ person: Person) throws -> (Course, Course.Lesson) {
        let course = try CourseRoutes.open(ask, person)
        guard let lesson = ask.parameters["lesson"].flatMap(course.lesson) else { throw Refusal.notFound }
        return (course, lesson)
    }

    static func page(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        let number = min(max(ask.query.int("page") ?? 1, 1), lesson.pages.count)
        let page = lesson.pages[number - 1]
        return .page(
            LessonPages.page(course, lesson, number, ask),
            json: [
                "course": .string(course.id), "lesson": .string(lesson.id), "page": .int(number), "pages": .int(lesson.pages.count),
                "title": .string(page.title), "text": .string(page.text),
                "examples": .list(page.examples.map { ["say": .string($0.say), "rather": .text($0.rather), "why": .string($0.why)] }),
            ])
    }

    static func read(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        try await ask.write { try $0.mark(.read, of: lesson.id, in: course, by: person) }
        return .see("/courses/\(course.id)/lessons/\(lesson.id)/practice", json: ["read": true])
    }

    static func practice(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        let practice = lesson.practice
        guard let step = practice.step(ask.query.optional("at") ?? practice.start) else { throw Refusal.notFound }
        // Where one came from and what one answered there: told back with its reason.
        let chosen = ask.query.optional("from").flatMap(practice.step).flatMap { from -> Course.Choice? in
            guard let number = ask.query.int("chose"), from.choices.indices.contains(number), from.choices[number].next == step.id else {
                return nil
            }
            return from.choices[number]
        }
        return .page(
            LessonPages.practice(course, lesson, step, chosen, ask),
            json: [
                "at": .string(step.id), "says": .string(step.says), "end": .bool(step.isEnd),
                "choices": .list(step.choices.map { ["text": .string($0.text), "next": .string($0.next)] }),
                "chosen": chosen.map { ["text": .string($0.text), "good": .bool($0.good), "why": .string($0.why)] } ?? nil,
            ])
    }

    static func practised(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        guard let step = lesson.practice.step(ask.form.text("at")), step.isEnd else { throw Refusal.badChoice("at") }
        try await ask.write { try $0.mark(.practised, of: lesson.id, in: course, by: person) }
        return .see("/courses/\(course.id)/lessons/\(lesson.id)/quiz", json: ["practised": true])
    }

    static func quiz(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        return .page(LessonPages.quiz(course, lesson, [:], ask), json: json(lesson, [:], passed: nil))
    }

    /// All right is passed. What is not yet is shown with its reason, and may be answered again at once.
    static func answer(_ ask: Ask, _ person: Person) async throws -> Answer {
        let (course, lesson) = try lesson(ask, person)
        var chosen: [String: Int] = [:]
        for (place, question) in lesson.quiz.enumerated() {
            guard let number = ask.form.int("q\(place + 1)") else { throw Refusal.missing("q\(place + 1)") }
            guard question.answers.indices.contains(number) else { throw Refusal.badChoice("q\(place + 1)") }
            chosen[question.id] = number
        }
        let answers = chosen
        let passed = lesson.quiz.allSatisfy { question in answers[question.id].map { question.answers[$0].right } ?? false }
        if passed { try await ask.write { try $0.mark(.passed, of: lesson.id, in: course, by: person) } }
        return .page(LessonPages.quiz(course, lesson, answers, ask, passed: passed), json: json(lesson, answers, passed: passed))
    }

    private static func json(_ lesson: Course.Lesson, _ chosen: [String: Int], passed: Bool?) -> JSON {
        [
            "passed": passed.map(JSON.bool) ?? nil,
            "questions": .list(
                lesson.quiz.map { question in
                    let answer = chosen[question.id].map { question.answers[$0] }
                    return [
                        "id": .string(question.id), "ask": .string(question.ask),
                        "answers": .list(question.answers.map { .string($0.text) }), "right": answer.map { .bool($0.right) } ?? nil,
                        "why": .text(answer?.why),
                    ]
                }),
        ]
    }
}
