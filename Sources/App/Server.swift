import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The program as services: the web server and the runner. Both end their work in hand and leave when told to.
public struct Server: Sendable {
    let app: App

    public init(_ app: App) { self.app = app }

    public func run(log: Logger, ready: @escaping @Sendable (Int) async -> Void) async throws {
        Memory.keepSome()
        let router = Edge(app: app, routes: Routes.all).router()
        if app.settings.hasFloor {
            // A bare answer to measure against; exists in test servers alone.
            router.get("/bench/floor") { request, _ in
                let count = min(request.uri.queryParameters["bytes"].flatMap { Int($0) } ?? 1000, 1 << 20)
                return Response(
                    status: .ok, headers: [.contentType: "text/html"],
                    body: ResponseBody(byteBuffer: ByteBuffer(repeating: 97, count: count)))
            }
        }
        let web = Application(
            router: router,
            configuration: .init(address: .hostname(app.settings.host, port: app.settings.port), serverName: nil),
            onServerRunning: { channel in await ready(channel.localAddress?.port ?? app.settings.port) }, logger: log)
        var configuration = ServiceGroupConfiguration(
            services: [web, Runner(app)], gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
        try app.stop()
    }
}

/// Every page takes and frees some hundred kilobytes. glibc gives them back to the kernel each time and takes them anew,
/// which was a twentieth of a page's CPU: it may keep 16 MB. Swift does not import <malloc.h>, so the call is looked up.
private enum Memory {
    static func keepSome() {
        typealias Set = @convention(c) (_ option: CInt, _ value: CInt) -> CInt
        guard let found = dlsym(nil, "mallopt") else { return }  // another C library: nothing is lost but the saving
        let set = unsafeBitCast(found, to: Set.self)
        let (trimThreshold, mmapThreshold): (CInt, CInt) = (-1, -3)
        _ = set(trimThreshold, 16 << 20)
        _ = set(mmapThreshold, 4 << 20)
    }
}
