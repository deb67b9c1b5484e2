import Statistics
import Testing

@testable import Rules

@Suite struct DuplicateTests {
    private func record(
        _ title: String, _ author: String = "Marley, Ada", _ year: Int? = 2020, doi: String? = nil, pmid: String? = nil
    ) -> FoundRecord { FoundRecord(title: title, authors: author.isEmpty ? [] : [author], year: year, doi: doi, pmid: pmid) }

    private func rules(_ records: [FoundRecord]) -> [DuplicatePair.Rule] { Duplicates(records).pairs.map(\.rule) }

    @Test func eachRuleJoinsAndSaysWhich() {
        let title = "Letters between strangers in coastal villages"
        #expect(rules([record(title, doi: "10.9999/a"), record("Another title entirely", "Bo Tolsten", 1999, doi: "10.9999/a")]) == [.doi])
        #expect(rules([record(title, pmid: "7"), record("LETTERS", "", nil, pmid: "7")]) == [.pmid])
        #expect(rules([record(title, doi: "10.9999/a"), record(title.uppercased() + ".", "MARLEY A", 2021)]) == [.title])
        #expect(rules([record(title), record("Letters between strangres in coastal villages")]) == [.nearTitle])
        #expect(rules([record(title + ": a case study of many"), record(title)]) == [.cutTitle])
        #expect(rules([record(title), record("The " + title, "")]) == [.title])
        #expect(rules([record("Online well-being of many"), record("Online wellbeing of many")]) == [.title])
    }

