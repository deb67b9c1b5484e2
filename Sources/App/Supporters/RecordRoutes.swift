import Foundation
import Rules
import Store

extension Routes {
    static let records: [Route] = [
        .member(.get, "/you/record", "What a record of one's help would say.", RecordRoutes.show),
        .member(.post, "/you/record", "The record, signed: a file that others can check.", RecordRoutes.make),
        .visitor(.get, "/record/check", "Check a record of help.", RecordRoutes.form),
        .visitor(.post, "/record/check", "Check it: is it ours, and what does it say?", [.words("record")], RecordRoutes.check),
        .visitor(.get, "/record/keys", "Public keys, for checking without asking us.", RecordRoutes.keys),
    ]
}

/// A record of help: a W3C verifiable credential (data model 2.0) secured as a JWT (RFC 7515, EdDSA). It says hours, months and courses;
/// no name of the house's, no id of an account, no post.
enum RecordRoutes {
    private static func isThere(_ ask: Ask, _ person: Person) -> Bool {
        ask.app.content.courses.contains { $0.isFor(person.band) } && !person.isStaff
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard isThere(ask, person) else { throw Refusal.notFound }
        let courses = ask.app.content.courses
        let record = try await ask.read { try $0.helpRecord(of: person, courses) }
        let say = ask.say
        let lines = said(record, ask)
        let body: HTML = """
            <h1>\(say("record.title"))</h1><p class="lead">\(say("record.lead"))</p><section class="card stack" aria-labelledby="says"><h2 id="says">\(say("record.says"))</h2>\
            <ul class="stack">\(each: lines, { "<li>\($0)</li>" })</ul><p class="quietly">\(say("record.counted"))</p><p class="quietly">\(say("record.says-not"))</p></section>
            <form method="post" action="/you/record">\(Parts.token(ask))<button class="button">\(say("record.make"))</button></form><p><a href="/record/check">\(say("record.check-link"))</a></p>
            """
        return .page(
            Page(say("record.title"), tab: .you, body: body),
            json: [
                "hours": .int(record.hours), "from": record.first.map { .string(month($0, ask)) } ?? nil,
                "until": record.last.map { .string(month($0, ask)) } ?? nil, "courses": .list(record.courses.map { .string($0.id) }),
            ])
    }

    private static func said(_ record: HelpRecord, _ ask: Ask) -> [String] {
        let say = ask.say
        var lines = [say("record.by", ["name": ask.organisation.name]), say("record.hours", n: record.hours)]
        if let first = record.first, let last = record.last {
            lines.append(say("record.months", ["from": month(first, ask), "until": month(last, ask)]))
        }
        return lines
            + record.courses.map { course in
                let title = ask.app.content.courses.first { $0.id == course.id }?.title ?? course.id
                return say("record.course", ["title": title, "version": String(course.version)])
            }
    }

    private static func month(_ moment: Instant, _ ask: Ask) -> String {
        let day = ask.moments.clock.day(moment)
        return "\(day.year)-\(day.month < 10 ? "0" : "")\(day.month)"
    }

    static func make(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard isThere(ask, person) else { throw Refusal.notFound }
        let courses = ask.app.content.courses
        let record = try await ask.app.store.read { try $0.helpRecord(of: person, courses) }
        // Of today's day alone: the second would say when somebody was here.
        let day = String(ISODate.write(ask.now).prefix(10))
        // Random, and kept nowhere: two records of one person have nothing in common.
        let id = ask.app.chance.token().text
        let claims: JSON = [
            "@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "RecordOfHelp"],
            "id": .string("urn:record:\(id)"), "issuer": .string(ask.app.settings.address), "issuerName": .string(ask.organisation.name),
            "validFrom": .string("\(day)T00:00:00Z"),
            "credentialSubject": [
                "hours": .int(record.hours), "firstMonth": record.first.map { .string(month($0, ask)) } ?? nil,
                "lastMonth": record.last.map { .string(month($0, ask)) } ?? nil,
                "training": .list(
                    record.courses.map { course in
                        [
                            "course": .string(course.id), "version": .int(course.version),
                            "title": .string(courses.first { $0.id == course.id }?.title ?? course.id),
                        ]
                    }),
            ],
        ]
        let token = try RecordToken.sign(claims, ask.app.store.keys)
        return .file(name: "record.jwt", type: "application/vc+jwt", bytes: Array(token.utf8))
    }

    static func form(_ ask: Ask) async throws -> Answer {
        .page(page(ask, nil, ""), json: ["fields": ["record"]])
    }

