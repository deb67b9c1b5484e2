import Rules
import Store

/// One's own record, for people and for programs. The file's name and title say nothing of where it came from.
enum ExportPages {
    static func json(_ record: Record, _ person: Person, _ ask: Ask) -> JSON {
        [
            "version": 1, "madeAt": .at(ask.now),
            "names": .list(record.names.map { ["name": .string($0.shown), "place": .int($0.place)] }),
            "about": [
                "band": .text(person.band?.rawValue), "country": .text(person.country), "stage": .text(person.stage?.rawValue),
                "area": .text(person.area), "gender": .text(record.gender?.rawValue), "intent": .text(person.intent?.rawValue),
                "look": .string(person.look),
                "joinedAt": .at(person.joinedAt),
            ],
            "settings": [
                "choices": .object(
                    (record.settings?.choices ?? [:]).sorted { $0.key < $1.key }.map {
                        .init(key: $0.key, value: .string($0.value.rawValue))
                    }),
                "words": .list((record.settings?.words ?? []).map(JSON.string)), "heavyLimit": .int(record.settings?.heavyLimit ?? 0),
                "heavyWelcome": .bool(record.settings?.heavyWelcome ?? false), "lighterUntil": .at(record.settings?.lighterUntil),
                "quietFrom": record.settings.map { .string(LocalClock.time(minute: $0.quiet.from)) } ?? nil,
                "quietTo": record.settings.map { .string(LocalClock.time(minute: $0.quiet.to)) } ?? nil,
            ],
            "items": .list(
                record.items.map { item in
                    [
                        "id": .id(item.id), "kind": .string(item.kind.rawValue), "room": .id(item.room), "thread": .id(item.thread),
                        "voice": .string(item.voice.rawValue), "name": .string(item.shownName), "state": .string(item.state.rawValue),
                        "reason": .text(item.reason), "title": .string(item.title), "body": .string(item.body), "note": .text(item.note),
                        "topics": .list(item.topics.map { .string(String($0)) }), "wants": .text(item.wants?.rawValue),
                        "mood": .text(record.moods[item.id]), "language": .text(record.languages[item.id]), "at": .at(item.madeAt),
                        "edited": .at(item.editedAt),
                    ]
                }),
            "messages": .list(record.messages.map { ["conversation": .id($0.conversation), "body": .string($0.body), "at": .at($0.at)] }),
            "messagesFromStaff": .list(record.staffMessages.map { ["conversation": .id($0.conversation), "at": .at($0.at)] }),
            "letterReviews": .list(
                record.letterReviews.map { ["series": .id($0.series), "answer": .int($0.answer), "words": .string($0.words)] }),
            "letters": .list(
                record.letters.map {
                    ["series": .id($0.series), "body": .string($0.body), "state": .string($0.state.rawValue), "at": .at($0.at)]
                }),
            "reports": .list(
                record.reports.map {
                    ["kind": .string($0.kind), "words": .string($0.words), "at": .at($0.madeAt), "outcome": .text($0.outcome)]
                }),
            "decisions": .list(record.statements.map { StandingPages.json($0, ask) }),
            "appeals": .list(
                record.appeals.map {
                    ["decision": .id($0.decision), "words": .string($0.words), "outcome": .text($0.outcome), "at": .at($0.at)]
                }),
            "notices": .list(record.notices.map { ["kind": .string($0.kind.rawValue), "at": .at($0.at)] }),
            "read": .list(
                record.read.map { ["day": .string(ISODate.day($0.day)), "kind": .string($0.kind), "amount": .int($0.amount)] }),
            "sanctions": .list(
                record.sanctions.map { ["step": .string($0.step.rawValue), "at": .at($0.madeAt), "until": .at($0.endsAt)] }),
            "checkIns": .list(record.checkIns.map { ["day": .string(ISODate.day($0.day)), "word": .string($0.word)] }),
            "support": .list(record.support.map { ["item": .id($0.item), "word": .string($0.word.rawValue)] }),
            "rooms": .list(record.rooms.map(JSON.string)),
            "hidden": .list(record.muted.map { ["kind": .string($0.kind), "name": .text($0.shown)] }),
            "devices": .list(record.sessions.map { ["since": .at($0.madeAt), "until": .at($0.endsAt), "shared": .bool($0.shared)] }),
            "connections": .list(record.connections.map { ["address": .string($0.address), "at": .at($0.at)] }),
            "forms": .list(record.forms.map { FormRoutes.json($0, ask) }), "supporting": supporting(record), "work": work(record),
            "consents": .list(
                record.consents.map {
                    ["purpose": .string($0.purpose), "given": .at($0.given), "ends": .at($0.ends), "withdrawn": .at($0.withdrawn)]
                }),
            "studies": .list(
                record.studies.map { study, part in
                    [
                        "study": .string(study.code), "title": .string(study.plan.title), "said": .at(part.consentedAt),
                        "started": .at(part.startedAt), "arm": .text(part.arm), "left": .at(part.leftAt),
                        "answered": .list(
                            part.answered.map { "\($0.measure)@\($0.day)" }.sorted().map { .string($0) }),
                    ]
                }),
            "askingAfter": record.askingAfter.map { row in
                [
                    "yes": .bool(row.yes), "said": .at(row.saidAt), "addressKept": .bool(row.address != nil), "address": .text(row.address),
                    "drawn": .at(row.drawnAt), "lot": .text(row.lot?.rawValue), "sent": .at(row.sentAt), "back": .at(row.returnedAt),
                ]
            } ?? nil,
            "helped": .list(record.helped.map { ["reply": .id($0.item), "at": .at($0.at)] }),
            "reviewing": .list(
                record.reviewing.map {
                    [
                        "review": .string($0.review), "title": .string($0.title), "stage": .string($0.stage.rawValue),
                        "verdict": .string($0.verdict.rawValue), "at": .at($0.at),
                    ]
                }),
        ]
    }

