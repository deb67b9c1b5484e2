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
        let words = wholeWords
        return words.isEmpty ? "" : " " + words.map(\.word).joined(separator: " ") + " "
    }

    /// Where these words stand one after the other, as it is written here; nil where they do not.
    public func stretch(of words: String) -> String? {
        let (here, sought) = (wholeWords, words.wholeWords.map(\.word))
        guard !sought.isEmpty, here.count >= sought.count else { return nil }
        let found = (0...(here.count - sought.count)).first { start in sought.indices.allSatisfy { here[start + $0].word == sought[$0] } }
        return found.map { String(self[here[$0].at.lowerBound..<here[$0 + sought.count - 1].at.upperBound]) }
    }

    /// Letters and digits in a row, in small letters, with what belongs to a number ("1,000", "1.5", "2-3", "5%") or a word ("don't").
    /// Signs that are a word each (Chinese) stand alone.
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
            if sign.unicodeScalars.first?.properties.isIdeographic ?? false {
                end(place)
                made.append((String(sign), place..<next))
            } else if sign.isLetter || sign.isNumber {
                begun = begun ?? place
            } else if begun == nil || !joins(sign, self[index(before: place)], next < endIndex ? self[next] : nil) {
                end(place)
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
