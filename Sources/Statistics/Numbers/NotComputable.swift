/// Why a method refused: its input breaks what the method stands on. Never a wrong number instead.
public struct NotComputable: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ why: String) { description = why }
}

/// Throws `NotComputable` with `why` unless the condition holds.
func require(_ condition: Bool, _ why: @autoclosure () -> String) throws(NotComputable) {
    if !condition { throw NotComputable(why()) }
}

func requireFinite(_ values: [Double], _ name: String) throws(NotComputable) {
    try require(values.allSatisfy(\.isFinite), "\(name) must hold finite numbers only")
}
