import Rules
import Screening

/// What one person said to being asked once if they go quiet, as they see it themselves.
public struct AskingAfterRow: Sendable, Equatable {
    public let yes: Bool
    public let saidAt: Instant
    public let address: String?
    public let lot: AskingAfter.Lot?
    public let drawnAt: Instant?
    public let sentAt: Instant?
    public let returnedAt: Instant?
}

/// One mail that is about to leave.
public struct AskingMail: Sendable {
    public let id: ID<Anything>
    public let to: Secret
    public let house: String
}

extension Transaction {
    public func askingAfter(of person: Person) throws -> AskingAfterRow? {
        try first(
            """
            SELECT yes, said_at, sealed, lot, drawn_at, sent_at, returned_at FROM asking_after WHERE account = \(person.account)
            """
        ) { row in
            AskingAfterRow(
                yes: try row.bool(), saidAt: try row.instant(),
                address: try row.bytesIfAny().map { try person.contentKey.open($0, for: Self.purpose) }, lot: try row.wordIfAny(),
                drawnAt: row.instantIfAny(), sentAt: row.instantIfAny(), returnedAt: row.instantIfAny())
        }
    }

    /// What Today asks on each visit; the address stays shut.
    public func askedAfter(_ person: Person) throws -> (yes: Bool, lot: AskingAfter.Lot?, returnedAt: Instant?)? {
        try first("SELECT yes, lot, returned_at FROM asking_after WHERE account = \(person.account)") {
            (try $0.bool(), try $0.wordIfAny(), $0.instantIfAny())
        }
    }

    private static let purpose = "asking after"

    /// Whether one is there; it stays shut.
    public func keepsAddress(of person: Person) throws -> Bool {
        try exists("SELECT 1 FROM asking_after WHERE account = \(person.account) AND sealed IS NOT NULL")
    }

    /// Yes with an address or without, or no. The same again changes nothing; after the draw nothing is asked for any more, and all that
    /// can change is that the address goes. False where chance has decided already.
    public func sayAskingAfter(_ yes: Bool, address: String?, by person: Person) throws -> Bool {
        let sealed = try yes ? address.map { try person.contentKey.seal($0, for: Self.purpose) } : nil
        let drawn = try exists("SELECT 1 FROM asking_after WHERE account = \(person.account) AND lot IS NOT NULL")
        guard !drawn else {
            if !yes {
                try run(
                    "UPDATE asking_after SET yes = \(false), sealed = NULL, next_at = NULL WHERE account = \(person.account)")
            }
            return !yes
        }
        let id: ID<Anything> = ids.unlinkable()
        let next: Instant? = yes ? now + .days(AskingAfter.away) : nil
        // Who says yes again without typing anything keeps the address that is there, and its end.
        let keepsOld = yes && address == nil
        try run(
            """
            INSERT INTO asking_after (id, organisation, account, yes, said_at, sealed, ends_at, next_at)
            VALUES (\(id), \(person.organisation), \(person.account), \(yes), \(now), \(sealed), \(now + AskingAfter.kept), \(next))
            ON CONFLICT (account) DO UPDATE SET yes = excluded.yes, said_at = excluded.said_at, next_at = excluded.next_at,
              sealed = CASE WHEN \(keepsOld) THEN asking_after.sealed ELSE excluded.sealed END,
              ends_at = CASE WHEN \(keepsOld) THEN asking_after.ends_at ELSE excluded.ends_at END
            """)
        return true
    }

    /// The address alone goes; the yes stays.
    public func forgetAddress(of person: Person) throws {
        try run("UPDATE asking_after SET sealed = NULL WHERE account = \(person.account)")
    }

    /// Somebody who was drawn is here again.
    func cameBack(_ account: ID<Account>) throws {
        try run(
            """
            UPDATE asking_after SET returned_at = \(now) WHERE account = \(account) AND drawn_at IS NOT NULL AND returned_at IS NULL
            """)
    }

    /// Erasing oneself is having been here. What stays says that somebody was drawn, and leads to nobody.
    func forgetAskingAfter(of account: ID<Account>, wasHere: Bool) throws {
        if wasHere { try cameBack(account) }
        try run("DELETE FROM asking_after WHERE account = \(account) AND lot IS NULL")
        let week = Lapse.days(7).milliseconds
        try run(
            """
            UPDATE asking_after SET account = NULL, sealed = NULL, next_at = NULL, said_at = said_at / \(week) * \(week),
              returned_at = returned_at - drawn_at + drawn_at / \(week) * \(week), drawn_at = drawn_at / \(week) * \(week),
              ends_at = ends_at / \(week) * \(week), sent_at = sent_at / \(week) * \(week), trying_at = NULL
            WHERE account = \(account)
            """)
    }

