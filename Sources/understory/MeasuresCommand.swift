import App
import ArgumentParser
import Foundation

struct MeasuresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measures", abstract: "Questionnaires: whose words are here.", subcommands: [Import.self])

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in the wording of measures: content packs with a licence record.",
            discussion: """
                A pack is a FHIR R4 Questionnaire beside a licence (docs/hosting.md shows one). Every file is looked over before any is \
                taken; a fault is named with its place, and nothing is changed then. The service reads packs when it starts.
                """)
        @Argument(help: "Pack files.") var files: [String]
        @Flag(help: "Only look them over.") var dryRun = false

        func run() throws {
            let config = try Config()
            let own = config.data.appending(path: "content")
            let content = try Content(folder: config.content, overlay: own)
            var (taken, faults) = ([(Pack, Data)](), 0)
            for file in files {
                do {
                    let data = try Data(contentsOf: URL(filePath: file))
                    let pack = try Pack(data, name: file, measures: content.allMeasures)
                    taken.append((pack, data))
                    print("\(file): \(pack.about)")
                } catch {
                    print("\(error)")
                    faults += 1
                }
            }
            if faults > 0 { throw ExitCode(1) }
            guard !dryRun else { return }
            let folder = own.appending(path: "packs")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (pack, data) in taken { try data.write(to: folder.appending(path: pack.fileName), options: .atomic) }
            print("Taken in: \(taken.count). Start the service again to use them.")
        }
    }
}
