import Rules

/// How an item stands: what a decision asks of it before it is made. Nobody's words are opened for that.
public struct Standing: Sendable {
    public let kind: ItemKind
    public let state: ItemState
    public let thread: ID<Item>?
    public let author: ID<Account>
}

/// A case with all that a decision about it asks, read in one statement.
public struct CaseLook: Sendable {
    public let row: CaseRow
    /// Where powers over it are used, as `place(of:)` says it.
    public let place: Workplace
    /// Nil where it is about nobody's words.
    public let words: Standing?
    /// Whoever looks at it here asked for somebody else to look, and nobody has since.
    public let askedSecondLook: Bool

    /// Nobody decides about themselves or their own words, also where the case is about no account.
    public func isAbout(_ person: Person) -> Bool { row.account == person.account || words?.author == person.account }
}

extension Transaction {
    /// The door to a case, for whoever is about to act on it: as `case(_:openTo:)`.
    public func look(at id: ID<Case>, openTo person: Person) throws -> CaseLook? {
        guard let found = try look(at: id, by: person.account), isOpen(found.row, at: found.place, to: person) else { return nil }
        return found
    }

    public func look(at id: ID<Case>, by account: ID<Account>) throws -> CaseLook? {
        try first(
            """
            SELECT \(Self.caseColumns), f.bands, f.moderators, i.kind, i.state, i.thread, i.account,
                   EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND e.kind = 'asked-second' AND e.actor = \(account)
                             AND NOT EXISTS (SELECT 1 FROM case_event later WHERE later.case_id = e.case_id AND later.number > e.number
                                             AND later.kind IN ('claimed', 'climbed', 'raised')))
            FROM \(Self.caseTables) LEFT JOIN room_form f ON f.room = r.id AND f.version = r.version
            LEFT JOIN item i ON i.id = c.item WHERE c.id = \(id)
            """
        ) { row in
            let found = try readCase(&row)
            let (bands, moderators) = (row.textIfAny().map(readBands), row.textIfAny().map(readModerators))
            let place = found.room.map { Workplace(room: $0, bands: bands ?? [], moderators: moderators ?? []) } ?? .house
            let (kind, state): (ItemKind?, ItemState?) = (try row.wordIfAny(), try row.wordIfAny())
            let (thread, author) = (row.idIfAny(Item.self), row.idIfAny(Account.self))
            var words: Standing?
            if let kind, let state, let author { words = Standing(kind: kind, state: state, thread: thread, author: author) }
            return CaseLook(row: found, place: workplace(of: found, in: place), words: words, askedSecondLook: try row.bool())
        }
    }
}
