import App
import ArgumentParser
import Foundation
import Rules
import Statistics

/// A made-up trial of two forms crossed, through the rules that real studies go through: does the analysis find what is there, and
/// nothing where nothing is?
struct SimulateStudy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study", abstract: "Simulate a two-by-two trial with known truth, once or over many seeds.",
        discussion: """
            Enrolment, sealed lists, answers and scores, drop-out by how people began, and the planned analysis. With --seeds it prints how \
            often 95 % intervals hold the truth and how often something is found; ends with 1 when the first leaves 93 to 97 %, or when \
            something is found where nothing is in more than 7 or fewer than 3 %.
            """)

    @Option(help: "True effect of the first factor, in deviations.") var effect = 0.3
    @Option(help: "True effect of the second factor.") var second = 0.0
    @Option(help: "True interaction.") var interaction = 0.0
    @Option(help: "People enrolled.") var people = 240
    @Option(help: "Share who leave, in the mean.") var leaves = 0.25
    @Option(help: "First seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds.") var seeds = 1
    @Flag(help: "As JSON.") var json = false

    func run() throws {
        guard [effect, second, interaction].allSatisfy({ $0.isFinite && abs($0) <= 5 }) else {
            throw ValidationError("effects from -5 to 5 deviations")
        }
        guard (20...100_000).contains(people), (0..<0.9).contains(leaves), (1...1_000_000).contains(seeds) else {
            throw ValidationError("people 20 to 100000, leaves from 0 below 0.9, seeds 1 to 1000000")
        }
        let all = try instruments(in: try Config().content.appending(path: "measures"))
        guard let measure = all.first(where: { $0.id == SimulatedTrial.plan.primary }) else {
            throw ValidationError("The pulse is not there.")
        }
        var trial = SimulatedTrial()
        (trial.effects, trial.people, trial.leaves, trial.seed) = ([effect, second, interaction], people, leaves, seed)
        if seeds == 1 { try once(trial, measure) } else { try often(trial, measure) }
    }

    private func once(_ trial: SimulatedTrial, _ measure: Instrument) throws {
        let made = try trial.run(measure)
        let flow = TrialFlow(made, arms: SimulatedTrial.plan.arms.map(\.id))
        print(
            "Enrolled \(flow.enrolled).",
            flow.arms.map { "\($0.id): \($0.allocated) allocated, \($0.seenAtEnd) seen at the end" }.joined(separator: "; "))
        for outcome in try SimulatedTrial.plan.analysis(made) {
            switch outcome {
            case .effect(let one):
                print(
                    "Effect of \(one.of): \(text(one.points)) points (95 % \(text(one.interval.lower)) to \(text(one.interval.upper))), "
                        + "\(text(one.standardised)) deviations, p \(text(one.p, 3)), \(one.people) people")
            case .change(let one): print("Change: \(text(one.mean)) (95 % \(text(one.interval.lower)) to \(text(one.interval.upper)))")
            }
        }
    }

    private func often(_ trial: SimulatedTrial, _ measure: Instrument) throws {
        let checks = try trial.check(seeds: seeds, measure)
        if json {
            let rows = checks.map { "{\"of\": \"\($0.of)\", \"truth\": \($0.truth), \"covered\": \($0.covered), \"found\": \($0.found)}" }
            print("{\"seeds\": \(seeds), \"effects\": [\(rows.joined(separator: ", "))]}")
        } else {
            print("\(seeds) seeds from \(seed), \(people) people each")
            for one in checks {
                print(
                    "\(one.of): truth \(text(one.truth)) points, in the interval \(text(one.covered * 100)) %, found \(text(one.found * 100)) %"
                )
            }
        }
        let holds = checks.allSatisfy { (0.93...0.97).contains($0.covered) && ($0.truth != 0 || (0.03...0.07).contains($0.found)) }
        if !holds { throw ExitCode(1) }
    }

    private func text(_ value: Double, _ digits: Int = 2) -> String { String(format: "%.\(digits)f", value) }
}
