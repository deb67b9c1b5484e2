/// Phantom types: what an id names.
public enum LivingReview {}
public enum ReviewSource {}
public enum ReviewRecord {}

/// Where a record of a review is read: by its title and abstract, then whole.
public enum ReviewStage: String, Sendable, CaseIterable {
    case titles
    case fullText = "full-text"
}

public enum ReviewVerdict: String, Sendable, CaseIterable {
    case take = "in"
    case leave = "out"
    case unsure
}

/// What one reader said of one record at one stage. Appended, never changed: the newest of each reader counts.
public struct ReviewReading: Sendable, Equatable {
    public let reader: String
    public let verdict: ReviewVerdict
    /// Of a full text that is left out.
    public let reason: String?

    public init(reader: String, verdict: ReviewVerdict, reason: String? = nil) {
        (self.reader, self.verdict, self.reason) = (reader, verdict, reason)
    }
}

public enum ScreeningRefusal: String, Error, Sendable, CaseIterable {
    case duplicate
    /// The full text of what was not kept by its title.
    case notHere = "not-here"
    case decided
    /// A third reader settles: not sure is no answer.
    case thirdSettles = "third-settles"
    case needsReason = "needs-reason"
    case unknownReason = "unknown-reason"
}

/// Two readers, each without seeing the other; where they differ, a third who has read nothing of it yet.
public struct Screened: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        case undecided, conflict
        case take = "in"
        case leave = "out"
    }

    public private(set) var state = State.undecided
    /// Settled by a third reader.
    public private(set) var isByThird = false
    /// Who settled it as the third.
    private var settled: String?
    public private(set) var reason: String?
    /// The first two, in the order in which they came.
    public private(set) var readers: [String] = []
    /// What those two said at first, before they talked about it: agreement is told from these.
    public private(set) var first: [ReviewVerdict] = []

    /// - Parameter readings: of one record at one stage, in the order of time.
    public init(_ readings: [ReviewReading], stage: ReviewStage) {
        var newest: [String: ReviewReading] = [:]
        var third: ReviewReading?
        for reading in readings {
            if readers.contains(reading.reader) {
                newest[reading.reader] = reading
            } else if readers.count < 2 {
                readers.append(reading.reader)
                first.append(reading.verdict)
                newest[reading.reader] = reading
            } else {
                third = reading
            }
        }
        let two = readers.compactMap { newest[$0] }
        guard two.count == 2 else { return }
        if let third, third.verdict != .unsure {
            (state, isByThird, reason) = (third.verdict == .take ? .take : .leave, true, third.reason)
            settled = third.reader
        } else if two[0].verdict != two[1].verdict || two[0].verdict == .unsure || (stage == .fullText && two[0].reason != two[1].reason) {
            // Two who leave a text out for other reasons differ too: each text is counted under one.
            state = .conflict
        } else {
            (state, reason) = (two[0].verdict == .take ? .take : .leave, two[0].reason)
        }
    }

    public var isDecided: Bool { state == .take || state == .leave }

    /// May this person still say something, and as what?
    public enum Part: Sendable, Equatable { case reader, third, none }

    /// Whoever decided may think again: one of the two who agreed, or the third who settled it. What they say then is one more reading,
    /// and where it differs the record is open again.
    public func part(of person: String) -> Part {
        if isByThird { return person == settled ? .third : .none }
        if isDecided { return readers.contains(person) ? .reader : .none }
        if readers.contains(person) { return .reader }
        if readers.count < 2 { return .reader }
        return state == .conflict ? .third : .none
    }
}

/// All that was said of one record.
public struct RecordScreening: Sendable, Equatable {
    public let titles: Screened
    /// Nil while the record is not kept by its title.
    public let fullText: Screened?
    public let duplicate: Bool

    public init(titles: [ReviewReading], fullText: [ReviewReading], duplicate: Bool) {
        self.titles = Screened(titles, stage: .titles)
        self.fullText = self.titles.state == .take && !duplicate ? Screened(fullText, stage: .fullText) : nil
        self.duplicate = duplicate
    }

    public func at(_ stage: ReviewStage) -> Screened? {
        switch stage {
        case .titles: titles
        case .fullText: fullText
        }
    }

    /// Why this reading can not be taken; nil when it can.
    public func refusal(of reading: ReviewReading, at stage: ReviewStage, reasons: Set<String>) -> ScreeningRefusal? {
        if duplicate { return .duplicate }
        guard let here = at(stage) else { return .notHere }
        // Somebody has read the text on the strength of its title: it is left out there, with a reason.
        if stage == .titles, here.isDecided, let fullText, !fullText.readers.isEmpty { return .decided }
        switch here.part(of: reading.reader) {
        case .none: return .decided
        case .third: if reading.verdict == .unsure { return .thirdSettles }
        case .reader: break
        }
        if stage == .fullText, reading.verdict == .leave {
            guard let reason = reading.reason else { return .needsReason }
            if !reasons.contains(reason) { return .unknownReason }
        }
        return nil
    }
}
