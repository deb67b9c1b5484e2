import Rules

/// How far somebody is with one course.
public struct CourseRow: Sendable {
    public var begun = false
    public var lessons: [String: LessonRow] = [:]
    public var choice: CourseChoice?
    /// One of the staff ended what they had taken: it is theirs to open again.
    public var isEnded = false
    public var isSigned = false
    /// What they wrote before the first lesson and after the last, and how it was rated.
    public var before: RolePlayRow?
    public var after: RolePlayRow?

    public var done: Set<String> { Set(lessons.filter(\.value.isDone).keys) }

    public func stage(of course: Course) -> CourseStage {
        Rules.stage(
            of: course, done: done, hasRolePlay: after != nil, outcome: competence(after?.ratings ?? []), isSigned: isSigned,
            choice: choice)
    }
}

public struct LessonRow: Sendable, Equatable {
    public var isRead = false
    public var isPractised = false
    public var isPassed = false

    public var isDone: Bool { isRead && isPractised && isPassed }
}

/// The three things that make a lesson done.
public enum LessonPart: String, Sendable, CaseIterable { case read, practised, passed }

public enum RolePlayMoment: String, Sendable, CaseIterable, Bindable { case before, after }

public struct RolePlayRow: Sendable {
    public let id: ID<RolePlay>
    public let course: String
    public let version: Int
    public let moment: RolePlayMoment
    /// In the order of the course's prompts.
    public let answers: [String]
    public let madeAt: Instant
    public let ratings: [CompetenceRating]
    /// Kind words of the raters; empty where none was written.
    public let words: [String]
}

extension Transaction {
    /// How far this person is with each of these courses.
    public func courses(of person: Person, _ all: [Course]) throws -> [CourseRow] {
        var found = [String: CourseRow](minimumCapacity: all.count)
        for (course, choice, isEnded) in try rows(
            // A yes whose year is over, or that staff ended, is to be said again.
            """
            SELECT c.course, CASE WHEN c.choice = 'refused' OR \(saidYes("c")) THEN c.choice END, c.ended_by IS NOT NULL FROM course_taken c
            WHERE c.account = \(person.account)
            """,
            { (try $0.text(), try $0.wordIfAny(CourseChoice.self), try $0.bool()) })
        {
            found[course] = CourseRow(begun: true, choice: choice, isEnded: isEnded)
        }
        for (course, version, lesson, row) in try rows(
            "SELECT course, version, lesson, read_at, practised_at, passed_at FROM lesson_taken WHERE account = \(person.account)",
            { row in
                (
                    try row.text(), try row.count(), try row.text(),
                    LessonRow(isRead: row.intIfAny() != nil, isPractised: row.intIfAny() != nil, isPassed: row.intIfAny() != nil)
                )
            })
        where all.contains(where: { $0.id == course && $0.version == version }) {
            found[course, default: CourseRow()].lessons[lesson] = row
        }
        for (course, version) in try rows(
            "SELECT course, version FROM course_signed WHERE organisation = \(person.organisation)",
            { (try $0.text(), try $0.count()) })
        where all.contains(where: { $0.id == course && $0.version == version }) {
            found[course, default: CourseRow()].isSigned = true
        }
        for play in try rolePlays("p.account = \(person.account)")
        where all.contains(where: { $0.id == play.course && $0.version == play.version }) {
            switch play.moment {
            case .before: found[play.course, default: CourseRow()].before = play
            case .after: found[play.course, default: CourseRow()].after = play
            }
        }
        return all.map { found[$0.id] ?? CourseRow() }
    }

    public func course(_ course: Course, of person: Person) throws -> CourseRow { try courses(of: person, [course])[0] }

    /// Did this person finish every lesson? For what needs no more than that.
    public func hasFinished(_ course: Course, _ person: Person) throws -> Bool {
        let done = try rows(
            """
            SELECT lesson FROM lesson_taken WHERE account = \(person.account) AND course = \(course.id) AND version = \(course.version)
              AND read_at IS NOT NULL AND practised_at IS NOT NULL AND passed_at IS NOT NULL
            """, { try $0.text() })
        return course.lessons.allSatisfy { done.contains($0.id) }
    }

    private func begin(_ course: String, _ person: Person) throws {
        try run(
            """
            INSERT INTO course_taken (account, course, begun_at) VALUES (\(person.account), \(course), \(now))
            ON CONFLICT (account, course) DO NOTHING
            """)
    }

