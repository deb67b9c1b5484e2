import HTTPTypes
import Hummingbird
import NIOCore
import ServiceLifecycle

/// Server-sent events: nudges to look again, never words. A reconnect simply reads the page anew, so nothing between
/// is lost.
enum LiveStream {
    static let path = "/live"

    static func response(_ subscription: Subscription, hub: LiveHub) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
            body: ResponseBody { writer in
                defer { hub.unsubscribe(subscription) }
                try await writer.write(ByteBuffer(string: "retry: 3000\n: here\n\n"))
                // Shutdown is handled here: a hub that closes as a service of its own is told too late, since the
                // server waits for its answers first.
                try await withGracefulShutdownHandler {
                    for await event in subscription.events {
                        let line = event == .breath ? ": still here\n\n" : "event: \(event.rawValue)\ndata: \n\n"
                        try await writer.write(ByteBuffer(string: line))
                        if event == .end { break }
                    }
                } onGracefulShutdown: {
                    subscription.continuation.finish()
                }
                try await writer.finish(nil)
            })
    }
}
