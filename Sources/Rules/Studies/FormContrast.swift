import Foundation
import Statistics

/// The axes of the review along which rooms differ, each with the levels that a study compares.
public enum FormAxis: String, Sendable, CaseIterable {
    /// Live or not.
    case interaction
    /// When somebody reads: before, by risk, after, on report, never.
    case moderation
    /// Who does: with a professional, without one, nobody.
    case readers
    /// About anything, or about something.
    case focus

    public func level(_ form: RoomForm) -> String {
        switch self {
        case .interaction: form.interaction.rawValue
        case .moderation: form.moderation.rawValue
        case .readers: form.moderators.contains("professional") ? "professional" : form.moderators.isEmpty ? "nobody" : "others"
        case .focus: form.focus.isEmpty ? "general" : "specific"
        }
    }
}

/// Two forms of room that people chose by themselves, compared after weighting: a difference, never an effect.
///
/// Along one axis: who wrote mostly in rooms of one form against who wrote mostly in rooms of another; the weights make both alike in where they
/// began, in age and in having asked before. What was not measured can still explain it all.
///
/// - Source: as `PropensityWeights`; the interval by the bootstrap, the weights made anew each time (Efron B. 1979).
public struct FormContrast: Sendable, Equatable {
    public struct Term: Sendable, Equatable {
        public let name: String
        public let before: Double
        public let after: Double
    }

    public let axis: FormAxis
    /// The first is held against the second.
    public let forms: [String]
    public let people: [Int]
    public let effectivePeople: [Double]
    public let balance: [Term]
    public let plain: Double
    public let weighted: Double
    public let interval: Interval

    public static let resamples = 500

    /// - Throws: `NotComputable` where fewer than two forms have `fewest` people with both scores, or weights can not be made.
    public init(
        _ people: [StudyPerson], by axis: FormAxis, _ measure: Instrument, days: (first: Int, last: Int), fewest: Int, seed: UInt64
    ) throws {
        self.axis = axis
        struct One {
            let form: String, change: Double, terms: [Double]
        }
        let all = people.compactMap { person -> One? in
            guard let form = person.presence?.forms[axis], let before = person.total(StudyPoint(measure.id, days.first), measure),
                let after = person.total(StudyPoint(measure.id, days.last), measure)
            else { return nil }
            return One(
                form: form, change: after - before,
                terms: [before, person.band?.isUnder18 == true ? 1 : 0, person.askedBefore == .yes ? 1 : 0])
        }
        let counts = Dictionary(all.map { ($0.form, 1) }, uniquingKeysWith: +).sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard counts.count > 1, counts[1].value >= fewest else { throw NotComputable("fewer than \(fewest) people in a second form") }
        let chosen = [counts[0].key, counts[1].key]
        let kept = all.filter { chosen.contains($0.form) }
        // A term that nobody differs in says nothing and can not be weighted by.
        let varying = (0..<3).filter { place in Set(kept.map { $0.terms[place] }).count > 1 }
        func fit(_ rows: [One]) throws(NotComputable) -> PropensityWeights {
            try PropensityWeights(
                terms: varying.map { place in rows.map { $0.terms[place] } }, arm: rows.map { $0.form == chosen[0] ? 1 : 0 })
        }
        let weights = try fit(kept)
        let changes = kept.map(\.change)
        forms = chosen
        self.people = chosen.map { form in kept.count { $0.form == form } }
        effectivePeople = [weights.effectiveSize(arm: 1), weights.effectiveSize(arm: 0)]
        let names = ["baseline", "under-18", "asked-before"]
        balance = zip(varying, zip(weights.differences(weighted: false), weights.differences(weighted: true))).map {
            Term(name: names[$0], before: $1.0, after: $1.1)
        }
        (plain, weighted) = (weights.effect(on: changes, weighted: false), weights.effect(on: changes, weighted: true))
        var chance = SeededChance(seed: seed)
        var drawn: [Double] = []
        for _ in 0..<Self.resamples {
            let rows = kept.map { _ in kept[chance.below(kept.count)] }
            // A draw in which the weights can not be made is left out; many of them, and there is no interval.
            do { drawn.append(try fit(rows).effect(on: rows.map(\.change), weighted: true)) } catch { continue }
        }
        guard drawn.count * 10 >= Self.resamples * 9 else { throw NotComputable("too few people for an interval") }
        drawn.sort()
        interval = Interval(drawn[drawn.count / 40], drawn[drawn.count - 1 - drawn.count / 40])
    }
}