    func forgetOldAddresses() throws -> Int {
        try change("DELETE FROM asked_once WHERE ends_at <= \(now)")
            + change("UPDATE asking_after SET sealed = NULL WHERE sealed IS NOT NULL AND ends_at <= \(now)")
    }
}

// What happens by itself.

extension Transaction {
    /// A mail that was about to leave when the machine stopped is looked at after this: nobody knows whether it left, so it does not again.
    private static let unsure = Lapse.minutes(10)

    public func askingIsDue() throws -> Bool { try exists("SELECT 1 FROM asking_after WHERE next_at <= \(now) LIMIT 1") }

    /// Looks at up to a hundred people, and stops at the first whose mail is to leave now: that it leaves is written before it does.
    /// `minute` tells the minutes after midnight where somebody is, by their country; `house` those on the house's clock.
    public func sweepAsking(
        canSend: Bool, consentAge: (String?) -> Int, minute: (String?, Instant) -> Int?, house: (String, Instant) -> Int,
        chance: () -> Double
    ) throws -> AskingMail? {
        let due = try rows(
            "SELECT id FROM asking_after WHERE next_at <= \(now) ORDER BY next_at LIMIT 100\(skipLocked)", { try $0.id(Anything.self) })
        for id in due {
            if let mail = try lookAfter(id, canSend: canSend, consentAge: consentAge, minute: minute, house: house, chance: chance) {
                return mail
            }
        }
        return nil
    }

    private func lookAfter(
        _ id: ID<Anything>, canSend: Bool, consentAge: (String?) -> Int, minute: (String?, Instant) -> Int?,
        house: (String, Instant) -> Int, chance: () -> Double
    ) throws -> AskingMail? {
        let found = try first(
            """
            SELECT k.account, k.yes, k.sealed, k.lot, k.drawn_at, k.trying_at, a.seen_day, a.break_until, a.country, a.erased_at, o.zone,
                   o.name, r.quiet_from, r.quiet_to, a.band
            FROM asking_after k JOIN account a ON a.id = k.account JOIN organisation o ON o.id = k.organisation
            JOIN reader r ON r.account = a.id WHERE k.id = \(id) AND k.next_at <= \(now)
            """
        ) { row in
            (
                account: try row.id(Account.self), yes: try row.bool(), sealed: row.bytesIfAny(),
                lot: try row.wordIfAny(AskingAfter.Lot.self), drawnAt: row.instantIfAny(), tryingAt: row.instantIfAny(),
                seen: try row.int(), away: row.instantIfAny(), country: row.textIfAny(), erased: row.instantIfAny() != nil,
                zone: try row.text(), house: try row.text(), quiet: Hours(from: try row.count(), to: try row.count()),
                band: try row.wordIfAny(AgeBand.self)
            )
        }
        guard let it = found else {
            try run("UPDATE asking_after SET next_at = NULL WHERE id = \(id)")
            return nil
        }
        if it.tryingAt != nil {
            try end(id)
            return nil
        }
        let local = house(it.zone, now)
        var facts = AskingAfter.Facts(seenDay: it.seen, minute: minute(it.country, now) ?? local)
        (facts.saidYes, facts.isGone, facts.hasAddress) = (
            it.yes, it.erased, it.sealed != nil && AskingAfter.takesAddress(it.band, consentAge: consentAge(it.country))
        )
        (facts.breakUntil, facts.isQuiet, facts.canSend) = (it.away, it.quiet.contains(minute: local), canSend)
        let stopped = try sanctions(of: it.account).filter { !$0.lifted && $0.step.stopsWriting && ($0.endsAt.map { $0 > now } ?? true) }
        facts.isBarred = stopped.contains { $0.step == .leaveForGood }
        facts.restrictedUntil = stopped.compactMap(\.endsAt).max()
        facts.isLookedAfter = try isLookedAfter(it.account)
        if it.lot == nil {
            switch AskingAfter.decide(facts, coin: chance(), now: now) {
            case .wait(let until, _): try run("UPDATE asking_after SET next_at = \(until) WHERE id = \(id)")
            case .never: try end(id)
            case .draw(let lot):
                // An address that is not used is of no use any more: nobody is drawn twice.
                let stays: Instant? = lot == .ask ? now : nil
                try run("UPDATE asking_after SET lot = \(lot), drawn_at = \(now), next_at = \(stays) WHERE id = \(id)")
                if lot != .ask { try end(id) }
            }
            return nil
        }
        guard let drawnAt = it.drawnAt, let sealed = it.sealed, let key = try contentKey(of: it.account),
            let address = opened(sealed, key)
        else {
            try end(id)
            return nil
        }
        switch AskingAfter.mayLeave(facts, drawnAt: drawnAt, now: now) {
        case .notAnyMore:
            try end(id)
            return nil
        case .wait(let until):
            try run("UPDATE asking_after SET next_at = \(until) WHERE id = \(id)")
            return nil
        case .now:
            // One mail to an address, whoever typed it and in however many accounts.
            let hash = keys.fingerprint(address.lowercased(), for: "asked")
            try run("INSERT INTO asked_once (hash, who, ends_at) VALUES (\(hash), \(id), \(now + AskingAfter.kept)) ON CONFLICT DO NOTHING")
            guard try exists("SELECT 1 FROM asked_once WHERE hash = \(hash) AND who = \(id)") else {
                try end(id)
                return nil
            }
            let marked = try change(
                """
                UPDATE asking_after SET trying_at = \(now), next_at = \(now + Self.unsure) WHERE id = \(id) AND trying_at IS NULL
                """)
            guard marked == 1 else { return nil }
            return AskingMail(id: id, to: Secret(address), house: it.house)
        }
    }

