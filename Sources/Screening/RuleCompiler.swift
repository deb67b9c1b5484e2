/// Compiles every pattern of a folder into one list for the matcher.
struct RuleCompiler {
    var parser: PatternParser
    var spelling: Spelling
    var rules: [Rule] = []
    var patterns: [Pattern] = []
    var owners: [RuleSet.Owner] = []
    var cues: [ScopeMap.Cue] = []
    var topics: [String] = []
    private var ids: Set<String> = []

    init(_ files: RuleFolder) throws(RuleFault) {
        var vocabulary = Vocabulary()
        spelling = Spelling(files.spelling, &vocabulary)
        parser = PatternParser(
            classes: files.classes, common: Set(files.languages.words), vocabulary: vocabulary,
            replaced: files.spelling.same)
        for word in files.languages.words where files.spelling.same[word] == nil { _ = parser.vocabulary.add(word) }
        try addRules(files.ruleFiles, language: files.languages.own)
        try addCues(files.scopes)
        try addCancels(files.scopes)
        for (topic, words) in files.topics.sorted(by: { $0.key < $1.key }) {
            for word in words { try add(word, .topic(topics.count), "topics.json", topic) }
            topics.append(topic)
        }
        parser.vocabulary.own = Int32(parser.vocabulary.words.count)
        let own = parser.classes
        for pack in files.packs {
            parser.classes = pack.classes
            parser.isPack = true
            try addRules(pack.ruleFiles, language: pack.language)
        }
        (parser.classes, parser.isPack) = (own, false)
    }

    private mutating func addRules(_ files: [(name: String, file: RuleFile)], language: String) throws(RuleFault) {
        for (name, file) in files {
            for rule in try file.rules(in: name, language: language) {
                guard ids.insert(rule.id).inserted else {
                    throw RuleFault(file: name, rule: rule.id, problem: "another rule has this id")
                }
                // A pack raises what is urgent and says nothing else.
                guard !parser.isPack || rule.kind.isAboutRisk && rule.level >= .high else {
                    throw RuleFault(file: name, rule: rule.id, problem: "a pack holds rules about danger, high or urgent, alone")
                }
                guard rule.id.hasPrefix(language + ".") else {
                    throw RuleFault(file: name, rule: rule.id, problem: "its id does not begin with \"\(language).\"")
                }
                if rule.state != .off {
                    for pattern in rule.patterns { try add(pattern, .rule(rules.count), name, rule.id) }
                }
                rules.append(rule)
            }
        }
    }

    private mutating func addCues(_ file: ScopeFile) throws(RuleFault) {
        guard file.scopes.count <= 64 else {
            throw RuleFault(file: "scopes.json", problem: "more than 64 groups of cues")
        }
        for entry in file.scopes {
            var barrier: Int?
            if let name = entry.barrier {
                guard let members = parser.classes[name] else {
                    throw RuleFault(
                        file: "scopes.json", rule: entry.scope.rawValue, problem: "no class is called \(name)")
                }
                barrier = parser.sets.add(members.map { parser.vocabulary.add($0) })
            }
            for pattern in entry.patterns { try add(pattern, .cue(cues.count), "scopes.json", entry.scope.rawValue) }
            cues.append(
                ScopeMap.Cue(
                    scope: entry.scope, before: entry.before, after: entry.after, barrier: barrier,
                    clause: entry.clause ?? false, inside: entry.inside ?? false))
        }
    }

    private mutating func addCancels(_ file: ScopeFile) throws(RuleFault) {
        for entry in file.cancels {
            for pattern in entry.patterns {
                try add(pattern, .cancel(entry.scope), "scopes.json", entry.scope.rawValue)
            }
        }
    }

    private mutating func add(
        _ source: String, _ owner: RuleSet.Owner, _ file: String, _ rule: String
    ) throws(RuleFault) {
        do { patterns.append(try parser.parse(source)) } catch {
            throw RuleFault(file: file, rule: rule, problem: error.problem)
        }
        owners.append(owner)
    }
}
