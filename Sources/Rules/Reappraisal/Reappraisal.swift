/// A situation and the thoughts that came with it: two fields of one item, so that every rule for words holds for both.
public struct Situation: Sendable, Equatable {
    public var happened: String
    public var thoughts: String

    /// Stands on a line of its own between the two, in what is kept, searched and exported.
    public static let sign = "⁂"
    private static let between = "\n\n\(sign)\n\n"

    public init(happened: String, thoughts: String) {
        self.happened = happened
        self.thoughts = thoughts
    }

    /// Nil where the words are no situation.
    public init?(_ text: String) {
        guard Self.holdsSign(text) else { return nil }
        let parts = text.split(separator: "\n\(Self.sign)\n", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        happened = String(parts[0]).trimmedWords
        thoughts = String(parts[1]).trimmedWords
    }

    /// By bytes: nearly all words hold no sign, and every list asks each of them.
    private static func holdsSign(_ text: String) -> Bool {
        let sign = Array(Self.sign.utf8)
        var text = text
        return text.withUTF8 { bytes in
            guard bytes.count >= sign.count else { return false }
            return (0...bytes.count - sign.count).contains { at in
                bytes[at] == sign[0] && bytes[at + 1] == sign[1] && bytes[at + 2] == sign[2]
            }
        }
    }

    public var text: String { happened + Self.between + thoughts }
}

/// The three kinds of answer to a situation (Morris, Schueller and Picard 2015: support, distortion, reappraisal).
public enum ResponseKind: String, Sendable, CaseIterable { case support, distortion, view }

/// A way of thinking that may be behind a thought, in plain words; offered as a possibility and never as a finding.
public enum ThinkingPattern: String, Sendable, CaseIterable {
    case allOrNothing = "all-or-nothing"
    case mindReading = "mind-reading"
    case fortuneTelling = "fortune-telling"
    case alwaysAndNever = "always-and-never"
    case labelling
    case ownFault = "own-fault"
}

/// What judges think of a response before it goes out.
public enum Judgement: String, Sendable, CaseIterable {
    case good
    case notYet = "not-yet"
    /// It could hurt somebody, or its writer may not be well: one of the staff reads it, and no judge decides.
    case worried
}

/// What becomes of a response after the judgements so far.
public enum Delivery: String, Sendable, CaseIterable {
    /// Two people look before it goes out; on a split a third.
    case waits
    case deliver
    /// It goes back to whoever wrote it; whom it was for never sees it.
    case giveBack = "give-back"
}

/// Two who agree decide; on a split the third does.
public func delivery(_ judgements: [Judgement]) -> Delivery {
    let good = judgements.count { $0 == .good }
    let not = judgements.count - good
    if good >= 2 { return .deliver }
    if not >= 2 { return .giveBack }
    return .waits
}

/// Judges who do not come are no reason to wait: after this long one of the staff looks.
public let judgedWithin = Lapse.minutes(30)

/// What part in a crowd's room an item has.
public enum CrowdPart: Sendable, Equatable { case none, situation, response }
