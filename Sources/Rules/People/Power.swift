/// What a role may do. A closed list: a new power must be thought about wherever powers are read.
public enum Power: String, Sendable, CaseIterable {
    case readQueue, approve, returnIt, hide, mask, label, move, remove, restrict, ban, answer, escalate
    case takeEscalated, converse, closeRisk, seeLink, decideAppeal
    /// Rates the role-play of people who learn to support others, and reads shown words by a list of codes.
    case rate
    case manageRooms, manageRoles, manageStaff, manageRoster, recordOpening, readCounts, seeDelays
    /// Runs studies and reviews; never sees a name.
    case research
    /// Watches a study for harm from outside, and may stop it.
    case monitor

    /// Powers over people and their words, as against the running of the house. In an under-18 room these need a
    /// current check.
    public var touchesPeople: Bool {
        switch self {
        case .readQueue, .approve, .returnIt, .hide, .mask, .label, .move, .remove, .restrict, .ban, .answer,
            .escalate, .takeEscalated, .converse, .closeRisk, .seeLink, .decideAppeal,
            .rate:
            true
        case .manageRooms, .manageRoles, .manageStaff, .manageRoster, .recordOpening, .readCounts, .seeDelays, .research, .monitor:
            false
        }
    }
}

extension Power {
    /// Runs the house, or a study in it: held in the whole of it or not at all.
    public var isOfTheHouse: Bool {
        switch self {
        case .manageRooms, .manageRoles, .manageStaff, .manageRoster, .recordOpening, .readCounts, .research, .monitor: true
        case .readQueue, .approve, .returnIt, .hide, .mask, .label, .move, .remove, .restrict, .ban, .answer, .escalate, .takeEscalated,
            .converse, .closeRisk, .seeLink, .decideAppeal, .rate, .seeDelays:
            false
        }
    }

    /// Reading what waits and deciding about it: in a room only for the roles that its form names.
    public var moderates: Bool {
        switch self {
        case .readQueue, .approve, .returnIt, .mask, .label, .move, .remove, .restrict, .ban: true
        // Hiding for now, until somebody who reads there has looked, stays with everybody who holds it.
        case .hide, .answer, .escalate, .takeEscalated, .converse, .closeRisk, .seeLink, .decideAppeal, .rate, .manageRooms, .manageRoles,
            .manageStaff, .manageRoster, .recordOpening, .readCounts, .seeDelays, .research, .monitor:
            false
        }
    }
}

/// Where a power is used: a room with its ages and the roles that its form names as moderators, or the house as a whole.
public struct Workplace: Sendable, Equatable {
    public let room: ID<Room>?
    public let bands: Set<AgeBand>
    public let moderators: [String]

    public init(room: ID<Room>?, bands: Set<AgeBand>, moderators: [String]) {
        (self.room, self.bands, self.moderators) = (room, bands, moderators)
    }

    public init(_ room: ID<Room>, _ form: RoomForm) { self.init(room: room, bands: form.bands, moderators: form.moderators) }

    /// What stands in no room. No age is known, so the youngest's rule holds.
    public static let house = Workplace(room: nil, bands: [], moderators: [])
}

/// One role as given to somebody: in one room, or in all of the organisation's.
public struct GivenRole: Sendable, Equatable {
    public let code: String
    public let name: String
    public let powers: Set<Power>
    public let room: ID<Room>?
    public let endsAt: Instant

    public init(code: String, name: String, powers: Set<Power>, room: ID<Room>?, endsAt: Instant) {
        self.code = code
        self.name = name
        self.powers = powers
        self.room = room
        self.endsAt = endsAt
    }

    /// Those who take what others pass up reach every room: nothing may be left without somebody. In a room without moderators
    /// whoever reads the house's queue reads its reports and signs of danger.
    func reaches(_ power: Power, at place: Workplace) -> Bool {
        guard powers.contains(power), room == nil || room == place.room else { return false }
        // A role given for this very room needs no naming.
        guard power.moderates, !place.moderators.isEmpty, room == nil else { return true }
        return place.moderators.contains(code) || powers.contains(.takeEscalated)
    }
}

/// Everything that decides what a member of staff may do now.
public struct Staff: Sendable, Equatable {
    public let account: ID<Account>
    public let roles: [GivenRole]
    /// When the newest current check ends; nil without one.
    public let checkedUntil: Instant?

    public init(account: ID<Account>, roles: [GivenRole], checkedUntil: Instant?) {
        self.account = account
        self.roles = roles
        self.checkedUntil = checkedUntil
    }

    /// May this person use `power` there, now? Powers lapse with the role and with the check.
    public func may(_ power: Power, at place: Workplace, now: Instant) -> Bool {
        guard roles.contains(where: { $0.reaches(power, at: place) && $0.endsAt > now }) else { return false }
        guard power.touchesPeople, place.bands.contains(where: \.isUnder18) || place.bands.isEmpty else { return true }
        return checkedUntil.map { $0 > now } ?? false
    }

    /// Holds the power somewhere at all: decides which pages are offered, never what may be done on them. What runs the house is
    /// held in the whole of it: a role that was given in one room runs none of it.
    public func holds(_ power: Power, now: Instant) -> Bool {
        roles.contains { $0.powers.contains(power) && $0.endsAt > now && (!power.isOfTheHouse || $0.room == nil) }
    }

    /// The role under which somebody is here, wherever it reaches.
    public func holder(of power: Power, now: Instant) -> String {
        roles.first { $0.powers.contains(power) && $0.endsAt > now }?.code ?? "none"
    }

    /// The role under which an act is written down: the one that carries the power there, never another that this person holds.
    public func role(for power: Power, at place: Workplace, now: Instant) -> String {
        roles.first { $0.reaches(power, at: place) && $0.endsAt > now }?.code ?? "none"
    }
}

/// Phantom types: what an id names.
public enum Account {}
public enum Name {}
public enum Organisation {}
public enum Room {}
public enum Item {}
public enum Case {}
public enum Conversation {}
public enum Decision {}
public enum Report {}
public enum Alert {}
public enum Offer {}
public enum RolePlay {}
public enum Series {}
public enum EvidenceNote {}
public enum Supervision {}
public enum FilledForm {}
public enum Study {}
public enum Participant {}
public enum Notice {}
public enum Role {}
public enum Session {}
public enum Anything {}
