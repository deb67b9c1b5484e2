/// Reads the pattern language. Everything it refuses, it refuses with a sentence the writer of the rule can act on.
struct PatternParser {
    struct Refused: Error { var problem: String }

    var classes: [String: [String]] { didSet { read = [:] } }
    var common: Set<String>
    var vocabulary: Vocabulary
    var sets = WordSets()
    /// Words that are read as other words, and so can never be seen.
    var replaced: [String: String]
    /// Whether a pack of another language is being read.
    var isPack = false { didSet { read = [:] } }
    /// Parts that were read before: most patterns share theirs with others.
    private var read: [String: (Pattern.Element, Int)] = [:]

    private static let widest = 60
    /// Patterns are folded as texts are: "más" is read as "mas".
    private let folding = Folding()

    init(classes: [String: [String]], common: Set<String>, vocabulary: Vocabulary, replaced: [String: String]) {
        self.classes = classes
        self.common = common
        self.vocabulary = vocabulary
        self.replaced = replaced
    }

    mutating func parse(_ source: String) throws(Refused) -> Pattern {
        var elements: [Pattern.Element] = []
        var weights: [Int] = []
        var from: Int?
        var shown: Range<Int>?
        for part in source.utf8.split(separator: UInt8(ascii: " ")).map({ Substring($0) }).flatMap(syllables) {
            if part == "(" {
                guard from == nil, shown == nil else { throw Refused(problem: "\"\(source)\" opens ( twice") }
                from = elements.count
                continue
            }
            if part == ")" {
                guard let start = from, start < elements.count else { throw Refused(problem: "empty ( )") }
                guard elements[start...].contains(where: { !$0.optional && !$0.orEnd && Self.isWord($0.test) }) else {
                    throw Refused(problem: "what stands in ( ) of \"\(source)\" may all be missing")
                }
                shown = start..<elements.count
                from = nil
                continue
            }
            let (element, weight) = try known(part)
            elements.append(element)
            weights.append(element.optional || element.orEnd ? .max : weight)
        }
        guard from == nil else { throw Refused(problem: "\"\(source)\" opens ( and does not close it") }
        guard let rarest = weights.min(), rarest < .max, let anchor = weights.firstIndex(of: rarest) else {
            throw Refused(problem: "\"\(source)\" has no word that must be there")
        }
        guard elements.reduce(0, { $0 + Self.width($1.test) }) <= Self.widest else {
            throw Refused(problem: "\"\(source)\" can be longer than \(Self.widest) words")
        }
        return Pattern(elements: elements, anchor: anchor, shown: shown)
    }

    /// Signs that are words of their own may be written together: "想死" is two words.
    private func syllables(_ part: Substring) -> [String] {
        if let first = part.utf8.first, first < 0x80 { return [String(part)] }
        let areAll = part.unicodeScalars.allSatisfy { if case .syllable = folding.fold($0) { true } else { false } }
        return areAll ? part.unicodeScalars.map { String($0) } : [String(part)]
    }

    private static func width(_ test: Pattern.Test) -> Int {
        switch test {
        case .word, .anyOf, .number, .capital, .new: 1
        case .gap(_, let most): most
        case .start, .end: 0
        }
    }

    /// Stands for one word at least.
    private static func isWord(_ test: Pattern.Test) -> Bool {
        switch test {
        case .word, .anyOf, .number, .capital, .new: true
        case .gap(let least, _): least > 0
        case .start, .end: false
        }
    }

    private mutating func known(_ part: String) throws(Refused) -> (Pattern.Element, Int) {
        if let known = read[part] { return known }
        let new = try element(part)
        read[part] = new
        return new
    }

    private mutating func element(_ part: String) throws(Refused) -> (Pattern.Element, Int) {
        if part == "^" { return (.init(test: .start), .max) }
        if part == "$" { return (.init(test: .end), .max) }
        if part.hasPrefix("_") { return (.init(test: try gap(part)), .max) }
        let optional = part.hasSuffix("?")
        var body = optional ? String(part.dropLast()) : part
        let orEnd = body.hasSuffix("|$")
        if orEnd { body.removeLast(2) }
        switch body {
        case "#": return (.init(test: .number, optional: optional, orEnd: orEnd), 300)
        case "{Cap}": return (.init(test: .capital, optional: optional, orEnd: orEnd), .max)
        case "{new}": return (.init(test: .new, optional: optional, orEnd: orEnd), .max)
        default: break
        }
        let words = try words(body)
        let ids = words.map { $0 == "#" ? Vocabulary.number : vocabulary.add($0) }
        let weight = words.reduce(0) { $0 + (common.contains($1) ? 100 : 1) }
        let test: Pattern.Test = ids.count == 1 ? .word(ids[0]) : .anyOf(sets.add(ids))
        return (.init(test: test, optional: optional, orEnd: orEnd), weight)
    }

    private func gap(_ part: String) throws(Refused) -> Pattern.Test {
        let ends = part.dropFirst().dropLast().split(separator: "-").compactMap { Int($0) }
        guard part.hasSuffix("_"), ends.count == 2, ends[0] <= ends[1], ends[0] >= 0, ends[1] <= 12 else {
            throw Refused(problem: "\"\(part)\" is not a gap such as _0-3_")
        }
        return .gap(ends[0], ends[1])
    }

    private func words(_ body: String) throws(Refused) -> [String] {
        var words: [String] = []
        for name in body.utf8.split(separator: UInt8(ascii: "|"), omittingEmptySubsequences: false).map({ String(Substring($0)) }) {
            if name.hasPrefix("{"), name.hasSuffix("}") {
                words += try members(of: String(name.dropFirst().dropLast()), depth: 0)
            } else {
                words.append(try plain(name))
            }
        }
        return words
    }

    private func members(of name: String, depth: Int) throws(Refused) -> [String] {
        guard let members = classes[name] else { throw Refused(problem: "no class is called {\(name)}") }
        guard depth < 4 else { throw Refused(problem: "the class {\(name)} contains itself") }
        var words: [String] = []
        for member in members {
            if member.hasPrefix("{"), member.hasSuffix("}") {
                words += try self.members(of: String(member.dropFirst().dropLast()), depth: depth + 1)
            } else {
                words.append(try plain(member))
            }
        }
        return words
    }

    private func plain(_ typed: String) throws(Refused) -> String {
        if typed == "#" { return typed }
        let word = typed.utf8.allSatisfy { $0 < 0x80 } ? typed : folding.plain(typed)
        guard syllables(word[...]).count < 2 else { throw Refused(problem: "\"\(word)\" is several words: each sign is one") }
        if let meant = replaced[word] {
            // A word of another language that the house's spelling reads as one of its own ("dis") is looked for as that one.
            if isPack, !meant.contains(" ") { return meant }
            throw Refused(problem: "\"\(word)\" is read as \"\(meant)\": write that")
        }
        let fits = word.utf8.allSatisfy { ($0.isLetter && !$0.isUpper) || $0.isDigit || $0 >= 0x80 }
        guard !word.isEmpty, fits else {
            throw Refused(problem: "\"\(word)\" is not one plain word in small letters")
        }
        return word
    }
}
