import Rules

/// One person's whole record: their own words whole, other people's as references only.
public struct Record: Sendable {
    public var names: [(shown: String, place: Int)] = []
    public var gender: Gender?
    public var settings: ReaderSettings?
    public var items: [ItemView] = []
    public var messages: [(conversation: ID<Conversation>, body: String, at: Instant)] = []
    public var staffMessages: [(conversation: ID<Conversation>, at: Instant)] = []
    public var reports: [ReportRow] = []
    public var statements: [Statement] = []
    public var appeals: [(decision: ID<Decision>, words: String, outcome: String?, at: Instant)] = []
    /// The feeling chosen with an item, where one was.
    public var moods: [ID<Item>: String] = [:]
    /// What the screening, or whoever read them, took the words' language for.
    public var languages: [ID<Item>: String] = [:]
    public var notices: [(kind: NoticeKind, at: Instant)] = []
    /// What was read, in coarse counts a day.
    public var read: [(day: Int64, kind: String, amount: Int)] = []
    public var sanctions: [Transaction.SanctionRow] = []
    public var checkIns: [(day: Int64, word: String)] = []
    public var support: [(item: ID<Item>, word: SupportWord)] = []
    public var rooms: [String] = []
    public var muted: [MutedRow] = []
    public var sessions: [SessionRow] = []
    public var connections: [(address: String, at: Instant)] = []
    /// How they support others, what they said they have been through, and how their weeks were.
    public var supporting: SupporterSettings?
    public var selfMap: [String] = []
    public var supporterWeeks: [(day: Int64, answer: Int)] = []
    public var standings: [(room: String, from: Instant, until: Instant)] = []
    public var training: TrainingRecord?
    /// What one's pieces have beside their words, how one felt after those of others, and what one said of rooms.
    public var pieces: [ID<Item>: PieceRow] = [:]
    public var felt: [FeltRow] = []
    public var roomReviews: [(room: String, answer: Int, words: String)] = []
    public var debriefs: [(id: ID<Anything>, words: String, at: Instant)] = []
    public var forms: [FormRow] = []
    /// What they said yes to, and their part in studies with the points that were answered for each.
    public var consents: [Transaction.ConsentRow] = []
    public var studies: [(study: StudyRow, part: ParticipantRow)] = []
    /// What they said of records in reviews of studies.
    public var reviewing: [ReviewDone] = []
    public var letterReviews: [(series: ID<Series>, answer: Int, words: String)] = []
    public var letters: [(series: ID<Series>, body: String, state: ItemState, at: Instant)] = []
    /// Groups in which supporters are looked after, led or been in.
    public var groups: [(called: String, leads: Bool, from: Instant, until: Instant?)] = []
    /// Times in which they were paid to write.
    public var terms: [(room: String, quota: Int, pays: String, from: Instant, until: Instant?)] = []
    /// What they said of answers that were theirs to judge: as references.
    public var judgements: [(item: ID<Item>, judgement: String, at: Instant)] = []
    public var roles: [(role: String, room: String?, from: Instant, until: Instant)] = []
    public var shifts: [(role: String, from: Instant, until: Instant)] = []
    /// Posts they took, as references.
    public var taken: [(item: ID<Item>, at: Instant)] = []
    /// What they said to being asked once, and of which replies they said that it helped.
    public var askingAfter: AskingAfterRow?
    public var helped: [(item: ID<Item>, at: Instant)] = []
}

