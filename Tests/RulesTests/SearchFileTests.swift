import Testing

@testable import Rules

/// Files of search results: all records here are made up.
@Suite struct SearchFileTests {
    private func read(_ text: String, _ name: String = "made-up") -> SearchFile { SearchFile(Array(text.utf8), named: name) }

    @Test func risKeepsEveryRecordAndItsLine() {
        let file = read(
            """
            TY  - JOUR
            TI  - Letters between
              strangers
            AU  - Marley, Ada
            AU  - Tolsten, Bo
            PY  - 2019/03/01
            T2  - Peer Papers
            DO  - https://doi.org/10.9999/Made.1.
            AB  - A made-up abstract.
            ER  -

            TY  - JOUR
            T1  - Without an end
            A1  - Halberg, C.
            TY  - CHAP
            AU  - Nobody, N
            ER  -
            stray words
            """)
        #expect(file.format == .ris)
        #expect(file.records.map(\.title) == ["Letters between strangers", "Without an end"])
        let first = file.records[0]
        #expect(first.authors == ["Marley, Ada", "Tolsten, Bo"] && first.year == 2019 && first.journal == "Peer Papers")
        #expect(first.doi == "10.9999/made.1" && first.abstract == "A made-up abstract." && first.line == 1)
        #expect(file.records[1].line == 12 && file.records[1].authors == ["Halberg, C."])
        #expect(file.faults == [LineFault(line: 15, why: .noTitle), LineFault(line: 18, why: .outside)])
    }

    @Test func nbibGoesOnAfterSixSpaces() {
        let file = read(
            """

            PMID- 90000001
            TI  - A forum
                  for nobody
            FAU - Venley, Cleo
            AU  - Venley C
            DP  - 2021 Mar 4
            JT  - Imagined medicine
            LID - 10.9999/made.2 [doi]
            LID - S0000(00)1 [pii]

            PMID- 90000002
            TI  - Another
            """)
        #expect(file.format == .nbib && file.faults.isEmpty)
        #expect(file.records.map(\.title) == ["A forum for nobody", "Another"])
        #expect(file.records[0].pmid == "90000001" && file.records[0].doi == "10.9999/made.2" && file.records[0].year == 2021)
        #expect(file.records.map(\.line) == [2, 12])
    }

