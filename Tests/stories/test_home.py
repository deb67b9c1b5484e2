"""Home: what still waits for a first word comes first, what the reader keeps away is not there; and joining leads on."""

import pytest

from cast import MINE, answer, choose, matter, write


def home(reader):
    """What home shows, as JSON and as the page: both in one order."""
    told = reader.get("/today").ok().json
    shown = [one["id"] for one in told["items"]]
    links = [link.split("/")[2] for link in reader.open("/today").ok(200).page.links if link.startswith("/items/")]
    on_page = list(dict.fromkeys(one for one in links if one in shown))
    assert on_page == shown, "the page has another order than the JSON"
    return shown


def kept_away(reader):
    """What home leaves out by a rule of the reader's own, with the rule."""
    return {one["id"]: one["because"][0]["rule"] for one in reader.get("/today").ok().json["hidden"]}


def test_home_shows_first_what_nobody_has_answered(house):
    """Up to three that ask and have no reply, newest first; then the rest by time. No reply wanted is no need; one's own is not there."""
    room = house.room("forum", "byRisk")
    author, other, reader = house.member(), house.member(), house.member()
    made = {}
    for name, more in (
            ("first", {}), ("answered", {}), ("second", {}), ("alone", {"wants": "no-reply"}), ("third", {}), ("fourth", {}), ("newest", {})):
        made[name] = write(author, room, MINE.format(name), **more)["id"]
        house.advance(minutes=3)
    mine = write(reader, room, MINE.format("of my own"))["id"]
    for name in ("answered", "newest"):
        answer(other, made[name], "I read it, and I know such days.")

    def names():
        called = {item: name for name, item in made.items()}
        return [called.get(item, item) for item in home(reader)]

    assert names() == ["fourth", "third", "second", "newest", "alone", "answered", "first"]
    # A first reply, and the next one that waits moves up; nobody's attention moves anything.
    answer(other, made["fourth"], "I read it too.")
    assert names() == ["third", "second", "first", "newest", "fourth", "alone", "answered"]
    for _ in range(3):
        answer(other, made["answered"], "And once more.")
    assert names()[-1] == "answered" and mine not in home(reader)
    # Eight and no more: home ends.
    for number in range(3):
        answer(other, write(author, room, MINE.format(f"later {number}"))["id"], "I read it.")
    assert len(home(reader)) == 8


def test_home_leaves_out_what_the_reader_keeps_away(house):
    """Covered and hidden matters, muted words, people and rooms are not on home; what was left out can be had by its rule."""
    room, other_room = house.room("forum", "byRisk"), house.room("other", "byRisk")
    author, muted, reader = house.member(), house.member(), house.member()
    matter(reader, death_of_someone="cover", bullying="hide")
    choose(reader, words="jellytoad")
    reader.post("/welcome-heavy", on=True).ok()
    items = {
        "plain": write(author, room, MINE.format("plain")), "covered": write(author, room, MINE.format("and quiet"), topics=["grief"]),
        "hidden": write(author, room, MINE.format("at school"), topics=["bullying"]),
        "word": write(author, room, MINE.format("with a jellytoad")), "person": write(muted, room, MINE.format("of theirs")),
        "room": write(author, other_room, MINE.format("next door"))}
    items = {name: made["id"] for name, made in items.items()}
    reader.post(f"/items/{items['person']}/mute").ok()
    reader.post(f"/rooms/{other_room}/hide").ok()
    assert home(reader) == [items["plain"]]
    assert kept_away(reader) == {
        items["covered"]: "matter", items["hidden"]: "matter", items["word"]: "word", items["person"]: "person", items["room"]: "room"}
    # The room shows under a cover what home leaves out.
    listed = {one["id"]: one["sight"] for one in reader.get(f"/rooms/{room}").ok().json["items"]}
    assert listed[items["covered"]] == "cover" and listed[items["plain"]] == "show"
    assert set(home(house.member("18-25"))) >= {items["plain"], items["word"], items["person"], items["room"]}, "another reader's home is theirs"


def test_home_puts_lighter_words_between_heavy_ones(house):
    """No two heavy ones in a row while there is something light; a light landing, a low day and the day's limit leave them out."""
    room = house.room("forum", "byRisk")
    author, reader = house.member(), house.member()
    heavy, light = [], []
    matter(reader, death_of_someone="show")
    for number in range(2):
        light.insert(0, write(author, room, MINE.format(f"light {number}"))["id"])
        heavy.insert(0, write(author, room, MINE.format(f"heavy {number}"), topics=["grief"])["id"])
    reader.post("/welcome-heavy", on=True).ok()
    assert home(reader) == [light[0], heavy[0], light[1], heavy[1]]
    reader.post("/welcome-heavy", on=False).ok()
    assert home(reader) == light and kept_away(reader) == {}, "the landing's own rule is said by its card, not item by item"
    reader.post("/welcome-heavy", on=True).ok()
    reader.post("/lighter", on=True).ok()
    assert home(reader) == light
    reader.post("/lighter", on=False).ok()
    choose(reader, heavy_limit=0)
    assert home(reader) == light and set(kept_away(reader).values()) == {"limit"}


PLACES = {"talk": "/rooms", "learn": "/choose?intent=learn", "say": "/write?quiet=1", None: "/today"}


@pytest.mark.parametrize("intent", PLACES)
def test_what_one_came_for_leads_somewhere_of_its_own(house, intent):
    """Talk, learn, say it: each of the three leads on from joining to a page of its own, that is there for somebody new."""
    house.room("forum", "byRisk")
    house.room("ask", "byRisk", format="questions")
    face = house.visitor()
    name = face.get("/join?names").ok().json["names"][0]
    fields = {"step": "done", "band": "18-25", "country": "GB", "name": name, "agree": "1", **({"intent": intent} if intent else {})}
    page = face.send("/join", fields).ok(200).page
    leads = [at["href"] for tag, at in page.tags if tag == "a" and at.get("class") == "button"]
    assert leads == [PLACES[intent]], f"after joining it goes to {leads}"
    next_page = face.open(PLACES[intent]).ok(200).page
    marks = {
        "talk": lambda: "forum" in next_page.words and "ask" in next_page.words,
        "learn": lambda: "Learn from others" in next_page.headings and "forum" not in next_page.words.split(),
        "say": lambda: [at["value"] for tag, at in next_page.tags if at.get("name") == "wants" and "checked" in at] == ["no-reply"],
        None: lambda: next_page.form("/check-ins")}
    assert marks[intent](), next_page.words[:400]
    assert face.get(PLACES[intent]).status == 200
