import Rules
import Store

extension Routes {
    static let research: [Route] = [
        .visitor(
            .get, "/research", "The review that this place is built from, in short: how it was made and what it found.", ResearchRoutes.show
        ),
        .visitor(
            .get, "/research/findings", "Each finding, and what is done here about it.",
            [
                .line("about", 30, optional: true), .choice("direction", Review.Direction.self, optional: true),
                .line("form", 40, optional: true), .int("from", 0...1000, optional: true),
            ], ResearchRoutes.findings),
        .visitor(.get, "/research/forms", "How many findings, good and hard, stand behind each form of support.", FormMap.show),
        .visitor(.get, "/research/studies", "The studies of the review.", ResearchRoutes.studies),
        .visitor(.get, "/research/studies/:ref", "One study: where it stands and what the review takes from it.", ResearchRoutes.study),
        .visitor(.get, "/measures", "What can be asked here, how it is counted, and whose it is.", MeasureRoutes.list),
    ]
}

enum ResearchRoutes {
    static func show(_ ask: Ask) async throws -> Answer {
        let (say, review) = (ask.say, ask.app.content.review)
        let mayReview = ask.person?.staff.holds(.research, now: ask.now) ?? false
        let built = review.answers.values.reduce(into: [Review.State: Int]()) { $0[$1.state, default: 0] += 1 }
        let body: HTML = """
            <h1>\(say("research.title"))</h1><p class="lead">\(say("research.lead", ["studies": String(review.studies.count)]))</p>
            <p class="row"><a class="button soft" href="/research/findings">\(say("research.all-findings", ["n": String(review.findings.count)]))</a>\
            <a class="button plain" href="/research/studies">\(say("research.all-studies", ["n": String(review.studies.count)]))</a>\
            <a href="/measures">\(say("measures.title"))</a> <a href="/studies">\(say("studies.title"))</a>\(mayReview ? " <a href=\"/reviews\">\(say("reviewing.title"))</a>" : "")</p>
            <section class="stack"><h2>\(say("research.map"))</h2><p>\(say("research.map-how"))</p>\(map(ask))</section>
            <section class="stack" aria-labelledby="done"><h2 id="done">\(say("research.done"))</h2><p>\(say("research.done-how", [
                "built": String(built[.built, default: 0]), "partly": String(built[.partly, default: 0]),
                "planned": String(built[.planned, default: 0]),
            ]))</p></section>
            <section class="stack" aria-labelledby="forms"><h2 id="forms">\(say("research.forms"))</h2><p>\(say("research.forms-how"))</p>\(forms(ask))
            <p><a class="button plain" href="/research/forms">\(say("research.by-form"))</a></p></section>
            <section class="stack"><h2>\(say("research.flow"))</h2>\(PrismaFlow(review.prisma, say).drawing(say))\
            \(PrismaFlow(review.prisma, say).table(say))</section>
            <section class="stack" aria-labelledby="source"><h2 id="source">\(say("research.source"))</h2><p>\(review.citation.authors). \
            \(review.citation.title). \(review.citation.journal) \(review.citation.year);\(review.citation.volume):\(review.citation.article). \
            doi \(review.citation.doi) (\(review.citation.licence)).</p><p class="quietly">\(say("research.oddities"))</p></section>
            """
        return .page(
            Page(say("research.title"), wide: true, body: body),
            json: [
                "studies": .int(review.studies.count), "findings": .int(review.findings.count),
                "identified": .int(review.prisma.total_identified), "included": .int(review.prisma.total_included),
                "answered": .object(
                    [Review.State.built, .partly, .planned].map { .init(key: $0.rawValue, value: .int(built[$0, default: 0])) }),
            ])
    }

    /// How many findings point which way, by what they are about; each number leads to them.
    private static func map(_ ask: Ask) -> HTML {
        let (say, review) = (ask.say, ask.app.content.review)
        let ways = Review.Direction.allCases
        return Parts.table(
            say("research.map"), head: [say("research.about")] + ways.map { say("research.direction-\($0.rawValue)") }, review.categories
        ) { category in
            """
            <tr><th scope="row"><a href="/research/findings?about=\(category)">\(say("research.about-\(category)"))</a></th>\(each: ways, { way in
                let count = review.findings(category, way).count
                return count == 0
                    ? "<td>0</td>" as HTML
                    : "<td><a href=\"/research/findings?about=\(category)&amp;direction=\(way.rawValue)\">\(count)</a></td>"
            })</tr>
            """
        }
    }

