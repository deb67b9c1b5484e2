/// Personal detail that needs code rather than patterns: numbers, addresses of mail, handles, links, small places.
struct DetailFinder {
    let rules: RuleSet
    let reading: Reading
    let bytes: [UInt8]

    func found(_ context: Context) -> [Finding] {
        var found: [Finding] = []
        let phones = PhoneScan(reading: reading, bytes: bytes, words: rules.details, help: rules.help)
        for words in phones.found() {
            let span = Span(
                start: reading.tokens[words.lowerBound].start, end: reading.tokens[words.upperBound - 1].end)
            found.append(detail(span, phones.isTheirs(words.lowerBound), "phone", "a phone number"))
        }
        let scan = DetailScan(bytes)
        for (spans, id, thing) in [
            (scan.emails, "email", "an email address"), (scan.handles, "handle", "a name from another site or app"),
            (scan.postcodes, "postcode", "a postcode"),
        ] {
            for span in spans { found.append(detail(span, phones.isTheirs(word(at: span.start)), id, thing)) }
        }
        for span in scan.links {
            // Once for each link: as text, in small letters.
            let link = String(decoding: bytes[span.start..<span.end], as: UTF8.self).lowercased()
            if isPicture(link) {
                found.append(
                    Finding(
                        kind: .image, level: .medium, span: span, why: "This has a picture. Pictures are not shown here.",
                        source: "en.detail.picture"))
            } else if !rules.help.contains(link: link) {
                found.append(
                    Finding(
                        kind: .link, level: .medium, span: span, why: "This has a link. A person checks links first.",
                        source: "en.detail.link"))
            }
        }
        for words in context.places.found(in: reading) {
            let span = Span(
                start: reading.tokens[words.lowerBound].start, end: reading.tokens[words.upperBound - 1].end)
            found.append(
                Finding(
                    kind: .smallPlace, level: .medium, span: span,
                    why: "This names a small place. People who live there could work out who you are.",
                    source: "en.detail.place"))
        }
        return found
    }

    private func detail(_ span: Span, _ theirs: Bool, _ id: String, _ thing: String) -> Finding {
        theirs
            ? Finding(
                kind: .othersDetail, level: .high, span: span,
                why: "This looks like \(thing) of someone else. They may not want it here.",
                source: "en.detail.other.\(id)")
            : Finding(
                kind: .ownDetail, level: .high, span: span,
                why: "This looks like \(thing). Anyone could use it to find you.", source: "en.detail.own.\(id)")
    }

    /// An address that ends like a picture's name.
    private func isPicture(_ link: String) -> Bool {
        let path = link.prefix { $0 != "?" && $0 != "#" }
        return ["jpg", "jpeg", "png", "gif", "webp", "heic", "avif", "bmp", "svg"].contains { path.hasSuffix("." + $0) }
    }

    /// The first word at or after an offset. Words are in order, so this halves the text until it finds it.
    private func word(at offset: Int) -> Int { Self.firstWord(in: reading.tokens, from: offset) }

    /// The first word that begins at this place or behind it.
    static func firstWord(in tokens: [Token], from offset: Int) -> Int {
        var (low, high) = (0, tokens.count)
        while low < high {
            let middle = (low + high) / 2
            if tokens[middle].start < offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