    /// Somebody of the team has them before them, or had a danger before them lately; or they asked for a talk and nobody has come yet.
    private func isLookedAfter(_ account: ID<Account>) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM "case" WHERE account = \(account) AND (
              closed_at IS NULL AND (urgent OR level >= \(Level.high.rawValue) OR kind NOT IN ('report', 'review'))
              OR closed_at > \(now - AskingAfter.afterDanger) AND (urgent OR kind = 'risk')) LIMIT 1
            """)
            || exists("SELECT 1 FROM conversation WHERE account = \(account) AND closed_at IS NULL AND answered_at IS NULL LIMIT 1")
    }

    /// A copy was put back: what was taken back since, and to whom a mail has gone, is not known any more. So nobody is asked.
    public func endAllAsking() throws { try run("UPDATE asking_after SET sealed = NULL, next_at = NULL") }

    /// Nil where it can not be read any more: nobody is asked then, and nobody behind them waits for it.
    private func opened(_ sealed: [UInt8], _ key: ContentKey) -> String? {
        do { return try key.open(sealed, for: Self.purpose) } catch { return nil }
    }

    private func end(_ id: ID<Anything>) throws {
        try run("UPDATE asking_after SET sealed = NULL, next_at = NULL WHERE id = \(id)")
    }

    /// It left: the address has done its work.
    public func askingSent(_ id: ID<Anything>) throws {
        try run("UPDATE asking_after SET sent_at = \(now) WHERE id = \(id)")
        try end(id)
    }

    /// It surely did not leave: once more in an hour.
    public func askingNotSent(_ id: ID<Anything>) throws {
        try run("UPDATE asking_after SET trying_at = NULL, next_at = \(now + .hours(1)) WHERE id = \(id)")
    }

    /// It may have left: never again.
    public func askingUnsure(_ id: ID<Anything>) throws { try end(id) }

    /// Counts for the operator: who said yes before a moment, and who was drawn so long before it that their days are over.
    public func askingAfterRows(in organisation: ID<Organisation>, until: Instant) throws -> AskingAfterRows {
        var found = AskingAfterRows()
        let drawnBefore = until - AskingAfter.counted
        let window = AskingAfter.counted.milliseconds
        let said = try first(
            """
            SELECT count(*), COALESCE(sum(CASE WHEN sealed IS NOT NULL OR lot IN ('ask', 'leave') THEN 1 ELSE 0 END), 0)
            FROM asking_after WHERE organisation = \(organisation) AND said_at < \(until) AND (yes OR lot IS NOT NULL)
            """
        ) { (try $0.count(), try $0.count()) }
        (found.yes, found.withAddress) = said ?? (0, 0)
        let lots = try rows(
            """
            SELECT lot, count(*), COALESCE(sum(CASE WHEN returned_at IS NOT NULL AND returned_at - drawn_at <= \(window) THEN 1 ELSE 0 END), 0),
                   COALESCE(sum(CASE WHEN sent_at IS NOT NULL THEN 1 ELSE 0 END), 0)
            FROM asking_after WHERE organisation = \(organisation) AND drawn_at < \(drawnBefore) GROUP BY lot
            """
        ) { (try $0.word(AskingAfter.Lot.self), try $0.count(), try $0.count(), try $0.count()) }
        for (lot, drawn, back, sent) in lots {
            found.halves[lot] = (drawn, back)
            if lot == .ask { found.sent = sent }
        }
        return found
    }
}
