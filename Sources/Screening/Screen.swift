/// Reads a text by the rules and the models. It never throws: what it could not do is in `completeness`.
public struct Screen: Sendable {
    let rules: RuleSet
    let models: ModelSet

    /// How many looks at a word a text may cost. Time is counted in work, so that a busy machine changes no answer; a text that
    /// costs more is answered `failed`, and a person reads it.
    let workLimit: Int

    public init(rules: RuleSet, models: ModelSet = .none, workLimit: Int = 1_200_000) {
        self.rules = rules
        self.models = models
        self.workLimit = workLimit
        let whole = rules.version + models.version
        let hash = String(Hash.of(whole.utf8), radix: 16).prefix(12)
        version = hash + (whole.contains("*") ? "*" : "")
    }

    static let longest = 10_000

    /// A short hash of rules and models together; a star tells that a host's own adjustment lies over them.
    public let version: String
    public var ruleList: [Rule] { rules.rules }
    public var cards: [ModelCard] { models.cards }
    public func overdue(on day: String) -> [Rule] { rules.overdue(on: day) }

    public func assess(_ text: String, context: Context = .init()) -> Assessment {
        look(at: text, context, state: .live).assessment
    }

    /// The text with every character folded (compatibility forms, look-alikes, accents, what has no width) and nothing else
    /// changed. Folding twice changes nothing more.
    public func plain(_ text: String) -> String { rules.folding.plain(text) }

    /// What the rules on trial would have said. Nothing a member meets may depend on it.
    public func trial(_ text: String, context: Context = .init()) -> [Concern] {
        look(at: text, context, state: .shadow).assessment.concerns
    }

