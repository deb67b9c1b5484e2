import ArgumentParser
import Foundation
import Statistics

extension StatisticsCommand {
    struct Bench: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Seconds for scoring a million forms and for one acceptability curve, on one core.",
            discussion: """
                Forms of one measure, one in ten with a gap: total, bands, lines and risks of each. The curve: whole people of two arms \
                drawn again and again, then the share worth its cost at each willingness. Everything runs on one core, the whole command \
                too; of three turns the middle one is told. One JSON object.
                """)
        @Option(help: "Which measure is scored.") var measure = "phq9"
        @Option(help: "Where the measures lie; beside the rest of the content without it.") var measures: String?
        @Option(help: "How many forms.") var forms = 1_000_000
        @Option(help: "How many people, half of them in either arm.") var people = 2000
        @Option(help: "How often they are drawn again.") var resamples = 5000
        @Option(help: "Seed.") var seed: UInt64 = 7

        /// What came out stands beside the seconds, so that none of the work can be left out.
        private struct Figures: Encodable {
            let measure: String, forms: Int, items: Int, scoringSeconds: Double, meanTotal: Double, told: Int
            let people: Int, resamples: Int, points: Int, curveSeconds: Double, curve: [Double]
        }

        func validate() throws {
            guard forms > 0, people >= 4, people % 2 == 0, resamples > 0 else {
                throw ValidationError("One form, four people (an even number) and one resample, or more.")
            }
        }

        func run() throws {
            let folder = try measures.map { URL(filePath: $0) } ?? Config().content.appending(path: "measures")
            guard let instrument = try instruments(in: folder).first(where: { $0.id == measure }) else {
                throw ValidationError("No measure \(measure) in \(folder.lastPathComponent).")
            }
            var chance = SeededChance(seed: seed)
            let filled = (0..<1000).map { _ in form(of: instrument, &chance) }
            var (total, told) = (0.0, 0)
            let scoring = try middle { (total, told) = try scored(filled, by: instrument) }
            let arms = (0..<2).map { arm in (0..<people / 2).map { _ in person(arm, &chance) } }
            let trial = try CostEffectiveness(control: arms[0], treated: arms[1])
            let worth = stride(from: 0.0, through: 40_000, by: 1000)
            var curve: [Double] = []
            let drawing = middle {
                var chance = SeededChance(seed: seed)
                let drawn = trial.resampled(resamples, chance: &chance)
                curve = worth.map { drawn.acceptability(at: $0) }
            }
            let figures = Figures(
                measure: measure, forms: forms, items: instrument.items.count, scoringSeconds: scoring, meanTotal: total / Double(forms),
                told: told,
                people: people, resamples: resamples, points: curve.count, curveSeconds: drawing, curve: curve)
            print(String(decoding: try JSONEncoder().encode(figures), as: UTF8.self))
        }

        private func form(of instrument: Instrument, _ chance: inout SeededChance) -> [Int?] {
            var answers: [Int?] = instrument.items.map { _ in
                instrument.lowest + chance.below(instrument.highest - instrument.lowest + 1)
            }
            if chance.happens(0.1) { answers[chance.below(answers.count)] = nil }
            return answers
        }

        private func person(_ arm: Int, _ chance: inout SeededChance) -> CostEffectiveness.Person {
            .init(cost: 200 + 600 * chance.share() + 50 * Double(arm), effect: 0.4 + 0.4 * chance.share() + 0.01 * Double(arm))
        }

        private func scored(_ filled: [[Int?]], by instrument: Instrument) throws -> (total: Double, told: Int) {
            var (sum, told) = (0.0, 0)
            for number in 0..<forms {
                let answers = filled[number % filled.count]
                let score = try Score(answers, by: instrument)
                sum += score.total ?? 0
                for banding in instrument.bands where instrument.band(banding, score) != nil { told += 1 }
                for cutoff in instrument.cutoffs where instrument.reaches(cutoff, score) == true { told += 1 }
                for risk in instrument.risks where instrument.risk(risk, in: answers) == true { told += 1 }
            }
            return (sum, told)
        }

        private func middle(_ act: () throws -> Void) rethrows -> Double {
            try (0..<3).map { _ in
                let began = ContinuousClock.now
                try act()
                return (ContinuousClock.now - began) / .seconds(1)
            }.sorted()[1]
        }
    }
}
