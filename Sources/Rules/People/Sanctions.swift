/// The sanctions ladder: edit with a message, a formal warning after three of a kind in twelve months, then two
/// weeks, a month, for good. Distress and accidents never count.
public enum SanctionStep: String, Sendable, CaseIterable {
    case editWithMessage = "edit-with-message"
    case warning
    case pauseTwoWeeks = "pause-2-weeks"
    case pauseMonth = "pause-1-month"
    case leaveForGood = "leave-for-good"

    public var length: Lapse? {
        switch self {
        case .editWithMessage, .warning: nil
        case .pauseTwoWeeks: .days(14)
        case .pauseMonth: .days(30)
        case .leaveForGood: nil
        }
    }

    /// While it lasts, may the person write in rooms? Reading, help and conversations with staff never stop.
    public var stopsWriting: Bool {
        switch self {
        case .editWithMessage, .warning: false
        case .pauseTwoWeeks, .pauseMonth, .leaveForGood: true
        }
    }
}

/// One past act that counts towards the ladder.
public struct CountedAct: Sendable, Equatable {
    public let reason: String
    public let deliberate: Bool
    public let at: Instant

    public init(reason: String, deliberate: Bool, at: Instant) {
        self.reason = reason
        self.deliberate = deliberate
        self.at = at
    }
}

/// The next step by the book.
///
/// - Parameters:
///   - acts: earlier decisions about this person's items, the present one included.
///   - steps: sanctions already taken within the window, oldest first.
/// - Returns: what the book says now; a person decides whether to follow it.
public func nextStep(acts: [CountedAct], steps: [SanctionStep], reason: String, now: Instant) -> SanctionStep {
    let window = acts.filter { $0.deliberate && $0.reason == reason && now - $0.at < .days(365) }
    let highest = steps.max { a, b in order(a) < order(b) }
    guard window.count >= 3 || highest.map({ order($0) >= order(.warning) }) ?? false else { return .editWithMessage }
    guard let highest, order(highest) >= order(.warning) else { return .warning }
    // Beyond the first warning, each further deliberate act of a kind that repeats goes one step up.
    guard window.count > 3 || highest != .warning else { return .warning }
    let next = min(order(highest) + 1, SanctionStep.allCases.count - 1)
    return SanctionStep.allCases[next]
}

private func order(_ step: SanctionStep) -> Int { SanctionStep.allCases.firstIndex(of: step)! }
