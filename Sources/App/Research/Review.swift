import Foundation
import Rules

/// The review that this place is built from, as data: its studies, its findings, its numbers, and what is done here about each
/// finding. Read once at the start from `Content/evidence`.
struct Review: Sendable {
    struct Study: Decodable, Sendable {
        let ref: Int, authors: String, title: String, journal: String, year: Int
        let doi: String?, pmid: String?
        let effectiveness: Bool, experiences: Bool
        /// Our naming, and where it comes from; `comparison_note` where a trial did not beat what it was compared with.
        let system: String?, system_source: String?, comparison_note: String?
    }

    enum Direction: String, Decodable, Sendable, CaseIterable { case positive, negative, mixed, neutral, unknown, proposal }

    struct Finding: Decodable, Sendable {
        let id: String, category: String, direction: Direction, finding: String, refs: [Int]
    }

    enum State: String, Decodable, Sendable { case built, partly, planned }

    struct Answer: Decodable, Sendable {
        let id: String, state: State, does: String, link: String
    }

    /// The form of what some studies looked at. The review prints no study with its own: these are our reading, each from a source,
    /// and what was not told there is unknown.
    struct Form: Decodable, Sendable {
        /// One thing that forms differ by; its values are those of the file.
        enum Axis: String, CaseIterable, Sendable {
            case interaction, moderation, professionals, focus

            var values: [String] {
                switch self {
                case .interaction: ["asynchronous", "synchronous", "both", "none", "unknown"]
                case .moderation: ["before", "after", "led", "unknown"]
                case .professionals: ["yes", "no", "unknown"]
                case .focus: ["general", "specific", "unknown"]
                }
            }
        }

        let refs: [Int], interaction: String, moderation: String, professionals: String, focus: String, source: String?

        subscript(axis: Axis) -> String {
            switch axis {
            case .interaction: interaction
            case .moderation: moderation
            case .professionals: professionals
            case .focus: focus
            }
        }
    }

    /// What an outcome is, of all that findings are about.
    static let outcomes = ["clinical", "connectedness", "recovery", "engagement", "challenge", "cost", "experience", "platform", "care"]

    struct Search: Decodable, Sendable {
        let date: String, identified: Int, titles_abstracts_screened: Int
        let full_text_assessed: Int, full_text_excluded: Int, included: Int
    }
    struct Prisma: Decodable, Sendable {
        let first_search: Search, second_search: Search
        let hand_search_included: Int, total_identified: Int, total_included: Int
    }
    struct Typology: Decodable, Sendable { let interaction: [String: Int], moderation_roles: [String: Int], focus: [String: Int] }
    struct Citation: Decodable, Sendable {
        let authors: String, year: Int, title: String, journal: String, volume: String, article: String, doi: String, licence: String
    }
    private struct Numbers: Decodable { let prisma: Prisma, typology: Typology, citation: Citation }
    private struct AnswerFile: Decodable { let answers: [Answer] }
    private struct ChartFile: Decodable { let fields: [ChartField] }
    private struct FormFile: Decodable { let forms: [Form] }
    private struct ExclusionFile: Decodable { let reasons: [ExclusionReason] }

    let studies: [Study]
    let findings: [Finding]
    let answers: [String: Answer]
    /// Every study stands in one.
    let forms: [Form]
    let prisma: Prisma
    let typology: Typology
    let citation: Citation
    /// What a review charts of each included study, and why a full text is left out.
    let chart: [ChartField]
    let exclusions: [ExclusionReason]
    /// In the order in which the findings bring them.
    let categories: [String]

    init(read: (String) throws -> Data) throws {
        func file<T: Decodable>(_ name: String, _: T.Type = T.self) throws -> T {
            do { return try JSONDecoder().decode(T.self, from: read("evidence/\(name)")) } catch {
                throw ContentFault(file: "evidence/\(name)", what: "\(error)")
            }
        }
        studies = try file("studies.json")
        findings = try file("findings.json")
        let numbers: Numbers = try file("review.json")
        (prisma, typology, citation) = (numbers.prisma, numbers.typology, numbers.citation)
        answers = Dictionary(try file("answers.json", AnswerFile.self).answers.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        forms = try file("forms.json", FormFile.self).forms
        guard forms.flatMap(\.refs).sorted() == studies.map(\.ref).sorted() else {
            throw ContentFault(file: "evidence/forms.json", what: "every study stands in one form")
        }
        for form in forms {
            for axis in Form.Axis.allCases where !axis.values.contains(form[axis]) {
                throw ContentFault(file: "evidence/forms.json", what: "\(axis.rawValue) is not \(form[axis])")
            }
            if form.source == nil, Form.Axis.allCases.contains(where: { form[$0] != "unknown" }) {
                throw ContentFault(file: "evidence/forms.json", what: "no source for \(form.refs)")
            }
        }
        chart = try file("charting.json", ChartFile.self).fields
        exclusions = try file("exclusions.json", ExclusionFile.self).reasons
        for fault in chart.flatMap(\.faults) { throw ContentFault(file: "evidence/charting.json", what: fault) }
        guard chart.count <= Routes.chartFields, Set(chart.map(\.id)).count == chart.count else {
            throw ContentFault(file: "evidence/charting.json", what: "at most \(Routes.chartFields) fields, each once")
        }
        categories = findings.reduce(into: []) { if !$0.contains($1.category) { $0.append($1.category) } }
        for finding in findings where answers[finding.id] == nil {
            throw ContentFault(file: "evidence/answers.json", what: "says nothing of \(finding.id)")
        }
    }

    func study(_ ref: Int) -> Study? { studies.first { $0.ref == ref } }
    func findings(of study: Study) -> [Finding] { findings.filter { $0.refs.contains(study.ref) } }
    func form(of study: Study) -> Form? { forms.first { $0.refs.contains(study.ref) } }

    /// The studies of one form, by one axis.
    func refs(_ axis: Form.Axis, _ value: String) -> Set<Int> { Set(forms.filter { $0[axis] == value }.flatMap(\.refs)) }

    /// - Parameter refs: with at least one study of these; nil for all.
    func findings(_ category: String?, _ direction: Direction?, of refs: Set<Int>? = nil) -> [Finding] {
        findings.filter { finding in
            (category == nil || finding.category == category) && (direction == nil || finding.direction == direction)
                && (refs.map { !$0.isDisjoint(with: finding.refs) } ?? true)
        }
    }
}