    /// The review's own counts.
    private static func forms(_ ask: Ask) -> HTML {
        let (say, typology) = (ask.say, ask.app.content.review.typology)
        func rows(_ key: String, _ counts: [String: Int]) -> [(String, Int)] {
            counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (say("research.\(key)-\($0.key)"), $0.value) }
        }
        func table(_ key: String, _ counts: [String: Int]) -> HTML {
            Parts.table(say("research.\(key)"), head: [say("research.\(key)"), say("research.count")], rows(key, counts)) { row in
                "<tr><th scope=\"row\">\(row.0)</th><td>\(row.1)</td></tr>"
            }
        }
        return table("interaction", typology.interaction) + table("role", typology.moderation_roles) + table("focus", typology.focus)
    }

    static func findings(_ ask: Ask) async throws -> Answer {
        let (say, review) = (ask.say, ask.app.content.review)
        func chosen(_ name: String) -> String? { ask.query.optional(name).flatMap { $0.isEmpty ? nil : $0 } }
        let about = chosen("about")
        if let about, !review.categories.contains(about) { throw Refusal.badChoice("about") }
        let way = try chosen("direction").map { try Review.Direction(rawValue: $0) ?? { throw Refusal.badChoice("direction") }() }
        let form = chosen("form")
        let place = try form.map { try FormMap.Place($0) ?? { throw Refusal.badChoice("form") }() }
        let found = review.findings(about, way, of: place.map { review.refs($0.axis, $0.value) })
        let from = ask.query.int("from").flatMap { found.indices.contains($0) ? $0 : nil } ?? 0
        let shown = found.dropFirst(from).prefix(pageSize)
        let next = from + pageSize < found.count ? from + pageSize : nil
        let more: HTML =
            next.map { next in
                """
                <nav class="pager" aria-label="\(say("parts.pages"))"><a class="button plain" rel="next" \
                href="/research/findings?about=\(about ?? "")&amp;direction=\(way?.rawValue ?? "")&amp;form=\(form ?? "")&amp;from=\(next)">\(say("parts.more"))</a></nav>
                """
            } ?? ""
        let body: HTML = """
            <p><a href="/research">\(Pictures.icon(.back))\(say("research.title"))</a></p><h1>\(say("research.findings-title"))</h1>
            <form class="row" method="get" action="/research/findings">\(Parts.select(
                "about", say("research.about"),
                [("", say("research.everything"))] + review.categories.map { ($0, say("research.about-\($0)")) }, chosen: about ?? ""))\
            \(Parts.select(
                "direction", say("research.direction"),
                [("", say("research.every-way"))] + Review.Direction.allCases.map { ($0.rawValue, say("research.direction-\($0.rawValue)")) },
                chosen: way?.rawValue ?? ""))\(Parts.select(
                "form", say("research.form"), [("", say("research.every-form"))] + FormMap.Place.all.map { ($0.id, $0.said(say)) },
                chosen: form ?? ""))<button class="button soft">\(say("research.show"))</button></form>
            <p class="quietly" role="status">\(say("research.found", n: found.count))</p>
            \(found.isEmpty ? Parts.empty(.lamp, say("research.none"), link: ("/research/findings", say("research.everything"))) : "")
            <ol class="stack" role="list">\(each: shown, { row($0, ask) })</ol>\(more)
            """
        return .page(
            Page(say("research.findings-title"), body: body),
            json: [
                "findings": .list(
                    shown.map { finding in
                        let answer = review.answers[finding.id]
                        return [
                            "id": .string(finding.id), "about": .string(finding.category), "direction": .string(finding.direction.rawValue),
                            "finding": .string(finding.finding), "studies": .list(finding.refs.map { .int($0) }),
                            "here": .text(answer?.does), "state": .text(answer?.state.rawValue), "link": .text(answer?.link),
                        ]
                    }),
                "found": .int(found.count), "next": next.map(JSON.int) ?? .null,
            ])
    }

    private static func row(_ finding: Review.Finding, _ ask: Ask, level: Int = 2) -> HTML {
        let (say, review) = (ask.say, ask.app.content.review)
        let known = finding.refs.compactMap(review.study)
        let studies: HTML =
            known.isEmpty
            ? "<p class=\"quietly\">\(say("research.no-studies"))</p>"
            : """
            <p class="quietly">\(say("research.from")) \(each: known.enumerated(), { place, study in
                "\(place == 0 ? "" : ", ")<a href=\"/research/studies/\(study.ref)\">\(study.system ?? study.authors) (\(study.year))</a>"
            })</p>
            """
        let here: HTML =
            review.answers[finding.id].map { answer in
                """
                <p><strong>\(say("research.state-\(answer.state.rawValue)"))</strong> \(answer.does) \
                <a href="\(answer.link)">\(say("research.go"))</a></p>
                """
            } ?? ""
        return """
            <li class="card" id="\(finding.id)"><p class="row"><span class="level">\(say("research.direction-\(finding.direction.rawValue)"))</span>\
            <span class="quietly">\(say("research.about-\(finding.category)"))</span></p>
            <p>\(finding.finding)</p>\(studies)\(here)</li>
            """
    }

    static func studies(_ ask: Ask) async throws -> Answer {
        let (say, review) = (ask.say, ask.app.content.review)
        let body: HTML = """
            <p><a href="/research">\(Pictures.icon(.back))\(say("research.title"))</a></p><h1>\(say("research.studies-title"))</h1>
            <p class="lead">\(say("research.studies-lead"))</p>\(Parts.table(
                say("research.studies-title"),
                head: [say("research.study"), say("research.year"), say("research.effects"), say("research.felt"), say("research.n-findings")],
                review.studies
            ) { study in
                """
                <tr><th scope="row"><a href="/research/studies/\(study.ref)">\(study.system ?? study.authors)</a></th><td>\(study.year)</td>\
                <td>\(say(study.effectiveness ? "research.yes" : "research.no"))</td><td>\(say(study.experiences ? "research.yes" : "research.no"))</td>\
                <td>\(review.findings(of: study).count)</td></tr>
                """
            })
            """
        return .page(Page(say("research.studies-title"), wide: true, body: body), json: ["studies": .list(review.studies.map(json))])
    }

    static func study(_ ask: Ask) async throws -> Answer {
        let (say, review) = (ask.say, ask.app.content.review)
        guard let study = ask.parameters["ref"].flatMap({ Int($0) }).flatMap(review.study) else { throw Refusal.notFound }
        let found = review.findings(of: study)
        let kinds = [study.effectiveness ? "research.effects" : nil, study.experiences ? "research.felt" : nil].compactMap(\.self)
        let note: HTML =
            study.comparison_note.map { "<p class=\"say note\"><strong>\(say("research.comparison"))</strong> \($0)</p>" } ?? ""
        let body: HTML = """
            <p><a href="/research/studies">\(Pictures.icon(.back))\(say("research.studies-title"))</a></p><h1>\(study.title)</h1>
            <dl class="facts"><dt>\(say("research.authors"))</dt><dd>\(study.authors)</dd><dt>\(say("research.journal"))</dt>\
            <dd>\(study.journal), \(study.year)</dd>\(study.system.map { "<dt>\(say("research.system"))</dt><dd>\($0)\(study.system_source.map { " (\($0))" } ?? "")</dd>" as HTML } ?? "")\
            \(FormMap.facts(review.form(of: study), say))\(study.doi.map { "<dt>DOI</dt><dd>\($0)</dd>" as HTML } ?? "")\(study.pmid.map { "<dt>PubMed</dt><dd>\($0)</dd>" as HTML } ?? "")\
            <dt>\(say("research.charted"))</dt><dd>\(kinds.map { say($0) }.joined(separator: ", "))</dd></dl>\(note)
            <section class="stack" aria-labelledby="takes"><h2 id="takes">\(say("research.takes"))</h2>\
            \(found.isEmpty ? "<p class=\"quietly\">\(say("research.takes-none"))</p>" : "")\
            <ol class="stack" role="list">\(each: found, { row($0, ask) })</ol></section>
            """
        return .page(
            Page(study.title, body: body),
            json: ["study": json(study), "form": FormMap.json(review.form(of: study)), "findings": .list(found.map { .string($0.id) })])
    }

    private static func json(_ study: Review.Study) -> JSON {
        [
            "ref": .int(study.ref), "authors": .string(study.authors), "title": .string(study.title), "journal": .string(study.journal),
            "year": .int(study.year), "doi": .text(study.doi), "pmid": .text(study.pmid), "effectiveness": .bool(study.effectiveness),
            "experiences": .bool(study.experiences), "system": .text(study.system), "comparison": .text(study.comparison_note),
        ]
    }
}
