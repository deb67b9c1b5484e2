import Statistics

extension StudyReport {
    /// - Parameters:
    ///   - rooms: the form of each arm's rooms when the study opened, and when it ended.
    ///   - reworded: measures that were asked in more than one wording, or by more than one version of their rules.
    ///   - end: when the study ended; nobody's time counts after it.
    public init(
        _ plan: StudyProtocol, _ people: [StudyPerson], measures: [Instrument], rooms: [StudyRoomForms] = [], reworded: [String] = [],
        end: Instant, seed: UInt64
    ) {
        let seekers = people.filter { $0.side == .seeker }
        let started = seekers.filter { $0.arm != nil }
        let analysed = started.filter(\.isAnalysed)
        func of(_ arm: StudyProtocol.Arm) -> [StudyPerson] { analysed.filter { $0.arm == arm.id } }
        let known = Dictionary(measures.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let last = plan.days.last ?? 0

        enrolled = seekers.count
        notStarted = seekers.count - started.count
        supporters = people.count - seekers.count
        let helpers = people.filter { $0.side == .supporter && $0.startedAt != nil }
        supporterCourses = Self.courses(plan, known, of: .supporter, [("supporters", helpers.filter(\.isAnalysed))])
        supporterHarms = Self.harms("supporters", helpers, end)
        flow = plan.arms.map { arm in
            let own = started.filter { $0.arm == arm.id }
            return Flow(
                arm: arm.id, started: own.count, letIn: own.count { $0.letInAt != nil },
                left: Dictionary(own.compactMap { $0.leftHow.map { ($0, 1) } }, uniquingKeysWith: +),
                answered: plan.days.map { day in own.count { $0.answers[StudyPoint(plan.primary, day)] != nil } })
        }
        balance = Self.balance(plan, known, of)
        let mainPoints = plan.days.dropFirst().last.map { [StudyPoint(plan.primary, $0)] } ?? []
        main = Self.tested(plan, mainPoints, analysed, known).map { Self.adjusted($0, Multiplicity.holm) }
        let otherPoints =
            plan.days.dropFirst().dropLast().map { StudyPoint(plan.primary, $0) }
            + plan.also.filter { $0.of.contains(.seeker) }.flatMap { ask in
                ask.days.contains(0) ? ask.days.filter { $0 > 0 }.map { StudyPoint(ask.measure, $0) } : []
            }
        others = Self.allAdjusted(otherPoints.map { Self.tested(plan, [$0], analysed, known) })
        courses = Self.courses(plan, known, of: .seeker, plan.arms.map { ($0.id, of($0)) })
        repeated = Self.repeated(plan, known[plan.primary], analysed)
        classes = Self.classes(plan, known[plan.primary], of)
        func split<Key>(_ keys: [Key], _ isOf: (StudyPerson, Key) -> Bool) -> [(Key, Summary, [ReliableChange.Class: Int])] {
            let parts = keys.map { key in
                let own = analysed.filter { isOf($0, key) }
                return (key, Self.change(plan, known[plan.primary], last, own), Self.classes(plan, known[plan.primary], own))
            }
            // Whoever is in none of them could be had from the whole as well.
            let others = analysed.filter { person in !keys.contains { isOf(person, $0) } }
            let hidden = Self.untold(parts.map(\.1.count) + [Self.change(plan, known[plan.primary], last, others).count])
            return parts.enumerated().map { hidden.contains($0) ? ($1.0, .hidden, [:]) : $1 }
        }
        styles = split(StudyPerson.Style.allCases) { $0.presence?.style == $1 }.map { (style: $0.0, change: $0.1, classes: $0.2) }
        tones = split([true, false]) { $0.presence?.isDirective == $1 }.map { (isDirective: $0.0, change: $0.1, classes: $0.2) }
        (retention, retentionTest) = Self.retention(plan, started, end)
        retentionByForm = FormRetention.all(plan, started, rooms: rooms, end: end)
        missing = Self.missing(plan, started, known, end)
        harms = Self.harms(plan, { arm in started.filter { $0.arm == arm.id } }, end)
        sensitivity = Self.sensitivity(plan, known[plan.primary], last, started, seed)
        use = plan.arms.compactMap { Self.use($0, of($0), end) }
        forms =
            plan.design.hasComparison
            ? [] : FormAxis.allCases.map { ($0, Self.contrast($0, plan, known[plan.primary], last, analysed, seed)) }
        basis = Self.basis(plan, known[plan.primary])
        self.measures = plan.asks.compactMap { ask in known[ask.measure].map { (ask.measure, $0.unvalidated != true) } }
        askedBefore = Dictionary(seekers.map { ($0.askedBefore, 1) }, uniquingKeysWith: +)
        gaps =
            Self.gaps(plan, known, hasUtility: StudyEconomics.asked(plan, measures) != nil, started, missing, end)
            + Self.gaps(of: rooms, plan) + (reworded.isEmpty ? [] : [.wordsChanged])
    }

    private static func courses(
        _ plan: StudyProtocol, _ known: [String: Instrument], of side: StudyProtocol.Side, _ groups: [(id: String, people: [StudyPerson])]
    ) -> [Course] {
        plan.asks.filter { $0.of.contains(side) }.compactMap { ask in
            known[ask.measure].map { measure in
                Course(
                    measure: ask.measure, days: ask.days,
                    arms: groups.map { id, people in
                        (id, ask.days.map { day in Summary(people.compactMap { $0.total(StudyPoint(ask.measure, day), measure) }) })
                    })
            }
        }
    }

    private static func basis(_ plan: StudyProtocol, _ measure: Instrument?) -> [Basis] {
        guard let measure else { return [] }
        return plan.bands.compactMap { band in
            guard let error = knownError(measure, band: band), let points = noise(measure, band: band) else { return nil }
            return Basis(
                band: band, deviation: error.deviation, reliability: error.deviation == nil ? nil : error.value,
                z: error.deviation == nil ? nil : error.z ?? 1.96, points: points, line: clinicalLine(measure, band: band)?.at,
                source: error.source, lineSource: clinicalLine(measure, band: band)?.source)
        }
    }

    private static func gaps(of rooms: [StudyRoomForms], _ plan: StudyProtocol) -> [Gap] {
        var found: [Gap] = []
        if !rooms.isEmpty { found.append(.sharedRooms) }
        if rooms.contains(where: { $0.before.version != $0.after.version }) { found.append(.formChanged) }
        // By arm: does any of them have rooms of another form than the first?
        let byArm = plan.arms.map { arm in
            Set(rooms.filter { $0.arm == arm.id }.map { room in FormAxis.allCases.map { $0.level(room.before) } })
        }.filter { !$0.isEmpty }
        if plan.design.hasComparison, byArm.count > 1, Set(byArm).count == 1, !plan.arms.contains(where: { $0.posts != nil }) {
            found.append(.formsAlike)
        }
        return found
    }

    private static func balance(
        _ plan: StudyProtocol, _ known: [String: Instrument], _ of: (StudyProtocol.Arm) -> [StudyPerson]
    ) -> [Balance] {
        func row(_ what: String, _ value: (StudyPerson) -> Double?) -> Balance {
            let values = plan.arms.map { of($0).compactMap(value) }
            let arms = values.map(Summary.init)
            let differences = arms.dropFirst().map { arm in
                do {
                    guard let mean1 = arm.mean, let deviation1 = arm.deviation, let mean2 = arms[0].mean, let deviation2 = arms[0].deviation
                    else { return nil as Double? }
                    return try StandardisedDifference(
                        mean1: mean1, deviation1: deviation1, count1: arm.count, mean2: mean2, deviation2: deviation2, count2: arms[0].count
                    ).d
                } catch { return nil }
            }
            return Balance(what: what, arms: arms, differences: differences)
        }
        return plan.asks.filter { $0.of.contains(.seeker) && $0.days.first == 0 }.compactMap { ask in
            known[ask.measure].map { measure in row("measure:\(ask.measure)") { $0.total(StudyPoint(ask.measure, 0), measure) } }
        } + plan.bands.map { band in row("band:\(band.rawValue)") { $0.band == band ? 1 : 0 } } + [
            row("asked-before") { $0.askedBefore == .ratherNot ? nil : $0.askedBefore == .yes ? 1 : 0 }
        ]
    }

    /// Everybody who was put into an arm and kept their answers in. A missing first score is the mean of all, so that nobody is left out
    /// for it: chance made the arms alike in it.
    ///
    /// - Source: White IR, Thompson SG. Stat Med 2005;24:993-1007.
    static func pairs(_ plan: StudyProtocol, _ people: [StudyPerson], _ point: StudyPoint, _ measure: Instrument) -> [TrialPerson] {
        let firsts = people.map { $0.total(StudyPoint(point.measure, 0), measure) }
        guard let mean = firsts.compactMap(\.self).mean else { return [] }
        return zip(people, firsts).compactMap { person, first in
            person.arm.map {
                TrialPerson(arm: $0, before: first ?? mean, after: person.total(point, measure), strata: person.strata(plan))
            }
        }
    }

    /// A change needs both scores of the same person; a comparison by chance can do with a mean at the start.
    private static func tested(
        _ plan: StudyProtocol, _ points: [StudyPoint], _ people: [StudyPerson], _ known: [String: Instrument]
    ) -> Part<[Tested]> {
        do {
            return .told(
                try points.flatMap { point -> [Tested] in
                    guard let measure = known[point.measure] else { throw NotComputable("no measure \(point.measure)") }
                    let own =
                        plan.design.hasComparison
                        ? people : people.filter { $0.total(StudyPoint(point.measure, 0), measure) != nil }
                    return try plan.analysis(pairs(plan, own, point, measure)).map { Tested(point: point, outcome: $0, adjusted: nil) }
                })
        } catch { return .untold("\(error)") }
    }

    private static func p(_ one: Tested) -> Double? {
        switch one.outcome {
        case .effect(let effect): effect.p
        case .change: nil
        }
    }

    private static func adjusted(_ rows: [Tested], _ adjust: ([Double]) throws(NotComputable) -> [Double]) -> [Tested] {
        do {
            var raised = try adjust(rows.compactMap(p)).makeIterator()
            return rows.map { Tested(point: $0.point, outcome: $0.outcome, adjusted: p($0) == nil ? nil : raised.next()) }
        } catch { return rows }
    }

    /// All of them together, whatever point they belong to.
    private static func allAdjusted(_ parts: [Part<[Tested]>]) -> [Part<[Tested]>] {
        let all = adjusted(parts.flatMap { $0.value ?? [] }, Multiplicity.benjaminiHochberg)
        var left = all[...]
        return parts.map { part in
            part.map { rows in
                defer { left = left.dropFirst(rows.count) }
                return Array(left.prefix(rows.count))
            }
        }
    }

    /// A check of the main result that uses every visit and everybody seen once or more: each one's own level, a line for each arm.
    private static func repeated(_ plan: StudyProtocol, _ measure: Instrument?, _ people: [StudyPerson]) -> Part<[Repeated]> {
        guard plan.design.hasComparison, plan.design != .factorial, let measure, plan.days.count > 2, let control = plan.control else {
            return .untold("fewer than three visits, factors that cross, or nobody compares")
        }
        do {
            return .told(
                try plan.arms.dropFirst().map { arm in
                    var (outcome, week, level, person) = ([Double](), [Double](), [Double](), [Int]())
                    for (number, one) in people.enumerated() where one.arm == arm.id || one.arm == control.id {
                        for day in plan.days {
                            guard let total = one.total(StudyPoint(measure.id, day), measure) else { continue }
                            outcome.append(total)
                            week.append(Double(day) / 7)
                            level.append(one.arm == arm.id ? 1 : 0)
                            person.append(number)
                        }
                    }
                    let fit = try MixedModel(outcome: outcome, week: week, arm: level, person: person, method: .restricted)
                    let half = 1.959963984540054 * fit.standardErrors[3]
                    return Repeated(
                        arm: arm.id, perWeek: fit.coefficients[3],
                        interval: Interval(fit.coefficients[3] - half, fit.coefficients[3] + half),
                        people: Set(person).count, visits: outcome.count)
                })
        } catch { return .untold("\(error)") }
    }

    private static func classes(
        _ plan: StudyProtocol, _ measure: Instrument?, _ of: (StudyProtocol.Arm) -> [StudyPerson]
    ) -> Part<[(arm: String, counts: [ReliableChange.Class: Int])]> {
        guard let measure else { return .untold("no measure") }
        let counts = plan.arms.map { (arm: $0.id, counts: classes(plan, measure, of($0))) }
        return counts.contains { !$0.counts.isEmpty }
            ? .told(counts) : .untold("how much this measure moves by chance is not known for these people")
    }

    /// From the first day to the last, of those who answered on both and for whose age it is known how much the measure moves by chance.
    public static func classes(_ plan: StudyProtocol, _ measure: Instrument?, _ people: [StudyPerson]) -> [ReliableChange.Class: Int] {
        guard let measure else { return [:] }
        let last = plan.days.last ?? 0
        let found = people.compactMap { person -> ReliableChange.Class? in
            guard let before = person.total(StudyPoint(measure.id, 0), measure),
                let after = person.total(StudyPoint(measure.id, last), measure)
            else { return nil }
            return reliableClass(from: before, to: after, measure, band: person.band)
        }
        return Dictionary(found.map { ($0, 1) }, uniquingKeysWith: +)
    }

    private static func change(_ plan: StudyProtocol, _ measure: Instrument?, _ last: Int, _ people: [StudyPerson]) -> Summary {
        guard let measure else { return Summary([]) }
        return Summary(
            people.compactMap { person in
                person.total(StudyPoint(measure.id, 0), measure).flatMap { before in
                    person.total(StudyPoint(measure.id, last), measure).map { $0 - before }
                }
            })
    }

    public static func missing(
        _ plan: StudyProtocol, _ people: [StudyPerson], _ known: [String: Instrument], _ end: Instant
    ) -> [Missing] {
        plan.points(of: .seeker).compactMap { point in
            guard let measure = known[point.measure] else { return nil }
            // Due is what would have been open to somebody before the end: whoever left is missing.
            let due = people.filter { person in
                person.startedAt.map { plan.window(point, from: $0).lowerBound <= end } ?? false
            }
            return Missing(
                point: point, due: due.count, whole: due.count { $0.total(point, measure) != nil },
                partly: due.count { $0.answers[point] != nil && $0.total(point, measure) == nil })
        }
    }

    public static func harms(_ plan: StudyProtocol, _ of: (StudyProtocol.Arm) -> [StudyPerson], _ end: Instant) -> [Harms] {
        plan.arms.flatMap { harms($0.id, of($0), end) }
    }

    private static func harms(_ id: String, _ people: [StudyPerson], _ end: Instant) -> [Harms] {
        ["worse", "danger", "told"].compactMap { kind in
            let weeks = people.reduce(0) { $0 + $1.weeks(until: end) }
            let events = people.reduce(0) { $0 + $1.harms.count { $0 == kind } }
            do {
                let rate = try EventRate(events: events, exposure: weeks / 1000)
                return Harms(arm: id, kind: kind, events: events, weeks: weeks, rate: rate.rate, interval: rate.interval)
            } catch { return nil }
        }
    }

    private static func use(_ arm: StudyProtocol.Arm, _ people: [StudyPerson], _ end: Instant) -> Use? {
        let linked = people.filter { $0.presence != nil }
        guard !linked.isEmpty else { return nil }
        let active = [2, 12, 24].map { week in
            let reached = linked.filter { $0.startedAt.map { $0 + .days(7 * week) <= end } ?? false }
            let here = reached.count { person in
                person.presence.map { $0.days.contains { $0.day / 7 == week - 1 } } ?? false
            }
            return (week: week, here: here, of: reached.count)
        }
        var adherence: (kept: Int, of: Int)?
        if let posts = arm.posts {
            let weeks = linked.map { person in
                let since = person.startedAt.map { max(0, Int((end - $0).milliseconds / Lapse.days(7).milliseconds)) } ?? 0
                let lived = min(arm.weeks ?? 0, since)
                let written = (person.presence?.threads ?? []) + (person.presence?.replies ?? [])
                return (kept: (0..<lived).count { week in written.count { $0 == week } >= posts }, of: lived)
            }
            adherence = (weeks.reduce(0) { $0 + $1.kept }, weeks.reduce(0) { $0 + $1.of })
        }
        let days = linked.map { $0.presence?.days ?? [] }
        return Use(
            arm: arm.id, people: linked.count, active: active,
            days: Double(days.reduce(0) { $0 + $1.count }) / Double(linked.count),
            minutes: Double(days.reduce(0) { $0 + $1.reduce(0) { $0 + $1.minutes } }) / Double(linked.count), adherence: adherence)
    }

    private static func contrast(
        _ axis: FormAxis, _ plan: StudyProtocol, _ measure: Instrument?, _ last: Int, _ people: [StudyPerson], _ seed: UInt64
    ) -> Part<FormContrast> {
        guard let measure else { return .untold("no measure") }
        do {
            return .told(try FormContrast(people, by: axis, measure, days: (0, last), fewest: PublicCount.fewest, seed: seed))
        } catch { return .untold("\(error)") }
    }

    private static func gaps(
        _ plan: StudyProtocol, _ known: [String: Instrument], hasUtility: Bool, _ started: [StudyPerson], _ missing: [Missing],
        _ end: Instant
    ) -> [Gap] {
        let measure = known[plan.primary]
        var found: [Gap] = [.selfReport, .openLabel]
        if !hasUtility { found.append(.noUtility) }
        if !plan.design.hasComparison { found.append(.noComparison) }
        switch plan.runner {
        case .operatorOfHost: found.append(.runByHost)
        case .outside: break
        }
        if plan.asks.contains(where: { known[$0.measure]?.unvalidated == true }) { found.append(.unvalidated) }
        if plan.bands.contains(where: { band in measure.flatMap { knownError($0, band: band) } == nil }) { found.append(.errorUnknown) }
        if started.count < plan.wanted * plan.arms.count { found.append(.fewPeople) }
        let last = missing.first { $0.point.measure == plan.primary && $0.point.day == plan.days.last }
        if let last, last.missing + last.partly > 0 { found.append(.completeCases) }
        if let last, (last.missing + last.partly) * 5 > last.due { found.append(.muchMissing) }
        if started.contains(where: { $0.leftHow == .remove || $0.leftHow == .erased }) { found.append(.takenOut) }
        let point = StudyPoint(plan.primary, plan.days.last ?? 0)
        let unasked = started.filter { person in
            person.leftAt == nil && person.answers[point] == nil
                && person.startedAt.map { plan.window(point, from: $0).upperBound > end } ?? false
        }
        if !unasked.isEmpty { found.append(.endedEarly) }
        return found
    }
}
