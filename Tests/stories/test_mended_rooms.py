"""Mended: who comes into a room and who no longer does, by age, by a decision, by a code or by a change of the room; and what is
one's own goes with oneself."""

import datetime
import json

import pytest

from cast import MINE, URGENT, answer, approved, claim, content, decide_item, found, need_case, queue, report, see, write
from test_letters import begin
from test_mended_again import age_waits
from test_mended_people import room_fields
from test_opening import RECORDS
from test_retention import YEARS, away, left


def in_room(operator, room):
    return operator.get(f"/operator/rooms/{room}").ok().json["room"]


def code_for(operator, room):
    return operator.post(f"/operator/rooms/{room}/codes", uses=10, days=30).ok(201).json["code"]


def opened(operator, name, **more):
    """A room that the host makes and opens, with all on record that one for the young needs."""
    room = operator.post("/operator/rooms", room_fields(name, **more)).ok(201).json["id"]
    for kind in RECORDS:
        operator.post(f"/operator/rooms/{room}/records", kind=kind, value=f"{kind}: on paper since spring").ok()
    for line in content("lines.json")["countries"]["GB"]["lines"]:
        operator.post(f"/operator/lines/{line['id']}/tested", by="Two of the team").ok()
    operator.post(f"/operator/rooms/{room}/open").ok(200)
    return room


def loosen(house, operator, rule):
    """Until a day in five days."""
    day = (datetime.date.fromisoformat(house.advance(0)[:10]) + datetime.timedelta(days=5)).isoformat()
    operator.post("/operator/loosened", rule=rule, by="A. Lead", why="A pilot with the youth board.", review=day).ok()


def over(house, operator, rule, way):
    """It counts no more: somebody ended it, or its day came."""
    if way == "ended":
        operator.post("/operator/loosened/end", rule=rule).ok()
    else:
        house.advance(days=6)
    assert not [one for one in operator.get("/operator/loosened").ok().json["loosened"] if one["inForce"]]


def test_who_left_for_good_is_outside_the_rooms(house):
    """Sent away for good they meet what a stranger meets; help, staff, their words and an appeal stay. Turned, it opens again."""
    hall, circle = house.room("hall", "byRisk"), house.room("circle", "byRisk", readable="members")
    street = house.room("street", "byRisk", readable="anyone")
    lead, other, pro = house.lead(), house.lead(), house.professional(duty=600)
    me, writer, visitor = house.member(), house.member(), house.visitor()
    for face in (me, writer):
        face.post(f"/rooms/{circle}/join").ok()
    word = house.word()
    items = {room: write(writer, room, MINE.format(word))["id"] for room in (hall, circle, street)}
    mine = write(me, hall, MINE.format("as well"))["id"]
    assert all(see(me, item) for item in items.values()) and items[hall] in found(me, word)
    report(writer, mine, "unkind")
    decide_item(lead, mine, "restrict", reason="bullying", sanction="leave-for-good", deliberate=True)
    for room in (hall, circle):
        got = me.get(f"/rooms/{room}").refused(None, 404)
        assert got.json == visitor.get(f"/rooms/{room}").refused(None, 404).json, "another answer than a stranger's"
        me.get(f"/items/{items[room]}").refused(None, 404)
        assert me.open(f"/items/{items[room]}").status == 404 and items[room] not in found(me, word)
    for room, item in items.items():
        me.post(f"/rooms/{room}/join").refused()
        me.post(f"/items/{item}/support", word="hear").refused()
    assert see(writer, items[street])["support"] == []
    # What nobody loses.
    for path in ("/help", "/help/grounding", "/talk", "/you", "/mine", "/standing"):
        assert me.open(path).status == 200, path
    talk = me.post("/conversations", words="May I ask why?").ok(201).json["id"]
    pro.post(f"/conversations/{talk}/messages", words="I am here, and I tell you.").ok()
    me.post(f"/conversations/{talk}/messages", words="Thank you.").ok()
    assert me.get(f"/conversations/{talk}").ok().json["answered"]
    export = me.post("/you/export", words=" ".join(me.words), format="json").ok(200).json
    assert mine in [one["id"] for one in export["items"]]
    told = me.get("/standing").ok().json
    assert told["step"] == "leave-for-good" and told["statements"][0]["mayAppeal"], told
    me.post(f"/decisions/{told['statements'][0]['id']}/appeal", words="I have thought about it.").ok(201)
    appeal = next(c["id"] for c in queue(other) if c["kind"] == "appeal")
    claim(other, appeal)
    me.get(f"/rooms/{hall}").refused(None, 404)
    other.post(f"/cases/{appeal}/appeal", outcome="turned").ok()
    for room in (hall, circle):
        me.post(f"/rooms/{room}/join").ok()
        assert me.get(f"/rooms/{room}").status == 200 and see(me, items[room])
        me.post(f"/items/{items[room]}/support", word="hear").ok()


