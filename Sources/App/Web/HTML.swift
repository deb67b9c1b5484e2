import Foundation
import Rules

/// HTML in plain sight: literals are trusted, interpolated values are escaped, `raw` is the only way round.
///
///     let part: HTML = "<p>\(person.shownName)</p>"
public struct HTML: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public private(set) var bytes: [UInt8]

    public init() { bytes = [] }
    public init(stringLiteral text: String) { bytes = Array(text.utf8) }
    public init(stringInterpolation made: Interpolation) { bytes = made.bytes }

    /// Markup made by our own code. Never a person's words.
    public init(raw text: String) { bytes = Array(text.utf8) }

    public static func += (page: inout HTML, part: HTML) { page.bytes.append(contentsOf: part.bytes) }
    public static func + (a: HTML, b: HTML) -> HTML {
        var both = a
        both += b
        return both
    }

    public var isEmpty: Bool { bytes.isEmpty }
    public mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

    public struct Interpolation: StringInterpolationProtocol {
        var bytes: [UInt8] = []

        public init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 48)
        }
        public mutating func appendLiteral(_ text: String) { bytes.append(contentsOf: text.utf8) }
        // A literal is markup of ours: `HTML` is preferred wherever both could be meant, so that only values are escaped.
        @_disfavoredOverload
        public mutating func appendInterpolation(_ text: String) { HTML.escape(text, into: &bytes) }
        @_disfavoredOverload
        public mutating func appendInterpolation(_ text: Substring) { HTML.escape(String(text), into: &bytes) }
        mutating func appendEscaped(_ text: UnsafeBufferPointer<UInt8>) { HTML.escape(text, into: &bytes) }
        public mutating func appendInterpolation(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }
        public mutating func appendInterpolation(_ number: Int64) { bytes.append(contentsOf: String(number).utf8) }
        public mutating func appendInterpolation<T>(_ id: ID<T>) { bytes.append(contentsOf: id.description.utf8) }
        public mutating func appendInterpolation(_ part: HTML) { bytes.append(contentsOf: part.bytes) }
        public mutating func appendInterpolation(raw text: String) { bytes.append(contentsOf: text.utf8) }
        public mutating func appendInterpolation<S: Sequence>(each things: S, _ part: (S.Element) -> HTML) {
            for thing in things { bytes.append(contentsOf: part(thing).bytes) }
        }
    }

    fileprivate static func escape(_ text: String, into out: inout [UInt8]) {
        var text = text
        text.withUTF8 { escape($0, into: &out) }
    }

    fileprivate static func escape(_ source: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
        var (start, at) = (0, 0)
        while true {
            at = toEscape(source, from: at)
            guard at < source.count else { break }
            let entity: StaticString
            switch source[at] {
            case 38: entity = "&amp;"
            case 60: entity = "&lt;"
            case 62: entity = "&gt;"
            case 34: entity = "&quot;"
            default: entity = "&#39;"
            }
            out.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<at]))
            out.append(contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount))
            at += 1
            start = at
        }
        out.append(contentsOf: UnsafeBufferPointer(rebasing: source[start..<source.count]))
    }

    /// Where the next of the five stands; the end when none does. Eight bytes are asked at once: most hold none.
    private static func toEscape(_ source: UnsafeBufferPointer<UInt8>, from: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        /// Not zero exactly when one of the eight bytes is zero.
        func zero(_ bytes: UInt64) -> UInt64 { (bytes &- ones) & ~bytes & (ones << 7) }
        var at = from
        while at &+ 8 <= source.count {
            let bytes = UnsafeRawPointer(source.baseAddress!).loadUnaligned(fromByteOffset: at, as: UInt64.self)
            // & and ' differ in the lowest bit, < and > in the one above it.
            guard zero((bytes | ones) ^ (ones &* 39)) | zero((bytes | ones << 1) ^ (ones &* 62)) | zero(bytes ^ (ones &* 34)) == 0 else {
                break
            }
            at &+= 8
        }
        while at < source.count {
            switch source[at] {
            case 34, 38, 39, 60, 62: return at
            default: at &+= 1
            }
        }
        return at
    }
}

/// A person's words as paragraphs: escaped, line breaks kept, nothing linked or followed.
///
/// Read byte by byte: walking by characters costs more than everything else on a page of fifty replies.
func prose(_ text: String) -> HTML {
    var (text, made) = (text, HTML.Interpolation(literalCapacity: text.utf8.count + 64, interpolationCount: 0))
    text.withUTF8 { bytes in
        var (start, isOpen, gap) = (0, false, 0)
        while start < bytes.count {
            let found = memchr(bytes.baseAddress! + start, 10, bytes.count - start)
            let end = found.map { UnsafeRawPointer($0) - UnsafeRawPointer(bytes.baseAddress!) } ?? bytes.count
            if end == start {
                gap += 1
            } else {
                if !isOpen || gap > 0 {
                    made.appendLiteral(isOpen ? "</p><p dir=\"auto\">" : "<p dir=\"auto\">")
                } else {
                    made.appendLiteral("<br>")
                }
                made.appendEscaped(UnsafeBufferPointer(rebasing: bytes[start..<end]))
                (isOpen, gap) = (true, 0)
            }
            start = end + 1
        }
        if isOpen { made.appendLiteral("</p>") }
    }
    return HTML(stringInterpolation: made)
}
