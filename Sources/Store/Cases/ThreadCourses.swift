import Rules
import Screening

extension Transaction {
    /// HARM-2: a thread that slides into comparing, into a quarrel or round and round the same pain is told to the people who
    /// care for its room, before any single item would be. Only asked when the new item itself holds something of the kind, so
    /// that an ordinary answer costs nothing. It is about the thread and about nobody: whoever began it may have done nothing.
    func noteCourse(of thread: ID<Item>?, _ assessment: Assessment, room: ID<Room>, organisation: ID<Organisation>) throws {
        let telling: Set<ConcernKind> = [.comparison, .eatingDetail, .bullying, .hate, .distress, .riskToSelf]
        guard let thread, assessment.concerns.contains(where: { telling.contains($0.kind) }) else { return }
        let found = try rows(
            """
            SELECT i.id, i.account, i.voice, a.sealed FROM item i LEFT JOIN assessment a ON a.item = i.id
            WHERE (i.thread = \(thread) OR i.id = \(thread)) AND i.state IN ('shown', 'waiting') ORDER BY i.seq DESC LIMIT \(number: ThreadCourse.window)
            """
        ) { (try $0.id(Item.self), try $0.id(Account.self), try $0.word(Voice.self), $0.bytesIfAny()) }
        var voices: [ID<Account>: Int] = [:]
        let steps = try found.reversed().map { id, account, voice, sealed in
            let voiceNumber = voices[account] ?? voices.count
            voices[account] = voiceNumber
            let kinds = try sealed.flatMap { sealed in
                try contentKey(of: account).flatMap { readAssessment(try $0.open(sealed, for: "assessment \(id)")) }
            }?.concerns.filter(counts).map(\.kind)
            return ThreadCourse.Step(voice: voiceNumber, kinds: Set(kinds ?? []), helps: voice == .staff)
        }
        /// Unkindness counts from medium up: low is what somebody tells of having suffered it. What models alone say slows nobody.
        func counts(_ concern: Concern) -> Bool {
            !concern.isByModel && (concern.level >= .medium || concern.kind != .bullying && concern.kind != .hate)
        }
        guard let course = ThreadCourse.course(steps) else { return }
        let code = "course-\(course.rawValue)"
        let isTold = try exists(
            """
            SELECT 1 FROM case_event e JOIN "case" c ON c.id = e.case_id
            WHERE c.subject = \(ID<Anything>(raw: thread.raw)) AND e.code = \(code) AND (c.closed_at IS NULL OR c.closed_at > \(now - .days(1)))
            """)
        if isTold { return }
        // A quarrel is slowed at once; whoever looks after the thread changes that as they see fit.
        if course.slowMinutes > 0 {
            try change(care: thread) { $0.slowing = slowing($0.slowing, after: .quarrel(minutes: course.slowMinutes), now: now) }
        }
        try openOrJoin(
            CaseOpening(
                kind: .pattern, subject: ID(raw: thread.raw), room: room, item: thread,
                facts: CaseFacts(level: .medium), organisation: organisation, by: "screen", code: code))
    }
}
