/// The pictures of the place, drawn by code: birds, the understory, spots for empty lists, icons.
///
/// Everything here is trusted markup: no picture files, no style attributes (the page policy forbids
/// them), colours only by the look's own custom properties, so a picture is by day, by night or quiet
/// by itself. Pictures are decoration unless given a label; a label must be escaped by the caller.
enum Pictures {

    /// An object for an empty list: one thing, no people, nothing that could stand for harm.
    enum Spot: String, CaseIterable, Sendable { case bench, cup, lamp, umbrella }

    /// Outline icons on a field of 24 by 24. Always shown with a word.
    enum Icon: String, CaseIterable, Sendable {
        case today, rooms, write, talk, you, care, leave, leaf, back, next, flag, eye, cover, hide
        case clock, check, phone, message, print, search, bell, settings, book, shield, undo, pause
        case people, key, lamp, alert, download, plus
    }

    // MARK: - Birds

    private static let colours = ["sea", "iris", "berry", "moss", "clay", "sky"]

    /// Body, wing, beak and the eye's place: three shapes on a field of 48 by 48.
    private static let shapes: [(body: String, wing: String, beak: String, eye: String)] = [
        (
            "M9 35C7 20 17 11 27 11c8 0 13 7 11 15-2 8-8 12-16 12-4 0-7 0-13-3z",
            "M15 29c4-8 12-9 18-4-3 7-11 10-18 4z", "M37.5 19l8 2.5-8 3.500z", #"cx="32" cy="19""#
        ),
        (
            "M5 30c5-1 7-3 10-7 1-8 7-13 14-12 7 1 11 8 9 15-2 9-9 12-17 12-8 0-13-3-16-8z",
            "M14 29c4-7 12-8 18-3-4 7-12 9-18 3z", "M38 18l7.5 3-7.5 3z", #"cx="32" cy="18""#
        ),
        (
            "M6 38C5 22 16 13 27 14c9 1 13 7 12 13-1 8-8 11-17 11z",
            "M14 31c5-6 13-6 18 0-5 5-13 5-18 0z", "M38.5 22l7 2.5-7 3z", #"cx="32.5" cy="22""#
        ),
    ]

    private static let extras = [
        "",
        #"<path d="M27 12c-2-5 1-9 7-10 0 6-2 9-7 10z" fill="var(--good)" stroke="var(--on-good)" stroke-width="1.5"/>"#,
        #"<path d="M21 24c6 4 11 4 17 1l-1 5c-5 3-11 2-16-1z" fill="var(--help)" stroke="var(--on-help)"/>"#,
        #"<path d="M24 12c0-4-2-6-4-7m5 6c1-3 0-6-1-8" fill="none" stroke="var(--ink-soft)" stroke-width="2"/>"#,
        #"<g fill="var(--help)"><circle cx="23" cy="10" r="2.6"/><circle cx="28" cy="8.5" r="2.6"/><circle cx="32.5" cy="11" r="2.6"/></g>"#,
    ]

    private static let marks = [
        "",
        #"<g fill="var(--surface)" opacity=".6"><circle cx="16" cy="35" r="1.4"/><circle cx="21.5" cy="36" r="1.4"/><circle cx="27" cy="35" r="1.4"/></g>"#,
        #"<path d="M30 32c2-1 4-3 5-6M27 36c4-1 7-4 9-7" fill="none" stroke="var(--surface)" stroke-width="1.4" opacity=".6"/>"#,
    ]

    /// The bird of a made-up name: one of 6 x 3 x 5 x 3 = 270, always the same for the same seed.
    /// It says nothing of a person's body, skin or gender. Its parts come from the sprite: a page of fifty
    /// birds carries fifty short references.
    static func bird(seed: String) -> HTML {
        var n = hash(seed)
        func pick(_ count: Int) -> Int {
            defer { n /= UInt64(count) }
            return Int(n % UInt64(count))
        }
        let (colour, shape, extra, mark) = (pick(colours.count), pick(shapes.count), pick(extras.count), pick(marks.count))
        return birds[((colour * shapes.count + shape) * extras.count + extra) * marks.count + mark]
    }

