/// Whether an item is shown to a reader at all, before their own filter. The pure twin of `Transaction.visible`.
public func isVisible(
    state: ItemState, kind: ItemKind, isOwn: Bool, voice: Voice, authorAwayUntil: Instant?, readerMayReadRoom: Bool, now: Instant
) -> Bool {
    if isOwn { return true }
    guard state.isPublic, readerMayReadRoom else { return false }
    switch kind {
    case .message: return false
    case .thread, .question, .reply: break
    }
    switch voice {
    // A break hides a name's words alone: anonymous ones that vanished in the same minute would tell whose they are.
    case .anonymous: return true
    case .name, .staff: return authorAwayUntil.map { $0 <= now } ?? true
    }
}
