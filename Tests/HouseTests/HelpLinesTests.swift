import Foundation
import Rules
import Testing

@testable import App

/// Which help lines stand first: functions on values.
@Suite struct HelpLinesTests {
    private func lines(_ country: String) throws -> [Content.Line] {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        return try #require(content.lines.countries[country]).lines
    }

    @Test func openNowAndFittingStandFirst() throws {
        let japan = try lines("JP")
        func order(_ minute: Int?) -> [String] {
            HelpLines.inOrder(japan, band: .sixteen, minute: minute, notFirst: []).map(\.id)
        }
        #expect(order(17 * 60) == ["jp-inochi-sos", "jp-yorisoi", "jp-inochi-no-denwa", "jp-childline"])
        #expect(order(9 * 60) == ["jp-inochi-sos", "jp-yorisoi", "jp-childline", "jp-inochi-no-denwa"])
        let adults = HelpLines.inOrder(try lines("GB"), band: .eighteen, minute: 0, notFirst: []).map(\.id)
        #expect(adults.last == "gb-childline")
    }

    @Test func unconfirmedHoursAreNeverOpen() throws {
        let content = try Content(folder: HouseTests.root.appending(path: "Content"), overlay: nil)
        for line in content.lines.countries.values.flatMap(\.lines) where line.hours == "unconfirmed" || line.hours == "18h" {
            for minute in [nil, 0, 12 * 60] { #expect(HelpLines.opening(of: line, minute: minute) == .unknown, "\(line.id)") }
        }
    }

    @Test func deniedNumbersAreNeverOneOfTheFirstTwo() throws {
        let britain = try lines("GB")
        let denied: Set<String> = [britain[0].dial, britain[1].dial]
        let sorted = HelpLines.inOrder(britain, band: nil, minute: nil, notFirst: denied)
        #expect(sorted.prefix(2).allSatisfy { !denied.contains($0.dial) } && sorted.count == britain.count)
        #expect(HelpLines.inOrder(Array(britain.prefix(3)), band: nil, minute: nil, notFirst: denied).count == 1)
    }
}
