/// A questionnaire as data: codes, what answers count, and how a total is made. No wording: that comes from a host's content
/// pack.
///
/// A file of it stands in `Content/measures`; `Content/README.md` says what each field means and where its figures come from.
public struct Instrument: Sendable, Equatable, Decodable {
    /// One question by its code.
    public struct Item: Sendable, Equatable, Decodable {
        public let code: String
        public let loinc: String?
    }

    /// How answers become a total.
    public struct Total: Sendable, Equatable, Decodable {
        public enum Kind: String, Sendable, Decodable { case sum, mean }
        public let kind: Kind
        /// Each answer counts from 0 before it is summed.
        public let fromZero: Bool?
        public let times: Double?
        /// The metric value of each raw sum, from the lowest up.
        public let metric: [Double]?
        public let lowest: Double
        public let highest: Double
    }

    public enum Direction: String, Sendable, Decodable { case worse, better }

    /// What happens to a form with gaps: no total beyond `most` of them.
    public struct Gaps: Sendable, Equatable, Decodable {
        public enum Rule: String, Sendable, Decodable {
            /// The mean of the rest, marked as prorated.
            case mean
            /// A fixed answer, counted.
            case fixed
        }
        public let most: Int
        public let rule: Rule
        public let answer: Int?
    }

    /// An answer that ends the form: the rest is not asked, and the total is 0.
    public struct End: Sendable, Equatable, Decodable {
        public let item: Int
        public let answer: Int
    }

    public struct Subscale: Sendable, Equatable, Decodable {
        public let id: String
        /// Places of its items, from 1.
        public let items: [Int]
        /// From here on it counts as positive.
        public let atLeast: Double?
    }

    /// A line across the total, or across a subscale. `atLeast` and `atMost` both hold where both are given.
    public struct Cutoff: Sendable, Equatable, Decodable {
        public let id: String
        public let of: String?
        public let atLeast: Double?
        public let atMost: Double?
        public let below: Double?
        public let source: String
        public let ages: AgeRange?
        /// The line differs between people and stands in no general table: nothing is said without the right one.
        public let unknown: Bool?
    }

    public struct Banding: Sendable, Equatable, Decodable {
        public struct Step: Sendable, Equatable, Decodable {
            public let from: Double
            public let name: String
        }
        public let id: String
        public let steps: [Step]
        public let source: String
    }

    /// An answer that opens a case at once, whatever the total.
    public struct Risk: Sendable, Equatable, Decodable {
        public let id: String
        public let item: Int
        public let above: Int
        /// Danger without it.
        public let weight: Weight?

        public enum Weight: String, Sendable, Decodable { case danger, worry }
    }

    public struct AgeRange: Sendable, Equatable, Decodable {
        public let from: Int
        public let to: Int?
    }

    /// What is known of its error, with the z that a published threshold used.
    public struct Error: Sendable, Equatable, Decodable {
        public let kind: String
        public let value: Double
        public let deviation: Double?
        public let z: Double?
        public let threshold: Double?
        /// Whom the sample was; everybody without it.
        public let ages: AgeRange?
        public let sample: String
        public let source: String
    }

    public struct Licence: Sendable, Equatable, Decodable {
        public let terms: String
        /// May its wording be printed by this product? A pack brings it otherwise.
        public let wording: String
        public let source: String
    }

    public let id: String
    public let name: String
    public let version: String
    public let items: [Item]
    /// Lowest and highest code of an answer.
    public let lowest: Int
    public let highest: Int
    /// Places of the items that count the other way round, from 1.
    public let reversed: [Int]?
    public let total: Total
    public let higherIs: Direction
    public let gaps: Gaps?
    public let ends: End?
    public let subscales: [Subscale]?
    public let cutoffs: [Cutoff]
    public let bands: [Banding]
    public let risks: [Risk]
    public let ages: AgeRange
    public let errors: [Error]
    /// Of the form as a whole, and of its total.
    public let loinc: String?
    public let loincTotal: String?
    public let licence: Licence
    public let source: String
    /// Tried in no study yet: every page and report says so.
    public let unvalidated: Bool?
    /// Asked by studies alone; nobody comes upon it.
    public let studiesOnly: Bool?
    /// What its states are worth: only in a host's own file.
    public let utility: Utility?

    /// What is wrong with the file; empty when nothing is. A host's own measure is read with it before it is used.
    public var faults: [String] {
        var found: [String] = []
        if items.isEmpty { found.append("no items") }
        if highest <= lowest { found.append("the highest answer is not above the lowest") }
        if lowest < 0 || highest > 100 || items.count > 100 { found.append("codes from 0 to 100, and a hundred items at most") }
        if !(total.lowest < total.highest) || !total.lowest.isFinite || !total.highest.isFinite { found.append("the totals do not rise") }
        guard found.isEmpty else { return found }
        if Set(items.map(\.code)).count != items.count { found.append("a code stands twice") }
        let places =
            (reversed ?? []) + (subscales ?? []).flatMap(\.items) + risks.map(\.item) + (ends.map { [$0.item] } ?? [])
        if !places.allSatisfy({ (1...max(1, items.count)).contains($0) }) { found.append("a place outside the items") }
        if let metric = total.metric, metric.count != items.count * (highest - lowest) + 1 {
            found.append("\(metric.count) metric values for \(items.count * (highest - lowest) + 1) sums")
        }
        for band in bands where band.steps.isEmpty || zip(band.steps, band.steps.dropFirst()).contains(where: { $0.from >= $1.from }) {
            found.append("the steps of \(band.id) do not rise")
        }
        let scales = Set((subscales ?? []).map(\.id))
        for cutoff in cutoffs {
            if let of = cutoff.of, !scales.contains(of) { found.append("the line \(cutoff.id) is across \(of), which is not there") }
            if cutoff.atLeast == nil && cutoff.atMost == nil && cutoff.below == nil && cutoff.unknown != true {
                found.append("the line \(cutoff.id) has no value")
            }
        }
        if let gaps, gaps.rule == .fixed, gaps.answer == nil { found.append("a fixed answer for gaps is not given") }
        return found + (utility?.faults(of: self) ?? [])
    }
}
