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
    /// Signs that are a word each (Chinese) stand alone. Empty where there is no word.
    public var asWholeWords: String {
        var made = " "
        for sign in lowercased() {
            let isAlone = sign.unicodeScalars.first?.properties.isIdeographic ?? false
            if isAlone || !(sign.isLetter || sign.isNumber), made.last != " " { made.append(" ") }
            if sign.isLetter || sign.isNumber { made.append(sign) }
            if isAlone { made.append(" ") }
        }
        if made.last != " " { made.append(" ") }
        return made == " " ? "" : made
    }
}
