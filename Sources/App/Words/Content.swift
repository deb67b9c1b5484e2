import Foundation
import Rules
import Screening
import Statistics
import Store

/// What a host may edit without code, read once at the start. A file in the data folder's `content/` replaces the
/// shipped one of the same name.
public struct Content: Sendable {
    struct Matter: Decodable, Sendable {
        let id: String, name: String, defaultUnder16: Choice.RawValue, default16: Choice.RawValue, default18: Choice.RawValue
        /// Never put before a supporter under 18.
        let adultsOnly: Bool?
    }
    struct Topic: Decodable, Sendable {
        let id: String, name: String, matter: String?, heavy: Bool
        /// The name of a diagnosis: people write about it, and nobody is matched by it.
        let condition: Bool?
    }
    struct TopicFile: Decodable, Sendable { let matters: [Matter], topics: [Topic] }
    struct HouseRule: Decodable, Sendable { let id: String, title: String, why: String, example: String, easy: String }
    struct RuleFile: Decodable, Sendable { let version: String, rules: [HouseRule] }
    struct Line: Decodable, Sendable {
        let id: String, name: String, dial: String, shown: String, channel: String, text: String?
        let ages: [Int], hours: String, hoursWords: String, cost: String, verifiedOn: String, expires: String
    }
    /// `zone`: only where it is the same time in every place that a line could mean. In the others hours stay unknown.
    struct Country: Decodable, Sendable { let name: String, emergency: [String], directory: String, zone: String?, lines: [Line] }
    struct LineFile: Decodable, Sendable { let asOf: String, deny: [String], firstChoiceDeny: [String], countries: [String: Country] }
    struct ConsentRule: Decodable, Sendable { let age: Int, asOf: String }
    struct ConsentFile: Decodable, Sendable { let asOf: String, `default`: Int, countries: [String: ConsentRule] }
    struct EasyText: Decodable, Sendable { let id: String, title: String, lines: [String] }
    struct EasyFile: Decodable, Sendable { let texts: [EasyText] }
    struct Tool: Decodable, Sendable { let id: String, name: String, minutes: Int, steps: [String] }
    struct ToolFile: Decodable, Sendable { let tools: [Tool] }
    struct Option: Decodable, Sendable { let id: String, label: String, next: String }
    struct Question: Decodable, Sendable { let id: String, asks: String, options: [Option] }
    struct Advice: Decodable, Sendable { let id: String, title: String, steps: [String] }
    struct WorriedFile: Decodable, Sendable { let questions: [Question], advice: [Advice] }
    struct Situation: Decodable, Sendable { let id: String, title: String, openings: [String], handOver: Bool }
    struct OpeningsFile: Decodable, Sendable {
        let worrying: [String], listen: [String], starters: [String], sitWithThem: String, situations: [Situation]
    }
    struct Reason: Decodable, Sendable { let id: String, rule: String, moderator: String, author: String, deliberate: Bool }
    struct ReasonFile: Decodable, Sendable { let version: String, reasons: [Reason] }
    struct ReportKind: Decodable, Sendable { let id: String, label: String, path: String, level: String, receipt: String }
    struct ReportFile: Decodable, Sendable { let kinds: [ReportKind] }
    struct LevelStep: Decodable, Sendable { let id: String, minutes: Int, does: String, says: String }
    struct RiskLevel: Decodable, Sendable { let id: String, name: String, means: String, steps: [LevelStep] }
    struct RiskFile: Decodable, Sendable { let version: String, reviewed: Bool, levels: [RiskLevel] }
    struct RoleDefinition: Decodable, Sendable { let id: String, name: String, means: String, powers: [String] }
    struct RoleFile: Decodable, Sendable { let roles: [RoleDefinition] }
    struct LadderStep: Decodable, Sendable { let id: String, words: String }
    struct DutyStep: Decodable, Sendable { let role: String, dueMinutes: [String: Int] }
    struct LadderFile: Decodable, Sendable { let version: String, steps: [LadderStep], duty: [DutyStep] }
    struct Area: Decodable, Sendable { let id: String, name: String, country: String, population: Int }
    struct PlaceFile: Decodable, Sendable { let minimumPopulation: Int, areas: [Area], smallPlaces: [String] }
    struct ResponsePath: Decodable, Sendable { let id: String, name: String, means: String, steps: [LevelStep] }
    struct PathFile: Decodable, Sendable { let paths: [ResponsePath] }
    /// What is known of one way of being helped here; each sentence from a finding of the review.
    struct WayCard: Decodable, Sendable {
        struct Point: Decodable, Sendable { let says: String, finding: String? }
        let id: Way.RawValue, how: String, good: [Point], risks: [Point]
    }
    struct ChoiceFile: Decodable, Sendable { let open: String, ways: [WayCard] }
    private struct CodebookFile: Decodable { let codebooks: [Codebook] }
    private struct WayBackFile: Decodable { let words: [[String]] }
    private struct BirdFile: Decodable { let birds: [String] }