    private static func work(_ record: Record) -> JSON {
        [
            "groups": .list(
                record.groups.map { ["group": .string($0.called), "leads": .bool($0.leads), "from": .at($0.from), "until": .at($0.until)] }),
            "paidToWrite": .list(
                record.terms.map {
                    [
                        "room": .string($0.room), "quota": .int($0.quota), "pays": .string($0.pays), "from": .at($0.from),
                        "until": .at($0.until),
                    ]
                }),
            "judgements": .list(record.judgements.map { ["item": .id($0.item), "judgement": .string($0.judgement), "at": .at($0.at)] }),
            "roles": .list(
                record.roles.map { ["role": .string($0.role), "room": .text($0.room), "from": .at($0.from), "until": .at($0.until)] }),
            "shifts": .list(record.shifts.map { ["role": .string($0.role), "from": .at($0.from), "until": .at($0.until)] }),
        ]
    }

    private static func supporting(_ record: Record) -> JSON {
        [
            "takes": .list((record.supporting?.matters ?? []).map(JSON.string)),
            "languages": .list((record.supporting?.languages ?? []).map(JSON.string)), "plan": .string(record.supporting?.plan ?? ""),
            "perDay": record.supporting.map { .int($0.capacity.perDay) } ?? nil,
            "perWeek": record.supporting.map { .int($0.capacity.perWeek) } ?? nil,
            "from": record.supporting?.hours.map { .string(LocalClock.time(minute: $0.from)) } ?? nil,
            "to": record.supporting?.hours.map { .string(LocalClock.time(minute: $0.to)) } ?? nil,
            "restsUntil": .at(record.supporting?.pausedUntil), "heavyRestsUntil": .at(record.supporting?.heavyRestsUntil),
            "beenThrough": .list(record.selfMap.map(JSON.string)),
            "weeks": .list(record.supporterWeeks.map { ["day": .string(ISODate.day($0.day)), "answer": .int($0.answer)] }),
            "standings": .list(record.standings.map { ["room": .string($0.room), "from": .at($0.from), "until": .at($0.until)] }),
            "taken": .list(record.taken.map { ["item": .id($0.item), "at": .at($0.at)] }),
            "pieces": .object(
                record.pieces.sorted { $0.key < $1.key }.map { .init(key: $0.key.description, value: StoryPages.json($0.value)) }),
            "felt": .list(
                record.felt.map {
                    [
                        "item": .id($0.item), "answer": .string($0.answer.rawValue), "hope": .text($0.hope?.rawValue),
                        "urge": .text($0.urge?.rawValue),
                    ]
                }),
            "roomReviews": .list(
                record.roomReviews.map { ["room": .string($0.room), "answer": .int($0.answer), "words": .string($0.words)] }),
            "debriefs": .list(record.debriefs.map { ["words": .string($0.words), "at": .at($0.at)] }),
            "lessons": .list(
                (record.training?.lessons ?? []).map {
                    ["course": .string($0.course), "lesson": .string($0.lesson), "passedAt": .at($0.passedAt)]
                }),
            "coursesChosen": .list(
                (record.training?.choices ?? []).map {
                    [
                        "course": .string($0.course), "choice": .string($0.choice.rawValue), "at": .at($0.at),
                        "endedByStaff": .bool($0.isEnded),
                    ]
                }),
            "rolePlay": .list(
                (record.training?.rolePlays ?? []).map {
                    [
                        "course": .string($0.course), "moment": .string($0.moment.rawValue), "answers": .list($0.answers.map(JSON.string)),
                        "words": .list($0.words.map(JSON.string)), "at": .at($0.madeAt),
                    ]
                }),
        ]
    }

