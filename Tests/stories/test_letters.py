"""Letters: guided, to one trained person, read by a moderator both ways, bounded, and nobody left in silence."""

import pytest

from cast import MINE, answer, case_about, claim, decide_item, need_case, notices, see, write
from test_courses import PLAN, hand_in, learn, pack, rate

STEPS = {"mind": "I moved here in spring and I still do not know anybody.", "felt": "Like a coat that is not mine.",
         "matters": "I would like to laugh with somebody again.", "wish": "Somebody who has moved too."}


def trained(house, pro, peer, sign=True, band="18-25"):
    """A befriender: course, rating, and a yes."""
    if sign:
        pro.post("/courses/letters/sign").ok()
    one = learn(house.member(band), "letters")
    hand_in(one, "letters").ok()
    rate(pro, "letters", 3)
    rate(peer, "letters", 3)
    one.post("/courses/letters/take", {"plan": PLAN}).ok()
    one.post("/offers/settings", {"per_day": 2, "per_week": 6}).ok(200, 303, 404)
    return one


@pytest.fixture
def post(house):
    """A room of letters with two befrienders; a seeker who has been here for a while."""
    pro, peer = house.professional(duty=100_000), house.staff("trained-paid-peer", duty=100_000)
    staff = house.moderator(duty=100_000)
    room, forum = house.room("desk", "byRisk", format="letters"), house.room("forum", "byRisk")
    befrienders = [trained(house, pro, peer) for _ in range(2)]
    seeker = house.member()
    write(seeker, forum, MINE.format("of letters"))
    house.advance(days=4)
    return house, staff, room, forum, befrienders, seeker


def begin(seeker, room, **more):
    return seeker.post(f"/rooms/{room}/letters", {**STEPS, **more})


def mine(one, which=0):
    found = one.get("/letters").ok().json["series"]
    return one.get(f"/letters/{found[which]['id']}").ok().json if found else None


def deliver(staff, item):
    decide_item(staff, item, "approve")


def to_and_fro(house, staff, seeker, one, series, words):
    """One more letter from each."""
    mail = seeker.post(f"/letters/{series}", {"body": f"{words}, asked"}).ok(201).json["id"]
    deliver(staff, mail)
    mail = one.post(f"/letters/{series}", {"body": f"{words}, answered"}).ok(201).json["id"]
    deliver(staff, mail)


def test_LETTER_1(post):
    """A seeker writes by guided steps and sends; it goes to one befriender trained in the four named ingredients."""
    house, staff, room, _, befrienders, seeker = post
    fields = seeker.open(f"/letters/new?room={room}").ok().page.form(f"/rooms/{room}/letters")["fields"]
    assert {"mind", "felt", "matters", "wish"} <= set(fields)
    sent = begin(seeker, room, key="a-press").ok(201).json
    assert begin(seeker, room, key="a-press").ok().json["id"] == sent["id"], "a double press is one letter"
    assert sent["state"] == "waiting" and all(mine(one) is None for one in befrienders)
    deliver(staff, sent["id"])
    house.jobs()
    holding = [one for one in befrienders if mine(one)]
    assert len(holding) == 1, "one, and nobody else"
    one = holding[0]
    letter = mine(one)["letters"][0]["body"]
    assert all(words in letter for words in STEPS.values())
    assert mine(seeker)["with"] == one.name and mine(one)["with"] == seeker.name
    page = one.open(f"/letters/{mine(one)['id']}").ok().page.words
    assert all(skill["name"] in page for skill in pack("letters")["skills"]), "the four things, where they write"
    # For everybody else it is nowhere, whoever they are.
    other = next(b for b in befrienders if b is not one)
    for face in (other, house.member(), house.operator(), house.visitor()):
        face.get(f"/letters/{mine(one)['id']}").refused(None, 401, 404)
        assert see(face, sent["id"]) is None
    assert house.grep("coat that is not mine") == 0, "sealed, also when delivered"
    assert not seeker.get("/search", q="coat").json["items"] and not one.get("/search", q="coat").json["items"]


