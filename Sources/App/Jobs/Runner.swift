import Foundation
import Outside
import Rules
import ServiceLifecycle
import Store

/// Does what was written down to be done: cases whose time is over, jobs that are due, what was read, and once a night
/// the long work. Each on a beat of its own, so that a slow one holds up no other.
public struct Runner: Service {
    let app: App

    public init(_ app: App) { self.app = app }

    public func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await listen() }
            group.addTask {
                for await _ in Ticks(every: .seconds(15)).cancelOnGracefulShutdown() { app.live.breathe() }
            }
            for act in [cases, posts, judging, letters, days, studies, quiet, alarms, work, rest] {
                group.addTask {
                    for await _ in Ticks(every: .milliseconds(500)).cancelOnGracefulShutdown() { await act() }
                }
            }
        }
    }

    /// Listens until the house stops; a lost connection is opened anew, and the pages look again for what was missed.
    private func listen() async {
        for await _ in Ticks(every: .milliseconds(500)).cancelOnGracefulShutdown() {
            await guarded("listen") {
                await forward(try app.store.listen())
                app.live.tellQueue()
            }
        }
    }

    /// Nudges from this node and the others, to the open pages.
    private func forward(_ changes: AsyncStream<String>) async {
        for await change in changes.cancelOnGracefulShutdown() {
            if change == "queue" { app.live.tellQueue() }
            if let news = News(change) { await guarded("notice") { try await tell(news) } }
        }
    }

    /// The dot on an open page follows the same rules as the list of notices: quiet hours, a break, muted voices.
    private func tell(_ news: News) async throws {
        guard let session = app.live.session(of: news.account) else { return }
        let isNews = try await app.store.read { tx -> Bool in
            // As they are now: muted since, in another zone, on a break since the page was opened.
            guard let person = try tx.person(session: session) else { return false }
            let resting = TodayRoutes.isResting(person.breakUntil, try tx.settings(of: person).quiet, person.home, app, app.now())
            guard let line = try tx.notice(of: news) else { return false }
            return try tx.notices(for: person, choices: try tx.choices(of: person), resting: resting).contains { $0.id == line }
        }
        if isNews { app.live.tell(news.account, .notice) }
    }

    /// Everything that is due now, in order. A round that fails is written down, and the next one comes.
    public func round() async {
        await rest()
        await cases()
        await posts()
        await judging()
        await letters()
        await studies()
        await quiet()
        await days()
        await alarms()
        await work()
    }

    private func cases() async {
        await guarded("cases") {
            guard try await app.store.read({ try $0.casesAreDue() }) else { return }
            try await app.store.write { try $0.sweepCases() }
        }
    }

    /// Posts that nobody has answered yet: the next ring is asked, or somebody comes to own that it is late.
    private func posts() async {
        await guarded("posts") {
            let setting = app.offerSetting
            while try await app.store.read({ try $0.postsAreDue() }) {
                do {
                    if try await app.store.write({ try $0.sweepPosts(setting) }) == 0 { return }
                } catch {
                    app.events.fault(error, route: "job posts")
                    return try await postsOneByOne(setting)
                }
            }
        }
    }

    /// After a fault: the others go on, and whichever it is about gets an owner, since nobody can say that it may wait.
    private func postsOneByOne(_ setting: OfferSetting) async throws {
        for post in try await app.store.read({ try $0.duePosts() }) {
            do { _ = try await app.store.write { try $0.sweepPosts(setting, only: post) } } catch {
                await guarded("posts") { _ = try await app.store.write { try $0.escalateUnread(post) } }
            }
        }
    }

    /// Answers that wait for judges who do not come.
    private func judging() async {
        await guarded("judging") {
            while try await app.store.read({ try $0.responsesAreLate() }) {
                try await app.store.write { try $0.sweepResponses() }
            }
        }
    }

    /// Pieces whose day has come.
    private func days() async {
        await guarded("days") {
            while try await app.store.read({ try $0.piecesAreDue() }) { try await app.store.write { try $0.publishDue() } }
        }
    }

    /// Letters: befrienders are found, silence is noticed, what is over ends.
    private func letters() async {
        await guarded("letters") {
            let courses = app.content.courses
            while try await app.store.read({ try $0.seriesAreDue() }) {
                try await app.store.write { try $0.sweepSeries(courses) }
            }
        }
    }

    /// Those who waited come into their rooms.
    private func studies() async {
        await guarded("studies") {
            while try await app.store.read({ try $0.peopleWait() }) { try await app.store.write { try $0.letInThoseWhoWaited() } }
        }
    }

    /// Those who went quiet and said that they may be asked once.
    private func quiet() async { await guarded("quiet") { try await app.askAfterTheQuiet() } }

    private func alarms() async { await jobs(JobKind.allCases.filter(\.isAlarm)) }
    private func work() async { await jobs(JobKind.allCases.filter { !$0.isAlarm }) }
    private func jobs(_ kinds: [JobKind]) async { await guarded("jobs") { while try await runOneJob(kinds) {} } }

    private func rest() async {
        await guarded("exposures") { try await writeExposures() }
        await guarded("night") { try await nightIfDue() }
    }

    private func guarded(_ what: String, _ act: () async throws -> Void) async {
        do { try await act() } catch { app.events.fault(error, route: "job \(what)") }
    }

    /// One alarm and nothing else: a drill in a shell of its own takes no work from the house that runs beside it.
    func send(_ alert: ID<Alert>) async {
        await guarded("jobs") { while try await runOneJob([.sendAlarm], about: ID(raw: alert.raw)) {} }
    }

    private func runOneJob(_ kinds: [JobKind], about subject: ID<Anything>? = nil) async throws -> Bool {
        guard try await app.store.read({ try $0.jobIsDue(kinds) }),
            let job = try await app.store.write({ try $0.claimJob(kinds, about: subject) })
        else { return false }
        do {
            try await act(job)
            try await app.store.write { try $0.finishJob(job.id) }
        } catch {
            app.events.fault(error, route: "job \(job.kind.rawValue)")
            let why = Events.safe(error)
            try await app.store.write { try $0.failJob(job, why: why) }
        }
        return true
    }

    private func act(_ job: JobRow) async throws {
        switch job.kind {
        case .sendAlarm: try await sendAlarm(ID(raw: job.subject.raw))
        case .climbAlarm: try await climbAlarm(ID(raw: job.subject.raw))
        case .eraseWords: try await app.store.write { try $0.eraseWords(ID(raw: job.subject.raw)) }
        case .night: try await night()
        }
    }

    /// Sends, and writes down whether it went. A failed one is tried again and climbs all the same.
    private func sendAlarm(_ id: ID<Alert>) async throws {
        guard let alert = try await app.store.read({ try $0.alert(id) }), alert.acknowledgedAt == nil else { return }
        if alert.sentAt == nil || !alert.drill {
            try await app.store.write { try $0.enqueue(.climbAlarm, ID(raw: id.raw), at: app.now() + .minutes(5)) }
        }
        let link = app.settings.address + (alert.caseID.map { "/cases/\($0)" } ?? "/duty")
        do {
            try await app.alarm.send(.init(code: alert.code, tier: alert.tier.rawValue, link: link, drill: alert.drill, at: app.now()))
            app.events.alarm(alert.code, sent: true)
            try await app.store.write { try $0.alertSent(id, failed: nil) }
        } catch {
            app.events.alarm(alert.code, sent: false)
            let why = error is Alarm.NotSet ? "no way is set" : "it was not taken"
            try await app.store.write { try $0.alertSent(id, failed: why) }
            throw error
        }
    }

    /// Nobody said "I have it": the next step of the ladder is called. A drill stays where it is.
    private func climbAlarm(_ id: ID<Alert>) async throws {
        try await app.store.write { tx in
            // What is about no case (a rule to be looked at) can wait for the person who was called.
            guard let alert = try tx.alert(id), alert.acknowledgedAt == nil, !alert.drill, alert.tier != .everyone, alert.caseID != nil
            else {
                return
            }
            if let about = alert.caseID, let found = try tx.caseItself(about), found.closedAt != nil { return }
            let organisations = try tx.organisations()
            guard let organisation = try alert.caseID.flatMap({ try tx.organisation(of: $0) }) ?? organisations.first?.id else { return }
            try tx.raiseAlarm(about: alert.caseID, organisation: organisation, tier: alert.tier.next, drill: false)
            if let about = alert.caseID, alert.tier.next == .everyone { try tx.liftToEverybody(about) }
        }
    }

    private func writeExposures() async throws {
        if app.presence.isOld(at: app.now()) { app.presence.watch(try await app.store.read { try $0.linkedAccounts() }, at: app.now()) }
        let minutes = app.presence.take()
        if !minutes.isEmpty { try await app.store.write { try $0.wasHere(minutes) } }
        let taken = app.exposures.take()
        guard !taken.isEmpty else { return }
        try await app.store.write { tx in
            for (key, amount) in taken {
                if key.kind == "seen" {
                    try tx.seen(key.account)
                } else {
                    try tx.addExposure(key.kind, amount, of: key.account)
                }
            }
        }
    }

    /// Once a day, at the first round after three in the morning UTC: a job, so that one node does it and a failed one is
    /// tried again.
    private func nightIfDue() async throws {
        let day = (app.now() - .hours(3)).day
        let isNew: @Sendable (Transaction) throws -> Bool = { tx in
            try tx.setting("night").flatMap { Int64($0) } ?? 0 < day
        }
        guard try await app.store.read(isNew) else { return }
        try await app.store.write { tx in
            guard try isNew(tx) else { return }
            try tx.set("night", to: String(day))
            try tx.enqueue(.night, ID(raw: day))
        }
    }

    public func night() async throws {
        let mustBeLookedAt = ScreeningRoutes.overdueRules(app.screen, now: app.now()).contains { $0.kind.isAboutRisk }
        let (letters, chance) = (app.letterCourses, app.chance)
        _ = try await app.store.write { tx in
            try tx.tellWhoseYesEnds(letters)
            for organisation in try tx.organisations() {
                try tx.ownColumnQuestions(of: organisation.id)
                try tx.makeDailyHead(of: organisation.id)
                try tx.careForEmptyRooms(of: organisation.id)
                try tx.askForCodesAgain(of: organisation.id)
                if mustBeLookedAt { try tx.alarmOverdueRules(of: organisation.id) }
            }
            return try tx.retire { chance.share() }
        }
        // One at a time, each by itself: a fault in one study keeps nothing else from being done.
        for study in try await app.store.read({ try $0.runningStudies() }) {
            await guarded("study") { try await app.store.write { try $0.care(for: study) } }
        }
        try await app.noteErasures()
        try await app.store.sweep()
        app.events.note("night.done")
    }
}

/// A beat that goes on until it is cancelled.
struct Ticks: AsyncSequence, Sendable {
    typealias Element = Void
    let every: Duration

    init(every: Duration) { self.every = every }

    struct AsyncIterator: AsyncIteratorProtocol {
        let every: Duration
        mutating func next() async -> Void? {
            do { try await Task.sleep(for: every) } catch { return nil }  // cancelled: the sequence ends
            return ()
        }
    }
    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(every: every) }
}
