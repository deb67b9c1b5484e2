import Rules

// The words of Rules that are kept as text.
extension AgeBand: Bindable {}
extension Gender: Bindable {}
extension Stage: Bindable {}
extension Intent: Bindable {}
extension ParentsRule: Bindable {}
extension Format: Bindable {}
extension Interaction: Bindable {}
extension Moderation: Bindable {}
extension NightRule: Bindable {}
extension Readable: Bindable {}
extension ItemKind: Bindable {}
extension Voice: Bindable {}
extension ItemState: Bindable {}
extension Wants: Bindable {}
extension SupportWord: Bindable {}
extension OfferState: Bindable {}
extension PieceForm: Bindable {}
extension TimeSince: Bindable {}
extension WhereNow: Bindable {}
extension ReferenceKind: Bindable {}
extension FeltAfter: Bindable {}
extension HopeAfter: Bindable {}
extension UrgeAfter: Bindable {}
extension AskingAfter.Lot: Bindable {}
extension Leaving: Bindable {}
extension EvidenceMark: Bindable {}
extension LetterSide: Bindable {}
extension SeriesState: Bindable {}
extension ResponseKind: Bindable {}
extension ThinkingPattern: Bindable {}
extension Judgement: Bindable {}
extension Delivery: Bindable {}
extension CaseState: Bindable {}
extension CaseKind: Bindable {}
extension CaseEventKind: Bindable {}
extension Act: Bindable {}
extension SanctionStep: Bindable {}
extension OpeningRecord: Bindable {}
extension ReviewStage: Bindable {}
extension ReviewVerdict: Bindable {}
extension Screened.State: Bindable {}
extension DuplicatePair.Rule: Bindable {}

/// `|exams|sleep|`: a set of words in one column, each findable between its bars.
func barred(_ words: [String]) -> String { words.isEmpty ? "" : "|" + words.joined(separator: "|") + "|" }
func unbarred(_ text: String) -> [Substring] { text.split(separator: "|") }
