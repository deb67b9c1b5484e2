/// Every word the rules know, as a small number, found by the hash of its letters.
struct Vocabulary: Sendable {
    static let unknown: Int32 = 0
    static let number: Int32 = 1

    private(set) var words: [String] = ["", "#"]
    private var table = HashTable()
    /// Words from here on are known to packs of other languages alone: to the house's rules they are new words.
    var own = Int32.max

    mutating func add(_ word: String) -> Int32 {
        let hash = Hash.of(word.utf8)
        if let known = table[hash] { return known }
        let id = Int32(words.count)
        words.append(word)
        table[hash] = id
        return id
    }

    /// The numbers in digits among the words: each has a place of its own beside `number`, which stands for all others.
    var numbers: [Int32] {
        words.indices.compactMap { !words[$0].isEmpty && words[$0].utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int32($0) : nil }
    }

    @inline(__always)
    subscript(hash: UInt64) -> Int32? { table[hash] }

    subscript(word: String) -> Int32? { table[Hash.of(word.utf8)] }
}

/// A hash table with open addressing. The standard dictionary is safe against chosen keys, and pays for it on every
/// word; here the keys come from files we ship, so a lookup is one step.
struct HashTable: Sendable {
    private var keys: [UInt64] = Array(repeating: 0, count: 64)
    private var values: [Int32] = Array(repeating: 0, count: 64)
    private var count = 0

    subscript(hash: UInt64) -> Int32? {
        @inline(__always)
        get {
            let mask = keys.count - 1
            var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
            while keys[slot] != 0 {
                if keys[slot] == hash { return values[slot] }
                slot = (slot + 1) & mask
            }
            return nil
        }
        set {
            guard let newValue else { return }
            if count * 2 >= keys.count { grow() }
            insert(hash, newValue)
        }
    }

    private mutating func insert(_ hash: UInt64, _ value: Int32) {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: hash ^ (hash >> 32)) & mask
        while keys[slot] != 0 && keys[slot] != hash { slot = (slot + 1) & mask }
        if keys[slot] == 0 { count += 1 }
        keys[slot] = hash
        values[slot] = value
    }

    private mutating func grow() {
        let old = zip(keys, values).filter { $0.0 != 0 }
        keys = Array(repeating: 0, count: keys.count * 2)
        values = Array(repeating: 0, count: keys.count)
        count = 0
        for (key, value) in old { insert(key, value) }
    }
}
