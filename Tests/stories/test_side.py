"""Side by Side: read by staff soon, flags at night, a ladder by the book, a wall of one's own choosing."""

import json

import pytest

from cast import (
    MINE, answer, case_about, claim, decide, found, need_case, notices, queue, report, see, threads, write)


def test_SIDE_1(house):
    """Posts appear at once; each is read by staff within a set time and the unread backlog is visible; comments and
    messages are opened only on a flag or a recorded reason."""
    room = house.room("wall", "after")
    staff, pro = house.moderator(duty=3000), house.professional(duty=3000)
    me, reader = house.member(), house.member()
    # They ask for no reply: what waits here waits to be read, and nobody owes an answer.
    items = [write(me, room, MINE.format("and once more"), wants="no-reply")["id"] for _ in range(4)]
    assert set(threads(reader, room)) == set(items), "posts appear at once"
    cases = [need_case(staff, item) for item in items]
    assert all(c["dueAt"] > c["openedAt"] for c in cases)

    def backlog():
        told = staff.get("/delays").ok().json
        return sum(level["open"] for level in told["levels"])

    assert backlog() == 4
    numbers = [v for v in staff.get("/queue").json["counts"].values() if v is not None]
    assert 4 in numbers, numbers
    assert "4" in staff.open("/queue").page.words + staff.open("/delays").page.words
    decide(staff, cases[0]["id"], "approve", seconds=5)
    assert backlog() == 3
    # Unread past its time: overdue is seen, and climbs by itself.
    tiers = need_case(staff, items[1])["tier"]
    house.advance(hours=25)
    house.jobs()
    late = need_case(staff, items[1])
    assert late["tier"] != tiers, "an unread post climbs by itself"
    assert any(e["kind"] == "climbed" for e in staff.get(f"/cases/{late['id']}").json["events"])
    for item in items[1:]:
        decide(pro, need_case(pro, item)["id"], "approve", seconds=5)
    assert backlog() == 0
    # A comment: shown at once, opened by nobody until it is flagged.
    comment = answer(reader, items[0], "The same here, with biscuits.")["id"]
    assert see(me, items[0])["replies"][0]["id"] == comment
    assert case_about(staff, comment) is None, "an unflagged comment lies in the queue"
    report(me, comment, "unkind")
    assert case_about(staff, comment)["kind"] == "report"
    # A message: only for those who talk one to one; others are refused, and reading it is written down.
    word = house.word()
    talk = me.post("/conversations", words=MINE.format(word)).ok(201).json["id"]
    assert staff.get(f"/conversations/{talk}").status in (403, 404), "a moderator opened a private message"
    assert word not in staff.get("/queue").text + staff.open("/queue").text
    assert reader.get(f"/conversations/{talk}").status == 404
    case = next(c for c in queue(pro) if c["kind"] == "asked")
    assert word in pro.get(f"/conversations/{talk}").ok().text
    house.jobs()
    kinds = [e["kind"] for e in pro.get(f"/cases/{case['id']}").json["events"]]
    assert "looked" in kinds or "conversation" in kinds or "key.used" in house.logged(), f"the reading left no trace: {kinds}"