    /// All of them, drawn once.
    private static let birds: [HTML] = colours.flatMap { colour in
        shapes.indices.flatMap { shape in
            extras.indices.flatMap { extra in
                marks.indices.map { mark in
                    var drawing: HTML = "<svg class=\"bird \(colour)\" aria-hidden=\"true\"><use href=\"/sprite.svg#b\(shape)\"/>"
                    if mark > 0 { drawing += "<use href=\"/sprite.svg#m\(mark)\"/>" }
                    if extra > 0 { drawing += "<use href=\"/sprite.svg#x\(extra)\"/>" }
                    return drawing + "</svg>"
                }
            }
        }
    }

    /// Every icon and every part of a bird, asked for once and kept.
    static func sprite() -> String {
        var made = #"<svg xmlns="http://www.w3.org/2000/svg">"#
        for icon in Icon.allCases {
            made += #"<symbol id="i-\#(icon.rawValue)" viewBox="0 0 24 24"><path d="\#(outline(icon))"/></symbol>"#
        }
        for (place, shape) in shapes.enumerated() {
            made +=
                #"<symbol id="b\#(place)" viewBox="0 0 48 48"><g stroke-linejoin="round" stroke-linecap="round">"#
                + #"<circle cx="24" cy="24" r="24" fill="var(--sunk)"/>"#
                + #"<path d="M5 40.500c12-2 26-2 38 0" fill="none" stroke="var(--scene-bark)" stroke-width="2.5"/>"#
                + #"<path d="\#(shape.body)" fill="currentColor"/>"#
                + #"<path d="\#(shape.wing)" fill="var(--surface)" opacity=".3"/>"#
                + #"<path d="\#(shape.beak)" fill="var(--help)"/>"#
                + #"<circle \#(shape.eye) r="1.9" fill="var(--paper)"/></g></symbol>"#
        }
        for (place, mark) in marks.enumerated() where place > 0 {
            made += #"<symbol id="m\#(place)" viewBox="0 0 48 48">\#(mark)</symbol>"#
        }
        for (place, extra) in extras.enumerated() where place > 0 {
            made += #"<symbol id="x\#(place)" viewBox="0 0 48 48">\#(extra)</symbol>"#
        }
        return made + "</svg>"
    }

    /// FNV-1a, 64 bits: short, the same on every machine, and no secret hangs on it. The halves are
    /// folded together because its low bits alone are uneven for short names.
    static func hash(_ text: String) -> UInt64 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 {
            value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        value ^= value >> 32
        return (value &* 0x9e37_79b9_7f4a_7c15) >> 16
    }

    // MARK: - The understory

    /// The strip at the top of Today: young trees and ferns side by side under light from above.
    /// By night the same place, with fireflies. It never shows a person's mood back to them.
    static func scene() -> HTML { HTML(raw: understory) }

    private static let understory: String = {
        let open =
            #"<svg class="scene" aria-hidden="true" viewBox="0 0 640 160" preserveAspectRatio="xMidYMax slice"><path d="M0 0h640v160H0z" fill="var(--scene-sky)"/>"#
        let light = #"<path d="M90 0h70L90 160H-40zM262 0h96l-34 160H196zM500 0h60l70 160H520z" fill="var(--scene-light)"/>"#
        // Old trunks far behind, and the canopy's edge above.
        let far =
            #"<g fill="var(--scene-far)"><path d="M48 0h14l4 130H42zM182 0h10l5 130h-21zM420 0h16l4 130h-25zM596 0h12l4 130h-20z"/><path d="M0 0h640v10c-26 18-48-2-72 8s-44 8-70-4-40 14-74 6-50-16-82-4-52 6-78-2-46 16-80 4-52 10-78 2S34 36 0 18z"/><path d="M0 118c110-26 210-4 320-10s220-24 320-2v54H0z"/></g>"#
        // Young trees: a slim stem and a crown of three leaves' masses.
        let trees =
            #"<g stroke="var(--scene-bark)" stroke-width="4" stroke-linecap="round"><path d="M122 150c2-30-2-50 0-74M300 150c-2-24 2-40 0-60M468 150c1-34-3-58 0-84M560 150c1-18-1-30 0-42"/></g><g fill="var(--scene-mid)"><circle cx="122" cy="62" r="24"/><circle cx="104" cy="80" r="17"/><circle cx="141" cy="80" r="18"/><circle cx="300" cy="82" r="19"/><circle cx="286" cy="97" r="13"/><circle cx="315" cy="97" r="13"/><circle cx="468" cy="50" r="27"/><circle cx="447" cy="71" r="19"/><circle cx="490" cy="71" r="19"/><circle cx="560" cy="100" r="15"/><circle cx="548" cy="112" r="10"/><circle cx="572" cy="112" r="10"/><path d="M0 134c120-22 250-2 330-4s210-18 310 0v30H0z"/></g>"#
        let ground = #"<path d="M0 150c90-14 180-2 300-4s230-12 340 0v14H0z" fill="var(--scene-near)"/>"#
        let ferns = fern(at: 40, by: 1) + fern(at: 216, by: 0.8) + fern(at: 384, by: 1.1) + fern(at: 616, by: 1)
        let birds =
            #"<g fill="var(--room-clay)"><path d="M232 150c-1-11 7-17 15-16s10 7 9 12-6 7-12 7-10 0-12-3z"/><path d="M255 140l6 2-6 3z" fill="var(--help)"/></g><g fill="var(--room-iris)"><path d="M270 151c0-9 6-13 12-12s8 5 7 9-5 6-10 6-8-1-9-3z"/><path d="M289 144l5 1.5-5 2.500z" fill="var(--help)"/></g><circle cx="250" cy="140" r="1.3" fill="var(--paper)"/><circle cx="285" cy="144" r="1.1" fill="var(--paper)"/>"#
        let fireflies =
            #"<g fill="var(--scene-fly)"><circle cx="70" cy="92" r="2"/><circle cx="174" cy="112" r="1.6"/><circle cx="236" cy="72" r="1.8"/><circle cx="352" cy="104" r="2.2"/><circle cx="404" cy="60" r="1.6"/><circle cx="522" cy="90" r="2"/><circle cx="590" cy="66" r="1.5"/></g>"#
        return open + light + far + trees + ground + ferns + birds + fireflies + "</svg>"
    }()

