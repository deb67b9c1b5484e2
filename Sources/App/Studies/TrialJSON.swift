import Rules
import Statistics
import Store

/// The report for programs: the same numbers, with nothing rounded.
enum TrialJSON {
    private static func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
    private static func interval(_ interval: Interval?) -> JSON { interval.map { .list([.number($0.lower), .number($0.upper)]) } ?? .null }

    private static func summary(_ one: StudyReport.Summary) -> JSON {
        one.isHidden
            ? ["n": "*"]
            : one.count < PublicCount.fewest
                ? ["n": .string(PublicCount(one.count).description)]
                : ["n": .int(one.count), "mean": number(one.mean), "deviation": number(one.deviation), "interval": interval(one.interval)]
    }

    private static func course(_ one: StudyReport.Course) -> JSON {
        [
            "measure": .string(one.measure), "days": .list(one.days.map { .int($0) }),
            "arms": .list(one.arms.map { ["arm": .string($0.id), "points": .list($0.points.map(summary))] }),
        ]
    }

    /// Rounded as public counts are; nothing of a group of few.
    private static func classes(_ counts: [ReliableChange.Class: Int], of people: Int) -> JSON {
        people < PublicCount.fewest
            ? .null
            : .object(
                ReliableChange.Class.allCases.map { .init(key: $0.rawValue, value: .string(PublicCount(counts[$0] ?? 0).description)) })
    }

    static func missing(_ one: StudyReport.Missing) -> JSON {
        [
            "measure": .string(one.point.measure), "day": .int(one.point.day), "due": .int(one.due), "whole": .int(one.whole),
            "partly": .int(one.partly), "missing": .int(one.missing),
        ]
    }

    static func harm(_ one: StudyReport.Harms) -> JSON {
        [
            "arm": .string(one.arm), "kind": .string(one.kind), "events": .int(one.events), "personWeeks": .number(one.weeks),
            "per1000": .number(one.rate), "interval": interval(one.interval),
        ]
    }

    private static func tested(_ part: StudyReport.Part<[StudyReport.Tested]>) -> JSON {
        switch part {
        case .untold(let why): ["untold": .string(why)]
        case .told(let rows):
            .list(
                rows.map { row in
                    let place: [(String, JSON)] = [("measure", .string(row.point.measure)), ("day", .int(row.point.day))]
                    let rest: [(String, JSON)]
                    switch row.outcome {
                    case .effect(let one):
                        rest = [
                            ("effectOf", .string(one.of)), ("points", .number(one.points)), ("interval", interval(one.interval)),
                            ("robust", interval(one.robust)),
                            ("standardised", .number(one.standardised)), ("p", .number(one.p)), ("adjusted", number(row.adjusted)),
                            ("people", .int(one.people)),
                        ]
                    case .change(let one):
                        rest = [("change", .number(one.mean)), ("interval", interval(one.interval)), ("people", .int(one.people))]
                    }
                    return .object((place + rest).map { .init(key: $0.0, value: $0.1) })
                })
        }
    }

