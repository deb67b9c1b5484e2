"""Mended: who may write, read and run things here, and what is kept of them."""

import json
import threading

import pytest

import house as houses
from cast import (
    METHOD, MINE, URGENT, answer, claim, decide_item, found, need_case, queue, report, see, threads, write)
from face import Face

# What somebody may disclose about home; the simple rules find it as abuse, high. Invented.
AT_HOME = "My stepdad hits me when the shopping is late, and I am scared to go home. {}"


def room_fields(name, **more):
    return {
        "name": name, "about": "For long evenings.", "not_for": "Not for danger.", "colour": "moss", "format": "forum",
        "readable": "signedIn", "interaction": "notLive", "moderation": "before", "moderators": ["trained-paid-staff"], "focus": [],
        "bands": ["18-25"], "size": 200, "anonymity": True, "promise_minutes": 240, "night": "wait", **more}


def account(operator, face):
    return next(s for s in operator.get("/operator/staff").ok().json["staff"] if s["name"] == face.name)


def next_year(house):
    today = house.advance(0)[:10]
    return f"{int(today[:4]) + 1}{today[4:]}"


def test_staff_are_not_beyond_the_gate(house):
    """A volunteer may be in danger as well: what is held for members is held for them, with a case and a call; what is
    plain is shown at once."""
    room = house.room("forum", "byRisk")
    helper, staff, me = house.staff("trained-peer-volunteer", room=room), house.moderator(duty=600), house.member()
    base = write(me, room, MINE.format("today"))["id"]
    for sentence in (URGENT, METHOD):
        for send in (lambda words: write(helper, room, words), lambda words: answer(helper, base, words)):
            word, calls = house.word(), len(house.alarms())
            made = send(sentence.format(word))
            assert made["state"] == "held", f"a sentence that is held for members was {made['state']}"
            assert see(me, made["id"]) is None and made["id"] not in threads(me, room) and found(me, word) == []
            case = need_case(staff, made["id"])
            house.jobs()
            if sentence == URGENT:
                assert case["urgent"] and made["help"] == "atOnce" and len(house.alarms()) > calls, case
    assert see(me, base)["replies"] == []
    for made in (answer(helper, base, "I read it, and I am glad you wrote."), write(helper, room, "Who is up for a walk?")):
        assert made["state"] == "shown", made["state"]
    assert see(me, base)["replies"][0]["voice"] == "staff"


def test_without_the_second_factor_staff_are_strangers(house):
    """Six words alone open no conversation, no room of the young, and no staff voice."""
    forum, young = house.room("forum", "byRisk"), house.room("young", "before", "13-15")
    pro, me, child = house.professional(), house.member(), house.member("13-15")
    child.post(f"/rooms/{young}/join").ok()
    private, theirs = house.word(), house.word()
    base = write(me, forum, MINE.format("today"))["id"]
    talk = me.post("/conversations", words=MINE.format(private)).ok(201).json["id"]
    small = write(child, young, MINE.format(theirs))["id"]
    decide_item(pro, small, "approve")
    words = pro.post("/you/way-back").ok().json["wayBack"]
    half = house._face(Face(house.port, name=pro.name, words=words, house=house))
    half.post("/sign-in", name=pro.name, words=" ".join(words)).ok()
    assert half.get("/session").json["secondFactor"] is False
    for path in (f"/conversations/{talk}", f"/rooms/{young}", f"/items/{small}"):
        assert pro.get(path).status == 200, path
        assert half.get(path).status in (401, 403, 404), f"{path} opens with six words alone"
    for path in (f"/conversations/{talk}", "/talk", f"/rooms/{young}", f"/items/{small}", "/today", "/mine"):
        for text in (half.get(path).text, half.open(path).text):
            assert private not in text and theirs not in text, f"{path} tells with six words alone"
            assert talk not in text.replace(path, ""), f"{path} leads to a conversation with six words alone"
    assert found(pro, theirs) == [small] and found(half, theirs) == []
    half.post(f"/conversations/{talk}/messages", words="I am here.").refused(None, 401, 403, 404)
    for path in (f"/items/{base}/replies", f"/items/{small}/replies"):
        half.post(path, body="I am from the team.", voice="name")
    half.post(f"/rooms/{forum}/items", title="From the team", body="I am from the team.", wants="listen", voice="name")
    written = house.sql("SELECT count(*) AS n FROM item WHERE voice = 'staff'")[0]["n"]
    assert written == 0, "a staff voice with six words alone"
    assert see(me, base)["replies"] == [] and len(me.get(f"/conversations/{talk}").json["messages"]) == 1


