/// Two records that look like one publication; `doubtful` is the one of which too little is known.
struct Link {
    let first: Int
    let second: Int
    let rule: DuplicatePair.Rule
    let doubtful: Int?

    var pair: DuplicatePair { DuplicatePair(first: first, second: second, rule: rule) }
}

/// Are two records one publication, by title, author and year?
struct Alike {
    private let records: [FoundRecord]
    private let keys: [TitleKey]
    /// In how many titles each word stands.
    private let titles: [String: Int]

    init(records: [FoundRecord], keys: [TitleKey]) {
        (self.records, self.keys) = (records, keys)
        var (titles, last) = ([String: Int](), [String: String]())
        for key in keys {
            // The same title again says nothing of its words.
            for word in key.words where last[word] != key.joined {
                last[word] = key.joined
                titles[word] = (titles[word] ?? 0) + 1
            }
        }
        self.titles = titles
    }

    func link(_ a: Int, _ b: Int) -> Link? {
        guard a != b else { return nil }
        let (one, other) = (keys[a], keys[b])
        if let first = records[a].doi, let second = records[b].doi, first != second { return nil }
        if let first = records[a].pmid, let second = records[b].pmid, first != second { return nil }
        if let first = records[a].year, let second = records[b].year, abs(first - second) > 1 { return nil }
        let isSame = one.joined == other.joined
        let length = min(one.words.count, other.words.count)
        if one.family.isEmpty || other.family.isEmpty || records[a].year == nil || records[b].year == nil {
            // Without author or year a title must be long enough to be nobody else's.
            guard isSame, length >= 6, one.family.isEmpty || other.family.isEmpty || isSameFamily(one.family, other.family) else {
                return nil
            }
            // Two of which equally little is known are alike; the one that lacks what the other has could be somebody else's.
            let gaps = [a, b].map { (keys[$0].family.isEmpty ? 1 : 0) + (records[$0].year == nil ? 1 : 0) }
            return Link(first: a, second: b, rule: .title, doubtful: gaps[0] == gaps[1] ? nil : gaps[0] > gaps[1] ? a : b)
        }
        guard isSameFamily(one.family, other.family) else { return nil }
        if isSame { return Link(first: a, second: b, rule: .title, doubtful: nil) }
        if isNear(one, other) { return Link(first: a, second: b, rule: .nearTitle, doubtful: nil) }
        if isCut(a, b) { return Link(first: a, second: b, rule: .cutTitle, doubtful: a) }
        return isCut(b, a) ? Link(first: a, second: b, rule: .cutTitle, doubtful: b) : nil
    }

    private func isSameFamily(_ a: String, _ b: String) -> Bool {
        a == b || (min(a.utf8.count, b.utf8.count) >= 4 && (isOneSlip(a, b) || a.hasSuffix(b) || b.hasSuffix(a)))
    }

    /// The same words in the same order, but for a few with one slip each.
    private func isNear(_ a: TitleKey, _ b: TitleKey) -> Bool {
        guard a.words.count >= 3, a.numbers == b.numbers, a.telling == b.telling else { return false }
        guard abs(a.joined.utf8.count - b.joined.utf8.count) <= 3 else { return false }
        if a.words.count == b.words.count {
            let differing = zip(a.words, b.words).filter { $0 != $1 }
            if differing.count <= max(1, a.words.count / 4), differing.allSatisfy({ isSlip($0, $1) }) { return true }
            // "of  abefriending": a letter and the space beside it changed places.
            if differing.count != 2 { return false }
        }
        // A space too many or too few comes with a slip.
        return a.joined.utf8.count >= 30 && isOneSlip(a.joined, b.joined)
    }

    /// One letter differs, and one of the two is no word: it stands in hardly any title beside the other.
    private func isSlip(_ a: String, _ b: String) -> Bool {
        let (rare, often) = (min(titles[a] ?? 0, titles[b] ?? 0), max(titles[a] ?? 0, titles[b] ?? 0))
        let length = min(a.utf8.count, b.utf8.count)
        guard rare * 20 <= often || (rare <= 2 && length >= 4), length >= 2 else { return false }
        return isOneSlip(a, b)
    }

    /// Is the first the beginning of the second, and what is left out no part, answer or other kind of publication?
    ///
    /// A title ends where its subtitle begins, or in the middle of a word. One with a DOI is whole.
    private func isCut(_ a: Int, _ b: Int) -> Bool {
        let (short, long) = (keys[a], keys[b])
        let length = short.joined.utf8.count
        guard records[a].doi == nil, short.words.count >= 5, length >= 30, length < long.joined.utf8.count else { return false }
        guard long.joined.utf8.starts(with: short.joined.utf8) else { return false }
        var (ends, rest) = (0, [String]())
        for word in long.words {
            ends += word.utf8.count
            if ends > length { rest.append(word) }
            if ends == length, !isSubtitle(records[b].title, after: length) { return false }
        }
        return rest.allSatisfy { word in
            !word.utf8.contains { (48...57).contains($0) } && !["i", "ii", "iii", "iv", "v"].contains(word)
                && !TitleKey.tellingWords.contains(word)
        }
    }

    /// Does a colon, a dash or an end of a sentence stand after so many letters?
    private func isSubtitle(_ title: String, after length: Int) -> Bool {
        let parts = title.replacing(" - ", with: ":").split { ":.?!–—;(".contains($0) }
        var ends = 0
        for (place, part) in parts.enumerated() {
            let words = plainWords(String(part))
            ends += (place == 0 ? Array(words.drop { ["a", "an", "the"].contains($0) }) : words).reduce(0) { $0 + $1.utf8.count }
            if ends == length { return true }
        }
        return false
    }
}

/// One letter put in, left out, changed, or two neighbours changed about.
func isOneSlip(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    guard abs(a.count - b.count) <= 1 else { return false }
    var start = 0
    while start < min(a.count, b.count), a[start] == b[start] { start += 1 }
    var end = 0
    while end < min(a.count, b.count) - start, a[a.count - 1 - end] == b[b.count - 1 - end] { end += 1 }
    let (left, right) = (a.count - start - end, b.count - start - end)
    if left <= 1, right <= 1 { return left + right > 0 }
    return left == 2 && right == 2 && a[start] == b[start + 1] && a[start + 1] == b[start]
}