    /// Part of a lesson is done; again changes nothing.
    public func mark(_ part: LessonPart, of lesson: String, in course: Course, by person: Person) throws {
        try begin(course.id, person)
        let at: (LessonPart) -> Instant? = { $0 == part ? self.now : nil }
        try run(
            """
            INSERT INTO lesson_taken (account, course, version, lesson, read_at, practised_at, passed_at)
            VALUES (\(person.account), \(course.id), \(course.version), \(lesson), \(at(.read)), \(at(.practised)), \(at(.passed)))
            ON CONFLICT (account, course, lesson, version) DO UPDATE SET read_at = COALESCE(lesson_taken.read_at, excluded.read_at),
              practised_at = COALESCE(lesson_taken.practised_at, excluded.practised_at),
              passed_at = COALESCE(lesson_taken.passed_at, excluded.passed_at)
            """)
    }

    /// Written once for each moment; written anew it is rated anew. The first try stays as it was: it is what the second is held
    /// against.
    public func setRolePlay(_ answers: [String], _ moment: RolePlayMoment, in course: Course, by person: Person) throws {
        try begin(course.id, person)
        let sealed = try person.contentKey.seal(answers.joined(separator: "\u{1F}"), for: "role-play \(course.id)")
        let old = try first(
            "SELECT id FROM role_play WHERE account = \(person.account) AND course = \(course.id) AND version = \(course.version) AND moment = \(moment)",
            { try $0.id(RolePlay.self) })
        if let old {
            guard moment == .after else { return }
            try run("DELETE FROM rating WHERE role_play = \(old)")
            return try run("UPDATE role_play SET sealed = \(sealed), made_at = \(now) WHERE id = \(old)")
        }
        // Fully random: whoever rates must not learn from it when it was written.
        let id: ID<RolePlay> = ids.unlinkable()
        try run(
            """
            INSERT INTO role_play (id, account, organisation, course, version, moment, sealed, made_at)
            VALUES (\(id), \(person.account), \(person.organisation), \(course.id), \(course.version), \(moment), \(sealed), \(now))
            """)
    }

    /// Takes what the course opened, or refuses it; the standing itself is given or ended beside this. False where one of the staff
    /// ended it: then it is theirs to open again.
    public func choose(_ choice: CourseChoice, in course: String, by person: Person) throws -> Bool {
        try run("UPDATE series SET next_at = \(now) WHERE befriender = \(person.account) AND state = 'running'")
        return try change(
            """
            UPDATE course_taken SET choice = \(choice.rawValue), chosen_at = \(now)
            WHERE account = \(person.account) AND course = \(course) AND (ended_by IS NULL OR \(choice == .refused))
            """) == 1
    }

    /// One of the staff ends what somebody took with a course, or opens it to them again. Their letters go on to others at once.
    /// False where they took nothing.
    public func end(_ course: String, of account: ID<Account>, isOver: Bool, by staff: Person) throws -> Bool {
        try run("UPDATE series SET next_at = \(now) WHERE befriender = \(account) AND state = 'running'")
        let which: SQL = isOver ? "choice = 'taken' AND ended_by IS NULL" : "ended_by IS NOT NULL"
        return try change(
            """
            UPDATE course_taken SET ended_by = \(isOver ? staff.account : nil) WHERE account = \(account) AND course = \(course)
              AND \(which) AND account IN (SELECT id FROM account WHERE organisation = \(staff.organisation))
            """) == 1
    }

    /// Until when what was taken with this course holds; nil where nothing was, or staff ended it.
    public func yesHolds(_ course: String, of person: Person) throws -> Instant? {
        try first("SELECT c.chosen_at FROM course_taken c WHERE c.account = \(person.account) AND c.course = \(course) AND \(saidYes("c"))")
        {
            try $0.instant() + SeriesPlan.yesHolds
        }
    }

    /// Who said yes to what a course opened and holds it now, with first names and until when.
    public func whoSaidYes(to course: String, in organisation: ID<Organisation>) throws -> [(name: String, until: Instant)] {
        try rows(
            """
            SELECT n.shown, c.chosen_at FROM course_taken c JOIN account a ON a.id = c.account JOIN name n ON n.account = a.id AND n.place = 1
            WHERE a.organisation = \(organisation) AND a.erased_at IS NULL AND c.course = \(course) AND \(saidYes("c"))
            ORDER BY c.chosen_at LIMIT 200
            """
        ) { (try $0.text(), try $0.instant() + SeriesPlan.yesHolds) }
    }

