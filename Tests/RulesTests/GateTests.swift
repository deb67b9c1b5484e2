import Rules
import Screening
import Testing

private func assessment(
    _ concerns: [(ConcernKind, Level)] = [], _ completeness: Completeness = .whole, _ language: Language = .known("en")
) -> Assessment {
    Assessment(
        concerns: concerns.map { Concern(kind: $0.0, level: $0.1, spans: [], why: "", source: "test") }, topics: [],
        language: language, completeness: completeness, version: "test")
}

private func byModel(_ kind: ConcernKind) -> Assessment {
    Assessment(
        concerns: [Concern(kind: kind, level: .medium, spans: [], why: "", source: "model.one")], topics: [], language: .known("en"),
        completeness: .whole, version: "test")
}

private func form(
    _ moderation: Moderation, _ bands: Set<AgeBand> = [.eighteen], night: NightRule = .wait
) -> RoomForm {
    RoomForm(
        version: 1, interaction: .notLive, moderation: moderation, moderators: ["professional"], focus: [], bands: bands,
        size: 100, anonymity: false, hours: nil, promiseMinutes: 240, night: night)
}

private func place(
    _ form: RoomForm, reply: Bool = false, own: Bool = false, open: Bool = true, staffed: Bool = true
) -> Place {
    Place(form: form, isReply: reply, isOwnThread: own, isOpenNow: open, someoneOnDuty: staffed, languages: ["en"])
}

private func crowded(_ form: RoomForm) -> Place {
    Place(form: form, isReply: false, isOwnThread: false, isOpenNow: true, someoneOnDuty: true, languages: ["en"], crowd: .situation)
}

private let noon = Instant(milliseconds: 1_800_000_000_000)
private let settled = Author(band: .eighteen, isStaff: false, standing: 5, pausedUntil: nil, suspended: false)
private let new = Author(band: .eighteen, isStaff: false, standing: 0, pausedUntil: nil, suspended: false)
private let paused = Author(band: .eighteen, isStaff: false, standing: 5, pausedUntil: noon + .hours(1), suspended: false)
private let volunteer = Author(band: nil, isStaff: true, standing: 0, pausedUntil: nil, suspended: false)
private let young = Author(band: .thirteen, isStaff: false, standing: 5, pausedUntil: nil, suspended: false)

@Suite struct GateTests {
    struct Row: Sendable {
        let what: String, assessment: Assessment, author: Author, place: Place, expected: GateDecision
    }

