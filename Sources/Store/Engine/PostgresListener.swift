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
        guard let raw = PQconnectdb(address), PQstatus(raw) == CONNECTION_OK else { throw StoreFault.closed }
        self.raw = raw
        PQclear(PQexec(raw, "LISTEN \(channel)"))
        source = DispatchSource.makeReadSource(
            fileDescriptor: PQsocket(raw), queue: DispatchQueue(label: "postgres.listen"))
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingNewest(10_000))
        payloads = stream
        nonisolated(unsafe) let connection = raw
        source.setEventHandler {
            guard PQconsumeInput(connection) == 1 else { return continuation.finish() }
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
