import Outside
import Rules
import Store

extension Routes {
    static let askingAfter: [Route] = [
        .member(.get, "/you/asking-after", "If one goes quiet: may one be asked once how one is?", AskingAfterRoutes.show),
        .member(
            .post, "/you/asking-after", "Say yes, with an address or without, or no.",
            [.choice("answer", ["yes", "no"]), .line("address", 254, optional: true)], AskingAfterRoutes.save),
        .member(.post, "/you/asking-after/forget", "Delete the address and keep the yes.", AskingAfterRoutes.forget),
    ]
}

/// One kind way back: somebody who went quiet for three weeks and said yes is asked once, or not, by chance.
enum AskingAfterRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        let row = try await ask.read { try $0.askingAfter(of: person) }
        return .page(page(ask, person, row), json: json(row))
    }

    private static func page(_ ask: Ask, _ person: Person, _ row: AskingAfterRow?) -> Page {
        let say = ask.say
        let body: HTML
        if let row, let lot = row.lot {
            // Between the draw and the mail there may be a night: it can still be taken back.
            let waits = lot == .ask && row.sentAt == nil && row.address != nil
            let back: HTML =
                waits ? Parts.act(ask, "/you/asking-after", say("asking.take-back"), hidden: [("answer", "no")]) : ""
            body = "<p class=\"lead\">\(say(waits ? "asking.over-asking" : "asking.over-\(lot.rawValue)"))</p>\(back)"
        } else {
            let isOldEnough = takesAddress(ask, person)
            let canSend = ask.app.mail.isSet && isOldEnough
            let how: [String] =
                canSend
                ? [say("asking.how-1", ["name": person.home.name])] + (2...5).map { say("asking.how-\($0)") }
                : [say(isOldEnough ? "asking.how-none" : "asking.how-young")]
            let now: HTML = row.map { "<p class=\"say note\">\(say($0.yes ? "asking.now-yes" : "asking.now-no"))</p>" } ?? ""
            let kept: HTML =
                row?.address.map { address in
                    """
                    <section class="card stack"><p>\(say("asking.kept", ["end": end(of: address)]))</p>\
                    \(Parts.act(ask, "/you/asking-after/forget", say("asking.forget"), style: "plain"))</section>
                    """
                } ?? ""
            let field: HTML =
                canSend
                ? Parts.field(
                    "address", say("asking.address"), hint: say("asking.address-hint"), type: "email",
                    extra: " autocomplete=\"email\" maxlength=\"254\"") : ""
            body = """
                <p class="lead">\(say("asking.lead"))</p>\(now)<ul class="stack">\(each: how, { "<li>\($0)</li>" })</ul>\(kept)
                <form class="card stack" method="post" action="/you/asking-after">\(Parts.token(ask))\
                \(Parts.radios("answer", say("asking.choice"), [("yes", say("asking.yes")), ("no", say("asking.no"))], chosen: row.map { $0.yes ? "yes" : "no" }))\
                \(field)<button class="button">\(say("today.save"))</button></form>
                """
        }
        return Page(
            say("asking.title"), tab: .you,
            body: """
                <nav aria-label="\(say("items.where"))"><a href="/you">\(say("you.title"))</a></nav><h1>\(say("asking.title"))</h1>\(body)
                """)
    }

    /// Of the address itself only where it ends is shown: whoever looks over a shoulder learns nothing.
    private static func end(of address: String) -> String { "…" + (address.split(separator: "@").last.map(String.init) ?? "").suffix(3) }

    private static func json(_ row: AskingAfterRow?) -> JSON {
        [
            "yes": row.map { .bool($0.yes) } ?? nil, "addressKept": .bool(row?.address != nil), "drawn": .at(row?.drawnAt),
            "lot": .text(row?.lot?.rawValue), "sent": .at(row?.sentAt),
        ]
    }

    static func save(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        let yes = ask.form.text("answer") == "yes"
        let typed = ask.form.optional("address")?.trimmingCharacters(in: .whitespaces)
        let address = yes ? typed.flatMap { $0.isEmpty ? nil : $0 } : nil
        if let address {
            guard takesAddress(ask, person) else { throw Refusal.rule("asking-too-young", status: 409) }
            guard ask.app.mail.isSet else { throw Refusal.rule("asking-no-way", status: 409) }
            guard AskingAfter.isAddress(address) else { throw Refusal.badChoice("address") }
        }
        let (done, kept) = try await ask.write { tx in
            (try tx.sayAskingAfter(yes, address: address, by: person), try tx.keepsAddress(of: person))
        }
        guard done else { throw Refusal.rule("asking-over", status: 409) }
        return .see(
            yes ? "/you/asking-after?done=asking" : "/today?done=no-thanks",
            json: ["yes": .bool(yes), "addressKept": .bool(kept)])
    }

    private static func takesAddress(_ ask: Ask, _ person: Person) -> Bool {
        AskingAfter.takesAddress(person.band, consentAge: ask.app.content.consentAge(person.country))
    }

    static func forget(_ ask: Ask, _ person: Person) async throws -> Answer {
        guard !person.isStaff else { throw Refusal.notFound }
        try await ask.write { try $0.forgetAddress(of: person) }
        return .see("/you/asking-after?done=address-gone", json: ["addressKept": false])
    }

    // On Today.

    /// What Today says of it: the question in somebody's first days, or a kind line on the day on which they came back by themselves.
    enum OnToday: String, Sendable { case question, back }

    static func onToday(_ tx: Transaction, _ ask: Ask, _ person: Person) throws -> OnToday? {
        guard !person.isStaff else { return nil }
        guard let row = try tx.askedAfter(person) else { return ask.now - person.joinedAt < AskingAfter.offered ? .question : nil }
        guard row.lot == .unreachable, row.yes else { return nil }
        // That they are here is written down a moment after their first page: on that page nothing is written yet.
        return row.returnedAt.map { $0.day == ask.now.day } ?? true ? .back : nil
    }

    static func card(_ what: OnToday?, _ ask: Ask) -> HTML {
        let say = ask.say
        switch what {
        case .question?:
            return """
                <section class="card stack" aria-labelledby="asking"><h2 id="asking">\(say("asking.card"))</h2><p>\(say("asking.card-more"))</p>\
                <div class="row"><a class="button soft" href="/you/asking-after">\(say("asking.card-go"))</a>\
                \(Parts.act(ask, "/you/asking-after", say("asking.no-thanks"), style: "plain", hidden: [("answer", "no")]))</div></section>
                """
        case .back?: return "<p class=\"say care\">\(say("asking.back"))</p>"
        case nil: return ""
        }
    }
}