    @Test func whatOnlyLooksAlikeIsLeftApart() {
        let title = "Letters between strangers in coastal villages"
        for other in [
            title + ": part II", "Erratum to: " + title, title + ": study protocol", "Reply to: " + title, title + ": wave 2", title + " 2",
            "Letters between strangers in mountain villages", "No letters between strangers in coastal villages",
        ] { #expect(rules([record(title), record(other)]) == [], "\(other)") }
        #expect(rules([record(title + ": part I"), record(title + ": part II")]) == [])
        #expect(rules([record(title), record(title, "Tolsten, Bo")]) == [])
        #expect(rules([record(title), record(title, "Marley, Ada", 2022)]) == [])
        #expect(rules([record("Editorial", ""), record("Editorial", "")]) == [])
        #expect(rules([record(title, doi: "10.9999/a"), record(title, doi: "10.9999/b")]) == [])
        #expect(rules([record(title, pmid: "7"), record(title, pmid: "8")]) == [])
        #expect(rules([record(title, doi: "10.9999/a", pmid: "7"), record(title, doi: "10.9999/b", pmid: "7")]) == [])
        #expect(rules([record(title, doi: "10.9999/a"), record("Erratum: " + title, doi: "10.9999/a")]) == [])
    }

    /// Not by way of a third: what could be either's is nobody's.
    @Test func differentDOIsNeverMeetInAGroup() {
        let title = "Letters between strangers in coastal villages"
        #expect(Duplicates([record(title, doi: "10.9999/a"), record(title), record(title, doi: "10.9999/b")]).groups == [])
        let cut = [record(title + ": a case study"), record(title + ": an interview study"), record(title)]
        #expect(Duplicates(cut).groups == [])
        for seed in UInt64(1)...4 {
            let made = LabelledRecords(600, seed: seed)
            for group in Duplicates(made.records).groups { #expect(Set(group.compactMap { made.records[$0].doi }).count <= 1) }
        }
    }

    /// A record without an author is anybody's, where two groups have its title; three of them are one.
    @Test func withoutAnAuthorThereMustBeNoSecondChoice() {
        let title = "Letters between strangers in coastal villages of old"
        #expect(Duplicates([record(title), record(title, "Tolsten, Bo"), record(title, "")]).groups == [])
        #expect(Duplicates([record(title, ""), record(title, ""), record(title), record(title, "")]).groups.map(\.count) == [4])
    }

    @Test func mostOfALabelledSetIsFoundAndNothingElse() {
        let made = LabelledRecords(3_000, seed: 5)
        let found = Duplicates(made.records)
        #expect(made.records.count == 3_000 && made.pairs > 800 && made.traps > 100)
        #expect(Double(made.right(found.groups)) > 0.93 * Double(made.pairs))
        #expect(made.wrong(found.groups).count <= 3)
        #expect(made.right(found.groups) + made.missed(found.groups).count == made.pairs)
        // The judge can find fault: everything in one group has wrong pairs, nothing joined has missed ones.
        #expect(made.wrong([Array(made.records.indices.prefix(50))]).count > 1_000 && made.missed([]).count == made.pairs)
        #expect(LabelledRecords(300, seed: 5).records == LabelledRecords(300, seed: 5).records)
    }

    @Test func oneSlipIsOne() {
        for (a, b) in [("peer", "pear"), ("peer", "pee"), ("peer", "pere"), ("peer", "peers")] { #expect(isOneSlip(a, b), "\(a) \(b)") }
        for (a, b) in [("peer", "peer"), ("peer", "pair"), ("peer", "repe"), ("peer", "peerss"), ("", "ab")] {
            #expect(!isOneSlip(a, b), "\(a) \(b)")
        }
    }
}

@Suite struct DoubleReadingTests {
    private func said(_ words: String, _ reason: String? = nil) -> [ReviewReading] {
        words.split(separator: " ").map { word in
            let verdict: ReviewVerdict = word.last == "+" ? .take : word.last == "-" ? .leave : .unsure
            return ReviewReading(reader: String(word.dropLast()), verdict: verdict, reason: verdict == .leave ? reason : nil)
        }
    }

    @Test func twoReadAndAThirdSettles() {
        let rows: [(String, Screened.State, Bool)] = [
            ("", .undecided, false), ("a+", .undecided, false), ("a+ b+", .take, false), ("a- b-", .leave, false),
            ("a+ b-", .conflict, false),
            ("a+ b?", .conflict, false), ("a? b?", .conflict, false), ("a+ b- c+", .take, true), ("a+ b- c-", .leave, true),
            ("a+ b- b+", .take, false), ("a+ a- b-", .leave, false), ("a- a+", .undecided, false),
        ]
        for (words, state, third) in rows {
            let now = Screened(said(words), stage: .titles)
            #expect(now.state == state && now.isByThird == third, "\(words)")
        }
        // Agreement is told from what was said before talking.
        #expect(Screened(said("a+ b- b+"), stage: .titles).first == [.take, .leave])
        // Two who leave a text out for other reasons differ.
        let two = [ReviewReading(reader: "a", verdict: .leave, reason: "x"), ReviewReading(reader: "b", verdict: .leave, reason: "y")]
        #expect(Screened(two, stage: .fullText).state == .conflict && Screened(two, stage: .titles).state == .leave)
    }

    @Test func whoMaySayWhat() {
        func refusal(_ titles: String, _ reading: ReviewReading, _ stage: ReviewStage, full: String = "", duplicate: Bool = false)
            -> ScreeningRefusal?
        {
            RecordScreening(titles: said(titles), fullText: said(full, "x"), duplicate: duplicate).refusal(
                of: reading, at: stage, reasons: ["x"])
        }
        let (aIn, cIn) = (ReviewReading(reader: "a", verdict: .take), ReviewReading(reader: "c", verdict: .take))
        #expect(refusal("", aIn, .titles) == nil)
        #expect(refusal("", aIn, .titles, duplicate: true) == .duplicate)
        #expect(refusal("a+ b+", cIn, .titles) == .decided && refusal("a+ b- c-", aIn, .titles) == .decided)
        // Who decided may think again, until somebody read the text on the strength of it.
        #expect(refusal("a- b-", aIn, .titles) == nil && Screened(said("a- b- a+"), stage: .titles).state == .conflict)
        #expect(refusal("a+ b- c-", cIn, .titles) == nil && Screened(said("a+ b- c- c+"), stage: .titles).state == .take)
        #expect(refusal("a+ b+", ReviewReading(reader: "a", verdict: .leave), .titles) == nil)
        #expect(refusal("a+ b+", ReviewReading(reader: "a", verdict: .leave), .titles, full: "c+") == .decided)
        #expect(
            refusal("a+ b-", cIn, .titles) == nil
                && refusal("a+ b-", ReviewReading(reader: "c", verdict: .unsure), .titles) == .thirdSettles)
        // Whoever read it changes their own word; as a third they never count.
        #expect(refusal("a+ b-", aIn, .titles) == nil && Screened(said("a+ b- a+ b- a+"), stage: .titles).state == .conflict)
        #expect(refusal("a+ b-", aIn, .fullText) == .notHere && refusal("a- b-", aIn, .fullText) == .notHere)
        let out = ReviewReading(reader: "a", verdict: .leave)
        #expect(refusal("a+ b+", out, .fullText) == .needsReason && refusal("", out, .titles) == nil)
        #expect(refusal("a+ b+", ReviewReading(reader: "a", verdict: .leave, reason: "y"), .fullText) == .unknownReason)
        #expect(refusal("a+ b+", ReviewReading(reader: "a", verdict: .leave, reason: "x"), .fullText) == nil)
    }

    @Test func agreementByKappaAndAC1() throws {
        func pairs(_ counts: [(ReviewVerdict, ReviewVerdict, Int)]) -> [[ReviewVerdict]] {
            counts.flatMap { one in Array(repeating: [one.0, one.1], count: one.2) }
        }
        let found = try #require(
            try ReviewAgreement(pairs([(.take, .take, 20), (.take, .leave, 5), (.leave, .take, 10), (.leave, .leave, 15)])))
        #expect(found.records == 50 && abs(found.share - 0.7) < 1e-12 && abs((found.kappa ?? 0) - 0.4) < 1e-12)
        let same = try #require(try ReviewAgreement(pairs([(.leave, .leave, 9)])))
        #expect(same.kappa == nil && same.ac1 == 1)
        #expect(try ReviewAgreement([[.take]]) == nil)
    }

    /// Whatever was said, each record is counted in one place.
    @Test func flowNumbersAlwaysAddUp() throws {
        var chance = SeededChance(seed: 3)
        for _ in 0..<40 {
            let tallies = (0..<30).map { number in
                let titles = Screened.State.allCases[chance.below(4)]
                return FlowTally(
                    search: number % 3 == 0 ? "one" : "two", isByHand: number % 3 == 0, source: number % 2 == 0 ? "A" : "B",
                    duplicate: chance.happens(0.3) ? "title" : nil, titles: titles,
                    fullText: titles == .take ? Screened.State.allCases[chance.below(4)] : nil, reason: "x", count: 1 + chance.below(9))
            }
            let flow = ReviewFlow(tallies)
            #expect(flow.identified + flow.identifiedByHand == tallies.reduce(0) { $0 + $1.count })
            for one in flow.searches {
                #expect(
                    one.identified == one.removed + one.titlesExcluded + one.titlesOpen + one.excluded + one.fullTextOpen + one.included)
                #expect(one.identified == one.sources.reduce(0) { $0 + $1.count } && one.fullText >= one.included)
            }
        }
    }
}