    /// The answer, and how many times a word was looked at in the longer of the two readings: the measure of work the tests watch.
    func look(at text: String, _ context: Context, state: Rule.State) -> (assessment: Assessment, visits: Int) {
        let bytes = Array(text.utf8)
        var reader = Reader(bytes, folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let reading = reader.read()
        let (matches, first) = rules.matcher.matches(in: reading.tokens, limit: workLimit, flood: flood(bytes))
        var sorting = Sorting(rules: rules, reading: reading, context: context, state: state)
        sorting.sort(matches)
        let (across, second) = acrossLines(bytes, context, state)
        let visits = max(first, second)
        var findings = sorting.findings.filter { !isMask($0, reading, bytes) } + across
        if state == .live {
            let (details, helpLinks) = DetailFinder(rules: rules, reading: reading, bytes: bytes).found(context)
            // What begins a link to help spells out none: "www" stands in front of many.
            findings.removeAll { finding in
                finding.kind == .link && helpLinks.contains { $0.start <= finding.span.start && finding.span.start < $0.end }
            }
            findings += details
            findings += modelled(reading, context)
        }
        let language = language(of: reading, findings)
        let assessment = Assessment(
            concerns: Findings.concerns(findings, in: text), topics: sorting.topics, language: language,
            completeness: visits > workLimit ? .failed : completeness(text, bytes, reading, language), version: version)
        return (assessment, visits)
    }

    /// More matches than anybody writes: what is beyond them says nothing new. What is far longer than a post may be is read by a person
    /// whatever is found, so that less is enough.
    private func flood(_ bytes: [UInt8]) -> Int { bytes.count > Self.longest * 4 ? 1_000 : 4_000 }

    /// Danger that is written with a line for every few words, as phones and poems do: the lines are read as one. Only what is
    /// grave is taken from it; everything else stays in its line.
    private func acrossLines(_ bytes: [UInt8], _ context: Context, _ state: Rule.State) -> (findings: [Finding], visits: Int) {
        guard bytes.contains(UInt8(ascii: "\n")) else { return ([], 0) }
        let flat = bytes.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 }
        var reader = Reader(flat, folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let reading = reader.read()
        var sorting = Sorting(rules: rules, reading: reading, context: context, state: state)
        let (matches, visits) = rules.matcher.matches(in: reading.tokens, limit: workLimit, flood: flood(bytes))
        sorting.sort(matches)
        return (sorting.findings.filter { $0.kind.isAboutRisk && $0.level >= .high }, visits)
    }

    /// Where detail stood and was taken out, there is none: "my name is [removed]" names nobody. Only where nothing but known
    /// words stands beside the mask; what has a shape of its own (links, addresses, numbers) is found whatever stands behind it.
    private func isMask(_ finding: Finding, _ reading: Reading, _ bytes: [UInt8]) -> Bool {
        guard finding.kind.isMaskable, finding.kind != .link else { return false }
        let mask = Array(Self.mask.utf8)
        var hasMask = false
        let place = DetailFinder.firstWord(in: reading.tokens, from: finding.span.start)
        for token in reading.tokens[place...].prefix(while: { $0.start < finding.span.end }) where token.end <= finding.span.end {
            let (from, to) = (token.start - 1, token.end + 1)
            if from >= 0, to <= bytes.count, bytes[from..<to].elementsEqual(mask) {
                hasMask = true
            } else if token.word == Vocabulary.unknown || token.word >= rules.vocabulary.own || token.marks.contains(.number) {
                return false
            }
        }
        return hasMask
    }

    /// What stands where personal detail was taken out.
    static let mask = "[removed]"

    /// What the models say, each with the words that spoke most for it. A model only adds.
    private func modelled(_ reading: Reading, _ context: Context) -> [Finding] {
        let whole = reading.tokens.indices
        var found = said(of: whole, of: reading, context, isInside: nil)
        for most in models.lengths where most < whole.count {
            for sentence in sentences(of: reading, most) { found += said(of: sentence, of: reading, context, isInside: most) }
        }
        return found
    }

    /// Of a text in more sentences than that those at its beginning and at its end: what matters most often stands last.
    private func sentences(of reading: Reading, _ most: Int) -> [Range<Int>] {
        let all = reading.sentences(of: most).filter { $0.count >= Self.fewestWords }
        guard all.count > Self.mostSentences else { return all }
        return Array(all.prefix(Self.mostSentences / 2) + all.suffix(Self.mostSentences / 2))
    }

    /// A post of the greatest length in sentences of seven words; what stands between is left to the rules.
    private static let mostSentences = 256
    /// Two words say nothing by themselves.
    private static let fewestWords = 3

    /// What is written in one sentence of many is asked of those models alone to which the whole is too long, each in sentences of
    /// the length it is for (`isInside`).
    private func said(of words: Range<Int>, of reading: Reading, _ context: Context, isInside: Int?) -> [Finding] {
        var found: [Finding] = []
        for (place, share) in models.shares(reading, in: words).enumerated() {
            let card = models.cards[place]
            guard !card.repliesOnly || context.isReply, card.holds(words: words.count),
                isInside == nil || card.mostWords == isInside && !card.holds(words: reading.tokens.count)
            else { continue }
            let level = card.level(share, isInside: isInside != nil)
            guard level > .none else { continue }
            found += models.words(behind: place, in: reading, words).map {
                Finding(kind: card.kind, level: level, span: $0, why: card.why, source: Concern.model + card.id)
            }
        }
        return found
    }

    /// The share by which a model would speak of a text, as its levels are asked: of the whole, or of a sentence of a longer text that
    /// counts half as near to certain. Nil where it does not read such a text.
    ///
    /// - Parameter id: a model's. The share is from 0 to 1.
    public func spokenShare(of id: String, in text: String) -> Double? {
        guard let place = models.cards.firstIndex(where: { $0.id == id }) else { return nil }
        let card = models.cards[place]
        var reader = Reader(Array(text.utf8), folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let reading = reader.read()
        if card.holds(words: reading.tokens.count) { return models.shares(reading, in: reading.tokens.indices)[place] }
        guard let most = card.mostWords, most < reading.tokens.count else { return nil }
        return sentences(of: reading, most).filter { card.holds(words: $0.count) }.map { models.shares(reading, in: $0)[place] }.max().map {
            max(0, 2 * $0 - 1)
        }
    }

    /// The calibrated share (0 to 1) of every model, by its id, for the whole text: for measuring. Never shown to anybody.
    public func shares(_ text: String) -> [String: Double] {
        var reader = Reader(Array(text.utf8), folding: rules.folding, vocabulary: rules.vocabulary, spelling: rules.spelling)
        let reading = reader.read()
        return Dictionary(
            zip(models.cards.map(\.id), models.shares(reading, in: reading.tokens.indices)), uniquingKeysWith: { a, _ in a })
    }

    private func completeness(_ text: String, _ bytes: [UInt8], _ reading: Reading, _ language: Language) -> Completeness {
        if text.utf8.count > Self.longest, text.utf8.count > Self.longest * 8 || text.count > Self.longest { return .tooLong }
        // Overridden direction: a browser shows other words than the ones that stand here.
        if turnsDirection(text) { return .failed }
        if reading.tokens.isEmpty, text.allSatisfy(\.isWhitespace) { return .empty }
        if isWrittenOtherwise(bytes) { return .unknownLanguage }
        switch language {
        case .known(let code): return code == rules.language ? .whole : .unknownLanguage
        case .tooShortToTell: return .whole
        case .other: return .unknownLanguage
        }
    }

    /// Words in signs that are no letters here: Braille, the letters of flags, a line of Morse. By bytes, as all of a long text is looked at.
    private func isWrittenOtherwise(_ bytes: [UInt8]) -> Bool {
        var (isMorse, signs, dots, dashes, flags, at) = (true, 0, false, false, 0, 0)
        while at < bytes.count {
            let byte = bytes[at]
            if byte == 0xF0, at + 3 < bytes.count, bytes[at + 1] == 0x9F, bytes[at + 2] == 0x87, bytes[at + 3] >= 0xA6 {
                // Two stand for a flag; one alone, or one too many, is a letter.
                (flags, isMorse, at) = (flags + 1, false, at + 4)
                continue
            }
            if flags % 2 == 1 { return true }
            flags = 0
            switch byte {
            case UInt8(ascii: "."): (signs, dots) = (signs + 1, true)
            case UInt8(ascii: "-"): (signs, dashes) = (signs + 1, true)
            case UInt8(ascii: " "), UInt8(ascii: "/"): break
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if isMorse, signs >= 5, dots, dashes { return true }
                (isMorse, signs, dots, dashes) = (true, 0, false, false)
            case 0xE2:
                // U+2800 to U+28FF.
                if at + 1 < bytes.count, (0xA0...0xA3).contains(bytes[at + 1]) { return true }
                isMorse = false
            default: isMorse = false
            }
            at += 1
        }
        return isMorse && signs >= 5 && dots && dashes || flags % 2 == 1
    }

    /// U+202D or U+202E, by their bytes: scalar by scalar takes longer than all else that is asked of a long text here.
    private func turnsDirection(_ text: String) -> Bool {
        var last: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            if last == (0xE2, 0x80), byte == 0xAD || byte == 0xAE { return true }
            last = (last.1, byte)
        }
        return false
    }

    /// What a pack found is in that pack's language, however short: a person reads it first.
    private func language(of reading: Reading, _ findings: [Finding]) -> Language {
        let foreign = findings.lazy.compactMap { rules.packLanguage[$0.source] }.first
        return foreign.map(Language.known) ?? rules.languages.language(of: reading)
    }
}

extension Screen {
    /// What is wrong with a rule, by its own examples.
    func mistakes(of rule: Rule) -> [RuleFault] {
        let context = Context(isReply: true)
        func level(_ text: String) -> Level {
            let concerns = rule.state == .shadow ? trial(text, context: context) : assess(text, context: context).concerns
            return concerns.first { $0.source == rule.id }?.level ?? .none
        }
        return rule.mustMatch.filter { level($0) < rule.level }.map {
            RuleFault(file: rule.file, rule: rule.id, problem: "misses \"\($0)\"")
        }
            + rule.mustNotMatch.filter { level($0) >= rule.level }.map {
                RuleFault(file: rule.file, rule: rule.id, problem: "wrongly matches \"\($0)\"")
            }
    }
}
