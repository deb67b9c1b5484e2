import Foundation
import Rules
import Statistics
import Store

/// The report as sections. An effect is named only where the rules made one; all else is a change.
enum TrialPages {
    static func two(_ value: Double) -> String { String(format: "%.2f", value) }
    private static func two(_ value: Double?) -> String { value.map { two($0) } ?? "–" }
    static func four(_ value: Double) -> String { String(format: "%.4f", value) }
    static func whole(_ value: Double) -> String { String(format: "%.0f", value) }
    private static func three(_ value: Double) -> String { value < 0.001 ? "<\u{A0}0.001" : String(format: "%.3f", value) }
    private static func interval(_ interval: Interval?) -> String {
        interval.map { "\(two($0.lower))\u{A0}–\u{A0}\(two($0.upper))" } ?? "–"
    }
    private static func cell(_ summary: StudyReport.Summary) -> String {
        summary.count < PublicCount.fewest ? "*" : "\(two(summary.mean)) (\(two(summary.deviation))), \(summary.count)"
    }

    static func body(_ finished: FinishedStudy, hourly: Int, _ say: Sentences, _ content: Content) -> HTML {
        let (report, study) = (finished.report, finished.study)
        let plan = study.plan
        func name(_ id: String) -> String { content.allMeasures.first { $0.id == id }?.name ?? id }
        return """
            <h1>\(plan.title)</h1><p class="lead">\(say(plan.design.hasComparison ? "trial.lead-compared" : "trial.lead-change"))</p>
            \(facts(finished, say, name))\(gaps(report, say))\(armForms(finished, say, content))<p class="say note">\(say("trial.exact"))</p>
            <section class="stack"><h2>\(say("trial.flow"))</h2>\(StudyPlots.flow(report, declined: finished.declined, plan, say))\(flow(report, plan, say))<p>\(say("trial.not-in", ["declined": String(finished.declined), "waiting": String(report.notStarted)]))</p></section>
            \(Parts.table(say("trial.balance"), head: [say("trial.what")] + plan.arms.map(\.name) + [say("trial.apart")], report.balance) { row in
                "<tr><th scope=\"row\">\(balanceName(row.what, say, name))</th>\(each: row.arms, { "<td>\(cell($0))</td>" })<td>\(row.differences.map { two($0) }.joined(separator: " · "))</td></tr>"
            })
            <section class="stack"><h2>\(say(plan.design.hasComparison ? "trial.effects" : "trial.changes"))</h2>\(tested(report.main, by: "trial.holm", name, say))\
            \(each: report.others, { tested($0, by: "trial.benjamini-hochberg", name, say) })\(sensitivity(report.sensitivity, say))\(repeated(report.repeated, plan, say))</section>
            <section class="stack"><h2>\(say("trial.courses"))</h2>\(each: report.courses, { course in
                StudyPlots.course(course, plan, name(course.measure), say) + courseTable(course, plan, name(course.measure), say)
            })</section>
            \(helpers(report, plan, name, say))
            \(classes(report, plan, say))\(styles(report, plan, say))\(forms(report, plan, say))\(retention(report, plan, say))\(missing(report.missing, say, name))
            \(harms(report.harms, plan, say))\(use(report, plan, say))\(support(finished, plan, say, content))\(practice(finished, say, name))\(costs(finished, hourly: hourly, say, content))\(EconomicsPages.section(finished, say))
            """
    }

    /// What was compared: the rooms of each arm along the review's axes, when the study opened and when it ended.
    private static func armForms(_ finished: FinishedStudy, _ say: Sentences, _ content: Content) -> HTML {
        guard !finished.rooms.isEmpty else { return "" }
        let plan = finished.study.plan
        return Parts.table(
            say("trial.arm-forms"),
            head: [say("studies.group"), say("trial.room")] + FormAxis.allCases.map { say("trial.axis-\($0.rawValue)") } + [
                say("trial.version")
            ],
            finished.rooms
        ) { row in
            let changed = row.before.version != row.after.version
            return """
                <tr><th scope="row">\(plan.arm(row.arm)?.name ?? row.arm)</th><td>\(finished.roomNames[row.room] ?? row.room)</td>\
                \(each: FormAxis.allCases, { axis in "<td>\(Self.level(axis, row.before, say))\(axis.level(row.before) == axis.level(row.after) ? "" : " → \(Self.level(axis, row.after, say))")</td>" })\
                <td>\(row.before.version)\(changed ? " → \(row.after.version)" : "")</td></tr>
                """
        }
    }

