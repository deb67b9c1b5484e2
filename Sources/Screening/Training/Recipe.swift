import Foundation

/// What a model is made of, as data: which sets, which label of theirs means yes, and how strictly.
public struct Recipe: Sendable, Decodable {
    public var id: String
    public var kind: ConcernKind
    public var why: String
    public var repliesOnly: Bool
    /// A shorter text is left to the rules: on a handful of words a model guesses.
    public var leastWords: Int
    /// Who learned from single sentences knows nothing of pages: a longer text is read sentence by sentence.
    public var mostWords: Int?
    /// How far the weights may go to fit the examples (the C of logistic regression).
    public var strength: Double
    /// How much more a positive example counts.
    public var positiveWeight: Double
    public var sets: [Source]
    /// The set whose shares are made true; all of them when it is missing.
    public var calibrateOn: String?
    public var levels: [String: Double]
    public var limits: String

    public struct Source: Sendable, Decodable {
        public var set: String
        public var license: String
        /// The key that holds the label, and the least number that means yes.
        public var label: String
        public var atLeast: Int?
        /// Where the label is a word: the words that mean yes.
        public var means: [String]?
        /// Only so many, from the start.
        public var most: Int?

        func isPositive(_ example: Example) -> Bool {
            means?.contains(example.words[label] ?? "") ?? ((example.numbers[label] ?? 0) >= Double(atLeast ?? 1))
        }

        func isLabelled(_ example: Example) -> Bool { means == nil ? example.numbers[label] != nil : example.words[label] != nil }
    }
}

/// One line of a set.
public struct Example: Sendable {
    public var id: String
    public var text: String
    public var isReply: Bool
    public var numbers: [String: Double]
    public var words: [String: String]

    /// Reads JSON lines; a line that is none is a fault, by number.
    public static func read(_ file: URL) throws -> [Example] {
        try String(decoding: Data(contentsOf: file), as: UTF8.self).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .enumerated()
            .compactMap { number, line in
                if line.allSatisfy(\.isWhitespace) { return nil }
                let fault = ModelFault(model: file.lastPathComponent, problem: "line \(number + 1) is no example")
                let read: Any
                do { read = try JSONSerialization.jsonObject(with: Data(line.utf8)) } catch { throw fault }
                guard let object = read as? [String: Any], let text = object["text"] as? String else { throw fault }
                var (numbers, words): ([String: Double], [String: String]) = ([:], [:])
                for (key, value) in object where key != "text" {
                    if let number = value as? NSNumber { numbers[key] = number.doubleValue }
                    if let word = value as? String { words[key] = word }
                }
                return Example(
                    id: words["id"] ?? "\(number + 1)", text: text, isReply: words["context"] != nil, numbers: numbers, words: words)
            }
    }
}
