import HeapModule

/// Events in the order of their time; of two at once, the one added first.
struct EventQueue<Event> {
    private struct Entry: Comparable {
        let at: Instant
        let number: Int
        let event: Event

        static func == (a: Self, b: Self) -> Bool { a.number == b.number }
        static func < (a: Self, b: Self) -> Bool { (a.at, a.number) < (b.at, b.number) }
    }

    private var heap = Heap<Entry>()
    private var added = 0

    mutating func add(_ at: Instant, _ event: Event) {
        heap.insert(Entry(at: at, number: added, event: event))
        added += 1
    }

    mutating func next() -> (Instant, Event)? { heap.popMin().map { ($0.at, $0.event) } }
}