    private static func level(_ axis: FormAxis, _ form: RoomForm, _ say: Sentences) -> String { level(axis, axis.level(form), say) }

    private static func level(_ axis: FormAxis, _ level: String, _ say: Sentences) -> String {
        switch axis {
        case .moderation: say("moderation.\(level)")
        case .interaction, .readers, .focus: say("trial.axis-\(axis.rawValue)-\(level)")
        }
    }

    private static func facts(_ finished: FinishedStudy, _ say: Sentences, _ name: (String) -> String) -> HTML {
        let (study, plan) = (finished.study, finished.study.plan)
        let against = plan.design.hasComparison ? plan.control?.name ?? "–" : say("trial.nobody")
        return """
            <dl class="facts"><dt>\(say("trial.design"))</dt><dd>\(say("trial.design-\(plan.design.rawValue)"))</dd>\
            <dt>\(say("trial.against"))</dt><dd>\(against)</dd><dt>\(say("studies.who-runs"))</dt><dd>\(say("studies.runner-\(plan.runner.rawValue)"))</dd>\
            <dt>\(say("studies.ethics"))</dt><dd>\(plan.ethics ?? "–")</dd><dt>\(say("studies.monitor"))</dt><dd>\(plan.monitor ?? "–")</dd>\
            <dt>\(say("trial.asked-with"))</dt><dd>\(finished.report.measures.map { "\(name($0.id)) (\(say($0.isValidated ? "trial.validated" : "trial.local")))" }.joined(separator: ", "))</dd>\
            <dt>\(say("trial.days"))</dt><dd>\(study.openedAt.map { ISODate.write($0).prefix(10) } ?? "") – \(study.endedAt.map { ISODate.write($0).prefix(10) } ?? "")</dd>\
            <dt>\(say("trial.protocol"))</dt><dd class="words">\(study.hash)</dd>\(DeskPages.set(finished.set, say).map { "<dt>\(say("desk.data"))</dt><dd>\($0)</dd>" as HTML } ?? "")</dl>
            """
    }

    private static func gaps(_ report: StudyReport, _ say: Sentences) -> HTML {
        """
        <section class="say note stack"><h2>\(say("trial.gaps"))</h2><ul>\(each: report.gaps, { "<li>\(say("trial.gap-\($0.rawValue)"))</li>" })</ul></section>
        """
    }

    private static func flow(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        Parts.table(
            say("trial.flow"),
            head: [say("studies.group"), say("trial.started"), say("trial.let-in")]
                + plan.days.map { say("trial.day", ["day": String($0)]) }
                + LeftHow.allCases.map { say("trial.left-\($0.rawValue)") }, report.flow
        ) { arm in
            """
            <tr><th scope="row">\(plan.arm(arm.arm)?.name ?? arm.arm)</th><td>\(arm.started)</td><td>\(arm.letIn)</td>\(each: arm.answered, { "<td>\($0)</td>" })\
            \(each: LeftHow.allCases, { "<td>\(arm.left[$0] ?? 0)</td>" })</tr>
            """
        }
    }

    private static func balanceName(_ what: String, _ say: Sentences, _ name: (String) -> String) -> String {
        let parts = what.split(separator: ":", maxSplits: 1).map(String.init)
        switch parts.first {
        case "measure": return name(parts.last ?? "")
        case "band": return say("bands.\(parts.last ?? "")")
        case .some, nil: return say("trial.asked-before")
        }
    }

