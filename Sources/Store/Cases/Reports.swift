import Rules
import Screening

public struct ReportRow: Sendable {
    public let id: ID<Report>
    public let kind: String
    public let madeAt: Instant
    public let outcome: String?
    public let outcomeAt: Instant?
    public let words: String
}

public enum ReportOutcome: Sendable, Equatable { case taken(ID<Report>), already(ID<Report>), tooMany, gone }

extension Transaction {
    /// Private, limited, with a receipt. Ten people worried about one item are one case with ten voices; the same
    /// person twice is one voice.
    public func report(
        _ item: ID<Item>, kind: String, level: Level, words: String, by person: Person
    ) throws -> ReportOutcome {
        guard let (account, room) = try reportable(item, by: person) else {
            return try reportOfGone(item, kind: kind, level: level, words: words, by: person)
        }
        // Whoever was blocked finds nothing there, and reports nothing of it either; danger always counts.
        // A letter is theirs to keep, and to report.
        if level < .urgent, try isBlocked(person, from: item) && !isLetter(item) { return .gone }
        if let open = try openCase(about: ID(raw: item.raw)),
            let earlier = try first(
                "SELECT id FROM report WHERE case_id = \(open) AND reporter = \(person.account)", { try $0.id(Report.self) })
        {
            try addVoice(earlier, to: open, item, kind: kind, level: level, words: words, by: person)
            return .already(earlier)
        }
        let today = try count(
            "SELECT count(*) FROM report WHERE reporter = \(person.account) AND made_at > \(now - .days(1))")
        // "Someone may be in danger" is never turned away for being the eleventh.
        if today >= 10, level < .urgent { return .tooMany }
        let before = try count(
            """
            SELECT count(DISTINCT r.reporter) FROM report r JOIN "case" c ON c.id = r.case_id
            WHERE c.item = \(item) AND r.outcome IS NULL
            """)
        let id: ID<Report> = ids.unlinkable()
        let open = try openOrJoin(
            CaseOpening(
                kind: level == .urgent ? .risk : .report, subject: ID(raw: item.raw), room: room.id, item: item,
                account: account,
                facts: CaseFacts(
                    level: level, reporters: before + 1, worried: kind == "worried" || kind == "danger",
                    young: room.form.isUnder18), organisation: room.organisation, by: "reporter", code: kind))
        let sealed = words.isEmpty ? nil : try person.contentKey.seal(words, for: "report \(id)")
        try run(
            """
            INSERT INTO report (id, case_id, item, reporter, kind, sealed, made_at)
            VALUES (\(id), \(open), \(item), \(person.account), \(kind), \(sealed), \(now))
            """)
        try append(.reported, to: open, actor: nil, role: "reporter", code: kind)
        try applyNightFlags(item, account: account, room: room, in: open)
        return .taken(id)
    }

    /// Whose it is and where it stands: what this person can see and did not write, a letter that was delivered to them included.
    public func reportable(_ item: ID<Item>, by person: Person) throws -> (account: ID<Account>, room: RoomRow)? {
        if let letter = try letterDelivered(item, to: person) {
            return try roomItself(letter.room).map { (letter.account, $0) }
        }
        let found = try self.item(item, visibleTo: Viewer(person: person), choices: ReaderChoices(matters: [:]))
        return found.flatMap { $0.0.isMine ? nil : ($0.0.account, $0.1) }
    }

    /// The same person again: still one voice, but a graver word raises the case, and what they add is read.
    private func addVoice(
        _ report: ID<Report>, to open: ID<Case>, _ item: ID<Item>, kind: String, level: Level, words: String, by person: Person
    ) throws {
        guard let known = try first("SELECT kind FROM report WHERE id = \(report)", { try $0.text() }), known != kind || !words.isEmpty
        else { return }
        guard let row = try caseItself(open) else { return }
        if level > row.level {
            try openOrJoin(
                CaseOpening(
                    kind: level == .urgent ? .risk : .report, subject: row.subject, room: row.room, item: item, account: row.account,
                    facts: CaseFacts(level: level, worried: kind == "worried" || kind == "danger"), organisation: person.organisation,
                    by: "reporter", code: kind))
        }
        // Theirs like the first: in their record, and gone with it.
        if !words.isEmpty {
            let before = try first("SELECT sealed FROM report WHERE id = \(report)") { $0.bytesIfAny() } ?? nil
            let old = try before.map { try person.contentKey.open($0, for: "report \(report)") } ?? ""
            guard !old.hasSuffix(words) else { return }  // the same press again
            let all = old.isEmpty ? words : old + "\n\n" + words
            try run("UPDATE report SET sealed = \(try person.contentKey.seal(all, for: "report \(report)")) WHERE id = \(report)")
        }
        try append(.reported, to: open, actor: nil, role: "reporter", code: kind)
    }