    let matters: [Matter]
    let topics: [Topic]
    let topicByID: [String: Topic]
    let houseRules: RuleFile
    let lines: LineFile
    let consent: ConsentFile
    let easy: [EasyText]
    let tools: [Tool]
    let worried: WorriedFile
    let openings: OpeningsFile
    let reasons: ReasonFile
    let reportKinds: [ReportKind]
    let riskLevels: RiskFile
    let roles: [RoleDefinition]
    let ladder: LadderFile
    /// Until when a case is looked at, and when it climbs.
    let dueTimes: DueTimes
    let wayBackWords: [(word: String, picture: String)]
    let wayBackPlaces: [String: Int]
    let birds: [String]
    let places: PlaceFile
    let paths: [ResponsePath]
    /// What this place teaches those who want to support others, in the order of their ids.
    let courses: [Course]
    /// The review that this place is built from, and what is done about its findings.
    let review: Review
    /// What the choice guide says of each way.
    let choices: ChoiceFile
    /// What can be asked, by its codes.
    let measures: [Instrument]
    /// And in whose words.
    let packs: [Pack]
    /// What a year of full health is held to be worth.
    let worth: Willingness
    /// By what codes coders read.
    let codebooks: [Codebook]
    let screenContext: Context
    public let folder: URL

    public var allMeasures: [Instrument] { measures }

    /// The wording a measure is asked in: English, or the only one there is.
    func pack(_ measure: String) -> Pack? {
        let all = packs.filter { $0.measure == measure }
        return all.first { $0.language == "en" } ?? all.first
    }

    func card(of way: Way) -> WayCard? { choices.ways.first { $0.id == way.rawValue } }

