import Foundation
import Logging
import Rules
import Store

/// One function per thing that happens: log lines with ids, counts and codes, and counters for the metrics page.
/// Nobody learns from a log what somebody wrote.
struct Events: Sendable {
    let log: Logger
    private let counters = Locked<[String: Int]>([:])

    init(log: Logger) { self.log = log }

    private func count(_ name: String) { counters.with { $0[name, default: 0] += 1 } }

    func answered(_ method: String, route: String, status: Int, microseconds: Int) {
        count("requests{route=\"\(method) \(route)\",status=\"\(status / 100)xx\"}")
        log.debug("request", metadata: ["route": "\(method) \(route)", "status": "\(status)", "us": "\(microseconds)"])
    }
    func refused(_ code: String, route: String) {
        count("refusals{code=\"\(code)\"}")
        log.debug("refused", metadata: ["code": "\(code)", "route": "\(route)"])
    }
    /// The type of the error and its code; a description could hold words.
    func fault(_ error: any Error, route: String) {
        count("faults")
        // The whole of it could quote a value: a rehearsal's developer may ask for it, a running house never does.
        log.trace("fault", metadata: ["whole": "\(error)"])
        log.error("fault", metadata: ["kind": "\(type(of: error))", "what": "\(Self.safe(error))", "route": "\(route)"])
    }
    func sent(_ id: ID<Item>, state: String, help: String) {
        count("items{state=\"\(state)\"}")
        log.info("item.sent", metadata: ["item": "\(id)", "state": "\(state)", "help": "\(help)"])
    }
    /// Advice on wording stood before somebody: which kind, and nothing of the words.
    func guided(_ kinds: Set<String>) {
        for kind in kinds.sorted() {
            count("guidance{kind=\"\(kind)\"}")
            log.info("guidance.shown", metadata: ["kind": "\(kind)"])
        }
    }
    func decided(_ id: ID<Case>, act: String) {
        count("decisions{act=\"\(act)\"}")
        log.info("case.decided", metadata: ["case": "\(id)", "act": "\(act)"])
    }
    func alarm(_ code: String, sent: Bool) {
        count("alarms{sent=\"\(sent)\"}")
        log.log(level: sent ? .info : .error, "alarm", metadata: ["code": "\(code)", "sent": "\(sent)"])
    }
    func keyUsed(_ what: String, by: ID<Account>, about: ID<Case>) {
        log.notice("key.used", metadata: ["what": "\(what)", "by": "\(by)", "case": "\(about)"])
    }
    /// Who looked at private words, not only who acted.
    func looked(_ what: String, by: ID<Account>) {
        log.notice("key.used", metadata: ["what": "\(what)", "by": "\(by)"])
    }
    func note(_ what: String) { log.notice("\(what)") }

    /// Engines name values in some of their messages; only our own errors may speak.
    static func safe(_ error: any Error) -> String {
        switch error {
        case let fault as Fault: fault.code
        case StoreFault.engine(let code, _): "engine \(code)"
        case StoreFault.conflict: "conflict"
        case is DecodingError: "decoding"
        default: String(reflecting: type(of: error))
        }
    }

    func metrics() -> [(String, Int)] { counters.with { $0.sorted { $0.key < $1.key } } }
}