    /// Taken back or taken down while somebody was writing that a person may be in danger: the danger is still there. It is
    /// heard for what had been shown in a room they may read; nothing of the words comes back.
    private func reportOfGone(
        _ item: ID<Item>, kind: String, level: Level, words: String, by person: Person
    ) throws -> ReportOutcome {
        guard level == .urgent,
            let (account, room) = try first(
                """
                SELECT account, room FROM item WHERE id = \(item) AND shown_at IS NOT NULL AND account <> \(person.account)
                  AND (kind <> 'message' OR EXISTS (SELECT 1 FROM letter l JOIN series s ON s.id = l.series WHERE l.item = item.id
                                                    AND (s.seeker = \(person.account) OR s.befriender = \(person.account) AND l.side = 'seeker')))
                """,
                { (try $0.id(Account.self), $0.idIfAny(Room.self)) }),
            let room, try self.room(room, visibleTo: Viewer(person: person)) != nil
        else { return .gone }
        if let open = try openCase(about: ID(raw: item.raw)),
            let earlier = try first(
                "SELECT id FROM report WHERE case_id = \(open) AND reporter = \(person.account)", { try $0.id(Report.self) })
        {
            try addVoice(earlier, to: open, item, kind: kind, level: level, words: words, by: person)
            return .already(earlier)
        }
        let id: ID<Report> = ids.unlinkable()
        let open = try openOrJoin(
            CaseOpening(
                kind: .risk, subject: ID(raw: item.raw), room: room, item: item, account: account,
                facts: CaseFacts(level: level, reporters: 1, worried: true), organisation: person.organisation, by: "reporter", code: kind))
        try run(
            """
            INSERT INTO report (id, case_id, item, reporter, kind, sealed, made_at)
            VALUES (\(id), \(open), \(item), \(person.account), \(kind),
                    \(words.isEmpty ? nil : try person.contentKey.seal(words, for: "report \(id)")), \(now))
            """)
        try append(.reported, to: open, actor: nil, role: "reporter", code: kind)
        return .taken(id)
    }

    /// SIDE-2. Counts distinct accounts, so one person with two names is one voice; and only trusted ones.
    private func applyNightFlags(_ item: ID<Item>, account: ID<Account>, room: RoomRow, in open: ID<Case>) throws {
        let found = try first(
            """
            SELECT count(DISTINCT CASE WHEN r.item = \(item) THEN r.reporter END), count(DISTINCT r.reporter)
            FROM report r JOIN item i ON i.id = r.item JOIN account a ON a.id = r.reporter
            WHERE i.account = \(account) AND r.outcome IS NULL AND r.made_at > \(now - .hours(12)) AND a.joined_at <= \(now - NightFlags.trustedAfter)
              AND NOT EXISTS (SELECT 1 FROM sanction s WHERE s.account = a.id AND s.lifted_at IS NULL AND s.ends_at > \(now))
            """
        ) { (try $0.count(), try $0.count()) }
        let (onItem, onAccount) = found ?? (0, 0)
        switch nightFlags(
            onItem: onItem, onAccount: onAccount, nobodyOnDuty: !(try isSomeoneOnDuty(for: room)),
            isUnder18: room.form.isUnder18)
        {
        case .nothing: return
        case .suspend:
            try setState(item, .held, reason: "night-flags")
            guard try openCase(about: ID(raw: account.raw), suspends: true) == nil else { return }
            try openOrJoin(
                CaseOpening(
                    kind: .suspended, subject: ID(raw: account.raw), room: room.id, item: item, account: account,
                    facts: CaseFacts(level: .high, reporters: onAccount), organisation: room.organisation, by: "clock",
                    code: "night-flags"))
            try notify(account, .nightFlags, item: item, about: ID(raw: account.raw))
        case .holdAndCheck:
            try setState(item, .held, reason: "check-on-you")
            try append(.joined, to: open, actor: nil, role: "clock", code: "check-on-the-person")
            try notify(account, .nightFlags, item: item, about: ID(raw: item.raw))
        }
    }

    /// A person's own reports, with what they wrote in them.
    public func reports(by person: Person, limit: Int = 50) throws -> [ReportRow] {
        try rows(
            """
            SELECT id, kind, made_at, outcome, outcome_at, sealed FROM report WHERE reporter = \(person.account)
            ORDER BY made_at DESC LIMIT \(number: limit)
            """
        ) { row in
            let id: ID<Report> = try row.id()
            return ReportRow(
                id: id, kind: try row.text(), madeAt: try row.instant(), outcome: row.textIfAny(), outcomeAt: row.instantIfAny(),
                words: try row.bytesIfAny().map { try person.contentKey.open($0, for: "report \(id)") } ?? "")
        }
    }

    /// For whoever decides: the kinds and the words, never who reported.
    public func reports(in id: ID<Case>) throws -> [ReportRow] {
        let found = try rows(
            "SELECT id, kind, made_at, outcome, outcome_at, reporter, sealed FROM report WHERE case_id = \(id) ORDER BY made_at"
        ) { row in
            (
                try row.id(Report.self), try row.text(), try row.instant(), row.textIfAny(), row.instantIfAny(),
                try row.id(Account.self), row.bytesIfAny()
            )
        }
        return try found.map { (report, kind, at, outcome, outcomeAt, reporter, sealed) in
            let words = try sealed.flatMap { try contentKey(of: reporter)?.open($0, for: "report \(report)") } ?? ""
            return ReportRow(
                id: report, kind: kind, madeAt: at, outcome: outcome, outcomeAt: outcomeAt, words: words)
        }
    }
}
