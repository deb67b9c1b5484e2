import App
import ArgumentParser
import Foundation
import Screening

struct ScreenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "screen", abstract: "The rules and models that words are screened by.",
        subcommands: [
            Lint.self, Train.self, Evaluate.self, Shadow.self, Trial.self, Calibrate.self, Examples.self, Bench.self, Fuzz.self,
        ])

    struct Lint: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Read every rule; name the file and rule of a bad one.")

        func run() throws { print(try Assembly.lint(try Config().content)) }
    }

    struct Train: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the models anew from a folder of sets.",
            discussion:
                "Reads recipes.json of the models' folder, <set>.train.jsonl of FOLDER, and what was invented, beside the recipes. The same sets give the same bytes."
        )
        @Argument(help: "The folder with the sets.") var folder: String
        @Option(help: "Only this model.") var only: String?
        @Option(help: "Sets that are left out, to measure on what was never seen.") var without: [String] = []
        @Option(help: "Where the recipes lie.") var models = "Content/models/en"
        @Option(help: "Where the models are written; beside the recipes without it.") var to: String?
        @Option(help: "Where the rules lie.") var rules = "Content/rules"

        func run() throws {
            let place = URL(filePath: to ?? models)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            let recipes = try JSONDecoder().decode(
                [Recipe].self, from: Data(contentsOf: URL(filePath: models).appending(path: "recipes.json")))
            let trainer = Trainer(
                rules: try RuleSet(folder: URL(filePath: rules)), folder: URL(filePath: folder), own: URL(filePath: models))
            for var recipe in recipes where only == nil || recipe.id == only {
                recipe.sets.removeAll { without.contains($0.set) }
                if let set = recipe.calibrateOn, without.contains(set) { recipe.calibrateOn = nil }
                let model = try trainer.model(recipe) { print($0) }
                try model.write(to: place)
                print("\(recipe.id): version \(model.card.version)")
            }
        }
    }

    struct Evaluate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How well are the sentences of these files found and left alone?",
            discussion: "JSON lines with id, text, label; task and sub part a file. No text of theirs is printed.")
        @Argument(help: "Files of sets.") var files: [String]
        @Flag(help: "One JSON object a set.") var json = false
        @Flag(help: "Ids of what was answered wrongly.") var wrong = false
        @Option(help: "Where the models lie; none with \"none\".") var models = "Content/models/en"
        @Option(help: "Where the rules lie.") var rules = "Content/rules"

        func run() throws {
            let screen = Screen(
                rules: try RuleSet(folder: URL(filePath: rules)),
                models: models == "none" ? .none : try ModelSet(folder: URL(filePath: models)))
            var figures: [SetFigures] = []
            for file in files {
                let url = URL(filePath: file)
                let name = url.deletingPathExtension().lastPathComponent.split(separator: ".").first.map(String.init) ?? file
                figures += Evaluation(screen: screen).figures(of: name, try Example.read(url))
            }
            if json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys]
                for one in figures { print(String(decoding: try encoder.encode(one), as: UTF8.self)) }
            } else {
                print(SetFigures.table(figures))
            }
            if wrong { for one in figures where !one.wrong.isEmpty { print("\n\(one.set): \(one.wrong.joined(separator: " "))") } }
        }
    }

    struct Shadow: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What would the screen have said of a past queue? Stores nothing.",
            discussion: "A CSV or JSON lines with text, decision (held, removed, escalated, approved ...) and perhaps band.")
        @Argument(help: "The past queue.") var file: String
        @Option(help: "The decisions that mean that people acted, with commas; all others then mean that they let it be.") var acted:
            String?
        @Option(help: "Where the models lie; none with \"none\".") var models = "Content/models/en"
        @Option(help: "Where the rules lie.") var rules = "Content/rules"

        func run() throws {
            let screen = Screening.Screen(
                rules: try RuleSet(folder: URL(filePath: rules)),
                models: models == "none" ? .none : try ModelSet(folder: URL(filePath: models)))
            var words = ShadowWeek.Words()
            if let acted {
                words.acted = Set(acted.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces).lowercased() })
                words.letBe = nil
            }
            print(ShadowWeek.report(try ShadowWeek.read(URL(filePath: file), words), screen))
        }
    }
}
