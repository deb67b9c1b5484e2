import NIOCore
import Rules

/// What a handler answers; the edge turns it into the face that was asked for.
enum Answer: Sendable {
    /// A page and its JSON; only the face that was asked for is made.
    case faces(page: @Sendable () -> Page, json: @Sendable () -> JSON, status: Int)
    /// Done: go and see. 303 for a page, the JSON with 200 or 201 for a program.
    case see(String, json: JSON = ["done": true], created: Bool = false)
    case json(JSON, status: Int = 200)
    case file(name: String, type: String, bytes: [UInt8])
    case text(String, type: String = "text/plain; charset=utf-8", status: Int = 200)
    case stream(Subscription)
    /// Signs in or out on the way.
    indirect case withSession(SessionChange, Answer)

    static func page(
        _ page: @autoclosure @escaping @Sendable () -> Page, json: @autoclosure @escaping @Sendable () -> JSON, status: Int = 200
    ) -> Answer {
        .faces(page: page, json: json, status: status)
    }
}

enum SessionChange: Sendable {
    case begin(Secret, shared: Bool)
    case end
}

/// A page before its frame.
struct Page: Sendable {
    enum Tab: String, Sendable { case today, rooms, write, talk, you, none }
    var title: String
    var tab: Tab = .none
    var wide = false
    var scripts: [String] = []
    var body: HTML
    /// A part of the page that a script may ask for alone.
    var fragment: HTML?

    init(
        _ title: String, tab: Tab = .none, wide: Bool = false, scripts: [String] = [],
        fragment: HTML? = nil, body: HTML
    ) {
        self.title = title
        self.tab = tab
        self.wide = wide
        self.scripts = scripts
        self.fragment = fragment
        self.body = body
    }
}
