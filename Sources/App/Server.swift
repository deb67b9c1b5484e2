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
