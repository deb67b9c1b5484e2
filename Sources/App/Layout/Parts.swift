import Rules
import Screening
import Store

/// The few parts that pages share.
enum Parts {
    /// The form's token, and a fresh request key so that a double press makes one.
    static func token(_ ask: Ask, key: Bool = false) -> HTML {
        var made = HTML()
        if let token = ask.formToken { made += "<input type=\"hidden\" name=\"csrf\" value=\"\(token)\">" }
        if key { made += "<input type=\"hidden\" name=\"key\" value=\"\(ask.app.chance.token().text.prefix(22))\">" }
        return made
    }

    /// One button that does one thing.
    static func act(
        _ ask: Ask, _ place: String, _ words: String, style: String = "soft", hidden: [(String, String)] = [], data: String? = nil,
        key: Bool = false
    ) -> HTML {
        """
        <form method="post" action="\(place)">\(token(ask, key: key))\
        \(each: hidden, { pair in "<input type=\"hidden\" name=\"\(pair.0)\" value=\"\(pair.1)\">" })\
        <button class="button \(style)"\(data.map { " data-key=\"\($0)\"" } ?? "")>\(words)</button></form>
        """
    }

    static func room(_ room: RoomRow) -> HTML {
        "<a class=\"room\" data-room=\"\(room.colour)\" href=\"/rooms/\(room.id)\">\(room.name)</a>"
    }

    static func field(
        _ name: String, _ label: String, hint: String? = nil, value: String = "", type: String = "text",
        extra: HTML = ""
    ) -> HTML {
        let described: HTML = hint == nil ? "" : " aria-describedby=\"hint-\(name)\""
        let note: HTML = hint.map { "<p class=\"hint\" id=\"hint-\(name)\">\($0)</p>" } ?? ""
        return """
            <div class="field"><label for="\(name)">\(label)</label>\(note)\
            <input id="\(name)" name="\(name)" type="\(type)" value="\(value)"\(described)\(extra)></div>
            """
    }

    static func area(
        _ name: String, _ label: String, hint: String? = nil, value: String = "", rows: Int = 5, extra: HTML = ""
    ) -> HTML {
        let described: HTML = hint == nil ? "" : " aria-describedby=\"hint-\(name)\""
        let note: HTML = hint.map { "<p class=\"hint\" id=\"hint-\(name)\">\($0)</p>" } ?? ""
        return """
            <div class="field"><label for="\(name)">\(label)</label>\(note)\
            <textarea id="\(name)" name="\(name)" rows="\(rows)"\(described)\(extra)>\(value)</textarea></div>
            """
    }

    /// Radio buttons as big tap targets. Nothing is preset unless the caller says so.
    static func radios(
        _ name: String, _ legend: String, _ options: [(value: String, words: String)], chosen: String? = nil
    ) -> HTML {
        """
        <fieldset><legend>\(legend)</legend><div class="choices">\(each: options, { option in
            """
            <label><input type="radio" name="\(name)" value="\(option.value)"\
            \(option.value == chosen ? " checked" : "")> \(option.words)</label>
            """
        })</div></fieldset>
        """
    }

    static func boxes(
        _ name: String, _ legend: String, _ options: [(value: String, words: String)], chosen: Set<String> = []
    ) -> HTML {
        """
        <fieldset><legend>\(legend)</legend><div class="choices">\(each: options, { option in
            """
            <label><input type="checkbox" name="\(name)" value="\(option.value)"\
            \(chosen.contains(option.value) ? " checked" : "")> \(option.words)</label>
            """
        })</div></fieldset>
        """
    }

    static func select(
        _ name: String, _ label: String, _ options: [(value: String, words: String)], chosen: String? = nil,
        hint: String? = nil
    ) -> HTML {
        let note: HTML = hint.map { "<p class=\"hint\">\($0)</p>" } ?? ""
        return """
            <div class="field"><label for="\(name)">\(label)</label>\(note)<select id="\(name)" name="\(name)">\(each: options, { option in
                "<option value=\"\(option.value)\"\(option.value == chosen ? " selected" : "")>\(option.words)</option>"
            })</select></div>
            """
    }

    /// Many to choose from, in little space: a list in which several can be marked.
    static func many(
        _ name: String, _ label: String, _ options: [(value: String, words: String)], chosen: Set<String> = [], hint: String
    ) -> HTML {
        """
        <div class="field"><label for="\(name)">\(label)</label><p class="hint" id="hint-\(name)">\(hint)</p>\
        <select id="\(name)" name="\(name)" multiple size="6" aria-describedby="hint-\(name)">\(each: options, { option in
            "<option value=\"\(option.value)\"\(chosen.contains(option.value) ? " selected" : "")>\(option.words)"
        })</select></div>
        """
    }

    /// A table that may be wider than a phone: it scrolls by itself, also by keyboard.
    static func table<Row>(_ caption: String, head: [String], _ rows: [Row], _ row: (Row) -> HTML) -> HTML {
        """
        <div class="scrolls" role="region" tabindex="0" aria-label="\(caption)"><table class="counts"><caption>\(caption)</caption>\
        <thead><tr>\(each: head, { "<th scope=\"col\">\($0)</th>" })</tr></thead><tbody>\(each: rows, row)</tbody></table></div>
        """
    }

    static func check(_ name: String, _ words: String, on: Bool = false) -> HTML {
        """
        <label class="check"><input type="checkbox" name="\(name)" value="1"\(on ? " checked" : "")> <span>\(words)</span></label>
        """
    }

    static func empty(_ spot: Pictures.Spot, _ words: String, link: (String, String)? = nil) -> HTML {
        let button: HTML = link.map { "<a class=\"button\" href=\"\($0.0)\">\($0.1)</a>" } ?? ""
        return "<div class=\"card empty\">\(Pictures.spot(spot))<p>\(words)</p>\(button)</div>"
    }

    static func older(_ ask: Ask, _ path: String, last: Int64?, words: String = "parts.older") -> HTML {
        guard let last else { return "" }
        let join = path.contains("?") ? "&" : "?"
        return """
            <nav class="pager" aria-label="\(ask.say("parts.pages"))"><a class="button plain" rel="next" \
            href="\(path)\(join)before=\(ID<Any>(raw: last))">\(ask.say(words)) \(Pictures.icon(.next))</a></nav>
            """
    }

    static func level(_ level: Level) -> String { level.code }
}

extension HTML.Interpolation {
    mutating func appendInterpolation(_ flag: Bool, _ yes: String) { if flag { appendInterpolation(raw: yes) } }
}
