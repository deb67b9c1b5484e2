import App
import ArgumentParser
import Foundation
import Rules

struct StaffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "staff", abstract: "People who keep the place safe.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add somebody, or give another role to somebody already there.",
            discussion: "Without a current check the server refuses every power over under-18 rooms.")
        @Argument(help: "The name that members see: a first name.") var name: String
        @Argument(help: "The role's code, as professional or trained-paid-staff.") var role: String
        @Option(help: "One room's id; without it, all rooms.") var room: String?
        @Option(help: "The last day of the role (YYYY-MM-DD); a year from now without it.") var until: String?
        @Option(help: "Kind of the check, as \"enhanced\".") var checkKind: String?
        @Option(help: "Day it was issued.") var checkIssued: String?
        @Option(help: "Day it expires.") var checkExpires: String?
        @Option(help: "Who saw it.") var seenBy: [String] = []

        func run() async throws {
            let app = try await House(try Config()).assembly.app()
            let end: Instant
            if let until {
                guard let day = app.end(ofDay: until) else { throw ValidationError("--until must be a day as 2027-06-30.") }
                end = day
            } else {
                end = Assembly.clock() + .days(365)
            }
            let made = try await app.addStaff(name: name, role: role, room: room, until: end, check: try check(by: app))
            try app.stop()
            if made.isNew {
                print(
                    """
                    \(made.name) is \(role). Shown once:
                      six words      \(made.words)
                      authenticator  \(made.seed)
                    """)
            } else {
                print("\(made.name) was there already and is now \(role) as well. Their six words and authenticator stay as they are.")
            }
            if checkKind == nil, made.isNew { print("No check is recorded: no power over under-18 rooms until there is one.") }
        }

        private func check(by app: App) throws -> NewCheck? {
            guard let checkKind else { return nil }
            guard let issued = checkIssued.flatMap({ app.start(ofDay: $0) }), let expires = checkExpires.flatMap({ app.end(ofDay: $0) }),
                seenBy.count == 2, seenBy[0] != seenBy[1]
            else { throw ValidationError("A check needs --check-issued, --check-expires and --seen-by twice, two different people.") }
            return NewCheck(kind: checkKind, issued: issued, expires: expires, first: seenBy[0], second: seenBy[1])
        }
    }
}

struct Open: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Open a room. An under-18 room is refused until everything it needs is recorded.")
    @Argument(help: "The room's name or id.") var room: String

    func run() async throws {
        let app = try await House(try Config()).assembly.app()
        let missing = try await app.open(room: room)
        try app.stop()
        if missing.isEmpty {
            print("\(room) is open.")
        } else {
            print("Not opened. Still missing:\n" + missing.map { "  - " + $0 }.joined(separator: "\n"))
            throw ExitCode(1)
        }
    }
}
