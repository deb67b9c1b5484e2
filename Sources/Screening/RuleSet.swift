import Foundation

/// The rules of the house's language and the packs of others, read and compiled into one. A rule that cannot be used stops the start with its name.
public struct RuleSet: Sendable {
    public internal(set) var rules: [Rule]
    /// A short hash of all the files: the same rules give the same version on every machine.
    public internal(set) var version: String

    let folding = Folding()
    let vocabulary: Vocabulary
    let spelling: Spelling
    let sets: WordSets
    let matcher: Matcher
    let owners: [Owner]
    let cues: ScopeMap.Table
    let topics: [String]
    var help: HelpLines
    let languages: LanguageGuess
    /// The language of the house.
    let language: String
    /// For the rules of packs: their language, by id.
    let packLanguage: [String: String]
    let details: DetailWords
    let own: OwnWords
    /// Places, and other names that follow "I live in", too large to find anybody in.
    let largePlaces: PlaceIndex

    /// What a pattern belongs to.
    enum Owner: Sendable {
        case rule(Int)
        case cue(Int)
        case cancel(ScopeName)
        case topic(Int)
    }

    /// `folder` holds the files of one language, or a folder for each (`RuleFolder`).
    public init(folder: URL) throws(RuleFault) {
        let (files, compiled): (RuleFolder, RuleCompiler)
        do {
            files = try RuleFolder(folder)
            compiled = try RuleCompiler(files)
        } catch { throw error.located(in: folder) }
        var compiler = compiled
        version = files.version
        rules = compiler.rules
        language = files.languages.own
        let own = language
        packLanguage = Dictionary(
            uniqueKeysWithValues: compiler.rules.filter { $0.language != own }.map { ($0.id, $0.language) })
        owners = compiler.owners
        topics = compiler.topics
        help = HelpLines(files.help)
        languages = LanguageGuess(files.languages, samples: files.samples, ownWords: compiler.parser.vocabulary.own)
        details = DetailWords(&compiler.parser)
        self.own = OwnWords(&compiler.parser)
        largePlaces = PlaceIndex(files.largePlaces)
        var spelling = compiler.spelling
        spelling.close(compiler.parser.vocabulary)
        vocabulary = compiler.parser.vocabulary
        compiler.parser.sets.close(words: vocabulary.words.count, numbers: vocabulary.numbers)
        self.spelling = spelling
        sets = compiler.parser.sets
        cues = ScopeMap.Table(compiler.cues, sets, words: vocabulary.words.count)
        matcher = Matcher(
            patterns: compiler.patterns, sets: sets, words: vocabulary.words.count, numbers: vocabulary.numbers,
            ownWords: vocabulary.own)
    }

    /// Rules that do not do what their own examples say: file, line and rule, and the sentence.
    ///
    /// - Parameter folder: where they were read from, so that the line can be told.
    public func mistakes(in folder: URL) -> [RuleFault] {
        let screen = Screen(rules: self)
        return rules.filter { $0.state != .off }.flatMap { screen.mistakes(of: $0) }.map { $0.located(in: folder) }
    }

    /// Rules whose day of review is before `day` (`2026-11-28`). They go on working; someone should look at them.
    public func overdue(on day: String) -> [Rule] {
        rules.filter { $0.state != .off && $0.review < day }
    }
}