@Suite struct DecisionsFileTests {
    private func file(_ rows: String...) -> DecisionsFile {
        DecisionsFile(Array(((["record,search,stage,reader,decision,reason"] + rows).joined(separator: "\n") + "\n").utf8), reasons: ["x"])
    }

    @Test func rowsFoldIntoTheFlow() throws {
        let read = file(
            "1,s,found,,database,Scopus", "2,s,found,,database,MEDLINE", "3,s,found,,database,Scopus", "h,hand,found,,by-hand,",
            "2,s,duplicate,,removed,DOI",
            "1,s,titles,a,in,", "1,s,titles,b,out,", "1,s,titles,c,in,", "3,s,titles,a,out,", "3,s,titles,b,out,", "h,hand,titles,a,in,",
            "h,hand,titles,b,in,", "1,s,full-text,a,out,x", "1,s,full-text,b,out,x", "h,hand,full-text,a,in,", "h,hand,full-text,b,in,")
        #expect(read.faults.isEmpty && read.rows == 16 && read.thirds == 1 && read.conflicts == 0)
        let flow = read.flow
        #expect(flow.identified == 3 && flow.identifiedByHand == 1 && flow.included == 1 && flow.includedByHand == 1)
        let one = flow.searches[0]
        #expect(
            one.removed == 1 && one.screened == 2 && one.titlesExcluded == 1 && one.fullText == 1 && one.excluded == 1 && one.included == 0)
        #expect(one.sources.map(\.name) == ["Scopus", "MEDLINE"] && one.fullTextExcluded.map(\.name) == ["x"])
        #expect(try read.agreement(.titles)?.records == 3)
    }

    @Test func aBrokenRowIsSaidWithItsLine() {
        let found = "1,s,found,,database,"
        let rows: [(String, String)] = [
            ("1,s,titles,a", "columns"), ("1,s,titles,a,maybe,", "maybe"), ("2,s,titles,a,in,", "never found"), (found, "found before"),
            ("1,t,titles,a,in,", "found by s"), ("1,s,reading,a,in,", "no stage"), ("1,s,titles,,in,", "no reader"),
            ("1,s,full-text,a,in,", "title"),
            ("1,s,duplicate,,yes,", "removed"), ("\"1,s,titles,a,in,", "quotation"),
        ]
        for (row, why) in rows {
            let faults = file(found, row).faults
            #expect(faults.count == 1 && faults.first?.line == 3 && faults.first?.why.contains(why) == true, "\(row): \(faults)")
        }
        #expect(
            file(found, "1,s,titles,a,in,", "1,s,titles,b,in,", "1,s,full-text,a,out,", "1,s,full-text,a,out,y").faults.map(\.line) == [
                5, 6,
            ])
        #expect(DecisionsFile(Array("a,b\n".utf8)).faults.map(\.line) == [1] && DecisionsFile([]).faults.count == 1)
    }
}
