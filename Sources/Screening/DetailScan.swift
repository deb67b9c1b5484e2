/// Personal detail that is a matter of signs rather than words: addresses of mail, handles, links, postcodes.
struct DetailScan {
    let bytes: [UInt8]
    private(set) var emails: [Span] = []
    private(set) var handles: [Span] = []
    private(set) var links: [Span] = []
    private(set) var postcodes: [Span] = []

    /// A legal post has fewer; what is beyond them in a longer text says nothing new.
    private static let most = 3_000

    /// How far one of these can reach. It keeps the work for each sign bounded.
    private static let reach = 200
    /// Endings that are hardly ever typed by accident, and ones that count only before a path.
    private static let endings = hashes(["com", "net", "org", "uk", "gg", "app", "xyz", "info", "edu", "gov"])
    private static let weakEndings = hashes(["me", "be", "co", "tv", "io", "ly", "to", "link", "page", "de", "fr"])
    private static func hashes(_ words: [String]) -> Set<UInt64> { Set(words.map { Hash.of($0.utf8) }) }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var covered = 0
        for index in bytes.indices {
            switch bytes[index] {
            case UInt8(ascii: "@") where index >= covered && hasRoom: covered = max(covered, at(index))
            case UInt8(ascii: "."), UInt8(ascii: ":"):
                if index >= covered, hasRoom { covered = max(covered, link(index)) }
            case let byte where byte.isDigit: if hasRoom { postcode(index) }
            default: break
            }
        }
    }

    private var hasRoom: Bool { emails.count + handles.count + links.count + postcodes.count < Self.most }

    private mutating func at(_ index: Int) -> Int {
        var start = index
        while start > 0, index - start < 64, Self.isAddress(bytes[start - 1]) { start -= 1 }
        var end = index + 1
        var dot = 0
        while end < bytes.count, end - index < Self.reach, Self.isAddress(bytes[end]) {
            if bytes[end] == UInt8(ascii: ".") { dot = end }
            end += 1
        }
        while end > index + 1, bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
        if start < index, dot > index + 1, end - dot > 2 {
            emails.append(Span(start: start, end: end))
        } else if start == index, end - index >= 4, bytes[index + 1].isLetter, index == 0 || !bytes[index - 1].isWordy {
            handles.append(Span(start: index, end: end))
        } else {
            return 0
        }
        return end
    }

    private mutating func link(_ index: Int) -> Int {
        if bytes[index] == UInt8(ascii: ":") {
            guard index + 3 < bytes.count, bytes[index + 1] == 0x2F, bytes[index + 2] == 0x2F else { return 0 }
        } else {
            var end = index + 1
            while end < bytes.count, end - index < 8, bytes[end].isLetter { end += 1 }
            let ending = Hash.of(bytes[(index + 1)..<end].lazy.map(\.lowered))
            let path = end < bytes.count && bytes[end] == 0x2F
            let strong = Self.endings.contains(ending) && (end == bytes.count || !bytes[end].isWordy)
            let www = index >= 3 && bytes[(index - 3)..<index].allSatisfy { $0 | 0x20 == UInt8(ascii: "w") }
            guard index > 1, bytes[index - 1].isWordy, www || strong || (path && Self.weakEndings.contains(ending))
            else { return 0 }
        }
        var start = index
        while start > 0, index - start < Self.reach, Self.isLink(bytes[start - 1]) { start -= 1 }
        var end = index
        while end < bytes.count, end - index < Self.reach, Self.isLink(bytes[end]) { end += 1 }
        while end > index + 1, !bytes[end - 1].isWordy, bytes[end - 1] != 0x2F { end -= 1 }
        links.append(Span(start: start, end: end))
        return end
    }

    /// A British postcode, seen from the last digit before its two closing letters.
    private mutating func postcode(_ index: Int) {
        guard index + 2 < bytes.count, bytes[index + 1].isLetter, bytes[index + 2].isLetter else { return }
        guard index + 3 == bytes.count || !bytes[index + 3].isWordy else { return }
        let last = [bytes[index + 1].lowered, bytes[index + 2].lowered]
        // "2nd" and its like are numbers in order; "5cm" and "3pm" use letters no postcode ends with.
        if ["nd", "rd", "st", "th"].contains(where: { $0.utf8.elementsEqual(last) }) { return }
        if last.contains(where: { "cikmov".utf8.contains($0) }) { return }
        var start = index
        if start > 0, bytes[start - 1] == 0x20 { start -= 1 }
        let end = start
        while start > 0, end - start < 5, bytes[start - 1].isWordy { start -= 1 }
        let area = bytes[start..<end]
        guard (2...4).contains(area.count), bytes[start].isLetter, area.contains(where: \.isDigit) else { return }
        guard area.count - (area.lastIndex(where: \.isLetter).map { $0 - start } ?? 0) <= 3 else { return }
        postcodes.append(Span(start: start, end: index + 3))
    }

    private static func isAddress(_ byte: UInt8) -> Bool {
        byte.isWordy || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
    }

    private static func isLink(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "(") && byte != UInt8(ascii: ")") && byte != UInt8(ascii: "[")
            && byte != UInt8(ascii: "]")
            && byte != UInt8(ascii: "\"")
            && byte != UInt8(ascii: ",")
    }
}

extension UInt8 {
    @inline(__always) var isWordy: Bool { isLetter || isDigit || self == UInt8(ascii: "_") }
}