    /// A fern of five fronds, each a curved line with a fringe made by a dashed thick stroke.
    private static func fern(at x: Int, by scale: Double) -> String {
        let fronds = "M0 0C-4-18-20-28-34-24M0 0C-2-22-12-38-22-42M0 0C0-24 2-38 4-50M0 0C2-22 14-36 26-40M0 0C6-16 22-26 36-20"
        return
            #"<g transform="translate(\#(x) 154) scale(\#(scale))" fill="none" stroke="var(--scene-near)"><path d="\#(fronds)" stroke-width="2"/><path d="\#(fronds)" stroke-width="8" stroke-dasharray="2 2.5"/></g>"#
    }

    // MARK: - Spots

    /// A quiet object for an empty list, 120 by 96.
    static func spot(_ kind: Spot) -> HTML {
        let drawing =
            switch kind {
            case .bench:
                #"<path d="M26 44h68v7H26zM26 55h68v6H26z" fill="var(--scene-bark)"/><path d="M20 66h80v6H20z" fill="var(--room-clay)"/><path d="M30 72v14m60-14v14" stroke="var(--scene-bark)" stroke-width="5"/><path d="M84 66c0-7 5-11 10-10s6 4 5 7-4 4-8 4-6 0-7-1z" fill="var(--room-iris)"/><path d="M99 59l4 1.5-4 2z" fill="var(--help)"/>"#
            case .cup:
                #"<path d="M38 48h38v20c0 11-8 18-19 18s-19-7-19-18z" fill="var(--room-clay)"/><path d="M76 54h6c10 0 10 17 0 17h-6" fill="none" stroke="var(--room-clay)" stroke-width="5"/><path d="M50 38c-4-5 4-8 0-14m14 14c-4-5 4-8 0-14" fill="none" stroke="var(--ink-soft)" stroke-width="2.5"/><path d="M28 88h58" stroke="var(--scene-bark)" stroke-width="4"/>"#
            case .lamp:
                #"<circle cx="60" cy="50" r="30" fill="var(--help)" opacity=".35"/><path d="M60 14v10" stroke="var(--ink-soft)" stroke-width="3"/><path d="M48 26h24l4 8H44zM46 68h28v6H46z" fill="var(--scene-bark)"/><path d="M48 34h24l3 34H45z" fill="var(--help)" stroke="var(--scene-bark)" stroke-width="3"/><path d="M60 42c5 7 6 11 5 15s-8 4-10 0 0-8 5-15z" fill="var(--surface)"/>"#
            case .umbrella:
                #"<path d="M16 54c2-24 22-36 44-36s42 12 44 36c-8-6-14-6-22 0-8-6-14-6-22 0-8-6-14-6-22 0-8-6-14-6-22 0z" fill="var(--room-sky)"/><path d="M38 54c2-18 10-30 22-36 12 6 20 18 22 36-8-6-14-6-22 0-8-6-14-6-22 0z" fill="var(--surface)" opacity=".3"/><path d="M60 12v64c0 12 16 12 16 2" fill="none" stroke="var(--scene-bark)" stroke-width="4"/>"#
            }
        return HTML(
            raw:
                #"<svg class="spot" aria-hidden="true" width="120" height="96" viewBox="0 0 120 96" stroke-linejoin="round" stroke-linecap="round">"#
                + #"<path d="M4 88c24-10 84-10 112 0-20 8-92 8-112 0z" fill="var(--scene-mid)" opacity=".5"/>\#(drawing)</svg>"#)
    }

    // MARK: - Icons

    /// An outline icon, decoration beside its word.
    static func icon(_ name: Icon) -> HTML {
        HTML(raw: "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"/sprite.svg#i-\(name.rawValue)\"/></svg>")
    }

    private static func outline(_ name: Icon) -> String {
        switch name {
        case .today: "M4 11l8-7 8 7v9h-5v-6H9v6H4z"
        case .rooms: "M12 22V11M12 14c-5 0-8-3-8-8 5 0 8 3 8 8zM12 11c0-5 3-8 8-8 0 5-3 8-8 8z"
        case .write: "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4"
        case .talk: "M4 4h12v9H9l-5 4zM19 9h1v12l-4-4h-5v-1"
        case .you: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-9 16-9 16 0"
        case .care: "M12 20S3 15 3 8.500C3 4 9.5 3 12 7.5 14.5 3 21 4 21 8.5 21 15 12 20 12 20z"
        case .leave: "M10 3H5v18h5M9 12h12m-4-4 4 4-4 4"
        case .leaf: "M5 21c0-6 3-9 8-11M5 16C3 8 9 3 20 3c1 11-4 17-13 15"
        case .back: "M19 12H5m6-6-6 6 6 6"
        case .next: "M5 12h14m-6-6 6 6-6 6"
        case .flag: "M5 21V4h13l-3 4.5 3 4.500H5"
        case .eye: "M2 12c5-9 15-9 20 0-5 9-15 9-20 0zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
        case .cover: "M3 10c5 6 13 6 18 0M5 13l-2 3m7-1v4m5-4v4m4-6 2 3"
        case .hide: "M3 3l18 18M6 7c-2 1-3 3-4 5 4 7 11 9 16 5M10 5c5-1 9 2 12 7l-2 3"
        case .clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 3"
        case .check: "M4 12.500l5.5 5.500L20 6"
        case .phone: "M5 3h4l2 5-3 2c1 3 3 5 6 6l2-3 5 2v4c0 2-2 2-3 2C10 20 4 14 3 6c0-1 0-3 2-3z"
        case .message: "M3 4h18v13H10l-5 4v-4H3zM8 9h8m-8 4h5"
        case .print: "M7 8V3h10v5M7 17H3V8h18v9h-4M7 14h10v7H7z"
        case .search: "M10.5 18a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM16 16l5 5"
        case .bell: "M5 17c2-2 1-5 2-8 1-6 9-6 10 0 1 3 0 6 2 8zM10 20h4"
        case .settings: "M4 7h9m6 0h1M4 17h1m6 0h9M16 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM8 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
        case .book: "M12 6c-3-2-6-2-9-2v14c3 0 6 0 9 2 3-2 6-2 9-2V4c-3 0-6 0-9 2zv14"
        case .shield: "M12 3l8 3c0 8-2 12-8 15-6-3-8-7-8-15zM9 12l2 2 4-4"
        case .undo: "M8 5L4 9l4 4M4 9h10c8 0 8 11 0 11H9"
        case .pause: "M8 5v14m8-14v14"
        case .people: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 20c0-8 14-8 14 0M16 4c4 0 5 6 1 7m2 3c2 1 3 3 3 6"
        case .key: "M8 16a5 5 0 1 0 0-9 5 5 0 0 0 0 9zM12.5 11.500H22v4m-4-4v3"
        case .lamp: "M12 3v2M8 5h8l3 9H5zM9 14v4h6v-4M8 21h8"
        case .alert: "M12 3l10 18H2zM12 10v5m0 3v.1"
        case .download: "M12 3v12m-5-5 5 5 5-5M4 20h16"
        case .plus: "M12 5v14M5 12h14"
        }
    }
}
