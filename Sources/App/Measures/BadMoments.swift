import Rules
import Statistics
import Store

/// SIDE-5: what went badly, asked twice a year and on leaving for good, published: how many said so of how many who answered, small numbers hidden.
struct BadMoments {
    let question: String
    let yes: Int
    let answered: Int

    /// Forms finished in the year before `until`.
    static func counted(_ tx: Transaction, _ ask: Ask, until: Instant) throws -> [BadMoments] {
        guard let pack = ask.app.content.packs.first(where: { $0.measure == "adverse" }) else { return [] }
        let (from, end) = (until - .days(366), min(until, ask.app.clock(ask.organisation).startOfMonth(ask.now)))
        let forms = try tx.countedForms(pack.measure, in: ask.organisation.id, from: from, until: end)
        let left = try tx.saidOnLeaving(ask.organisation.id, from: from, until: end)
        return pack.questions.indices.map { place in
            let answers = forms.compactMap { $0.answers.indices.contains(place) ? $0.answers[place] : nil }
            let gone = left[place + 1]
            return BadMoments(
                question: pack.questions[place], yes: answers.count { $0 == 1 } + (gone?.yes ?? 0),
                answered: answers.count + (gone?.answered ?? 0))
        }
    }

    /// What the page of erasing asks: each question to tick, or that none of it was so.
    static func onLeaving(_ ask: Ask) -> HTML {
        let say = ask.say
        guard let pack = ask.app.content.packs.first(where: { $0.measure == "adverse" }) else { return "" }
        let none: HTML =
            "<label class=\"check\"><input type=\"checkbox\" name=\"moment\" value=\"none\"> <span>\(say("erase.moments-none"))</span></label>"
        return """
            <details><summary>\(say("erase.moments"))</summary><p>\(say("erase.moments-how"))</p>\(each: pack.questions.enumerated(), { place, words in
                "<label class=\"check\"><input type=\"checkbox\" name=\"moment\" value=\"\(place + 1)\"> <span>\(words)</span></label>" as HTML
            })\(none)</details>
            """
    }

    /// Nil where nothing was ticked: who skips it said nothing, and is counted nowhere.
    static func saidOnLeaving(_ ask: Ask) -> [Bool]? {
        guard let pack = ask.app.content.packs.first(where: { $0.measure == "adverse" }) else { return nil }
        let ticked = ask.form.list("moment")
        let places = Set(ticked.compactMap { Int($0) })
        guard !places.isEmpty || ticked.contains("none") else { return nil }
        return pack.questions.indices.map { places.contains($0 + 1) }
    }

    /// Nothing is told of fewer than eight who answered, nor where all or all but a few said yes: it would tell of each of them.
    private var isTold: Bool { answered >= PublicCount.fewest && answered - yes >= PublicCount.fewest }
    private var told: (yes: String, of: String) { isTold ? (PublicCount(yes).description, PublicCount(answered).description) : ("*", "*") }

    static func section(_ all: [BadMoments], _ ask: Ask) -> HTML {
        let say = ask.say
        let told: HTML =
            all.allSatisfy { $0.answered == 0 }
            ? "<p class=\"quietly\">\(say("counts.none"))</p>"
            : Parts.table(say("counts.bad-how"), head: [say("counts.bad-what"), say("counts.bad-yes"), say("counts.bad-of")], all) { one in
                "<tr><th scope=\"row\">\(one.question)</th><td>\(one.told.yes)</td><td>\(one.told.of)</td></tr>"
            }
        return "<section class=\"stack\"><h2>\(say("counts.bad"))</h2>\(told)</section>"
    }

    static func json(_ all: [BadMoments]) -> JSON {
        .list(all.map { ["what": .string($0.question), "yes": .string($0.told.yes), "of": .string($0.told.of)] })
    }
}