    public init(folder: URL, overlay: URL?) throws {
        self.folder = folder
        func read<T: Decodable>(_ name: String, _: T.Type = T.self) throws -> T {
            let own = overlay?.appending(path: name)
            let file = own.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil } ?? folder.appending(path: name)
            do { return try JSONDecoder().decode(T.self, from: Data(contentsOf: file)) } catch {
                throw ContentFault(file: file.path, what: "\(error)")
            }
        }
        let topicFile: TopicFile = try read("topics.json")
        matters = topicFile.matters
        topics = topicFile.topics
        topicByID = Dictionary(topics.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        houseRules = try read("guidelines.json")
        lines = try read("lines.json")
        consent = try read("consent.json")
        easy = try read("easy.json", EasyFile.self).texts
        tools = try read("grounding.json", ToolFile.self).tools
        worried = try read("worried.json")
        openings = try read("openings.json")
        reasons = try read("reasons.json")
        reportKinds = try read("report-kinds.json", ReportFile.self).kinds
        riskLevels = try read("risk-levels.json")
        roles = try read("roles.json", RoleFile.self).roles
        ladder = try read("ladder.json")
        dueTimes = try Self.dueTimes(ladder)
        wayBackWords = try read("wayback.json", WayBackFile.self).words.map { ($0[0], $0[1]) }
        wayBackPlaces = Dictionary(wayBackWords.enumerated().map { ($1.word, $0) }, uniquingKeysWith: { a, _ in a })
        birds = try read("birds.json", BirdFile.self).birds
        places = try read("places.json")
        paths = try read("response-paths.json", PathFile.self).paths
        courses = try CourseFolder.read(folder.appending(path: "courses"), overlay: overlay?.appending(path: "courses"))
        review = try Review { name in
            let own = overlay?.appending(path: name)
            return try Data(
                contentsOf: own.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0 : nil } ?? folder.appending(path: name))
        }
        choices = try read("choices.json")
        for way in Way.allCases where !choices.ways.contains(where: { $0.id == way.rawValue }) {
            throw ContentFault(file: "choices.json", what: "says nothing of \(way.rawValue)")
        }
        for finding in choices.ways.flatMap({ $0.good + $0.risks }).compactMap(\.finding) where review.answers[finding] == nil {
            throw ContentFault(file: "choices.json", what: "\(finding) is no finding")
        }
        measures = try Self.measures(folder, overlay)
        packs = try Pack.all(in: folder.appending(path: "packs"), overlay: overlay?.appending(path: "packs"), measures: measures)
        worth = try read("worth.json")
        for fault in worth.faults { throw ContentFault(file: "worth.json", what: fault) }
        codebooks = try read("codebooks.json", CodebookFile.self).codebooks
        for fault in codebooks.flatMap(\.faults) { throw ContentFault(file: "codebooks.json", what: fault) }
        screenContext = Context(smallPlaces: places.smallPlaces)
        try check()
    }

    /// Ours, and a host's own beside them; one of the same id instead of ours.
    private static func measures(_ folder: URL, _ overlay: URL?) throws -> [Instrument] {
        do {
            let ours = try instruments(in: folder.appending(path: "measures"))
            let place = overlay?.appending(path: "measures")
            let own = try place.flatMap { FileManager.default.fileExists(atPath: $0.path) ? try instruments(in: $0) : nil } ?? []
            return ours.filter { one in !own.contains { $0.id == one.id } } + own
        } catch let fault as MeasureFault { throw ContentFault(file: "measures", what: fault.description) }
    }

    /// A step for each tier of the ladder, with a time for each level that climbs from step to step.
    private static func dueTimes(_ file: LadderFile) throws -> DueTimes {
        let fault = { ContentFault(file: "ladder.json", what: $0) }
        var times: [[Level: Int]] = []
        for tier in Tier.allCases {
            guard let step = file.duty.first(where: { $0.role == tier.code }) else { throw fault("has no duty for \(tier.code)") }
            times.append(
                try Dictionary(
                    uniqueKeysWithValues: [Level.urgent, .high, .medium, .low].map { level in
                        guard let minutes = step.dueMinutes[level.code], minutes > 0 else {
                            throw fault("\(tier.code) has no minutes for \(level.code)")
                        }
                        return (level, minutes)
                    }))
        }
        guard let due = DueTimes(minutes: times) else { throw fault("each step must come after the one before it") }
        return due
    }

    /// A number on the list of dead ones, a role with an unknown power, a missing topic: the start stops here.
    private func check() throws {
        let dead = Set(lines.deny)
        for (code, country) in lines.countries {
            if let zone = country.zone, !LocalClock.isZone(zone) {
                throw ContentFault(file: "lines.json", what: "\(code) has the unknown zone \(zone)")
            }
            for line in country.lines where dead.contains(line.dial.filter(\.isNumber)) {
                throw ContentFault(file: "lines.json", what: "\(code) \(line.id) is a dead number")
            }
        }
        for role in roles {
            for power in role.powers where Power(rawValue: power) == nil {
                throw ContentFault(file: "roles.json", what: "\(role.id) has the unknown power \(power)")
            }
        }
        for kind in reportKinds where Level(code: kind.level) == nil {
            throw ContentFault(file: "report-kinds.json", what: "\(kind.id) has the unknown level \(kind.level)")
        }
        guard [256, 512, 1024, 2048].contains(wayBackWords.count), wayBackPlaces.count == wayBackWords.count else {
            throw ContentFault(file: "wayback.json", what: "needs a power of two of different words")
        }
    }

    /// What somebody of this age sees until they choose: 11 to 15 cover the first five matters, others the first two.
    func defaultChoices(_ band: AgeBand?) -> [String: Choice] {
        Dictionary(
            matters.map { matter in
                let word: String
                switch band {
                case nil, .eleven, .thirteen: word = matter.defaultUnder16
                case .sixteen: word = matter.default16
                case .eighteen, .adult: word = matter.default18
                }
                return (matter.id, Choice(rawValue: word) ?? .cover)
            }, uniquingKeysWith: { a, _ in a })
    }

    var visitorChoices: ReaderChoices {
        ReaderChoices(matters: defaultChoices(nil), heavyLeftToday: 5, heavyWelcome: false)
    }

    /// What matching asks about the house; `minute` is the clock on its wall.
    func offerSetting(minute: @escaping @Sendable (Instant) -> Int) -> OfferSetting {
        let list = TagList(matters.map(\.id))
        return OfferSetting(
            topics: TagList(topics.filter { $0.condition != true }.map(\.id)), matters: list,
            rules: OfferRules(adultsOnly: list.tags(matters.filter { $0.adultsOnly ?? false }.map(\.id))), minute: minute)
    }

    func matterName(_ id: String) -> String { matters.first { $0.id == id }?.name ?? id }
    func topicName(_ id: String) -> String { topicByID[id]?.name ?? id }

    /// The matters and the weight of some topics, chosen by the writer or found by the screen.
    func weigh(_ chosen: [String], found: [String]) -> (topics: [String], matters: [String], heavy: Bool) {
        let known = (chosen + found).filter { topicByID[$0] != nil }
        var topics: [String] = []
        for topic in known where !topics.contains(topic) && topics.count < 8 { topics.append(topic) }
        // Of all of them: eight harmless ones must not push what is hard out of sight.
        let matters = Set(known.compactMap { topicByID[$0]?.matter })
        return (topics, self.matters.map(\.id).filter(matters.contains), known.contains { topicByID[$0]?.heavy ?? false })
    }

    /// Do heavy topics belong to one of these matters?
    func areHeavy(_ matters: [String]) -> Bool {
        topicByID.values.contains { topic in topic.heavy && (topic.matter.map(matters.contains) ?? false) }
    }

    /// Areas of a country with at least the host's least population.
    func areas(for country: String?) -> [Area] {
        places.areas.filter { $0.country == country && $0.population >= places.minimumPopulation }
    }

    func reason(_ id: String?) -> Reason? { id.flatMap { id in reasons.reasons.first { $0.id == id } } }
    func rule(_ id: String?) -> HouseRule? { id.flatMap { id in houseRules.rules.first { $0.id == id } } }

    /// The lines that are in date; `HelpLines` puts them in order.
    func lines(for country: String?, today: String) -> (country: Country, lines: [Line], emergency: [String]) {
        let entry = country.flatMap { lines.countries[$0] } ?? lines.countries["_"]!
        return (entry, entry.lines.filter { $0.expires > today }, entry.emergency)
    }

    /// Every number and page of help that is shown here, in any country, as it is written and as it is dialled.
    var helpNumbers: [String] {
        lines.countries.values.flatMap { country in
            country.emergency + country.lines.filter { !$0.dial.contains("://") }.flatMap { [$0.dial, $0.shown] }
        }
    }
    var helpPages: [String] {
        lines.countries.values.flatMap { country in [country.directory] + country.lines.map(\.dial).filter { $0.contains("://") } }
    }

    func consentAge(_ country: String?) -> Int { country.flatMap { consent.countries[$0]?.age } ?? consent.default }
}
