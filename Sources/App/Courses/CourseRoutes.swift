import Rules
import Store

extension Routes {
    private static let answers = (1...Course.longest).map { Field.words("answer\($0)", optional: true) }
    private static let choices = (1...Course.longest).map { Field.int("q\($0)", 0...9, optional: true) }
    private static let scores = (1...Course.longest).map { Field.int("s\($0)", CompetenceRating.scale, optional: true) }

    static let courses: [Route] = [
        .member(.get, "/courses", "Courses of this place, and how far one is.", CourseRoutes.list),
        .member(.get, "/courses/:course", "One course: its lessons, what is next, what it opens.", CourseRoutes.show),
        .member(
            .get, "/courses/:course/lessons/:lesson", "A page of a lesson.", [.int("page", 1...50, optional: true)], LessonRoutes.page),
        .member(.post, "/courses/:course/lessons/:lesson/read", "I have read this lesson.", LessonRoutes.read),
        .member(
            .get, "/courses/:course/lessons/:lesson/practice", "A conversation with somebody made up: answer, and see where it leads.",
            [.line("at", 40, optional: true), .line("from", 40, optional: true), .int("chose", 0...9, optional: true)],
            LessonRoutes.practice),
        .member(
            .post, "/courses/:course/lessons/:lesson/practice", "I came to an end of the conversation.", [.line("at", 40)],
            LessonRoutes.practised),
        .member(.get, "/courses/:course/lessons/:lesson/quiz", "The questions of a lesson.", LessonRoutes.quiz),
        .member(
            .post, "/courses/:course/lessons/:lesson/quiz", "Answer them: the place of an answer, from 0.", choices, LessonRoutes.answer),
        .member(
            .post, "/courses/:course/role-play", "Answers to invented people, for raters to read.",
            [.choice("moment", RolePlayMoment.self)] + answers, CourseRoutes.rolePlay),
        .member(
            .post, "/courses/:course/take", "Take what the course opened, or renew it.", [.list("rooms"), .words("plan", optional: true)],
            CourseRoutes.take),
        .member(.post, "/courses/:course/refuse", "Leave what the course opened: standing ends in every room.", CourseRoutes.refuse),
        .staff(.post, "/courses/:course/sign", .closeRisk, "A professional says that this course may lead to standing.", CourseRoutes.sign),
        .staff(
            .post, "/courses/:course/unsign", .closeRisk, "Take the signature back: nobody begins with it any more.", CourseRoutes.unsign),
        .staff(
            .post, "/courses/:course/end", .closeRisk, "End what somebody took with a course, or open it to them again.",
            [.line("name", 40), .flag("again")], CourseRoutes.end),
        .staff(.get, "/ratings", .rate, "Role-play that waits for a rater, and how near raters are.", RatingRoutes.list),
        .staff(.get, "/ratings/:play", .rate, "One role-play, without a name.", RatingRoutes.show),
        .staff(
            .post, "/ratings/:play", .rate, "Rate it: each skill from 0 to 3.",
            scores + [.words("words", optional: true), .line("seen", 20)],
            RatingRoutes.rate),
    ]
}

enum CourseRoutes {
    static func course(_ ask: Ask) throws -> Course {
        guard let id = ask.parameters["course"], let course = ask.app.content.courses.first(where: { $0.id == id }) else {
            throw Refusal.notFound
        }
        return course
    }

    /// Courses are for those who could take what they open; staff look at all of them.
    static func open(_ ask: Ask, _ person: Person) throws -> Course {
        let course = try course(ask)
        guard person.isStaff || course.isFor(person.band) else {
            throw Refusal.rule("course-age", status: 403, ["age": String(course.lowestAge)])
        }
        return course
    }

    static func list(_ ask: Ask, _ person: Person) async throws -> Answer {
        let all = ask.app.content.courses
        let rows = try await ask.read { try $0.courses(of: person, all) }
        let pairs = zip(all, rows).map { ($0, $1) }
        return .page(
            CoursePages.list(pairs, ask, person),
            json: ["courses": .list(pairs.map { CoursePages.json($0.0, $0.1) })])
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let course = try open(ask, person)
        let view = try await ask.read { tx in
            CourseView(
                course: course, row: try tx.course(course, of: person), rooms: try supportable(tx, person),
                standings: try tx.helpsIn(person), plan: try tx.supporterSettings(of: person)?.plan ?? "",
                signature: try tx.signature(of: course, in: person.organisation),
                yesUntil: course.opens == .letters ? try tx.yesHolds(course.id, of: person) : nil,
                people: course.opens == .letters && person.staff.may(.closeRisk, at: .house, now: ask.now)
                    ? try tx.whoSaidYes(to: course.id, in: person.organisation) : nil)
        }
        return .page(CoursePages.show(view, ask, person), json: CoursePages.json(view, ask, person))
    }

    /// Rooms in which somebody of this age may be given standing.
    static func supportable(_ tx: Transaction, _ person: Person) throws -> [RoomRow] {
        guard let band = person.band, !person.isStaff else { return [] }
        return try tx.readableRooms(for: Viewer(person: person)).filter { $0.form.maySupport(band) }
    }

