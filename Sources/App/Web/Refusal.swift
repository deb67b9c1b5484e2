import Rules

/// A refusal is a value: a status, a code for programs, a sentence for people. It keeps the writer's words.
struct Refusal: Error, Equatable {
    let status: Int
    let code: String
    var gaps: [String: String] = [:]
    /// Which field, where one is to blame.
    var field: String?

    static let notFound = Refusal(status: 404, code: "not-found")
    static let signIn = Refusal(status: 401, code: "sign-in")
    static let noPower = Refusal(status: 403, code: "no-power")
    static let secondFactor = Refusal(status: 403, code: "second-factor")
    static let forged = Refusal(status: 403, code: "forged")
    static let unreadable = Refusal(status: 400, code: "unreadable")
    static let tooBig = Refusal(status: 413, code: "too-big")
    static let wrongMethod = Refusal(status: 405, code: "wrong-method")
    static let someoneElseHasIt = Refusal(status: 409, code: "someone-else-has-it")
    static let caseClosed = Refusal(status: 409, code: "case-closed")
    static let wrongWayBack = Refusal(status: 403, code: "wrong-way-back")

    static func unknownField(_ name: String) -> Refusal {
        Refusal(status: 400, code: "unknown-field", gaps: ["field": String(name.prefix(40))])
    }
    static func missing(_ field: String) -> Refusal {
        Refusal(status: 422, code: "missing", gaps: ["field": field], field: field)
    }
    static func badChoice(_ field: String) -> Refusal {
        Refusal(status: 422, code: "bad-choice", gaps: ["field": field], field: field)
    }
    static func tooLong(_ field: String, _ longest: Int) -> Refusal {
        Refusal(status: 422, code: "too-long", gaps: ["field": field, "longest": String(longest)], field: field)
    }
    static func tooFast(minutes: Int) -> Refusal {
        Refusal(status: 429, code: "too-fast", gaps: ["minutes": String(max(1, minutes))])
    }
    static func rule(_ code: String, status: Int = 422, _ gaps: [String: String] = [:]) -> Refusal {
        Refusal(status: status, code: code, gaps: gaps)
    }
}
