import Foundation

/// A record as duplicates are looked for: its title in plain words, its first author's family name.
struct TitleKey {
    /// Small letters without accents; no article at the beginning, no mark-up.
    let words: [String]
    /// The words without the spaces between: "well-being" and "wellbeing" are one.
    let joined: String
    /// What can tell two publications with nearly one title apart: parts, corrections, answers.
    let telling: Set<String>
    let numbers: [String]
    let family: String

    init(_ record: FoundRecord) {
        let all = plainWords(record.title)
        words = Array(all.drop { ["a", "an", "the"].contains($0) })
        joined = words.joined()
        telling = Set(words.filter(Self.tellingWords.contains))
        numbers = words.compactMap(Self.number)
        family = familyName(record.authors.first ?? "")
    }

    /// A word that makes another publication of the same title.
    static let tellingWords: Set<String> = [
        "erratum", "errata", "correction", "corrections", "corrigendum", "corrected", "retraction", "retracted", "withdrawn", "comment",
        "commentary",
        "comments", "reply", "response", "rejoinder", "letter", "editorial", "protocol", "preprint", "pilot", "feasibility", "followup",
        "follow", "addendum", "abstract",
        "review", "baseline", "analyses", "qualitative", "part", "wave", "phase", "paper", "chapter", "volume", "supplement", "update",
        "updated", "not", "without", "non",
    ]

    static func number(_ word: String) -> String? {
        if word.utf8.contains(where: { (48...57).contains($0) }) { return word }
        return spelled[word]
    }

    /// Roman figures that are no usual words, and the small numbers in words.
    private static let spelled: [String: String] = [
        "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10", "one": "1",
        "two": "2",
        "three": "3", "four": "4", "five": "5", "six": "6", "first": "1", "second": "2", "third": "3",
    ]
}

/// Small letters and figures, everything else a space; accents gone, `&` as "and", tags and entities of mark-up left out.
func plainWords(_ text: String) -> [String] {
    var text = text
    if text.contains("<") { text = text.replacing(/<\/?[A-Za-z]{1,6}>/, with: "") }
    if text.contains("&") {
        for (mark, word) in [("&amp;", " and "), ("&lt;", " "), ("&gt;", " "), ("&quot;", " "), ("&#39;", "'"), ("&", " and ")] {
            text = text.replacingOccurrences(of: mark, with: word)
        }
    }
    if !text.utf8.allSatisfy({ $0 < 128 }) {
        text = text.decomposedStringWithCompatibilityMapping.lowercased().replacing("ß", with: "ss").replacing("ø", with: "o")
            .replacing("æ", with: "ae").replacing("ł", with: "l").replacing("’", with: "'").replacing("‘", with: "'")
    }
    var (words, word) = ([String](), [UInt8]())
    func close() {
        if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
        word.removeAll(keepingCapacity: true)
    }
    var marks = 0
    for byte in text.utf8 {
        switch byte {
        case 97...122, 48...57: word.append(byte)
        case 65...90: word.append(byte + 32)
        case 39: continue  // don't, dont
        // Combining accents are two bytes, 0xCC or 0xCD and one more; letters of other scripts are kept as they are.
        case 0xCC, 0xCD: marks = 1
        case 128...:
            if marks > 0 { marks -= 1 } else { word.append(byte) }
        case _: close()
        }
    }
    close()
    return words.flatMap(withoutSigns)
}

/// Dashes, quotation marks and the like beyond ASCII part words; letters of any script do not.
private func withoutSigns(_ word: String) -> [String] {
    guard word.utf8.contains(where: { $0 >= 128 }) else { return [word] }
    return word.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil }.map { String($0) }
}

/// "Marsh, Anna", "Marsh AB", "Anna Marsh" and "MARSH A." as "marsh"; particles stay with the name.
func familyName(_ author: String) -> String {
    let text = author.components(separatedBy: ";")[0]
    if let comma = text.firstIndex(of: ",") { return plainWords(String(text[..<comma])).joined() }
    var words = text.split(separator: " ").map { String($0).replacing(".", with: "") }.filter { !$0.isEmpty }
    func isInitials(_ word: String) -> Bool { word.count <= 3 && word.allSatisfy { $0.isUppercase || $0 == "-" } }
    let hasInitials = words.count > 1 && isInitials(words[words.count - 1])
    if hasInitials {
        while words.count > 1, isInitials(words[words.count - 1]) { words.removeLast() }
        return plainWords(words.joined(separator: " ")).joined()
    }
    // Given names first: the family is the last word with the particles before it.
    var start = max(0, words.count - 1)
    while start > 0,
        ["van", "von", "de", "der", "den", "del", "la", "le", "di", "da", "dos", "al", "el", "ter", "ten"].contains(
            words[start - 1].lowercased())
    {
        start -= 1
    }
    return plainWords(words[start...].joined(separator: " ")).joined()
}
