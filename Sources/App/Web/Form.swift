import Foundation
import Rules

/// One field that an act takes. The same list reads the form, refuses what is unknown, and writes the OpenAPI page.
struct Field: Sendable {
    enum Kind: Sendable, Equatable {
        /// A line of at most so many characters.
        case line(Int)
        /// A person's words, up to 10,000 characters.
        case words
        case choice([String])
        case list([String]?)
        case flag
        case int(ClosedRange<Int>)
        case id
        /// A file's text as it is, of at most so many bytes.
        case table(Int)
    }
    let name: String
    let kind: Kind
    let required: Bool

    static func line(_ name: String, _ longest: Int = 200, optional: Bool = false) -> Field {
        Field(name: name, kind: .line(longest), required: !optional)
    }
    static func words(_ name: String, optional: Bool = false) -> Field {
        Field(name: name, kind: .words, required: !optional)
    }
    static func table(_ name: String, _ longest: Int) -> Field { Field(name: name, kind: .table(longest), required: true) }
    static func choice(_ name: String, _ values: [String], optional: Bool = false) -> Field {
        Field(name: name, kind: .choice(values), required: !optional)
    }
    static func choice<T: CaseIterable & RawRepresentable>(
        _ name: String, _: T.Type, optional: Bool = false
    ) -> Field where T.RawValue == String {
        choice(name, T.allCases.map(\.rawValue), optional: optional)
    }
    static func list(_ name: String, _ values: [String]? = nil) -> Field {
        Field(name: name, kind: .list(values), required: false)
    }
    /// Where a list goes on, as the page before it said.
    static func place(_ name: String) -> Field { line(name, 20, optional: true) }
    static func flag(_ name: String) -> Field { Field(name: name, kind: .flag, required: false) }
    static func int(_ name: String, _ range: ClosedRange<Int>, optional: Bool = false) -> Field {
        Field(name: name, kind: .int(range), required: !optional)
    }
    static func id(_ name: String, optional: Bool = false) -> Field {
        Field(name: name, kind: .id, required: !optional)
    }
    /// A press that comes twice makes one: pages put a fresh one in each form; a program may leave it out.
    static let key = Field(name: "key", kind: .line(64), required: false)
}

/// What was sent, read against the fields of its route.
struct Form: Sendable {
    private(set) var values: [String: [String]] = [:]
    /// In the order sent, for keeping a refused writer's words.
    private(set) var order: [String] = []
    /// Some bytes were no text; they stand as U+FFFD in the values.
    private(set) var broken = false

    static let empty = Form()

    init() {}

    init(urlencoded bytes: some Sequence<UInt8>) {
        for pair in Array(bytes).split(separator: 38) {
            let halves = pair.split(separator: 61, maxSplits: 1, omittingEmptySubsequences: false)
            add(decode(halves[0]), halves.count > 1 ? decode(halves[1]) : "")
        }
    }

    /// An object of strings, numbers, booleans and lists of strings. Nil for anything else.
    init?(json bytes: some Sequence<UInt8>) {
        let data = Data(bytes)
        guard !data.isEmpty else { return }
        let parsed: Any
        do { parsed = try JSONSerialization.jsonObject(with: data) } catch { return nil }
        guard let object = parsed as? [String: Any] else { return nil }
        for (key, value) in object.sorted(by: { $0.key < $1.key }) {
            switch value {
            case let text as String: add(key, text)
            case let list as [String]: for one in list { add(key, one) }
            case is NSNull: continue
            case let number as NSNumber: add(key, number.stringValue)
            default: return nil
            }
        }
    }

    private mutating func add(_ name: String, _ value: String) {
        if values[name] == nil { order.append(name) }
        values[name, default: []].append(value)
    }