    /// Those who help, all together: how they were and what became of them.
    private static func helpers(_ report: StudyReport, _ plan: StudyProtocol, _ name: (String) -> String, _ say: Sentences) -> HTML {
        guard report.supporters > 0, !report.supporterCourses.isEmpty else { return "" }
        return """
            <section class="stack" aria-labelledby="helpers"><h2 id="helpers">\(say("trial.helpers"))</h2><p>\(say("trial.helpers-how"))</p>\
            \(each: report.supporterCourses, { courseTable($0, plan, name($0.measure), say) })\(harms(report.supporterHarms, plan, say, say("trial.helpers-harms")))</section>
            """
    }

    private static func tested(
        _ part: StudyReport.Part<[StudyReport.Tested]>, by adjustment: String, _ name: (String) -> String, _ say: Sentences
    ) -> HTML {
        switch part {
        case .untold(let why): return "<p class=\"say note\">\(say("trial.untold")) \(why)</p>"
        case .told(let rows):
            let caption = rows.first.map { "\(name($0.point.measure)), \(say("trial.day", ["day": String($0.point.day)]))" } ?? ""
            return Parts.table(
                caption,
                head: [
                    say("trial.of"), say("trial.points"), say("trial.interval"), say("trial.robust"), say("trial.standard"), say("trial.p"),
                    say(adjustment), say("studies.people"),
                ],
                rows
            ) { row in
                switch row.outcome {
                case .effect(let one):
                    """
                    <tr><th scope="row">\(say("trial.effect-of", ["what": one.of]))</th><td>\(two(one.points))</td><td>\(interval(one.interval))</td><td>\(interval(one.robust))</td><td>\(two(one.standardised))</td>\
                    <td>\(three(one.p))</td><td>\(row.adjusted.map(three) ?? "–")</td><td>\(one.people)</td></tr>
                    """
                case .change(let one):
                    """
                    <tr><th scope="row">\(say("trial.change-of"))</th><td>\(two(one.mean))</td><td>\(interval(one.interval))</td><td>–</td><td>–</td><td>–</td><td>–</td><td>\(one.people)</td></tr>
                    """
                }
            }
        }
    }

    private static func sensitivity(_ part: StudyReport.Part<[StudyReport.Sensitivity]>, _ say: Sentences) -> HTML {
        switch part {
        case .untold(let why): "<p class=\"quietly\">\(say("trial.sensitivity")): \(why)</p>"
        case .told(let rows):
            Parts.table(
                say("trial.sensitivity"),
                head: [say("trial.of"), say("trial.as-seen"), say("trial.interval"), say("trial.if-worse"), say("trial.interval")],
                rows
            ) { row in
                """
                <tr><th scope="row">\(row.of)</th><td>\(two(row.asSeen.estimate))</td><td>\(interval(row.asSeen.interval))</td><td>\(two(row.worse.estimate))</td><td>\(interval(row.worse.interval))</td></tr>
                """
            } + "<p class=\"quietly\">\(say("trial.sensitivity-how", ["n": String(StudyReport.imputations)]))</p>"
        }
    }

    private static func repeated(_ part: StudyReport.Part<[StudyReport.Repeated]>, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        switch part {
        case .untold: ""
        case .told(let rows):
            Parts.table(
                say("trial.repeated"),
                head: [say("studies.group"), say("trial.per-week"), say("trial.interval"), say("studies.people"), say("trial.visits")], rows
            ) { row in
                "<tr><th scope=\"row\">\(plan.arm(row.arm)?.name ?? row.arm)</th><td>\(two(row.perWeek))</td><td>\(interval(row.interval))</td><td>\(row.people)</td><td>\(row.visits)</td></tr>"
            } + "<p class=\"quietly\">\(say("trial.repeated-how"))</p>"
        }
    }

    private static func courseTable(_ course: StudyReport.Course, _ plan: StudyProtocol, _ name: String, _ say: Sentences) -> HTML {
        Parts.table(name, head: [say("studies.group")] + course.days.map { say("trial.day", ["day": String($0)]) }, course.arms) { arm in
            "<tr><th scope=\"row\">\(plan.arm(arm.id)?.name ?? say("trial.helpers-all"))</th>\(each: arm.points, { "<td>\(cell($0))</td>" })</tr>"
        }
    }