def test_a_professional_says_which_age_counts(house):
    """Where an age is asked about, a professional's word sets it: rooms close and open by it, and the question is over."""
    adults, young = house.room("adults", "byRisk"), house.room("young", "before", "13-15", invited=1)
    operator, staff, pro = house.operator(), house.moderator(duty=600), house.professional(duty=600)
    me, writer = house.member(), house.member()
    code = code_for(operator, young)
    item = write(writer, adults, MINE.format("today"))["id"]
    report(me, item, "unkind")
    case, another = age_waits(pro, me), need_case(pro, item)["id"]
    assert see(me, item) and me.get("/you").json["band"] == "18-25"
    me.post(f"/rooms/{young}/join", code=code).refused("wrong-age", 403)
    staff.post(f"/cases/{case}/age", band="13-15").refused(None, 403)
    assert me.get("/you").json["band"] == "18-25" and case in [c["id"] for c in queue(pro)]
    claim(pro, another)
    pro.post(f"/cases/{another}/age", band="13-15").refused(None, 409)
    assert writer.get("/you").json["band"] == "18-25" and another in [c["id"] for c in queue(pro)]
    claim(pro, case)
    pro.post(f"/cases/{case}/age", band="13-15").ok()
    assert me.get("/you").json["band"] == "13-15" and case not in [c["id"] for c in queue(pro)]
    me.get(f"/rooms/{adults}").refused(None, 404)
    assert see(me, item) is None
    me.post(f"/rooms/{young}/join", code=code).ok()
    assert me.get(f"/rooms/{young}").status == 200


def test_an_age_that_is_settled_ends_no_danger(house):
    """Danger joined the case about an age: the page that was opened before is told so, and the age alone ends nothing."""
    pro, me, other = house.professional(duty=600), house.member(), house.member()
    gone = write(other, house.room("adults", "byRisk"), MINE.format("today"))["id"]
    other.post(f"/items/{gone}/withdraw").ok()
    case = age_waits(pro, me)
    before = pro.get(f"/cases/{case}").ok().json["case"]["version"]
    me.post(f"/items/{gone}/replies", body=URGENT.format("Now.")).refused(None, 404)
    claim(pro, case)
    pro.post(f"/cases/{case}/age", band="13-15", version=before).refused(None, 409)
    assert me.get("/you").json["band"] == "18-25"
    pro.post(f"/cases/{case}/age", band="13-15").ok()
    assert me.get("/you").json["band"] == "13-15" and case in [one["id"] for one in queue(pro)], "the danger is over because of an age"


def test_a_code_once_asked_for_is_asked_for_always(house):
    """A room that people came into with a code is not thrown open to everybody of their age."""
    operator = house.operator()
    room = house.room("quiet", "before", "16-17", readable="signedIn", invited=1)
    was = in_room(operator, room)
    operator.post(f"/operator/rooms/{room}", room_fields("quiet", bands=["16-17"], readable="signedIn")).refused("form-readers-stay")
    assert in_room(operator, room) == was


def test_a_room_of_the_young_stays_theirs(house):
    """What the young wrote does not come before adults by a change of form, whether their room is open or was once."""
    operator, pro = house.operator(), house.professional(duty=600)
    room, child, adult = house.room("young", "before", "16-17"), house.member("16-17"), house.member()
    item = approved(pro, child, room, MINE.format("today"))
    changes = ({"bands": ["18-25"]}, {"bands": ["16-17", "18-25"], "mixed_on_purpose": True})
    before = in_room(operator, room)
    for change in changes:
        operator.post(f"/operator/rooms/{room}", room_fields("young", **change)).refused()
        assert in_room(operator, room) == before, f"{change} changed the room"
        assert child.get(f"/rooms/{room}").status == 200 and see(child, item)
        assert see(adult, item) is None and adult.get(f"/rooms/{room}").status == 404
    operator.post(f"/operator/rooms/{room}", room_fields("Named anew", bands=["16-17"], size=50)).ok()
    assert in_room(operator, room)["name"] == "Named anew" and see(child, item)
    operator.post(f"/operator/rooms/{room}/close").ok()
    before = in_room(operator, room)
    for change in changes:
        operator.post(f"/operator/rooms/{room}", room_fields("young", **change)).refused()
        assert in_room(operator, room) == before, f"{change} changed a closed room"


