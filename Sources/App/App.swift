import Foundation
import Logging
import Outside
import Rules
import Screening
import Store

/// Everything a handler may reach, put together once in `App.init` and nowhere else.
public final class App: Sendable {
    let store: Store
    let content: Content
    let sentences: Sentences
    /// As the host's own decisions adjusted it, and as it was shipped.
    let screen: Screen
    let shippedScreen: Screen
    let adjustment: Adjustment
    let alarm: Alarm
    let mail: Mail
    let settings: Settings
    let now: @Sendable () -> Instant
    let chance: Chance
    let hasher: PasswordThreads
    let limits = Limits()
    let live = LiveHub()
    let exposures = Exposures()
    let presence = Presence()
    let events: Events
    let statics: StaticFiles
    private let knownHome: Locked<OrganisationRow>
    private let clocks = Locked<[String: LocalClock]>([:])
    private let delays = Locked<[ID<Room>: (until: Instant, minutes: Int?)]>([:])

    public init(
        store: Store, home: OrganisationRow, settings: Settings, content: Content, sentences: Sentences, screen: Screen,
        adjustment: Adjustment, alarm: Alarm, mail: Mail,
        statics: StaticFiles, now: @escaping @Sendable () -> Instant, chance: Chance, log: Logger
    ) {
        self.store = store
        knownHome = Locked(home)
        self.settings = settings
        self.content = content
        self.sentences = sentences
        self.screen = screen.adjusted(by: adjustment)
        shippedScreen = screen
        self.adjustment = adjustment
        self.alarm = alarm
        self.mail = mail
        self.statics = statics
        self.now = now
        self.chance = chance
        hasher = PasswordThreads(count: 2)
        events = Events(log: log)
        // The clock on the house's wall, whatever zone it is set to next.
        store.countDays { [knownHome, clocks] in Self.clock(knownHome.with { $0.zone }, clocks).dayNumber($0) }
        store.look(within: content.dueTimes)
    }

    /// The organisation whose pages strangers see, as it was read last: for work without a request, and for pages made while the
    /// database can not be asked.
    var home: OrganisationRow { knownHome.with { $0 } }

    /// A request read the organisation: what changed since holds from here on.
    func note(_ organisation: OrganisationRow) { knownHome.with { if $0.id == organisation.id { $0 = organisation } } }

    var offerSetting: OfferSetting {
        let clock = clock(home)
        return content.offerSetting { clock.minute($0) }
    }

    func clock(_ organisation: OrganisationRow) -> LocalClock {
        Self.clock(organisation.zone, clocks)
    }

    func clock(zone: String) -> LocalClock { Self.clock(zone, clocks) }

    private static func clock(_ zone: String, _ clocks: Locked<[String: LocalClock]>) -> LocalClock {
        clocks.with { table in
            if let known = table[zone] { return known }
            let made = LocalClock(zone: zone)
            table[zone] = made
            return made
        }
    }

    /// How long reading takes in a room, measured at most once a minute: it looks at two hundred cases.
    func reviewDelay(of room: ID<Room>, _ tx: Transaction) throws -> Int? {
        if let known = delays.with({ $0[room] }), known.until > tx.now { return known.minutes }
        let minutes = try tx.reviewDelay(of: room)
        delays.with { $0[room] = (tx.now + .minutes(1), minutes) }
        return minutes
    }

    /// A role as people call it: the organisation's own name for it, else the one it came with.
    func roleName(_ code: String, _ roles: [RoleRow]) -> String {
        roles.first { $0.code == code }?.name ?? content.roles.first { $0.id == code }?.name ?? code
    }

    /// The courses that lead to writing letters.
    var letterCourses: [String] { content.courses.filter { $0.opens == .letters }.map(\.id) }

    /// Hours of a room, by the organisation's clock.
    func isOpenNow(_ form: RoomForm, _ organisation: OrganisationRow, now: Instant) -> Bool {
        form.hours?.contains(minute: clock(organisation).minute(now)) ?? true
    }

    var ledger: ErasureLedger { ErasureLedger(file: settings.erasures) }

    public func stop() throws {
        live.end()
        try store.close()
    }
}

/// What the program was told at the start; read once, strictly, by the executable.
public struct Settings: Sendable {
    /// The address people use: `https://…`, or `http://` on loopback only.
    public var address: String
    public var host: String
    public var port: Int
    /// How many proxies in front add to X-Forwarded-For; 0 trusts none.
    public var trustedHops: Int
    /// Where Leave leads; the house's own dull page unless the host names another.
    public var leaveTo: String
    public var isDemo: Bool
    /// Where erasures are written down beside the database.
    public var erasures: URL
    /// Test servers only: a bare answer to measure against.
    public var hasFloor: Bool

    public init(
        address: String, host: String, port: Int, trustedHops: Int = 0, leaveTo: String = "/weather",
        erasures: URL, isDemo: Bool = false, hasFloor: Bool = false
    ) {
        self.address = address
        self.host = host
        self.port = port
        self.trustedHops = trustedHops
        self.leaveTo = leaveTo
        self.isDemo = isDemo
        self.erasures = erasures
        self.hasFloor = hasFloor
    }

    public var isSecure: Bool { address.hasPrefix("https://") }
}

/// Chance, handed in: tests hold it still, the house uses the system's.
public struct Chance: Sendable {
    public var bits: @Sendable () -> UInt64

    public init(bits: @escaping @Sendable () -> UInt64) { self.bits = bits }
    public static let system = Chance { UInt64.random(in: .min ... .max) }

    public func bytes(_ count: Int) -> [UInt8] {
        var made: [UInt8] = []
        while made.count < count { withUnsafeBytes(of: bits()) { made.append(contentsOf: $0) } }
        return Array(made.prefix(count))
    }

    public func below(_ limit: Int) -> Int { Int(bits() % UInt64(limit)) }
    public func share() -> Double { Double(bits() >> 11) / Double(1 << 53) }

    /// 32 random bytes in letters that fit a cookie.
    public func token() -> Secret {
        Secret(
            Data(bytes(32)).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""))
    }
}

/// A value behind a lock.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }
    func with<T>(_ body: (inout Value) throws -> T) rethrows -> T { try lock.withLock { try body(&value) } }
}
