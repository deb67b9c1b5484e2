import Foundation

/// Folds look-alike characters to plain lowercase ASCII: compatibility forms (full width, mathematical, circled),
/// accents, and letters of other scripts that are drawn like Latin ones.
struct Folding: Sendable {
    enum Folded: Equatable {
        case ignored
        case letters(UInt8, UInt8?)
        case quote
        case apostrophe
        case space
        case ellipsis
        /// Ends a sentence, or a clause, in another script.
        case stop, pause
        case foreign
        /// A sign that is a word, or a syllable of one: each is read as a word of its own.
        case syllable(Scripts)
        case other
    }

    private let table: [UInt32: (UInt8, UInt8)]

    init() {
        var table: [UInt32: (UInt8, UInt8)] = [:]
        for range in Self.compatible {
            for value in range {
                guard let scalar = Unicode.Scalar(value) else { continue }
                let plain = String(Character(scalar)).decomposedStringWithCompatibilityMapping.lowercased().utf8
                    .filter { $0.isLetter || $0.isDigit || $0.isLeet }
                if let first = plain.first, plain.count <= 2 { table[value] = (first, plain.dropFirst().first ?? 0) }
            }
        }
        // Figures of other scripts count as figures: a number to call is one in any of them.
        for zero: UInt32 in [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0E50] {
            for figure in UInt32(0)...9 { table[zero + figure] = (UInt8(0x30 + figure), 0) }
        }
        table[0xFF01] = nil  // the wide exclamation mark ends sentences; it stands for no letter
        for (plain, alike) in Self.lookAlikes {
            for scalar in alike.unicodeScalars { table[scalar.value] = (plain, 0) }
        }
        for scalar in "æǽ".unicodeScalars { table[scalar.value] = (UInt8(ascii: "a"), UInt8(ascii: "e")) }
        for scalar in "œ".unicodeScalars { table[scalar.value] = (UInt8(ascii: "o"), UInt8(ascii: "e")) }
        for scalar in "ßẞ".unicodeScalars { table[scalar.value] = (UInt8(ascii: "s"), UInt8(ascii: "s")) }
        self.table = table
    }

    func fold(_ scalar: Unicode.Scalar) -> Folded {
        if 0x4E00...0x9FFF ~= scalar.value { return .syllable(.han) }  // most of a text in Chinese; none of them stands in the table
        if let (first, second) = table[scalar.value] { return .letters(first, second == 0 ? nil : second) }
        switch scalar.value {
        case 0x2018, 0x2019, 0x02BC, 0x00B4, 0xFF07: return .apostrophe
        case 0x201C...0x201F, 0x00AB, 0x00BB, 0xFF02: return .quote
        case 0x2026: return .ellipsis
        case 0x3002, 0xFF01, 0xFF0E, 0xFF1F, 0xFF61: return .stop
        case 0x3001, 0xFF0C, 0xFF1A, 0xFF1B, 0xFF64: return .pause
        case 0x00A0, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: return .space
        // Zero width, joiners, direction marks, soft hyphen, variation selectors, combining marks, tags.
        case 0x00AD, 0x034F, 0x061C, 0x180E, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: return .ignored
        case 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180D, 0x3164, 0xFFA0, 0x2800: return .ignored
        case 0xFE00...0xFE0F, 0x0300...0x036F, 0x1AB0...0x1AFF, 0x1DC0...0x1DFF, 0x20D0...0x20FF: return .ignored
        case 0x1F3FB...0x1F3FF, 0xE0000...0xE0FFF, 0x0488, 0x0489: return .ignored
        case 0x3400...0x4DBF, 0xF900...0xFAFF, 0x20000...0x3134F: return .syllable(.han)
        case 0xAC00...0xD7A3: return .syllable(.hangul)
        case 0x3041...0x3096, 0x30A1...0x30FA: return .syllable(.kana)
        default: return scalar.properties.isAlphabetic ? .foreign : .other
        }
    }

    /// The text with every character folded and nothing else changed. Folding twice changes nothing more.
    func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.isASCII {
                plain.append(Unicode.Scalar(UInt8(scalar.value).lowered))
                continue
            }
            switch fold(scalar) {
            case .ignored: break
            case .letters(let first, let second):
                plain.append(Unicode.Scalar(first))
                if let second { plain.append(Unicode.Scalar(second)) }
            case .quote: plain.append("\"")
            case .apostrophe: plain.append("'")
            case .space: plain.append(" ")
            case .ellipsis: plain.append(contentsOf: "...".unicodeScalars)
            case .stop, .pause, .foreign, .syllable, .other: plain.append(scalar)
            }
        }
        return String(plain)
    }

    private static let compatible: [ClosedRange<UInt32>] = [
        0x00B2...0x00B3, 0x00B9...0x00B9, 0x00C0...0x024F, 0x1D2C...0x1D6A, 0x1E00...0x1EFF, 0x2070...0x209C, 0x2100...0x214F,
        0x2460...0x24EA,
        0xFB00...0xFB06, 0xFF01...0xFF5E, 0x1D400...0x1D7FF, 0x1F100...0x1F149,
    ]

    private static let lookAlikes: [(UInt8, String)] = [
        ("a", "аАαΑɑ🅰"), ("b", "вВβΒЬ🅱"), ("c", "сСϲⅽ"), ("d", "ԁⅾɗđ"), ("e", "еЕєЄεΕ℮ёЁ"), ("g", "ɡԍ"),
        ("h", "һНнΗ"), ("i", "іІїιΙıɪḷǀ"), ("j", "јЈ"), ("k", "кКκΚ"), ("l", "ӏⅼłŁ"), ("m", "мМΜⅿ"),
        ("n", "пηΝɴ"), ("o", "оОοΟσøØ🅾"), ("p", "рРρΡ🅿"), ("q", "ԛ"), ("r", "гɾ"), ("s", "ѕЅꜱ"), ("t", "тТτΤ"),
        ("u", "υʋ"), ("v", "νѵ"), ("w", "ԝωѡ"), ("x", "хХχΧ×"), ("y", "уУүΥγ"), ("z", "ΖᴢʐƵƶ"),
    ].map { (UInt8(($0.0 as Unicode.Scalar).value), $0.1) }
}

extension UInt8 {
    @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }
    @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
    @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
    @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }
    @inline(__always) var lowered: UInt8 { isUpper ? self | 0x20 : self }
    /// Signs that are typed in the place of a letter inside a word: ! $ * @ |
    @inline(__always) var isLeet: Bool { self == 0x21 || self == 0x24 || self == 0x2A || self == 0x40 || self == 0x7C }
}