@pytest.mark.parametrize("band", ["18-25", "16-17"])
def test_a_room_is_not_opened_to_more_readers(house, band):
    """What was written for a few is read by no more by a change of the room; fewer may always be."""
    operator = house.operator()

    def change(room, readable):
        return operator.post(f"/operator/rooms/{room}", room_fields(f"Room {room}", bands=[band], readable=readable))

    def refuses(room, *wider):
        was = in_room(operator, room)
        for readable in wider:
            change(room, readable).refused()
            assert in_room(operator, room) == was, f"from {was['readable']} to {readable}"

    circle, hall = (house.room(key, "before", band, readable=key) for key in ("members", "signedIn"))
    street = house.room("street", "before", band, readable="anyone")
    refuses(circle, "signedIn", "anyone")
    refuses(hall, "anyone")
    # Narrower is done, and no way leads back, also when the room is closed.
    for readable in ("signedIn", "members"):
        change(street, readable).ok()
        assert in_room(operator, street)["readable"] == readable
    refuses(street, "signedIn", "anyone")
    operator.post(f"/operator/rooms/{street}/close").ok()
    refuses(street, "signedIn", "anyone")
    # Where nobody wrote yet it is only a plan.
    plan = operator.post("/operator/rooms", room_fields("A plan", bands=[band], readable="members")).ok(201).json["id"]
    change(plan, "signedIn").ok()
    assert in_room(operator, plan)["readable"] == "signedIn"


@pytest.mark.parametrize("way", ["ended", "its-day"])
def test_a_room_opened_without_a_code_asks_for_one_later(house, way):
    """While the default was loosened children came in without a code; afterwards new ones need one, and those inside stay."""
    operator, pro = house.operator(), house.professional(duty=600)
    first, late = house.member("13-15"), house.member("13-15")
    loosen(house, operator, "invite")
    room = opened(operator, "Young evenings", bands=["13-15"], invited="no", readable="members")
    first.post(f"/rooms/{room}/join").ok()
    item = approved(pro, first, room, MINE.format("today"))
    over(house, operator, "invite", way)
    late.post(f"/rooms/{room}/join").refused(None, 403)
    late.get(f"/rooms/{room}").refused(None, 404)
    assert see(late, item) is None
    assert first.get(f"/rooms/{room}").status == 200 and see(first, item)
    late.post(f"/rooms/{room}/join", code=code_for(operator, room)).ok()
    assert see(late, item)


@pytest.mark.parametrize("way", ["ended", "its-day"])
def test_letters_among_the_young_begin_only_while_that_is_loosened(house, way):
    """A format for adults was opened from sixteen on for a while; afterwards nobody of that age begins a series."""
    operator, pro = house.operator(), house.professional(duty=100_000)
    forum, one, late = house.room("forum", "before", "16-17"), house.member("16-17"), house.member("16-17")
    loosen(house, operator, "adult-formats-from-16")
    room = opened(operator, "Letters from sixteen", bands=["16-17"], format="letters", invited="no")
    for face in (one, late):
        approved(pro, face, forum, MINE.format("of letters"))
    house.advance(days=4)
    begin(one, room).ok(201)
    over(house, operator, "adult-formats-from-16", way)
    begin(late, room).refused()
    assert late.get("/letters").ok().json["series"] == []


def test_what_is_added_to_a_report_is_the_reporters(house):
    """Said again with more words it is read, is in their file, and goes with them."""
    room, staff = house.room("forum", "byRisk"), house.moderator(duty=600)
    writer, me = house.member(), house.member()
    item = write(writer, room, MINE.format("today"))["id"]
    words = [house.word(), house.word()]
    for number, word in enumerate(words):
        assert report(me, item, "unkind", words=MINE.format(word))["already"] == (number > 0)
    case = need_case(staff, item)["id"]

    def page():
        return staff.get(f"/cases/{case}").ok().text + staff.open(f"/cases/{case}").ok(200).text

    assert [word for word in words if word not in page()] == [], "whoever decides does not read all of it"
    export = json.dumps(me.post("/you/export", words=" ".join(me.words), format="json").ok(200).json)
    assert [word for word in words if word not in export] == [], "one's own words are missing"
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    house.jobs()
    assert [word for word in words if word in page()] == [], "words of somebody who is gone"
    assert all(house.grep(word) == 0 for word in words)