    static func check(_ ask: Ask) async throws -> Answer {
        if let wait = ask.app.limits.wait("record \(ask.network)", limit: 60, within: .minutes(10), now: ask.now) {
            throw Refusal.tooFast(minutes: wait.minutes + 1)
        }
        let sent = ask.form.words("record")
        let result = RecordToken.check(sent, ask.app.store.keys)
        switch result {
        case .good(let claims):
            return .page(page(ask, result, sent), json: ["valid": true, "record": .string(String(decoding: claims, as: UTF8.self))])
        case .bad(let why):
            return .page(
                page(ask, result, sent),
                json: [
                    "valid": false, "refused": .string("record-\(why.rawValue)"), "says": .string(ask.say("record.bad-\(why.rawValue)")),
                ], status: 422)
        }
    }

    private static func page(_ ask: Ask, _ result: RecordToken.Result?, _ sent: String) -> Page {
        let say = ask.say
        let told: HTML
        switch result {
        case nil: told = ""
        case .bad(let why): told = "<p class=\"say stop\" role=\"alert\">\(say("record.bad-\(why.rawValue)"))</p>"
        case .good(let claims):
            told =
                "<section class=\"card stack\" aria-labelledby=\"good\"><h2 id=\"good\">\(say("record.good"))</h2><ul class=\"stack\">\(each: words(claims, ask), { "<li>\($0)</li>" })</ul></section>"
        }
        return Page(
            say("record.check"),
            body: """
                <h1>\(say("record.check"))</h1><p class="lead">\(say("record.check-lead"))</p>\(told)
                <form class="card stack" method="post" action="/record/check">\(Parts.token(ask))\(Parts.area("record", say("record.paste"), value: sent, rows: 6, extra: " required spellcheck=\"false\""))<button class="button">\(say("record.check-go"))</button></form>
                """)
    }

    private struct Claims: Decodable {
        struct Training: Decodable { let title: String, version: Int }
        struct Subject: Decodable { let hours: Int, firstMonth: String?, lastMonth: String?, training: [Training] }
        let issuerName: String, validFrom: String, credentialSubject: Subject
    }

    private static func words(_ claims: [UInt8], _ ask: Ask) -> [String] {
        let say = ask.say
        let read: Claims
        do { read = try JSONDecoder().decode(Claims.self, from: Data(claims)) } catch { return [say("record.bad-parts")] }
        let subject = read.credentialSubject
        return [
            say("record.by", ["name": read.issuerName]), say("record.on", ["day": String(read.validFrom.prefix(10))]),
            say("record.hours", n: subject.hours),
        ]
            + (subject.firstMonth.map { [say("record.months", ["from": $0, "until": subject.lastMonth ?? $0])] } ?? [])
            + subject.training.map { say("record.course", ["title": $0.title, "version": String($0.version)]) }
    }

    /// JWKs (RFC 8037), one for each key this house ever signed with.
    static func keys(_ ask: Ask) async throws -> Answer {
        .json([
            "keys": .list(
                try ask.app.store.keys.publicKeys().map { key in
                    [
                        "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": .string(String(key.version)),
                        "x": .string(RecordToken.base64url(key.bytes)),
                    ]
                })
        ])
    }
}

/// The three parts of a signed record, between dots.
enum RecordToken {
    /// What is wrong with one, by its place.
    enum Fault: String, CaseIterable { case parts, header, signature }
    enum Result { case good([UInt8]), bad(Fault) }

    static func sign(_ claims: JSON, _ keys: Keys) throws -> String {
        let (version, _) = try keys.sign([])
        let header: JSON = ["alg": "EdDSA", "typ": "vc+jwt", "kid": .string(String(version))]
        let text = base64url(header.bytes) + "." + base64url(claims.bytes)
        return text + "." + base64url(try keys.sign(Array(text.utf8)).signature)
    }

    static func check(_ token: String, _ keys: Keys) -> Result {
        let parts = token.filter { !$0.isWhitespace }.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let claims = read(parts[1]), let signature = read(parts[2]), let head = read(parts[0]) else {
            return .bad(.parts)
        }
        struct Header: Decodable { let alg: String, kid: String }
        let header: Header
        do { header = try JSONDecoder().decode(Header.self, from: Data(head)) } catch { return .bad(.header) }
        guard header.alg == "EdDSA", let version = UInt8(header.kid) else { return .bad(.header) }
        do {
            return try keys.isSigned(Array((parts[0] + "." + parts[1]).utf8), by: version, signature) ? .good(claims) : .bad(.signature)
        } catch { return .bad(.signature) }
    }

    static func base64url(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func read(_ text: String) -> [UInt8]? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)).map { Array($0) }
    }
}
