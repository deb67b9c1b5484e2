import Rules

extension Routes {
    static let openAPI: [Route] = [
        .visitor(.get, "/openapi.json", "This document.") { ask in .json(OpenAPI.document(ask.app.settings.address)) }
    ]
}

/// The OpenAPI 3.1 document, written from the route table itself: it can not name an address that is not there, nor
/// forget one. A test holds the committed `docs/api/openapi.json` against it.
public enum OpenAPI {
    public static func document(_ address: String) -> JSON {
        var paths: [JSON.Pair] = []
        for path in orderedPaths() {
            var operations: [JSON.Pair] = []
            for route in Routes.all where route.path == path {
                operations.append(.init(key: route.method == .get ? "get" : "post", value: operation(route)))
            }
            paths.append(.init(key: braces(path), value: .object(operations)))
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Understory", "version": "1",
                "description":
                    "Every address has two faces: a page, and JSON when `Accept: application/json` is sent. A refusal is an object with `refused`, `says` and `field`.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "servers": [["url": .string(address)]], "paths": .object(paths),
            "components": [
                "securitySchemes": [
                    "session": ["type": "apiKey", "in": "cookie", "name": "understory"],
                    "program": ["type": "http", "scheme": "bearer"],
                ],
                "responses": [
                    "Refused": [
                        "description": "Refused, with words.",
                        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Refusal"]]],
                    ]
                ],
                "schemas": [
                    "Refusal": [
                        "type": "object", "required": ["refused", "says"],
                        "properties": ["refused": ["type": "string"], "says": ["type": "string"], "field": ["type": ["string", "null"]]],
                    ]
                ],
            ],
        ]
    }

    public static var text: String { String(decoding: document("http://127.0.0.1:8080").bytes, as: UTF8.self) }

    private static func orderedPaths() -> [String] {
        var seen: Set<String> = []
        return Routes.all.map(\.path).filter { seen.insert($0).inserted }
    }

    private static func braces(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }

    private static func operation(_ route: Route) -> JSON {
        let inPath: [JSON] = route.path.split(separator: "/").filter { $0.hasPrefix(":") }.map { name in
            ["name": .string(String(name.dropFirst())), "in": "path", "required": true, "schema": ["type": "string"]]
        }
        let inQuery: [JSON] =
            route.method == .post ? [] : route.fields.map { ["name": .string($0.name), "in": "query", "schema": type($0)] }
        let parameters = inPath + inQuery
        var pairs: [JSON.Pair] = [
            .init(key: "summary", value: .string(route.says)),
            .init(key: "operationId", value: .string(name(route))),
            .init(key: "x-guard", value: .string(route.who.code)),
        ]
        switch route.who {
        case .visitor: break
        case .member, .staff: pairs.append(.init(key: "security", value: [["session": []]]))
        case .steward: pairs.append(.init(key: "security", value: [["session": []], ["program": []]]))
        }
        if !parameters.isEmpty { pairs.append(.init(key: "parameters", value: .list(parameters))) }
        if route.method == .post {
            let schema = schema(route.fields)
            pairs.append(
                .init(
                    key: "requestBody",
                    value: [
                        "required": .bool(route.fields.contains(where: \.required)),
                        "content": ["application/x-www-form-urlencoded": ["schema": schema], "application/json": ["schema": schema]],
                    ]))
        }
        pairs.append(.init(key: "responses", value: responses(route)))
        return .object(pairs)
    }

    private static func name(_ route: Route) -> String {
        route.method.rawValue.lowercased()
            + route.path.split(separator: "/").map { part in
                part.split(whereSeparator: { !$0.isLetter }).map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            }.joined()
    }

    private static func responses(_ route: Route) -> JSON {
        var pairs: [JSON.Pair] = [.init(key: "200", value: ["description": "Done, or the thing asked for."])]
        if route.method == .post {
            pairs.append(.init(key: "201", value: ["description": "Made."]))
            pairs.append(.init(key: "303", value: ["description": "Done; the page is elsewhere."]))
        }
        pairs.append(.init(key: "4XX", value: ["$ref": "#/components/responses/Refused"]))
        return .object(pairs)
    }

    private static func type(_ field: Field) -> JSON {
        switch field.kind {
        case .line(let longest): ["type": "string", "maxLength": .int(longest)]
        case .words: ["type": "string", "maxLength": .int(Words.longest)]
        case .table(let longest): ["type": "string", "maxLength": .int(longest)]
        case .choice(let values): ["type": "string", "enum": .list((field.required ? values : values + [""]).map(JSON.string))]
        case .list(let values):
            [
                "type": "array",
                "items": values.map { ["type": "string", "enum": .list($0.map(JSON.string))] } ?? ["type": "string"],
            ]
        case .flag: ["type": "string", "enum": ["1", "0"]]
        case .int(let range): ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
        case .id: ["type": "string", "pattern": "^[0-9A-Za-z]{13}$"]
        }
    }

    private static func schema(_ fields: [Field]) -> JSON {
        var properties: [JSON.Pair] = []
        for field in fields {
            properties.append(.init(key: field.name, value: type(field)))
        }
        properties.append(.init(key: "csrf", value: ["type": "string"]))
        return [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
            "required": .list(fields.filter(\.required).map { .string($0.name) }),
        ]
    }
}