    static func rolePlay(_ ask: Ask, _ person: Person) async throws -> Answer {
        let course = try open(ask, person)
        guard !person.isStaff, !course.rolePlay.isEmpty, let moment: RolePlayMoment = ask.form.choice("moment") else {
            throw Refusal.notFound
        }
        let answers = try course.rolePlay.indices.map { place in
            let words = ask.form.words("answer\(place + 1)")
            guard !words.isEmpty else { throw Refusal.missing("answer\(place + 1)") }
            guard words.count <= 2_000 else { throw Refusal.tooLong("answer\(place + 1)", 2_000) }
            return words
        }
        let whole = answers.joined(separator: "\n\n")
        let assessment = ask.screen(whole, isReply: true)
        try WriteRoutes.pace(ask, person, assessment, of: "role-play", limit: 10)
        try await ask.write { tx in
            let row = try tx.course(course, of: person)
            switch moment {
            // The first try is what the second is held against: it comes before anything is learned.
            case .before: guard row.before == nil, row.done.isEmpty else { throw Refusal.rule("role-play-not-now", status: 409) }
            case .after:
                switch row.stage(of: course) {
                case .rolePlay, .notYet: break
                // Once somebody has rated it, it stands until all have.
                case .rating: guard row.after?.ratings.isEmpty ?? true else { throw Refusal.rule("role-play-not-now", status: 409) }
                case .lessons, .unsigned, .open, .taken, .refused: throw Refusal.rule("role-play-not-now", status: 409)
                }
            }
            try tx.setRolePlay(answers, moment, in: course, by: person)
        }
        // Somebody may write of themselves where a part was asked for.
        try await WriteRoutes.hearIfInDanger(whole, assessment, ask, person)
        if isInDanger(assessment) {
            return .see("/help?done=role-play-and-help", json: ["moment": .string(moment.rawValue), "help": true])
        }
        return .see("/courses/\(course.id)?done=role-play", json: ["moment": .string(moment.rawValue), "help": false])
    }

    static func take(_ ask: Ask, _ person: Person) async throws -> Answer {
        let course = try open(ask, person)
        let plan = ask.form.words("plan")
        guard plan.count <= 2_000 else { throw Refusal.tooLong("plan", 2_000) }
        let chosen = Set(ask.form.list("rooms"))
        let given = try await ask.write { tx -> [ID<Room>] in
            switch try tx.course(course, of: person).stage(of: course) {
            case .open, .taken, .refused: break
            case .lessons, .rolePlay, .rating, .notYet, .unsigned: throw Refusal.rule("course-not-open", status: 409)
            }
            guard let signer = try tx.signature(of: course, in: person.organisation) else {
                throw Refusal.rule("course-not-open", status: 409)
            }
            // Nobody begins without saying what they do when it gets too much.
            guard !plan.isEmpty else { throw Refusal.rule("plan-first", status: 422) }
            var settings = try tx.supporterSettings(of: person) ?? SupporterSettings()
            settings.plan = plan
            try tx.set(settings, of: person)
            guard try tx.choose(.taken, in: course.id, by: person) else { throw Refusal.rule("letters-ended", status: 409) }
            guard course.opens == .standing else { return [] }
            let rooms = try supportable(tx, person).filter { chosen.contains($0.id.description) }
            guard !rooms.isEmpty else { throw Refusal.rule("choose-a-room", status: 422) }
            for room in rooms {
                guard
                    try tx.giveStanding(
                        person.account, in: room, until: ask.now + .days(365), by: signer.account, trained: course.title, from: .course)
                else {
                    throw Refusal.rule("no-standing", status: 409)
                }
            }
            return rooms.map(\.id)
        }
        return .see(
            course.opens == .standing ? "/offers/settings?done=standing-taken" : "/courses/\(course.id)?done=standing-taken",
            json: ["rooms": .list(given.map { .id($0) })])
    }

    static func refuse(_ ask: Ask, _ person: Person) async throws -> Answer {
        let course = try open(ask, person)
        try await ask.write { tx in
            let row = try tx.course(course, of: person)
            switch row.stage(of: course) {
            case .open, .taken, .refused: break
            // Given back as easily as taken, whatever became of the course since.
            case .lessons, .rolePlay, .rating, .notYet, .unsigned:
                guard row.choice == .taken else { throw Refusal.rule("course-not-open", status: 409) }
            }
            _ = try tx.choose(.refused, in: course.id, by: person)
            guard course.opens == .standing else { return }
            try tx.endStandings(of: person.account)
        }
        return .see("/courses/\(course.id)?done=given-back", json: ["refused": true])
    }

    /// What holds in the whole house and not in a room: letters. Standing in a room is ended at the room.
    static func end(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let course = try course(ask)
        guard course.opens == .letters, worker.person.staff.may(.closeRisk, at: .house, now: ask.now) else { throw Refusal.notFound }
        let (name, again) = (ask.form.text("name").trimmed, ask.form.flag("again"))
        let organisation = worker.person.organisation
        guard let account = try await ask.read({ try $0.account(firstName: name, in: organisation) }) else {
            throw Refusal.rule("no-such-name")
        }
        guard try await ask.write({ try $0.end(course.id, of: account, isOver: !again, by: worker.person) }) else { throw Refusal.notFound }
        return .see("/courses/\(course.id)?done=saved", json: ["course": .string(course.id), "over": .bool(!again)])
    }

    static func unsign(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try worker.must(.closeRisk, now: ask.now)
        let course = try course(ask)
        try await ask.write { try $0.unsign(course, by: worker.person) }
        return .see("/courses/\(course.id)?done=saved", json: ["course": .string(course.id), "signed": .bool(false)])
    }

    static func sign(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try worker.must(.closeRisk, now: ask.now)
        let course = try course(ask)
        try await ask.write { try $0.sign(course, by: worker.person) }
        return .see("/courses/\(course.id)?done=course-signed", json: ["course": .string(course.id), "version": .int(course.version)])
    }
}