def test_telling_of_abuse_is_never_turned_away(house):
    """A pause and a closed room stop plain words. Whoever tells of being hurt is kept, and read."""
    day, night, evening = house.room("day", "byRisk"), house.room("night", "byRisk", night="close"), house.room(
        "evening", "byRisk", hours="02:00-03:00")
    staff, paused, me = house.moderator(), house.member(), house.member()
    item = write(me, day, MINE.format("today"))["id"]
    first = write(paused, day, MINE.format("as well"))["id"]
    report(me, first, "unkind")
    decide_item(staff, first, "restrict", reason="bullying", sanction="pause-2-weeks", deliberate=True)
    for face, room in ((paused, day), (me, night), (me, evening)):
        path = f"/rooms/{room}/items"
        plain = {"title": "One of those days", "body": MINE.format("again"), "wants": "listen", "voice": "name"}
        face.post(path, plain).refused(None, 403, 409)
        got = face.post(path, {**plain, "body": AT_HOME.format("So.")})
        assert got.status == 201 and got.json["state"] == "held", f"turned away: {got.status} {got.text[:200]}"
        assert got.json["help"] == "atOnce"
        assert need_case(staff, got.json["id"])["level"] in ("high", "urgent") and see(house.member(), got.json["id"]) is None
    got = paused.post(f"/items/{item}/replies", body=AT_HOME.format("So."), voice="name").ok(201).json
    assert got["state"] == "held" and need_case(staff, got["id"])


def test_a_room_of_adults_is_not_made_one_for_the_young(house):
    """What adults wrote does not come before children by a change of form: an open room keeps being for adults."""
    operator, visitor, adult = house.operator(), house.visitor(), house.member()
    made = operator.post("/operator/rooms", room_fields("Evenings")).ok(201).json["id"]
    operator.post(f"/operator/rooms/{made}/open").ok()
    for room in (made, house.room("recorded", "before")):
        item = write(adult, room, MINE.format("today"))["id"]
        before = visitor.get(f"/rooms/{room}/card").ok().json["room"]
        assert before["bands"] == ["18-25"]
        for change in (
                {"bands": ["16-17"]}, {"bands": ["13-15"], "invited": "yes", "readable": "members"},
                {"bands": ["16-17", "18-25"], "mixed_on_purpose": True}):
            operator.post(f"/operator/rooms/{room}", room_fields(f"Changed {room}", **change)).refused()
            assert visitor.get(f"/rooms/{room}/card").ok().json["room"] == before, f"{change} changed the room"
        assert see(adult, item) and see(house.member("16-17"), item) is None
    # Other changes of an adults' room are still made.
    operator.post(f"/operator/rooms/{made}", room_fields("Evenings", size=50)).ok()


def together(acts):
    """All of these at the same moment, each on its own line; their answers."""
    gate, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        gate.wait(20)
        try:
            answers[place] = act()
        except BaseException as error:  # told by whoever waits for all of them
            answers[place] = error

    runners = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for one in runners:
        one.start()
    for one in runners:
        one.join(60)
    return answers


@pytest.mark.parametrize("what", ["thread", "conversation", "report"])
def test_a_double_press_makes_one_thing(house, what):
    """The same press twice at the same moment: no stumble, one thing, the same answer to both."""
    room = house.room("forum", "byRisk")
    writer = house.member()
    house.moderator(duty=600)  # nobody's flags are night flags
    for turn in range(6):
        me = house.newcomer()
        item = write(writer, room, MINE.format("today"))["id"]
        faces = [house._face(Face(house.port, name=me.name, token=me.cookies["understory"], house=house)) for _ in range(4)]
        assert all(face.csrf for face in faces)
        post = {"title": "Me", "body": MINE.format("now"), "wants": "listen", "voice": "name"}
        path, fields, table = {
            "thread": (f"/rooms/{room}/items", post, "items"),
            "conversation": ("/conversations", {"words": "Is somebody there?"}, "messages"),
            "report": (f"/items/{item}/reports", {"kind": "unkind", "words": "This is not kind."}, "reports")}[what]
        answers = together([lambda face=face: face.post(path, {**fields, "key": f"press-{turn}"}) for face in faces])
        for got in answers:
            assert not isinstance(got, BaseException), f"a {what} pressed twice: {got}"
            assert got.status < 300, f"a {what} pressed twice: {got.status} {got.text[:200]}"
        assert len({got.json["id"] for got in answers}) == 1, f"a double press made {len(answers)} of them"
        export = me.post("/you/export", words=" ".join(me.words), format="json").ok(200).json
        assert len(export[table]) == 1, export[table]