    static let rows: [Row] = [
        Row(what: "harmless, by risk", assessment: assessment(), author: settled, place: place(form(.byRisk)), expected: .show),
        Row(
            what: "harmless, new here", assessment: assessment(), author: new, place: place(form(.byRisk)), expected: .wait(.newHere, .none)
        ),
        Row(
            what: "under 18 is read before showing", assessment: assessment(), author: young, place: place(form(.before, [.thirteen])),
            expected: .wait(.readFirst, .none)),
        Row(
            what: "urgent is held", assessment: assessment([(.riskToSelf, .urgent)]), author: settled, place: place(form(.byRisk)),
            expected: .hold(.risk, .urgent)),
        Row(
            what: "urgent is held with no moderators too", assessment: assessment([(.riskToSelf, .urgent)]), author: settled,
            place: place(form(.none)), expected: .hold(.risk, .urgent)),
        Row(
            what: "a hard topic below urgent is never held for that alone", assessment: assessment([(.riskToSelf, .high)]), author: settled,
            place: place(form(.byRisk)), expected: .showAndQueue(.high)),
        Row(
            what: "recovery is shown", assessment: assessment([(.riskToSelf, .low)]), author: settled, place: place(form(.byRisk)),
            expected: .show),
        Row(
            what: "method is held", assessment: assessment([(.method, .high)]), author: settled, place: place(form(.onReport)),
            expected: .hold(.method, .high)),
        Row(
            what: "a pact is held", assessment: assessment([(.encouragement, .high)]), author: settled, place: place(form(.byRisk)),
            expected: .hold(.pact, .high)),
        Row(
            what: "comparison is held", assessment: assessment([(.comparison, .medium)]), author: settled, place: place(form(.byRisk)),
            expected: .hold(.comparing, .medium)),
        Row(
            what: "what a model takes for comparing is looked at and not held", assessment: byModel(.comparison), author: settled,
            place: place(form(.byRisk)), expected: .showAndQueue(.medium)),
        Row(
            what: "what a model takes for eating is looked at and not held", assessment: byModel(.eatingDetail), author: settled,
            place: place(form(.byRisk)), expected: .showAndQueue(.medium)),
        Row(
            what: "whoever a model takes for approaching somebody waits", assessment: byModel(.grooming), author: settled,
            place: place(form(.byRisk)), expected: .wait(.concern, .medium)),
        Row(
            what: "what a model takes for pushing somebody is looked at", assessment: byModel(.encouragement), author: settled,
            place: place(form(.byRisk)), expected: .showAndQueue(.medium)),
        Row(
            what: "a model stops none of the staff", assessment: byModel(.grooming), author: volunteer, place: place(form(.byRisk)),
            expected: .show),
        Row(
            what: "a model keeps danger from the crowd until somebody has read", assessment: byModel(.riskToSelf), author: settled,
            place: crowded(form(.byRisk)), expected: .wait(.concern, .medium)),
        Row(
            what: "pictures are held", assessment: assessment([(.image, .medium)]), author: settled, place: place(form(.byRisk)),
            expected: .hold(.pictures, .medium)),
        Row(
            what: "a school is held", assessment: assessment([(.ownDetail, .medium)]), author: settled, place: place(form(.byRisk)),
            expected: .hold(.finding, .medium)),
        Row(
            what: "stigmatising words are only a hint", assessment: assessment([(.stigma, .low)]), author: settled,
            place: place(form(.byRisk)), expected: .show),
        Row(
            what: "distress is no offence", assessment: assessment([(.distress, .high)]), author: settled, place: place(form(.byRisk)),
            expected: .showAndQueue(.medium)),
        Row(
            what: "the screen failed", assessment: assessment([], .failed), author: settled, place: place(form(.onReport)),
            expected: .wait(.couldNotScreen, .medium)),
        Row(
            what: "another language", assessment: assessment([], .unknownLanguage, .other), author: settled, place: place(form(.byRisk)),
            expected: .wait(.language, .medium)),
        Row(
            what: "a language nobody here reads", assessment: assessment([], .whole, .known("es")), author: settled,
            place: place(form(.byRisk)), expected: .wait(.language, .medium)),
        Row(
            what: "too short to tell is screened as the room's", assessment: assessment([], .whole, .tooShortToTell), author: settled,
            place: place(form(.byRisk)), expected: .show),
        Row(what: "paused", assessment: assessment(), author: paused, place: place(form(.byRisk)), expected: .refuse(.paused)),
        Row(
            what: "paused and at risk: kept and read", assessment: assessment([(.riskToSelf, .high)]), author: paused,
            place: place(form(.byRisk)), expected: .hold(.risk, .high)),
        Row(what: "wrong age", assessment: assessment(), author: young, place: place(form(.byRisk)), expected: .refuse(.wrongAge)),
        Row(
            what: "unknown age enters nowhere", assessment: assessment(),
            author: Author(band: nil, isStaff: false, standing: 5, pausedUntil: nil, suspended: false), place: place(form(.byRisk)),
            expected: .refuse(.wrongAge)),
        Row(
            what: "only trained people answer 11 and 12", assessment: assessment(),
            author: Author(band: .eleven, isStaff: false, standing: 5, pausedUntil: nil, suspended: false),
            place: place(form(.before, [.eleven]), reply: true), expected: .refuse(.onlyTrainedReply)),
        Row(
            what: "whoever asked may answer back", assessment: assessment(),
            author: Author(band: .eleven, isStaff: false, standing: 5, pausedUntil: nil, suspended: false),
            place: place(form(.before, [.eleven]), reply: true, own: true), expected: .wait(.readFirst, .none)),
        Row(
            what: "the refusal does not tell the asker's age", assessment: assessment(), author: young,
            place: place(form(.before, [.eleven, .thirteen]), reply: true), expected: .refuse(.onlyTrainedReply)),
        Row(what: "staff are shown", assessment: assessment(), author: volunteer, place: place(form(.before)), expected: .show),
        Row(
            what: "staff name places and pass on links", assessment: assessment([(.smallPlace, .medium), (.link, .medium)]),
            author: volunteer, place: place(form(.before)), expected: .show),
        Row(
            what: "staff in danger are held like anybody", assessment: assessment([(.riskToSelf, .urgent)]), author: volunteer,
            place: place(form(.byRisk)), expected: .hold(.risk, .urgent)),
        Row(
            what: "staff write no method", assessment: assessment([(.method, .high)]), author: volunteer, place: place(form(.byRisk)),
            expected: .hold(.method, .high)),
        Row(
            what: "staff whom the screen could not read wait", assessment: assessment([], .failed), author: volunteer,
            place: place(form(.byRisk)), expected: .wait(.couldNotScreen, .medium)),
        Row(
            what: "paused and telling of abuse: kept and read", assessment: assessment([(.abuse, .high)]), author: paused,
            place: place(form(.byRisk)), expected: .hold(.risk, .high)),
        Row(
            what: "worried about somebody in the night: kept and read", assessment: assessment([(.riskToOther, .urgent)]), author: settled,
            place: place(form(.byRisk, night: .close), staffed: false), expected: .hold(.risk, .urgent)),
        Row(
            what: "closed for the night", assessment: assessment(), author: settled,
            place: place(form(.byRisk, night: .close), staffed: false), expected: .refuse(.roomClosed)),
        Row(
            what: "urgent in the night is held all the same", assessment: assessment([(.riskToSelf, .urgent)]), author: settled,
            place: place(form(.byRisk, night: .close), staffed: false), expected: .hold(.risk, .urgent)),
        Row(
            what: "suspended: a person first", assessment: assessment(),
            author: Author(band: .eighteen, isStaff: false, standing: 5, pausedUntil: nil, suspended: true), place: place(form(.after)),
            expected: .wait(.suspended, .low)),
        Row(
            what: "after showing: queued", assessment: assessment(), author: settled, place: place(form(.after)),
            expected: .showAndQueue(.low)),
        Row(
            what: "after showing: a plain reply is not opened", assessment: assessment(), author: settled,
            place: place(form(.after), reply: true), expected: .show),
    ]

