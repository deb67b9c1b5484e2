import Foundation
import Rules
import Statistics
import Store

/// What the command line may do with studies.
extension App {
    public enum StudyProblem: Error, CustomStringConvertible {
        case unknown(String), fixed(String)

        public var description: String {
            switch self {
            case .unknown(let code): "There is no study \(code)."
            case .fixed(let code): "The study \(code) was opened: its protocol does not change any more. A new question is a new study."
            }
        }
    }

    /// Takes a protocol in as a draft; its hash.
    public func draftStudy(_ data: Data) async throws -> String {
        let plan = try StudyProtocol(json: data)
        let text = String(decoding: data, as: UTF8.self)
        let home = home.id
        guard try await store.write({ try $0.draft(text, plan, in: home, by: nil) }) else { throw StudyProblem.fixed(plan.id) }
        return Transaction.digest(text)
    }

    private func finished(_ code: String, hourly: Int) async throws -> FinishedStudy {
        let (home, measures, worth) = (home.id, content.measures, content.worth)
        return try await store.read(long: true) { tx in
            guard let study = try tx.study(code, in: home) else { throw StudyProblem.unknown(code) }
            return try FinishedStudy.read(tx, study, measures, home, hourly: hourly, worth: worth)
        }
    }

    /// The report as one page that stands by itself, and as JSON.
    public func studyReport(_ code: String, hourly: Int) async throws -> (html: Data, json: Data) {
        let finished = try await finished(code, hourly: hourly)
        let body = TrialPages.body(finished, hourly: hourly, sentences, content)
        let page: HTML = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(finished.study.plan.title)</title><style>\(raw: Self.reportStyle)</style></head>\
            <body><main>\(body)</main></body></html>
            """
        return (Data(page.bytes), Data(TrialJSON.whole(finished, hourly: hourly).bytes))
    }

    /// Effects, variances and counts for pooling with other hosts.
    public func studySummary(_ code: String) async throws -> Data {
        let finished = try await finished(code, hourly: 0)
        let summary = try StudySummary(finished.study.plan, hash: finished.study.hash, finished.report, fewest: PublicCount.fewest)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return try encoder.encode(summary)
    }

    private static let reportStyle = """
        :root{color-scheme:light dark;--ink:#22302b;--ground:#faf9f5;--line:#9aa79f;--surface:#fff;--primary:#23614a}
        @media(prefers-color-scheme:dark){:root{--ink:#e6ece8;--ground:#15201b;--line:#66756d;--surface:#1d2a24;--primary:#8fd0b0}}
        body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}main{max-inline-size:60rem;margin:auto;padding:1rem}
        table{border-collapse:collapse;margin-block:1rem}th,td{border-block-end:1px solid var(--line);padding:.3rem .6rem;text-align:start}caption{text-align:start;font-weight:600}
        .scrolls{overflow-x:auto}.flow{max-inline-size:34rem;fill:var(--ink)}.flow rect{fill:var(--surface);stroke:var(--line)}.arrow{stroke:var(--line);fill:none}
        .trend{fill:none;stroke:var(--primary);stroke-width:3}dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem}dd{margin:0;overflow-wrap:anywhere}form{display:none}
        """
}
