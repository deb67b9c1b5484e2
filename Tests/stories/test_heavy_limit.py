"""How much that is heavy somebody meets in a day: what they open counts, and past their own limit it waits under a cover."""

from cast import MINE, answer, matter, write

HEAVY = "My gran died in spring, and I keep her scarf. {}"
REPLY = "We lost my uncle, and after the funeral grief is strange. {}"


def heavy(face, room, word):
    return write(face, room, HEAVY.format(word), topics=["grief"])["id"]


def limited(house, limit, choice="show"):
    """A reader with this limit, who welcomes heavy words on the home page."""
    face = house.member()
    face.post("/see", heavy_limit=limit).ok()
    matter(face, death_of_someone=choice)
    face.post("/welcome-heavy", on=True).ok()
    return face


def read(house, face, item):
    face.get(f"/items/{item}").ok()
    house.jobs()  # what was read is written down beside the request


def sights(face, room):
    return {one["id"]: (one["sight"], *(b["rule"] for b in one["because"])) for one in face.get(f"/rooms/{room}").ok().json["items"]}


SHOWN, COVERED = ("show",), ("cover", "limit")


def test_what_is_opened_counts_towards_the_limit(house):
    room = house.room("forum", "byRisk")
    house.moderator(duty=6000)
    writer, me, other = house.member(), limited(house, 2), limited(house, 2)
    items, word = [], house.word()
    for turn in range(3):
        items.append(heavy(writer, room, word))
    light = write(writer, room, MINE.format(word))["id"]
    home = lambda face: {one["id"] for one in face.get("/today").ok().json["items"]}  # noqa: E731
    search = lambda face: {one["id"]: one["sight"] for one in face.get("/search", q=word).ok().json["items"]}  # noqa: E731
    assert set(sights(me, room).values()) == {SHOWN} and {*items, light} <= home(me)
    # What is light costs nothing, nor does passing a list.
    for _ in range(3):
        read(house, me, light)
        assert set(sights(me, room).values()) == {SHOWN}
    read(house, me, items[0])
    assert set(sights(me, room).values()) == {SHOWN}, "one of two"
    read(house, me, items[1])
    # Enough for today: in the room, in search and at home, and what is light is as it was.
    now = sights(me, room)
    assert [now[item] for item in items] == [COVERED] * 3 and now[light] == SHOWN, now
    assert search(me) == {**{item: "cover" for item in items}, light: "show"}
    assert home(me) & {*items, light} == {light}
    page = me.open(f"/rooms/{room}").ok(200).page
    assert len([d for d in page.details if "scarf" in d["text"] and not d["open"]]) == 3, "covered, and to be opened by one's own hand"
    # Nobody else's day.
    assert set(sights(other, room).values()) == {SHOWN} and set(items) <= home(other)
    # The next day begins anew.
    house.advance(days=1)
    assert set(sights(me, room).values()) == {SHOWN} and {*items, light} <= home(me)
    read(house, me, items[2])
    read(house, me, items[0])
    assert sights(me, room)[items[2]] == COVERED


def test_what_lies_under_a_cover_counts_when_it_is_opened(house):
    """To pass a closed cover is not to read; to open it is. One's own words, and light ones, never count."""
    room = house.room("forum", "byRisk")
    house.moderator(duty=6000)
    writer, me = house.member(), limited(house, 1, "cover")
    item, light = heavy(writer, room, "So."), write(writer, room, MINE.format("today"))["id"]
    mine = heavy(me, room, "Mine.")
    rules = lambda: sights(me, room)[item]  # noqa: E731
    for one in (item, item, mine, light):
        read(house, me, one)
    me.post(f"/items/{light}/uncovered").ok()
    me.post(f"/items/{mine}/uncovered").refused("not-found", 404)
    assert rules() == ("cover", "matter"), "what was not opened was counted"
    me.post(f"/items/{item}/uncovered").ok()
    assert rules() == ("cover", "matter", "limit")
    house.advance(days=1)
    assert rules() == ("cover", "matter")


def test_a_heavy_reply_counts_as_well(house):
    """A thread with heavy replies is one heavy page, however many there are; a limit of nought covers from the first."""
    room = house.room("forum", "byRisk")
    house.moderator(duty=6000)
    writer, me, none = house.member(), limited(house, 2), limited(house, 0)
    other = heavy(writer, room, "So.")
    thread = write(writer, room, MINE.format("today"))["id"]
    for _ in range(3):
        assert answer(writer, thread, REPLY.format("Still."))["item"]["matters"] == ["death-of-someone"]
    assert sights(none, room)[other] == COVERED
    read(house, me, thread)
    assert sights(me, room)[other] == SHOWN
    read(house, me, thread)
    assert sights(me, room)[other] == COVERED
