import Rules

/// Four easy words that let people into a room: said in a class, written on a card, typed on an old phone.
enum InviteCode {
    static func make(_ list: [String], chance: Chance) -> String {
        (0..<4).map { _ in list[chance.below(list.count)] }.joined(separator: " ")
    }

    /// As it was typed: capitals, hyphens and double spaces do not matter.
    static func read(_ typed: String) -> String {
        typed.lowercased().split(whereSeparator: { !$0.isLetter }).joined(separator: " ")
    }
}
