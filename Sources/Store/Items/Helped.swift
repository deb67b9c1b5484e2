import Rules

extension Transaction {
    /// "This helped": whoever asked says it of somebody else's reply in their own thread, for themselves alone. False where it is no such reply.
    public func sayHelped(_ reply: ID<Item>, in thread: ID<Item>, helped: Bool, by person: Person) throws -> Bool {
        guard helped else {
            try run("DELETE FROM helped WHERE account = \(person.account) AND item = \(reply)")
            return true
        }
        let shownAt = try first(
            """
            SELECT COALESCE(i.shown_at, i.made_at) FROM item i JOIN item t ON t.id = i.thread
            WHERE i.id = \(reply) AND i.thread = \(thread) AND t.account = \(person.account) AND i.account <> \(person.account)
              AND i.kind = 'reply' AND i.state = 'shown'
            """
        ) { try $0.instant() }
        guard let shownAt else { return false }
        try run(
            """
            INSERT INTO helped (account, item, reply_at, made_at) VALUES (\(person.account), \(reply), \(shownAt), \(now))
            ON CONFLICT (account, item) DO NOTHING
            """)
        return true
    }

    /// Which of these replies somebody said it of.
    func helped(_ replies: [ID<Item>], account: ID<Account>) throws -> Set<ID<Item>> {
        guard !replies.isEmpty else { return [] }
        return Set(
            try rows("SELECT item FROM helped WHERE account = \(account) AND item IN \(SQL.list(replies))", { try $0.id() }))
    }

    public func helped(of account: ID<Account>) throws -> [(item: ID<Item>, at: Instant)] {
        try rows("SELECT item, made_at FROM helped WHERE account = \(account) ORDER BY made_at") { (try $0.id(), try $0.instant()) }
    }
}
