"""Thought Spot: a search that never falls over."""

import random

from cast import MINE, found, write

ODD = [
    "", " ", "'", '"', '""', "''", "*", "**", "a*", "*a", "(", ")", "((", "()", "AND", "OR", "NOT", "NEAR", "NEAR/3", "a AND", "OR b",
    "NOT NOT", "a OR b AND c", "-", "--", "-a", "+a", "a:b", "title:tea", "body:", ":", "^", "^a", "{a}", "[a]", "<b>", "</b>",
    "<script>", "&amp;", "%", "%%", "%25", "_", "\\", "\\\\", "/", "//", "../../etc", ";", "; DROP TABLE item", "' OR 1=1 --", "$1",
    "?", "@", "#", "!", "!!", "a & b", "a | b", "a <-> b", "!a", ":*", "a:*", "'a':*", "&", "|", "\t", "\n", "\r\n", "a\nb", "\u00a0",
    "\u200b", "\u200d", "\ufeff", "\u202e", "\u2066abc\u2069", "\u0301", "e\u0301", "é", "ß", "ẞ", "İ", "ı", "ﬁ", "Ω", "я", "日本", "日本語の検索",
    "한국어", "العربية", "עברית", "हिन्दी", "ไทย", "🐝", "🏳️‍🌈", "👩‍👩‍👧", "𝔱𝔢𝔞", "t e a", "t.e.a", "t3a", "TEA", "Tea", "teeeea",
    "a" * 100, "a" * 200, "a" * 1000, "a " * 300, "é" * 500, "🐝" * 200, "\"" * 99, "(" * 99, "a\"b", "a'b", "x'41'", "0x41", "1e400",
    "-1", "NaN", "null", "true", "{}", "[]", "{\"a\":1}", "SELECT", "MATCH", "rank", "item_words", "to_tsquery", "websearch",
]


def test_SPOT_5(house):
    """Two hundred searches in a row with odd input give answers or a plain "nothing found"; no restart, no stumble."""
    room = house.room("forum", "byRisk")
    me, writer = house.member(), house.member()
    word = house.word()
    item = write(writer, room, MINE.format(word), title="Tea for two")["id"]
    chance = random.Random(7)
    odd = list(ODD)
    letters = [chr(n) for n in range(33, 127)] + list("éß🐝я\u200b\u202e日")
    while len(odd) < 200:
        odd.append("".join(chance.choice(letters) for _ in range(chance.randint(1, 40))))
    assert len(odd) >= 200
    plain = 0
    before = house.process.pid
    for number, text in enumerate(odd):
        got = me.get("/search", q=text)
        assert got.status in (200, 422, 400), f"{text!r} answered {got.status}"
        if got.status == 200:
            assert isinstance(got.json["items"], list), text
            plain += 1
        else:
            assert got.json["says"], text
        if number % 4 == 0:
            page = me.open("/search", q=text)
            assert page.status == got.status, text
            assert len(page.page.words) > 40, f"an empty page for {text!r}"
            if got.status == 200 and not got.json["items"] and any(c.isalnum() for c in text):
                assert "nothing" in page.page.words.lower() or "no " in page.page.words.lower(), f"no plain word for {text!r}"
            assert page.page.fields.get("q") is not None, "the box keeps its place"
            assert "<script>alert" not in page.text and "<b>" + text not in page.text
    assert plain >= 190, f"only {plain} of {len(odd)} were answered"
    # Bytes that are no text at all.
    for raw in ("%ff", "%c3%28", "%00", "%ed%a0%80", "%f8%88%80%80%80"):
        got = me.raw("GET", f"/search?q={raw}", accept="application/json")
        assert got.status in (200, 400, 422), f"{raw} answered {got.status}"
    # Still the same process, and it still finds.
    assert house.process.pid == before and house.process.poll() is None
    assert found(me, word) == [item] and item in found(me, "tea") and item in found(me, "TEA for")
    assert found(me, writer.name) == [], "search finds words, never people"
