/// Whether an item is shown to a reader at all, before their own filter. The pure twin of `Transaction.visible`.
public func isVisible(
    state: ItemState, kind: ItemKind, isOwn: Bool, authorAwayUntil: Instant?, readerMayReadRoom: Bool, now: Instant
) -> Bool {
    if isOwn { return true }
    guard state.isPublic, readerMayReadRoom else { return false }
    switch kind {
    case .message: return false
    case .thread, .question, .reply: return authorAwayUntil.map { $0 <= now } ?? true
    }
}