def test_a_blocked_member_changes_no_old_reply(house):
    """Blocked afterwards, what they had answered stands as it was: new words come in by that door no more than by another."""
    room = house.room("forum", "byRisk")
    blocker, me, third = house.member(), house.member(), house.member()
    thread, open_one = write(blocker, room, MINE.format("today"))["id"], write(third, room, MINE.format("as well"))["id"]
    said, word = "I read this, and I know it.", house.word()
    reply, elsewhere = answer(me, thread, said)["id"], answer(me, open_one, said)["id"]
    blocker.post(f"/items/{reply}/block").ok()
    me.post("/you/second-name").ok()
    for place in (1, 2):
        me.speak_as(place)
        none = me.post(f"/items/{thread}/replies", body="May I say something?", voice="name").refused(None, 404).json
        got = me.post(f"/items/{reply}/edit", body=MINE.format(word))
        assert got.status == 404 and got.json == none, f"with name {place}: {got.status} {got.text[:200]}"
    assert [one["body"] for one in see(third, thread)["replies"]] == [said]
    assert word not in third.open(f"/items/{thread}").text and house.grep(word) == 0
    # Where nobody blocked them, they do.
    me.speak_as(1)
    me.post(f"/items/{elsewhere}/edit", body="I read this, and I know it well.").ok()
    assert [one["body"] for one in see(third, open_one)["replies"]] == ["I read this, and I know it well."]


def test_a_thread_moves_to_no_more_readers(house):
    """What was said among members is not put before everybody by a move; before as many or fewer it is."""
    circle, second = (house.room(key, "byRisk", readable="members") for key in ("circle", "second"))
    hall, street = house.room("hall", "byRisk"), house.room("street", "byRisk", readable="anyone")
    staff, me, reader = house.moderator(duty=100_000), house.member(), house.member()
    for face in (me, reader):
        face.post(f"/rooms/{circle}/join").ok()
    for begun, wider, good in ((circle, (street, hall), second), (hall, (street,), circle)):
        item = write(me, begun, MINE.format("today"))["id"]
        report(reader, item, "unkind")
        case = need_case(staff, item)["id"]
        claim(staff, case)
        for room in wider:
            staff.post(f"/cases/{case}/decisions", act="move", room=room).refused("move-more-readers")
            assert see(me, item)["item"]["room"] == begun and see(house.visitor(), item) is None
        staff.post(f"/cases/{case}/decisions", act="move", room=good).ok()
        assert see(me, item)["item"]["room"] == good


def test_in_ones_own_anonymous_thread_one_answers_without_a_name(house):
    """The form stands ready with the voice in which the thread was begun: nobody tells their name by one press."""
    room = house.room("forum", "byRisk", anonymity=1)
    me, other = house.member(), house.member()

    def chosen(face, item):
        tags = face.open(f"/items/{item}").ok(200).page.tags
        return [at["value"] for tag, at in tags if tag == "input" and at.get("name") == "voice" and "checked" in at]

    hidden = write(me, room, MINE.format("today"), voice="anonymous")["id"]
    named = write(me, room, MINE.format("as well"))["id"]
    assert chosen(me, hidden) == ["anonymous"]
    assert chosen(me, named) == ["name"] and chosen(other, hidden) == ["name"]


def test_who_grew_out_of_a_room_leaves_a_place_in_it(house):
    """A year on and one band older, they are no more in a full room of the younger: somebody new comes in."""
    operator, room = house.operator(), house.room("young", "before", "13-15", size=2, invited=1)
    code = code_for(operator, room)
    older, stays, new, next_one = (house.member("13-15") for _ in range(4))
    for face in (older, stays):
        face.post(f"/rooms/{room}/join", code=code).ok()
    new.post(f"/rooms/{room}/join", code=code).refused("room-full", 409)
    # As if they had been asked a year ago.
    said = house.meddle(
        f"UPDATE account SET band_asked_at = band_asked_at - {366 * 86_400_000} "
        f"WHERE id = (SELECT account FROM name WHERE shown = '{older.name}')")
    assert said is None, said
    assert not older.post("/you/age", band="16-17").ok().json["waits"] and older.get("/you").json["band"] == "16-17"
    older.get(f"/rooms/{room}").refused(None, 404)
    new.post(f"/rooms/{room}/join", code=code).ok()
    assert new.get(f"/rooms/{room}").status == 200 and stays.get(f"/rooms/{room}").status == 200
    next_one.post(f"/rooms/{room}/join", code=code).refused("room-full", 409)


def test_two_names_that_are_away_do_not_end_in_one_moment(house):
    """After two years away the words of both names go within a day, and not together: nobody learns that they were one."""
    room, me, reader = house.room("forum", "byRisk"), house.member(), house.member()
    items = [write(me, room, MINE.format(f"number {n}"))["id"] for n in range(5)]
    second = me.post("/you/second-name").ok().json["name"]
    me.speak_as(2)
    items += [write(me, room, MINE.format(f"number {n}"))["id"] for n in range(5, 10)]
    house.jobs()
    away(house, me, YEARS + 1)
    there = lambda: [item for item in items if see(reader, item)]  # noqa: E731
    assert there() == items
    house.night()
    assert there() != [], "both names ended in one moment"
    assert me.get("/mine").status == 401, "an open session outlived its account"
    house.advance(hours=25)
    house.jobs()
    assert there() == [] and not {me.name, second} & left(house)
