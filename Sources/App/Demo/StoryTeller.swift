import Foundation
import Rules
import Screening
import Store

/// Tells a story into an empty house.
actor StoryTeller {
    let app: App
    private let story: StoryFiles
    private let start: Instant
    private(set) var people: [String: Person] = [:]
    private(set) var rooms: [String: ID<Room>] = [:]
    private var items: [String: ID<Item>] = [:]
    private var logins: [String] = []

    init(app: App, story: StoryFiles) {
        self.app = app
        self.story = story
        start = app.now()
    }

    func tell() async throws -> [String] {
        guard let organisation = try await app.store.read({ try $0.organisations().first?.id }) else { throw Fault.missing("organisation") }
        for one in story.people.staff { try await addStaff(one, organisation) }
        for one in story.people.people { try await addMember(one, organisation) }
        for (place, one) in story.rooms.rooms.enumerated() { try await addRoom(one, organisation, after: place) }
        try await tryLines(organisation)
        try await keepWatch(organisation)
        try await letHelp()
        for entry in story.items { try await say(entry) }
        try await tellFormats(story.formats)
        try await tellStudies(from: story.folder, in: organisation)
        try await tellReview(from: story.folder)
        for entry in story.items { try await thank(entry) }
        for report in story.reports { try await self.report(report) }
        try await restAndSettle()
        try await app.store.write { try $0.set("story", to: "told") }
        return logins.sorted()
    }

    /// A transaction at an earlier moment.
    func at<T: Sendable>(
        _ minutesAgo: Int, _ act: @escaping @Sendable (Transaction) throws -> T
    ) async throws -> T {
        let moment = start - .minutes(minutesAgo)
        let source = IDSource(now: { moment }, random: { [chance = app.chance] in chance.bits() })
        return try await app.store.write { tx in try act(tx.moved(to: moment, ids: source)) }
    }

    private func person(_ account: ID<Account>, _ name: ID<Name>) async throws -> Person {
        let (token, secret) = (app.chance.token(), Secret(app.chance.bytes(32)))
        return try await app.store.write { tx in
            _ = try tx.addSession(
                token: token, secret: secret, account: account, name: name, shared: false, passedSecondFactor: true, length: .minutes(10))
            guard let person = try tx.person(token: token) else { throw Fault.missing("person") }
            _ = try tx.endSession(person.session, of: account)
            return person
        }
    }

    private func addStaff(_ one: StoryFiles.StaffMember, _ organisation: ID<Organisation>) async throws {
        let day = start
        let made = try await app.addStaff(
            name: one.name, role: one.role, room: nil, until: day + .days(365),
            check: NewCheck(
                kind: "enhanced (invented)", issued: day - .days(60), expires: day + .days(600), first: "Invented One",
                second: "Invented Two"))
        logins.append("login \(Self.place(one.role)) \(made.name) \(made.words) \(made.seed)")
        let found = try await app.store.read { tx -> (ID<Account>, ID<Name>)? in
            guard let account = try tx.staffAccount(named: one.name, in: organisation) else { return nil }
            return (account, try tx.names(of: account)[0].id)
        }
        if let found { people[one.key] = try await person(found.0, found.1) }
    }

    private static func place(_ role: String) -> String {
        switch role {
        case "professional": "professional"
        case "operator": "operator"
        case "trained-peer-volunteer": "supporter"
        case "safeguarding-lead": "safeguarding-lead"
        default: "moderator"
        }
    }

    private func addMember(_ one: StoryFiles.Member, _ organisation: ID<Organisation>) async throws {
        let band = AgeBand(rawValue: one.band)
        let choices = app.content.defaultChoices(band)
        // Everybody but one shares a hash that no words open: only the one login is meant to be used.
        let isLogin = logins.allSatisfy { !$0.contains("login member") } && band == .eighteen
        let way = WayBack(app.content.wayBackWords, chance: app.chance)
        let hash = isLogin ? PasswordThreads.hashNow(way.secret) ?? "" : "closed"
        let shown = "\(one.bird)-\(one.number)"
        let made = try await at(one.joinedDaysAgo * 1440) { tx in
            try tx.addAccount(
                NewMember(
                    organisation: organisation, shownName: shown, band: band, country: one.country,
                    stage: one.stage.flatMap(Rules.Stage.init(rawValue:)), choices: choices, wayBackHash: hash))
        }
        if isLogin { logins.append("login member \(shown) \(way.secret)") }
        people[one.key] = try await person(made.account, made.name)
    }

    /// One after the other, so that they stand in the order of the story.
    private func addRoom(_ one: StoryFiles.RoomEntry, _ organisation: ID<Organisation>, after place: Int) async throws {
        let form = RoomForm(
            version: 0, interaction: Interaction(rawValue: one.interaction) ?? .notLive,
            moderation: Moderation(rawValue: one.moderation) ?? .before,
            moderators: one.moderators, focus: one.focus,
            bands: Set(one.bands.compactMap(AgeBand.init(rawValue:))), size: one.size, anonymity: one.anonymity, hours: nil,
            promiseMinutes: one.promiseMinutes, night: NightRule(rawValue: one.night) ?? .wait)
        let text = RoomText(
            name: one.name, about: one.about, notFor: one.notFor, colour: one.colour, format: Format(rawValue: one.format) ?? .forum,
            readable: Readable(rawValue: one.readable) ?? .signedIn, light: one.light, invited: isInvitedByDefault(form.bands),
            asks: one.asks ?? false)
        let code = text.invited ? InviteCode.make(app.content.wayBackWords.map { $0.word }, chance: app.chance) : nil
        if let code { logins.append("room code for \(one.name): \(code)") }
        let members = people.values.filter { person in person.band.map(form.bands.contains) ?? false }.map(\.account)
        rooms[one.key] = try await at(15 * 1440 - place) { tx in
            let id = try tx.addRoom(text, form: form, organisation: organisation, by: nil)
            for kind in OpeningRecord.allCases {
                try tx.record(kind, "Invented for the demo", for: id, by: "The demo", invented: true)
            }
            try tx.open(id)
            if let code { try tx.addInvite(code, to: id, uses: 500, length: .days(365)) }
            for account in members { try tx.join(id, account) }
            return id
        }
    }

    /// The lines of the demo's country: tried by nobody, and marked so.
    private func tryLines(_ organisation: ID<Organisation>) async throws {
        let (_, lines, _) = app.content.lines(for: "GB", today: String(ISODate.write(start).prefix(10)))
        try await app.store.write { tx in
            for line in lines { try tx.recordDialTest(of: line.id, by: "The demo", organisation: organisation, invented: true) }
        }
    }

    /// Somebody is on duty all through the fortnight and for two hours more.
    private func keepWatch(_ organisation: ID<Organisation>) async throws {
        let (from, until) = (start - .days(15), start + .hours(2))
        for key in ["mo", "priya"] {
            guard let account = people[key]?.account else { continue }
            try await app.store.write {
                try $0.addShift(account, role: "administrative-moderator", from: from, until: until, organisation: organisation)
            }
        }
    }

    /// Who supports others, and how: the volunteer in every room, some members where the professional said yes.
    private func letHelp() async throws {
        let all = app.content.matters.map(\.id)
        guard let priya = people["priya"] else { return }
        if let sol = people["sol"] {
            try await app.store.write { try $0.set(SupporterSettings(matters: all, capacity: Capacity(perDay: 3, perWeek: 9)), of: sol) }
        }
        for one in story.people.people {
            for key in one.supports ?? [] {
                guard let person = people[one.key], let room = rooms[key] else { continue }
                try await app.store.write { tx in
                    guard let row = try tx.roomItself(room) else { return }
                    _ = try tx.giveStanding(person.account, in: row, until: tx.now + .days(300), by: priya.account)
                    try tx.set(SupporterSettings(matters: all), of: person)
                }
            }
        }
    }

    private func say(_ entry: StoryFiles.Entry) async throws {
        guard let person = people[entry.by], let room = rooms[entry.room] else { throw Fault.missing("story \(entry.key)") }
        let thread = entry.re.flatMap { items[$0] }
        if entry.re != nil, thread == nil { return }
        let app = app
        let assessment = app.screen.assess((entry.title.map { $0 + "\n" } ?? "") + entry.body, context: Context(isReply: thread != nil))
        let weight = app.content.weigh(entry.topics ?? [], found: [])
        let isStaff = person.isStaff
        let outcome = try await at(entry.minutesAgo) { tx in
            guard let place = try tx.roomForCard(room, in: Viewer(person: person)) else { throw Fault.missing("story \(entry.key)") }
            return try tx.send(
                Draft(
                    kind: thread != nil ? .reply : place.format == .questions ? .question : .thread, thread: thread,
                    voice: isStaff ? .staff : entry.voice == "anonymous" ? .anonymous : .name, title: entry.title ?? "", body: entry.body,
                    wants: thread == nil ? entry.wants.flatMap(Wants.init(rawValue:)) ?? .listen : nil, mood: nil, note: entry.note,
                    topics: weight.topics, matters: weight.matters, heavy: weight.heavy, key: "story-\(entry.key)"),
                from: person, in: place, assessment: assessment, hoursOpen: true)
        }
        guard case .kept(let id, _) = outcome else { return }
        items[entry.key] = id
        try await decide(entry, id)
    }

    /// What a moderator did about it, some minutes later.
    private func decide(_ entry: StoryFiles.Entry, _ id: ID<Item>) async throws {
        guard let mo = people["mo"], let priya = people["priya"] else { return }
        let wait = 4 + Int(entry.key.utf8.reduce(0) { $0 &+ Int($1) }) % 19
        let later = max(entry.minutesAgo - wait, 1)
        let reason = entry.reason.flatMap { app.content.reason($0)?.id } ?? "bullying"
        func act(_ act: Act, _ reason: String? = nil) async throws -> ID<Decision>? {
            try await at(later) { tx in
                guard let open = try tx.caseAbout(item: id).first(where: { $0.closedAt == nil }) else { return nil }
                // An urgent word of the story is closed by the professional, as everywhere.
                let who = open.kind == .risk ? priya : mo
                guard let found = try tx.look(at: open.id, by: who.account) else { return nil }
                return try tx.decide(NewDecision(act: act, reason: reason, seconds: 20 + wait * 3), about: found, by: who)
            }
        }
        switch entry.state ?? "shown" {
        case "shown": _ = try await act(.approve)
        case "returned": _ = try await act(.returnIt, reason)
        case "hidden": _ = try await act(.hide, reason)
        case "removed":
            if try await app.store.read({ try $0.caseAbout(item: id).isEmpty }) { try await openForRemoval(entry, id) }
            let decision = try await act(.remove, reason)
            if let decision, let words = entry.appeal, let author = people[entry.by] {
                _ = try await at(max(later - 60, 1)) { tx in try tx.appeal(decision, by: author, words: words) }
            }
        default: return
        }
    }

    private func openForRemoval(_ entry: StoryFiles.Entry, _ id: ID<Item>) async throws {
        guard let author = people[entry.by], let room = rooms[entry.room] else { return }
        _ = try await at(entry.minutesAgo) { tx in
            try tx.openOrJoin(
                CaseOpening(
                    kind: .report, subject: ID(raw: id.raw), room: room, item: id, account: author.account,
                    facts: CaseFacts(level: .medium), organisation: author.organisation, by: "reporter", code: "unkind"))
        }
    }

    private func thank(_ entry: StoryFiles.Entry) async throws {
        guard let id = items[entry.key] else { return }
        for said in entry.supports ?? [] {
            guard let person = people[said.by], let word = SupportWord(rawValue: said.word) else { continue }
            try await at(max(entry.minutesAgo - 30, 1)) { _ = try $0.addSupport(word, to: id, from: person) }
        }
    }

    private func report(_ entry: StoryFiles.ReportEntry) async throws {
        guard let id = items[entry.item], let person = people[entry.by] else { return }
        let kind = app.content.reportKinds.first { $0.id == entry.kind }
        let level: Level = kind?.level == "urgent" ? .urgent : kind?.level == "high" ? .high : .medium
        _ = try await at(entry.minutesAgo) { tx in
            try tx.report(id, kind: kind?.id ?? "else", level: level, words: "", by: person)
        }
        // What is older than a day was seen to by somebody at the time.
        guard entry.minutesAgo > 1440, let mo = people["mo"] else { return }
        try await at(entry.minutesAgo - 30) { tx in
            for open in try tx.caseAbout(item: id) where open.closedAt == nil && open.kind != .appeal {
                guard let found = try tx.look(at: open.id, by: mo.account) else { continue }
                _ = try tx.decide(NewDecision(act: .close, seconds: 40), about: found, by: mo)
            }
        }
    }

    private func restAndSettle() async throws {
        for one in story.people.people where one.onBreak {
            guard let person = people[one.key] else { continue }
            let until = start + .days(5)
            try await app.store.write { try $0.takeBreak(person, until: until) }
        }
        // Notices of a fortnight ago have been read.
        try await app.store.write { try $0.seeAllNotices(before: self.start - .days(1)) }
    }
}
