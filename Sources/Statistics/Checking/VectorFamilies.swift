/// The families of vectors, and the method that answers each.
enum VectorFamilies {
    typealias Output = [String: VectorValue]

    static let all: [String: @Sendable (VectorInput, [Instrument]) throws -> Output] = [
        "prng": { input, _ in try prng(input) },
        "scoring": { input, measures in try scoring(input, measures) },
        "reliability": { input, _ in try reliability(input) },
        "rci": { input, _ in try reliableChange(input) },
        "effect_size": { input, _ in try effectSize(input) },
        "ancova": { input, _ in try ancova(input) },
        "mixed": { input, _ in try mixed(input) },
        "survival": { input, _ in try survival(input) },
        "rates": { input, _ in try rates(input) },
        "its": { input, _ in try interruptedSeries(input) },
        "economics": { input, _ in try economics(input) },
        "qaly": { input, _ in try qaly(input) },
        "concentration": { input, _ in try concentration(input) },
        "agreement": { input, _ in try agreement(input) },
        "screening": { input, _ in try screening(input) },
        "disclosure": { input, _ in try disclosure(input) },
        "kanonymity": { input, _ in try anonymity(input) },
        "privacy": { input, _ in try privacy(input) },
        "allocation": { input, _ in try allocation(input) },
        "staffing": { input, _ in try staffing(input) },
        "sample_size": { input, _ in try sampleSize(input) },
        "pooling": { input, _ in try pooling(input) },
        "multiplicity": { input, _ in try multiplicity(input) },
        "rubin": { input, _ in try rubin(input) },
        "weighting": { input, _ in try weighting(input) },
        "monitoring": { input, _ in try monitoring(input) },
    ]

    static func compute(_ family: String, _ input: VectorInput, measures: [Instrument]) throws -> VectorValue {
        guard let method = all[family] else { throw VectorFault(description: "no family is called \(family)") }
        return .object(try method(input, measures))
    }

    /// Which part of a family's tolerance a value belongs to, where its own name does not say so.
    static func part(of name: String, in family: String) -> String? {
        switch (family, name) {
        case ("mixed", "se"): "fixed"
        case ("mixed", "var_person"), ("mixed", "var_resid"): "variance"
        case ("mixed", "n0"), ("mixed", "design_effect_mean_size"): "anova_icc"
        case ("rates", "rate_ci"): "poisson"
        case ("sample_size", "n_enrol"): "n"
        case ("sample_size", _): "power"
        default: nil
        }
    }
}
