import Rules
import Store

/// Who may use a route. Each guard hands its handler a proof; without the proof the handler can not be called.
enum Guard: Sendable, Equatable {
    case visitor
    case member
    case staff(Power)
    /// Staff with this power, or a program whose token lists the act.
    case steward(Power, act: String)

    var code: String {
        switch self {
        case .visitor: "visitor"
        case .member: "member"
        case .staff(let power): "staff:\(power.rawValue)"
        case .steward(let power, let act): "steward:\(power.rawValue):\(act)"
        }
    }
}

/// Proof: this person is staff, has passed the second factor, and holds the route's power somewhere now. Whether they
/// hold it in the room at hand is asked again at the door.
struct Worker: Sendable {
    let person: Person

    fileprivate init?(_ person: Person, power: Power, now: Instant) {
        guard person.staff.holds(power, now: now), person.passedSecondFactor else { return nil }
        self.person = person
    }

    /// What belongs to no room, courses and their people, takes a role for the whole house and a current check.
    func must(_ power: Power, now: Instant) throws {
        guard person.staff.may(power, at: .house, now: now) else { throw Refusal.noPower }
    }
}

/// Proof: whoever runs the house, a person or the organisation's own program. Holds no way to anybody's words.
struct Steward: Sendable {
    let organisation: ID<Organisation>
    let account: ID<Account>?
    let called: String
    /// Has the person behind it a current check? A program has none to show: it acts for the organisation, which gave it its acts.
    let isChecked: Bool
}

enum Method: String, Sendable { case get = "GET", post = "POST" }

/// One line of the index of the product.
struct Route: Sendable {
    let method: Method
    let path: String
    let who: Guard
    let says: String
    /// What it takes: the form of a POST; of a GET the part of the address after `?`, where all may be left out.
    let fields: [Field]
    let run: @Sendable (Ask) async throws -> Answer
    /// Answers even when the database can not be asked: help and leaving.
    var worksAlone = false

    /// A page that must open on the worst night, whatever else is broken.
    static func always(
        _ path: String, _ says: String, _ fields: [Field], _ act: @escaping @Sendable (Ask) async throws -> Answer
    ) -> Route {
        var route = visitor(.get, path, says, fields, act)
        route.worksAlone = true
        return route
    }

    static func visitor(
        _ method: Method, _ path: String, _ says: String, _ fields: [Field],
        _ act: @escaping @Sendable (Ask) async throws -> Answer
    ) -> Route {
        Route(method: method, path: path, who: .visitor, says: says, fields: fields, run: act)
    }

    static func member(
        _ method: Method, _ path: String, _ says: String, _ fields: [Field],
        _ act: @escaping @Sendable (Ask, Person) async throws -> Answer
    ) -> Route {
        Route(method: method, path: path, who: .member, says: says, fields: fields) { ask in
            guard let person = ask.person else { throw Refusal.signIn }
            return try await act(ask, person)
        }
    }

    static func staff(
        _ method: Method, _ path: String, _ power: Power, _ says: String, _ fields: [Field],
        _ act: @escaping @Sendable (Ask, Worker) async throws -> Answer
    ) -> Route {
        Route(method: method, path: path, who: .staff(power), says: says, fields: fields) { ask in
            guard let person = ask.person else { throw Refusal.signIn }
            guard let worker = Worker(person, power: power, now: ask.now) else {
                // To a member the page is not there; to staff without the power it is forbidden, and they learn why.
                guard person.isStaff else { throw Refusal.notFound }
                throw person.passedSecondFactor ? Refusal.noPower : Refusal.secondFactor
            }
            return try await act(ask, worker)
        }
    }

    static func steward(
        _ method: Method, _ path: String, _ power: Power, act name: String, _ says: String, _ fields: [Field],
        _ act: @escaping @Sendable (Ask, Steward) async throws -> Answer
    ) -> Route {
        Route(method: method, path: path, who: .steward(power, act: name), says: says, fields: fields) { ask in
            if let program = ask.program {
                guard program.acts.contains(name) else { throw Refusal.noPower }
                return try await act(
                    ask, Steward(organisation: program.organisation, account: nil, called: program.called, isChecked: true))
            }
            guard let person = ask.person else { throw Refusal.signIn }
            guard let worker = Worker(person, power: power, now: ask.now) else {
                guard person.isStaff else { throw Refusal.notFound }
                throw person.passedSecondFactor ? Refusal.noPower : Refusal.secondFactor
            }
            return try await act(
                ask,
                Steward(
                    organisation: person.organisation, account: worker.person.account, called: worker.person.shownName,
                    isChecked: person.staff.checkedUntil.map { $0 > ask.now } ?? false))
        }
    }

    // The same without fields.

    static func always(_ path: String, _ says: String, _ act: @escaping @Sendable (Ask) async throws -> Answer) -> Route {
        always(path, says, [], act)
    }

    static func visitor(
        _ method: Method, _ path: String, _ says: String, _ act: @escaping @Sendable (Ask) async throws -> Answer
    ) -> Route { visitor(method, path, says, [], act) }

    static func member(
        _ method: Method, _ path: String, _ says: String, _ act: @escaping @Sendable (Ask, Person) async throws -> Answer
    ) -> Route { member(method, path, says, [], act) }

    static func staff(
        _ method: Method, _ path: String, _ power: Power, _ says: String,
        _ act: @escaping @Sendable (Ask, Worker) async throws -> Answer
    ) -> Route { staff(method, path, power, says, [], act) }

    static func steward(
        _ method: Method, _ path: String, _ power: Power, act name: String, _ says: String,
        _ act: @escaping @Sendable (Ask, Steward) async throws -> Answer
    ) -> Route { steward(method, path, power, act: name, says, [], act) }
}

/// A program of the organisation's, as its token proves it.
struct Program: Sendable {
    let organisation: ID<Organisation>
    let called: String
    let acts: Set<String>
}