def test_an_erased_account_leaves_its_open_case_readable(house):
    """Erasing does not take the words of an open, serious report from those who decide it; nobody else has them."""
    room, other_room = house.room("forum", "byRisk"), house.room("other", "byRisk")
    staff, me, reader = house.moderator(), house.member(), house.member()
    elsewhere = house.moderator(room=other_room)
    kept, calm = {}, house.word()
    unreported = write(me, room, MINE.format(calm))["id"]
    for hidden in (False, True):
        title, body = house.word(), house.word()
        item = write(me, room, MINE.format(body), title=f"About {title}")["id"]
        report(reader, item, "hate")
        if hidden:
            staff.post(f"/items/{item}/hide", reason="hate").ok()
        case = need_case(staff, item)
        assert case["level"] == "high" and not case["urgent"] and case["kind"] == "report", case
        kept[case["id"]] = (item, title, body)
    me.post("/you/erase", words=" ".join(me.words), pace="now").ok()
    for night in (False, True):
        if night:
            house.night()
        for case, (item, title, body) in kept.items():
            told, page = staff.get(f"/cases/{case}").ok().text, staff.open(f"/cases/{case}").ok(200).text
            assert body in told and body in page, "the words of an open case went with the account"
            assert title in told and title in page, "the title of an open case went with the account"
            assert elsewhere.get(f"/cases/{case}").status in (403, 404)
            for face in (reader, house.visitor()):
                assert see(face, item) is None and found(face, body) == [] and found(face, title) == []
                for path in (f"/rooms/{room}", "/today", "/rooms", "/reports", "/notices"):
                    text = face.get(path).text + face.open(path).text
                    assert title not in text and body not in text, f"{path} of {face.name or 'a visitor'}"
            assert body not in staff.get("/queue").text
    assert house.grep(calm) == 0 and see(reader, unreported) is None
    assert all(house.grep(word) == 0 for _, title, body in kept.values() for word in (title, body)), "they lie open in the file"


def test_somebody_is_here_only_when_they_can_read(house):
    """"Someone is here, you can write to them in private" is said when somebody on shift may talk in private now, not for any shift."""
    operator, me, visitor = house.operator(), house.member(), house.visitor()
    staff, helper, reader = house.professional(), house.staff("trained-peer-volunteer"), house.moderator()

    def here():
        said = [me.get("/talk").ok().json, me.get("/help").ok().json, visitor.get("/").ok().json, visitor.get("/help").ok().json]
        said = {one["staffOnDuty"] for one in said}
        assert len(said) == 1, "two pages say two things"
        return said.pop()

    assert not here()
    for face in (operator, helper, reader):
        house.duty(face)
        assert not here(), f"{face.name} has no private talks"
    house.duty(staff)
    assert here()
    operator.post(f"/operator/staff/{account(operator, staff)['account']}/roles/end", role="professional").ok()
    assert not here(), "a shift without a role goes on being somebody"


def test_nobody_gives_themselves_a_role(house):
    """Who runs the house gives roles to others, and none over people to those who run it."""
    operator, other, staff = house.operator(), house.operator(), house.moderator()
    program = house.program("staff")
    until = next_year(house)

    def give(by, to, role):
        return by.post(f"/operator/staff/{account(operator, to)['account']}/roles", role=role, until=until)

    for by, to, role in (
            (operator, operator, "professional"), (operator, operator, "researcher"), (operator, other, "professional"),
            (operator, other, "consumer"), (program, other, "trained-paid-staff")):
        give(by, to, role).refused(None, 403, 409, 422)
        assert account(operator, to)["roles"] == ["operator"], f"{role} was given to {to.name}"
    for face in (operator, other):
        assert face.get("/queue").status == 403
    give(operator, staff, "trained-lay-counsellor").ok()
    assert sorted(account(operator, staff)["roles"]) == ["trained-lay-counsellor", "trained-paid-staff"]


