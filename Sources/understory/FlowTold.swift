import Rules

/// A review's flow as it is printed.
struct FlowTold: Encodable {
    struct Agreement: Encodable { let records: Int, agreement: Double, kappa: Double?, ac1: Double }
    struct Search: Encodable {
        let search: String, byHand: Bool, identified: Int, sources: [String: Int], duplicates: [String: Int]
        let screened: Int, titlesOpen: Int, titlesExcluded: Int
        let fullText: Int, fullTextOpen: Int, fullTextExcluded: Int, reasons: [String: Int], included: Int
    }

    let rows: Int, searches: [Search], identified: Int, identifiedByHand: Int, includedByHand: Int, included: Int
    let conflicts: Int, settledByThird: Int, agreement: [String: Agreement]

    init(_ flow: ReviewFlow, _ agreement: [(ReviewStage, ReviewAgreement?)], _ decisions: DecisionsFile) {
        func named(_ list: [ReviewFlow.Named]) -> [String: Int] { Dictionary(list.map { ($0.name, $0.count) }, uniquingKeysWith: +) }
        rows = decisions.rows
        searches = flow.searches.map { one in
            Search(
                search: one.name, byHand: one.isByHand, identified: one.identified, sources: named(one.sources),
                duplicates: named(one.duplicates),
                screened: one.screened, titlesOpen: one.titlesOpen, titlesExcluded: one.titlesExcluded, fullText: one.fullText,
                fullTextOpen: one.fullTextOpen, fullTextExcluded: one.excluded, reasons: named(one.fullTextExcluded), included: one.included
            )
        }
        (identified, identifiedByHand) = (flow.identified, flow.identifiedByHand)
        (includedByHand, included) = (flow.includedByHand, flow.included)
        (conflicts, settledByThird) = (decisions.conflicts, decisions.thirds)
        self.agreement = Dictionary(
            uniqueKeysWithValues: agreement.compactMap { stage, one in
                one.map { (stage.rawValue, Agreement(records: $0.records, agreement: $0.share, kappa: $0.kappa, ac1: $0.ac1)) }
            })
    }

    var text: String {
        func counts(_ named: [String: Int]) -> String {
            let shown = named.filter { !$0.key.isEmpty }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return shown.isEmpty ? "" : " (" + shown.map { "\($0.key) \($0.value)" }.joined(separator: ", ") + ")"
        }
        var lines: [String] = []
        for one in searches {
            lines += [
                one.byHand ? "\(one.search), by hand" : one.search,
                "  identified            \(one.identified)\(counts(one.sources))",
                "  duplicates removed    \(one.duplicates.values.reduce(0, +))\(counts(one.duplicates))",
                "  screened              \(one.screened)",
                "  excluded by title     \(one.titlesExcluded)\(one.titlesOpen > 0 ? ", \(one.titlesOpen) still open" : "")",
                "  full text assessed    \(one.fullText)",
                "  excluded              \(one.fullTextExcluded)\(counts(one.reasons))\(one.fullTextOpen > 0 ? ", \(one.fullTextOpen) still open" : "")",
                "  included              \(one.included)",
            ]
        }
        lines.append(
            "identified in databases \(identified), by hand \(identifiedByHand); included \(included), of them by hand \(includedByHand)")
        for (stage, one) in agreement.sorted(by: { $0.key > $1.key }) {
            func two(_ value: Double) -> String { String(Double(Int((value * 100).rounded())) / 100) }
            lines.append(
                "agreement, \(stage): \(one.records) records, \(two(one.agreement)), kappa \(one.kappa.map(two) ?? "none"), AC1 \(two(one.ac1))"
            )
        }
        lines.append("settled by a third \(settledByThird), conflicts open \(conflicts)")
        return lines.joined(separator: "\n")
    }
}