    private static func classes(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        switch report.classes {
        case .untold(let why):
            "<section class=\"stack\"><h2>\(say("trial.classes"))</h2><p class=\"say note\">\(say("trial.untold")) \(why)</p></section>"
        case .told(let rows):
            Parts.table(
                say("trial.classes"),
                head: [say("studies.group")] + classesSaid(report).map { say("trial.class-\($0.rawValue)") }, rows
            ) { row in
                "<tr><th scope=\"row\">\(plan.arm(row.arm)?.name ?? row.arm)</th>\(each: classesSaid(report), { "<td>\(row.counts[$0] ?? 0)</td>" })</tr>"
            } + basis(report, say)
        }
    }

    /// Recovered is a class only where the measure has a line to cross.
    private static func classesSaid(_ report: StudyReport) -> [ReliableChange.Class] {
        ReliableChange.Class.allCases.filter { $0 != .recovered || report.basis.contains { $0.line != nil } }
    }

    /// Columns for how many changed by more than chance, where it is known how much chance does.
    private static func classHead(_ report: StudyReport, _ say: Sentences) -> [String] {
        report.classes.value == nil ? [] : classesSaid(report).map { say("trial.class-\($0.rawValue)") }
    }

    private static func classCells(_ counts: [ReliableChange.Class: Int], few: Bool, _ report: StudyReport) -> HTML {
        guard report.classes.value != nil else { return "" }
        return "\(each: classesSaid(report), { "<td>\(few ? "–" : PublicCount(counts[$0] ?? 0).description)</td>" })"
    }

    private static func basis(_ report: StudyReport, _ say: Sentences) -> HTML {
        Parts.table(
            say("trial.basis"),
            head: [
                say("trial.what"), say("trial.basis-points"), say("trial.basis-deviation"), say("trial.basis-reliability"), "z",
                say("trial.basis-line"), say("trial.basis-source"),
            ], report.basis
        ) { row in
            """
            <tr><th scope="row">\(say("bands.\(row.band.rawValue)"))</th><td>\(two(row.points))</td><td>\(two(row.deviation))</td><td>\(two(row.reliability))</td>\
            <td>\(row.z.map { String(format: "%.3f", $0) } ?? "–")</td><td>\(two(row.line))</td><td>\(row.source)\(row.lineSource.map { "; \($0)" } ?? "")</td></tr>
            """
        }
    }

    private static func styles(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        let told = report.styles.map { (say("trial.style-\($0.style.rawValue)"), $0.change, $0.classes) }
        let tones = report.tones.map { (say($0.isDirective ? "trial.tone-directive" : "trial.tone-open"), $0.change, $0.classes) }
        return Parts.table(
            say("trial.styles"),
            head: [say("trial.style"), say("studies.people"), say("trial.change"), say("trial.interval")] + classHead(report, say),
            told + tones
        ) { row in
            let few = row.1.count < PublicCount.fewest
            return """
                <tr><th scope="row">\(row.0)</th><td>\(few ? "*" : String(row.1.count))</td>\
                <td>\(few ? "–" : two(row.1.mean))</td><td>\(few ? "–" : interval(row.1.interval))</td>\(classCells(row.2, few: few, report))</tr>
                """
        } + "<p class=\"quietly\">\(say("trial.styles-how"))</p>"
    }

    /// Forms that people chose: the balance stands before the difference.
    private static func forms(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        guard !report.forms.isEmpty else { return "" }
        return
            "<section class=\"stack\"><h2>\(say("trial.forms"))</h2><p>\(say("trial.forms-how"))</p>\(each: report.forms, { contrast($0.axis, $0.contrast, say) })</section>"
    }