    private static func list(_ title: String, _ lines: [String], _ ask: Ask) -> HTML {
        lines.isEmpty ? "" : "<h2>\(ask.say(title))</h2><ul>\(each: lines, { "<li>\($0)</li>" })</ul>"
    }

    private static func beside(_ item: ItemView, _ ask: Ask) -> HTML {
        let said =
            [item.wants.map { ask.say("wants.\($0.rawValue)") }].compactMap(\.self)
            + item.topics.map { ask.app.content.topicName(String($0)) }
        return said.isEmpty ? "" : "<p>\(said.joined(separator: " · "))</p>"
    }

    /// The smaller things, in words: what the file for programs says of them too.
    private static func more(_ record: Record, _ person: Person, _ ask: Ask) -> HTML {
        let (say, moments) = (ask.say, ask.moments)
        let settings = record.settings
        let reading = [
            settings.map { say("export.heavy-limit", ["n": String($0.heavyLimit)]) },
            settings.map { say($0.heavyWelcome ? "today.heavy-is-on" : "today.heavy-is-off") },
            settings.map {
                say("export.quiet", ["from": LocalClock.time(minute: $0.quiet.from), "to": LocalClock.time(minute: $0.quiet.to)])
            },
            person.intent.map { say("join.intent-\($0.rawValue)") },
        ].compactMap(\.self)
        let helping = record.supporting.map { settings in
            settings.matters.map(ask.app.content.matterName) + settings.languages.map { say("languages.\($0)") } + [
                "\(say("offers.per-day")): \(settings.capacity.perDay)", "\(say("offers.per-week")): \(settings.capacity.perWeek)",
            ] + (settings.hours.map { ["\(LocalClock.time(minute: $0.from)) – \(LocalClock.time(minute: $0.to))"] } ?? [])
        }
        return """
            \(list("export.reading", reading, ask))\(list("export.sanctions", record.sanctions.map { "\(moments.date($0.madeAt)) · \(say("sanctions.\($0.step.rawValue)"))" }, ask))\
            \(list("export.moods", record.items.compactMap { item in record.moods[item.id].map { "\(moments.date(item.madeAt)) · \(say("moods.\($0)"))" } }, ask))\
            \(list("export.support", record.support.map { "\($0.item) · \(say("support.\($0.word.rawValue)"))" }, ask))\
            \(list("notices.title", record.notices.map { "\(moments.date($0.at)) · \(say("notices.\($0.kind.rawValue)"))" }, ask))\
            \(list("reviewing.title", record.reviewing.map { "\(moments.date($0.at)) · \($0.review) · \($0.title) · \(say("reviewing.verdict-\($0.verdict.rawValue)"))" }, ask))\(list("export.read", record.read.map { "\(ISODate.day($0.day)) · \($0.kind) · \($0.amount)" }, ask))\
            \(list("export.groups", record.groups.map { "\($0.called) · \(moments.date($0.from))" }, ask))\
            \(list("export.paid", record.terms.map { "\($0.room) · \($0.quota) · \($0.pays) · \(moments.date($0.from))" }, ask))\
            \(list("export.judged", record.judgements.map { "\(moments.date($0.at)) · \($0.item)" }, ask))\
            \(list("export.roles", record.roles.map { [$0.role, $0.room, "\(moments.date($0.from)) – \(moments.date($0.until))"].compactMap(\.self).joined(separator: " · ") }, ask))\
            \(list("export.shifts", record.shifts.map { "\(moments.by($0.from))–\(moments.by($0.until))" }, ask))\
            \(list("asking.title", record.askingAfter.map { asking($0, ask) } ?? [], ask))\(list("export.helped", record.helped.map { "\(moments.date($0.at)) · \($0.item)" }, ask))\
            \(answers(record, ask))\(list("offers.settings", helping ?? [], ask))\(list("export.taken", record.taken.map { "\(moments.date($0.at)) · \($0.item)" }, ask))
            """
    }

