/// What one filled-in form comes to. Totals are derived: the answers are what is kept.
///
/// - Assumes answers by the instrument's own codes, in its own order, by people of its ages.
/// - Limits: never a diagnosis. A band belongs to the ages it was made with.
/// - Source: each instrument's file names its own.
///
/// Example: nine answers of 0 to 3 to the PHQ-9, one of them missing: the mean of the rest times nine, marked as prorated.
public struct Score: Sendable, Equatable {
    /// The sum after turning the reversed items round, before any conversion; nil where gaps forbid it.
    public let raw: Double?
    public let total: Double?
    public let mean: Double?
    public let isProrated: Bool
    /// Gaps that a fixed answer filled.
    public let substituted: Int
    /// One for each subscale, in the instrument's order; empty where gaps forbid them.
    public let subscales: [Double]

    /// - Parameter answers: one code for each item in its order; nil where none was given.
    /// - Throws: `NotComputable` for a wrong number of answers or a code that the form does not offer.
    public init(_ answers: [Int?], by instrument: Instrument) throws(NotComputable) {
        let items = instrument.items.count
        try require(answers.count == items, "\(instrument.name) has \(items) items, not \(answers.count)")
        var (sum, answered) = (0, 0)
        for (place, answer) in answers.enumerated() {
            guard let answer else { continue }
            guard answer >= instrument.lowest, answer <= instrument.highest else {
                throw NotComputable(
                    "\(instrument.name), item \(place + 1): \(answer) is not between \(instrument.lowest) and \(instrument.highest)")
            }
            sum += instrument.counted(answer, at: place)
            answered += 1
        }
        if let end = instrument.ends, answers[end.item - 1] == end.answer {
            (raw, total, mean, isProrated, substituted, subscales) = (0, 0, 0, false, 0, [])
            return
        }
        let missing = items - answered
        guard missing == 0 || missing <= instrument.gaps?.most ?? 0, answered > 0 || instrument.gaps?.rule == .fixed else {
            (raw, total, mean, isProrated, substituted, subscales) = (nil, nil, nil, false, 0, [])
            return
        }
        var whole = Double(sum)
        switch missing > 0 ? instrument.gaps?.rule : nil {
        case nil: (isProrated, substituted) = (false, 0)
        case .mean:
            whole = Double(sum) * Double(items) / Double(answered)
            (isProrated, substituted) = (true, 0)
        case .fixed:
            for (place, answer) in answers.enumerated() where answer == nil {
                whole += Double(instrument.counted(instrument.gaps?.answer ?? instrument.lowest, at: place))
            }
            (isProrated, substituted) = (false, missing)
        }
        raw = whole
        mean = whole / Double(items)
        total = instrument.total(of: whole)
        subscales =
            missing > 0
            ? []
            : (instrument.subscales ?? []).map { scale in
                Double(scale.items.reduce(0) { sum, item in sum + (answers[item - 1].map { instrument.counted($0, at: item - 1) } ?? 0) })
            }
    }
}

extension Instrument {
    /// An answer as it counts, reversed items turned round.
    func counted(_ answer: Int, at place: Int) -> Int {
        guard let reversed, reversed.contains(place + 1) else { return answer }
        return lowest + highest - answer
    }

    /// What an answer adds to the sum, reversed items turned round and, where the rules say so, from 0. Place from 0.
    public func weight(_ answer: Int, at place: Int) -> Double {
        Double(counted(answer, at: place) - (total.fromZero == true ? lowest : 0))
    }

    func total(of raw: Double) -> Double? {
        if let metric = total.metric {
            let place = Int(raw) - lowest * items.count
            return metric.indices.contains(place) ? metric[place] : nil
        }
        let counted = total.fromZero == true ? raw - Double(lowest * items.count) : raw
        switch total.kind {
        case .sum: return counted * (total.times ?? 1)
        case .mean: return counted / Double(items.count) * (total.times ?? 1)
        }
    }

    public func subscale(_ id: String, of score: Score) -> Double? {
        guard let place = (subscales ?? []).firstIndex(where: { $0.id == id }), score.subscales.indices.contains(place) else { return nil }
        return score.subscales[place]
    }

    /// Whether a score lies on the named side of a line; nil without a total, or where nobody knows the line.
    public func reaches(_ cutoff: Cutoff, _ score: Score) -> Bool? {
        guard cutoff.unknown != true, let value = cutoff.of.map({ subscale($0, of: score) }) ?? score.total else { return nil }
        return value >= cutoff.atLeast ?? -.infinity && value <= cutoff.atMost ?? .infinity && value < cutoff.below ?? .infinity
    }

    public func band(_ banding: Banding, _ score: Score) -> String? {
        score.total.flatMap { total in banding.steps.last { $0.from <= total }?.name }
    }

    /// The subscales that reach their own line, by id in order of the alphabet.
    public func positiveSubscales(of score: Score) -> [String] {
        (subscales ?? []).filter { scale in
            scale.atLeast.flatMap { line in subscale(scale.id, of: score).map { $0 >= line } } ?? false
        }.map(\.id).sorted()
    }

    /// The answers that open a case at once; nil where the item was not answered.
    public func risk(_ risk: Risk, in answers: [Int?]) -> Bool? {
        answers.indices.contains(risk.item - 1) ? answers[risk.item - 1].map { $0 > risk.above } : nil
    }
}
