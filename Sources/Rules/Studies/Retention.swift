import Statistics

extension StudyReport {
    /// Days until somebody left, whoever is still there counted until the end.
    static func retention(
        _ plan: StudyProtocol, _ started: [StudyPerson], _ end: Instant
    ) -> ([(arm: String, curve: KaplanMeier)], LogRank?) {
        let groups = plan.arms.map { arm in started.filter { $0.arm == arm.id }.compactMap { $0.stay(until: end) } }
        return (zip(plan.arms, groups).map { ($0.id, KaplanMeier($1)) }, apart(groups))
    }

    /// Nil where there is one group alone, an empty one, or nobody left.
    static func apart(_ groups: [[KaplanMeier.Observation]]) -> LogRank? {
        guard groups.count > 1, groups.allSatisfy({ !$0.isEmpty }) else { return nil }
        do { return try LogRank(groups) } catch { return nil }
    }
}

extension StudyPerson {
    /// In days. Nil for whoever never began.
    func stay(until end: Instant) -> KaplanMeier.Observation? {
        startedAt.map { start in
            KaplanMeier.Observation(
                time: Double(max(0, (min(leftAt ?? end, end) - start).milliseconds)) / 86_400_000,
                // Whose yes ran out did not leave: nobody knows how long they would have stayed.
                ended: leftHow != .lapsed && leftAt.map { $0 <= end } ?? false)
        }
    }
}

/// Who was still in a study, by the form of rooms they were in, along one axis of the review.
///
/// Where chance compares, somebody's form is that of their arm's rooms when the study opened; whose rooms differ along the axis, and who
/// has none, is in no group. Where people chose, it is the form they wrote in most, of those who let it be looked at.
///
/// - Limits: where people chose, whoever stays longer has more time to write; those who wrote nothing, took their answers out or whose
///   yes ended are in no group. The lines differ without the form doing anything, so nothing is tested there.
/// - Source: as `KaplanMeier` and `LogRank`.
public struct FormRetention: Sendable {
    public struct Level: Sendable {
        public let level: String
        public let people: Int
        public let curve: KaplanMeier
    }

    public let axis: FormAxis
    public let isByChance: Bool
    public let levels: [Level]
    /// Nil where people chose.
    public let test: LogRank?

    /// Along every axis that sets groups apart. Where people chose, an axis is left out when it, or what it and those before it come to
    /// together, would tell of fewer than `PublicCount.fewest`, those in no group among them: the groups of arms are exact.
    static func all(_ plan: StudyProtocol, _ started: [StudyPerson], rooms: [StudyRoomForms], end: Instant) -> [FormRetention] {
        var told: [FormAxis] = []
        return FormAxis.allCases.compactMap { axis in
            guard let one = FormRetention(plan, by: axis, started, rooms: rooms, end: end) else { return nil }
            if one.isByChance { return one }
            let cells = Dictionary(grouping: started) { person in (told + [axis]).map { person.presence?.forms[$0] } }
            guard cells.values.allSatisfy({ $0.count >= PublicCount.fewest }) else { return nil }
            told.append(axis)
            return one
        }
    }

    /// Nil where there are fewer than two groups.
    private init?(_ plan: StudyProtocol, by axis: FormAxis, _ started: [StudyPerson], rooms: [StudyRoomForms], end: Instant) {
        (self.axis, isByChance) = (axis, plan.design.hasComparison)
        let ofArm = plan.arms.reduce(into: [String: String]()) { found, arm in
            let levels = Set(rooms.filter { $0.arm == arm.id }.map { axis.level($0.before) })
            if levels.count == 1 { found[arm.id] = levels.first }
        }
        let byChance = isByChance  // nothing may be asked of what is not yet whole
        let groups = Dictionary(grouping: started) { person in
            byChance ? person.arm.flatMap { ofArm[$0] } : person.presence?.forms[axis]
        }
        let all = groups.compactMap { level, people in level.map { ($0, people.compactMap { $0.stay(until: end) }) } }
            .filter { !$0.1.isEmpty }.sorted { $0.0 < $1.0 }
        guard all.count > 1 else { return nil }
        levels = all.map { Level(level: $0.0, people: $0.1.count, curve: KaplanMeier($0.1)) }
        test = byChance ? StudyReport.apart(all.map(\.1)) : nil
    }
}