    /// What was said beside the words: to letters, after reading, in courses, to what was asked for.
    private static func answers(_ record: Record, _ ask: Ask) -> HTML {
        let (say, moments) = (ask.say, ask.moments)
        let courses = Dictionary(ask.app.content.courses.map { ($0.id, $0) }, uniquingKeysWith: { a, _ in a })
        let felt = record.felt.map { one in
            [
                "\(one.item)", say("stories.felt-\(one.answer.rawValue)"), one.hope.map { say("after.hope-\($0.rawValue)") },
                one.urge.map { say("after.urge-\($0.rawValue)") },
            ].compactMap(\.self).joined(separator: " · ")
        }
        let lessons = (record.training?.lessons ?? []).map { one in
            let course = courses[one.course]
            return [
                course?.title ?? one.course, course?.lessons.first { $0.id == one.lesson }?.title ?? one.lesson,
                one.passedAt.map(moments.date),
            ]
            .compactMap(\.self).joined(separator: " · ")
        }
        let chosen = (record.training?.choices ?? []).map { one in
            "\(courses[one.course]?.title ?? one.course) · \(say(one.isEnded ? "courses.ended" : "courses.stage-\(one.choice.rawValue)"))"
        }
        let consents = record.consents.map { one in
            [
                one.purpose, "\(moments.date(one.given)) – \(moments.date(one.ends))",
                one.withdrawn.map { "\(say("export.withdrawn")) \(moments.date($0))" },
            ]
            .compactMap(\.self).joined(separator: " · ")
        }
        return """
            \(list("export.consents", consents, ask))\(list("export.letter-reviews", record.letterReviews.map { "\(say("letters.answer-\($0.answer)")) · \($0.words)" }, ask))\
            \(list("export.felt", felt, ask))\(list("export.lessons", lessons + chosen, ask))\
            \(list("export.settled", record.reports.compactMap { one in one.outcome.map { "\(moments.date(one.madeAt)) · \(ReportRoutes.outcome($0, say))" } } + record.appeals.compactMap { one in one.outcome.map { "\(moments.date(one.at)) · \(CaseWords.of($0, ask))" } }, ask))
            """
    }

    private static func asking(_ row: AskingAfterRow, _ ask: Ask) -> [String] {
        let say = ask.say
        return ["\(ask.moments.date(row.saidAt)) · \(say(row.yes ? "asking.yes" : "asking.no"))"]
            + (row.address.map { ["\(say("export.address")): \($0)"] } ?? [])
            + (row.drawnAt.map { ["\(ask.moments.date($0)) · \(say("export.lot-\(row.lot?.rawValue ?? "leave")"))"] } ?? [])
    }

