import Statistics

/// How hope is after reading.
public enum HopeAfter: String, Sendable, CaseIterable { case more, same, less }

/// How the urge to hurt oneself is after reading.
public enum UrgeAfter: String, Sendable, CaseIterable {
    case weaker, same, stronger
    case none

    /// Calls a person at once.
    public var isDanger: Bool {
        switch self {
        case .stronger: true
        case .weaker, .same, .none: false
        }
    }

    /// What a piece must be about for the question to be asked at all.
    static let matters: Set<String> = ["self-harm", "wanting-to-die"]

    /// Asked of members alone, of pieces about it, and while somebody is there to read the answer.
    public static func isAsked(about matters: some Sequence<some StringProtocol>, isStaff: Bool, staffed: Bool) -> Bool {
        !isStaff && staffed && matters.contains { Self.matters.contains(String($0)) }
    }
}

/// STORY-4: what people said after reading one piece, in the order of the answers. Nobody knows what they would have said without it: this
/// is no effect.
public struct AfterReading: Sendable, Equatable {
    public let item: ID<Item>
    public let form: PieceForm
    public let band: AgeBand?
    public let felt: [Int]
    public let hope: [Int]
    public let urge: [Int]

    public init(item: ID<Item>, form: PieceForm, band: AgeBand?, felt: [Int], hope: [Int], urge: [Int]) {
        (self.item, self.form, self.band) = (item, form, band)
        (self.felt, self.hope, self.urge) = (felt, hope, urge)
    }

    /// What may be said of one question: nothing below eight answers; then each count, starred where it is 1 to 7 and rounded to 5. No
    /// sums are told beside.
    public static func told(_ counts: [Int]) -> [PublicCount]? {
        counts.reduce(0, +) >= PublicCount.fewest ? counts.map { PublicCount($0) } : nil
    }

    public var isTold: Bool { Self.told(felt) != nil }
}
