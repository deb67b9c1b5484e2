"""Befrienders: a yes holds a year, staff can end it, and what is too hard or too much does not come."""

import json

from cast import MINE, decide_item, notices, write
from test_courses import PLAN, pack
from test_letters import begin, deliver, mine, trained
from test_offers import before

MATTERS = ["loss", "death-of-someone"]

def stage(house, bands="18-25", band="18-25"):
    pro, peer = house.professional(duty=100_000), house.staff("trained-paid-peer", duty=100_000)
    staff, forum = house.moderator(duty=100_000), house.room("forum", "byRisk", bands)
    room = house.room("desk", "byRisk", bands, format="letters")
    return pro, peer, staff, room, forum, trained(house, pro, peer, band=band)


def seeker(house, forum, band="18-25"):
    one = house.member(band)
    write(one, forum, MINE.format("of letters"))
    house.advance(days=4)
    return one


def test_a_yes_to_letters_holds_a_year_and_goes_on_when_said_again(house):
    """Two weeks before its end they are told; after it no letter comes; said again, it goes on."""
    pro, _, staff, room, forum, one = stage(house)
    told = lambda: [n["kind"] for n in notices(one)].count("standing-ends")  # noqa: E731
    house.advance(days=350)
    assert told() == 0
    for _ in range(3):
        house.advance(days=1)
    assert told() == 1, "told once, two weeks before"
    link = next(n for n in notices(one) if n["kind"] == "standing-ends")["href"]
    assert link == "/courses" and "year of writing letters" in one.open("/notices").page.words
    house.advance(days=13)
    assert one.get("/courses/letters").ok().json["stage"] == "open", "to be said again"
    who = seeker(house, forum)
    deliver(staff, begin(who, room).ok(201).json["id"])
    house.jobs()
    assert mine(one) is None
    one.post("/courses/letters/take", {"plan": PLAN}).ok()
    house.advance(hours=1)
    house.jobs()
    assert mine(one) and mine(one)["with"] == who.name


def test_a_professional_ends_a_yes_to_letters(house):
    """The letters go on to somebody else, they can not say yes again by themselves, and it can be opened to them again."""
    pro, peer, staff, room, forum, one = stage(house)
    other = trained(house, pro, peer, sign=False)
    who = seeker(house, forum)
    deliver(staff, begin(who, room).ok(201).json["id"])
    house.jobs()
    held, free = (one, other) if mine(one) else (other, one)
    page = pro.open("/courses/letters").ok().page
    assert held.name in page.words and page.form("/courses/letters/end")
    for face in (staff, house.member(), house.operator(), house.professional(room=forum)):
        face.post("/courses/letters/end", name=held.name).refused(None, 403, 404)
    assert staff.open("/courses/letters").page.form("/courses/letters/end") is None
    pro.post("/courses/letters/end", name="Nobody Here").refused("no-such-name", 422, 409)
    pro.post("/courses/letters/end", name=who.name).refused(None, 404)
    pro.post("/courses/first-steps/end", name=held.name).refused(None, 404)
    pro.post("/courses/letters/end", name=held.name).ok()
    house.jobs()
    assert mine(held) is None and mine(free)["with"] == who.name and "passed-on" in [n["kind"] for n in notices(who)]
    held.post("/courses/letters/take", {"plan": PLAN}).refused("letters-ended", 409)
    page = held.open("/courses/letters").ok().page
    assert page.form("/courses/letters/take") is None and "Our team ended this" in page.words
    # Whatever they press meanwhile, it can be opened to them again; also when nobody else writes letters.
    held.post("/courses/letters/refuse").ok()
    pro.post("/courses/letters/end", name=free.name).ok()
    page = pro.open("/courses/letters").ok().page
    assert held.name not in page.words and page.form("/courses/letters/end")
    pro.post("/courses/letters/end", name=held.name, again="true").ok()
    held.post("/courses/letters/take", {"plan": PLAN}).ok()


def test_nothing_heavy_comes_in_letters_to_whoever_rests_from_it(house):
    """After a low week no series with heavy words is given to them; a light one is."""
    pro, _, staff, room, forum, one = stage(house)
    one.post("/offers/settings", {"per_day": 2, "per_week": 6, "matters": MATTERS}).ok()
    one.post("/offers/week", answer=1).ok()
    who = seeker(house, forum)
    letter = begin(who, room).ok(201).json["id"]
    decide_item(staff, letter, "approve", topics=["death-of-someone"])
    house.jobs()
    assert mine(one) is None
    # What is light comes all the same, and what is heavy once the week is over.
    deliver(staff, begin(seeker(house, forum), room).ok(201).json["id"])
    house.jobs()
    assert mine(one)
    house.advance(days=8)
    late = seeker(house, forum)
    decide_item(staff, begin(late, room).ok(201).json["id"], "approve", topics=["death-of-someone"])
    house.jobs()
    assert late.name in [series["with"] for series in one.get("/letters").ok().json["series"]]


def test_letters_count_in_a_supporters_day(house):
    """Two letters today are a full day: no post is offered until tomorrow."""
    pro, _, staff, room, forum, one = stage(house)
    pro.post(f"/rooms/{forum}/supporters", {"name": one.name, "days": 300, "trained": "At the helpline"}).ok()
    one.post("/offers/settings", {"per_day": 1, "per_week": 6}).ok()
    who = seeker(house, forum)
    deliver(staff, begin(who, room).ok(201).json["id"])
    house.jobs()
    asks = lambda words: write(house.member(), forum, MINE.format(words))["id"]  # noqa: E731
    first = asks("before")
    house.jobs()
    assert first in before(one)
    one.post(f"/letters/{mine(one)['id']}", {"body": "I moved at twelve, and ate alone for a year."}).ok(201)
    asks("after")
    house.jobs()
    assert before(one) == {}, "the day is full"
    assert one.get("/offers").ok().json["load"]["today"] == 1
    # Leaving the letters does not empty the day.
    one.post(f"/letters/{mine(one)['id']}/leave").ok()
    house.jobs()
    assert before(one) == {}
    house.advance(hours=25)
    third = asks("tomorrow")
    house.jobs()
    assert third in before(one)


def test_a_young_befriender_gets_no_letter_about_what_they_may_not_take(house):
    """Where a host's own course lets them write from 16: a later letter turns hard, goes to nobody under 18, and the seeker is told."""
    folder = house.folder / "data" / "content" / "courses"
    folder.mkdir(parents=True)
    (folder / "letters.json").write_text(json.dumps({**pack("letters"), "lowestAge": 16}))
    house.stop()
    house.start()
    house.morning()
    house.operator().post(
        "/operator/loosened", {"rule": "adult-formats-from-16", "by": "A. Lead", "why": "A pilot with the youth board.", "review": "2099-01-01"}).ok()
    _, _, staff, room, forum, one = stage(house, "13-15,16-17", "16-17")
    who = seeker(house, forum, "16-17")
    deliver(staff, begin(who, room).ok(201).json["id"])
    house.jobs()
    series = mine(one)["id"]
    deliver(staff, one.post(f"/letters/{series}", {"body": "I moved at twelve, and ate alone for a year."}).ok(201).json["id"])
    hard = who.post(f"/letters/{series}", {"body": "There is more: plumbles, at night."}).ok(201).json["id"]
    decide_item(staff, hard, "approve", topics=["self-harm"])
    house.jobs()
    assert mine(one) is None and "plumbles" not in one.get(f"/letters/{series}").text, "read by somebody of 16"
    assert "passed-on" in [n["kind"] for n in notices(who)] and "plumbles" in who.get(f"/letters/{series}").text
