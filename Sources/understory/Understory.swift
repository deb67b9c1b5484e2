import ArgumentParser

@main
struct Understory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "understory", abstract: "Online peer support for young people, on your own machine.",
        subcommands: [
            Serve.self, Demo.self, Migrate.self, StaffCommand.self, Open.self, Drill.self, Histories.self, Backup.self, Restore.self,
            ScreenCommand.self, OpenAPICommand.self, CoursesCommand.self, SimulateCommand.self, StatisticsCommand.self,
            MeasuresCommand.self, StudyCommand.self, ReviewCommand.self, Rehearse.self,
        ])
}