    private static func contrast(_ axis: FormAxis, _ part: StudyReport.Part<FormContrast>, _ say: Sentences) -> HTML {
        let title = say("trial.axis-\(axis.rawValue)")
        switch part {
        case .untold(let why): return "<p class=\"quietly\">\(title): \(why)</p>"
        case .told(let one):
            let names = one.forms.map { level(axis, $0, say) }
            return "<h3>\(title)</h3>"
                + Parts.table(
                    say("trial.forms-balance"), head: [say("trial.what"), say("trial.unweighted"), say("trial.weighted")], one.balance
                ) { term in
                    "<tr><th scope=\"row\">\(say("trial.term-\(term.name)"))</th><td>\(two(term.before))</td><td>\(two(term.after))</td></tr>"
                }
                + Parts.table(
                    title, head: [say("trial.form"), say("studies.people"), say("trial.worth")],
                    Array(zip(names, zip(one.people, one.effectivePeople)))
                ) { name, counts in
                    "<tr><th scope=\"row\">\(name)</th><td>\(counts.0)</td><td>\(two(counts.1))</td></tr>"
                }
                + "<p>\(say("trial.forms-difference", ["plain": two(one.plain), "weighted": two(one.weighted), "interval": interval(one.interval)]))</p>"
        }
    }

    private static func retention(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        let days = [1, 7, 15, 30, 90, 180].filter { $0 <= (plan.asks.flatMap(\.days).max() ?? 0) + 28 }
        return "<section class=\"stack\"><h2>\(say("trial.retention"))</h2>\(StudyPlots.retention(report, plan, say))"
            + Parts.table(
                say("trial.retention"), head: [say("studies.group")] + days.map { say("trial.day", ["day": String($0)]) }, report.retention
            ) { arm in
                "<tr><th scope=\"row\">\(plan.arm(arm.arm)?.name ?? arm.arm)</th>\(each: days, { "<td>\(restsOn(arm.curve, $0))</td>" })</tr>"
            } + "<p class=\"quietly\">\(say("trial.retention-rests"))</p>"
            + (report.retentionTest.map { "<p>\(say("trial.log-rank", ["chi": two($0.chiSquared), "p": three($0.p)]))</p>" } ?? "")
            + retentionByForm(report, days, say) + "</section>"
    }

    /// With how many people were still followed: where few are left, one who goes moves the share far. Of days that nobody reached
    /// nothing is known.
    private static func restsOn(_ curve: KaplanMeier, _ day: Int) -> String {
        Double(day) > curve.longest ? "–" : "\(two(curve.survival(at: Double(day)))) (\(curve.atRisk(at: Double(day))))"
    }

    private static func retentionByForm(_ report: StudyReport, _ days: [Int], _ say: Sentences) -> HTML {
        guard let first = report.retentionByForm.first else { return "" }
        let rows = report.retentionByForm.flatMap { one in one.levels.map { (one: one, level: $0) } }
        return Parts.table(
            say("trial.retention-by-form"),
            head: [say("trial.form"), say("studies.people")] + days.map { say("trial.day", ["day": String($0)]) } + [
                say("trial.retention-p")
            ],
            rows
        ) { row in
            """
            <tr><th scope="row">\(say("trial.axis-\(row.one.axis.rawValue)")): \(level(row.one.axis, row.level.level, say))</th><td>\(row.level.people)</td>\
            \(each: days, { "<td>\(restsOn(row.level.curve, $0))</td>" })<td>\(row.one.test.map { three($0.p) } ?? "–")</td></tr>
            """
        } + "<p class=\"quietly\">\(say(first.isByChance ? "trial.retention-forms-chance" : "trial.retention-forms-chosen"))</p>"
    }

    static func missing(_ rows: [StudyReport.Missing], _ ask: Ask) -> HTML {
        missing(rows, ask.say) { id in ask.app.content.allMeasures.first { $0.id == id }?.name ?? id }
    }

    private static func missing(_ rows: [StudyReport.Missing], _ say: Sentences, _ name: (String) -> String) -> HTML {
        Parts.table(
            say("trial.missing"), head: [say("trial.what"), say("trial.due"), say("trial.whole"), say("trial.partly"), say("trial.not")],
            rows
        ) { row in
            """
            <tr><th scope="row">\(name(row.point.measure)), \(say("trial.day", ["day": String(row.point.day)]))</th><td>\(row.due)</td><td>\(row.whole)</td><td>\(row.partly)</td><td>\(row.missing)</td></tr>
            """
        }
    }