def test_LETTER_2(post):
    """A moderator reads each letter both ways before delivery; edits go back to the writer, not through silently."""
    house, staff, room, _, befrienders, seeker = post
    first = begin(seeker, room).ok(201).json["id"]
    case = need_case(staff, first)["id"]
    claim(staff, case)
    assert "coat" in staff.get(f"/cases/{case}").ok().json["original"]
    staff.post(f"/cases/{case}/decisions", {"act": "mask", "reason": "finding", "masked": "Something else."}).refused("letters-not-changed", 409)
    staff.post(f"/cases/{case}/decisions", {"act": "return", "reason": "unclear", "suggestion": "Could you say a little more about the spring?"}).ok(201)
    house.jobs()
    assert all(mine(one) is None for one in befrienders)
    state = seeker.get(f"/items/{first}/sent").ok().json
    assert state["state"] == "returned" and "spring" in state["statement"]["suggestion"]
    assert mine(seeker)["turn"] == "change"
    seeker.post(f"/items/{first}/edit", {"body": "I moved here in spring, for my mother's work, and I know nobody."}).ok()
    deliver(staff, first)
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    assert mine(one)["letters"][0]["body"].startswith("I moved here in spring, for my")
    # The answer takes the same road.
    series = mine(one)["id"]
    reply = one.post(f"/letters/{series}", {"body": "Plumtree: I moved at twelve and ate alone for a year."}).ok(201).json
    assert reply["state"] == "waiting" and "Plumtree" not in str(mine(seeker))
    deliver(staff, reply["id"])
    assert "Plumtree" in str(mine(seeker)) and "letter" in [n["kind"] for n in notices(seeker)]
    # What is delivered is the other's to keep, and to report.
    one.post(f"/items/{reply['id']}/edit", {"body": "Never mind."}).refused(None, 404, 409)
    one.post(f"/items/{reply['id']}/withdraw").refused(None, 404)
    assert seeker.post(f"/items/{reply['id']}/reports", {"kind": "contact"}).ok(201).json["receipt"]
    assert need_case(staff, reply["id"])["kind"] == "report"
    house.member().post(f"/items/{reply['id']}/reports", {"kind": "contact"}).refused(None, 404)
    # Danger in a letter is danger.
    urgent = seeker.post(f"/letters/{series}", {"body": "I have decided. I am going to kill myself tonight."}).ok(201).json
    assert urgent["help"] == "atOnce" and need_case(staff, urgent["id"])["level"] == "urgent"


def test_LETTER_5(post):
    """A silent befriender is noticed at a set time and the seeker is passed on with a kind note."""
    house, staff, room, _, befrienders, seeker = post
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    other = next(b for b in befrienders if b is not one)
    series = mine(one)["id"]
    house.advance(hours=48)
    assert "letter-waits" in [n["kind"] for n in notices(one)]
    house.advance(hours=23)
    assert mine(one) and mine(other) is None
    house.advance(hours=2)
    assert mine(one) is None, "it is not theirs any more"
    one.post(f"/letters/{series}", {"body": "Sorry I am late."}).refused(None, 404)
    assert mine(other)["id"] == series and "coat" in mine(other)["letters"][0]["body"]
    assert "passed-on" in [n["kind"] for n in notices(seeker)]
    assert "that is not about you" in seeker.open("/notices").page.words
    assert mine(seeker)["with"] == other.name
    # The second one passes by hand; now there is nobody, and somebody owns that.
    other.post(f"/letters/{series}/leave").ok()
    house.jobs()
    assert mine(other) is None and mine(seeker)["state"] == "seeking"
    house.advance(hours=25)
    owned = [c for c in staff.get("/queue").json["cases"] if c["kind"] == "asked"]
    assert owned, "nobody was found in a day: one of the staff owns it"


