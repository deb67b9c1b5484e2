import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Rules
import Store

/// What is known of a connection before anything is read.
struct EdgeContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let remote: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remote = source.channel.remoteAddress?.ipAddress ?? "local"
    }
    var maxUploadSize: Int { Edge.longestBody }
}

/// Between HTTP and the handlers: reads, proves who, checks the form, calls the act, and gives the answer its face.
struct Edge: Sendable {
    /// A way-back phrase or a long letter fit many times over; what is longer is not words.
    static let longestBody = 2 << 20
    let app: App
    let routes: [Route]

    func router() -> Router<EdgeContext> {
        let router = Router(context: EdgeContext.self)
        router.addMiddleware { Missing(edge: self) }
        for route in routes {
            router.on(RouterPath(route.path), method: route.method == .get ? .get : .post) { request, context in
                await self.answer(route, request, context)
            }
            // What asks whether an address is there. A stream is not opened for it: nobody would close it.
            guard route.method == .get, route.path != LiveStream.path else { continue }
            router.head(RouterPath(route.path)) { request, context in
                await self.answer(route, request, context).createHeadResponse()
            }
        }
        return router
    }

    /// Nothing leaves here as an error: a refusal has its words, a fault one plain page.
    func answer(_ route: Route, _ request: Request, _ context: EdgeContext) async -> Response {
        let started = ContinuousClock.now
        var ask: Ask?
        var response: Response
        do {
            let made = try await self.ask(route, request, context)
            ask = made
            if let person = made.person, !made.isHead {
                if person.seenDay < made.now.day { app.exposures.note(person.account, "seen") }
                app.presence.here(person.account, at: made.now)
            }
            if let refusal = try refusedForm(made, route, request) { throw refusal }
            response = try face(try await route.run(made), made, request)
        } catch let refusal as Refusal {
            app.events.refused(refusal.code, route: route.path)
            response = refused(refusal, ask, request)
        } catch StoreFault.gone {
            app.events.refused("person-gone", route: route.path)
            response = refused(Refusal.rule("person-gone", status: 409), ask, request)
        } catch {
            let unanswered = error as? Unanswered
            app.events.fault(unanswered?.because ?? error, route: route.path)
            response = fault(ask ?? unanswered?.ask, request)
        }
        guardHeaders(&response, signedIn: ask?.person != nil)
        app.events.answered(
            route.method.rawValue, route: route.path, status: response.status.code,
            microseconds: Int((ContinuousClock.now - started) / .microseconds(1)))
        return response
    }

    // Reading.

    /// What was sent is read before anything is asked of the database: words survive even when that can not be asked.
    private func ask(_ route: Route, _ request: Request, _ context: EdgeContext) async throws -> Ask {
        let bearer = request.headers[.authorization].flatMap { $0.hasPrefix("Bearer ") ? Secret(String($0.dropFirst(7))) : nil }
        let accept = request.headers[.accept] ?? ""
        let wants: Ask.Wants =
            bearer != nil || accept.contains("application/json") ? .json : accept.contains("html+fragment") ? .part : .page
        var (form, formFault): (Form, Refusal?) = (.empty, nil)
        if route.method == .post {
            do { form = try await self.form(request) } catch let refusal as Refusal { formFault = refusal }
        }
        var parameters: [String: String] = [:]
        for (key, value) in context.coreContext.parameters { parameters[String(key)] = String(value) }
        var sent = Ask(
            app: app, organisation: app.home, person: nil, program: nil, method: route.method, path: request.uri.path,
            parameters: parameters, query: Form(urlencoded: (request.uri.query ?? "").utf8), form: form, formFault: formFault,
            wants: wants, now: app.now(), address: Secret(address(request, context)),
            isFromThisMachine: request.headers[.forwardedFor] == nil && ["127.0.0.1", "::1"].contains(context.remote))
        sent.isHead = request.method == .head
        let (organisation, person, program): (OrganisationRow, Person?, Program?)
        do { (organisation, person, program) = try await who(request, bearer) } catch {
            if route.worksAlone {
                app.events.fault(error, route: route.path)
                return sent
            }
            throw Unanswered(ask: sent, because: error)
        }
        app.note(organisation)
        if bearer != nil, program == nil { throw Refusal.signIn }
        return sent.by(program == nil ? person : nil, program, of: organisation)
    }

    private func who(_ request: Request, _ bearer: Secret?) async throws -> (OrganisationRow, Person?, Program?) {
        let token = Self.cookie(request, isSecure: app.settings.isSecure).map { Secret($0) }
        return try await app.store.glance { tx -> (OrganisationRow, Person?, Program?) in
            let person = try token.flatMap { try tx.person(token: $0) }
            let program = try bearer.flatMap { try tx.program(token: $0) }
            if let person, program == nil { return (person.home, person, nil) }
            let all = try tx.organisations()
            guard let organisation = all.first(where: { $0.id == program?.organisation }) ?? all.first else {
                throw Fault.missing("organisation")
            }
            return (organisation, person, program.map { Program(organisation: $0.organisation, called: $0.called, acts: $0.acts) })
        }
    }

