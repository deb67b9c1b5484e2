import Foundation
import Rules
import Screening

/// An item as the screen may be measured on it: its words, what was said of it, and whether people acted.
public struct ScreenedItem: Sendable {
    public let id: ID<Item>
    public let words: String
    public let isReply: Bool
    /// Anybody of the room can read it, and the room is for adults: nothing private is in it.
    public let isOpen: Bool
    public let assessment: Assessment?
    /// Has a person decided about it, and did they take anything from it (returned, masked, covered, hid, removed ...)?
    public let isDecided: Bool
    public let wasActedOn: Bool
    /// The rules and models that somebody said were wrong about it.
    public let wrong: Set<String>
}

/// How often one rule or model was said to be wrong.
public struct WrongCount: Sendable {
    public let source: String
    public let times: Int
    public let last: Instant
}

extension Transaction {
    /// Says that it was wrong, or takes that back: however often it is pressed.
    public func setWrong(_ isWrong: Bool, _ concern: Concern, version: String, on item: ID<Item>, by person: Person) throws {
        guard isWrong else {
            try run("DELETE FROM verdict WHERE item = \(item) AND source = \(concern.source)")
            return
        }
        try run(
            """
            INSERT INTO verdict (item, source, version, level, made_by, made_at)
            VALUES (\(item), \(concern.source), \(version), \(concern.level.rawValue), \(person.account), \(now))
            ON CONFLICT DO NOTHING
            """)
    }

    public func wrongSources(on item: ID<Item>) throws -> Set<String> {
        Set(try rows("SELECT source FROM verdict WHERE item = \(item)") { try $0.text() })
    }

    public func wrongCounts(_ organisation: ID<Organisation>, since: Instant) throws -> [WrongCount] {
        try rows(
            """
            SELECT v.source, count(*), max(v.made_at) FROM verdict v JOIN item i ON i.id = v.item
            WHERE i.organisation = \(organisation) AND v.made_at >= \(since) GROUP BY v.source ORDER BY 2 DESC, 1 LIMIT 200
            """
        ) { WrongCount(source: try $0.text(), times: try $0.count(), last: try $0.instant()) }
    }

    /// The last items of the house that still have words, newest first; private messages are never among them.
    public func screenedItems(_ organisation: ID<Organisation>, last: Int) throws -> [ScreenedItem] {
        let decided: SQL = "EXISTS (SELECT 1 FROM decision d WHERE d.item = i.id AND d.undone_at IS NULL AND d.made_by IS NOT NULL)"
        let found = try rows(
            """
            SELECT i.id, i.thread, i.state, f.bands, \(decided),
                   EXISTS (SELECT 1 FROM decision d WHERE d.item = i.id AND d.undone_at IS NULL AND d.made_by IS NOT NULL
                           AND d.act NOT IN ('approve', 'restore', 'close', 'label', 'move'))
            FROM item i JOIN room_form f ON f.room = i.room AND f.version = i.version
            WHERE i.organisation = \(organisation) AND i.kind <> 'message' AND i.state <> 'erased' ORDER BY i.seq DESC LIMIT \(number: last)
            """
        ) { row in
            let (id, thread, state) = (try row.id(Item.self), row.idIfAny(Item.self), try row.word(ItemState.self))
            let isAdult = unbarred(try row.text()).allSatisfy { AgeBand(rawValue: String($0))?.isUnder18 == false }
            return (id, thread, state == .shown && isAdult, try row.bool(), try row.bool())
        }
        return try found.compactMap { id, thread, isOpen, isDecided, wasActedOn in
            guard let words = try words(of: id) else { return nil }
            return ScreenedItem(
                id: id, words: words.whole, isReply: thread != nil, isOpen: isOpen, assessment: try assessment(of: id),
                isDecided: isDecided,
                wasActedOn: wasActedOn, wrong: try wrongSources(on: id))
        }
    }

    private func assessment(of item: ID<Item>) throws -> Assessment? {
        let found = try first(
            "SELECT i.account, a.sealed FROM assessment a JOIN item i ON i.id = a.item WHERE a.item = \(item)"
        ) { (try $0.id(Account.self), try $0.bytes()) }
        guard let (account, sealed) = found, let key = try contentKey(of: account) else { return nil }
        return readAssessment(try key.open(sealed, for: "assessment \(item)"))
    }

    /// Nil for one that an older program wrote in words this one does not know: it says nothing then, and nothing stops for it.
    func readAssessment(_ json: String) -> Assessment? {
        do { return try JSONDecoder().decode(Assessment.self, from: Data(json.utf8)) } catch { return nil }
    }
}
