import Foundation

/// What is wrong with a protocol's file, by its place.
public struct ProtocolFault: Error, CustomStringConvertible, Equatable {
    public let place: String
    public let what: String

    public var description: String { place.isEmpty ? what : "\(place): \(what)" }
}

extension StudyProtocol {
    /// Reads a protocol from JSON. Every field is known by name: a misspelt one would be a promise that nobody keeps.
    public init(json data: Data) throws {
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: data) } catch let fault as ProtocolFault { throw fault } catch {
            throw Self.fault(error)
        }
        guard file.id.wholeMatch(of: /[a-z0-9-]{2,40}/) != nil else {
            throw ProtocolFault(place: "id", what: "two to forty small letters, digits and hyphens")
        }
        guard file.id != "adult" else { throw ProtocolFault(place: "id", what: "is an address of its own") }
        func within(_ place: String, _ range: ClosedRange<Int>, _ numbers: [Int?]) throws {
            if numbers.contains(where: { $0.map { !range.contains($0) } ?? false }) {
                throw ProtocolFault(place: place, what: "numbers from \(range.lowerBound) to \(range.upperBound)")
            }
        }
        try within("version", 1...10_000, [file.version])
        try within("wanted", 2...20_000, [file.wanted])
        try within("consentDays", 1...3_650, [file.consentDays])
        try within("blocks", 1...200, file.blocks ?? [])
        try within("days", 0...1_000, file.primary.days + (file.also ?? []).flatMap(\.days))
        try within("arms", 1...1_000, file.arms.flatMap { [$0.waits, $0.weeks, $0.posts] })
        guard Set(file.bands).count == file.bands.count, !(file.sides?.isEmpty ?? false) else {
            throw ProtocolFault(place: "bands", what: "each age once, and somebody to take part")
        }
        if let odd = file.arms.first(where: { $0.id.wholeMatch(of: /[A-Za-z0-9-]{1,40}/) == nil }) {
            throw ProtocolFault(place: "arms", what: "\(odd.id) is no id: letters, digits and hyphens")
        }
        try within("share", 1...10, file.arms.map(\.share))
        guard (1...8).contains(file.arms.count), file.bands.count <= 5, (file.also ?? []).count <= 20, file.primary.days.count <= 60 else {
            throw ProtocolFault(place: "arms", what: "one to eight arms, and twenty other forms at most")
        }
        guard file.wanted * file.arms.reduce(0, { $0 + ($1.share ?? 1) }) <= 20_000 else {
            throw ProtocolFault(place: "wanted", what: "20000 places in each age at most")
        }
        for (place, words) in [("title", file.title), ("about", file.about)]
        where words.allSatisfy(\.isWhitespace) || words.count > 4000 {
            throw ProtocolFault(place: place, what: "up to 4000 characters")
        }
        let until = try file.ethics?.until.map { text in
            do {
                return Instant(
                    milliseconds: Int64(try Date(text, strategy: .iso8601.year().month().day()).timeIntervalSince1970) * 1000)
            } catch { throw ProtocolFault(place: "ethics.until", what: "a day as 2027-12-31") }
        }
        self.init(
            id: file.id, version: file.version, title: file.title, about: file.about,
            design: try Self.word(file.design, "design"),
            arms: try file.arms.enumerated().map { place, arm in
                Arm(
                    id: arm.id, name: arm.name, gives: try Self.word(arm.gives ?? "rooms", "arms[\(place)].gives"), share: arm.share ?? 1,
                    levels: arm.levels ?? [], rooms: arm.rooms ?? [], waits: arm.waits, posts: arm.posts, weeks: arm.weeks)
            },
            factors: file.factors ?? [], bands: try file.bands.map { try Self.word($0, "bands") },
            sides: try (file.sides ?? ["seeker"]).map { try Self.word($0, "sides") },
            allocation: try Self.word(file.allocation ?? "blocks", "allocation"),
            blocks: file.blocks ?? [], primary: file.primary.measure,
            days: file.primary.days,
            also: try (file.also ?? []).map { ask in
                Asking(
                    ask.measure, days: ask.days, of: Set(try (ask.of ?? ["seeker", "supporter"]).map { try Self.word($0, "also.of") }))
            },
            wanted: file.wanted, runner: try Self.word(file.runner, "runner"), ethics: file.ethics?.reference, ethicsUntil: until,
            monitor: file.monitor, consentDays: file.consentDays ?? 365, guardian: try Self.word(file.guardian ?? "host", "guardian"),
            harm: HarmWatch(usual: file.harm.usual, raised: file.harm.raised, h: file.harm.h, points: file.harm.points))
    }

    private static func word<T: CaseIterable & RawRepresentable>(_ text: String, _ place: String) throws -> T where T.RawValue == String {
        guard let value = T(rawValue: text) else {
            throw ProtocolFault(place: place, what: "\(text) is none of \(T.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    private static func fault(_ error: any Error) -> ProtocolFault {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".").replacing(".[", with: "[")
        }
        if case .keyNotFound(let key, let context)? = error as? DecodingError {
            return ProtocolFault(place: place(context.codingPath), what: "\(key.stringValue) is missing")
        }
        if case .typeMismatch(_, let context)? = error as? DecodingError {
            return ProtocolFault(place: place(context.codingPath), what: "is of another kind")
        }
        if case .valueNotFound(_, let context)? = error as? DecodingError {
            return ProtocolFault(place: place(context.codingPath), what: "is empty")
        }
        return ProtocolFault(place: "", what: "is no JSON")
    }

    private struct File: Decodable {
        struct Arm: Decodable {
            let id: String, name: String?, gives: String?, share: Int?, levels: [Double]?, rooms: [String]?, waits: Int?, posts: Int?
            let weeks: Int?
            private enum CodingKeys: String, CodingKey, CaseIterable { case id, name, gives, share, levels, rooms, waits, posts, weeks }

            init(from decoder: any Decoder) throws {
                try only(CodingKeys.allCases, decoder)
                let box = try decoder.container(keyedBy: CodingKeys.self)
                (id, name) = (try box.decode(String.self, forKey: .id), try box.decodeIfPresent(String.self, forKey: .name))
                gives = try box.decodeIfPresent(String.self, forKey: .gives)
                share = try box.decodeIfPresent(Int.self, forKey: .share)
                levels = try box.decodeIfPresent([Double].self, forKey: .levels)
                rooms = try box.decodeIfPresent([String].self, forKey: .rooms)
                (waits, posts) = (try box.decodeIfPresent(Int.self, forKey: .waits), try box.decodeIfPresent(Int.self, forKey: .posts))
                weeks = try box.decodeIfPresent(Int.self, forKey: .weeks)
            }
        }
        struct Asking: Decodable {
            let measure: String, days: [Int], of: [String]?
            private enum CodingKeys: String, CodingKey, CaseIterable { case measure, days, of }

            init(from decoder: any Decoder) throws {
                try only(CodingKeys.allCases, decoder)
                let box = try decoder.container(keyedBy: CodingKeys.self)
                (measure, days) = (try box.decode(String.self, forKey: .measure), try box.decode([Int].self, forKey: .days))
                of = try box.decodeIfPresent([String].self, forKey: .of)
            }
        }
        struct Ethics: Decodable { let reference: String, until: String? }
        struct Harm: Decodable { let usual: Double, raised: Double, h: Double, points: Double? }

        let id: String, version: Int, title: String, about: String, design: String, arms: [Arm], factors: [String]?
        let bands: [String], sides: [String]?, allocation: String?, blocks: [Int]?, primary: Asking, also: [Asking]?, wanted: Int,
            runner: String
        let ethics: Ethics?, monitor: String?, consentDays: Int?, guardian: String?, harm: Harm

        private enum CodingKeys: String, CodingKey, CaseIterable {
            case id, version, title, about, design, arms, factors, bands, sides, allocation, blocks, primary, also, wanted, runner, ethics,
                monitor
            case consentDays, guardian, harm
        }

        init(from decoder: any Decoder) throws {
            try only(CodingKeys.allCases, decoder)
            let box = try decoder.container(keyedBy: CodingKeys.self)
            (id, version) = (try box.decode(String.self, forKey: .id), try box.decode(Int.self, forKey: .version))
            (title, about) = (try box.decode(String.self, forKey: .title), try box.decode(String.self, forKey: .about))
            (design, arms) = (try box.decode(String.self, forKey: .design), try box.decode([Arm].self, forKey: .arms))
            factors = try box.decodeIfPresent([String].self, forKey: .factors)
            bands = try box.decode([String].self, forKey: .bands)
            sides = try box.decodeIfPresent([String].self, forKey: .sides)
            allocation = try box.decodeIfPresent(String.self, forKey: .allocation)
            blocks = try box.decodeIfPresent([Int].self, forKey: .blocks)
            primary = try box.decode(Asking.self, forKey: .primary)
            also = try box.decodeIfPresent([Asking].self, forKey: .also)
            (wanted, runner) = (try box.decode(Int.self, forKey: .wanted), try box.decode(String.self, forKey: .runner))
            ethics = try box.decodeIfPresent(Ethics.self, forKey: .ethics)
            monitor = try box.decodeIfPresent(String.self, forKey: .monitor)
            consentDays = try box.decodeIfPresent(Int.self, forKey: .consentDays)
            guardian = try box.decodeIfPresent(String.self, forKey: .guardian)
            harm = try box.decode(Harm.self, forKey: .harm)
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static func only(_ known: [some CodingKey], _ decoder: any Decoder) throws {
        let names = Set(known.map(\.stringValue))
        if let other = try decoder.container(keyedBy: AnyKey.self).allKeys.map(\.stringValue).sorted().first(where: { !names.contains($0) })
        {
            throw ProtocolFault(place: decoder.codingPath.map(\.stringValue).joined(separator: "."), what: "there is no field \(other)")
        }
    }
}