    private func form(_ request: Request) async throws -> Form {
        var body: ByteBuffer
        do { body = try await request.body.collect(upTo: Self.longestBody) } catch { throw Refusal.tooBig }
        let bytes = body.readBytes(length: body.readableBytes) ?? []
        let type = request.headers[.contentType] ?? "application/x-www-form-urlencoded"
        if type.hasPrefix("application/json") {
            guard let form = Form(json: bytes) else { throw Refusal.unreadable }
            return form
        }
        guard type.hasPrefix("application/x-www-form-urlencoded") || bytes.isEmpty else { throw Refusal.rule("wrong-type", status: 415) }
        return Form(urlencoded: bytes)
    }

    /// The address that the nearest trusted proxy saw; with no trusted hop, the connection's own.
    private func address(_ request: Request, _ context: EdgeContext) -> String {
        guard app.settings.trustedHops > 0, let header = request.headers[.forwardedFor] else {
            return context.remote
        }
        let hops = header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        let place = hops.count - app.settings.trustedHops
        return hops.indices.contains(place) ? hops[place] : context.remote
    }

    private func refusedForm(_ ask: Ask, _ route: Route, _ request: Request) throws -> Refusal? {
        guard route.method == .post else { return ask.query.broken ? .unreadable : nil }
        if let fault = ask.formFault { return fault }
        if ask.program == nil {
            if let origin = request.headers[.origin], !isOurs(origin, request) { return .forged }
            if let person = ask.person {
                let token = ask.form.optional("csrf") ?? request.headers[.formToken] ?? ""
                guard FormToken.holds(token, person) else { return .forged }
            }
        }
        if case .member = route.who, ask.person == nil { return .signIn }
        return ask.form.checked(against: route.fields)
    }

    private func isOurs(_ origin: String, _ request: Request) -> Bool {
        // Our pages send no referrer, so browsers send their forms with the origin "null": where it came from is then
        // told by Sec-Fetch-Site, which no page can set, and for those signed in by the form's token.
        if origin == "null" {
            let site = request.headers[.fetchSite]
            return site == nil || site == "same-origin" || site == "none"
        }
        if origin == app.settings.address { return true }
        let host = request.head.authority ?? ""
        return !app.settings.isSecure && origin == "http://" + host
    }

