/// Numbers and sites of help services, which are never personal detail.
struct HelpLines: Sendable {
    struct File: Decodable {
        var numbers: [String]
        var sites: [String]
    }

    private let numbers: Set<String>
    private let sites: [String]

    init(_ file: File) {
        numbers = Set(file.numbers.map { $0.filter(\.isNumber) })
        sites = file.sites
    }

    func contains(number digits: String) -> Bool { numbers.contains(digits) }

    /// A link to a page of a help service, or of a part of it.
    func contains(link: String) -> Bool {
        var host = link.lowercased()[...]
        // A scheme stands in front and nowhere else; browsers end a host at a backslash too.
        if let scheme = host.firstRange(of: "://"), host[..<scheme.lowerBound].allSatisfy(\.isLetter) { host = host[scheme.upperBound...] }
        host = host.prefix { !"/?#\\".contains($0) }
        while let last = host.last, !last.isLetter { host.removeLast() }
        return sites.contains { host == $0 || host.hasSuffix("." + $0) }
    }
}