    static func harms(_ rows: [StudyReport.Harms], _ plan: StudyProtocol, _ ask: Ask) -> HTML { harms(rows, plan, ask.say) }

    private static func harms(
        _ rows: [StudyReport.Harms], _ plan: StudyProtocol, _ say: Sentences, _ caption: String? = nil
    ) -> HTML {
        Parts.table(
            caption ?? say("trial.harms"),
            head: [
                say("studies.group"), say("trial.what"), say("monitor.events"), say("monitor.exposure"), say("trial.rate"),
                say("trial.interval"),
            ],
            rows
        ) { row in
            """
            <tr><th scope="row">\(plan.arm(row.arm)?.name ?? say("trial.helpers-all"))</th><td>\(say("trial.harm-\(row.kind)"))</td><td>\(row.events)</td><td>\(two(row.weeks))</td><td>\(two(row.rate))</td><td>\(interval(row.interval))</td></tr>
            """
        }
    }

    private static func use(_ report: StudyReport, _ plan: StudyProtocol, _ say: Sentences) -> HTML {
        guard !report.use.isEmpty else { return "<p class=\"quietly\">\(say("trial.no-use"))</p>" }
        return Parts.table(
            say("trial.use"),
            head: [say("studies.group"), say("studies.people"), say("trial.days-here"), say("trial.minutes")]
                + [2, 12, 24].map { say("trial.week", ["n": String($0)]) } + [say("trial.adherence")], report.use
        ) { row in
            let few = row.people < PublicCount.fewest
            func share(_ part: Int, _ of: Int) -> String { few || of < PublicCount.fewest ? "–" : "\(part) / \(of)" }
            return """
                <tr><th scope="row">\(plan.arm(row.arm)?.name ?? row.arm)</th><td>\(few ? "*" : String(row.people))</td><td>\(few ? "–" : two(row.days))</td><td>\(few ? "–" : two(row.minutes))</td>\
                \(each: row.active, { "<td>\(share($0.here, $0.of))</td>" })<td>\(row.adherence.map { few ? "–" : "\($0.kept) / \($0.of)" } ?? "–")</td></tr>
                """
        } + "<p class=\"quietly\">\(say("trial.use-how"))</p>"
    }

    private static func role(_ id: String, _ content: Content) -> String { content.roles.first { $0.id == id }?.name ?? id }

    private static func support(_ finished: FinishedStudy, _ plan: StudyProtocol, _ say: Sentences, _ content: Content) -> HTML {
        Parts.table(say("trial.acts"), head: [say("studies.group"), say("costs.role"), say("trial.act-count")], finished.acts) { row in
            "<tr><th scope=\"row\">\(plan.arm(row.arm)?.name ?? row.arm)</th><td>\(role(row.role, content))</td><td>\(row.count)</td></tr>"
        }
            + Parts.table(say("trial.shift-minutes"), head: [say("costs.role"), say("trial.minutes")], finished.minutes) { row in
                "<tr><th scope=\"row\">\(role(row.role, content))</th><td>\(whole(row.minutes))</td></tr>"
            }
            + Parts.table(
                say("trial.load"), head: [say("studies.group"), say("trial.supporters"), say("trial.replies"), say("trial.gini")],
                finished.loads
            ) { row in
                let few = (1..<PublicCount.fewest).contains(row.loads.count)
                return """
                    <tr><th scope="row">\(plan.arm(row.arm)?.name ?? row.arm)</th><td>\(PublicCount(row.loads.count).description)</td>\
                    <td>\(few ? "–" : String(row.loads.reduce(0, +)))</td><td>\(few ? "–" : two(gini(row.loads.map(Double.init))))</td></tr>
                    """
            }
    }