    /// On https only the cookie that no other host and no plain page can set is taken.
    static func cookie(_ request: Request, isSecure: Bool) -> String? {
        let name = isSecure ? "__Host-understory=" : "understory="
        for header in request.headers[values: .cookie] {
            for pair in header.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = Substring(pair.drop { $0 == 32 })
                if pair.hasPrefix(name), pair.utf8.count > name.utf8.count { return String(pair.dropFirst(name.utf8.count)) }
            }
        }
        return nil
    }

    // Answering.

    private func face(_ answer: Answer, _ ask: Ask, _ request: Request) throws -> Response {
        switch answer {
        case .faces(let page, let json, let status):
            switch ask.wants {
            case .json: return respond(json().bytes, type: "application/json", status: status, request)
            case .part:
                let page = page()
                return respond((page.fragment ?? page.body).bytes, type: "text/html; charset=utf-8", status: status, request)
            case .page: return respond(Frame.page(page(), ask).bytes, type: "text/html; charset=utf-8", status: status, request)
            }
        case .see(let place, let json, let created):
            if ask.wants == .json {
                return respond(json.bytes, type: "application/json", status: created ? 201 : 200, request)
            }
            return Response(status: .seeOther, headers: [.location: place])
        case .json(let json, let status):
            return respond(json.bytes, type: "application/json", status: status, request)
        case .file(let name, let type, let bytes):
            var response = Response(
                status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
            response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
            return response
        case .text(let text, let type, let status):
            return respond(Array(text.utf8), type: type, status: status, request)
        case .stream(let subscription):
            return LiveStream.response(subscription, hub: app.live)
        case .withSession(let change, let answer):
            var response = try face(answer, ask, request)
            response.headers[values: .setCookie] = [cookie(change)]
            return response
        }
    }

    private func cookie(_ change: SessionChange) -> String {
        let secure = app.settings.isSecure
        let name = secure ? "__Host-understory" : "understory"
        let rest = "; Path=/; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "")
        switch change {
        case .begin(let token, let shared): return "\(name)=\(token.text)\(rest)" + (shared ? "" : "; Max-Age=7776000")
        case .end: return "\(name)=\(rest); Max-Age=0"
        }
    }

    func refused(_ refusal: Refusal, _ ask: Ask?, _ request: Request) -> Response {
        let field = refusal.field.map { "fields.\($0)" }.flatMap { app.sentences.knows($0) ? app.sentences($0) : nil }
        let words = app.sentences("refusals.\(refusal.code)") { $0 == "field" ? field ?? refusal.gaps[$0] : refusal.gaps[$0] }
        guard let ask, ask.wants != .json, !(request.headers[.accept] ?? "").contains("application/json") else {
            let help = ask.map { RefusalPage.isInDanger($0) ? "atOnce" : "none" } ?? "none"
            let json: JSON = [
                "refused": .string(refusal.code), "says": .string(words), "field": .text(refusal.field), "help": .string(help),
            ]
            var response = respond(json.bytes, type: "application/json", status: refusal.status, request)
            if let minutes = refusal.gaps["minutes"].flatMap({ Int($0) }) { response.headers[.retryAfter] = String(minutes * 60) }
            return response
        }
        let page = RefusalPage.page(refusal, words: words, ask)
        let bytes = ask.wants == .part ? page.body.bytes : Frame.page(page, ask).bytes
        return respond(bytes, type: "text/html; charset=utf-8", status: refusal.status, request)
    }

    private func fault(_ ask: Ask?, _ request: Request) -> Response {
        let words = app.sentences("refusals.fault")
        guard let ask, ask.wants == .page else {
            let json: JSON = ["refused": "fault", "says": .string(words), "field": nil]
            return respond(json.bytes, type: "application/json", status: 500, request)
        }
        let page = RefusalPage.page(Refusal(status: 500, code: "fault"), words: words, ask)
        return respond(Frame.page(page, ask).bytes, type: "text/html; charset=utf-8", status: 500, request)
    }

    private func respond(_ bytes: [UInt8], type: String, status: Int, _ request: Request) -> Response {
        var headers: HTTPFields = [.contentType: type]
        headers[.vary] = "Accept, Accept-Encoding"
        var body = bytes
        if bytes.count > 1000, (request.headers[.acceptEncoding] ?? "").contains("gzip"), let zipped = Gzip.quick.zipped(bytes) {
            body = zipped
            headers[.contentEncoding] = "gzip"
        }
        return Response(
            status: .init(code: status), headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }

    func guardHeaders(_ response: inout Response, signedIn: Bool) {
        response.headers[.contentSecurityPolicy] = Self.policy
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.robots] = "noindex"
        response.headers[.openerPolicy] = "same-origin"
        response.headers[.resourcePolicy] = "same-origin"
        response.headers[.permissionsPolicy] = "camera=(), microphone=(), geolocation=(), interest-cohort=()"
        if app.settings.isSecure { response.headers[.strictTransportSecurity] = "max-age=31536000" }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types understory"
}

extension HTTPField.Name {
    static let referrerPolicy = Self("Referrer-Policy")!
    static let robots = Self("X-Robots-Tag")!
    static let openerPolicy = Self("Cross-Origin-Opener-Policy")!
    static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
    static let permissionsPolicy = Self("Permissions-Policy")!
    static let forwardedFor = Self("X-Forwarded-For")!
    static let formToken = Self("X-CSRF-Token")!
    static let fetchSite = Self("Sec-Fetch-Site")!
}

/// The database could not be asked: what had been read until then, for the page that says so and keeps the words.
private struct Unanswered: Error {
    let ask: Ask
    let because: any Error
}

/// What no route knows: a file of ours, a wrong method, or nothing.
struct Missing: RouterMiddleware {
    typealias Context = EdgeContext
    let edge: Edge

    func handle(
        _ request: Request, context: EdgeContext, next: (Request, EdgeContext) async throws -> Response
    ) async throws -> Response {
        if request.method == .get || request.method == .head, let response = staticFile(request) {
            return request.method == .head ? response.createHeadResponse() : response
        }
        do { return try await next(request, context) } catch let error as HTTPError where error.status == .notFound {
            let refusal: Refusal = knows(request.uri.path) ? .wrongMethod : .notFound
            // Read as a GET: what was sent to an address that is not there is not looked at. Counted under one name: typed
            // addresses are nobody's business.
            let route = Route.visitor(.get, "(no such address)", "") { _ in throw refusal }
            let response = await edge.answer(route, request, context)
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func knows(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return edge.routes.contains { route in
            let pattern = route.path.split(separator: "/")
            return pattern.count == parts.count && zip(pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
        }
    }

    private func staticFile(_ request: Request) -> Response? {
        let path = request.uri.path
        guard path.count > 1, !path.dropFirst().contains("/"), let file = edge.app.statics.file(String(path.dropFirst())) else {
            return nil
        }
        var headers: HTTPFields = [.contentType: file.type, .eTag: "\"\(file.tag)\""]
        // The worker must be asked for anew; all else is addressed by its content.
        headers[.cacheControl] = request.uri.query?.hasPrefix("v=") == true ? "public, max-age=31536000, immutable" : "public, max-age=3600"
        var response: Response
        if request.headers[.ifNoneMatch] == "\"\(file.tag)\"" {
            response = Response(status: .notModified, headers: headers)
        } else if let zipped = file.zipped, (request.headers[.acceptEncoding] ?? "").contains("gzip") {
            headers[.contentEncoding] = "gzip"
            headers[.vary] = "Accept-Encoding"
            response = Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: zipped))
        } else {
            response = Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
        }
        edge.guardHeaders(&response, signedIn: false)
        return response
    }
}