    private mutating func decode(_ part: ArraySlice<UInt8>) -> String {
        var out: [UInt8] = []
        out.reserveCapacity(part.count)
        var at = part.startIndex
        while at < part.endIndex {
            switch part[at] {
            case 43: out.append(32)
            case 37 where at + 2 < part.endIndex:
                if let high = Self.hex(part[at + 1]), let low = Self.hex(part[at + 2]) {
                    out.append(high << 4 | low)
                    at += 2
                } else {
                    out.append(37)
                }
            default: out.append(part[at])
            }
            at += 1
        }
        if let text = String(validating: out, as: UTF8.self) { return text.replacing("\r\n", with: "\n") }
        broken = true
        return String(decoding: out, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    /// Refuses what the route does not know, what is missing, and what no choice offers.
    func checked(against fields: [Field]) -> Refusal? {
        if broken { return .unreadable }
        let known = Dictionary(fields.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
        for name in order where known[name] == nil && name != "csrf" { return .unknownField(name) }
        for field in fields {
            guard let sent = values[field.name], !sent.isEmpty else {
                if field.required { return .missing(field.name) }
                continue
            }
            if sent.contains(where: { $0.utf8.contains(0) }) { return .unreadable }
            if sent.count > 1 {
                guard case .list = field.kind else { return .badChoice(field.name) }
            }
            switch field.kind {
            case .line(let longest):
                if sent[0].utf8.count > longest * 8 || sent[0].count > longest { return .tooLong(field.name, longest) }
                if field.required, sent[0].allSatisfy(\.isWhitespace) { return .missing(field.name) }
                if sent[0].unicodeScalars.contains(where: { $0.value < 32 }) { return .unreadable }
            case .words:
                switch Words.read(sent[0]) {
                case .success: break
                case .failure(let refused):
                    switch refused.why {
                    case .empty: if field.required { return .missing(field.name) }
                    case .tooLong: return .tooLong(field.name, Words.longest)
                    case .unreadable: return .unreadable
                    }
                }
                if sent[0].unicodeScalars.contains("\u{1F}") { return .unreadable }
            case .table(let longest):
                if sent[0].utf8.count > longest { return .tooLong(field.name, longest) }
                if sent[0].allSatisfy(\.isWhitespace) { return .missing(field.name) }
            case .choice(let offered):
                if !(sent[0].isEmpty && !field.required), !offered.contains(sent[0]) { return .badChoice(field.name) }
            case .list(let offered):
                if sent.count > 100 { return .badChoice(field.name) }
                if let offered, let odd = sent.first(where: { !offered.contains($0) }) {
                    _ = odd
                    return .badChoice(field.name)
                }
                if sent.contains(where: { $0.count > 100 }) { return .tooLong(field.name, 100) }
            case .flag:
                if !["1", "on", "true", "0", "false", ""].contains(sent[0]) { return .badChoice(field.name) }
            case .int(let range):
                if sent[0].isEmpty, !field.required { continue }
                guard let number = Int(sent[0]), range.contains(number) else { return .badChoice(field.name) }
            case .id:
                if sent[0].isEmpty, !field.required { continue }
                if ID<Any>(sent[0]) == nil { return .badChoice(field.name) }
            }
        }
        return nil
    }

    // Reading, after the check.

    /// All that was sent, in one order whatever the browser's: two presses that say the same are the same.
    func written(without left: Set<String>) -> String {
        order.filter { !left.contains($0) }.sorted().map { "\($0)=\((values[$0] ?? []).joined(separator: "\u{1F}"))" }
            .joined(separator: "\u{1E}")
    }

    func text(_ name: String) -> String { values[name]?.first ?? "" }
    func optional(_ name: String) -> String? { values[name]?.first.flatMap { $0.isEmpty ? nil : $0 } }
    func words(_ name: String) -> String {
        if case .success(let words) = Words.read(text(name)) { return words.text }
        return ""
    }
    func list(_ name: String) -> [String] { values[name] ?? [] }
    func flag(_ name: String) -> Bool { ["1", "on", "true"].contains(text(name)) }
    func int(_ name: String) -> Int? { Int(text(name)) }
    func id<T>(_ name: String, _: T.Type = T.self) -> ID<T>? { optional(name).flatMap { ID($0) } }
    func choice<T: RawRepresentable>(_ name: String, _: T.Type = T.self) -> T? where T.RawValue == String {
        optional(name).flatMap(T.init(rawValue:))
    }
}
