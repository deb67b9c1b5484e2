import Foundation

/// The rules of one language, read and compiled. A rule that cannot be used stops the start with its name.
public struct RuleSet: Sendable {
    public let rules: [Rule]
    /// A short hash of all the files: the same rules give the same version on every machine.
    public let version: String

    let folding = Folding()
    let vocabulary: Vocabulary
    let spelling: Spelling
    let sets: WordSets
    let matcher: Matcher
    let owners: [Owner]
    let cues: [ScopeMap.Cue]
    let topics: [String]
    let help: HelpLines
    let stopWords: StopWords
    let details: DetailWords

    /// What a pattern belongs to.
    enum Owner: Sendable {
        case rule(Int)
        case cue(Int)
        case cancel(ScopeName)
        case topic(Int)
    }

    public init(folder: URL) throws(RuleFault) {
        let files = try RuleFolder(folder)
        var compiler = try RuleCompiler(files)
        version = files.version
        rules = compiler.rules
        owners = compiler.owners
        cues = compiler.cues
        topics = compiler.topics
        help = HelpLines(files.help)
        stopWords = StopWords(files.languages)
        details = DetailWords(&compiler.parser)
        var spelling = compiler.spelling
        spelling.close(compiler.parser.vocabulary)
        compiler.parser.sets.close(words: compiler.parser.vocabulary.words.count)
        self.spelling = spelling
        vocabulary = compiler.parser.vocabulary
        sets = compiler.parser.sets
        matcher = Matcher(
            patterns: compiler.patterns, sets: compiler.parser.sets, words: compiler.parser.vocabulary.words.count)
    }

    /// Rules whose day of review is past. They go on working; someone should look at them.
    public func overdue(on day: String) -> [Rule] {
        rules.filter { $0.state != .off && $0.review < day }
    }
}
