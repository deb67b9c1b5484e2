import Rules
import Screening
import Store

/// One request after the edge has read it: who, what, where, when.
struct Ask: Sendable {
    enum Wants: Sendable { case page, json, part }

    let app: App
    let organisation: OrganisationRow
    let person: Person?
    let program: Program?
    let method: Method
    let path: String
    let parameters: [String: String]
    let query: Form
    let form: Form
    /// What was sent could not be read at all.
    let formFault: Refusal?
    let wants: Wants
    let now: Instant
    /// The address itself, for the one place that keeps it sealed. It prints as dots.
    let address: Secret
    /// Nobody in between: asked on this machine, past any proxy.
    let isFromThisMachine: Bool
    /// Asked for its head alone: whoever asks reads nothing.
    var isHead = false
    /// The form token of this answer: made when its first form is, the same for all of them.
    private let madeToken = Locked<String?>(nil)

    init(
        app: App, organisation: OrganisationRow, person: Person?, program: Program?, method: Method, path: String,
        parameters: [String: String], query: Form, form: Form, formFault: Refusal?, wants: Wants, now: Instant, address: Secret,
        isFromThisMachine: Bool
    ) {
        self.app = app
        self.organisation = organisation
        self.person = person
        self.program = program
        self.method = method
        self.path = path
        self.parameters = parameters
        self.query = query
        self.form = form
        self.formFault = formFault
        self.wants = wants
        self.now = now
        self.address = address
        self.isFromThisMachine = isFromThisMachine
    }

    var formToken: String? {
        person.map { person in
            madeToken.with { known in
                let token = known ?? FormToken.make(person, chance: app.chance)
                known = token
                return token
            }
        }
    }

    /// The same, once it is known who asks.
    func by(_ person: Person?, _ program: Program?, of organisation: OrganisationRow) -> Ask {
        var ask = Ask(
            app: app, organisation: organisation, person: person, program: program, method: method, path: path,
            parameters: parameters, query: query, form: form, formFault: formFault, wants: wants, now: now, address: address,
            isFromThisMachine: isFromThisMachine)
        ask.isHead = isHead
        return ask
    }

    /// What this person has read today, for their own limits and counters.
    func noteRead(_ kind: String, _ amount: Int) {
        guard let person, !isHead else { return }
        app.exposures.note(person.account, kind, amount)
    }

    /// A keyed hash of the network address, for limits; never the address.
    var network: String {
        app.store.keys.fingerprint(networkPart(of: address).text, for: "network").prefix(8).map { String($0, radix: 16) }.joined(
            separator: ".")
    }
    var say: Sentences { app.sentences }
    var moments: Moments { Moments(clock: app.clock(organisation), say: app.sentences, now: now) }
    var viewer: Viewer { person.map(Viewer.init(person:)) ?? Viewer(visitorOf: organisation.id) }

    /// An id from the path: anything that is not one is simply not there.
    func id<T>(_ name: String, _: T.Type = T.self) throws -> ID<T> {
        guard let text = parameters[name], let id = ID<T>(text) else { throw Refusal.notFound }
        return id
    }

    func read<T: Sendable>(long: Bool = false, _ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        try await app.store.read(long: long, body)
    }

    /// The same without one moment for all of it, for the pages that are asked for most: each question holds its own door, so what was
    /// hidden between two of them is seen by neither more than by a visit just before.
    func glance<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T { try await app.store.glance(body) }

    /// A GET that comes here is a fault of ours.
    func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        guard method == .post else { throw Fault.getWrote(path) }
        return try await app.store.write(body)
    }

    /// The reader's choices; a visitor gets the youngest's.
    func choices(_ tx: Transaction) throws -> ReaderChoices {
        guard let person else { return app.content.visitorChoices }
        return try tx.choices(of: person)
    }

    /// What is kept with an item: hints on how to answer are for the writer while writing, and are not among it.
    func screen(_ text: String, isReply: Bool = false) -> Assessment {
        app.screen.assess(text, context: screenContext(isReply: isReply)).withoutWritingHints
    }

    func screenContext(isReply: Bool) -> Context {
        var context = app.content.screenContext
        context.isReply = isReply
        return context
    }

    /// Where the list goes on: an opaque number in the address.
    var before: Int64 { query.optional("before").flatMap { ID<Any>($0)?.raw } ?? .max }
    var after: Int64 { query.optional("after").flatMap { ID<Any>($0)?.raw } ?? 0 }
}

/// Something is wrong with us. Logged by code; the person gets one plain page.
enum Fault: Error {
    case getWrote(String)
    case missing(String)

    var code: String {
        switch self {
        case .getWrote: "a GET wrote"
        case .missing(let what): "missing \(what)"
        }
    }
}
