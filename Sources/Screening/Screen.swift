/// Reads a text by the rules. It never throws and never gives up: what it could not do is in `completeness`.
public struct Screen: Sendable {
    let rules: RuleSet

    public init(rules: RuleSet) {
        self.rules = rules
    }

    static let longest = 10_000

    public func assess(_ text: String, context: Context = .init()) -> Assessment {
        look(at: text, context, state: .live).assessment
    }

    /// What the rules on trial would have said. Nothing a member meets may depend on it.
    public func trial(_ text: String, context: Context = .init()) -> [Concern] {
        look(at: text, context, state: .shadow).assessment.concerns
    }

    /// The answer, and how many times a word was looked at: the measure of work the tests watch.
    func look(at text: String, _ context: Context, state: Rule.State) -> (assessment: Assessment, visits: Int) {
        let bytes = Array(text.utf8)
        var reader = Reader(bytes, folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let reading = reader.read()
        let (matches, visits) = rules.matcher.matches(in: reading.tokens)
        var sorting = Sorting(rules: rules, reading: reading, context: context, state: state)
        sorting.sort(matches)
        var findings = sorting.findings
        if state == .live { findings += DetailFinder(rules: rules, reading: reading, bytes: bytes).found(context) }
        let language = rules.stopWords.language(of: reading)
        let assessment = Assessment(
            concerns: Findings.concerns(findings, in: text), topics: sorting.topics, language: language,
            completeness: completeness(text, reading, language), version: rules.version)
        return (assessment, visits)
    }

    private func completeness(_ text: String, _ reading: Reading, _ language: Language) -> Completeness {
        if text.utf8.count > Self.longest, text.utf8.count > Self.longest * 8 || text.count > Self.longest { return .tooLong }
        // Overridden direction: a browser shows other words than the ones that stand here.
        if text.unicodeScalars.contains(where: { $0.value == 0x202D || $0.value == 0x202E }) { return .failed }
        if reading.tokens.isEmpty { return text.allSatisfy(\.isWhitespace) ? .empty : .whole }
        return language == .other ? .unknownLanguage : .whole
    }
}
