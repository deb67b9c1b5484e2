import Rules
import Screening
import Store

extension Routes {
    static let supervision: [Route] = [
        .member(.get, "/offers/debrief", "Notes for oneself after something heavy. Nobody reads them.", DebriefRoutes.show),
        .member(
            .post, "/offers/debrief", "Keep a note, or send it to the team.", [.words("words"), .flag("team"), .key], DebriefRoutes.add),
        .member(.post, "/offers/debrief/:note/delete", "Delete a note.", DebriefRoutes.delete),
        .member(
            .post, "/offers/:offer/second-eyes", "Ask the team to look at a draft before it is sent.", [.words("words"), .key],
            DebriefRoutes.secondEyes),
        .member(.post, "/supervision/:group/leave", "Leave a group. No reason is asked.", SupervisionRoutes.leave),
        .staff(.get, "/supervision", .closeRisk, "The groups one leads, and how their supporters are.", SupervisionRoutes.show),
        .staff(.post, "/supervision", .closeRisk, "Begin a group.", [.line("called", 60)], SupervisionRoutes.begin),
        .staff(
            .post, "/supervision/:group/members", .closeRisk, "Take a supporter in, by name.", [.line("name", 40)], SupervisionRoutes.add),
        .staff(.post, "/supervision/:group/members/end", .closeRisk, "Take somebody out.", [.line("name", 40)], SupervisionRoutes.remove),
        .staff(
            .post, "/supervision/:group/meets", .closeRisk, "When it meets next; everybody in it is told.", [.line("when", 16)],
            SupervisionRoutes.meets),
        .staff(.post, "/supervision/:group/end", .closeRisk, "End the group.", SupervisionRoutes.end),
    ]
}

