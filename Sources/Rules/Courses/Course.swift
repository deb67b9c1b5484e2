/// A course as its pack says it: lessons with pages to read, a practice conversation that branches, and a quiz.
public struct Course: Decodable, Sendable, Equatable {
    public let id: String
    public let version: Int
    public let title: String
    public let about: String
    public let minutes: Int
    /// What finishing it may lead to.
    public let opens: Opens
    public let lowestAge: Int
    /// What raters look at in the role-play; empty where nobody rates.
    public let skills: [Skill]
    /// What invented people wrote; whoever learns answers, and raters read the answers.
    public let rolePlay: [Prompt]
    public let lessons: [Lesson]

    public enum Opens: String, Decodable, Sendable { case standing, letters, reappraisal }

    public struct Skill: Decodable, Sendable, Equatable {
        public let id: String
        public let name: String
        public let means: String
    }

    public struct Prompt: Decodable, Sendable, Equatable {
        public let id: String
        public let says: String
    }

    public struct Lesson: Decodable, Sendable, Equatable {
        public let id: String
        public let title: String
        public let minutes: Int
        public let pages: [Page]
        public let practice: Practice
        public let quiz: [Question]
    }

    public struct Page: Decodable, Sendable, Equatable {
        public let title: String
        public let text: String
        public let examples: [Example]
    }

    public struct Example: Decodable, Sendable, Equatable {
        public let say: String
        public let rather: String?
        public let why: String
    }

    /// A conversation with somebody made up: what they write, what one could answer, and where that leads.
    public struct Practice: Decodable, Sendable, Equatable {
        public let title: String
        public let about: String
        public let start: String
        public let steps: [Step]

        public func step(_ id: String) -> Step? { steps.first { $0.id == id } }
    }

    public struct Step: Decodable, Sendable, Equatable {
        public let id: String
        public let says: String
        public let choices: [Choice]

        public var isEnd: Bool { choices.isEmpty }
    }

    public struct Choice: Decodable, Sendable, Equatable {
        public let text: String
        public let next: String
        public let good: Bool
        public let why: String
    }

    public struct Question: Decodable, Sendable, Equatable {
        public let id: String
        public let ask: String
        public let answers: [Reply]
    }

    public struct Reply: Decodable, Sendable, Equatable {
        public let text: String
        public let right: Bool
        public let why: String
    }

    /// A quiz, a role-play and a list of skills longer than this no form of ours shows.
    public static let longest = 8

    public func lesson(_ id: String) -> Lesson? { lessons.first { $0.id == id } }

    /// May somebody of this age take what it opens? Nobody of unknown age.
    public func isFor(_ band: AgeBand?) -> Bool { band.map { $0.youngestAge >= lowestAge } ?? false }
}

/// What is wrong with a pack: the place in it, and what to change.
public struct CourseFault: Error, Sendable, Equatable, CustomStringConvertible {
    public let course: String
    public let place: String
    public let problem: String

    public var description: String { "course \(course), \(place): \(problem)" }
}

/// Every fault of a pack, with its place. The service does not start on one.
public func faults(of course: Course) -> [CourseFault] {
    var found: [CourseFault] = []
    func fault(_ place: String, _ problem: String) { found.append(CourseFault(course: course.id, place: place, problem: problem)) }
    func unique(_ ids: [String], _ place: String) {
        for (id, all) in Dictionary(grouping: ids, by: \.self) where all.count > 1 { fault(place, "\(id) stands there \(all.count) times") }
        if ids.contains(where: \.isEmpty) { fault(place, "an id is empty") }
    }
    if course.lessons.isEmpty { fault("lessons", "there is none") }
    if course.lowestAge < 16 { fault("lowestAge", "nobody under 16 supports others") }
    if course.opens != .reappraisal, course.skills.isEmpty || course.rolePlay.isEmpty {
        fault("rolePlay", "what opens \(course.opens.rawValue) is rated: it needs skills and a role-play")
    }
    if course.skills.isEmpty != course.rolePlay.isEmpty { fault("skills", "skills and role-play go together") }
    for (place, count) in [("skills", course.skills.count), ("rolePlay", course.rolePlay.count)] where count > Course.longest {
        fault(place, "there are \(count), and \(Course.longest) at most")
    }
    unique(course.skills.map(\.id), "skills")
    unique(course.rolePlay.map(\.id), "rolePlay")
    unique(course.lessons.map(\.id), "lessons")
    for lesson in course.lessons {
        let place = "lesson \(lesson.id)"
        if lesson.pages.isEmpty { fault(place, "it has no page") }
        if lesson.quiz.isEmpty { fault(place, "it has no quiz") }
        if lesson.quiz.count > Course.longest { fault(place, "it has \(lesson.quiz.count) questions, and \(Course.longest) at most") }
        unique(lesson.quiz.map(\.id), "\(place), quiz")
        for question in lesson.quiz {
            let right = question.answers.count(where: \.right)
            if question.answers.count < 2 { fault("\(place), \(question.id)", "it needs two answers at least") }
            if right != 1 { fault("\(place), \(question.id)", "it has \(right) right answers and needs one") }
        }
        for problem in branches(lesson.practice) { fault("\(place), practice, \(problem.step)", problem.problem) }
    }
    return found
}

/// Broken branches: a step that leads nowhere, that nobody reaches, or from which no end is reached.
private func branches(_ practice: Course.Practice) -> [(step: String, problem: String)] {
    var found: [(String, String)] = []
    let steps = Dictionary(practice.steps.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
    if steps.count != practice.steps.count { found.append(("steps", "an id stands there twice")) }
    guard steps[practice.start] != nil else { return found + [(practice.start, "the start is not among the steps")] }
    for step in practice.steps {
        for choice in step.choices where steps[choice.next] == nil { found.append((step.id, "\(choice.next) is not among the steps")) }
        if !step.isEnd, !step.choices.contains(where: \.good) { found.append((step.id, "no choice is a good one")) }
    }
    func reached(from starts: [String], _ next: (String) -> [String]) -> Set<String> {
        var (seen, open) = (Set(starts), starts)
        while let one = open.popLast() { for other in next(one) where seen.insert(other).inserted { open.append(other) } }
        return seen
    }
    let forward = reached(from: [practice.start]) { (steps[$0]?.choices ?? []).map(\.next).filter { steps[$0] != nil } }
    for step in practice.steps where !forward.contains(step.id) { found.append((step.id, "nobody reaches it")) }
    let back = reached(from: practice.steps.filter(\.isEnd).map(\.id)) { id in
        practice.steps.filter { step in step.choices.contains { $0.next == id } }.map(\.id)
    }
    for step in practice.steps where !back.contains(step.id) { found.append((step.id, "no end is reached from it")) }
    return found
}