@pytest.mark.parametrize("way", ["one-post", "five-people"])
def test_SIDE_2(house, way):
    """Overnight, three flags on one post or five by different people on one member's items make that member's new items
    wait until review; staff see why; the member gets a kind notice. Off under 18; no more by day."""
    room = house.room("forum", "byRisk")
    staff, pro = house.moderator(), house.professional()
    me = house.member()
    flags = 3 if way == "one-post" else 5
    reporters = [house.member() for _ in range(flags)]
    house.advance(days=8)  # long enough here to be trusted
    items = [write(me, room, MINE.format(f"number {n}"))["id"] for n in range(5)]
    targets = [items[0]] * 3 if way == "one-post" else items
    # By day, with somebody on duty, people decide; nothing happens by itself.
    house.told(f"duty {staff.name} 60")
    by_day = house.member()
    day = write(by_day, room, MINE.format("by day"))["id"]
    for reporter in reporters:
        report(reporter, day, "unkind")
    assert see(house.member(), day)["item"]["state"] == "shown"
    assert write(by_day, room, MINE.format("by day, again"))["state"] == "shown"
    house.off(staff)
    house.advance(hours=13)
    # One person with two names is one voice; the last flag is what counts.
    double = reporters[0]
    for reporter, item in list(zip(reporters, targets))[:-1]:
        report(reporter, item, "unkind")
    double.post("/you/second-name").ok()
    double.speak_as(2)
    double.post(f"/items/{targets[-1]}/reports", kind="unkind")
    if way == "one-post":
        assert write(me, room, MINE.format("still fine"))["state"] == "shown", "two people are not three"
    report(reporters[-1], targets[-1], "unkind")
    house.jobs()
    waiting = write(me, room, MINE.format("later that night"))
    assert waiting["state"] == "waiting", "new items wait for a person"
    assert see(house.member(), waiting["id"]) is None
    assert see(house.member(), targets[-1]) is None, "the flagged item is out of sight until review"
    # A kind notice, without a word of who flagged; not a sanction.
    mine = notices(me)
    assert any("night" in n["kind"] or "flag" in n["kind"] or "read" in n["kind"].lower() for n in mine), mine
    standing = me.get("/standing").ok().json
    assert standing["sanctions"] == [], "it is not a sanction"
    page = me.open("/notices").ok(200).page.words + me.open(f"/items/{waiting['id']}/sent").page.words
    assert not any(r.name in page for r in reporters) and len(page) > 60
    # Staff see why.
    house.told(f"duty {pro.name} 600")
    case = next(c for c in queue(pro) if c["kind"] == "suspended")
    assert any(e["code"] == "night-flags" for e in pro.get(f"/cases/{case['id']}").json["events"])
    # Reviewed: a person looks, and it is over.
    claim(pro, case["id"])
    pro.post(f"/cases/{case['id']}/decisions", act="approve").ok()
    assert write(me, room, MINE.format("the day after"))["state"] == "shown"
    # Under 18 the item is held and somebody checks on the person; the member goes on writing as before.
    house.off(pro)
    young = house.room("young", "before", "16-17")
    child, friends = house.member("16-17"), [house.member("16-17") for _ in range(3)]
    for face in (child, *friends):
        face.post(f"/rooms/{young}/join").ok()
    house.advance(days=8)
    made = write(child, young, MINE.format("and I am sixteen"))["id"]
    decide(pro, need_case(pro, made)["id"], "approve")
    for friend in friends:
        report(friend, made, "unkind")
    house.jobs()
    assert see(friends[0], made) is None and see(child, made)["item"]["state"] == "held"
    assert not [c for c in queue(pro) if c["kind"] == "suspended"], "no suspension under 18"
    events = pro.get(f"/cases/{need_case(pro, made)['id']}").json["events"]
    assert any("check" in e["code"] for e in events), "nobody checks on the person"