extension App {
    /// Those who went quiet and said yes: whoever is due is looked at, and a mail that may leave does, once.
    func askAfterTheQuiet() async throws {
        while try await store.read({ try $0.askingIsDue() }) {
            let app = self
            let mail = try await store.write { tx in
                try tx.sweepAsking(
                    canSend: app.mail.isSet, consentAge: { app.content.consentAge($0) },
                    minute: { country, moment in
                        country.flatMap { app.content.lines.countries[$0]?.zone }.map { app.clock(zone: $0).minute(moment) }
                    },
                    house: { zone, moment in app.clock(zone: zone).minute(moment) }, chance: { app.chance.share() })
            }
            guard let mail else { continue }
            let message = Mail.Message(
                to: mail.to, from: mail.house, id: chance.token().text, at: now(), subject: sentences("asking.mail-subject"),
                words: sentences("asking.mail-words", ["address": settings.address + "/", "name": mail.house]))
            do {
                try await self.mail.send(message)
                try await store.write { try $0.askingSent(mail.id) }
                events.note("asking.sent")
            } catch is Mail.NotHandedOver {
                try await store.write { try $0.askingNotSent(mail.id) }
                events.note("asking.not-sent")
            } catch {
                try await store.write { try $0.askingUnsure(mail.id) }
                events.fault(error, route: "asking after")
            }
        }
    }
}