/// After something heavy: a note for oneself, or a word to the team.
enum DebriefRoutes {
    private static func isSupporter(_ ask: Ask, _ person: Person) async throws {
        guard try await ask.app.store.read({ try $0.supporterSettings(of: person) }) != nil else { throw Refusal.notFound }
    }

    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await isSupporter(ask, person)
        let notes = try await ask.read { try $0.debriefs(of: person) }
        let say = ask.say
        let body: HTML = """
            <h1>\(say("debrief.title"))</h1><p class="lead">\(say("debrief.lead"))</p>
            <form class="card stack" method="post" action="/offers/debrief">\(Parts.token(ask, key: true))\(Parts.area("words", say("debrief.words"), hint: say("debrief.hint"), rows: 5, extra: " required dir=\"auto\""))\
            \(Parts.check("team", say("debrief.team")))<button class="button">\(say("today.save"))</button></form>\(notes.isEmpty ? "" : "<h2>\(say("debrief.yours"))</h2>")
            <ul class="stack" role="list">\(each: notes, { "<li class=\"card stack\"><p class=\"quietly\">\(ask.moments.element($0.at))</p><div class=\"words\">\(prose($0.words))</div>\(Parts.act(ask, "/offers/debrief/\($0.id)/delete", say("debrief.delete"), style: "plain"))</li>" })</ul>
            """
        return .page(
            Page(say("debrief.title"), tab: .you, body: body),
            json: ["notes": .list(notes.map { ["id": .id($0.id), "words": .string($0.words), "at": .at($0.at)] })])
    }

    static func add(_ ask: Ask, _ person: Person) async throws -> Answer {
        try await isSupporter(ask, person)
        let (words, team) = (ask.form.words("words"), ask.form.flag("team"))
        let assessment = ask.screen(words)
        try WriteRoutes.pace(ask, person, assessment, of: "debrief")
        guard !team else { return try await toTeam(words, assessment, ask, person) }
        let key = ask.form.optional("key")
        try await ask.write { try $0.addDebrief(words, by: person, key: key) }
        // Supporters are people in danger as well, sometimes.
        try await WriteRoutes.hearIfInDanger(words, assessment, ask, person)
        return .see(
            isInDanger(assessment) ? "/help" : "/offers/debrief?done=saved",
            json: ["kept": true, "help": .string("\(helpOffer(assessment))")])
    }

    private static func toTeam(_ words: String, _ assessment: Assessment, _ ask: Ask, _ person: Person) async throws -> Answer {
        let key = ask.form.optional("key") ?? ask.app.chance.token().text
        let id = try await ask.write { tx -> ID<Conversation> in
            let id = try tx.openConversation(
                for: person.account, name: person.name, from: "asked", item: nil, organisation: person.organisation)
            guard let row = try tx.conversation(id, openTo: person) else { throw Refusal.notFound }
            _ = try tx.say(words, in: row, from: person, key: key, assessment: assessment)
            return id
        }
        return .see("/conversations/\(id)", json: ["conversation": .id(id), "help": .string("\(helpOffer(assessment))")], created: true)
    }

    static func delete(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Anything> = try ask.id("note")
        guard try await ask.write({ try $0.deleteDebrief(id, of: person) }) else { throw Refusal.notFound }
        return .see("/offers/debrief?done=deleted", json: ["deleted": true])
    }

    /// The draft and where it belongs go to the team as a talk; the post stays the supporter's while its time runs.
    static func secondEyes(_ ask: Ask, _ person: Person) async throws -> Answer {
        let offer: ID<Offer> = try ask.id("offer")
        guard let item = try await ask.app.store.read({ try $0.item(of: offer, for: person) }) else { throw Refusal.notFound }
        return try await lookAt("debrief.second-eyes-told", ["place": ask.app.settings.address + "/items/\(item)"], ask, person)
    }

    /// The same for whoever writes letters; what the other one wrote goes to nobody by it.
    static func secondEyesOnLetter(_ ask: Ask, _ person: Person) async throws -> Answer {
        let id: ID<Series> = try ask.id("series")
        guard let series = try await ask.app.store.read({ try $0.series(id, for: person) }), series.side == .befriender else {
            throw Refusal.notFound
        }
        return try await lookAt("debrief.second-eyes-letter", [:], ask, person)
    }

    private static func lookAt(_ key: String, _ values: KeyValuePairs<String, String>, _ ask: Ask, _ person: Person) async throws -> Answer
    {
        let words = ask.form.words("words")
        guard words.count <= 5_000 else { throw Refusal.tooLong("words", 5_000) }
        let told = ask.say(key, values) + "\n\n" + words
        // What a supporter quotes is not theirs: it is weighed as an answer.
        let assessment = ask.screen(words, isReply: true)
        try WriteRoutes.pace(ask, person, assessment, of: "debrief")
        return try await toTeam(told, assessment, ask, person)
    }
}

enum SupervisionRoutes {
    static func show(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let groups = try await ask.read { try $0.groupsLed(by: worker.person) }
        // Whoever led a group and may no more sees it to its end.
        let leads = worker.person.staff.may(.closeRisk, at: .house, now: ask.now)
        let say = ask.say
        let list: HTML =
            groups.isEmpty
            ? Parts.empty(.bench, say("supervision.none"))
            : "\(each: groups, { card($0, ask) })"
        let begin: HTML =
            leads
            ? """
            <form class="card stack" method="post" action="/supervision">\(Parts.token(ask))<h2>\(say("supervision.begin"))</h2>\(Parts.field("called", say("supervision.called"), extra: " maxlength=\"60\" required"))<button class="button soft">\(say("supervision.begin-go"))</button></form>
            """ : "<p class=\"say note\">\(say("refusals.no-power"))</p>"
        let body: HTML = """
            <h1>\(say("supervision.title"))</h1><p class="lead">\(say("supervision.lead"))</p>\(list)
            \(begin)
            """
        return .page(
            Page(say("supervision.title"), tab: .you, body: body),
            json: [
                "groups": .list(
                    groups.map { group in
                        [
                            "id": .id(group.id), "called": .string(group.called), "meetsAt": .at(group.meetsAt),
                            "members": .list(
                                group.members.map {
                                    [
                                        "name": .string($0.name), "weeks": .list($0.weeks.map(JSON.int)), "taken": .int($0.taken),
                                    ]
                                }),
                        ]
                    })
            ])
    }