    @Test(arguments: rows) func isDecided(_ row: Row) {
        #expect(gate(row.assessment, by: row.author, in: row.place, now: noon) == row.expected, "\(row.what)")
    }

    /// Nothing that is held or waits is without a case, whatever the room, the author and the words.
    /// What a model alone takes for danger makes no pattern of somebody's fortnight, however often it speaks.
    @Test func aModelAloneIsNoWorry() {
        #expect(worry(of: byModel(.riskToSelf)) == .none && worry(of: byModel(.distress)) == .none)
        #expect(worry(of: assessment([(.riskToSelf, .medium)])) == .medium)
    }

    @Test func nothingHeldIsSilent() {
        for kind in ConcernKind.allCases {
            for level in Level.allCases {
                for moderation in Moderation.allCases {
                    for author in [settled, new, paused] {
                        let decision = gate(assessment([(kind, level)]), by: author, in: place(form(moderation)), now: noon)
                        if let state = decision.state, state != .shown { #expect(decision.caseLevel != nil) }
                        if kind == .riskToSelf, level == .urgent { #expect(decision == .hold(.risk, .urgent)) }
                    }
                }
            }
        }
    }

    @Test func aLoosenedDefaultEndsWithItsReview() {
        #expect(inForce(form(.byRisk, [.thirteen]), loosened: [.readBefore]).moderation == .byRisk)
        #expect(inForce(form(.byRisk, [.thirteen]), loosened: []).moderation == .before)
        #expect(inForce(form(.byRisk, [.eighteen]), loosened: []).moderation == .byRisk)
        #expect(inForce(form(.none, [.sixteen]), loosened: [.invite]).moderation == .before)
    }
}
