import Foundation
import Rules

/// What of an address tells where somebody is: the whole of an IPv4 address, of an IPv6 address the first half, since phones
/// choose the other half anew every day.
public func networkPart(of address: Secret) -> Secret {
    var six = in6_addr()
    guard inet_pton(AF_INET6, address.text, &six) == 1 else { return address }
    let bytes = withUnsafeBytes(of: &six) { Array($0) }
    // An IPv4 address in IPv6 clothes.
    if bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] {
        return Secret(bytes.suffix(4).map(String.init).joined(separator: "."))
    }
    return Secret(bytes.prefix(8).map { String($0, radix: 16) }.joined(separator: ":"))
}

/// What came of asking for connection data in an emergency: one person asks, a second agrees.
public enum BreakGlass: Sendable {
    case waitsForSecond
    case open([(address: String, at: Instant)])
}

extension Transaction {
    /// How long it is kept, and how long after somebody was asked to leave for good.
    private static let kept = Lapse.days(14)
    private static let keptAfterLeaving = Lapse.days(30)
    /// A second person agrees within this.
    private static let agreement = Lapse.hours(1)

    /// Remembers where a member came from: sealed, under a keyed mark.
    public func cameFrom(_ address: Secret, account: ID<Account>) throws {
        try run(
            """
            INSERT INTO connection (account, mark, sealed, seen_at, ends_at)
            VALUES (\(account), \(mark(address)), \(try keys.seal(address.bytes, for: "connection \(account)")), \(now), \(now + Self.kept))
            ON CONFLICT (account, mark) DO UPDATE SET sealed = excluded.sealed, seen_at = excluded.seen_at,
              ends_at = excluded.ends_at
            """)
    }

    /// Somebody who was asked to leave for good came from the same place lately. Schools and families share a network,
    /// so this asks a person to look and refuses nobody.
    public func isNearSomeoneWhoLeft(_ address: Secret) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM connection c JOIN sanction s ON s.account = c.account
            WHERE c.mark = \(mark(address)) AND c.ends_at > \(now) AND s.step = 'leave-for-good' AND s.lifted_at IS NULL LIMIT 1
            """)
    }

    func keepConnectionsLonger(of account: ID<Account>) throws {
        try run("UPDATE connection SET ends_at = \(now + Self.keptAfterLeaving) WHERE account = \(account)")
    }

    /// Two people: the first call asks, and a second person's within the hour opens. Both are in the case's history.
    public func breakGlass(_ id: ID<Case>, account: ID<Account>, by person: Person, why: String) throws -> BreakGlass {
        let isAgreed = try exists(
            """
            SELECT 1 FROM case_event WHERE case_id = \(id) AND code = 'connection-asked' AND actor <> \(person.account)
              AND made_at > \(now - Self.agreement)
              AND number > COALESCE((SELECT max(number) FROM case_event WHERE case_id = \(id) AND code = 'connection-seen'), -1)
            """)
        try append(
            .linkSeen, to: id, actor: person.account, role: try roleOf(person, .seeLink, id),
            code: isAgreed ? "connection-seen" : "connection-asked", words: why)
        guard isAgreed else { return .waitsForSecond }
        return .open(try connections(of: account))
    }

    /// In clear, newest first: for the person's own record and for an agreed emergency.
    func connections(of account: ID<Account>) throws -> [(address: String, at: Instant)] {
        try rows("SELECT sealed, seen_at FROM connection WHERE account = \(account) AND ends_at > \(now) ORDER BY seen_at DESC") {
            let sealed = try $0.bytes()
            return (String(decoding: try keys.open(sealed, for: "connection \(account)"), as: UTF8.self), try $0.instant())
        }
    }

    private func mark(_ address: Secret) -> [UInt8] { keys.fingerprint(networkPart(of: address).text, for: "connection") }
}