    static func page(_ record: Record, _ person: Person, _ ask: Ask) -> HTML {
        let say = ask.say
        let kinds = Dictionary(ask.app.content.reportKinds.map { ($0.id, $0.label) }, uniquingKeysWith: { a, _ in a })
        return """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>\(say("export.file-title"))</title>\
            <meta name="viewport" content="width=device-width"></head><body><h1>\(say("export.file-title"))</h1><p>\(ask.moments.date(ask.now))</p>\
            <h2>\(say("you.names"))</h2><ul>\(each: record.names, { "<li>\($0.shown)</li>" })</ul>\
            <p>\([person.band.map { say("bands.\($0.rawValue)") }, person.country, person.area, person.stage.map { say("join.stage-\($0.rawValue)") }, record.gender.map { say("you.gender-\($0.rawValue)") }].compactMap(\.self).joined(separator: " · "))</p>\
            \(list("export.rooms", record.rooms, ask))\(list("export.devices", record.sessions.map { "\(ask.moments.date($0.madeAt)) – \(ask.moments.date($0.endsAt))" }, ask))\
            \(list("export.connections", record.connections.map { "\($0.address) · \(ask.moments.date($0.at))" }, ask))\
            <h2>\(say("see.title"))</h2><ul>\(each: (record.settings?.choices ?? [:]).sorted { $0.key < $1.key }, { "<li>\(ask.app.content.matterName($0.key)): \(say("see.\($0.value.rawValue)"))</li>" })</ul>\
            <p>\(say("see.words")): \((record.settings?.words ?? []).joined(separator: ", "))</p><ul>\(each: record.muted, { "<li>\($0.shown ?? say("see.a-voice")) (\(say("see.kind-\($0.kind)")))</li>" })</ul>\
            <h2>\(say("mine.title"))</h2>\(each: record.items, { item in
                """
                <section><h3>\(item.title.isEmpty ? say("kinds.\(item.kind.rawValue)") : item.title)</h3><p>\(ask.moments.date(item.madeAt)) · \(say("states.\(item.state.rawValue)")) · \(item.voice == .anonymous ? say("items.someone") : item.shownName)</p>\(item.note.map { "<p>\(say("because.note", ["what": $0]))</p>" } ?? "")\(beside(item, ask))\(prose(item.body))</section>
                """
            })<h2>\(say("talk.title"))</h2>\(each: record.messages, { "<p>\(ask.moments.date($0.at))</p>\(prose($0.body))" })\
            \(record.letters.isEmpty ? "" : "<h2>\(say("letters.title"))</h2>")\(each: record.letters, { "<p>\(ask.moments.date($0.at))</p>\(prose($0.body))" })\
            <h2>\(say("standing.title"))</h2>\(each: record.statements, { StandingPages.plain($0, ask) })\
            \(list("export.appeals", record.appeals.map { "\(ask.moments.date($0.at)) · \($0.words)" }, ask))\
            \(list("export.reports", record.reports.map { "\(ask.moments.date($0.madeAt)) · \(kinds[$0.kind] ?? $0.kind) · \($0.words)" }, ask))\
            <h2>\(say("today.check-in"))</h2><ul>\(each: record.checkIns, { "<li>\(ISODate.day($0.day)): \(say("moods.\($0.word)"))</li>" })</ul>\
            \(list("forms.title", record.forms.flatMap { FormPages.plain($0, ask) }, ask))\(list("studies.title", record.studies.map { "\($0.study.plan.title) · \(ask.moments.date($0.part.consentedAt))" }, ask))\(more(record, person, ask))\(list("offers.map", record.selfMap.map(ask.app.content.topicName), ask))\
            \(list("offers.where", record.standings.map { "\($0.room) · \(ask.moments.date($0.from)) – \(ask.moments.date($0.until))" }, ask))\
            \(list("export.pieces", record.pieces.values.compactMap(\.reference).map { "\($0.words) \($0.transcript)" }, ask))\(list("export.room-reviews", record.roomReviews.map { "\($0.room) · \($0.words)" }, ask))\(list("debrief.yours", record.debriefs.map { "\(ask.moments.date($0.at)) · \($0.words)" }, ask))\(list("courses.role-play", (record.training?.rolePlays ?? []).flatMap { $0.answers + $0.words }, ask))\
            \(list("offers.plan", record.supporting.flatMap { $0.plan.isEmpty ? nil : [$0.plan] } ?? [], ask))\
            \(list("offers.week", record.supporterWeeks.map { "\(ISODate.day($0.day)): \(say("offers.week-\($0.answer)"))" }, ask))</body></html>
            """
    }
}
