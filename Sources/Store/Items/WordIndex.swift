import Rules

// Full-text search: the one place where the engines truly differ in a query. Words stand in it only while shown.

extension Transaction {
    /// By the item's id: its place in the index is read where it is written, so nobody waits for it in between.
    func indexWords(of item: ID<Item>, title: String, body: String) throws {
        switch engine {
        case .sqlite:
            try run("INSERT INTO item_words (rowid, title, body) SELECT seq, \(title), \(body) FROM item WHERE id = \(item)")
        case .postgresql:
            try run(
                """
                INSERT INTO item_words (seq, words)
                SELECT seq, to_tsvector('english', \(title) || ' ' || \(body)) FROM item WHERE id = \(item)
                """)
        }
    }

    /// The index keeps no copy of the words: SQLite must be told what it was given to take it out again.
    func unindexWords(seq: Int64, title: String, body: String) throws {
        switch engine {
        case .sqlite:
            try run(
                """
                INSERT INTO item_words (item_words, rowid, title, body) VALUES ('delete', \(seq), \(title), \(body))
                """)
        case .postgresql:
            try run("DELETE FROM item_words WHERE seq = \(seq)")
        }
    }

    /// How common a word is, or how much waits, decides which way is short: PostgreSQL may plan anew for these values.
    func planForTheseValues() throws {
        switch engine {
        case .sqlite: return
        case .postgresql: try run("SET LOCAL plan_cache_mode = auto")
        }
    }

    /// A condition on `i.seq`. Both engines walk newest first and stop after a page; the rooms stand inside, so that a
    /// small room's words are found behind any number of others'.
    func matching(_ words: [String], in rooms: [ID<Room>], before: Int64) -> SQL {
        switch engine {
        case .sqlite:
            let query = words.map { "\"" + $0.replacing("\"", with: "") + "\"" }.joined(separator: " ")
            return """
                i.seq IN (SELECT w.rowid FROM item_words w CROSS JOIN item s ON s.seq = w.rowid
                          WHERE w.item_words MATCH \(query) AND w.rowid < \(before) AND s.room IN \(SQL.list(rooms))
                          ORDER BY w.rowid DESC LIMIT 80)
                """
        case .postgresql:
            let query = words.joined(separator: " ")
            return """
                i.seq < \(before) AND EXISTS (SELECT 1 FROM item_words w WHERE w.seq = i.seq
                          AND w.words @@ plainto_tsquery('english', \(query)))
                """
        }
    }
}