def test_MOST_6(post):
    """A member asks for something deeper with one peer worker; a bounded series is set up and closes with a review."""
    house, staff, room, forum, befrienders, seeker = post
    thread = write(seeker, forum, "Third week here, and nobody knows my name yet.")["id"]
    knows = befrienders[1]
    answer(knows, thread, "Mine neither, for a long time. Then it changed.")
    page = seeker.open(f"/items/{thread}").ok().page
    link = next(place for place in page.links if place.startswith("/letters/new"))
    assert thread in link
    assert "from" in seeker.open(link).ok().page.form(f"/rooms/{room}/letters")["fields"]
    deliver(staff, begin(seeker, room, **{"from": thread}).ok(201).json["id"])
    house.jobs()
    assert mine(knows) and mine(befrienders[0]) is None, "whoever answered them already"
    series = mine(knows)["id"]
    seeker.post(f"/letters/{series}", {"body": "And another thing."}).refused("gate-not-your-turn", 403)
    begin(seeker, room).refused("gate-one-at-a-time", 403)
    reply = knows.post(f"/letters/{series}", {"body": "First answer."}).ok(201).json["id"]
    deliver(staff, reply)
    for n in range(2, 5):
        to_and_fro(house, staff, seeker, knows, series, f"Turn {n}")
    house.jobs()
    told = mine(seeker)
    assert told["state"] == "ended" and told["why"] == "complete" and len(told["letters"]) == 8
    seeker.post(f"/letters/{series}", {"body": "One more."}).refused(None, 404)
    assert "series-ended" in [n["kind"] for n in notices(seeker)] and "series-ended" in [n["kind"] for n in notices(knows)]
    seeker.post(f"/letters/{series}/review", {"answer": 5, "words": "I laughed twice."}).ok()
    knows.post(f"/letters/{series}/review", {"answer": 4}).ok()
    assert mine(seeker)["reviewed"] and house.grep("laughed twice") == 0
    house.member().post(f"/letters/{series}/review", {"answer": 1}).refused(None, 404)
    numbers = house.operator().get("/operator/numbers").ok().json["letters"]
    assert numbers["begun"] == 1 and numbers["ended"] == {"complete": 1}, numbers
    # A new one can begin now.
    begin(seeker, room).ok(201)


def test_TALK_4(house):
    """A new account cannot message others until set conditions are met."""
    staff = house.moderator(duty=100_000)
    room, forum = house.room("desk", "byRisk", format="letters"), house.room("forum", "byRisk")
    new = house.newcomer()
    begin(new, room).refused("not-yet-days", 403)
    assert "three days" in new.open(f"/letters/new?room={room}").ok().page.words
    house.advance(days=3, minutes=1)
    begin(new, room).refused("not-yet-words", 403)
    item = write(new, forum, MINE.format("of mine"))["id"]
    begin(new, room).refused("not-yet-words", 403)
    decide_item(staff, item, "approve")
    begin(new, room).ok(201)
    # Staff can be written to from the first minute: nobody in need is sent away.
    house.newcomer().post("/conversations", words="Is somebody there?").ok(201)
    # There is no other way from one member to another.
    paths = house.visitor().get("/openapi.json").ok().json["paths"]
    assert not [p for p in paths if "/names/" in p or "/members/{" in p or "/people/" in p and p != "/people/way-back"]


def test_letters_never_cross_eighteen_and_know_their_bounds(post):
    house, staff, room, _, befrienders, seeker = post
    # Time over: it ends, kindly, and what was on its way is not delivered any more.
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    deliver(staff, one.post(f"/letters/{series}", {"body": "An answer."}).ok(201).json["id"])
    house.advance(days=8)
    assert "letter-waits" in [n["kind"] for n in notices(seeker)]
    house.advance(days=7)
    assert mine(seeker)["why"] == "quiet"
    # Taken back before it was read: nothing began.
    other = house.member()
    write(other, house.room("porch", "byRisk"), MINE.format("again"))
    house.advance(days=4)
    sent = begin(other, room).ok(201).json["id"]
    other.post(f"/items/{sent}/withdraw").ok()
    house.advance(hours=2)
    begin(other, room).ok(201)
    # A plain thread has no place in a room of letters.
    other.post(f"/rooms/{room}/items", {"body": "Hello all."}).refused("letters-room", 409)
    house.member("16-17").post(f"/rooms/{room}/letters", STEPS).refused(None, 403, 404)


def test_letters_go_with_their_writer(post):
    house, staff, room, _, befrienders, seeker = post
    deliver(staff, begin(seeker, room).ok(201).json["id"])
    house.jobs()
    one = next(b for b in befrienders if mine(b))
    series = mine(one)["id"]
    deliver(staff, one.post(f"/letters/{series}", {"body": "An answer of mine."}).ok(201).json["id"])
    got = seeker.post("/you/export", words=" ".join(seeker.words), format="json").ok().text
    assert "coat that is not mine" in got and "An answer of mine" not in got, "one's own words, others' as references"
    one.post("/you/erase", words=" ".join(one.words), pace="now").ok()
    house.jobs()
    assert mine(seeker)["state"] in ("seeking", "running") and "An answer of mine" not in str(mine(seeker))
    seeker.post("/you/erase", words=" ".join(seeker.words), pace="now").ok()
    assert house.sql("SELECT count(*) AS n FROM series WHERE state <> 'ended'")[0]["n"] == 0
    assert case_about(staff, "nothing") is None
