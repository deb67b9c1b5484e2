"""Short pieces: no ranking by attention."""

import re

from cast import answer, decide_item, found, report, see, threads, write


def test_SHORT_3(house):
    """Order comes from time, the reader's own choices and safety: a seeded extreme piece gains no reach from replies."""
    room = house.room("forum", "byRisk")
    crowd = [house.member() for _ in range(6)]
    reader = house.member()
    items = []
    for number in range(6):
        title = f"Piece number {number}"
        body = "I hate everything about this week, all of it, and I am furious about tea." if number == 1 else \
            "A quiet afternoon with tea and a crossword."
        items.append(write(crowd[number], room, body, title=title)["id"])
        house.advance(minutes=11)
    newest = list(reversed(items))
    extreme = items[1]

    def orders():
        page = reader.open(f"/rooms/{room}").text
        places = [(page.find(f"/items/{item}"), item) for item in items]
        home = [i["id"] for i in reader.get("/today").json["items"]]
        return {
            "room": threads(reader, room), "page": [item for at, item in sorted(places) if at >= 0],
            "search": [i for i in found(reader, "tea") if i in items], "home": [i for i in home if i in items],
            "newest": threads(reader, room, order="new")}

    before = orders()
    assert before["room"] == newest and before["page"] == newest and before["search"] == newest
    # Attention arrives: answers, support words, a report, many reads.
    for face in crowd:
        if face is not crowd[1]:
            answer(face, extreme, "I know what you mean.")
            answer(face, extreme, "And again.")
            face.post(f"/items/{extreme}/support", word="me-too").ok()
        face.get(f"/items/{extreme}"), face.open(f"/items/{extreme}")
    house.jobs()
    house.night()
    after = orders()
    assert after == before, f"attention moved it: {before} {after}"
    # No order by attention can be asked for.
    for order in ("popular", "top", "replies", "hot", "active", "last-reply", "support"):
        got = reader.get(f"/rooms/{room}", order=order)
        assert got.status in (400, 422) or [i["id"] for i in got.json["items"]] in (newest, items), order
    # The reader's own choice of order, by time alone.
    for order in ("old", "oldest"):
        got = reader.get(f"/rooms/{room}", order=order)
        if got.status == 200:
            assert [i["id"] for i in got.json["items"]] in (items, newest)
    # Support is seen by its writer as names and is a number for nobody.
    mine = see(crowd[1], extreme)
    assert len(mine["support"]) == 5 and {s["name"] for s in mine["support"]} == {f.name for f in crowd if f is not crowd[1]}
    theirs = see(reader, extreme)
    assert not theirs.get("support")
    for face in (reader, crowd[1]):
        for path in (f"/rooms/{room}", f"/items/{extreme}", "/today"):
            words = face.open(path).page.words
            assert not re.search(r"\b5 (likes?|me too|people|supports?)\b", words, re.I), f"a count on {path}"
            assert not re.search(r"\b(views?|streak|points|trending|popular)\b", words, re.I), path
    # Safety may move it: once held it is nowhere.
    report(reader, extreme, "unkind")
    decide_item(house.moderator(), extreme, "hide", reason="heated")
    left = [i for i in newest if i != extreme]
    assert orders()["room"] == left
    # And the reader's own choice: a topic.
    music = write(crowd[0], room, "Three chords and a kettle.", topics=["music"])["id"]
    assert threads(reader, room, topic="music") == [music]