def test_SIDE_3(house):
    """The ladder by the book: edit with message, a formal warning after three of a kind in twelve months, then two
    weeks, a month, for good; the member can see where they stand."""
    room = house.room("forum", "byRisk")
    staff, lead = house.moderator(), house.lead()
    me = house.member()

    def flagged(by):
        """One more item of mine, flagged and claimed."""
        item = write(me, room, MINE.format("and so on"))["id"]
        report(house.member(), item, "unkind")
        case = need_case(by, item)["id"]
        claim(by, case)
        return item, case

    def returned(reason="bullying", deliberate=True, by=staff):
        item, case = flagged(by)
        by.post(f"/cases/{case}/decisions", act="return", reason=reason, deliberate=deliberate, seconds=5).ok()
        house.advance(hours=26)
        return item

    def by_the_book(by=staff, status=None):
        """Restricts without naming a step: the server takes the one of the book. The case page shows it before."""
        _, case = flagged(by)
        page = by.open(f"/cases/{case}").ok(200).page.words
        got = by.post(f"/cases/{case}/decisions", act="restrict", reason="bullying", deliberate=True, seconds=5)
        if status:
            assert got.status == status, f"{got.status} {got.text[:300]}"
            return case
        got.ok()
        by.post(f"/cases/{case}/decisions", act="close").ok()
        return standing()["step"], page

    def standing():
        return me.get("/standing").ok().json

    def may_write():
        got = me.post(f"/rooms/{room}/items", title="Me", body="May I say something about the weather?", wants="listen", voice="name")
        if got.status != 201:
            got.refused(None, 403, 422)
        return got.status == 201

    assert standing()["sanctions"] == [] and not standing()["step"]
    # One and two of a kind: edit with a message. It says which rule, and the words can be changed and sent again.
    first = returned()
    told = standing()
    assert told["sanctions"] == [] and told["statements"][0]["act"] == "return" and told["statements"][0]["rule"], told
    assert told["statements"][0]["mayAppeal"] and told["statements"][0]["says"] in me.open("/standing").page.words
    me.post(f"/items/{first}/edit", title="One of those days", body="A long day, and kinder words.").ok()
    returned()
    # Another kind, and what was no more than an accident, do not add up.
    returned(reason="finding", deliberate=False)
    returned(reason="hate")
    assert not standing()["step"] and may_write()
    # The third of a kind: a formal warning, and it stops nobody.
    step, _ = by_the_book()
    assert step == "warning", step
    assert "warning" in me.open("/standing").ok(200).page.words.lower() and may_write()
    house.advance(hours=26)
    # Then two weeks.
    step, page = by_the_book()
    assert step == "pause-2-weeks", step
    assert "arning" in page, "the moderator sees where this person stands"
    assert not may_write()
    assert "2 weeks" in me.open("/standing").page.words
    kept = me.send(f"/rooms/{room}/items", title="Me", body="May I speak, please?", wants="listen", voice="name")
    assert 400 <= kept.status < 500 and "May I speak, please?" in kept.page.fields.get("body", ""), "the words are kept"
    assert me.get(f"/rooms/{room}").status == 200 and me.post("/conversations", words="May I ask why?").status == 201
    # Nobody in danger is turned away while paused.
    risky = me.post(f"/rooms/{room}/items", title="Me", body="I really want to die.", wants="listen", voice="name")
    assert risky.status == 201 and risky.json["state"] == "held", f"danger was turned away: {risky.status}"
    house.advance(days=13)
    assert not may_write()
    house.advance(days=1, minutes=5)
    assert may_write(), "two weeks are over"
    # Then a month, then for good; the last needs somebody who may.
    step, _ = by_the_book()
    assert step == "pause-1-month", step
    house.advance(days=29)
    assert not may_write()
    house.advance(days=1, minutes=5)
    assert may_write()
    case = by_the_book(status=403)
    assert may_write(), "a moderator without that power sent somebody away for good"
    staff.post(f"/cases/{case}/release").ok()
    claim(lead, case)
    lead.post(f"/cases/{case}/decisions", act="restrict", reason="bullying", deliberate=True, seconds=5).ok()
    lead.post(f"/cases/{case}/decisions", act="close").ok()
    assert standing()["step"] == "leave-for-good" and not may_write()
    house.advance(days=60)
    assert not may_write()
    # Appealed to somebody else, and turned: it is lifted, and the member sees that.
    statement = standing()["statements"][0]
    assert statement["act"] == "restrict" and statement["mayAppeal"], statement
    me.post(f"/decisions/{statement['id']}/appeal", words="I have thought about it for two months.").ok(201)
    other_lead = house.lead()
    appeal = next(c for c in queue(other_lead) if c["kind"] == "appeal")["id"]
    got = lead.post(f"/cases/{appeal}/appeal", outcome="turned")
    assert got.status in (403, 404, 409), "whoever decided also decided the appeal"
    assert not may_write()
    claim(other_lead, appeal)
    other_lead.post(f"/cases/{appeal}/appeal", outcome="turned", note="Enough time has passed.").ok()
    assert may_write()
    assert standing()["statements"][0]["appeal"] == "turned" and standing()["step"] != "leave-for-good"
    assert any("appeal" in n["kind"].lower() for n in notices(me)), "the member is told"
    # A moderator may differ from the book, by name.
    other = house.member()
    item = write(other, room, MINE.format("as well"))["id"]
    report(me, item, "unkind")
    case = need_case(staff, item)["id"]
    claim(staff, case)
    staff.post(f"/cases/{case}/decisions", act="restrict", reason="bullying", sanction="warning", deliberate=True).ok()
    assert other.get("/standing").json["step"] == "warning"