extension Transaction {
    public func record(of person: Person) throws -> Record {
        var record = Record()
        record.names = try names(of: person.account).map { ($0.shown, $0.place) }
        record.gender = try gender(of: person.account)
        record.settings = try settings(of: person)
        record.items = try own(person, limit: 100_000)
        let talks = try conversations(of: person, limit: 100_000)
        for talk in talks {
            for message in try messages(in: talk, for: person) {
                if message.isMine {
                    record.messages.append((talk.id, message.body, message.at))
                } else {
                    record.staffMessages.append((talk.id, message.at))
                }
            }
        }
        record.reports = try reports(by: person, limit: 100_000)
        record.statements = try statements(for: person.account, limit: 100_000)
        record.appeals = try rows(
            "SELECT decision, sealed, outcome, made_at FROM appeal WHERE account = \(person.account) ORDER BY made_at"
        ) {
            row in
            let decision: ID<Decision> = try row.id()
            let words = try row.bytesIfAny().map { try person.contentKey.open($0, for: "appeal \(decision)") } ?? ""
            return (decision, words, row.textIfAny(), try row.instant())
        }
        record.moods = Dictionary(
            try rows("SELECT id, mood FROM item WHERE account = \(person.account) AND mood IS NOT NULL") {
                (try $0.id(Item.self), try $0.text())
            }, uniquingKeysWith: { a, _ in a })
        record.languages = Dictionary(
            try rows("SELECT id, language FROM item WHERE account = \(person.account) AND language IS NOT NULL") {
                (try $0.id(Item.self), try $0.text())
            }, uniquingKeysWith: { a, _ in a })
        record.notices = try rows("SELECT kind, made_at FROM notice WHERE account = \(person.account) ORDER BY made_at") {
            (try $0.word(), try $0.instant())
        }
        record.read = try rows("SELECT day, kind, amount FROM exposure WHERE account = \(person.account) ORDER BY day") {
            (try $0.int(), try $0.text(), try $0.count())
        }
        record.sanctions = try sanctions(of: person.account)
        record.checkIns = try checkIns(of: person, last: 100_000)
        record.support = try rows("SELECT item, word FROM support WHERE account = \(person.account)") {
            (try $0.id(), try $0.word())
        }
        record.rooms = try rows(
            "SELECT r.name FROM membership m JOIN room r ON r.id = m.room WHERE m.account = \(person.account)"
        ) { try $0.text() }
        record.muted = try muted(by: person)
        record.sessions = try sessions(of: person.account)
        record.connections = try connections(of: person.account)
        record.supporting = try supporterSettings(of: person)
        record.selfMap = try selfMap(of: person)
        record.supporterWeeks = try rows("SELECT day, answer FROM supporter_week WHERE account = \(person.account) ORDER BY day") {
            (try $0.int(), try $0.count())
        }
        record.standings = try rows(
            """
            SELECT r.name, t.given_at, COALESCE(t.ended_at, t.ends_at) FROM standing t JOIN room r ON r.id = t.room
            WHERE t.account = \(person.account) ORDER BY t.given_at
            """
        ) { (try $0.text(), try $0.instant(), try $0.instant()) }
        record.letterReviews = try seriesReviews(by: person)
        record.letters = try lettersWritten(by: person)
        record.pieces = try pieces(record.items.filter { $0.thread == nil }.map(\.id))
        record.felt = try felt(of: person.account)
        record.roomReviews = try rows(
            "SELECT v.item, r.name, v.answer FROM room_review v JOIN room r ON r.id = v.room WHERE v.account = \(person.account)",
            { (try $0.id(Item.self), try $0.text(), try $0.count()) }
        ).map { item, room, answer in (room, answer, try words(of: item)?.body ?? "") }
        record.debriefs = try debriefs(of: person, limit: 100_000)
        record.forms = try forms(of: person, limit: 100_000)
        record.consents = try consents(of: person.account)
        record.studies = try participants(of: person.account).compactMap { part in try study(part.study).map { ($0, part) } }
        record.training = try trainingRecord(of: person)
        record.askingAfter = try askingAfter(of: person)
        record.helped = try helped(of: person.account)
        record.reviewing = try reviewsDone(by: person)
        record.taken = try rows(
            "SELECT item, taken_at FROM offer WHERE account = \(person.account) AND taken_at IS NOT NULL ORDER BY taken_at"
        ) {
            (try $0.id(), try $0.instant())
        }
        try addWork(of: person.account, to: &record)
        return record
    }

    /// What somebody did for others here.
    private func addWork(of account: ID<Account>, to record: inout Record) throws {
        record.groups =
            try rows("SELECT called, made_at, ended_at FROM supervision_group WHERE lead = \(account) ORDER BY made_at") {
                (try $0.text(), true, try $0.instant(), $0.instantIfAny())
            }
            + rows(
                """
                SELECT g.called, m.joined_at, COALESCE(m.left_at, g.ended_at) FROM supervision_member m
                JOIN supervision_group g ON g.id = m.circle WHERE m.account = \(account) ORDER BY m.joined_at
                """
            ) { (try $0.text(), false, try $0.instant(), $0.instantIfAny()) }
        record.terms = try rows(
            """
            SELECT r.name, t.quota, t.pays, t.given_at, t.ended_at FROM ambassador t JOIN room r ON r.id = t.room
            WHERE t.account = \(account) ORDER BY t.given_at
            """
        ) { (try $0.text(), try $0.count(), try $0.text(), try $0.instant(), $0.instantIfAny()) }
        record.judgements = try rows("SELECT item, judgement, made_at FROM judgement WHERE account = \(account) ORDER BY made_at") {
            (try $0.id(), try $0.text(), try $0.instant())
        }
        record.roles = try rows(
            """
            SELECT d.code, r.name, g.given_at, COALESCE(g.ended_at, g.ends_at) FROM role_given g JOIN role d ON d.id = g.role
            LEFT JOIN room r ON r.id = g.room WHERE g.account = \(account) ORDER BY g.given_at
            """
        ) { (try $0.text(), $0.textIfAny(), try $0.instant(), try $0.instant()) }
        record.shifts = try rows(
            "SELECT role, starts_at, COALESCE(ended_at, ends_at) FROM shift WHERE account = \(account) ORDER BY starts_at"
        ) { (try $0.text(), try $0.instant(), try $0.instant()) }
    }
}