def test_a_blocked_member_does_not_reach_the_blocker(house):
    """Blocked is blocked: no reply and no word of support, with either name, and no telling it from a missing item."""
    room = house.room("forum", "byRisk")
    blocker, me, third = house.member(), house.member(), house.member()
    theirs, open_one = write(blocker, room, MINE.format("today"))["id"], write(third, room, MINE.format("as well"))["id"]
    mine = write(me, room, "Who walked in the rain?")["id"]
    me.post("/you/second-name").ok()
    blocker.post(f"/items/{mine}/block").ok()
    missing = "0000000000001"
    for place in (1, 2):
        me.speak_as(place)
        for act, fields in (("replies", {"body": "May I say something?", "voice": "name"}), ("support", {"word": "hear"})):
            none = me.post(f"/items/{missing}/{act}", fields).refused(None, 404).json
            got = me.post(f"/items/{theirs}/{act}", fields)
            assert got.status == 404 and got.json == none, f"{act} with name {place}: {got.status} {got.text[:200]}"
            me.post(f"/items/{open_one}/{act}", fields).ok()
    assert see(blocker, theirs)["replies"] == [] and blocker.get("/notices").json["notices"] == []
    assert see(third, theirs)["item"]["replies"] == 0


@pytest.mark.parametrize("way", ["asked", "carried"])
def test_a_conversation_keeps_the_voice_of_its_words(house, way):
    """Asked about words of the second name, staff meet the second name, whatever name the session speaks with now."""
    room = house.room("forum", "byRisk")
    pro, me = house.professional(), house.member()
    second = me.post("/you/second-name").ok().json["name"]
    me.speak_as(2)
    item = write(me, room, MINE.format("today"))["id"]
    me.speak_as(1)
    if way == "asked":
        talk = me.post("/conversations", words="Could we talk about this?", item=item).ok(201).json["id"]
    else:
        talk = me.post(f"/items/{item}/professional").ok().json["conversation"]
    told = pro.get(f"/conversations/{talk}").ok().json
    assert told["conversation"]["name"] == second, told["conversation"]
    assert {m["name"] for m in told["messages"]} == {second}
    case = next(c["id"] for c in queue(pro) if c["conversation"] == talk)
    for path in (f"/conversations/{talk}", "/talk", f"/cases/{case}", "/queue"):
        assert me.name not in pro.get(path).text + pro.open(path).text, f"{path} ties the two names"
    assert second in pro.open(f"/conversations/{talk}").page.words


def test_the_export_is_whole(house):
    """All statements and all reports, however many, with the words one wrote in them."""
    room = house.room("forum", "byRisk")
    staff, me, writers = house.moderator(), house.member(), [house.member() for _ in range(3)]
    item = write(me, room, MINE.format("today"))["id"]
    report(writers[0], item, "unkind")
    case = need_case(staff, item)["id"]
    claim(staff, case)
    for _ in range(23):
        staff.post(f"/cases/{case}/decisions", act="label", topics=["exams"]).ok()
    base = write(writers[0], room, MINE.format("as well"))["id"]
    words = [house.word() for _ in range(52)]
    for number, word in enumerate(words):
        reply = answer(writers[number % 3], base, MINE.format(f"and number {number}"))["id"]
        report(me, reply, "danger", words=MINE.format(word))
    export = me.post("/you/export", words=" ".join(me.words), format="json").ok(200).json
    assert len(export["decisions"]) == 23, f"{len(export['decisions'])} statements of 23"
    assert len(export["reports"]) == 52, f"{len(export['reports'])} reports of 52"
    said = json.dumps(export["reports"])
    assert [word for word in words if word not in said] == [], "one's own words are missing from one's own reports"


@pytest.fixture
def behind_a_proxy(engine, tmp_path, monkeypatch):
    """A house that trusts one proxy in front of it."""
    program = tmp_path / "understory"
    program.write_text(f'#!/bin/sh\nexec "{houses.BINARY}" "$@" --trusted-hops 1\n')
    program.chmod(0o755)
    monkeypatch.setattr(houses, "BINARY", program)
    made = houses.House(engine, tmp_path / "house")
    yield made
    made.close()


@pytest.mark.only("sqlite")
def test_counters_are_not_for_strangers(behind_a_proxy):
    """The counters answer the machine they run on and the organisation's own program; from outside they are not there."""
    house = behind_a_proxy
    inside, member = house.visitor(), house.member()
    assert "understory_" in inside.raw("GET", "/metrics").ok(200).text
    for hops in ("203.0.113.9", "127.0.0.1, 203.0.113.9", "198.51.100.4, 203.0.113.9", "::ffff:203.0.113.9"):
        for face in (inside, member):
            got = face.raw("GET", "/metrics", headers={"X-Forwarded-For": hops})
            assert got.status in (401, 403, 404) and "understory_" not in got.text, f"{hops} reads the counters: {got.status}"
    for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}):
        got = house.program("counts").raw("GET", "/metrics", headers=headers)
        assert got.status == 200 and "understory_" in got.text, f"the organisation's own program: {got.status}"
