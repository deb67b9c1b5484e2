import Crypto
import Foundation
import Rules

/// A study with its protocol as it was given.
public struct StudyRow: Sendable {
    public let id: ID<Study>
    public let code: String
    public let text: String
    public let hash: String
    public let state: StudyState
    public let listHash: String?
    public let madeAt: Instant
    public let openedAt: Instant?
    public let endedAt: Instant?
    public let plan: StudyProtocol
}

/// What was done to a study.
public enum StudyEvent: String, Sendable, CaseIterable, Bindable {
    case drafted, opened, paused, rang, resumed, closed, ended
    /// An ethics reference ran out, or a room became less safe than these ages need.
    case belowFloor = "below-floor"
    /// What evaluators from outside get was made, once.
    case setMade = "set-made"
}

extension Transaction {
    private static let studyColumns: SQL = "id, code, protocol, hash, state, list_hash, made_at, opened_at, ended_at"

    private func readStudy(_ row: inout Row) throws -> StudyRow {
        let (id, code, text): (ID<Study>, String, String) = (try row.id(), try row.text(), try row.text())
        return StudyRow(
            id: id, code: code, text: text, hash: try row.text(), state: try row.word(), listHash: row.textIfAny(),
            madeAt: try row.instant(),
            openedAt: row.instantIfAny(), endedAt: row.instantIfAny(), plan: try StudyProtocol(json: Data(text.utf8)))
    }

    /// Newest first.
    public func studies(of organisation: ID<Organisation>, drafts: Bool) throws -> [StudyRow] {
        let only: SQL = drafts ? "" : "AND state <> 'draft'"
        return try rows("SELECT \(Self.studyColumns) FROM study WHERE organisation = \(organisation) \(only) ORDER BY id DESC") {
            try readStudy(&$0)
        }
    }

    public func study(_ code: String, in organisation: ID<Organisation>) throws -> StudyRow? {
        try first("SELECT \(Self.studyColumns) FROM study WHERE organisation = \(organisation) AND code = \(code)") { try readStudy(&$0) }
    }

    public func study(_ id: ID<Study>, in organisation: ID<Organisation>) throws -> StudyRow? {
        try first("SELECT \(Self.studyColumns) FROM study WHERE id = \(id) AND organisation = \(organisation)") { try readStudy(&$0) }
    }

    public func study(_ id: ID<Study>) throws -> StudyRow? {
        try first("SELECT \(Self.studyColumns) FROM study WHERE id = \(id)") { try readStudy(&$0) }
    }

    /// Takes a protocol in, or in place of its draft. False once the study was opened: then nothing in it changes.
    public func draft(_ text: String, _ plan: StudyProtocol, in organisation: ID<Organisation>, by account: ID<Account>?) throws -> Bool {
        let hash = Self.digest(text)
        if let known = try study(plan.id, in: organisation) {
            if known.hash == hash { return true }
            guard
                try change("UPDATE study SET protocol = \(text), hash = \(hash) WHERE id = \(known.id) AND state = 'draft'") == 1
            else { return false }
            try record(.drafted, of: known.id, by: account)
            return true
        }
        let id: ID<Study> = ids.timed()
        try run(
            """
            INSERT INTO study (id, organisation, code, protocol, hash, state, made_by, made_at)
            VALUES (\(id), \(organisation), \(plan.id), \(text), \(hash), 'draft', \(account), \(now))
            """)
        try record(.drafted, of: id, by: account)
        return true
    }

