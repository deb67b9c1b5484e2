/// The API for people: one page a noun, written from the route table like the OpenAPI document.
public enum APIPages {
    /// File name and text of each page.
    public static var all: [(name: String, text: String)] {
        var order: [String] = []
        var pages: [String: [Route]] = [:]
        for route in Routes.all {
            let noun = route.path.split(separator: "/").first { !$0.hasPrefix(":") }.map(String.init) ?? "house"
            let name = noun.split(separator: ".").first.map(String.init) ?? noun
            if pages[name] == nil { order.append(name) }
            pages[name, default: []].append(route)
        }
        let index =
            "# The API\n\nEvery address has two faces: a page, and JSON when `Accept: application/json` is sent. "
            + "A refusal is `{\"refused\": code, \"says\": words, \"field\": name}`. Signed-in writes need the token of `GET /session` as the "
            + "field `csrf` or the header `X-CSRF-Token`; programs send `Authorization: Bearer` and need none. A write with a `key` may be "
            + "repeated: the same key makes one. These pages and `openapi.json` are written by `make api` from the route table.\n\n"
            + order.map { "- [\($0)](\($0).md)" }.joined(separator: "\n") + "\n"
        return [("README.md", index)] + order.map { ("\($0).md", page($0, pages[$0] ?? [])) }
    }

    private static func page(_ name: String, _ routes: [Route]) -> String {
        "# \(name)\n" + routes.map(section).joined()
    }

    private static func section(_ route: Route) -> String {
        var text = "\n## `\(route.method.rawValue) \(route.path)`\n\n\(route.says) For: \(who(route.who)).\n"
        if !route.fields.isEmpty {
            text += "\n| field | what | needed |\n| --- | --- | --- |\n"
            for field in route.fields { text += "| `\(field.name)` | \(kind(field.kind)) | \(field.required ? "yes" : "no") |\n" }
        }
        return text
    }

    private static func who(_ who: Guard) -> String {
        switch who {
        case .visitor: "anyone"
        case .member: "whoever is signed in"
        case .staff(let power): "staff with the power `\(power.rawValue)`"
        case .steward(let power, let act): "staff with the power `\(power.rawValue)`, or a program with the act `\(act)`"
        }
    }

    private static func kind(_ kind: Field.Kind) -> String {
        switch kind {
        case .line(let longest): "a line of at most \(longest) characters"
        case .words: "words, at most 10,000 characters"
        case .table(let longest): "the text of a file, at most \(longest) bytes"
        case .choice(let values): "one of " + values.map { "`\($0)`" }.joined(separator: ", ")
        case .list(let values): values.map { "any of " + $0.map { "`\($0)`" }.joined(separator: ", ") } ?? "a list"
        case .flag: "`1` or `0`"
        case .int(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .id: "an id"
        }
    }
}
