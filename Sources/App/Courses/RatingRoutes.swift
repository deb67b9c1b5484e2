import Rules
import Store

/// Trained raters read role-play without a name and say how far each skill is there.
enum RatingRoutes {
    static func list(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try worker.must(.rate, now: ask.now)
        let courses = ask.app.content.courses.filter { !$0.skills.isEmpty }
        let (waiting, toLearn, all) = try await ask.read { tx in
            // Of the versions there are: nobody rates against other skills than those that were learned.
            let done = try courses.filter { try tx.hasFinished($0, worker.person) }
            let plays = try done.flatMap { try tx.rolePlaysToRate(by: worker.person, in: $0) }
            let toLearn = try courses.filter { course in
                try !done.contains { $0.id == course.id } && !tx.rolePlaysToRate(by: worker.person, in: course, limit: 1).isEmpty
            }
            return (plays, toLearn, try tx.allRatings(worker.person.organisation))
        }
        let reports = courses.map { course in
            RatingReport(
                course: course,
                ratings: all.filter { $0.course == course.id && $0.version == course.version }.map { ($0.moment, $0.scores) })
        }
        return .page(
            RatingPages.list(waiting, toLearn, reports, ask),
            json: [
                "learnFirst": .list(toLearn.map { .string($0.id) }),
                "waiting": .list(waiting.map { ["id": .id($0.id), "course": .string($0.course)] }),
                "courses": .list(reports.map(RatingPages.json)),
            ])
    }

    /// Whoever rates has been through the course: its lessons read, its conversations practised, its questions answered.
    private static func find(_ ask: Ask, _ worker: Worker) async throws -> (RolePlayRow, Course) {
        try worker.must(.rate, now: ask.now)
        let id: ID<RolePlay> = try ask.id("play")
        let courses = ask.app.content.courses
        let found = try await ask.app.store.read { tx -> (play: RolePlayRow, course: Course, isTrained: Bool)? in
            guard let play = try tx.rolePlayToRate(id, by: worker.person),
                let course = courses.first(where: { $0.id == play.course && $0.version == play.version })
            else { return nil }
            return (play, course, try tx.hasFinished(course, worker.person))
        }
        guard let found else { throw Refusal.notFound }
        guard found.isTrained else { throw Refusal.rule("rate-learn-first", status: 403, ["course": found.course.title]) }
        return (found.play, found.course)
    }

    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (play, course) = try await find(ask, worker)
        let mine = play.ratings.first { $0.rater == worker.person.account }
        return .page(
            RatingPages.show(play, course, mine, ask),
            json: [
                "id": .id(play.id), "course": .string(course.id), "seen": .string(String(play.madeAt.milliseconds)),
                "parts": .list(
                    zip(course.rolePlay, play.answers).map { ["says": .string($0.says), "answer": .string($1)] }),
                "skills": .list(course.skills.map { ["id": .string($0.id), "name": .string($0.name), "means": .string($0.means)] }),
                "mine": mine.map { .list($0.scores.map(JSON.int)) } ?? nil,
            ])
    }

    static func rate(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let (play, course) = try await find(ask, worker)
        let scores = try course.skills.indices.map { place in
            guard let score = ask.form.int("s\(place + 1)") else { throw Refusal.missing("s\(place + 1)") }
            return score
        }
        let words = ask.form.words("words")
        guard words.count <= 1_000 else { throw Refusal.tooLong("words", 1_000) }
        let seen = ask.form.text("seen")
        let isProfessional = worker.person.staff.may(.closeRisk, at: .house, now: ask.now)
        try await ask.write { tx in
            guard let fresh = try tx.rolePlayToRate(play.id, by: worker.person) else { throw Refusal.notFound }
            // Written anew while it was read: what was rated is not what stands there now.
            guard String(fresh.madeAt.milliseconds) == seen else { throw Refusal.rule("role-play-changed", status: 409) }
            guard try tx.rate(fresh, scores: scores, words: words, isProfessional: isProfessional, by: worker.person) else {
                throw Refusal.rule("rated-already", status: 409)
            }
        }
        return .see("/ratings?done=rated", json: ["rated": .id(play.id)])
    }
}

/// What the ratings of one course say together: agreement, and each skill before and after.
struct RatingReport: Sendable {
    let course: Course
    let agreement: RaterAgreement
    let before: [Double]?
    let after: [Double]?
    let plays: (before: Int, after: Int)

    init(course: Course, ratings: [(moment: RolePlayMoment, scores: [[Int]])]) {
        self.course = course
        var agreement = RaterAgreement()
        for one in ratings { agreement.add(one.scores) }
        self.agreement = agreement
        let of: (RolePlayMoment) -> [[Int]] = { moment in ratings.filter { $0.moment == moment }.flatMap(\.scores) }
        (before, after) = (meanScores(of(.before), skills: course.skills.count), meanScores(of(.after), skills: course.skills.count))
        plays = (ratings.count { $0.moment == .before }, ratings.count { $0.moment == .after })
    }
}

/// The mean of each skill over ratings, 0 to 3; nil without any.
func meanScores(_ ratings: [[Int]], skills: Int) -> [Double]? {
    let whole = ratings.filter { $0.count == skills }
    guard !whole.isEmpty else { return nil }
    return (0..<skills).map { skill in Double(whole.reduce(0) { $0 + $1[skill] }) / Double(whole.count) }
}
