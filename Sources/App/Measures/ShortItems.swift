import Rules
import Statistics
import Store

/// Reach, asking for help and shame, one item each: how many gave which answer, of whole months of the last year, small numbers hidden.
struct ShortItems {
    static let measures = ["before", "seeking", "shame"]

    let question: String
    let options: [String]
    let counts: [Int]

    static func counted(_ tx: Transaction, _ ask: Ask, _ organisation: ID<Organisation>, from: Instant, until: Instant) throws
        -> [ShortItems]
    {
        try measures.compactMap { id in
            guard let pack = ask.app.content.pack(id), let question = pack.questions.first, let options = pack.answers.first,
                let measure = ask.app.content.measures.first(where: { $0.id == id })
            else { return nil }
            let answers = try tx.countedForms(id, in: organisation, from: from, until: until).compactMap { $0.answers.first ?? nil }
            let codes = Array(measure.lowest...measure.highest)
            return ShortItems(question: question, options: options, counts: codes.map { code in answers.count { $0 == code } })
        }
    }

    /// Everything or nothing of one question: nothing of fewer than eight, nor where all or all but a few said the same, which would tell
    /// of each of them.
    private var told: [String] {
        let all = counts.reduce(0, +)
        guard all == 0 || all - (counts.max() ?? 0) >= PublicCount.fewest else { return counts.map { _ in "*" } }
        return counts.map { PublicCount($0).description }
    }

    static func section(_ all: [ShortItems], _ ask: Ask) -> HTML {
        let say = ask.say
        return """
            <section class="stack"><h2>\(say("experience.short"))</h2><p>\(say("experience.short-how"))</p>\(each: all, { one in
                Parts.table(one.question, head: [say("experience.answer"), say("experience.people")], Array(zip(one.options, one.told))) { option, count in
                    "<tr><th scope=\"row\">\(option)</th><td>\(count)</td></tr>"
                }
            })</section>
            """
    }

    static func json(_ all: [ShortItems]) -> JSON {
        .list(
            all.map { one in
                [
                    "asks": .string(one.question),
                    "answers": .list(zip(one.options, one.told).map { ["says": .string($0), "people": .string($1)] }),
                ]
            })
    }
}
