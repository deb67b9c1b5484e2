"""TalkLife: anonymous words, help before sending, a team on shift."""

import json

from cast import (
    MINE, UNKIND, URGENT, answer, approved, claim, decide, found, matter, need_case, notices, queue, report, see, threads,
    write)

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def shown_id(number):
    number = int(number) & (2 ** 64 - 1)
    return "".join(LETTERS[number >> (5 * place) & 31] for place in range(12, -1, -1))


def test_TALK_1(house):
    """A member posts with mood and topic, once under a name and once anonymously; no member can tie the second to the
    first, nor a second name to the first: not from what stands there, not by muting, blocking, breaks or erasing."""
    room = house.room("forum", "byRisk", anonymity=1)
    me, reader, other = house.member(), house.member(), house.member()
    named = write(me, room, "Named words about an exam.", mood="low", topics=["exams"])["id"]
    anon = write(me, room, "Nobody's words about an exam.", mood="low", topics=["exams"], voice="anonymous")["id"]
    base = write(other, room, "Who is awake?")["id"]
    first = answer(me, base, "Awake, under my own name.")["id"]
    hidden = answer(me, base, "Awake, without one.", voice="anonymous")["id"]
    second_name = me.post("/you/second-name").ok().json["name"]
    me.speak_as(2)
    second = write(me, room, "Words under a second name.", mood="low", topics=["exams"])["id"]
    me.speak_as(1)
    mine = see(reader, named)["item"]
    theirs = see(reader, anon)["item"]
    assert mine["name"] == me.name and theirs["name"] == "Someone" and theirs["voice"] == "anonymous"
    assert theirs["topics"] == ["exams"] and see(reader, second)["item"]["name"] == second_name

    # Nothing that stands there leads from one voice to another.
    numbers = house.sql(f"SELECT id, account FROM name WHERE shown = '{me.name}'")[0].values()
    secret = {str(n) for n in numbers} | {shown_id(n) for n in numbers} | {me.name}
    other_number = house.sql(f"SELECT id FROM name WHERE shown = '{second_name}'")[0]["id"]
    for path in (f"/items/{anon}", f"/items/{second}", f"/items/{anon}/report"):
        for text in (reader.get(path).text, reader.open(path).text):
            for one in secret:
                assert one not in text, f"{path} carries {one}"
    whole = reader.get(f"/items/{base}").json["replies"]
    nameless = next(r for r in whole if r["id"] == hidden)
    assert not any(one in json.dumps(nameless) for one in secret)
    for text in (reader.open(f"/items/{named}").text, reader.open(f"/items/{base}").text):
        assert second_name not in text and shown_id(other_number) not in text
    # The id of an anonymous item tells neither its second nor its neighbours.
    assert not (named < anon < base) or anon[:6] != named[:6]
    assert anon[:7] not in (named[:7], base[:7], first[:7])
    assert hidden[:7] not in (first[:7], anon[:7])
    # Searching for people finds nobody.
    assert found(reader, me.name) == []

    # Muting the name leaves the anonymous voice and the second name where they were, and the other way round.
    def sights(face):
        room_list = {i["id"]: i["sight"] for i in face.get(f"/rooms/{room}").json["items"]}
        replies = {r["id"]: r["sight"] for r in face.get(f"/items/{base}").json["replies"]}
        return {"named": room_list.get(named), "anon": room_list.get(anon), "second": room_list.get(second),
                "first": replies.get(first), "hidden": replies.get(hidden)}

    before = sights(reader)
    assert set(before.values()) == {"show"}, before
    reader.post(f"/items/{named}/mute").ok()
    after = sights(reader)
    assert after["named"] in ("hide", None) and after["first"] in ("hide", None)
    assert (after["anon"], after["second"], after["hidden"]) == ("show", "show", "show"), after
    # Muting an anonymous voice acts in that thread alone.
    one = house.member()
    one.post(f"/items/{hidden}/mute").ok()
    after = sights(one)
    assert after["hidden"] in ("hide", None)
    assert (after["named"], after["first"], after["anon"], after["second"]) == ("show",) * 4, after
    # Blocking the name, both ways.
    two = house.member()
    theirs = write(two, room, "Mind if I sit here?")["id"]
    two.post(f"/items/{named}/block").ok()
    after = sights(two)
    assert after["named"] in ("hide", None) and (after["anon"], after["second"], after["hidden"]) == ("show",) * 3, after
    three = house.member()
    write(three, room, "Mind if I stand here?")
    three_item = write(three, room, "A second one of mine.")["id"]
    me.post(f"/items/{three_item}/block").ok()
    after = sights(three)
    assert (after["anon"], after["second"], after["hidden"]) == ("show",) * 3, f"being blocked told of other voices: {after}"
    # What the muting page lists names no other voice.
    people = one.get("/see/people").ok().text + one.open("/see/people").text
    assert me.name not in people and second_name not in people
    # Reports, their receipts and outcomes are about the item alone.
    told = report(reader, anon, "unkind")
    assert not any(s in json.dumps(told) for s in secret)
    assert me.name not in reader.get("/reports").text
    # A break hides the voice it was taken in; the others stay, so that nothing vanishes together.
    me.post("/breaks", days=2).ok()
    four = house.member()
    after = sights(four)
    assert after["named"] is None and (after["anon"], after["second"]) == ("show", "show"), after
    me.post("/breaks/end").ok()
    # Erasing at the pace "apart": the named words go at once, the other voices later and not in the same minute.
    me.post("/you/erase", words=" ".join(me.words), pace="apart").ok()
    after = sights(four)
    assert after["named"] is None
    assert [after["anon"], after["second"], after["hidden"]].count("show") >= 2, f"all voices vanished at once: {after}"
    house.advance(days=2)
    house.night()
    after = sights(house.member())
    assert set(after.values()) == {None}, f"after a day all of it is gone: {after}"


