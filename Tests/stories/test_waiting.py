"""What somebody is told while their words wait: their place in line, and how long it takes here, as it was measured."""

from cast import MINE, URGENT, claim, content, decide_item, need_case, see, write

SENT = content("words/en/sent.json")


def sent(face, item):
    """What the page after sending says, and the same as JSON."""
    return face.get(f"/items/{item}/sent").ok().json, face.open(f"/items/{item}/sent").ok(200).page.words


def place_of(face, item):
    told, words = sent(face, item)
    assert SENT["place"].format(n=told["place"]) in words, (told["place"], words)
    return told["place"]


def test_the_place_in_line(house):
    """First come, first in line; danger goes before; whoever was decided about has left it."""
    room = house.room("read-first", "before")
    staff, pro, people = house.moderator(), house.professional(), [house.member() for _ in range(3)]
    items = []
    for face in people:
        made = write(face, room, MINE.format(len(items)))
        items.append(made["id"])
        assert made["place"] == len(items), "told at once"
        house.advance(minutes=1)
    line = lambda: [place_of(face, item) for face, item in zip(people, items) if see(face, item)["item"]["state"] == "waiting"]  # noqa: E731
    assert line() == [1, 2, 3]
    # The words themselves are in the way of nobody: a place is one's own to see.
    people[0].get(f"/items/{items[1]}/sent").refused("not-found", 404)
    # The danger of others goes first, wherever it was written.
    danger = write(house.member(), house.room("forum", "byRisk"), URGENT.format("So."))
    assert danger["state"] == "held" and danger["place"] == 1 and line() == [2, 3, 4]
    decide_item(staff, items[0], "approve")
    told, words = sent(people[0], items[0])
    assert told["place"] is None and SENT["up"] in words and SENT["place"].split("{")[0] not in words
    assert line() == [2, 3]
    decide_item(pro, danger["id"], "close")
    assert line() == [1, 2]
    # Who is here is said as well.
    assert SENT["nobody"] in sent(people[1], items[1])[1]
    house.duty(staff)
    assert SENT["someone-here"] in sent(people[1], items[1])[1] and sent(people[1], items[1])[0]["someoneOnDuty"] is True


def test_how_long_it_takes_is_measured_or_not_said(house):
    """No number of minutes before ten came; then the time in which eight of ten were read, and neither the mean nor the longest."""
    room, other = house.room("read-first", "before"), house.room("another", "before")
    staff, people = house.moderator(), [house.member() for _ in range(6)]
    me = people[-1]

    def wait(turn, read_after):
        """One more post that was read so many minutes after it came."""
        made = write(people[turn % 5], room, MINE.format(turn))["id"]
        house.advance(minutes=read_after)
        claim(staff, need_case(staff, made)["id"])
        return made

    def estimate(face, item):
        house.advance(minutes=2)  # it is measured once a minute at most
        told, words = sent(face, item)
        minutes = told["estimateMinutes"]
        assert (SENT["not-measured"] in words) == (minutes is None), words
        assert (SENT["most-often"].split("{")[0] in words) == (minutes is not None), words
        return minutes

    for turn in range(8):
        wait(turn, 30)
    ninth = wait(8, 200)
    assert estimate(people[8 % 5], ninth) is None, "nine are no measure"
    mine = write(me, room, MINE.format("mine"))["id"]
    # Whole minutes, rounded up; the seconds that the house itself needs may make one more.
    assert estimate(me, mine) in (30, 31, 32)
    elsewhere = write(me, other, MINE.format("there"))["id"]
    assert estimate(me, elsewhere) is None, "each room is measured by itself"
    # It has become slower, and that is said: also what is not read yet has waited.
    for turn in range(2):
        wait(turn, 200)
    assert estimate(me, mine) in (200, 201, 202)
    # What was long ago tells nothing of now.
    house.advance(days=29)
    assert estimate(me, write(me, room, MINE.format("in a month"))["id"]) is None
    # Nothing is said of it any more when it is up.
    decide_item(staff, mine, "approve")
    assert sent(me, mine)[0]["estimateMinutes"] is None and SENT["not-measured"] not in sent(me, mine)[1]


def test_words_taken_back_were_not_read(house):
    """Who gave up waiting makes the line shorter and says nothing of how fast anybody reads."""
    room, me, people = house.room("read-first", "before"), house.member(), [house.member() for _ in range(5)]
    items = [(face, write(face, room, MINE.format(turn))["id"]) for turn in range(2) for face in people]
    mine = write(me, room, MINE.format("today"))
    assert mine["place"] == 11
    house.advance(minutes=2)
    for face, item in items:
        face.post(f"/items/{item}/withdraw").ok()
    told, words = sent(me, mine["id"])
    assert told["place"] == 1
    assert told["estimateMinutes"] is None, "nobody has read anything in this room"
