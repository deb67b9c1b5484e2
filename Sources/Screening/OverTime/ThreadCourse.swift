/// Where a thread is going, from what was noticed in its last items. It sees kinds and voices, never words.
///
/// Comparison and co-rumination do harm slowly and item by item look harmless: Rose AJ. Child Dev 2002;73:1830-1843 for
/// co-rumination; the review's studies of self-harm forums for competition.
public enum ThreadCourse {
    /// One item, oldest first.
    public struct Step: Sendable {
        /// Whoever wrote it, as a number that means nothing outside the thread.
        public var voice: Int
        public var kinds: Set<ConcernKind>
        /// It offers, asks or shows another side: the thread is not only going round.
        public var helps: Bool

        public init(voice: Int, kinds: Set<ConcernKind>, helps: Bool = false) {
            (self.voice, self.kinds, self.helps) = (voice, kinds, helps)
        }
    }

    public enum Course: String, Sendable, CaseIterable {
        /// People measure themselves against each other: who has it worse, numbers, one-upping.
        case comparing
        /// People are hard on each other.
        case heated
        /// The same pain is told again by several and nothing else is said.
        case goingRound

        /// Each writer waits this long between two answers while it lasts; 0 is no wait.
        public var slowMinutes: Int {
            switch self {
            case .comparing: 0
            case .heated: 10
            case .goingRound: 0
            }
        }
    }

    /// How many items back it looks: a thread can find back.
    public static let window = 8

    /// Nil while nothing is to be said. Two voices are enough, since it is to be seen before the fifth reply; one alone makes no
    /// course, or anybody could call people to anybody's thread.
    public static func course(_ steps: [Step]) -> Course? {
        let last = steps.suffix(window)
        func voices(_ kinds: Set<ConcernKind>) -> Int { Set(last.filter { !$0.kinds.isDisjoint(with: kinds) }.map(\.voice)).count }
        func items(_ kinds: Set<ConcernKind>) -> Int { last.count { !$0.kinds.isDisjoint(with: kinds) } }
        if voices([.bullying, .hate]) >= 2 { return .heated }
        if voices([.comparison, .eatingDetail]) >= 2 { return .comparing }
        let pain: Set<ConcernKind> = [.distress, .riskToSelf]
        if last.count >= 6, voices(pain) >= 2, items(pain) >= 5, !last.contains(where: \.helps) { return .goingRound }
        return nil
    }
}