    static func whole(_ finished: FinishedStudy, hourly: Int) -> JSON {
        let (report, study) = (finished.report, finished.study)
        let plan = study.plan
        return [
            "study": .string(study.code), "version": .int(plan.version), "design": .string(plan.design.rawValue),
            "comparator": plan.design.hasComparison ? .text(plan.control?.id) : .null, "runner": .string(plan.runner.rawValue),
            "protocol": .string(study.hash), "list": .text(study.listHash), "opened": .at(study.openedAt), "ended": .at(study.endedAt),
            // These count people exactly, few of them too: for those who run the study alone.
            "exact": .list(["flow", "classes", "harms", "asked", "main", "others"].map { .string($0) }),
            "gaps": .list(report.gaps.map { .string($0.rawValue) }), "enrolled": .int(report.enrolled),
            "notStarted": .int(report.notStarted), "declined": .int(finished.declined), "supporters": .int(report.supporters),
            "flow": .list(
                report.flow.map { arm in
                    [
                        "arm": .string(arm.arm), "started": .int(arm.started), "letIn": .int(arm.letIn),
                        "answered": .list(arm.answered.map { .int($0) }),
                        "left": .object(LeftHow.allCases.map { .init(key: $0.rawValue, value: .int(arm.left[$0] ?? 0)) }),
                    ]
                }),
            "balance": .list(
                report.balance.map { row in
                    ["of": .string(row.what), "arms": .list(row.arms.map(summary)), "apart": .list(row.differences.map(number))]
                }),
            "main": tested(report.main), "others": .list(report.others.map(tested)), "sensitivity": sensitivity(report.sensitivity),
            "courses": .list(report.courses.map(course)), "supporterCourses": .list(report.supporterCourses.map(course)),
            "supporterHarms": .list(report.supporterHarms.map(harm)),
            "repeated": repeated(report.repeated), "classes": classes(report),
            "tones": .list(
                report.tones.map {
                    ["directive": .bool($0.isDirective), "change": summary($0.change), "classes": classes($0.classes, of: $0.change.count)]
                }),
            "styles": .list(
                report.styles.map {
                    [
                        "style": .string($0.style.rawValue), "change": summary($0.change),
                        "classes": classes($0.classes, of: $0.change.count),
                    ]
                }),
            "retention": .list(
                report.retention.map { arm in
                    [
                        "arm": .string(arm.arm),
                        "days": days(arm.curve),
                    ]
                }),
            "retentionByForm": .list(
                report.retentionByForm.flatMap { one in
                    one.levels.map { level in
                        [
                            "axis": .string(one.axis.rawValue), "form": .string(level.level), "people": .int(level.people),
                            "byChance": .bool(one.isByChance), "p": (one.test?.p).map(JSON.number) ?? .null,
                            "days": days(level.curve),
                        ]
                    }
                }),
            "logRank": report.retentionTest.map { ["chiSquared": .number($0.chiSquared), "p": .number($0.p)] } ?? .null,
            "asked": .list(report.missing.map(missing)), "harms": .list(report.harms.map(harm)), "use": .list(report.use.map(use)),
            "forms": .list(report.forms.map { forms($0.axis, $0.contrast) }),
            "rooms": .list(
                finished.rooms.map { row in
                    [
                        "arm": .string(row.arm), "room": .string(row.room),
                        "version": .list([.int(row.before.version), .int(row.after.version)]),
                        "before": axes(row.before), "after": axes(row.after),
                    ]
                }),
            "measures": .list(report.measures.map { ["measure": .string($0.id), "validated": .bool($0.isValidated)] }),
            "basis": .list(
                report.basis.map { row in
                    [
                        "band": .string(row.band.rawValue), "points": .number(row.points), "deviation": number(row.deviation),
                        "reliability": number(row.reliability), "z": number(row.z), "line": number(row.line), "source": .string(row.source),
                        "lineSource": .text(row.lineSource),
                    ]
                }),
            "askedBefore": .object(
                AskedBefore.allCases.map {
                    .init(key: $0.rawValue, value: .string(PublicCount(report.askedBefore[$0] ?? 0).description))
                }),
            "acts": .list(finished.acts.map { ["arm": .string($0.arm), "role": .string($0.role), "count": .int($0.count)] }),
            "minutes": .list(finished.minutes.map { ["role": .string($0.role), "minutes": .number($0.minutes)] }),
            "load": .list(
                finished.loads.map {
                    [
                        "arm": .string($0.arm), "supporters": .string(PublicCount($0.loads.count).description),
                        "gini": $0.loads.count < PublicCount.fewest ? .null : number(gini($0.loads.map(Double.init))),
                    ]
                }),
            "practice": .list(
                finished.practice.map { band in
                    [
                        "times": .string(TrialPages.times(band.times)), "people": .string(PublicCount(band.people).description),
                        "totals": .object(band.totals.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: summary($0.value)) }),
                        "classes": band.classes.isEmpty ? .null : classes(band.classes, of: band.people),
                    ]
                }),
            "cost": .number(finished.cost(hourly: hourly)), "improved": finished.improved.map { .int($0) } ?? .null,
            "costPerImproved": finished.improved.flatMap { $0 > 0 ? .number(finished.cost(hourly: hourly) / Double($0)) : nil } ?? .null,
            "costByArm": .list(
                finished.armCosts.map {
                    [
                        "arm": .string($0.arm), "started": .int($0.started), "minutes": .number($0.minutes), "cost": .number($0.cost),
                        "minutesByRole": .list($0.byRole.map { ["role": .string($0.role), "minutes": .number($0.minutes)] }),
                        "improved": $0.improved.map { .int($0) } ?? .null, "costPerImproved": ($0.each?.estimate).map(JSON.number) ?? .null,
                        "costPerImprovedInterval": interval($0.each?.interval),
                        "costPerMoreImproved": ($0.more?.estimate).map(JSON.number) ?? .null,
                        "costPerMoreImprovedInterval": interval($0.more?.interval),
                    ]
                }),
            "economics": EconomicsPages.json(finished), "dataSet": DataSetRoutes.json(finished.set),
        ]
    }

    private static func sensitivity(_ part: StudyReport.Part<[StudyReport.Sensitivity]>) -> JSON {
        switch part {
        case .untold(let why): ["untold": .string(why)]
        case .told(let rows):
            .list(
                rows.map { row in
                    [
                        "effectOf": .string(row.of), "asSeen": .number(row.asSeen.estimate), "interval": interval(row.asSeen.interval),
                        "worse": .number(row.worse.estimate), "worseInterval": interval(row.worse.interval),
                    ]
                })
        }
    }

    private static func repeated(_ part: StudyReport.Part<[StudyReport.Repeated]>) -> JSON {
        switch part {
        case .untold(let why): ["untold": .string(why)]
        case .told(let rows):
            .list(
                rows.map { row in
                    [
                        "arm": .string(row.arm), "perWeek": .number(row.perWeek), "interval": interval(row.interval),
                        "people": .int(row.people), "visits": .int(row.visits),
                    ]
                })
        }
    }

    private static func axes(_ form: RoomForm) -> JSON {
        .object(FormAxis.allCases.map { .init(key: $0.rawValue, value: .string($0.level(form))) })
    }

    private static func forms(_ axis: FormAxis, _ part: StudyReport.Part<FormContrast>) -> JSON {
        switch part {
        case .untold(let why): ["axis": .string(axis.rawValue), "untold": .string(why)]
        case .told(let one):
            [
                "axis": .string(axis.rawValue), "forms": .list(one.forms.map { .string($0) }), "people": .list(one.people.map { .int($0) }),
                "worth": .list(one.effectivePeople.map { .number($0) }),
                "balance": .list(
                    one.balance.map { ["of": .string($0.name), "before": .number($0.before), "after": .number($0.after)] }),
                "difference": .number(one.plain), "weighted": .number(one.weighted), "interval": interval(one.interval),
            ]
        }
    }

    private static func classes(_ report: StudyReport) -> JSON {
        switch report.classes {
        case .untold(let why): ["untold": .string(why)]
        case .told(let rows):
            .list(
                rows.map { row in
                    .object(
                        [.init(key: "arm", value: .string(row.arm))]
                            + ReliableChange.Class.allCases.map { .init(key: $0.rawValue, value: .int(row.counts[$0] ?? 0)) })
                })
        }
    }

    private static func days(_ curve: KaplanMeier) -> JSON {
        .list(curve.steps.map { ["day": .number($0.time.rounded(.up)), "there": .number($0.survival), "atRisk": .int($0.atRisk)] })
    }

    private static func use(_ one: StudyReport.Use) -> JSON {
        guard one.people >= PublicCount.fewest else {
            return ["arm": .string(one.arm), "people": .string(PublicCount(one.people).description)]
        }
        return [
            "arm": .string(one.arm), "people": .int(one.people), "days": .number(one.days), "minutes": .number(one.minutes),
            "active": .list(one.active.map { ["week": .int($0.week), "here": .int($0.here), "of": .int($0.of)] }),
            "adherence": one.adherence.map { ["kept": .int($0.kept), "of": .int($0.of)] } ?? .null,
        ]
    }
}
