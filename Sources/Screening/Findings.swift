/// One place where one rule saw something.
struct Finding {
    var kind: ConcernKind
    var level: Level
    var span: Span
    var why: String
    var source: String
}

extension Concern {
    fileprivate mutating func add(_ span: Span, _ seen: Level) {
        spans.append(span)
        level = max(level, seen)
    }
}

enum Findings {
    /// One concern for each rule, most serious first, with spans that begin and end on the writer's characters.
    static func concerns(_ findings: [Finding], in text: String) -> [Concern] {
        if findings.isEmpty { return [] }
        let boundaries = Boundaries(text, asked: findings.flatMap { [$0.span.start, $0.span.end] })
        var concerns: [Concern] = []
        var places: [String: Int] = [:]
        for finding in findings {
            let span = Span(start: boundaries.down(finding.span.start), end: boundaries.up(finding.span.end))
            if let place = places[finding.source] {
                concerns[place].add(span, finding.level)
            } else {
                places[finding.source] = concerns.count
                concerns.append(
                    Concern(kind: finding.kind, level: finding.level, spans: [span], why: finding.why, source: finding.source))
            }
        }
        let rank = Dictionary(uniqueKeysWithValues: ConcernKind.allCases.enumerated().map { ($1, $0) })
        return
            concerns
            .map { concern in
                var concern = concern
                concern.spans = merged(concern.spans)
                return concern
            }
            .sorted { ($1.level, rank[$0.kind] ?? 0, $0.source) < ($0.level, rank[$1.kind] ?? 0, $1.source) }
    }

    static func merged(_ spans: [Span]) -> [Span] {
        var merged: [Span] = []
        for span in spans.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            if let last = merged.last, span.start <= last.end {
                merged[merged.count - 1].end = max(last.end, span.end)
            } else {
                merged.append(span)
            }
        }
        return merged
    }
}

/// Moves offsets out to the edges of the characters they fall into, in one pass over the text.
struct Boundaries {
    private var downs: [Int: Int] = [:]
    private var ups: [Int: Int] = [:]

    init(_ text: String, asked: [Int]) {
        // In plain ASCII every byte is a character, save a line end of two bytes, where no span begins or ends.
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return }
        var rest = asked.sorted()[...]
        var start = 0
        for character in text {
            let end = start + character.utf8.count
            while let offset = rest.first, offset < end {
                if offset > start {
                    downs[offset] = start
                    ups[offset] = end
                }
                rest.removeFirst()
            }
            if rest.isEmpty { return }
            start = end
        }
    }

    func down(_ offset: Int) -> Int { downs[offset] ?? offset }
    func up(_ offset: Int) -> Int { ups[offset] ?? offset }
}
