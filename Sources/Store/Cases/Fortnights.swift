import Rules
import Screening

extension Transaction {
    /// TELLMI-3: several worries within a fortnight make a case about the person, though no single text did. A grave one has a
    /// case of its own and is not told twice; what a person has looked at counts no more. Private words stay in their talk:
    /// the case leads there and is about no item.
    func noteWorry(
        _ assessment: Assessment, in item: ID<Item>?, account: ID<Account>, room: ID<Room>?, conversation: ID<Conversation>? = nil,
        organisation: ID<Organisation>
    ) throws {
        let worry = worry(of: assessment)
        guard worry > .none, worry < .high else { return }
        let looked = try first(
            "SELECT max(closed_at) FROM \"case\" WHERE subject = \(ID<Anything>(raw: account.raw)) AND kind = 'pattern' AND closed_at IS NOT NULL"
        ) { $0.instantIfAny() }
        let since = max(now - .days(14), (looked ?? nil) ?? now - .days(14))
        let worries = try rows(
            """
            SELECT a.worry, i.made_at FROM item i JOIN assessment a ON a.item = i.id
            WHERE i.account = \(account) AND i.made_at > \(since) AND a.worry > 0 AND a.worry < \(Level.high.rawValue) ORDER BY i.seq DESC LIMIT 100
            """
        ) { row in
            Fortnight.Worry(
                level: Level(rawValue: try row.count()) ?? .high, daysAgo: Double((now - (try row.instant())).milliseconds) / 86_400_000)
        }
        guard let pattern = Fortnight.pattern(worries) else { return }
        let code = "fortnight-\(pattern.rawValue)"
        if let open = try openCase(about: ID(raw: account.raw)),
            try exists("SELECT 1 FROM case_event WHERE case_id = \(open) AND code = \(code)")
        {
            return
        }
        try openOrJoin(
            CaseOpening(
                kind: .pattern, subject: ID(raw: account.raw), room: room, item: item, account: account, conversation: conversation,
                facts: CaseFacts(level: .high),
                organisation: organisation, by: "clock", code: code))
    }
}
