/// A claim about a condition or a treatment, and what a professional says of it.
public enum EvidenceMark: String, Sendable, CaseIterable { case none, checked, corrected }

public enum EvidenceEvent: Sendable, Equatable {
    /// A reader asks whether it is so.
    case asked
    /// A professional says something of it, or with `none` takes back what was said.
    case marked(EvidenceMark)
    /// Words that hold it are not shown any more.
    case wordsGone(standElsewhere: Bool)
}

public enum EvidenceStep: Sendable, Equatable {
    /// Professionals are asked, unless they are being asked already.
    case ask
    /// Its note stands: in one place more.
    case join
    /// The note stands at once wherever the words do, and whoever was asked has answered.
    case tell
    /// No note stands; it is among those that wait.
    case waits
    /// It goes, and nobody is asked about it any more.
    case drop
    case keep
}

/// - Parameter mark: nil where the claim is not known yet. Nil where there is nothing that this could happen to.
public func evidenceStep(_ mark: EvidenceMark?, after event: EvidenceEvent) -> EvidenceStep? {
    switch (event, mark) {
    case (.asked, nil), (.asked, EvidenceMark.none?): .ask
    case (.asked, .checked?), (.asked, .corrected?): .join
    case (.marked, nil), (.wordsGone, nil): nil
    case (.marked(EvidenceMark.none), _?): .waits
    case (.marked(.checked), _?), (.marked(.corrected), _?): .tell
    case (.wordsGone(standElsewhere: true), _?): .keep
    case (.wordsGone(standElsewhere: false), _?): .drop
    }
}

extension String {
    /// As a claim is kept and shown: small letters, single spaces.
    public var asClaim: String {
        lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// As a claim is looked for in other words: whole words with one space around each, so that "in 1" is not found in "in 100".
    /// Empty where there is no word.
    public var asWholeWords: String {
        let words = wholeWords.map(\.word).trimmed
        return words.isEmpty ? "" : " " + words.joined(separator: " ") + " "
    }

    /// Where these words stand one after the other, as it is written here; nil where they do not.
    public func stretch(of words: String) -> String? {
        let (here, sought) = (wholeWords, words.wholeWords.map(\.word).trimmed)
        guard !sought.isEmpty, here.count >= sought.count else { return nil }
        let found = (0...(here.count - sought.count)).first { start in sought.indices.allSatisfy { here[start + $0].word == sought[$0] } }
        return found.map { String(self[here[$0].at.lowerBound..<here[$0 + sought.count - 1].at.upperBound]) }
    }

    /// Letters and digits in a row, in small letters, with what belongs to a number ("1,000", "1.5", "2-3", "5%") or a word ("don't").
    /// Signs of scripts without spaces stand alone. A full stop between sentences, or an empty line, is a word of its own: what ends one
    /// sentence and begins the next is no claim.
    private var wholeWords: [(word: String, at: Range<Index>)] {
        var made: [(word: String, at: Range<Index>)] = []
        var begun: Index?
        func end(_ at: Index) {
            guard let start = begun else { return }
            made.append((self[start..<at].lowercased().replacing("’", with: "'"), start..<at))
            begun = nil
        }
        var place = startIndex
        while place < endIndex {
            let (sign, next) = (self[place], index(after: place))
            if sign.standsAlone {
                end(place)
                made.append((String(sign), place..<next))
            } else if sign.isLetter || sign.isNumber {
                begun = begun ?? place
            } else if begun == nil || !joins(sign, self[index(before: place)], next < endIndex ? self[next] : nil) {
                end(place)
                if ".?!。！？".contains(sign) || sign.isNewline && next < endIndex && self[next].isNewline,
                    made.last.map({ $0.word != "." }) ?? false
                {
                    made.append((".", place..<next))
                }
            }
            place = next
        }
        end(endIndex)
        return made
    }

    private func joins(_ sign: Character, _ before: Character, _ after: Character?) -> Bool {
        switch sign {
        case "%": before.isNumber
        case ".", ",", ":", "/", "-", "–": before.isNumber && after?.isNumber ?? false
        case "'", "’": before.isLetter && after?.isLetter ?? false
        case _: false
        }
    }
}

extension [String] {
    /// Without the full stops at its ends.
    fileprivate var trimmed: [String] {
        var kept = self[...]
        while kept.last == "." { kept.removeLast() }
        while kept.first == "." { kept.removeFirst() }
        return Array(kept)
    }
}

extension Character {
    /// Chinese and Japanese signs, and those of Thai, Lao, Burmese and Khmer, which are written without spaces.
    fileprivate var standsAlone: Bool {
        guard let scalar = unicodeScalars.first else { return false }
        switch scalar.value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF: return isLetter || isNumber
        case _: return scalar.properties.isIdeographic
        }
    }
}