    public func sign(_ course: Course, by person: Person) throws {
        try run(
            """
            INSERT INTO course_signed (organisation, course, version, account, signed_at)
            VALUES (\(person.organisation), \(course.id), \(course.version), \(person.account), \(now)) ON CONFLICT DO NOTHING
            """)
    }

    /// The signature is taken back: nobody begins with this course until somebody signs again. Who has standing keeps it.
    public func unsign(_ course: Course, by person: Person) throws {
        try run(
            "DELETE FROM course_signed WHERE organisation = \(person.organisation) AND course = \(course.id) AND version = \(course.version)"
        )
    }

    /// Who signed a course in the version it has now, and when.
    public func signature(of course: Course, in organisation: ID<Organisation>) throws -> (account: ID<Account>, name: String, at: Instant)?
    {
        try first(
            """
            SELECT s.account, n.shown, s.signed_at FROM course_signed s JOIN name n ON n.account = s.account AND n.place = 1
            WHERE s.organisation = \(organisation) AND s.course = \(course.id) AND s.version = \(course.version)
            """
        ) { (try $0.id(), try $0.text(), try $0.instant()) }
    }

    // Rating

    private func rolePlays(_ condition: SQL, _ rest: SQL = "") throws -> [RolePlayRow] {
        let found = try rows(
            """
            SELECT p.id, p.course, p.version, p.moment, p.sealed, p.made_at, a.content_key FROM role_play p JOIN account a ON a.id = p.account
            WHERE a.erased_at IS NULL AND \(condition) \(rest)
            """
        ) { row in
            (
                id: try row.id(RolePlay.self), course: try row.text(), version: try row.count(), moment: try row.word(RolePlayMoment.self),
                sealed: try row.bytes(),
                at: try row.instant(), key: row.bytesIfAny()
            )
        }
        guard !found.isEmpty else { return [] }
        let keyOf = Dictionary(
            try found.compactMap { one in try one.key.map { (one.id, try keys.contentKey($0)) } }, uniquingKeysWith: { a, _ in a })
        var ratings: [ID<RolePlay>: [(CompetenceRating, String?)]] = [:]
        for (play, rating, sealed) in try rows(
            """
            SELECT role_play, rater, professional, scores, sealed FROM rating WHERE role_play IN \(SQL.list(found.map(\.id)))
            ORDER BY made_at
            """,
            { row in
                (
                    try row.id(RolePlay.self),
                    CompetenceRating(
                        rater: try row.id(), isProfessional: try row.bool(),
                        scores: try row.text().split(separator: " ").compactMap { Int($0) }),
                    row.bytesIfAny()
                )
            })
        {
            ratings[play, default: []].append((rating, try sealed.flatMap { try keyOf[play]?.open($0, for: "rating \(play)") }))
        }
        return try found.compactMap { one in
            guard let key = keyOf[one.id] else { return nil }
            let answers = try key.open(one.sealed, for: "role-play \(one.course)")
            let rated = ratings[one.id] ?? []
            return RolePlayRow(
                id: one.id, course: one.course, version: one.version, moment: one.moment,
                answers: answers.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init), madeAt: one.at,
                ratings: rated.map(\.0), words: rated.compactMap(\.1))
        }
    }

    /// What waits for this rater in this course as it is now, the longest first: not their own, not rated by them, not settled by others.
    public func rolePlaysToRate(by person: Person, in course: Course, limit: Int = pageSize) throws -> [RolePlayRow] {
        try rolePlays(
            """
            p.organisation = \(person.organisation) AND p.account <> \(person.account) AND p.course = \(course.id) AND p.version = \(course.version)
              AND NOT EXISTS (SELECT 1 FROM rating r WHERE r.role_play = p.id AND r.rater = \(person.account))
              AND (SELECT count(*) FROM rating r WHERE r.role_play = p.id) < 3
            """, "ORDER BY p.made_at LIMIT 5000"
        ).filter { play in
            switch competence(play.ratings) {
            case .waits, .split: true
            case .enough, .notYet: false
            }
        }.prefix(limit).map(\.self)
    }

    public func rolePlayToRate(_ id: ID<RolePlay>, by person: Person) throws -> RolePlayRow? {
        try rolePlays("p.id = \(id) AND p.organisation = \(person.organisation) AND p.account <> \(person.account)").first
    }

    /// One view a rater, never changed after; settled ones are rated no more. What comes of it is told to whoever wrote it. False where
    /// nothing was to be rated.
    public func rate(_ play: RolePlayRow, scores: [Int], words: String, isProfessional: Bool, by person: Person) throws -> Bool {
        // Two who rate at once, or one beside a rewrite, wait for each other here.
        guard try change("UPDATE role_play SET made_at = made_at WHERE id = \(play.id) AND made_at = \(play.madeAt)") == 1 else {
            return false
        }
        switch competence(play.ratings) {
        case .enough, .notYet: return false
        case .waits, .split: break
        }
        guard play.ratings.count < 3, !play.ratings.contains(where: { $0.rater == person.account }) else { return false }
        let author = try first("SELECT account FROM role_play WHERE id = \(play.id)") { try $0.id(Account.self) }
        guard let author, let key = try contentKey(of: author) else { throw StoreFault.gone }
        let sealed = words.isEmpty ? nil : try key.seal(words, for: "rating \(play.id)")
        let added = try change(
            """
            INSERT INTO rating (role_play, rater, professional, scores, sealed, made_at)
            VALUES (\(play.id), \(person.account), \(isProfessional), \(scores.map(String.init).joined(separator: " ")), \(sealed), \(now))
            ON CONFLICT (role_play, rater) DO NOTHING
            """)
        guard added == 1, play.moment == .after else { return true }
        let all = play.ratings + [CompetenceRating(rater: person.account, isProfessional: isProfessional, scores: scores)]
        switch competence(all) {
        case .waits, .split: break
        case .enough, .notYet: try notify(author, .rated, item: nil, about: nil)
        }
        return true
    }

    /// Every rated role-play of a house, without whose it is: for agreement between raters and for before and after.
    public func allRatings(_ organisation: ID<Organisation>) throws -> [(
        course: String, version: Int, moment: RolePlayMoment, scores: [[Int]]
    )] {
        let found = try rows(
            """
            SELECT p.id, p.course, p.version, p.moment, r.scores FROM role_play p JOIN rating r ON r.role_play = p.id
            WHERE p.organisation = \(organisation) ORDER BY p.id, r.made_at LIMIT 20000
            """
        ) { row in
            (
                play: try row.id(RolePlay.self), course: try row.text(), version: try row.count(),
                moment: try row.word(RolePlayMoment.self),
                scores: try row.text().split(separator: " ").compactMap { Int($0) }
            )
        }
        return Dictionary(grouping: found, by: \.play).sorted { $0.key < $1.key }.map { _, all in
            (all[0].course, all[0].version, all[0].moment, all.map(\.scores))
        }
    }

    /// One's own course record, whole, for the export.
    public func trainingRecord(of person: Person) throws -> TrainingRecord {
        TrainingRecord(
            lessons: try rows(
                "SELECT course, lesson, passed_at FROM lesson_taken WHERE account = \(person.account) ORDER BY course, lesson",
                { (try $0.text(), try $0.text(), $0.instantIfAny()) }),
            rolePlays: try rolePlays("p.account = \(person.account)", "ORDER BY p.made_at"),
            choices: try rows(
                "SELECT course, choice, chosen_at, ended_by IS NOT NULL FROM course_taken WHERE account = \(person.account) AND choice IS NOT NULL ORDER BY course"
            ) {
                (try $0.text(), try $0.word(), $0.instantIfAny(), try $0.bool())
            })
    }

    func forgetTraining(of account: ID<Account>) throws {
        try run("DELETE FROM rating WHERE role_play IN (SELECT id FROM role_play WHERE account = \(account))")
        try run("DELETE FROM role_play WHERE account = \(account)")
        try run("DELETE FROM lesson_taken WHERE account = \(account)")
        try run("DELETE FROM course_taken WHERE account = \(account)")
    }
}

public struct TrainingRecord: Sendable {
    public let lessons: [(course: String, lesson: String, passedAt: Instant?)]
    public let rolePlays: [RolePlayRow]
    /// What they said to what a course opened.
    public let choices: [(course: String, choice: CourseChoice, at: Instant?, isEnded: Bool)]
}
