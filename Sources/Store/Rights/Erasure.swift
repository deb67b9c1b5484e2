import Rules
import Screening

/// How the words of a person's other voices go: all at once, or spread over a day so that nobody watching can tell
/// that two voices were one.
public enum Pace: String, Sendable, CaseIterable { case now, apart }

extension Transaction {
    /// Does this account speak with more than one voice? Decides whether the pace is asked at all.
    public func hasOtherVoices(_ person: Person) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM item WHERE account = \(person.account) AND kind <> 'message' AND state = 'shown'
              AND (voice = 'anonymous' OR name <> \(person.name)) LIMIT 1
            """)
    }

    /// The account is unreachable at once; words go at the chosen pace. `chance` gives the delay in 0..<1 per voice.
    ///
    /// What stays: the history of cases (ids, codes, salted hashes), and the words that `keepSafeguardingWords` names,
    /// sealed under the house's key with an end date.
    public func erase(_ person: Person, pace: Pace, chance: () -> Double) throws {
        try erase(person.account, speakingAs: person.name, pace: pace, chance: chance)
    }

    /// For a restored copy: an account that was erased after the copy was made. False when it is gone here as well.
    public func eraseAgain(_ account: ID<Account>, chance: () -> Double) throws -> Bool {
        guard try exists("SELECT 1 FROM account WHERE id = \(account) AND erased_at IS NULL") else { return false }
        try erase(account, speakingAs: nil, pace: .now, chance: chance)
        return true
    }

    /// False where it is begun already.
    public func beginErasure(of person: Person) throws -> Bool {
        try change("UPDATE account SET erased_at = \(now) WHERE id = \(person.account) AND erased_at IS NULL") == 1
    }

    public func erasedAccounts() throws -> [ID<Account>] {
        try rows("SELECT id FROM account WHERE erased_at IS NOT NULL", { try $0.id() })
    }

    private func erase(_ account: ID<Account>, speakingAs name: ID<Name>?, pace: Pace, chance: () -> Double) throws {
        tellQueue()  // what waited of theirs has no words now
        try keepSafeguardingWords(of: account)
        try keepUnreadDanger(of: account)
        // Of a plain reading that is over nothing is kept: nor what stood there before they changed it.
        try run(
            """
            DELETE FROM case_words WHERE event IN
              (SELECT e.id FROM case_event e JOIN "case" c ON c.id = e.case_id
               WHERE c.account = \(account) AND c.kind = 'review' AND c.closed_at IS NOT NULL AND c.level < \(Level.high.rawValue)
                 AND e.kind = 'edited')
            """)
        try run("DELETE FROM session WHERE account = \(account)")
        try run("DELETE FROM connection WHERE account = \(account)")
        try run("UPDATE account SET erased_at = \(now) WHERE id = \(account)")
        for item in try rows(
            "SELECT id, name, voice FROM item WHERE account = \(account) AND state <> 'erased'",
            { (try $0.id(Item.self), try $0.id(Name.self), try $0.word(Voice.self)) })
        {
            let isOtherVoice = item.1 != name || item.2 == .anonymous
            if pace == .apart, isOtherVoice {
                let delay = Lapse(milliseconds: Int64(chance() * 86_000_000))
                try enqueue(.eraseWords, ID(raw: item.0.raw), at: now + delay)
            } else {
                try eraseWords(item.0)
            }
        }
        try run("DELETE FROM way_back WHERE account = \(account)")
        try run("DELETE FROM second_factor WHERE account = \(account)")
        try run("DELETE FROM reader WHERE account = \(account)")
        try run("DELETE FROM muted WHERE account = \(account)")
        try run("DELETE FROM check_in WHERE account = \(account)")
        try run("DELETE FROM exposure WHERE account = \(account)")
        try forgetStudies(of: account)
        try forgetAskingAfter(of: account, wasHere: name != nil)
        try run("DELETE FROM helped WHERE account = \(account)")
        try run("DELETE FROM leaving_asked WHERE account = \(account)")
        try run("DELETE FROM consent WHERE account = \(account)")
        try run("DELETE FROM notice WHERE account = \(account)")
        // Words of support go with the voice that sent them: all in one moment would tell that two voices are one.
        switch (pace, name) {
        case (.apart, let name?): try run("DELETE FROM support WHERE account = \(account) AND name = \(name)")
        case (.apart, nil): break  // with the last of their words
        case (.now, _): try run("DELETE FROM support WHERE account = \(account)")
        }
        try run("DELETE FROM membership WHERE account = \(account)")
        try letGo(account)
        try run("DELETE FROM standing WHERE account = \(account)")
        try run("DELETE FROM supporter WHERE account = \(account)")
        try run("DELETE FROM supporter_week WHERE account = \(account)")
        try run("DELETE FROM offer WHERE account = \(account)")
        try run("DELETE FROM self_map WHERE account = \(account)")
        try leaveAllSeries(account)
        try run("DELETE FROM felt WHERE account = \(account)")
        try run("UPDATE ambassador SET ended_at = \(now) WHERE account = \(account) AND ended_at IS NULL")
        try forgetTraining(of: account)
        try forgetSupervision(of: account)
        try forgetForms(of: account)
        try forgetReviewing(of: account)
        try run("DELETE FROM judgement WHERE account = \(account)")
        try run("UPDATE shift SET ended_at = \(now) WHERE account = \(account) AND ended_at IS NULL AND ends_at > \(now)")
        try freeClaims(of: account)
        try run("UPDATE role_given SET ended_at = \(now) WHERE account = \(account) AND ended_at IS NULL")
        try run("UPDATE report SET sealed = NULL WHERE reporter = \(account)")
        try run("UPDATE appeal SET sealed = NULL WHERE account = \(account)")
        try run("UPDATE conversation SET closed_at = COALESCE(closed_at, \(now)) WHERE account = \(account)")
        try run(
            "UPDATE account SET country = NULL, area = NULL, stage = NULL, intent = NULL, band = NULL, gender = NULL, look = '' WHERE id = \(account)"
        )
        try finishErasure(of: account)
    }

    /// Takes one item's words out of the row and out of the index. Safe to repeat.
    public func eraseWords(_ id: ID<Item>) throws {
        let found = try first("SELECT seq, thread, state, title, body, account, kind FROM item WHERE id = \(id)") { row in
            (
                try row.int(), row.idIfAny(Item.self), try row.word(ItemState.self), row.textIfAny(), row.textIfAny(),
                try row.id(Account.self), try row.word(ItemKind.self)
            )
        }
        guard let (seq, thread, state, title, body, account, kind) = found, state != .erased else { return }
        if state == .shown, kind != .message {
            try unindexWords(seq: seq, title: title ?? "", body: body ?? "")
            if let thread { try run("UPDATE item SET replies = replies - 1 WHERE id = \(thread) AND replies > 0") }
        }
        try closePost(id)
        try run(
            """
            UPDATE item SET state = 'erased', reason = NULL, title = NULL, body = NULL, sealed = NULL, note = NULL,
              mood = NULL, wants = NULL, language = NULL, topics = '', matters = '', covered = \(false), heavy = \(false) WHERE id = \(id)
            """)
        if let thread { try unanswered(thread) }
        try run("DELETE FROM assessment WHERE item = \(id)")
        try run("DELETE FROM verdict WHERE item = \(id)")
        try run("DELETE FROM mark WHERE item = \(id)")
        try run("DELETE FROM support WHERE item = \(id)")
        try unlinkEvidence(in: id)
        try forgetCodes(of: id)
        try run("DELETE FROM felt WHERE item = \(id)")
        try run("DELETE FROM room_review WHERE item = \(id)")
        try run("DELETE FROM thread_care WHERE item = \(id)")
        try run("DELETE FROM piece WHERE item = \(id)")
        try run("DELETE FROM column_question WHERE item = \(id)")
        try run("DELETE FROM judgement WHERE item = \(id)")
        try run("DELETE FROM response WHERE item = \(id)")
        try finishErasure(of: account)
    }

    /// When the last word is gone, so are the key and the names.
    private func finishErasure(of account: ID<Account>) throws {
        // The last two words of one person, taken at the same moment, wait for each other here: one of them is the last.
        try takeTurns(account)
        guard try exists("SELECT 1 FROM account WHERE id = \(account) AND erased_at IS NOT NULL"),
            try !exists("SELECT 1 FROM item WHERE account = \(account) AND state <> 'erased'")
        else { return }
        try run("UPDATE account SET content_key = NULL WHERE id = \(account)")
        try run("DELETE FROM support WHERE account = \(account)")
        for (name, shown) in try rows(
            "SELECT id, shown FROM name WHERE account = \(account) AND gone_at IS NULL", { (try $0.id(Name.self), try $0.text()) })
        {
            // What is left of the name is a keyed hash, so that nobody ever gets the same one.
            try run("UPDATE name SET shown = \(gone(shown)), gone_at = \(now) WHERE id = \(name)")
        }
    }

    /// The least: the words of a case about a risk, and of a grave report that nobody has decided yet, so that whoever was
    /// reported does not end the matter by leaving. A plain reading keeps nothing.
    private func keepSafeguardingWords(of account: ID<Account>) throws {
        let kept = try rows(
            """
            SELECT id, item, conversation FROM "case" WHERE account = \(account)
              AND ((kind IN ('risk', 'pattern', 'age') OR urgent) AND opened_at > \(now - .days(365))
                   OR closed_at IS NULL AND kind = 'report' AND level >= \(Level.high.rawValue))
            """
        ) { (try $0.id(Case.self), $0.idIfAny(Item.self), $0.idIfAny(Conversation.self)) }
        for (id, item, conversation) in kept {
            var parts = try item.flatMap { try words(of: $0) }.map { [$0.whole] } ?? []
            if let conversation {
                parts += try rows(
                    """
                    SELECT id FROM item WHERE conversation = \(conversation) AND account = \(account) AND state <> 'erased' ORDER BY seq
                    """, { try $0.id(Item.self) }
                ).compactMap { try words(of: $0)?.body }
            }
            guard !parts.isEmpty else { continue }
            try append(
                .erased, to: id, actor: nil, role: "author", code: "kept-for-safeguarding", words: parts.joined(separator: "\n\n"))
        }
    }

    /// Words of theirs in a grave case that is still open: a report about somebody else, an appeal with danger in it. Whoever is on
    /// their way to read them must find them.
    private func keepUnreadDanger(of account: ID<Account>) throws {
        guard let key = try contentKey(of: account) else { return }
        let reports = try rows(
            """
            SELECT c.id, r.id, r.sealed FROM report r JOIN "case" c ON c.id = r.case_id
            WHERE r.reporter = \(account) AND c.closed_at IS NULL AND c.level >= \(Level.high.rawValue) AND r.sealed IS NOT NULL
            """
        ) { (try $0.id(Case.self), "report \(try $0.id(Report.self))", try $0.bytes()) }
        let appeals = try rows(
            """
            SELECT c.id, a.decision, a.sealed FROM appeal a JOIN "case" c ON c.id = a.case_id
            WHERE a.account = \(account) AND c.closed_at IS NULL AND c.level >= \(Level.high.rawValue) AND a.sealed IS NOT NULL
            """
        ) { (try $0.id(Case.self), "appeal \(try $0.id(Decision.self))", try $0.bytes()) }
        for (id, purpose, sealed) in reports + appeals {
            try append(
                .erased, to: id, actor: nil, role: "author", code: "kept-for-safeguarding", words: try key.open(sealed, for: purpose))
        }
    }

    /// What retention took tonight. Members who were away two years; safeguarding words past their end; old sessions,
    /// notices.
    public func retire(chance: () -> Double) throws -> Int {
        var taken = 0
        // Sent in the moment in which everything of theirs went.
        for item in try rows(
            """
            SELECT i.id FROM account a JOIN item i ON i.account = a.id
            WHERE a.erased_at <= \(now - .days(2)) AND i.state <> 'erased' LIMIT 500
            """, { try $0.id(Item.self) })
        {
            try eraseWords(item)
            taken += 1
        }
        try endStandings()
        // Asked by name about a thread that others answered: after two days that says nothing any more.
        try run(
            """
            UPDATE offer SET state = 'lapsed', ended_at = \(now) WHERE state = 'offered' AND made_at <= \(now - .days(2))
              AND item IN (SELECT item FROM open_post WHERE closed_at IS NOT NULL)
            """)
        for account in try rows(
            """
            SELECT id FROM account WHERE kind = 'member' AND erased_at IS NULL AND seen_day < \(now.day - 730) LIMIT 100
            """, { try $0.id(Account.self) })
        {
            // Two voices go each at moments of their own: whoever sees them vanish together knows that they were one.
            let voices = try count(
                """
                SELECT count(*) FROM (SELECT DISTINCT name, voice FROM item
                                      WHERE account = \(account) AND kind <> 'message' AND state = 'shown') AS voices
                """)
            try erase(account, speakingAs: nil, pace: voices > 1 ? .apart : .now, chance: chance)
            taken += 1
        }
        taken += try change("DELETE FROM case_words WHERE ends_at <= \(now)")
        taken += try change("DELETE FROM session WHERE ends_at <= \(now)")
        taken += try change("DELETE FROM notice WHERE seen_at IS NOT NULL AND made_at <= \(now - .days(90))")
        taken += try change("DELETE FROM connection WHERE ends_at <= \(now)")
        taken += try change("DELETE FROM invite WHERE ends_at <= \(now)")
        taken += try forgetOldAddresses()
        taken += try forgetOldRefusals()
        taken += try change("DELETE FROM leaving_token WHERE ends_at <= \(now)")
        // Who was asked and who answered whom is of no use after half a year.
        try sumUpHelp(before: now - .days(180))
        taken += try change("DELETE FROM judgement WHERE made_at <= \(now - .days(180))")
        taken += try change("DELETE FROM offer WHERE made_at <= \(now - .days(180)) AND state NOT IN ('offered', 'accepted')")
        taken += try change(
            """
            DELETE FROM open_post WHERE closed_at <= \(now - .days(180))
              AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.item = open_post.item)
            """)
        taken += try change("DELETE FROM standing WHERE ends_at <= \(now - .days(730))")
        taken += try change("DELETE FROM supporter_week WHERE made_at <= \(now - .days(365))")
        taken += try change("DELETE FROM exposure WHERE day < \(now.day - 90)")
        return taken
    }
}
