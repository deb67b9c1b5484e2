/// Personal detail that needs code rather than patterns: numbers, addresses of mail, handles, links, small places.
struct DetailFinder {
    let rules: RuleSet
    let reading: Reading
    let bytes: [UInt8]

    /// What was found, and where links stand that lead to help.
    func found(_ context: Context) -> (findings: [Finding], helpLinks: [Span]) {
        var (found, helpLinks): ([Finding], [Span]) = ([], [])
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
            } else if rules.help.contains(link: link), endsThere(span) {
                helpLinks.append(span)
            } else {
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
        return (found, helpLinks)
    }

    /// Is the address over where it seems to be? Browsers read some signs behind it as a dot, or not at all.
    private func endsThere(_ link: Span) -> Bool {
        guard link.end < bytes.count, bytes[link.end] >= 0x80 else { return true }
        let next = String(decoding: bytes[link.end..<min(bytes.count, link.end + 4)], as: UTF8.self).unicodeScalars.first
        guard let next else { return false }
        switch next.value {
        // Spaces, dashes, closing quotes and the ellipsis.
        case 0xA0, 0xBB, 0x2000...0x200A, 0x2013, 0x2014, 0x2019, 0x201D, 0x2026, 0x202F, 0x3000: return true
        default: return next.value > 0x2000 && next.properties.isEmojiPresentation
        }
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