    @Test func bibtexReadsBracesAccentsAndTellsWhatIsNotClosed() {
        let file = read(
            #"""
            @comment{nothing}
            @article{one, title = {Caf{\'e} {Talks} \& Tea}, author = {Mar\"ol, Ada and Tolsten, Bo}, year = 2018,
              journal = "Peer " # "Papers", doi = {10.9999/MADE.3}}
            @article{two, title = {Never closed, year = 2019}
            @book{three, title = "After it", year = {2020}, }
            """#)
        #expect(file.format == .bibtex)
        #expect(file.records.map(\.title) == ["Café Talks & Tea", "After it"])
        #expect(file.records[0].authors == ["Maröl, Ada", "Tolsten, Bo"] && file.records[0].journal == "Peer Papers")
        #expect(file.records.map(\.line) == [2, 5] && file.records[1].year == 2020)
        #expect(file.faults == [LineFault(line: 4, why: .openBrace)])
    }

    @Test func csvReadsQuotesLineEndsAndOtherMarks() {
        let file = read(
            "\u{FEFF}Article Title,Authors,Publication Year,DOI\r\n\"Two\nlines, \"\"quoted\"\"\",\"Marley A; Tolsten B\",2020,10.9999/a\r\n\r\nPlain,Halberg C,x,\r\n"
        )
        #expect(file.records.map(\.title) == ["Two lines, \"quoted\"", "Plain"] && file.faults.isEmpty && file.oddLines == 0)
        #expect(file.records[0].authors == ["Marley A", "Tolsten B"] && file.records.map(\.line) == [2, 5])
        #expect(file.records[1].year == nil && file.records[1].doi == nil)
        #expect(read("title;year\nOne, two;2001\n").records.map(\.title) == ["One, two"])
        #expect(read("title\tyear\nOne\t2001").records.map(\.year) == [2001])
    }

    /// Broken rows are told with their line and take nothing else with them.
    @Test func aBrokenRowTakesNoOtherWithIt() {
        let rows = [
            "title,year,doi", "One,2001,10.9999/1", "\"Open,2002,10.9999/2", "\"Three\",2003,10.9999/3", "Four,2004",
            "\"Fi\"ve,2005,10.9999/5",
            "Six,2006,10.9999/6", ",2007,", "\"Open at the end,2008,10.9999/8", "Nine,2009,10.9999/9",
        ]
        let file = read(rows.joined(separator: "\n"))
        #expect(file.records.map(\.title) == ["One", "Three", "Six", "Nine"])
        #expect(
            file.faults == [
                LineFault(line: 3, why: .strayQuote), LineFault(line: 5, why: .columns, got: 2, wanted: 3),
                LineFault(line: 6, why: .strayQuote),
                LineFault(line: 8, why: .noTitle), LineFault(line: 9, why: .openQuote),
            ])
        #expect(file.records.count + file.faults.count == rows.count - 1)
    }

    @Test func whatCanNotBeReadAtAllIsSaid() {
        #expect(read("").faults == [LineFault(line: 1, why: .empty)])
        #expect(read("name,when\na,b\n").faults == [LineFault(line: 1, why: .noTitleColumn)])
        #expect(read("\n\nname,when\na,b\n").faults.map(\.line) == [3])
        for why in LineFault.Why.allCases { #expect(LineFault(line: 7, why: why).description.hasPrefix("line 7: ")) }
    }

    /// Lines that are no UTF-8 are read as Windows-1252 and counted; their neighbours stay as they are.
    @Test func badBytesChangeNoOtherLine() {
        var bytes = Array("title,year\nCafé,2001\n".utf8)
        bytes += Array("Caf".utf8) + [0xE9, 0x20, 0x93, 0x81, 0x94] + Array(",2002\nNu".utf8) + [0] + Array("l,2003\nPlain,2004\n".utf8)
        let file = SearchFile(bytes, named: "made-up")
        #expect(file.records.map(\.title) == ["Café", "Café “\u{FFFD}”", "Nu l", "Plain"])
        #expect(file.oddLines == 2 && file.firstOdd == 3 && file.faults.isEmpty)
        // A table saved as UTF-16.
        let wide: [UInt8] = [0xFF, 0xFE] + "title\nCafé\n".utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(SearchFile(wide, named: "wide").records.map(\.title) == ["Café"])
    }

    /// Open quotation marks everywhere: nothing is read over and over.
    @Test func manyBrokenRowsTakeNoLongerThanMany() {
        let rows = "title,year\n" + String(repeating: "\"never closed \"\" here,2001\nfine,2002\n", count: 4_000)
        let file = read(rows)
        #expect(file.records.count + file.faults.count == 8_000 && file.records.count >= 4_000)
    }

    @Test func namesNumbersAndDOIsInTheirWays() {
        for name in ["Marley, Ada", "Marley AB", "Marley A.B.", "Ada Marley", "MARLEY A", "Märley, A"] {
            #expect(familyName(name) == "marley", "\(name)")
        }
        #expect(familyName("van der Holt P") == familyName("Pia van der Holt") && familyName("van der Holt, Pia") == "vanderholt")
        #expect(plainDOI("doi:10.9999/A(1)b") == "10.9999/a(1)b" && plainDOI("(10.9999/a)") == "10.9999/a" && plainDOI("10.9999") == nil)
        #expect(plainPMID("PMID: 0123") == "123" && plainPMID("none") == nil && plainYear("c2019, 12345") == 2019)
        #expect(plainWords("The <i>well</i>-being &amp; “Hope” — É") == ["the", "well", "being", "and", "hope", "e"])
        #expect(parted("Marley A, Tolsten B") == ["Marley A", "Tolsten B"] && parted("Marley, Ada") == ["Marley, Ada"])
    }
}
