/// Numbers and sites of help services, which are never personal detail.
struct HelpLines: Sendable {
    struct File: Decodable {
        var numbers: [String]
        var sites: [String]
    }

    /// Digits as one number, with how many they are: a nought in front counts.
    private var numbers: Set<UInt64>
    /// Which two digits the longer ones begin with, of a hundred: nearly all that is no help line is told by them at once.
    private var starts: [Bool]
    private var sites: [String]

    /// The longest telephone number has fifteen digits (E.164).
    private static let longest = 15
    /// A shorter number of help inside a longer one may be chance.
    private static let leastInside = 6

    init(_ file: File) {
        (numbers, starts, sites) = ([], [Bool](repeating: false, count: 100), [])
        add(file)
    }

    mutating func add(_ file: File) {
        for number in file.numbers {
            let digits = number.utf8.filter { (0x30...0x39).contains($0) }
            guard let key = Self.key(digits[...]) else { continue }
            numbers.insert(key)
            if digits.count >= Self.leastInside { starts[Self.start(of: digits, 0)] = true }
        }
        sites += file.sites.map { $0.lowercased() }.filter { !$0.isEmpty && !sites.contains($0) }
    }

    private static func key(_ digits: ArraySlice<UInt8>) -> UInt64? {
        guard (2...longest).contains(digits.count) else { return nil }
        return digits.reduce(0) { $0 * 10 + UInt64($1 &- 0x30) } << 4 | UInt64(digits.count)
    }

    private static func start(of digits: [UInt8], _ from: Int) -> Int {
        min(99, Int(digits[from] &- 0x30) * 10 + Int(digits[from + 1] &- 0x30))
    }

    /// - Parameter digits: as bytes, "0" to "9".
    func contains(number digits: ArraySlice<UInt8>) -> Bool { Self.key(digits).map(numbers.contains) ?? false }

    /// A help line with its hours beside it ("0800 1111 (24/7)"): what is left before and behind it is too short for a number to call.
    ///
    /// - Parameter edges: where parts of the number begin and end, from 0 to its length.
    func stands(in digits: [UInt8], edges: [Int]) -> Bool {
        for from in edges where from < 7 && digits.count - from >= Self.leastInside && starts[Self.start(of: digits, from)] {
            for to in edges where to - from >= Self.leastInside && digits.count - to < 7 {
                if contains(number: digits[from..<to]) { return true }
            }
        }
        return false
    }

    /// A link to a page of a help service, or of a part of it.
    func contains(link: String) -> Bool {
        let host = Self.host(of: link)
        return sites.contains { host == $0 || host.hasSuffix("." + $0) }
    }

    static func host(of link: String) -> String {
        var host = link.lowercased()[...]
        // A scheme stands in front and nowhere else; browsers end a host at a backslash too.
        if let scheme = host.firstRange(of: "://"), host[..<scheme.lowerBound].allSatisfy(\.isLetter) { host = host[scheme.upperBound...] }
        host = host.prefix { !"/?#\\".contains($0) }
        while let last = host.last, !last.isLetter { host.removeLast() }
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