    private static func card(_ group: SupervisionGroup, _ ask: Ask) -> HTML {
        let say = ask.say
        let id = group.id.description
        return """
            <section class="card stack" aria-labelledby="g\(id)"><h2 id="g\(id)">\(group.called)</h2><p>\(group.meetsAt.map { say("supervision.meets", ["when": ask.moments.by($0)]) } ?? say("supervision.no-time"))</p>\
            \(Parts.table(say("supervision.how"), head: [say("offers.who-name"), say("supervision.weeks"), say("supervision.taken")], group.members, { one in
                "<tr><th scope=\"row\">\(one.name)</th><td>\(one.weeks.isEmpty ? "–" : one.weeks.map(String.init).joined(separator: ", "))</td><td>\(one.taken)</td></tr>"
            }))<p class="quietly">\(say("supervision.scale"))</p>
            <form class="inline" method="post" action="/supervision/\(id)/members">\(Parts.token(ask))<div class="field"><label for="m\(id)">\(say("supervision.add"))</label><input id="m\(id)" name="name" maxlength="40" autocomplete="off" required></div><button class="button soft">\(say("supervision.add-go"))</button></form>\
            <form class="inline" method="post" action="/supervision/\(id)/members/end">\(Parts.token(ask))<div class="field"><label for="r\(id)">\(say("supervision.remove"))</label><input id="r\(id)" name="name" maxlength="40" autocomplete="off" required></div><button class="button plain">\(say("offers.who-end"))</button></form>\
            <form class="inline" method="post" action="/supervision/\(id)/meets">\(Parts.token(ask))<div class="field"><label for="w\(id)">\(say("supervision.when"))</label><input id="w\(id)" name="when" type="datetime-local" required></div><button class="button soft">\(say("today.save"))</button></form>\
            \(Parts.act(ask, "/supervision/\(id)/end", say("supervision.end"), style: "plain"))</section>
            """
    }

    static func begin(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try worker.must(.closeRisk, now: ask.now)
        let called = ask.form.text("called").trimmed
        let id = try await ask.write { try $0.addGroup(called, by: worker.person) }
        return .see("/supervision?done=saved", json: ["id": .id(id)], created: true)
    }

    private static func named(_ ask: Ask, _ worker: Worker, _ act: @escaping @Sendable (Transaction, ID<Account>) throws -> Bool)
        async throws -> Answer
    {
        let name = ask.form.text("name").trimmed
        let done = try await ask.write { tx -> Bool in
            guard let account = try tx.account(firstName: name, in: worker.person.organisation) else { return false }
            return try act(tx, account)
        }
        guard done else { throw Refusal.rule("no-supporter-of-that-name") }
        return .see("/supervision?done=saved", json: ["name": .string(name)])
    }

    static func add(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        try worker.must(.closeRisk, now: ask.now)
        let group: ID<Supervision> = try ask.id("group")
        return try await named(ask, worker) { try $0.addMember($1, to: group, by: worker.person) }
    }

    static func remove(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let group: ID<Supervision> = try ask.id("group")
        return try await named(ask, worker) { try $0.removeMember($1, from: group, by: worker.person) }
    }

    static func meets(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let group: ID<Supervision> = try ask.id("group")
        guard let moment = ask.moments.clock.moment(local: ask.form.text("when")), moment > ask.now else { throw Refusal.badChoice("when") }
        guard try await ask.write({ try $0.meet(group, at: moment, by: worker.person) }) else { throw Refusal.notFound }
        return .see("/supervision?done=saved", json: ["meetsAt": .at(moment)])
    }

    static func leave(_ ask: Ask, _ person: Person) async throws -> Answer {
        let group: ID<Supervision> = try ask.id("group")
        try await ask.write { try $0.leaveGroup(group, by: person) }
        return .see("/offers?done=given-back", json: ["left": true])
    }

    static func end(_ ask: Ask, _ worker: Worker) async throws -> Answer {
        let group: ID<Supervision> = try ask.id("group")
        guard try await ask.write({ try $0.endGroup(group, by: worker.person) }) else { throw Refusal.notFound }
        return .see("/supervision?done=saved", json: ["ended": true])
    }
}