    public static func digest(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).map { String(format: "%02x", $0) }.joined()
    }

    public func record(_ event: StudyEvent, of study: ID<Study>, by account: ID<Account>?) throws {
        let id: ID<Anything> = ids.timed()
        try run("INSERT INTO study_event (id, study, kind, actor, made_at) VALUES (\(id), \(study), \(event), \(account), \(now))")
    }

    public func events(of study: ID<Study>) throws -> [(event: StudyEvent, at: Instant)] {
        let order = StudyEvent.allCases
        return try rows("SELECT kind, made_at FROM study_event WHERE study = \(study) ORDER BY made_at, id") {
            (event: try $0.word(StudyEvent.self), at: try $0.instant())
        }.sorted { a, b in
            // Of one moment, as they follow from each other.
            a.at != b.at ? a.at < b.at : order.firstIndex(of: a.event) ?? 0 < order.firstIndex(of: b.event) ?? 0
        }
    }

    /// Opens it: the list of every stratum is made now, sealed, and its digest kept, before anybody can come.
    public func open(_ study: StudyRow, seed: UInt64, by account: ID<Account>?) throws -> Bool {
        let plan = study.plan
        let count = plan.allocation == .blocks ? plan.wanted * plan.arms.reduce(0) { $0 + $1.share } : 0
        // The digest is public from now on: with the seed in front nobody finds a short list by trying all that there can be.
        let drawn = String(seed, radix: 16)
        var whole = drawn + "\n"
        for band in plan.bands where plan.allocation == .blocks {
            for (place, arm) in try plan.list(seed: seed, stratum: band, count: count).enumerated() {
                whole += "\(band.rawValue) \(place) \(arm)\n"
                let sealed = try keys.seal(Array(arm.utf8), for: "place \(study.id) \(band.rawValue) \(place)")
                try run(
                    "INSERT INTO study_place (study, stratum, place, sealed) VALUES (\(study.id), \(band.rawValue), \(place), \(sealed))")
            }
        }
        // Without a list it is the seed that was there first.
        if plan.allocation == .minimisation { whole = drawn }
        let kept = try keys.seal(withUnsafeBytes(of: seed.bigEndian) { Array($0) }, for: "seed \(study.id)")
        let opened = try change(
            """
            UPDATE study SET state = 'open', seed = \(kept), list_hash = \(Self.digest(whole)), opened_at = \(now)
            WHERE id = \(study.id) AND state = 'draft' AND hash = \(study.hash)
            """)
        guard opened == 1 else { return false }
        try record(.opened, of: study.id, by: account)
        return true
    }

    /// The whole list, for after the end: its digest is the one that was public all along.
    public func openedList(_ study: StudyRow) throws -> String {
        let sealed = try first("SELECT seed FROM study WHERE id = \(study.id)") { try $0.bytes() } ?? []
        let drawn = String(try keys.open(sealed, for: "seed \(study.id)").reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, radix: 16)
        switch study.plan.allocation {
        case .minimisation: return drawn
        case .blocks:
            let places = Dictionary(
                grouping: try rows("SELECT stratum, place, sealed FROM study_place WHERE study = \(study.id) ORDER BY stratum, place") {
                    (stratum: try $0.text(), place: try $0.count(), sealed: try $0.bytes())
                }, by: \.stratum)
            let list = try study.plan.bands.flatMap { places[$0.rawValue] ?? [] }.reduce(into: "") { whole, one in
                let arm = try keys.open(one.sealed, for: "place \(study.id) \(one.stratum) \(one.place)")
                whole += "\(one.stratum) \(one.place) \(String(decoding: arm, as: UTF8.self))\n"
            }
            // A study that was opened before the seed stood in front has the digest of the list alone.
            return Self.digest(list) == study.listHash ? list : drawn + "\n" + list
        }
    }

    /// Compares and sets: false when somebody else changed it in between.
    public func set(_ study: StudyRow, to state: StudyState, _ event: StudyEvent, by account: ID<Account>?) throws -> Bool {
        let ended: Instant? = state == .ended ? now : nil
        guard
            try change(
                "UPDATE study SET state = \(state.rawValue), ended_at = \(ended) WHERE id = \(study.id) AND state = \(study.state.rawValue)"
            ) == 1
        else { return false }
        // What happened since the last night belongs to it.
        if state == .ended { for (account, row) in try running(study.id) { try countDanger(row, account) } }
        try record(event, of: study.id, by: account)
        return true
    }

    /// Rooms that stand in arms of a study that compares and has not ended.
    public func roomsCompared(in organisation: ID<Organisation>) throws -> Set<ID<Room>> {
        let running = try studies(of: organisation, drafts: false).filter { $0.state != .ended && $0.plan.design.hasComparison }
        return Set(running.flatMap(\.plan.arms).flatMap(\.rooms).compactMap { ID<Room>($0) })
    }

    /// How many said yes, by arm; those who have not started yet without one.
    public func tally(of study: ID<Study>) throws -> [(arm: String?, count: Int)] {
        try rows("SELECT arm, count(*) FROM participant WHERE study = \(study) AND side = 'seeker' GROUP BY arm ORDER BY arm") {
            ($0.textIfAny(), try $0.count())
        }
    }

    /// Rooms of its arms that are this organisation's and open.
    public func openRooms(of plan: StudyProtocol, in organisation: ID<Organisation>) throws -> [StudyRoom] {
        try plan.arms.flatMap(\.rooms).compactMap { key in
            guard let room = try ID<Room>(key).flatMap({ try roomItself($0) }), room.organisation == organisation, room.isOpen else {
                return nil
            }
            return StudyRoom(key: key, form: room.form)
        }
    }

    /// Whoever left before they started holds no place.
    public func placesLeft(_ study: StudyRow) throws -> Int {
        study.plan.wanted * study.plan.arms.count
            - (try count(
                """
                SELECT count(*) FROM participant
                WHERE study = \(study.id) AND side = 'seeker' AND (left_at IS NULL OR started_at IS NOT NULL)
                """))
    }
}