    private static func practice(_ finished: FinishedStudy, _ say: Sentences, _ name: (String) -> String) -> HTML {
        guard finished.practice.contains(where: { $0.people >= PublicCount.fewest }) else { return "" }
        let measures = finished.study.plan.asks.map(\.measure)
        return "<section class=\"stack\"><h2>\(say("trial.practice"))</h2><p>\(say("trial.practice-how"))</p>"
            + (measures.map { StudyPlots.practice(finished.practice, $0, name($0), say) }.reduce(HTML()) { $0 + $1 })
            + Parts.table(
                say("trial.practice"),
                head: [say("trial.times"), say("studies.people")] + measures.map(name) + classHead(finished.report, say),
                finished.practice
            ) { band in
                """
                <tr><th scope="row">\(times(band.times))</th><td>\(PublicCount(band.people).description)</td>\
                \(each: measures, { "<td>\(band.totals[$0].map { cell($0) } ?? "–")</td>" })\
                \(classCells(band.classes, few: band.people < PublicCount.fewest || band.classes.isEmpty, finished.report))</tr>
                """
            } + "</section>"
    }

    static func times(_ range: ClosedRange<Int>) -> String {
        range.upperBound == .max
            ? "\(range.lowerBound) +" : range.count == 1 ? String(range.lowerBound) : "\(range.lowerBound) – \(range.upperBound)"
    }

    private static func costs(_ finished: FinishedStudy, hourly: Int, _ say: Sentences, _ content: Content) -> HTML {
        let cost = finished.cost(hourly: hourly)
        let each = finished.improved.flatMap { $0 > 0 ? two(cost / Double($0)) : nil }
        return """
            <section class="card stack"><h2>\(say("trial.cost"))</h2><form class="row" method="get">\(Parts.field("hourly", say("costs.hourly"), value: String(hourly), type: "number", extra: " min=\"0\" inputmode=\"numeric\""))\
            \(finished.economics == nil ? "" : EconomicsPages.span(finished, say))<button class="button soft">\(say("costs.count"))</button></form>
            <dl class="facts"><dt>\(say("costs.total"))</dt><dd>\(two(cost))</dd><dt>\(say("trial.improved"))</dt><dd>\(finished.improved.map(String.init) ?? "–")</dd>\
            <dt>\(say("trial.cost-each"))</dt><dd>\(each ?? "–")</dd>\(finished.economics == nil ? "<dt>\(say("trial.qaly"))</dt><dd>\(say("trial.gap-no-utility"))</dd>" : "")</dl>\(armCosts(finished, say, content))</section>
            """
    }

    private static func price(_ one: ArmCost.Price?) -> String { one.map { "\(two($0.estimate)) (\(interval($0.interval)))" } ?? "–" }

    private static func armCosts(_ finished: FinishedStudy, _ say: Sentences, _ content: Content) -> HTML {
        let head = ["studies.group", "trial.started", "costs.hours", "costs.cost", "trial.improved", "trial.arm-each", "trial.arm-more"]
        return """
            \(Parts.table(say("trial.arm-cost"), head: head.map { say($0) }, finished.armCosts) { one in
                """
                <tr><th scope="row">\(finished.study.plan.arm(one.arm)?.name ?? one.arm)</th><td>\(one.started)</td><td>\(two(one.minutes / 60))</td>\
                <td>\(two(one.cost))</td><td>\(one.improved.map(String.init) ?? "–")</td><td>\(price(one.each))</td><td>\(price(one.more))</td></tr>
                """
            })<p class="quietly">\(say("trial.arm-cost-how", ["hours": two(finished.roomMinutes.elsewhere / 60)]))</p>\
            \(Parts.table(
                say("trial.arm-roles"), head: [say("studies.group"), say("costs.role"), say("costs.hours")],
                finished.armCosts.flatMap { arm in arm.byRole.map { (arm: arm.arm, part: $0) } }
            ) { row in
                "<tr><th scope=\"row\">\(finished.study.plan.arm(row.arm)?.name ?? row.arm)</th><td>\(role(row.part.role, content))</td><td>\(two(row.part.minutes / 60))</td></tr>"
            })<p class="quietly">\(say("trial.arm-roles-how"))</p>
            """
    }
}