def test_TALK_2(house):
    """Typing a crisis phrase shows help before sending; the member may still send; then the room's rule decides."""
    forum, quiet = house.room("forum", "byRisk"), house.room("quiet", "before")
    me, reader = house.member(), house.member()
    house.moderator(duty=600)
    word = house.word()
    phrase = f"I do not want to be here anymore, everyone would be better off without me. {word}"
    items = house.sql("SELECT count(*) AS n FROM item")
    told = me.post("/hints", text=phrase).ok().json
    assert told["help"] in ("gentle", "atOnce"), told
    assert me.post("/hints", text="The kettle is on and the cat is asleep.").ok().json["help"] == "none"
    assert house.sql("SELECT count(*) AS n FROM item") == items and house.grep(word) == 0, "a draft was kept"
    # The page to write on: the box has a place for help, and works without scripts.
    page = me.open(f"/write?room={forum}").ok(200).page
    assert page.form(f"/rooms/{forum}/items")
    # Help never stops the sending: stored at the first Send, and help is the next page.
    sent = me.send(f"/rooms/{forum}/items", title="Late", body=phrase, wants="listen", voice="name", key="k1")
    assert sent.status == 303
    next_page = me.open(sent.header("Location")).ok(200).page
    assert any(link.startswith("tel:") for link in next_page.links), "help is the next page"
    mine = [i for i in me.get("/mine").json["items"] if i["room"]]
    assert len(mine) == 1 and word in mine[0]["body"]
    # By risk, below urgent: shown. Urgent: held, with help at once. Read first: waits.
    assert mine[0]["state"] == "shown" and see(reader, mine[0]["id"])
    urgent = write(me, forum, URGENT.format(word))
    assert urgent["state"] == "held" and urgent["reason"] == "risk" and urgent["help"] == "atOnce"
    waiting = write(me, quiet, phrase)
    assert waiting["state"] == "waiting" and waiting["help"] in ("gentle", "atOnce")
    assert see(reader, urgent["id"]) is None and see(reader, waiting["id"]) is None
    # No timer shows the urgent one: only a person does.
    house.advance(days=30)
    house.night()
    assert see(me, urgent["id"])["item"]["state"] == "held"
    assert see(house.member(), urgent["id"]) is None


def test_TALK_3(house):
    """A flagged comment is in front of the team on shift at once; the time to decision is reported; the target is shown
    met or missed."""
    room = house.room("forum", "byRisk")
    staff, pro = house.moderator(duty=900), house.professional(duty=900)
    me, reader = house.member(), house.member()
    thread = write(me, room, "What is on your desk?")["id"]
    for _ in range(10):  # a seeded load
        write(house.newcomer(), room, "New here, and saying hello.")
    comment = answer(me, thread, "A pencil, and yours is none of my business.")["id"]
    desk = staff.live()
    assert desk.status == 200
    desk.forget()
    report(reader, comment, "danger")
    house.jobs()
    assert desk.heard("queue", 8), "the open page of the team was not told"
    desk.close()
    first = staff.get("/queue").json["cases"][0]
    assert first["item"] == comment and first["urgent"], first
    assert comment in staff.open("/queue").text or first["id"] in staff.open("/queue").text
    house.advance(20)
    decide(staff, first["id"], "hide", reason="bullying", seconds=15)
    told = staff.get("/delays").ok().json
    assert told["target"]["urgentMinutes"] == 5 and told["target"]["share"] == 1, told["target"]
    urgent = next(l for l in told["levels"] if l["level"] == "urgent")
    assert urgent["n"] >= 1 and urgent["p50"] is not None and urgent["p50"] < 1, urgent
    assert urgent["decidedP50"] is not None and urgent["p50"] <= urgent["decidedP50"] < 1, "the time to decision is reported"
    assert any(h for h in told["hours"]), "by the hour"
    page = staff.open("/delays").ok(200).page.words
    assert "5" in page
    # Missed: and the page says so.
    another = answer(me, thread, "And a cup of cold tea.")["id"]
    report(reader, another, "danger")
    house.advance(minutes=12)
    decide(pro, need_case(pro, another)["id"], "hide", reason="bullying", seconds=15)
    told = staff.get("/delays").ok().json
    assert told["target"]["share"] == 0.5, told["target"]
    assert staff.open("/delays").page.words != page
    work = told["work"]
    assert any(w["role"] == "trained-paid-staff" and w["acts"] >= 1 for w in work), work
    # Danger is ended by somebody who may, and only then is it answered.
    decide(pro, need_case(pro, comment)["id"], "close")
    # The flagger hears what came of it; the author gets a statement of reasons.
    outcomes = reader.get("/reports").ok().json["reports"]
    assert all(r["outcome"] for r in outcomes), outcomes
    assert any(s["item"] == comment and s["reason"] for s in me.get("/standing").json["statements"])
    assert reader.name not in me.get("/standing").text + me.open("/standing").text
