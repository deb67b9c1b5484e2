import CPostgres
import Dispatch
import Foundation
import Rules

/// LISTEN on a connection of its own: events from the other nodes, about 0.14 ms after their commit.
///
/// When the connection is lost the stream ends; the owner opens another and re-reads what it shows.
final class PostgresListener: @unchecked Sendable {
    private let raw: OpaquePointer
    private let source: any DispatchSourceRead
    let payloads: AsyncStream<String>

    init(_ address: String, channel: String) throws {
        guard let raw = postgresConnection(to: address) else { throw StoreFault.closed }
        let listening = PQexec(raw, "LISTEN \(channel)")
        defer { PQclear(listening) }
        guard PQresultStatus(listening) == PGRES_COMMAND_OK else {
            PQfinish(raw)
            throw StoreFault.closed
        }
        self.raw = raw
        source = DispatchSource.makeReadSource(
            fileDescriptor: PQsocket(raw), queue: DispatchQueue(label: "postgres.listen"))
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(10_000))
        payloads = stream
        nonisolated(unsafe) let connection = raw
        let source = self.source
        source.setEventHandler {
            guard PQconsumeInput(connection) == 1 else { return source.cancel() }
            while let notice = PQnotifies(connection) {
                continuation.yield(String(cString: notice.pointee.extra))
                PQfreemem(notice)
            }
        }
        source.setCancelHandler {
            continuation.finish()
            PQfinish(connection)
        }
        source.resume()
    }

    func close() { source.cancel() }
}
