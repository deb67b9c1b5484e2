import Rules
import Store

/// First words for whoever answers: three for each kind of post.
enum FirstWordsRoutes {
    static func show(_ ask: Ask, _ person: Person) async throws -> Answer {
        let say = ask.say
        let openings = ask.app.content.openings
        let body: HTML = """
            <h1>\(say("openings.title"))</h1><p class="lead">\(say("openings.lead"))</p>\(each: openings.situations, { one in
                """
                <section class="card stack" aria-labelledby="o-\(one.id)"><h2 id="o-\(one.id)">\(one.title)</h2><ul class="stack">\(each: one.openings, { "<li>\($0)</li>" })</ul>\
                \(one.handOver ? "<p class=\"say care\">\(say("openings.hand-over"))</p>" : "")</section>
                """
            })<p>\(openings.sitWithThem)</p>
            """
        return .page(
            Page(say("openings.title"), tab: .you, body: body),
            json: [
                "situations": .list(
                    openings.situations.map {
                        [
                            "id": .string($0.id), "title": .string($0.title), "openings": .list($0.openings.map(JSON.string)),
                            "handOver": .bool($0.handOver),
                        ]
                    })
            ])
    }
}
