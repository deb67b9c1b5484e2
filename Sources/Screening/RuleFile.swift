import Foundation

/// One file of rules: what they share, and the rules.
struct RuleFile: Decodable {
    var kind: ConcernKind
    var scopes: [ScopeName: ScopeEffect]?
    var rules: [Entry]

    /// A rule as written: what it leaves out, its file says or the usual holds.
    struct Entry: Decodable {
        var id: String
        var kind: ConcernKind?
        var level: String
        var why: String
        var patterns: [String]
        var scopes: [ScopeName: ScopeEffect]?
        var mustMatch: [String]
        var mustNotMatch: [String]
        var state: Rule.State
        var review: String
        var masks: Bool?
    }

    /// Year, month and day with two dashes: written so, days are in order as texts are.
    private func isDay(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { ("0"..."9").contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return false }
        return year >= 2000 && (1...12).contains(month) && (1...31).contains(day)
    }

    func rules(in file: String, language: String) throws(RuleFault) -> [Rule] {
        var list: [Rule] = []
        for entry in rules {
            func refuse(_ problem: String) -> RuleFault { RuleFault(file: file, rule: entry.id, problem: problem) }
            guard let level = Level(code: entry.level), level > .none else {
                throw refuse("\"\(entry.level)\" is not a level: low, medium, high or urgent")
            }
            guard !entry.why.isEmpty else { throw refuse("why is empty") }
            guard !entry.patterns.isEmpty else { throw refuse("it has no pattern") }
            guard entry.mustMatch.count >= 3, entry.mustNotMatch.count >= 3 else {
                throw refuse("give at least three sentences it must match and three it must not")
            }
            guard isDay(entry.review) else { throw refuse("\"\(entry.review)\" is not a day such as 2027-06-30") }
            let effects = (scopes ?? [:]).merging(entry.scopes ?? [:]) { $1 }
            list.append(
                Rule(
                    id: entry.id, file: file, language: language, kind: entry.kind ?? kind, level: level, why: entry.why,
                    patterns: entry.patterns,
                    scopes: effects, mustMatch: entry.mustMatch, mustNotMatch: entry.mustNotMatch,
                    state: entry.state, review: entry.review, masks: entry.masks ?? true))
        }
        return list
    }
}