def test_SIDE_4(house):
    """Muted words vanish everywhere; the topic filter works on the wall; the break button pauses notices and hides the
    name until return."""
    room = house.room("wall", "after")
    me, reader, writer = house.member(), house.member(), house.member()
    word, other = house.word(), house.word()
    first = write(writer, room, MINE.format(f"{word}, {other}"), topics=["pets"])["id"]
    second = write(writer, room, "The piano is out of tune.", title="About the piano", topics=["music"])["id"]
    in_title = write(writer, room, f"Nothing in the body but {other}.", title="About " + word)["id"]
    in_note = write(writer, room, f"Nothing in the body but {other}.", note="about " + word)["id"]
    base = write(writer, room, "Who walked in the rain?")["id"]
    reply = answer(writer, base, MINE.format(f"{word}, {other}"))["id"]
    near = write(writer, room, f"A {word}ish kind of day.")["id"]
    reader.post("/see", words=f"{word.upper()}\nsomething else").ok()
    for path in (f"/rooms/{room}", "/today", f"/items/{base}", f"/items/{first}", f"/items/{in_title}", f"/search?q=tea", "/notices",
                 f"/rooms/{room}?topic=pets"):
        for text in (reader.get(path).text, reader.open(path).text):
            assert other not in text, f"the words around a muted word stand on {path}"
            assert "About " + word not in text and f'"note":"about {word}' not in text.replace(": ", ":"), f"a muted word stands on {path}"
    hidden = [i for i in reader.get(f"/rooms/{room}").json["items"] if i["sight"] == "hide"]
    assert {i["id"] for i in hidden} == {first, in_title, in_note} and all(i["because"][0]["rule"] == "word" for i in hidden)
    assert near in threads(reader, room) and next(
        i for i in reader.get(f"/rooms/{room}").json["items"] if i["id"] == near)["sight"] == "show", "only whole words"
    for item in reader.get("/search", q=word).json["items"]:
        assert item["sight"] == "hide" and item["because"][0]["rule"] == "word", item
    assert "something else" in reader.get("/see").text and word in reader.get("/see").text.lower()
    assert word in me.open(f"/items/{first}").text, "others see it"
    # The topic filter on the wall.
    assert threads(me, room, topic="music") == [second]
    assert threads(me, room, topic="pets") == [first]
    assert "About the piano" in me.open(f"/rooms/{room}?topic=music").page.words
    assert word not in me.open(f"/rooms/{room}?topic=music").text
    assert set(threads(me, room)) == {first, second, in_title, in_note, base, near}
    # The break.
    mine = write(me, room, MINE.format("and me"))["id"]
    answer(writer, mine, "I am here too.")
    house.jobs()
    assert any(n["item"] == mine for n in notices(me))
    me.post("/notices/seen").ok()
    me.post("/breaks", days=7).ok()
    assert see(reader, mine) is None and mine not in threads(reader, room), "the name is hidden"
    assert me.name not in reader.open(f"/rooms/{room}").text
    assert see(me, mine), "one's own words stay"
    assert me.get("/today").json["breakUntil"]
    live = me.live()
    answer_two = writer.post(f"/items/{mine}/replies", body="Anyone?", voice="name")
    assert answer_two.status == 404
    staff = house.moderator()
    house.jobs()
    unseen = [n for n in notices(me) if not n["seen"]]
    assert unseen == [], f"notices come during a break: {unseen}"
    assert not live.heard("notice", 1)
    live.close()
    # That channel stays open: staff's private words are never paused.
    talk = me.post("/conversations", words="I am away for a while. Is that all right?").ok(201).json["id"]
    pro = house.professional()
    pro.post(f"/conversations/{talk}/messages", words="Of course. We are here.").ok()
    house.jobs()
    assert me.get(f"/conversations/{talk}").json["answered"]
    me.post("/breaks/end").ok()
    assert see(reader, mine) and mine in threads(reader, room)
    answer(writer, mine, "Welcome back.")
    house.jobs()
    assert any(n["item"] == mine and not n["seen"] for n in notices(me)), "notices come again"
    # It also ends by itself.
    me.post("/breaks", days=2).ok()
    assert see(reader, mine) is None
    house.advance(days=2, minutes=5)
    assert see(reader, mine) and not me.get("/today").json["breakUntil"]
    me.post("/breaks", days=31).refused(None, 422)


def test_SIDE_6(house):
    """The rules exist in an easy-read version chosen by one control."""
    for face in (house.visitor(), house.member()):
        plain = face.open("/rules").ok(200).page
        controls = [link for link in plain.links if link.startswith("/rules") and "easy=1" in link]
        assert len(set(controls)) == 1, "one control leads to the easy version"
        easy = face.open(controls[0]).ok(200).page
        assert any(link.split("#")[0] in ("/rules", "/rules?easy=0") for link in easy.links), "and one back"
        assert easy.words != plain.words
        body = lambda page: [w for w in page.words.split()]
        assert len(body(easy)) < len(body(plain)), "the easy version is shorter"
        assert "Be kind." in easy.words and "No names" in easy.words
        assert "Be kind, also when you are angry" in plain.words
        easy_said, plain_said = face.get("/rules?easy=1").ok().text, face.get("/rules").ok().text
        assert easy_said != plain_said
    # Chosen once in the look, it stays.
    me = house.member()
    me.post("/look", easy="on").ok()
    assert "Be kind." in me.open("/rules").page.words and "Be kind, also when you are angry" not in me.open("/rules").page.words
    me.post("/look", easy="off").ok()
    assert "Be kind, also when you are angry" in me.open("/rules").page.words
