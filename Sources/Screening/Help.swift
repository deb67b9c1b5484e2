/// Numbers and sites of help services, which are never personal detail.
struct HelpLines: Sendable {
    struct File: Decodable {
        var numbers: [String]
        var sites: [String]
    }

    /// Digits as one number, with how many they are: a nought in front counts.
    private var numbers: Set<UInt64>
    private var sites: [String]

    /// The longest telephone number has fifteen digits (E.164).
    private static let longest = 15
    /// Shorter ones (111, 999) begin many a number that is somebody's own.
    private static let leastWhole = 5

    init(_ file: File) {
        (numbers, sites) = ([], [])
        add(file)
    }

    mutating func add(_ file: File) {
        numbers.formUnion(file.numbers.compactMap { number in Self.key(number.utf8.filter { (0x30...0x39).contains($0) }[...]) })
        sites += file.sites.map { $0.lowercased() }.filter { !$0.isEmpty && !sites.contains($0) }
    }

    private static func key(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard (2...longest).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1 &- 0x30) } << 4 | UInt64(digits.count)
    }

    /// - Parameter digits: as bytes, "0" to "9".
    func contains(number digits: ArraySlice<UInt8>) -> Bool { Self.key(digits).map(numbers.contains) ?? false }

    /// Long enough to be a number by itself, and not the beginning of another one: what stands behind it is looked at for itself.
    func isWhole(_ digits: [UInt8]) -> Bool { digits.count >= Self.leastWhole && contains(number: digits[...]) }

    /// Numbers that cost nothing to call belong to services, and to nobody: 0800 and 0808, 1800, and North America's others.
    static func isFree(_ digits: [UInt8]) -> Bool {
        let text = String(decoding: digits, as: UTF8.self)
        if digits.count <= 11, text.hasPrefix("0800") || text.hasPrefix("0808") { return true }
        return (10...11).contains(digits.count)
            && ["1800", "1833", "1844", "1855", "1866", "1877", "1888"].contains { text.hasPrefix($0) }
    }

    /// A link to a page of a help service, or of a part of it. What is written to look like one is none: a name in front of an @, a second
    /// address behind the first, signs that a browser would read otherwise.
    func contains(link: String) -> Bool {
        let (authority, rest) = Self.parts(of: link)
        guard !authority.contains("@"), !rest.contains("://") else { return false }
        let host = Self.host(of: link)
        guard host.utf8.allSatisfy({ $0 < 0x80 }) else { return false }
        return sites.contains { host == $0 || host.hasSuffix("." + $0) }
    }

    private static func parts(of link: String) -> (authority: Substring, rest: Substring) {
        var address = link.lowercased()[...]
        // A scheme stands in front and nowhere else; browsers end a host at a backslash too.
        if let scheme = address.firstRange(of: "://"), address[..<scheme.lowerBound].allSatisfy(\.isLetter) {
            address = address[scheme.upperBound...]
        }
        let authority = address.prefix { !"/?#\\".contains($0) }
        return (authority, address.dropFirst(authority.count))
    }

    /// Without a port, and without what ends a sentence.
    static func host(of link: String) -> String {
        var host = parts(of: link).authority
        if let port = host.lastIndex(of: ":"), host[port...].dropFirst().allSatisfy(\.isNumber) { host = host[..<port] }
        while let last = host.last, ".,;:!)'\"".contains(last) { host.removeLast() }
        return String(host)
    }
}

extension Screen {
    /// The same, with more help services whose numbers and pages are nobody's personal detail: those that a host itself shows.
    ///
    /// - Parameters:
    ///   - numbers: as they are written or dialled; what is no digit is left out. Longer than fifteen digits is none.
    ///   - pages: addresses or names of sites; their other pages pass as well.
    public func knowing(numbers: [String], pages: [String]) -> Screen {
        var more = rules
        more.help.add(.init(numbers: numbers, sites: pages.map(HelpLines.host)))
        return Screen(rules: more, models: models, workLimit: workLimit)
    }
}
