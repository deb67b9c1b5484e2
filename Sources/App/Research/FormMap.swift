import Rules

/// Findings by the form of what was studied: each number is of findings that at least one study of this form stands behind.
enum FormMap {
    /// One value of one axis, as an address names it: `moderation.before`.
    struct Place {
        let axis: Review.Form.Axis
        let value: String

        static let all = Review.Form.Axis.allCases.flatMap { axis in axis.values.map { Place(axis: axis, value: $0) } }

        var id: String { "\(axis.rawValue).\(value)" }

        func said(_ say: Sentences) -> String {
            "\(say("research.axis-\(axis.rawValue)")): \(say("research.\(axis.rawValue)-is-\(value)"))"
        }
    }

    static func show(_ ask: Ask) async throws -> Answer {
        let (say, review) = (ask.say, ask.app.content.review)
        let about = Review.outcomes.filter(review.categories.contains)
        let body: HTML = """
            <p><a href="/research">\(Pictures.icon(.back))\(say("research.title"))</a></p><h1>\(say("research.by-form"))</h1><p class="lead">\(say("research.by-form-lead"))</p><p>\(say("research.by-form-how"))</p>
            <div class="stack">\(each: Review.Form.Axis.allCases, { table($0, about, review, say) })</div>
            """
        let rows = Place.all.map { place -> JSON in
            let refs = review.refs(place.axis, place.value)
            return [
                "form": .string(place.id), "studies": .int(refs.count),
                "findings": .object(
                    about.map { about in
                        .init(
                            key: about,
                            value: JSON.object(
                                Review.Direction.allCases.map { way in
                                    .init(key: way.rawValue, value: .int(review.findings(about, way, of: refs).count))
                                }))
                    }),
            ]
        }
        return .page(Page(say("research.by-form"), wide: true, body: body), json: ["forms": .list(rows)])
    }

    private static func table(_ axis: Review.Form.Axis, _ about: [String], _ review: Review, _ say: Sentences) -> HTML {
        Parts.table(
            say("research.axis-\(axis.rawValue)"),
            head: [say("research.axis-\(axis.rawValue)"), say("research.count")] + about.map { say("research.about-\($0)") }, axis.values
        ) { value in
            let (place, refs) = (Place(axis: axis, value: value), review.refs(axis, value))
            return """
                <tr><th scope="row"><a href="/research/findings?form=\(place.id)">\(say("research.\(axis.rawValue)-is-\(value)"))</a></th>\
                <td>\(refs.count)</td>\(each: about, { cell(review.findings($0, nil, of: refs), $0, place, say) })</tr>
                """
        }
    }

    /// How many were good, hard, and neither: a sum alone would hide which way they point.
    private static func cell(_ found: [Review.Finding], _ about: String, _ place: Place, _ say: Sentences) -> HTML {
        if found.isEmpty { return "<td>0</td>" }
        let good = found.count { $0.direction == .positive }
        let hard = found.count { $0.direction == .negative }
        let parts = [("good", good), ("hard", hard), ("other", found.count - good - hard)].filter { $0.1 > 0 }
        return """
            <td><a href="/research/findings?about=\(about)&amp;form=\(place.id)">\
            \(parts.map { say("research.so-many-\($0.0)", ["n": String($0.1)]) }.joined(separator: ", "))</a></td>
            """
    }

    /// What is known of one study's form, and where it is told.
    static func facts(_ form: Review.Form?, _ say: Sentences) -> HTML {
        guard let form else { return "" }
        return """
            \(each: Review.Form.Axis.allCases, { axis in
                "<dt>\(say("research.axis-\(axis.rawValue)"))</dt><dd>\(say("research.\(axis.rawValue)-is-\(form[axis])"))</dd>"
            })\(form.source.map { "<dt>\(say("research.form-source"))</dt><dd>\($0)</dd>" as HTML } ?? "")
            """
    }

    static func json(_ form: Review.Form?) -> JSON {
        guard let form else { return .null }
        return .object(
            Review.Form.Axis.allCases.map { .init(key: $0.rawValue, value: .string(form[$0])) }
                + [.init(key: "source", value: .text(form.source))])
    }
}

extension FormMap.Place {
    /// Nil for what no axis has.
    init?(_ id: String) {
        guard let place = Self.all.first(where: { $0.id == id }) else { return nil }
        self = place
    }
}
